//! Searches: for subjects, resources and actions that are allowed.
//!
//! Every result is allowed when it is evaluated by itself. Results come in the order of identifiers or names, and a page's
//! token is the last one of the page before. A token is bound to the question and to the page's size: with another it is
//! refused.

use lanyard_engine::{PrincipalKind, Unlisted};
use lanyard_model::Id;
use lanyard_model::resources::DecisionScope;
use lanyard_wire::page_token;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::answer::{Reason, append, reading};
use super::log::Written;
use super::question::{ParsedQuestion, SearchTarget, parse_question};
use super::request::{Page, Request};
use super::{DecisionCall, Refused, Result};
use lanyard_service::Snapshot;

/// How many results a page has when the request does not say, and at most.
const USUAL_RESULTS: u64 = 1_000;
const MOST_RESULTS: u64 = 10_000;

/// Where in a search an answer begins, and how much it holds.
struct Window {
    after: Option<String>,
    limit: u64,
    scope: [u8; 32],
}

/// One answer's results, and the last one of them where there are more.
struct SearchResults<T> {
    items: Vec<T>,
    last: Option<String>,
    reasons: Vec<Reason>,
}

impl<T> Default for SearchResults<T> {
    fn default() -> Self {
        Self { items: Vec::new(), last: None, reasons: Vec::new() }
    }
}

#[derive(Serialize)]
struct Answer<T> {
    page: AnswerPage,
    results: Vec<T>,
    context: Context,
}

#[derive(Serialize)]
struct AnswerPage {
    next_token: String,
    count: usize,
}

#[derive(Serialize)]
struct Context {
    revision: u64,
    reading: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
}

/// A subject or a resource.
#[derive(Serialize)]
struct Entity<'a> {
    #[serde(rename = "type")]
    entity_type: &'a str,
    id: String,
}

#[derive(Serialize)]
struct Action<'a> {
    name: &'a str,
}

/// The subjects that are allowed the action on the resource.
pub(super) async fn subjects(call: &DecisionCall<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let (parsed, state) = prepare(call, request, SearchTarget::Subject).await?;
    let window = window(call, request, &parsed, "search/subject")?;
    let assigned = parsed.assigned();
    let mut results = SearchResults::default();
    if let Some(kind) = parsed.kind {
        let entity_type = match kind {
            PrincipalKind::User => "user",
            PrincipalKind::AiAgent => "ai_agent",
        };
        let after = window.after.as_deref().map(Id::new);
        let question = parsed.question(&assigned);
        let ids = state.compiled().who(kind, &question, parsed.evaluation_options.reading, after.as_ref());
        results = take(ids.map_err(super::question::Unanswerable::from)?, &window, entity_type);
    }
    Ok(answer(call, &parsed, &state, &window, "search/subject", results))
}

/// The resources on which the subject is allowed the action.
pub(super) async fn resources(call: &DecisionCall<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let (parsed, state) = prepare(call, request, SearchTarget::Resource).await?;
    let window = window(call, request, &parsed, "search/resource")?;
    let mut results = SearchResults::default();
    let assigned = parsed.assigned();
    let question = parsed.question(&assigned);
    if parsed.kind.is_some() {
        let after = window.after.as_deref().map(Id::new);
        let ids = state.compiled().which_resources(&question, parsed.evaluation_options.reading, after.as_ref());
        match ids.map_err(super::question::Unanswerable::from)? {
            Ok(ids) => results = take(ids, &window, question.resource.resource_type),
            Err(Unlisted) => {
                results.reasons.push(Reason { code: "type_not_listed".into(), text: Unlisted.to_string().into() });
            }
        }
    }
    Ok(answer(call, &parsed, &state, &window, "search/resource", results))
}

/// The actions that the subject is allowed on the resource.
pub(super) async fn actions(call: &DecisionCall<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let (parsed, state) = prepare(call, request, SearchTarget::Action).await?;
    let window = window(call, request, &parsed, "search/action")?;
    let mut results = SearchResults::default();
    let assigned = parsed.assigned();
    let question = parsed.question(&assigned);
    if parsed.kind.is_some() {
        let names =
            state.compiled().which_actions(&question, parsed.evaluation_options.reading, window.after.as_deref());
        let mut names = names.map_err(super::question::Unanswerable::from)?.into_iter().peekable();
        while let Some(name) = names.next_if(|_| (results.items.len() as u64) < window.limit) {
            results.items.push(Action { name });
        }
        if names.peek().is_some() {
            results.last = Some(results.items.last().map_or_else(|| start(&window), |action| action.name.to_owned()));
        }
    }
    Ok(answer(call, &parsed, &state, &window, "search/action", results))
}

