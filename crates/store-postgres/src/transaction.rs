//! One transaction: a group of calls, or one large call, from the locks to the commit.
//!
//! Two round trips: the first locks the heads in the order of their names and reads what the group touches; the second
//! writes, a statement a table, and commits. The rows of a stream are changed only under the lock of its head, so that
//! what was read cannot change in between; only a name that is unique over all streams can be taken meanwhile, and a
//! stream begun, and then the server refuses the transaction and it is tried again.
//!
//! A large call locks late: it reads without locks, copies the rows of the streams that it begins, and only then locks
//! the other heads and compares them with what was read, so that others wait for the end of the load and not for all of it.

use lanyard_model::Timestamp;
use lanyard_store::rows::Rows;
use lanyard_store::{AppendError, Outage, UniqueName};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

use crate::columns::{hash, lossy, number};
use crate::connection::{Failure, Link, Request, Value, failure, pipeline, query, text};
use crate::plan::{Head, Holder, Plan, Stored, Wanted};
use crate::prepared::Prepared;
use crate::statements;
use crate::write::{self, Part};

/// How a transaction is run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mode {
    /// An earlier attempt may have taken effect, or may yet: its entries are looked for.
    pub(crate) in_doubt: bool,
    /// The one call is large.
    pub(crate) bulk: bool,
}

/// Why a transaction did not end with the answers of its calls.
#[derive(Debug)]
pub(crate) enum Broken {
    /// Nothing took effect; the same may succeed when it is tried again.
    Retry(String),
    /// Nothing took effect; another connection is needed.
    Connection(String),
    /// Nothing took effect; the database refuses what it was given.
    Refused(String),
    /// Nothing took effect; the server's disk is full or fails.
    Outage(Outage),
    /// Nothing took effect; a resource that is to be created is there.
    Misfit,
    /// It may have taken effect.
    Unknown(String),
}

impl Broken {
    /// An error before anything could be committed.
    fn early(error: &Error) -> Self {
        let text = text(error);
        match failure(error) {
            Failure::Retry => Self::Retry(text),
            Failure::Connection => Self::Connection(text),
            Failure::Disk(cause) => Self::Outage(Outage { cause, detail: format!("the database failed: {text}") }),
            Failure::Refused => Self::Refused(text),
            Failure::Misfit => Self::Misfit,
        }
    }

    /// An error of what was sent with the commit. Only a server that answers and goes on says for certain that the
    /// transaction is not there.
    fn late(error: &Error) -> Self {
        match Self::early(error) {
            Self::Connection(text) => Self::Unknown(text),
            // A wait that was cancelled may be the one for a standby, which is after the commit.
            Self::Retry(text) if error.code().is_some_and(|code| code.code() == "57014") => Self::Unknown(text),
            other => other,
        }
    }
}

/// Runs the calls in one transaction, and says what became of each.
///
/// # Errors
/// See [`Broken`]; where nothing took effect, the connection has no transaction open.
pub(crate) async fn run(
    client: &Prepared,
    calls: &[&[Rows]],
    mode: Mode,
) -> Result<Vec<Result<(), AppendError>>, Broken> {
    let result = if mode.bulk { bulk(client, calls, mode).await } else { group(client, calls, mode).await };
    if let Err(Broken::Retry(_) | Broken::Refused(_) | Broken::Outage(_) | Broken::Misfit) = &result {
        rollback(client).await?;
    }
    result
}

async fn rollback(client: &Client) -> Result<(), Broken> {
    client.batch_execute(statements::ROLLBACK).await.map_err(|error| Broken::Connection(text(&error)))
}

async fn group(client: &Prepared, calls: &[&[Rows]], mode: Mode) -> Result<Vec<Result<(), AppendError>>, Broken> {
    let wanted = Wanted::of(calls);
    let stored =
        read(client, &wanted, calls, statements::HEADS_LOCK, mode).await.map_err(|error| Broken::early(&error))?;
    let (plan, results) = Plan::new(calls, &stored);
    if plan.is_empty() {
        end(client, &wanted, mode).await?;
        return Ok(results);
    }
    let mut values = write::Values::of(&plan, Part::All);
    values.heads(&plan);
    commit(client, values.requests(client)).await?;
    Ok(results)
}

/// Ends a transaction that writes nothing. Entries that were in doubt and are in the log may not have reached a standby that
/// commits wait for, as their own wait may have been cut off: the commit of a lock, which comes after them, waits for them
/// too.
async fn end(client: &Prepared, wanted: &Wanted<'_>, mode: Mode) -> Result<(), Broken> {
    if !mode.in_doubt {
        return rollback(client).await;
    }
    let streams: Vec<&str> = wanted.streams.iter().copied().collect();
    query(client, statements::HEADS_LOCK, &[(&streams, Type::TEXT_ARRAY)]).await.map_err(|it| Broken::early(&it))?;
    commit(client, Vec::new()).await
}

/// Sends requests and the commit behind them, and waits for all. A server that warns has committed and has not waited as
/// a commit waits: somebody has cancelled the wait for a standby.
async fn commit<'a>(client: &'a Link, mut requests: Vec<Request<'a>>) -> Result<(), Broken> {
    requests.push(Box::pin(async { client.batch_execute(statements::COMMIT).await.map(|()| 0) }));
    let _ = client.take_warning();
    pipeline(requests).await.map_err(|error| Broken::late(&error))?;
    client.take_warning().map_or(Ok(()), |warning| Err(Broken::Unknown(warning)))
}

