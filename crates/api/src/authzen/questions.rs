//! Questions with names: `POST /access/v1/questions/check`, `who-can` and `what-can`, which are not of AuthZEN.
//!
//! The body is a [`WrittenQuestion`]. The answer has names and identifiers, and everything that the command line shows.
//! A question that names something that does not exist is refused with status 422, and never answered with a denial.

use std::sync::Arc;

use http::StatusCode;
use lanyard_answers::{
    Checked, NotUnderstood, StateView, Subject, WhatCan, WhoCan, WrittenQuestion, check, what_can, who_can,
};
use lanyard_model::resources::DecisionScope;
use serde::Serialize;

use super::answer::append;
use super::evaluate::Run;
use super::question::ParsedQuestion;
use super::{DecisionCall, Refused, Result, unavailable};
use lanyard_service::Snapshot;

/// The kind of a question with names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuestionKind {
    Check,
    WhoCan,
    WhatCan,
}

impl QuestionKind {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "check" => Some(Self::Check),
            "who-can" => Some(Self::WhoCan),
            "what-can" => Some(Self::WhatCan),
            _ => None,
        }
    }

    /// The scope that a token needs. `explain` adds reasons, and `search` suggestions that name resources.
    pub(super) fn scope(self) -> DecisionScope {
        match self {
            Self::Check => DecisionScope::Evaluate,
            Self::WhoCan | Self::WhatCan => DecisionScope::Search,
        }
    }
}

/// Answers a question.
pub(super) async fn answer(call: &DecisionCall<'_>, kind: QuestionKind, body: &[u8]) -> Result<Vec<u8>> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Refused::bad_request("the body must be a JSON object"));
    }
    let question: WrittenQuestion = serde_json::from_slice(body)
        .map_err(|error| Refused::bad_request(format!("the body is not a question that can be read: {error}")))?;
    let state = call.state(0).await?;
    let is_explained = call.caller.check(DecisionScope::Explain).is_ok();
    let answer = answered(call, kind, question, Arc::clone(&state)).await?;
    match answer {
        Ok(Answered::Check(checked)) => {
            log(call, &state, &checked).await?;
            Ok(json(&if is_explained { *checked } else { checked.without_reasons() }))
        }
        Ok(Answered::WhoCan(answer)) => Ok(json(&answer)),
        Ok(Answered::WhatCan(answer)) => Ok(json(&if is_explained { answer } else { answer.without_reasons() })),
        Err(reason) => {
            let may_list = call.caller.check(DecisionScope::Search).is_ok();
            let reason = if may_list { reason } else { reason.without_names() };
            Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, reason.to_string()))
        }
    }
}

enum Answered {
    Check(Box<Checked>),
    WhoCan(Box<WhoCan>),
    WhatCan(WhatCan),
}

/// Answers on threads that take no part in decisions: the reasons and the names of an answer take longer than a decision.
async fn answered(
    call: &DecisionCall<'_>,
    kind: QuestionKind,
    question: WrittenQuestion,
    state: Arc<Snapshot>,
) -> Result<std::result::Result<Answered, NotUnderstood>> {
    let service = Arc::clone(&call.point.service);
    let work = async move {
        let view = StateView::whole(&state, state.compiled(), service.config.catalogue());
        match kind {
            QuestionKind::Check => check(&view, &question).map(|it| Answered::Check(Box::new(it))),
            QuestionKind::WhoCan => who_can(&view, &question).map(|it| Answered::WhoCan(Box::new(it))),
            QuestionKind::WhatCan => what_can(&view, &question).map(Answered::WhatCan),
        }
    };
    call.point.service.heavy.run(work).await.map_err(unavailable)
}

/// Logs a decision. A security profile is no principal that acts, so that a question about it is no decision.
async fn log(call: &DecisionCall<'_>, state: &Snapshot, checked: &Checked) -> Result<()> {
    if call.point.log.is_none() || matches!(checked.question.subject, Subject::SecurityProfile(_)) {
        return Ok(());
    }
    let mut run = Run::new(call, state);
    checked.question.with(|question| run.answer(&ParsedQuestion::of(question), &mut Vec::new()))?;
    run.log().await;
    Ok(())
}

fn json(answer: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    append(&mut out, answer);
    out
}
