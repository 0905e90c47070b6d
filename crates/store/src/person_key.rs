//! The keys of people, and the form in which a user is stored where the bytes outlast the person.
//!
//! A sealed user is the erased user ([`User::is_erased`]) with one more member, `sealed`: the personal data, encrypted with
//! ChaCha20-Poly1305 under a key of that person. Without the key the erased user is left. The text is base64 of the key's
//! number, a nonce, the encrypted data and the tag; it is bound to the stream, the user and the revision.
//!
//! A person may have several keys: a process that does not have the last one at hand makes another. All are destroyed when
//! the user is deleted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use lanyard_model::resources::{PersonalData, User};
use lanyard_model::{Id, Kind, Resource, StreamId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::master_key::{aead, decrypt, encrypt, place, random};

/// A key of a person. `Debug` does not show it.
#[derive(Clone)]
pub struct PersonKey {
    person: Id,
    number: i64,
    bytes: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonKey({} {}, <redacted>)", self.person, self.number)
    }
}

impl PersonKey {
    /// A new key of a person.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn random(person: Id) -> Result<Self, String> {
        let bytes = Zeroizing::new(random::<32>()?);
        Self::new(person, bytes.as_slice()).ok_or_else(unusable)
    }

    /// The key of these bytes; `None` when they are not 32.
    #[must_use]
    pub fn new(person: Id, bytes: &[u8]) -> Option<Self> {
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(bytes).ok()?);
        let hash = Sha256::new().chain_update(b"lanyard person key\0").chain_update(*bytes).finalize();
        let number = i64::from_be_bytes(*hash.first_chunk()?);
        Some(Self { person, number, bytes })
    }

    /// The person.
    #[must_use]
    pub fn person(&self) -> &Id {
        &self.person
    }

    /// The number that tells a person's keys apart: the beginning of a hash of the key, which discloses nothing of it.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.bytes.as_slice()
    }
}

/// Keys of people, to open what was sealed.
#[derive(Clone, Debug, Default)]
pub struct PersonKeys(HashMap<Id, Vec<PersonKey>>);

impl PersonKeys {
    /// Adds a key.
    pub fn insert(&mut self, key: PersonKey) {
        let keys = self.0.entry(key.person.clone()).or_default();
        if keys.iter().all(|it| it.number != key.number) {
            keys.push(key);
        }
    }

    /// Removes the keys of a person.
    pub fn remove(&mut self, person: &Id) {
        self.0.remove(person);
    }

    /// The person's key of this number.
    #[must_use]
    pub fn get(&self, person: &Id, number: i64) -> Option<&PersonKey> {
        self.0.get(person)?.iter().find(|key| key.number == number)
    }

    /// A key of the person; any, where there are several.
    #[must_use]
    pub fn of(&self, person: &Id) -> Option<&PersonKey> {
        self.0.get(person)?.last()
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &PersonKey> {
        self.0.values().flatten()
    }
}

impl FromIterator<PersonKey> for PersonKeys {
    fn from_iter<T: IntoIterator<Item = PersonKey>>(keys: T) -> Self {
        let mut all = Self::default();
        keys.into_iter().for_each(|key| all.insert(key));
        all
    }
}

/// A user as it is stored where the bytes outlast the person.
#[derive(Serialize)]
pub(crate) struct SealedUser {
    #[serde(flatten)]
    user: User,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
}

impl SealedUser {
    /// Seals a user; `None` instead of a key leaves the erased user.
    pub(crate) fn new(stream: &str, revision: u64, mut user: User, key: Option<&PersonKey>) -> Result<Self, String> {
        let data = user.take_personal_data();
        let seal = |key: &PersonKey| {
            let data = Zeroizing::new(serde_json::to_vec(&data).map_err(|error| error.to_string())?);
            let aead = aead(key.expose()).ok_or_else(unusable)?;
            let mut bytes = key.number.to_be_bytes().to_vec();
            bytes.append(&mut encrypt(&aead, &binding(stream, &key.person, revision), &data)?);
            Ok::<_, String>(STANDARD_NO_PAD.encode(bytes))
        };
        Ok(Self { user, sealed: key.map(seal).transpose()? })
    }

    /// A user as it was read.
    pub(crate) fn stored(user: User, seal: Seal) -> Self {
        Self { user, sealed: Some(STANDARD_NO_PAD.encode(seal.bytes)) }
    }
}

/// A resource as it was read from its stored form.
#[derive(Debug)]
pub(crate) struct StoredResource {
    /// The resource; where something is sealed, the erased user.
    pub(crate) resource: Resource,
    /// The sealed data.
    pub(crate) seal: Option<Seal>,
}

/// Sealed personal data, as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Seal {
    /// The number of the key.
    pub(crate) key: i64,
    /// The number, the nonce, the encrypted data and the tag.
    bytes: Vec<u8>,
}

