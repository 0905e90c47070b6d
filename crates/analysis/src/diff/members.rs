//! The members of a resource, named as in the API, and their differences between two states.

use std::collections::{BTreeMap, HashMap};

use lanyard_model::{Directory, Id, Kind, Resource};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::names::name_of_id;

/// A member that differs, or one value of a member that is a set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Its path, named as in the API: `Permissions`, `PhoneConfig.AutoAccept`, `Applications[crm].Permissions`,
    /// `Tags[team]`.
    pub path: String,
    /// The difference.
    #[serde(flatten)]
    pub edit: Edit,
}

/// The difference of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// An added value.
    Added {
        /// The value.
        value: Value,
    },
    /// A removed value.
    Removed {
        /// The value.
        value: Value,
    },
    /// A changed value.
    Changed {
        /// The value before.
        before: Value,
        /// The value after.
        after: Value,
    },
}

impl Edit {
    /// The sign of the edit: `+`, `~` or `-`.
    #[must_use]
    pub fn sign(&self) -> &'static str {
        match self {
            Self::Added { .. } => "+",
            Self::Removed { .. } => "-",
            Self::Changed { .. } => "~",
        }
    }
}

/// The display form of values, with names in place of identifiers.
#[derive(Clone, Copy, Debug)]
pub struct ValueNames<'a> {
    /// The states in which identifiers are looked up, the second first.
    pub before: &'a Directory,
    /// The state after.
    pub after: &'a Directory,
}

impl ValueNames<'_> {
    /// The display form of a member's value: strings without quotation marks, and names instead of identifiers.
    #[must_use]
    pub fn value(&self, path: &str, value: &Value) -> String {
        match value {
            Value::String(text) => match referred(path).and_then(|kind| self.name(kind, text)) {
                Some(name) => name,
                None => text.clone(),
            },
            Value::Array(list) if is_ordered(path) => {
                let named = |it: &Value| self.value(path, it.get("name").unwrap_or(it));
                list.iter().map(named).collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        }
    }

    fn name(&self, kind: Kind, text: &str) -> Option<String> {
        let id = Id::new(text);
        let known = [self.after, self.before].into_iter().find(|it| it.get(kind, &id).is_some())?;
        Some(name_of_id(known, kind, &id))
    }
}

/// The kind of resource that the identifiers in a member refer to.
fn referred(path: &str) -> Option<Kind> {
    let last = path.rsplit('.').next().unwrap_or(path);
    Some(match last.split('[').next().unwrap_or(last) {
        "SecurityProfileIds" | "SecurityProfiles" => Kind::SecurityProfile,
        "RoutingProfileId" => Kind::RoutingProfile,
        "HierarchyGroupId" | "AllowedAccessControlHierarchyGroupId" | "HierarchyPath" => Kind::HierarchyGroup,
        "HoursOfOperationId" | "ParentHoursOfOperations" => Kind::HoursOfOperation,
        "QueueId" | "DefaultOutboundQueueId" => Kind::Queue,
        "QuickConnectIds" => Kind::QuickConnect,
        "FlowModuleId" | "ContactFlowModuleId" => Kind::FlowModule,
        "UserId" => Kind::User,
        _ => return None,
    })
}

/// Members that the service itself maintains; no request sets them.
const MAINTAINED: [&str; 6] =
    ["last_modified_time", "last_modified_region", "created", "lock_version", "retired_version", "versions_made"];

/// Members that identify the elements of a list.
const IDENTIFYING: [&str; 8] =
    ["namespace", "attribute_name", "flow_module_id", "arn", "channel", "workload_type", "queue_id", "name"];

/// The members that differ, in the order of their paths. A missing side has no members.
pub(super) fn compare(old: Option<&Resource>, new: Option<&Resource>) -> Vec<Member> {
    let kind = new.or(old).map(Resource::kind);
    let [old, new] = [old, new].map(|side| side.map_or(Value::Null, to_value));
    let mut members = Vec::new();
    Comparison { kind }.compare("", &old, &new, &mut members);
    members.sort_by(|a, b| a.path.cmp(&b.path));
    members
}

