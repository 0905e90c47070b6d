//! Reads, each in one snapshot of the database.

use lanyard_model::{Directory, StreamId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use lanyard_store::doctor::read_resource;
use lanyard_store::{Head, Loaded, Logged, Position, Secret, StoreError};

use crate::error::Result;

pub(super) fn load(connection: &Connection, stream: &StreamId) -> Result<Option<Loaded>> {
    let snapshot = connection.unchecked_transaction()?;
    let name = stream.to_string();
    let head = snapshot
        .prepare_cached("SELECT revision, time, hash FROM stream WHERE stream = ?1 AND closed = 0")?
        .query_row([&name], |row| Ok((row.get(0)?, Timestamp(row.get(1)?), row.get(2)?)))
        .optional()?;
    let Some((revision, time, hash)) = head else { return Ok(None) };

    let mut resources = Vec::new();
    let mut statement = snapshot.prepare_cached("SELECT kind, id, body FROM resource WHERE stream = ?1")?;
    let mut rows = statement.query([&name])?;
    while let Some(row) = rows.next()? {
        let (kind, id, body) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        resources.push(
            read_resource(kind, body)
                .map_err(|error| StoreError::Storage(format!("cannot read {kind} `{id}` of {name}: {error}")))?,
        );
    }
    Ok(Some(Loaded { directory: Directory::load(stream.clone(), revision, time, resources), hash }))
}

pub(super) fn registries(connection: &Connection) -> Result<Vec<StreamId>> {
    // `0` comes after `/`.
    let mut statement = connection.prepare_cached(
        "SELECT stream FROM stream WHERE stream >= 'registry/' AND stream < 'registry0' AND closed = 0 ORDER BY stream",
    )?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    names.map(|name| parse(&name?)).collect()
}

pub(super) fn heads(connection: &Connection, streams: &[StreamId]) -> Result<Vec<Option<Head>>> {
    let snapshot = connection.unchecked_transaction()?;
    let mut statement = snapshot.prepare_cached("SELECT revision, time, hash, closed FROM stream WHERE stream = ?1")?;
    let head = |stream: &StreamId| statement.query_row([stream.to_string()], |row| head(row, 0)).optional();
    Ok(streams.iter().map(head).collect::<rusqlite::Result<_>>()?)
}

pub(super) fn streams(connection: &Connection) -> Result<Vec<(StreamId, Head)>> {
    let mut statement =
        connection.prepare_cached("SELECT stream, revision, time, hash, closed FROM stream ORDER BY stream")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, head(row, 1)?)))?;
    rows.map(|row| {
        let (name, head) = row?;
        Ok((parse(&name)?, head))
    })
    .collect()
}

fn head(row: &Row<'_>, at: usize) -> rusqlite::Result<Head> {
    let position = Position { revision: row.get(at)?, hash: row.get(at + 2)? };
    Ok(Head { position, time: Timestamp(row.get(at + 1)?), closed: row.get(at + 3)? })
}

fn parse(name: &str) -> Result<StreamId> {
    let unknown = || StoreError::Storage(format!("there is no stream of the name `{name}`")).into();
    StreamId::parse(name).ok_or_else(unknown)
}

pub(super) fn read(connection: &Connection, stream: &StreamId, after: u64, limit: usize) -> Result<Vec<Logged>> {
    let name = stream.to_string();
    let mut statement = connection.prepare_cached(
        "SELECT revision, body, hash FROM log WHERE stream = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3",
    )?;
    let (after, limit) = (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = statement.query(params![name, after, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let revision: u64 = row.get(0)?;
        let logged = Logged::read(row.get_ref(1)?.as_str()?, row.get(2)?)
            .map_err(|error| StoreError::Storage(format!("cannot read revision {revision} of {name}: {error}")))?;
        entries.push(Logged { revision, ..logged });
    }
    if entries.first().is_none_or(|first| first.revision.saturating_sub(1) != after.unsigned_abs()) {
        // The entry right after is not there: it was archived, or there is none yet.
        let cut = "SELECT revision FROM checkpoint WHERE stream = ?1 AND cut = 1";
        let cut: Option<u64> = connection.prepare_cached(cut)?.query_row([&name], |row| row.get(0)).optional()?;
        if let Some(revision) = cut.filter(|cut| after.unsigned_abs() < *cut) {
            return Err(StoreError::Archived { stream: stream.clone(), revision }.into());
        }
    }
    Ok(entries)
}

pub(super) fn secret(connection: &Connection, stream: &StreamId, name: &str) -> Result<Option<Secret>> {
    let secret = connection
        .prepare_cached("SELECT value FROM secret WHERE stream = ?1 AND name = ?2")?
        .query_row(params![stream.to_string(), name], |row| row.get(0))
        .optional()?;
    Ok(secret.map(Secret::new))
}
