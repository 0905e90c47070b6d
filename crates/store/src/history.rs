//! The state of a stream as it was, from the nearest state that is kept; and entries from the last one on.

use lanyard_model::{Directory, StreamId, Timestamp};

use crate::checkpoint::cut_of;
use crate::past::{Base, Past, locate};
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
/// When the storage fails, holds what this version cannot read, or entries that do not fit each other;
/// [`StoreError::Archived`] before the first entry that the store still has.
pub async fn state_at(store: &dyn Store, stream: &StreamId, moment: Moment) -> Result<Option<Directory>, StoreError> {
    let Some(located) = locate(store, stream, moment).await? else { return Ok(None) };
    match located.nearest(store, stream, None).await? {
        Base::Present(present) if present.revision() >= located.target => {
            back(store, *present, located.target).await.map(Some)
        }
        base => Past::from_base(store, stream, &located, base).await?.directory(store).await.map(Some),
    }
}

/// At most `limit` entries of a stream before the revision `before`, newest first; the last ones when it is `None`. Costs as
/// many entries as are returned. Those that were archived are left out.
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
    let cut = cut_of(store, stream).await?.map_or(0, |it| it.position.revision);
    if last <= cut {
        return Ok(Vec::new());
    }
    let after = last.saturating_sub(u64::try_from(limit).unwrap_or(u64::MAX)).max(cut);
    let mut entries = store.read(stream, after, count(last - after)).await?;
    entries.reverse();
    Ok(entries)
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

fn count(entries: u64) -> usize {
    usize::try_from(entries).unwrap_or(usize::MAX)
}

fn missing(stream: &StreamId, revision: u64) -> StoreError {
    StoreError::Storage(format!("{stream} has no entry {revision}"))
}

fn misfit(stream: &StreamId, revision: u64, invalid: &lanyard_model::Invalid) -> StoreError {
    StoreError::Storage(format!("{stream}, revision {revision}: {invalid}"))
}
