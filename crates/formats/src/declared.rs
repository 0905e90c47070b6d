//! The resources of an instance from declared properties, named as in CloudFormation.
//!
//! Invariants: a declaration describes only the resources that it names, so there may be unknown resources of every
//! kind. Unknown properties stay unknown, and each is named with its place: a permission, a tag, the restrictions and
//! tools of a profile. A resource whose name is unknown has no invented one: it is identified by its name in the
//! declaration.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lanyard_analysis::{Configuration, PORTABLE_KINDS, Places, bare, portable, provisional, unnamed};
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
    /// The expression of an unknown instance: equal expressions are one instance.
    pub(crate) instance_expression: Option<String>,
    pub(crate) properties: Plain,
    /// Whether the format contains the restrictions of a profile.
    pub(crate) has_restrictions: bool,
}

impl Declared {
    /// The name in the properties.
    pub(crate) fn name(&self) -> Option<String> {
        self.properties.get(name_property(self.kind)).filled()
    }

    /// The identifier, or the provisional one.
    pub(crate) fn id_or_new(&self) -> Id {
        self.id.clone().unwrap_or_else(|| match self.name() {
            None if has_name(self.kind) => unnamed(self.kind, &self.called),
            // Groups of one name may have different groups above.
            Some(name) if self.kind != Kind::HierarchyGroup => provisional(self.kind, &name),
            _ => provisional(self.kind, &self.called),
        })
    }

    /// The name for readers, also where the name is unknown.
    fn shown_name(&self) -> String {
        self.name().unwrap_or_else(|| match has_name(self.kind) {
            false => self.called.clone(),
            true => format!("{} (name unknown)", self.called),
        })
    }
}

/// Whether resources of the kind have a name of their own.
pub(crate) fn has_name(kind: Kind) -> bool {
    !matches!(kind, Kind::Instance | Kind::HierarchyStructure)
}

/// The property with the name.
pub(crate) fn name_property(kind: Kind) -> &'static str {
    match kind {
        Kind::SecurityProfile => "SecurityProfileName",
        Kind::User => "Username",
        _ => "Name",
    }
}

/// The state of the declared resources.
pub(crate) fn configuration(file: &Source, declared: &[Declared], notes: Vec<String>) -> Result<Configuration, Fault> {
    let (instance, doubt) = the_instance(file, declared)?;
    let notes = notes.into_iter().chain(doubt).collect();
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
            let place = it.at.in_file(file);
            maker.unknown_parts.notes.push(format!("`{}`, which the file does not determine ({place})", it.called));
        }
    }
    let Maker { resources, unknown_parts, places, .. } = maker;
    let resources = resources.iter().filter_map(portable);
    let directory = Directory::load(StreamId::Instance(instance), 0, Timestamp::default(), resources);
    Ok(Configuration { directory, unknown_parts, places })
}

