//! Structures, enumerations, the schemas of everything else, and patterns.

use std::collections::{BTreeMap, BTreeSet};

use super::{Service, file};
use crate::model::{Kind, Location, Member, Model, Shape};
use crate::{names, patterns};

pub(super) fn files(service: &Service, model: &Model) -> Result<Vec<(&'static str, String)>, String> {
    let inputs: BTreeSet<&str> = model.operations.iter().map(|operation| &*operation.input).collect();
    let outputs: BTreeSet<&str> = model.operations.iter().filter_map(|operation| operation.output.as_deref()).collect();
    let requested = model.reach(inputs.iter().copied());
    let mut statics = BTreeMap::new();
    let (mut input, mut output, mut structure, mut enums, mut schemas) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for (name, shape) in &model.shapes {
        let constant = names::screaming(name);
        if let Some(other) = statics.insert(constant.clone(), name) {
            return Err(format!("shapes {name} and {other} are both called {constant}"));
        }
        match shape {
            Shape::Structure { members, .. } => {
                let lines = match (inputs.contains(&**name), outputs.contains(&**name)) {
                    (true, true) => return Err(format!("shape {name} is an input and an output")),
                    (true, false) => &mut input,
                    (false, true) => &mut output,
                    (false, false) => &mut structure,
                };
                match model.is_part(name) {
                    true => lines.push(format!("{name} ({constant}) {{")),
                    false => lines.push(format!("{name} {{")),
                }
                for member in members {
                    lines.push(format!("    {}", field(model, member, requested.contains(&**name))?));
                }
                lines.push("}".to_owned());
            }
            Shape::Enum(values) => {
                enums.push(format!("{constant} {name} {{"));
                let mut variants = BTreeSet::from(["Unrecognised".to_owned()]);
                for value in values {
                    let variant = names::variant(value)?;
                    enums.push(format!("    {variant} = {value:?},"));
                    if !variants.insert(variant) {
                        return Err(format!("shape {name}: two values make the same variant as `{value}`"));
                    }
                }
                enums.push("}".to_owned());
            }
            _ => schemas.push(format!("{constant} = {};", schema(name, shape)?)),
        }
    }
    let header = service.header();
    let file = |about, uses, invocation, lines: &[String]| file(&header, about, uses, invocation, lines);
    Ok(vec![
        ("inputs.rs", file("What operations take.", "use super::*;", "structures", &input)),
        ("outputs.rs", file("What operations answer.", "use super::*;", "structures", &output)),
        (
            "structures.rs",
            file("The structures inside others, and those of errors.", "use super::*;", "structures", &structure),
        ),
        ("enums.rs", file("Strings of a fixed set.", "", "enums", &enums)),
        ("schemas.rs", file("Lists, maps and simple shapes.", "use super::{patterns, *};", "schemas", &schemas)),
        ("patterns.rs", file("What strings must look like.", "", "patterns", &pattern_lines(model)?)),
    ])
}

fn field(model: &Model, member: &Member, in_request: bool) -> Result<String, String> {
    let plain = rust_type(model, &member.shape)?;
    let required = member.required && in_request;
    let rust = if required { plain } else { format!("Option<{plain}>") };
    let mut line =
        format!("{}: {rust} = {:?}, {}", names::field(&member.name), member.name, names::screaming(&member.shape));
    match &member.location {
        Location::Body => {}
        Location::Label(name) if *name == member.name => line.push_str(", label"),
        Location::Label(name) => line.push_str(&format!(", label_as({name:?})")),
        Location::Query(wire) => line.push_str(&format!(", query({wire:?})")),
    }
    if required {
        line.push_str(", required");
    }
    Ok(line + ";")
}

/// The Rust type of a shape.
pub(super) fn rust_type(model: &Model, name: &str) -> Result<String, String> {
    Ok(match model.shape(name)? {
        Shape::Structure { .. } | Shape::Enum(_) => name.to_owned(),
        Shape::List { item, .. } => format!("Vec<{}>", rust_type(model, item)?),
        Shape::Map { .. } => "std::collections::BTreeMap<String, String>".to_owned(),
        Shape::Text { .. } => "String".to_owned(),
        Shape::Number { kind: Kind::Integer, .. } => "i32".to_owned(),
        Shape::Number { kind: Kind::Long, .. } => "i64".to_owned(),
        Shape::Number { kind: Kind::Double, .. } => "f64".to_owned(),
        Shape::Boolean => "bool".to_owned(),
        Shape::Timestamp => "crate::Timestamp".to_owned(),
    })
}

fn schema(name: &str, shape: &Shape) -> Result<String, String> {
    let most = |max: &Option<u64>| max.map_or("usize::MAX".to_owned(), |max| max.to_string());
    Ok(match shape {
        Shape::List { item, min, max } => format!("List {{ {}, {min}, {} }}", names::screaming(item), most(max)),
        Shape::Map { key, value, min, max } => {
            let (key, value) = (names::screaming(key), names::screaming(value));
            format!("Map {{ {key} => {value}, {min}, {} }}", most(max))
        }
        Shape::Text { min, max, pattern, sensitive } => {
            let mut fields = Vec::new();
            fields.extend(min.filter(|min| *min > 0).map(|min| format!("min: {min}")));
            fields.extend(max.map(|max| format!("max: {max}")));
            if pattern.is_some() {
                fields.push(format!("pattern: &patterns::{}", names::screaming(name)));
            }
            if *sensitive {
                fields.push("sensitive: true".to_owned());
            }
            braces("Text", &fields)
        }
        Shape::Number { kind, min, max } => {
            let kind = match kind {
                Kind::Integer => "Integer",
                Kind::Long => "Long",
                Kind::Double => "Double",
            };
            let mut fields = Vec::new();
            fields.extend(min.map(|min| format!("min: {min}")));
            fields.extend(max.map(|max| format!("max: {max}")));
            braces(kind, &fields)
        }
        Shape::Boolean => "Boolean".to_owned(),
        Shape::Timestamp => "Timestamp".to_owned(),
        Shape::Structure { .. } | Shape::Enum(_) => return Err(format!("shape {name} has a file of its own")),
    })
}

fn braces(kind: &str, fields: &[String]) -> String {
    match fields.is_empty() {
        true => format!("{kind} {{}}"),
        false => format!("{kind} {{ {} }}", fields.join(", ")),
    }
}

fn pattern_lines(model: &Model) -> Result<Vec<String>, String> {
    let printed: Vec<(&str, &str, bool)> = model
        .shapes
        .iter()
        .filter_map(|(name, shape)| match shape {
            Shape::Text { pattern: Some(pattern), min, .. } => Some((&**name, &**pattern, *min == Some(0))),
            _ => None,
        })
        .collect();
    let mut lines = Vec::new();
    for (name, printed, may_be_empty) in printed {
        let mut pattern = patterns::correct(printed)?;
        if may_be_empty {
            pattern.admit_empty();
        }
        lines.push(format!("{} {{", names::screaming(name)));
        lines.push(format!("    rule: {:?},", pattern.rule));
        lines.push(format!("    accept: {},", array(&pattern.accept)));
        lines.push(format!("    refuse: {}", array(&pattern.refuse)));
        lines.push("}".to_owned());
    }
    Ok(lines)
}

fn array(expressions: &[String]) -> String {
    let raw: Vec<String> = expressions.iter().map(|expression| format!("r#\"{expression}\"#")).collect();
    format!("[{}]", raw.join(", "))
}
