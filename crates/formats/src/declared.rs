//! The resources of an instance from declared properties, named as in CloudFormation.
//!
//! Invariants: a declaration describes only the resources that it names, so there may be unknown resources of every
//! kind. Unknown properties stay unknown: the restrictions and tools of a profile separately. A resource with another
//! unknown property that access depends on is left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lanyard_analysis::{Configuration, PORTABLE_KINDS, Places, bare, portable, provisional};
use lanyard_engine::UnknownParts;
use lanyard_model::resources::{
    AllowedFlowModule, Application, ApplicationType, HierarchyGroup, HierarchyLevel, HierarchyStructure, IdentityInfo,
    Instance, PrimaryAttributeValue, SecurityProfile, User,
};
use lanyard_model::{Directory, Id, Key, Kind, Names, Resource, StreamId, Tags, Timestamp};

use crate::directory::IN_TABLES;
use crate::fault::Fault;
use crate::plain::{NotKnown, Plain, ResolvedValue, last_of};
use crate::source::Source;
use crate::tree::At;

/// The property of a hierarchy group with the groups above it, from the top, where the format has all of them.
pub(crate) const ANCESTORS: &str = "Ancestors";

/// A declared resource.
pub(crate) struct Declared {
    pub(crate) kind: Kind,
    /// Its name in the declaration: a logical name or an address.
    pub(crate) called: String,
    pub(crate) at: At,
    /// The identifier of an existing resource.
    pub(crate) id: Option<Id>,
    /// The instance, by identifier, ARN or in the form of the file; `None` where it is unknown.
    pub(crate) instance: Option<String>,
    pub(crate) properties: Plain,
    /// Whether the format contains the restrictions of a profile.
    pub(crate) has_restrictions: bool,
}

impl Declared {
    /// The name in the properties.
    pub(crate) fn name(&self) -> Option<String> {
        name_of(self.kind, &self.properties)
    }

    /// The identifier, or the provisional one.
    pub(crate) fn id_or_new(&self) -> Id {
        self.id.clone().unwrap_or_else(|| {
            // Groups of one name may have different groups above.
            let name = self.name().filter(|_| self.kind != Kind::HierarchyGroup);
            provisional(self.kind, &name.unwrap_or_else(|| self.called.clone()))
        })
    }
}

/// The name property.
pub(crate) fn name_of(kind: Kind, properties: &Plain) -> Option<String> {
    let property = match kind {
        Kind::SecurityProfile => "SecurityProfileName",
        Kind::User => "Username",
        _ => "Name",
    };
    properties.get(property).owned().ok().flatten()
}

/// The state of the declared resources.
pub(crate) fn configuration(file: &Source, declared: &[Declared], notes: Vec<String>) -> Result<Configuration, Fault> {
    let instance = the_instance(file, declared)?;
    let unknown_parts = UnknownParts {
        kinds: PORTABLE_KINDS.iter().copied().chain(IN_TABLES).collect(),
        notes,
        ..UnknownParts::default()
    };
    let groups = declared.iter().filter(|it| it.kind == Kind::HierarchyGroup);
    let groups = groups.rev().map(|it| (it.id_or_new(), it)).collect();
    let mut maker = Maker { file, unknown_parts, places: Places::default(), resources: Vec::new(), groups };
    maker.unknown_parts.kinds.remove(&Kind::Instance);
    let mut taken: BTreeMap<(Kind, String), &Declared> = BTreeMap::new();
    for it in declared {
        let id = it.id_or_new();
        let keys = [Some(id.to_string()), it.name().filter(|_| it.kind.names() != Names::NotUnique)];
        for (is_name, text) in keys.into_iter().enumerate().filter_map(|(at, text)| Some((at == 1, text?))) {
            let text = if is_name { format!("name {}", it.kind.names().fold(&text)) } else { text };
            if let Some(other) = taken.insert((it.kind, text), it) {
                let noun = it.kind.noun();
                let message =
                    format!("`{}` declares the same {noun} as `{}` on line {}", it.called, other.called, other.at.line);
                return Err(Fault::at(file, it.at, message));
            }
        }
        if maker.make(it, &id).is_err() {
            maker.unknown_parts.notes.push(format!("`{}`, which the file does not determine fully", it.called));
        }
    }
    let Maker { resources, unknown_parts, places, .. } = maker;
    let resources = resources.iter().filter_map(portable);
    let directory = Directory::load(StreamId::Instance(instance), 0, Timestamp::default(), resources);
    Ok(Configuration { directory, unknown_parts, places })
}

