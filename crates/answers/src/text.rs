//! Answers in sentences, with names in place of identifiers.

use std::borrow::Cow;
use std::fmt::Write as _;

use lanyard_engine::tasks::{self, Task};
use lanyard_engine::{Explanation, OpenPoint, Renaming, sentences, wording};
use lanyard_model::catalogue::{Catalogue, PermissionNames};
use lanyard_model::shown;

use crate::names::{Names, is_instance};
use crate::question::OwnedQuestion;
use crate::remedy::remedy;
use crate::subject::Subject;

/// The principal, by name.
#[must_use]
pub fn subject(names: &Names<'_>, subject: &Subject) -> String {
    match subject {
        Subject::User(id) => names.name_of("User", id),
        Subject::AiAgent(arn) => arn.clone(),
        Subject::SecurityProfile(id) => names.name_of("SecurityProfile", id),
    }
}

/// The principal of this name in a sentence.
#[must_use]
pub fn who(subject: &Subject, name: &str) -> String {
    match subject {
        Subject::User(_) | Subject::AiAgent(_) => format!("`{}`", shown(name)),
        Subject::SecurityProfile(_) => format!("a holder of `{}`", shown(name)),
    }
}

/// The action, and its resource of this name.
#[must_use]
pub fn what(question: &OwnedQuestion, resource_name: &str, catalogue: &Catalogue, names: PermissionNames) -> String {
    let action = match task(&question.action) {
        Some(task) => task.title.to_owned(),
        None => format!("do `{}`", shown(&names.name(catalogue, &question.action))),
    };
    let it = &question.resource_type;
    let of_type = shown(it);
    if is_instance(it) {
        return action;
    }
    match (question.id.as_str(), question.match_some) {
        ("*", true) => format!("{action} on some {of_type}"),
        ("*", false) => format!("{action} on every {of_type}"),
        _ => format!("{action} on the {of_type} `{}`", shown(resource_name)),
    }
}

fn task(action: &str) -> Option<&'static Task> {
    action.strip_prefix(tasks::PREFIX).and_then(tasks::find)
}

/// The permissions of an action: those of a task's formula, or the permission itself.
pub(crate) fn permissions_of(action: &str) -> Vec<&str> {
    let Some(task) = task(action) else { return vec![action] };
    let mut all = Vec::new();
    task.formula.permissions(&mut |name| all.push(name));
    all
}

/// The explanation with names in place of identifiers.
#[must_use]
pub fn readable(names: Names<'_>, explanation: &Explanation) -> Explanation {
    let mut readable = explanation.clone();
    let resource = |resource_type: &str, id: &str| names.name_of(resource_type, id);
    readable.rename(&Renaming { permission: &str::to_owned, resource: &resource });
    readable
}

/// A readable explanation with permissions by the names that were requested.
#[must_use]
pub fn for_people(catalogue: &Catalogue, readable: &Explanation, names: PermissionNames) -> Explanation {
    let mut renamed = readable.clone();
    let permission = |name: &str| names.name(catalogue, name).into_owned();
    renamed.rename(&Renaming { permission: &permission, resource: &|_, name| name.to_owned() });
    renamed
}

/// The reasons of a readable answer, one sentence each: only findings that decided it.
#[must_use]
pub fn reasons(question: &OwnedQuestion, explanation: &Explanation) -> Vec<String> {
    sentences::reasons(explanation, task(&question.action).is_some())
}

/// Two lines for each open point: its question, and the way to settle it.
pub fn open_points(text: &mut String, points: &[OpenPoint], question: &OwnedQuestion) {
    for point in points {
        let _ = writeln!(text, "  open point {}", wording::open_point(*point));
        let or = if *point == OpenPoint::Unseen { "" } else { "; or try it once on the service itself" };
        let _ = writeln!(text, "    to be certain: {}{or}", remedy(*point, question));
    }
}

/// A text of Lanyard's own with the permissions in it by the names that were requested.
#[must_use]
pub fn with_permission_names(text: &str, catalogue: &Catalogue, permissions: PermissionNames) -> String {
    let parts = text.split('`').enumerate();
    // Every second part is between backticks.
    let named = parts.map(|(at, part)| match at % 2 {
        0 => Cow::Borrowed(part),
        _ => permissions.name(catalogue, part),
    });
    named.collect::<Vec<_>>().join("`")
}

/// A count and its noun.
#[must_use]
pub fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}
