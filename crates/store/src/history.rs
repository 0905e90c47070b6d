//! The state of a stream as it was, from its present state or its beginning, whichever is nearer.

use lanyard_model::{Directory, StreamId, Timestamp};

use crate::{Logged, Store, StoreError};

/// How many entries are read at a time.
const STEP: u64 = 256;

/// A point in a stream's past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// After this many entries.
    Revision(u64),
    /// After the last entry that was made at this time or before.
    Time(Timestamp),
}

/// The state of a stream at a moment; `None` when it had no entry yet, or does not have so many. A stream that has
/// ended is remembered too.
///
/// # Errors
/// When the storage fails, holds what this version cannot read, or entries that do not fit each other.
pub async fn state_at(store: &dyn Store, stream: &StreamId, moment: Moment) -> Result<Option<Directory>, StoreError> {
    let target = match moment {
        Moment::Revision(revision) => revision,
        Moment::Time(time) => revision_at(store, stream, time).await?,
    };
    if target == 0 {
        return Ok(None);
    }
    match store.load(stream).await?.map(|loaded| loaded.directory) {
        Some(present) if present.revision() < target => Ok(None),
        Some(present) if present.revision() - target <= target => back(store, present, target).await.map(Some),
        _ => forth(store, stream, target).await,
    }
}

/// At most `limit` entries of a stream before the revision `before`, newest first; the last ones when it is `None`. Costs as
/// many entries as are returned.
///
/// # Errors
/// When the storage fails or holds what this version cannot read.
pub async fn read_back(
    store: &dyn Store,
    stream: &StreamId,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<Logged>, StoreError> {
    let head = store.heads(vec![stream.clone()]).await?.into_iter().flatten().next();
    let head = head.map_or(0, |head| head.position.revision);
    let last = before.map_or(head, |before| before.saturating_sub(1).min(head));
    let after = last.saturating_sub(u64::try_from(limit).unwrap_or(u64::MAX));
    let mut entries = store.read(stream, after, count(last - after)).await?;
    entries.reverse();
    Ok(entries)
}

/// How many entries were made at `time` or before: times never decrease, so few entries need to be read.
async fn revision_at(store: &dyn Store, stream: &StreamId, time: Timestamp) -> Result<u64, StoreError> {
    let is_before = async |revision: u64| -> Result<bool, StoreError> {
        let entries = store.read(stream, revision.saturating_sub(1), 1).await?;
        Ok(entries.first().is_some_and(|logged| logged.entry.time <= time))
    };
    let mut above = 1;
    while is_before(above).await? {
        above *= 2;
    }
    let mut reached = above / 2;
    while above - reached > 1 {
        let middle = reached + (above - reached) / 2;
        if is_before(middle).await? {
            reached = middle;
        } else {
            above = middle;
        }
    }
    Ok(reached)
}

/// Undoes the entries after `target`.
async fn back(store: &dyn Store, mut state: Directory, target: u64) -> Result<Directory, StoreError> {
    let stream = state.stream().clone();
    while state.revision() > target {
        let low = target.max(state.revision().saturating_sub(STEP));
        // The entry before those to undo carries its time.
        let after = low.saturating_sub(1);
        let mut entries = store.read(&stream, after, count(state.revision() - after)).await?;
        while state.revision() > low {
            let last = entries.pop().filter(|logged| logged.revision == state.revision());
            let Some(Logged { revision, entry, .. }) = last else { return Err(missing(&stream, state.revision())) };
            let time_before = entries.last().map_or_else(Timestamp::default, |logged| logged.entry.time);
            state.rewind(time_before, &entry.changes).map_err(|invalid| misfit(&stream, revision, &invalid))?;
        }
    }
    Ok(state)
}

/// Follows the entries up to `target`; `None` when there are not so many.
async fn forth(store: &dyn Store, stream: &StreamId, target: u64) -> Result<Option<Directory>, StoreError> {
    let mut state = Directory::empty(stream.clone());
    while state.revision() < target {
        let limit = count(STEP.min(target - state.revision()));
        let entries = store.read(stream, state.revision(), limit).await?;
        if entries.is_empty() {
            return Ok(None);
        }
        for Logged { revision, entry, .. } in entries {
            state.advance(entry.time, &entry.changes).map_err(|invalid| misfit(stream, revision, &invalid))?;
        }
    }
    Ok(Some(state))
}

fn count(entries: u64) -> usize {
    usize::try_from(entries).unwrap_or(usize::MAX)
}

fn missing(stream: &StreamId, revision: u64) -> StoreError {
    StoreError::Storage(format!("{stream} has no entry {revision}"))
}

fn misfit(stream: &StreamId, revision: u64, invalid: &lanyard_model::Invalid) -> StoreError {
    StoreError::Storage(format!("{stream}, revision {revision}: {invalid}"))
}
