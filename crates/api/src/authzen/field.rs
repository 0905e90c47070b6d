//! Reading members of JSON that may be absent or of a wrong type, while the rest of the body is still read.
//!
//! A batch goes on when one of its questions is not in order, so a wrong type is a value here ([`Field`]) and not an
//! error; only text that is not JSON is one. Text is borrowed from the body. Unknown members are skipped,
//! down to the depth that the JSON reader allows.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A member of an object.
#[derive(Debug, Default)]
pub(super) enum Field<T> {
    /// It is not there, or null.
    #[default]
    Absent,
    /// It is of another type.
    Wrong,
    /// It is there more than once.
    Twice,
    /// Its value.
    Given(T),
}

/// A member that is wrong, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The member, with those it is in.
    pub(super) member: &'static str,
    pub(super) wrong: Wrong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Missing,
    Empty,
    Type(&'static str),
    Twice,
    Value(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let member = self.member;
        match self.wrong {
            Wrong::Missing => write!(f, "member `{member}` is required"),
            Wrong::Empty => write!(f, "member `{member}` must not be empty"),
            Wrong::Type(right) => write!(f, "member `{member}` must be {right}"),
            Wrong::Twice => write!(f, "member `{member}` is there more than once"),
            Wrong::Value(right) => write!(f, "member `{member}` must be {right}"),
        }
    }
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub(super) fn optional<'a, 'de>(&'a self, member: &'static str) -> Result<Option<&'a T>, Fault>
    where
        T: Shape<'de>,
    {
        let wrong = match self {
            Self::Absent => return Ok(None),
            Self::Given(value) => return Ok(Some(value)),
            Self::Wrong => Wrong::Type(T::IS),
            Self::Twice => Wrong::Twice,
        };
        Err(Fault { member, wrong })
    }

    /// The value, which must be there.
    pub(super) fn required<'a, 'de>(&'a self, member: &'static str) -> Result<&'a T, Fault>
    where
        T: Shape<'de>,
    {
        self.optional(member)?.ok_or(Fault { member, wrong: Wrong::Missing })
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Reads the value of the member from an object.
    pub(super) fn read<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error>
    where
        T: Shape<'de>,
    {
        let value = map.next_value()?;
        *self = if self.is_absent() { value } else { Self::Twice };
        Ok(())
    }
}

impl Field<Cow<'_, str>> {
    /// The text, which must be there and not be empty.
    pub(super) fn text(&self, member: &'static str) -> Result<&str, Fault> {
        let text = self.required(member)?;
        if text.is_empty() { Err(Fault { member, wrong: Wrong::Empty }) } else { Ok(text) }
    }

    /// The text, if there is one.
    pub(super) fn optional_text(&self, member: &'static str) -> Result<Option<&str>, Fault> {
        Ok(self.optional(member)?.map(|text| &**text))
    }
}

/// A type that a member may have. A conversion from a wrong JSON type gives `None`.
pub(super) trait Shape<'de>: Sized {
    /// The name of the type in messages.
    const IS: &'static str;

    fn from_text(_: Cow<'de, str>) -> Option<Self> {
        None
    }

    fn from_boolean(_: bool) -> Option<Self> {
        None
    }

    fn from_number(_: u64) -> Option<Self> {
        None
    }

    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<Skipped, Skipped>()?.is_some() {}
        Ok(None)
    }

    fn from_array<A: SeqAccess<'de>>(mut array: A) -> Result<Option<Self>, A::Error> {
        while array.next_element::<Skipped>()?.is_some() {}
        Ok(None)
    }
}

impl<'de> Shape<'de> for Cow<'de, str> {
    const IS: &'static str = "a string";

    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(text)
    }
}

impl Shape<'_> for bool {
    const IS: &'static str = "true or false";

    fn from_boolean(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl Shape<'_> for u64 {
    const IS: &'static str = "a whole number, not negative";

    fn from_number(value: u64) -> Option<Self> {
        Some(value)
    }
}

/// An object: its members are read one by one, others are skipped.
pub(super) trait Object<'de>: Default {
    /// Reads the value of the member `name`, if it is one of the object's: whether it is.
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error>;
}

/// Makes objects members.
macro_rules! objects {
    ($($object:ident<$life:lifetime>),* $(,)?) => { $(
        impl<$life> Shape<$life> for $object<$life> {
            const IS: &'static str = "an object";

            fn from_object<A: MapAccess<$life>>(map: A) -> Result<Option<Self>, A::Error> {
                read_object(map).map(Some)
            }
        }
    )* };
}
pub(super) use objects;

pub(super) fn read_object<'de, T: Object<'de>, A: MapAccess<'de>>(mut map: A) -> Result<T, A::Error> {
    let mut object = T::default();
    while let Some(Name(name)) = map.next_key()? {
        if !object.member(&name, &mut map)? {
            map.next_value::<Skipped>()?;
        }
    }
    Ok(object)
}

/// The name of a member.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Field::<Cow<'de, str>>::deserialize(deserializer)? {
            Field::Given(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("the name of a member must be a string")),
        }
    }
}

impl<'de, T: Shape<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyOf(PhantomData))
    }
}

struct AnyOf<T>(PhantomData<T>);

fn field<T>(value: Option<T>) -> Field<T> {
    value.map_or(Field::Wrong, Field::Given)
}

impl<'de, T: Shape<'de>> Visitor<'de> for AnyOf<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Field<T>, E> {
        Ok(field(T::from_text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<T>, E> {
        Ok(field(T::from_text(Cow::Owned(text.to_owned()))))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Field<T>, E> {
        Ok(field(T::from_boolean(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Field<T>, E> {
        Ok(field(T::from_number(value)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Field<T>, E> {
        Ok(Field::Wrong)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Field<T>, E> {
        Ok(Field::Wrong)
    }

    fn visit_unit<E>(self) -> Result<Field<T>, E> {
        Ok(Field::Absent)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field<T>, A::Error> {
        T::from_object(map).map(field)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Field<T>, A::Error> {
        T::from_array(array).map(field)
    }
}

/// A value that is skipped. Unlike serde's own, it counts against the depth that the reader allows.
pub(super) struct Skipped;

impl Shape<'_> for Skipped {
    const IS: &'static str = "anything";
}

impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Field::<Self>::deserialize(deserializer).map(|_| Self)
    }
}

/// How many pairs an object of text has at most; the service allows a resource 50 tags.
const MOST_PAIRS: usize = 200;

/// Pairs of text: an object whose values are text.
#[derive(Debug, Default)]
pub(super) struct Pairs<'de>(Vec<(Cow<'de, str>, Cow<'de, str>)>);

impl Pairs<'_> {
    pub(super) fn borrowed(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value)).collect()
    }
}

impl<'de> Shape<'de> for Pairs<'de> {
    const IS: &'static str = "an object of up to 200 different names whose values are strings";

    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut pairs = Vec::new();
        let mut right = true;
        while let Some((Name(name), value)) = map.next_entry()? {
            match value {
                Field::Given(value) if pairs.len() < MOST_PAIRS && !pairs.iter().any(|(other, _)| *other == name) => {
                    pairs.push((name, value));
                }
                _ => right = false,
            }
        }
        Ok(right.then_some(Self(pairs)))
    }
}
