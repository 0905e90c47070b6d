//! The chain of hashes.
//!
//! An entry's hash is the SHA-256 of the previous entry's hash followed by the stored bytes, so a stream's last hash
//! verifies that no entry before it was changed, removed or moved. The hash of the stream's name precedes the first
//! entry: no part of one stream's chain can be passed off as another's.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash that precedes the first entry of a stream, by the stream's name.
#[must_use]
pub fn origin(stream: &str) -> Hash {
    Sha256::digest(stream).into()
}

/// The hash of an entry, from the previous entry's and the bytes that are stored.
#[must_use]
pub fn link(previous: &Hash, body: &[u8]) -> Hash {
    Sha256::new().chain_update(previous).chain_update(body).finalize().into()
}

/// A hash as stored entries write it: 64 hexadecimal digits in lower case.
#[must_use]
pub fn hex(hash: &Hash) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads what [`hex`] wrote.
#[must_use]
pub fn parse(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    let digits = text.as_bytes().chunks_exact(2);
    if text.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_published_examples() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&origin("abc")), abc);
    }

    #[test]
    fn a_link_depends_on_the_previous_hash_and_on_the_body() {
        let one = link(&origin("a"), b"{}");
        assert_ne!(one, link(&origin("b"), b"{}"));
        assert_ne!(one, link(&origin("a"), b"{ }"));
    }
}
