//! Verifies a data directory: the file itself, each stream's chain, and that the current state follows from the log.
//!
//! It reads one snapshot, so it can run while a server writes, and changes no data (SQLite may leave its `-wal` and
//! `-shm` files next to the database).

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use lanyard_model::{Id, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Statement, params};

use lanyard_store::doctor::{EntryReader, Examination, ReadEntry, Report, StreamHead, Waiting};
use lanyard_store::rows::read_key;
use lanyard_store::{Checkpoint, MasterKeys, PersonKeys, Snapshot, StoreError, UniqueName};

use crate::checkpoints;
use crate::error::Result;
use crate::schema::{self, Accept};

/// How many entries are passed from thread to thread at a time, and how many times as many wait.
const BATCH: usize = 64;
const BATCHES: usize = 8;

/// Verifies a data directory.
///
/// # Errors
/// When there is nothing to verify: no data, a copy that did not end, or a format of a later version. Damage is in the report instead.
pub fn doctor(directory: &Path) -> std::result::Result<Report, StoreError> {
    doctor_with(directory, &MasterKeys::default())
}

/// The same, with keys from outside.
///
/// # Errors
/// As for [`doctor`]; and when something is sealed with a key that is not among them.
pub fn doctor_with(directory: &Path, master: &MasterKeys) -> std::result::Result<Report, StoreError> {
    report(directory, Accept::Complete, master)
}

/// Verifies a data directory that may be incomplete.
pub(crate) fn report(directory: &Path, accept: Accept, master: &MasterKeys) -> std::result::Result<Report, StoreError> {
    let connection = schema::open_to_read(directory, accept)?;
    schema::check_keys(&connection, directory, master)?;
    let mut report = Report { format: schema::FORMAT, ..Report::default() };
    let source = Source { directory, accept, master };
    if let Err(failure) = examine(source, &connection, &mut report) {
        report.fault("the database", format_args!("cannot be read to its end: {}", StoreError::from(failure)));
    }
    Ok(report)
}

/// The data, which several threads read.
#[derive(Clone, Copy)]
struct Source<'a> {
    directory: &'a Path,
    accept: Accept,
    master: &'a MasterKeys,
}

impl Source<'_> {
    fn open(&self) -> Result<Connection> {
        schema::open_to_read(self.directory, self.accept)
    }
}

