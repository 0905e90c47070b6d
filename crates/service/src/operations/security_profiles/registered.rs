//! The unknown names in a profile's lists: namespaces, tools, agents and flow modules.
//!
//! Each function returns a sentence for each such name. The service's treatment of them is not documented. Decisions
//! follow the profile, whether a name is registered or not, except for a flow module, which has to exist to be invoked.

use lanyard_model::catalogue::{ResourceType, nearest_of};
use lanyard_model::resources::{
    AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, PrimaryAttributeValue, RegisteredApplication,
    RegisteredType,
};
use lanyard_model::{Directory, Id, Kind};

use super::entities::is_ai_agent_arn;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Excerpt, Result};
use crate::operations::applications::{associations, of_namespace};
use crate::operations::ids;

/// Namespaces that no application of the entry's type has or that the instance is not associated with, and tools that
/// the MCP server does not have. A server whose tools are not registered may have any.
pub(super) fn applications(cx: &Write<'_>, entries: &[Application]) -> Vec<String> {
    let mut unknown = Vec::new();
    for entry in entries {
        let Some(namespace) = entry.namespace.as_deref() else {
            unknown.push(nameless_entry("Applications", "Namespace", "grants nothing"));
            continue;
        };
        let registered = cx.registry.as_deref().and_then(|registry| of_namespace(registry, namespace));
        // A user may not know of other instances, and so not of applications that only those have.
        match registered.filter(|it| cx.visibility().is_none() || is_associated(cx, it)) {
            Some(application) => unknown.extend(mismatch(cx, entry, application)),
            None => unknown.push(format!(
                "member `Applications` names the namespace `{}`, which no application of this account and region has",
                Excerpt(namespace)
            )),
        }
    }
    unknown
}

/// The faults of an entry that names this application.
fn mismatch(cx: &Write<'_>, entry: &Application, application: &RegisteredApplication) -> Vec<String> {
    let (namespace, is_server) =
        (Excerpt(&application.namespace), application.application_type == RegisteredType::McpServer);
    let wanted = match entry.application_type {
        Some(ApplicationType::Mcp) if !is_server => Some("MCP"),
        Some(ApplicationType::ThirdPartyApplication) if is_server => Some("THIRD_PARTY_APPLICATION"),
        _ => None,
    };
    if let Some(wanted) = wanted {
        return vec![format!(
            "member `Applications` names `{namespace}` with the type {wanted}, but it is registered with the type {}",
            application.application_type.as_str()
        )];
    }
    if !is_associated(cx, application) {
        return vec![format!(
            "member `Applications` names `{namespace}`, which this instance is not associated with (CreateIntegrationAssociation \
             of the type APPLICATION)"
        )];
    }
    if !is_server {
        return Vec::new();
    }
    let lacking = entry.permissions.iter().filter(|tool| application.lacks_tool(tool));
    let sentence = |tool: &String| {
        format!(
            "member `Applications` names the tool `{}`, which the MCP server `{namespace}` does not have",
            Excerpt(tool)
        )
    };
    lacking.map(sentence).collect()
}

/// Whether the instance is associated with the application.
fn is_associated(cx: &Write<'_>, application: &RegisteredApplication) -> bool {
    let arn = cx.call.scope.application_arn(&application.id);
    cx.integration_associations.values().any(|it| associations::is_with(it, &arn))
}

/// Whether the instance does not have the flow module, or the caller may not know of it. A version or alias behind the
/// identifier is not checked.
fn is_unknown_module(cx: &Write<'_>, text: &str) -> bool {
    let bare = ids::bare(cx, Kind::FlowModule, text);
    let id = Id::new(bare.split_once(':').map_or(bare, |(id, _)| id));
    bare.starts_with("arn:") || !cx.flow_modules.contains_key(&id) || !cx.can_view(Kind::FlowModule, &id)
}

/// Refuses a user who names a flow module that the user may not view, or that does not exist: a profile with it would give
/// its holders a module that is hidden from the user.
///
/// # Errors
/// Not found, for both alike.
pub(super) fn require_flow_modules(cx: &Write<'_>, entries: &[AllowedFlowModule]) -> Result<()> {
    let mut named = entries.iter().filter_map(|entry| entry.flow_module_id.as_deref());
    match named.find(|text| cx.visibility().is_some() && is_unknown_module(cx, text)) {
        Some(text) => Err(Error::not_found(Kind::FlowModule.noun(), text)),
        None => Ok(()),
    }
}

