//! Identifiers of resources.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The identifier of a resource within its stream: immutable, never used again, ordered.
///
/// Nearly all are UUIDs in their canonical form, lower-case and hyphenated, which are held in 16 bytes so that a
/// look-up compares numbers. Any other text (an AI agent's ARN, a client token) is an identifier as it stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Repr);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    Uuid(u128),
    Text(Arc<str>),
}

impl Id {
    /// The identifier that `text` names. Only a canonical UUID is one: `4F…` and `4f…` are different identifiers.
    #[must_use]
    pub fn new(text: &str) -> Self {
        match parse_uuid(text) {
            Some(value) => Self(Repr::Uuid(value)),
            None => Self(Repr::Text(text.into())),
        }
    }

    /// The identifier whose UUID has these 128 bits.
    #[must_use]
    pub fn from_uuid(bits: u128) -> Self {
        Self(Repr::Uuid(bits))
    }
}

/// The 128 bits of a UUID written `8-4-4-4-12` in lower-case hexadecimal digits, and of nothing else.
fn parse_uuid(text: &str) -> Option<u128> {
    if text.len() != 36 {
        return None;
    }
    let mut value = 0_u128;
    for (at, byte) in text.bytes().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        value = (value << 4) | u128::from(digit);
    }
    Some(value)
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Text(text) => f.write_str(text),
            Repr::Uuid(bits) => {
                let text = uuid_text(*bits);
                // Digits and hyphens are text.
                f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
        }
    }
}

/// A UUID as text, `8-4-4-4-12` in lower-case hexadecimal digits. Written by hand: answers name many of them.
fn uuid_text(bits: u128) -> [u8; 36] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let places = text.iter_mut().enumerate().filter(|(at, _)| !matches!(at, 8 | 13 | 18 | 23)).map(|(_, place)| place);
    let nibbles = bits.to_be_bytes().into_iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    for (place, nibble) in places.zip(nibbles) {
        *place = DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
    }
    text
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&std::borrow::Cow::<'_, str>::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn a_canonical_uuid_reads_back_as_written() {
        let text = "0123abcd-4567-89ef-0011-223344556677";
        assert_eq!(Id::new(text).to_string(), text);
        assert_eq!(Id::new(text), Id::from_uuid(0x0123_abcd_4567_89ef_0011_2233_4455_6677));
    }

    #[test]
    fn any_other_text_is_an_identifier_as_it_stands() {
        for text in
            ["0123ABCD-4567-89ef-0011-223344556677", "", "arn:aws:wisdom:…", "0123abcd-4567-89ef-0011-22334455667"]
        {
            assert_eq!(Id::new(text).to_string(), text);
        }
        assert_ne!(Id::new("0123ABCD-4567-89ef-0011-223344556677"), Id::new("0123abcd-4567-89ef-0011-223344556677"));
    }
}
