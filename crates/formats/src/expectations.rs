//! Files of expectations: access that principals must have, and access that they must not have.

use std::path::Path;

use lanyard_analysis::Place;
use lanyard_engine::Outcome;

use crate::fault::Fault;
use crate::members::Members;
use crate::own::parse_file;
use crate::source::Source;
use crate::suppressions::texts;
use crate::tree::Node;

const FILE: &[&str] = &["expectations"];
const EXPECTATION: &[&str] = &[
    "name",
    "principal",
    "holders_of",
    "action",
    "task",
    "resource",
    "on_behalf_of",
    "self_service",
    "properties",
    "expect",
    "through",
    "may_be_empty",
];
const PROPERTIES: &[&str] = &[
    "match",
    "hypothetical",
    "tags",
    "hierarchy_group",
    "primary_values",
    "table",
    "agent",
    "owner",
    "assigns",
    "changes_primary_values",
];

/// The principals of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedSubject {
    /// A user by name, identifier or ARN, or an AI agent by ARN; with `*` or `?` in it, a pattern for several.
    Principal(String),
    /// All who hold a security profile, by its name, or those whose names match a pattern.
    HoldersOf(String),
}

/// The expected decision of a question. Names are as written in the file; none is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The optional name.
    pub name: Option<String>,
    /// The principals: one, unless `exactly`.
    pub subjects: Vec<ExpectedSubject>,
    /// The subjects are those who may, and nobody else.
    pub exactly: bool,
    /// An expectation about nobody, or about no resource, is met.
    pub may_be_empty: bool,
    /// A permission, an action on a tool, or a task as `task:NAME`.
    pub action: String,
    /// The resource, such as `User:bruno`, or a pattern for several, such as `User:b*`; `None` for the default resource of
    /// the action.
    pub resource: Option<String>,
    /// The user whom an AI agent serves.
    pub on_behalf_of: Option<String>,
    /// The AI agent serves a customer directly.
    pub self_service: bool,
    /// For a whole type: whether there is possibly at least one resource, instead of all resources.
    pub match_some: bool,
    /// The resource does not exist yet.
    pub hypothetical: bool,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// Its hierarchy group, by identifier, name or path.
    pub hierarchy_group: Option<String>,
    /// The primary attributes of a record and their values.
    pub primary_values: Vec<(String, String)>,
    /// The table of a record.
    pub table: Option<String>,
    /// The user who has the contact.
    pub agent: Option<String>,
    /// The user whose resource it is.
    pub owner: Option<String>,
    /// The resource that the action assigns to a user, such as `SecurityProfile:Admin`.
    pub assigns: Vec<String>,
    /// The action changes primary values of the record.
    pub changes_primary_values: bool,
    /// The expected outcome; with `exactly`, [`Outcome::Allowed`].
    pub outcome: Outcome,
    /// The name of the profile that must grant it.
    pub through: Option<String>,
    /// The place in the file.
    pub place: Place,
}

/// Reads a file of expectations. An entry with several principals, actions or resources is one expectation for each
/// combination.
///
/// # Errors
/// The first error, with its place.
pub fn read_expectations(path: &Path) -> Result<Vec<Expectation>, Fault> {
    let (file, root) = parse_file(path)?;
    let members = Members::of(&file, &root, "the file", FILE)?;
    let list = members.list("expectations")?;
    if list.is_empty() {
        return Err(Fault::at(&file, root.at, "the file has no `expectations`"));
    }
    let mut all = Vec::new();
    for node in list {
        expectation(&file, node, &mut all)?;
    }
    Ok(all)
}

