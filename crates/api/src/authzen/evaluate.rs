//! Evaluation of one question, and of many.

use lanyard_model::catalogue::Catalogue;
use lanyard_model::resources::DecisionScope;

use super::answer::{self, Basis, Decided, decide, decision_id};
use super::field::{Fault, Field, Wrong};
use super::log::Line;
use super::question::{ParsedQuestion, SearchTarget, Unanswerable, parse_question};
use super::request::{Parts, Request};
use super::{DecisionCall, Refused, Result};
use lanyard_service::Snapshot;

/// When a batch stops before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Semantic {
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

/// Answers a single question.
pub(super) async fn one(call: &DecisionCall<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let mut parsed = parse_question(&request.parts, &request.parts, SearchTarget::Nothing)?;
    if parsed.evaluation_options.explain {
        call.caller.check(DecisionScope::Explain)?;
    }
    let state = call.state(parsed.evaluation_options.at_least).await?;
    parsed.look_up(call.view(&state).names())?;
    let mut run = Run::new(call, &state);
    let mut out = Vec::with_capacity(256);
    run.answer(&parsed, &mut out)?;
    run.log().await;
    Ok(out)
}

/// Answers a batch; one without questions of its own is a single question.
pub(super) async fn many(call: &DecisionCall<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let batch = match request.evaluations.optional("evaluations")? {
        Some(batch) if !batch.items.is_empty() => batch,
        _ => return one(call, request).await,
    };
    if batch.too_many {
        let message = format!("there are more than {} questions in `evaluations`", super::request::MOST_EVALUATIONS);
        return Err(Refused::bad_request(message));
    }
    let semantic = semantic(request)?;
    let mut parsed: Vec<_> = batch.items.iter().map(|item| item_of(item, &request.parts)).collect();
    if parsed.iter().flatten().any(|parsed| parsed.evaluation_options.explain) {
        call.caller.check(DecisionScope::Explain)?;
    }
    let at_least = parsed.iter().flatten().map(|parsed| parsed.evaluation_options.at_least).max().unwrap_or_default();
    let state = call.state(at_least).await?;
    for question in &mut parsed {
        if let Err(why) = question.as_mut().map_or(Ok(()), |it| it.look_up(call.view(&state).names())) {
            *question = Err(why);
        }
    }
    let mut run = Run::new(call, &state);
    let mut out = Vec::with_capacity(64 + 96 * parsed.len());
    out.extend_from_slice(b"{\"evaluations\":[");
    for (at, parsed) in parsed.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let answered = match parsed {
            Ok(parsed) => run.answer(parsed, &mut out),
            Err(why) => Err(*why),
        };
        let allowed = answered.unwrap_or_else(|why| {
            answer::write_failed(&mut out, &why.to_string(), run.basis);
            false
        });
        match semantic {
            Semantic::DenyOnFirstDeny if !allowed => break,
            Semantic::PermitOnFirstPermit if allowed => break,
            _ => {}
        }
    }
    out.extend_from_slice(b"]}");
    run.log().await;
    Ok(out)
}

fn item_of<'a>(
    item: &'a Field<Parts<'_>>,
    defaults: &'a Parts<'_>,
) -> std::result::Result<ParsedQuestion<'a>, Unanswerable> {
    parse_question(item.required("evaluations[]")?, defaults, SearchTarget::Nothing)
}

fn semantic(request: &Request<'_>) -> Result<Semantic> {
    let member = "options.evaluations_semantic";
    let Some(options) = request.options.optional("options")? else { return Ok(Semantic::ExecuteAll) };
    match options.evaluations_semantic.optional_text(member)? {
        None | Some("execute_all") => Ok(Semantic::ExecuteAll),
        Some("deny_on_first_deny") => Ok(Semantic::DenyOnFirstDeny),
        Some("permit_on_first_permit") => Ok(Semantic::PermitOnFirstPermit),
        Some(_) => {
            let wrong = Wrong::Value("`execute_all`, `deny_on_first_deny` or `permit_on_first_permit`");
            Err(Fault { member, wrong }.into())
        }
    }
}

/// The questions of one request, answered one after another from one state.
pub(super) struct Run<'a> {
    call: &'a DecisionCall<'a>,
    state: &'a Snapshot,
    catalogue: &'a Catalogue,
    basis: Basis,
    lines: Vec<Line>,
}

impl<'a> Run<'a> {
    pub(super) fn new(call: &'a DecisionCall<'a>, state: &'a Snapshot) -> Self {
        let catalogue = call.point.service.config.catalogue();
        Self { call, state, catalogue, basis: call.basis(state), lines: Vec::new() }
    }

    /// Appends the answer to a question: whether it is allowed.
    pub(super) fn answer(
        &mut self,
        parsed: &ParsedQuestion<'_>,
        out: &mut Vec<u8>,
    ) -> std::result::Result<bool, Unanswerable> {
        let log = self.call.point.log.as_ref();
        let decided = decide(self.state, self.catalogue, parsed, log.is_some())?;
        let id = log.map(|_| decision_id(self.call.point).to_string());
        answer::write(out, &decided, self.basis, id.as_deref());
        if let (Some(log), Some(id)) = (log, id) {
            self.note(log, parsed, &decided, &id);
        }
        Ok(decided.is_allowed())
    }

    fn note(&mut self, log: &super::DecisionLog, parsed: &ParsedQuestion<'_>, decided: &Decided, id: &str) {
        let environment = &self.call.point.service.node.environment;
        let line = log.line(&super::log::Entry {
            id,
            time: environment.now(),
            instance: &self.call.id,
            token: self.call.caller.name(),
            parsed,
            decided,
            revision: self.basis.revision,
        });
        self.lines.extend(line);
    }

    /// Hands the lines to the decision log, before the answer is sent.
    pub(super) async fn log(self) {
        if let Some(log) = &self.call.point.log {
            for line in self.lines {
                log.keep(line).await;
            }
        }
    }
}
