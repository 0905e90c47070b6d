//! Keys from outside, under which a store seals its secrets and the keys of people.
//!
//! A sealed value begins with a mark, then the number of the key, a nonce, the value encrypted with ChaCha20-Poly1305, and
//! the tag. It is bound to its place, so that no value can be passed off as another.

use std::fmt;
use std::sync::Arc;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Place, StoreError};

/// The first bytes of a sealed value. No unsealed secret begins with them, save with a probability of 2⁻⁶⁴.
const MARK: [u8; 8] = *b"\0sealed1";

/// The bytes of a key's number.
const NUMBER: usize = 8;

/// The keys from outside: the first seals, all open. Without a key nothing is sealed.
///
/// `Debug` shows how many there are.
#[derive(Clone, Default)]
pub struct MasterKeys(Arc<Vec<MasterKey>>);

struct MasterKey {
    number: [u8; NUMBER],
    key: LessSafeKey,
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKeys({})", self.0.len())
    }
}

impl MasterKeys {
    /// Reads keys: each is 32 bytes in hexadecimal digits or in base64, with white space or commas between them. A line
    /// that begins with `#` is a comment.
    ///
    /// # Errors
    /// A sentence that says which of them is no key, and does not repeat it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let words = lines.flat_map(|line| line.split([' ', '\t', '\r', ','])).filter(|word| !word.is_empty());
        let keys = words.enumerate().map(|(at, word)| {
            let bytes = decode(word).ok_or_else(|| {
                format!("key {} is not 32 bytes, as 64 hexadecimal digits or 44 characters of base64", at + 1)
            })?;
            MasterKey::new(&bytes).ok_or_else(|| format!("key {} cannot be used", at + 1))
        });
        let keys = keys.collect::<Result<Vec<_>, String>>()?;
        if keys.is_empty() {
            return Err("there is no key; 32 bytes are needed, as 64 hexadecimal digits or in base64".to_owned());
        }
        Ok(Self(Arc::new(keys)))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of the key that seals, as text: the beginning of a hash of the key, which discloses nothing of it.
    #[must_use]
    pub fn sealing_number(&self) -> Option<String> {
        self.0.first().map(|key| text(&key.number))
    }

    /// Checks that every key that a store was sealed with is here. `in_use` is the store's list of them, as numbers with
    /// commas between. Returns the list that the store is to have before this writes to it; `None` where it is the same.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when a key is missing.
    pub fn check(&self, in_use: &str, place: impl FnOnce() -> Place) -> Result<Option<String>, StoreError> {
        let listed = || in_use.split(',').filter(|number| !number.is_empty());
        let has = |number: &str| self.0.iter().any(|key| text(&key.number) == number);
        if let Some(missing) = listed().find(|number| !has(number)) {
            return Err(StoreError::Sealed { place: place(), key: missing.to_owned(), is_given: !self.is_empty() });
        }
        let first = self.sealing_number().filter(|first| listed().all(|number| number != first));
        Ok(first.map(|first| listed().map(str::to_owned).chain([first]).collect::<Vec<_>>().join(",")))
    }

    /// Seals a value for a place, which is named by `parts`; without a key the value stays as it is.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn seal(&self, parts: &[&str], value: &[u8]) -> Result<Vec<u8>, String> {
        let Some(MasterKey { number, key }) = self.0.first() else { return Ok(value.to_vec()) };
        let mut sealed = [MARK, *number].concat();
        sealed.append(&mut encrypt(key, &place(parts), value)?);
        Ok(sealed)
    }

    /// Opens a value that was sealed for a place, or was stored without a seal.
    ///
    /// # Errors
    /// A sentence: the key is not here, or it does not open the value.
    pub(crate) fn open(&self, parts: &[&str], stored: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, String> {
        let stored = Zeroizing::new(stored);
        let Some((number, sealed)) = split(&stored) else { return Ok(stored) };
        let Some(MasterKey { key, .. }) = self.0.iter().find(|key| key.number == *number) else {
            let number = text(number);
            return Err(format!("it is sealed with the key {number}, which was not given; see --key-file"));
        };
        decrypt(key, &place(parts), sealed).ok_or_else(|| "it cannot be opened with its key".to_owned())
    }

    /// Whether a stored value is sealed with the key that seals now. Without keys, whether it is not sealed.
    #[must_use]
    pub fn is_current(&self, stored: &[u8]) -> bool {
        split(stored).map(|(number, _)| number) == self.0.first().map(|key| &key.number)
    }

    /// A stored value as it is to be stored now: opened, and sealed with the key that seals.
    ///
    /// # Errors
    /// A sentence: it cannot be opened.
    pub fn reseal(&self, parts: &[&str], stored: Vec<u8>) -> Result<Vec<u8>, String> {
        self.seal(parts, &self.open(parts, stored)?)
    }
}

impl MasterKey {
    fn new(bytes: &[u8]) -> Option<Self> {
        let hash = Sha256::new().chain_update(b"lanyard master key\0").chain_update(bytes).finalize();
        let number = hash.first_chunk::<NUMBER>().copied()?;
        Some(Self { number, key: aead(bytes)? })
    }
}

/// The number of the key and the rest of a sealed value; `None` when it is not sealed.
fn split(stored: &[u8]) -> Option<(&[u8; NUMBER], &[u8])> {
    stored.strip_prefix(&MARK).and_then(|rest| rest.split_first_chunk::<NUMBER>())
}

