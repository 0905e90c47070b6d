//! A review as CSV: a row for each row, safe to open in a spreadsheet.

use std::collections::BTreeMap;
use std::fmt::Write;

use lanyard_model::shown;
use lanyard_model::visible::{one_line, printable_json};
use serde_json::Value;

use super::compare::{Comparison, RowKey, key};

/// The columns.
const COLUMNS: [&str; 31] = [
    "item",
    "only_on_every_resource",
    "resource_type",
    "principal_type",
    "principal_id",
    "principal",
    "group",
    "tags",
    "profile_id",
    "profile",
    "permissions",
    "needs",
    "scope",
    "scope_data",
    "outcome",
    "open_points",
    "resources_certain",
    "resources_undetermined",
    "resources_of",
    "every_resource",
    "by_itself_outcome",
    "by_itself_open_points",
    "since",
    "since_revision",
    "since_actor",
    "since_operation",
    "revision",
    "revision_time",
    "digest",
    "change",
    "decision",
];

/// A value between quotes, in which no spreadsheet finds a formula: a sign that begins one, at the beginning of the value
/// or after a separator, has an apostrophe before it.
fn cell(value: &str) -> String {
    cell_of_shown(&shown(value).to_string())
}

/// The same of a value without invisible characters.
fn cell_of_shown(value: &str) -> String {
    let mut cell = String::from("\"");
    let mut begins = true;
    for c in value.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            cell.push('\'');
        }
        begins = matches!(c, ';' | ',' | '|') || (begins && c.is_whitespace());
        if c == '"' {
            cell.push('"');
        }
        cell.push(c);
    }
    cell.push('"');
    cell
}

/// The rows of a review as CSV. `members` is the review without its rows; a comparison fills the column `change`, and adds
/// the removed rows.
pub fn write_csv(
    out: &mut impl Write,
    members: &serde_json::Map<String, Value>,
    rows: impl Iterator<Item = Value>,
    comparison: Option<&Comparison>,
) -> std::fmt::Result {
    writeln!(out, "{}", COLUMNS.join(","))?;
    let mut changes: BTreeMap<RowKey, &str> = BTreeMap::new();
    if let Some(comparison) = comparison {
        changes.extend(comparison.added.iter().map(|row| (key(row), "added")));
        changes.extend(comparison.changed.iter().map(|(row, _)| (key(row), "changed")));
    }
    for row in rows {
        let change = comparison.map_or("", |_| changes.get(&key(&row)).copied().unwrap_or("unchanged"));
        writeln!(out, "{}", line(members, &row, change))?;
    }
    for row in comparison.into_iter().flat_map(|it| &it.removed) {
        writeln!(out, "{}", line(members, row, "removed"))?;
    }
    Ok(())
}

fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(value, |value, name| value.get(name).unwrap_or(&Value::Null))
}

/// A value as plain text: names in a list are joined by semicolons.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(members) => {
            members.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn line(members: &serde_json::Map<String, Value>, row: &Value, change: &str) -> String {
    let null = Value::Null;
    let member = |name: &str| members.get(name).unwrap_or(&null);
    let text = |path: &str| plain(at(row, path));
    let needs = at(row, "needs").as_array().into_iter().flatten();
    let needs: Vec<_> =
        needs.map(|it| format!("{} of {}", plain(at(it, "permission")), plain(at(it, "profile")))).collect();
    let cells: [String; COLUMNS.len()] = [
        text("item"),
        text("every"),
        text("resource_type"),
        text("person/type"),
        text("person/id"),
        text("person/name"),
        text("person/group"),
        text("person/tags"),
        text("profile/id"),
        text("profile/name"),
        text("permissions"),
        needs.join("; "),
        // The scope in words and as data, which are escaped below.
        String::new(),
        String::new(),
        text("outcome"),
        text("open_points"),
        text("reach/certain"),
        text("reach/undetermined"),
        text("reach/of"),
        text("reach/every"),
        text("by_itself/outcome"),
        text("by_itself/open_points"),
        text("since/time"),
        text("since/revision"),
        text("since/actor"),
        text("since/operation"),
        plain(at(member("revision"), "number")),
        plain(at(member("revision"), "time")),
        plain(at(member("provenance"), "digest")),
        change.to_owned(),
        String::new(),
    ];
    let mut cells = cells.map(|value| cell(&value));
    let scope = at(row, "scope");
    // The sentence has names that are shown already, and the data keeps its values.
    let scopes = [one_line(&plain(at(scope, "text"))).into_owned(), printable_json(&scope.to_string()).into_owned()];
    let places = COLUMNS.iter().zip(&mut cells).filter(|(name, _)| name.starts_with("scope"));
    for ((_, place), value) in places.zip(scopes) {
        *place = cell_of_shown(&value);
    }
    cells.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for sign in ["=", "+", "-", "@", "＝", "  =", "\t="] {
            let cell = cell(&format!("{sign}1"));
            assert!(!cell.trim_start_matches('"').trim_start().starts_with(sign.trim()), "{cell}");
        }
        assert_eq!(cell("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(cell("a;=1"), "\"a;'=1\"");
        assert_eq!(cell("a \"b\"\nc"), "\"a \"\"b\"\"\\u{a}c\"");
        assert_eq!(cell("Europe/Berlin-2"), "\"Europe/Berlin-2\"");
    }
}
