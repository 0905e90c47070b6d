//! Verifies a data directory: the file itself, each stream's chain, and that the current state follows from the log.
//!
//! It reads one snapshot, so it can run while a server writes, and changes no data (SQLite may leave its `-wal` and
//! `-shm` files next to the database).

use std::path::Path;

use lanyard_model::{Id, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Statement};

use lanyard_store::doctor::{Examination, Report, StreamHead};
use lanyard_store::rows::read_key;
use lanyard_store::{MasterKeys, StoreError, UniqueName};

use crate::schema::{self, Accept};

/// Verifies a data directory.
///
/// # Errors
/// When there is nothing to verify: no data, a copy that did not end, or a format of a later version. Damage is in the report instead.
pub fn doctor(directory: &Path) -> Result<Report, StoreError> {
    doctor_with(directory, &MasterKeys::default())
}

/// The same, with keys from outside.
///
/// # Errors
/// As for [`doctor`]; and when something is sealed with a key that is not among them.
pub fn doctor_with(directory: &Path, master: &MasterKeys) -> Result<Report, StoreError> {
    report(directory, Accept::Complete, master)
}

/// Verifies a data directory that may be incomplete.
pub(crate) fn report(directory: &Path, accept: Accept, master: &MasterKeys) -> Result<Report, StoreError> {
    let connection = schema::open_to_read(directory, accept)?;
    schema::check_keys(&connection, directory, master)?;
    let mut report = Report { format: schema::FORMAT, ..Report::default() };
    if let Err(error) = examine(&connection, master, &mut report) {
        report.fault("the database", format_args!("cannot be read to its end: {error}"));
    }
    Ok(report)
}

fn examine(connection: &Connection, master: &MasterKeys, report: &mut Report) -> rusqlite::Result<()> {
    let snapshot = connection.unchecked_transaction()?;
    let mut statement = snapshot.prepare("PRAGMA integrity_check")?;
    for message in statement.query_map([], |row| row.get::<_, String>(0))? {
        let message = message?;
        if message != "ok" {
            report.fault("the database", message);
        }
    }
    for (count, table) in [
        (&mut report.streams, "stream"),
        (&mut report.ended, "stream WHERE closed <> 0"),
        (&mut report.entries, "log"),
        (&mut report.resources, "resource"),
        (&mut report.names, "name"),
        (&mut report.secrets, "secret"),
        (&mut report.keys, "person_key"),
    ] {
        *count = snapshot.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
    }
    for (table, what) in [("resource", "resource"), ("name", "name"), ("secret", "secret"), ("person_key", "key")] {
        let sql = format!(
            "SELECT DISTINCT stream FROM {table} WHERE stream NOT IN (SELECT stream FROM stream WHERE closed = 0)"
        );
        for stream in snapshot.prepare(&sql)?.query_map([], |row| row.get::<_, String>(0))? {
            report.orphan(&stream?, what);
        }
    }
    let streams: Vec<String> = snapshot
        .prepare("SELECT stream FROM stream UNION SELECT stream FROM log ORDER BY 1")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut tables = Tables {
        head: snapshot.prepare("SELECT revision, time, hash, closed FROM stream WHERE stream = ?1")?,
        log: snapshot.prepare("SELECT revision, time, body, hash FROM log WHERE stream = ?1 ORDER BY revision")?,
        resources: snapshot.prepare("SELECT kind, id, revision, body FROM resource WHERE stream = ?1")?,
        names: snapshot.prepare("SELECT scope, name, kind, id FROM name WHERE stream = ?1")?,
        keys: snapshot.prepare("SELECT person, value FROM person_key WHERE stream = ?1")?,
    };
    streams.iter().try_for_each(|stream| tables.examine(stream, master, report))
}

/// The queries for one stream.
struct Tables<'a> {
    head: Statement<'a>,
    log: Statement<'a>,
    resources: Statement<'a>,
    names: Statement<'a>,
    keys: Statement<'a>,
}

impl Tables<'_> {
    fn examine(&mut self, stream: &str, master: &MasterKeys, report: &mut Report) -> rusqlite::Result<()> {
        let Some(mut examination) = Examination::new(stream, report) else { return Ok(()) };
        let mut rows = self.keys.query([stream])?;
        while let Some(row) = rows.next()? {
            let (person, value): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            examination.key(report, read_key(master, stream, Id::new(&person), value));
        }
        let mut rows = self.log.query([stream])?;
        while let Some(row) = rows.next()? {
            let (revision, time, hash) = (row.get(0)?, Timestamp(row.get(1)?), row.get(3)?);
            examination.entry(report, revision, time, row.get_ref(2)?.as_bytes()?, hash);
        }
        let head = self.head.query_row([stream], |row| {
            let (time, hash) = (Timestamp(row.get(1)?), row.get(2)?);
            Ok(StreamHead { revision: row.get(0)?, time, hash, closed: row.get(3)? })
        });
        examination.head(report, head.optional()?);
        let mut rows = self.resources.query([stream])?;
        while let Some(row) = rows.next()? {
            let (kind, id): (String, String) = (row.get(0)?, row.get(1)?);
            examination.resource(report, &kind, &id, row.get(2)?, row.get_ref(3)?.as_bytes()?);
        }
        let mut rows = self.names.query([stream])?;
        while let Some(row) = rows.next()? {
            let name = UniqueName { scope: row.get(0)?, name: row.get(1)? };
            examination.name(report, &name, row.get(2)?, row.get(3)?);
        }
        examination.finish(report);
        Ok(())
    }
}
