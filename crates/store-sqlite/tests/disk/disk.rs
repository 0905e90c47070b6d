//! A disk: the bytes that it was given, those that are certain to be on it, and the requests that fail.
//!
//! Programs read what they wrote, whether or not it is on the disk. A sync makes all that was written to a file certain.
//! A sync that fails leaves each write on the disk, or lost, or a part of it on the disk, and later syncs do not write it
//! again, as on Linux. When power is cut, each write since the last sync is on the disk, or lost, or torn.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use crate::random::Random;

/// How often requests fail, each in a thousand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// A write or a change of length finds no room; a part of it may be written.
    pub(crate) full: u64,
    /// A write fails; a part of it may be written.
    pub(crate) write: u64,
    /// A sync fails.
    pub(crate) sync: u64,
    /// A read fails; a part of it may be read.
    pub(crate) read: u64,
}

/// How a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no room. So many bytes were written.
    Full(usize),
    /// The request failed. So many bytes were written or read.
    Failed(usize),
}

#[derive(Debug)]
pub(crate) struct Disk(Mutex<State>);

#[derive(Debug)]
struct State {
    random: Random,
    faults: Faults,
    fails_next_sync: bool,
    /// How many requests there were.
    requests: u64,
    /// Power is cut before the request of this number.
    cut_at: u64,
    files: BTreeMap<String, File>,
}

#[derive(Debug, Default)]
struct File {
    /// The content that is certain to be on the disk; `None` while it is not certain that there is such a file.
    certain: Option<Vec<u8>>,
    /// The writes since.
    written: Vec<Written>,
}

#[derive(Debug)]
enum Written {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

impl Disk {
    /// A disk that holds the files of a directory.
    pub(crate) fn of(directory: &Path, seed: u64) -> Self {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let content = std::fs::read(entry.path()).unwrap();
            let file = File { certain: Some(content), written: Vec::new() };
            files.insert(entry.file_name().into_string().unwrap(), file);
        }
        let (random, faults) = (Random(seed), Faults::default());
        Self(Mutex::new(State { random, faults, fails_next_sync: false, requests: 0, cut_at: u64::MAX, files }))
    }

    pub(crate) fn set(&self, faults: Faults) {
        self.lock().faults = faults;
    }

    pub(crate) fn fail_next_sync(&self) {
        self.lock().fails_next_sync = true;
    }

    /// Cuts power after so many more requests.
    pub(crate) fn cut_after(&self, requests: u64) {
        let mut state = self.lock();
        state.cut_at = state.requests + requests;
    }

    pub(crate) fn has_power(&self) -> bool {
        let state = self.lock();
        state.requests < state.cut_at
    }

    /// Cuts power, and puts into a directory what is on the disk.
    pub(crate) fn survivor(&self, directory: &Path) {
        let mut state = self.lock();
        state.cut_at = 0;
        let State { random, files, .. } = &mut *state;
        for (name, file) in files {
            let is_there = file.certain.is_some() || random.is(500);
            let mut content = file.certain.clone().unwrap_or_default();
            // Often everything, or nothing: the cases that a program is most likely to get wrong.
            let kept = [0, 500, 1_000][random.length(2)];
            file.written.drain(..).for_each(|it| it.survive(&mut content, random, kept));
            if is_there {
                std::fs::write(directory.join(name), content).unwrap();
            }
        }
    }

    pub(crate) fn open(&self, name: &str) -> Result<(), Fault> {
        let mut state = self.lock();
        state.request()?;
        state.files.entry(name.to_owned()).or_default();
        Ok(())
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), Fault> {
        let mut state = self.lock();
        state.request()?;
        state.files.remove(name);
        Ok(())
    }

    pub(crate) fn read(&self, length: usize) -> Result<(), Fault> {
        let mut state = self.lock();
        state.request()?;
        let share = state.faults.read;
        if state.random.is(share) { Err(Fault::Failed(state.random.length(length))) } else { Ok(()) }
    }

    pub(crate) fn write(&self, name: &str, offset: usize, bytes: &[u8]) -> Result<(), Fault> {
        let mut state = self.lock();
        let result = state.fails(bytes.len());
        let length = match result {
            Ok(()) => bytes.len(),
            Err(Fault::Full(length) | Fault::Failed(length)) => length,
        };
        if length > 0 {
            state.file(name).written.push(Written::Bytes(offset, bytes[..length].to_vec()));
        }
        result
    }

    pub(crate) fn truncate(&self, name: &str, length: usize) -> Result<(), Fault> {
        let mut state = self.lock();
        state.fails(0)?;
        state.file(name).written.push(Written::Length(length));
        Ok(())
    }

    pub(crate) fn sync(&self, name: &str) -> Result<(), Fault> {
        let mut state = self.lock();
        state.request()?;
        let share = state.faults.sync;
        let fails = state.random.is(share) | std::mem::take(&mut state.fails_next_sync);
        let State { random, files, .. } = &mut *state;
        let file = files.get_mut(name).unwrap();
        let kept = [0, 500, 1_000][random.length(2)];
        let content = file.certain.get_or_insert_default();
        for it in file.written.drain(..) {
            if fails { it.survive(content, random, kept) } else { it.apply(content) }
        }
        if fails { Err(Fault::Failed(0)) } else { Ok(()) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn request(&mut self) -> Result<(), Fault> {
        if self.requests >= self.cut_at {
            return Err(Fault::Failed(0));
        }
        self.requests += 1;
        Ok(())
    }

    fn fails(&mut self, length: usize) -> Result<(), Fault> {
        self.request()?;
        let Faults { full, write, .. } = self.faults;
        if self.random.is(full) {
            Err(Fault::Full(self.random.length(length.saturating_sub(1))))
        } else if self.random.is(write) {
            Err(Fault::Failed(self.random.length(length)))
        } else {
            Ok(())
        }
    }

    fn file(&mut self, name: &str) -> &mut File {
        self.files.get_mut(name).unwrap()
    }
}

impl Written {
    fn apply(self, content: &mut Vec<u8>) {
        match self {
            Self::Bytes(offset, bytes) => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[offset..end].copy_from_slice(&bytes);
            }
            Self::Length(length) => content.truncate(length),
        }
    }

    /// Applies it in `kept` of a thousand cases, and else none or a first part of it.
    fn survive(self, content: &mut Vec<u8>, random: &mut Random, kept: u64) {
        if random.is(kept) {
            self.apply(content);
        } else if let Self::Bytes(offset, mut bytes) = self
            && random.is(500)
        {
            bytes.truncate(random.length(bytes.len()));
            Self::Bytes(offset, bytes).apply(content);
        }
    }
}
