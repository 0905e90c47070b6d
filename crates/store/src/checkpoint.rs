//! Checkpoints: the resources of a stream at one revision, so that a state of the past costs the entries between it and
//! the nearest checkpoint.
//!
//! Users in it are sealed as in the log, each with a key of that person, so that a checkpoint forgets who is deleted
//! ([`crate::person_key`]). A person without a key, whom the log has in clear, is given one, which is stored with the
//! checkpoint if the user is still there then.
//!
//! A checkpoint is derived: the log leads to it, and the doctor verifies that. Only where older entries were archived
//! does a checkpoint, the *cut*, take their place: the log goes on after it. A checkpoint is kept in parts of about a
//! megabyte before compression, so that it is written and read with little memory.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use lanyard_model::{Id, Key, Kind, Resource, StreamId, Timestamp};

use crate::rows::read_resource;
use crate::{PersonKey, PersonKeys, Position, Store, StoreError, open_resource, seal_resource};

/// How many bytes a part has before it is compressed, if no resource is larger.
const PART: usize = 1 << 20;

/// The most bytes of a part after it was decompressed: a part of one resource, which a body of the API limits. A part
/// that claims more is damaged.
const MOST: u64 = 1 << 30;

/// A checkpoint, without its resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The entry whose state it is.
    pub position: Position,
    /// The entry's time.
    pub time: Timestamp,
    /// How many bytes the resources take as JSON, with users sealed.
    pub size: u64,
    /// How many parts it has.
    pub parts: u32,
    /// Whether the entries up to it were archived. At most one checkpoint of a stream is the cut, the oldest.
    pub is_cut: bool,
}

/// The checkpoint that took the place of archived entries of a stream.
///
/// # Errors
/// When the storage fails.
pub async fn cut_of(store: &dyn Store, stream: &StreamId) -> Result<Option<Checkpoint>, StoreError> {
    Ok(store.checkpoints(stream).await?.into_iter().find(|it| it.is_cut))
}

/// A checkpoint with its resources.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Its parts, compressed.
    pub parts: Vec<Vec<u8>>,
    /// The keys that were made for people who had none: stored with it, each only while that user is there.
    pub keys: Vec<PersonKey>,
}

/// A resource of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRow {
    /// The resource's kind and identifier.
    pub key: Key,
    /// The entry that the resource was last changed by.
    pub revision: u64,
    /// The resource in JSON, without its kind: as stores keep it, but for a user, which is sealed.
    pub body: String,
}

impl CheckpointRow {
    /// The resource of the stream's checkpoint at the revision `at`. A user whose key is not there is erased.
    ///
    /// # Errors
    /// When the body is no resource of the kind, or the key does not open it.
    pub fn resource(&self, stream: &StreamId, at: u64, keys: &PersonKeys) -> Result<Resource, StoreError> {
        let wrong =
            |error| StoreError::Storage(format!("cannot read {} of checkpoint {at} of {stream}: {error}", self.key));
        open_resource(stream, at, self.key.kind, &self.body, keys).map_err(wrong)
    }
}

/// Makes a snapshot of resources that are given one by one.
#[derive(Debug)]
pub struct Encoder {
    stream: StreamId,
    position: Position,
    time: Timestamp,
    people: PersonKeys,
    /// The keys that were made here.
    made: Vec<PersonKey>,
    raw: Vec<u8>,
    parts: Vec<Vec<u8>>,
    size: u64,
}

impl Encoder {
    /// Begins the snapshot of a stream's resources after the entry at `position`, made at `time`. `people` are the keys
    /// of the stream's people, read shortly before the resources or after them.
    #[must_use]
    pub fn new(stream: &StreamId, position: Position, time: Timestamp, people: PersonKeys) -> Self {
        let (made, raw, parts) = (Vec::new(), Vec::new(), Vec::new());
        Self { stream: stream.clone(), position, time, people, made, raw, parts, size: 0 }
    }

    /// Adds a resource as stores keep it: its kind, its identifier, the entry that it was last changed by, and its JSON.
    ///
    /// # Errors
    /// When it cannot be read, a text is longer than 4 GiB, or the system has no randomness.
    pub fn push(&mut self, kind: &str, id: &str, revision: u64, body: &str) -> Result<(), StoreError> {
        if kind == Kind::User.name() {
            let user = read_resource(kind, body).map_err(|error| broken(&error))?;
            self.put(revision, &user)
        } else {
            self.row(kind, id, revision, body)
        }
    }

    /// Adds a resource, and the entry that it was last changed by.
    ///
    /// # Errors
    /// As for [`Self::push`].
    pub fn put(&mut self, revision: u64, resource: &Resource) -> Result<(), StoreError> {
        let failed = |error: String| broken(&error);
        let id = resource.id();
        if resource.kind() == Kind::User && !resource.is_erased() && self.people.of(&id).is_none() {
            let key = PersonKey::random(id.clone()).map_err(failed)?;
            self.people.insert(key.clone());
            self.made.push(key);
        }
        let body = seal_resource(&self.stream, self.position.revision, resource, &self.people).map_err(failed)?;
        self.row(resource.kind().name(), &id.to_string(), revision, &body)
    }

