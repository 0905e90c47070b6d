//! The resources of exports: the parts of one resource in several files are one resource.

use std::collections::BTreeMap;

use lanyard_model::{Id, Kind};

use super::shapes::Extent;
use crate::declared::{ANCESTORS, Declared, has_name, name_property};
use crate::fault::{Fault, misspelt};
use crate::plain::{Plain, ResolvedValue, last_of};
use crate::source::Source;
use crate::tree::{At, Node};

/// Members and the properties that they are read as.
const PROPERTIES: &[(&str, &str)] = &[
    ("Description", "Description"),
    ("Permissions", "Permissions"),
    ("TagRestrictedResources", "TagRestrictedResources"),
    ("AllowedAccessControlTags", "AllowedAccessControlTags"),
    ("HierarchyRestrictedResources", "HierarchyRestrictedResources"),
    ("AllowedAccessControlHierarchyGroupId", "AllowedAccessControlHierarchyGroupId"),
    ("GranularAccessControlConfiguration", "GranularAccessControlConfiguration"),
    ("Applications", "Applications"),
    ("AllowedFlowModules", "AllowedFlowModules"),
    ("Tags", "Tags"),
    ("SecurityProfileIds", "SecurityProfileArns"),
    ("HierarchyGroupId", "HierarchyGroupArn"),
    ("RoutingProfileId", "RoutingProfileArn"),
    ("ParentGroupId", "ParentGroupArn"),
    ("IdentityInfo", "IdentityInfo"),
    ("ExternalInvocationConfiguration", "ExternalInvocationConfiguration"),
    ("InstanceAlias", "InstanceAlias"),
    ("IdentityManagementType", "IdentityManagementType"),
    ("Arn", "Arn"),
];

/// The members that restrict a profile.
const RESTRICTIONS: &[&str] = &["TagRestrictedResources", "AllowedAccessControlTags", "HierarchyRestrictedResources"];

/// A resource, as far as files have it.
pub(super) struct Record {
    kind: Kind,
    at: At,
    id: Option<String>,
    name: Option<String>,
    instance: Option<String>,
    properties: BTreeMap<&'static str, Plain>,
    has_restrictions: bool,
    /// A missing member is empty.
    is_whole: bool,
    has_tags: bool,
    /// The name for readers where the resource has none.
    called: String,
}

impl Record {
    /// Reads a resource.
    ///
    /// # Errors
    /// A misspelt member of a security profile.
    pub(super) fn read(
        file: &Source,
        kind: Kind,
        extent: Extent,
        node: &Node,
        named: Option<&str>,
        called: &str,
    ) -> Result<Self, Fault> {
        let text = |member: &str| node.get(member).and_then(Node::text).filter(|text| !text.is_empty());
        if kind == Kind::SecurityProfile {
            spelt(file, node)?;
        }
        let property = name_property(kind);
        let name = named.or_else(|| text(property)).or_else(|| text("Name")).filter(|_| has_name(kind));
        let specific = match kind {
            Kind::SecurityProfile => "SecurityProfileId",
            Kind::User => "UserId",
            Kind::Queue => "QueueId",
            Kind::RoutingProfile => "RoutingProfileId",
            Kind::QuickConnect => "QuickConnectId",
            Kind::HoursOfOperation => "HoursOfOperationId",
            _ => "Id",
        };
        let id = text("Id").or_else(|| text(specific)).map(|text| last_of(text).to_owned());
        let arn = text("Arn").or_else(|| text("QueueArn")).or_else(|| text("RoutingProfileArn"));
        let of_arn = arn.and_then(|arn| arn.split_once(":instance/")?.1.split('/').next());
        let instance = of_arn.or_else(|| text("OrganizationResourceId")).or_else(|| text("InstanceId"));
        let mut properties: BTreeMap<&'static str, Plain> = BTreeMap::new();
        for (member, property) in PROPERTIES {
            if let Some(node) = node.get(member) {
                properties.insert(property, Plain::of(node));
            }
        }
        if kind == Kind::HierarchyGroup {
            properties.extend(above(node).map(|above| (ANCESTORS, above)));
            properties.remove("HierarchyGroupArn");
        }
        if kind == Kind::HierarchyStructure {
            properties.insert("UserHierarchyStructure", Plain::of(node));
        }
        let has_restrictions = extent == Extent::Whole || RESTRICTIONS.iter().any(|member| node.get(member).is_some());
        Ok(Self {
            kind,
            at: node.at,
            id,
            name: name.map(str::to_owned),
            instance: instance.map(|text| last_of(text).to_owned()),
            has_tags: matches!(extent, Extent::Whole | Extent::Searched) || node.get("Tags").is_some(),
            properties,
            has_restrictions,
            is_whole: extent == Extent::Whole,
            called: called.to_owned(),
        })
    }

