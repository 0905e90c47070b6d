//! Archives: the cut of a stream, the removal of what is before it, and the space that this leaves.
//!
//! Making the cut is one transaction. What it leaves is removed a little at a time, oldest first, so that an append waits
//! for a few hundred rows at most.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use lanyard_store::{Position, StoreError};

use crate::checkpoints;
use crate::error::Result;

/// How many entries are removed in one transaction.
const ENTRIES: u64 = 200;

/// How many pages are given back in one transaction.
const PAGES: u64 = 500;

pub(crate) fn cut(connection: &Connection, stream: &str, position: Position, after: u64) -> Result<()> {
    let refused = |why: String| StoreError::Storage(format!("{stream} is not cut: {why}"));
    // Unlike other work of this connection, it takes something away: a copy elsewhere is no reason to lose its order.
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let known = checkpoints::list(&transaction, stream)?;
    let present = known.iter().find(|it| it.is_cut).map_or(0, |it| it.position.revision);
    if present != after {
        return Err(refused(format!("it is cut at revision {present} and not at {after}")).into());
    }
    if !known.iter().any(|it| it.position == position) {
        return Err(refused(format!("there is no checkpoint at revision {}", position.revision)).into());
    }
    for sql in [
        "UPDATE checkpoint SET cut = 1 WHERE stream = ?1 AND revision = ?2",
        "DELETE FROM checkpoint WHERE stream = ?1 AND revision < ?2",
        "DELETE FROM checkpoint_part WHERE stream = ?1 AND revision < ?2",
    ] {
        transaction.execute(sql, params![stream, position.revision])?;
    }
    transaction.commit()?;
    connection.execute_batch("PRAGMA synchronous = NORMAL")?;
    let first = "SELECT min(revision) FROM log WHERE stream = ?1 AND revision <= ?2";
    let remove = "DELETE FROM log WHERE stream = ?1 AND revision < ?2";
    loop {
        let first: Option<u64> = connection.query_row(first, params![stream, position.revision], |row| row.get(0))?;
        let Some(first) = first else { return Ok(()) };
        connection.prepare_cached(remove)?.execute(params![stream, (first + ENTRIES).min(position.revision + 1)])?;
    }
}

pub(crate) fn compact(connection: &Connection, may_block: bool) -> Result<()> {
    if may_block {
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")?;
    } else {
        let free =
            |connection: &Connection| connection.query_row("PRAGMA freelist_count", [], |row| row.get::<_, u64>(0));
        let mut before = free(connection)?;
        while before > 0 {
            // A row is returned for each page, in no more than these.
            let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            let now = free(connection)?;
            if now >= before {
                // The file was made by a version that did not prepare it for this. Its pages are used again.
                break;
            }
            before = now;
        }
    }
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    Ok(())
}
