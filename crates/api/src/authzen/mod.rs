//! AuthZEN 1.0: each instance is a policy decision point.
//!
//! A request is answered from the published state, after the store was asked for anything newer where other nodes may
//! write it. It is refused as a whole when it cannot be read or a
//! member is missing; in a batch, only the question that is malformed is refused. A refusal's body is a message, as a JSON
//! string. A malformed question is never a denial, and one that cannot be decided is never allowed.

mod answer;
mod decision_tokens;
mod evaluate;
mod field;
mod freshness;
mod log;
mod metadata;
mod question;
mod questions;
mod request;
mod search;

use std::sync::Arc;
use std::time::Duration;

use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use lanyard_answers::StateView;
use lanyard_model::Id;
use lanyard_model::resources::DecisionScope;
use lanyard_model::visible::one_line;

use crate::request::{Answer, Incoming, whole};
use crate::settings::{Freshness, Settings, StartError};
use decision_tokens::Caller;
use lanyard_service::error::{Error, Excerpt};
use lanyard_service::node::{Instance, Served};
use lanyard_service::{Service, Snapshot};
use log::DecisionLog;
use questions::QuestionKind;
use request::Request;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// How long a question waits for the revision that it requires, and how often it checks.
const FRESH_WITHIN: Duration = Duration::from_secs(1);
const FRESH_EVERY: Duration = Duration::from_millis(10);

const WELL_KNOWN: &str = "/.well-known/authzen-configuration";
const INSTANCES: &str = "/instances/";
const API: &str = "/access/v1/";

/// The endpoints of a decision point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Metadata,
    Evaluation,
    Evaluations,
    SearchSubject,
    SearchResource,
    SearchAction,
    /// Lanyard's own: questions with names.
    Question(QuestionKind),
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    /// The instance; `None` for the only one there is.
    instance: Option<&'a str>,
    /// `None` for a path below a decision point that is no endpoint.
    endpoint: Option<Endpoint>,
}

/// The instance and endpoint that a path names, if it is of a decision point.
pub(crate) fn target(path: &str) -> Option<Target<'_>> {
    if let Some(rest) = path.strip_prefix(WELL_KNOWN) {
        let instance = rest.strip_prefix(INSTANCES);
        let leads = rest.is_empty() || instance.is_some_and(|id| !id.contains('/'));
        return Some(Target { instance, endpoint: leads.then_some(Endpoint::Metadata) });
    }
    let (instance, name) = match path.strip_prefix(INSTANCES) {
        Some(rest) => {
            let (id, rest) = rest.split_at(rest.find('/')?);
            (Some(id), rest.strip_prefix(API)?)
        }
        None => (None, path.strip_prefix(API)?),
    };
    let endpoint = match name {
        "evaluation" => Some(Endpoint::Evaluation),
        "evaluations" => Some(Endpoint::Evaluations),
        "search/subject" => Some(Endpoint::SearchSubject),
        "search/resource" => Some(Endpoint::SearchResource),
        "search/action" => Some(Endpoint::SearchAction),
        other => other.strip_prefix("questions/").and_then(QuestionKind::parse).map(Endpoint::Question),
    };
    Some(Target { instance, endpoint })
}

/// Why a request was not answered.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    message: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refused {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: one_line(&message.into()).into_owned(), header: None }
    }

    fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }
}

impl From<question::Unanswerable> for Refused {
    fn from(why: question::Unanswerable) -> Self {
        Self::bad_request(why.to_string())
    }
}

impl From<field::Fault> for Refused {
    fn from(fault: field::Fault) -> Self {
        Self::bad_request(fault.to_string())
    }
}

type Result<T> = std::result::Result<T, Refused>;

/// The decision points of a service.
pub(crate) struct DecisionPoint {
    service: Arc<Service>,
    settings: Settings,
    log: Option<DecisionLog>,
}

impl DecisionPoint {
    pub(crate) fn new(service: Arc<Service>, settings: &Settings) -> std::result::Result<Self, StartError> {
        let log = settings.decision_log.as_ref().map(DecisionLog::start).transpose()?;
        Ok(Self { service, settings: settings.clone(), log })
    }
}

/// A request to a decision point, with its caller.
struct DecisionCall<'a> {
    point: &'a DecisionPoint,
    id: Id,
    instance: Instance,
    /// The time for which another node may have written without this one knowing; `None` where the store was asked.
    staleness: Option<Duration>,
    caller: Caller,
}

