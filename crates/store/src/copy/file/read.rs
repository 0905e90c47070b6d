//! Reads a backup. Opening it sums the whole file, so that nothing is taken from one that was cut off or changed.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::vec::IntoIter;

use flate2::bufread::ZlibDecoder;
use lanyard_model::{Id, StreamId, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    AFTER, About, BEFORE, Begin, CUT, Counts, Cut, END, ENTRY, ERASED, FORMAT, FileFault, HEADER, Header, HeaderStream,
    KEY, MAGIC, PART, SECRET, STREAM, TRAILER,
};
use crate::chain::{link, parse};
use crate::copy::{Observer, Progress, Result, Source, StreamCopy, StreamSummary, Summary};
use crate::doctor::{EntryReader, Examination, Report, StreamHead};
use crate::{Checkpoint, Hash, Head, Logged, PersonKey, PersonKeys, Position, Secret, Snapshot, Stored};

/// The bytes that are read from the file at a time.
const BUFFER: usize = 1 << 18;

/// A backup that is whole.
#[derive(Debug)]
pub struct BackupFile<F> {
    file: F,
    /// The size of the file.
    bytes: u64,
    about: About,
    summary: Summary,
}

impl<F: Read + Seek> BackupFile<F> {
    /// Opens a backup, after a reading of the whole file to see that it is as it was written.
    ///
    /// # Errors
    /// When the file cannot be read, is cut off or changed, or has a later format.
    pub fn open(mut file: F) -> Result<Self> {
        let bytes = file.seek(SeekFrom::End(0))?;
        verify_sum(&mut file, bytes)?;
        let mut backup = Self {
            file,
            bytes,
            about: About { created: 0, lanyard: String::new() },
            summary: Summary { streams: Vec::new(), secrets: 0 },
        };
        let FileSource { about, summary, .. } = backup.source()?;
        (backup.about, backup.summary) = (about, summary);
        Ok(backup)
    }

    /// The size of the file in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// When it was made, and by which version.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Its contents, as its header says them.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Verifies what is in the backup: each stream's chain, and that the changes can be applied one after the other.
    ///
    /// # Errors
    /// When the file cannot be read. Faults of its contents are in the report instead.
    pub fn examine(&mut self, observe: Observer<'_>) -> Result<Report> {
        let mut source = self.source()?;
        let mut report = Report { format: FORMAT, ..Report::default() };
        let mut progress = Progress { done: 0, of: source.summary.entries() };
        while let Some(copy) = source.begin()? {
            report.streams += 1;
            report.ended += u64::from(copy.head.closed);
            report.secrets += copy.secrets.len() as u64;
            report.keys += copy.keys.iter().count() as u64;
            let Head { position: Position { revision, hash }, time, closed } = copy.head;
            let examination = Examination::new(&copy.stream.to_string(), &mut report);
            let mut examination = examination.ok_or_else(|| contents("a stream has a name that is none"))?;
            copy.keys.iter().for_each(|key| examination.key(&mut report, Ok(key.clone())));
            if let Some(cut) = source.cut.take() {
                examination.begin(&mut report, &cut);
            }
            let Position { revision: after, hash: mut previous } = copy.before();
            let mut reader = EntryReader::new(&copy.stream.to_string(), copy.cut.as_ref(), examination.keys());
            for at in after + 1..=revision {
                let (hash, record) = source.entry(&previous)?;
                previous = hash;
                let time = time_of(&record).unwrap_or(Timestamp(i64::MIN));
                examination.entry(&mut report, reader.read(at, time, &record, previous));
                progress.done += 1;
                observe(progress);
            }
            report.entries += revision - after;
            examination.head(&mut report, Some(StreamHead { revision, time, hash, closed }));
            let (resources, names) = examination.counts();
            report.resources += resources;
            report.names += names;
        }
        source.finish()?;
        Ok(report)
    }

    /// The contents from the beginning.
    pub(in crate::copy) fn source(&mut self) -> Result<FileSource<'_>> {
        self.file.seek(SeekFrom::Start(BEFORE))?;
        let file: &mut dyn Read = &mut self.file;
        let file = BufReader::with_capacity(BUFFER, file.take(self.bytes - BEFORE - AFTER));
        FileSource::new(BufReader::with_capacity(BUFFER, ZlibDecoder::new(file)))
    }
}

