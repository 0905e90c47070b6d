//! Reads JSON, labels and queries into nodes that fit their schema.
//!
//! The depth of JSON is bounded, wherever it stands. A wrong JSON type is refused with the place and without the value.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::schema::{Location, Member, Schema};
use crate::validate::{Path, Quoted, Violations};
use crate::value::Node;
use crate::{RequestError, Timestamp, UriParams, percent};

/// The most objects and lists inside each other, the outermost included.
const DEPTH: usize = 64;

/// A double beyond which not every whole number is one.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole number that a double is, if it is one exactly.
pub(crate) fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the number is whole and within 53 bits")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Reads a JSON object into one node for each member; an empty body is an empty object.
///
/// Members that do not travel in the body are unknown here.
///
/// # Errors
/// A message for a body that is not UTF-8, not JSON, not an object, or has a wrong JSON type or depth somewhere.
pub(crate) fn body<'b>(members: &'static [Member], body: &'b [u8]) -> Result<Vec<Node<'b>>, String> {
    if body.is_empty() {
        return Ok(absent(members));
    }
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8")?;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json.deserialize_any(Object(members)).and_then(|nodes| json.end().map(|()| nodes));
    read.map_err(|error| match error.classify() {
        Category::Data => error.to_string(),
        Category::Io | Category::Syntax | Category::Eof => format!("the body is not valid JSON: {error}"),
    })
}

fn absent<'b>(members: &[Member]) -> Vec<Node<'b>> {
    members.iter().map(|_| Node::Absent).collect()
}

/// The outermost object.
struct Object(&'static [Member]);

impl<'de> Visitor<'de> for Object {
    type Value = Vec<Node<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object as the body")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        read_members(self.0, map, &Path::Root, 1)
    }
}

/// The value at `path`, `depth` levels of objects and lists around it; without a schema it is read and dropped.
struct Reader<'p> {
    schema: Option<&'static Schema>,
    path: &'p Path<'p>,
    depth: usize,
    nullable: bool,
}

