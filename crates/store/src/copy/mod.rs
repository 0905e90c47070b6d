//! Copies of a store, of one moment: into a file ([`back_up`]), from it ([`restore`]), or into another store ([`migrate`]).
//!
//! A copy has every stream's entries in the bytes that were hashed, up to the last entries of one moment
//! ([`CopyPoint`]), and the secrets of that moment. Entries never change, so they are read while others write. Current
//! resources and names are not copied: they follow from the entries.
//!
//! Invariants: an entry is copied only if its hash is that of its bytes and of the hash before it, and a stream only if
//! it ends with the entry that it ended with at the moment. Where older entries were archived, the copy begins with the
//! checkpoint that took their place, the cut; other checkpoints are not copied. A store that is filled gets the resources of a stream with
//! the stream's last entry, as they were then: a name that passed from one stream to another and back is never in the way.

mod file;
mod fill;
mod source;

use std::fmt;
use std::io::{self, Read, Seek, Write};

use lanyard_model::{StreamId, Timestamp};
use serde::Serialize;

use crate::chain::hex;
use crate::erasure::Erasures;
use crate::{AppendError, Checkpoint, Head, Logged, PersonKeys, Position, Secret, Snapshot, Store, StoreError};

pub use file::{About, BackupFile, FORMAT, FileFault, is_backup};
use file::{FileSink, FileSource};
use fill::Filler;
use source::StoreSource;

/// One stream of a [`CopyPoint`].
#[derive(Clone, Debug)]
pub struct StreamCopy {
    /// The stream.
    pub stream: StreamId,
    /// Its last entry.
    pub head: Head,
    /// Its secrets and their names.
    pub secrets: Vec<(String, Secret)>,
    /// The keys of its people.
    pub keys: PersonKeys,
    /// The checkpoint that took the place of older entries, where they were archived.
    pub cut: Option<Checkpoint>,
}

impl StreamCopy {
    /// The entry before its first one.
    #[must_use]
    pub fn before(&self) -> Position {
        self.cut.map_or_else(|| Position::origin(&self.stream), |cut| cut.position)
    }
}

/// The streams of a store at one moment.
#[derive(Clone, Debug, Default)]
pub struct CopyPoint {
    /// The streams, in the order of their names; those that have ended too.
    pub streams: Vec<StreamCopy>,
}

impl CopyPoint {
    /// The streams of one moment, in any order.
    #[must_use]
    pub fn new(mut streams: Vec<StreamCopy>) -> Self {
        streams.sort_by_cached_key(|it| it.stream.to_string());
        for stream in &mut streams {
            stream.secrets.sort_by(|(left, _), (right, _)| left.cmp(right));
        }
        Self { streams }
    }

    /// The first stream that is not the same in `other`, in its last entry or its secrets.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<StreamId> {
        let same = |left: &StreamCopy, right: &StreamCopy| {
            let pairs = || left.secrets.iter().zip(&right.secrets);
            left.stream == right.stream
                && left.head == right.head
                && left.cut == right.cut
                && left.secrets.len() == right.secrets.len()
                && pairs().all(|(one, two)| one.0 == two.0 && one.1.expose() == two.1.expose())
        };
        let differs = self.streams.iter().zip(&other.streams).find(|(left, right)| !same(left, right));
        let longer = || self.streams.get(other.streams.len()).or_else(|| other.streams.get(self.streams.len()));
        differs.map(|(left, _)| left).or_else(longer).map(|it| it.stream.clone())
    }

    /// The contents of a copy of it.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let streams =
            self.streams.iter().map(|it| StreamSummary::new(&it.stream, &it.head, it.before().revision)).collect();
        Summary { streams, secrets: self.streams.iter().map(|it| it.secrets.len() as u64).sum() }
    }
}

/// The last entry of a copied stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StreamSummary {
    /// The stream's name.
    pub stream: String,
    /// The entry's number.
    pub revision: u64,
    /// The last entry that was archived and is not in the copy; 0 where it begins with the first.
    pub after: u64,
    /// The entry's hash, in hexadecimal digits.
    pub hash: String,
    /// The entry's time, in milliseconds since 1970.
    pub time: i64,
    /// Whether the stream ended with it.
    pub closed: bool,
}

impl StreamSummary {
    pub(crate) fn new(stream: &StreamId, head: &Head, after: u64) -> Self {
        let Head { position, time: Timestamp(time), closed } = *head;
        let Position { revision, hash } = position;
        Self { stream: stream.to_string(), revision, after, hash: hex(&hash), time, closed }
    }
}

/// The contents of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The streams, in the order of their names.
    pub streams: Vec<StreamSummary>,
    /// How many secrets there are.
    pub secrets: u64,
}

impl Summary {
    /// How many entries there are.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.streams.iter().map(|it| it.revision.saturating_sub(it.after)).sum()
    }
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// How many entries were copied.
    pub done: u64,
    /// How many there are.
    pub of: u64,
}

