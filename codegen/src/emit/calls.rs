//! The client's calls: a method for every operation, and the pagination of those with pages.

use super::shapes;
use crate::model::{Model, Shape};
use crate::names;

pub(super) fn file(header: &str, model: &Model) -> Result<String, String> {
    let mut lines = Vec::new();
    for operation in &model.operations {
        let mut line = format!("{}: {} {}", names::snake(&operation.name), operation.name, operation.input);
        if let Some([token, _, next, result]) = &operation.paginator {
            let output = operation.output.as_deref().unwrap_or_default();
            let fields = [names::field(token), names::field(next), names::field(result)].join(" ");
            line.push_str(&format!(", pages {fields} of {}", item(model, output, result)?));
        }
        lines.push(line + ";");
    }
    Ok(super::file(header, "A call for every operation.", "use lanyard_wire::shapes::*;", "calls", &lines))
}

/// The type of the items in a page.
fn item(model: &Model, output: &str, result: &str) -> Result<String, String> {
    let Shape::Structure { members, .. } = model.shape(output)? else {
        return Err(format!("shape {output} pages and is no structure"));
    };
    let member = members.iter().find(|member| member.name == result).map(|member| model.shape(&member.shape));
    match member.transpose()? {
        Some(Shape::List { item, .. }) => shapes::rust_type(model, item),
        _ => Err(format!("shape {output}: what it pages, {result}, is no list")),
    }
}
