//! Secrets, the signing keys that derive from them, and a cache of those: deriving costs four HMACs, using one costs one.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::canonical::hex;
use super::{Hex, TERMINATOR};

/// A secret access key. Erased from memory when dropped; has no readable form; compared in constant time.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over the secret's text.
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(<redacted>)")
    }
}

/// A key for one day, region and service, keyed already: a signature costs no key schedule.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Derives the key; `date` is `YYYYMMDD`.
    pub fn derive(secret: &Secret, date: &str, region: &str, service: &str) -> Self {
        let mut first = Zeroizing::new(Vec::with_capacity(4 + secret.0.len()));
        first.extend_from_slice(b"AWS4");
        first.extend_from_slice(secret.0.as_bytes());
        let mut mac = hmac_sha256(&first);
        for part in [date, region, service, TERMINATOR] {
            mac.update(part.as_bytes());
            let next = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
            mac = hmac_sha256(next.as_slice());
        }
        Self(mac)
    }

    /// The signature of a string to sign.
    pub fn signature(&self, string_to_sign: &[u8]) -> Hex {
        let mut mac = self.0.clone();
        mac.update(string_to_sign);
        hex(&mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(<redacted>)")
    }
}

/// HMAC-SHA256 with a key of any length.
pub(crate) fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC is defined for keys of every length; the type's error cannot occur")]
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

/// A credential, and the key that was derived from its secret.
type Entry<K> = (Arc<K>, SigningKey);

/// Derived signing keys by credential (`key id/date/region/service/aws4_request`), at most [`KeyCache::CAPACITY`].
///
/// Only scopes of correctly signed requests enter, so that only the holder of a secret can fill it. An entry counts only for
/// the very key that it was derived from: reloaded credentials are never verified with a former secret.
pub struct KeyCache<K> {
    entries: RwLock<HashMap<Box<str>, Entry<K>>>,
    /// Stands in for the key of an unknown access key, so that its request is worked on like any other.
    decoy: SigningKey,
}

impl<K> KeyCache<K> {
    /// How many keys are kept; when it is full, it is emptied.
    pub const CAPACITY: usize = 1024;

    /// An empty cache.
    pub fn new() -> Self {
        let decoy = SigningKey::derive(&Secret::new(String::new()), "", "", "");
        Self { entries: RwLock::new(HashMap::new()), decoy }
    }

    pub(super) fn get(&self, credential: &str, owner: &Arc<K>) -> Option<SigningKey> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(credential).filter(|(of, _)| Arc::ptr_eq(of, owner)).map(|(_, key)| key.clone())
    }

    pub(super) fn insert(&self, credential: &str, owner: &Arc<K>, key: SigningKey) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= Self::CAPACITY {
            entries.clear();
        }
        entries.insert(credential.into(), (Arc::clone(owner), key));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(super) fn decoy(&self) -> SigningKey {
        self.decoy.clone()
    }
}

impl<K> Default for KeyCache<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> fmt::Debug for KeyCache<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyCache(<redacted>)")
    }
}
