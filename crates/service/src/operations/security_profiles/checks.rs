//! Checks of creating and updating a profile, beyond the constraints of the API model, and the translation of a
//! request's members into the profile's.

use lanyard_model::resources::{
    AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, PrimaryAttributeValue, SecurityProfile,
};
use lanyard_model::{Id, Kind, Tags};
use lanyard_wire::shapes;

use super::registered;
use crate::config::UnknownPermissions;
use crate::context::Write;
use crate::error::{Error, Excerpt, Result};
use crate::operations::references;

/// The members that create and update share. A member that is absent leaves the profile as it is; one that is there
/// replaces, and an empty one clears.
pub(super) struct Members<'a> {
    pub(super) description: Option<&'a String>,
    pub(super) permissions: Option<&'a Vec<String>>,
    pub(super) allowed_access_control_tags: Option<&'a Tags>,
    pub(super) tag_restricted_resources: Option<&'a Vec<String>>,
    pub(super) applications: Option<&'a Vec<shapes::Application>>,
    pub(super) hierarchy_restricted_resources: Option<&'a Vec<String>>,
    pub(super) allowed_access_control_hierarchy_group_id: Option<&'a String>,
    pub(super) allowed_flow_modules: Option<&'a Vec<shapes::FlowModule>>,
    pub(super) allowed_ai_agents: Option<&'a Vec<shapes::AIAgent>>,
    pub(super) granular_access_control_configuration: Option<&'a shapes::GranularAccessControlConfiguration>,
}

/// The members of a request, which are called the same in both operations.
macro_rules! members {
    ($input:expr) => {
        Members {
            description: $input.description.as_ref(),
            permissions: $input.permissions.as_ref(),
            allowed_access_control_tags: $input.allowed_access_control_tags.as_ref(),
            tag_restricted_resources: $input.tag_restricted_resources.as_ref(),
            applications: $input.applications.as_ref(),
            hierarchy_restricted_resources: $input.hierarchy_restricted_resources.as_ref(),
            allowed_access_control_hierarchy_group_id: $input.allowed_access_control_hierarchy_group_id.as_ref(),
            allowed_flow_modules: $input.allowed_flow_modules.as_ref(),
            allowed_ai_agents: $input.allowed_ai_agents.as_ref(),
            granular_access_control_configuration: $input.granular_access_control_configuration.as_ref(),
        }
    };
}
pub(super) use members;

impl Members<'_> {
    /// Puts the members that are there into the profile, each checked.
    pub(super) fn apply(&self, cx: &mut Write<'_>, profile: &mut SecurityProfile) -> Result<()> {
        if let Some(description) = self.description {
            profile.description = (!description.is_empty()).then(|| description.clone());
        }
        if let Some(names) = self.permissions {
            profile.permissions = permissions(cx, names)?;
        }
        if let Some(tags) = self.allowed_access_control_tags {
            profile.allowed_access_control_tags.clone_from(tags);
        }
        if let Some(types) = self.tag_restricted_resources {
            profile.tag_restricted_resources = set(types.clone());
            let unknown = registered::restricted_types(&profile.tag_restricted_resources);
            report(cx, "TagRestrictedResources", unknown)?;
        }
        if let Some(list) = self.applications {
            profile.applications = applications(list)?;
            let unknown = registered::applications(cx, &profile.applications);
            report(cx, "Applications", unknown)?;
        }
        if let Some(types) = self.hierarchy_restricted_resources {
            profile.hierarchy_restricted_resources = hierarchy_restricted_resources(types)?;
        }
        if let Some(group) = self.allowed_access_control_hierarchy_group_id {
            profile.allowed_access_control_hierarchy_group_id = hierarchy_group(cx, group)?;
        }
        if let Some(modules) = self.allowed_flow_modules {
            profile.allowed_flow_modules = set(modules.iter().map(flow_module).collect());
            registered::require_flow_modules(cx, &profile.allowed_flow_modules)?;
            let unknown = registered::flow_modules(cx, &profile.allowed_flow_modules);
            report(cx, "AllowedFlowModules", unknown)?;
        }
        if let Some(agents) = self.allowed_ai_agents {
            profile.allowed_ai_agents = set(agents.iter().map(ai_agent).collect());
            let unknown = registered::ai_agents(cx, &profile.allowed_ai_agents);
            report(cx, "AllowedAIAgents", unknown)?;
        }
        if let Some(configuration) = self.granular_access_control_configuration {
            profile.primary_attribute_values = primary_attribute_values(configuration)?;
            let unnamed = registered::primary_attributes(&profile.primary_attribute_values);
            report(cx, "GranularAccessControlConfiguration", unnamed)?;
        }
        Ok(())
    }
}

/// Each value once, at its first place.
fn set<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// The permissions in alphabetical order, each once. One without the form of a permission is refused; one that the
/// catalogue does not have is refused or warned of, as the server is set.
fn permissions(cx: &mut Write<'_>, names: &[String]) -> Result<Vec<String>> {
    let mut kept = names.to_vec();
    kept.sort_unstable();
    kept.dedup();
    let mut unknown = Vec::new();
    for name in &kept {
        if !lanyard_model::catalogue::is_well_formed(name) {
            return Err(Error::invalid_parameter(format!(
                "member `Permissions` has the value `{}`, which is not a permission; one is one to four words of letters, \
                 joined by dots, such as `Users.View`",
                Excerpt(name)
            )));
        }
        if cx.catalogue().get(name).is_none() {
            unknown.push(name);
        }
    }
    // Looking for near names takes a millisecond each, so only the first few are explained.
    let explained: Vec<String> = unknown.iter().take(MOST_EXPLAINED).map(|name| unknown_permission(cx, name)).collect();
    let left = unknown.len().saturating_sub(explained.len());
    report(cx, "Permissions", explained)?;
    if left > 0 {
        cx.warn(format!("member `Permissions` has {left} more values that are not in the catalogue of permissions"));
    }
    Ok(kept)
}

