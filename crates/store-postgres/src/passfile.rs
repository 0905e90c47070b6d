//! The password file of PostgreSQL's clients: lines of `HOST:PORT:DATABASE:USER:PASSWORD`, where `*` stands for any value
//! and a backslash keeps the character that follows from meaning anything.

use std::path::Path;

use lanyard_local_file::{LARGEST_OF_KEYS, read_text};

/// A line's five members.
type Line = [String; 5];

/// Reads a file that only its owner can read.
///
/// # Errors
/// The fault of the file, as the end of a sentence.
pub(crate) fn read(file: &Path) -> Result<Vec<Line>, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file).map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err("can be read by others: its permissions must be 0600 or less".to_owned());
        }
    }
    let text = read_text(file, LARGEST_OF_KEYS).map_err(failed)?;
    Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(parse).collect())
}

/// The password of the first line that is of this host, port, database and user.
pub(crate) fn find<'a>(lines: &'a [Line], of: [&str; 4]) -> Option<&'a str> {
    let is_of = |[host, port, database, user, _]: &&Line| {
        [host, port, database, user].into_iter().zip(of).all(|(pattern, value)| pattern == "*" || pattern == value)
    };
    lines.iter().find(is_of).map(|[.., password]| password.as_str())
}

fn parse(line: &str) -> Option<Line> {
    let mut members = Vec::new();
    let mut member = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => member.extend(characters.next()),
            ':' => members.push(std::mem::take(&mut member)),
            other => member.push(other),
        }
    }
    members.push(member);
    members.try_into().ok()
}
