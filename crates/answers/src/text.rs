//! Answers in sentences, with names in place of identifiers.

use std::borrow::Cow;
use std::fmt::Write as _;

use lanyard_engine::tasks;
use lanyard_engine::{Explanation, OpenPoint, Renaming, sentences, wording};
use lanyard_model::catalogue::{Catalogue, PermissionNames};
use lanyard_model::shown;
use serde::{Deserialize, Serialize};

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

/// The names of the action and the resource of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionNames {
    /// The title of the task; `None` for another action.
    pub task_title: Option<String>,
    /// The name of the resource.
    pub resource: String,
}

impl QuestionNames {
    /// The names in a question.
    #[must_use]
    pub fn of(names: &Names<'_>, question: &OwnedQuestion) -> Self {
        Self {
            task_title: names.title(&question.action),
            resource: names.name_of(&question.resource_type, &question.id),
        }
    }
}

/// The action and its resource.
#[must_use]
pub fn what(
    question: &OwnedQuestion,
    known_as: &QuestionNames,
    catalogue: &Catalogue,
    names: PermissionNames,
) -> String {
    let action = match &known_as.task_title {
        Some(title) => shown(title).to_string(),
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
        _ => format!("{action} on the {of_type} `{}`", shown(&known_as.resource)),
    }
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
    sentences::reasons(explanation, question.action.starts_with(tasks::PREFIX))
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
