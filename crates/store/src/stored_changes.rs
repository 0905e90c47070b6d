//! The changes of an entry, taken from its stored form without reading the resources: most of them are replaced by later
//! ones before anybody needs them.

use lanyard_model::{Id, Key, Kind, Resource, Timestamp};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// One side of each change of an entry.
#[derive(Debug)]
pub(crate) struct StoredChanges {
    /// The entry's time.
    pub(crate) time: Timestamp,
    /// The keys of the resources, in the order of the changes, and their JSON on that side without its kind, in which
    /// a user is sealed; `None` where there is none.
    pub(crate) sides: Vec<(Key, Option<String>)>,
}

impl StoredChanges {
    /// Takes the resources after the changes, or those before them.
    ///
    /// # Errors
    /// A sentence: the text is not the stored form of an entry.
    pub(crate) fn read(record: &str, is_after: bool) -> Result<Self, String> {
        let ReadRecord { entry } = serde_json::from_str(record).map_err(|error| error.to_string())?;
        let side = |ReadChange { before, after }: ReadChange<'_>| {
            let key = before.as_ref().or(after.as_ref()).ok_or("a change has neither side")?.key()?;
            let wanted = if is_after { after } else { before };
            Ok::<_, String>((key, wanted.map(|it| it.body.get().to_owned())))
        };
        let sides = entry.changes.into_iter().map(side).collect::<Result<_, _>>()?;
        Ok(Self { time: entry.time, sides })
    }
}

#[derive(Deserialize)]
struct ReadRecord<'a> {
    #[serde(borrow)]
    entry: ReadEntry<'a>,
}

#[derive(Deserialize)]
struct ReadEntry<'a> {
    time: Timestamp,
    #[serde(borrow)]
    changes: Vec<ReadChange<'a>>,
}

#[derive(Deserialize)]
struct ReadChange<'a> {
    #[serde(borrow, default)]
    before: Option<ReadResource<'a>>,
    #[serde(borrow, default)]
    after: Option<ReadResource<'a>>,
}

/// A resource under the name of its kind.
struct ReadResource<'a> {
    kind: Kind,
    body: &'a RawValue,
}

impl ReadResource<'_> {
    fn key(&self) -> Result<Key, String> {
        #[derive(Deserialize)]
        struct Identified {
            id: Id,
        }
        let id = match self.kind {
            // Of these there are many.
            Kind::User => serde_json::from_str::<Identified>(self.body.get()).map(|it| it.id),
            kind => Resource::from_json(kind, self.body.get()).map(|it| it.id()),
        };
        Ok(Key { kind: self.kind, id: id.map_err(|error| error.to_string())? })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ReadResource<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfKind;
        impl<'de> Visitor<'de> for OfKind {
            type Value = ReadResource<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a resource under the name of its kind")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let kind: &str = map.next_key()?.ok_or_else(|| de::Error::custom("a resource has no kind"))?;
                let kind = Kind::from_name(kind).ok_or_else(|| de::Error::custom("there is no such kind"))?;
                let body = map.next_value()?;
                match map.next_key::<&str>()? {
                    None => Ok(ReadResource { kind, body }),
                    Some(_) => Err(de::Error::custom("a resource has two kinds")),
                }
            }
        }
        deserializer.deserialize_map(OfKind)
    }
}
