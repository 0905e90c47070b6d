//! The progress of a pull: one line that is rewritten on a terminal, and a line every half minute elsewhere.

use std::io::{IsTerminal as _, Write as _};

use lanyard_sync::pull::Observer;

/// The time between lines, in milliseconds: on a terminal, and elsewhere.
const ON_TERMINAL: i64 = 200;
const ELSEWHERE: i64 = 30_000;

/// The progress of a pull. Times are milliseconds since 1970.
pub(crate) struct Progress {
    is_terminal: bool,
    /// The time of the first call, and of the last line.
    begun: Option<i64>,
    last_line: i64,
    /// The calls that were made, the answers that an earlier pull left, and the expected number of all calls.
    made: usize,
    kept: usize,
    expected: usize,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Self { is_terminal, begun: None, last_line: i64::MIN, made: 0, kept: 0, expected: 0 }
    }

    fn line(&self, elapsed: i64) -> String {
        let done = self.made + self.kept;
        let Some(left) = self.expected.checked_sub(done).filter(|_| self.made > 1) else {
            return format!("{done} answers");
        };
        let made = i64::try_from(self.made - 1).unwrap_or(i64::MAX).max(1);
        let seconds = elapsed.saturating_mul(i64::try_from(left).unwrap_or(i64::MAX)) / made / 1_000;
        let time = match seconds {
            0..60 => format!("{seconds} s"),
            60..3_600 => format!("{} min", (seconds + 30) / 60),
            _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        };
        format!("{done} of about {} answers, {time} left", self.expected)
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

impl Observer for Progress {
    fn resumed(&mut self, answers: usize) {
        // An error here is ignored: standard error is the last place to report it.
        let _ = writeln!(std::io::stderr(), "resuming an interrupted pull: {answers} answers are already stored");
    }

    fn expect(&mut self, calls: usize) {
        self.expected += calls;
    }

    fn step(&mut self, now: Option<i64>) {
        let Some(now) = now else {
            self.kept += 1;
            return;
        };
        self.made += 1;
        let begun = *self.begun.get_or_insert(now);
        let wait = if self.is_terminal { ON_TERMINAL } else { ELSEWHERE };
        // Elsewhere, a short pull writes no line before its end.
        let last = if self.is_terminal { self.last_line } else { self.last_line.max(begun) };
        if now.saturating_sub(last) >= wait {
            self.last_line = now;
            let line = self.line(now.saturating_sub(begun));
            self.write(&line);
        }
    }

    fn finish(&mut self) {
        if self.is_terminal && self.last_line > i64::MIN {
            self.write("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_goes_by_the_calls_that_were_made() {
        let progress =
            |made, kept, expected| Progress { is_terminal: false, begun: Some(0), last_line: 0, made, kept, expected };
        assert_eq!(progress(1, 0, 500).line(0), "1 answers");
        assert_eq!(progress(11, 0, 21).line(20_000), "11 of about 21 answers, 20 s left");
        assert_eq!(progress(11, 400, 561).line(20_000), "411 of about 561 answers, 5 min left");
        assert_eq!(progress(11, 0, 4_000).line(20_000), "11 of about 4000 answers, 2 h 12 min left");
        assert_eq!(progress(11, 0, 5).line(20_000), "11 answers");
    }
}
