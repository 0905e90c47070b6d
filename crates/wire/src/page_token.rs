//! Page tokens: where the next page of a listing begins, in a form that callers can neither interpret nor forge.
//!
//! A token is the last key of the page before (keyset, never an offset), with a version and a seal. The seal binds it to the
//! account, region, instance, operation and query that it was made for, none of which are in the token: a token that is forged,
//! damaged, of another version or from another listing is one and the same [`InvalidToken`].

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac as _;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::sigv4::hmac_sha256;

const VERSION: u8 = 1;
const SEAL_BYTES: usize = 16;

/// The longest last key, in bytes, whose token stays within the 2500 characters that the service's clients are promised.
/// Keys are ids and ARNs, far below it.
pub const MAX_LAST_KEY_BYTES: usize = 2500 / 4 * 3 - 1 - SEAL_BYTES;

/// The key that seals tokens. Erased from memory when dropped; has no readable form.
#[derive(Clone)]
pub struct SealingKey(Zeroizing<[u8; 32]>);

impl SealingKey {
    /// Takes 32 unpredictable bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(<redacted>)")
    }
}

/// The listing that a token belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The caller's account.
    pub account: &'a str,
    /// The region of the request.
    pub region: &'a str,
    /// The instance's id; empty where a listing is not of one instance.
    pub instance: &'a str,
    /// The operation's name.
    pub operation: &'a str,
    /// A digest of the request's members other than the token and `MaxResults`.
    pub query: &'a [u8],
}

/// A token that was not made by this server for this listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidToken;

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "`NextToken` is not a token of this listing; send the one from the page before, with the same request",
        )
    }
}

impl std::error::Error for InvalidToken {}

/// Makes the token of a page that ended with the key `last`.
///
/// A key longer than [`MAX_LAST_KEY_BYTES`] still makes a token that opens, but one longer than 2500 characters, which the
/// constraint on a request's token refuses.
pub fn seal(key: &SealingKey, scope: &Scope<'_>, last: &str) -> String {
    let mut token = Vec::with_capacity(1 + last.len() + SEAL_BYTES);
    token.push(VERSION);
    token.extend_from_slice(last.as_bytes());
    let seal = seal_of(key, scope, &token);
    token.extend_from_slice(&seal);
    URL_SAFE_NO_PAD.encode(token)
}

/// The last key that was sealed in `token` for the same `scope`.
pub fn open(key: &SealingKey, scope: &Scope<'_>, token: &str) -> Result<String, InvalidToken> {
    let token = URL_SAFE_NO_PAD.decode(token).map_err(|_| InvalidToken)?;
    let (sealed, seal) = token.split_last_chunk::<SEAL_BYTES>().ok_or(InvalidToken)?;
    if !bool::from(seal_of(key, scope, sealed).ct_eq(seal)) {
        return Err(InvalidToken);
    }
    match sealed {
        [VERSION, last @ ..] => String::from_utf8(last.to_vec()).map_err(|_| InvalidToken),
        _ => Err(InvalidToken),
    }
}

