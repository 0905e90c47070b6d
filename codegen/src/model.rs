//! The API model in the form that the generator needs; unknown parts are refused, not skipped.

mod raw;

use std::collections::{BTreeMap, BTreeSet};

/// The whole model.
pub(crate) struct Model {
    /// Operations in the model's order.
    pub(crate) operations: Vec<Operation>,
    /// Shapes by name.
    pub(crate) shapes: BTreeMap<String, Shape>,
    /// Name, method and path of every operation of the service.
    pub(crate) routes: Vec<(String, String, String)>,
}

pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) input: String,
    pub(crate) output: Option<String>,
    pub(crate) errors: Vec<String>,
    pub(crate) paginator: Option<[String; 4]>,
}

pub(crate) enum Shape {
    Structure { members: Vec<Member>, status: Option<u64> },
    List { item: String, min: u64, max: Option<u64> },
    Map { key: String, value: String, min: u64, max: Option<u64> },
    Enum(Vec<String>),
    Text { min: Option<u64>, max: Option<u64>, pattern: Option<String>, sensitive: bool },
    Number { kind: Kind, min: Option<i64>, max: Option<i64> },
    Boolean,
    Timestamp,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Integer,
    Long,
    Double,
}

pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) shape: String,
    pub(crate) required: bool,
    pub(crate) location: Location,
}

pub(crate) enum Location {
    Body,
    Label(String),
    Query(String),
}

impl Model {
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let raw: raw::Model = serde_json::from_str(source).map_err(|error| format!("the model: {error}"))?;
        let mut shapes = BTreeMap::new();
        for (name, shape) in raw.shapes.0 {
            let shape = shape.finish().map_err(|error| format!("shape {name}: {error}"))?;
            shapes.insert(name, shape);
        }
        let operations = raw.operations.0.into_iter().map(|(name, operation)| operation.finish(name)).collect();
        let routes = raw.all_routes.0.into_iter().map(|(name, (method, uri))| (name, method, uri)).collect();
        let model = Self { operations, shapes, routes };
        model.check()?;
        Ok(model)
    }

    /// The shape with this name.
    pub(crate) fn shape(&self, name: &str) -> Result<&Shape, String> {
        self.shapes.get(name).ok_or_else(|| format!("the model has no shape `{name}`"))
    }

    /// The names of the shapes that `roots` reach, including themselves.
    pub(crate) fn reach<'m>(&'m self, roots: impl Iterator<Item = &'m str>) -> BTreeSet<&'m str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = roots.collect();
        while let Some(name) = open.pop() {
            if !reached.insert(name) {
                continue;
            }
            match self.shapes.get(name) {
                Some(Shape::Structure { members, .. }) => open.extend(members.iter().map(|member| &*member.shape)),
                Some(Shape::List { item, .. }) => open.push(item),
                Some(Shape::Map { key, value, .. }) => open.extend([&**key, &**value]),
                _ => {}
            }
        }
        reached
    }

    /// Whether another shape refers to the shape of this name.
    pub(crate) fn is_part(&self, name: &str) -> bool {
        self.shapes.values().any(|shape| match shape {
            Shape::Structure { members, .. } => members.iter().any(|member| member.shape == name),
            Shape::List { item, .. } => item == name,
            Shape::Map { key, value, .. } => key == name || value == name,
            _ => false,
        })
    }

    /// Refuses parts that the wire crate does not support.
    fn check(&self) -> Result<(), String> {
        let inputs: BTreeSet<&str> = self.operations.iter().map(|operation| &*operation.input).collect();
        if inputs.len() != self.operations.len() {
            return Err("two operations share an input".to_owned());
        }
        for (name, shape) in &self.shapes {
            if let Shape::Structure { members, .. } = shape {
                for member in members {
                    self.check_member(inputs.contains(&**name), member)
                        .map_err(|error| format!("shape {name}: member {}: {error}", member.name))?;
                }
            }
            if let Shape::Map { key, value, .. } = shape {
                let texts = [self.shape(key)?, self.shape(value)?];
                if !texts.iter().all(|shape| matches!(shape, Shape::Text { .. })) {
                    return Err(format!("shape {name}: a map of something else than text"));
                }
            }
        }
        Ok(())
    }

    fn check_member(&self, of_input: bool, member: &Member) -> Result<(), String> {
        let plain = |shape: &Shape| match shape {
            Shape::Text { .. } | Shape::Enum(_) | Shape::Boolean => true,
            Shape::Number { kind, .. } => *kind != Kind::Double,
            _ => false,
        };
        let fits = match (&member.location, self.shape(&member.shape)?) {
            (Location::Body, _) => true,
            (Location::Label(_), shape) => of_input && member.required && plain(shape),
            (Location::Query(_), Shape::List { item, .. }) => {
                of_input && matches!(self.shape(item)?, Shape::Text { .. } | Shape::Enum(_))
            }
            (Location::Query(_), shape) => of_input && plain(shape),
        };
        if fits { Ok(()) } else { Err("travels outside the body in a way that is not supported".to_owned()) }
    }
}
