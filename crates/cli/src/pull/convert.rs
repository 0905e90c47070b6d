//! From what the API answers to the model's resources. What an answer does not say has its least value.

use lanyard_model::resources::{
    self, AllowedAiAgent, AllowedFlowModule, ApplicationType, Destination, FlowModuleContent, HierarchyLevel,
    HierarchyStructure, IdentityInfo, PrimaryAttributeValue,
};
use lanyard_model::{Id, Tags, Timestamp};
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

/// What DescribeInstance answers; account and region are in the ARN.
pub(super) fn instance(it: shapes::Instance) -> resources::Instance {
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

/// What DescribeSecurityProfile answers.
pub(super) fn profile(it: shapes::SecurityProfile) -> resources::SecurityProfile {
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

pub(super) fn application(it: shapes::Application) -> resources::Application {
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

pub(super) fn allowed_flow_module(it: shapes::FlowModule) -> AllowedFlowModule {
    AllowedFlowModule { flow_module_id: it.flow_module_id, module_type: it.r#type.map(|of| of.to_string()) }
}

pub(super) fn allowed_ai_agent(it: shapes::AIAgent) -> AllowedAiAgent {
    AllowedAiAgent { arn: it.arn, agent_type: it.r#type.map(|of| of.to_string()) }
}

/// A row of SearchUsers.
pub(super) fn user(it: shapes::UserSearchSummary) -> resources::User {
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

/// What DescribeUserHierarchyStructure answers; `None` without a level.
pub(super) fn structure(it: shapes::HierarchyStructure) -> Option<HierarchyStructure> {
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
pub(super) fn group(it: shapes::HierarchyGroup) -> resources::HierarchyGroup {
    let own = id(it.id.as_ref());
    let path = it.hierarchy_path.unwrap_or_default();
    let path = [path.level_one, path.level_two, path.level_three, path.level_four, path.level_five];
    let path = path.into_iter().flatten().filter_map(|step| step.id).map(|id| Id::new(&id));
    resources::HierarchyGroup {
        name: it.name.unwrap_or_default(),
        ancestors: path.take_while(|id| *id != own).collect(),
        tags: tags(it.tags),
        last_modified_time: time(it.last_modified_time),
        last_modified_region: it.last_modified_region.unwrap_or_default(),
        id: own,
    }
}

/// A row of SearchHoursOfOperations.
pub(super) fn hours(it: shapes::HoursOfOperation) -> resources::HoursOfOperation {
    resources::HoursOfOperation {
        id: id(it.hours_of_operation_id.as_ref()),
        name: it.name.unwrap_or_default(),
        description: it.description,
        time_zone: it.time_zone.unwrap_or_default(),
        config: Vec::new(),
        parent_ids: Vec::new(),
        tags: tags(it.tags),
        last_modified_time: time(it.last_modified_time),
        last_modified_region: it.last_modified_region.unwrap_or_default(),
    }
}

/// A row of SearchQueues.
pub(super) fn queue(it: shapes::Queue) -> resources::Queue {
    resources::Queue {
        id: id(it.queue_id.as_ref()),
        name: it.name.unwrap_or_default(),
        description: it.description,
        outbound_caller_config: None,
        outbound_email_address_id: None,
        hours_of_operation_id: id(it.hours_of_operation_id.as_ref()),
        max_contacts: it.max_contacts,
        enabled: it.status != Some(shapes::QueueStatus::Disabled),
        quick_connect_ids: Vec::new(),
        email_address_ids: Vec::new(),
        tags: tags(it.tags),
        last_modified_time: time(it.last_modified_time),
        last_modified_region: it.last_modified_region.unwrap_or_default(),
    }
}

/// A row of SearchQuickConnects; where it leads is left out, as access does not depend on it.
pub(super) fn quick_connect(it: shapes::QuickConnect) -> resources::QuickConnect {
    resources::QuickConnect {
        id: id(it.quick_connect_id.as_ref()),
        name: it.name.unwrap_or_default(),
        description: it.description,
        destination: Destination::Flow { contact_flow_id: String::new() },
        tags: tags(it.tags),
        last_modified_time: time(it.last_modified_time),
        last_modified_region: it.last_modified_region.unwrap_or_default(),
    }
}

/// A row of SearchRoutingProfiles.
pub(super) fn routing_profile(it: shapes::RoutingProfile) -> resources::RoutingProfile {
    resources::RoutingProfile {
        id: id(it.routing_profile_id.as_ref()),
        name: it.name.unwrap_or_default(),
        description: it.description.unwrap_or_default(),
        default_outbound_queue_id: id(it.default_outbound_queue_id.as_ref()),
        queue_configs: Vec::new(),
        manual_assignment_queues: Vec::new(),
        media_concurrencies: Vec::new(),
        agent_availability_timer: None,
        is_default: it.is_default.unwrap_or_default(),
        tags: tags(it.tags),
        last_modified_time: time(it.last_modified_time),
        last_modified_region: it.last_modified_region.unwrap_or_default(),
    }
}

/// A row of SearchContactFlowModules.
pub(super) fn flow_module(it: shapes::ContactFlowModule) -> resources::FlowModule {
    resources::FlowModule {
        id: id(it.id.as_ref()),
        name: it.name.unwrap_or_default(),
        description: it.description,
        published: FlowModuleContent { content: String::new(), settings: None },
        saved: None,
        external_invocation_enabled: it.external_invocation_configuration.and_then(|it| it.enabled),
        archived: it.state == Some(shapes::ContactFlowModuleState::Archived),
        versions_made: 0,
        tags: tags(it.tags),
        last_modified_time: Timestamp::default(),
        last_modified_region: String::new(),
    }
}
