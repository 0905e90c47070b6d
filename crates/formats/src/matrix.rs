//! Matrices of permissions as CSV: a row for each permission and a column for each security profile, or the reverse.

use lanyard_model::catalogue::Catalogue;

use crate::fault::Fault;
use crate::source::Source;
use crate::tree::{At, Entry, Node, Value};

/// The marks of a permission that a profile has, in lower case.
const YES: &[&str] = &["x", "yes", "y", "true", "1", "✓", "✔", "✅", "granted", "allow"];
/// The marks of one that it does not have.
const NO: &[&str] = &["", "no", "n", "false", "0", "-", "–", "denied", "✗", "❌"];

/// Reads a matrix as a document: a map of profiles with their `Permissions`.
///
/// # Errors
/// A cell that is no mark, a row that is longer than the header, a permission that does not exist.
pub(crate) fn read(file: &Source, text: &str) -> Result<Node, Fault> {
    let rows = rows(text);
    let mut rows = rows.iter().filter(|row| row.iter().any(|cell| !cell.text.is_empty()));
    let whole = At { line: 1, column: 1, layer: 0 };
    let Some(header) = rows.next() else { return Err(Fault::at(file, whole, "this matrix is empty")) };
    let rows: Vec<_> = rows.collect();
    let is_known = |cell: &&Cell| Catalogue::builtin().get(&cell.text).is_some();
    let across = header.iter().skip(1).filter(is_known).count();
    let down = rows.iter().filter_map(|row| row.first()).filter(is_known).count();
    if across == 0 && down == 0 {
        let message = "this is no matrix of permissions: neither the first row nor the first column has permissions";
        return Err(Fault::at(file, whole, message));
    }
    let has_profiles_across = down >= across;
    let mut profiles: Vec<(&Cell, Vec<&Cell>)> = match has_profiles_across {
        true => header.iter().skip(1).map(|cell| (cell, Vec::new())).collect(),
        false => rows.iter().filter_map(|row| row.first()).map(|cell| (cell, Vec::new())).collect(),
    };
    for (number, row) in rows.iter().enumerate() {
        let Some((first, cells)) = row.split_first() else { continue };
        for (place, cell) in cells.iter().enumerate() {
            if !is_granted(file, cell)? {
                continue;
            }
            let column = header.get(place.saturating_add(1));
            let column = column.ok_or_else(|| Fault::at(file, cell.at, "the header has no column for this cell"))?;
            let (profile, permission) = if has_profiles_across { (place, first) } else { (number, column) };
            if let Some((_, permissions)) = profiles.get_mut(profile) {
                permissions.push(permission);
            }
        }
    }
    let all = if has_profiles_across {
        rows.iter().filter_map(|row| row.first()).collect()
    } else {
        header.iter().skip(1).collect::<Vec<_>>()
    };
    all.into_iter().try_for_each(|cell| check(file, cell))?;
    let mut entries: Vec<Entry> = Vec::new();
    for (cell, permissions) in profiles.into_iter().filter(|(cell, _)| !cell.text.is_empty()) {
        if let Some(other) = entries.iter().find(|entry| entry.name == cell.text) {
            return Err(Fault::duplicate_key(file, cell.at, &cell.text, other.at));
        }
        let items =
            permissions.iter().map(|it| node(it.at, Value::Text { text: it.text.clone(), plain: false })).collect();
        let list = Entry { name: "Permissions".to_owned(), at: cell.at, node: node(cell.at, Value::List(items)) };
        entries.push(Entry { name: cell.text.clone(), at: cell.at, node: node(cell.at, Value::Map(vec![list])) });
    }
    Ok(node(whole, Value::Map(entries)))
}

fn node(at: At, value: Value) -> Node {
    Node { at, tag: None, value }
}

