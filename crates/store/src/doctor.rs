//! Verifies what a store holds: each stream's chain, and that the current state follows from the log.
//!
//! A store reads its tables in one snapshot and gives every row to an [`Examination`], stream by stream; how the rows are
//! read is the store's own. One stream's state is in memory at a time. Two things are not detected: that the whole store,
//! log and all, was put back to an earlier state, and that a secret was replaced, since secrets are not in the log. Where
//! older entries were archived, the verification begins with the checkpoint that took their place.
//!
//! The chain is verified without the keys of people; checkpoints and the current state are compared with them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use lanyard_model::{Directory, Id, Key, Kind, Resource, StreamId, Timestamp, shown};
use serde::Serialize;

use crate::chain::{Hash, hex, link, origin};
use crate::checkpoint::{Checkpoint, CheckpointRow, Snapshot, decode};
use crate::erasure::Erasures;
use crate::record::Stored;
use crate::rows::read_resource;
use crate::{PersonKey, PersonKeys, Record, UniqueName};

/// The result of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The format of the stored data.
    pub format: u32,
    /// How many streams there are.
    pub streams: u64,
    /// How many of them have ended.
    pub ended: u64,
    /// How many entries the log has.
    pub entries: u64,
    /// How many current resources there are.
    pub resources: u64,
    /// How many unique names there are.
    pub names: u64,
    /// How many secrets there are.
    pub secrets: u64,
    /// How many keys of people there are.
    pub keys: u64,
    /// From how many entries people were erased afterwards, as later entries record.
    pub erased_entries: u64,
    /// How many checkpoints there are.
    pub checkpoints: u64,
    /// The faults; empty when the store is sound.
    pub faults: Vec<Fault>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: the database, or a stream, an entry, a resource or a name in it.
    pub place: String,
    /// The fault.
    pub fault: String,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// The report as one JSON object, with `sound` in addition to its members.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Json<'a> {
            sound: bool,
            #[serde(flatten)]
            report: &'a Report,
        }
        // The members are numbers and texts without map keys, so serialisation does not fail.
        serde_json::to_string_pretty(&Json { sound: self.is_sound(), report: self }).unwrap_or_default()
    }

    /// Adds a fault.
    pub fn fault(&mut self, place: impl fmt::Display, fault: impl fmt::Display) {
        self.faults.push(Fault { place: place.to_string(), fault: fault.to_string() });
    }

    /// Adds the fault that `table` has rows of a stream that is not there or has ended.
    pub fn orphan(&mut self, stream: &str, table: &str) {
        self.fault(stream, format_args!("the stream is not there or has ended, and has a {table} all the same"));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Fault { place, fault } in &self.faults {
            writeln!(f, "{}: {}", shown(place), shown(fault))?;
        }
        writeln!(
            f,
            "format {}: {} streams ({} ended), {} entries, {} resources, {} names, {} secrets, {} keys of people, {} checkpoints",
            self.format,
            self.streams,
            self.ended,
            self.entries,
            self.resources,
            self.names,
            self.secrets,
            self.keys,
            self.checkpoints
        )?;
        if self.erased_entries > 0 {
            writeln!(f, "people were erased from {} entries afterwards, as the log records", self.erased_entries)?;
        }
        match self.faults.len() {
            0 => writeln!(f, "sound"),
            1 => writeln!(f, "1 fault"),
            count => writeln!(f, "{count} faults"),
        }
    }
}

/// The last entry of a stream, as the store's table of streams says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamHead {
    /// The entry's number.
    pub revision: u64,
    /// The entry's time.
    pub time: Timestamp,
    /// The entry's hash.
    pub hash: Hash,
    /// Whether the stream ended with it.
    pub closed: bool,
}

/// An entry of the log as it was read. Reading it takes most of the time of an examination, and can be done on another
/// thread.
#[derive(Debug)]
pub struct ReadEntry {
    revision: u64,
    time: Timestamp,
    hash: Hash,
    /// The hash that the contents have after the hash of the row before.
    hash_of_body: Hash,
    record: Result<Record, String>,
    /// The people of whom something is sealed in it with a key that is not there.
    unopened: Vec<Id>,
}

impl ReadEntry {
    /// The number of the entry's row.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }
}

/// Reads the entries of one stream.
#[derive(Debug)]
pub struct EntryReader {
    previous: Hash,
    keys: Arc<PersonKeys>,
}

impl EntryReader {
    /// The reader of the stream of this name, from its first entry on or after the cut, with the keys of its people.
    #[must_use]
    pub fn new(stream: &str, cut: Option<&Checkpoint>, keys: Arc<PersonKeys>) -> Self {
        Self { previous: cut.map_or_else(|| origin(stream), |cut| cut.position.hash), keys }
    }

