//! A request as a surface receives it, its answer, and its refusal.

use bytes::Bytes;
use http::{HeaderMap, Method, Response};
use http_body_util::channel::Channel;
use http_body_util::{Either, Full};
use lanyard_service::error::{Error, Excerpt, Result};
use lanyard_wire::ErrorKind;

/// The body of an answer: whole, or in pieces that follow while it is made. A body of pieces that fails ends the
/// connection, so that a client sees that it is not whole.
pub type Body = Either<Full<Bytes>, Channel<Bytes, BrokenBody>>;

/// The answer to a request.
pub type Answer = Response<Body>;

/// Why a body ended before it was whole. The log has the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenBody;

impl std::fmt::Display for BrokenBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the answer could not be made to its end")
    }
}

impl std::error::Error for BrokenBody {}

/// A body that is whole.
pub fn whole(body: impl Into<Bytes>) -> Body {
    Either::Left(Full::new(body.into()))
}

/// A body that was not read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It has more bytes than these, the most that is read.
    TooLarge(usize),
    /// It ended before it was complete.
    Incomplete,
    /// It took too long to arrive.
    TooSlow,
}

impl From<Unread> for Error {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge(most) => {
                Self::invalid_request(format!("the body is larger than {most} bytes, the most that is read"))
            }
            Unread::Incomplete => Self::new(ErrorKind::SerializationException, "the body ended before it was complete"),
            Unread::TooSlow => Self::new(ErrorKind::SerializationException, "the body took too long to arrive"),
        }
    }
}

/// A request as it came off the wire, its body read.
pub(crate) struct Incoming<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
    pub(crate) request_id: &'a str,
}

/// An error, and the kinds that the model lists for the operation, where it is known.
pub(crate) struct Refusal {
    pub(crate) errors: Option<&'static [ErrorKind]>,
    pub(crate) error: Error,
}

impl Refusal {
    /// A refusal before the operation is known.
    pub(crate) fn of(error: Error) -> Self {
        Self { errors: None, error }
    }
}

/// The error for an operation that is not served.
pub(crate) fn not_served(name: &str) -> Error {
    Error::new(ErrorKind::NotImplementedException, format!("Lanyard does not serve the operation {name}"))
}

/// The error for a path without an operation.
pub(crate) fn no_operation(request: &Incoming<'_>) -> Error {
    let message = format!("there is no operation {} {}", request.method, Excerpt(request.path));
    Error::new(ErrorKind::UnknownOperationException, message)
}

/// Refuses a body whose content type is not JSON.
pub(crate) fn check_content_type(request: &Incoming<'_>) -> Result<()> {
    if request.body.is_empty() {
        return Ok(());
    }
    let Some(value) = request.headers.get(http::header::CONTENT_TYPE) else { return Ok(()) };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("application/x-amz-json-1.1") {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::SerializationException,
        format!("the body has content type `{}`, it must be application/json", Excerpt(text)),
    ))
}