fn to_value(resource: &Resource) -> Value {
    resource.to_json().ok().and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// The second resource with those members of the first that the service itself maintains.
pub(super) fn with_maintained(old: &Resource, new: Resource) -> Resource {
    let (from, mut to) = (to_value(old), to_value(&new));
    carry(&from, &mut to);
    Resource::from_json(new.kind(), &to.to_string()).unwrap_or(new)
}

fn carry(from: &Value, to: &mut Value) {
    match (from, to) {
        (Value::Object(from), Value::Object(to)) => {
            for (name, value) in from {
                match to.get_mut(name) {
                    Some(place) if MAINTAINED.contains(&name.as_str()) => place.clone_from(value),
                    Some(place) => carry(value, place),
                    None => {}
                }
            }
        }
        (Value::Array(from), Value::Array(to)) => from.iter().zip(to).for_each(|(from, to)| carry(from, to)),
        _ => {}
    }
}

/// Compares resources of one kind.
#[derive(Clone, Copy)]
struct Comparison {
    kind: Option<Kind>,
}

impl Comparison {
    fn compare(&self, path: &str, old: &Value, new: &Value, out: &mut Vec<Member>) {
        let empty = |value: &Value| match value {
            Value::Null => true,
            Value::Array(list) => list.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if old == new || (empty(old) && empty(new)) {
            return;
        }
        let nothing = serde_json::Map::new();
        match (old, new) {
            (Value::Object(_) | Value::Null, Value::Object(_)) | (Value::Object(_), Value::Null) => {
                let [old, new] = [old, new].map(|side| side.as_object().unwrap_or(&nothing));
                self.compare_objects(path, old, new, out);
            }
            (Value::Array(_) | Value::Null, Value::Array(_)) | (Value::Array(_), Value::Null) => {
                let [old, new] = [old, new].map(|side| side.as_array().map(Vec::as_slice).unwrap_or_default());
                self.compare_lists(path, old, new, out);
            }
            (old, new) => {
                let edit = match (empty(old), empty(new)) {
                    (true, _) => Edit::Added { value: new.clone() },
                    (_, true) => Edit::Removed { value: old.clone() },
                    _ => Edit::Changed { before: old.clone(), after: new.clone() },
                };
                out.push(Member { path: path.to_owned(), edit });
            }
        }
    }

    fn compare_objects(
        &self,
        path: &str,
        old: &serde_json::Map<String, Value>,
        new: &serde_json::Map<String, Value>,
        out: &mut Vec<Member>,
    ) {
        let is_map = path.ends_with("Tags") || path.ends_with("Attributes");
        let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            if MAINTAINED.contains(&name.as_str()) || (path.is_empty() && name == "id") {
                continue;
            }
            let below = if is_map { format!("{path}[{name}]") } else { join(path, &self.api_name(path, name)) };
            let side = |of: &serde_json::Map<String, Value>| of.get(name).cloned().unwrap_or_default();
            self.compare(&below, &side(old), &side(new), out);
        }
    }

    /// Compares lists as sets, or element by element where a member identifies the elements.
    fn compare_lists(&self, path: &str, old: &[Value], new: &[Value], out: &mut Vec<Member>) {
        if is_ordered(path) && !old.is_empty() && !new.is_empty() {
            let (before, after) = (old.to_vec().into(), new.to_vec().into());
            out.push(Member { path: path.to_owned(), edit: Edit::Changed { before, after } });
            return;
        }
        if let (Some(old), Some(new)) = (by_identifying_member(old), by_identifying_member(new)) {
            let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let side = |of: &BTreeMap<String, &Value>| of.get(name).map(|it| (*it).clone()).unwrap_or_default();
                self.compare(&format!("{path}[{name}]"), &side(&old), &side(&new), out);
            }
            return;
        }
        let only = |of: &[Value], other: &[Value]| -> Vec<Value> {
            let mut left: HashMap<String, usize> = HashMap::new();
            for value in other {
                *left.entry(value.to_string()).or_default() += 1;
            }
            let mut is_matched = |value: &&Value| match left.get_mut(&value.to_string()).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    true
                }
                None => false,
            };
            of.iter().filter(|value| !is_matched(value)).cloned().collect()
        };
        let mut push = |edit: Edit| out.push(Member { path: path.to_owned(), edit });
        only(old, new).into_iter().for_each(|value| push(Edit::Removed { value }));
        only(new, old).into_iter().for_each(|value| push(Edit::Added { value }));
    }

    /// The name of a member in the API.
    fn api_name(&self, path: &str, name: &str) -> String {
        use Kind::{AiAgent, HierarchyGroup, HoursOfOperation, SecurityProfile};
        let top = path.is_empty();
        match (self.kind, top, name) {
            (Some(SecurityProfile), true, "name") => "SecurityProfileName".to_owned(),
            (Some(SecurityProfile), true, "allowed_ai_agents") => "AllowedAIAgents".to_owned(),
            (Some(AiAgent), true, "security_profile_ids") => "SecurityProfiles".to_owned(),
            (Some(HierarchyGroup), true, "ancestors") => "HierarchyPath".to_owned(),
            (Some(HoursOfOperation), true, "parent_ids") => "ParentHoursOfOperations".to_owned(),
            (Some(SecurityProfile), false, "application_type" | "module_type" | "agent_type") => "Type".to_owned(),
            _ => pascal(name),
        }
    }
}

/// Whether the order of a list is significant.
fn is_ordered(path: &str) -> bool {
    matches!(path, "Levels" | "HierarchyPath")
}

/// The elements by the member that identifies them; `None` where there is none, or two elements have the same value.
fn by_identifying_member(list: &[Value]) -> Option<BTreeMap<String, &Value>> {
    let mut elements = BTreeMap::new();
    for value in list {
        let members = value.as_object()?;
        let text = |name: &str| Some(members.get(name)?.as_str()?.to_owned());
        let name = IDENTIFYING.iter().find_map(|name| text(name))?;
        if elements.insert(name, value).is_some() {
            return None;
        }
    }
    Some(elements)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}
