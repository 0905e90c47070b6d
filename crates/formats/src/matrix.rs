//! Matrices of permissions as CSV: a row for each permission and a column for each security profile, or the reverse. A permission
//! has its name of the API or of the console.

use std::collections::{BTreeMap, HashMap};

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
    let console = ConsoleNames::new();
    let is_known = |cell: &&Cell| Catalogue::builtin().get(&cell.text).is_some() || !console.all(&cell.text).is_empty();
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
    let mut names: BTreeMap<&str, At> = BTreeMap::new();
    for cell in all {
        let name = console.api_name(file, cell)?;
        if let Some(first) = names.insert(name, cell.at) {
            return Err(Fault::duplicate_key(file, cell.at, name, first));
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    for (cell, permissions) in profiles.into_iter().filter(|(cell, _)| !cell.text.is_empty()) {
        if let Some(other) = entries.iter().find(|entry| entry.name == cell.text) {
            return Err(Fault::duplicate_key(file, cell.at, &cell.text, other.at));
        }
        let item = |it: &&Cell| {
            let text = console.api_name(file, it)?.to_owned();
            Ok(node(it.at, Value::Text { text, plain: false }))
        };
        let items = permissions.iter().map(item).collect::<Result<_, Fault>>()?;
        let list = Entry { name: "Permissions".to_owned(), at: cell.at, node: node(cell.at, Value::List(items)) };
        entries.push(Entry { name: cell.text.clone(), at: cell.at, node: node(cell.at, Value::Map(vec![list])) });
    }
    Ok(node(whole, Value::Map(entries)))
}

fn node(at: At, value: Value) -> Node {
    Node { at, tag: None, value }
}

/// The permissions by their names in the console, in lower case.
struct ConsoleNames(HashMap<String, Vec<&'static str>>);

impl ConsoleNames {
    fn new() -> Self {
        let mut names: HashMap<String, Vec<&'static str>> = HashMap::new();
        for it in Catalogue::builtin().iter() {
            if let Some(name) = it.console_name() {
                names.entry(name.to_lowercase()).or_default().push(it.api_name());
                // Lanyard writes one that several permissions share in this form.
                names.entry(format!("{name}: {}", it.api_name()).to_lowercase()).or_default().push(it.api_name());
            }
        }
        Self(names)
    }

    fn all(&self, name: &str) -> &[&'static str] {
        self.0.get(&name.to_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The name of a permission in the API.
    ///
    /// # Errors
    /// The permission is probably misspelt, or its name in the console is that of several.
    fn api_name<'a>(&self, file: &Source, cell: &'a Cell) -> Result<&'a str, Fault> {
        let quoted = |names: &[&str]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ");
        if Catalogue::builtin().get(&cell.text).is_some() {
            return Ok(&cell.text);
        }
        match self.all(&cell.text) {
            [] => {}
            [only] => return Ok(only),
            several => {
                let message =
                    format!("`{}` is the console's name of several permissions; write {}", cell.text, quoted(several));
                return Err(Fault::at(file, cell.at, message));
            }
        }
        let near = Catalogue::builtin().nearest(&cell.text, 2);
        if near.is_empty() && !cell.text.contains(char::is_whitespace) && !cell.text.is_empty() {
            return Ok(&cell.text);
        }
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", quoted(&near)) };
        Err(Fault::at(file, cell.at, format!("there is no permission `{}`{hint}", cell.text)))
    }
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
    fn names_of_the_console_are_those_of_the_api() {
        let rows = "Permission,Agent\nSecurity profiles - Edit,X\nusers - view,\nUsers.Edit,X\n";
        let held = vec!["SecurityProfiles.Edit".to_owned(), "Users.Edit".to_owned()];
        assert_eq!(read_text(rows).unwrap(), [("Agent".to_owned(), held)]);
        assert_eq!(read_text("Profile,Security profiles - Edit\nAgent,X\n").unwrap()[0].1, ["SecurityProfiles.Edit"]);
        let mut names = BTreeMap::<String, usize>::new();
        for name in Catalogue::builtin().iter().filter_map(|it| it.console_name()) {
            *names.entry(name.to_lowercase()).or_default() += 1;
        }
        for (name, count) in names {
            let read = read_text(&format!("Permission,Agent\nUsers.Edit,X\n\"{name}\",X\n"));
            match read {
                Err(error) if count > 1 => {
                    assert!(error.contains("is the console's name of several permissions; write `"), "{error}");
                }
                Err(error) => assert!(error.contains("duplicate key `Users.Edit`"), "{error}"),
                Ok(profiles) => assert_eq!((count, profiles[0].1.len()), (1, 2), "{name}"),
            }
        }
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
            ("Permission,Agent\nUsers.View,X\nUsers - View,\n", "m:3:1: duplicate key `Users.View` (first on line 2)"),
            ("a,b\nc,d\n", "m:1:1: this is no matrix"),
            ("", "m:1:1: this matrix is empty"),
        ] {
            let error = read_text(text).unwrap_err();
            assert!(error.starts_with(wanted), "{error}");
        }
    }
}
