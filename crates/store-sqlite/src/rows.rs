//! Appends as rows: what an append writes, worked out on the caller's thread so that the one thread that writes has
//! little to do.

use lanyard_model::{Change, Kind, StreamId, Timestamp};

use lanyard_store::{Append, AppendParts, Hash, Position, SecretChange, UniqueName};

/// One append, ready to be written.
pub(super) struct Rows {
    pub(super) id: StreamId,
    /// The stream's name in the tables.
    pub(super) stream: String,
    pub(super) follows: Hash,
    pub(super) position: Position,
    pub(super) time: Timestamp,
    /// The entry in the bytes that are hashed.
    pub(super) record: String,
    pub(super) resources: Vec<Row>,
    pub(super) secrets: Vec<SecretChange>,
    pub(super) closes: bool,
}

/// The effect of one change on the current resources and the names.
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) write: Write,
    /// The name that is given up; only where it changes.
    pub(super) old_name: Option<UniqueName>,
    /// The name that is taken; only where it changes.
    pub(super) new_name: Option<UniqueName>,
}

/// The stored form of a resource: its JSON, or none when it is deleted.
pub(super) enum Write {
    Insert(String),
    Update(String),
    Delete,
}

impl Rows {
    pub(super) fn new(append: Append) -> serde_json::Result<Self> {
        let AppendParts { stream: id, follows, position, time, changes, record, closes, secrets } = append.into_parts();
        let resources = changes.iter().map(|change| Row::new(&id, change)).collect::<Result<_, _>>()?;
        Ok(Self { stream: id.to_string(), follows, position, time, record, resources, secrets, closes, id })
    }
}

impl Row {
    fn new(stream: &StreamId, change: &Change) -> serde_json::Result<Self> {
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
        Ok(Self { kind: key.kind, id: key.id.to_string(), write, old_name, new_name })
    }
}
