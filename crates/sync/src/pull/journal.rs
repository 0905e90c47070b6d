//! The journal of a pull: the answers that were read, so that an interrupted pull resumes.
//!
//! A file of lines, each a JSON object: first the terms of the pull, then requests with their answers. It holds nothing that the
//! pull itself would not write. A last line that is cut off is ignored.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use lanyard_local_file::open_own;
use serde::{Deserialize, Serialize};

/// The age up to which an interrupted pull resumes, in milliseconds: older answers may be out of date.
const GOOD_FOR: i64 = 24 * 3_600_000;

/// The terms of a pull. Answers of a pull with other terms are not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The version of this program, which fixes the requests.
    pub version: String,
    pub endpoint: String,
    pub region: String,
    pub instance: String,
    pub privacy: String,
}

#[derive(Serialize, Deserialize)]
struct Head {
    terms: Terms,
    /// The beginning of the pull, in milliseconds since 1970.
    begun: i64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    request: String,
    answer: String,
}

/// The answers that were read so far.
pub struct Journal {
    path: PathBuf,
    head: Head,
    /// The file; `None` before the first answer.
    file: Option<File>,
    answers: BTreeMap<String, String>,
}

impl Journal {
    /// The journal of a pull on these terms: that of an interrupted pull, or a new one.
    pub fn open(path: &Path, terms: &Terms, now: i64) -> std::io::Result<Self> {
        if let Some(left) = Self::left(path, terms, now)? {
            return Ok(left);
        }
        let head = Head { terms: terms.clone(), begun: now };
        Ok(Self { path: path.to_owned(), head, file: None, answers: BTreeMap::new() })
    }

    /// The file of a new journal, readable only by its owner.
    fn begin(&self) -> std::io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = open_own(&self.path, &mut options)?;
        let head = serde_json::to_string(&self.head)?;
        writeln!(file, "{head}")?;
        Ok(file)
    }

    /// The answers of an interrupted pull on the same terms.
    fn left(path: &Path, terms: &Terms, now: i64) -> std::io::Result<Option<Self>> {
        let file = match open_own(path, OpenOptions::new().read(true).write(true)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        let mut end = reader.read_until(b'\n', &mut line)?;
        let head: Option<Head> = serde_json::from_slice(&line).ok();
        let is_ours = |head: &Head| head.terms == *terms && (0..GOOD_FOR).contains(&now.saturating_sub(head.begun));
        let Some(head) = head.filter(is_ours) else { return Ok(None) };
        let mut answers = BTreeMap::new();
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            let Ok(Line { request, answer }) = serde_json::from_slice(&line) else { break };
            if line.last() != Some(&b'\n') {
                break;
            }
            end += length;
            answers.insert(request, answer);
        }
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        file.set_len(end)?;
        let mut file = file;
        file.seek(SeekFrom::Start(end))?;
        Ok(Some(Self { path: path.to_owned(), head, file: Some(file), answers }))
    }

    /// The number of answers.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// The answer to a request.
    pub fn answer(&self, request: &str) -> Option<&str> {
        self.answers.get(request).map(String::as_str)
    }

    /// Adds an answer, which is in the file when this returns.
    pub fn keep(&mut self, request: String, answer: String) -> std::io::Result<()> {
        let line = Line { request, answer };
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.begin()?,
        };
        file.write_all(text.as_bytes())?;
        self.file = Some(file);
        self.answers.insert(line.request, line.answer);
        Ok(())
    }

    /// Removes the file at the end of the pull.
    pub fn finish(self) -> std::io::Result<()> {
        match self.file {
            Some(_) => std::fs::remove_file(self.path),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            version: "1".into(),
            endpoint: "http://a".into(),
            region: "r".into(),
            instance: "i".into(),
            privacy: "names".into(),
        }
    }

    #[test]
    fn what_was_kept_is_there_again_and_a_line_that_was_cut_off_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let mut journal = Journal::open(&path, &terms(), 1_000).unwrap();
        journal.keep("GET /a".into(), "{\"x\":\n1}".into()).unwrap();
        journal.keep("GET /b".into(), "2".into()).unwrap();
        drop(journal);
        let length = std::fs::metadata(&path).unwrap().len();
        OpenOptions::new().write(true).open(&path).unwrap().set_len(length - 3).unwrap();
        let mut journal = Journal::open(&path, &terms(), 2_000).unwrap();
        assert_eq!((journal.len(), journal.answer("GET /a"), journal.answer("GET /b")), (1, Some("{\"x\":\n1}"), None));
        journal.keep("GET /c".into(), "3".into()).unwrap();
        drop(journal);
        let journal = Journal::open(&path, &terms(), 2_000).unwrap();
        assert_eq!((journal.len(), journal.answer("GET /c")), (2, Some("3")));
        journal.finish().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn answers_of_another_pull_or_of_long_ago_are_of_no_use() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let left = |terms: &Terms, now| {
            let mut journal = Journal::open(&path, &self::terms(), 1_000).unwrap();
            if journal.len() == 0 {
                journal.keep("GET /a".into(), "1".into()).unwrap();
            }
            Journal::open(&path, terms, now).unwrap().len()
        };
        assert_eq!(left(&terms(), 1_000 + GOOD_FOR - 1), 1);
        assert_eq!(left(&terms(), 1_000 + GOOD_FOR), 0);
        assert_eq!(left(&terms(), 0), 0);
        assert_eq!(left(&Terms { privacy: "other".into(), ..terms() }, 1_000), 0);
        std::fs::write(&path, "nonsense").unwrap();
        assert_eq!(Journal::open(&path, &terms(), 1_000).unwrap().len(), 0);
    }
}
