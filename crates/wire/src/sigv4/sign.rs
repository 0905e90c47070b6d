//! The client's side: puts the date, the session token and the signature into a request's headers.

use std::fmt;

use http::header::{AUTHORIZATION, DATE, HOST, InvalidHeaderValue};
use http::{HeaderMap, HeaderValue};

use super::canonical::{MissingHeader, canonical_request, payload_hash, string_to_sign};
use super::key::{Secret, SigningKey};
use super::time::RequestTime;
use super::{ALGORITHM, RequestView, TERMINATOR};

/// Headers that a proxy or the transport may change, and so are never signed.
const UNSIGNED: [&str; 7] =
    ["authorization", "connection", "expect", "te", "transfer-encoding", "user-agent", "x-amzn-trace-id"];

/// The signer's credentials, and the region and service.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The access key's id.
    pub access_key_id: &'a str,
    /// Its secret.
    pub secret: &'a Secret,
    /// The token of temporary credentials, if they are.
    pub session_token: Option<&'a str>,
    /// The region that the request is for.
    pub region: &'a str,
    /// The service's signing name.
    pub service: &'a str,
}

/// A request that cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignError {
    /// The request has no `host` header.
    NoHost,
    /// The access key's id, the region, the service or the session token has characters that no header may have.
    NotHeaderText,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHost => "a request without a `host` header cannot be signed",
            Self::NotHeaderText => {
                "the access key's id, region, service and session token must be text that a header may hold"
            }
        })
    }
}

impl std::error::Error for SignError {}

impl From<InvalidHeaderValue> for SignError {
    fn from(_: InvalidHeaderValue) -> Self {
        Self::NotHeaderText
    }
}

/// Signs a request at `now` (seconds since 1970): the headers to set, over those that `request` has, which must include `host`.
///
/// The result has `x-amz-date`, `authorization` and, if there is one, `x-amz-security-token`. Fails if `host` is missing or if
/// the key's id, region, service or token cannot stand in a header.
pub fn sign(request: &RequestView<'_>, signer: &Signer<'_>, now: i64) -> Result<HeaderMap, SignError> {
    let time = RequestTime::from_epoch(now);
    let mut headers = request.headers.clone();
    let mut added = HeaderMap::new();
    added.insert("x-amz-date", HeaderValue::from_str(time.as_str())?);
    if let Some(token) = signer.session_token {
        let mut token = HeaderValue::from_str(token)?;
        token.set_sensitive(true);
        added.insert("x-amz-security-token", token);
    }
    headers.remove(DATE);
    for (name, value) in &added {
        headers.insert(name, value.clone());
    }

    if !headers.contains_key(HOST) {
        return Err(SignError::NoHost);
    }
    let mut names: Vec<&str> = headers.keys().map(http::HeaderName::as_str).collect();
    names.retain(|name| !UNSIGNED.contains(name));
    names.sort_unstable();
    let signed_headers = names.join(";");

    let scope = format!("{}/{}/{}/{TERMINATOR}", time.day(), signer.region, signer.service);
    let (mut canonical, mut to_sign) = (Vec::new(), Vec::new());
    let request = RequestView { headers: &headers, ..*request };
    canonical_request(&mut canonical, &request, &signed_headers, &payload_hash(request.body))
        .map_err(|MissingHeader| SignError::NoHost)?;
    string_to_sign(&mut to_sign, time.as_str(), &scope, &canonical);
    let key = SigningKey::derive(signer.secret, time.day(), signer.region, signer.service);
    let signature = key.signature(&to_sign);

    let mut value =
        format!("{ALGORITHM} Credential={}/{scope}, SignedHeaders={signed_headers}, Signature=", signer.access_key_id)
            .into_bytes();
    value.extend_from_slice(&signature);
    added.insert(AUTHORIZATION, HeaderValue::from_bytes(&value)?);
    Ok(added)
}
