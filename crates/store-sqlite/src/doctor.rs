//! Verifies a data directory: the file itself, each stream's chain, and that the current state follows from the log.
//!
//! It reads one snapshot, so it can run while a server writes, and changes no data (SQLite may leave its `-wal` and
//! `-shm` files next to the database). It holds one stream's state in memory at a time. It does not detect that a whole
//! data directory, log and all, was put back to an earlier state, nor that a secret was replaced, since secrets are not
//! in the log.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use lanyard_model::{Directory, Key, Resource, StreamId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, Statement};
use serde::Serialize;

use lanyard_store::chain::{Hash, Record, hex, link, origin};
use lanyard_store::{StoreError, UniqueName};

use crate::{reader, schema};

/// The result of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The format of the data directory.
    pub format: u32,
    /// How many streams there are.
    pub streams: u64,
    /// How many of them have ended.
    pub ended: u64,
    /// How many entries the log has.
    pub entries: u64,
    /// How many current resources there are.
    pub resources: u64,
    /// How many unique names there are.
    pub names: u64,
    /// How many secrets there are.
    pub secrets: u64,
    /// The faults; empty when the directory is sound.
    pub faults: Vec<Fault>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: the database, or a stream, an entry, a resource or a name in it.
    pub place: String,
    /// The fault.
    pub fault: String,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// The report as one JSON object, with `sound` in addition to its members.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Json<'a> {
            sound: bool,
            #[serde(flatten)]
            report: &'a Report,
        }
        // The members are numbers and texts without map keys, so serialisation does not fail.
        serde_json::to_string_pretty(&Json { sound: self.is_sound(), report: self }).unwrap_or_default()
    }

    fn fault(&mut self, place: impl fmt::Display, fault: impl fmt::Display) {
        self.faults.push(Fault { place: place.to_string(), fault: fault.to_string() });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Fault { place, fault } in &self.faults {
            writeln!(f, "{place}: {fault}")?;
        }
        writeln!(
            f,
            "format {}: {} streams ({} ended), {} entries, {} resources, {} names, {} secrets",
            self.format, self.streams, self.ended, self.entries, self.resources, self.names, self.secrets
        )?;
        match self.faults.len() {
            0 => writeln!(f, "sound"),
            1 => writeln!(f, "1 fault"),
            count => writeln!(f, "{count} faults"),
        }
    }
}

/// Verifies a data directory.
///
/// # Errors
/// When there is nothing to verify: no data, or a format of a later version. Damage is in the report instead.
pub fn doctor(directory: &Path) -> Result<Report, StoreError> {
    let connection = schema::open_to_read(directory)?;
    let mut report = Report { format: schema::FORMAT, ..Report::default() };
    if let Err(error) = examine(&connection, &mut report) {
        report.fault("the database", format_args!("cannot be read to its end: {error}"));
    }
    Ok(report)
}

fn examine(connection: &Connection, report: &mut Report) -> rusqlite::Result<()> {
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
    ] {
        *count = snapshot.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
    }
    for table in ["resource", "name", "secret"] {
        let sql = format!(
            "SELECT DISTINCT stream FROM {table} WHERE stream NOT IN (SELECT stream FROM stream WHERE closed = 0)"
        );
        for stream in snapshot.prepare(&sql)?.query_map([], |row| row.get::<_, String>(0))? {
            report.fault(stream?, format_args!("the stream is not there or has ended, and has a {table} all the same"));
        }
    }
    let streams: Vec<String> = snapshot
        .prepare("SELECT stream FROM stream UNION SELECT stream FROM log ORDER BY 1")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut examination = Examination {
        head: snapshot.prepare("SELECT revision, time, hash, closed FROM stream WHERE stream = ?1")?,
        log: snapshot.prepare("SELECT revision, time, body, hash FROM log WHERE stream = ?1 ORDER BY revision")?,
        resources: snapshot.prepare("SELECT kind, id, revision, body FROM resource WHERE stream = ?1")?,
        names: snapshot.prepare("SELECT scope, name, kind, id FROM name WHERE stream = ?1")?,
        report,
    };
    streams.iter().try_for_each(|stream| examination.stream(stream))
}

struct Examination<'a> {
    head: Statement<'a>,
    log: Statement<'a>,
    resources: Statement<'a>,
    names: Statement<'a>,
    report: &'a mut Report,
}

/// The state of a stream by the log, as far as it was read.
struct Replay {
    /// `None` after an entry that cannot be applied.
    directory: Option<Directory>,
    /// The entry that each resource was last changed by.
    changed: BTreeMap<Key, u64>,
    revision: u64,
    time: Timestamp,
    hash: Hash,
    closed: bool,
}

