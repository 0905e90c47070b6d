//! Copies of a store: the parts that `backup`, `restore`, `migrate` and `doctor` share.

mod progress;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use lanyard_model::Timestamp;
use lanyard_store::copy::{About, BackupFile, CopyError, Progress, StreamSummary, Summary};
use lanyard_store::{CopyPoint, Store};
use serde::Serialize;

use crate::failure::Failure;
use crate::stores::{self, Place, shown, wait};

pub(crate) use progress::CopyProgress;

/// How many streams are listed where not all are.
const LISTED: usize = 20;

/// A copy as it is reported, in JSON with the members of all parts.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    /// The backup, where there is one.
    #[serde(flatten)]
    pub(crate) about: Option<&'a About>,
    /// The size of the backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bytes: Option<u64>,
    /// How many entries were copied.
    pub(crate) entries: u64,
    /// The contents.
    #[serde(flatten)]
    pub(crate) summary: &'a Summary,
}

impl<'a> Report<'a> {
    pub(crate) fn new(about: Option<&'a About>, bytes: Option<u64>, summary: &'a Summary) -> Self {
        Self { about, bytes, entries: summary.entries(), summary }
    }

    /// Prints it: as JSON, or after `title` as lines.
    pub(crate) fn write(&self, title: &str, json: bool, out: &mut dyn Write) -> io::Result<()> {
        if json {
            serde_json::to_writer_pretty(&mut *out, self)?;
            return writeln!(out);
        }
        let Summary { streams, secrets } = self.summary;
        let bytes = self.bytes.map_or_else(String::new, |bytes| format!(", {bytes} bytes"));
        writeln!(out, "{title}: {} entries of {} streams, {secrets} secrets{bytes}", self.entries, streams.len())?;
        for StreamSummary { stream, revision, time, closed, .. } in streams.iter().take(LISTED) {
            let ended = if *closed { ", where it ended" } else { "" };
            writeln!(out, "  {stream}: revision {revision}, {}{ended}", iso(*time))?;
        }
        if let Some(more) = streams.len().checked_sub(LISTED).filter(|more| *more > 0) {
            writeln!(out, "  and {more} more, which --json lists")?;
        }
        Ok(())
    }
}

/// A time of milliseconds since 1970, as text.
pub(crate) fn iso(millis: i64) -> String {
    lanyard_wire::Timestamp::from_millis(millis).to_iso()
}

/// Opens a backup. The error names the file.
pub(crate) fn open_backup(path: &Path) -> Result<BackupFile<File>, Failure> {
    if path == Path::new("-") {
        return Err(Failure::Message(
            "a backup is read twice, before anything is written and after: save it in a file first".to_owned(),
        ));
    }
    let failed = |error: CopyError| Failure::Message(format!("`{}`: {error}", path.display()));
    let file = lanyard_local_file::open(path).map_err(|error| failed(error.into()))?;
    BackupFile::open(file).map_err(failed)
}

/// Fills the empty store at `place` with what `copy` gives it, verifies it, and makes it complete. `confirm` says, when all
/// is written, whether the copy is the one that was wanted.
pub(crate) fn fill(
    place: &Place,
    copy: impl AsyncFnOnce(&dyn Store, &mut dyn FnMut(Progress)) -> Result<(), CopyError>,
    confirm: impl FnOnce(&CopyPoint) -> Result<(), String>,
) -> Result<(), Failure> {
    let store = stores::open_incomplete(place).map_err(Failure::from_error)?;
    let left = |error: String| {
        let place = shown(&place.path);
        Failure::Message(format!("{error}; the copy in `{place}` is incomplete: delete it before you try again"))
    };
    let mut progress = CopyProgress::new("written");
    let copied = wait(copy(&*store, &mut |done| progress.step(done)));
    progress.finish();
    copied.map_err(|error| left(error.to_string()))?;
    let written = wait(store.copy_point()).map_err(|error| left(error.to_string()))?;
    confirm(&written).map_err(left)?;
    drop(store);
    let report = stores::doctor_incomplete(place).map_err(|error| left(error.to_string()))?;
    if !report.is_sound() {
        let report = report.to_string();
        let last = left("the copy is not sound".to_owned()).to_string();
        return Err(Failure::Lines(report.lines().map(str::to_owned).chain([last]).collect()));
    }
    stores::complete(place).map_err(|error| left(error.to_string()))
}

/// The present time, in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let Timestamp(now) = lanyard_service::SystemEnvironment::shared().now();
    now
}
