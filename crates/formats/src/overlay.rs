//! Overlays: the differences of one environment, as a document over another.

use crate::fault::Fault;
use crate::source::Source;
use crate::tree::{At, Entry, Node, Value};

/// The members by which the items of a list are matched.
const NAMES: [&str; 3] = ["Username", "Arn", "Name"];

type Document = (Source, Node);

/// The document `beneath` with the overlay `over` applied: see [`read_over`](crate::read_over).
pub(crate) fn overlay(beneath: Document, over: Document) -> Result<Document, Fault> {
    let ((file, beneath), (over_file, mut over)) = (beneath, over);
    let layer = file.count();
    let file = file.with(&over_file);
    over.lift(layer);
    let root = match (beneath.value, over.value) {
        // An empty file changes nothing.
        (value, Value::Null) => Node { value, ..beneath },
        (Value::Map(members), Value::Map(others)) => {
            Node { at: beneath.at, tag: over.tag, value: Value::Map(merged(&file, members, others)?) }
        }
        (Value::List(items), Value::List(others)) => {
            Node { at: beneath.at, tag: over.tag, value: Value::List(each(&file, items, others)?) }
        }
        (Value::Null, value) => Node { value, ..over },
        (_, value) => {
            let over = Node { value, ..over };
            let message = format!("this must have the same type as the file that it changes, not {}", over.noun());
            return Err(Fault::at(&file, over.at, message));
        }
    };
    Ok((file, root))
}

/// The members of both documents, those of the overlay first. An empty one in the overlay removes the member.
fn merged(file: &Source, beneath: Vec<Entry>, over: Vec<Entry>) -> Result<Vec<Entry>, Fault> {
    let mut entries = beneath;
    for mut entry in over {
        let place = entries.iter().position(|other| other.name == entry.name);
        if is_edit(&entry.node) {
            let there = place.and_then(|at| entries.get(at)).map(|other| other.node.items()).unwrap_or_default();
            entry.node = edited(file, &entry.name, there, &entry.node)?;
        }
        match (place, &entry.node.value) {
            (Some(at), Value::Null) => {
                entries.remove(at);
            }
            (Some(at), _) => {
                if let Some(other) = entries.get_mut(at) {
                    *other = entry;
                }
            }
            (None, _) => entries.push(entry),
        }
    }
    Ok(entries)
}

/// Whether a member has additions and removals: then its values are lists, which those of tags never are.
fn is_edit(node: &Node) -> bool {
    let is_part =
        |entry: &Entry| matches!(entry.name.as_str(), "Add" | "Remove") && matches!(entry.node.value, Value::List(_));
    !node.entries().is_empty() && node.entries().iter().all(is_part)
}

/// A list of strings with the additions and without the removals.
fn edited(file: &Source, member: &str, there: &[Node], edit: &Node) -> Result<Node, Fault> {
    let mut items = there.to_vec();
    let part = |name: &str| edit.get(name).map(Node::items).unwrap_or_default();
    for gone in part("Remove") {
        let count = items.len();
        items.retain(|item| item.text() != gone.text());
        if items.len() == count || gone.text().is_none() {
            return Err(stale(file, gone.at, member, gone, "is not in the list, so it cannot be removed"));
        }
    }
    for new in part("Add") {
        if new.text().is_none() || items.iter().any(|item| item.text() == new.text()) {
            return Err(stale(file, new.at, member, new, "is in the list already, so it cannot be added"));
        }
        items.push(new.clone());
    }
    Ok(Node { at: edit.at, tag: None, value: Value::List(items) })
}

fn stale(file: &Source, at: At, member: &str, node: &Node, what: &str) -> Fault {
    Fault::at(
        file,
        at,
        match node.text() {
            Some(text) => format!("`{member}`: `{text}` {what}"),
            None => format!("`{member}`: an added or removed value must be a string, not {}", node.noun()),
        },
    )
}

/// The items, with the members of items of the same name merged.
fn each(file: &Source, beneath: Vec<Node>, over: Vec<Node>) -> Result<Vec<Node>, Fault> {
    let name = |node: &Node| NAMES.iter().find_map(|name| node.get(name)?.text().map(str::to_owned));
    let mut items = beneath;
    let mut places = std::collections::BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        places.entry(name(item)).or_insert(at);
    }
    for item in over {
        let known = name(&item).and_then(|name| places.get(&Some(name)).copied());
        match known.and_then(|at| items.get_mut(at)) {
            Some(there) => {
                let entries = merged(file, there.entries().to_vec(), item.entries().to_vec())?;
                there.value = Value::Map(entries);
            }
            None => items.push(item),
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    fn over(beneath: &str, above: &str) -> Result<Document, String> {
        let read = |name: &str, text: &str| (Source::from(name), parse(&Source::from(name), text).unwrap());
        overlay(read("base", beneath), read("over", above)).map_err(|fault| fault.to_string())
    }

    fn texts(node: &Node) -> Vec<&str> {
        node.items().iter().filter_map(Node::text).collect()
    }

    #[test]
    fn a_member_of_an_overlay_replaces_the_base_and_has_its_place_in_the_overlay() {
        let (file, root) = over("A: x\nB: {k: v, l: w}\nC: z\n", "# only this\nB: {k: u}\nC:\nD: [n]\n").unwrap();
        assert_eq!(root.get("A").and_then(Node::text), Some("x"));
        let b = root.get("B").unwrap();
        assert_eq!((b.entries().len(), b.get("k").and_then(Node::text)), (1, Some("u")));
        assert_eq!(b.at.in_file(&file).to_string(), "over:2:4");
        assert_eq!(root.get("A").unwrap().at.in_file(&file).to_string(), "base:1:4");
        assert!(root.get("C").is_none());
        assert_eq!(texts(root.get("D").unwrap()), ["n"]);
    }

    #[test]
    fn a_list_of_texts_can_be_edited_and_a_stale_edit_is_an_error() {
        let (_, root) = over("P: [a, b]\n", "P: {Add: [c], Remove: [a]}\n").unwrap();
        assert_eq!(texts(root.get("P").unwrap()), ["b", "c"]);
        let (_, root) = over("Q: [a]\n", "P: {Add: [c]}\n").unwrap();
        assert_eq!(texts(root.get("P").unwrap()), ["c"]);
        let gone = over("P: [a]\n", "P: {Remove: [b]}\n").unwrap_err();
        assert_eq!(gone, "over:1:14: `P`: `b` is not in the list, so it cannot be removed");
        assert!(
            over("P: [a]\n", "P: {Add: [a]}\n").unwrap_err().starts_with("over:1:11: `P`: `a` is in the list already")
        );
        // A tag may have this name too.
        let (_, root) = over("T: {x: y}\n", "T: {Add: this}\n").unwrap();
        assert_eq!(root.get("T").unwrap().get("Add").and_then(Node::text), Some("this"));
    }

    #[test]
    fn items_are_matched_by_name() {
        let (_, root) =
            over("- {Name: a, Id: 1, T: {k: v}}\n- {Name: b}\n", "- {Name: a, T: {k: w}}\n- {Name: c}\n").unwrap();
        assert_eq!(root.items().len(), 3);
        let a = &root.items()[0];
        assert_eq!(a.get("Id").and_then(Node::text), Some("1"));
        assert_eq!(a.get("T").unwrap().get("k").and_then(Node::text), Some("w"));
        assert!(over("- {Name: a}\n", "Name: a\n").unwrap_err().starts_with("over:1:1: this must have the same type"));
    }
}