/// Flow modules that the instance does not have.
pub(super) fn flow_modules(cx: &Write<'_>, entries: &[AllowedFlowModule]) -> Vec<String> {
    let named = entries.iter().filter_map(|entry| entry.flow_module_id.as_deref());
    let is_unknown = |text: &&str| is_unknown_module(cx, text);
    let sentence = |text: &str| {
        format!(
            "member `AllowedFlowModules` names the flow module `{}`, which this instance does not have",
            Excerpt(text)
        )
    };
    let nameless = entries.iter().filter(|entry| entry.flow_module_id.is_none());
    let nameless = nameless.map(|_| nameless_entry("AllowedFlowModules", "FlowModuleId", "grants nothing"));
    named.filter(is_unknown).map(sentence).chain(nameless).collect()
}

/// Names that restrict no type of resource, with the nearest that do.
pub(super) fn restricted_types(names: &[String]) -> Vec<String> {
    let is_unknown = |name: &&String| ResourceType::restricted_as(name).next().is_none();
    let sentence = |name: &String| {
        let near = nearest_of(&ResourceType::restricted_names(), name);
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) };
        format!(
            "member `TagRestrictedResources` has the value `{}`, which names no type of resource{hint}",
            Excerpt(name)
        )
    };
    names.iter().filter(is_unknown).map(sentence).collect()
}

/// Entries for primary attributes that lack the name or the values.
pub(super) fn primary_attributes(entries: &[PrimaryAttributeValue]) -> Vec<String> {
    let incomplete = entries.iter().filter(|it| it.attribute_name.is_none() || it.values.is_empty());
    incomplete
        .map(|it| match &it.attribute_name {
            None => nameless_entry("GranularAccessControlConfiguration", "AttributeName", "restricts nothing"),
            Some(name) => format!(
                "member `GranularAccessControlConfiguration` has no values for the primary attribute `{}`",
                Excerpt(name)
            ),
        })
        .collect()
}

/// The sentence for an entry without the member that names its subject.
fn nameless_entry(member: &str, lacking: &str, effect: &str) -> String {
    format!("member `{member}` has an entry without `{lacking}`, which {effect}")
}

/// AI agents whose ARNs name applications of this account and region that are not registered as such. Agents of other
/// kinds are of services that are not served.
pub(super) fn ai_agents(cx: &Write<'_>, entries: &[AllowedAiAgent]) -> Vec<String> {
    let is_registered = |registry: &Directory, id: &Id| {
        let application = registry.registered_applications.get(id);
        // A user may not know of other instances, and so not of applications that only those have.
        let known = application.filter(|it| cx.visibility().is_none() || is_associated(cx, it));
        known.is_some_and(|it| it.application_type == RegisteredType::A2aServer)
    };
    let is_unknown = |arn: &&str| {
        let id = cx.call.scope.parse_application_arn(arn);
        id.is_some_and(|id| !cx.registry.as_deref().is_some_and(|registry| is_registered(registry, &id)))
    };
    let is_arn = |arn: &str| is_ai_agent_arn(arn) || cx.call.scope.parse_application_arn(arn).is_some();
    let sentence = |entry: &AllowedAiAgent| match entry.arn.as_deref() {
        None => Some(nameless_entry("AllowedAIAgents", "Arn", "grants nothing")),
        Some(arn) if is_unknown(&arn) => Some(format!(
            "member `AllowedAIAgents` names `{}`, which is not registered as an application of the type A2A_SERVER",
            Excerpt(arn)
        )),
        Some(arn) if !is_arn(arn) => Some(format!(
            "member `AllowedAIAgents` names `{}`, which is not the ARN of an AI agent, such as \
             `arn:aws:wisdom:REGION:ACCOUNT:ai-agent/ASSISTANT/AGENT`, nor of an application",
            Excerpt(arn)
        )),
        Some(_) => None,
    };
    entries.iter().filter_map(sentence).collect()
}
