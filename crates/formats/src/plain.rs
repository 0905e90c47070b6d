//! The declared properties of a resource after evaluation, common to CloudFormation templates and Terraform states.

use crate::tree::{At, Node, Value};
use lanyard_model::Id;

/// A declared value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plain {
    pub(crate) at: At,
    pub(crate) value: ResolvedValue,
}

/// The declared value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ResolvedValue {
    /// No value, or an explicit null.
    Absent,
    /// The value is unknown.
    Unknown,
    Text(String),
    /// The identifier of another resource.
    Id(Id),
    List(Vec<Plain>),
    Map(Vec<(String, Plain)>),
}

/// The value is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotKnown;

impl Plain {
    pub(crate) fn new(at: At, value: ResolvedValue) -> Self {
        Self { at, value }
    }

    /// The value of a document without functions.
    pub(crate) fn of(node: &Node) -> Self {
        let value = match &node.value {
            Value::Null => ResolvedValue::Absent,
            Value::Text { text, .. } => ResolvedValue::Text(text.clone()),
            Value::List(items) => ResolvedValue::List(items.iter().map(Self::of).collect()),
            Value::Map(entries) => {
                ResolvedValue::Map(entries.iter().map(|entry| (entry.name.clone(), Self::of(&entry.node))).collect())
            }
        };
        Self::new(node.at, value)
    }

    pub(crate) fn unknown(at: At) -> Self {
        Self::new(at, ResolvedValue::Unknown)
    }

    /// The member of a map; the members of an unknown value are unknown.
    pub(crate) fn get(&self, name: &str) -> Self {
        match &self.value {
            ResolvedValue::Unknown => self.clone(),
            ResolvedValue::Map(members) => members
                .iter()
                .find(|(member, _)| member == name)
                .map_or_else(|| Self::new(self.at, ResolvedValue::Absent), |(_, value)| value.clone()),
            _ => Self::new(self.at, ResolvedValue::Absent),
        }
    }

    /// Puts a value in the place of a member of a map.
    pub(crate) fn set(&mut self, name: &str, value: Self) {
        if let ResolvedValue::Map(members) = &mut self.value
            && let Some((_, member)) = members.iter_mut().find(|(member, _)| member == name)
        {
            *member = value;
        }
    }

    /// The members of a map.
    pub(crate) fn members(&self) -> &[(String, Self)] {
        match &self.value {
            ResolvedValue::Map(members) => members,
            _ => &[],
        }
    }

    /// A string, if there is a value.
    pub(crate) fn text(&self) -> Result<Option<&str>, NotKnown> {
        match &self.value {
            ResolvedValue::Absent => Ok(None),
            ResolvedValue::Text(text) => Ok(Some(text)),
            _ => Err(NotKnown),
        }
    }

    /// A text that is owned.
    pub(crate) fn owned(&self) -> Result<Option<String>, NotKnown> {
        Ok(self.text()?.map(str::to_owned))
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> Result<&[Self], NotKnown> {
        match &self.value {
            ResolvedValue::Absent => Ok(&[]),
            ResolvedValue::List(items) => Ok(items),
            _ => Err(NotKnown),
        }
    }

    /// The known strings of a list, and whether these are all.
    pub(crate) fn known_texts(&self) -> (Vec<String>, bool) {
        let Ok(items) = self.items() else { return (Vec::new(), false) };
        let texts: Vec<String> = items.iter().filter_map(|item| item.owned().ok().flatten()).collect();
        let are_all = texts.len() == items.len();
        (texts, are_all)
    }

    /// A string that is not empty, if there is one.
    pub(crate) fn filled(&self) -> Option<String> {
        self.owned().ok().flatten().filter(|text| !text.is_empty())
    }

    /// The place of the first part of it that is unknown.
    pub(crate) fn first_unknown(&self) -> Option<At> {
        match &self.value {
            ResolvedValue::Unknown => Some(self.at),
            ResolvedValue::List(items) => items.iter().find_map(Self::first_unknown),
            ResolvedValue::Map(members) => members.iter().find_map(|(_, value)| value.first_unknown()),
            ResolvedValue::Absent | ResolvedValue::Text(_) | ResolvedValue::Id(_) => None,
        }
    }

    /// Strings, all of which are known.
    pub(crate) fn texts(&self) -> Result<Vec<String>, NotKnown> {
        self.items()?.iter().map(|item| item.owned().and_then(|text| text.ok_or(NotKnown))).collect()
    }

    /// The identifier of another resource, by identifier or ARN.
    pub(crate) fn id(&self) -> Result<Option<Id>, NotKnown> {
        match &self.value {
            ResolvedValue::Absent => Ok(None),
            ResolvedValue::Id(id) => Ok(Some(id.clone())),
            ResolvedValue::Text(text) if text.is_empty() => Ok(None),
            ResolvedValue::Text(text) => Ok(Some(Id::new(last_of(text)))),
            _ => Err(NotKnown),
        }
    }
}

/// The identifier at the end of an ARN; any other text as it is.
pub(crate) fn last_of(text: &str) -> &str {
    match text.starts_with("arn:") {
        true => text.rsplit('/').next().unwrap_or(text),
        false => text,
    }
}
