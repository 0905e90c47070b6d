//! The passwords of new users, from a file or standard input. No message has a password.

use std::io::Read as _;
use std::path::Path;

use lanyard_analysis::calls::Passwords;
use lanyard_local_file::{LARGEST, read_text};
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Reads passwords by username: a JSON object, or lines of `username,password` with or without that heading.
///
/// # Errors
/// The file cannot be read, or has another form; a user has two passwords.
pub(super) fn read(path: &Path) -> Result<Passwords, Failure> {
    let shown = path.display();
    let is_input = path == Path::new("-");
    let read = match is_input {
        true => read_input(),
        false => read_text(path, LARGEST),
    };
    let text = read.map_err(|error| Failure::Message(format!("passwords from `{shown}`: {error}")))?;
    parse(&text).map_err(|fault| Failure::Message(format!("passwords from `{shown}`: {fault}")))
}

/// Reads standard input, up to the largest size of a file.
fn read_input() -> std::io::Result<String> {
    let mut text = String::new();
    let most = LARGEST.saturating_add(1);
    let length = std::io::stdin().lock().take(most).read_to_string(&mut text)?;
    if u64::try_from(length).unwrap_or(u64::MAX) >= most {
        return Err(std::io::Error::other(format!("it has more than {LARGEST} bytes")));
    }
    Ok(text)
}

fn parse(text: &str) -> Result<Passwords, String> {
    let text = text.trim_start_matches('\u{feff}');
    let pairs = if text.trim_start().starts_with('{') { json(text)? } else { lines(text)? };
    let mut users: Vec<&String> = pairs.iter().map(|(user, _)| user).collect();
    users.sort_unstable();
    match users.iter().zip(users.iter().skip(1)).find(|(one, next)| one == next) {
        Some((user, _)) => Err(format!("the user `{user}` has two passwords")),
        None => Ok(pairs.into_iter().collect()),
    }
}

fn json(text: &str) -> Result<Vec<(String, String)>, String> {
    // The message of the parser can quote a value, so only the place is given.
    let members: Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| format!("line {}, column {}: no JSON object of passwords", error.line(), error.column()))?;
    let pair = |(user, value): (String, Value)| match value {
        Value::String(password) => Ok((user, password)),
        _ => Err(format!("the password of `{user}` must be a text")),
    };
    members.into_iter().map(pair).collect()
}

fn lines(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || number == 1 && line.trim().eq_ignore_ascii_case("username,password") {
            continue;
        }
        let (user, password) = fields(line).ok_or_else(|| {
            format!("line {number} is not of the form `username,password`; a text with a comma or `\"` is in `\"`")
        })?;
        pairs.push((user, password));
    }
    Ok(pairs)
}

/// The two fields of a line of CSV.
fn fields(line: &str) -> Option<(String, String)> {
    let (user, rest) = field(line)?;
    let (password, rest) = field(rest.strip_prefix(',')?)?;
    (rest.is_empty() && !user.is_empty() && !password.is_empty()).then_some((user, password))
}

/// The first field of a line, and the rest after it.
fn field(text: &str) -> Option<(String, &str)> {
    let Some(mut quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        let (field, rest) = text.split_at(end);
        return (!field.contains('"')).then(|| (field.to_owned(), rest));
    };
    let mut field = String::new();
    loop {
        let (part, rest) = quoted.split_once('"')?;
        field.push_str(part);
        match rest.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                quoted = more;
            }
            None => return Some((field, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(text: &str) -> Vec<String> {
        parse(text).unwrap().users().map(str::to_owned).collect()
    }

    #[test]
    fn json_and_lines_are_read() {
        assert_eq!(users(r#"{"ana": "Correct-Horse-1", "ben": "Correct-Horse-2"}"#), ["ana", "ben"]);
        assert_eq!(
            users("username,password\nana,Correct-Horse-1\n\n\"b,en\",\"Correct \"\"Horse\"\", 2\"\n"),
            ["ana", "b,en"]
        );
        assert_eq!(field("\"a\"\"b,\",c"), Some(("a\"b,".to_owned(), ",c")));
    }

    #[test]
    fn a_fault_does_not_show_a_password() {
        for text in [
            "ana Correct-Horse-1",
            "ana,Correct-Horse-1,x",
            "ana,Correct-Horse-1\nana,Correct-Horse-2",
            r#"{"ana": ["Correct-Horse-1"]}"#,
            r#"{"ana": "Correct-Horse-1" x"#,
            "ana,Correct\"Horse",
        ] {
            let fault = parse(text).unwrap_err();
            assert!(!fault.contains("Horse"), "{fault}");
        }
    }
}
