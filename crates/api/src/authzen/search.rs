//! Searches: who may, on what, and what may be done.
//!
//! Every result, asked for alone, is allowed; results come in the order of identifiers or names, and a page's token is
//! the last one of the page before. A token is bound to the question and to the page's size: with another it is refused.

use lanyard_engine::{PrincipalKind, Unlisted};
use lanyard_model::Id;
use lanyard_model::resources::DecisionScope;
use lanyard_wire::page_token;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::answer::{Reason, append, reading};
use super::ask::{Asked, SearchTarget, ask};
use super::log::Written;
use super::request::{Page, Request};
use super::{Asking, Refused, Result};
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
struct Found<T> {
    results: Vec<T>,
    last: Option<String>,
    reasons: Vec<Reason>,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { results: Vec::new(), last: None, reasons: Vec::new() }
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

/// Who may.
pub(super) async fn subjects(asking: &Asking<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let (asked, state) = prepare(asking, request, SearchTarget::Subject).await?;
    let window = window(asking, request, &asked, "search/subject")?;
    let mut found = Found::default();
    if let Some(kind) = asked.kind {
        let entity_type = match kind {
            PrincipalKind::User => "user",
            PrincipalKind::AiAgent => "ai_agent",
        };
        let after = window.after.as_deref().map(Id::new);
        let question = asked.question();
        let ids = state.compiled().who(kind, &question, asked.evaluation_options.reading, after.as_ref());
        found = take(ids.map_err(super::ask::Unanswerable::from)?, &window, entity_type);
    }
    Ok(answer(asking, &asked, &state, &window, "search/subject", found))
}

/// On what.
pub(super) async fn resources(asking: &Asking<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let (asked, state) = prepare(asking, request, SearchTarget::Resource).await?;
    let window = window(asking, request, &asked, "search/resource")?;
    let mut found = Found::default();
    let question = asked.question();
    if asked.kind.is_some() {
        let after = window.after.as_deref().map(Id::new);
        let ids = state.compiled().which_resources(&question, asked.evaluation_options.reading, after.as_ref());
        match ids.map_err(super::ask::Unanswerable::from)? {
            Ok(ids) => found = take(ids, &window, question.resource.resource_type),
            Err(Unlisted) => {
                found.reasons.push(Reason { code: "type_not_listed".into(), text: Unlisted.to_string().into() });
            }
        }
    }
    Ok(answer(asking, &asked, &state, &window, "search/resource", found))
}

/// What may be done.
pub(super) async fn actions(asking: &Asking<'_>, request: &Request<'_>) -> Result<Vec<u8>> {
    let (asked, state) = prepare(asking, request, SearchTarget::Action).await?;
    let window = window(asking, request, &asked, "search/action")?;
    let mut found = Found::default();
    let question = asked.question();
    if asked.kind.is_some() {
        let names =
            state.compiled().which_actions(&question, asked.evaluation_options.reading, window.after.as_deref());
        let mut names = names.map_err(super::ask::Unanswerable::from)?.into_iter().peekable();
        while let Some(name) = names.next_if(|_| (found.results.len() as u64) < window.limit) {
            found.results.push(Action { name });
        }
        if names.peek().is_some() {
            found.last = Some(found.results.last().map_or_else(|| start(&window), |action| action.name.to_owned()));
        }
    }
    Ok(answer(asking, &asked, &state, &window, "search/action", found))
}

async fn prepare<'a>(
    asking: &Asking<'_>,
    request: &'a Request<'_>,
    search_target: SearchTarget,
) -> Result<(Asked<'a>, std::sync::Arc<Snapshot>)> {
    let asked = ask(&request.parts, &request.parts, search_target)?;
    if asked.evaluation_options.explain {
        asking.caller.check(DecisionScope::Explain)?;
    }
    let state = asking.state(asked.evaluation_options.at_least).await?;
    Ok((asked, state))
}

/// Where the page that the request asks for begins.
fn window(asking: &Asking<'_>, request: &Request<'_>, asked: &Asked<'_>, operation: &str) -> Result<Window> {
    let none = Page::default();
    let page = request.page.optional("page")?.unwrap_or(&none);
    let limit = page.limit.optional("page.limit")?.map(|limit| (*limit).min(MOST_RESULTS));
    let scope = digest(&asking.id, asked);
    let (after, bound) = match page.token.optional_text("page.token")? {
        None | Some("") => (None, None),
        Some(token) => {
            let opened = page_token::open(&asking.instance.page_key, &seal_scope(asking, operation, &scope), token);
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

/// A digest of what a token is bound to: the instance, the question, and the reading.
fn digest(instance: &Id, asked: &Asked<'_>) -> [u8; 32] {
    let written = serde_json::to_vec(&Written::of(asked)).unwrap_or_default();
    let mut digest = Sha256::new();
    digest.update(format!("{instance} "));
    digest.update(reading(asked.evaluation_options.reading));
    digest.update([u8::from(asked.kind.is_some())]);
    digest.update(written);
    digest.finalize().into()
}

fn seal_scope<'a>(asking: &'a Asking<'_>, operation: &'a str, scope: &'a [u8]) -> page_token::Scope<'a> {
    page_token::Scope {
        account: &asking.instance.scope.account,
        region: &asking.instance.scope.region,
        // It is in the digest.
        instance: "",
        operation,
        query: scope,
    }
}

/// What a page that holds nothing ends with: where it began.
fn start(window: &Window) -> String {
    window.after.clone().unwrap_or_default()
}

fn take<'a>(ids: impl Iterator<Item = &'a Id>, window: &Window, entity_type: &'a str) -> Found<Entity<'a>> {
    let mut found = Found::default();
    let mut ids = ids.peekable();
    while let Some(id) = ids.next_if(|_| (found.results.len() as u64) < window.limit) {
        found.results.push(Entity { entity_type, id: id.to_string() });
    }
    if ids.peek().is_some() {
        found.last = Some(found.results.last().map_or_else(|| start(window), |entity: &Entity<'_>| entity.id.clone()));
    }
    found
}

fn answer<T: Serialize>(
    asking: &Asking<'_>,
    asked: &Asked<'_>,
    state: &Snapshot,
    window: &Window,
    operation: &str,
    found: Found<T>,
) -> Vec<u8> {
    let Found { results, last, reasons } = found;
    let seal = |last: String| {
        let text = format!("{} {last}", window.limit);
        page_token::seal(&asking.instance.page_key, &seal_scope(asking, operation, &window.scope), &text)
    };
    let page = AnswerPage { next_token: last.map(seal).unwrap_or_default(), count: results.len() };
    let context = Context { revision: state.revision(), reading: reading(asked.evaluation_options.reading), reasons };
    let mut out = Vec::with_capacity(128 + 64 * results.len());
    append(&mut out, &Answer { page, results, context });
    out
}
