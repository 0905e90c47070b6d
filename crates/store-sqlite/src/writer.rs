//! The one thread that writes.
//!
//! It takes all calls that wait, writes them in one transaction, each in a savepoint so that a failing call does not
//! affect the others, commits once, and then answers all: the disk is waited for once a group, not once a call.
//! Invariants: a call is answered with `Ok` after the commit that holds it, `heads` equals the database, and a call is
//! answered with an error other than [`AppendError::Unknown`] only when the disk cannot hold it, now or after a crash.

mod cells;
mod recovery;
mod upkeep;

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use lanyard_model::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::oneshot;

use lanyard_store::chain::origin;
use lanyard_store::rows::{KeyRow, Row, Rows, Write, key_place, secret_place};
use lanyard_store::{AppendError, CellChange, Hash, MasterKeys, Position, Sealing, SecretChange, StoreError};

use crate::condition::Condition;
use crate::error::is_of_disk;
use crate::schema;

/// The most calls in one transaction, so that the first is not kept waiting by many that came later.
const GROUP: usize = 512;

/// How long nothing must have been asked for before the bytes of what was deleted are removed from the write-ahead log, and
/// after how long they are removed in any case.
const QUIET: Duration = Duration::from_millis(200);
const LATEST: Duration = Duration::from_secs(10);

/// A request to the thread.
pub(crate) enum Message {
    /// Entries, or cells.
    Work(Call),
    /// Work in steps.
    Upkeep(Upkeep),
    /// Seal everything with the key that seals now.
    Reseal(Arc<Sealing>, oneshot::Sender<Result<u64, StoreError>>),
}

/// One call and where its answer goes: how many rows it changed, which is of interest for cells.
pub(crate) struct Call {
    pub(crate) work: Work,
    pub(crate) reply: oneshot::Sender<Result<u64, AppendError>>,
}

/// The work of a call.
pub(crate) enum Work {
    /// Entries of the log.
    Append(Vec<Rows>),
    /// A change of cells.
    Cells(CellChange),
}

/// The last entry of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    revision: u64,
    time: Timestamp,
    hash: Hash,
    closed: bool,
}

/// Why a call fails.
#[derive(Debug)]
enum Failure {
    /// It does not fit what is stored.
    Refused(AppendError),
    /// The database could not do it.
    Database(rusqlite::Error),
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        Self::Refused(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// A group that was not written.
#[derive(Debug)]
struct Failed {
    error: rusqlite::Error,
    /// Whether the commit failed, so that the disk may hold the group all the same.
    at_commit: bool,
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self { error, at_commit: false }
    }
}

pub(crate) struct Writer {
    directory: PathBuf,
    connection: Connection,
    /// The last entries of the streams that this process has written, as they were acknowledged.
    heads: HashMap<String, Head>,
    /// The last entries in the transaction under way.
    pending: HashMap<String, Head>,
    /// The disk failed under the connection: nothing is written before [`Self::recover`] has succeeded.
    is_suspect: bool,
    condition: Arc<Condition>,
    /// Whether there may be bytes in the write-ahead log of a person, or of a secret, that is deleted.
    leftover: Option<Leftover>,
    /// The work in steps that is not done, in the order in which it came.
    upkeep: VecDeque<Upkeep>,
}

/// The bytes of what is deleted, in the write-ahead log.
struct Leftover {
    since: Instant,
    /// How long nothing must have been asked for before they are removed.
    quiet: Duration,
}

impl Leftover {
    fn new(quiet: Duration) -> Self {
        Self { since: Instant::now(), quiet }
    }
}

impl Writer {
    pub(crate) fn new(directory: &Path, connection: Connection, condition: Arc<Condition>) -> Self {
        Self {
            directory: directory.to_owned(),
            connection,
            heads: HashMap::new(),
            pending: HashMap::new(),
            is_suspect: false,
            condition,
            leftover: None,
            upkeep: VecDeque::new(),
        }
    }

