//! The one thread that writes.
//!
//! It takes all calls that wait, writes them in one transaction, each in a savepoint so that a failing call does not
//! affect the others, commits once, and then answers all: the disk is waited for once a group, not once a call.
//! Invariants: a call is answered with `Ok` after the commit that holds it, `heads` equals the database, and a call is
//! answered with an error other than [`AppendError::Unknown`] only when the disk cannot hold it, now or after a crash.

mod recovery;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use lanyard_model::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::oneshot;

use lanyard_store::chain::origin;
use lanyard_store::rows::{Row, Rows, Write};
use lanyard_store::{AppendError, Hash, Position, SecretChange};

use crate::condition::Condition;
use crate::error::is_of_disk;

/// The most calls in one transaction, so that the first is not kept waiting by many that came later.
const GROUP: usize = 512;

/// One call of `append` and where its answer goes.
pub(crate) struct Call {
    pub(crate) appends: Vec<Rows>,
    pub(crate) reply: oneshot::Sender<Result<(), AppendError>>,
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
}

impl Writer {
    pub(crate) fn new(directory: &Path, connection: Connection, condition: Arc<Condition>) -> Self {
        let (heads, pending) = (HashMap::new(), HashMap::new());
        Self { directory: directory.to_owned(), connection, heads, pending, is_suspect: false, condition }
    }

    /// Writes what comes until the queue is closed and empty.
    pub(crate) fn run(mut self, queue: &Receiver<Call>) {
        while let Ok(first) = queue.recv() {
            let (appends, replies): (Vec<_>, Vec<_>) = std::iter::once(first)
                .chain(queue.try_iter().take(GROUP - 1))
                .map(|call| (call.appends, call.reply))
                .unzip();
            let results = self.write(&appends).unwrap_or_else(|error| vec![Err(error); replies.len()]);
            for (reply, result) in replies.into_iter().zip(results) {
                // The caller may have gone; the write stays.
                let _ = reply.send(result);
            }
        }
    }

    /// Writes a group of calls in one transaction. A call without appends asks whether anything can be written.
    fn write(&mut self, calls: &[Vec<Rows>]) -> Result<Vec<Result<(), AppendError>>, AppendError> {
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

    fn group(&mut self, calls: &[Vec<Rows>]) -> Result<Vec<Result<(), AppendError>>, Failed> {
        self.pending.clear();
        self.execute("BEGIN IMMEDIATE")?;
        let mut results = Vec::with_capacity(calls.len());
        for appends in calls {
            self.execute("SAVEPOINT one_call")?;
            let done = match appends.is_empty() {
                true => self.touch().map(|()| HashMap::new()).map_err(Failure::from),
                false => self.call(appends),
            };
            match done {
                Ok(heads) => {
                    self.pending.extend(heads);
                    results.push(Ok(()));
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

    /// Writes the appends of one call, and returns the streams' last entries after them.
    fn call(&self, appends: &[Rows]) -> Result<HashMap<String, Head>, Failure> {
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
        if head.closed {
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
            self.resource(stream, *revision, row)?;
        }
        for secret in &rows.secrets {
            self.secret(stream, secret)?;
        }
        if *closes {
            for sql in [
                "DELETE FROM resource WHERE stream = ?1",
                "DELETE FROM name WHERE stream = ?1",
                "DELETE FROM secret WHERE stream = ?1",
            ] {
                self.connection.prepare_cached(sql)?.execute([stream])?;
            }
        }
        Ok(Head { revision: *revision, time: *time, hash: *hash, closed: *closes })
    }

    fn resource(&self, stream: &str, revision: u64, row: &Row) -> Result<(), Failure> {
        let Row { id, .. } = row;
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

#[cfg(test)]
mod tests;
