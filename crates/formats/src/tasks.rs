//! The file of further tasks.

use std::path::Path;

use lanyard_engine::tasks::{Formula, TASKS, Task};
use lanyard_model::catalogue::{Catalogue, ResourceType};

use crate::fault::{Fault, Faults, suggestion};
use crate::members::{Members, list, text};
use crate::own::parse_file;
use crate::source::Source;
use crate::tree::{At, Node, Value};

const FILE: &[&str] = &["tasks"];
const TASK: &[&str] = &["name", "title", "formula", "resource_types", "source"];
const FORMULA: &[&str] = &["any_of", "all_of"];
const WHAT: &str = "a task";

/// The most suggestions for a permission that is not known.
const SUGGESTIONS: usize = 3;

/// Reads the file. Its tasks are kept for the life of the process.
///
/// # Errors
/// Every error, with its place: a member that no task has, a name that another task has, a permission that the catalogue does
/// not have, a permission that acts on none of the types.
pub fn read_tasks(path: &Path, catalogue: &Catalogue) -> Result<Vec<&'static Task>, Fault> {
    let (file, root) = parse_file(path)?;
    let mut faults = Faults::default();
    let members = Members::collect(&file, &root, "the file", FILE, &mut faults)?;
    let nodes = members.list("tasks")?;
    if nodes.is_empty() {
        faults.add(Fault::at(&file, root.at, "the file has no `tasks`"));
    }
    let mut tasks: Vec<(&'static Task, At)> = Vec::new();
    for node in nodes {
        match task(&file, node, catalogue, &mut faults) {
            Ok(None) => {}
            Ok(Some(task)) => match tasks.iter().find(|(other, _)| other.name == task.name) {
                Some((_, first)) => {
                    let message = format!("duplicate task `{}` (first on line {})", task.name, first.line);
                    faults.add(Fault::at(&file, node.at, message));
                }
                None => tasks.push((task, node.at)),
            },
            Err(fault) => faults.add(fault),
        }
    }
    faults.finish()?;
    Ok(tasks.into_iter().map(|(task, _)| task).collect())
}

/// A task; `None` where its formula has errors, which are added to the faults.
fn task(
    file: &Source,
    node: &Node,
    catalogue: &Catalogue,
    faults: &mut Faults,
) -> Result<Option<&'static Task>, Fault> {
    let members = Members::collect(file, node, WHAT, TASK, faults)?;
    let (name, at) = members.required(WHAT, "name")?;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.bytes().all(is_plain) {
        let message = format!("`{name}` is no name of a task: it has small letters, digits and hyphens");
        faults.add(Fault::at(file, at, message));
    }
    if TASKS.iter().any(|task| task.name == name) {
        faults.add(Fault::at(file, at, format!("`{name}` is a task of Lanyard; choose another name")));
    }
    let (title, _) = members.required(WHAT, "title")?;
    let Some(formula_node) = members.get("formula") else {
        return Err(Fault::at(file, node.at, format!("{WHAT} needs the member `formula`")));
    };
    let types = resource_types(file, &members, faults)?;
    let mut leaves = Vec::new();
    let Some(formula) = formula(file, formula_node, catalogue, &mut leaves, faults) else { return Ok(None) };
    let types = match types.as_slice() {
        [] => usual_types(catalogue, &leaves),
        _ => {
            check_types(file, catalogue, &leaves, &types, faults);
            types
        }
    };
    let place = node.at.in_file(file);
    let source = members.owned("source")?.unwrap_or_else(|| format!("{}:{}", place.file, place.line));
    let resource_types: Vec<&'static str> = types.iter().map(|it| it.as_str()).collect();
    Ok(Some(Box::leak(Box::new(Task {
        name: name.to_owned().leak(),
        title: title.to_owned().leak(),
        formula,
        resource_types: resource_types.leak(),
        source: source.leak(),
    }))))
}

fn resource_types(file: &Source, members: &Members<'_>, faults: &mut Faults) -> Result<Vec<ResourceType>, Fault> {
    let mut types = Vec::new();
    for (name, at) in members.set("resource_types")? {
        match ResourceType::from_name(name) {
            Some(it) => types.push(it),
            None => {
                let all = || format!("; the types are {}", names(ResourceType::ALL));
                let hint = suggestion(name, ResourceType::ALL.iter().map(|it| it.as_str()), all);
                faults.add(Fault::at(file, at, format!("there is no type of resource `{name}`{hint}")));
            }
        }
    }
    Ok(types)
}

fn names(types: &[ResourceType]) -> String {
    types.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
}

