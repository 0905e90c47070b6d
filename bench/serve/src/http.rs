//! The bytes of a signed request, and a single request with its answer.

use std::net::SocketAddr;
use std::time::SystemTime;

use bench_load::http::{self, Answer};

use crate::calls::Request;
use crate::sigv4::{self, Signable};

/// The bytes of a request, signed now.
pub(crate) fn signed_bytes(request: &Request, address: SocketAddr) -> Vec<u8> {
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
pub(crate) fn send(address: SocketAddr, request: &Request) -> anyhow::Result<Answer> {
    http::send(address, &signed_bytes(request, address))
}
