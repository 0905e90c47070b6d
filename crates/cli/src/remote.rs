//! Calls of a running server: of Lanyard's own API, signed like every call, and of its decision points.

use std::path::PathBuf;
use std::sync::Arc;

use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use lanyard_server::SystemEnvironment;
use lanyard_wire::sigv4::{self, RequestView, Secret, Signer};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use crate::commands::Failure;

/// A server, and how to be sure that it is the one.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Endpoint {
    /// The server, such as http://127.0.0.1:4510
    #[arg(long, env = "LANYARD_ENDPOINT", default_value = "http://127.0.0.1:4510", value_name = "URL")]
    endpoint: Uri,

    /// The certificate to trust, PEM; needed where the endpoint begins with https
    #[arg(long, env = "LANYARD_CA", value_name = "FILE")]
    ca: Option<PathBuf>,
}

/// Which server, and who calls.
#[derive(clap::Args)]
pub(crate) struct Remote {
    #[command(flatten)]
    endpoint: Endpoint,

    /// The region whose instances are meant
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1", value_name = "REGION")]
    region: String,
}

/// The key that signs: that of the environment, or the one for development.
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
            _ => Err(Failure::Said(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set both, or neither for the key `test`"
                    .to_owned(),
            )),
        }
    }
}

/// What the body of a refusal has: an object with the message, or the message alone.
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
    /// A server, and the region whose instances are meant.
    pub(crate) fn new(endpoint: Endpoint, region: String) -> Self {
        Self { endpoint, region }
    }

    /// Posts a body, signed, and reads the answer.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses; in its words.
    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &serde_json::Value) -> Result<T, Failure> {
        let answer = self.send(&Method::POST, path, None, body.to_string().into_bytes())?;
        serde_json::from_slice(&answer).map_err(unreadable)
    }

    /// Reads what is at a path.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses; in its words.
    pub(crate) fn get(&self, path: &str, query: Option<&str>) -> Result<Bytes, Failure> {
        self.send(&Method::GET, path, query, Vec::new())
    }

    /// Sends a request, signed, and gives the body of the answer.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses; in its words.
    pub(crate) fn send(
        &self,
        method: &Method,
        path: &str,
        query: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Bytes, Failure> {
        let said = |error: &dyn std::fmt::Display| Failure::Said(error.to_string());
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
        let signature = sigv4::sign(&view, &signer, now).map_err(|error| said(&error))?;
        let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        self.endpoint.send(method, &target, signature, body)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unreadable(error: serde_json::Error) -> Failure {
    Failure::Said(format!("the answer: {error}"))
}

impl Endpoint {
    /// A server at an address; with a certificate where the address begins with https.
    pub(crate) fn new(endpoint: Uri, ca: Option<PathBuf>) -> Self {
        Self { endpoint, ca }
    }

    /// Posts a body with more headers, not signed, and reads the answer.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses; in its words.
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
        let (Some("http" | "https"), Some(authority)) = (self.endpoint.scheme_str(), self.endpoint.authority()) else {
            return Err(Failure::Said(format!("the endpoint `{}` is not of the form http://HOST:PORT", self.endpoint)));
        };
        let host = HeaderValue::from_str(authority.as_str()).map_err(|error| Failure::Said(error.to_string()))?;
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
        *request.uri_mut() = target.parse().map_err(|error| Failure::Said(format!("the path `{target}`: {error}")))?;
        *request.headers_mut() = headers;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (status, answer) = runtime.block_on(self.exchange(request))?;
        if status.is_success() {
            return Ok(answer);
        }
        Err(Failure::Said(match serde_json::from_slice::<Refusal>(&answer) {
            Ok(Refusal::Object { message } | Refusal::Text(message)) => message,
            Err(_) => format!("the server answered {status}"),
        }))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(http::StatusCode, Bytes), Failure> {
        let host = self.endpoint.host().unwrap_or_default();
        let is_tls = self.endpoint.scheme_str() == Some("https");
        let port = self.endpoint.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let tls = if is_tls { Some(self.trust()?) } else { None };
        let unreachable = |error: std::io::Error| Failure::Said(format!("cannot reach {}: {error}", self.endpoint));
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(unreachable)?;
        match tls {
            None => send(stream, request).await,
            Some(tls) => {
                let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
                    .map_err(|_| Failure::Said(format!("`{host}` is not a name that a certificate can have")))?;
                send(tls.connect(name, stream).await.map_err(unreachable)?, request).await
            }
        }
    }

    fn trust(&self) -> Result<TlsConnector, Failure> {
        let Some(file) = &self.ca else {
            return Err(Failure::Said("an https endpoint needs --ca FILE, the certificate to trust".to_owned()));
        };
        let wrong = |error: &dyn std::fmt::Display| Failure::Said(format!("`{}`: {error}", file.display()));
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| wrong(&error))? {
            roots.add(certificate.map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(http::StatusCode, Bytes), Failure> {
    let failed = |error: hyper::Error| Failure::Said(format!("the server did not answer: {error}"));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(failed)?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(failed)?.to_bytes();
    connection.abort();
    Ok((status, body))
}