/// Fails unless the file is whole.
fn verify_sum(file: &mut (impl Read + Seek), bytes: u64) -> Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut start = Vec::new();
    file.by_ref().take(BEFORE).read_to_end(&mut start)?;
    let Some(format) = start.strip_prefix(&MAGIC) else { return Err(FileFault::NotABackup.into()) };
    let Ok(format) = <[u8; 4]>::try_from(format) else { return Err(FileFault::CutOff.into()) };
    match u32::from_be_bytes(format) {
        FORMAT => {}
        0 => return Err(FileFault::Changed.into()),
        format => return Err(FileFault::NewerFormat { format }.into()),
    }
    let Some(left) = bytes.checked_sub(BEFORE + AFTER) else { return Err(FileFault::CutOff.into()) };
    file.seek(SeekFrom::End(-(END.len() as i64)))?;
    let mut end = Vec::new();
    file.by_ref().take(END.len() as u64).read_to_end(&mut end)?;
    if end != END {
        return Err(FileFault::CutOff.into());
    }
    file.seek(SeekFrom::Start(0))?;
    let mut sum = Sha256::new();
    io::copy(&mut BufReader::with_capacity(BUFFER, file.by_ref().take(BEFORE + left)), &mut sum)?;
    let mut stored = Hash::default();
    file.read_exact(&mut stored)?;
    let computed: Hash = sum.finalize().into();
    if computed != stored {
        return Err(FileFault::Changed.into());
    }
    Ok(())
}

fn contents(fault: impl Into<String>) -> FileFault {
    FileFault::Contents(fault.into())
}

/// The time that an entry has.
fn time_of(record: &[u8]) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Record {
        entry: Timed,
    }
    #[derive(Deserialize)]
    struct Timed {
        time: Timestamp,
    }
    serde_json::from_slice::<Record>(record).ok().map(|record| record.entry.time)
}

type Frames<'a> = BufReader<ZlibDecoder<BufReader<Take<&'a mut dyn Read>>>>;

/// The contents of a backup, frame by frame.
pub(in crate::copy) struct FileSource<'a> {
    frames: Frames<'a>,
    about: About,
    summary: Summary,
    streams: IntoIter<HeaderStream>,
    counts: Counts,
    reached: Position,
    /// The keys of the people of the stream.
    keys: PersonKeys,
    /// The checkpoint after which the stream begins.
    cut: Option<Snapshot>,
}

impl<'a> FileSource<'a> {
    fn new(frames: Frames<'a>) -> Result<Self> {
        let mut source = Self {
            frames,
            about: About { created: 0, lanyard: String::new() },
            summary: Summary { streams: Vec::new(), secrets: 0 },
            streams: Vec::new().into_iter(),
            counts: Counts::default(),
            reached: Position { revision: 0, hash: Hash::default() },
            keys: PersonKeys::default(),
            cut: None,
        };
        let Header { about, streams } = source.json(HEADER)?;
        let mut summary = Summary { streams: Vec::new(), secrets: 0 };
        for stream in &streams {
            let wrong = || contents(format!("its header has a stream `{}` that is none", stream.stream));
            let (id, head) = stream.head().ok_or_else(wrong)?;
            summary.streams.push(StreamSummary::new(&id, &head, stream.after));
            summary.secrets += stream.secrets;
        }
        (source.about, source.summary, source.streams) = (about, summary, streams.into_iter());
        Ok(source)
    }

    /// The contents of the next frame, which is of this kind.
    fn frame(&mut self, kind: u8) -> Result<Vec<u8>> {
        self.frame_of(&[kind]).map(|(_, frame)| frame)
    }

    /// The hash and the bytes of the next entry, which follows the one of the hash `previous`.
    fn entry(&mut self, previous: &Hash) -> Result<(Hash, Vec<u8>)> {
        let (kind, mut frame) = self.frame_of(&[ENTRY, ERASED])?;
        self.counts.entries += 1;
        if kind == ENTRY {
            return Ok((link(previous, &frame), frame));
        }
        let too_short = || contents("an entry of which a part was erased has no hash");
        let hash = *frame.first_chunk::<32>().ok_or_else(too_short)?;
        frame.drain(..hash.len());
        Ok((hash, frame))
    }

    /// The kind and the contents of the next frame, which is of one of these kinds.
    fn frame_of(&mut self, kinds: &[u8]) -> Result<(u8, Vec<u8>)> {
        let mut head = [0; 9];
        self.frames.read_exact(&mut head).map_err(of_frames)?;
        let [actual, length @ ..] = head;
        if !kinds.contains(&actual) {
            let [actual, wanted] = [actual, kinds.first().copied().unwrap_or_default()]
                .map(|it| char::from(it).escape_default().to_string());
            return Err(
                contents(format!("it has a part of the kind `{actual}` in the place of one of `{wanted}`")).into()
            );
        }
        let length = u64::from_be_bytes(length);
        let mut frame = Vec::new();
        // A length that is none must not take memory that is not there.
        let read = self.frames.by_ref().take(length).read_to_end(&mut frame).map_err(of_frames)?;
        if read as u64 != length {
            return Err(contents("it ends in the middle of a part").into());
        }
        Ok((actual, frame))
    }