/// The instance of all declared resources.
fn the_instance(file: &Source, declared: &[Declared]) -> Result<Id, Fault> {
    let mut named: BTreeMap<&str, &Declared> = BTreeMap::new();
    for it in declared {
        if let Some(instance) = it.instance.as_deref() {
            named.entry(instance).or_insert(it);
        }
    }
    let mut all = named.into_iter();
    let (first, second) = (all.next(), all.next());
    if let (Some((one, _)), Some((other, it))) = (first, second) {
        let message =
            format!("there are resources of several instances, `{one}` and `{other}`; keep them in separate files");
        return Err(Fault::at(file, it.at, message));
    }
    let known = first.map(|(instance, _)| Id::new(last_of(instance)));
    Ok(known.unwrap_or_else(|| provisional(Kind::Instance, "")))
}

struct Maker<'a> {
    file: &'a Source,
    unknown_parts: UnknownParts,
    places: Places,
    resources: Vec<Resource>,
    /// The declared hierarchy groups.
    groups: HashMap<Id, &'a Declared>,
}

impl Maker<'_> {
    fn make(&mut self, it: &Declared, id: &Id) -> Result<(), NotKnown> {
        let properties = &it.properties;
        let resource: Resource = match it.kind {
            Kind::SecurityProfile => self.profile(it, id)?.into(),
            Kind::User => user(it, id)?.into(),
            Kind::HierarchyGroup => self.group(it, id)?.into(),
            Kind::HierarchyStructure => structure(properties)?.into(),
            Kind::Instance => match instance(properties, id)? {
                Some(instance) => instance.into(),
                None => return Ok(()),
            },
            kind => {
                let name = it.name().unwrap_or_else(|| it.called.clone());
                let Some(mut resource) = bare(kind, id.clone(), &name, tags(&properties.get("Tags"))?) else {
                    return Ok(());
                };
                if let Resource::FlowModule(module) = &mut resource {
                    let enabled = properties.get("ExternalInvocationConfiguration").get("Enabled");
                    Arc::make_mut(module).external_invocation_enabled = enabled.text()?.map(|text| text == "true");
                }
                resource
            }
        };
        self.note(&resource.key(), it);
        self.resources.push(resource);
        Ok(())
    }

    /// Adds the places of the resource, its members and their values, under the member names of pulled files.
    fn note(&mut self, key: &Key, it: &Declared) {
        self.places.note(key.clone(), "", it.at.in_file(self.file));
        for (property, value) in it.properties.members() {
            let member = match property.as_str() {
                "AllowedAccessControlHierarchyGroupId" => "AllowedAccessControlHierarchyGroup",
                "SecurityProfileArns" => "SecurityProfiles",
                "HierarchyGroupArn" => "HierarchyGroup",
                "RoutingProfileArn" => "RoutingProfile",
                other => other,
            };
            self.places.note(key.clone(), member, value.at.in_file(self.file));
            for item in value.items().unwrap_or_default() {
                let name = match &item.value {
                    ResolvedValue::Text(text) => text.clone(),
                    ResolvedValue::Id(id) => id.to_string(),
                    ResolvedValue::Map(_) => item.get("Key").owned().ok().flatten().unwrap_or_default(),
                    _ => continue,
                };
                self.places.note(key.clone(), &format!("{member}/{name}"), item.at.in_file(self.file));
            }
        }
    }

    fn profile(&mut self, it: &Declared, id: &Id) -> Result<SecurityProfile, NotKnown> {
        let properties = &it.properties;
        let name = it.name().unwrap_or_else(|| it.called.clone());
        let mut profile = SecurityProfile::named(id.clone(), &name, Timestamp::default(), "");
        profile.description = properties.get("Description").owned().unwrap_or_default();
        profile.permissions = properties.get("Permissions").texts()?;
        profile.tags = tags(&properties.get("Tags"))?;
        let restrictions = if it.has_restrictions { restrict(&mut profile, properties) } else { Err(NotKnown) };
        if restrictions.is_err() {
            self.unknown_parts.restrictions.insert(id.clone());
        }
        // No declaration format contains the AI agents.
        self.unknown_parts.tools.insert(id.clone());
        if let Ok(items) = properties.get("Applications").items() {
            profile.applications = items.iter().filter_map(|item| application(item).ok()).collect();
        }
        if let Ok(items) = properties.get("AllowedFlowModules").items() {
            profile.allowed_flow_modules = items.iter().filter_map(|item| flow_module(item).ok()).collect();
        }
        Ok(profile)
    }

    fn group(&self, it: &Declared, id: &Id) -> Result<HierarchyGroup, NotKnown> {
        let name = it.name().unwrap_or_else(|| it.called.clone());
        Ok(HierarchyGroup {
            id: id.clone(),
            name,
            ancestors: self.ancestors(&it.properties),
            tags: tags(&it.properties.get("Tags"))?,
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
        })
    }

    /// The groups above, from the top, as far as they are declared; an unknown group is above the highest.
    fn ancestors(&self, properties: &Plain) -> Vec<Id> {
        let want = properties.get(ANCESTORS);
        if let ResolvedValue::List(items) = &want.value
            && let Ok(ids) = items.iter().map(|item| item.id().and_then(|id| id.ok_or(NotKnown))).collect()
        {
            return ids;
        }
        let (mut above, mut seen) = (Vec::new(), BTreeSet::new());
        let mut parent = properties.get("ParentGroupArn").id();
        loop {
            let id = match parent {
                Ok(None) => break,
                Ok(Some(id)) => id,
                Err(NotKnown) => {
                    above.push(provisional(Kind::HierarchyGroup, "?"));
                    break;
                }
            };
            if !seen.insert(id.clone()) {
                break;
            }
            let declared = self.groups.get(&id);
            // The groups above a group that is not declared are unknown.
            parent = declared.map_or(Err(NotKnown), |it| it.properties.get("ParentGroupArn").id());
            above.push(id);
        }
        above.reverse();
        above
    }
}

