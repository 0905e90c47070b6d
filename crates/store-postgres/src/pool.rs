//! A few connections, each for one statement at a time; they are made when they are needed and again when they fell.

use std::sync::{Arc, Mutex, PoisonError};

use lanyard_store::{AppendError, StoreError};
use tokio::sync::Semaphore;
use tokio_postgres::{Client, Error, Row};

use crate::connection::{Access, Failure, Value, connect, failure, query, text};
use crate::settings::Settings;
use crate::tls::Tls;

/// The most connections of a pool.
const CONNECTIONS: usize = 4;

/// How often a statement is sent that others were in the way of, or whose connection fell.
const ATTEMPTS: u32 = 3;

/// The connections.
pub(crate) struct Pool {
    settings: Arc<Settings>,
    tls: Tls,
    access: Access,
    idle: Mutex<Vec<Client>>,
    permits: Semaphore,
}

/// Why a statement failed.
pub(crate) enum Broken {
    /// It was not carried out.
    Nothing(String),
    /// It may have been carried out.
    Unknown(String),
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
        Self { settings, tls, access, idle: Mutex::default(), permits: Semaphore::new(CONNECTIONS) }
    }

    /// The rows of a statement that is a transaction of its own. It may be sent more than once.
    pub(crate) async fn query(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Broken> {
        let stopped = |_| Broken::Nothing("the store has stopped".to_owned());
        let _permit = self.permits.acquire().await.map_err(stopped)?;
        let mut in_doubt = false;
        let mut attempt = 1;
        loop {
            let broken = |error: String| if in_doubt { Broken::Unknown(error) } else { Broken::Nothing(error) };
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let client = match idle.filter(|client| !client.is_closed()) {
                Some(client) => client,
                None => connect(&self.settings, &self.tls, self.access).await.map_err(broken)?,
            };
            let error = match query(&client, statement, values).await {
                Ok(rows) => {
                    self.give_back(client);
                    return Ok(rows);
                }
                Err(error) => error,
            };
            match failure(&error) {
                Failure::Connection => {
                    // The others that wait fell with it, most likely.
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    in_doubt = true;
                }
                Failure::Retry => self.give_back(client),
                Failure::Refused | Failure::Misfit => {
                    self.give_back(client);
                    return Err(broken(failed(&error)));
                }
            }
            if attempt >= ATTEMPTS {
                let error = failed(&error);
                return Err(if in_doubt { Broken::Unknown(error) } else { Broken::Nothing(error) });
            }
            attempt += 1;
        }
    }

    fn give_back(&self, client: Client) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
    }
}

fn failed(error: &Error) -> String {
    format!("the database failed: {}", text(error))
}
