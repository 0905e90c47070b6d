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

    /// The identifier without copying it.
    #[must_use]
    pub fn as_ref(&self) -> IdRef<'_> {
        match &self.0 {
            Repr::Uuid(bits) => IdRef::Uuid(*bits),
            Repr::Text(text) => IdRef::Text(text),
        }
    }

    /// The identifier whose UUID has these 128 bits.
    #[must_use]
    pub fn from_uuid(bits: u128) -> Self {
        Self(Repr::Uuid(bits))
    }
}

/// An identifier as it stands in text or in an [`Id`], without copying either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdRef<'a> {
    /// The 128 bits of a canonical UUID.
    Uuid(u128),
    /// Any other text.
    Text(&'a str),
}

impl<'a> IdRef<'a> {
    /// The identifier that `text` names, as [`Id::new`] reads it.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        parse_uuid(text).map_or(Self::Text(text), Self::Uuid)
    }
}

/// The 128 bits of a UUID written `8-4-4-4-12` in lower-case hexadecimal digits, and of nothing else.
fn parse_uuid(text: &str) -> Option<u128> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    if [bytes[8], bytes[13], bytes[18], bytes[23]] != *b"----" {
        return None;
    }
    let mut seen = 0;
    let mut number = |digits: Option<&[u8]>| {
        digits.into_iter().flatten().fold(0_u64, |value, byte| {
            let digit = DIGITS.get(usize::from(*byte)).copied().unwrap_or(NO_DIGIT);
            seen |= digit;
            (value << 4) | u64::from(digit)
        })
    };
    let high = number(bytes.get(..8)) << 32 | number(bytes.get(9..13)) << 16 | number(bytes.get(14..18));
    let low = number(bytes.get(19..23)) << 48 | number(bytes.get(24..));
    (seen & NO_DIGIT == 0).then_some(u128::from(high) << 64 | u128::from(low))
}

/// Stands for a byte that is no digit.
const NO_DIGIT: u8 = 0x80;

/// What each byte is worth as a lower-case hexadecimal digit.
#[expect(clippy::indexing_slicing, reason = "the compiler evaluates it, and refuses an index out of bounds")]
static DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

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
