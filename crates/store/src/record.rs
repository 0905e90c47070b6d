//! The form in which an entry is stored, in JSON.
//!
//! Users in it are sealed, each with a key of that person ([`crate::person_key`]). A user that the entry deletes is erased
//! in it: its keys are destroyed in the same transaction. Entries of format 1 have users in clear.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lanyard_model::resources::User;
use lanyard_model::{Change, Entry, Erasure, Id, Kind, Resource, Timestamp};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::person_key::{Seal, SealedUser, StoredResource};
use crate::sealing::Sealing;
use crate::{PersonKey, PersonKeys, StreamId};

/// The newest format of entries that this version reads: 1 has users in clear, 2 has them sealed.
pub const ENTRY_FORMAT: u32 = 2;

/// An entry as it was read.
#[derive(Debug, Deserialize)]
pub struct Record {
    /// The name of its stream.
    pub stream: String,
    /// Its number in the stream, from 1.
    pub revision: u64,
    /// The hash of the entry before, as [`hex`](crate::chain::hex) writes it.
    pub previous: String,
    /// Whether the stream ends with it.
    #[serde(default)]
    pub closes: bool,
    /// Whether personal data was removed from its stored bytes, as a later entry records.
    #[serde(default)]
    pub erased: bool,
    /// The entry.
    pub entry: Entry,
}

/// The place of an entry as its stored form states it, without the entry.
#[derive(Deserialize)]
pub(crate) struct Place {
    pub(crate) revision: u64,
    pub(crate) previous: String,
    #[serde(default)]
    pub(crate) erased: bool,
}

/// An entry as it is written.
#[derive(Serialize)]
struct Body<'a, E> {
    stream: &'a str,
    revision: u64,
    previous: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    closes: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    erased: bool,
    entry: E,
}

/// The members of [`Entry`], with resources in another form.
#[derive(Serialize)]
struct SealedEntry<'a> {
    time: Timestamp,
    actor: &'a str,
    operation: &'a str,
    request_id: &'a str,
    changes: Vec<SealedChange<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    erasure: Option<&'a Erasure>,
}

impl<'a> SealedEntry<'a> {
    fn new(entry: &'a Entry, changes: Vec<SealedChange<'a>>) -> Self {
        let Entry { time, actor, operation, request_id, erasure, .. } = entry;
        Self { time: *time, actor, operation, request_id, changes, erasure: erasure.as_ref() }
    }
}

#[derive(Serialize)]
struct SealedChange<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<SealedResource<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<SealedResource<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum SealedResource<'a> {
    Sealed {
        #[serde(rename = "User")]
        user: Box<SealedUser>,
    },
    Plain(&'a Resource),
}

impl SealedResource<'_> {
    fn sealed(user: SealedUser) -> Self {
        Self::Sealed { user: Box::new(user) }
    }
}

/// The stored form of an entry, and what becomes of the keys of people with it.
pub(crate) struct Written {
    pub(crate) record: String,
    /// The keys that open it, which may be stored already.
    pub(crate) keys: Vec<PersonKey>,
    /// The people whose keys are destroyed.
    pub(crate) erased: Vec<Id>,
}

