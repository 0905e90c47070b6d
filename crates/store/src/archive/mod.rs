//! Archives: older entries in a file of their own, and in the store a checkpoint in their place.
//!
//! Invariants: entries are removed only after the file that has them was written, waited for, and read again with its
//! chain of hashes verified. The chain goes on: the first entry that stays carries the hash of the last one that went,
//! which is that of the checkpoint, the cut.

mod file;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use lanyard_model::{Key, Resource, StreamId, Timestamp};

pub use file::{Archive, ArchivedStream, Index};

use crate::checkpoint::{Checkpoint, Encoder, Snapshot, cut_of, decode};
use crate::erasure::Erasures;
use crate::past::{self, Located};
use crate::{Logged, Moment, Position, Store, StoreError};

/// How many entries are read at a time.
const STEP: usize = 64;

/// Why there is no archive, or no access to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveError {
    /// The store failed.
    Store(StoreError),
    /// The file cannot be written or read, or is damaged.
    File(PathBuf, String),
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::File(path, why) => write!(f, "the archive `{}`: {why}", path.display()),
        }
    }
}

impl std::error::Error for ArchiveError {}

impl From<StoreError> for ArchiveError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The entries that were archived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    /// How many streams there are in the archive.
    pub streams: u64,
    /// How many entries.
    pub entries: u64,
}

/// A stream whose older entries are to be archived.
struct Plan {
    stream: StreamId,
    /// The cut that there is, or the beginning.
    from: Position,
    located: Located,
}

/// Moves the entries that were made before a time into a new file, from every stream. Without such entries no file is
/// made. Removing them is not undone when it fails in the middle: every entry is in the file, in the store or in both,
/// and a later archive removes what was left.
///
/// # Errors
/// When the store fails, or the file exists, cannot be written, or is not read back as it was written.
pub async fn archive(store: &dyn Store, before: Timestamp, file: &Path) -> Result<Archived, ArchiveError> {
    if !store.sealing().seals() {
        let why = "a server of an earlier version uses the store, and would not understand that entries are gone; stop it first";
        return Err(StoreError::Storage(why.to_owned()).into());
    }
    let plans = plan(store, before).await?;
    let mut archived = Archived::default();
    if plans.is_empty() {
        return Ok(archived);
    }
    let mut writer = file::Writer::create(file)?;
    if let Err(error) = write(store, &plans, &mut writer, &mut archived).await {
        writer.abandon();
        return Err(error);
    }
    writer.finish()?;
    let written = Archive::open(file)?;
    written.verify()?;
    for Plan { stream, from, located } in &plans {
        let snapshot = snapshot_at(store, stream, located).await?;
        let position = snapshot.checkpoint.position;
        let known = written.stream(stream);
        if known.is_none_or(|it| (it.revision, &it.hash) != (position.revision, &crate::chain::hex(&position.hash))) {
            let why = format!("does not end with entry {} of {stream}", position.revision);
            return Err(ArchiveError::File(file.to_owned(), why));
        }
        store.put_checkpoint(stream, snapshot).await?;
        store.cut(stream, position, from.revision).await?;
    }
    Ok(archived)
}

/// Whether there are entries that were made before a time.
///
/// # Errors
/// When the store fails.
pub async fn has_entries_before(store: &dyn Store, before: Timestamp) -> Result<bool, StoreError> {
    Ok(!plan(store, before).await?.is_empty())
}

/// The last entry of a stream always stays, so that whoever reads a stream finds its place in the chain.
async fn plan(store: &dyn Store, before: Timestamp) -> Result<Vec<Plan>, StoreError> {
    let mut plans = Vec::new();
    let last = Moment::Time(Timestamp(before.0.saturating_sub(1)));
    for (stream, head) in store.streams().await? {
        let cut = cut_of(store, &stream).await?;
        let from = cut.map_or_else(|| Position::origin(&stream), |cut| cut.position);
        let located = match past::locate(store, &stream, last).await {
            // Everything before the time was archived already.
            Err(StoreError::Archived { .. }) => None,
            located => located?.map(|it| it.before(head.position.revision)),
        };
        if let Some(cut) = cut {
            // An interrupted archive may have left entries.
            store.cut(&stream, cut.position, cut.position.revision).await?;
        }
        if let Some(located) = located.filter(|it| it.target > from.revision) {
            plans.push(Plan { stream, from, located });
        }
    }
    Ok(plans)
}