async fn prepare<'a>(
    call: &DecisionCall<'_>,
    request: &'a Request<'_>,
    search_target: SearchTarget,
) -> Result<(ParsedQuestion<'a>, std::sync::Arc<Snapshot>)> {
    let mut parsed = parse_question(&request.parts, &request.parts, search_target)?;
    if parsed.evaluation_options.explain {
        call.caller.check(DecisionScope::Explain)?;
    }
    let state = call.state(parsed.evaluation_options.at_least).await?;
    parsed.look_up(call.view(&state).names())?;
    Ok((parsed, state))
}

/// The beginning and the size of the page that the request names.
fn window(
    call: &DecisionCall<'_>,
    request: &Request<'_>,
    parsed: &ParsedQuestion<'_>,
    operation: &str,
) -> Result<Window> {
    let none = Page::default();
    let page = request.page.optional("page")?.unwrap_or(&none);
    let limit = page.limit.optional("page.limit")?.map(|limit| (*limit).min(MOST_RESULTS));
    let scope = digest(&call.id, parsed);
    let (after, bound) = match page.token.optional_text("page.token")? {
        None | Some("") => (None, None),
        Some(token) => {
            let opened =
                page_token::open(&call.instance.registry.page_key, &seal_scope(call, operation, &scope), token);
            let opened = opened.ok();
            let parts = opened.as_deref().and_then(|opened| opened.split_once(' '));
            let Some((bound, after)) = parts.and_then(|(limit, after)| Some((limit.parse().ok()?, after))) else {
                return Err(Refused::bad_request(
                    "member `page.token` is not a token of this search; send the one from the page before, with the \
                     same question",
                ));
            };
            (Some(after.to_owned()).filter(|after| !after.is_empty()), Some(bound))
        }
    };
    if let (Some(bound), Some(limit)) = (bound, limit)
        && bound != limit
    {
        return Err(Refused::bad_request(format!(
            "member `page.limit` must stay what it was on the first page, {bound}, or be left out"
        )));
    }
    Ok(Window { after, limit: bound.or(limit).unwrap_or(USUAL_RESULTS), scope })
}

/// A digest of everything that a token is bound to: the instance, the question, and the reading.
fn digest(instance: &Id, parsed: &ParsedQuestion<'_>) -> [u8; 32] {
    let written = serde_json::to_vec(&Written::of(parsed)).unwrap_or_default();
    let mut digest = Sha256::new();
    digest.update(format!("{instance} "));
    digest.update(reading(parsed.evaluation_options.reading));
    digest.update([u8::from(parsed.kind.is_some())]);
    digest.update(written);
    digest.finalize().into()
}

fn seal_scope<'a>(call: &'a DecisionCall<'_>, operation: &'a str, scope: &'a [u8]) -> page_token::Scope<'a> {
    page_token::Scope {
        account: &call.instance.scope.account,
        region: &call.instance.scope.region,
        // It is in the digest.
        instance: "",
        operation,
        query: scope,
    }
}

/// The end of a page without results, which is its beginning.
fn start(window: &Window) -> String {
    window.after.clone().unwrap_or_default()
}

fn take<'a>(ids: impl Iterator<Item = &'a Id>, window: &Window, entity_type: &'a str) -> SearchResults<Entity<'a>> {
    let mut results = SearchResults::default();
    let mut ids = ids.peekable();
    while let Some(id) = ids.next_if(|_| (results.items.len() as u64) < window.limit) {
        results.items.push(Entity { entity_type, id: id.to_string() });
    }
    if ids.peek().is_some() {
        results.last =
            Some(results.items.last().map_or_else(|| start(window), |entity: &Entity<'_>| entity.id.clone()));
    }
    results
}

fn answer<T: Serialize>(
    call: &DecisionCall<'_>,
    parsed: &ParsedQuestion<'_>,
    state: &Snapshot,
    window: &Window,
    operation: &str,
    results: SearchResults<T>,
) -> Vec<u8> {
    let SearchResults { items, last, reasons } = results;
    let seal = |last: String| {
        let text = format!("{} {last}", window.limit);
        page_token::seal(&call.instance.registry.page_key, &seal_scope(call, operation, &window.scope), &text)
    };
    let page = AnswerPage { next_token: last.map(seal).unwrap_or_default(), count: items.len() };
    let context = Context { revision: state.revision(), reading: reading(parsed.evaluation_options.reading), reasons };
    let mut out = Vec::with_capacity(128 + 64 * items.len());
    append(&mut out, &Answer { page, results: items, context });
    out
}