    fn row(&mut self, kind: &str, id: &str, revision: u64, body: &str) -> Result<(), StoreError> {
        for text in [kind, id, body] {
            let length = u32::try_from(text.len()).map_err(|_| broken("a resource is longer than 4 GiB"))?;
            self.raw.extend_from_slice(&length.to_le_bytes());
            self.raw.extend_from_slice(text.as_bytes());
        }
        self.raw.extend_from_slice(&revision.to_le_bytes());
        self.size += u64::try_from(body.len()).unwrap_or(u64::MAX);
        if self.raw.len() >= PART { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), StoreError> {
        self.parts.push(compress(&self.raw)?);
        self.raw.clear();
        Ok(())
    }

    /// The snapshot.
    ///
    /// # Errors
    /// When there are more than four billion parts.
    pub fn finish(mut self) -> Result<Snapshot, StoreError> {
        if !self.raw.is_empty() {
            self.close()?;
        }
        let parts = u32::try_from(self.parts.len()).map_err(|_| broken("there are too many parts"))?;
        let (position, time) = (self.position, self.time);
        let checkpoint = Checkpoint { position, time, size: self.size, parts, is_cut: false };
        Ok(Snapshot { checkpoint, parts: self.parts, keys: self.made })
    }
}

/// The resources of a part.
///
/// # Errors
/// When the part is damaged.
pub fn decode(part: &[u8]) -> Result<Vec<CheckpointRow>, StoreError> {
    let raw = decompress(part)?;
    let mut rest = raw.as_slice();
    let mut rows = Vec::new();
    while !rest.is_empty() {
        let (kind, id, body) = (text(&mut rest)?, text(&mut rest)?, text(&mut rest)?);
        let revision = u64::from_le_bytes(take(&mut rest)?);
        let kind = Kind::from_name(kind).ok_or_else(|| broken(&format!("there is no kind `{kind}`")))?;
        rows.push(CheckpointRow { key: Key { kind, id: Id::new(id) }, revision, body: body.to_owned() });
    }
    Ok(rows)
}

/// Compresses bytes, with a check sum of them.
///
/// # Errors
/// Never for bytes in memory.
pub fn compress(raw: &[u8]) -> Result<Vec<u8>, StoreError> {
    let failed = |error: std::io::Error| broken(&error.to_string());
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(raw).map_err(failed)?;
    encoder.finish().map_err(failed)
}

/// The bytes that [`compress`] was given.
///
/// # Errors
/// When the bytes are damaged.
pub fn decompress(compressed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut raw = Vec::new();
    let limited = &mut ZlibDecoder::new(compressed).take(MOST);
    limited.read_to_end(&mut raw).map_err(|error| broken(&error.to_string()))?;
    Ok(raw)
}

fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, StoreError> {
    let length = usize::try_from(u32::from_le_bytes(take(rest)?)).map_err(|_| broken("a length is too large"))?;
    let (text, after) = rest.split_at_checked(length).ok_or_else(|| broken("it ends early"))?;
    *rest = after;
    std::str::from_utf8(text).map_err(|error| broken(&error.to_string()))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], StoreError> {
    let (bytes, after) = rest.split_first_chunk::<N>().ok_or_else(|| broken("it ends early"))?;
    *rest = after;
    Ok(*bytes)
}

fn broken(why: &str) -> StoreError {
    StoreError::Storage(format!("a part of a checkpoint cannot be read or written: {why}"))
}

#[cfg(test)]
mod tests {
    use lanyard_model::StreamId;

    use super::*;

    #[test]
    fn resources_come_back_as_they_were() {
        let stream = StreamId::Instance(Id::from_uuid(1));
        let mut encoder = Encoder::new(&stream, Position::origin(&stream), Timestamp(7), PersonKeys::default());
        let large = "x".repeat(PART);
        let rows = [("QuickConnect", "a\nb", 1, "{\"a\":\"é\"}"), ("Queue", "", 2, ""), ("AiAgent", "arn", 3, &*large)];
        for (kind, id, revision, body) in rows {
            encoder.push(kind, id, revision, body).unwrap();
        }
        encoder.push("Queue", "last", u64::MAX, "{}").unwrap();
        let snapshot = encoder.finish().unwrap();
        assert_eq!((snapshot.checkpoint.parts, snapshot.parts.len()), (2, 2));
        assert_eq!(snapshot.checkpoint.size, u64::try_from(PART + 10 + 2).unwrap());
        let decoded: Vec<_> = snapshot.parts.iter().flat_map(|part| decode(part).unwrap()).collect();
        assert_eq!(decoded.len(), 4);
        assert_eq!(
            (decoded[0].key.kind, &decoded[0].key.id, decoded[0].revision),
            (Kind::QuickConnect, &Id::new("a\nb"), 1)
        );
        assert_eq!(decoded[0].body, "{\"a\":\"é\"}");
        assert_eq!(decoded[3].revision, u64::MAX);
        for broken in [&snapshot.parts[0][1..], &snapshot.parts[0][..20], b"", &compress(b"\x09\0\0\0abc").unwrap()] {
            decode(broken).unwrap_err();
        }
    }
}