/// Sets the restrictions of the profile.
fn restrict(profile: &mut SecurityProfile, properties: &Plain) -> Result<(), NotKnown> {
    let required = tags(&properties.get("AllowedAccessControlTags"))?;
    let by_tag = properties.get("TagRestrictedResources").texts()?;
    let by_hierarchy = properties.get("HierarchyRestrictedResources").texts()?;
    // The group may be unknown while the restriction is known; the identifier is then that of no group.
    let group = properties.get("AllowedAccessControlHierarchyGroupId").id();
    let group = group.unwrap_or_else(|NotKnown| Some(provisional(Kind::HierarchyGroup, "?")));
    let records = properties
        .get("GranularAccessControlConfiguration")
        .get("DataTableAccessControlConfiguration")
        .get("PrimaryAttributeAccessControlConfiguration")
        .get("PrimaryAttributeValues");
    let entry = |item: &Plain| -> Result<PrimaryAttributeValue, NotKnown> {
        Ok(PrimaryAttributeValue {
            access_type: item.get("AccessType").owned()?,
            attribute_name: item.get("AttributeName").owned()?,
            values: item.get("Values").texts()?,
        })
    };
    profile.primary_attribute_values = records.items()?.iter().map(entry).collect::<Result<_, _>>()?;
    profile.allowed_access_control_tags = required;
    profile.tag_restricted_resources = by_tag;
    profile.hierarchy_restricted_resources = by_hierarchy;
    profile.allowed_access_control_hierarchy_group_id = group;
    Ok(())
}

