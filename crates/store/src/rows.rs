//! Appends as rows: what an append does to the current resources and to the names, worked out on the caller's thread so
//! that the one thread or task that writes has little to do.

use lanyard_model::{Change, Id, Kind, Resource, StreamId, Timestamp};

use crate::{
    Append, AppendError, AppendParts, CellsOf, Hash, MasterKeys, PersonKey, Position, Secret, SecretChange, UniqueName,
};

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
    /// The changes of secrets, as they are stored.
    pub secrets: Vec<SecretChange>,
    /// Whether the stream ends with it.
    pub closes: bool,
    /// Other streams, their names in the tables, and the entries that must be their last.
    pub guards: Vec<(StreamId, String, Position)>,
    /// The cells that are deleted with it.
    pub ended_cells: Vec<CellsOf>,
    /// The keys of people that are to be there.
    pub keys: Vec<KeyRow>,
    /// The people whose keys go, as text.
    pub erased: Vec<String>,
    /// The new stored bytes of earlier entries.
    pub redactions: Vec<(u64, String)>,
    /// Whether the entry records an erasure. Only such an entry can be appended to a stream that has ended.
    pub is_erasure: bool,
}

/// A key of a person, as it is stored.
#[derive(Debug)]
pub struct KeyRow {
    /// The person's identifier, as text.
    pub person: String,
    /// The number that tells the person's keys apart.
    pub number: i64,
    /// The key, sealed where there is a key from outside.
    pub value: Secret,
}

/// The place to which the stored form of a key of a person is bound.
#[must_use]
pub fn key_place<'a>(stream: &'a str, person: &'a str) -> [&'a str; 3] {
    [stream, "person", person]
}

/// The place to which the stored form of a secret is bound.
#[must_use]
pub fn secret_place<'a>(stream: &'a str, name: &'a str) -> [&'a str; 3] {
    [stream, "secret", name]
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

/// The resource that a row holds.
///
/// # Errors
/// A sentence that says why `body` is no resource of the kind.
pub fn read_resource(kind: &str, body: &str) -> Result<Resource, String> {
    let kind = Kind::from_name(kind).ok_or("there is no such kind")?;
    Resource::from_json(kind, body).map_err(|error| error.to_string())
}

/// A secret from its stored form.
///
/// # Errors
/// A sentence: it cannot be opened.
pub fn open_secret(master: &MasterKeys, stream: &str, name: &str, value: Vec<u8>) -> Result<Secret, String> {
    let mut value = master.open(&secret_place(stream, name), value)?;
    Ok(Secret::new(std::mem::take(&mut *value)))
}

/// A key of a person from its stored form.
///
/// # Errors
/// A sentence: it cannot be opened.
pub fn read_key(master: &MasterKeys, stream: &str, person: Id, value: Vec<u8>) -> Result<PersonKey, String> {
    let place = person.to_string();
    let value = master.open(&key_place(stream, &place), value);
    let key = value.and_then(|value| PersonKey::new(person, &value).ok_or_else(|| "it is malformed".to_owned()));
    key.map_err(|error| format!("cannot read a key of user `{place}` of {stream}: {error}"))
}

impl KeyRow {
    /// The row of a key, sealed by a key from outside, where there is one.
    ///
    /// # Errors
    /// A sentence: it cannot be sealed.
    pub fn new(master: &MasterKeys, stream: &str, key: &PersonKey) -> Result<Self, String> {
        let person = key.person().to_string();
        let value = Secret::new(master.seal(&key_place(stream, &person), key.expose())?);
        Ok(Self { person, number: key.number(), value })
    }
}

impl Rows {
    /// The rows of an append, with secrets and keys sealed by a key from outside, where there is one.
    ///
    /// # Errors
    /// [`AppendError::Refused`] when a resource cannot be written as JSON or a secret cannot be sealed.
    pub fn new(append: Append, master: &MasterKeys) -> Result<Self, AppendError> {
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
            keys,
            erased,
            redactions,
            is_erasure,
        } = append.into_parts();
        let stream = id.to_string();
        let seal = |place: [&str; 3], value: &[u8]| {
            let sealed = master.seal(&place, value).map_err(AppendError::Refused)?;
            Ok::<_, AppendError>(Secret::new(sealed))
        };
        let secret = |SecretChange { name, value }: SecretChange| {
            let value = value.map(|value| seal(secret_place(&stream, &name), value.expose())).transpose()?;
            Ok::<_, AppendError>(SecretChange { name, value })
        };
        let secrets = secrets.into_iter().map(secret).collect::<Result<_, _>>()?;
        let key = |key: PersonKey| KeyRow::new(master, &stream, &key).map_err(AppendError::Refused);
        let keys = keys.into_iter().map(key).collect::<Result<_, _>>()?;
        let erased = erased.iter().map(ToString::to_string).collect();
        let changed_at =
            |at: usize| changed_at.as_ref().and_then(|it| it.get(at)).copied().unwrap_or(position.revision);
        let row = |(at, change)| Row::new(&id, changed_at(at), change);
        let resources = changes.iter().enumerate().map(row).collect::<Result<_, _>>();
        let resources =
            resources.map_err(|error| AppendError::Refused(format!("cannot write a resource of {id}: {error}")))?;
        let guards = guards.into_iter().map(|(id, position)| (id.clone(), id.to_string(), position)).collect();
        Ok(Self {
            id,
            stream,
            follows,
            position,
            time,
            record,
            resources,
            secrets,
            closes,
            guards,
            ended_cells,
            keys,
            erased,
            redactions,
            is_erasure,
        })
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
