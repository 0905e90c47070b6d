//! Checkpoints in the database.
//!
//! Parts are written first, each in a transaction of its own, so that an append waits for one part at most; the row that
//! makes them a checkpoint comes last.

use lanyard_model::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use lanyard_store::checkpoint::Encoder;
use lanyard_store::{Checkpoint, Position, Snapshot};

use crate::error::Result;

pub(crate) fn list(connection: &Connection, stream: &str) -> Result<Vec<Checkpoint>> {
    let sql = "SELECT revision, time, hash, size, parts, cut FROM checkpoint WHERE stream = ?1 ORDER BY revision";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([stream], checkpoint)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn checkpoint(row: &Row<'_>) -> rusqlite::Result<Checkpoint> {
    Ok(Checkpoint {
        position: Position { revision: row.get(0)?, hash: row.get(2)? },
        time: Timestamp(row.get(1)?),
        size: row.get(3)?,
        parts: row.get(4)?,
        is_cut: row.get(5)?,
    })
}

pub(crate) fn part(connection: &Connection, stream: &str, revision: u64, part: u32) -> Result<Option<Vec<u8>>> {
    let revision = number(revision);
    let sql = "SELECT body FROM checkpoint_part WHERE stream = ?1 AND revision = ?2 AND part = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![stream, revision, part], |row| row.get(0)).optional()?)
}

pub(crate) fn snapshot(connection: &Connection, stream: &str) -> Result<Option<Snapshot>> {
    let snapshot = connection.unchecked_transaction()?;
    let head = snapshot
        .prepare_cached("SELECT revision, time, hash FROM stream WHERE stream = ?1 AND closed = 0")?
        .query_row([stream], |row| Ok((Position { revision: row.get(0)?, hash: row.get(2)? }, Timestamp(row.get(1)?))))
        .optional()?;
    let Some((position, time)) = head else { return Ok(None) };
    let mut encoder = Encoder::default();
    let mut statement =
        snapshot.prepare_cached("SELECT kind, id, revision, body FROM resource WHERE stream = ?1 ORDER BY kind, id")?;
    let mut rows = statement.query([stream])?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        encoder.push(text(0)?, text(1)?, row.get(2)?, text(3)?)?;
    }
    Ok(Some(encoder.finish(position, time)?))
}

pub(crate) fn put(connection: &Connection, stream: &str, snapshot: &Snapshot) -> Result<()> {
    let Checkpoint { position, time, size, parts, .. } = snapshot.checkpoint;
    if list(connection, stream)?.iter().any(|it| it.position.revision == position.revision) {
        return Ok(());
    }
    let sql = "INSERT INTO checkpoint_part (stream, revision, part, body) VALUES (?1, ?2, ?3, ?4) \
               ON CONFLICT (stream, revision, part) DO UPDATE SET body = excluded.body";
    for (number, body) in (0_u32..).zip(&snapshot.parts) {
        connection.prepare_cached(sql)?.execute(params![stream, position.revision, number, body])?;
    }
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Parts that an interrupted write left have no checkpoint.
    transaction.execute(
        "DELETE FROM checkpoint_part WHERE stream = ?1 AND revision <> ?2 AND revision NOT IN \
         (SELECT revision FROM checkpoint WHERE stream = ?1)",
        params![stream, position.revision],
    )?;
    transaction.execute(
        "DELETE FROM checkpoint_part WHERE stream = ?1 AND revision = ?2 AND part >= ?3",
        params![stream, position.revision, parts],
    )?;
    transaction.execute(
        "INSERT INTO checkpoint (stream, revision, time, hash, size, parts, cut) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
        params![stream, position.revision, time.0, position.hash, size, parts],
    )?;
    transaction.commit()?;
    Ok(())
}

pub(crate) fn log_size(connection: &Connection, stream: &str, after: u64) -> Result<u64> {
    let sql = "SELECT coalesce(sum(octet_length(body)), 0) FROM log WHERE stream = ?1 AND revision > ?2";
    Ok(connection.prepare_cached(sql)?.query_row(params![stream, number(after)], |row| row.get(0))?)
}

/// A revision as the database takes it.
fn number(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}
