//! Failures of calls, and their meaning for the caller.

use std::fmt;

use lanyard_wire::{ErrorKind, Operation};

use crate::EndlessList;

/// Codes with which AWS services refuse a call because there were too many.
const THROTTLED: [&str; 8] = [
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
];

/// Codes of credentials that were good and are no longer.
const EXPIRED: [&str; 3] = ["ExpiredTokenException", "ExpiredToken", "RequestExpired"];

/// Codes with which the service refuses the caller.
const DENIED: [&str; 2] = ["AccessDeniedException", "AccessDenied"];

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The service refused the call.
    Refused,
    /// The request was not sent: it cannot be written, there are no credentials, the service cannot be reached.
    NotSent,
    /// The request was sent, and no answer came.
    NoAnswer,
    /// An answer came that cannot be read.
    Unreadable,
}

/// A failed call.
#[derive(Clone, Debug)]
pub struct Error {
    operation: Operation,
    fault: Fault,
    status: Option<u16>,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    /// How often the call was sent.
    attempts: u32,
}

impl Error {
    pub(crate) fn new(operation: Operation, fault: Fault, message: impl Into<String>) -> Self {
        Self { operation, fault, status: None, code: None, message: message.into(), request_id: None, attempts: 1 }
    }

    /// An answer that is a refusal. The code is in the header `x-amzn-errortype` or in the body, and may have a namespace
    /// before it and an address behind.
    pub(crate) fn refused(
        operation: Operation,
        status: u16,
        error_type: Option<&str>,
        request_id: Option<&str>,
        body: &[u8],
    ) -> Self {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let member = |names: [&str; 3]| names.iter().find_map(|name| body.get(name)?.as_str()).map(str::to_owned);
        let bare = |code: &str| {
            let code = code.split(':').next().unwrap_or_default();
            code.rsplit('#').next().unwrap_or_default().to_owned()
        };
        let code = error_type.map(str::to_owned).or_else(|| member(["__type", "code", "Code"]));
        let code = code.map(|code| bare(&code)).filter(|code| !code.is_empty());
        let message = member(["Message", "message", "errorMessage"]);
        Self {
            operation,
            fault: Fault::Refused,
            status: Some(status),
            code,
            message: message.unwrap_or_else(|| format!("the service answered with the status {status}")),
            request_id: request_id.map(str::to_owned),
            attempts: 1,
        }
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<&str>) -> Self {
        self.request_id = request_id.map(str::to_owned);
        self
    }

    pub(crate) fn after_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// A list that does not end.
    #[must_use]
    pub fn endless(operation: Operation, endless: &EndlessList) -> Self {
        Self::new(operation, Fault::Unreadable, endless.to_string())
    }

    /// The operation that was called.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The kind of a failure.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// The kind of refusal; `None` for what is no refusal, or one that the API model does not know.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        let code = self.code.as_deref()?;
        ErrorKind::ALL.iter().copied().find(|kind| kind.name() == code)
    }

    /// The name of the kind of refusal, as the service has it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The status of the answer; `None` where none came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The service's message, or the transport's.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The identifier under which the service's operators find the call.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Whether there were too many calls.
    #[must_use]
    pub fn is_throttling(&self) -> bool {
        match &self.code {
            Some(code) => THROTTLED.contains(&&**code),
            None => self.status == Some(429),
        }
    }

    /// Whether the caller may not do it.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.code.as_deref().is_some_and(|code| DENIED.contains(&code))
    }

    /// Whether what was named does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == Some(ErrorKind::ResourceNotFoundException)
    }

    /// Whether the request was refused as one that does not fit the present state.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.kind() == Some(ErrorKind::InvalidRequestException)
    }

    /// Whether the credentials were good, and are no longer.
    #[must_use]
    pub fn has_expired_credentials(&self) -> bool {
        self.code.as_deref().is_some_and(|code| EXPIRED.contains(&code))
    }

    /// Whether the service failed, rather than refused: a status of 500 and above.
    fn is_failure(&self) -> bool {
        self.status.is_some_and(|status| status >= 500 && status != 501)
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_throttling() || self.is_failure() || (self.fault == Fault::NoAnswer)
    }

    /// Whether the operation may have been done although the call failed.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        match self.fault {
            Fault::NotSent => false,
            Fault::NoAnswer | Fault::Unreadable => true,
            Fault::Refused => self.is_failure() && !self.is_throttling(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation.name(), self.message)?;
        match (&self.code, &self.request_id) {
            (Some(code), Some(id)) => write!(f, " ({code}, request {id})"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, Some(id)) => write!(f, " (request {id})"),
            (None, None) => Ok(()),
        }?;
        if self.attempts > 1 { write!(f, "; it was sent {} times", self.attempts) } else { Ok(()) }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, error_type: Option<&str>, body: &str) -> Error {
        Error::refused(Operation::UpdateSecurityProfile, status, error_type, Some("r-1"), body.as_bytes())
    }

    #[test]
    fn the_code_is_found_wherever_the_service_puts_it() {
        let kind = Some(ErrorKind::ResourceNotFoundException);
        for error in [
            refused(404, Some("ResourceNotFoundException:http://x.example/"), "{}"),
            refused(404, None, r#"{"__type":"com.amazonaws.connect#ResourceNotFoundException"}"#),
            refused(404, None, r#"{"code":"ResourceNotFoundException"}"#),
        ] {
            assert_eq!((error.kind(), error.is_not_found(), error.may_have_happened()), (kind, true, false));
        }
        let error = refused(400, Some("InvalidRequestException"), r#"{"Message":"no"}"#);
        assert_eq!(error.to_string(), "UpdateSecurityProfile: no (InvalidRequestException, request r-1)");
    }

    #[test]
    fn too_many_calls_are_not_too_many_resources() {
        assert!(refused(429, Some("ThrottlingException"), "{}").is_throttling());
        assert!(refused(429, Some("TooManyRequestsException"), "{}").is_throttling());
        assert!(refused(429, None, "").is_throttling());
        let quota = refused(429, Some("LimitExceededException"), "{}");
        assert!(!quota.is_throttling() && !quota.is_transient());
    }

    #[test]
    fn what_may_have_happened() {
        let new = |fault| Error::new(Operation::CreateUser, fault, "…");
        assert!(!new(Fault::NotSent).may_have_happened() && !new(Fault::NotSent).is_transient());
        assert!(new(Fault::NoAnswer).may_have_happened() && new(Fault::NoAnswer).is_transient());
        assert!(refused(500, Some("InternalServiceException"), "{}").may_have_happened());
        assert!(!refused(501, Some("NotImplementedException"), "{}").is_transient());
        assert!(!refused(403, Some("AccessDeniedException"), "{}").may_have_happened());
    }
}
