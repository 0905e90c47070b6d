//! Reads, each in one snapshot of the database.

use std::collections::HashMap;

use lanyard_model::{Directory, Id, Key, Kind, StreamId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use lanyard_store::rows::read_resource;
use lanyard_store::rows::{open_secret, read_key};
use lanyard_store::{
    Cell, CellsOf, CopyPoint, Head, Loaded, Logged, MasterKeys, PersonKey, PersonKeys, Position, Secret, StoreError,
    Stored, StreamCopy, UniqueName, parallel,
};

use crate::checkpoints;
use crate::error::{Failure, Result};

pub(super) fn load(connection: &Connection, stream: &StreamId) -> Result<Option<Loaded>> {
    let snapshot = connection.unchecked_transaction()?;
    let name = stream.to_string();
    let head = snapshot
        .prepare_cached("SELECT revision, time, hash FROM stream WHERE stream = ?1 AND closed = 0")?
        .query_row([&name], |row| Ok((row.get(0)?, Timestamp(row.get(1)?), row.get(2)?)))
        .optional()?;
    let Some((revision, time, hash)) = head else { return Ok(None) };

    // The index gives the numbers of the rows, which then are read in the order in which they are in the file.
    let mut statement = snapshot.prepare_cached(
        "SELECT kind, id, body FROM resource WHERE rowid IN (SELECT rowid FROM resource WHERE stream = ?1)",
    )?;
    let rows = statement.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows = rows.map(|row| row.map_err(Failure::from));
    let resources = parallel::map(rows, |(kind, id, body): (String, String, String)| {
        let unreadable = |error| StoreError::Storage(format!("cannot read {kind} `{id}` of {name}: {error}"));
        Ok(read_resource(&kind, &body).map_err(unreadable)?)
    })?;
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

pub(super) fn instances(connection: &Connection, limit: usize) -> Result<Vec<Id>> {
    let mut statement = connection.prepare_cached(
        "SELECT stream FROM stream WHERE stream >= 'instance/' AND stream < 'instance0' AND closed = 0 \
         ORDER BY stream LIMIT ?1",
    )?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get::<_, String>(0))?;
    rows.filter_map(|name| match name.map_err(Into::into).and_then(|name| parse(&name)) {
        Ok(StreamId::Instance(id)) => Some(Ok(id)),
        Ok(StreamId::Registry { .. }) => None,
        Err(error) => Some(Err(error)),
    })
    .collect()
}

pub(super) fn holder(connection: &Connection, name: &UniqueName) -> Result<Option<(StreamId, Key)>> {
    let mut statement =
        connection.prepare_cached("SELECT stream, kind, id FROM name WHERE scope = ?1 AND name = ?2")?;
    let row = statement
        .query_row([&name.scope, &name.name], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })
        .optional()?;
    let Some((stream, kind, id)) = row else { return Ok(None) };
    let unknown = || StoreError::Storage(format!("there is no kind `{kind}`"));
    let kind = Kind::from_name(&kind).ok_or_else(unknown)?;
    Ok(Some((parse(&stream)?, Key { kind, id: Id::new(&id) })))
}

pub(super) fn copy_point(connection: &Connection, master: &MasterKeys) -> Result<CopyPoint> {
    let snapshot = connection.unchecked_transaction()?;
    let mut secrets: HashMap<String, Vec<(String, Secret)>> = HashMap::new();
    let mut statement = snapshot.prepare("SELECT stream, name, value FROM secret")?;
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))? {
        let (stream, name, value): (String, String, Vec<u8>) = row?;
        let secret = open_secret(master, &stream, &name, value).map_err(StoreError::Storage)?;
        secrets.entry(stream).or_default().push((name, secret));
    }
    let mut keys: HashMap<String, PersonKeys> = HashMap::new();
    let mut statement = snapshot.prepare("SELECT stream, person, value FROM person_key")?;
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))? {
        let (stream, person, value): (String, String, Vec<u8>) = row?;
        let key = read_key(master, &stream, Id::new(&person), value).map_err(StoreError::Storage)?;
        keys.entry(stream).or_default().insert(key);
    }
    let mut cuts = checkpoints::cuts(&snapshot)?;
    let copy = |(stream, head): (StreamId, Head)| {
        let name = stream.to_string();
        let (secrets, keys) = (secrets.remove(&name).unwrap_or_default(), keys.remove(&name).unwrap_or_default());
        StreamCopy { stream, head, secrets, keys, cut: cuts.remove(&name) }
    };
    Ok(CopyPoint::new(streams(&snapshot)?.into_iter().map(copy).collect()))
}

fn head(row: &Row<'_>, at: usize) -> rusqlite::Result<Head> {
    let position = Position { revision: row.get(at)?, hash: row.get(at + 2)? };
    Ok(Head { position, time: Timestamp(row.get(at + 1)?), closed: row.get(at + 3)? })
}

fn parse(name: &str) -> Result<StreamId> {
    let unknown = || StoreError::Storage(format!("there is no stream of the name `{name}`")).into();
    StreamId::parse(name).ok_or_else(unknown)
}

