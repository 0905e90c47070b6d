//! One question with one answer.

use lanyard_engine::{Explanation, OpenPoint, Warning, wording};
use lanyard_model::shown;
use serde::{Deserialize, Serialize};

use crate::names::{EXACT, Names};
use crate::not_understood::NotUnderstood;
use crate::question::OwnedQuestion;
use crate::refusal::check_understood;
use crate::resolve::usual_resource;
use crate::state_view::{Basis, StateView};
use crate::subject::Subject;
use crate::text::{self, QuestionNames};
use crate::tool_names::check_names;
use crate::written::WrittenQuestion;

/// An answer to one question, with names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The question, with identifiers.
    pub question: OwnedQuestion,
    /// The name of the principal.
    pub subject_name: String,
    /// The names of the action and the resource.
    pub known_as: QuestionNames,
    /// The answer and its reasons, with identifiers.
    pub explanation: Explanation,
    /// The same with names in place of identifiers.
    pub readable: Explanation,
    /// Notes on the answer.
    pub notes: Vec<String>,
    /// The state that it rests on.
    pub basis: Basis,
}

impl Checked {
    /// The answer without its reasons, for those who may not see them.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        for explanation in [&mut self.explanation, &mut self.readable] {
            explanation.reports.clear();
            explanation.reasons.clear();
            explanation.advice.clear();
            explanation.way.clear();
        }
        self.notes.push("the token does not have the scope `explain`, so that reasons are left out".to_owned());
        self
    }
}

/// Answers a question.
///
/// # Errors
/// The question names something that does not exist, leaves something out, or contradicts itself.
pub fn check(view: &StateView<'_>, written: &WrittenQuestion) -> Result<Checked, NotUnderstood> {
    let names = view.names();
    let question = question_of_check(view, written)?;
    let compiled = view.with_subject(&question.subject);
    let explanation = question.with(|borrowed| compiled.explain_in_full(borrowed))?;
    check_understood(&names, &question, &explanation)?;
    let readable = text::readable(names, &explanation);
    let subject_name = text::subject(&names, &question.subject);
    let known_as = QuestionNames::of(&names, &question);
    let notes = notes(view, written, &question, &explanation);
    Ok(Checked { question, subject_name, known_as, explanation, readable, notes, basis: view.basis() })
}

/// The question with identifiers in place of names.
///
/// # Errors
/// It names something that does not exist, or leaves the action or the resource out.
pub fn question_of_check(view: &StateView<'_>, written: &WrittenQuestion) -> Result<OwnedQuestion, NotUnderstood> {
    let names = view.names();
    let (Some(_), Some(action)) = (&written.principal, &written.action) else {
        return Err(NotUnderstood::new("the question needs a principal and an action"));
    };
    let (is_exact, action) = (action.starts_with(EXACT), names.action(action));
    let resource = match &written.resource {
        Some(resource) => resource.clone(),
        None => match usual_resource(&names, &action).strip_suffix(":*") {
            None => match view.namespaces_with(&action).first().filter(|_| !names.has_action(&action)) {
                None => "Instance".to_owned(),
                Some(namespace) => {
                    let sentence = format!("on what? `{}` is a tool: write McpServer:NAMESPACE", shown(&action));
                    let suggestion = format!("such as McpServer:{}", shown(namespace));
                    return Err(NotUnderstood::with_names(sentence, suggestion));
                }
            },
            Some(it) if written.match_some => format!("{it}:*"),
            Some(it) => {
                let is_strange = names.catalogue.get(&action).is_none();
                let hint = is_strange.then(|| names.hint_action(&action)).flatten();
                return Err(NotUnderstood::new(format!(
                    "on what? `{}` acts on resources of the type {it}: write {it}:NAME, or {it}:* for every one{}",
                    shown(&action),
                    hint.map(|hint| format!(" ({hint})")).unwrap_or_default()
                )));
            }
        },
    };
    let mut question = written.resolve(view, written.subject(&names)?, &action, &resource)?;
    question.match_some = written.match_some;
    check_names(view, &question, is_exact)?;
    Ok(question)
}

fn notes(
    view: &StateView<'_>,
    written: &WrittenQuestion,
    question: &OwnedQuestion,
    explanation: &Explanation,
) -> Vec<String> {
    let names = view.names();
    let mut notes = written.notes(&names, question);
    notes.extend(explanation.answer.denial.and_then(|denial| names.hint(denial, question)));
    notes.extend(explanation.warnings.iter().map(|warning| wording::warning(*warning).to_owned()));
    if explanation.warnings.contains(&Warning::PermissionNotInCatalogue) {
        notes.extend(names.hint_action(&question.action));
    }
    if explanation.answer.open_points.contains(&OpenPoint::Unseen) {
        notes.extend(view.not_seen());
    }
    notes.extend(of_holder(&names, &question.subject));
    notes
}

/// A note on a principal that is a security profile.
pub(crate) fn of_holder(names: &Names<'_>, subject: &Subject) -> Option<String> {
    let Subject::SecurityProfile(id) = subject else { return None };
    let name = names.name_of("SecurityProfile", id);
    Some(format!(
        "the principal is a person who holds only `{}`, and has neither a hierarchy group nor tags",
        shown(&name)
    ))
}
