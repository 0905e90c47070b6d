//! An expectation about one principal and one resource: its question, and its failure.

use lanyard_answers::{NotUnderstood, OwnedQuestion, StateView, Subject, WrittenQuestion, question_of_check, text};
use lanyard_engine::{Explanation, Finding, Malformed, Outcome, Warning, wording};
use lanyard_formats::Expectation;
use lanyard_model::shown;

/// The question of an expectation about one principal and one resource.
pub(super) fn written(it: &Expectation, principal: &str, resource: Option<&str>) -> WrittenQuestion {
    WrittenQuestion {
        principal: Some(principal.to_owned()),
        action: Some(it.action.clone()),
        resource: resource.map(str::to_owned),
        match_some: it.match_some,
        hypothetical: it.hypothetical,
        tags: it.tags.clone(),
        group: it.hierarchy_group.clone(),
        primary_values: it.primary_values.clone(),
        table: it.table.clone(),
        agent: it.agent.clone(),
        owner: it.owner.clone(),
        on_behalf_of: it.on_behalf_of.clone(),
        self_service: it.self_service,
        assigns: it.assigns.clone(),
        changes_primary_values: it.changes_primary_values,
        profiles: false,
    }
}

/// The same with identifiers.
pub(super) fn question(
    it: &Expectation,
    view: &StateView<'_>,
    subject: &Subject,
    resource: Option<&str>,
) -> Result<OwnedQuestion, NotUnderstood> {
    question_of_check(view, &written(it, &subject.written(), resource))
}

/// The explanation of an answer; with the missing permissions, which take their time, where access is expected and denied.
pub(super) fn explain(
    view: &StateView<'_>,
    question: &OwnedQuestion,
    expected: Outcome,
) -> Result<Explanation, Malformed> {
    let compiled = view.with_subject(&question.subject);
    let explanation = question.with(|borrowed| compiled.explain(borrowed))?;
    if expected == Outcome::Denied || explanation.answer.outcome != Outcome::Denied {
        return Ok(explanation);
    }
    question.with(|borrowed| compiled.explain_in_full(borrowed))
}

/// The first line and the reasons of the failure of an expectation; `None` where it is met.
pub(super) fn failure(
    expectation: &Expectation,
    question: &OwnedQuestion,
    explanation: &Explanation,
    readable: &Explanation,
    notes: &[String],
) -> Option<(String, Vec<String>)> {
    let answer = &explanation.answer;
    // A question that is denied because nothing has the name tests no profile.
    if let Some(denial) = answer.denial {
        return Some((wording::denial(denial).to_owned(), notes.to_vec()));
    }
    if explanation.warnings.contains(&Warning::PermissionNotInCatalogue) {
        return Some((wording::warning(Warning::PermissionNotInCatalogue).to_owned(), notes.to_vec()));
    }
    if answer.outcome != expectation.outcome {
        let first = format!("expected {}, got {}", expectation.outcome.as_str(), answer.outcome.as_str());
        let mut why = text::reasons(question, readable);
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
