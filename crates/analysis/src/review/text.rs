//! A review as text of at most 80 columns.

use std::fmt::Write as _;

use lanyard_engine::wording;
use lanyard_model::visible::one_line;
use serde_json::Value;

use super::compare::{ChangedMember, Comparison};
use super::groups::Group;
use super::words::{self, counted, name, time};
use super::{Count, Person, ReviewText, Totals};

/// The number of columns.
const WIDTH: usize = 80;

/// Precedes the rest of a name that is broken, so that no name begins a line.
const MARK: &str = "| ";

/// The words of a sentence. A name between backticks is one word, also with spaces; a sentence whose backticks are not in pairs
/// is one word.
fn words_of(sentence: &str) -> Vec<&str> {
    if !sentence.matches('`').count().is_multiple_of(2) {
        return vec![sentence];
    }
    let mut is_code = false;
    let is_end = |c: char| {
        is_code ^= c == '`';
        c == ' ' && !is_code
    };
    sentence.split(is_end).collect()
}

/// Writes a sentence in lines of at most [`WIDTH`] columns. The first line is indented by `first`, the others by `rest`. A
/// word that is longer than a line is broken. Lines end between words only; what is stored is between backticks.
fn wrap(text: &mut String, first: usize, rest: usize, sentence: &str) {
    write_lines(text, [first, rest], &words_of(sentence), "");
}

/// The same for a sentence that has stored text elsewhere: each line but the first has a mark.
fn wrap_marked(text: &mut String, rest: usize, sentence: &str) {
    write_lines(text, [0, rest], &sentence.split(' ').collect::<Vec<_>>(), MARK);
}

