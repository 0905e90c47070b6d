//! Security profiles in the shapes of the API. Empty members are left out.

use lanyard_model::resources::{self, ApplicationType, PrimaryAttributeValue};
use lanyard_model::{Id, Kind, Scope};
use lanyard_wire::shapes;

use crate::context::{InstanceState, Read};
use crate::operations::ids;
use crate::operations::members::{list, non_empty, timestamp};

/// Every profile is customer-managed: no document describes AWS-managed profiles.
fn profile_type() -> Option<shapes::SecurityProfileType> {
    Some(shapes::SecurityProfileType::CustomerManaged)
}

fn arn(scope: &Scope, instance: &Id, id: &Id) -> Option<String> {
    scope.arn(instance, Kind::SecurityProfile, id)
}

/// The answer to DescribeSecurityProfile.
pub(super) fn profile(cx: &Read<'_>, it: &resources::SecurityProfile) -> shapes::SecurityProfile {
    let instance = cx.instance_id();
    let group = it.allowed_access_control_hierarchy_group_id.as_ref();
    let group = group.filter(|id| cx.can_view(Kind::HierarchyGroup, id));
    shapes::SecurityProfile {
        id: Some(it.id.to_string()),
        organization_resource_id: Some(instance.to_string()),
        arn: arn(&cx.call.scope, &instance, &it.id),
        security_profile_name: Some(it.name.clone()),
        description: it.description.clone(),
        tags: non_empty(&it.tags),
        allowed_access_control_tags: non_empty(&it.allowed_access_control_tags),
        tag_restricted_resources: list(&it.tag_restricted_resources, String::clone),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
        hierarchy_restricted_resources: list(&it.hierarchy_restricted_resources, String::clone),
        allowed_access_control_hierarchy_group_id: group.map(ToString::to_string),
        granular_access_control_configuration: granular(&it.primary_attribute_values),
        r#type: profile_type(),
    }
}

/// A row of ListSecurityProfiles.
pub(super) fn summary(scope: &Scope, instance: &Id, it: &resources::SecurityProfile) -> shapes::SecurityProfileSummary {
    shapes::SecurityProfileSummary {
        id: Some(it.id.to_string()),
        arn: arn(scope, instance, &it.id),
        name: Some(it.name.clone()),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
        r#type: profile_type(),
    }
}

/// A row of SearchSecurityProfiles.
pub(super) fn search_row(
    scope: &Scope,
    instance: &Id,
    it: &resources::SecurityProfile,
) -> shapes::SecurityProfileSearchSummary {
    shapes::SecurityProfileSearchSummary {
        id: Some(it.id.to_string()),
        organization_resource_id: Some(instance.to_string()),
        arn: arn(scope, instance, &it.id),
        security_profile_name: Some(it.name.clone()),
        description: it.description.clone(),
        tags: non_empty(&it.tags),
        r#type: profile_type(),
    }
}

/// An entry of ListSecurityProfileApplications.
pub(super) fn application(it: &resources::Application) -> shapes::Application {
    shapes::Application {
        namespace: it.namespace.clone(),
        application_permissions: list(&it.permissions, String::clone),
        r#type: it.application_type.map(|it| match it {
            ApplicationType::Mcp => shapes::ApplicationType::Mcp,
            ApplicationType::ThirdPartyApplication => shapes::ApplicationType::ThirdPartyApplication,
        }),
    }
}

/// Whether the caller may know of the flow module that an entry names. The answer is the same for one that the instance
/// does not have as for one that they may not know of.
pub(super) fn can_view_flow_module(cx: &Read<'_>, it: &resources::AllowedFlowModule) -> bool {
    let bare = ids::bare(cx, Kind::FlowModule, it.flow_module_id.as_deref().unwrap_or_default());
    cx.can_view(Kind::FlowModule, &Id::new(bare.split_once(':').map_or(bare, |(id, _)| id)))
}

/// An entry of ListSecurityProfileFlowModules.
pub(super) fn flow_module(it: &resources::AllowedFlowModule) -> shapes::FlowModule {
    shapes::FlowModule {
        r#type: it.module_type.as_deref().map(shapes::FlowModuleType::from_wire),
        flow_module_id: it.flow_module_id.clone(),
    }
}

/// An entry of ListSecurityProfileAIAgents.
pub(super) fn ai_agent(it: &resources::AllowedAiAgent) -> shapes::AIAgent {
    shapes::AIAgent { arn: it.arn.clone(), r#type: it.agent_type.as_deref().map(shapes::AIAgentType::from_wire) }
}

// The lists of a profile are sets: all members together identify an entry, and are the key by which pages are cut.

pub(super) fn application_key(it: &resources::Application) -> String {
    format!("{:?} {:?} {:?}", it.namespace, it.application_type, it.permissions)
}

pub(super) fn flow_module_key(it: &resources::AllowedFlowModule) -> String {
    format!("{:?} {:?}", it.flow_module_id, it.module_type)
}

pub(super) fn ai_agent_key(it: &resources::AllowedAiAgent) -> String {
    format!("{:?} {:?}", it.arn, it.agent_type)
}

fn granular(entries: &[PrimaryAttributeValue]) -> Option<shapes::GranularAccessControlConfiguration> {
    if entries.is_empty() {
        return None;
    }
    let entry = |it: &PrimaryAttributeValue| shapes::PrimaryAttributeValue {
        access_type: it.access_type.as_deref().map(shapes::AccessType::from_wire),
        attribute_name: it.attribute_name.clone(),
        values: list(&it.values, String::clone),
    };
    Some(shapes::GranularAccessControlConfiguration {
        data_table_access_control_configuration: Some(shapes::DataTableAccessControlConfiguration {
            primary_attribute_access_control_configuration: Some(
                shapes::PrimaryAttributeAccessControlConfigurationItem {
                    primary_attribute_values: Some(entries.iter().map(entry).collect()),
                },
            ),
        }),
    })
}
