//! An instance that was found in a data directory or at a server: its states and its log.

use lanyard_model::{Directory, Entry, Id, Resource, StreamId, Timestamp};
use lanyard_store::{Logged, Moment, Store, StoreError, read_back, state_at};
use lanyard_sync::apply::{ChangeSetAnswer, Target};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::choose;
use super::remote::Remote;
use crate::failure::Failure;
use crate::stores::{self, Place};

/// An instance, and the store or server that has it.
pub(crate) struct Instance {
    id: Id,
    backend: Backend,
}

enum Backend {
    Data(Box<dyn Store>),
    Server(Box<Remote>),
}

/// The answer of `GET /lanyard/v1/instances/ID/state`.
#[derive(Deserialize)]
struct StateAnswer {
    revision: u64,
    time: i64,
    resources: Vec<Resource>,
}

/// The answer of `GET /lanyard/v1/instances/ID/history`.
#[derive(Deserialize)]
struct HistoryAnswer {
    entries: Vec<HistoryEntry>,
}

#[derive(Deserialize)]
struct HistoryEntry {
    hash: String,
    record: Box<RawValue>,
    /// The entry of the record, where people are sealed in that.
    #[serde(default)]
    entry: Option<Entry>,
}

impl Instance {
    /// An instance of a data directory.
    pub(super) fn in_data_directory(place: &Place, instance: Option<&str>) -> Result<Self, Failure> {
        let store = stores::open_read_only(place).map_err(|error| match error {
            StoreError::Missing(_) => Failure::Message(format!(
                "{error}; name the data directory with --data DIR, or a server with --endpoint URL"
            )),
            error => Failure::from_error(error),
        })?;
        let id = choose::choose(instance, &wait(choose::in_store(store.as_ref()))?, true)?;
        Ok(Self { id, backend: Backend::Data(store) })
    }

    /// An instance at a server.
    pub(super) fn at_server(remote: &Remote, instance: Option<&str>) -> Result<Self, Failure> {
        let id = choose::choose(instance, &choose::at_server(remote)?, false)?;
        Ok(Self { id, backend: Backend::Server(Box::new(remote.clone())) })
    }

    /// The state now, or at a moment.
    pub(crate) fn state(&self, moment: Option<Moment>) -> Result<Directory, Failure> {
        let stream = StreamId::Instance(self.id.clone());
        match &self.backend {
            Backend::Data(store) => {
                let state = match moment {
                    None => wait(store.load(&stream))?.map(|loaded| loaded.directory),
                    Some(moment) => wait(state_at(store.as_ref(), &stream, moment))?,
                };
                state.ok_or_else(|| {
                    Failure::Message(match moment {
                        None => format!("there is no instance `{}`", self.id),
                        Some(Moment::Revision(revision)) => {
                            format!("the instance `{}` has no revision {revision}", self.id)
                        }
                        Some(Moment::Time(_)) => format!("the instance `{}` did not exist at that time", self.id),
                    })
                })
            }
            Backend::Server(remote) => {
                let query = moment.map(|moment| match moment {
                    Moment::Revision(revision) => format!("revision={revision}"),
                    Moment::Time(time) => format!("time={}", time.0),
                });
                let answer = remote.get(&self.path("state"), query.as_deref())?;
                let state: StateAnswer = serde_json::from_slice(&answer).map_err(unreadable)?;
                Ok(Directory::load(stream, state.revision, Timestamp(state.time), state.resources))
            }
        }
    }

    /// At most `limit` entries of the log after a revision, oldest first.
    pub(crate) fn log(&self, after: u64, limit: usize) -> Result<Vec<Logged>, Failure> {
        match &self.backend {
            Backend::Data(store) => wait(store.read(&StreamId::Instance(self.id.clone()), after, limit)),
            Backend::Server(remote) => {
                let answer = remote.get(&self.path("history"), Some(&format!("after={after}&limit={limit}")))?;
                let history: HistoryAnswer = serde_json::from_slice(&answer).map_err(unreadable)?;
                history.entries.iter().map(logged).collect()
            }
        }
    }

    /// At most `limit` entries of the log before a revision, or the last ones; newest first.
    pub(crate) fn log_back(&self, before: Option<u64>, limit: usize) -> Result<Vec<Logged>, Failure> {
        match &self.backend {
            Backend::Data(store) => wait(read_back(store.as_ref(), &self.stream(), before, limit)),
            Backend::Server(remote) => {
                let before = before.unwrap_or(u64::MAX);
                let answer = remote.get(&self.path("history"), Some(&format!("before={before}&limit={limit}")))?;
                let history: HistoryAnswer = serde_json::from_slice(&answer).map_err(unreadable)?;
                history.entries.iter().map(logged).collect()
            }
        }
    }

    /// The stream of its log.
    pub(crate) fn stream(&self) -> StreamId {
        StreamId::Instance(self.id.clone())
    }

    fn path(&self, last_segment: &str) -> String {
        format!("/lanyard/v1/instances/{}/{last_segment}", self.id)
    }
}

impl Target for Instance {
    fn id(&self) -> &Id {
        &self.id
    }

    fn state(&self) -> lanyard_sync::Result<Directory> {
        Self::state(self, None).map_err(|failure| lanyard_sync::Error::Message(failure.to_string()))
    }

    fn apply_change_set(&self, body: &serde_json::Value) -> lanyard_sync::Result<ChangeSetAnswer> {
        let failed = lanyard_sync::Error::Message;
        match &self.backend {
            Backend::Data(_) => Err(failed(
                "a data directory cannot be written to while a server uses it; name the server with --endpoint"
                    .to_owned(),
            )),
            Backend::Server(remote) => {
                remote.post(&self.path("change-sets"), body).map_err(|failure| failed(failure.to_string()))
            }
        }
    }
}

fn logged(entry: &HistoryEntry) -> Result<Logged, Failure> {
    let hash = lanyard_store::chain::parse(&entry.hash).ok_or_else(|| unreadable("a hash is malformed"))?;
    let logged = Logged::read(entry.record.get(), hash).map_err(unreadable)?;
    Ok(match &entry.entry {
        Some(entry) => Logged { entry: entry.clone(), ..logged },
        None => logged,
    })
}

fn unreadable(error: impl std::fmt::Display) -> Failure {
    Failure::Message(format!("the server's answer cannot be read: {error}"))
}

/// Waits for the store.
fn wait<T>(pending: impl Future<Output = Result<T, StoreError>>) -> Result<T, Failure> {
    stores::wait(pending).map_err(Failure::from_error)
}