    /// Reads the next entry of the log: its row's revision, time, stored bytes and hash.
    pub fn read(&mut self, revision: u64, time: Timestamp, body: &[u8], hash: Hash) -> ReadEntry {
        let hash_of_body = link(&self.previous, body);
        self.previous = hash;
        let stored = std::str::from_utf8(body).map_err(|error| error.to_string()).and_then(Stored::read);
        let mut unopened = Vec::new();
        let record = stored.and_then(|stored| {
            unopened.extend(stored.wanted().filter(|(it, number)| self.keys.get(it, *number).is_none()).map(|it| it.0));
            stored.open(&self.keys)
        });
        ReadEntry { revision, time, hash, hash_of_body, record, unopened }
    }
}

/// The checkpoints of a stream that were not examined yet, oldest first.
#[derive(Debug)]
pub struct Waiting(VecDeque<Checkpoint>);

impl Waiting {
    /// The checkpoints of a stream, oldest first.
    #[must_use]
    pub fn new(checkpoints: Vec<Checkpoint>) -> Self {
        Self(checkpoints.into())
    }

    /// Takes the cut, if there is one.
    pub fn cut(&mut self) -> Option<Checkpoint> {
        self.0.front().filter(|it| it.is_cut)?;
        self.0.pop_front()
    }

    /// Takes the next one that is at a revision or before it.
    pub fn up_to(&mut self, revision: u64) -> Option<Checkpoint> {
        self.0.front().filter(|it| it.position.revision <= revision)?;
        self.0.pop_front()
    }
}

/// Whether a resource is stored as this text.
fn is_stored_as(resource: &Resource, body: &str) -> bool {
    resource.to_json().is_ok_and(|json| json == body)
}

/// The examination of one stream. It takes the rows in this order: the keys of people; the cut; every entry of the log, oldest first, each
/// followed by the checkpoint at its revision; the head; the current resources; the names; the end.
#[derive(Debug)]
pub struct Examination {
    stream: String,
    id: StreamId,
    /// The state that the log leads to; `None` after an entry that cannot be applied.
    directory: Option<Directory>,
    /// The entry that each resource was last changed by.
    changed: HashMap<Key, u64>,
    keys: Arc<PersonKeys>,
    /// The people of whom something is sealed with a key that is not there.
    unopened: BTreeSet<Id>,
    erasures: Erasures,
    reached: StreamHead,
    /// The current resources that were taken.
    seen: HashSet<Key>,
    /// The names that the log says and the table was not found to have yet, with their holders.
    expected: BTreeMap<UniqueName, (String, String)>,
}

impl Examination {
    /// The examination of the stream of this name; `None`, and a fault, when there can be no such stream.
    pub fn new(stream: &str, report: &mut Report) -> Option<Self> {
        let Some(id) = StreamId::parse(stream) else {
            report.fault(stream, "there is no stream of this name");
            return None;
        };
        Some(Self {
            stream: stream.to_owned(),
            directory: Some(Directory::empty(id.clone())),
            id,
            changed: HashMap::new(),
            keys: Arc::default(),
            unopened: BTreeSet::new(),
            erasures: Erasures::default(),
            reached: StreamHead { revision: 0, time: Timestamp(i64::MIN), hash: origin(stream), closed: false },
            seen: HashSet::new(),
            expected: BTreeMap::new(),
        })
    }

    /// Takes a key of one of the stream's people, or the reason why it cannot be read.
    pub fn key(&mut self, report: &mut Report, key: Result<PersonKey, String>) {
        match key {
            Ok(key) => Arc::make_mut(&mut self.keys).insert(key),
            Err(error) => report.fault(&self.stream, error),
        }
    }

    /// The keys that were taken.
    #[must_use]
    pub fn keys(&self) -> Arc<PersonKeys> {
        Arc::clone(&self.keys)
    }

    /// Takes the cut: the checkpoint that took the place of archived entries. The log goes on after it.
    pub fn begin(&mut self, report: &mut Report, cut: &Snapshot) {
        let Checkpoint { position, time, .. } = cut.checkpoint;
        self.reached = StreamHead { revision: position.revision, time, hash: position.hash, closed: false };
        let mut resources = Vec::new();
        let complete = self.rows(report, cut, |examination, report, row| {
            match row.resource(&examination.id, position.revision, &examination.keys) {
                Ok(resource) => {
                    examination.changed.insert(row.key, row.revision);
                    resources.push(resource);
                }
                Err(error) => report.fault(&examination.stream, error),
            }
        });
        self.directory = complete.then(|| Directory::load(self.id.clone(), position.revision, time, resources));
    }