/// Answers a request to a decision point.
pub(crate) async fn answer(point: &DecisionPoint, target: Target<'_>, incoming: &Incoming<'_>) -> Answer {
    let answer = match respond(point, target, incoming).await {
        Ok(body) => with_body(StatusCode::OK, body),
        Err(refused) => refusal(refused),
    };
    echo_request_id(answer, incoming.headers)
}

/// Refuses a request to a decision point whose body could not be read.
pub(crate) fn unreadable(message: &str, headers: &HeaderMap) -> Answer {
    echo_request_id(refusal(Refused::bad_request(message)), headers)
}

fn refusal(refused: Refused) -> Answer {
    let body = serde_json::to_vec(&refused.message).unwrap_or_default();
    let mut answer = with_body(refused.status, body);
    if let Some((name, value)) = refused.header {
        answer.headers_mut().insert(name, value);
    }
    answer
}

fn with_body(status: StatusCode, body: Vec<u8>) -> Answer {
    let mut answer = Answer::new(whole(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, JSON);
    answer
}

fn echo_request_id(mut answer: Answer, headers: &HeaderMap) -> Answer {
    if let Some(id) = headers.get(REQUEST_ID) {
        answer.headers_mut().insert(REQUEST_ID, id.clone());
    }
    answer
}

async fn respond(point: &DecisionPoint, target: Target<'_>, incoming: &Incoming<'_>) -> Result<Vec<u8>> {
    let Some(endpoint) = target.endpoint else {
        let message = format!("there is nothing at `{}`", Excerpt(incoming.path));
        return Err(Refused::new(StatusCode::NOT_FOUND, message));
    };
    let method = if endpoint == Endpoint::Metadata { Method::GET } else { Method::POST };
    if *incoming.method != method {
        let message = format!("this takes {method} requests, not {}", incoming.method);
        let allowed = HeaderValue::from_str(method.as_str()).unwrap_or(HeaderValue::from_static("POST"));
        return Err(Refused::new(StatusCode::METHOD_NOT_ALLOWED, message).with(ALLOW, allowed));
    }
    let parsed = if matches!(endpoint, Endpoint::Question(_)) { Ok(Request::default()) } else { parse(incoming.body) };
    let usual = point.settings.freshness;
    let demand = parsed.as_ref().map_or(Freshness::Newest, |request| freshness::demanded(request, usual));
    let Served { id, instance, staleness } = find(point, target.instance, demand).await?;
    let scope = match endpoint {
        Endpoint::Metadata => {
            return Ok(metadata::document(&point.settings, incoming.headers, target.instance.map(|_| &id)));
        }
        Endpoint::Question(kind) => kind.scope(),
        Endpoint::Evaluation | Endpoint::Evaluations => DecisionScope::Evaluate,
        Endpoint::SearchSubject | Endpoint::SearchResource | Endpoint::SearchAction => DecisionScope::Search,
    };
    let caller = decision_tokens::authenticate(point, &id, &instance, incoming.headers.get(AUTHORIZATION))?;
    caller.check(scope)?;
    check_content_type(incoming.headers)?;
    let request = parsed?;
    let call = DecisionCall { point, id, instance, staleness, caller };
    match endpoint {
        Endpoint::Evaluation => evaluate::one(&call, &request).await,
        Endpoint::Evaluations => evaluate::many(&call, &request).await,
        Endpoint::SearchSubject => search::subjects(&call, &request).await,
        Endpoint::SearchResource => search::resources(&call, &request).await,
        Endpoint::SearchAction => search::actions(&call, &request).await,
        Endpoint::Question(kind) => questions::answer(&call, kind, incoming.body).await,
        Endpoint::Metadata => Err(Refused::bad_request("metadata has no body")),
    }
}

async fn find(point: &DecisionPoint, id: Option<&str>, demand: Freshness) -> Result<Served> {
    let node = &point.service.node;
    let wanted = match id {
        Some(id) => Some(Id::new(id)),
        None => node.only_instance().await.map_err(unavailable)?,
    };
    let instance = match (&wanted, demand) {
        (None, _) => None,
        (Some(id), Freshness::Local(at_most)) => node.recent_instance(id, at_most).await.map_err(unavailable)?,
        (Some(id), Freshness::Newest) => {
            let served = node.any_instance(id).await.map_err(unavailable)?;
            served.map(|instance| Served { id: id.clone(), instance, staleness: None })
        }
    };
    instance.ok_or_else(|| {
        let message = match id {
            Some(id) => format!("there is no instance `{}`", Excerpt(id)),
            None => "paths without an instance are for servers that hold exactly one; \
                     ask at /instances/{InstanceId}/access/v1/"
                .to_owned(),
        };
        Refused::new(StatusCode::NOT_FOUND, message)
    })
}

fn check_content_type(headers: &HeaderMap) -> Result<()> {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Refused::bad_request(format!("the content type is `{}`, it must be application/json", Excerpt(text))))
}