/// Refuses or warns of the unknown names of a member, as the server is set. The warnings are in headers, so only the
/// first few are reported.
fn report(cx: &mut Write<'_>, member: &str, unknown: Vec<String>) -> Result<()> {
    if cx.config.unknown_permissions == UnknownPermissions::Reject
        && let Some(first) = unknown.first()
    {
        return Err(Error::invalid_parameter(first));
    }
    let left = unknown.len().saturating_sub(MOST_EXPLAINED);
    unknown.into_iter().take(MOST_EXPLAINED).for_each(|warning| cx.warn(warning));
    if left > 0 {
        cx.warn(format!("member `{member}` has {left} more values that are not known"));
    }
    Ok(())
}

/// How many unknown values are explained.
const MOST_EXPLAINED: usize = 5;

fn unknown_permission(cx: &Write<'_>, name: &str) -> String {
    let nearest = cx.catalogue().nearest(name, 3);
    let hint = match nearest.as_slice() {
        [] => String::new(),
        names => format!("; did you mean {}?", names.join(", ")),
    };
    format!(
        "member `Permissions` has the value `{}`, which is not in the catalogue of permissions{hint}",
        Excerpt(name)
    )
}

/// Namespaces of the service's own.
const BUILT_IN_NAMESPACES: [&str; 2] = ["AgentApplications", "CCP"];

fn applications(list: &[shapes::Application]) -> Result<Vec<Application>> {
    let mut kept = Vec::with_capacity(list.len());
    for (at, application) in list.iter().enumerate() {
        let application_type = application.r#type.as_ref().map(|it| match it {
            shapes::ApplicationType::Mcp => ApplicationType::Mcp,
            _ => ApplicationType::ThirdPartyApplication,
        });
        let permissions = set(application.application_permissions.clone().unwrap_or_default());
        // Exports list tools without a type in these namespaces (`docs/evidence`, N11).
        let is_built_in = application.namespace.as_deref().is_some_and(|it| BUILT_IN_NAMESPACES.contains(&it));
        if (application_type == Some(ApplicationType::ThirdPartyApplication)
            || application_type.is_none() && !is_built_in)
            && let Some(other) = permissions.iter().find(|name| *name != "ACCESS")
        {
            return Err(Error::invalid_parameter(format!(
                "Invalid application permission: member `Applications[{at}].ApplicationPermissions` has the value \
                 `{}`; the only permission of a THIRD_PARTY_APPLICATION is ACCESS, and tools are those of an entry of the \
                 `Type` MCP",
                Excerpt(other)
            )));
        }
        kept.push(Application { namespace: application.namespace.clone(), permissions, application_type });
    }
    Ok(set(kept))
}

fn hierarchy_restricted_resources(types: &[String]) -> Result<Vec<String>> {
    match types.iter().find(|name| *name != "User") {
        Some(other) => Err(Error::invalid_parameter(format!(
            "member `HierarchyRestrictedResources` has the value `{}`; the hierarchy restricts only User",
            Excerpt(other)
        ))),
        None => Ok(set(types.to_vec())),
    }
}

/// The group, which has to exist in the instance; none for the empty text.
fn hierarchy_group(cx: &Write<'_>, group: &str) -> Result<Option<Id>> {
    if group.is_empty() {
        return Ok(None);
    }
    references::existing(cx, Kind::HierarchyGroup, group).map(Some)
}

fn flow_module(module: &shapes::FlowModule) -> AllowedFlowModule {
    AllowedFlowModule {
        flow_module_id: module.flow_module_id.clone(),
        module_type: module.r#type.as_ref().map(|it| it.as_str().to_owned()),
    }
}

fn ai_agent(agent: &shapes::AIAgent) -> AllowedAiAgent {
    AllowedAiAgent { arn: agent.arn.clone(), agent_type: agent.r#type.as_ref().map(|it| it.as_str().to_owned()) }
}

/// The entries of the configuration; none where any level of it is empty or absent.
fn primary_attribute_values(
    configuration: &shapes::GranularAccessControlConfiguration,
) -> Result<Vec<PrimaryAttributeValue>> {
    let entries = configuration
        .data_table_access_control_configuration
        .as_ref()
        .and_then(|tables| tables.primary_attribute_access_control_configuration.as_ref())
        .and_then(|primary| primary.primary_attribute_values.as_ref());
    let entry = |it: &shapes::PrimaryAttributeValue| PrimaryAttributeValue {
        access_type: it.access_type.as_ref().map(|it| it.as_str().to_owned()),
        attribute_name: it.attribute_name.clone(),
        values: set(it.values.clone().unwrap_or_default()),
    };
    let kept = set(entries.into_iter().flatten().map(entry).collect());
    for it in &kept {
        let length: usize = it.values.iter().map(|value| value.chars().count()).sum();
        if length > LONGEST_VALUES {
            return Err(Error::invalid_parameter(format!(
                "the values of the primary attribute `{}` in member `GranularAccessControlConfiguration` have {length} \
                 characters together, at most {LONGEST_VALUES} are allowed",
                Excerpt(it.attribute_name.as_deref().unwrap_or_default())
            )));
        }
    }
    Ok(kept)
}

/// How many characters the values of one primary attribute may have together (administrator guide, security profiles for
/// data tables).
const LONGEST_VALUES: usize = 1_000;