async fn write(
    store: &dyn Store,
    plans: &[Plan],
    writer: &mut file::Writer,
    archived: &mut Archived,
) -> Result<(), ArchiveError> {
    for Plan { stream, from, located } in plans {
        writer.begin(&stream.to_string(), from.revision, &from.hash);
        let mut reached = *from;
        let mut erasures = Erasures::default();
        while reached.revision < located.target {
            let wanted = usize::try_from(located.target - reached.revision).unwrap_or(STEP).min(STEP);
            for logged in &entries(store, stream, reached.revision, wanted).await? {
                if !erasures.take(logged, &reached.hash) {
                    let why = format!("entry {} of {stream} does not follow the one before", logged.revision);
                    return Err(StoreError::Storage(why).into());
                }
                writer.entry(logged)?;
                reached = Position { revision: logged.revision, hash: logged.hash };
                archived.entries += 1;
            }
        }
        explain(store, stream, reached.revision, &mut erasures).await?;
        writer.end_block()?;
        archived.streams += 1;
    }
    Ok(())
}

/// Fails unless every entry whose bytes are not those of its hash is one from which people were erased, as an entry after
/// it records: one that goes, or one that stays.
async fn explain(
    store: &dyn Store,
    stream: &StreamId,
    mut after: u64,
    erasures: &mut Erasures,
) -> Result<(), ArchiveError> {
    loop {
        let unexplained = erasures.unexplained().next();
        let Some(revision) = unexplained else { return Ok(()) };
        let entries = store.read(stream, after, STEP).await?;
        let Some(last) = entries.last() else {
            let why = format!("entry {revision} of {stream} was changed; `lanyard doctor` tells more");
            return Err(StoreError::Storage(why).into());
        };
        after = last.revision;
        entries.iter().filter_map(|it| it.entry.erasure.as_ref()).for_each(|it| erasures.record(it));
    }
}

/// At least one entry after a revision.
async fn entries(store: &dyn Store, stream: &StreamId, after: u64, limit: usize) -> Result<Vec<Logged>, StoreError> {
    let entries = store.read(stream, after, limit).await?;
    match entries.is_empty() {
        true => Err(StoreError::Storage(format!("{stream} has no entry {}", after + 1))),
        false => Ok(entries),
    }
}

/// The state of a stream after the last entry that goes, with the entry that each resource was last changed by. It is
/// followed forward, from the last checkpoint before it, since only entries before it tell that.
async fn snapshot_at(store: &dyn Store, stream: &StreamId, located: &Located) -> Result<Snapshot, StoreError> {
    let kept = located.checkpoints.iter().rev().find(|it| it.position.revision <= located.target).copied();
    let mut position = kept.map_or_else(|| Position::origin(stream), |it| it.position);
    let mut time = kept.map_or_else(Timestamp::default, |it| it.time);
    let mut overlay: BTreeMap<Key, (u64, Option<Resource>)> = BTreeMap::new();
    let mut is_closed = false;
    while position.revision < located.target {
        let wanted = usize::try_from(located.target - position.revision).unwrap_or(STEP).min(STEP);
        for logged in entries(store, stream, position.revision, wanted).await? {
            position = Position { revision: logged.revision, hash: logged.hash };
            time = logged.entry.time;
            // Only records of erasures come after the end.
            is_closed |= logged.closes;
            for change in logged.entry.changes {
                overlay.insert(change.key(), (logged.revision, change.after().cloned()));
            }
        }
    }
    // A person who is deleted by now has no key, and is erased in the checkpoint.
    let people = store.person_keys(stream).await?;
    let mut encoder = Encoder::new(stream, position, time, people.clone());
    if is_closed {
        // A stream that has ended has no resources.
        return encoder.finish();
    }
    if let Some(Checkpoint { position, parts, .. }) = kept {
        for part in 0..parts {
            let bytes = store.checkpoint_part(stream, position.revision, part).await?;
            let missing = || StoreError::Storage(format!("a part of checkpoint {} is gone", position.revision));
            for row in decode(&bytes.ok_or_else(missing)?)? {
                match overlay.remove(&row.key) {
                    None => encoder.put(row.revision, &row.resource(stream, position.revision, &people)?)?,
                    Some((_, None)) => {}
                    Some((revision, Some(resource))) => encoder.put(revision, &resource)?,
                }
            }
        }
    }
    for (revision, resource) in overlay.values() {
        if let Some(resource) = resource {
            encoder.put(*revision, resource)?;
        }
    }
    encoder.finish()
}
