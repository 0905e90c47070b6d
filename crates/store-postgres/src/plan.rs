//! The writes of a group of calls: decided in memory, from the rows that they touch.
//!
//! The calls are taken in their order, each on what those before it left. A call that does not fit is refused and leaves
//! nothing. The plan has one final state for each row, however often the group changes it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lanyard_model::Timestamp;
use lanyard_store::chain::origin;
use lanyard_store::rows::{Row, Rows, Write};
use lanyard_store::{AppendError, CellsOf, Hash, Position, Secret, UniqueName};

/// The key of a resource: stream, kind, identifier.
pub(crate) type ResourceKey<'a> = (&'a str, &'static str, &'a str);

/// The last entry of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) revision: u64,
    pub(crate) time: Timestamp,
    pub(crate) hash: Hash,
    pub(crate) closed: bool,
}

impl Head {
    fn none(stream: &str) -> Self {
        Self { revision: 0, time: Timestamp(i64::MIN), hash: origin(stream), closed: false }
    }
}

/// The resource that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) stream: String,
    pub(crate) kind: String,
    pub(crate) id: String,
}

/// The rows that have to be read before a group is decided.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// The streams, whose heads are locked in this order.
    pub(crate) streams: BTreeSet<&'a str>,
    /// The names that are given up or taken.
    pub(crate) names: BTreeSet<&'a UniqueName>,
    /// The resources that must be there.
    pub(crate) resources: BTreeSet<ResourceKey<'a>>,
}

impl<'a> Wanted<'a> {
    pub(crate) fn of(calls: &[&'a [Rows]]) -> Self {
        let mut wanted = Self::default();
        for rows in calls.iter().copied().flatten() {
            wanted.streams.insert(&rows.stream);
            wanted.streams.extend(rows.guards.iter().map(|(_, stream, _)| stream.as_str()));
            for row in &rows.resources {
                wanted.names.extend(row.old_name.iter().chain(&row.new_name));
                if !matches!(row.write, Write::Insert(_)) {
                    wanted.resources.insert((&rows.stream, row.kind.name(), &row.id));
                }
            }
        }
        wanted
    }
}

/// The rows that the database has of them.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) heads: HashMap<String, Head>,
    pub(crate) names: BTreeMap<UniqueName, Holder>,
    pub(crate) resources: HashSet<(String, String, String)>,
    /// The entries of the group that are in the log already; looked for only where an earlier attempt's outcome is unknown.
    pub(crate) logged: HashSet<Hash>,
}

/// The change of a resource's row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resource<'a> {
    /// Whether there is a row.
    pub(crate) was: bool,
    /// The revision and the JSON that it is to have; `None` when it goes.
    pub(crate) now: Option<(u64, &'a str)>,
}

/// The change of a name's row.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The holder that the row has.
    pub(crate) was: Option<Holder>,
    /// The holder that it is to have.
    pub(crate) now: Option<Holder>,
}

/// The writes of a group.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    pub(crate) entries: Vec<&'a Rows>,
    pub(crate) heads: BTreeMap<&'a str, Head>,
    pub(crate) resources: BTreeMap<ResourceKey<'a>, Resource<'a>>,
    pub(crate) names: BTreeMap<&'a UniqueName, Name>,
    pub(crate) secrets: BTreeMap<(&'a str, &'a str), Option<&'a Secret>>,
    /// Keys of people that are to be there, by stream, person and number.
    pub(crate) keys: BTreeMap<(&'a str, &'a str, i64), &'a Secret>,
    /// The people whose other keys go, by stream.
    pub(crate) erased: BTreeSet<(&'a str, &'a str)>,
    /// The new bytes of earlier entries.
    pub(crate) redactions: BTreeMap<(&'a str, u64), &'a str>,
    /// The streams that end, whose other rows all go.
    pub(crate) ended: BTreeSet<&'a str>,
    /// The cells that go.
    pub(crate) ended_cells: BTreeSet<&'a CellsOf>,
}

