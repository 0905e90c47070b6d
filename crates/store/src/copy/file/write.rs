//! Writes a backup.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lanyard_model::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    About, Begin, CUT, Counts, Cut, END, ENTRY, ERASED, FORMAT, HEADER, Header, HeaderStream, KEY, MAGIC, PART, SECRET,
    STREAM, TRAILER,
};
use crate::chain::{hex, link};
use crate::copy::{CopyPoint, Result, Sink, StreamCopy};
use crate::{Checkpoint, Hash, Logged, Snapshot};

/// Entries repeat themselves so much that more effort takes twice the time for a few percent.
const LEVEL: Compression = Compression::new(3);

/// A file that sums what is written to it.
struct Summed<W> {
    out: W,
    sum: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.out.write(buffer)?;
        self.sum.update(buffer.get(..written).unwrap_or(buffer));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

pub(in crate::copy) struct FileSink<W: Write> {
    /// `None` once the backup is finished.
    frames: Option<ZlibEncoder<Summed<W>>>,
    counts: Counts,
    bytes: u64,
    /// The hash of the last entry.
    reached: Hash,
}

impl<W: Write> FileSink<W> {
    /// Begins a backup of the streams of `point`.
    pub(in crate::copy) fn begin(out: W, about: &About, point: &CopyPoint) -> Result<Self> {
        let mut out = Summed { out, sum: Sha256::new(), bytes: 0 };
        out.write_all(&MAGIC)?;
        out.write_all(&FORMAT.to_be_bytes())?;
        let frames = Some(ZlibEncoder::new(out, LEVEL));
        let mut sink = Self { frames, counts: Counts::default(), bytes: 0, reached: Hash::default() };
        let streams = point.streams.iter().map(HeaderStream::new).collect();
        sink.json(HEADER, &Header { about: about.clone(), streams })?;
        Ok(sink)
    }

    /// The size of the file, once it is finished.
    pub(in crate::copy) fn bytes(&self) -> u64 {
        self.bytes
    }

    fn json(&mut self, kind: u8, contents: &impl Serialize) -> Result<()> {
        let contents = serde_json::to_vec(contents).map_err(io::Error::other)?;
        self.frame(kind, &[&contents])
    }

    fn frame(&mut self, kind: u8, contents: &[&[u8]]) -> Result<()> {
        let Some(frames) = &mut self.frames else { return Ok(()) };
        let length: u64 = contents.iter().map(|part| part.len() as u64).sum();
        frames.write_all(&[kind])?;
        frames.write_all(&length.to_be_bytes())?;
        for part in contents {
            frames.write_all(part)?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for FileSink<W> {
    async fn stream(&mut self, copy: StreamCopy, cut: Option<Snapshot>) -> Result<()> {
        let before = copy.before();
        self.json(STREAM, &Begin { stream: copy.stream.to_string(), after: before.revision })?;
        self.counts.streams += 1;
        if let Some(Snapshot { checkpoint, parts, .. }) = cut {
            let Checkpoint { position, time: Timestamp(time), size, parts: count, .. } = checkpoint;
            self.json(CUT, &Cut { hash: hex(&position.hash), time, size, parts: count })?;
            for part in &parts {
                self.frame(PART, &[part])?;
            }
        }
        for (name, value) in &copy.secrets {
            let length = u32::try_from(name.len()).map_err(io::Error::other)?;
            self.frame(SECRET, &[&length.to_be_bytes(), name.as_bytes(), value.expose()])?;
            self.counts.secrets += 1;
        }
        let mut keys: Vec<_> = copy.keys.iter().collect();
        keys.sort_by_key(|key| (key.person().to_string(), key.number()));
        for key in keys {
            self.frame(KEY, &[key.expose(), key.person().to_string().as_bytes()])?;
            self.counts.keys += 1;
        }
        self.reached = before.hash;
        Ok(())
    }

    async fn entry(&mut self, logged: Logged) -> Result<()> {
        self.counts.entries += 1;
        let record = logged.record.as_bytes();
        let is_whole = logged.hash == link(&self.reached, record);
        self.reached = logged.hash;
        match is_whole {
            true => self.frame(ENTRY, &[record]),
            false => self.frame(ERASED, &[&logged.hash, record]),
        }
    }

    async fn finish(&mut self) -> Result<()> {
        self.json(TRAILER, &self.counts.clone())?;
        let Some(frames) = self.frames.take() else { return Ok(()) };
        let Summed { mut out, sum, bytes } = frames.finish()?;
        out.write_all(&sum.finalize())?;
        out.write_all(&END)?;
        out.flush()?;
        self.bytes = bytes + super::AFTER;
        Ok(())
    }
}