/// Refuses a permission that is probably misspelt.
fn check(file: &Source, cell: &Cell) -> Result<(), Fault> {
    if Catalogue::builtin().get(&cell.text).is_some() {
        return Ok(());
    }
    let near: Vec<_> = Catalogue::builtin().nearest(&cell.text, 2).iter().map(|it| format!("`{it}`")).collect();
    if near.is_empty() && !cell.text.contains(char::is_whitespace) && !cell.text.is_empty() {
        return Ok(());
    }
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
    Err(Fault::at(file, cell.at, format!("there is no permission `{}`{hint}", cell.text)))
}

fn is_granted(file: &Source, cell: &Cell) -> Result<bool, Fault> {
    let mark = cell.text.to_lowercase();
    if YES.contains(&mark.as_str()) {
        return Ok(true);
    }
    if NO.contains(&mark.as_str()) {
        return Ok(false);
    }
    Err(Fault::at(file, cell.at, format!("`{}` is no mark; write X for a permission that the profile has", cell.text)))
}

/// A cell, without the space around it.
struct Cell {
    at: At,
    text: String,
}

/// The cells of each line. A cell in quotes may have separators and line breaks.
fn rows(text: &str) -> Vec<Vec<Cell>> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = [';', '\t'].into_iter().find(|it| first.contains(*it) && !first.contains(',')).unwrap_or(',');
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut at, mut begin) = (At { line: 1, column: 1, layer: 0 }, At { line: 1, column: 1, layer: 0 });
    let mut is_quoted = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        at.column = at.column.saturating_add(1);
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => {
                rest.next();
                at.column = at.column.saturating_add(1);
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => {
                row.push(Cell { at: begin, text: cell.trim().to_owned() });
                rows.push(std::mem::take(&mut row));
                cell.clear();
            }
            c if c == separator && !is_quoted => {
                row.push(Cell { at: begin, text: cell.trim().to_owned() });
                cell.clear();
            }
            c => cell.push(c),
        }
        if c == '\n' {
            at = At { line: at.line.saturating_add(1), column: 1, layer: 0 };
        }
        if cell.is_empty() && !is_quoted {
            begin = at;
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(Cell { at: begin, text: cell.trim().to_owned() });
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<(String, Vec<String>)>, String> {
        let root = read(&Source::from("m"), text).map_err(|fault| fault.to_string())?;
        let texts = |node: &Node| node.items().iter().filter_map(|it| it.text().map(str::to_owned)).collect();
        Ok(root.entries().iter().map(|it| (it.name.clone(), texts(it.node.get("Permissions").unwrap()))).collect())
    }

    #[test]
    fn a_matrix_is_read_in_both_directions() {
        let down = read_text("Permission,Agent,\"Lead, north\"\nUsers.View,,X\nUsers.Edit,-,yes\n").unwrap();
        let lead = ("Lead, north".to_owned(), vec!["Users.View".to_owned(), "Users.Edit".to_owned()]);
        assert_eq!(down, [("Agent".to_owned(), vec![]), lead.clone()]);
        assert_eq!(read_text("Profile;Users.View;Users.Edit\nAgent;;\nLead, north;1;1").unwrap()[1], lead);
    }

    #[test]
    fn mistakes_have_their_place() {
        for (text, wanted) in [
            ("Permission,Agent\nUsers.View,maybe\n", "m:2:12: `maybe` is no mark"),
            (
                "Permission,Agent\nUsers.View,X\nUsers.Edti,X\n",
                "m:3:1: there is no permission `Users.Edti`; did you mean",
            ),
            ("Permission,Agent\nUsers.View,X,X\n", "m:2:14: the header has no column"),
            ("Permission,Agent,Agent\nUsers.View,X,X\n", "m:1:18: duplicate key `Agent`"),
            ("a,b\nc,d\n", "m:1:1: this is no matrix"),
            ("", "m:1:1: this matrix is empty"),
        ] {
            let error = read_text(text).unwrap_err();
            assert!(error.starts_with(wanted), "{error}");
        }
    }
}