impl<'a> Plan<'a> {
    /// Decides a group, and says what becomes of each call.
    pub(crate) fn new(calls: &[&'a [Rows]], stored: &Stored) -> (Self, Vec<Result<(), AppendError>>) {
        let mut plan = Self::default();
        let results = calls.iter().map(|call| plan.call(call, stored)).collect();
        (plan, results)
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn call(&mut self, appends: &'a [Rows], stored: &Stored) -> Result<(), AppendError> {
        if !appends.is_empty() && appends.iter().all(|rows| stored.logged.contains(&rows.position.hash)) {
            return Ok(());
        }
        let mut draft = Self::default();
        for rows in appends {
            draft.append(rows, self, stored)?;
        }
        self.entries.append(&mut draft.entries);
        self.heads.append(&mut draft.heads);
        self.resources.append(&mut draft.resources);
        self.names.append(&mut draft.names);
        self.secrets.append(&mut draft.secrets);
        self.keys.retain(|(stream, person, _), _| !draft.erased.contains(&(stream, person)));
        self.keys.append(&mut draft.keys);
        self.erased.append(&mut draft.erased);
        self.redactions.append(&mut draft.redactions);
        self.ended.append(&mut draft.ended);
        self.ended_cells.append(&mut draft.ended_cells);
        if appends.iter().any(|rows| rows.closes) {
            self.forget_ended();
        }
        Ok(())
    }

    fn append(&mut self, rows: &'a Rows, before: &Self, stored: &Stored) -> Result<(), AppendError> {
        let newest = |stream: &str| {
            let head = self.heads.get(stream).or_else(|| before.heads.get(stream)).or_else(|| stored.heads.get(stream));
            head.copied().unwrap_or_else(|| Head::none(stream))
        };
        for (id, guard, position) in &rows.guards {
            let head = newest(guard);
            if (head.revision, head.hash) != (position.revision, position.hash) {
                return Err(AppendError::Conflict { stream: id.clone(), head: head.revision });
            }
        }
        let stream = rows.stream.as_str();
        let head = newest(stream);
        let Position { revision, hash } = rows.position;
        if rows.follows != head.hash || revision != head.revision + 1 {
            return Err(AppendError::Conflict { stream: rows.id.clone(), head: head.revision });
        }
        if head.closed && !rows.is_erasure {
            return Err(AppendError::Refused(format!("{stream} has ended at revision {}", head.revision)));
        }
        if rows.time < head.time {
            return Err(AppendError::Refused(format!(
                "the entry's time, {}, is before that of the last entry of {stream}, {}",
                rows.time.0, head.time.0
            )));
        }
        for row in &rows.resources {
            self.resource(stream, row, before, stored)?;
        }
        for secret in &rows.secrets {
            self.secrets.insert((stream, &secret.name), secret.value.as_ref());
        }
        self.ended_cells.extend(&rows.ended_cells);
        self.keys.extend(rows.keys.iter().map(|it| ((stream, it.person.as_str(), it.number), &it.value)));
        for person in &rows.erased {
            self.keys.retain(|(of, it, _), _| (*of, *it) != (stream, person.as_str()));
            self.erased.insert((stream, person));
        }
        self.redactions.extend(rows.redactions.iter().map(|(at, record)| ((stream, *at), record.as_str())));
        if rows.closes {
            self.ended.insert(stream);
        }
        self.heads.insert(stream, Head { revision, time: rows.time, hash, closed: rows.closes });
        self.entries.push(rows);
        Ok(())
    }

    fn resource(&mut self, stream: &'a str, row: &'a Row, before: &Self, stored: &Stored) -> Result<(), AppendError> {
        let kind = row.kind.name();
        let key = (stream, kind, row.id.as_str());
        let resource = self.resources.get(&key).or_else(|| before.resources.get(&key)).copied();
        let resource = resource.unwrap_or_else(|| {
            let was = stored.resources.contains(&(stream.to_owned(), kind.to_owned(), row.id.clone()));
            // The JSON that it has is of no matter: whatever is written has its own.
            Resource { was, now: was.then_some((0, "")) }
        });
        let is_there = resource.now.is_some();
        let (fits, now) = match &row.write {
            Write::Insert(body) => (!is_there, Some((row.revision, body.as_str()))),
            Write::Update(body) => (is_there, Some((row.revision, body.as_str()))),
            Write::Delete => (is_there, None),
        };
        let holder = || Holder { stream: stream.to_owned(), kind: kind.to_owned(), id: row.id.clone() };
        let old = row.old_name.as_ref().map(|old| (old, self.name(old, before, stored)));
        if !fits || old.as_ref().is_some_and(|(_, old)| old.now.as_ref() != Some(&holder())) {
            return Err(misfit(kind, &row.id, stream));
        }
        self.resources.insert(key, Resource { now, ..resource });
        if let Some((name, old)) = old {
            self.names.insert(name, Name { now: None, ..old });
        }
        if let Some(new) = &row.new_name {
            let name = self.name(new, before, stored);
            if name.now.is_some() {
                return Err(AppendError::NameTaken { scope: new.scope.clone(), name: new.name.clone() });
            }
            self.names.insert(new, Name { now: Some(holder()), ..name });
        }
        Ok(())
    }

    fn name(&self, name: &UniqueName, before: &Self, stored: &Stored) -> Name {
        let known = self.names.get(name).or_else(|| before.names.get(name)).cloned();
        let Name { was, now } = known.unwrap_or_else(|| {
            let was = stored.names.get(name).cloned();
            Name { now: was.clone(), was }
        });
        // A stream that ends leaves its names.
        let is_left =
            |it: &Holder| !self.ended.contains(it.stream.as_str()) && !before.ended.contains(it.stream.as_str());
        Name { was: was.filter(is_left), now: now.filter(is_left) }
    }

    /// The rows of a stream that ends go by its name, not one by one.
    fn forget_ended(&mut self) {
        let ended = &self.ended;
        self.resources.retain(|(stream, ..), _| !ended.contains(stream));
        self.secrets.retain(|(stream, _), _| !ended.contains(stream));
        self.keys.retain(|(stream, ..), _| !ended.contains(stream));
        self.erased.retain(|(stream, _)| !ended.contains(stream));
        for name in self.names.values_mut() {
            let is_of_ended =
                |holder: &Option<Holder>| holder.as_ref().is_some_and(|it| ended.contains(it.stream.as_str()));
            if is_of_ended(&name.was) {
                name.was = None;
            }
            if is_of_ended(&name.now) {
                name.now = None;
            }
        }
    }
}

/// The error for a change that does not fit what is stored.
pub(crate) fn misfit(kind: &str, id: &str, stream: &str) -> AppendError {
    AppendError::Refused(format!("{kind} `{id}` of {stream} is not stored as the change expects it"))
}
