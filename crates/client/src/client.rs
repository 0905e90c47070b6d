//! Calls: signed, rate-limited, and sent again when that can help and does no harm.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::Full;
use hyper::body::Bytes;
use lanyard_wire::sigv4::{self, RequestView, Signer};
use lanyard_wire::{Input, Operation, Output, RequestParts, ServiceOperation};

use crate::credentials::{CredentialCache, Credentials};
use crate::transport::{Answered, Transport};
use crate::{
    AMAZON_RATE, Environment, Error, Fault, Limiter, Paged, Pages, Retry, Settings, SystemEnvironment, TransportError,
};

/// The name under which the service's requests are signed.
const SERVICE: &str = "connect";

/// How many times a call tries to connect: a service that cannot be reached will not be reachable soon.
const CONNECTING: u32 = 3;

/// How calls are made.
pub struct Options {
    /// Calls a second: against Amazon's service [`AMAZON_RATE`] where `None`, and no limit elsewhere.
    pub rate: Option<f64>,
    /// When calls are sent again.
    pub retry: Retry,
    /// The clock, and randomness.
    pub environment: Arc<dyn Environment>,
}

impl Default for Options {
    fn default() -> Self {
        Self { rate: None, retry: Retry::default(), environment: Arc::new(SystemEnvironment) }
    }
}

/// A client of one endpoint and region. Calls may be made at the same time; they share the rate.
pub struct Client {
    transport: Transport,
    host: HeaderValue,
    region: String,
    credential_cache: CredentialCache,
    limiter: Mutex<Limiter>,
    retry: Retry,
    environment: Arc<dyn Environment>,
    sent: Mutex<BTreeMap<Operation, u64>>,
}

impl Client {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// The certificates to trust cannot be read.
    pub fn new(settings: Settings, options: Options) -> Result<Self, TransportError> {
        let is_amazon = settings.endpoint.is_amazon();
        let rate = options.rate.or_else(|| is_amazon.then_some(AMAZON_RATE));
        Ok(Self {
            host: HeaderValue::from_str(settings.endpoint.authority()).unwrap_or(HeaderValue::from_static("")),
            transport: Transport::new(settings.endpoint)?,
            region: settings.region,
            credential_cache: CredentialCache::new(settings.source),
            limiter: Mutex::new(Limiter::new(rate)),
            retry: options.retry,
            environment: options.environment,
            sent: Mutex::default(),
        })
    }

    /// Calls the operation whose input this is.
    ///
    /// A call that was throttled or never reached the service is sent again; one that failed otherwise only when it
    /// reads, since it may have been done.
    ///
    /// # Errors
    /// The service's refusal or the transport's failure, once no attempt is left. Required members of the path must not be
    /// empty; the service checks other constraints.
    pub async fn call<I: Input<Operation = Operation>>(&self, input: &I) -> Result<I::Output, Error> {
        let operation = I::OPERATION;
        let (answer, request_id) = self.send(operation, &input.to_request()).await?;
        I::Output::from_body(&answer.body).map_err(|error| {
            Error::new(operation, Fault::Unreadable, error.to_string()).with_request_id(request_id.as_deref())
        })
    }

    /// Calls an operation whose request is written already, and answers the body as it came.
    ///
    /// # Errors
    /// See [`Self::call`].
    pub async fn call_written(&self, operation: Operation, parts: &RequestParts) -> Result<Bytes, Error> {
        self.send(operation, parts).await.map(|(answer, _)| answer.body)
    }

