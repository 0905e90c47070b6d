//! Appends as rows: what an append does to the current resources and to the names, worked out on the caller's thread so
//! that the one thread or task that writes has little to do.

use lanyard_model::{Change, Kind, StreamId, Timestamp};

use crate::{Append, AppendError, AppendParts, CellsOf, Hash, Position, SecretChange, UniqueName};

/// One append, ready to be written.
#[derive(Debug)]
pub struct Rows {
    /// The stream.
    pub id: StreamId,
    /// The stream's name in the tables.
    pub stream: String,
    /// The hash of the entry that it follows.
    pub follows: Hash,
    /// The place that the entry takes.
    pub position: Position,
    /// The entry's time.
    pub time: Timestamp,
    /// The entry in the bytes that are hashed.
    pub record: String,
    /// The changes of resources, in their order.
    pub resources: Vec<Row>,
    /// The changes of secrets.
    pub secrets: Vec<SecretChange>,
    /// Whether the stream ends with it.
    pub closes: bool,
    /// Other streams, their names in the tables, and the entries that must be their last.
    pub guards: Vec<(StreamId, String, Position)>,
    /// The cells that are deleted with it.
    pub ended_cells: Vec<CellsOf>,
}

/// The effect of one change on the current resources and the names.
#[derive(Debug)]
pub struct Row {
    /// The resource's kind.
    pub kind: Kind,
    /// The resource's identifier, as text.
    pub id: String,
    /// The entry that changed it.
    pub revision: u64,
    /// Its new stored form.
    pub write: Write,
    /// The name that is given up; only where it changes.
    pub old_name: Option<UniqueName>,
    /// The name that is taken; only where it changes.
    pub new_name: Option<UniqueName>,
}

/// The stored form of a resource: its JSON, or none when it is deleted.
#[derive(Debug)]
pub enum Write {
    /// It is new.
    Insert(String),
    /// It was there.
    Update(String),
    /// It was there and is no more.
    Delete,
}

impl Rows {
    /// The rows of an append.
    ///
    /// # Errors
    /// [`AppendError::Refused`] when a resource cannot be written as JSON.
    pub fn new(append: Append) -> Result<Self, AppendError> {
        let AppendParts {
            stream: id,
            follows,
            position,
            time,
            changes,
            record,
            closes,
            secrets,
            guards,
            ended_cells,
            changed_at,
        } = append.into_parts();
        let changed_at =
            |at: usize| changed_at.as_ref().and_then(|it| it.get(at)).copied().unwrap_or(position.revision);
        let row = |(at, change)| Row::new(&id, changed_at(at), change);
        let resources = changes.iter().enumerate().map(row).collect::<Result<_, _>>();
        let resources =
            resources.map_err(|error| AppendError::Refused(format!("cannot write a resource of {id}: {error}")))?;
        let guards = guards.into_iter().map(|(id, position)| (id.clone(), id.to_string(), position)).collect();
        let stream = id.to_string();
        Ok(Self { stream, follows, position, time, record, resources, secrets, closes, guards, ended_cells, id })
    }
}

impl Row {
    fn new(stream: &StreamId, revision: u64, change: &Change) -> serde_json::Result<Self> {
        let key = change.key();
        let mut old_name = change.before().and_then(|before| UniqueName::of(stream, before));
        let mut new_name = change.after().and_then(|after| UniqueName::of(stream, after));
        if old_name == new_name {
            (old_name, new_name) = (None, None);
        }
        let write = match change {
            Change::Create(after) => Write::Insert(after.to_json()?),
            Change::Update { after, .. } => Write::Update(after.to_json()?),
            Change::Delete(_) => Write::Delete,
        };
        Ok(Self { kind: key.kind, id: key.id.to_string(), revision, write, old_name, new_name })
    }
}
