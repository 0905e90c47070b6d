//! The decision log: questions and answers, a JSON object a line.
//!
//! A thread of its own writes. Requests send it lines through a bounded queue: when that is full, a denial waits for
//! room, so that none is lost silently, and an allow is dropped and counted. Sampling drops allows only.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use lanyard_engine::{Finding, Outcome, Principal, Question};
use lanyard_model::visible::printable_json;
use lanyard_model::{Id, IdRef, Timestamp};
use serde::Serialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::answer::Decided;
use super::question::ParsedQuestion;
use crate::settings::{DecisionLogTarget, StartError};

/// How many lines wait to be written at most.
const QUEUE: usize = 8_192;

/// A decision log that is being written. Dropped, it ends when everything in it is written.
pub(crate) struct DecisionLog {
    queue: Option<Sender<Vec<u8>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// Allows whose number is below are kept; the numbers are even over all 62 bits.
    keep_below: u64,
    dropped: AtomicU64,
}

/// A line that is not written yet.
pub(super) struct Line {
    text: Vec<u8>,
    is_allow: bool,
}

/// A decision as it is logged.
pub(super) struct Entry<'a> {
    pub(super) id: &'a str,
    pub(super) time: Timestamp,
    pub(super) instance: &'a Id,
    pub(super) token: Option<&'a str>,
    pub(super) parsed: &'a ParsedQuestion<'a>,
    pub(super) decided: &'a Decided,
    pub(super) revision: u64,
}

#[derive(Serialize)]
struct Object<'a> {
    id: &'a str,
    /// Milliseconds since 1970.
    time: i64,
    instance: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    question: Written<'a>,
    decision: bool,
    outcome: Outcome,
    reading: &'static str,
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    denial: Option<lanyard_engine::Denial>,
    /// Those that grant it or, of a refusal, those that came closest.
    profiles: Vec<&'a str>,
}

/// A question in the form of AuthZEN.
#[derive(Serialize)]
pub(super) struct Written<'a> {
    subject: Typed<'a>,
    action: WrittenAction<'a>,
    resource: WrittenResource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    self_service: bool,
}

#[derive(Serialize)]
struct Typed<'a> {
    #[serde(rename = "type")]
    its_type: &'a str,
    id: &'a str,
}

#[derive(Serialize)]
struct WrittenAction<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assigns: Vec<Typed<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    changes_primary_values: bool,
}