impl Examination<'_> {
    fn stream(&mut self, stream: &str) -> rusqlite::Result<()> {
        let Some(id) = StreamId::parse(stream) else {
            self.report.fault(stream, "there is no stream of this name");
            return Ok(());
        };
        let replay = self.replay(stream, &id)?;
        let head = self.head.query_row([stream], |row| {
            Ok((row.get(0)?, Timestamp(row.get(1)?), row.get::<_, Hash>(2)?, row.get::<_, bool>(3)?))
        });
        match head.optional()? {
            None => self.report.fault(stream, "the log has entries of a stream that is not there"),
            Some(head) if head != (replay.revision, replay.time, replay.hash, replay.closed) => self.report.fault(
                stream,
                format_args!(
                    "the stream is at revision {} with the hash {}, and its log ends at revision {} with the hash {}",
                    head.0,
                    hex(&head.2),
                    replay.revision,
                    hex(&replay.hash)
                ),
            ),
            Some(_) => {}
        }
        let Some(directory) = replay.directory else {
            self.report.fault(stream, "the current resources were not compared, because the log cannot be replayed");
            return Ok(());
        };
        for fault in directory.faults() {
            self.report.fault(stream, fault);
        }
        self.compare_resources(stream, &directory, &replay.changed)?;
        self.compare_names(stream, &directory)
    }

    /// Follows a stream's chain, and applies its entries one by one.
    fn replay(&mut self, stream: &str, id: &StreamId) -> rusqlite::Result<Replay> {
        let mut replay = Replay {
            directory: Some(Directory::empty(id.clone())),
            changed: BTreeMap::new(),
            revision: 0,
            time: Timestamp(i64::MIN),
            hash: origin(stream),
            closed: false,
        };
        let mut rows = self.log.query([stream])?;
        while let Some(row) = rows.next()? {
            let revision: u64 = row.get(0)?;
            let place = format!("{stream} revision {revision}");
            let faults = replay.entry(stream, id, revision, row)?;
            for fault in faults {
                self.report.fault(&place, fault);
            }
        }
        Ok(replay)
    }

    fn compare_resources(
        &mut self,
        stream: &str,
        directory: &Directory,
        changed: &BTreeMap<Key, u64>,
    ) -> rusqlite::Result<()> {
        let mut keys = BTreeSet::new();
        let mut rows = self.resources.query([stream])?;
        while let Some(row) = rows.next()? {
            let (kind, id): (String, String) = (row.get(0)?, row.get(1)?);
            let place = format!("{stream} {kind} `{id}`");
            let body = String::from_utf8_lossy(row.get_ref(3)?.as_bytes()?);
            let resource = match reader::resource(&kind, &body) {
                Ok(resource) => resource,
                Err(error) => {
                    self.report.fault(place, format_args!("the current resource cannot be read: {error}"));
                    continue;
                }
            };
            let key = resource.key();
            if key.id.to_string() != id {
                self.report.fault(&place, format_args!("the current resource calls itself `{}`", key.id));
            }
            match directory.get(key.kind, &key.id) {
                None => self.report.fault(&place, "there is a current resource, and none in the log"),
                Some(logged) if logged != resource => {
                    self.report.fault(&place, "the current resource differs from the log");
                }
                Some(_) if changed.get(&key).copied() != Some(row.get(2)?) => {
                    self.report.fault(&place, "the current resource has another revision than in the log");
                }
                Some(_) => {}
            }
            keys.insert(key);
        }
        for key in directory.iter().map(|resource| resource.key()).filter(|key| !keys.contains(key)) {
            self.report.fault(format_args!("{stream} {key}"), "there is a resource in the log, and no current one");
        }
        Ok(())
    }

    fn compare_names(&mut self, stream: &str, directory: &Directory) -> rusqlite::Result<()> {
        let mut expected: BTreeMap<UniqueName, (String, String)> = directory
            .iter()
            .filter_map(|resource: Resource| {
                let name = UniqueName::of(directory.stream(), &resource)?;
                Some((name, (resource.kind().name().to_owned(), resource.id().to_string())))
            })
            .collect();
        let mut rows = self.names.query([stream])?;
        while let Some(row) = rows.next()? {
            let name = UniqueName { scope: row.get(0)?, name: row.get(1)? };
            let holder: (String, String) = (row.get(2)?, row.get(3)?);
            if expected.remove(&name).as_ref() != Some(&holder) {
                let (kind, id) = holder;
                self.report.fault(
                    format_args!("{stream} name `{}` in {}", name.name, name.scope),
                    format_args!("the name is kept for {kind} `{id}`, which does not have it in the log"),
                );
            }
        }
        for (name, (kind, id)) in expected {
            self.report.fault(
                format_args!("{stream} name `{}` in {}", name.name, name.scope),
                format_args!("{kind} `{id}` has the name in the log, and it is not kept for it"),
            );
        }
        Ok(())
    }
}

impl Replay {
    /// Takes the next row of the log, and reports its faults.
    fn entry(&mut self, stream: &str, id: &StreamId, revision: u64, row: &Row<'_>) -> rusqlite::Result<Vec<String>> {
        let time = Timestamp(row.get(1)?);
        let body = row.get_ref(2)?.as_bytes()?;
        let hash: Hash = row.get(3)?;
        let mut faults = Vec::new();
        let mut check = |holds: bool, fault: &str| {
            if !holds {
                faults.push(fault.to_owned());
            }
            holds
        };
        let follows = check(revision == self.revision + 1, &format!("it follows revision {}", self.revision));
        check(!self.closed, "it comes after the end of the stream");
        check(time >= self.time, "its time is before that of the entry before");
        if follows {
            check(hash == link(&self.hash, body), "its hash is not that of its contents and the hash before it");
        }
        match serde_json::from_slice::<Record>(body) {
            Ok(record) => {
                check(record.stream == stream, "it names another stream");
                check(record.revision == revision, "it has another revision");
                check(!follows || record.previous == hex(&self.hash), "it does not carry the hash of the entry before");
                check(record.entry.time == time, "it has another time");
                let fits = match self.directory.as_mut().map(|it| it.advance(time, &record.entry.changes)) {
                    Some(Err(invalid)) => check(false, &format!("its changes cannot be applied: {invalid}")),
                    _ => true,
                };
                if !fits {
                    self.directory = None;
                }
                for change in &record.entry.changes {
                    match change.after() {
                        Some(_) => self.changed.insert(change.key(), revision),
                        None => self.changed.remove(&change.key()),
                    };
                }
                if record.closes {
                    self.closed = true;
                    self.directory = self.directory.as_ref().map(|_| Directory::empty(id.clone()));
                }
            }
            Err(error) => {
                check(false, &format!("it cannot be read: {error}"));
                self.directory = None;
            }
        }
        (self.revision, self.time, self.hash) = (revision, time, hash);
        Ok(faults)
    }
}
