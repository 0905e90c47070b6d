//! The file of an archive.
//!
//! It begins with a line that names the format. Blocks follow, compressed as checkpoints are. A block has entries of one
//! stream, each a line: the hash, a space, and the stored record, in which people are sealed: their keys are in the store
//! only, so that the file forgets who is deleted there. After the blocks comes the index, a JSON object that says where
//! they are, and then the index's place and length, eight bytes each, the lowest first, its hash, which is made as that of
//! an entry after a hash of zeros, and the last line.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use lanyard_model::StreamId;
use serde::{Deserialize, Serialize};

use super::ArchiveError;
use crate::chain::{hex, link, origin, parse};
use crate::checkpoint::{compress, decompress};
use crate::{Hash, Logged, PersonKeys, Record, Stored};

const FIRST_LINE: &[u8] = b"lanyard archive 1\n";
const LAST_LINE: &[u8] = b"lanyard archive end\n";

/// The hash of an index follows none.
const NO_HASH: Hash = [0; 32];

/// How many bytes of entries a block has before it is compressed, if no entry is larger.
const BLOCK: usize = 1 << 20;

/// The contents of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The streams, in the order of their blocks.
    pub streams: Vec<ArchivedStream>,
}

/// The entries of one stream in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedStream {
    /// The stream's name.
    pub stream: String,
    /// The entry before the first, 0 for none.
    pub after: u64,
    /// The hash of that entry, or the one that precedes the first entry of the stream; hexadecimal.
    pub after_hash: String,
    /// The last entry.
    pub revision: u64,
    /// Its hash, hexadecimal.
    pub hash: String,
    /// Its time, in milliseconds since 1970.
    pub time: i64,
    /// The entries from which people were erased, and the hashes that the bytes that are left would have, hexadecimal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub erased: BTreeMap<u64, String>,
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Block {
    /// The entry before the first of the block.
    after: u64,
    /// The last entry of the block.
    revision: u64,
    /// Where the block is in the file, and how many bytes it has.
    offset: u64,
    length: u64,
}

/// Writes an archive to a file of another name, which takes the file's own once it is whole.
pub(super) struct Writer {
    path: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
    offset: u64,
    index: Index,
    block: Vec<u8>,
    block_after: u64,
    /// The hash of the entry before.
    previous: Hash,
}

impl Writer {
    /// Begins an archive at a path where there is no file.
    pub(super) fn create(path: &Path) -> Result<Self, ArchiveError> {
        if path.exists() {
            return Err(ArchiveError::File(path.to_owned(), "the file exists already; name another one".to_owned()));
        }
        let mut name = path.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial).map_err(|error| failed(path, &error))?;
        let mut writer = Self {
            path: path.to_owned(),
            partial,
            file: BufWriter::new(file),
            offset: 0,
            index: Index::default(),
            block: Vec::new(),
            block_after: 0,
            previous: NO_HASH,
        };
        writer.write(FIRST_LINE)?;
        Ok(writer)
    }

    /// Begins the entries of a stream, after an entry and its hash.
    pub(super) fn begin(&mut self, stream: &str, after: u64, after_hash: &Hash) {
        self.block_after = after;
        self.previous = *after_hash;
        self.index.streams.push(ArchivedStream {
            stream: stream.to_owned(),
            after,
            after_hash: hex(after_hash),
            revision: after,
            hash: hex(after_hash),
            time: i64::MIN,
            erased: BTreeMap::new(),
            blocks: Vec::new(),
        });
    }

    /// Adds the next entry of the stream.
    pub(super) fn entry(&mut self, logged: &Logged) -> Result<(), ArchiveError> {
        let place = self.index.streams.last_mut();
        let Some(stream) = place.filter(|it| it.revision + 1 == logged.revision && !logged.record.contains('\n'))
        else {
            let text = format!("entry {} does not follow the one before", logged.revision);
            return Err(ArchiveError::File(self.path.clone(), text));
        };
        let left = link(&self.previous, logged.record.as_bytes());
        if left != logged.hash {
            stream.erased.insert(logged.revision, hex(&left));
        }
        self.previous = logged.hash;
        (stream.revision, stream.hash, stream.time) = (logged.revision, hex(&logged.hash), logged.entry.time.0);
        self.block.extend_from_slice(stream.hash.as_bytes());
        self.block.push(b' ');
        self.block.extend_from_slice(logged.record.as_bytes());
        self.block.push(b'\n');
        if self.block.len() >= BLOCK { self.end_block() } else { Ok(()) }
    }

    /// Ends the block, and with it possibly the stream.
    pub(super) fn end_block(&mut self) -> Result<(), ArchiveError> {
        if self.block.is_empty() {
            return Ok(());
        }
        let raw = std::mem::take(&mut self.block);
        let (offset, after) = (self.offset, self.block_after);
        let body = compress(&raw).map_err(ArchiveError::Store)?;
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        if let Some(stream) = self.index.streams.last_mut() {
            stream.blocks.push(Block { after, revision: stream.revision, offset, length });
            self.block_after = stream.revision;
        }
        self.write(&body)
    }

    /// Ends the archive, and waits until it is on disk under its own name.
    pub(super) fn finish(mut self) -> Result<(), ArchiveError> {
        self.end_block()?;
        let index = serde_json::to_vec(&self.index).unwrap_or_default();
        let (offset, length) = (self.offset, u64::try_from(index.len()).unwrap_or(u64::MAX));
        self.write(&index)?;
        self.write(&offset.to_le_bytes())?;
        self.write(&length.to_le_bytes())?;
        self.write(&link(&NO_HASH, &index))?;
        self.write(LAST_LINE)?;
        let Self { path, partial, file, .. } = self;
        let file = file.into_inner().map_err(|error| failed(&partial, error.error()))?;
        file.sync_all().map_err(|error| failed(&partial, &error))?;
        // Unlike a rename, this never takes the place of another file.
        std::fs::hard_link(&partial, &path).map_err(|error| failed(&path, &error))?;
        std::fs::remove_file(&partial).map_err(|error| failed(&partial, &error))?;
        let directory = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let synced = File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(|error| failed(directory, &error))
    }

    /// Gives up the archive.
    pub(super) fn abandon(self) {
        // A partial file that stays is overwritten by the next archive of the name.
        let _ = std::fs::remove_file(&self.partial);
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.offset += u64::try_from(bytes.len()).unwrap_or_default();
        self.file.write_all(bytes).map_err(|error| failed(&self.partial, &error))
    }
}