#[derive(Serialize)]
struct WrittenResource<'a> {
    #[serde(flatten)]
    named: Typed<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    match_some: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hypothetical: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<(&'a str, &'a str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hierarchy_group_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    primary_values: Vec<(&'a str, &'a str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_id: Option<&'a str>,
}

impl<'a> Written<'a> {
    pub(super) fn of(parsed: &'a ParsedQuestion<'_>) -> Self {
        let Question { principal, on_behalf_of, self_service, action, resource, changes_primary_values, .. } =
            parsed.question(&[]);
        let (its_type, id) = match principal {
            Principal::User(id) => ("user", id),
            Principal::AiAgent(id) => ("ai_agent", id),
        };
        let typed = |(its_type, id)| Typed { its_type, id };
        Self {
            subject: Typed { its_type, id },
            action: WrittenAction {
                name: action,
                assigns: parsed.assigned().into_iter().map(typed).collect(),
                changes_primary_values,
            },
            resource: WrittenResource {
                named: Typed { its_type: resource.resource_type, id: resource.id },
                match_some: resource.match_some,
                hypothetical: resource.hypothetical,
                tags: resource.tags.to_vec(),
                hierarchy_group_id: resource.hierarchy_group_id,
                primary_values: resource.primary_values.to_vec(),
                table_id: resource.table_id,
                agent_id: resource.agent_id,
                owner_id: resource.owner_id,
            },
            on_behalf_of,
            self_service,
        }
    }
}

/// Numbers of decisions have this many bits.
const NUMBER_BITS: u32 = 62;

impl DecisionLog {
    /// Begins to write, after what a file holds already.
    ///
    /// # Errors
    /// When the file cannot be opened, or no thread can be had.
    pub(crate) fn start(target: &DecisionLogTarget) -> Result<Self, StartError> {
        let failed = |error: io::Error| match &target.file {
            Some(file) => StartError(format!("the decision log `{}`: {error}", file.display())),
            None => StartError(format!("the decision log: {error}")),
        };
        let keep_below = share(target.sample);
        let output = Output::open(target.file.as_deref(), target.rotate).map_err(failed)?;
        let (queue, lines) = channel(QUEUE);
        let writer = std::thread::Builder::new().name("decision-log".to_owned());
        let writer = writer.spawn(move || write_all(output, lines)).map_err(failed)?;
        Ok(Self { queue: Some(queue), writer: Mutex::new(Some(writer)), keep_below, dropped: AtomicU64::new(0) })
    }

    /// The line of a decision; `None` for an allow that sampling drops.
    pub(super) fn line(&self, entry: &Entry<'_>) -> Option<Line> {
        let Entry { id, time, instance, token, parsed, decided, revision } = entry;
        let is_allow = decided.outcome == Outcome::Allowed;
        if is_allow && number(id) >= self.keep_below {
            return None;
        }
        let object = Object {
            id,
            time: time.0,
            instance: instance.to_string(),
            token: *token,
            question: Written::of(parsed),
            decision: decided.is_allowed(),
            outcome: decided.outcome,
            reading: decided.reading(),
            revision: *revision,
            denial: decided.denial,
            profiles: deciding(decided),
        };
        // The log may be shown on a terminal.
        let mut text = printable_json(&serde_json::to_string(&object).unwrap_or_default()).into_owned();
        text.push('\n');
        Some(Line { text: text.into_bytes(), is_allow })
    }

    /// Sends a line to the writer.
    pub(super) async fn keep(&self, line: Line) {
        let Some(queue) = &self.queue else { return };
        if line.is_allow {
            if queue.try_send(line.text).is_err() {
                let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
                if dropped.is_power_of_two() {
                    tracing::warn!(dropped, "the decision log cannot keep up: allows are dropped");
                }
            }
        } else if queue.send(line.text).await.is_err() {
            tracing::error!("a denial is not in the decision log: its writer ended");
        }
    }
}

impl Drop for DecisionLog {
    fn drop(&mut self) {
        drop(self.queue.take());
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if writer.is_some_and(|writer| writer.join().is_err()) {
            tracing::error!("the decision log's writer failed");
        }
    }
}

/// The profiles that decided.
fn deciding(decided: &Decided) -> Vec<&str> {
    let Some(explanation) = &decided.explanation else { return Vec::new() };
    let granting = explanation.reports.iter().flat_map(|report| &report.profiles);
    let granting: Vec<_> = granting.filter(|it| it.findings == [Finding::Grants]).map(|it| it.id.as_str()).collect();
    if !granting.is_empty() {
        return granting;
    }
    let reports = explanation.reports.iter();
    reports.filter_map(|report| report.profiles.get(report.closest?)).map(|it| it.id.as_str()).collect()
}

/// The number in a decision's identifier.
fn number(id: &str) -> u64 {
    match IdRef::new(id) {
        IdRef::Uuid(bits) => u64::try_from(bits & u128::from((1_u64 << NUMBER_BITS) - 1)).unwrap_or_default(),
        IdRef::Text(_) => 0,
    }
}

/// The number below which a share of all numbers lies.
fn share(sample: f64) -> u64 {
    const STEPS: f64 = 1_000_000_000.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and STEPS")]
    let steps = (sample.clamp(0.0, 1.0) * STEPS).round() as u64;
    let whole = 1_u128 << NUMBER_BITS;
    u64::try_from(whole * u128::from(steps) / 1_000_000_000).unwrap_or(u64::MAX)
}

fn write_all(mut output: Output, mut lines: Receiver<Vec<u8>>) {
    let mut failing = false;
    while let Some(line) = lines.blocking_recv() {
        let last = lines.is_empty();
        match output.write(&line, last) {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                tracing::error!("the decision log cannot be written, decisions are missing from it: {error}");
                failing = true;
            }
            Err(_) => {}
        }
    }
    if let Err(error) = output.file.flush() {
        tracing::error!("the decision log's end cannot be written: {error}");
    }
}

