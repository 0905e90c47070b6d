//! The caller of a request: the key that signed it, or the token of a session.

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use lanyard_authn::{Credential, Credentials, Mode};
use lanyard_model::Scope;
use lanyard_service::context::{Call, Caller};
use lanyard_service::error::{Error, Result};
use lanyard_service::{Environment, SharedCells};
use lanyard_wire::ErrorKind;
use lanyard_wire::sigv4::{self, KeyCache};

use crate::request::{Incoming, check_content_type};
use crate::throttle::Throttle;

/// The signing name under which Amazon Connect's clients sign.
const CONNECT: &str = "connect";

/// Finds the caller of a request.
pub(crate) struct Authenticator {
    credentials: Arc<Credentials>,
    signing_keys: KeyCache<Credential>,
    throttle: Option<Throttle>,
    environment: Arc<dyn Environment>,
}

/// The token of a request that comes with a session instead of a signature.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    const SCHEME: &[u8] = b"bearer ";
    let value = headers.get(AUTHORIZATION)?;
    // Signed requests have this header too; the scheme distinguishes them without further parsing.
    let scheme = value.as_bytes().get(..SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| value.to_str().ok()?.get(SCHEME.len()..)).flatten().map(str::trim)
}

impl Authenticator {
    pub(crate) fn new(
        credentials: Arc<Credentials>,
        is_throttled: bool,
        environment: Arc<dyn Environment>,
        cells: &SharedCells,
    ) -> Self {
        let throttle = is_throttled.then(|| Throttle::new(cells));
        Self { credentials, signing_keys: KeyCache::new(), throttle, environment }
    }

    /// The key that signed the request, and the account and region in which it acts.
    pub(crate) fn authenticate(&self, request: &Incoming<'_>) -> Result<(Arc<Credential>, Scope)> {
        self.authenticate_for(request, CONNECT)
    }

    /// The same, for a request that has to be signed under this signing name.
    pub(crate) fn authenticate_for(&self, request: &Incoming<'_>, service: &str) -> Result<(Arc<Credential>, Scope)> {
        let view = sigv4::RequestView {
            method: request.method.as_str(),
            raw_path: request.path,
            raw_query: request.query,
            headers: request.headers,
            body: request.body,
        };
        let now = self.environment.now().0 / 1_000;
        let lookup = |id: &str| self.credentials.get(id);
        let verified = sigv4::verify(&view, lookup, &self.signing_keys, &[service], now)?;
        let scope = Scope { account: verified.key.account.clone(), region: verified.region.to_owned() };
        Ok((verified.key, scope))
    }

    /// Refuses a caller before the operation is parsed: a read-only key for a write, or too many requests.
    pub(crate) async fn admit(&self, call: &Call, is_read: bool, request: &Incoming<'_>) -> Result<()> {
        if let Caller::Key(credential) = &call.caller
            && credential.mode == Mode::ReadOnly
            && !is_read
        {
            return Err(Error::new(
                ErrorKind::AccessDeniedException,
                format!("the access key of `{}` is read-only and may not call {}", credential.owner, call.operation),
            ));
        }
        if let Some(throttle) = &self.throttle
            && !throttle.admit(&call.scope).await?
        {
            return Err(Error::new(ErrorKind::ThrottlingException, "Rate exceeded"));
        }
        check_content_type(request)
    }
}
