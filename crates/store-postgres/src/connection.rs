//! Connections, and errors of the database as a store says them.

use std::future::{Future, poll_fn};
use std::ops::Deref;
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use lanyard_store::{Cause, StoreError};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::error::{DbError, Severity, SqlState};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Config, Error, Row, RowStream, SimpleQueryMessage};

use crate::settings::Settings;
use crate::statements;
use crate::timeline::{Timeline, Timelines};
use crate::tls::Tls;

/// The purpose of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    Read,
}

/// A connection.
pub(crate) struct Link {
    client: Client,
    /// The last warning of the server.
    warning: Arc<Mutex<Option<String>>>,
    timeline: Option<Timeline>,
    timelines: Timelines,
}

impl Link {
    /// The last warning since this was called before.
    pub(crate) fn take_warning(&self) -> Option<String> {
        self.warning.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether it can be used: the connection stands, and its server was not replaced.
    pub(crate) fn is_usable(&self) -> bool {
        !self.client.is_closed() && !self.is_replaced()
    }

    /// Whether its server was replaced as the primary, by one that this process has seen since.
    pub(crate) fn is_replaced(&self) -> bool {
        self.timeline.as_ref().is_some_and(|it| self.timelines.has_newer(it))
    }
}

impl Deref for Link {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// Makes a connection, whose traffic a task of this runtime carries, to the first host that will do. The host of the last
/// connection is tried first: one that is away, or stands still, is not waited for each time. To write, a server that was
/// replaced is not taken.
///
/// # Errors
/// The reason why it was not made, without a password: that of the first host.
pub(crate) async fn connect(settings: &Settings, tls: &Tls, access: Access) -> Result<Link, String> {
    let hosts = settings.each_host();
    let first = settings.last_host.load(Ordering::Relaxed);
    let mut failed = None;
    for at in (0..hosts.len()).map(|it| (first + it) % hosts.len()) {
        let Some(host) = hosts.get(at) else { continue };
        // The setting is about one address of the host. A server that stands still accepts a connection and says nothing.
        let within = host.get_connect_timeout().copied().unwrap_or_default() * 2;
        let late = || format!("{} did not answer for {} seconds", settings.place(), within.as_secs());
        let connected = tokio::time::timeout(within, connect_to(host, settings, tls, access)).await;
        match connected.unwrap_or_else(|_| Err(late())) {
            Ok(link) => {
                settings.last_host.store(at, Ordering::Relaxed);
                return Ok(link);
            }
            Err(error) => drop(failed.get_or_insert(error)),
        }
    }
    Err(failed.unwrap_or_else(|| format!("{} has no host", settings.place())))
}

async fn connect_to(config: &Config, settings: &Settings, tls: &Tls, access: Access) -> Result<Link, String> {
    let connected = config.connect(tls.clone()).await.map_err(|error| {
        let hint = match needs_hint(&error) {
            true => "; a server without TLS is reached with sslmode=disable",
            false => "",
        };
        format!("cannot connect to {}: {}{hint}", settings.place(), text(&error))
    });
    let (client, mut connection) = connected?;
    let warning = Arc::<Mutex<Option<String>>>::default();
    let warned = Arc::clone(&warning);
    tokio::spawn(async move {
        // How the connection ends shows in what was under way on it. A warning is here before the end of its statement.
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notice(notice) = message
                && matches!(notice.parsed_severity(), Some(Severity::Warning))
            {
                *warned.lock().unwrap_or_else(PoisonError::into_inner) = Some(notice.message().to_owned());
            }
        }
    });
    let failed = |error: Error| format!("cannot use {}: {}", settings.place(), text(&error));
    // An engine without timelines does not replace a server so, and a standby answers with an error.
    let timeline = client.simple_query(statements::TIMELINE);
    let (timeline, setting) = match access {
        Access::Read => {
            let (timeline, is_set) = tokio::join!(timeline, client.batch_execute(statements::READ_ONLY));
            is_set.map_err(failed)?;
            (timeline, Vec::new())
        }
        Access::Write => {
            // An engine that does not know the setting has no such choice. Without the end of idle transactions, a node that
            // stops keeps its locks until the server notices.
            let setting = client.simple_query(statements::SYNCHRONOUS_COMMIT);
            let (timeline, setting, _) =
                tokio::join!(timeline, setting, client.batch_execute(statements::GIVE_UP_IDLE));
            (timeline, setting.unwrap_or_default())
        }
    };
    let timeline = timeline.ok().and_then(|answer| Timeline::read(&answer));
    if let Some(timeline) = &timeline {
        settings.timelines.see(timeline).map_err(|newest| replaced(settings, timeline, newest))?;
    }
    let is_off =
        |message: &SimpleQueryMessage| matches!(message, SimpleQueryMessage::Row(row) if row.get(0) == Some("off"));
    if setting.iter().any(is_off) {
        client.batch_execute(statements::WAIT_FOR_DISK).await.map_err(failed)?;
    }
    Ok(Link { client, warning, timeline, timelines: settings.timelines.clone() })
}

fn replaced(settings: &Settings, timeline: &Timeline, newest: u32) -> String {
    let error = format!(
        "a server of {} is not used: its timeline is {timeline}, and there was a primary of timeline {newest} since; \
         restart where it was put back on purpose",
        settings.place()
    );
    tracing::warn!("{error}");
    error
}

fn needs_hint(error: &Error) -> bool {
    error.as_db_error().is_none() && error.to_string().contains("TLS")
}

/// The text of an error. The detail that a server adds is left out, since it shows stored values.
pub(crate) fn text(error: &Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} ({})", error.message(), error.code().code());
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// An error of the database while it was opened or read.
pub(crate) fn reading(error: &Error) -> StoreError {
    StoreError::Storage(format!("the database failed: {}", text(error)))
}

/// The kind of an error, by the way to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The same again may succeed: somebody else was in the way.
    Retry,
    /// The server is not, or no longer, the one to ask; another connection may be.
    Connection,
    /// The server's disk is full or fails.
    Disk(Cause),
    /// The database refuses what it was given.
    Refused,
    /// There is a resource of this key already.
    Misfit,
}

