//! The progress of a copy: one line that is rewritten on a terminal, and a line every half minute elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use lanyard_store::copy::Progress;

/// The time between lines: on a terminal, and elsewhere.
const ON_TERMINAL: Duration = Duration::from_millis(200);
const ELSEWHERE: Duration = Duration::from_secs(30);

/// Prints the progress of a copy on standard error.
pub(crate) struct CopyProgress {
    /// The word for entries that are done, such as `written`.
    done: &'static str,
    is_terminal: bool,
    last_line: Instant,
    has_line: bool,
}

impl CopyProgress {
    pub(crate) fn new(done: &'static str) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Self { done, is_terminal, last_line: Instant::now(), has_line: false }
    }

    /// Takes the progress after an entry.
    pub(crate) fn step(&mut self, Progress { done, of }: Progress) {
        let wait = if self.is_terminal { ON_TERMINAL } else { ELSEWHERE };
        if self.last_line.elapsed() >= wait {
            self.last_line = Instant::now();
            self.has_line = true;
            self.write(&format!("{done} of {of} entries {}", self.done));
        }
    }

    /// Removes the line from a terminal.
    pub(crate) fn finish(&mut self) {
        if self.is_terminal && self.has_line {
            self.write("");
        }
    }

    fn write(&self, line: &str) {
        let mut err = std::io::stderr().lock();
        // An error here is ignored: standard error is the last place to report it.
        let _ = match self.is_terminal {
            true => write!(err, "\r\x1b[2K{line}").and_then(|()| err.flush()),
            false => writeln!(err, "{line}"),
        };
    }
}
