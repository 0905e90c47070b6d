//! Questions that name something that does not exist: they are errors, and not answers.

use lanyard_engine::{Denial, Explanation, Warning};
use lanyard_model::into_shown;

use crate::names::Names;
use crate::not_understood::NotUnderstood;
use crate::question::OwnedQuestion;
use crate::subject::Subject;

/// Refuses a question whose action, principal or resource does not exist or is not known. "No" would be an answer to
/// another question.
pub(crate) fn check_understood(
    names: &Names<'_>,
    question: &OwnedQuestion,
    explanation: &Explanation,
) -> Result<(), NotUnderstood> {
    let is_unknown = explanation.warnings.contains(&Warning::PermissionUnknown);
    let denial = explanation.answer.denial.or(is_unknown.then_some(Denial::UnknownAction));
    denial.map_or(Ok(()), |denial| refuse(names, question, denial))
}

/// Refuses a question for a reason that is an error of its own; an action that acts on other types is answered.
///
/// # Errors
/// The question names something that does not exist.
pub fn refuse(names: &Names<'_>, question: &OwnedQuestion, denial: Denial) -> Result<(), NotUnderstood> {
    let OwnedQuestion { subject, action, resource_type, id, .. } = question;
    let sentence = match denial {
        Denial::ActionDoesNotApply if names.has_action(action) => return Ok(()),
        Denial::PrincipalUnknown => match subject {
            Subject::User(name) => format!("there is no user `{name}`"),
            Subject::AiAgent(arn) => format!("no AI agent has the ARN `{arn}`"),
            Subject::SecurityProfile(name) => format!("there is no security profile `{name}`"),
        },
        Denial::PersonUnknown => {
            let person = question.on_behalf_of.as_deref().unwrap_or_default();
            format!("there is no user `{person}` for the AI agent to serve")
        }
        Denial::UnknownAction | Denial::ActionDoesNotApply => {
            format!("there is no permission, tool or task `{action}`")
        }
        Denial::ResourceTypeUnknown => format!("there is no type of resource `{resource_type}`"),
        Denial::ResourceUnknown => format!("there is no {resource_type} `{id}`"),
    };
    let (sentence, hint) = (into_shown(sentence), names.hint(denial, question));
    let names_stored = matches!(denial, Denial::PrincipalUnknown | Denial::PersonUnknown | Denial::ResourceUnknown);
    Err(match hint {
        None => NotUnderstood::new(sentence),
        Some(hint) if names_stored => NotUnderstood::with_names(sentence, hint),
        Some(hint) => NotUnderstood::new(format!("{sentence}; {hint}")),
    })
}