/// The kind of an error. A server says class 57 when an operator or a crash ends the connection, and 25006 where it is
/// not, or no longer, the one that is written to.
pub(crate) fn failure(error: &Error) -> Failure {
    let Some(code) = error.code() else { return Failure::Connection };
    match code.code() {
        code if code.starts_with("40") && code != "40003" => Failure::Retry,
        code if code == SqlState::UNIQUE_VIOLATION.code() => match error.as_db_error().and_then(DbError::table) {
            // Under the lock of its stream nobody else makes it; the others are races for a name or a new stream.
            Some("lanyard_resource") => Failure::Misfit,
            _ => Failure::Retry,
        },
        code if code == SqlState::LOCK_NOT_AVAILABLE.code() => Failure::Retry,
        // An operator's or a timeout's cancellation of one statement leaves the connection as it is.
        code if code == SqlState::QUERY_CANCELED.code() => Failure::Retry,
        "25006" | "25P03" | "40003" => Failure::Connection,
        code if code.starts_with("57") || code.starts_with("08") => Failure::Connection,
        code if code == SqlState::TOO_MANY_CONNECTIONS.code() => Failure::Connection,
        code if code == SqlState::DISK_FULL.code() => Failure::Disk(Cause::DiskFull),
        code if code == SqlState::IO_ERROR.code() => Failure::Disk(Cause::DiskFailed),
        _ => Failure::Refused,
    }
}

/// A value of a statement and its type.
pub(crate) type Value<'a> = (&'a (dyn ToSql + Sync), Type);

/// A request that is under way.
pub(crate) type Request<'a> = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send + 'a>>;

/// The rows of one statement.
pub(crate) async fn query(client: &Client, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
    client.query_typed(statement, values).await
}

/// The rows of one statement, as they come.
pub(crate) async fn stream(client: &Client, statement: &str, values: &[Value<'_>]) -> Result<RowStream, Error> {
    let values = values.iter().map(|(value, kind)| (*value, kind.clone())).collect::<Vec<_>>();
    client.query_typed_raw(statement, values).await
}

/// Sends requests one behind the other without waiting in between, and waits for all. The first error is the answer: a
/// transaction refuses what comes after an error, so the later ones follow from it.
pub(crate) async fn pipeline(mut requests: Vec<Request<'_>>) -> Result<(), Error> {
    let mut results: Vec<Option<Result<u64, Error>>> = requests.iter().map(|_| None).collect();
    poll_fn(|cx| {
        let mut is_open = false;
        for (request, result) in requests.iter_mut().zip(&mut results) {
            if result.is_none() {
                match request.as_mut().poll(cx) {
                    Poll::Ready(done) => *result = Some(done),
                    Poll::Pending => is_open = true,
                }
            }
        }
        if is_open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    results.into_iter().flatten().try_for_each(|result| result.map(drop))
}

/// Copies rows into a table.
pub(crate) async fn copy<'a>(
    client: &Client,
    statement: &str,
    types: &[Type],
    rows: impl Iterator<Item = [&'a (dyn ToSql + Sync); 5]>,
) -> Result<(), Error> {
    let sink = client.copy_in::<_, Bytes>(statement).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, types));
    for row in rows {
        writer.as_mut().write(&row).await?;
    }
    writer.finish().await.map(drop)
}