/// Where lines go.
struct Output {
    file: io::BufWriter<File>,
    size: u64,
    /// A file that can be rotated, and the size beyond which it is.
    rotates: Option<(PathBuf, u64)>,
}

impl Output {
    fn open(path: Option<&Path>, rotate: Option<u64>) -> io::Result<Self> {
        let (file, size) = match path {
            Some(path) => open(path)?,
            // Not `Stdout` itself: another holder of its lock would block the writer.
            None => (io::BufWriter::new(File::from(io::stdout().as_fd().try_clone_to_owned()?)), 0),
        };
        Ok(Self { file, size, rotates: path.map(Path::to_owned).zip(rotate) })
    }

    /// Writes a line; the last one that waits brings those before it to the file.
    fn write(&mut self, line: &[u8], last: bool) -> io::Result<()> {
        let bytes = line.len() as u64;
        self.make_room(bytes)?;
        self.file.write_all(line)?;
        self.size += bytes;
        if last { self.file.flush() } else { Ok(()) }
    }

    /// Rotates the file when the line would make it too large.
    fn make_room(&mut self, bytes: u64) -> io::Result<()> {
        let Some((path, most)) = &self.rotates else { return Ok(()) };
        if self.size == 0 || self.size + bytes <= *most {
            return Ok(());
        }
        self.file.flush()?;
        std::fs::rename(path, free_name(path))?;
        (self.file, self.size) = open(path)?;
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<(io::BufWriter<File>, u64)> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let size = file.metadata()?.len();
    Ok((io::BufWriter::new(file), size))
}

/// `FILE.N`, where N follows the highest there is.
fn free_name(path: &Path) -> PathBuf {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let prefix = format!("{}.", path.file_name().unwrap_or_default().to_string_lossy());
    let number = |entry: io::Result<std::fs::DirEntry>| {
        entry.ok()?.file_name().to_str()?.strip_prefix(&prefix)?.parse::<u64>().ok()
    };
    let highest = std::fs::read_dir(directory).ok().and_then(|entries| entries.filter_map(number).max());
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", highest.unwrap_or_default() + 1));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{NUMBER_BITS, Output, free_name, share};

    #[test]
    fn a_file_that_is_full_is_set_aside_and_never_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("decisions.log");
        std::fs::File::create(directory.path().join("decisions.log.7")).unwrap().write_all(b"old").unwrap();
        let mut output = Output::open(Some(&path), Some(10)).unwrap();
        for line in [b"one 45\n", b"two 45\n", b"six 45\n"] {
            output.write(line, true).unwrap();
        }
        let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!(read("decisions.log.7"), "old");
        assert_eq!(read("decisions.log.8"), "one 45\n");
        assert_eq!(read("decisions.log.9"), "two 45\n");
        assert_eq!(read("decisions.log"), "six 45\n");
        assert_eq!(free_name(&path), directory.path().join("decisions.log.10"));
    }

    #[test]
    fn a_share_of_all_numbers() {
        let whole = 1_u64 << NUMBER_BITS;
        assert_eq!(share(0.0), 0);
        assert_eq!(share(1.0), whole);
        assert_eq!(share(0.5), whole / 2);
        assert_eq!(share(7.0), whole);
        assert_eq!(share(f64::NAN), 0);
    }
}
