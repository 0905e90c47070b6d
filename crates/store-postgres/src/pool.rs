//! A few connections, each for one statement at a time; they are made when they are needed and again when they fell.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lanyard_store::{AppendError, StoreError};
use tokio::sync::Semaphore;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row, Statement};

use crate::connection::{Access, Failure, Link, Value, connect, failure, query, text};
use crate::settings::Settings;
use crate::statements;
use crate::tls::Tls;

/// The most connections of a pool.
const CONNECTIONS: usize = 4;

/// How often a statement is sent that others were in the way of.
const ATTEMPTS: u32 = 3;

/// How long a server that cannot be reached is waited for before statements fail.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long any statement may take: some read all of a large stream.
const SLOW: Duration = Duration::from_secs(300);

/// How long it takes until a connection is tried again, at most.
const AGAIN: Duration = Duration::from_millis(100);

/// After how long the question for heads is prepared again, and planned for the size that the table has then.
const PREPARED: Duration = Duration::from_secs(30);

/// A connection, with the question that every read of a shared store asks prepared on it.
struct Connection {
    client: Link,
    heads: Option<(Statement, Instant)>,
}

impl Connection {
    async fn query(&mut self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        if statement != statements::HEADS_READ {
            return query(&self.client, statement, values).await;
        }
        self.heads.take_if(|(_, since)| since.elapsed() > PREPARED);
        if self.heads.is_none() {
            let statement = self.client.prepare_typed(statement, &[Type::TEXT_ARRAY]).await?;
            self.heads = Some((statement, Instant::now()));
        }
        let Some((prepared, _)) = &self.heads else { return query(&self.client, statement, values).await };
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|(value, _)| *value).collect();
        self.client.query(prepared, &values).await
    }
}

/// The connections.
pub(crate) struct Pool {
    settings: Arc<Settings>,
    tls: Tls,
    access: Access,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
    /// Whether the server could not be reached of late: then statements fail at the first attempt.
    is_down: AtomicBool,
}

/// Why a statement failed.
pub(crate) enum Broken {
    /// It was not carried out.
    Nothing(String),
    /// It may have been carried out.
    Unknown(String),
}

/// The failure of one attempt.
enum Failed {
    /// No connection could be made.
    Unreachable(String),
    /// The connection fell, and the statement may have been carried out.
    Fell(String),
    /// Others were in the way.
    Retry(String),
    /// The server refuses it.
    Refused(String),
}

impl From<Broken> for StoreError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Nothing(text) | Broken::Unknown(text) => Self::Storage(text),
        }
    }
}

impl From<Broken> for AppendError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Nothing(text) => Self::Storage(text),
            Broken::Unknown(text) => Self::Unknown(text),
        }
    }
}

impl Pool {
    pub(crate) fn new(settings: Arc<Settings>, tls: Tls, access: Access) -> Self {
        let (permits, is_down) = (Semaphore::new(CONNECTIONS), AtomicBool::new(false));
        Self { settings, tls, access, idle: Mutex::default(), permits, is_down }
    }

    /// The rows of a statement that is a transaction of its own. It may be sent more than once.
    pub(crate) async fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Broken> {
        let stopped = |_| Broken::Nothing("the store has stopped".to_owned());
        let _permit = self.permits.acquire().await.map_err(stopped)?;
        let begun = Instant::now();
        let mut in_doubt = false;
        let mut attempt = 0;
        loop {
            let broken = match self.once(statement, values).await {
                Ok(rows) => {
                    self.is_down.store(false, Ordering::Relaxed);
                    return Ok(rows);
                }
                Err(broken) => broken,
            };
            let error = match broken {
                Failed::Refused(error) => Some(error),
                Failed::Retry(error) => {
                    attempt += 1;
                    (attempt >= ATTEMPTS).then_some(error)
                }
                Failed::Unreachable(error) | Failed::Fell(error) if begun.elapsed() >= self.patience() => {
                    self.is_down.store(true, Ordering::Relaxed);
                    Some(error)
                }
                Failed::Fell(_) => {
                    in_doubt = true;
                    None
                }
                Failed::Unreachable(_) => None,
            };
            if let Some(error) = error {
                return Err(if in_doubt { Broken::Unknown(error) } else { Broken::Nothing(error) });
            }
            tokio::time::sleep(AGAIN.min(begun.elapsed() / 2)).await;
        }
    }

    /// How long a server is waited for.
    fn patience(&self) -> Duration {
        if self.is_down.load(Ordering::Relaxed) { Duration::ZERO } else { PATIENCE }
    }

    async fn once(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Failed> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle.filter(|connection| connection.client.is_usable()) {
            Some(connection) => connection,
            None => {
                let client = connect(&self.settings, &self.tls, self.access).await.map_err(Failed::Unreachable)?;
                Connection { client, heads: None }
            }
        };
        // A server that stands still keeps its connections, and one that goes on afterwards may have been replaced.
        let within = if statement == statements::HEADS_READ { PATIENCE } else { SLOW };
        let Ok(result) = tokio::time::timeout(within, connection.query(statement, values)).await else {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return Err(Failed::Fell(format!("the database did not answer for {} seconds", within.as_secs())));
        };
        let error = match result {
            Ok(_) if connection.client.is_replaced() => {
                return Err(Failed::Fell("the database's server was replaced as the primary".to_owned()));
            }
            Ok(rows) => {
                self.give_back(connection);
                return Ok(rows);
            }
            Err(error) => error,
        };
        let text = format!("the database failed: {}", text(&error));
        match failure(&error) {
            Failure::Connection => {
                // The others that wait fell with it, most likely.
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
                Err(Failed::Fell(text))
            }
            Failure::Retry => {
                self.give_back(connection);
                Err(Failed::Retry(text))
            }
            Failure::Refused | Failure::Misfit | Failure::Disk(_) => {
                self.give_back(connection);
                Err(Failed::Refused(text))
            }
        }
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}