fn write_lines(text: &mut String, [first, rest]: [usize; 2], words: &[&str], mark: &str) {
    let mut line = " ".repeat(first);
    let mut has_words = false;
    let mut column = first;
    let next_line = |text: &mut String, line: &mut String, mark: &str| {
        text.push_str(line.trim_end());
        text.push('\n');
        *line = format!("{}{mark}", " ".repeat(rest));
        rest + mark.len()
    };
    for word in words {
        let mut word: &str = word;
        let length = word.chars().count();
        let fits = rest + mark.len() + length <= WIDTH;
        // A word that fits in no line is broken where it begins.
        if has_words && column + 1 + length > WIDTH && (fits || column + 2 > WIDTH) {
            column = next_line(text, &mut line, mark);
            has_words = false;
        }
        if has_words {
            line.push(' ');
            column += 1;
        }
        while column + word.chars().count() > WIDTH {
            let end = word.char_indices().nth(WIDTH - column).map_or(word.len(), |(at, _)| at);
            let (now, later) = word.split_at(end);
            line.push_str(now);
            column = next_line(text, &mut line, MARK);
            word = later;
        }
        line.push_str(word);
        column += word.chars().count();
        has_words = true;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

impl ReviewText<'_> {
    /// The review as text.
    #[must_use]
    pub fn text(&self) -> String {
        let review = self.review;
        let mut text = String::new();
        wrap(&mut text, 0, 2, &format!("Access review of {}", self.subject()));
        wrap(&mut text, 0, 2, &self.headline());
        for (at, item) in review.items.iter().enumerate() {
            text.push('\n');
            wrap(&mut text, 0, 2, &format!("{} (`{}`)", self.heading(item), name(&item.action)));
            wrap(&mut text, 2, 4, &self.sentence(review.totals(Some(at)), &self.verb(item)));
            for group in review.groups(at) {
                self.write_group(&mut text, &group);
            }
        }
        let points = review.open_points();
        if !points.is_empty() {
            text.push('\n');
        }
        for point in points {
            wrap(&mut text, 0, 2, &format!("open point {}", wording::open_point(point)));
        }
        if !review.notes.is_empty() {
            text.push('\n');
        }
        for note in &review.notes {
            wrap_marked(&mut text, 2, &format!("note: {note}"));
        }
        text.push('\n');
        let Totals { users, ai_agents, rows } = review.totals(None);
        let [all_users, all_agents] = review.principals;
        let totals = [
            of(users, all_users, "user", "users"),
            of(ai_agents, all_agents, "AI agent", "AI agents"),
            counted(rows, "row", "rows"),
        ];
        wrap(&mut text, 0, 2, &format!("total: {}", totals.join("; ")));
        wrap(&mut text, 0, 2, &self.made());
        wrap(&mut text, 0, 2, &format!("digest {}", review.digest()));
        text
    }

    /// The instance.
    pub(super) fn instance(&self) -> String {
        let provenance = &self.review.provenance;
        match (&provenance.alias, provenance.instance.as_str()) {
            (Some(alias), _) => format!("`{}`", name(alias)),
            (None, "") => "files".to_owned(),
            (None, id) => format!("`{}`", name(id)),
        }
    }

    /// The instance and its revision.
    pub(super) fn subject(&self) -> String {
        let (provenance, instance) = (&self.review.provenance, self.instance());
        match provenance.revision {
            Some((revision, at)) => format!("{instance}, revision {revision} of {}", time(at)),
            None => format!("{instance}, from files, which have no revision"),
        }
    }

    /// The origin of the review: the person, the time, the version and the source.
    pub(super) fn made(&self) -> String {
        let provenance = &self.review.provenance;
        let by = provenance.made_by.as_ref().map(|by| format!(" by `{}`", name(by))).unwrap_or_default();
        format!(
            "made {}{by} with Lanyard {} from `{}`",
            time(provenance.made_at),
            provenance.version,
            name(&provenance.source)
        )
    }

    fn write_group(&self, text: &mut String, group: &Group<'_>) {
        let Group { resource_type, grant, access, rows } = group;
        text.push('\n');
        let profile = match &grant.profile {
            Some(_) => format!("`{}` gives {}", words::profile(grant), self.through(grant)),
            None => format!("through {}", self.through(grant)),
        };
        wrap(text, 2, 4, &profile);
        if let Some(companions) = self.companions(grant) {
            wrap(text, 4, 6, &format!("needs: {companions}"));
        }
        let scope = words::scope(*resource_type, &grant.scope);
        let reach = words::reach(*resource_type, access).filter(|reach| *reach != scope);
        let reach = reach.map(|reach| format!("; reaches {reach}")).unwrap_or_default();
        wrap(text, 4, 6, &format!("scope: {scope}{reach}"));
        let by_itself = words::by_itself(*resource_type, grant, access);
        let by_itself = by_itself.map(|words| format!("; by itself: {words}")).unwrap_or_default();
        wrap(text, 4, 6, &format!("{}{by_itself}", words::certainty(access)));
        // A date that all have stands once.
        let first = rows.first().and_then(|row| row.since.as_deref());
        let shared = rows.iter().all(|row| row.since.as_deref() == first);
        if shared {
            wrap(text, 4, 6, &format!("since {}", words::since(first)));
        }
        for row in rows {
            if let Some(person) = self.review.people.get(row.person) {
                let since = if shared { None } else { Some(words::since(row.since.as_deref())) };
                wrap(text, 4, 6, &format!("- {}", of_person(person, since)));
            }
        }
    }
}

fn of_person(person: &Person, since: Option<String>) -> String {
    let mut text = format!("`{}`", name(&person.name));
    if let Some(group) = &person.group {
        let _ = write!(text, " in `{}`", name(group));
    }
    if !person.tags.is_empty() {
        let pairs = person.tags.iter().map(|(key, value)| format!("`{}={}`", name(key), name(value)));
        let _ = write!(text, " [{}]", pairs.collect::<Vec<_>>().join(", "));
    }
    if let Some(since) = since {
        let _ = write!(text, ", since {since}");
    }
    text
}

fn of(count: Count, all: usize, one: &str, many: &str) -> String {
    let Count { certain, undetermined } = count;
    format!("{certain} certain and {undetermined} undetermined of {}", counted(all, one, many))
}

impl Comparison {
    /// The comparison as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // The text of an earlier review comes from a file.
        wrap_marked(&mut text, 2, &format!("Access review compared with {}", name(&self.before)));
        wrap_marked(&mut text, 2, &format!("now: {}", name(&self.after)));
        wrap(&mut text, 0, 2, &self.summary());
        for line in self.lines() {
            wrap_marked(&mut text, 4, &line);
        }
        text
    }

    /// The numbers of rows.
    pub(super) fn summary(&self) -> String {
        let Self { added, removed, changed, unchanged, .. } = self;
        format!(
            "{} added, {} removed, {} changed, {unchanged} unchanged",
            counted(added.len(), "row", "rows"),
            removed.len(),
            changed.len()
        )
    }

    /// The differences, a sentence each, with `+`, `-` or `~` first.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let items = |names: &[String]| names.iter().map(|it| format!("`{}`", name(it))).collect::<Vec<_>>().join(", ");
        if !self.items_removed.is_empty() {
            lines.push(format!("- no longer reviewed: {}", items(&self.items_removed)));
        }
        if !self.items_added.is_empty() {
            lines.push(format!("+ newly reviewed: {}", items(&self.items_added)));
        }
        lines.extend(self.added.iter().map(|row| format!("+ {}", row_in_words(row))));
        lines.extend(self.removed.iter().map(|row| format!("- {}", row_in_words(row))));
        for (row, members) in &self.changed {
            let members: Vec<_> = members.iter().map(member_in_words).collect();
            lines.push(format!("~ {}: {}", row_in_words(row), members.join("; ")));
        }
        lines
    }
}

