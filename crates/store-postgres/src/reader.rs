//! The queries, each one statement and so one snapshot.
//!
//! A query that meets a fallen connection is sent again: it changes nothing. Large answers are decoded on threads that may
//! be busy.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use lanyard_model::{Directory, Id, Key, Kind, Resource, StreamId, Timestamp};
use lanyard_store::rows::read_resource;
use lanyard_store::rows::{open_secret, read_key};
use lanyard_store::{
    Checkpoint, CopyPoint, Hash, Head, Loaded, Logged, MasterKeys, PersonKeys, Position, Secret, StoreError, Stored,
    StreamCopy, UniqueName, parallel,
};
use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use crate::cells::Cells;
use crate::columns::{hash, lossy, number};
use crate::connection::{Access, Link, Value, connect, reading};
use crate::pool::Pool;
use crate::settings::Settings;
use crate::tls::Tls;
use crate::{nodes, statements, transaction};

/// How long the wait for a standby may take that is outside a commit of an append.
const CONFIRM: Duration = Duration::from_secs(15);

/// The connections that read.
pub(crate) struct Readers {
    settings: Arc<Settings>,
    tls: Tls,
    pool: Pool,
    /// The connections for cells, which also write.
    pub(crate) cells: Cells,
}

impl Readers {
    /// Connections that are made when they are needed. `access` is that of the connections for cells.
    pub(crate) fn new(settings: Arc<Settings>, tls: Tls, access: Access) -> Self {
        let cells = Cells::new(Arc::clone(&settings), tls.clone(), access);
        let pool = Pool::new(Arc::clone(&settings), tls.clone(), Access::Read);
        Self { settings, tls, pool, cells }
    }

