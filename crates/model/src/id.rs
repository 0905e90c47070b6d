//! Identifiers of resources.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The identifier of a resource within its stream: immutable, never used again, ordered.
///
/// Nearly all are UUIDs in their canonical form, lower-case and hyphenated, which are held in 16 bytes so that a
/// look-up compares numbers. Any other text (an AI agent's ARN, a client token) is an identifier as it is written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Repr);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    /// The high and the low half: in two, so that an identifier takes 24 bytes.
    Uuid([u64; 2]),
    Text(Arc<str>),
}

impl Id {
    /// The identifier that `text` names. Only a canonical UUID is one: `4F…` and `4f…` are different identifiers.
    #[must_use]
    pub fn new(text: &str) -> Self {
        match parse_uuid(text) {
            Some(bits) => Self::from_uuid(bits),
            None => Self(Repr::Text(text.into())),
        }
    }

    /// The identifier without copying it.
    #[inline]
    #[must_use]
    pub fn as_ref(&self) -> IdRef<'_> {
        match &self.0 {
            Repr::Uuid(halves) => IdRef::Uuid(join(*halves)),
            Repr::Text(text) => IdRef::Text(text),
        }
    }

    /// The identifier whose UUID has these 128 bits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "each cast takes the half it is about")]
    pub fn from_uuid(bits: u128) -> Self {
        Self(Repr::Uuid([(bits >> 64) as u64, bits as u64]))
    }
}

#[inline]
fn join([high, low]: [u64; 2]) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// An identifier as it is written in text or in an [`Id`], without copying either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdRef<'a> {
    /// The 128 bits of a canonical UUID.
    Uuid(u128),
    /// Any other text.
    Text(&'a str),
}

impl<'a> IdRef<'a> {
    /// The identifier that `text` names, as [`Id::new`] reads it.
    #[inline]
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        parse_uuid(text).map_or(Self::Text(text), Self::Uuid)
    }
}

/// The 128 bits of a UUID written `8-4-4-4-12` in lower-case hexadecimal digits, and of nothing else. Eight digits at a
/// time, and where it is asked for: every question names two.
#[inline(always)]
fn parse_uuid(text: &str) -> Option<u128> {
    let t: &[u8; 36] = text.as_bytes().try_into().ok()?;
    if [t[8], t[13], t[18], t[23]] != *b"----" {
        return None;
    }
    let [a, wrong_a] = hexadecimal([t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7]]);
    let [b, wrong_b] = hexadecimal([t[9], t[10], t[11], t[12], t[14], t[15], t[16], t[17]]);
    let [c, wrong_c] = hexadecimal([t[19], t[20], t[21], t[22], t[24], t[25], t[26], t[27]]);
    let [d, wrong_d] = hexadecimal([t[28], t[29], t[30], t[31], t[32], t[33], t[34], t[35]]);
    let bits = join([a << 32 | b, c << 32 | d]);
    (wrong_a | wrong_b | wrong_c | wrong_d == 0).then_some(bits)
}

/// One in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The digit for the value in each byte: from `0` on, and from ten on 39 further, which leads to `a`.
#[inline(always)]
fn written(values: u64) -> u64 {
    values + EACH * 0x30 + ((values + EACH * 6) >> 4 & EACH) * 39
}

/// The number that eight lower-case hexadecimal digits write, and something other than zero where one is none.
#[inline(always)]
fn hexadecimal(digits: [u8; 8]) -> [u64; 2] {
    let text = u64::from_be_bytes(digits);
    // Of what is above `?`, nine more than the low half of the byte. No byte of what follows is above 111, so that none
    // carries into the next.
    let value = (text & (EACH * 0xf)) + (text >> 6 & EACH) * 9;
    let wrong = (written(value) ^ text) | (value & (EACH * 0x10));
    let value = (value | value >> 4) & 0x00ff_00ff_00ff_00ff;
    let value = (value | value >> 8) & 0x0000_ffff_0000_ffff;
    [(value | value >> 16) & 0xffff_ffff, wrong]
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Text(text) => f.write_str(text),
            Repr::Uuid(halves) => {
                let text = uuid_text(*halves);
                // Digits and hyphens are text.
                f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
        }
    }
}

/// A UUID as text, `8-4-4-4-12` in lower-case hexadecimal digits. The formatting is specialised, since answers name
/// many of them.
fn uuid_text([high, low]: [u64; 2]) -> [u8; 36] {
    let [a, b, c, d] = [high >> 32, high & 0xffff_ffff, low >> 32, low & 0xffff_ffff].map(digits);
    let mut text = [b'-'; 36];
    text[..8].copy_from_slice(&a);
    text[9..13].copy_from_slice(&b[..4]);
    text[14..18].copy_from_slice(&b[4..]);
    text[19..23].copy_from_slice(&c[..4]);
    text[24..28].copy_from_slice(&c[4..]);
    text[28..].copy_from_slice(&d);
    text
}

/// A number of 32 bits as eight lower-case hexadecimal digits.
#[inline]
fn digits(number: u64) -> [u8; 8] {
    let value = (number | number << 16) & 0x0000_ffff_0000_ffff;
    let value = (value | value << 8) & 0x00ff_00ff_00ff_00ff;
    written((value | value << 4) & (EACH * 0xf)).to_be_bytes()
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
    use super::{Id, IdRef};

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
    #[test]
    fn every_byte_in_every_place_is_a_digit_or_is_none() {
        let text = "0123abcd-4567-89ef-0011-223344556677";
        for (place, hyphen) in text.bytes().map(|byte| byte == b'-').enumerate() {
            for byte in 0..128 {
                let mut changed = text.as_bytes().to_vec();
                changed[place] = byte;
                let changed = String::from_utf8(changed).unwrap();
                let canonical = if hyphen { byte == b'-' } else { matches!(byte, b'0'..=b'9' | b'a'..=b'f') };
                assert_eq!(matches!(IdRef::new(&changed), IdRef::Uuid(_)), canonical, "{changed}");
                assert_eq!(Id::new(&changed).to_string(), changed);
            }
        }
        assert!(matches!(IdRef::new("0123abcd-4567-89ef-0011-2233445566é"), IdRef::Text(_)));
    }
}