/// Writes the entry of a number, in the form that `sealing` says.
pub(crate) fn write(
    sealing: &Sealing,
    stream: &StreamId,
    revision: u64,
    previous: &str,
    closes: bool,
    entry: &Entry,
) -> Result<Written, String> {
    let name = stream.to_string();
    let body = |entry| Body { stream: &name, revision, previous, closes, erased: false, entry };
    let erased: BTreeSet<Id> = users(entry).filter(|(it, _)| matches!(it, Change::Delete(_))).map(|it| it.1).collect();
    erased.iter().for_each(|person| sealing.forget(stream, person));
    let is_sealed = sealing.seals() && users(entry).next().is_some();
    if !is_sealed {
        let record = serde_json::to_string(&body(entry)).map_err(|error| error.to_string())?;
        return Ok(Written { record, keys: Vec::new(), erased: erased.into_iter().collect() });
    }
    let mut keys: HashMap<Id, PersonKey> = HashMap::new();
    for (change, person) in users(entry) {
        if closes || erased.contains(&person) || keys.contains_key(&person) {
            continue;
        }
        let is_new = matches!(change, Change::Create(_));
        let key = sealing.key(stream, &person, is_new)?;
        keys.insert(person, key);
    }
    let seal = |side| seal_side(side, &name, revision, &keys);
    let changes = entry.changes.iter().map(|it| {
        Ok::<_, String>(SealedChange { before: seal(it.before()).transpose()?, after: seal(it.after()).transpose()? })
    });
    let changes = changes.collect::<Result<Vec<_>, _>>()?;
    let body =
        Body { stream: &name, revision, previous, closes, erased: false, entry: SealedEntry::new(entry, changes) };
    let record = serde_json::to_string(&body).map_err(|error| error.to_string())?;
    Ok(Written { record, keys: keys.into_values().collect(), erased: erased.into_iter().collect() })
}

fn seal_side<'a>(
    resource: Option<&'a Resource>,
    stream: &str,
    revision: u64,
    keys: &HashMap<Id, PersonKey>,
) -> Option<Result<SealedResource<'a>, String>> {
    Some(match resource? {
        Resource::User(user) => {
            SealedUser::new(stream, revision, User::clone(user), keys.get(&user.id)).map(SealedResource::sealed)
        }
        other => Ok(SealedResource::Plain(other)),
    })
}

/// The changes of users, with the users' identifiers.
fn users(entry: &Entry) -> impl Iterator<Item = (&Change, Id)> {
    entry.changes.iter().filter_map(|change| {
        let key = change.key();
        (key.kind == Kind::User).then_some((change, key.id))
    })
}

/// An entry as it was read from its stored form, in which people may be sealed.
#[derive(Debug)]
pub struct Stored {
    /// The entry, with the erased user wherever one is sealed.
    record: Record,
    /// The sealed data, in the order of the changes, before and after.
    seals: Vec<[Option<Seal>; 2]>,
}

impl Stored {
    /// Reads the stored form of an entry.
    ///
    /// # Errors
    /// A sentence: the text is not such an entry.
    pub fn read(text: &str) -> Result<Self, String> {
        // Within a text the quotation marks would be escaped.
        if !text.contains("\"sealed\":") {
            let record = serde_json::from_str(text).map_err(|error| error.to_string())?;
            return Ok(Self { record, seals: Vec::new() });
        }
        let it: ReadBody = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let ReadEntry { time, actor, operation, request_id, changes: sides, erasure } = it.entry;
        let (mut changes, mut seals) = (Vec::with_capacity(sides.len()), Vec::with_capacity(sides.len()));
        for ReadSides { before, after } in sides {
            let split = |side: Option<ReadResource>| side.map(|it| (it.0.resource, it.0.seal)).unzip();
            let ((before, before_seal), (after, after_seal)) = (split(before), split(after));
            seals.push([before_seal.flatten(), after_seal.flatten()]);
            changes.push(Change::from_sides(before, after).map_err(str::to_owned)?);
        }
        let entry = Entry { time, actor, operation, request_id, changes, erasure };
        let ReadBody { stream, revision, previous, closes, erased, .. } = it;
        Ok(Self { record: Record { stream, revision, previous, closes, erased, entry }, seals })
    }