/// The instance of all declared resources, and a note where some of them may be of another.
fn the_instance(file: &Source, declared: &[Declared]) -> Result<(Id, Option<String>), Fault> {
    let mut expressions: BTreeMap<&str, &Declared> = BTreeMap::new();
    for it in declared {
        if let Some(expression) = it.instance_expression.as_deref() {
            expressions.entry(expression).or_insert(it);
        }
    }
    let mut all = expressions.iter();
    let unresolved = all.next();
    if let (Some((one, _)), Some((other, it))) = (unresolved, all.next()) {
        let message = format!(
            "there may be resources of several instances, `{one}` and `{other}`; give the parameters, or keep the \
             instances in separate files"
        );
        return Err(Fault::at(file, it.at, message));
    }
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
    let doubt = first.zip(unresolved).map(|((known, _), (expression, it))| {
        let place = it.at.in_file(file);
        format!("whether `{expression}`, the instance of `{}` ({place}), is the instance `{known}`", it.called)
    });
    let known = first.map(|(instance, _)| Id::new(last_of(instance)));
    Ok((known.unwrap_or_else(|| provisional(Kind::Instance, "")), doubt))
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
            Kind::User => self.user(it, id).into(),
            Kind::HierarchyGroup => self.group(it, id).into(),
            Kind::HierarchyStructure => structure(properties)?.into(),
            Kind::Instance => match instance(properties, id)? {
                Some(instance) => instance.into(),
                None => return Ok(()),
            },
            kind => {
                let tags = self.tags(it, id);
                let Some(mut resource) = bare(kind, id.clone(), &it.shown_name(), tags) else { return Ok(()) };
                if let Resource::FlowModule(module) = &mut resource {
                    let enabled = properties.get("ExternalInvocationConfiguration").get("Enabled");
                    Arc::make_mut(module).external_invocation_enabled = enabled.text()?.map(|text| text == "true");
                }
                resource
            }
        };
        if it.id.is_none() && it.name().is_none() && has_name(it.kind) {
            let at = properties.get(name_property(it.kind)).at;
            self.lacks(at, &format!("the name of the {} `{}`", it.kind.noun(), it.called));
        }
        self.note(&resource.key(), it);
        self.resources.push(resource);
        Ok(())
    }

    /// Adds a note on an unknown part.
    fn lacks(&mut self, at: At, what: &str) {
        self.unknown_parts.notes.push(format!("{what} ({})", at.in_file(self.file)));
    }

    /// The known tags of a resource.
    fn tags(&mut self, it: &Declared, id: &Id) -> Tags {
        let declared = it.properties.get("Tags");
        let (tags, are_all) = known_tags(&declared);
        if !are_all {
            let at = declared.first_unknown().unwrap_or(declared.at);
            self.unknown_parts.tags.insert(Key { kind: it.kind, id: id.clone() });
            self.lacks(at, &format!("tags of the {} `{}`", it.kind.noun(), it.shown_name()));
        }
        tags
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
        let name = it.shown_name();
        let mut profile = SecurityProfile::named(id.clone(), &name, Timestamp::default(), "");
        profile.description = properties.get("Description").filled();
        let permissions = properties.get("Permissions");
        let (known, are_all) = permissions.known_texts();
        profile.permissions = known;
        if !are_all {
            self.unknown_parts.permissions.insert(id.clone());
            let at = permissions.first_unknown().unwrap_or(permissions.at);
            self.lacks(at, &format!("a part of the permissions of the security profile `{name}`"));
        }
        profile.tags = self.tags(it, id);
        if !it.has_restrictions {
            self.unknown_parts.restrictions.insert(id.clone());
        } else if let Err(at) = restrict(&mut profile, properties) {
            self.unknown_parts.restrictions.insert(id.clone());
            self.lacks(at, &format!("a part of the restrictions of the security profile `{name}`"));
        }
        let group = properties.get("AllowedAccessControlHierarchyGroupId");
        if it.has_restrictions && group.id().is_err() {
            self.lacks(group.at, &format!("the hierarchy group that the security profile `{name}` restricts to"));
        }
        // No declaration format contains the AI agents.
        self.unknown_parts.tools.insert(id.clone());
        for property in ["Applications", "AllowedFlowModules"] {
            if let Some(at) = properties.get(property).first_unknown() {
                self.lacks(at, &format!("a part of the `{property}` of the security profile `{name}`"));
            }
        }
        if let Ok(items) = properties.get("Applications").items() {
            profile.applications = items.iter().filter_map(|item| application(item).ok()).collect();
        }
        if let Ok(items) = properties.get("AllowedFlowModules").items() {
            profile.allowed_flow_modules = items.iter().filter_map(|item| flow_module(item).ok()).collect();
        }
        Ok(profile)
    }

    fn group(&mut self, it: &Declared, id: &Id) -> HierarchyGroup {
        HierarchyGroup {
            id: id.clone(),
            name: it.shown_name(),
            ancestors: self.ancestors(&it.properties),
            tags: self.tags(it, id),
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
        }
    }

    fn user(&mut self, it: &Declared, id: &Id) -> User {
        let properties = &it.properties;
        let name = it.shown_name();
        let held = properties.get("SecurityProfileArns");
        let profile = |item: &Plain| item.id().ok().flatten();
        let mut profiles: Vec<Id> = held.items().unwrap_or_default().iter().filter_map(profile).collect();
        if held.items().map_or(true, |items| items.len() != profiles.len()) {
            profiles.push(unnamed(Kind::SecurityProfile, ""));
            self.lacks(held.first_unknown().unwrap_or(held.at), &format!("a security profile of the user `{name}`"));
        }
        profiles.dedup();
        let group = properties.get("HierarchyGroupArn");
        if group.id().is_err() {
            self.lacks(group.at, &format!("the hierarchy group of the user `{name}`"));
        }
        let group = group.id().unwrap_or_else(|NotKnown| Some(unnamed(Kind::HierarchyGroup, "")));
        let routing = properties.get("RoutingProfileArn").id().unwrap_or_default();
        let info = properties.get("IdentityInfo");
        let want = |name: &str| info.get(name).filled();
        let info = IdentityInfo {
            first_name: want("FirstName"),
            last_name: want("LastName"),
            email: want("Email"),
            secondary_email: want("SecondaryEmail"),
            mobile: want("Mobile"),
        };
        User {
            id: id.clone(),
            username: name,
            identity_info: Some(info).filter(|info| *info != IdentityInfo::default()),
            phone_config: None,
            channel_configs: Default::default(),
            directory_user_id: None,
            security_profile_ids: profiles,
            routing_profile_id: routing.unwrap_or_else(|| Id::new("")),
            hierarchy_group_id: group,
            tags: self.tags(it, id),
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
        }
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
                    above.push(unnamed(Kind::HierarchyGroup, ""));
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

/// Sets the known restrictions of the profile.
///
/// # Errors
/// The place of the first unknown one.
fn restrict(profile: &mut SecurityProfile, properties: &Plain) -> Result<(), At> {
    let tags = properties.get("AllowedAccessControlTags");
    let by_tag = properties.get("TagRestrictedResources");
    let by_hierarchy = properties.get("HierarchyRestrictedResources");
    let group = properties.get("AllowedAccessControlHierarchyGroupId");
    let records = properties
        .get("GranularAccessControlConfiguration")
        .get("DataTableAccessControlConfiguration")
        .get("PrimaryAttributeAccessControlConfiguration")
        .get("PrimaryAttributeValues");
    let (required, has_tags) = known_tags(&tags);
    let (tagged, has_tagged) = by_tag.known_texts();
    let (ranked, has_ranked) = by_hierarchy.known_texts();
    let entry = |item: &Plain| -> Result<PrimaryAttributeValue, NotKnown> {
        Ok(PrimaryAttributeValue {
            access_type: item.get("AccessType").owned()?,
            attribute_name: item.get("AttributeName").owned()?,
            values: item.get("Values").texts()?,
        })
    };
    let entries = records.items().map(|items| items.iter().filter_map(|item| entry(item).ok()).collect::<Vec<_>>());
    let has_records = records.items().map(<[Plain]>::len).ok() == entries.as_ref().map(Vec::len).ok();
    profile.primary_attribute_values = entries.unwrap_or_default();
    profile.allowed_access_control_tags = required;
    // Where no tag is known, a resource of a restricted type may have the wanted tags, whatever its tags are.
    let any_tag_fits = !has_tags && profile.allowed_access_control_tags.is_empty();
    profile.tag_restricted_resources = if any_tag_fits { Vec::new() } else { tagged };
    profile.hierarchy_restricted_resources = ranked;
    // The group may be unknown while the restriction is known; the identifier is then that of no group.
    profile.allowed_access_control_hierarchy_group_id =
        group.id().unwrap_or_else(|NotKnown| Some(unnamed(Kind::HierarchyGroup, "")));
    let parts = [(&tags, has_tags), (&by_tag, has_tagged), (&by_hierarchy, has_ranked), (&records, has_records)];
    match parts.into_iter().find(|(_, is_known)| !is_known) {
        Some((plain, _)) => Err(plain.first_unknown().unwrap_or(plain.at)),
        None => Ok(()),
    }
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
        tags: known_tags(&properties.get("Tags")).0,
    }))
}

/// The known tags, from a list of keys and values or a map, and whether these are all.
fn known_tags(plain: &Plain) -> (Tags, bool) {
    let mut tags = Tags::new();
    let mut are_all = true;
    let mut take = |key: Result<Option<String>, NotKnown>, value: &Plain| match (key, value.owned()) {
        (Ok(Some(key)), Ok(value)) => {
            tags.insert(key, value.unwrap_or_default());
        }
        _ => are_all = false,
    };
    if let ResolvedValue::Map(members) = &plain.value {
        members.iter().for_each(|(key, value)| take(Ok(Some(key.clone())), value));
        return (tags, are_all);
    }
    let Ok(items) = plain.items() else { return (tags, false) };
    items.iter().for_each(|item| take(item.get("Key").owned(), &item.get("Value")));
    (tags, are_all)
}