fn application(item: &Plain) -> Result<Application, NotKnown> {
    let application_type = match item.get("Type").text()? {
        Some("MCP") => Some(ApplicationType::Mcp),
        Some("THIRD_PARTY_APPLICATION") => Some(ApplicationType::ThirdPartyApplication),
        _ => None,
    };
    let permissions = item.get("ApplicationPermissions").texts()?;
    Ok(Application { namespace: item.get("Namespace").owned()?, permissions, application_type })
}

fn flow_module(item: &Plain) -> Result<AllowedFlowModule, NotKnown> {
    let id = item.get("FlowModuleId").id()?;
    Ok(AllowedFlowModule { flow_module_id: id.map(|id| id.to_string()), module_type: item.get("Type").owned()? })
}

fn user(it: &Declared, id: &Id) -> Result<User, NotKnown> {
    let properties = &it.properties;
    let elsewhere = |kind| provisional(kind, "?");
    let profiles = match properties.get("SecurityProfileArns").items() {
        Ok(items) => items
            .iter()
            .map(|item| item.id().ok().flatten().unwrap_or_else(|| elsewhere(Kind::SecurityProfile)))
            .collect(),
        Err(NotKnown) => vec![elsewhere(Kind::SecurityProfile)],
    };
    let group = properties.get("HierarchyGroupArn").id();
    let routing = properties.get("RoutingProfileArn").id().unwrap_or_default();
    let info = properties.get("IdentityInfo");
    let want = |name: &str| info.get(name).owned().unwrap_or_default();
    let info = IdentityInfo {
        first_name: want("FirstName"),
        last_name: want("LastName"),
        email: want("Email"),
        secondary_email: want("SecondaryEmail"),
        mobile: want("Mobile"),
    };
    Ok(User {
        id: id.clone(),
        username: it.name().ok_or(NotKnown)?,
        identity_info: Some(info).filter(|info| *info != IdentityInfo::default()),
        phone_config: None,
        channel_configs: Default::default(),
        directory_user_id: None,
        security_profile_ids: profiles,
        routing_profile_id: routing.unwrap_or_else(|| Id::new("")),
        hierarchy_group_id: group.unwrap_or_else(|NotKnown| Some(elsewhere(Kind::HierarchyGroup))),
        tags: tags(&properties.get("Tags"))?,
        last_modified_time: Timestamp::default(),
        last_modified_region: String::new(),
    })
}

fn structure(properties: &Plain) -> Result<HierarchyStructure, NotKnown> {
    let levels = properties.get("UserHierarchyStructure");
    let mut named = Vec::new();
    for level in ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"] {
        let Some(name) = levels.get(level).get("Name").owned()? else { break };
        named.push(HierarchyLevel {
            name,
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
        });
    }
    Ok(HierarchyStructure { levels: named })
}

/// The instance; `None` where its ARN, which has account and region, is unknown.
fn instance(properties: &Plain, id: &Id) -> Result<Option<Instance>, NotKnown> {
    let arn = properties.get("Arn").owned().unwrap_or_default().unwrap_or_default();
    let mut parts = arn.split(':').skip(3);
    let (Some(region), Some(account)) = (parts.next(), parts.next()) else { return Ok(None) };
    Ok(Some(Instance {
        id: id.clone(),
        account: account.to_owned(),
        region: region.to_owned(),
        alias: properties.get("InstanceAlias").owned().unwrap_or_default(),
        identity_management_type: properties.get("IdentityManagementType").owned()?.unwrap_or_default(),
        directory_id: None,
        created: Timestamp::default(),
        attributes: BTreeMap::new(),
        tags: tags(&properties.get("Tags"))?,
    }))
}

/// Tags, as a list of keys and values or as a map.
fn tags(plain: &Plain) -> Result<Tags, NotKnown> {
    if let ResolvedValue::Map(members) = &plain.value {
        let pair = |(key, value): &(String, Plain)| Ok((key.clone(), value.owned()?.unwrap_or_default()));
        return members.iter().map(pair).collect();
    }
    let pair = |item: &Plain| {
        let key = item.get("Key").owned()?.ok_or(NotKnown)?;
        Ok((key, item.get("Value").owned()?.unwrap_or_default()))
    };
    plain.items()?.iter().map(pair).collect()
}