    /// A resource of which only one member is known.
    pub(super) fn of_member(name: &'static str, node: &Node, called: &str) -> Self {
        Self {
            kind: Kind::SecurityProfile,
            at: node.at,
            id: None,
            name: None,
            instance: None,
            properties: BTreeMap::from([(name, Plain::of(node))]),
            has_restrictions: false,
            is_whole: false,
            has_tags: false,
            called: called.to_owned(),
        }
    }

    /// Whether the file's name is that of the resource, or ends or begins with it.
    pub(super) fn is_named_in(&self, stem: &str) -> Option<usize> {
        let stem = file_name(stem);
        let texts = self.name.iter().chain(&self.id).map(|text| file_name(text));
        let fits = |text: &String| {
            !text.is_empty()
                && (stem == *text || stem.ends_with(&format!("_{text}")) || stem.starts_with(&format!("{text}_")))
        };
        texts.filter(fits).map(|text| text.len()).max()
    }

    /// Whether both are the same resource.
    fn is_same(&self, other: &Self) -> bool {
        let equal = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        let differ = |one: &Option<String>, other: &Option<String>| one.is_some() && other.is_some() && one != other;
        self.kind == other.kind
            && !differ(&self.id, &other.id)
            && (equal(&self.id, &other.id)
                || (equal(&self.name, &other.name) && self.kind != Kind::HierarchyGroup)
                || !has_name(self.kind))
    }

    /// Adds the members of another part of the same resource.
    ///
    /// # Errors
    /// The parts contradict each other.
    pub(super) fn add(&mut self, file: &Source, other: Self) -> Result<(), Fault> {
        if let (Some(one), Some(name)) = (&self.name, &other.name)
            && one != name
        {
            let place = self.at.in_file(file);
            let message = format!("the {} `{name}` is called `{one}` at {place}", self.kind.noun());
            return Err(Fault::at(file, other.at, message));
        }
        for (property, value) in other.properties {
            match self.properties.get(property) {
                None => {
                    self.properties.insert(property, value);
                }
                Some(there) if is_decisive(property) && !is_equal(there, &value) => {
                    let (name, place) = (self.shown(), there.at.in_file(file));
                    let message = format!("the `{property}` of `{name}` differ from those at {place}");
                    return Err(Fault::at(file, value.at, message));
                }
                Some(_) => {}
            }
        }
        self.name = self.name.take().or(other.name);
        self.id = self.id.take().or(other.id);
        self.instance = self.instance.take().or(other.instance);
        self.has_restrictions |= other.has_restrictions;
        self.is_whole |= other.is_whole;
        self.has_tags |= other.has_tags;
        Ok(())
    }

    fn shown(&self) -> &str {
        self.name.as_deref().or(self.id.as_deref()).unwrap_or(&self.called)
    }

