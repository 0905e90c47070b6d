//! The portable kinds and members of an instance: those that files contain, because access depends on them or because
//! they are names.
//!
//! Two states are equal for access exactly when their [`portable`] forms are equal. A comparison of files with an
//! instance therefore compares the portable forms of both, and the desired state is an [`overlay`] of the portable
//! members.

use std::sync::Arc;

use lanyard_model::resources::{
    AiAgent, DataTable, Destination, FlowModule, FlowModuleContent, HierarchyGroup, HierarchyLevel, HierarchyStructure,
    HoursOfOperation, Instance, LockLevel, LockVersion, Queue, QuickConnect, RoutingProfile, SecurityProfile, User,
};
use lanyard_model::{Id, Kind, Resource, Tags, Timestamp};

/// The kinds that files contain.
pub const PORTABLE_KINDS: &[Kind] = &[
    Kind::Instance,
    Kind::SecurityProfile,
    Kind::AiAgent,
    Kind::HierarchyStructure,
    Kind::HierarchyGroup,
    Kind::HoursOfOperation,
    Kind::Queue,
    Kind::QuickConnect,
    Kind::RoutingProfile,
    Kind::User,
    Kind::FlowModule,
    Kind::DataTable,
];

/// The placeholder of a required identifier that the files do not contain.
fn unknown_id() -> Id {
    Id::new("")
}

/// The resource with only its portable members, sets in a fixed order; `None` for kinds that are not portable.
///
/// Other members have their minimum value: times are 0, strings empty, references the empty identifier. A user's
/// routing profile is portable, and is the empty identifier where it is unknown.
#[must_use]
pub fn portable(resource: &Resource) -> Option<Resource> {
    Some(match resource {
        Resource::Instance(it) => Instance {
            created: Timestamp::default(),
            attributes: Default::default(),
            directory_id: None,
            ..Instance::clone(it)
        }
        .into(),
        Resource::SecurityProfile(it) => profile(it).into(),
        Resource::AiAgent(it) => {
            AiAgent { arn: it.arn.clone(), security_profile_ids: sorted(it.security_profile_ids.clone()) }.into()
        }
        Resource::HierarchyStructure(it) => {
            let level = |level: &HierarchyLevel| HierarchyLevel {
                name: level.name.clone(),
                last_modified_time: Timestamp::default(),
                last_modified_region: String::new(),
            };
            HierarchyStructure { levels: it.levels.iter().map(level).collect() }.into()
        }
        Resource::HierarchyGroup(it) => HierarchyGroup {
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
            ..HierarchyGroup::clone(it)
        }
        .into(),
        Resource::User(it) => User {
            id: it.id.clone(),
            username: it.username.clone(),
            identity_info: it.identity_info.clone().filter(|info| *info != Default::default()),
            phone_config: None,
            channel_configs: Default::default(),
            directory_user_id: None,
            security_profile_ids: sorted(it.security_profile_ids.clone()),
            routing_profile_id: it.routing_profile_id.clone(),
            hierarchy_group_id: it.hierarchy_group_id.clone().filter(|id| *id != unknown_id()),
            tags: it.tags.clone(),
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
        }
        .into(),
        Resource::FlowModule(it) => match bare(Kind::FlowModule, it.id.clone(), &it.name, it.tags.clone())? {
            Resource::FlowModule(bare) => {
                FlowModule { external_invocation_enabled: it.external_invocation_enabled, ..FlowModule::clone(&bare) }
                    .into()
            }
            other => other,
        },
        Resource::HoursOfOperation(_)
        | Resource::Queue(_)
        | Resource::QuickConnect(_)
        | Resource::RoutingProfile(_)
        | Resource::DataTable(_) => {
            return bare(
                resource.kind(),
                resource.id(),
                resource.name()?,
                resource.tags().cloned().unwrap_or_default(),
            );
        }
        _ => return None,
    })
}

/// A resource of a kind with only portable identifier, name and tags (and one flag of a flow module); `None` for
/// other kinds.
#[must_use]
pub fn bare(kind: Kind, id: Id, name: &str, tags: Tags) -> Option<Resource> {
    let name = name.to_owned();
    let (last_modified_time, last_modified_region) = (Timestamp::default(), String::new());
    Some(match kind {
        Kind::HoursOfOperation => HoursOfOperation {
            id,
            name,
            description: None,
            time_zone: String::new(),
            config: Vec::new(),
            parent_ids: Vec::new(),
            tags,
            last_modified_time,
            last_modified_region,
        }
        .into(),
        Kind::Queue => Queue {
            id,
            name,
            description: None,
            outbound_caller_config: None,
            outbound_email_address_id: None,
            hours_of_operation_id: unknown_id(),
            max_contacts: None,
            enabled: true,
            quick_connect_ids: Vec::new(),
            email_address_ids: Vec::new(),
            tags,
            last_modified_time,
            last_modified_region,
        }
        .into(),
        Kind::QuickConnect => QuickConnect {
            id,
            name,
            description: None,
            destination: Destination::Flow { contact_flow_id: String::new() },
            tags,
            last_modified_time,
            last_modified_region,
        }
        .into(),
        Kind::RoutingProfile => RoutingProfile {
            id,
            name,
            description: String::new(),
            default_outbound_queue_id: unknown_id(),
            queue_configs: Vec::new(),
            manual_assignment_queues: Vec::new(),
            media_concurrencies: Vec::new(),
            agent_availability_timer: None,
            is_default: false,
            tags,
            last_modified_time,
            last_modified_region,
        }
        .into(),
        Kind::FlowModule => FlowModule {
            id,
            name,
            description: None,
            published: FlowModuleContent { content: String::new(), settings: None },
            saved: None,
            external_invocation_enabled: None,
            archived: false,
            versions_made: 0,
            tags,
            last_modified_time,
            last_modified_region,
        }
        .into(),
        Kind::DataTable => DataTable {
            id,
            name,
            description: None,
            time_zone: String::new(),
            value_lock_level: LockLevel::default(),
            default_record_id: unknown_id(),
            lock_version: LockVersion::default(),
            retired_version: LockVersion::default(),
            tags,
            created_time: Timestamp::default(),
            last_modified_time,
            last_modified_region,
        }
        .into(),
        _ => return None,
    })
}