    /// The keys that would open it: the people and the numbers of their keys.
    pub fn wanted(&self) -> impl Iterator<Item = (Id, i64)> + '_ {
        self.record.entry.changes.iter().zip(&self.seals).flat_map(|(change, seals)| {
            let person = change.key().id;
            seals.iter().flatten().map(move |seal| (person.clone(), seal.key))
        })
    }

    /// The entry with what is sealed in it, where the key is there; else with the erased user.
    ///
    /// # Errors
    /// A sentence: a key does not open what was sealed with it.
    pub fn open(self, keys: &PersonKeys) -> Result<Record, String> {
        let Self { mut record, seals } = self;
        let (stream, revision) = (record.stream.clone(), record.revision);
        for (change, [before_seal, after_seal]) in record.entry.changes.iter_mut().zip(seals) {
            let (before, after) = match change {
                Change::Create(after) => (None, Some(after)),
                Change::Update { before, after } => (Some(before), Some(after)),
                Change::Delete(before) => (Some(before), None),
            };
            for (side, seal) in [(before, before_seal), (after, after_seal)] {
                if let (Some(Resource::User(user)), Some(seal)) = (side, seal)
                    && let Some(key) = keys.get(&user.id, seal.key)
                {
                    seal.open(&stream, revision, Arc::make_mut(user), key)?;
                }
            }
        }
        Ok(record)
    }

    /// The entry without the personal data of some people, sealed or not, as it is to be stored in its place; `None` when
    /// it has none.
    ///
    /// # Errors
    /// A sentence: it cannot be written as JSON.
    pub(crate) fn without(self, people: &BTreeSet<Id>) -> Result<Option<String>, String> {
        let Self { record, seals } = self;
        let Record { stream, revision, previous, closes, entry, .. } = &record;
        let mut has_any = false;
        let mut seals = seals.into_iter();
        let mut changes = Vec::with_capacity(entry.changes.len());
        for change in &entry.changes {
            let mut sides = [None, None];
            let seals = seals.next().unwrap_or_default();
            for ((side, resource), seal) in sides.iter_mut().zip([change.before(), change.after()]).zip(seals) {
                *side = match (resource, seal) {
                    (Some(Resource::User(user)), seal) if people.contains(&user.id) => {
                        has_any |= seal.is_some() || !user.is_erased();
                        Some(SealedResource::sealed(SealedUser::new(stream, *revision, User::clone(user), None)?))
                    }
                    (Some(Resource::User(user)), Some(seal)) => {
                        Some(SealedResource::sealed(SealedUser::stored(User::clone(user), seal)))
                    }
                    (resource, _) => resource.map(SealedResource::Plain),
                };
            }
            let [before, after] = sides;
            changes.push(SealedChange { before, after });
        }
        let entry = SealedEntry::new(entry, changes);
        let body = Body { stream, revision: *revision, previous, closes: *closes, erased: true, entry };
        let text = serde_json::to_string(&body).map_err(|error| error.to_string())?;
        Ok(has_any.then_some(text))
    }

    /// The changes, with the erased user wherever one is sealed.
    pub(crate) fn changes(&self) -> &[Change] {
        &self.record.entry.changes
    }
}

#[derive(Deserialize)]
struct ReadBody {
    stream: String,
    revision: u64,
    previous: String,
    #[serde(default)]
    closes: bool,
    #[serde(default)]
    erased: bool,
    entry: ReadEntry,
}

#[derive(Deserialize)]
struct ReadEntry {
    time: Timestamp,
    actor: String,
    operation: String,
    request_id: String,
    changes: Vec<ReadSides>,
    #[serde(default)]
    erasure: Option<Erasure>,
}

#[derive(Deserialize)]
struct ReadSides {
    #[serde(default)]
    before: Option<ReadResource>,
    #[serde(default)]
    after: Option<ReadResource>,
}

/// A resource under the name of its kind.
struct ReadResource(StoredResource);

impl<'de> Deserialize<'de> for ReadResource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfKind;
        impl<'de> Visitor<'de> for OfKind {
            type Value = ReadResource;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a resource under the name of its kind")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReadResource, A::Error> {
                let kind: String = map.next_key()?.ok_or_else(|| de::Error::custom("a resource has no kind"))?;
                let kind = Kind::from_name(&kind).ok_or_else(|| de::Error::custom("there is no such kind"))?;
                let json: Box<RawValue> = map.next_value()?;
                if map.next_key::<String>()?.is_some() {
                    return Err(de::Error::custom("a resource has two kinds"));
                }
                StoredResource::read(kind, json.get()).map(ReadResource).map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_map(OfKind)
    }
}