    /// The rows of a statement.
    pub(crate) async fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        Ok(self.pool.query(statement, values).await?)
    }

    pub(crate) fn master(&self) -> &MasterKeys {
        &self.settings.master
    }

    /// A connection for one task, which is closed after it: a connection that reads is not kept from others meanwhile.
    pub(crate) async fn connection(&self, access: Access) -> Result<Link, StoreError> {
        let connected = match access {
            Access::Write => connect(&self.settings.to_write(), &self.tls, access).await,
            Access::Read => connect(&self.settings, &self.tls, access).await,
        };
        connected.map_err(StoreError::Storage)
    }

    pub(crate) async fn load(&self, stream: StreamId) -> Result<Option<Loaded>, StoreError> {
        let rows = self.query(statements::LOAD, &[(&stream.to_string(), Type::TEXT)]).await?;
        on_busy_thread(move || loaded(&stream, rows)).await
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

    pub(crate) async fn copy_point(&self) -> Result<CopyPoint, StoreError> {
        let rows = self.query(statements::COPY_POINT, &[]).await?;
        let settings = Arc::clone(&self.settings);
        on_busy_thread(move || copy_point(&rows, &settings.master)).await
    }

    pub(crate) async fn read(&self, stream: StreamId, after: u64, limit: usize) -> Result<Vec<Logged>, StoreError> {
        let name = stream.to_string();
        let rows = self.entry_rows(&stream, after, limit).await?;
        let of = stream.clone();
        let entries: Vec<Unopened> =
            on_busy_thread(move || rows.iter().map(|row| unopened(&of, row)).collect()).await?;
        let wanted: BTreeSet<(String, i64)> = entries
            .iter()
            .flat_map(|it| it.stored.wanted())
            .map(|(person, number)| (person.to_string(), number))
            .collect();
        let keys = match wanted.is_empty() {
            true => PersonKeys::default(),
            false => {
                let (people, numbers): (Vec<String>, Vec<i64>) = wanted.into_iter().unzip();
                let values: [Value<'_>; 3] =
                    [(&name, Type::TEXT), (&people, Type::TEXT_ARRAY), (&numbers, Type::INT8_ARRAY)];
                self.keys(statements::KEYS_READ, &values, &name).await?
            }
        };
        on_busy_thread(move || entries.into_iter().map(|it| it.open(&stream, &keys)).collect()).await
    }

    pub(crate) async fn records(
        &self,
        stream: StreamId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        let rows = self.entry_rows(&stream, after, limit).await?;
        let record = |row: &Row| {
            let revision = row.try_get::<_, i64>(0).map_err(|error| reading(&error))?.unsigned_abs();
            Ok((revision, lossy(row, 2).map_err(|error| reading(&error))?))
        };
        rows.iter().map(record).collect()
    }

    /// The rows of entries, the first of them right after a revision.
    async fn entry_rows(&self, stream: &StreamId, after: u64, limit: usize) -> Result<Vec<Row>, StoreError> {
        let name = stream.to_string();
        let (after, limit) = (number(after), i64::try_from(limit).unwrap_or(i64::MAX));
        let values: [Value<'_>; 3] = [(&name, Type::TEXT), (&after, Type::INT8), (&limit, Type::INT8)];
        let rows = self.query(statements::READ, &values).await?;
        let first = rows.first().map(|row| row.try_get::<_, i64>(0)).transpose().map_err(|error| reading(&error))?;
        if first.is_none_or(|first| first.saturating_sub(1) != after) {
            // The entry right after is not there: it was archived, or there is none yet.
            let revision = self.last_archived(&name).await?;
            if after.unsigned_abs() < revision {
                return Err(StoreError::Archived { stream: stream.clone(), revision });
            }
        }
        Ok(rows)
    }

    async fn keys(&self, statement: &str, values: &[Value<'_>], stream: &str) -> Result<PersonKeys, StoreError> {
        let rows = self.query(statement, values).await?;
        let key = |row: &Row| {
            let (person, value) = (row.try_get::<_, &str>(0), row.try_get(1));
            let (person, value) = (person.map_err(|error| reading(&error))?, value.map_err(|error| reading(&error))?);
            read_key(&self.settings.master, stream, Id::new(person), value).map_err(StoreError::Storage)
        };
        rows.iter().map(key).collect()
    }

    pub(crate) async fn person_keys(&self, stream: String) -> Result<PersonKeys, StoreError> {
        self.keys(statements::EXAMINE_KEYS, &[(&stream, Type::TEXT)], &stream).await
    }

    pub(crate) async fn reseal(&self) -> Result<u64, StoreError> {
        let client = self.connection(Access::Write).await?;
        nodes::reseal(&client, &self.settings.master).await
    }

    pub(crate) async fn confirm(&self, stream: &StreamId) -> Result<(), StoreError> {
        let confirm = async {
            let client = connect(&self.settings.to_write(), &self.tls, Access::Write).await?;
            transaction::confirm(&client, &stream.to_string()).await.map_err(|broken| format!("{broken:?}"))
        };
        let in_time = tokio::time::timeout(CONFIRM, confirm).await;
        in_time.unwrap_or_else(|_| Err(format!("no answer for {} seconds", CONFIRM.as_secs()))).map_err(|error| {
            StoreError::Storage(format!("it is not known whether {stream} has reached the database's standby: {error}"))
        })
    }

    pub(crate) async fn secret(&self, stream: StreamId, name: String) -> Result<Option<Secret>, StoreError> {
        let of = stream.to_string();
        let values: [Value<'_>; 2] = [(&of, Type::TEXT), (&name, Type::TEXT)];
        let rows = self.query(statements::SECRET, &values).await?;
        let value = rows.first().map(|row| row.try_get::<_, Vec<u8>>(0)).transpose();
        let value = value.map_err(|error| reading(&error))?;
        let unreadable = |error| StoreError::Storage(format!("cannot read the secret `{name}` of {of}: {error}"));
        let secret = value.map(|value| open_secret(&self.settings.master, &of, &name, value));
        secret.transpose().map_err(unreadable)
    }

    pub(crate) async fn instances(&self, limit: usize) -> Result<Vec<Id>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.query(statements::INSTANCES, &[(&limit, Type::INT8)]).await?;
        let instance = |row| match stream(row) {
            Ok(StreamId::Instance(id)) => Some(Ok(id)),
            Ok(StreamId::Registry { .. }) => None,
            Err(error) => Some(Err(error)),
        };
        rows.iter().filter_map(instance).collect()
    }

    pub(crate) async fn holder(&self, name: UniqueName) -> Result<Option<(StreamId, Key)>, StoreError> {
        let folded = name.name.as_bytes();
        let values: [Value<'_>; 2] = [(&name.scope, Type::TEXT), (&folded, Type::BYTEA)];
        let rows = self.query(statements::HOLDER, &values).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let kind: String = row.try_get(1).map_err(|error| reading(&error))?;
        let unknown = || StoreError::Storage(format!("there is no kind `{kind}`"));
        let kind = Kind::from_name(&kind).ok_or_else(unknown)?;
        let id = lossy(row, 2).map_err(|error| reading(&error))?;
        Ok(Some((stream(row)?, Key { kind, id: Id::new(&id) })))
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

fn copy_point(rows: &[Row], master: &MasterKeys) -> Result<CopyPoint, StoreError> {
    let failed = |error: Error| reading(&error);
    let mut heads = Vec::new();
    let (mut secrets, mut keys) = (HashMap::<StreamId, Vec<_>>::new(), HashMap::<StreamId, PersonKeys>::new());
    let mut cuts = HashMap::new();
    for row in rows {
        let id = stream(row)?;
        let (name, person): (Option<String>, Option<String>) =
            (row.try_get(5).map_err(failed)?, row.try_get(7).map_err(failed)?);
        if let Some(size) = row.try_get::<_, Option<i64>>(8).map_err(failed)? {
            cuts.insert(id, cut(row, size)?);
            continue;
        }
        match (name, person) {
            (Some(name), _) => {
                let value = open_secret(master, &id.to_string(), &name, row.try_get(6).map_err(failed)?);
                secrets.entry(id).or_default().push((name, value.map_err(StoreError::Storage)?));
            }
            (None, Some(person)) => {
                let key = read_key(master, &id.to_string(), Id::new(&person), row.try_get(6).map_err(failed)?);
                keys.entry(id).or_default().insert(key.map_err(StoreError::Storage)?);
            }
            (None, None) => heads.push((id, head(row)?)),
        }
    }
    let copy = |(stream, head)| {
        let (secrets, keys) = (secrets.remove(&stream).unwrap_or_default(), keys.remove(&stream).unwrap_or_default());
        let cut = cuts.remove(&stream);
        StreamCopy { stream, head, secrets, keys, cut }
    };
    Ok(CopyPoint::new(heads.into_iter().map(copy).collect()))
}

/// The cut of a row of [`statements::COPY_POINT`].
fn cut(row: &Row, size: i64) -> Result<Checkpoint, StoreError> {
    let failed = |error: Error| reading(&error);
    let revision = row.try_get::<_, i64>(1).map_err(failed)?.unsigned_abs();
    let hash = hash(row, 3).map_err(failed)?.ok_or_else(|| StoreError::Storage("a hash is none".to_owned()))?;
    let parts = row.try_get::<_, i64>(9).map_err(failed)?;
    let parts = u32::try_from(parts).map_err(|_| StoreError::Storage("a number of parts is none".to_owned()))?;
    let time = Timestamp(row.try_get(2).map_err(failed)?);
    let position = Position { revision, hash };
    Ok(Checkpoint { position, time, size: size.unsigned_abs(), parts, is_cut: true })
}

pub(crate) async fn on_busy_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let ended = |_| StoreError::Storage("what was read could not be put together".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(ended)?
}

fn loaded(stream: &StreamId, rows: Vec<Row>) -> Result<Option<Loaded>, StoreError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let failed = |error: Error| reading(&error);
    let revision: i64 = first.try_get(0).map_err(failed)?;
    let time = Timestamp(first.try_get(1).map_err(failed)?);
    let hash = hash(first, 2).map_err(failed)?;
    let hash = hash.ok_or_else(|| StoreError::Storage(format!("the hash of {stream} is none")))?;
    let resources = parallel::map(rows.into_iter().map(Ok), |row| resource(stream, &row))?;
    let directory = Directory::load(stream.clone(), revision.unsigned_abs(), time, resources.into_iter().flatten());
    Ok(Some(Loaded { directory, hash }))
}

/// The resource in a row; `None` in the row of a stream without resources.
fn resource(stream: &StreamId, row: &Row) -> Result<Option<Resource>, StoreError> {
    let failed = |error: Error| reading(&error);
    let Some(kind) = row.try_get::<_, Option<&str>>(3).map_err(failed)? else { return Ok(None) };
    let body: &[u8] = row.try_get(5).map_err(failed)?;
    let resource = std::str::from_utf8(body).map_err(|error| error.to_string());
    let resource = resource.and_then(|body| read_resource(kind, body));
    resource.map(Some).map_err(|error| {
        let id = lossy(row, 4).unwrap_or_default();
        StoreError::Storage(format!("cannot read {kind} `{id}` of {stream}: {error}"))
    })
}

/// An entry, in which people are sealed yet.
struct Unopened {
    revision: u64,
    hash: Hash,
    record: String,
    stored: Stored,
}

impl Unopened {
    fn open(self, stream: &StreamId, keys: &PersonKeys) -> Result<Logged, StoreError> {
        let Self { revision, hash, record, stored } = self;
        let logged = Logged::open(stored, &record, hash, keys).map_err(|error| unreadable(stream, revision, &error))?;
        Ok(Logged { revision, ..logged })
    }
}

fn unreadable(stream: &StreamId, revision: u64, error: &str) -> StoreError {
    StoreError::Storage(format!("cannot read revision {revision} of {stream}: {error}"))
}

fn unopened(stream: &StreamId, row: &Row) -> Result<Unopened, StoreError> {
    let failed = |error: Error| reading(&error);
    let revision = row.try_get::<_, i64>(0).map_err(failed)?.unsigned_abs();
    let wrong = |error: String| unreadable(stream, revision, &error);
    let hash = hash(row, 1).map_err(failed)?.ok_or_else(|| wrong("its hash is none".to_owned()))?;
    let record = String::from_utf8(row.try_get(2).map_err(failed)?).map_err(|error| wrong(error.to_string()))?;
    let stored = Stored::read(&record).map_err(wrong)?;
    Ok(Unopened { revision, hash, record, stored })
}
