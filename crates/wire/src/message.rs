//! Whole requests and responses, for a server and for a client.

use crate::encode::RequestParts;
use crate::schema::Location;
use crate::value::Structure;
use crate::{RequestError, ResponseError, ServiceOperation, UriParams, decode, encode, validate};

/// The input of an operation.
pub trait Input: Structure {
    /// The operations of the service that it is of.
    type Operation: ServiceOperation;

    /// The operation.
    const OPERATION: Self::Operation;

    /// The output of the operation; `()` where the body is empty.
    type Output: Output;

    /// Reads a request and checks it against the model's constraints.
    ///
    /// Unknown members and parameters are ignored, null is absent, an empty body is an empty object, the last of
    /// several equal names wins.
    ///
    /// # Errors
    /// The request cannot be read, or breaks constraints; the message then names the first of them in the model's
    /// order.
    fn from_request(params: &UriParams<'_>, query: Option<&str>, body: &[u8]) -> Result<Self, RequestError> {
        let members = Self::members();
        let body = match members.iter().any(|member| member.location == Location::Body) {
            true => body,
            false => &[],
        };
        let mut nodes = decode::body(members, body).map_err(RequestError::serialization)?;
        let mut broken = validate::Violations::default();
        decode::labels(members, params, &mut nodes, &mut broken);
        decode::query(members, query, &mut nodes, &mut broken)?;
        validate::structure(members, &nodes, &mut broken);
        broken.into_result()?;
        Ok(Self::from_nodes(nodes))
    }

    /// Writes the request, without checking constraints.
    fn to_request(&self) -> RequestParts {
        encode::request(Self::OPERATION, Self::members(), self)
    }
}

/// The output of an operation.
pub trait Output: Sized {
    /// The body of a successful response.
    fn to_body(&self) -> Vec<u8>;

    /// Reads the body of a successful response; a required member that is absent becomes its default.
    ///
    /// # Errors
    /// The body is not JSON or has a wrong JSON type.
    fn from_body(body: &[u8]) -> Result<Self, ResponseError>;
}

impl<T: Structure> Output for T {
    fn to_body(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(1024);
        encode::structure(&mut body, T::members(), self);
        body
    }

    fn from_body(body: &[u8]) -> Result<Self, ResponseError> {
        decode::body(T::members(), body).map(T::from_nodes).map_err(|message| ResponseError { message })
    }
}

impl Output for () {
    fn to_body(&self) -> Vec<u8> {
        Vec::new()
    }

    fn from_body(_: &[u8]) -> Result<Self, ResponseError> {
        Ok(())
    }
}

/// An input that names an instance.
pub trait HasInstanceId {
    /// The instance's id as sent.
    fn instance_id(&self) -> &str;
}