fn examine(source: Source<'_>, connection: &Connection, report: &mut Report) -> Result<()> {
    let snapshot = connection.unchecked_transaction()?;
    for (count, table) in [
        (&mut report.streams, "stream"),
        (&mut report.ended, "stream WHERE closed <> 0"),
        (&mut report.entries, "log"),
        (&mut report.resources, "resource"),
        (&mut report.names, "name"),
        (&mut report.secrets, "secret"),
        (&mut report.keys, "person_key"),
        (&mut report.checkpoints, "checkpoint"),
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
        .prepare(
            "SELECT stream FROM stream UNION SELECT stream FROM log UNION SELECT stream FROM checkpoint ORDER BY 1",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut tables = Tables {
        snapshot: &snapshot,
        head: snapshot.prepare("SELECT revision, time, hash, closed FROM stream WHERE stream = ?1")?,
        resources: snapshot.prepare("SELECT kind, id, revision, body FROM resource WHERE stream = ?1")?,
        names: snapshot.prepare("SELECT scope, name, kind, id FROM name WHERE stream = ?1")?,
        keys: snapshot.prepare("SELECT person, value FROM person_key WHERE stream = ?1")?,
    };
    // The file is verified on another thread meanwhile, on a connection of its own.
    thread::scope(|scope| {
        let checked = scope.spawn(|| check_file(source));
        let examined = streams.iter().try_for_each(|stream| tables.examine(source, stream, report));
        let failed = || StoreError::Storage("the thread that verifies the file has failed".to_owned());
        for message in checked.join().map_err(|_| failed())?? {
            report.fault("the database", message);
        }
        examined
    })
}

/// The faults of the file.
fn check_file(source: Source<'_>) -> Result<Vec<String>> {
    let connection = source.open()?;
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let messages = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(messages.into_iter().filter(|message| message != "ok").collect())
}

/// The queries for one stream.
struct Tables<'a> {
    snapshot: &'a Connection,
    head: Statement<'a>,
    resources: Statement<'a>,
    names: Statement<'a>,
    keys: Statement<'a>,
}

impl Tables<'_> {
    fn examine(&mut self, source: Source<'_>, stream: &str, report: &mut Report) -> Result<()> {
        let Some(mut examination) = Examination::new(stream, report) else { return Ok(()) };
        let mut rows = self.keys.query([stream])?;
        while let Some(row) = rows.next()? {
            let (person, value): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            examination.key(report, read_key(source.master, stream, Id::new(&person), value));
        }
        drop(rows);
        let mut waiting = Waiting::new(checkpoints::list(self.snapshot, stream)?);
        let cut = waiting.cut();
        if let Some(cut) = cut {
            examination.begin(report, &self.whole(stream, cut)?);
        }
        let head = self
            .head
            .query_row([stream], |row| {
                let (time, hash) = (Timestamp(row.get(1)?), row.get(2)?);
                Ok(StreamHead { revision: row.get(0)?, time, hash, closed: row.get(3)? })
            })
            .optional()?;
        let last: Option<u64> =
            self.snapshot.query_row("SELECT max(revision) FROM log WHERE stream = ?1", [stream], |row| row.get(0))?;
        // The log is read on another thread, up to its last entry in this snapshot.
        thread::scope(|scope| {
            let (entries, batches) = mpsc::sync_channel(BATCHES);
            let (cut, keys) = (cut.as_ref(), examination.keys());
            let range = Range { stream, cut, last: last.unwrap_or_default() };
            let reading = scope.spawn(move || read_log(source, range, keys, &entries));
            for entry in batches.into_iter().flatten() {
                let revision = entry.revision();
                examination.entry(report, entry);
                while let Some(checkpoint) = waiting.up_to(revision) {
                    examination.checkpoint(report, &self.whole(stream, checkpoint)?);
                }
            }
            let failed = || StoreError::Storage("the thread that reads the log has failed".to_owned());
            reading.join().map_err(|_| failed())?
        })?;
        while let Some(checkpoint) = waiting.up_to(u64::MAX) {
            examination.checkpoint(report, &self.whole(stream, checkpoint)?);
        }
        examination.head(report, head);
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

    /// A checkpoint with its parts, as many as there are.
    fn whole(&self, stream: &str, checkpoint: Checkpoint) -> Result<Snapshot> {
        let part = |part| checkpoints::part(self.snapshot, stream, checkpoint.position.revision, part).transpose();
        let parts = (0..checkpoint.parts).map_while(part).collect::<Result<_>>()?;
        Ok(Snapshot { checkpoint, parts, keys: Vec::new() })
    }
}

/// Entries of a stream: those after the cut, up to a revision.
struct Range<'a> {
    stream: &'a str,
    cut: Option<&'a Checkpoint>,
    last: u64,
}

/// Reads entries, and sends them in batches.
fn read_log(
    source: Source<'_>,
    Range { stream, cut, last }: Range<'_>,
    keys: Arc<PersonKeys>,
    entries: &SyncSender<Vec<ReadEntry>>,
) -> Result<()> {
    let connection = source.open()?;
    let snapshot = connection.unchecked_transaction()?;
    if checkpoints::list(&snapshot, stream)?.into_iter().find(|it| it.is_cut) != cut.copied() {
        let text = format!("entries of {stream} were archived meanwhile; run it again");
        return Err(StoreError::Storage(text).into());
    }
    let mut statement = snapshot.prepare(
        "SELECT revision, time, body, hash FROM log WHERE stream = ?1 AND revision > ?2 AND revision <= ?3 ORDER BY revision",
    )?;
    let mut reader = EntryReader::new(stream, cut, keys);
    let mut batch = Vec::with_capacity(BATCH);
    let mut rows = statement.query(params![stream, cut.map_or(0, |cut| cut.position.revision), last])?;
    while let Some(row) = rows.next()? {
        let (revision, time, hash) = (row.get(0)?, Timestamp(row.get(1)?), row.get(3)?);
        batch.push(reader.read(revision, time, row.get_ref(2)?.as_bytes()?, hash));
        if batch.len() == BATCH && entries.send(std::mem::take(&mut batch)).is_err() {
            return Ok(());
        }
    }
    // The receiver is gone only after it has failed.
    let _ = entries.send(batch);
    Ok(())
}
