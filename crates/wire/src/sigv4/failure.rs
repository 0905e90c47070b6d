//! Refusals of requests, in the wording of AWS.

use std::borrow::Cow;
use std::fmt;

/// The error kinds of authentication. All of them answer with status 403.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthFailureKind {
    /// There is no signature in the request.
    MissingAuthenticationToken,
    /// There is one, but it is malformed, of an unknown algorithm, or in the query.
    IncompleteSignature,
    /// The access key is not known.
    UnrecognizedClient,
    /// The signature, its date or its scope is not right for this request.
    InvalidSignature,
}

impl AuthFailureKind {
    /// The status of the answer.
    pub const STATUS: u16 = 403;

    /// The exception's name as clients see it.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::IncompleteSignature => "IncompleteSignatureException",
            Self::UnrecognizedClient => "UnrecognizedClientException",
            Self::InvalidSignature => "InvalidSignatureException",
        }
    }
}

/// A refused request: its kind, and a message for the caller that follows the wording of AWS and holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthFailure {
    /// The exception.
    pub kind: AuthFailureKind,
    /// The message for the caller.
    pub message: Cow<'static, str>,
}

impl AuthFailure {
    pub(super) fn missing() -> Self {
        Self { kind: AuthFailureKind::MissingAuthenticationToken, message: "Missing Authentication Token".into() }
    }

    pub(super) fn incomplete(message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: AuthFailureKind::IncompleteSignature, message: message.into() }
    }

    pub(super) fn unrecognized() -> Self {
        Self {
            kind: AuthFailureKind::UnrecognizedClient,
            message: "The security token included in the request is invalid.".into(),
        }
    }

    pub(super) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: AuthFailureKind::InvalidSignature, message: message.into() }
    }

    pub(super) fn mismatch() -> Self {
        Self::invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
             Key and signing method. Consult the service documentation for details.",
        )
    }
}

impl fmt::Display for AuthFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for AuthFailure {}