impl Seal {
    fn read(text: &str) -> Result<Self, String> {
        let malformed = || "the sealed data of a user is malformed".to_owned();
        let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| malformed())?;
        let number = bytes.first_chunk::<8>().ok_or_else(malformed)?;
        Ok(Self { key: i64::from_be_bytes(*number), bytes })
    }

    /// The sealed data of a user in JSON, where there is some.
    fn of(json: &str) -> Result<Option<Self>, String> {
        #[derive(Deserialize)]
        struct Sealed<'a> {
            #[serde(borrow, default)]
            sealed: Option<Cow<'a, str>>,
        }
        // Within a text the quotation marks would be escaped.
        let Some((_, rest)) = json.rsplit_once("\"sealed\":\"") else { return Ok(None) };
        // It is written as the last member. A tag may have the name too.
        if let Some(text) = rest.strip_suffix("\"}").filter(|text| !text.contains('"')) {
            return Self::read(text).map(Some);
        }
        let Sealed { sealed } = serde_json::from_str(json).map_err(|error| error.to_string())?;
        sealed.map(|text| Self::read(&text)).transpose()
    }

    /// Opens the data with a key that has its number, and puts it into the user.
    pub(crate) fn open(&self, stream: &str, revision: u64, user: &mut User, key: &PersonKey) -> Result<(), String> {
        let wrong = || format!("the sealed data of user `{}` cannot be opened with the user's key", key.person);
        let (_, sealed) = self.bytes.split_first_chunk::<8>().ok_or_else(wrong)?;
        let aead = aead(key.expose()).ok_or_else(unusable)?;
        let data = decrypt(&aead, &binding(stream, &key.person, revision), sealed).ok_or_else(wrong)?;
        let data: PersonalData = serde_json::from_slice(&data).map_err(|_| wrong())?;
        user.put_personal_data(data);
        Ok(())
    }
}

impl StoredResource {
    /// Reads a resource of a kind, which may be sealed.
    pub(crate) fn read(kind: Kind, json: &str) -> Result<Self, String> {
        let resource = Resource::from_json(kind, json).map_err(|error| error.to_string())?;
        let seal = if kind == Kind::User { Seal::of(json)? } else { None };
        Ok(Self { resource, seal })
    }

    /// The resource with the data that is sealed in it, where the key is there.
    ///
    /// # Errors
    /// A sentence: the key does not open it.
    pub(crate) fn open(mut self, stream: &str, revision: u64, keys: &PersonKeys) -> Result<Resource, String> {
        if let (Resource::User(user), Some(seal)) = (&mut self.resource, &self.seal)
            && let Some(key) = keys.get(&user.id, seal.key)
        {
            seal.open(stream, revision, Arc::make_mut(user), key)?;
        }
        Ok(self.resource)
    }
}

/// The place that sealed data is bound to.
fn binding(stream: &str, person: &Id, revision: u64) -> Vec<u8> {
    place(&[stream, &person.to_string(), &revision.to_string()])
}

fn unusable() -> String {
    "a key cannot be used".to_owned()
}

/// A resource in JSON as it may be stored where the bytes outlast people: a user is sealed with one of its keys, or erased
/// where there is none; any other resource is as [`Resource::to_json`] writes it. `revision` is a number that the reader
/// knows, such as that of the state that the resource is part of.
///
/// # Errors
/// A sentence: the resource cannot be written as JSON, or the system has no randomness.
pub fn seal_resource(
    stream: &StreamId,
    revision: u64,
    resource: &Resource,
    keys: &PersonKeys,
) -> Result<String, String> {
    let Resource::User(user) = resource else { return resource.to_json().map_err(|error| error.to_string()) };
    let sealed = SealedUser::new(&stream.to_string(), revision, User::clone(user), keys.of(&user.id))?;
    serde_json::to_string(&sealed).map_err(|error| error.to_string())
}

/// Reads what [`seal_resource`] wrote for the same stream and revision. A user whose key is not there is erased.
///
/// # Errors
/// A sentence: the text is not such a resource, or the key does not open it.
pub fn open_resource(
    stream: &StreamId,
    revision: u64,
    kind: Kind,
    json: &str,
    keys: &PersonKeys,
) -> Result<Resource, String> {
    StoredResource::read(kind, json)?.open(&stream.to_string(), revision, keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_member_of_the_name_is_sealed_data() {
        let sealed = STANDARD_NO_PAD.encode([0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3]);
        let number = |json: String| Seal::of(&json).map(|seal| seal.map(|it| it.key));
        assert_eq!(number(format!(r#"{{"id":"a","sealed":"{sealed}"}}"#)), Ok(Some(7)));
        assert_eq!(number(format!(r#"{{"sealed":"{sealed}","id":"a","tags":{{"sealed":"x"}}}}"#)), Ok(Some(7)));
        assert_eq!(number(format!(r#"{{"id":"a","tags":{{"sealed":"{sealed}"}}}}"#)), Ok(None));
        assert_eq!(number(r#"{"id":"\"sealed\":\"x"}"#.to_owned()), Ok(None));
        assert_eq!(number(r#"{"id":"a"}"#.to_owned()), Ok(None));
        number(r#"{"id":"a","sealed":"AAAA"}"#.to_owned()).unwrap_err();
        number(r#"{"id":"a","sealed":"?"}"#.to_owned()).unwrap_err();
    }
}
