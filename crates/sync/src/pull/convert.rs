//! The model's resources from the answers of the API. A member that an answer omits has its least value.

use std::sync::Arc;

use lanyard_analysis::bare;
use lanyard_model::resources::{
    self, AllowedAiAgent, AllowedFlowModule, ApplicationType, HierarchyLevel, HierarchyStructure, IdentityInfo,
    PrimaryAttributeValue,
};
use lanyard_model::{Id, Kind, Resource, Tags, Timestamp};
use lanyard_wire::shapes;

fn id(text: Option<&String>) -> Id {
    Id::new(text.map_or("", String::as_str))
}

fn time(time: Option<lanyard_wire::Timestamp>) -> Timestamp {
    Timestamp(time.map_or(0, lanyard_wire::Timestamp::millis))
}

fn tags(tags: Option<Tags>) -> Tags {
    tags.unwrap_or_default()
}

/// The answer of DescribeInstance. Account and region come from the ARN.
pub(crate) fn instance(it: shapes::Instance) -> resources::Instance {
    let arn = it.arn.unwrap_or_default();
    let part = |at: usize| arn.split(':').nth(at).unwrap_or_default().to_owned();
    resources::Instance {
        id: id(it.id.as_ref()),
        account: part(4),
        region: part(3),
        alias: it.instance_alias,
        identity_management_type: it.identity_management_type.map(|of| of.to_string()).unwrap_or_default(),
        directory_id: None,
        created: time(it.created_time),
        attributes: [].into(),
        tags: tags(it.tags),
    }
}

/// The answer of DescribeSecurityProfile.
pub(crate) fn profile(it: shapes::SecurityProfile) -> resources::SecurityProfile {
    let granular = it.granular_access_control_configuration;
    let granular = granular.and_then(|it| it.data_table_access_control_configuration);
    let granular = granular.and_then(|it| it.primary_attribute_access_control_configuration);
    let granular = granular.and_then(|it| it.primary_attribute_values).unwrap_or_default();
    let value = |it: shapes::PrimaryAttributeValue| PrimaryAttributeValue {
        access_type: it.access_type.map(|of| of.to_string()),
        attribute_name: it.attribute_name,
        values: it.values.unwrap_or_default(),
    };
    let group = it.allowed_access_control_hierarchy_group_id.filter(|id| !id.is_empty());
    let named = resources::SecurityProfile::named(
        id(it.id.as_ref()),
        &it.security_profile_name.unwrap_or_default(),
        time(it.last_modified_time),
        &it.last_modified_region.unwrap_or_default(),
    );
    resources::SecurityProfile {
        description: it.description,
        tags: tags(it.tags),
        allowed_access_control_tags: tags(it.allowed_access_control_tags),
        tag_restricted_resources: it.tag_restricted_resources.unwrap_or_default(),
        hierarchy_restricted_resources: it.hierarchy_restricted_resources.unwrap_or_default(),
        allowed_access_control_hierarchy_group_id: group.map(|id| Id::new(&id)),
        primary_attribute_values: granular.into_iter().map(value).collect(),
        ..named
    }
}

pub(crate) fn application(it: shapes::Application) -> resources::Application {
    resources::Application {
        namespace: it.namespace,
        permissions: it.application_permissions.unwrap_or_default(),
        application_type: it.r#type.and_then(|of| match of {
            shapes::ApplicationType::Mcp => Some(ApplicationType::Mcp),
            shapes::ApplicationType::ThirdPartyApplication => Some(ApplicationType::ThirdPartyApplication),
            shapes::ApplicationType::Unrecognised(_) => None,
        }),
    }
}

