//! Two reviews compared: the rows that were added, removed and changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use super::Review;
use super::json::{FORMAT, digest};

/// A review as data, from a file.
#[derive(Clone, Debug)]
pub struct ReviewDocument {
    members: Map<String, Value>,
    rows: Vec<Value>,
}

/// The reason why data is no review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadReview {
    /// It is no review, or one of another version.
    Form,
    /// Its content is not that of its digest.
    Modified,
    /// It is of another instance.
    OtherInstance,
}

impl fmt::Display for BadReview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "this is not a review that `lanyard review --format json` of this version wrote",
            Self::Modified => "the review was modified after it was written: its digest is not that of its content",
            Self::OtherInstance => "the review is of another instance",
        })
    }
}

impl std::error::Error for BadReview {}

impl ReviewDocument {
    /// The review in JSON that was read.
    ///
    /// # Errors
    /// The data is no review, or was modified.
    pub fn from_json(json: Value) -> Result<Self, BadReview> {
        let Value::Object(mut members) = json else { return Err(BadReview::Form) };
        if members.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(BadReview::Form);
        }
        let Some(Value::Array(rows)) = members.remove("rows") else { return Err(BadReview::Form) };
        let Some(written) = members.get("provenance").and_then(|it| it.get("digest")?.as_str()) else {
            return Err(BadReview::Form);
        };
        if digest(&members, rows.iter()) != written {
            return Err(BadReview::Modified);
        }
        Ok(Self { members, rows })
    }

    fn instance(&self) -> &str {
        self.text(&["instance", "id"])
    }

    fn text(&self, path: &[&str]) -> &str {
        let mut value = path.split_first().and_then(|(first, _)| self.members.get(*first));
        for name in path.iter().skip(1) {
            value = value.and_then(|it| it.get(name));
        }
        value.and_then(Value::as_str).unwrap_or_default()
    }

    /// The revision in words, with its time and digest.
    #[must_use]
    pub fn label(&self) -> String {
        let revision = self.members.get("revision").and_then(|it| it.get("number")).and_then(Value::as_u64);
        let at = match revision {
            Some(revision) => format!("revision {revision} of {}", self.text(&["revision", "time"])),
            None => format!("the review of {}", self.text(&["provenance", "made_at"])),
        };
        format!("{at}, digest {}", self.text(&["provenance", "digest"]))
    }

    /// The items, with whether each counts only where it reaches every resource.
    fn items(&self) -> BTreeSet<String> {
        let items = self.members.get("items").and_then(Value::as_array).into_iter().flatten();
        items.map(|item| item_name(item.get("action"), item.get("every"))).collect()
    }
}

/// A member of a row that differs: its name, its value before, its value after.
pub type ChangedMember = (&'static str, Value, Value);

/// The differences of two reviews.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The earlier review, in words.
    pub before: String,
    /// The later review, in words.
    pub after: String,
    /// The items that only the earlier review has.
    pub items_removed: Vec<String>,
    /// The items that only the later review has.
    pub items_added: Vec<String>,
    /// The rows that only the later review has.
    pub added: Vec<Value>,
    /// The rows that only the earlier review has.
    pub removed: Vec<Value>,
    /// The rows that differ, as they are now, with the members that differ.
    pub changed: Vec<(Value, Vec<ChangedMember>)>,
    /// The number of rows that are the same.
    pub unchanged: usize,
}

/// The members of a row that are compared.
const COMPARED: [&str; 8] = ["person", "profile", "permissions", "needs", "scope", "outcome", "open_points", "reach"];

/// The item of a row, or an item, with whether it counts only where it reaches every resource.
fn item_name(action: Option<&Value>, every: Option<&Value>) -> String {
    let every = if every == Some(&Value::Bool(true)) { " (every)" } else { "" };
    format!("{}{every}", action.and_then(Value::as_str).unwrap_or_default())
}

fn item_of(row: &Value) -> String {
    item_name(row.get("item"), row.get("every"))
}

/// The identity of a row: its item, type, person and profile.
pub(super) type RowKey = [String; 5];

