//! Percent-encoding of path labels and query strings.
//!
//! Encoding is what the AWS clients do: everything but the unreserved characters of RFC 3986. Decoding borrows when
//! there is nothing to decode, and refuses what is not an escape or not UTF-8.

use std::borrow::Cow;
use std::fmt;

/// Why text could not be percent-decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    /// A `%` without two hexadecimal digits after it.
    Escape,
    /// The decoded bytes are not UTF-8.
    Utf8,
}

impl fmt::Display for PercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Escape => "the address has a `%` that two hexadecimal digits do not follow",
            Self::Utf8 => "the address is not UTF-8 after percent-decoding",
        })
    }
}

impl std::error::Error for PercentError {}

/// Decodes a path segment, where `+` is a plus.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, PercentError> {
    decode_with(text, b'+')
}

/// Decodes part of a query, where `+` is a space (a plus travels as `%2B`).
pub(crate) fn decode_query(text: &str) -> Result<Cow<'_, str>, PercentError> {
    decode_with(text, b' ')
}

/// Refuses a query that cannot be decoded.
///
/// # Errors
/// See [`PercentError`].
pub fn check_query(query: &str) -> Result<(), PercentError> {
    decode_query(query).map(drop)
}

fn decode_with(text: &str, plus: u8) -> Result<Cow<'_, str>, PercentError> {
    if !text.bytes().any(|byte| byte == b'%' || (byte == b'+' && plus != b'+')) {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let high = bytes.next().and_then(hex).ok_or(PercentError::Escape)?;
                let low = bytes.next().and_then(hex).ok_or(PercentError::Escape)?;
                high << 4 | low
            }
            b'+' => plus,
            other => other,
        });
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| PercentError::Utf8)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Appends `text` with everything but `A-Za-z0-9-._~` escaped.
pub(crate) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_undoes_encoding() {
        let text = "arn:aws:connect:eu-west-2:123456789012:instance/a b+c%~ü\u{1F600}";
        let mut encoded = String::new();
        encode(&mut encoded, text);
        assert!(encoded.contains("instance%2Fa%20b%2Bc%25~%C3%BC"), "{encoded}");
        assert_eq!(decode(&encoded).unwrap(), text);
        assert_eq!(decode_query(&encoded).unwrap(), text);
    }

    #[test]
    fn a_raw_plus_is_a_space_in_a_query_only() {
        assert_eq!(decode("a+b").unwrap(), "a+b");
        assert_eq!(decode_query("a+b").unwrap(), "a b");
    }

    #[test]
    fn faults_are_told_apart() {
        for bad in ["%", "%4", "%zz", "a%+1"] {
            assert_eq!(decode(bad), Err(PercentError::Escape), "{bad}");
        }
        assert_eq!(decode("%FF"), Err(PercentError::Utf8));
        assert_eq!(decode("%ED%A0%80"), Err(PercentError::Utf8));
    }
}