fn text_of<'a>(row: &'a Value, path: &[&str]) -> &'a str {
    let mut value = Some(row);
    for name in path {
        value = value.and_then(|it| it.get(name));
    }
    value.and_then(Value::as_str).unwrap_or_default()
}

fn row_in_words(row: &Value) -> String {
    let profile = match text_of(row, &["profile", "name"]) {
        "" => "a security profile that was not seen".to_owned(),
        profile => format!("`{}`", name(profile)),
    };
    let permissions = row.get("permissions").and_then(Value::as_array).into_iter().flatten();
    let permissions: Vec<_> = permissions.filter_map(|it| it.as_str()).map(|it| format!("`{}`", name(it))).collect();
    let on = match text_of(row, &["resource_type"]) {
        "Instance" => String::new(),
        _ => format!(" on {}", one_line(text_of(row, &["scope", "text"]))),
    };
    format!(
        "`{}` `{}`{}{on} through {profile} ({})",
        name(text_of(row, &["person", "name"])),
        name(text_of(row, &["item"])),
        if permissions.is_empty() { String::new() } else { format!(" by {}", permissions.join(", ")) },
        name(text_of(row, &["outcome"])),
    )
}

fn member_in_words((member, before, after): &ChangedMember) -> String {
    format!("{} {} -> {}", member.replace('_', " "), value_in_words(member, before), value_in_words(member, after))
}

fn value_in_words(member: &str, value: &Value) -> String {
    let number = |name: &str| value.get(name).and_then(Value::as_u64);
    match (member, value) {
        ("scope", value) => one_line(text_of(value, &["text"])).into_owned(),
        ("reach", value) => match (number("certain"), number("undetermined"), number("of")) {
            (Some(certain), Some(0), Some(of)) => format!("{certain} of {of}"),
            (Some(certain), Some(open), Some(of)) => format!("{certain} of {of} and {open} undetermined"),
            _ => format!("every resource {}", name(text_of(value, &["every"]))),
        },
        ("since", _) => format!("revision {}", number("revision").unwrap_or_default()),
        ("person", value) => {
            let tags = value.get("tags").and_then(Value::as_object).into_iter().flatten();
            let tags: Vec<_> = tags.map(|(key, it)| format!("`{}={}`", name(key), name(&plain(it)))).collect();
            let group = text_of(value, &["group"]);
            let group = if group.is_empty() { String::new() } else { format!(" in `{}`", name(group)) };
            format!("`{}`{group} [{}]", name(text_of(value, &["name"])), tags.join(", "))
        }
        (_, Value::Array(values)) if values.is_empty() => "nothing".to_owned(),
        (_, Value::Array(values)) => {
            values.iter().map(|it| format!("`{}`", name(&plain(it)))).collect::<Vec<_>>().join(", ")
        }
        (_, Value::Object(_)) => format!("`{}`", name(text_of(value, &["name"]))),
        (_, Value::Null) => "nothing".to_owned(),
        (_, value) => format!("`{}`", name(&plain(value))),
    }
}

/// A value as text: a string without quotes, the permission and profile of what is needed, and others as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) if members.contains_key("permission") => {
            format!("{} of {}", text_of(value, &["permission"]), text_of(value, &["profile"]))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_at_most_eighty_columns() {
        let mut text = String::new();
        let long = "x".repeat(200);
        wrap(&mut text, 2, 4, &format!("a word and {long} and {} é", "word ".repeat(30)));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(text.matches('x').count(), 200);
        assert!(text.lines().skip(1).all(|line| line.starts_with("    ")), "{text}");
    }

    #[test]
    fn no_name_begins_a_line() {
        for length in 0..90 {
            for name in ["::error::a ::error::b ".repeat(6), "a ::error::b".to_owned()] {
                let mut text = String::new();
                wrap(&mut text, 2, 4, &format!("{} `{name}` and more", "x".repeat(length)));
                assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
                let mut text = String::new();
                wrap_marked(&mut text, 2, &format!("{} {name} and more", "x".repeat(length)));
                assert!(text.lines().skip(1).all(|line| line.starts_with("  | ")), "{text}");
            }
        }
    }
}
