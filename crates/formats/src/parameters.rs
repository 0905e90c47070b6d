//! Files with the parameters of a template, in the forms that the AWS CLI and CodePipeline read.

use std::collections::BTreeMap;
use std::path::Path;

use crate::document::document;
use crate::fault::{Fault, misspelt, text_of};
use crate::source::Source;
use crate::tree::{Entry, Node, Value};

/// Reads the parameters of a template: a list of `ParameterKey` and `ParameterValue` (`create-stack --parameters`), a list of
/// `KEY=VALUE` (`deploy --parameter-overrides`), a map of names and values, or a map with such a map as `Parameters`
/// (CodePipeline).
///
/// # Errors
/// The first error, with its place.
pub fn read_parameters(path: &Path) -> Result<BTreeMap<String, String>, Fault> {
    let text = text_of(path)?;
    let file: Source = path.display().to_string().into();
    let root = document(&file, path, &text)?;
    let root = root.get("Parameters").filter(|node| matches!(node.value, Value::Map(_))).unwrap_or(&root);
    let mut parameters = BTreeMap::new();
    let mut add = |node: &Node, name: &str, value: String| match parameters.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(Fault::at(&file, node.at, format!("duplicate parameter `{name}`"))),
    };
    match &root.value {
        Value::Map(entries) => {
            for Entry { name, node, .. } in entries {
                add(node, name, value(&file, node)?)?;
            }
        }
        Value::List(items) => {
            for item in items {
                match (item.text().and_then(|text| text.split_once('=')), &item.value) {
                    (Some((name, value)), _) => add(item, name, value.to_owned())?,
                    (None, Value::Map(_)) => {
                        let (name, value) = pair(&file, item)?;
                        add(item, &name, value)?;
                    }
                    _ => return Err(Fault::at(&file, item.at, EXPECTED)),
                }
            }
        }
        _ => return Err(Fault::at(&file, root.at, EXPECTED)),
    }
    Ok(parameters)
}

const EXPECTED: &str = "a parameter must be a map with `ParameterKey` and `ParameterValue`, or a string KEY=VALUE";

fn pair(file: &Source, item: &Node) -> Result<(String, String), Fault> {
    let known = ["ParameterKey", "ParameterValue", "UsePreviousValue", "ResolvedValue"];
    for entry in item.entries() {
        if !known.contains(&entry.name.as_str()) {
            let hint = misspelt(&entry.name, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            return Err(Fault::at(file, entry.at, format!("a parameter has no member `{}`{hint}", entry.name)));
        }
    }
    let name = item.get("ParameterKey").and_then(Node::text);
    let name = name.ok_or_else(|| Fault::at(file, item.at, "a parameter needs the member `ParameterKey`"))?;
    match item.get("ParameterValue") {
        Some(node) => Ok((name.to_owned(), value(file, node)?)),
        None => Err(Fault::at(
            file,
            item.at,
            format!("the parameter `{name}` has no `ParameterValue`; the value of a deployed stack is not known here"),
        )),
    }
}

/// A value; that of a list is joined by commas.
fn value(file: &Source, node: &Node) -> Result<String, Fault> {
    match &node.value {
        Value::Text { text, .. } => Ok(text.clone()),
        Value::List(items) => {
            let texts: Option<Vec<_>> = items.iter().map(Node::text).collect();
            texts.map(|texts| texts.join(",")).ok_or_else(|| Fault::at(file, node.at, "a list must be one of strings"))
        }
        _ => Err(Fault::at(file, node.at, format!("the value must be a string, not {}", node.noun()))),
    }
}