/// The reason why a copy was not made. No message holds a secret.
#[derive(Debug)]
pub enum CopyError {
    /// The file cannot be read or written.
    Io(io::Error),
    /// The file is not a whole backup.
    File(FileFault),
    /// An entry does not fit those before it: a sentence that says which and how.
    Unsound(String),
    /// The store cannot be read.
    Store(StoreError),
    /// The store that is filled refuses an entry.
    Append(AppendError),
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::File(fault) => fault.fmt(f),
            Self::Unsound(message) => f.write_str(message),
            Self::Store(error) => error.fmt(f),
            Self::Append(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CopyError {}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FileFault> for CopyError {
    fn from(fault: FileFault) -> Self {
        Self::File(fault)
    }
}

impl From<StoreError> for CopyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AppendError> for CopyError {
    fn from(error: AppendError) -> Self {
        Self::Append(error)
    }
}

/// The outcome of copying.
pub type Result<T> = std::result::Result<T, CopyError>;

/// Is called with the progress after each entry.
pub type Observer<'a> = &'a mut dyn FnMut(Progress);

/// A copy as it is read, stream by stream.
trait Source {
    /// How many entries there are.
    fn entries(&self) -> u64;

    /// The next stream.
    async fn next_stream(&mut self) -> Result<Option<StreamCopy>>;

    /// The cut of the stream with its parts, which come before the first entry.
    async fn cut(&mut self, copy: &StreamCopy) -> Result<Option<Snapshot>>;

    /// The next entry of the stream, which has one.
    async fn next_entry(&mut self, stream: &StreamId) -> Result<Logged>;
}

/// A copy as it is written, stream by stream.
trait Sink {
    /// A stream begins, after its cut where it has one.
    async fn stream(&mut self, copy: StreamCopy, cut: Option<Snapshot>) -> Result<()>;

    /// The next entry of the stream, which follows the one before.
    async fn entry(&mut self, logged: Logged) -> Result<()>;

    /// Every stream was written.
    async fn finish(&mut self) -> Result<()>;
}

/// Writes a backup of what the store holds now. Returns its contents and the number of bytes; the caller makes `out`
/// durable.
///
/// # Errors
/// When the store cannot be read or is not sound, or `out` cannot be written.
pub async fn back_up(
    store: &dyn Store,
    about: &About,
    out: impl Write,
    observe: Observer<'_>,
) -> Result<(Summary, u64)> {
    let point = store.copy_point().await?;
    let summary = point.summary();
    let mut sink = FileSink::begin(out, about, &point)?;
    pump(&mut StoreSource::new(store, point), &mut sink, observe).await?;
    Ok((summary, sink.bytes()))
}

/// Fills an empty store from a backup.
///
/// # Errors
/// When the file cannot be read, or the store refuses an entry or was not empty.
pub async fn restore(file: &mut BackupFile<impl Read + Seek>, into: &dyn Store, observe: Observer<'_>) -> Result<()> {
    let mut source: FileSource<'_> = file.source()?;
    pump(&mut source, &mut Filler::new(into), observe).await?;
    source.finish()
}

/// Fills an empty store with what another holds at `point`.
///
/// # Errors
/// When the source cannot be read or is not sound, or `into` refuses an entry or was not empty.
pub async fn migrate(from: &dyn Store, point: CopyPoint, into: &dyn Store, observe: Observer<'_>) -> Result<()> {
    pump(&mut StoreSource::new(from, point), &mut Filler::new(into), observe).await
}

/// Copies all streams. Every entry is checked to follow the one before.
async fn pump(source: &mut impl Source, sink: &mut impl Sink, observe: Observer<'_>) -> Result<()> {
    let mut progress = Progress { done: 0, of: source.entries() };
    while let Some(copy) = source.next_stream().await? {
        let (stream, head) = (copy.stream.clone(), copy.head);
        let mut reached = Head { position: copy.before(), time: Timestamp(i64::MIN), closed: false };
        let cut = source.cut(&copy).await?;
        sink.stream(copy, cut).await?;
        let mut erasures = Erasures::default();
        while reached.position.revision < head.position.revision {
            let logged = source.next_entry(&stream).await?;
            reached = follow(&stream, &reached, &logged, &mut erasures)?;
            sink.entry(logged).await?;
            progress.done += 1;
            observe(progress);
        }
        if let Some(revision) = erasures.unexplained().next() {
            return Err(CopyError::Unsound(format!(
                "{stream} revision {revision}: the entry's hash is not that of its contents and the hash before it"
            )));
        }
        if reached != head {
            let revision = head.position.revision;
            return Err(CopyError::Unsound(format!(
                "{stream} does not end with the entry {revision} that it is to end with"
            )));
        }
    }
    sink.finish().await
}

/// The last entry after `logged`.
fn follow(stream: &StreamId, reached: &Head, logged: &Logged, erasures: &mut Erasures) -> Result<Head> {
    let revision = reached.position.revision + 1;
    let unsound = |fault: &str| Err(CopyError::Unsound(format!("{stream} revision {revision}: {fault}")));
    if logged.revision != revision {
        return unsound(&format!("the entry is missing, and revision {} is there instead", logged.revision));
    }
    if !erasures.take(logged, &reached.position.hash) {
        return unsound("the entry's hash is not that of its contents and the hash before it");
    }
    if reached.closed && logged.entry.erasure.is_none() {
        return unsound("the entry comes after the end of the stream");
    }
    if logged.entry.time < reached.time {
        return unsound("the entry's time is before that of the entry before");
    }
    let position = Position { revision, hash: logged.hash };
    Ok(Head { position, time: logged.entry.time, closed: logged.closes || reached.closed })
}
