//! Answers in sentences, with names in place of identifiers.

use std::borrow::Cow;
use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use lanyard_engine::tasks::{self, Task};
use lanyard_engine::{Answer, Explanation, OpenPoint, Outcome, Renaming, sentences, wording};
use lanyard_model::catalogue::PermissionNames;
use lanyard_model::shown;

use super::OutputArgs;
use super::names::{Names, StoredNames, Subject, is_instance};
use super::question::OwnedQuestion;
use super::remedy::remedy;
use crate::output::is_coloured;

/// A word in the colour of an outcome, where standard output is coloured.
pub(crate) fn coloured(outcome: Outcome, word: &str) -> String {
    if !is_coloured(&std::io::stdout()) {
        return word.to_owned();
    }
    let colour = match outcome {
        Outcome::Allowed => AnsiColor::Green,
        Outcome::Denied => AnsiColor::Red,
        Outcome::Undetermined => AnsiColor::Yellow,
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    format!("{style}{word}{style:#}")
}

/// The first line of an answer.
pub(crate) fn headline(names: &Names<'_>, question: &OwnedQuestion, answer: &Answer, output: &OutputArgs) -> String {
    let outcome = answer.outcome;
    let who = format!("`{}`", shown(&subject(names, &question.subject)));
    let what = what(names, question, output.permission_names.get());
    let counts = output.counts(outcome);
    let word = coloured(counts, counts.as_str());
    match (outcome, output.reading) {
        (Outcome::Allowed, _) => format!("{word}: {who} may {what}"),
        (Outcome::Denied, _) => format!("{word}: {who} may not {what}"),
        (Outcome::Undetermined, None) if answer.open_points == [OpenPoint::Unseen] => {
            format!("{word}: too little was seen to say whether {who} may {what}; until more is, the answer is no")
        }
        (Outcome::Undetermined, None) => {
            format!(
                "{word}: Amazon Connect's documents leave open whether {who} may {what}; until then the answer is no"
            )
        }
        (Outcome::Undetermined, Some(reading)) => {
            format!("{word} in the {} reading: whether {who} may {what} is undetermined", reading.as_str())
        }
    }
}

/// The principal, by name.
pub(crate) fn subject(names: &Names<'_>, subject: &Subject) -> String {
    match (subject, names.stored) {
        (Subject::User(id), Some(stored)) => stored.name_of("User", id),
        (subject, _) => subject.id().to_owned(),
    }
}

/// The action and its resource.
pub(crate) fn what(names: &Names<'_>, question: &OwnedQuestion, permissions: PermissionNames) -> String {
    let action = match task(&question.action) {
        Some(task) => task.title.to_owned(),
        None => format!("do `{}`", shown(&permissions.name(names.catalogue, &question.action))),
    };
    let it = &question.resource_type;
    let of_type = shown(it);
    if is_instance(it) {
        return action;
    }
    match (question.id.as_str(), question.match_some) {
        ("*", true) => format!("{action} on some {of_type}"),
        ("*", false) => format!("{action} on every {of_type}"),
        (id, _) => {
            let name = names.stored.map_or_else(|| id.to_owned(), |stored| stored.name_of(it, id));
            format!("{action} on the {of_type} `{}`", shown(&name))
        }
    }
}

fn task(action: &str) -> Option<&'static Task> {
    action.strip_prefix(tasks::PREFIX).and_then(tasks::find)
}

/// The explanation with names in place of identifiers.
pub(crate) fn readable(stored: Option<StoredNames<'_>>, explanation: &Explanation) -> Explanation {
    renamed(stored, explanation, &str::to_owned)
}

/// The same with permissions by the names that were requested.
pub(crate) fn for_people(names: &Names<'_>, explanation: &Explanation, permissions: PermissionNames) -> Explanation {
    renamed(names.stored, explanation, &|name| permissions.name(names.catalogue, name).into_owned())
}

fn renamed(
    stored: Option<StoredNames<'_>>,
    explanation: &Explanation,
    permission: &dyn Fn(&str) -> String,
) -> Explanation {
    let mut readable = explanation.clone();
    // The way has the names of principals, also in a server's answer.
    let on_way =
        |id: &str| explanation.way.iter().find(|step| step.depth == 0 && step.id == id).map(|it| it.name.clone());
    let resource = |it: &str, id: &str| match stored {
        Some(stored) => stored.name_of(it, id),
        None => on_way(id).filter(|_| it == "User").unwrap_or_else(|| id.to_owned()),
    };
    readable.rename(&Renaming { permission, resource: &resource });
    readable
}

/// The reasons of a readable answer, one sentence each: only findings that decided it.
pub(crate) fn reasons(question: &OwnedQuestion, explanation: &Explanation) -> Vec<String> {
    sentences::reasons(explanation, task(&question.action).is_some())
}

/// Two lines for each open point: its question, and the way to settle it.
pub(crate) fn open_points(text: &mut String, points: &[OpenPoint], question: &OwnedQuestion) {
    for point in points {
        let _ = writeln!(text, "  open point {}", wording::open_point(*point));
        let or = if *point == OpenPoint::Unseen { "" } else { "; or try it once on the service itself" };
        let _ = writeln!(text, "    to be certain: {}{or}", remedy(*point, question));
    }
}

/// A text of Lanyard's own with the permissions in it by the names that were requested.
pub(crate) fn with_permission_names(text: &str, names: &Names<'_>, permissions: PermissionNames) -> String {
    let parts = text.split('`').enumerate();
    // Every second part is between backticks.
    let named = parts.map(|(at, part)| match at % 2 {
        0 => Cow::Borrowed(part),
        _ => permissions.name(names.catalogue, part),
    });
    named.collect::<Vec<_>>().join("`")
}

/// A count and its noun.
pub(crate) fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}