    /// The pages of a list.
    pub fn pages<I: Paged>(&self, input: I) -> Pages<'_, I> {
        Pages::new(self, input)
    }

    /// How often each operation was sent so far, every attempt counted.
    #[must_use]
    pub fn sent(&self) -> BTreeMap<Operation, u64> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls a second that are made at most, as things stand; `None` without a limit.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        self.limiter.lock().unwrap_or_else(PoisonError::into_inner).rate()
    }

    /// The region that calls are for.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Sends a request until it is answered, refused for good, or no attempt is left.
    async fn send(&self, operation: Operation, parts: &RequestParts) -> Result<(Answered, Option<String>), Error> {
        if parts.path.split('/').skip(1).any(|label| matches!(label, "" | "." | "..")) {
            return Err(Error::new(operation, Fault::NotSent, "an identifier in the path is empty or dots"));
        }
        let mut attempt = 1;
        loop {
            let wait = self.limiter.lock().unwrap_or_else(PoisonError::into_inner).reserve(self.environment.now());
            tokio::time::sleep(wait).await;
            let now = self.environment.now();
            let credentials = self.credential_cache.get(now).await;
            let credentials = credentials.map_err(|error| Error::new(operation, Fault::NotSent, error.to_string()))?;
            let (error, is_unreached) = match self.attempt(operation, parts, &credentials, now).await {
                Ok(answered) => {
                    self.limiter.lock().unwrap_or_else(PoisonError::into_inner).answered();
                    return Ok(answered);
                }
                Err(failed) => failed,
            };
            if error.is_throttling() {
                let now = self.environment.now();
                self.limiter.lock().unwrap_or_else(PoisonError::into_inner).throttled(now);
            }
            let may_help = match error.fault() {
                Fault::NotSent => is_unreached && attempt < CONNECTING,
                _ if error.has_expired_credentials() => {
                    attempt == 1 && self.credential_cache.refused(&credentials).await
                }
                _ => error.is_throttling() || (error.is_transient() && operation.is_read()),
            };
            if !may_help || attempt >= self.retry.attempts {
                return Err(error.after_attempts(attempt));
            }
            tokio::time::sleep(self.retry.wait(attempt, self.environment.random())).await;
            attempt += 1;
        }
    }

    /// Sends a request once; with an error, whether the service could not be reached.
    async fn attempt(
        &self,
        operation: Operation,
        parts: &RequestParts,
        credentials: &Credentials,
        now: i64,
    ) -> Result<(Answered, Option<String>), (Error, bool)> {
        let unsent = |error: &dyn std::fmt::Display| (Error::new(operation, Fault::NotSent, error.to_string()), false);
        let body = parts.body.as_deref().unwrap_or_default();
        let mut headers = HeaderMap::new();
        headers.insert(HOST, self.host.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("lanyard/", env!("CARGO_PKG_VERSION"))));
        if parts.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let view = RequestView {
            method: parts.method,
            raw_path: &parts.path,
            raw_query: parts.query.as_deref(),
            headers: &headers,
            body,
        };
        let signer = Signer {
            access_key_id: &credentials.access_key_id,
            secret: &credentials.secret,
            session_token: credentials.session_token.as_deref().map(String::as_str),
            region: &self.region,
            service: SERVICE,
        };
        let signature = sigv4::sign(&view, &signer, now.div_euclid(1_000)).map_err(|error| unsent(&error))?;
        headers.extend(signature);
        let address = match &parts.query {
            Some(query) => format!("{}?{query}", parts.path),
            None => parts.path.clone(),
        };
        let mut request = Request::new(Full::new(Bytes::copy_from_slice(body)));
        *request.method_mut() = parts.method.parse().map_err(|error: http::method::InvalidMethod| unsent(&error))?;
        *request.uri_mut() = address.parse().map_err(|error: http::uri::InvalidUri| unsent(&error))?;
        *request.headers_mut() = headers;

        *self.sent.lock().unwrap_or_else(PoisonError::into_inner).entry(operation).or_default() += 1;
        let answer = self.transport.send(request).await.map_err(|error| {
            let fault = if error.was_sent { Fault::NoAnswer } else { Fault::NotSent };
            (Error::new(operation, fault, error.to_string()), !error.was_sent)
        })?;
        let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
        let request_id = header("x-amzn-requestid").map(str::to_owned);
        if answer.status.is_success() {
            return Ok((answer, request_id));
        }
        let error_type = header("x-amzn-errortype");
        let status = answer.status.as_u16();
        Err((Error::refused(operation, status, error_type, request_id.as_deref(), &answer.body), false))
    }
}