    /// The declaration of the resource: a member that no file has is unknown.
    pub(super) fn declared(self) -> Declared {
        let Self { kind, at, id, name, instance, mut properties, has_restrictions, is_whole, has_tags, called } = self;
        let mut lacks = |property: &'static str, is_empty: bool| {
            if !is_empty && !properties.contains_key(property) {
                properties.insert(property, Plain::unknown(at));
            }
        };
        lacks("Tags", has_tags || !has_name(kind));
        match kind {
            Kind::SecurityProfile => lacks("Permissions", false),
            Kind::User => {
                lacks("SecurityProfileArns", is_whole);
                lacks("HierarchyGroupArn", is_whole);
            }
            Kind::HierarchyGroup => lacks("ParentGroupArn", false),
            _ => {}
        }
        if kind == Kind::Instance {
            lacks("IdentityManagementType", is_whole);
        }
        let called = name.clone().unwrap_or(called);
        let mut members: Vec<(String, Plain)> =
            properties.into_iter().map(|(property, value)| (property.to_owned(), value)).collect();
        members.extend(name.map(|name| (name_property(kind).to_owned(), Plain::new(at, ResolvedValue::Text(name)))));
        let own = id.clone().filter(|_| kind == Kind::Instance);
        Declared {
            kind,
            called,
            at,
            id: id.map(|id| Id::new(&id)),
            instance: own.or(instance),
            instance_expression: None,
            properties: Plain::new(at, ResolvedValue::Map(members)),
            has_restrictions,
        }
    }
}

/// Adds a record to the one of the same resource, or as a new one. `places` has the numbers of records by identifier and
/// name.
pub(super) fn put(
    file: &Source,
    records: &mut Vec<Record>,
    places: &mut BTreeMap<(Kind, bool, String), usize>,
    record: Record,
) -> Result<(), Fault> {
    let key = |is_name: bool, text: &Option<String>| text.clone().map(|text| (record.kind, is_name, text));
    let keys: Vec<_> = [key(false, &record.id), key(true, &record.name)].into_iter().flatten().collect();
    let known = keys.iter().find_map(|key| places.get(key).copied());
    let number = match known.and_then(|number| Some((number, records.get_mut(number)?))) {
        Some((number, there)) if there.is_same(&record) => {
            there.add(file, record)?;
            number
        }
        _ => {
            records.push(record);
            records.len().saturating_sub(1)
        }
    };
    for key in keys {
        places.entry(key).or_insert(number);
    }
    Ok(())
}

/// Refuses a misspelt member of a security profile. Other members are those of backup tools.
fn spelt(file: &Source, node: &Node) -> Result<(), Fault> {
    let known = || PROPERTIES.iter().map(|(member, _)| *member).take(10).chain(["SecurityProfileName"]);
    let others = ["Name", "Id", "Arn", "SecurityProfileId", "InstanceId", "OrganizationResourceId", "Type"];
    for entry in node.entries() {
        let name = entry.name.as_str();
        if known().any(|it| it == name) || others.contains(&name) || name.starts_with("LastModified") {
            continue;
        }
        if let Some(near) = misspelt(name, known()) {
            let message = format!("a security profile has no member `{name}`; did you mean `{near}`?");
            return Err(Fault::at(file, entry.at, message));
        }
    }
    Ok(())
}

/// The groups above a group, from its path, without itself.
fn above(node: &Node) -> Option<Plain> {
    let path = node.get("HierarchyPath")?;
    let levels = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"];
    let mut ids: Vec<Plain> = levels.iter().map_while(|level| path.get(level)?.get("Id")).map(Plain::of).collect();
    ids.pop()?;
    Some(Plain::new(path.at, ResolvedValue::List(ids)))
}

fn is_decisive(property: &str) -> bool {
    RESTRICTIONS.contains(&property) || matches!(property, "Permissions" | "SecurityProfileArns")
}

/// Whether the values are equal, whatever the order of lists is.
fn is_equal(one: &Plain, other: &Plain) -> bool {
    let texts = |plain: &Plain| {
        let (mut texts, _) = plain.known_texts();
        texts.extend(plain.members().iter().map(|(key, value)| format!("{key}={:?}", value.owned().ok().flatten())));
        texts.sort();
        texts
    };
    texts(one) == texts(other)
}

/// A text as it stands in names of files.
fn file_name(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}