    /// Writes what comes until the queue is closed and empty.
    pub(crate) fn run(mut self, queue: &Receiver<Message>) {
        while let Some(first) = self.next(queue) {
            let (mut calls, mut replies, mut other) = (Vec::new(), Vec::new(), None);
            for message in std::iter::once(first).chain(queue.try_iter().take(GROUP - 1)) {
                match message {
                    Message::Work(call) => {
                        calls.push(call.work);
                        replies.push(call.reply);
                    }
                    Message::Upkeep(work) => self.upkeep.push_back(work),
                    Message::Reseal(sealing, reply) => {
                        other = Some((sealing, reply));
                        break;
                    }
                }
            }
            let results = match calls.is_empty() {
                true => Vec::new(),
                false => self.write(&calls).unwrap_or_else(|error| vec![Err(error); replies.len()]),
            };
            for (reply, result) in replies.into_iter().zip(results) {
                // The caller may have gone; the write stays.
                let _ = reply.send(result);
            }
            if let Some((sealing, reply)) = other {
                let _ = reply.send(reseal(&self.connection, sealing.master()).map_err(StoreError::from));
                self.leftover.get_or_insert_with(|| Leftover::new(QUIET));
            }
            self.step();
        }
        self.remove_leftover();
    }

    /// The next message; `None` when the queue is closed and empty.
    fn next(&mut self, queue: &Receiver<Message>) -> Option<Message> {
        while !self.upkeep.is_empty() {
            match queue.try_recv() {
                Ok(message) => return Some(message),
                Err(TryRecvError::Empty) => self.step(),
                // Work in steps is given up.
                Err(TryRecvError::Disconnected) => return None,
            }
        }
        while let Some(&Leftover { since, quiet }) = self.leftover.as_ref() {
            if since.elapsed() > LATEST {
                self.remove_leftover();
            }
            match queue.recv_timeout(quiet) {
                Ok(message) => return Some(message),
                Err(RecvTimeoutError::Timeout) => self.remove_leftover(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        queue.recv().ok()
    }

    /// Moves the write-ahead log into the database, where deleted content is overwritten, and empties it. Tried again later
    /// while somebody reads.
    fn remove_leftover(&mut self) {
        if self.leftover.is_none() || self.is_suspect {
            self.leftover = None;
            return;
        }
        match schema::empty_log(&self.connection) {
            Ok(is_done) => self.leftover = if is_done { None } else { Some(Leftover::new(LATEST)) },
            Err(error) => {
                self.leftover = None;
                self.abandon(&Failed { error, at_commit: false });
            }
        }
    }

    /// Writes a group of calls in one transaction. A call without appends asks whether anything can be written.
    fn write(&mut self, calls: &[Work]) -> Result<Vec<Result<u64, AppendError>>, AppendError> {
        if self.is_suspect {
            self.recover().map_err(AppendError::Unavailable)?;
        }
        match self.group(calls) {
            Ok(results) => {
                self.condition.is_over();
                Ok(results)
            }
            Err(failed) => Err(self.abandon(&failed)),
        }
    }

    fn group(&mut self, calls: &[Work]) -> Result<Vec<Result<u64, AppendError>>, Failed> {
        self.pending.clear();
        self.execute("BEGIN IMMEDIATE")?;
        let mut results = Vec::with_capacity(calls.len());
        for work in calls {
            self.execute("SAVEPOINT one_call")?;
            match self.call(work) {
                Ok((heads, changed)) => {
                    self.pending.extend(heads);
                    results.push(Ok(changed));
                }
                // The disk fails every call, and some failures end the transaction.
                Err(Failure::Database(error)) if is_of_disk(&error) || self.connection.is_autocommit() => {
                    return Err(error.into());
                }
                Err(failure) => {
                    self.execute("ROLLBACK TO one_call")?;
                    let error = match failure {
                        Failure::Refused(error) => error,
                        Failure::Database(error) => self.of_one_call(&error),
                    };
                    if let AppendError::Conflict { stream, .. } = &error {
                        // Somebody else may have written it.
                        self.heads.remove(&stream.to_string());
                    }
                    results.push(Err(error));
                }
            }
            self.execute("RELEASE one_call")?;
        }
        self.execute("COMMIT").map_err(|error| Failed { error, at_commit: true })?;
        self.heads.extend(self.pending.drain());
        let deletes = |rows: &Rows| {
            let is_removed = |secret: &SecretChange| secret.value.is_none();
            let has_redactions = !rows.redactions.is_empty();
            rows.closes || has_redactions || !rows.erased.is_empty() || rows.secrets.iter().any(is_removed)
        };
        let appends = calls.iter().filter_map(|work| if let Work::Append(rows) = work { Some(rows) } else { None });
        if appends.flatten().any(deletes) {
            self.leftover.get_or_insert_with(|| Leftover::new(QUIET));
        }
        Ok(results)
    }

    /// Writes something that leaves no trace.
    fn touch(&self) -> rusqlite::Result<()> {
        self.execute("INSERT INTO meta (key, value) VALUES ('touch', '') ON CONFLICT DO NOTHING")?;
        self.execute("DELETE FROM meta WHERE key = 'touch'")
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }

    /// Does the work of one call, and returns the last entries of the streams that it wrote, and the number of rows.
    fn call(&self, work: &Work) -> Result<(HashMap<String, Head>, u64), Failure> {
        match work {
            Work::Append(appends) if appends.is_empty() => {
                self.touch()?;
                Ok((HashMap::new(), 0))
            }
            Work::Append(appends) => Ok((self.appends(appends)?, appends.len() as u64)),
            Work::Cells(change) => Ok((HashMap::new(), cells::change(&self.connection, change)? as u64)),
        }
    }

    /// Writes the appends of one call, and returns the streams' last entries after them.
    fn appends(&self, appends: &[Rows]) -> Result<HashMap<String, Head>, Failure> {
        let mut heads = HashMap::with_capacity(appends.len());
        for rows in appends {
            let newest = |stream: &str| match heads
                .get(stream)
                .or_else(|| self.pending.get(stream))
                .or_else(|| self.heads.get(stream))
            {
                Some(head) => Ok(Head::clone(head)),
                None => self.head(stream),
            };
            for (id, stream, position) in &rows.guards {
                let head = newest(stream)?;
                if (head.revision, head.hash) != (position.revision, position.hash) {
                    return Err(AppendError::Conflict { stream: id.clone(), head: head.revision }.into());
                }
            }
            let head = newest(&rows.stream)?;
            heads.insert(rows.stream.clone(), self.append(rows, &head)?);
        }
        Ok(heads)
    }

    fn head(&self, stream: &str) -> rusqlite::Result<Head> {
        let mut statement =
            self.connection.prepare_cached("SELECT revision, time, hash, closed FROM stream WHERE stream = ?1")?;
        let head = statement.query_row([stream], |row| {
            Ok(Head { revision: row.get(0)?, time: Timestamp(row.get(1)?), hash: row.get(2)?, closed: row.get(3)? })
        });
        let none = Head { revision: 0, time: Timestamp(i64::MIN), hash: origin(stream), closed: false };
        Ok(head.optional()?.unwrap_or(none))
    }

    fn append(&self, rows: &Rows, head: &Head) -> Result<Head, Failure> {
        let Rows { stream, position, record, time, closes, .. } = rows;
        if rows.follows != head.hash || position.revision != head.revision + 1 {
            return Err(AppendError::Conflict { stream: rows.id.clone(), head: head.revision }.into());
        }
        if head.closed && !rows.is_erasure {
            return Err(AppendError::Refused(format!("{stream} has ended at revision {}", head.revision)).into());
        }
        if *time < head.time {
            return Err(AppendError::Refused(format!(
                "the entry's time, {}, is before that of the last entry of {stream}, {}",
                time.0, head.time.0
            ))
            .into());
        }
        let Position { revision, hash } = position;
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO log (stream, revision, time, body, hash) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?;
        if insert.execute(params![stream, revision, time.0, record, hash])? == 0 {
            return Err(AppendError::Conflict { stream: rows.id.clone(), head: self.head(stream)?.revision }.into());
        }
        let mut upsert = self.connection.prepare_cached(
            "INSERT INTO stream (stream, revision, time, hash, closed) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (stream) DO UPDATE SET revision = excluded.revision, time = excluded.time, \
             hash = excluded.hash, closed = excluded.closed",
        )?;
        upsert.execute(params![stream, revision, time.0, hash, closes])?;

        for row in &rows.resources {
            self.resource(stream, row)?;
        }
        for secret in &rows.secrets {
            self.secret(stream, secret)?;
        }
        for ended in &rows.ended_cells {
            cells::delete(&self.connection, ended)?;
        }
        for KeyRow { person, number, value } in &rows.keys {
            // Where it is there, it is the same.
            self.connection
                .prepare_cached(
                    "INSERT INTO person_key (stream, person, number, value) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )?
                .execute(params![stream, person, number, value.expose()])?;
        }
        for person in &rows.erased {
            self.connection
                .prepare_cached("DELETE FROM person_key WHERE stream = ?1 AND person = ?2")?
                .execute([stream, person])?;
        }
        for (revision, record) in &rows.redactions {
            self.connection
                .prepare_cached("UPDATE log SET body = ?3 WHERE stream = ?1 AND revision = ?2")?
                .execute(params![stream, revision, record])?;
        }
        if *closes {
            for sql in [
                "DELETE FROM resource WHERE stream = ?1",
                "DELETE FROM name WHERE stream = ?1",
                "DELETE FROM secret WHERE stream = ?1",
                "DELETE FROM person_key WHERE stream = ?1",
            ] {
                self.connection.prepare_cached(sql)?.execute([stream])?;
            }
        }
        Ok(Head { revision: *revision, time: *time, hash: *hash, closed: *closes })
    }

    fn resource(&self, stream: &str, row: &Row) -> Result<(), Failure> {
        let Row { id, revision, .. } = row;
        let kind = row.kind.name();
        let prepare = |sql| self.connection.prepare_cached(sql);
        let written = match &row.write {
            Write::Insert(body) => prepare(
                "INSERT INTO resource (stream, kind, id, revision, body) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![stream, kind, id, revision, body])?,
            Write::Update(body) => {
                prepare("UPDATE resource SET revision = ?4, body = ?5 WHERE stream = ?1 AND kind = ?2 AND id = ?3")?
                    .execute(params![stream, kind, id, revision, body])?
            }
            Write::Delete => prepare("DELETE FROM resource WHERE stream = ?1 AND kind = ?2 AND id = ?3")?
                .execute(params![stream, kind, id])?,
        };
        let mut fits = written == 1;
        if let Some(old) = &row.old_name {
            let sql = "DELETE FROM name WHERE scope = ?1 AND name = ?2 AND stream = ?3 AND kind = ?4 AND id = ?5";
            fits &= prepare(sql)?.execute(params![old.scope, old.name, stream, kind, id])? == 1;
        }
        if !fits {
            return Err(AppendError::Refused(format!(
                "{kind} `{id}` of {stream} is not stored as the change expects it"
            ))
            .into());
        }
        if let Some(new) = &row.new_name {
            let sql = "INSERT INTO name (scope, name, stream, kind, id) VALUES (?1, ?2, ?3, ?4, ?5) \
                       ON CONFLICT DO NOTHING";
            if prepare(sql)?.execute(params![new.scope, new.name, stream, kind, id])? == 0 {
                return Err(AppendError::NameTaken { scope: new.scope.clone(), name: new.name.clone() }.into());
            }
        }
        Ok(())
    }

    fn secret(&self, stream: &str, secret: &SecretChange) -> rusqlite::Result<()> {
        let SecretChange { name, value } = secret;
        match value {
            Some(value) => self
                .connection
                .prepare_cached(
                    "INSERT INTO secret (stream, name, value) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (stream, name) DO UPDATE SET value = excluded.value",
                )?
                .execute(params![stream, name, value.expose()])?,
            None => self
                .connection
                .prepare_cached("DELETE FROM secret WHERE stream = ?1 AND name = ?2")?
                .execute(params![stream, name])?,
        };
        Ok(())
    }
}

/// Seals every secret and every key of a person with the key that seals now, in one transaction.
fn reseal(connection: &Connection, master: &MasterKeys) -> crate::error::Result<u64> {
    let transaction = connection.unchecked_transaction()?;
    let mut count = 0;
    let secrets = (
        "SELECT stream, name, 0, value FROM secret",
        "UPDATE secret SET value = ?4 WHERE stream = ?1 AND name = ?2 AND 0 = ?3",
    );
    let keys = (
        "SELECT stream, person, number, value FROM person_key",
        "UPDATE person_key SET value = ?4 WHERE stream = ?1 AND person = ?2 AND number = ?3",
    );
    for ((select, update), place) in [(secrets, secret_place as Place), (keys, key_place as Place)] {
        let mut select = transaction.prepare(select)?;
        let mut update = transaction.prepare(update)?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let rows: Vec<(String, String, i64, Vec<u8>)> = rows.collect::<rusqlite::Result<_>>()?;
        for (stream, name, number, value) in rows {
            if master.is_current(&value) {
                continue;
            }
            let unreadable =
                |error| StoreError::Storage(format!("cannot open what is kept for `{name}` of {stream}: {error}"));
            let value = master.reseal(&place(&stream, &name), value).map_err(unreadable)?;
            update.execute(params![stream, name, number, value])?;
            count += 1;
        }
    }
    schema::put(&transaction, schema::SEALED_WITH, &master.sealing_number().unwrap_or_default())?;
    transaction.commit()?;
    Ok(count)
}

/// The place to which a stored value is bound.
type Place = for<'a> fn(&'a str, &'a str) -> [&'a str; 3];

pub(crate) use upkeep::{Step, Upkeep};

#[cfg(test)]
mod tests;