/// An archive that is read.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    index: Index,
}

impl Archive {
    /// Opens the file of an archive.
    ///
    /// # Errors
    /// When it cannot be read, or is no archive that is whole.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let no_archive = |why: &str| ArchiveError::File(path.to_owned(), format!("is no archive of Lanyard: {why}"));
        let mut file = lanyard_local_file::open(path).map_err(|error| failed(path, &error))?;
        let length = file.metadata().map_err(|error| failed(path, &error))?.len();
        let tail_length = 48 + u64::try_from(LAST_LINE.len()).unwrap_or_default();
        let mut first = vec![0; FIRST_LINE.len()];
        if length < tail_length + u64::try_from(first.len()).unwrap_or_default() {
            return Err(no_archive("it is too short"));
        }
        file.read_exact(&mut first).map_err(|error| failed(path, &error))?;
        if first != FIRST_LINE {
            return Err(no_archive("its first line is another"));
        }
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(length - tail_length)).map_err(|error| failed(path, &error))?;
        file.read_to_end(&mut tail).map_err(|error| failed(path, &error))?;
        let places = tail.strip_suffix(LAST_LINE).and_then(|places| places.split_first_chunk::<8>());
        let places = places.and_then(|(offset, rest)| Some((offset, rest.split_first_chunk::<8>()?)));
        let Some((offset, (size, hash))) = places else {
            return Err(no_archive("it is not whole"));
        };
        let (offset, size) = (u64::from_le_bytes(*offset), u64::from_le_bytes(*size));
        if offset.checked_add(size) != Some(length - tail_length) {
            return Err(no_archive("its index is not where it says"));
        }
        let mut index = Vec::new();
        file.seek(SeekFrom::Start(offset)).map_err(|error| failed(path, &error))?;
        file.take(size).read_to_end(&mut index).map_err(|error| failed(path, &error))?;
        if link(&NO_HASH, &index) != hash {
            return Err(no_archive("its index was changed"));
        }
        let index = serde_json::from_slice(&index).map_err(|error| no_archive(&format!("its index: {error}")))?;
        Ok(Self { path: path.to_owned(), index })
    }

    /// The archive's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The streams that have entries in the archive.
    #[must_use]
    pub fn streams(&self) -> &[ArchivedStream] {
        &self.index.streams
    }

    /// The entries of a stream in the archive.
    #[must_use]
    pub fn stream(&self, stream: &StreamId) -> Option<&ArchivedStream> {
        let name = stream.to_string();
        self.index.streams.iter().find(|it| it.stream == name)
    }

    /// At most `limit` entries of a stream after a revision, oldest first; none unless the archive has the one right after
    /// that revision. People whose keys are not among `keys` are erased in them.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged.
    pub fn read(
        &self,
        stream: &StreamId,
        after: u64,
        limit: usize,
        keys: &PersonKeys,
    ) -> Result<Vec<Logged>, ArchiveError> {
        let Some(archived) = self.stream(stream).filter(|it| (it.after..it.revision).contains(&after)) else {
            return Ok(Vec::new());
        };
        let mut entries = Vec::new();
        for block in archived.blocks.iter().filter(|block| block.revision > after) {
            if entries.len() >= limit {
                break;
            }
            let entries_of_block = self.block(*block, keys)?.into_iter().filter(|it| it.revision > after);
            entries.extend(entries_of_block.take(limit - entries.len()));
        }
        Ok(entries)
    }

    fn block(&self, block: Block, keys: &PersonKeys) -> Result<Vec<Logged>, ArchiveError> {
        let broken = |why: String| ArchiveError::File(self.path.clone(), format!("is damaged: {why}"));
        let mut file = lanyard_local_file::open(&self.path).map_err(|error| failed(&self.path, &error))?;
        file.seek(SeekFrom::Start(block.offset)).map_err(|error| failed(&self.path, &error))?;
        let mut body = Vec::new();
        file.take(block.length).read_to_end(&mut body).map_err(|error| failed(&self.path, &error))?;
        let raw = decompress(&body).map_err(|error| broken(error.to_string()))?;
        let text = String::from_utf8(raw).map_err(|error| broken(error.to_string()))?;
        let mut entries = Vec::new();
        for (revision, line) in (block.after + 1..).zip(text.lines()) {
            let parts = line.split_once(' ').and_then(|(hash, record)| Some((parse(hash)?, record)));
            let (hash, record) = parts.ok_or_else(|| broken(format!("entry {revision} has no hash")))?;
            let logged =
                Stored::read(record).and_then(|stored| Logged::open(stored, record, hash, keys)).map_err(broken)?;
            entries.push(Logged { revision, ..logged });
        }
        match entries.last().map(|it| it.revision) == Some(block.revision) {
            true => Ok(entries),
            false => Err(broken(format!("a block ends before entry {}", block.revision))),
        }
    }

    /// Reads every entry, and verifies the chain of hashes of every stream from the entry before the first to the last.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry is not the one that was archived.
    pub fn verify(&self) -> Result<(), ArchiveError> {
        for archived in &self.index.streams {
            let name = &archived.stream;
            let broken = |why: String| ArchiveError::File(self.path.clone(), format!("is damaged: {name}, {why}"));
            let (mut reached, mut time) = (archived.after, i64::MIN);
            let mut offset = archived.blocks.first().map_or(0, |block| block.offset);
            let hash = parse(&archived.after_hash);
            let mut hash = hash.ok_or_else(|| broken("the hash before the first entry is none".to_owned()))?;
            if archived.after == 0 && hash != origin(name) {
                return Err(broken("the hash before the first entry is not that of the stream's name".to_owned()));
            }
            for block in &archived.blocks {
                if (block.after, block.offset) != (reached, offset) {
                    return Err(broken(format!("the block after entry {reached} is not there")));
                }
                offset += block.length;
                for logged in self.block(*block, &PersonKeys::default())? {
                    let unreadable = |error| broken(format!("entry {} cannot be read: {error}", logged.revision));
                    let stored = Stored::read(&logged.record).map_err(unreadable)?;
                    let record: Record = stored.open(&PersonKeys::default()).map_err(unreadable)?;
                    let left = link(&hash, logged.record.as_bytes());
                    let is_as_left = || archived.erased.get(&logged.revision) == Some(&hex(&left));
                    let is_next = record.stream == *name && logged.follows(&hash);
                    if !is_next || (logged.hash != left && !is_as_left()) {
                        return Err(broken(format!("entry {} does not follow the one before", logged.revision)));
                    }
                    (reached, hash, time) = (logged.revision, logged.hash, logged.entry.time.0);
                }
            }
            if (reached, time, hex(&hash)) != (archived.revision, archived.time, archived.hash.clone()) {
                return Err(broken(format!("it ends at entry {reached} instead of {}", archived.revision)));
            }
        }
        Ok(())
    }
}

fn failed(path: &Path, error: &std::io::Error) -> ArchiveError {
    ArchiveError::File(path.to_owned(), error.to_string())
}
