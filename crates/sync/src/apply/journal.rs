//! The journal of an apply: the calls that were made, in a file next to the plan. An interrupted apply resumes from it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use super::made::Made;
use lanyard_local_file::open_own;
use lanyard_model::Id;
use serde::{Deserialize, Serialize};

/// One line of the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// The digest of the plan.
    Plan(String),
    /// A call is about to be sent.
    Sending(usize),
    /// The call was answered; the resource was made under this identifier.
    Done {
        call: usize,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<(String, String)>,
    },
}

/// The journal of one plan.
pub struct Journal {
    path: PathBuf,
    file: File,
    done: Vec<usize>,
    sent: Option<usize>,
    made: Made,
}

impl Journal {
    /// Opens the journal of the plan in a file, or begins one.
    ///
    /// # Errors
    /// The file cannot be read or written, or is the journal of another plan.
    pub fn open(plan: &Path, digest: &str) -> std::io::Result<Self> {
        let mut name = plan.file_name().unwrap_or_default().to_owned();
        name.push(".journal");
        let path = plan.with_file_name(name);
        let file = open_own(&path, OpenOptions::new().read(true).append(true).create(true))?;
        let mut journal = Self { path, file, done: Vec::new(), sent: None, made: Made::default() };
        let mut is_new = true;
        let mut text = String::new();
        let mut whole = 0_u64;
        let mut reader = BufReader::new(journal.file.try_clone()?);
        while reader.read_line(&mut text)? > 0 {
            // A machine that stops can cut off the last line.
            let Some(line) = text.strip_suffix('\n').and_then(|line| serde_json::from_str(line).ok()) else { break };
            whole = whole.saturating_add(u64::try_from(text.len()).unwrap_or_default());
            text.clear();
            is_new = false;
            match line {
                Line::Plan(of) if of == digest => {}
                Line::Plan(_) => {
                    let path = journal.path.display();
                    return Err(std::io::Error::other(format!("`{path}` is the journal of another plan; remove it")));
                }
                Line::Sending(call) => journal.sent = Some(call),
                Line::Done { call, made } => {
                    journal.sent = None;
                    journal.done.push(call);
                    journal.made.extend(made.map(|(from, to)| (Id::new(&from), Id::new(&to))));
                }
            }
        }
        // The next entry begins on a line of its own.
        journal.file.set_len(whole)?;
        if is_new {
            journal.write(&Line::Plan(digest.to_owned()))?;
        }
        Ok(journal)
    }

    /// Whether a call was answered.
    pub(super) fn is_done(&self, call: usize) -> bool {
        self.done.contains(&call)
    }

    /// Whether a call was sent and its answer is unknown.
    pub(super) fn was_sent(&self, call: usize) -> bool {
        self.sent == Some(call)
    }

    /// Whether nothing was sent yet.
    pub(super) fn is_new(&self) -> bool {
        self.done.is_empty() && self.sent.is_none()
    }

    /// The number of calls that were answered.
    pub(super) fn count(&self) -> usize {
        self.done.len()
    }

    /// Provisional identifiers, and those of the resources that were made.
    pub(super) fn made(&self) -> &Made {
        &self.made
    }

    pub(super) fn sending(&mut self, call: usize) -> std::io::Result<()> {
        self.sent = Some(call);
        self.write(&Line::Sending(call))
    }

    pub(super) fn done(&mut self, call: usize, made: Option<(Id, Id)>) -> std::io::Result<()> {
        self.sent = None;
        self.done.push(call);
        let text = made.as_ref().map(|(from, to)| (from.to_string(), to.to_string()));
        self.made.extend(made);
        self.write(&Line::Done { call, made: text })
    }

    /// Removes the journal of a plan that is applied.
    pub fn finish(self) -> std::io::Result<()> {
        std::fs::remove_file(self.path)
    }

    fn write(&mut self, line: &Line) -> std::io::Result<()> {
        let mut text = serde_json::to_string(line).map_err(std::io::Error::other)?;
        text.push('\n');
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }
}