/// A formula: a permission, a list of permissions of which one is enough, or a map with `any_of` or `all_of`. `None` after an
/// error.
fn formula(
    file: &Source,
    node: &Node,
    catalogue: &Catalogue,
    leaves: &mut Vec<(String, At)>,
    faults: &mut Faults,
) -> Option<Formula> {
    match &node.value {
        Value::Text { .. } => {
            let read = text(file, node, "a permission");
            let (name, at) = read.map_err(|fault| faults.add(fault)).ok()?;
            if catalogue.get(name).is_none() {
                let near = catalogue.nearest(name, SUGGESTIONS);
                let near: Vec<_> = near.iter().map(|name| format!("`{name}`")).collect();
                let hint =
                    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
                faults.add(Fault::at(file, at, format!("there is no permission `{name}`{hint}")));
                return None;
            }
            leaves.push((name.to_owned(), at));
            Some(Formula::Permission(name.to_owned().leak()))
        }
        Value::List(_) => {
            faults.add(Fault::at(
                file,
                node.at,
                "a formula is a permission, or has `any_of` or `all_of` before a list",
            ));
            None
        }
        Value::Null | Value::Map(_) => {
            let members = Members::collect(file, node, "a formula", FORMULA, faults);
            let members = members.map_err(|fault| faults.add(fault)).ok()?;
            let [entry] = members.entries() else {
                faults.add(Fault::at(file, node.at, "a formula has `any_of` or `all_of`, and not both"));
                return None;
            };
            let parts = list(file, &entry.node, &format!("`{}`", entry.name));
            let parts = parts.map_err(|fault| faults.add(fault)).ok()?;
            if parts.is_empty() {
                faults.add(Fault::at(file, entry.at, format!("`{}` has no permission", entry.name)));
                return None;
            }
            let formulas: Vec<_> = parts.iter().map(|part| formula(file, part, catalogue, leaves, faults)).collect();
            let formulas: &'static [Formula] = formulas.into_iter().collect::<Option<Vec<_>>>()?.leak();
            match entry.name.as_str() {
                "any_of" => Some(Formula::AnyOf(formulas)),
                "all_of" => Some(Formula::AllOf(formulas)),
                _ => None,
            }
        }
    }
}

/// The types on which every permission acts; the instance where there is none.
fn usual_types(catalogue: &Catalogue, leaves: &[(String, At)]) -> Vec<ResourceType> {
    let acts_on = |name: &str, it: ResourceType| {
        catalogue.get(name).is_some_and(|permission| permission.resource_types().contains(&it))
    };
    let all = ResourceType::ALL.iter().copied().filter(|it| *it != ResourceType::Instance);
    let all: Vec<_> = all.filter(|it| leaves.iter().all(|(name, _)| acts_on(name, *it))).collect();
    if all.is_empty() { vec![ResourceType::Instance] } else { all }
}

/// Refuses a permission that acts on none of the types: its part of the formula would never hold.
fn check_types(
    file: &Source,
    catalogue: &Catalogue,
    leaves: &[(String, At)],
    types: &[ResourceType],
    faults: &mut Faults,
) {
    if types.contains(&ResourceType::Instance) {
        return;
    }
    for (name, at) in leaves {
        let Some(acts_on) = catalogue.get(name).map(|permission| permission.resource_types()) else { continue };
        if !acts_on.iter().any(|it| types.contains(it)) {
            let message = format!(
                "`{name}` does not act on {}, but on {}; with the type Instance, each permission is asked on its own type",
                names(types),
                names(acts_on)
            );
            faults.add(Fault::at(file, *at, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<&'static Task>, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tasks.yaml");
        std::fs::write(&path, text).unwrap();
        let name = path.display().to_string();
        read_tasks(&path, Catalogue::builtin()).map_err(|fault| fault.to_string().replace(&name, "tasks.yaml"))
    }

    #[test]
    fn a_task_has_a_formula_and_types() {
        let text = "tasks:\n- name: edit-and-see\n  title: edit users and see queues\n  formula:\n    all_of:\n    - \
                    any_of: [Users.Edit, Users.Create]\n    - Queues.View\n- name: queues\n  title: edit queues\n  \
                    formula: Queues.Edit\n  source: a policy\n";
        let tasks = read(text).unwrap();
        let words = |at: usize| tasks[at].formula.in_words(lanyard_engine::Reading::STRICT, true);
        assert_eq!(words(0), "one of `Users.Edit`, `Users.Create` and `Queues.View`");
        assert_eq!((tasks[0].resource_types, tasks[1].resource_types), (&["Instance"][..], &["Queue"][..]));
        assert!(tasks[0].source.ends_with("tasks.yaml:2"), "{}", tasks[0].source);
        assert_eq!((words(1).as_str(), tasks[1].source), ("`Queues.Edit`", "a policy"));
    }

    #[test]
    fn every_error_has_its_line_and_the_nearest_name() {
        let text = "tasks:\n- name: barge-in\n  title: t\n  formula: Users.Edti\n- name: b\n  titel: t\n  formula: \
                    Users.Edit\n- name: c\n  title: t\n  formula: {any_of: []}\n- name: d\n  title: t\n  formula: \
                    Users.Edit\n  resource_types: [Queu, Queue]\n- name: d\n  title: t\n  formula: Users.View\n- name: \
                    e\n  title: t\n  formula: [Users.View]\n";
        let faults = read(text).unwrap_err();
        let lines: Vec<_> = faults.lines().collect();
        let expected = [
            "tasks.yaml:2:9: `barge-in` is a task of Lanyard; choose another name",
            "tasks.yaml:4:12: there is no permission `Users.Edti`; did you mean `Users.Edit`",
            "tasks.yaml:5:3: a task needs the member `title`",
            "tasks.yaml:6:3: a task has no member `titel`; did you mean `title`?",
            "tasks.yaml:10:13: `any_of` has no permission",
            "tasks.yaml:13:12: `Users.Edit` does not act on Queue, but on User",
            "tasks.yaml:14:20: there is no type of resource `Queu`; did you mean `Queue`?",
            "tasks.yaml:15:3: duplicate task `d` (first on line 11)",
            "tasks.yaml:20:12: a formula is a permission, or has `any_of` or `all_of` before a list",
        ];
        assert_eq!(lines.len(), expected.len(), "{faults}");
        for (line, expected) in lines.iter().zip(expected) {
            assert!(line.starts_with(expected), "{line} instead of {expected}");
        }
        assert!(read("tasks: []\n").unwrap_err().contains("the file has no `tasks`"));
    }
}
