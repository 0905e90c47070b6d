//! Checkpoints in the database.
//!
//! Parts are written first, each in a transaction of its own, so that an append waits for one part at most; the row that
//! makes them a checkpoint comes last.

use std::collections::HashMap;
use std::vec::IntoIter;

use lanyard_model::{StreamId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use lanyard_store::checkpoint::Encoder;
use lanyard_store::rows::KeyRow;
use lanyard_store::{Checkpoint, MasterKeys, PersonKeys, Position, Snapshot, StoreError};

use crate::error::Result;
use crate::writer::Step;

pub(crate) fn list(connection: &Connection, stream: &str) -> Result<Vec<Checkpoint>> {
    let sql = "SELECT revision, time, hash, size, parts, cut FROM checkpoint WHERE stream = ?1 ORDER BY revision";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([stream], checkpoint)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The cuts of all streams that have one.
pub(crate) fn cuts(connection: &Connection) -> Result<HashMap<String, Checkpoint>> {
    let sql = "SELECT revision, time, hash, size, parts, cut, stream FROM checkpoint WHERE cut = 1";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(6)?, checkpoint(row)?)))?;
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

/// The present state of a stream; `people` are the keys of its people.
pub(crate) fn snapshot(connection: &Connection, people: PersonKeys, id: &StreamId) -> Result<Option<Snapshot>> {
    let name = id.to_string();
    let stream = &*name;
    let snapshot = connection.unchecked_transaction()?;
    let head = snapshot
        .prepare_cached("SELECT revision, time, hash FROM stream WHERE stream = ?1 AND closed = 0")?
        .query_row([stream], |row| Ok((Position { revision: row.get(0)?, hash: row.get(2)? }, Timestamp(row.get(1)?))))
        .optional()?;
    let Some((position, time)) = head else { return Ok(None) };
    let mut encoder = Encoder::new(id, position, time, people);
    let mut statement =
        snapshot.prepare_cached("SELECT kind, id, revision, body FROM resource WHERE stream = ?1 ORDER BY kind, id")?;
    let mut rows = statement.query([stream])?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        encoder.push(text(0)?, text(1)?, row.get(2)?, text(3)?)?;
    }
    Ok(Some(encoder.finish()?))
}

/// The steps that keep a checkpoint: a part each, and at last the row.
pub(crate) fn put(master: &MasterKeys, stream: String, snapshot: Snapshot) -> std::result::Result<Step, StoreError> {
    let Snapshot { checkpoint, parts, keys } = snapshot;
    let keys = keys.iter().map(|key| KeyRow::new(master, &stream, key)).collect::<std::result::Result<Vec<_>, _>>();
    let keys = keys.map_err(StoreError::Storage)?;
    let mut parts: IntoIter<(u32, Vec<u8>)> = (0..).zip(parts).collect::<Vec<_>>().into_iter();
    Ok(Box::new(move |connection| {
        if list(connection, &stream)?.iter().any(|it| it.position.revision == checkpoint.position.revision) {
            return Ok(true);
        }
        let Some((number, body)) = parts.next() else {
            finish(connection, &stream, &checkpoint, &keys)?;
            return Ok(true);
        };
        let sql = "INSERT INTO checkpoint_part (stream, revision, part, body) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (stream, revision, part) DO UPDATE SET body = excluded.body";
        connection.prepare_cached(sql)?.execute(params![stream, checkpoint.position.revision, number, body])?;
        Ok(false)
    }))
}

fn finish(connection: &Connection, stream: &str, checkpoint: &Checkpoint, keys: &[KeyRow]) -> Result<()> {
    let Checkpoint { position, time, size, parts, is_cut } = *checkpoint;
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    if is_cut {
        let sql = "INSERT INTO stream (stream, revision, time, hash, closed) VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING";
        if transaction.execute(sql, params![stream, position.revision, time.0, position.hash])? == 0 {
            return Err(StoreError::Storage(format!("{stream} has entries already")).into());
        }
    }
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
        "INSERT INTO checkpoint (stream, revision, time, hash, size, parts, cut) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![stream, position.revision, time.0, position.hash, size, parts, is_cut],
    )?;
    for KeyRow { person, number, value } in keys {
        transaction.execute(
            "INSERT INTO person_key (stream, person, number, value) SELECT ?1, ?2, ?3, ?4 WHERE EXISTS \
             (SELECT 1 FROM resource WHERE stream = ?1 AND kind = 'User' AND id = ?2) ON CONFLICT DO NOTHING",
            params![stream, person, number, value.expose()],
        )?;
    }
    Ok(transaction.commit()?)
}

pub(crate) fn log_size(connection: &Connection, stream: &str, after: u64) -> Result<u64> {
    let sql = "SELECT coalesce(sum(octet_length(body)), 0) FROM log WHERE stream = ?1 AND revision > ?2";
    Ok(connection.prepare_cached(sql)?.query_row(params![stream, number(after)], |row| row.get(0))?)
}

/// A revision as the database takes it.
fn number(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}