impl Reader<'_> {
    fn mismatch<'de, E: de::Error>(&self, actual: &str) -> Result<Node<'de>, E> {
        let wanted = match self.schema {
            None => return Ok(Node::Absent),
            Some(Schema::Structure(_) | Schema::Map(_)) => "an object",
            Some(Schema::List(_)) => "a list",
            Some(Schema::Text(_) | Schema::Enum(_)) => "a string",
            Some(Schema::Integer(_)) => "a whole number of 32 bits",
            Some(Schema::Long(_)) => "a whole number of 64 bits",
            Some(Schema::Double(_)) => "a number",
            Some(Schema::Boolean) => "a boolean",
            Some(Schema::Timestamp) => "a number of epoch seconds",
        };
        Err(E::custom(format_args!("member `{}` must be {wanted}, not {actual}", self.path)))
    }

    fn deeper<E: de::Error>(&self) -> Result<usize, E> {
        match self.depth < DEPTH {
            true => Ok(self.depth + 1),
            false => Err(E::custom(format_args!("the body is nested too deeply, at most {DEPTH} levels are allowed"))),
        }
    }

    fn text<'de, E: de::Error>(&self, text: impl FnOnce() -> Node<'de>) -> Result<Node<'de>, E> {
        match self.schema {
            Some(Schema::Text(_) | Schema::Enum(_)) => Ok(text()),
            _ => self.mismatch("a string"),
        }
    }

    fn number<'de, E: de::Error>(&self, double: f64, integer: Option<i64>) -> Result<Node<'de>, E> {
        let node = match self.schema {
            Some(Schema::Integer(_)) => integer.filter(|number| i32::try_from(*number).is_ok()).map(Node::Integer),
            Some(Schema::Long(_)) => integer.map(Node::Integer),
            Some(Schema::Double(_)) => Some(Node::Double(double)),
            Some(Schema::Timestamp) => Timestamp::from_seconds(double).map(Node::Timestamp),
            _ => return self.mismatch("a number"),
        };
        match node {
            Some(node) => Ok(node),
            None if integer.is_none() && double.fract() != 0.0 => self.mismatch("a fraction"),
            None => self.mismatch("a number out of its range"),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node<'de>, E> {
        match self.nullable {
            true => Ok(Node::Absent),
            false => self.mismatch("null"),
        }
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Node<'de>, E> {
        match self.schema {
            Some(Schema::Boolean) => Ok(Node::Boolean(truth)),
            _ => self.mismatch("a boolean"),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a double of the model takes any JSON number")]
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node<'de>, E> {
        self.number(number as f64, Some(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "a double of the model takes any JSON number")]
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node<'de>, E> {
        self.number(number as f64, i64::try_from(number).ok())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Node<'de>, E> {
        self.number(number, whole(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node<'de>, E> {
        self.text(|| Node::Text(text.to_owned().into()))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Node<'de>, E> {
        self.text(|| Node::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node<'de>, A::Error> {
        let depth = self.deeper()?;
        let schema = match self.schema {
            Some(Schema::List(list)) => Some(list.item),
            None => None,
            Some(_) => return self.mismatch("a list"),
        };
        let mut items = Vec::new();
        for index in 0.. {
            let path = Path::Item(self.path, index);
            match sequence.next_element_seed(Reader { schema, path: &path, depth, nullable: schema.is_none() })? {
                Some(item) if schema.is_some() => items.push(item),
                Some(_) => {}
                None => break,
            }
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let depth = self.deeper()?;
        match self.schema {
            None => read_members(&[], map, self.path, depth).map(Node::Structure),
            Some(Schema::Structure(members)) => read_members(members(), map, self.path, depth).map(Node::Structure),
            Some(Schema::Map(schema)) => {
                let mut entries = BTreeMap::new();
                while let Some(key) = map.next_key::<String>()? {
                    let path = Path::Entry(self.path, &key);
                    let reader = Reader { schema: Some(schema.value), path: &path, depth, nullable: false };
                    if let Node::Text(value) = map.next_value_seed(reader)? {
                        entries.insert(key, value.into_owned());
                    }
                }
                Ok(Node::Map(entries))
            }
            Some(_) => self.mismatch("an object"),
        }
    }
}

fn read_members<'de, A: MapAccess<'de>>(
    members: &'static [Member],
    mut map: A,
    path: &Path<'_>,
    depth: usize,
) -> Result<Vec<Node<'de>>, A::Error> {
    let mut nodes = absent(members);
    let mut next = 0;
    while let Some(known) = map.next_key_seed(MemberName { members, next })? {
        let (schema, name) = known.map_or((None, ""), |(_, member)| (Some(member.schema), member.name));
        let path = Path::Member(path, name);
        let node = map.next_value_seed(Reader { schema, path: &path, depth, nullable: true })?;
        if let Some((index, _)) = known
            && let Some(field) = nodes.get_mut(index)
        {
            *field = node;
            next = index + 1;
        }
    }
    Ok(nodes)
}

/// Finds the member of a key; clients send members in an order of theirs, so the one after the last is tried first.
struct MemberName {
    members: &'static [Member],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for MemberName {
    type Value = Option<(usize, &'static Member)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for MemberName {
    type Value = Option<(usize, &'static Member)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        let members = self.members.iter().enumerate();
        let mut ordered = members.clone().skip(self.next).chain(members.take(self.next));
        Ok(ordered.find(|(_, member)| member.name == name && member.location == Location::Body))
    }
}

/// Puts the labels of the path into their members' nodes.
pub(crate) fn labels<'b>(
    members: &'static [Member],
    params: &'b UriParams<'_>,
    nodes: &mut [Node<'b>],
    broken: &mut Violations,
) {
    for (member, node) in members.iter().zip(nodes) {
        if let Location::Label(name) = member.location
            && let Some(text) = params.get(name)
        {
            *node = plain(member, text.into(), broken);
        }
    }
}

/// Puts the parameters of the query into their members' nodes; a list takes every parameter of its name.
pub(crate) fn query<'b>(
    members: &'static [Member],
    query: Option<&'b str>,
    nodes: &mut [Node<'b>],
    broken: &mut Violations,
) -> Result<(), RequestError> {
    let parameters = query.unwrap_or_default().split('&').filter(|parameter| !parameter.is_empty());
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let decode =
            |text: &'b str| percent::decode_query(text).map_err(|error| RequestError::serialization(error.to_string()));
        let (name, value) = (decode(name)?, decode(value)?);
        let member = members.iter().zip(&mut *nodes).find(|(member, _)| match member.location {
            Location::Query(wire) => wire == name,
            Location::Body | Location::Label(_) => false,
        });
        match member {
            Some((Member { schema: Schema::List(_), .. }, Node::List(items))) => {
                items.push(Node::Text(value));
            }
            Some((Member { schema: Schema::List(_), .. }, node)) => {
                *node = Node::List(vec![Node::Text(value)]);
            }
            Some((member, node)) => *node = plain(member, value, broken),
            None => {}
        }
    }
    Ok(())
}

/// The node of a member that travels as text.
fn plain<'b>(member: &'static Member, text: Cow<'b, str>, broken: &mut Violations) -> Node<'b> {
    let (node, wanted) = match member.schema {
        Schema::Integer(_) => (text.parse::<i32>().ok().map(|number| Node::Integer(number.into())), "a whole number"),
        Schema::Long(_) => (text.parse().ok().map(Node::Integer), "a whole number"),
        Schema::Boolean => (text.parse().ok().map(Node::Boolean), "`true` or `false`"),
        _ => return Node::Text(text),
    };
    node.unwrap_or_else(|| {
        let path = Path::Member(&Path::Root, member.name);
        broken.add(&path, format_args!("has value `{}`, must be {wanted}", Quoted(&text)));
        // The fault is reported; a value that breaks nothing else keeps it from being reported twice.
        Node::Boolean(false)
    })
}
