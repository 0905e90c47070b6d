//! Faults of requests and responses, and the bodies of errors.
//!
//! A message names the member, what was wrong and what would be right; it never holds a sensitive value.

use std::fmt;

use crate::{ErrorKind, ServiceOperation};

/// The kind of a request's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestFault {
    /// It cannot be read: not JSON, a wrong JSON type, not UTF-8, nested too deeply, a bad escape.
    Serialization,
    /// It can be read, and breaks a constraint of the model.
    Constraint,
}

/// A request that does not conform to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// The kind of fault.
    pub fault: RequestFault,
    /// The message for the caller.
    pub message: String,
}

impl RequestError {
    pub(crate) fn serialization(message: impl Into<String>) -> Self {
        Self { fault: RequestFault::Serialization, message: message.into() }
    }

    /// The kind of error that answers this request to `operation`.
    pub fn kind(&self, operation: impl ServiceOperation) -> ErrorKind {
        match self.fault {
            RequestFault::Serialization => ErrorKind::SerializationException,
            RequestFault::Constraint => operation.constraint_error_kind(),
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RequestError {}

/// A response body that cannot be read as the operation's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseError {
    /// The message.
    pub message: String,
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ResponseError {}

/// The body of an error: `Message`, then `members` (names and values), as compact JSON.
pub fn error_body(message: &str, members: &[(&str, serde_json::Value)]) -> Vec<u8> {
    let mut body = b"{\"Message\":".to_vec();
    crate::encode::string(&mut body, message);
    for (name, value) in members {
        body.push(b',');
        crate::encode::string(&mut body, name);
        body.push(b':');
        body.extend_from_slice(value.to_string().as_bytes());
    }
    body.push(b'}');
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_body_is_json_with_the_message_first() {
        let body = error_body("no `a\"b`", &[("ResourceType", "USER".into())]);
        assert_eq!(String::from_utf8(body).unwrap(), r#"{"Message":"no `a\"b`","ResourceType":"USER"}"#);
    }
}
