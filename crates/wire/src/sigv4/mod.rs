//! AWS Signature Version 4 for a REST-JSON service: it proves the sender of a request, and that it is unaltered.
//!
//! The modules: the canonical form of a request (`canonical`), secrets and the signing keys that derive from them (`key`),
//! the `Authorization` header (`authorization`), and, on top of these pure functions, [`verify`] for a server and [`sign`]
//! for a client.
//!
//! Invariants:
//!
//! - A request is accepted only when its method, path, query, `host`, every `x-amz-*` header and the actual body are covered by
//!   the signature. A server must route by the raw path that it had verified: paths that differ only in empty or dot segments
//!   have the same signature, as they do at AWS.
//! - No failure reveals anything of a secret, of a derived key, or of the signature that would have been right.
//! - The clock is a parameter.

use std::fmt;

mod authorization;
mod canonical;
mod failure;
mod key;
mod sign;
mod time;
mod verify;

pub use canonical::{MissingHeader, canonical_request, payload_hash, string_to_sign};
pub use failure::{AuthFailure, AuthFailureKind};
pub(crate) use key::hmac_sha256;
pub use key::{KeyCache, Secret, SigningKey};
pub use sign::{SignError, Signer, sign};
pub(crate) use time::civil_from_days;
pub use verify::{MAX_CLOCK_SKEW_SECONDS, Verified, claimed_service, verify};

/// The only algorithm that is accepted.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The end of every credential scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

/// A SHA-256 digest or a signature in lower-case hexadecimal.
pub type Hex = [u8; 64];

/// A request as it is on the wire; nothing decoded.
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path as sent, percent-encoding included.
    pub raw_path: &'a str,
    /// The query as sent, without the question mark.
    pub raw_query: Option<&'a str>,
    /// All headers of the request.
    pub headers: &'a http::HeaderMap,
    /// The whole body; empty if there is none.
    pub body: &'a [u8],
}

impl fmt::Debug for RequestView<'_> {
    /// Shows method, path and query, but neither the headers nor the body, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestView")
            .field("method", &self.method)
            .field("raw_path", &self.raw_path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