/// The parts, each behind its length, so that no two places have the same bytes.
pub(crate) fn place(parts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

pub(crate) fn aead(bytes: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&CHACHA20_POLY1305, bytes).ok().map(LessSafeKey::new)
}

/// Random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system has no randomness: {error}"))?;
    Ok(bytes)
}

/// A random nonce, the encrypted value, and the tag.
pub(crate) fn encrypt(key: &LessSafeKey, place: &[u8], value: &[u8]) -> Result<Vec<u8>, String> {
    let nonce: [u8; NONCE_LEN] = random()?;
    let mut sealed = Vec::with_capacity(NONCE_LEN + value.len() + CHACHA20_POLY1305.tag_len());
    sealed.extend_from_slice(&nonce);
    let mut text = value.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(place), &mut text)
        .map_err(|_| "a value is too long to be sealed".to_owned())?;
    sealed.append(&mut text);
    Ok(sealed)
}

/// The value that [`encrypt`] was given for this key and place; `None` when there was none.
pub(crate) fn decrypt(key: &LessSafeKey, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut text = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = key.open_in_place(nonce, Aad::from(place), &mut text).ok()?.len();
    text.truncate(length);
    Some(text)
}

fn text(number: &[u8; NUMBER]) -> String {
    number.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The 32 bytes that hexadecimal digits or base64 write.
fn decode(word: &str) -> Option<Zeroizing<Vec<u8>>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    if let Some(bytes) = crate::chain::parse(word) {
        return Some(Zeroizing::new(bytes.to_vec()));
    }
    let padded = format!("{}{}", word.trim_end_matches('='), "=");
    let bytes = STANDARD.decode(&padded).or_else(|_| URL_SAFE.decode(&padded)).ok()?;
    Some(Zeroizing::new(bytes)).filter(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> MasterKeys {
        let text: Vec<String> = bytes.iter().map(|byte| crate::chain::hex(&[*byte; 32])).collect();
        MasterKeys::parse(&text.join("\n")).unwrap()
    }

    #[test]
    fn a_value_is_opened_with_its_key_in_its_place() {
        let one = keys(&[1]);
        let sealed = one.seal(&["a", "b"], b"hunter2").unwrap();
        assert!(!sealed.windows(7).any(|it| it == b"hunter2"));
        assert_eq!(one.open(&["a", "b"], sealed.clone()).unwrap().as_slice(), b"hunter2");
        assert!(one.open(&["ab", ""], sealed.clone()).unwrap_err().contains("cannot be opened"));
        assert!(keys(&[2]).open(&["a", "b"], sealed.clone()).unwrap_err().contains("was not given"));
        assert!(MasterKeys::default().open(&["a", "b"], sealed).unwrap_err().contains("was not given"));
    }

    #[test]
    fn every_changed_byte_is_found() {
        let one = keys(&[1]);
        let sealed = one.seal(&["a"], b"hunter2").unwrap();
        for at in MARK.len()..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(one.open(&["a"], changed).is_err(), "byte {at}");
        }
    }

    #[test]
    fn the_first_key_seals_and_all_open() {
        let old = keys(&[1]).seal(&["a"], b"x").unwrap();
        let both = keys(&[2, 1]);
        assert_eq!(both.open(&["a"], old.clone()).unwrap().as_slice(), b"x");
        assert!(!both.is_current(&old));
        let new = both.reseal(&["a"], old).unwrap();
        assert!(both.is_current(&new));
        assert_eq!(keys(&[2]).open(&["a"], new).unwrap().as_slice(), b"x");
        assert_eq!(MasterKeys::default().open(&["a"], b"plain".to_vec()).unwrap().as_slice(), b"plain");
    }

    #[test]
    fn a_store_is_refused_without_the_keys_in_use() {
        let place = || Place::Database("x".to_owned());
        let one = keys(&[1]);
        assert_eq!(MasterKeys::default().check("", place), Ok(None));
        let in_use = one.check("", place).unwrap().unwrap();
        assert_eq!(one.check(&in_use, place), Ok(None));
        assert!(matches!(MasterKeys::default().check(&in_use, place), Err(StoreError::Sealed { is_given: false, .. })));
        assert!(matches!(keys(&[2]).check(&in_use, place), Err(StoreError::Sealed { is_given: true, .. })));
        let both = keys(&[2, 1]).check(&in_use, place).unwrap().unwrap();
        assert_eq!(both.split(',').count(), 2);
        assert_eq!(keys(&[1, 2]).check(&both, place), Ok(None));
    }

    #[test]
    fn keys_are_read_in_both_forms_and_never_shown() {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD.encode([251; 32]);
        let hex = crate::chain::hex(&[251; 32]);
        let sealed = MasterKeys::parse(&base64).unwrap().seal(&["a"], b"x").unwrap();
        let read = MasterKeys::parse(&format!("# new\n{}\n{hex}\n", "00".repeat(32))).unwrap();
        assert_eq!(read.open(&["a"], sealed).unwrap().as_slice(), b"x");
        assert_eq!(format!("{read:?}"), "MasterKeys(2)");
        for text in ["", "# only a comment", "secret", &hex[1..], &base64[1..]] {
            let error = MasterKeys::parse(text).unwrap_err();
            assert!(text.is_empty() || !error.contains(text), "{error}");
        }
    }
}