fn parse(body: &[u8]) -> Result<Request<'_>> {
    let text = std::str::from_utf8(body).map_err(|_| Refused::bad_request("the body is not UTF-8"))?;
    match serde_json::from_str(text) {
        Ok(field::Field::Given(request)) => Ok(request),
        Ok(_) => Err(Refused::bad_request("the body must be a JSON object")),
        Err(error) => Err(Refused::bad_request(format!("the body is not JSON that can be read: {error}"))),
    }
}

impl DecisionCall<'_> {
    /// The state to answer from: one of the revision `at_least` or later.
    async fn state(&self, at_least: u64) -> Result<Arc<Snapshot>> {
        let state = self.instance.writer.read();
        if state.revision() >= at_least {
            return Ok(state);
        }
        let fresh = async {
            loop {
                // Where others write the store, this reads what they have written.
                self.point.service.node.any_instance(&self.id).await.map_err(unavailable)?;
                let state = self.instance.writer.read();
                if state.revision() >= at_least {
                    return Ok(state);
                }
                tokio::time::sleep(FRESH_EVERY).await;
            }
        };
        tokio::time::timeout(FRESH_WITHIN, fresh).await.unwrap_or_else(|_| {
            Err(later(format!("the instance is at revision {}, not yet at {at_least}", state.revision())))
        })
    }

    /// The state for questions with names.
    fn view<'b>(&'b self, state: &'b Snapshot) -> StateView<'b> {
        StateView::whole(state, state.compiled(), self.point.service.config.catalogue())
    }

    /// The state as answers say it.
    fn basis(&self, state: &Snapshot) -> answer::Basis {
        let staleness_ms = self.staleness.map(|staleness| u64::try_from(staleness.as_millis()).unwrap_or(u64::MAX));
        answer::Basis { revision: state.revision(), staleness_ms }
    }
}

/// A refusal of what may succeed in a moment.
fn later(message: impl Into<String>) -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, message).with(RETRY_AFTER, HeaderValue::from_static("1"))
}

/// A refusal because the store could not be asked, or has what cannot be read.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unavailable(error: Error) -> Refused {
    if let Some(detail) = error.detail() {
        tracing::error!("a decision point could not be asked: {detail}");
    }
    later(error.message())
}

/// A refusal with a challenge: the scheme by which the caller has to authenticate.
fn challenge(status: StatusCode, message: impl Into<String>, challenge: &str) -> Refused {
    let value = HeaderValue::from_str(challenge).unwrap_or(HeaderValue::from_static("Bearer"));
    Refused::new(status, message).with(WWW_AUTHENTICATE, value)
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, Target, target};

    #[test]
    fn paths_lead_to_endpoints() {
        let at = |instance, endpoint| Some(Target { instance, endpoint });
        assert_eq!(target("/instances/i/access/v1/evaluation"), at(Some("i"), Some(Endpoint::Evaluation)));
        assert_eq!(target("/access/v1/search/action"), at(None, Some(Endpoint::SearchAction)));
        assert_eq!(target("/access/v1/search"), at(None, None));
        assert_eq!(target("/.well-known/authzen-configuration"), at(None, Some(Endpoint::Metadata)));
        assert_eq!(target("/.well-known/authzen-configuration/instances/i"), at(Some("i"), Some(Endpoint::Metadata)));
        assert_eq!(target("/.well-known/authzen-configuration/instances/i/j"), at(Some("i/j"), None));
        assert_eq!(target("/.well-known/authzen-configurations"), at(None, None));
        for path in ["/instances/i", "/instances/i/access/v2/evaluation", "/instance/i", "/", "/lanyard/v1/health"] {
            assert_eq!(target(path), None, "{path}");
        }
    }
}
