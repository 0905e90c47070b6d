//! The queries, each one statement and so one snapshot.
//!
//! A few connections read, each for one query at a time; they are made when they are needed and again when they fell. A
//! query that meets a fallen connection is sent again: it changes nothing. Large answers are decoded on threads that
//! may be busy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lanyard_model::{Directory, StreamId, Timestamp};
use lanyard_store::doctor::read_resource;
use lanyard_store::{Head, Loaded, Logged, Position, Secret, StoreError};
use tokio::sync::Semaphore;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

use crate::columns::{hash, lossy, number};
use crate::connection::{Access, Failure, Value, connect, failure, query, reading};
use crate::settings::Settings;
use crate::statements;
use crate::tls::Tls;

/// The most connections that read.
const READERS: usize = 4;

/// How often a query is asked whose connection fell.
const ATTEMPTS: u32 = 3;

/// The connections that read.
pub(crate) struct Readers {
    settings: Arc<Settings>,
    tls: Tls,
    idle: Mutex<Vec<Client>>,
    permits: Semaphore,
}

impl Readers {
    pub(crate) fn new(settings: Arc<Settings>, tls: Tls) -> Self {
        Self { settings, tls, idle: Mutex::default(), permits: Semaphore::new(READERS) }
    }

    /// The rows of a statement.
    pub(crate) async fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let stopped = |_| StoreError::Storage("the store has stopped".to_owned());
        let _permit = self.permits.acquire().await.map_err(stopped)?;
        let mut attempt = 1;
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let client = match idle.filter(|client| !client.is_closed()) {
                Some(client) => client,
                None => connect(&self.settings, &self.tls, Access::Read).await.map_err(StoreError::Storage)?,
            };
            match query(&client, statement, values).await {
                Ok(rows) => {
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
                    return Ok(rows);
                }
                Err(error) if failure(&error) == Failure::Connection && attempt < ATTEMPTS => {
                    // The others that wait fell with it, most likely.
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    attempt += 1;
                }
                Err(error) => return Err(reading(&error)),
            }
        }
    }

    /// A connection for one task, which is closed after it: a connection that reads is not kept from others meanwhile.
    pub(crate) async fn connection(&self, access: Access) -> Result<Client, StoreError> {
        connect(&self.settings, &self.tls, access).await.map_err(StoreError::Storage)
    }

    pub(crate) async fn load(&self, stream: StreamId) -> Result<Option<Loaded>, StoreError> {
        let rows = self.query(statements::LOAD, &[(&stream.to_string(), Type::TEXT)]).await?;
        on_busy_thread(move || loaded(&stream, &rows)).await
    }

    pub(crate) async fn registries(&self) -> Result<Vec<StreamId>, StoreError> {
        let rows = self.query(statements::REGISTRIES, &[]).await?;
        rows.iter().map(stream).collect()
    }

    pub(crate) async fn heads(&self, streams: Vec<StreamId>) -> Result<Vec<Option<Head>>, StoreError> {
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        let rows = self.query(statements::HEADS_READ, &[(&names, Type::TEXT_ARRAY)]).await?;
        let heads = rows.iter().map(|row| Ok((stream(row)?, head(row)?)));
        let heads = heads.collect::<Result<HashMap<_, _>, StoreError>>()?;
        Ok(streams.iter().map(|stream| heads.get(stream).copied()).collect())
    }

    pub(crate) async fn streams(&self) -> Result<Vec<(StreamId, Head)>, StoreError> {
        let rows = self.query(statements::STREAMS_READ, &[]).await?;
        rows.iter().map(|row| Ok((stream(row)?, head(row)?))).collect()
    }

    pub(crate) async fn read(&self, stream: StreamId, after: u64, limit: usize) -> Result<Vec<Logged>, StoreError> {
        let name = stream.to_string();
        let (after, limit) = (number(after), i64::try_from(limit).unwrap_or(i64::MAX));
        let values: [Value<'_>; 3] = [(&name, Type::TEXT), (&after, Type::INT8), (&limit, Type::INT8)];
        let rows = self.query(statements::READ, &values).await?;
        let first = rows.first().map(|row| row.try_get::<_, i64>(0)).transpose().map_err(|error| reading(&error))?;
        if first.is_none_or(|first| first.saturating_sub(1) != after) {
            // The entry right after is not there: it was archived, or there is none yet.
            let revision = self.last_archived(&name).await?;
            if after.unsigned_abs() < revision {
                return Err(StoreError::Archived { stream, revision });
            }
        }
        on_busy_thread(move || rows.iter().map(|row| logged(&stream, row)).collect()).await
    }

    pub(crate) async fn secret(&self, stream: StreamId, name: String) -> Result<Option<Secret>, StoreError> {
        let values: [Value<'_>; 2] = [(&stream.to_string(), Type::TEXT), (&name, Type::TEXT)];
        let rows = self.query(statements::SECRET, &values).await?;
        let value = rows.first().map(|row| row.try_get::<_, Vec<u8>>(0)).transpose();
        Ok(value.map_err(|error| reading(&error))?.map(Secret::new))
    }
}

/// The stream that the first column names.
fn stream(row: &Row) -> Result<StreamId, StoreError> {
    let name: String = row.try_get(0).map_err(|error| reading(&error))?;
    StreamId::parse(&name).ok_or_else(|| StoreError::Storage(format!("there is no stream of the name `{name}`")))
}

/// The head that the columns after the first hold.
fn head(row: &Row) -> Result<Head, StoreError> {
    let failed = |error: Error| reading(&error);
    let revision: i64 = row.try_get(1).map_err(failed)?;
    // A hash of another length is no entry's, and so nothing follows it.
    let hash = hash(row, 3).map_err(failed)?.unwrap_or_default();
    let position = Position { revision: revision.unsigned_abs(), hash };
    Ok(Head { position, time: Timestamp(row.try_get(2).map_err(failed)?), closed: row.try_get(4).map_err(failed)? })
}

pub(crate) async fn on_busy_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let ended = |_| StoreError::Storage("what was read could not be put together".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(ended)?
}

fn loaded(stream: &StreamId, rows: &[Row]) -> Result<Option<Loaded>, StoreError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let failed = |error: Error| reading(&error);
    let revision: i64 = first.try_get(0).map_err(failed)?;
    let time = Timestamp(first.try_get(1).map_err(failed)?);
    let hash = hash(first, 2).map_err(failed)?;
    let hash = hash.ok_or_else(|| StoreError::Storage(format!("the hash of {stream} is none")))?;
    let mut resources = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(kind) = row.try_get::<_, Option<&str>>(3).map_err(failed)? else { continue };
        let body: &[u8] = row.try_get(5).map_err(failed)?;
        let resource = std::str::from_utf8(body).map_err(|error| error.to_string());
        let resource = resource.and_then(|body| read_resource(kind, body));
        resources.push(resource.map_err(|error| {
            let id = lossy(row, 4).unwrap_or_default();
            StoreError::Storage(format!("cannot read {kind} `{id}` of {stream}: {error}"))
        })?);
    }
    let directory = Directory::load(stream.clone(), revision.unsigned_abs(), time, resources);
    Ok(Some(Loaded { directory, hash }))
}

fn logged(stream: &StreamId, row: &Row) -> Result<Logged, StoreError> {
    let failed = |error: Error| reading(&error);
    let revision: i64 = row.try_get(0).map_err(failed)?;
    let wrong = |error: String| StoreError::Storage(format!("cannot read revision {revision} of {stream}: {error}"));
    let hash = hash(row, 1).map_err(failed)?.ok_or_else(|| wrong("its hash is none".to_owned()))?;
    let body = std::str::from_utf8(row.try_get(2).map_err(failed)?).map_err(|error| wrong(error.to_string()))?;
    let logged = Logged::read(body, hash).map_err(wrong)?;
    Ok(Logged { revision: revision.unsigned_abs(), ..logged })
}
