//! Flow modules, versions and aliases in the shapes of the API. Empty members are left out.

use lanyard_model::resources::{FlowModule, FlowModuleAlias, FlowModuleVersion};
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes;
use sha2::{Digest, Sha256};

use super::find::Form;
use crate::context::InstanceState;
use crate::operations::members::{non_empty, timestamp};

pub(super) fn arn(cx: &impl InstanceState, module: &Id) -> String {
    cx.arn(&Key { kind: Kind::FlowModule, id: module.clone() })
}

/// SHA-256 of the content as it was sent, in lower-case hexadecimal digits.
pub(super) fn sha256(content: &str) -> String {
    format!("{:x}", Sha256::digest(content))
}

pub(super) fn state(it: &FlowModule) -> shapes::ContactFlowModuleState {
    match it.archived {
        true => shapes::ContactFlowModuleState::Archived,
        false => shapes::ContactFlowModuleState::Active,
    }
}

/// The answer to DescribeContactFlowModule, and a row of SearchContactFlowModules.
pub(super) fn module(cx: &impl InstanceState, it: &FlowModule, form: &Form) -> shapes::ContactFlowModule {
    let (content, version) = match form {
        Form::Published => (&it.published, None),
        Form::Saved => (it.saved.as_ref().unwrap_or(&it.published), None),
        Form::Version(version) => (&version.content, Some(version)),
    };
    let status = match (form, &it.saved) {
        (Form::Saved, Some(_)) => shapes::ContactFlowModuleStatus::Saved,
        _ => shapes::ContactFlowModuleStatus::Published,
    };
    let arn = arn(cx, &it.id);
    shapes::ContactFlowModule {
        arn: Some(version.map_or(arn.clone(), |version| format!("{arn}:{}", version.version))),
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        content: Some(content.content.clone()),
        description: it.description.clone(),
        state: Some(state(it)),
        status: Some(status),
        tags: non_empty(&it.tags),
        flow_module_content_sha256: Some(sha256(&content.content)),
        version: version.map(|version| version.version),
        version_description: version.and_then(|version| version.description.clone()),
        settings: content.settings.clone(),
        external_invocation_configuration: it
            .external_invocation_enabled
            .map(|enabled| shapes::ExternalInvocationConfiguration { enabled: Some(enabled) }),
    }
}

/// A row of ListContactFlowModules.
pub(super) fn summary(cx: &impl InstanceState, it: &FlowModule) -> shapes::ContactFlowModuleSummary {
    shapes::ContactFlowModuleSummary {
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, &it.id)),
        name: Some(it.name.clone()),
        state: Some(state(it)),
    }
}

/// A row of ListContactFlowModuleVersions.
pub(super) fn version(cx: &impl InstanceState, it: &FlowModuleVersion) -> shapes::ContactFlowModuleVersionSummary {
    shapes::ContactFlowModuleVersionSummary {
        arn: Some(format!("{}:{}", arn(cx, &it.flow_module_id), it.version)),
        version_description: it.description.clone(),
        version: Some(it.version),
    }
}

/// The answer to DescribeContactFlowModuleAlias.
pub(super) fn alias(cx: &impl InstanceState, it: &FlowModuleAlias) -> shapes::ContactFlowModuleAliasInfo {
    shapes::ContactFlowModuleAliasInfo {
        contact_flow_module_id: Some(it.flow_module_id.to_string()),
        contact_flow_module_arn: Some(arn(cx, &it.flow_module_id)),
        alias_id: Some(it.id.to_string()),
        version: Some(it.version),
        name: Some(it.name.clone()),
        description: it.description.clone(),
        last_modified_region: Some(it.last_modified_region.clone()),
        last_modified_time: Some(timestamp(it.last_modified_time)),
    }
}

/// A row of ListContactFlowModuleAliases.
pub(super) fn alias_summary(cx: &impl InstanceState, it: &FlowModuleAlias) -> shapes::ContactFlowModuleAliasSummary {
    shapes::ContactFlowModuleAliasSummary {
        arn: Some(format!("{}:{}", arn(cx, &it.flow_module_id), it.name)),
        alias_id: Some(it.id.to_string()),
        version: Some(it.version),
        alias_name: Some(it.name.clone()),
        alias_description: it.description.clone(),
        last_modified_time: Some(timestamp(it.last_modified_time)),
    }
}
