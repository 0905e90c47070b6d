//! An expectation about one principal and one resource: its question, and its failure.

use lanyard_engine::{Denial, Explanation, Finding, Outcome, Warning, wording};
use lanyard_formats::Expectation;
use lanyard_model::shown;

use crate::access::names::{Names, Subject};
use crate::access::question::{OwnedQuestion, usual_resource};
use crate::access::text;
use crate::failure::Failure;
use crate::instance::State;

/// The question of an expectation about one principal and one resource.
pub(super) fn question(
    it: &Expectation,
    names: &Names<'_>,
    subject: Subject,
    resource: Option<&str>,
) -> Result<OwnedQuestion, Failure> {
    let action = names.action(&it.action);
    let resource = match resource {
        Some(resource) => resource.to_owned(),
        None => match usual_resource(names, &action).strip_suffix(":*") {
            None => "Instance".to_owned(),
            Some(of) if it.match_some => format!("{of}:*"),
            Some(of) => {
                return Err(Failure::Message(format!(
                    "on what? `{}` acts on resources of the type {of}: write `resource: {of}:NAME`, or {of}:* for \
                     every one",
                    shown(&action)
                )));
            }
        },
    };
    let (resource_type, id) = names.resource(&resource)?;
    let group = it.hierarchy_group.as_deref().map(|text| names.group(text)).transpose()?;
    let assigns = it.assigns.iter().map(|text| names.resource(text)).collect::<Result<_, _>>()?;
    Ok(OwnedQuestion {
        subject,
        action,
        resource_type,
        id,
        match_some: it.match_some,
        hypothetical: it.hypothetical,
        tags: it.tags.clone(),
        group,
        primary: it.primary_values.clone(),
        table: it.table.clone(),
        agent: it.agent.clone(),
        owner: it.owner.clone(),
        on_behalf_of: it.on_behalf_of.clone(),
        self_service: it.self_service,
        assigns,
        changes_primary_values: it.changes_primary_values,
    })
}

/// The explanation of an answer; with the missing permissions, which take their time, where access is expected and denied.
pub(super) fn explain(state: &State, question: &OwnedQuestion, expected: Outcome) -> Result<Explanation, Failure> {
    let senseless = |malformed| Failure::Message(format!("the question makes no sense: {malformed}"));
    let explanation = question.with(|borrowed| state.compiled.explain(borrowed)).map_err(senseless)?;
    if expected == Outcome::Denied || explanation.answer.outcome != Outcome::Denied {
        return Ok(explanation);
    }
    question.with(|borrowed| state.compiled.explain_in_full(borrowed)).map_err(senseless)
}

/// The first line and the reasons of the failure of an expectation; `None` where it is met.
pub(super) fn failure(
    expectation: &Expectation,
    question: &OwnedQuestion,
    names: &Names<'_>,
    explanation: &Explanation,
) -> Option<(String, Vec<String>)> {
    let answer = &explanation.answer;
    let readable = text::readable(names.stored, explanation);
    let hint = |denial: Denial| names.hint(denial, question);
    // A question that is denied because nothing has the name tests no profile.
    if let Some(denial) = answer.denial {
        return Some((wording::denial(denial).to_owned(), hint(denial).into_iter().collect()));
    }
    if explanation.warnings.contains(&Warning::PermissionNotInCatalogue) {
        let first = wording::warning(Warning::PermissionNotInCatalogue).to_owned();
        return Some((first, names.hint_action(&question.action).into_iter().collect()));
    }
    if answer.outcome != expectation.outcome {
        let first = format!("expected {}, got {}", expectation.outcome.as_str(), answer.outcome.as_str());
        let mut why = text::reasons(question, &readable);
        why.extend(answer.open_points.iter().map(|point| format!("open point {}", wording::open_point(*point))));
        return Some((first, why));
    }
    let through = expectation.through.as_ref()?;
    let mut granting = Vec::new();
    for report in &readable.reports {
        let closest = report.closest.and_then(|at| report.profiles.get(at));
        let closest = closest.filter(|_| report.outcome == Outcome::Undetermined);
        let grants = report.profiles.iter().filter(|it| it.findings == [Finding::Grants]);
        granting.extend(grants.chain(closest).map(|it| it.name.as_str()));
    }
    granting.sort_unstable();
    granting.dedup();
    if granting.contains(&through.as_str()) {
        return None;
    }
    let first = format!("expected through `{}`, got {} through another", shown(through), answer.outcome.as_str());
    let why = match granting.is_empty() {
        true => "the answer does not say which profile grants it".to_owned(),
        false => format!(
            "granted by {}",
            granting.iter().map(|it| format!("`{}`", shown(it))).collect::<Vec<_>>().join(", ")
        ),
    };
    Some((first, vec![why]))
}