    /// Takes the checkpoint at the revision that was reached.
    pub fn checkpoint(&mut self, report: &mut Report, snapshot: &Snapshot) {
        let Checkpoint { position, time, .. } = snapshot.checkpoint;
        let place = format!("{} checkpoint {}", self.stream, position.revision);
        let reached = &self.reached;
        if (position.revision, position.hash, time) != (reached.revision, reached.hash, reached.time) || reached.closed
        {
            report.fault(&place, "the log has no such entry, or another one");
            return;
        }
        let Some(directory) = self.directory.clone() else { return };
        let keys = self.keys();
        let mut count = 0;
        let complete = self.rows(report, snapshot, |examination, report, row| {
            count += 1;
            let logged = directory.get(row.key.kind, &row.key.id);
            let is_as_logged = |it: &Resource| {
                let read = || row.resource(&examination.id, position.revision, &keys);
                is_stored_as(it, &row.body) || read().is_ok_and(|read| read.is_same_person_or_equal(it))
            };
            let is_same =
                logged.as_ref().is_some_and(is_as_logged) && examination.changed.get(&row.key) == Some(&row.revision);
            if !is_same {
                report.fault(&place, format_args!("{} is not as the log has it", row.key));
            }
        });
        if complete && count != directory.iter().count() {
            report.fault(&place, "it does not have every resource, or has one twice");
        }
    }

    /// Calls `visit` with the rows of a snapshot; `false`, and a fault, when they cannot be read.
    fn rows(
        &mut self,
        report: &mut Report,
        snapshot: &Snapshot,
        mut visit: impl FnMut(&mut Self, &mut Report, CheckpointRow),
    ) -> bool {
        let Checkpoint { position, parts, size, .. } = snapshot.checkpoint;
        let place = format!("{} checkpoint {}", self.stream, position.revision);
        if u32::try_from(snapshot.parts.len()) != Ok(parts) {
            report.fault(place, format_args!("it has {} parts instead of {parts}", snapshot.parts.len()));
            return false;
        }
        let mut bytes = 0;
        for part in &snapshot.parts {
            match decode(part) {
                Ok(rows) => rows.into_iter().for_each(|row| {
                    bytes += row.body.len();
                    visit(self, report, row);
                }),
                Err(error) => {
                    report.fault(&place, error);
                    return false;
                }
            }
        }
        if u64::try_from(bytes) != Ok(size) {
            report.fault(place, format_args!("its resources take {bytes} bytes instead of {size}"));
        }
        true
    }

    /// Takes the next entry of the log.
    pub fn entry(&mut self, report: &mut Report, entry: ReadEntry) {
        let ReadEntry { revision, time, hash, hash_of_body, record, unopened } = entry;
        let place = format!("{} revision {revision}", self.stream);
        let mut check = |holds: bool, fault: &str| {
            if !holds {
                report.fault(&place, fault);
            }
            holds
        };
        let reached = self.reached;
        let follows = check(revision == reached.revision + 1, &format!("it follows revision {}", reached.revision));
        check(time >= reached.time, "its time is before that of the entry before");
        if follows && hash != hash_of_body {
            self.erasures.differs(revision, &hash_of_body);
        }
        self.unopened.extend(unopened);
        let mut closed = reached.closed;
        match record {
            Ok(record) => {
                let erasure = record.entry.erasure.as_ref();
                check(!reached.closed || erasure.is_some(), "it comes after the end of the stream");
                check(record.stream == self.stream, "it names another stream");
                check(record.revision == revision, "it has another revision");
                let names_it = record.previous == hex(&reached.hash);
                check(!follows || names_it, "it does not carry the hash of the entry before");
                check(record.entry.time == time, "it has another time");
                if let Some(erasure) = erasure {
                    self.erasures.record(erasure);
                }
                let fits = match self.directory.as_mut().map(|it| it.advance_in_place(time, &record.entry.changes)) {
                    Some(Err(invalid)) => check(false, &format!("its changes cannot be applied: {invalid}")),
                    _ => true,
                };
                if !fits {
                    self.directory = None;
                }
                for change in &record.entry.changes {
                    match change.after() {
                        Some(_) => self.changed.insert(change.key(), revision),
                        None => self.changed.remove(&change.key()),
                    };
                }
                if record.closes {
                    closed = true;
                    self.directory = self.directory.as_ref().map(|_| Directory::empty(self.id.clone()));
                }
            }
            Err(error) => {
                check(!reached.closed, "it comes after the end of the stream");
                check(false, &format!("it cannot be read: {error}"));
                self.directory = None;
            }
        }
        self.reached = StreamHead { revision, time, hash, closed };
    }