/// Waits until all entries of a stream that can be read have reached what commits wait for.
///
/// # Errors
/// See [`Broken`].
pub(crate) async fn confirm(client: &Link, stream: &str) -> Result<(), Broken> {
    let streams = vec![stream];
    client.batch_execute(statements::BEGIN).await.map_err(|error| Broken::early(&error))?;
    query(client, statements::HEADS_LOCK, &[(&streams, Type::TEXT_ARRAY)]).await.map_err(|it| Broken::early(&it))?;
    commit(client, Vec::new()).await
}

async fn bulk(client: &Prepared, calls: &[&[Rows]], mode: Mode) -> Result<Vec<Result<(), AppendError>>, Broken> {
    let early = |error: Error| Broken::early(&error);
    let wanted = Wanted::of(calls);
    // Where an earlier attempt may be under way still, the locks are what waits for it.
    let heads = if mode.in_doubt { statements::HEADS_LOCK } else { statements::HEADS_READ };
    let stored = read(client, &wanted, calls, heads, mode).await.map_err(early)?;
    let (plan, results) = Plan::new(calls, &stored);
    if plan.is_empty() {
        end(client, &wanted, mode).await?;
        return Ok(results);
    }
    let begun = |stream: &str| !stored.heads.contains_key(stream);
    write::Values::of(&plan, Part::Begun(&begun)).copy(client).await.map_err(early)?;
    let streams: Vec<&str> = wanted.streams.iter().copied().collect();
    let rows = query(client, statements::HEADS_LOCK, &[(&streams, Type::TEXT_ARRAY)]).await.map_err(early)?;
    let locked = rows.iter().map(head).collect::<Result<Vec<_>, _>>().map_err(early)?;
    if locked.len() != stored.heads.len() || locked.iter().any(|(name, head)| stored.heads.get(name) != Some(head)) {
        return Err(Broken::Retry("others wrote to the same streams while much was loaded".to_owned()));
    }
    let mut values = write::Values::of(&plan, Part::Continued(&begun));
    values.heads(&plan);
    commit(client, values.requests(client)).await?;
    Ok(results)
}

/// Begins the transaction and reads what the database holds of `wanted`, in one round trip.
async fn read(
    client: &Client,
    wanted: &Wanted<'_>,
    calls: &[&[Rows]],
    heads: &str,
    mode: Mode,
) -> Result<Stored, Error> {
    let streams: Vec<&str> = wanted.streams.iter().copied().collect();
    let (scopes, names): (Vec<&str>, Vec<&[u8]>) =
        wanted.names.iter().map(|it| (it.scope.as_str(), it.name.as_bytes())).unzip();
    let mut resources = (Vec::new(), Vec::new(), Vec::new());
    for (stream, kind, id) in &wanted.resources {
        resources.0.push(*stream);
        resources.1.push(*kind);
        resources.2.push(id.as_bytes());
    }
    let doubted = calls.iter().copied().flatten().filter(|_| mode.in_doubt);
    let (of, revisions): (Vec<&str>, Vec<i64>) =
        doubted.map(|rows| (rows.stream.as_str(), number(rows.position.revision))).unzip();

    let stream_values: [Value<'_>; 1] = [(&streams, Type::TEXT_ARRAY)];
    let name_values: [Value<'_>; 2] = [(&scopes, Type::TEXT_ARRAY), (&names, Type::BYTEA_ARRAY)];
    let resource_values: [Value<'_>; 3] =
        [(&resources.0, Type::TEXT_ARRAY), (&resources.1, Type::TEXT_ARRAY), (&resources.2, Type::BYTEA_ARRAY)];
    let hash_values: [Value<'_>; 2] = [(&of, Type::TEXT_ARRAY), (&revisions, Type::INT8_ARRAY)];
    let when = async |is_wanted: bool, statement: &str, values: &[Value<'_>]| match is_wanted {
        true => query(client, statement, values).await,
        false => Ok(Vec::new()),
    };
    // Each is sent when it is polled first, in this order.
    let (begun, heads, names, resources, hashes) = tokio::join!(
        biased;
        client.batch_execute(statements::BEGIN),
        query(client, heads, &stream_values),
        when(!names.is_empty(), statements::NAMES_READ, &name_values),
        when(!resources.0.is_empty(), statements::RESOURCES_PRESENT, &resource_values),
        when(!of.is_empty(), statements::HASHES_READ, &hash_values),
    );
    begun?;
    let mut stored = Stored::default();
    for row in heads? {
        let (stream, head) = head(&row)?;
        stored.heads.insert(stream, head);
    }
    for row in names? {
        let name = UniqueName { scope: row.try_get(0)?, name: lossy(&row, 1)? };
        stored.names.insert(name, Holder { stream: row.try_get(2)?, kind: row.try_get(3)?, id: lossy(&row, 4)? });
    }
    for row in resources? {
        stored.resources.insert((row.try_get(0)?, row.try_get(1)?, lossy(&row, 2)?));
    }
    for row in hashes? {
        stored.logged.extend(hash(&row, 0)?);
    }
    Ok(stored)
}

fn head(row: &Row) -> Result<(String, Head), Error> {
    let revision: i64 = row.try_get(1)?;
    // A hash of another length is no entry's, and so nothing follows it.
    let hash = hash(row, 3)?.unwrap_or_default();
    let (time, closed) = (Timestamp(row.try_get(2)?), row.try_get(4)?);
    Ok((row.try_get(0)?, Head { revision: revision.unsigned_abs(), time, hash, closed }))
}