/// HMAC-SHA256, cut to 16 bytes, over every part with its length before it, so that no part can reach into the next.
fn seal_of(key: &SealingKey, scope: &Scope<'_>, sealed: &[u8]) -> [u8; SEAL_BYTES] {
    let mut mac = hmac_sha256(key.0.as_slice());
    let Scope { account, region, instance, operation, query } = scope;
    let names = [account, region, instance, operation].map(|name| name.as_bytes());
    for part in [b"lanyard page token".as_slice()].into_iter().chain(names).chain([*query, sealed]) {
        // A length fits 64 bits on every platform there is.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    let seal: [u8; 32] = mac.finalize().into_bytes().into();
    seal.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPE: Scope<'static> = Scope {
        account: "123456789012",
        region: "eu-west-2",
        instance: "aa5f3b3e-0000-4000-8000-000000000001",
        operation: "ListSecurityProfiles",
        query: &[7; 32],
    };
    const LAST: &str = "2f9a0c9e-0000-4000-8000-00000000000a";

    fn key() -> SealingKey {
        SealingKey::new([9; 32])
    }

    #[test]
    fn opens_what_it_sealed() {
        for last in ["", LAST, "schlüssel/ü=+ \n"] {
            let token = seal(&key(), &SCOPE, last);
            assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{token}");
            assert_eq!(open(&key(), &SCOPE, &token).as_deref(), Ok(last));
        }
    }

    #[test]
    fn a_token_names_nothing_of_its_scope() {
        let token = URL_SAFE_NO_PAD.decode(seal(&key(), &SCOPE, LAST)).unwrap();
        assert_eq!(token.len(), 1 + LAST.len() + SEAL_BYTES);
    }

    #[test]
    fn every_part_of_the_scope_and_the_key_are_bound() {
        let token = seal(&key(), &SCOPE, LAST);
        let foreign = [
            Scope { account: "123456789013", ..SCOPE },
            Scope { region: "eu-west-1", ..SCOPE },
            Scope { instance: "aa5f3b3e-0000-4000-8000-000000000002", ..SCOPE },
            Scope { operation: "SearchSecurityProfiles", ..SCOPE },
            Scope { query: &[8; 32], ..SCOPE },
            Scope { query: &[], ..SCOPE },
            // The same text, divided otherwise.
            Scope { account: "123456789012e", region: "u-west-2", ..SCOPE },
        ];
        for scope in foreign {
            assert_eq!(open(&key(), &scope, &token), Err(InvalidToken), "{scope:?}");
        }
        assert_eq!(open(&SealingKey::new([8; 32]), &SCOPE, &token), Err(InvalidToken));
    }

    #[test]
    fn a_token_with_any_bit_flipped_does_not_open() {
        let token = URL_SAFE_NO_PAD.decode(seal(&key(), &SCOPE, LAST)).unwrap();
        for bit in 0..token.len() * 8 {
            let mut forged = token.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&key(), &SCOPE, &URL_SAFE_NO_PAD.encode(forged)), Err(InvalidToken), "bit {bit}");
        }
    }

    #[test]
    fn a_truncated_or_extended_token_does_not_open() {
        let token = seal(&key(), &SCOPE, LAST);
        for length in 0..token.len() {
            assert_eq!(open(&key(), &SCOPE, &token[..length]), Err(InvalidToken), "{length} characters");
        }
        assert_eq!(open(&key(), &SCOPE, &format!("{token}A")), Err(InvalidToken));
        assert_eq!(open(&key(), &SCOPE, &format!("{token}=")), Err(InvalidToken));
    }

    #[test]
    fn garbage_does_not_open() {
        for garbage in ["", "!", "%%%", "AAAA", "ü", "eyJvZmZzZXQiOjEwfQ", " "] {
            assert_eq!(open(&key(), &SCOPE, garbage), Err(InvalidToken), "{garbage}");
        }
    }

    #[test]
    fn another_version_does_not_open_even_if_sealed_rightly() {
        let mut token = vec![VERSION + 1];
        token.extend_from_slice(LAST.as_bytes());
        let seal = seal_of(&key(), &SCOPE, &token);
        token.extend_from_slice(&seal);
        assert_eq!(open(&key(), &SCOPE, &URL_SAFE_NO_PAD.encode(token)), Err(InvalidToken));
    }

    #[test]
    fn the_longest_key_fills_the_length_that_is_promised() {
        assert!(seal(&key(), &SCOPE, &"k".repeat(1024)).len() <= 2500);
        assert_eq!(seal(&key(), &SCOPE, &"k".repeat(MAX_LAST_KEY_BYTES)).len(), 2500);
        let longer = "k".repeat(MAX_LAST_KEY_BYTES + 1);
        let token = seal(&key(), &SCOPE, &longer);
        assert!(token.len() > 2500);
        assert_eq!(open(&key(), &SCOPE, &token), Ok(longer));
    }

    #[test]
    fn the_key_cannot_be_read() {
        assert_eq!(format!("{:?}", SealingKey::new([0x41; 32])), "SealingKey(<redacted>)");
    }
}
