//! The first and the last line of an answer.

use clap::builder::styling::{AnsiColor, Style};
use lanyard_answers::{Basis, Checked, text};
use lanyard_engine::{OpenPoint, Outcome};
use lanyard_model::catalogue::Catalogue;
use serde_json::{Value, json};

use super::OutputArgs;
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
pub(crate) fn headline(checked: &Checked, catalogue: &Catalogue, output: &OutputArgs) -> String {
    let Checked { question, explanation, .. } = checked;
    let (answer, outcome) = (&explanation.answer, explanation.answer.outcome);
    let who = text::who(&question.subject, &checked.subject_name);
    let what = text::what(question, &checked.known_as, catalogue, output.permission_names.get());
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

/// The state that an answer rests on, as text: its revision and time; `None` for a state without a revision.
pub(super) fn basis(basis: Basis) -> Option<String> {
    (basis.revision > 0).then(|| format!("revision {} of {}", basis.revision, time(basis)))
}

/// The time of the revision, in UTC.
fn time(basis: Basis) -> String {
    lanyard_wire::Timestamp::from_millis(basis.time).to_iso()
}

/// The members of an answer in JSON that name the state: `revision` and `time`, which are `null` for a state from files.
pub(crate) fn basis_members(basis: Basis) -> [(String, Value); 2] {
    let has_revision = basis.revision > 0;
    [
        ("revision".to_owned(), has_revision.then_some(basis.revision).into()),
        ("time".to_owned(), has_revision.then(|| time(basis)).into()),
    ]
}

/// A principal or a resource in JSON.
pub(crate) fn named(kind: &str, id: &str, name: &str) -> Value {
    json!({ "type": kind, "id": id, "name": name })
}