    fn json<T: DeserializeOwned>(&mut self, kind: u8) -> Result<T> {
        let frame = self.frame(kind)?;
        Ok(serde_json::from_slice(&frame).map_err(|error| contents(error.to_string()))?)
    }

    /// The next stream and its secrets.
    fn begin(&mut self) -> Result<Option<StreamCopy>> {
        let Some(next) = self.streams.next() else { return Ok(None) };
        let Begin { stream, after } = self.json(STREAM)?;
        let Some((id, head)) = next.head().filter(|_| stream == next.stream) else {
            return Err(contents(format!("`{stream}` is in the place of `{}`", next.stream)).into());
        };
        if after != next.after || after > head.position.revision {
            return Err(contents(format!("`{stream}` begins after revision {after}")).into());
        }
        self.cut = if after == 0 { None } else { Some(self.read_cut(after)?) };
        let mut secrets = Vec::new();
        for _ in 0..next.secrets {
            let frame = Zeroizing::new(self.frame(SECRET)?);
            let wrong = || contents(format!("`{stream}` has a secret that cannot be read"));
            let (length, rest) = frame.split_first_chunk::<4>().ok_or_else(wrong)?;
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| wrong())?;
            let (name, value) = rest.split_at_checked(length).ok_or_else(wrong)?;
            let name = std::str::from_utf8(name).map_err(|_| wrong())?;
            secrets.push((name.to_owned(), Secret::new(value.to_vec())));
        }
        let mut keys = PersonKeys::default();
        for _ in 0..next.keys {
            let frame = Zeroizing::new(self.frame(KEY)?);
            let wrong = || contents(format!("`{stream}` has a key of a person that cannot be read"));
            let (key, person) = frame.split_at_checked(32).ok_or_else(wrong)?;
            let person = Id::new(std::str::from_utf8(person).map_err(|_| wrong())?);
            keys.insert(PersonKey::new(person, key).ok_or_else(wrong)?);
        }
        self.counts.streams += 1;
        self.counts.secrets += next.secrets;
        self.counts.keys += next.keys;
        self.keys = keys.clone();
        let copy = StreamCopy { stream: id, head, secrets, keys, cut: self.cut.as_ref().map(|it| it.checkpoint) };
        self.reached = copy.before();
        Ok(Some(copy))
    }

    /// The checkpoint after which a stream begins.
    fn read_cut(&mut self, revision: u64) -> Result<Snapshot> {
        let Cut { hash, time, size, parts: count } = self.json(CUT)?;
        let hash = parse(&hash).ok_or_else(|| contents("the hash of a checkpoint is malformed"))?;
        let position = Position { revision, hash };
        let mut parts = Vec::new();
        for _ in 0..count {
            parts.push(self.frame(PART)?);
        }
        let checkpoint = Checkpoint { position, time: Timestamp(time), size, parts: count, is_cut: true };
        Ok(Snapshot { checkpoint, parts, keys: Vec::new() })
    }

    /// Fails unless everything was read.
    pub(in crate::copy) fn finish(mut self) -> Result<()> {
        let counts: Counts = self.json(TRAILER)?;
        let mut rest = [0; 1];
        let is_end = self.frames.read(&mut rest).map_err(of_frames)? == 0;
        if counts != self.counts || !is_end || self.frames.into_inner().into_inner().read(&mut rest)? != 0 {
            return Err(contents("its parts are not as many as it says").into());
        }
        Ok(())
    }
}

/// An error of the decoder is of the file's contents; an error of the disk is not.
fn of_frames(error: io::Error) -> super::super::CopyError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            contents(format!("its compressed contents cannot be read: {error}")).into()
        }
        _ => error.into(),
    }
}

impl Source for FileSource<'_> {
    fn entries(&self) -> u64 {
        self.summary.entries()
    }

    async fn next_stream(&mut self) -> Result<Option<StreamCopy>> {
        self.begin()
    }

    async fn cut(&mut self, _: &StreamCopy) -> Result<Option<Snapshot>> {
        Ok(self.cut.take())
    }

    async fn next_entry(&mut self, stream: &StreamId) -> Result<Logged> {
        let revision = self.reached.revision + 1;
        let previous = self.reached.hash;
        let (hash, record) = self.entry(&previous)?;
        let wrong = |error: String| contents(format!("{stream} revision {revision}: {error}"));
        let record = String::from_utf8(record).map_err(|error| wrong(error.to_string()))?;
        let stored = Stored::read(&record).map_err(wrong)?;
        let logged = Logged::open(stored, &record, hash, &self.keys).map_err(wrong)?;
        self.reached = Position { revision, hash };
        Ok(logged)
    }
}
