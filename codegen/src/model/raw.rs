//! The model's JSON as written, in its order.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Kind, Location, Shape};

/// A JSON object in the order of its text.
pub(super) struct Ordered<T>(pub(super) Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Model {
    pub(super) operations: Ordered<Operation>,
    pub(super) shapes: Ordered<RawShape>,
    pub(super) all_routes: Ordered<(String, String)>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    #[serde(rename = "name")]
    _name: IgnoredAny,
    http: Http,
    input: String,
    output: Option<String>,
    errors: Vec<String>,
    #[serde(rename = "group")]
    _group: IgnoredAny,
    paginator: Option<Paginator>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Http {
    method: String,
    request_uri: String,
}

#[derive(serde::Deserialize)]
struct Paginator {
    input_token: String,
    limit_key: String,
    output_token: String,
    result_key: String,
}

impl Operation {
    pub(super) fn finish(self, name: String) -> super::Operation {
        super::Operation {
            name,
            method: self.http.method,
            uri: self.http.request_uri,
            input: self.input,
            output: self.output,
            errors: self.errors,
            paginator: self
                .paginator
                .map(|page| [page.input_token, page.limit_key, page.output_token, page.result_key]),
        }
    }
}

/// A shape of any type, with the type as its tag; each type has its own properties.
#[derive(serde::Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum RawShape {
    Structure {
        members: Ordered<Member>,
        #[serde(default)]
        required: Vec<String>,
        error: Option<Error>,
        #[serde(rename = "exception")]
        _exception: Option<IgnoredAny>,
        #[serde(rename = "union")]
        _union: Option<IgnoredAny>,
    },
    List {
        member: Reference,
        #[serde(default)]
        min: u64,
        max: Option<u64>,
    },
    Map {
        key: Reference,
        value: Reference,
        #[serde(default)]
        min: u64,
        max: Option<u64>,
    },
    String {
        #[serde(rename = "enum")]
        values: Option<Vec<String>>,
        min: Option<u64>,
        max: Option<u64>,
        pattern: Option<String>,
        #[serde(default)]
        sensitive: bool,
    },
    Integer(Number),
    Long(Number),
    Double(Number),
    Boolean {},
    Timestamp {},
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Number {
    min: Option<i64>,
    max: Option<i64>,
    #[serde(rename = "box")]
    _box: Option<IgnoredAny>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Error {
    http_status_code: u64,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    shape: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Member {
    shape: String,
    location: Option<String>,
    location_name: Option<String>,
    #[serde(rename = "box")]
    _box: Option<IgnoredAny>,
    #[serde(rename = "idempotencyToken")]
    _idempotency_token: Option<IgnoredAny>,
}

impl RawShape {
    pub(super) fn finish(self) -> Result<Shape, String> {
        let number = |kind, bounds: Number| Shape::Number { kind, min: bounds.min, max: bounds.max };
        Ok(match self {
            Self::Structure { members, required, error, .. } => {
                let members = members.0.into_iter().map(|(name, member)| {
                    let required = required.contains(&name);
                    member.finish(&name, required).map_err(|error| format!("member {name}: {error}"))
                });
                let status = error.map(|error| error.http_status_code);
                Shape::Structure { members: members.collect::<Result<_, _>>()?, status }
            }
            Self::List { member, min, max } => Shape::List { item: member.shape, min, max },
            Self::Map { key, value, min, max } => Shape::Map { key: key.shape, value: value.shape, min, max },
            Self::String { values: Some(values), min: None, max: None, pattern: None, sensitive: false } => {
                Shape::Enum(values)
            }
            Self::String { values: Some(_), .. } => return Err("an enumeration with other constraints".to_owned()),
            Self::String { values: None, min, max, pattern, sensitive } => Shape::Text { min, max, pattern, sensitive },
            Self::Integer(bounds) => number(Kind::Integer, bounds),
            Self::Long(bounds) => number(Kind::Long, bounds),
            Self::Double(bounds) => number(Kind::Double, bounds),
            Self::Boolean {} => Shape::Boolean,
            Self::Timestamp {} => Shape::Timestamp,
        })
    }
}

impl Member {
    fn finish(self, name: &str, required: bool) -> Result<super::Member, String> {
        let location = match (self.location.as_deref(), self.location_name) {
            (Some("querystring"), Some(wire)) => Location::Query(wire),
            (Some("uri"), Some(wire)) => Location::Label(wire),
            (None, None) => Location::Body,
            _ => return Err("a location or another name on the wire that is not supported".to_owned()),
        };
        Ok(super::Member { name: name.to_owned(), shape: self.shape, required, location })
    }
}
