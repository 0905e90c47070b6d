//! Requests that are signed with the access key of development servers.

use std::net::SocketAddr;
use std::time::SystemTime;

use crate::http::{self, Answer};
use crate::sigv4::{self, Signable};

/// A request without a signature. The path is percent-encoded and has no query.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// The body: JSON, or empty.
    pub body: Vec<u8>,
}

/// The bytes of a request, signed now.
#[must_use]
pub fn bytes(request: &Request, address: SocketAddr) -> Vec<u8> {
    let Request { method, path, body } = request;
    let host = address.to_string();
    let signed = sigv4::sign(&Signable { method, path, host: &host, body }, SystemTime::now());
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\nUser-Agent: lanyard-bench/0.1\r\n\
         X-Amz-Date: {date}\r\nAuthorization: {authorization}\r\n",
        date = signed.date,
        authorization = signed.authorization,
    );
    if !body.is_empty() {
        head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Sends one signed request on a new connection and waits for the answer.
///
/// # Errors
/// No complete answer arrives in time.
pub fn send(address: SocketAddr, request: &Request) -> anyhow::Result<Answer> {
    http::send(address, &bytes(request, address))
}
