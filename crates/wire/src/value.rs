//! The bridge between typed shapes and the tables in [`schema`](crate::schema).
//!
//! A typed value can be inspected without knowing its type ([`View`]), and made from a tree that the reader has checked
//! against the schema ([`Node`]). With these two, one reader and one writer serve every shape.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::Timestamp;
use crate::schema::{Member, Schema};

/// A value that was read from JSON, a label or a query; its form is that of its schema.
#[derive(Clone, Debug, Default)]
pub enum Node<'b> {
    /// No value: the member was absent or null.
    #[default]
    Absent,
    /// A string, borrowed from the request where it needed no unescaping.
    Text(Cow<'b, str>),
    /// A whole number of 32 or 64 bits.
    Integer(i64),
    /// A floating-point number.
    Double(f64),
    /// A boolean.
    Boolean(bool),
    /// A point in time.
    Timestamp(Timestamp),
    /// A list's items.
    List(Vec<Node<'b>>),
    /// A map's entries.
    Map(BTreeMap<String, String>),
    /// One node for each member of the schema, in its order.
    Structure(Vec<Node<'b>>),
}

/// A view of a typed value.
pub enum View<'a> {
    /// `None`.
    Absent,
    /// A string or a value of an enumeration.
    Text(&'a str),
    /// A whole number of 32 or 64 bits.
    Integer(i64),
    /// A floating-point number.
    Double(f64),
    /// A boolean.
    Boolean(bool),
    /// A point in time.
    Timestamp(Timestamp),
    /// A list.
    List(&'a dyn Parts),
    /// A map.
    Map(&'a BTreeMap<String, String>),
    /// A structure.
    Structure(&'a dyn Parts),
}

/// A value of several parts: a list's items, or a structure's members in the order of its schema.
pub trait Parts {
    /// Shows every part to `visit`, one after the other.
    fn each(&self, visit: &mut dyn FnMut(View<'_>));
}

/// A structure of the model.
pub trait Structure: Parts + Sized {
    /// The members, in the order of the fields.
    fn members() -> &'static [Member];

    /// The typed value of one node for each member; a required member that is absent becomes its default.
    fn from_nodes(nodes: Vec<Node<'_>>) -> Self;
}

/// The type of a member.
pub trait Value {
    /// A view of the value.
    fn view(&self) -> View<'_>;

    /// The typed value of a node that fits the member's schema, and the default of one that is absent.
    fn from_node(node: Node<'_>) -> Self;
}

impl<T: Value> Value for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Value::view)
    }

    fn from_node(node: Node<'_>) -> Self {
        match node {
            Node::Absent => None,
            node => Some(T::from_node(node)),
        }
    }
}

impl<T: Value> Value for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }

    fn from_node(node: Node<'_>) -> Self {
        match node {
            Node::List(items) => items.into_iter().map(T::from_node).collect(),
            _ => Self::new(),
        }
    }
}

impl<T: Value> Parts for Vec<T> {
    fn each(&self, visit: &mut dyn FnMut(View<'_>)) {
        for item in self {
            visit(item.view());
        }
    }
}

impl Value for BTreeMap<String, String> {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn from_node(node: Node<'_>) -> Self {
        match node {
            Node::Map(entries) => entries,
            _ => Self::new(),
        }
    }
}

impl Value for String {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }

    fn from_node(node: Node<'_>) -> Self {
        match node {
            Node::Text(text) => text.into_owned(),
            _ => Self::new(),
        }
    }
}

macro_rules! plain_values {
    ($($type:ty: $variant:ident($value:ident) => $back:expr;)*) => {$(
        impl Value for $type {
            fn view(&self) -> View<'_> {
                View::$variant((*self).into())
            }

            fn from_node(node: Node<'_>) -> Self {
                match node {
                    Node::$variant($value) => $back,
                    _ => Self::default(),
                }
            }
        }
    )*};
}

plain_values! {
    i32: Integer(number) => Self::try_from(number).unwrap_or_default();
    i64: Integer(number) => number;
    f64: Double(number) => number;
    bool: Boolean(truth) => truth;
    Timestamp: Timestamp(time) => time;
}

/// Writes a structure as `Debug` does, with sensitive strings redacted and absent members left out.
pub(crate) fn debug<T: Structure>(name: &str, value: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name} ")?;
    debug_structure(T::members(), value, f)
}

fn debug_structure(members: &'static [Member], value: &dyn Parts, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut map = f.debug_map();
    let mut members = members.iter();
    value.each(&mut |view| {
        if let (Some(member), false) = (members.next(), matches!(view, View::Absent)) {
            map.entry(&format_args!("{}", member.name), &Seen { schema: member.schema, view });
        }
    });
    map.finish()
}

/// A value as `Debug` shows it.
struct Seen<'a> {
    schema: &'a Schema,
    view: View<'a>,
}

impl fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.view, self.schema) {
            (View::Text(_), Schema::Text(text)) if text.sensitive => f.write_str("<redacted>"),
            (View::Text(text), _) => text.fmt(f),
            (View::Integer(number), _) => number.fmt(f),
            (View::Double(number), _) => number.fmt(f),
            (View::Boolean(truth), _) => truth.fmt(f),
            (View::Timestamp(time), _) => write!(f, "{time}"),
            (View::Map(entries), _) => entries.fmt(f),
            (View::Structure(parts), Schema::Structure(members)) => debug_structure(members(), *parts, f),
            (View::List(parts), Schema::List(list)) => {
                let mut items = f.debug_list();
                parts.each(&mut |view| {
                    items.entry(&Seen { schema: list.item, view });
                });
                items.finish()
            }
            (View::Absent | View::List(_) | View::Structure(_), _) => f.write_str("None"),
        }
    }
}
