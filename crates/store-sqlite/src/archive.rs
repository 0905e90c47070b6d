//! Archives: the cut of a stream, the removal of what is before it, and the space that this leaves.
//!
//! Making the cut is one transaction. The entries before it are removed a little at a time, oldest first, so that an append waits
//! for a few hundred rows at most.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use lanyard_store::{Position, StoreError};

use crate::checkpoints;
use crate::error::Result;
use crate::writer::Step;

/// How many entries are removed in one transaction.
const ENTRIES: u64 = 200;

/// How many pages are given back in one transaction.
const PAGES: u64 = 500;

/// The steps that make a checkpoint the cut, and remove what is before it.
pub(crate) fn cut(stream: String, position: Position, after: u64) -> Step {
    let mut is_cut = false;
    Box::new(move |connection| {
        if !is_cut {
            make_cut(connection, &stream, position, after)?;
            is_cut = true;
            return Ok(false);
        }
        let first = "SELECT min(revision) FROM log WHERE stream = ?1 AND revision <= ?2";
        let first: Option<u64> =
            connection.prepare_cached(first)?.query_row(params![stream, position.revision], |row| row.get(0))?;
        let Some(first) = first else { return Ok(true) };
        let remove = "DELETE FROM log WHERE stream = ?1 AND revision < ?2";
        let until = (first + ENTRIES).min(position.revision + 1);
        connection.prepare_cached(remove)?.execute(params![stream, until])?;
        Ok(false)
    })
}

fn make_cut(connection: &Connection, stream: &str, position: Position, after: u64) -> Result<()> {
    let refused = |why: String| StoreError::Storage(format!("{stream} is not cut: {why}"));
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
    Ok(transaction.commit()?)
}

/// The steps that give the space of removed rows back to the system.
pub(crate) fn compact(may_block: bool) -> Step {
    let mut free = None;
    Box::new(move |connection| {
        if may_block {
            connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")?;
            return Ok(true);
        }
        let count = |connection: &Connection| connection.query_row("PRAGMA freelist_count", [], |row| row.get(0));
        let before: u64 = match free {
            Some(free) => free,
            None => count(connection)?,
        };
        if before == 0 {
            return Ok(true);
        }
        // A row is returned for each page, in no more than these.
        let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        let now = count(connection)?;
        free = Some(now);
        // A file that was made by a version that did not prepare it for this uses its pages again.
        Ok(now == 0 || now >= before)
    })
}
