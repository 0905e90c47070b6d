//! A minimal HTTP/1.1 client: it determines when an answer is complete.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail};

const TIMEOUT: Duration = Duration::from_secs(10);

/// The head of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// Bytes of the head itself.
    pub length: usize,
    /// Bytes of the body; none when the body ends with the connection.
    pub body: Option<usize>,
    /// Whether the server closes the connection after it.
    pub closes: bool,
}

/// A complete answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// The head at the start of `bytes`, once it is complete.
///
/// # Errors
/// The bytes are not HTTP, or have a form that this client does not support.
pub fn head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
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

/// Sends the bytes of one request on a new connection and waits for the answer.
///
/// # Errors
/// No complete answer arrives in time.
pub fn send(address: SocketAddr, request: &[u8]) -> anyhow::Result<Answer> {
    send_within(address, request, TIMEOUT)
}

/// The same, for an answer that may take long.
///
/// # Errors
/// No complete answer arrives in time.
pub fn send_within(address: SocketAddr, request: &[u8], timeout: Duration) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(request)?;
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