pub(crate) fn allowed_flow_module(it: shapes::FlowModule) -> AllowedFlowModule {
    AllowedFlowModule { flow_module_id: it.flow_module_id, module_type: it.r#type.map(|of| of.to_string()) }
}

pub(crate) fn allowed_ai_agent(it: shapes::AIAgent) -> AllowedAiAgent {
    AllowedAiAgent { arn: it.arn, agent_type: it.r#type.map(|of| of.to_string()) }
}

/// A row of SearchUsers.
pub(crate) fn user(it: shapes::UserSearchSummary) -> resources::User {
    let named = |info: shapes::UserIdentityInfoLite| IdentityInfo {
        first_name: info.first_name,
        last_name: info.last_name,
        ..IdentityInfo::default()
    };
    resources::User {
        id: id(it.id.as_ref()),
        username: it.username.unwrap_or_default(),
        identity_info: it.identity_info.map(named),
        phone_config: None,
        channel_configs: resources::ChannelConfigs::default(),
        directory_user_id: None,
        security_profile_ids: it.security_profile_ids.iter().flatten().map(|id| Id::new(id)).collect(),
        routing_profile_id: id(it.routing_profile_id.as_ref()),
        hierarchy_group_id: it.hierarchy_group_id.filter(|id| !id.is_empty()).map(|id| Id::new(&id)),
        tags: tags(it.tags),
        last_modified_time: Timestamp::default(),
        last_modified_region: String::new(),
    }
}

/// The answer of DescribeUser, as far as access depends on it.
pub(crate) fn described_user(it: shapes::User) -> resources::User {
    user(shapes::UserSearchSummary {
        id: it.id,
        username: it.username,
        hierarchy_group_id: it.hierarchy_group_id,
        routing_profile_id: it.routing_profile_id,
        security_profile_ids: it.security_profile_ids,
        tags: it.tags,
        ..Default::default()
    })
}

/// The answer of DescribeUserHierarchyStructure; `None` without a level.
pub(crate) fn structure(it: shapes::HierarchyStructure) -> Option<HierarchyStructure> {
    let level = |it: shapes::HierarchyLevel| HierarchyLevel {
        name: it.name.unwrap_or_default(),
        last_modified_time: time(it.last_modified_time),
        last_modified_region: it.last_modified_region.unwrap_or_default(),
    };
    let levels = [it.level_one, it.level_two, it.level_three, it.level_four, it.level_five];
    let levels: Vec<HierarchyLevel> = levels.into_iter().flatten().map(level).collect();
    (!levels.is_empty()).then_some(HierarchyStructure { levels })
}

/// A row of SearchUserHierarchyGroups; its path ends with itself.
pub(crate) fn group(it: shapes::HierarchyGroup) -> Option<Resource> {
    let own = id(it.id.as_ref());
    let path = it.hierarchy_path.unwrap_or_default();
    let path = [path.level_one, path.level_two, path.level_three, path.level_four, path.level_five];
    let path = path.into_iter().flatten().filter_map(|step| step.id).map(|id| Id::new(&id));
    let group = resources::HierarchyGroup {
        name: it.name.unwrap_or_default(),
        ancestors: path.take_while(|id| *id != own).collect(),
        tags: tags(it.tags),
        last_modified_time: time(it.last_modified_time),
        last_modified_region: it.last_modified_region.unwrap_or_default(),
        id: own,
    };
    Some(group.into())
}

/// A row of SearchHoursOfOperations.
pub(crate) fn hours(it: shapes::HoursOfOperation) -> Option<Resource> {
    of(Kind::HoursOfOperation, it.hours_of_operation_id, it.name, it.tags)
}

/// A row of SearchQueues.
pub(crate) fn queue(it: shapes::Queue) -> Option<Resource> {
    of(Kind::Queue, it.queue_id, it.name, it.tags)
}

/// A row of SearchQuickConnects.
pub(crate) fn quick_connect(it: shapes::QuickConnect) -> Option<Resource> {
    of(Kind::QuickConnect, it.quick_connect_id, it.name, it.tags)
}

/// A row of SearchRoutingProfiles.
pub(crate) fn routing_profile(it: shapes::RoutingProfile) -> Option<Resource> {
    of(Kind::RoutingProfile, it.routing_profile_id, it.name, it.tags)
}

/// A row of SearchContactFlowModules.
pub(crate) fn flow_module(it: shapes::ContactFlowModule) -> Option<Resource> {
    let mut resource = of(Kind::FlowModule, it.id, it.name, it.tags)?;
    if let Resource::FlowModule(module) = &mut resource {
        let enabled = it.external_invocation_configuration.and_then(|it| it.enabled);
        Arc::make_mut(module).external_invocation_enabled = enabled;
    }
    Some(resource)
}

/// A row of SearchDataTables.
pub(crate) fn data_table(it: shapes::DataTable) -> Option<Resource> {
    of(Kind::DataTable, it.id, it.name, it.tags)
}

/// A resource of which only name and tags matter.
fn of(kind: Kind, id: Option<String>, name: Option<String>, tags: Option<Tags>) -> Option<Resource> {
    bare(kind, Id::new(&id?), &name.unwrap_or_default(), tags.unwrap_or_default())
}
