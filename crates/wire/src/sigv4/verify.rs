//! The server's side: verifies that a request is signed by the key that it names, recently, for this service, and is
//! unaltered.

use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::RequestView;
use super::authorization::Authorization;
use super::canonical::{MissingHeader, canonical_request, payload_hash, query_pairs, string_to_sign};
use super::failure::AuthFailure;
use super::key::{KeyCache, Secret, SigningKey};
use super::time::RequestTime;

/// How far a request's time may be from the server's, either way.
pub const MAX_CLOCK_SKEW_SECONDS: i64 = 15 * 60;

/// A request whose signature is right: its key, and the scope of the signature.
#[derive(Clone, Debug)]
pub struct Verified<'a, K> {
    /// The access key's id.
    pub access_key_id: &'a str,
    /// The region of the scope; has a region's form.
    pub region: &'a str,
    /// The signing name of the scope; one of the accepted.
    pub service: &'a str,
    /// The result of the look-up of the access key.
    pub key: Arc<K>,
}

/// Verifies a request that is signed in its `Authorization` header.
///
/// `lookup` finds an access key by its id; `accepted_services` are the signing names that this server answers to; `now` is in
/// seconds since 1970. Any session token is accepted if it is signed. The failures are checked in the order
/// in which AWS is known to check them.
pub fn verify<'a, K: AsRef<Secret>>(
    request: &RequestView<'a>,
    lookup: impl Fn(&str) -> Option<Arc<K>>,
    cache: &KeyCache<K>,
    accepted_services: &[&str],
    now: i64,
) -> Result<Verified<'a, K>, AuthFailure> {
    let authorization = read_authorization(request)?;
    let time = read_time(request)?;
    check_current(&time, now)?;
    check_signed_headers(request, &authorization)?;
    authorization.check_scope(time.day(), accepted_services)?;

    let payload_hash = payload_hash(request.body);
    if let Some(stated) = request.headers.get("x-amz-content-sha256")
        && stated.as_bytes() != payload_hash
    {
        return Err(AuthFailure::invalid(
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ));
    }

    let mut canonical = Vec::with_capacity(1024);
    canonical_request(&mut canonical, request, authorization.signed_headers, &payload_hash).map_err(missing_header)?;
    let mut to_sign = Vec::with_capacity(256);
    string_to_sign(&mut to_sign, time.as_str(), authorization.scope, &canonical);

    let key = lookup(authorization.access_key_id);
    let cached = key.as_ref().and_then(|key| cache.get(authorization.credential, key));
    let is_cached = cached.is_some();
    let signing_key = match (&key, cached) {
        (_, Some(cached)) => cached,
        (Some(key), None) => derive(key.as_ref().as_ref(), &authorization),
        (None, None) => cache.decoy(),
    };
    let is_right: bool = signing_key.signature(&to_sign).ct_eq(authorization.signature.as_bytes()).into();
    let key = key.ok_or_else(AuthFailure::unrecognized)?;
    if !is_right {
        return Err(AuthFailure::mismatch());
    }
    if !is_cached {
        cache.insert(authorization.credential, &key, signing_key);
    }
    let Authorization { access_key_id, region, service, .. } = authorization;
    Ok(Verified { access_key_id, region, service, key })
}

fn derive(secret: &Secret, authorization: &Authorization<'_>) -> SigningKey {
    SigningKey::derive(secret, authorization.date, authorization.region, authorization.service)
}

/// The signing name that a request claims, unverified: enough to choose among the services of
/// an endpoint, each of which verifies it.
pub fn claimed_service(headers: &http::HeaderMap) -> Option<&str> {
    let header = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    Authorization::parse(header).ok().map(|authorization| authorization.service)
}

fn read_authorization<'a>(request: &RequestView<'a>) -> Result<Authorization<'a>, AuthFailure> {
    let is_presigned = request.raw_query.is_some_and(|query| {
        query_pairs(query).any(|(name, _)| {
            name.eq_ignore_ascii_case("X-Amz-Signature") || name.eq_ignore_ascii_case("X-Amz-Algorithm")
        })
    });
    if is_presigned {
        return Err(AuthFailure::incomplete(
            "Presigned requests are not supported: sign the request in its Authorization header.",
        ));
    }
    let mut headers = request.headers.get_all(http::header::AUTHORIZATION).iter();
    let header = headers.next().ok_or_else(AuthFailure::missing)?;
    if headers.next().is_some() {
        return Err(AuthFailure::incomplete("There is more than one Authorization header."));
    }
    let header = header
        .to_str()
        .map_err(|_| AuthFailure::incomplete("Authorization header has characters other than printable ASCII."))?;
    Authorization::parse(header)
}

fn read_time(request: &RequestView<'_>) -> Result<RequestTime, AuthFailure> {
    let read = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
    let time = match (read("x-amz-date"), read("date")) {
        (Some(stated), _) => RequestTime::from_basic(stated),
        (None, Some(stated)) => RequestTime::from_date_header(stated),
        (None, None) => {
            return Err(AuthFailure::incomplete(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
            ));
        }
    };
    time.ok_or_else(|| {
        AuthFailure::incomplete("Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601")
    })
}

fn check_current(time: &RequestTime, now: i64) -> Result<(), AuthFailure> {
    let (earliest, latest) = (now.saturating_sub(MAX_CLOCK_SKEW_SECONDS), now.saturating_add(MAX_CLOCK_SKEW_SECONDS));
    if (earliest..=latest).contains(&time.epoch) {
        return Ok(());
    }
    let (fault, relation, bound, sign) = if time.epoch < earliest {
        ("expired", "is now earlier than", earliest, '-')
    } else {
        ("not yet current", "is still later than", latest, '+')
    };
    let (time, bound, now) = (time.as_str(), RequestTime::from_epoch(bound), RequestTime::from_epoch(now));
    let message = format!("Signature {fault}: {time} {relation} {} ({} {sign} 15 min.)", bound.as_str(), now.as_str());
    Err(AuthFailure::invalid(message))
}

fn check_signed_headers(request: &RequestView<'_>, authorization: &Authorization<'_>) -> Result<(), AuthFailure> {
    // Each name once, and no more of them than the request has headers: the list must not multiply the work or the memory
    // that a request of its size costs.
    if !authorization.signed_names().is_sorted_by(|one, next| one < next) {
        return Err(AuthFailure::invalid("'SignedHeaders' must be in ascending order, each of them once."));
    }
    if authorization.signed_names().count() > request.headers.keys_len() {
        return Err(missing_header(MissingHeader));
    }
    if !authorization.signs("host") {
        return Err(AuthFailure::invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."));
    }
    for name in request.headers.keys().map(http::HeaderName::as_str) {
        if name.starts_with("x-amz-") && !authorization.signs(name) {
            return Err(AuthFailure::invalid(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.")));
        }
    }
    Ok(())
}

fn missing_header(MissingHeader: MissingHeader) -> AuthFailure {
    AuthFailure::invalid("A 'SignedHeader' is not in the request.")
}