fn profile(it: &SecurityProfile) -> SecurityProfile {
    let mut it = it.clone();
    it.permissions = sorted(it.permissions);
    it.tag_restricted_resources = sorted(it.tag_restricted_resources);
    it.hierarchy_restricted_resources = sorted(it.hierarchy_restricted_resources);
    it.allowed_access_control_hierarchy_group_id =
        it.allowed_access_control_hierarchy_group_id.filter(|id| *id != unknown_id());
    for application in &mut it.applications {
        application.permissions = sorted(std::mem::take(&mut application.permissions));
    }
    it.applications
        .sort_by_key(|it| (it.namespace.clone(), it.application_type.map(|of| of as u8), it.permissions.clone()));
    it.applications.dedup();
    it.allowed_flow_modules.sort_by_key(|it| (it.flow_module_id.clone(), it.module_type.clone()));
    it.allowed_flow_modules.dedup();
    it.allowed_ai_agents.sort_by_key(|it| (it.arn.clone(), it.agent_type.clone()));
    it.allowed_ai_agents.dedup();
    for entry in &mut it.primary_attribute_values {
        entry.values = sorted(std::mem::take(&mut entry.values));
    }
    it.primary_attribute_values
        .sort_by_key(|it| (it.attribute_name.clone(), it.access_type.clone(), it.values.clone()));
    it.primary_attribute_values.dedup();
    it.last_modified_time = Timestamp::default();
    it.last_modified_region = String::new();
    it
}

/// The values of a set in a fixed order, each once.
fn sorted<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

/// The resource `onto` with the portable members of `from`, which has the same kind; `onto` itself where the kind is
/// not portable or the kinds differ.
///
/// A user's routing profile, name and addresses stay where `from` does not have them.
#[must_use]
pub fn overlay(onto: &Resource, from: &Resource) -> Resource {
    match (onto, from) {
        (Resource::Instance(onto), Resource::Instance(from)) => Instance {
            created: onto.created,
            attributes: onto.attributes.clone(),
            directory_id: onto.directory_id.clone(),
            ..Instance::clone(from)
        }
        .into(),
        (Resource::SecurityProfile(onto), Resource::SecurityProfile(from)) => SecurityProfile {
            last_modified_time: onto.last_modified_time,
            last_modified_region: onto.last_modified_region.clone(),
            ..SecurityProfile::clone(from)
        }
        .into(),
        (Resource::AiAgent(_), Resource::AiAgent(from)) => Resource::AiAgent(Arc::clone(from)),
        (Resource::HierarchyStructure(onto), Resource::HierarchyStructure(from)) => {
            let level = |(at, level): (usize, &HierarchyLevel)| match onto.levels.get(at) {
                Some(there) => HierarchyLevel { name: level.name.clone(), ..there.clone() },
                None => level.clone(),
            };
            HierarchyStructure { levels: from.levels.iter().enumerate().map(level).collect() }.into()
        }
        (Resource::HierarchyGroup(onto), Resource::HierarchyGroup(from)) => HierarchyGroup {
            last_modified_time: onto.last_modified_time,
            last_modified_region: onto.last_modified_region.clone(),
            ..HierarchyGroup::clone(from)
        }
        .into(),
        (Resource::HoursOfOperation(onto), Resource::HoursOfOperation(from)) => {
            HoursOfOperation { name: from.name.clone(), tags: from.tags.clone(), ..HoursOfOperation::clone(onto) }
                .into()
        }
        (Resource::Queue(onto), Resource::Queue(from)) => {
            Queue { name: from.name.clone(), tags: from.tags.clone(), ..Queue::clone(onto) }.into()
        }
        (Resource::QuickConnect(onto), Resource::QuickConnect(from)) => {
            QuickConnect { name: from.name.clone(), tags: from.tags.clone(), ..QuickConnect::clone(onto) }.into()
        }
        (Resource::RoutingProfile(onto), Resource::RoutingProfile(from)) => {
            RoutingProfile { name: from.name.clone(), tags: from.tags.clone(), ..RoutingProfile::clone(onto) }.into()
        }
        (Resource::User(onto), Resource::User(from)) => {
            let routing = if from.routing_profile_id == unknown_id() { onto } else { from };
            User {
                username: from.username.clone(),
                identity_info: from.identity_info.clone().or_else(|| onto.identity_info.clone()),
                security_profile_ids: from.security_profile_ids.clone(),
                routing_profile_id: routing.routing_profile_id.clone(),
                hierarchy_group_id: from.hierarchy_group_id.clone(),
                tags: from.tags.clone(),
                ..User::clone(onto)
            }
            .into()
        }
        (Resource::FlowModule(onto), Resource::FlowModule(from)) => FlowModule {
            name: from.name.clone(),
            external_invocation_enabled: from.external_invocation_enabled,
            tags: from.tags.clone(),
            ..FlowModule::clone(onto)
        }
        .into(),
        (Resource::DataTable(onto), Resource::DataTable(from)) => {
            DataTable { name: from.name.clone(), tags: from.tags.clone(), ..DataTable::clone(onto) }.into()
        }
        _ => onto.clone(),
    }
}
