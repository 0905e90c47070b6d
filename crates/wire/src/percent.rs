//! Percent-encoding of path labels and query strings.
//!
//! Encoding is what the AWS clients do: everything but the unreserved characters of RFC 3986. Decoding borrows when
//! there is nothing to decode, and refuses what is not an escape or not UTF-8.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Text that cannot be percent-decoded.
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
    decode_strictly(text)
}

/// Decodes part of a query, where `+` is a space (a plus travels as `%2B`).
pub(crate) fn decode_query(text: &str) -> Result<Cow<'_, str>, PercentError> {
    if !text.contains('+') {
        return decode_strictly(text);
    }
    decode_strictly(&text.replace('+', " ")).map(|decoded| Cow::Owned(decoded.into_owned()))
}

/// Refuses a query that cannot be decoded.
///
/// # Errors
/// See [`PercentError`].
pub fn check_query(query: &str) -> Result<(), PercentError> {
    decode_query(query).map(drop)
}

fn decode_strictly(text: &str) -> Result<Cow<'_, str>, PercentError> {
    // The crate leaves what is not an escape as it stands.
    let mut after = text.split('%').skip(1).map(str::as_bytes);
    if !after.all(|after| matches!(after, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())) {
        return Err(PercentError::Escape);
    }
    percent_decode_str(text).decode_utf8().map_err(|_| PercentError::Utf8)
}

/// Appends `text` with everything but `A-Za-z0-9-._~` escaped.
pub(crate) fn encode(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
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
        assert_eq!(decode_query("a+%2B").unwrap(), "a +");
    }

    #[test]
    fn faults_are_distinguished() {
        for bad in ["%", "%4", "%zz", "a%+1", "%%41", "%4%41", "%41%", "%é1"] {
            assert_eq!(decode(bad), Err(PercentError::Escape), "{bad}");
        }
        assert_eq!(decode("%aF%zz"), Err(PercentError::Escape));
        assert_eq!(decode("%FF"), Err(PercentError::Utf8));
        assert_eq!(decode("%ED%A0%80"), Err(PercentError::Utf8));
    }
}
