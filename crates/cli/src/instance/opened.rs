//! An instance that was found in a data directory or at a server: its states and its log.

use std::path::PathBuf;

use lanyard_model::{Directory, Entry, Id, Resource, StreamId, Timestamp};
use lanyard_store::archive::Archive;
use lanyard_store::{Logged, Moment, PersonKeys, Position, Store, StoreError, read_back, state_at};
use lanyard_sync::apply::{ChangeSetAnswer, Target};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::choose;
use super::remote::Remote;
use crate::failure::Failure;
use crate::stores::{self, Place};

/// The number of entries that are replayed at a time.
const STEP: usize = 256;

/// An instance, and the store or server that has it.
pub(crate) struct Instance {
    id: Id,
    backend: Backend,
    /// The archives of older entries that were given.
    archives: Vec<Archive>,
    /// The keys of the people in the archives. A server does not give them.
    people: PersonKeys,
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
    archived: Option<ArchivedAnswer>,
    entries: Vec<HistoryEntry>,
}

/// The last entry that the server no longer has.
#[derive(Deserialize)]
struct ArchivedAnswer {
    revision: u64,
    hash: String,
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
        Ok(Self { id, backend: Backend::Data(store), archives: Vec::new(), people: PersonKeys::default() })
    }

    /// An instance at a server.
    pub(super) fn at_server(remote: &Remote, instance: Option<&str>) -> Result<Self, Failure> {
        let id = choose::choose(instance, &choose::at_server(remote)?, false)?;
        Ok(Self {
            id,
            backend: Backend::Server(Box::new(remote.clone())),
            archives: Vec::new(),
            people: PersonKeys::default(),
        })
    }

    /// The instance with the older entries of archives, which are files.
    pub(crate) fn with_archives(mut self, files: &[PathBuf]) -> Result<Self, Failure> {
        let archives = files.iter().map(|file| Archive::open(file)).collect::<Result<_, _>>();
        self.archives = archives.map_err(Failure::from_error)?;
        if let (Backend::Data(store), false) = (&self.backend, self.archives.is_empty()) {
            self.people = wait(store.person_keys(&self.stream()))?;
        }
        Ok(self)
    }

    /// Whether a server has the instance.
    pub(crate) fn is_at_server(&self) -> bool {
        matches!(self.backend, Backend::Server(_))
    }

    /// The entry before the first one that can be read: the last that was archived, or the one before the archives that
    /// were given. `None` when all can be read.
    pub(crate) fn unread(&self) -> Result<Option<Position>, Failure> {
        let archived = match &self.backend {
            Backend::Data(store) => {
                let cut = wait(store.checkpoints(&self.stream()))?.into_iter().find(|it| it.is_cut);
                cut.map(|it| it.position)
            }
            Backend::Server(remote) => {
                let answer = remote.get(&self.path("history"), Some("before=0&limit=1"))?;
                let history: HistoryAnswer = serde_json::from_slice(&answer).map_err(unreadable)?;
                history.archived.map(|it| position(it.revision, &it.hash)).transpose()?
            }
        };
        let Some(mut first) = archived else { return Ok(None) };
        let stream = self.stream();
        let before = |revision: u64| {
            let archived = self.archives.iter().filter_map(|archive| archive.stream(&stream));
            archived.filter(|it| (it.after + 1..=it.revision).contains(&revision)).min_by_key(|it| it.after)
        };
        while let Some(archived) = before(first.revision) {
            first = position(archived.after, &archived.after_hash)?;
        }
        Ok((first.revision > 0).then_some(first))
    }

    /// The state after a revision, from the first entry on, which an archive has.
    fn replay(&self, revision: u64) -> Result<Directory, Failure> {
        let mut state = Directory::empty(self.stream());
        while state.revision() < revision {
            let wanted = usize::try_from(revision - state.revision()).unwrap_or(usize::MAX).min(STEP);
            let entries = self.log(state.revision(), wanted)?;
            if entries.is_empty() {
                return Err(Failure::Message(format!("there is no entry {}", state.revision() + 1)));
            }
            for Logged { revision, entry, .. } in entries {
                let applied = state.advance_in_place(entry.time, &entry.changes);
                applied.map_err(|invalid| Failure::Message(format!("revision {revision}: {invalid}")))?;
            }
        }
        Ok(state)
    }

    /// The state now, or at a moment.
    pub(crate) fn state(&self, moment: Option<Moment>) -> Result<Directory, Failure> {
        let stream = StreamId::Instance(self.id.clone());
        if let Some(Moment::Time(time)) = moment
            && time > now()
        {
            return Err(Failure::Message("that time is in the future, whose state is not known".to_owned()));
        }
        if let Some(Moment::Revision(revision)) = moment
            && self
                .archives
                .iter()
                .filter_map(|it| it.stream(&stream))
                .any(|it| (it.after..it.revision).contains(&revision))
        {
            return self.replay(revision);
        }
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
        for archive in &self.archives {
            let entries = archive.read(&self.stream(), after, limit, &self.people).map_err(Failure::from_error)?;
            if !entries.is_empty() {
                return Ok(entries);
            }
        }
        match &self.backend {
            Backend::Data(store) => wait(store.read(&StreamId::Instance(self.id.clone()), after, limit)),
            Backend::Server(remote) => {
                let answer = remote.get(&self.path("history"), Some(&format!("after={after}&limit={limit}")))?;
                let history: HistoryAnswer = serde_json::from_slice(&answer).map_err(unreadable)?;
                let entries = history.entries.iter().map(logged).collect::<Result<Vec<_>, _>>()?;
                // Entries that come again would never end.
                let revisions = entries.iter().map(|it| it.revision);
                match [after].into_iter().chain(revisions).is_sorted_by(|one, other| one < other) {
                    true => Ok(entries),
                    false => Err(unreadable("its entries do not follow each other")),
                }
            }
        }
    }

    /// At most `limit` entries of the log before a revision, or the last ones; newest first.
    pub(crate) fn log_back(&self, before: Option<u64>, limit: usize) -> Result<Vec<Logged>, Failure> {
        let kept = self.kept_back(before, limit)?;
        if !kept.is_empty() || self.archives.is_empty() {
            return Ok(kept);
        }
        // The store has none before: an archive may.
        let stream = self.stream();
        let archived = || self.archives.iter().filter_map(|archive| archive.stream(&stream).map(|it| (archive, it)));
        let newest = archived().map(|(_, it)| it.revision).max().unwrap_or_default();
        let last = before.map_or(newest, |before| before.saturating_sub(1)).min(newest);
        let Some((archive, of)) = archived().find(|(_, it)| (it.after + 1..=it.revision).contains(&last)) else {
            return Ok(Vec::new());
        };
        let after = last.saturating_sub(u64::try_from(limit).unwrap_or(u64::MAX)).max(of.after);
        let wanted = usize::try_from(last - after).unwrap_or(usize::MAX);
        let mut entries = archive.read(&stream, after, wanted, &self.people).map_err(Failure::from_error)?;
        entries.reverse();
        Ok(entries)
    }

    /// The same of those that the store or server has.
    fn kept_back(&self, before: Option<u64>, limit: usize) -> Result<Vec<Logged>, Failure> {
        match &self.backend {
            Backend::Data(store) => wait(read_back(store.as_ref(), &self.stream(), before, limit)),
            Backend::Server(remote) => {
                let before = before.unwrap_or(u64::MAX);
                let answer = remote.get(&self.path("history"), Some(&format!("before={before}&limit={limit}")))?;
                let history: HistoryAnswer = serde_json::from_slice(&answer).map_err(unreadable)?;
                let entries = history.entries.iter().map(logged).collect::<Result<Vec<_>, _>>()?;
                let revisions = entries.iter().map(|it| it.revision);
                match [before].into_iter().chain(revisions).is_sorted_by(|one, other| one > other) {
                    true => Ok(entries),
                    false => Err(unreadable("its entries do not follow each other")),
                }
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
        Ok(Self::state(self, None)?)
    }

    fn apply_change_set(&self, body: &serde_json::Value) -> lanyard_sync::Result<ChangeSetAnswer> {
        match &self.backend {
            Backend::Data(_) => Err(lanyard_sync::Error::Message(
                "a data directory cannot be written to while a server uses it; name the server with --endpoint"
                    .to_owned(),
            )),
            Backend::Server(remote) => Ok(remote.post(&self.path("change-sets"), body)?),
        }
    }
}

fn position(revision: u64, hash: &str) -> Result<Position, Failure> {
    let hash = lanyard_store::chain::parse(hash).ok_or_else(|| unreadable("a hash is malformed"))?;
    Ok(Position { revision, hash })
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

/// The present time, by this machine's clock.
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
