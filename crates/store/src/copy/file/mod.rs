//! The file of a backup.
//!
//! | bytes | |
//! | --- | --- |
//! | 16 | [`MAGIC`] |
//! | 4 | the format, [`FORMAT`], the highest byte first |
//! | … | frames, as one zlib stream |
//! | 32 | the SHA-256 of all bytes before |
//! | 16 | [`END`] |
//!
//! A frame is one byte that says its kind, the length of its contents in 8 bytes, the highest first, and its contents:
//!
//! - `H`, JSON: when the backup was made and by which version, and each stream's name, last entry, and numbers of secrets and keys.
//! - For each stream, in that order, `S`, JSON: its name and the entry after which it begins, 0 or the last one that was
//!   archived; in that case the checkpoint there as `C`, JSON, and its parts as `D`; its secrets as `K`, the length of the name in 4 bytes, the name, the value; the keys of its people as `P`, 32 bytes and the
//!   person's identifier; its entries as `E`, the bytes that were hashed, without the hash, which follows from them, or,
//!   where a part was erased, as `R`, the 32 bytes of the hash and the bytes that are left.
//! - `Z`, JSON: how many streams, entries, secrets and keys there are.
//!
//! The sum is over the bytes as they are in the file, so that no byte can change without notice; the mark at the end tells
//! a file that was cut off from one that was changed.

mod read;
mod write;

use std::fmt;
use std::io::{self, Read};

use lanyard_model::{StreamId, Timestamp};
use serde::{Deserialize, Serialize};

use super::StreamCopy;
use crate::chain::{hex, parse};
use crate::{Head, Position};

pub use read::BackupFile;
pub(super) use read::FileSource;
pub(super) use write::FileSink;

/// The format that this version writes, and the latest that it reads.
pub const FORMAT: u32 = 1;

const MAGIC: [u8; 16] = *b"lanyard-backup\r\n";
const END: [u8; 16] = *b"end-of-backup.\r\n";

/// The bytes before the frames, and those after them.
const BEFORE: u64 = 20;
const AFTER: u64 = 48;

const HEADER: u8 = b'H';
const STREAM: u8 = b'S';
const CUT: u8 = b'C';
const PART: u8 = b'D';
const SECRET: u8 = b'K';
const KEY: u8 = b'P';
const ENTRY: u8 = b'E';
const ERASED: u8 = b'R';
const TRAILER: u8 = b'Z';

/// When a backup was made, and by which version of Lanyard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The time, in milliseconds since 1970.
    pub created: i64,
    /// The version of Lanyard.
    pub lanyard: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    about: About,
    streams: Vec<HeaderStream>,
}

#[derive(Serialize, Deserialize)]
struct HeaderStream {
    stream: String,
    revision: u64,
    hash: String,
    time: i64,
    closed: bool,
    secrets: u64,
    keys: u64,
    /// The entry after which the stream begins.
    #[serde(default)]
    after: u64,
}

impl HeaderStream {
    fn new(copy: &StreamCopy) -> Self {
        let Head { position, time: Timestamp(time), closed } = copy.head;
        let (revision, hash) = (position.revision, hex(&position.hash));
        let (secrets, keys) = (copy.secrets.len() as u64, copy.keys.iter().count() as u64);
        let after = copy.before().revision;
        Self { stream: copy.stream.to_string(), revision, hash, time, closed, secrets, keys, after }
    }

    /// The stream and its last entry.
    fn head(&self) -> Option<(StreamId, Head)> {
        let position = Position { revision: self.revision, hash: parse(&self.hash)? };
        let head = Head { position, time: Timestamp(self.time), closed: self.closed };
        Some((StreamId::parse(&self.stream)?, head))
    }
}

#[derive(Serialize, Deserialize)]
struct Begin {
    stream: String,
    /// The entry after which the stream begins.
    after: u64,
}

/// A checkpoint that took the place of archived entries.
#[derive(Serialize, Deserialize)]
struct Cut {
    hash: String,
    time: i64,
    size: u64,
    parts: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    streams: u64,
    entries: u64,
    secrets: u64,
    keys: u64,
}

/// Why a file is not a whole backup that this version can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// It does not begin as a backup does.
    NotABackup,
    /// It does not end as a backup does.
    CutOff,
    /// Its sum is not that of its contents.
    Changed,
    /// A later version wrote it.
    NewerFormat {
        /// Its format.
        format: u32,
    },
    /// It is whole, and its contents are not as a backup's must be: a sentence that says where.
    Contents(String),
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABackup => f.write_str("the file is not a backup that `lanyard backup` made"),
            Self::CutOff => f.write_str("the backup is not whole: it is cut off, or its end was changed"),
            Self::Changed => f.write_str("the backup is not whole: its contents are not those that its sum is of"),
            Self::NewerFormat { format } => write!(
                f,
                "the backup has format {format}, and this version knows formats up to {FORMAT}; \
                 use the version of Lanyard that wrote it, or a later one"
            ),
            Self::Contents(fault) => write!(f, "the backup cannot be used: {fault}"),
        }
    }
}

impl std::error::Error for FileFault {}

/// Whether a file begins as a backup does.
///
/// # Errors
/// When it cannot be read.
pub fn is_backup(file: impl Read) -> io::Result<bool> {
    let mut start = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start == MAGIC)
}