/// The identity of a row.
pub(super) fn key(row: &Value) -> RowKey {
    let text = |path: &[&str]| {
        let mut value = Some(row);
        for name in path {
            value = value.and_then(|it| it.get(name));
        }
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    [
        item_of(row),
        text(&["resource_type"]),
        text(&["person", "type"]),
        text(&["person", "id"]),
        text(&["profile", "id"]),
    ]
}

impl Comparison {
    /// Compares an earlier review with one of the same instance. Rows of items that only one of them has are not compared.
    ///
    /// # Errors
    /// They are of two instances.
    pub fn new(before: &ReviewDocument, after: &Review) -> Result<Self, BadReview> {
        let members = ReviewDocument { members: after.json(), rows: Vec::new() };
        // One row at a time, since there may be many.
        Self::between(before, &members, after.json_rows())
    }

    fn between(
        before: &ReviewDocument,
        after: &ReviewDocument,
        rows: impl Iterator<Item = Value>,
    ) -> Result<Self, BadReview> {
        if before.instance() != after.instance() && !before.instance().is_empty() && !after.instance().is_empty() {
            return Err(BadReview::OtherInstance);
        }
        let (old_items, new_items) = (before.items(), after.items());
        let is_compared = |row: &&Value| {
            let item = item_of(row);
            old_items.contains(&item) && new_items.contains(&item)
        };
        let mut old: BTreeMap<_, _> = before.rows.iter().filter(is_compared).map(|row| (key(row), row)).collect();
        let mut comparison = Self {
            before: before.label(),
            after: after.label(),
            items_removed: old_items.difference(&new_items).cloned().collect(),
            items_added: new_items.difference(&old_items).cloned().collect(),
            ..Self::default()
        };
        for row in rows.filter(|row| is_compared(&row)) {
            match old.remove(&key(&row)) {
                None => comparison.added.push(row),
                Some(earlier) => match differing(earlier, &row) {
                    members if members.is_empty() => comparison.unchanged += 1,
                    members => comparison.changed.push((row, members)),
                },
            }
        }
        let left = before.rows.iter().filter(is_compared).filter(|row| old.contains_key(&key(row)));
        comparison.removed = left.cloned().collect();
        Ok(comparison)
    }

    /// Whether the reviews differ.
    #[must_use]
    pub fn differs(&self) -> bool {
        let Self { items_removed, items_added, added, removed, changed, .. } = self;
        let same_items = items_removed.is_empty() && items_added.is_empty();
        !(same_items && added.is_empty() && removed.is_empty() && changed.is_empty())
    }

    /// The comparison as data.
    #[must_use]
    pub fn json(&self) -> Value {
        let changed = self.changed.iter().map(|(row, members)| {
            let members: Map<String, Value> = members
                .iter()
                .map(|(name, before, after)| {
                    ((*name).to_owned(), serde_json::json!({ "before": before, "after": after }))
                })
                .collect();
            serde_json::json!({ "row": row, "changes": members })
        });
        serde_json::json!({
            "before": self.before,
            "after": self.after,
            "items_removed": self.items_removed,
            "items_added": self.items_added,
            "added": self.added,
            "removed": self.removed,
            "changed": changed.collect::<Vec<_>>(),
            "unchanged": self.unchanged,
        })
    }
}

/// The members of two rows that differ. The dates of grants are compared where both are known.
fn differing(before: &Value, after: &Value) -> Vec<ChangedMember> {
    let member = |row: &Value, name: &str| row.get(name).cloned().unwrap_or_default();
    let mut members: Vec<ChangedMember> = COMPARED
        .into_iter()
        .map(|name| (name, member(before, name), member(after, name)))
        .filter(|(_, before, after)| before != after)
        .collect();
    let since = ("since", member(before, "since"), member(after, "since"));
    if !since.1.is_null() && !since.2.is_null() && since.1 != since.2 {
        members.push(since);
    }
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(instance: &str, rows: Vec<Value>) -> ReviewDocument {
        let members = json!({
            "format": FORMAT,
            "instance": { "id": instance, "alias": null },
            "revision": { "number": 3, "time": "2026-01-01T00:00:00Z" },
            "items": [{ "action": "Users.Edit", "every": false }],
        });
        let mut members = members.as_object().unwrap().clone();
        let digest = digest(&members, rows.iter());
        members.insert("provenance".into(), json!({ "digest": digest }));
        members.insert("rows".into(), rows.into());
        ReviewDocument::from_json(members.into()).unwrap()
    }

    fn row(person: &str, outcome: &str) -> Value {
        json!({
            "item": "Users.Edit", "resource_type": "User", "person": { "type": "user", "id": person },
            "profile": { "id": "p" }, "outcome": outcome, "since": { "revision": 2 },
        })
    }

    fn compare(before: &ReviewDocument, after: &ReviewDocument) -> Result<Comparison, BadReview> {
        Comparison::between(before, after, after.rows.iter().cloned())
    }

    #[test]
    fn rows_are_added_removed_and_changed() {
        let before = document("i", vec![row("a", "allowed"), row("b", "allowed"), row("c", "allowed")]);
        let after = document("i", vec![row("a", "allowed"), row("b", "undetermined"), row("d", "allowed")]);
        let comparison = compare(&before, &after).unwrap();
        assert_eq!((comparison.added.len(), comparison.removed.len(), comparison.unchanged), (1, 1, 1));
        assert_eq!(comparison.changed[0].1, [("outcome", json!("allowed"), json!("undetermined"))]);
        assert!(comparison.differs());
        assert!(!compare(&before, &before).unwrap().differs());
    }

    #[test]
    fn a_modified_review_is_refused() {
        let mut json: Map<String, Value> = document("i", Vec::new()).members;
        json.insert("rows".into(), json!([row("a", "allowed")]));
        assert_eq!(ReviewDocument::from_json(json.into()).unwrap_err(), BadReview::Modified);
        assert_eq!(ReviewDocument::from_json(json!({ "rows": [] })).unwrap_err(), BadReview::Form);
    }

    #[test]
    fn reviews_of_two_instances_are_not_compared() {
        let (one, other) = (document("i", Vec::new()), document("j", Vec::new()));
        assert_eq!(compare(&one, &other).unwrap_err(), BadReview::OtherInstance);
    }
}