    /// Takes the stream's head; `None` when the table of streams has no row of it.
    pub fn head(&mut self, report: &mut Report, head: Option<StreamHead>) {
        for revision in self.erasures.unexplained() {
            let place = format!("{} revision {revision}", self.stream);
            report.fault(place, "its hash is not that of its contents and the hash before it");
        }
        report.erased_entries += self.erasures.count();
        let reached = &self.reached;
        match head {
            None => report.fault(&self.stream, "the log has entries of a stream that is not there"),
            Some(head) if head != *reached => report.fault(
                &self.stream,
                format_args!(
                    "the stream is at revision {} with the hash {}, and its log ends at revision {} with the hash {}",
                    head.revision,
                    hex(&head.hash),
                    reached.revision,
                    hex(&reached.hash)
                ),
            ),
            Some(_) => {}
        }
        let Some(directory) = &self.directory else {
            report.fault(&self.stream, "the current resources were not compared, because the log cannot be replayed");
            return;
        };
        for fault in directory.faults() {
            report.fault(&self.stream, fault);
        }
        let is_there = |person: &Id| directory.get(Kind::User, person).is_some();
        for person in self.unopened.iter().filter(|person| is_there(person)) {
            report.fault(
                format_args!("{} User `{person}`", self.stream),
                "a key of the person is not there, so that entries of the log cannot be opened",
            );
        }
        let has_key: BTreeSet<&Id> = self.keys.iter().map(|key| key.person()).collect();
        for person in has_key.into_iter().filter(|person| !self.reached.closed && !is_there(person)) {
            report.fault(
                format_args!("{} User `{person}`", self.stream),
                "a key of the person is there, and the person is deleted",
            );
        }
        let named = directory.iter().filter_map(|resource: Resource| {
            let name = UniqueName::of(directory.stream(), &resource)?;
            Some((name, (resource.kind().name().to_owned(), resource.id().to_string())))
        });
        self.expected = named.collect();
    }

    /// How many resources and names the log leads to. The head was taken.
    #[must_use]
    pub(crate) fn counts(&self) -> (u64, u64) {
        let resources = self.directory.as_ref().map_or(0, |it| it.iter().count());
        (resources as u64, self.expected.len() as u64)
    }

    /// Takes a current resource: its row's kind, identifier, revision and stored bytes.
    pub fn resource(&mut self, report: &mut Report, kind: &str, id: &str, revision: u64, body: &[u8]) {
        let Some(directory) = &self.directory else { return };
        let place = format!("{} {kind} `{id}`", self.stream);
        // Most are what the log has, byte for byte, which needs no reading.
        let known = Kind::from_name(kind).map(|kind| Key { kind, id: Id::new(id) });
        if let Some(key) = known
            && let Some(logged) = directory.get(key.kind, &key.id)
            && is_stored_as(&logged, &String::from_utf8_lossy(body))
        {
            if self.changed.get(&key).copied() != Some(revision) {
                report.fault(&place, "the current resource has another revision than in the log");
            }
            self.seen.insert(key);
            return;
        }
        let resource = match read_resource(kind, &String::from_utf8_lossy(body)) {
            Ok(resource) => resource,
            Err(error) => {
                report.fault(place, format_args!("the current resource cannot be read: {error}"));
                return;
            }
        };
        let key = resource.key();
        if key.id.to_string() != id {
            report.fault(&place, format_args!("the current resource calls itself `{}`", key.id));
        }
        match directory.get(key.kind, &key.id) {
            None => report.fault(&place, "there is a current resource, and none in the log"),
            Some(logged) if logged != resource => {
                report.fault(&place, "the current resource differs from the log");
            }
            Some(_) if self.changed.get(&key).copied() != Some(revision) => {
                report.fault(&place, "the current resource has another revision than in the log");
            }
            Some(_) => {}
        }
        self.seen.insert(key);
    }

    /// Takes a unique name, and the kind and identifier of the resource that it is kept for.
    pub fn name(&mut self, report: &mut Report, name: &UniqueName, kind: String, id: String) {
        if self.directory.is_none() {
            return;
        }
        let holder = (kind, id);
        if self.expected.remove(name).as_ref() != Some(&holder) {
            let (kind, id) = holder;
            report.fault(
                format_args!("{} name `{}` in {}", self.stream, name.name, name.scope),
                format_args!("the name is kept for {kind} `{id}`, which does not have it in the log"),
            );
        }
    }

    /// Every row of the stream was taken.
    pub fn finish(self, report: &mut Report) {
        let Some(directory) = &self.directory else { return };
        for key in directory.iter().map(|resource| resource.key()).filter(|key| !self.seen.contains(key)) {
            report.fault(format_args!("{} {key}", self.stream), "there is a resource in the log, and no current one");
        }
        for (name, (kind, id)) in self.expected {
            report.fault(
                format_args!("{} name `{}` in {}", self.stream, name.name, name.scope),
                format_args!("{kind} `{id}` has the name in the log, and it is not kept for it"),
            );
        }
    }
}
