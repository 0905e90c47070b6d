//! The canonical request and the string to sign, as pure functions into a caller's buffer.

use std::borrow::Cow;

use http::HeaderMap;
use percent_encoding::{percent_decode_str, percent_encode, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::{ALGORITHM, Hex, RequestView};
use crate::percent::RESERVED;

/// SHA-256 of nothing: most reads have no body.
const EMPTY_SHA256: &Hex = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A header is to be signed that the request does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingHeader;

/// The hexadecimal SHA-256 of a body.
pub fn payload_hash(body: &[u8]) -> Hex {
    if body.is_empty() { *EMPTY_SHA256 } else { hex(&Sha256::digest(body).into()) }
}

/// Appends the canonical form of `request` to `out`.
///
/// `signed_headers` are lower-case names divided by semicolons, taken as they are. The path is normalised (empty and dot
/// segments go) and encoded once more than it was sent, as every service but S3 has it; the query is sorted by encoded name,
/// then value; runs of blanks in header values become one.
pub fn canonical_request(
    out: &mut Vec<u8>,
    request: &RequestView<'_>,
    signed_headers: &str,
    payload_hash: &Hex,
) -> Result<(), MissingHeader> {
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    canonical_path(out, request.raw_path);
    out.push(b'\n');
    if let Some(query) = request.raw_query {
        canonical_query(out, query);
    }
    out.push(b'\n');
    canonical_headers(out, request.headers, signed_headers)?;
    out.push(b'\n');
    out.extend_from_slice(signed_headers.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(payload_hash);
    Ok(())
}

/// Appends the string to sign to `out`: `timestamp` is `YYYYMMDDTHHMMSSZ`, `scope` is `date/region/service/aws4_request`.
pub fn string_to_sign(out: &mut Vec<u8>, timestamp: &str, scope: &str, canonical_request: &[u8]) {
    let hash = hex(&Sha256::digest(canonical_request).into());
    for part in [ALGORITHM, "\n", timestamp, "\n", scope, "\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    out.extend_from_slice(&hash);
}

fn canonical_path(out: &mut Vec<u8>, raw: &str) {
    let start = out.len();
    for segment in raw.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                let written = out.get(start..).unwrap_or_default();
                let parent = written.iter().rposition(|b| *b == b'/').unwrap_or(0);
                out.truncate(start + parent);
            }
            _ => {
                out.push(b'/');
                utf8_percent_encode(segment, RESERVED).for_each(|part| out.extend_from_slice(part.as_bytes()));
            }
        }
    }
    if out.len() == start || raw.ends_with('/') {
        out.push(b'/');
    }
}

fn canonical_query(out: &mut Vec<u8>, raw: &str) {
    let mut pairs: Vec<_> = query_pairs(raw).map(|(name, value)| (recode(name), recode(value))).collect();
    pairs.sort_unstable();
    for (position, (name, value)) in pairs.iter().enumerate() {
        if position > 0 {
            out.push(b'&');
        }
        out.extend_from_slice(name.as_bytes());
        out.push(b'=');
        out.extend_from_slice(value.as_bytes());
    }
}

/// The pairs of a query, still encoded; a name without `=` has an empty value.
pub(super) fn query_pairs(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn canonical_headers(out: &mut Vec<u8>, headers: &HeaderMap, signed: &str) -> Result<(), MissingHeader> {
    for name in signed.as_bytes().split(|b| *b == b';') {
        let mut values = str::from_utf8(name).map(|name| headers.get_all(name).iter()).map_err(|_| MissingHeader)?;
        let first = values.next().ok_or(MissingHeader)?;
        out.extend_from_slice(name);
        out.push(b':');
        canonical_value(out, first.as_bytes());
        for value in values {
            out.push(b',');
            canonical_value(out, value.as_bytes());
        }
        out.push(b'\n');
    }
    Ok(())
}

fn canonical_value(out: &mut Vec<u8>, value: &[u8]) {
    let mut words = value.split(|b| *b == b' ' || *b == b'\t').filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        out.extend_from_slice(first);
    }
    for word in words {
        out.push(b' ');
        out.extend_from_slice(word);
    }
}

/// One name or value of a query, decoded and encoded again, so that equal queries are equal bytes. A percent sign that begins
/// no escape is literal, as is a plus sign.
fn recode(raw: &str) -> Cow<'_, str> {
    match Cow::from(percent_decode_str(raw)) {
        Cow::Borrowed(plain) => percent_encode(plain, RESERVED).into(),
        Cow::Owned(decoded) => Cow::Owned(percent_encode(&decoded, RESERVED).to_string()),
    }
}

pub(super) fn hex(digest: &[u8; 32]) -> Hex {
    let mut text = [0; 64];
    for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
        pair.copy_from_slice(&[lower_hex_digit(byte >> 4), lower_hex_digit(byte & 15)]);
    }
    text
}

fn lower_hex_digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + (nibble - 10) }
}
