//! HTTP: from bytes to a request with its body read, and from an answer to bytes.
//!
//! A body is bounded in size and in time. Whatever may write runs to its end in a task of its own even when the client
//! goes away, so that what became durable is published.

mod connection;
pub mod listener;
pub mod tls;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Body;
use lanyard_wire::{ErrorKind, error_body};

use crate::access;
use crate::admin_api;
use crate::app_integrations;
use crate::error::{Error, panic_text};
use crate::server::{Incoming, Refusal, Reply, Server};
use connection::Progress;

/// The largest body that is read, in bytes.
const MOST_BYTES: usize = 1 << 20;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// The revision of the instance that a write made; of the registry, where instances were deleted.
const REVISION: HeaderName = HeaderName::from_static("x-lanyard-revision");
/// What the caller should know although the request succeeded.
const WARNING: HeaderName = HeaderName::from_static("x-lanyard-warning");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What every request is answered with.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Answers one request.
async fn answer<B>(server: Arc<Server>, progress: &Progress, request: http::Request<B>) -> Answer
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (parts, body) = request.into_parts();
    let target = access::target(parts.uri.path());
    let body = read_body(progress, body).await;
    progress.begin_work();
    if let (Some(target), Ok(body)) = (target, &body) {
        let request = incoming(&parts, body, "");
        let request_id = || server.node.environment.request_id().to_string();
        let answer = caught(&parts, request_id, access::answer(&server, target, &request)).await;
        tracing::debug!(path = parts.uri.path(), status = answer.status().as_u16());
        return answer;
    }
    let request_id = server.node.environment.request_id().to_string();
    let body = match body {
        Ok(body) => body,
        Err(error) => {
            let mut answer = match target {
                Some(_) => access::unreadable(error.message(), &parts.headers),
                None => refused(&Refusal { errors: None, error }, &request_id),
            };
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            return answer;
        }
    };
    if parts.method == Method::GET {
        return caught(&parts, || request_id.clone(), run(&server, &parts, &body, &request_id)).await;
    }
    let lost_id = request_id.clone();
    let answered = async move { caught(&parts, || request_id.clone(), run(&server, &parts, &body, &request_id)).await };
    tokio::spawn(answered).await.unwrap_or_else(|error| {
        tracing::error!(request_id = lost_id, "a request was lost: {error}");
        refused(&Refusal { errors: None, error: Error::internal("the request was lost") }, &lost_id)
    })
}

/// The answer of a handler, or, when it panics, the answer that says that the server failed: with the request's
/// identifier, under which the log has the reason.
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
        refused(&Refusal { errors: None, error: Error::internal(text) }, &request_id)
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

async fn run(server: &Server, parts: &http::request::Parts, body: &Bytes, request_id: &str) -> Answer {
    let incoming = incoming(parts, body, request_id);
    let outcome = match admin_api::is_admin_path(incoming.path) {
        true => admin_api::answer(server, &incoming).await.map_err(|error| Refusal { errors: None, error }),
        false if app_integrations::is_meant(&incoming) => server.app_integrations(&incoming).await,
        false => server.connect(&incoming).await,
    };
    let answer = match outcome {
        Ok(reply) => accepted(reply, request_id),
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

async fn read_body<B>(progress: &Progress, body: B) -> Result<Bytes, Error>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let too_large =
        || Error::invalid_request(format!("the body is larger than {MOST_BYTES} bytes, the most that is read"));
    if body.size_hint().lower() > MOST_BYTES as u64 {
        return Err(too_large());
    }
    match progress.in_time(Limited::new(body, MOST_BYTES).collect()).await {
        Some(Ok(collected)) => Ok(collected.to_bytes()),
        Some(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(too_large()),
        Some(Err(_)) => Err(Error::new(ErrorKind::SerializationException, "the body ended before it was complete")),
        None => Err(Error::new(ErrorKind::SerializationException, "the body took too long to arrive")),
    }
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

fn refused(refusal: &Refusal, request_id: &str) -> Answer {
    let (error, kind) = (&refusal.error, refusal.error.kind_for(refusal.errors));
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = json(status, error_body(error.message(), error.members_as(kind)), request_id);
    answer.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(kind.name()));
    answer
}

/// An answer with a JSON body, or with none.
fn json(status: StatusCode, body: Vec<u8>, request_id: &str) -> Answer {
    let mut answer = Response::new(Full::from(body));
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
