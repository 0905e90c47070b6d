//! Just enough HTTP/1.1 for a client: the bytes of a signed request, and knowing when an answer is whole.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};

use crate::calls::Request;
use crate::sigv4::{self, Signable};

const TIMEOUT: Duration = Duration::from_secs(10);

/// The head of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Bytes of the head itself.
    pub(crate) length: usize,
    /// Bytes of the body; none when the connection's end is the body's.
    pub(crate) body: Option<usize>,
    /// Whether the server closes the connection after it.
    pub(crate) closes: bool,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

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

/// The head at the start of `bytes`, once it is whole.
pub(crate) fn head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(bytes).context("the answer is not HTTP")? else {
        return Ok(None);
    };
    let status = response.code.unwrap_or_default();
    let mut head = Head { status, length, body: None, closes: response.version == Some(0) };
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            let text = std::str::from_utf8(header.value)?;
            head.body = Some(text.trim().parse().context("the content length is not a number")?);
        } else if header.name.eq_ignore_ascii_case("connection") {
            head.closes |= header.value.eq_ignore_ascii_case(b"close");
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            bail!("the answer comes in chunks, which this client does not read");
        }
    }
    if status == 204 || status == 304 {
        head.body = Some(0);
    }
    Ok(Some(head))
}

/// Sends one signed request on a connection of its own and waits for the answer.
pub(crate) fn send(address: SocketAddr, request: &Request) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(&signed_bytes(request, address))?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let count = stream.read(&mut chunk)?;
        bytes.extend_from_slice(chunk.get(..count).unwrap_or_default());
        if let Some(head) = head(&bytes)? {
            let got = bytes.len() - head.length;
            if head.body.map_or(count == 0, |body| got >= body) {
                let end = head.length + head.body.unwrap_or(got);
                let body = bytes.get(head.length..end).unwrap_or_default().to_vec();
                return Ok(Answer { status: head.status, body });
            }
        }
        if count == 0 {
            bail!("the connection ended before the answer did");
        }
    }
}
