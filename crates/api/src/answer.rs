//! From a request to the surface that it is for, and from the surface's reply to an answer.
//!
//! A request that may write runs to its end in a task of its own even when the client goes away.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use lanyard_authn::Credentials;
use lanyard_model::visible::one_line;
use lanyard_service::error::{Error, panic_text};
use lanyard_service::{Reply, Service};
use lanyard_wire::error_body;

use crate::admin_api::{self, Surface};
use crate::authenticator::Authenticator;
use crate::authzen::{self, DecisionPoint};
use crate::request::{Answer, Body, Incoming, Refusal, Unread, whole};
use crate::settings::{Settings, StartError};
use crate::{app_integrations, connect};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// The revision of the instance that a write made; of the registry, where instances were deleted.
const REVISION: HeaderName = HeaderName::from_static("x-lanyard-revision");
/// The header with warnings about a request that succeeded.
const WARNING: HeaderName = HeaderName::from_static("x-lanyard-warning");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Every surface of a service.
pub struct Api {
    service: Arc<Service>,
    authenticator: Authenticator,
    decision_point: DecisionPoint,
}

impl Api {
    /// The surfaces of `service` for callers with these keys.
    ///
    /// # Errors
    /// When the decision log cannot be written.
    pub fn new(
        service: Arc<Service>,
        credentials: Arc<Credentials>,
        settings: &Settings,
    ) -> Result<Arc<Self>, StartError> {
        let environment = Arc::clone(&service.node.environment);
        Ok(Arc::new(Self {
            authenticator: Authenticator::new(credentials, settings.throttle, environment, &service.cells),
            decision_point: DecisionPoint::new(Arc::clone(&service), settings)?,
            service,
        }))
    }
}

/// Answers one request, whose body was read or not.
pub async fn answer(api: Arc<Api>, parts: http::request::Parts, body: Result<Bytes, Unread>) -> Answer {
    let target = authzen::target(parts.uri.path());
    let new_request_id = || api.service.node.environment.request_id().to_string();
    if let (Some(target), Ok(body)) = (target, &body) {
        let request = incoming(&parts, body, "");
        let answer = caught(&parts, new_request_id, authzen::answer(&api.decision_point, target, &request)).await;
        tracing::debug!(path = parts.uri.path(), status = answer.status().as_u16());
        return answer;
    }
    let request_id = new_request_id();
    let body = match body {
        Ok(body) => body,
        Err(unread) => {
            let error = Error::from(unread);
            let mut answer = match target {
                Some(_) => authzen::unreadable(error.message(), &parts.headers),
                None => refused(&Refusal::of(error), &request_id),
            };
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            return answer;
        }
    };
    if parts.method == Method::GET {
        return caught(&parts, || request_id.clone(), run(&api, &parts, &body, &request_id)).await;
    }
    let lost_id = request_id.clone();
    let answered = async move { caught(&parts, || request_id.clone(), run(&api, &parts, &body, &request_id)).await };
    tokio::spawn(answered).await.unwrap_or_else(|error| {
        tracing::error!(request_id = lost_id, "a request was lost: {error}");
        refused(&Refusal::of(Error::internal("the request was lost")), &lost_id)
    })
}

/// The answer of a handler, or, when it panics, the answer for a failure of the server, with the request's identifier, under
/// which the log has the reason.
async fn caught(
    parts: &http::request::Parts,
    request_id: impl FnOnce() -> String,
    handler: impl Future<Output = Answer>,
) -> Answer {
    let mut handler = pin!(handler);
    let answered = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
        Ok(Poll::Ready(answer)) => Poll::Ready(Ok(answer)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(panic) => Poll::Ready(Err(panic)),
    });
    answered.await.unwrap_or_else(|panic| {
        let (text, request_id) = (panic_text(panic.as_ref()), request_id());
        tracing::error!(request_id, method = %parts.method, path = parts.uri.path(), "a handler panicked: {text}");
        refused(&Refusal::of(Error::internal(text)), &request_id)
    })
}

fn incoming<'a>(parts: &'a http::request::Parts, body: &'a Bytes, request_id: &'a str) -> Incoming<'a> {
    Incoming {
        method: &parts.method,
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body,
        request_id,
    }
}

async fn run(api: &Api, parts: &http::request::Parts, body: &Bytes, request_id: &str) -> Answer {
    let (service, authenticator) = (&*api.service, &api.authenticator);
    let incoming = incoming(parts, body, request_id);
    let outcome = match admin_api::is_admin_path(incoming.path) {
        true if admin_api::state_path(&incoming).is_some() => {
            let state = admin_api::state(&Surface { service, authenticator }, &incoming).await;
            state.map(|pieces| accepted_pieces(pieces, request_id)).map_err(Refusal::of)
        }
        true => {
            let outcome = admin_api::answer(&Surface { service, authenticator }, &incoming).await;
            outcome.map(|reply| accepted(reply, request_id)).map_err(Refusal::of)
        }
        false if app_integrations::is_meant(&incoming) => {
            let outcome = app_integrations::answer(service, authenticator, &incoming).await;
            outcome.map(|reply| accepted(reply, request_id))
        }
        false => connect::answer(service, authenticator, &incoming).await.map(|reply| accepted(reply, request_id)),
    };
    let answer = match outcome {
        Ok(answer) => answer,
        Err(refusal) => {
            if let Some(detail) = refusal.error.detail() {
                tracing::error!(request_id, path = incoming.path, "{detail}");
            }
            refused(&refusal, request_id)
        }
    };
    tracing::debug!(request_id, method = %parts.method, path = incoming.path, status = answer.status().as_u16());
    answer
}

fn accepted(reply: Reply, request_id: &str) -> Answer {
    let mut answer = json(StatusCode::OK, reply.body, request_id);
    let headers = answer.headers_mut();
    if let Some(revision) = reply.revision {
        headers.insert(REVISION, HeaderValue::from(revision));
    }
    for warning in &reply.warnings {
        let ascii: String = warning.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect();
        if let Ok(value) = HeaderValue::from_str(&ascii) {
            headers.append(WARNING, value);
        }
    }
    answer
}

/// An answer whose body follows in pieces.
fn accepted_pieces(body: Body, request_id: &str) -> Answer {
    json(StatusCode::OK, Vec::new(), request_id).map(|_| body)
}

fn refused(refusal: &Refusal, request_id: &str) -> Answer {
    let (error, kind) = (&refusal.error, refusal.error.kind_for(refusal.errors));
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = json(status, error_body(&one_line(error.message()), error.members_as(kind)), request_id);
    answer.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(kind.name()));
    answer
}

/// An answer with a JSON body, or with none.
fn json(status: StatusCode, body: Vec<u8>, request_id: &str) -> Answer {
    let mut answer = Response::new(whole(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    answer
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_answer_with_the_identifier_of_its_request() {
        let (parts, ()) = http::Request::builder().uri("/users/a").body(()).unwrap().into_parts();
        let broken = async {
            tokio::task::yield_now().await;
            panic!("a secret of the server")
        };
        let answer = caught(&parts, || "request-1".to_owned(), broken).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[REQUEST_ID], "request-1");
        assert_eq!(answer.headers()[ERROR_TYPE], "InternalServiceException");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("secret"), "{body:?}");
    }
}