pub(super) fn read(
    connection: &Connection,
    master: &MasterKeys,
    stream: &StreamId,
    after: u64,
    limit: usize,
) -> Result<Vec<Logged>> {
    let snapshot = connection.unchecked_transaction()?;
    let connection = &*snapshot;
    let name = stream.to_string();
    let mut keys = PersonKeys::default();
    let mut statement = connection.prepare_cached(
        "SELECT revision, body, hash FROM log WHERE stream = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3",
    )?;
    let mut key =
        connection.prepare_cached("SELECT value FROM person_key WHERE stream = ?1 AND person = ?2 AND number = ?3")?;
    let (after, limit) = (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = statement.query(params![name, after, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let revision: u64 = row.get(0)?;
        let unreadable = |error| StoreError::Storage(format!("cannot read revision {revision} of {name}: {error}"));
        let record = row.get_ref(1)?.as_str()?;
        let stored = Stored::read(record).map_err(unreadable)?;
        for (person, number) in stored.wanted() {
            if keys.get(&person, number).is_none()
                && let Some(value) =
                    key.query_row(params![name, person.to_string(), number], |row| row.get(0)).optional()?
            {
                keys.insert(open_key(master, &name, person, value)?);
            }
        }
        let logged = Logged::open(stored, record, row.get(2)?, &keys).map_err(unreadable)?;
        entries.push(Logged { revision, ..logged });
    }
    refuse_archived(connection, stream, after.unsigned_abs(), entries.first().map(|it| it.revision))?;
    Ok(entries)
}

pub(super) fn records(
    connection: &Connection,
    stream: &StreamId,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, String)>> {
    let snapshot = connection.unchecked_transaction()?;
    let mut statement = snapshot.prepare_cached(
        "SELECT revision, body FROM log WHERE stream = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3",
    )?;
    let (number, limit) = (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = statement.query_map(params![stream.to_string(), number, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let records: Vec<(u64, String)> = rows.collect::<rusqlite::Result<_>>()?;
    refuse_archived(&snapshot, stream, after, records.first().map(|it| it.0))?;
    Ok(records)
}

/// Fails when the entry right after a revision was archived. `first` is the first one that was read.
fn refuse_archived(connection: &Connection, stream: &StreamId, after: u64, first: Option<u64>) -> Result<()> {
    if first.is_some_and(|first| first.saturating_sub(1) == after) {
        return Ok(());
    }
    // It was archived, or there is none yet.
    let cut = "SELECT revision FROM checkpoint WHERE stream = ?1 AND cut = 1";
    let cut = connection.prepare_cached(cut)?.query_row([stream.to_string()], |row| row.get(0)).optional()?;
    match cut.filter(|cut| after < *cut) {
        Some(revision) => Err(StoreError::Archived { stream: stream.clone(), revision }.into()),
        None => Ok(()),
    }
}

pub(super) fn secret(
    connection: &Connection,
    master: &MasterKeys,
    stream: &StreamId,
    name: &str,
) -> Result<Option<Secret>> {
    let of = stream.to_string();
    let secret = connection
        .prepare_cached("SELECT value FROM secret WHERE stream = ?1 AND name = ?2")?
        .query_row(params![of, name], |row| row.get(0))
        .optional()?;
    let unreadable = |error| StoreError::Storage(format!("cannot read the secret `{name}` of {of}: {error}"));
    let secret = secret.map(|secret| open_secret(master, &of, name, secret));
    Ok(secret.transpose().map_err(unreadable)?)
}

/// The keys of the people of a stream.
pub(crate) fn person_keys(connection: &Connection, master: &MasterKeys, stream: &str) -> Result<PersonKeys> {
    let mut statement = connection.prepare_cached("SELECT person, value FROM person_key WHERE stream = ?1")?;
    let rows = statement.query_map([stream], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| {
        let (person, value) = row?;
        open_key(master, stream, Id::new(&person), value)
    })
    .collect()
}

fn open_key(master: &MasterKeys, stream: &str, person: Id, value: Vec<u8>) -> Result<PersonKey> {
    Ok(read_key(master, stream, person, value).map_err(StoreError::Storage)?)
}

pub(super) fn cell(connection: &Connection, kind: &str, key: &[u8]) -> Result<Option<Cell>> {
    let cell = connection
        .prepare_cached("SELECT owner, value, expires FROM cell WHERE kind = ?1 AND key = ?2")?
        .query_row(params![kind, key], |row| {
            Ok(Cell { owner: row.get(0)?, value: row.get(1)?, expires: Timestamp(row.get(2)?) })
        })
        .optional()?;
    Ok(cell)
}

pub(super) fn cells_of(connection: &Connection, of: &CellsOf) -> Result<Vec<(Vec<u8>, Cell)>> {
    let mut statement = connection.prepare_cached(
        "SELECT key, owner, value, expires FROM cell \
         WHERE kind = ?1 AND (owner = ?2 OR (owner >= ?3 AND owner < ?4)) ORDER BY key",
    )?;
    let (first, last) = of.below();
    let cells = statement.query_map(params![of.kind, of.owner, first, last], |row| {
        Ok((row.get(0)?, Cell { owner: row.get(1)?, value: row.get(2)?, expires: Timestamp(row.get(3)?) }))
    })?;
    Ok(cells.collect::<rusqlite::Result<_>>()?)
}