fn expectation(file: &Source, node: &Node, all: &mut Vec<Expectation>) -> Result<(), Fault> {
    const WHAT: &str = "an expectation";
    let members = Members::of(file, node, WHAT, EXPECTATION)?;
    let needs = |name: &str| Fault::at(file, node.at, format!("{WHAT} needs the member {name}"));
    let principals = texts(file, &members, "principal")?;
    let holders_of = texts(file, &members, "holders_of")?;
    members.required(WHAT, "expect")?;
    let expect = members.choice("expect", &["allowed", "denied", "undetermined", "exactly"])?;
    let exactly = expect == Some("exactly");
    // Nobody may: an empty list.
    if principals.is_empty() && holders_of.is_empty() && !(exactly && members.get("principal").is_some()) {
        return Err(needs("`principal` or `holders_of`"));
    }
    let mut actions: Vec<(String, _)> =
        texts(file, &members, "action")?.into_iter().map(|(text, at)| (text.to_owned(), at)).collect();
    for (task, at) in texts(file, &members, "task")? {
        actions.push((format!("task:{}", task.strip_prefix("task:").unwrap_or(task)), at));
    }
    if actions.is_empty() {
        return Err(needs("`action` or `task`"));
    }
    let resources = texts(file, &members, "resource")?;
    for (text, at) in principals.iter().chain(&holders_of).chain(&resources) {
        if text.is_empty() {
            return Err(Fault::at(file, *at, "this value is empty"));
        }
    }
    let outcome = match expect {
        Some("allowed" | "exactly") => Outcome::Allowed,
        Some("undetermined") => Outcome::Undetermined,
        _ => Outcome::Denied,
    };
    let through = members.owned("through")?;
    if let Some((_, at)) = members.text("through")?.filter(|_| outcome == Outcome::Denied) {
        return Err(Fault::at(file, at, "`through` names the profile that must grant, but no grant is expected"));
    }
    let nothing = Node { at: node.at, tag: None, value: crate::tree::Value::Null };
    let properties = members.get("properties").unwrap_or(&nothing);
    let details = Members::of(file, properties, "`properties`", PROPERTIES)?;
    let pairs = |name: &str| details.pairs(name).map(|pairs| pairs.into_iter().collect::<Vec<_>>());
    let template = Expectation {
        name: members.owned("name")?,
        subjects: Vec::new(),
        exactly,
        may_be_empty: members.flag("may_be_empty")?.unwrap_or_default(),
        action: String::new(),
        resource: None,
        on_behalf_of: members.owned("on_behalf_of")?,
        self_service: members.flag("self_service")?.unwrap_or_default(),
        match_some: details.choice("match", &["some", "every"])? == Some("some"),
        hypothetical: details.flag("hypothetical")?.unwrap_or_default(),
        tags: pairs("tags")?,
        hierarchy_group: details.owned("hierarchy_group")?,
        primary_values: pairs("primary_values")?,
        table: details.owned("table")?,
        agent: details.owned("agent")?,
        owner: details.owned("owner")?,
        assigns: texts(file, &details, "assigns")?.into_iter().map(|(text, _)| text.to_owned()).collect(),
        changes_primary_values: details.flag("changes_primary_values")?.unwrap_or_default(),
        outcome,
        through,
        place: node.at.in_file(file),
    };
    let resources: Vec<_> = match resources.is_empty() {
        true => vec![None],
        false => resources.iter().map(|(text, at)| Some((*text, *at))).collect(),
    };
    let principals = principals.into_iter().map(|(text, at)| (ExpectedSubject::Principal(text.to_owned()), at));
    let holders = holders_of.into_iter().map(|(text, at)| (ExpectedSubject::HoldersOf(text.to_owned()), at));
    let mut subjects: Vec<_> = principals.chain(holders).map(|(subject, at)| (vec![subject], at)).collect();
    if exactly {
        subjects = vec![(subjects.into_iter().flat_map(|(subject, _)| subject).collect(), node.at)];
    }
    for (subject, subject_at) in &subjects {
        for (action, action_at) in &actions {
            for resource in &resources {
                // An expectation of a list has the place of the item that distinguishes it.
                let mut at = node.at;
                for (several, own) in [
                    (subjects.len() > 1, Some(*subject_at)),
                    (actions.len() > 1, Some(*action_at)),
                    (resources.len() > 1, resource.map(|(_, at)| at)),
                ] {
                    at = own.filter(|_| several).unwrap_or(at);
                }
                all.push(Expectation {
                    subjects: subject.clone(),
                    action: action.clone(),
                    resource: resource.map(|(text, _)| text.to_owned()),
                    place: at.in_file(file),
                    ..template.clone()
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Expectation>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("e.yaml");
        std::fs::write(&path, text).unwrap();
        let place = path.display().to_string();
        read_expectations(&path).map_err(|fault| fault.to_string().replace(&place, "f"))
    }

    #[test]
    fn a_list_is_one_expectation_for_each_item() {
        let text = "expectations:\n- principal: [ana, bruno]\n  action: Users.Edit\n  resource: [User:a, User:b]\n  \
                    expect: denied\n- principal: ana\n  task: barge-in\n  properties: {tags: {Team: A}, match: some}\n  \
                    expect: allowed\n  through: Leads\n";
        let all = read(text).unwrap();
        let parsed: Vec<_> = all
            .iter()
            .map(|it| (it.subjects.clone(), it.action.as_str(), it.resource.as_deref(), it.place.line))
            .collect();
        let named = |name: &str| vec![ExpectedSubject::Principal(name.to_owned())];
        assert_eq!(
            parsed,
            [
                (named("ana"), "Users.Edit", Some("User:a"), 4),
                (named("ana"), "Users.Edit", Some("User:b"), 4),
                (named("bruno"), "Users.Edit", Some("User:a"), 4),
                (named("bruno"), "Users.Edit", Some("User:b"), 4),
                (named("ana"), "task:barge-in", None, 6),
            ]
        );
        let last = all.last().unwrap();
        assert!(last.match_some && last.tags == [("Team".to_owned(), "A".to_owned())]);
        assert_eq!(last.through.as_deref(), Some("Leads"));
    }

    #[test]
    fn holders_and_exactly() {
        let text = "expectations:\n- holders_of: [Leads, Admin]\n  action: Users.Edit\n  resource: User:a\n  \
                    expect: denied\n- principal: [ana, \"lead-*\"]\n  holders_of: Admin\n  task: barge-in\n  \
                    expect: exactly\n- principal: []\n  task: barge-in\n  expect: exactly\n";
        let all = read(text).unwrap();
        let holders = |name: &str| ExpectedSubject::HoldersOf(name.to_owned());
        let named = |name: &str| ExpectedSubject::Principal(name.to_owned());
        let parsed: Vec<_> = all.iter().map(|it| (it.subjects.clone(), it.exactly, it.place.line)).collect();
        assert_eq!(
            parsed,
            [
                (vec![holders("Leads")], false, 2),
                (vec![holders("Admin")], false, 2),
                (vec![named("ana"), named("lead-*"), holders("Admin")], true, 6),
                (vec![], true, 10),
            ]
        );
    }

    #[test]
    fn errors_have_their_place() {
        let with = |rest: &str| format!("expectations:\n- principal: ana\n{rest}");
        for (text, want) in [
            (
                "expectations:\n- principal: []\n  task: barge-in\n  expect: denied\n".to_owned(),
                "f:2:3: an expectation needs the member `principal` or `holders_of`",
            ),
            ("".to_owned(), "f:1:1: the file has no `expectations`"),
            (with("  expect: denied\n"), "f:2:3: an expectation needs the member `action` or `task`"),
            (with("  action: Users.Edit\n"), "f:2:3: an expectation needs the member `expect`"),
            (
                with("  action: Users.Edit\n  expect: alowed\n"),
                "f:4:11: `expect` cannot be `alowed`; did you mean `allowed`?",
            ),
            (
                with("  action: Users.Edit\n  expect: denied\n  through: Leads\n"),
                "f:5:12: `through` names the profile that must grant, but no grant is expected",
            ),
            (with("  acton: Users.Edit\n"), "f:3:3: an expectation has no member `acton`; did you mean `action`?"),
        ] {
            assert_eq!(read(&text).unwrap_err(), want);
        }
    }
}
