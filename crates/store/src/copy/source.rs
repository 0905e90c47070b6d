//! The entries of a store's streams, a few megabytes at a time.

use std::collections::VecDeque;
use std::vec::IntoIter;

use lanyard_model::StreamId;

use super::{CopyError, CopyPoint, Result, Source, StreamCopy};
use crate::{Logged, Snapshot, Store};

/// How many entries are read first, before their size is known.
const FIRST: usize = 4;

/// The most entries that are read at a time.
const MOST: usize = 2_000;

/// The bytes of entries that are read at a time, about.
const BYTES: usize = 4 << 20;

pub(super) struct StoreSource<'a> {
    store: &'a dyn Store,
    streams: IntoIter<StreamCopy>,
    entries: u64,
    /// The last entry of the stream that was read.
    after: u64,
    /// The last entry of the stream that is to be read.
    until: u64,
    read: VecDeque<Logged>,
    /// How many entries are read next.
    step: usize,
}

impl<'a> StoreSource<'a> {
    pub(super) fn new(store: &'a dyn Store, point: CopyPoint) -> Self {
        let entries = point.summary().entries();
        let streams = point.streams.into_iter();
        Self { store, streams, entries, after: 0, until: 0, read: VecDeque::new(), step: FIRST }
    }
}

impl Source for StoreSource<'_> {
    fn entries(&self) -> u64 {
        self.entries
    }

    async fn next_stream(&mut self) -> Result<Option<StreamCopy>> {
        let stream = self.streams.next();
        self.read.clear();
        self.step = FIRST;
        self.after = stream.as_ref().map_or(0, |it| it.before().revision);
        self.until = stream.as_ref().map_or(0, |it| it.head.position.revision);
        Ok(stream)
    }

    async fn cut(&mut self, copy: &StreamCopy) -> Result<Option<Snapshot>> {
        let Some(checkpoint) = copy.cut else { return Ok(None) };
        let mut parts = Vec::new();
        for part in 0..checkpoint.parts {
            let read = self.store.checkpoint_part(&copy.stream, checkpoint.position.revision, part).await?;
            let gone =
                || CopyError::Unsound(format!("entries of {} were archived meanwhile; run it again", copy.stream));
            parts.push(read.ok_or_else(gone)?);
        }
        Ok(Some(Snapshot { checkpoint, parts, keys: Vec::new() }))
    }

    async fn next_entry(&mut self, stream: &StreamId) -> Result<Logged> {
        if self.read.is_empty() {
            let left = usize::try_from(self.until.saturating_sub(self.after)).unwrap_or(usize::MAX);
            let entries = self.store.read(stream, self.after, self.step.min(left)).await?;
            self.after = entries.last().map_or(self.after, |last| last.revision);
            let size = entries.iter().map(|it| it.record.len()).sum::<usize>() / entries.len().max(1);
            self.step = (BYTES / size.max(1)).clamp(1, MOST);
            self.read = entries.into();
        }
        let missing = || CopyError::Unsound(format!("{stream} has no entry after revision {}", self.after));
        self.read.pop_front().ok_or_else(missing)
    }
}
