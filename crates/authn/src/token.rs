//! Tokens, of which only hashes are kept, so that the time a look-up takes reveals nothing about the token.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The hash of a token, in lower-case hexadecimal digits.
#[must_use]
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// Bytes in lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
