//! Calls of a running server: signed ones of the Connect and administration APIs, and unsigned ones of decision points.

use std::path::PathBuf;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use lanyard_client::Transport;
use lanyard_model::into_shown;
use lanyard_service::SystemEnvironment;
use lanyard_wire::sigv4::{self, RequestView, Secret, Signer};
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// The address of a server, and the certificates to trust.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    address: Uri,
    /// A file of certificates to trust instead of the machine's, PEM.
    ca: Option<PathBuf>,
}

/// A server that is called with signed requests, in one region.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    endpoint: Endpoint,
    region: String,
}

/// The access key that signs: that of the environment, or the key for development.
struct Key {
    id: String,
    secret: Secret,
    session_token: Option<String>,
}

impl Key {
    fn from_environment() -> Result<Self, Failure> {
        let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let session_token = read("AWS_SESSION_TOKEN");
        match (read("AWS_ACCESS_KEY_ID"), read("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => Ok(Self { id, secret: Secret::new(secret), session_token }),
            (None, None) => Ok(Self { id: "test".into(), secret: Secret::new("test".into()), session_token: None }),
            _ => Err(Failure::Message(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set both, or neither for the key `test`"
                    .to_owned(),
            )),
        }
    }
}

/// The body of a refusal: an object with the message, or only the message.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Refusal {
    Object {
        #[serde(rename = "Message")]
        message: String,
    },
    Text(String),
}

impl Remote {
    /// A server, and the region of the calls.
    pub(crate) fn new(endpoint: Endpoint, region: String) -> Self {
        Self { endpoint, region }
    }

    /// The address, without a slash at its end.
    pub(crate) fn address(&self) -> String {
        self.endpoint.address.to_string().trim_end_matches('/').to_owned()
    }

    /// Whether the server is Lanyard, which answers a health check that no other service has.
    pub(crate) fn is_lanyard(&self) -> bool {
        self.get("/lanyard/v1/health", None).is_ok()
    }

    /// Posts a body, signed, and reads the answer.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses the call with a message of its own.
    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &serde_json::Value) -> Result<T, Failure> {
        let answer = self.send(&Method::POST, path, None, body.to_string().into_bytes())?;
        serde_json::from_slice(&answer).map_err(unreadable)
    }

    /// Reads what is at a path.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses the call with a message of its own.
    pub(crate) fn get(&self, path: &str, query: Option<&str>) -> Result<Bytes, Failure> {
        self.send(&Method::GET, path, query, Vec::new())
    }

    /// Sends a request, signed, and gives the body of the answer.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses the call with a message of its own.
    pub(crate) fn send(
        &self,
        method: &Method,
        path: &str,
        query: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Bytes, Failure> {
        let key = Key::from_environment()?;
        let headers = self.endpoint.headers()?;
        let view =
            RequestView { method: method.as_str(), raw_path: path, raw_query: query, headers: &headers, body: &body };
        let signer = Signer {
            access_key_id: &key.id,
            secret: &key.secret,
            session_token: key.session_token.as_deref(),
            region: &self.region,
            service: "connect",
        };
        let now = SystemEnvironment::shared().now().0 / 1_000;
        let signature = sigv4::sign(&view, &signer, now).map_err(Failure::from_error)?;
        let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        self.endpoint.send(method, &target, signature, body)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err passes the error by value")]
fn unreadable(error: serde_json::Error) -> Failure {
    Failure::Message(format!("the server's answer cannot be read: {error}"))
}

impl Endpoint {
    /// A server at an address. `ca` is a file of certificates to trust instead of the machine's.
    pub(crate) fn new(address: Uri, ca: Option<PathBuf>) -> Self {
        Self { address, ca }
    }

    /// Posts a body with more headers, not signed, and reads the answer.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses the call with a message of its own.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        more: HeaderMap,
        body: &serde_json::Value,
    ) -> Result<T, Failure> {
        let answer = self.send(&Method::POST, path, more, body.to_string().into_bytes())?;
        serde_json::from_slice(&answer).map_err(unreadable)
    }

    /// The headers that every request has.
    fn headers(&self) -> Result<HeaderMap, Failure> {
        let (Some("http" | "https"), Some(authority)) = (self.address.scheme_str(), self.address.authority()) else {
            return Err(Failure::Message(format!(
                "the endpoint `{}` is not of the form http://HOST:PORT",
                self.address
            )));
        };
        let host = HeaderValue::from_str(authority.as_str()).map_err(Failure::from_error)?;
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(headers)
    }

    fn send(&self, method: &Method, target: &str, more: HeaderMap, body: Vec<u8>) -> Result<Bytes, Failure> {
        let mut headers = self.headers()?;
        headers.extend(more);
        let mut request = Request::new(Full::from(body));
        request.method_mut().clone_from(method);
        *request.uri_mut() =
            target.parse().map_err(|error| Failure::Message(format!("the path `{target}`: {error}")))?;
        *request.headers_mut() = headers;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (status, answer) = runtime.block_on(self.exchange(request))?;
        if status.is_success() {
            return Ok(answer);
        }
        let message = match serde_json::from_slice::<Refusal>(&answer) {
            Ok(Refusal::Object { message } | Refusal::Text(message)) => into_shown(message),
            Err(_) => format!("the server answered {status}"),
        };
        Err(if status == http::StatusCode::UNPROCESSABLE_ENTITY {
            Failure::NotUnderstood(message)
        } else {
            Failure::Message(message)
        })
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(http::StatusCode, Bytes), Failure> {
        let mut endpoint = lanyard_client::Endpoint::new(&self.address.to_string()).map_err(Failure::from_error)?;
        endpoint.ca.clone_from(&self.ca);
        let transport = Transport::new(endpoint).map_err(Failure::from_error)?;
        let answer = transport.send(request).await.map_err(Failure::from_error)?;
        Ok((answer.status, answer.body))
    }
}
