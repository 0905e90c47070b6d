//! Requests to every surface of a service in memory: no panic, and no answer of 5xx.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::BodyExt as _;
use lanyard_api::{Api, Settings, answer};
use lanyard_authn::Credentials;
use lanyard_service::{Config, Service};
use lanyard_store::Store;
use lanyard_store::double::MemoryStore;
use lanyard_wire::sigv4::{self, RequestView, Secret, Signer};
use tokio::runtime::Runtime;

use crate::environment::{Counting, NOW};

/// The line between two requests of one input.
const NEXT: &[u8] = b"\n---\n";

/// How many requests of one input are sent.
const MOST: usize = 12;

/// How long a body is that is sent, in bytes: longer ones take time and find nothing.
const MOST_BYTES: usize = 64 << 10;

/// The requests that make the contact centre that inputs are about, with a resource of each kind.
const WORLD: &[u8] = include_bytes!("../world.http");

/// From which number on identifiers count up in an input, after those of the world.
const AFTER_WORLD: u64 = 0x1_0000;

static MADE: LazyLock<MemoryStore> = LazyLock::new(|| make(WORLD).0);

/// Requests, one after another, to a contact centre with a resource of each kind.
///
/// An input is requests in the form of HTTP/1.1, with lines that end in `\n`, and lines of `---` between them. One without
/// an `authorization` header is signed by the key that the server knows. New identifiers count up from
/// `00000000-0000-4000-8000-000000010000`.
pub fn http(input: &[u8]) {
    drop(answers(input));
}

/// The requests of an input of [`http()`], and the status and body of each answer.
pub fn answers(input: &[u8]) -> Vec<Answered> {
    let store = MADE.fork();
    runtime().block_on(async {
        let api = api(store, AFTER_WORLD).await;
        let mut answers = Vec::new();
        for request in split(input, NEXT).take(MOST) {
            answers.extend(send(&api, request).await);
        }
        answers
    })
}

/// A request, and the status and body of its answer.
pub type Answered = (String, u16, String);

/// A store that any number of requests have filled, and their answers.
pub fn make(input: &[u8]) -> (MemoryStore, Vec<Answered>) {
    runtime().block_on(async {
        let store = Arc::new(MemoryStore::default());
        let api = api(Arc::clone(&store), 0).await;
        let mut answers = Vec::new();
        for request in split(input, NEXT) {
            answers.extend(send(&api, request).await);
        }
        (store.fork(), answers)
    })
}

thread_local! {
    static DECISION_POINT: (Runtime, Arc<Api>) = {
        let (store, runtime) = (MADE.fork(), runtime());
        let api = runtime.block_on(api(store, AFTER_WORLD));
        (runtime, api)
    };
}

/// A question to a decision point, which changes nothing.
///
/// An input is one request in the form of that of [`http()`], to a path with `/access`; another is not sent.
pub fn authzen(input: &[u8]) {
    DECISION_POINT.with(|(runtime, api)| {
        let line = input.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_question = line.windows(7).any(|it| it == b"/access") && !line.windows(6).any(|it| it == b"tokens");
        if is_question {
            drop(runtime.block_on(send(api, input)));
        }
    });
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

async fn api(store: impl Store, first_id: u64) -> Arc<Api> {
    let environment = Arc::new(Counting::from(first_id));
    let service = Service::start(Arc::new(store), environment, Config::default());
    let credentials = Arc::new(Credentials::new(None, Vec::new()).unwrap());
    Api::new(service, credentials, &Settings { loopback: true, ..Settings::default() }).unwrap()
}

async fn send(api: &Arc<Api>, bytes: &[u8]) -> Option<Answered> {
    let (parts, body) = read(bytes)?;
    let shown = format!("{} {}", parts.method, parts.uri);
    let answer = answer(Arc::clone(api), parts, Ok(body)).await;
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    // Operations that Lanyard knows and does not serve are answered so, on purpose.
    let is_meant = status == StatusCode::NOT_IMPLEMENTED;
    assert!(is_meant || !status.is_server_error(), "{shown} was answered {status}: {body}");
    Some((shown, status.as_u16(), body))
}

/// The parts of an input between separators.
fn split<'a>(mut rest: &'a [u8], separator: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let at = rest.windows(separator.len()).position(|it| it == separator);
        is_over = at.is_none();
        let (part, after) = rest.split_at(at.unwrap_or(rest.len()));
        rest = after.get(separator.len()..).unwrap_or_default();
        Some(part)
    })
}

/// A request as hyper would pass it on; `None` where hyper would refuse it.
pub(crate) fn read(bytes: &[u8]) -> Option<(Parts, Bytes)> {
    let (head, body) = match bytes.windows(2).position(|it| it == b"\n\n") {
        Some(at) => (bytes.get(..at)?, bytes.get(at + 2..)?),
        None => (bytes, &b""[..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut words = lines.next()?.splitn(2, |byte| *byte == b' ');
    let method = Method::from_bytes(words.next()?).ok()?;
    let uri = Uri::try_from(words.next()?).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
        let value = HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?;
        headers.append(HeaderName::from_bytes(name).ok()?, value);
    }
    let body = Bytes::copy_from_slice(body.get(..body.len().min(MOST_BYTES))?);
    let (mut parts, ()) = Request::builder().method(method).uri(uri).body(()).ok()?.into_parts();
    parts.headers = headers;
    if !parts.headers.contains_key("authorization") {
        sign(&mut parts, &body);
    }
    Some((parts, body))
}

fn sign(parts: &mut Parts, body: &[u8]) {
    parts.headers.entry("host").or_insert(HeaderValue::from_static("localhost"));
    let secret = Secret::new("test".to_owned());
    let service = match parts.uri.path().starts_with("/applications") {
        true => "app-integrations",
        false => "connect",
    };
    let signer = Signer { access_key_id: "test", secret: &secret, session_token: None, region: "us-east-1", service };
    if let Ok(added) = sigv4::sign(&view(parts, body), &signer, NOW) {
        parts.headers.extend(added);
    }
}

pub(crate) fn view<'a>(parts: &'a Parts, body: &'a [u8]) -> RequestView<'a> {
    RequestView {
        method: parts.method.as_str(),
        raw_path: parts.uri.path(),
        raw_query: parts.uri.query(),
        headers: &parts.headers,
        body,
    }
}
