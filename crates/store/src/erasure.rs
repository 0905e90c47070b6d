//! Erasure of people in entries of format 1, which have them in clear.
//!
//! The stored bytes of such an entry are replaced by the same entry with erased users. Its hash in the chain stays, so the
//! chain holds, but is no longer that of the bytes. One more entry of the stream records the erasure, with the hash of the
//! new bytes: a difference that no later entry records is a fault.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_model::{Entry, ErasedEntry, Erasure, Id, Kind, Resource, StreamId, Timestamp};

use crate::chain::{Hash, hex, link, parse};
use crate::checkpoint::cut_of;
use crate::record::Stored;
use crate::{Append, AppendError, Logged, Position, Store, StoreError};

/// The operation of the entries that record an erasure.
pub const OPERATION: &str = "EraseUsers";

/// How many entries are read at a time.
const STEP: usize = 256;

/// How many entries one erasure records, at most, and how many bytes it replaces.
const MOST_ENTRIES: usize = 1_000;
const MOST_BYTES: usize = 8 << 20;

/// How often an erasure is tried while others write to the stream.
const ATTEMPTS: u32 = 16;

/// Entries whose hashes are not those of their bytes, and the erasures that explain it. The entries of a stream are given
/// from the first to the last.
#[derive(Debug, Default)]
pub struct Erasures {
    differing: BTreeMap<u64, String>,
    recorded: BTreeMap<u64, String>,
}

impl Erasures {
    /// Takes an entry whose hash in the chain differs from the one that its bytes would have.
    pub fn differs(&mut self, revision: u64, hash: &Hash) {
        self.differing.insert(revision, hex(hash));
    }

    /// Takes the record of an erasure. The last one of an entry counts.
    pub fn record(&mut self, erasure: &Erasure) {
        for ErasedEntry { revision, hash } in &erasure.entries {
            self.recorded.insert(*revision, hash.clone());
        }
    }

    /// Takes an entry as it was read, and returns whether it continues the chain after `previous`.
    #[must_use]
    pub fn take(&mut self, logged: &Logged, previous: &Hash) -> bool {
        let hash = link(previous, logged.record.as_bytes());
        if logged.hash != hash {
            self.differs(logged.revision, &hash);
        }
        if let Some(erasure) = &logged.entry.erasure {
            self.record(erasure);
        }
        logged.follows(previous)
    }

    /// The entries whose bytes are neither those of their hashes nor those that an erasure left.
    pub fn unexplained(&self) -> impl Iterator<Item = u64> {
        let is_explained = |(revision, hash): &(&u64, &String)| self.recorded.get(revision) == Some(hash);
        self.differing.iter().filter(move |it| !is_explained(it)).map(|(revision, _)| *revision)
    }

    /// How many entries were erased in part.
    #[must_use]
    pub fn count(&self) -> u64 {
        (self.differing.len() - self.unexplained().count()) as u64
    }
}

/// The people to erase.
#[derive(Clone, Debug)]
pub enum People {
    /// All who are deleted.
    Deleted,
    /// Those of these identifiers or names, which they had at any time.
    Named(Vec<String>),
}

/// The provenance of an erasure.
#[derive(Clone, Debug)]
pub struct By {
    /// The actor that the log names.
    pub actor: String,
    /// The reason that the log names.
    pub reason: Option<String>,
    /// The identifier of the request.
    pub request_id: String,
    /// The time.
    pub time: Timestamp,
}

/// The outcome of an erasure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The people.
    pub people: BTreeSet<Id>,
    /// The entries from which something was removed.
    pub revisions: Vec<u64>,
}

/// Removes deleted people from the entries of a stream that have them in clear, whether the stream has ended or not.
///
/// # Errors
/// A sentence: somebody who was named is not deleted or was never there, the store failed, or others wrote too much
/// meanwhile. Where it failed in the middle, it can be done again.
pub async fn erase(store: &dyn Store, stream: &StreamId, people: &People, by: &By) -> Result<Erased, String> {
    let people = find(store, stream, people).await?;
    let mut erased = Erased::default();
    if people.is_empty() {
        return Ok(erased);
    }
    let mut batch = Batch::default();
    let mut after = first(store, stream).await?;
    loop {
        let entries = store.read(stream, after, STEP).await.map_err(text)?;
        let Some(last) = entries.last() else { break };
        after = last.revision;
        for logged in entries {
            let stored = read(&logged)?;
            let here: BTreeSet<Id> =
                clear_users(&stored).map(|(id, _)| id.clone()).filter(|id| people.contains(id)).collect();
            if here.is_empty() {
                continue;
            }
            if let Some(record) = stored.without(&people)? {
                batch.people.extend(here);
                batch.bytes += record.len();
                batch.redactions.push((logged.revision, record));
            }
            if batch.redactions.len() >= MOST_ENTRIES || batch.bytes >= MOST_BYTES {
                write(store, stream, std::mem::take(&mut batch), by, &mut erased).await?;
            }
        }
    }
    if !batch.redactions.is_empty() {
        write(store, stream, batch, by, &mut erased).await?;
    }
    Ok(erased)
}

