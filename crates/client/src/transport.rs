//! One request and its answer, over connections that are kept and used again.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use lanyard_local_file::LARGEST_OF_KEYS;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use zeroize::Zeroizing;

use crate::{Endpoint, Proxy};

/// How long connecting, and the whole of an answer, may take.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(60);

/// How long a connection is kept without a request: less than after what services close it, since a request that meets
/// the close may or may not have been done.
const KEPT: Duration = Duration::from_secs(10);

/// The largest answer, in bytes.
const LARGEST: usize = 64 << 20;

/// A request that could not be sent, or that was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    /// Whether the request may have reached the service.
    pub was_sent: bool,
    message: String,
}

impl TransportError {
    fn not_sent(message: String) -> Self {
        Self { was_sent: false, message }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {}

/// An answer, whatever its status.
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// The connections to an endpoint, for requests that are written and signed already.
pub struct Transport {
    endpoint: Endpoint,
    tls: Option<TlsConnector>,
    /// Connections without a request under way, and since when.
    idle: Mutex<Vec<(SendRequest<Full<Bytes>>, Instant)>>,
}

impl Transport {
    /// Connections to an endpoint; none is made yet.
    ///
    /// # Errors
    /// The certificates to trust cannot be read.
    pub fn new(endpoint: Endpoint) -> Result<Self, TransportError> {
        let tls = endpoint.is_tls().then(|| trust(&endpoint)).transpose()?;
        Ok(Self { endpoint, tls, idle: Mutex::new(Vec::new()) })
    }

    /// Sends a request, whose address is only a path, once, and reads the answer.
    ///
    /// # Errors
    /// The endpoint cannot be reached, is not the one that it should be, or does not answer in time.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answered, TransportError> {
        let mut sender = match self.idle_connection().await {
            Some(sender) => sender,
            None => self.connect().await?,
        };
        let late = |_| TransportError {
            was_sent: true,
            message: format!("{} did not answer within {} s", self.endpoint, ANSWER.as_secs()),
        };
        let answer = tokio::time::timeout(ANSWER, self.exchange(&mut sender, request)).await.map_err(late)??;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((sender, Instant::now()));
        Ok(answer)
    }

    async fn exchange(
        &self,
        sender: &mut SendRequest<Full<Bytes>>,
        request: Request<Full<Bytes>>,
    ) -> Result<Answered, TransportError> {
        let failed = |was_sent, error: &dyn fmt::Display| TransportError {
            was_sent,
            message: format!("{} did not answer: {error}", self.endpoint),
        };
        let answer = sender.send_request(request).await.map_err(|error| failed(!error.is_canceled(), &error))?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(|error| failed(true, &error))?;
        Ok(Answered { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }

    /// A connection that was kept and still stands.
    async fn idle_connection(&self) -> Option<SendRequest<Full<Bytes>>> {
        loop {
            let (mut sender, since) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if since.elapsed() < KEPT && sender.ready().await.is_ok() {
                return Some(sender);
            }
        }
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, TransportError> {
        let unreachable =
            |error: &dyn fmt::Display| TransportError::not_sent(format!("cannot reach {}: {error}", self.endpoint));
        let connecting = async {
            let stream = match &self.endpoint.proxy {
                None => TcpStream::connect((self.endpoint.host(), self.endpoint.port())).await?,
                Some(proxy) => self.connect_through(proxy).await?,
            };
            stream.set_nodelay(true)?;
            match &self.tls {
                None => Ok(open(stream).await),
                Some(tls) => {
                    let name = ServerName::try_from(self.endpoint.host().to_owned()).map_err(std::io::Error::other)?;
                    Ok(open(tls.connect(name, stream).await?).await)
                }
            }
        };
        let connected: Result<Result<_, std::io::Error>, _> = tokio::time::timeout(CONNECT, connecting).await;
        let opened = connected.map_err(|_| unreachable(&format!("no answer within {} s", CONNECT.as_secs())))?;
        opened.map_err(|error| unreachable(&error))?.map_err(|error| unreachable(&error))
    }
}

/// The most bytes of a proxy's answer to `CONNECT`: its status and headers.
const PROXY_HEAD: usize = 8 << 10;

impl Transport {
    /// Requests a connection to the endpoint from a proxy.
    async fn connect_through(&self, proxy: &Proxy) -> std::io::Result<TcpStream> {
        let mut stream = TcpStream::connect((proxy.host.as_str(), proxy.port)).await?;
        let host = match self.endpoint.host() {
            host if host.contains(':') => format!("[{host}]:{}", self.endpoint.port()),
            host => format!("{host}:{}", self.endpoint.port()),
        };
        let mut request = Zeroizing::new(format!("CONNECT {host} HTTP/1.1\r\nhost: {host}\r\n"));
        if let Some(authorization) = &proxy.authorization {
            request.push_str("proxy-authorization: ");
            request.push_str(authorization);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await?;
        // One byte at a time: what follows the head is the endpoint's.
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() >= PROXY_HEAD {
                return Err(std::io::Error::other("the proxy did not answer as a proxy does"));
            }
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head);
        let status = head.lines().next().unwrap_or_default();
        match status.split(' ').nth(1) {
            Some(code) if code.starts_with('2') => Ok(stream),
            _ => Err(std::io::Error::other(format!("the proxy answered `{status}`"))),
        }
    }
}

async fn open(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<SendRequest<Full<Bytes>>, hyper::Error> {
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // A failure of the connection is reported by the request that is under way.
    tokio::spawn(connection);
    Ok(sender)
}

/// Trusts the endpoint's own certificates, or those that the machine trusts.
fn trust(endpoint: &Endpoint) -> Result<TlsConnector, TransportError> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = &endpoint.ca {
        let wrong = |error: &dyn fmt::Display| {
            TransportError::not_sent(format!("the certificates `{}`: {error}", file.display()))
        };
        let bytes = lanyard_local_file::read(file, LARGEST_OF_KEYS).map_err(|error| wrong(&error))?;
        for certificate in CertificateDer::pem_slice_iter(&bytes) {
            roots.add(certificate.map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))?;
        }
    } else {
        // Machines have certificates that cannot be read; those do no harm while there are others.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(TransportError::not_sent(
            "the machine trusts no certificates; name a file of those to trust (--ca FILE, or AWS_CA_BUNDLE)"
                .to_owned(),
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::not_sent(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