/// The entries that one erasure records.
#[derive(Default)]
struct Batch {
    people: BTreeSet<Id>,
    bytes: usize,
    redactions: Vec<(u64, String)>,
}

/// The people who are in clear in some entry, are deleted, and are meant.
async fn find(store: &dyn Store, stream: &StreamId, people: &People) -> Result<BTreeSet<Id>, String> {
    let present = store.load(stream).await.map_err(text)?.map(|loaded| loaded.directory);
    let is_present = |id: &Id| present.as_ref().is_some_and(|it| it.get(Kind::User, id).is_some());
    let mut seen: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    let mut after = first(store, stream).await?;
    loop {
        let entries = store.read(stream, after, STEP).await.map_err(text)?;
        let Some(last) = entries.last() else { break };
        after = last.revision;
        for logged in &entries {
            let stored = read(logged)?;
            for change in stored.changes().iter().filter(|it| it.key().kind == Kind::User) {
                seen.entry(change.key().id).or_default();
            }
            for (id, name) in clear_users(&stored) {
                seen.entry(id.clone()).or_default().insert(name.to_lowercase());
            }
        }
    }
    let names = match people {
        People::Deleted => return Ok(seen.into_keys().filter(|id| !is_present(id)).collect()),
        People::Named(names) => names,
    };
    let mut meant = BTreeSet::new();
    for name in names {
        let is_named =
            |(id, held): &(&Id, &BTreeSet<String>)| id.to_string() == *name || held.contains(&name.to_lowercase());
        let ids: Vec<&Id> = seen.iter().filter(is_named).map(|(id, _)| id).collect();
        let deleted: Vec<&Id> = ids.iter().copied().filter(|id| !is_present(id)).collect();
        match (deleted.is_empty(), ids.first()) {
            (true, None) => return Err(format!("the log of {stream} has no user `{name}` in clear")),
            (true, Some(id)) => {
                return Err(format!("user `{name}` of {stream} is not deleted; delete user {id} first"));
            }
            (false, _) => meant.extend(deleted.into_iter().cloned()),
        }
    }
    Ok(meant)
}

/// The entry before the first one that was not archived. Nobody is in clear in the checkpoint there.
async fn first(store: &dyn Store, stream: &StreamId) -> Result<u64, String> {
    let cut = cut_of(store, stream).await.map_err(text)?;
    Ok(cut.map_or(0, |cut| cut.position.revision))
}

/// The users whom an entry has in clear, and their names.
fn clear_users(stored: &Stored) -> impl Iterator<Item = (&Id, &str)> {
    let sides = stored.changes().iter().flat_map(|change| [change.before(), change.after()]).flatten();
    sides.filter_map(|side| match side {
        Resource::User(user) if !user.is_erased() => Some((&user.id, user.username.as_str())),
        _ => None,
    })
}

fn read(logged: &Logged) -> Result<Stored, String> {
    Stored::read(&logged.record).map_err(|error| format!("revision {}: {error}", logged.revision))
}

/// Replaces the bytes of entries, and records it.
async fn write(
    store: &dyn Store,
    stream: &StreamId,
    Batch { people, redactions, .. }: Batch,
    by: &By,
    erased: &mut Erased,
) -> Result<(), String> {
    let mut entries = Vec::with_capacity(redactions.len());
    for (revision, record) in &redactions {
        let place: crate::record::Place = serde_json::from_str(record).map_err(|error| error.to_string())?;
        let previous = parse(&place.previous).ok_or("the hash before an entry is malformed")?;
        entries.push(ErasedEntry { revision: *revision, hash: hex(&link(&previous, record.as_bytes())) });
    }
    let erasure = Erasure { reason: by.reason.clone(), users: people.iter().cloned().collect(), entries };
    let mut attempt = 0;
    loop {
        let heads = store.heads(vec![stream.clone()]).await.map_err(text)?;
        let head = heads.into_iter().flatten().next().ok_or_else(|| format!("{stream} has no entry"))?;
        let entry = Entry {
            time: by.time.max(head.time),
            actor: by.actor.clone(),
            operation: OPERATION.to_owned(),
            request_id: by.request_id.clone(),
            changes: Vec::new(),
            erasure: Some(erasure.clone()),
        };
        let follows: &Position = &head.position;
        let append = match head.closed {
            true => Append::closing(store.sealing(), stream, follows, entry),
            false => Append::new(store.sealing(), stream, follows, entry),
        };
        let append = append.map_err(|error| error.to_string())?.with_redactions(redactions.clone());
        attempt += 1;
        match store.append(vec![append]).await {
            Ok(()) => break,
            Err(AppendError::Conflict { .. } | AppendError::Busy) if attempt < ATTEMPTS => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    erased.revisions.extend(redactions.iter().map(|(revision, _)| *revision));
    erased.people.extend(people);
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn text(error: StoreError) -> String {
    error.to_string()
}
