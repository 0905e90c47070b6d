//! Security profiles.

use lanyard_model::resources::{ApplicationType, PrimaryAttributeValue, SecurityProfile};
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes;

use super::{Phase, Writer, tags};

impl Writer<'_> {
    pub(super) fn create_profile(&mut self, it: &SecurityProfile) {
        let group = it.allowed_access_control_hierarchy_group_id.as_ref();
        let input = shapes::CreateSecurityProfileRequest {
            security_profile_name: it.name.clone(),
            description: it.description.clone(),
            permissions: some(&it.permissions),
            instance_id: self.instance.clone(),
            tags: tags::some(&it.tags),
            allowed_access_control_tags: tags::some(&it.allowed_access_control_tags),
            tag_restricted_resources: some(&it.tag_restricted_resources),
            applications: some(&applications(it)),
            hierarchy_restricted_resources: some(&it.hierarchy_restricted_resources),
            allowed_access_control_hierarchy_group_id: group.map(Id::to_string),
            allowed_flow_modules: some(&flow_modules(it)),
            allowed_ai_agents: some(&ai_agents(it)),
            granular_access_control_configuration: (!it.primary_attribute_values.is_empty()).then(|| granular(it)),
        };
        self.push_create(Phase::Profiles, key(it), &input, "SecurityProfileId");
    }

    /// Sends only the members that differ: other members stay.
    pub(super) fn update_profile(&mut self, from: &SecurityProfile, to: &SecurityProfile) {
        if from.name != to.name {
            let what = format!(
                "the name `{}` cannot become `{}`: the API never changes it; create a new profile instead",
                from.name, to.name
            );
            self.refuse(key(to), what);
        }
        macro_rules! changed {
            ($member:ident, $value:expr) => {
                (from.$member != to.$member).then(|| $value)
            };
        }
        let input = shapes::UpdateSecurityProfileRequest {
            description: changed!(description, to.description.clone().unwrap_or_default()),
            permissions: changed!(permissions, to.permissions.clone()),
            security_profile_id: to.id.to_string(),
            instance_id: self.instance.clone(),
            allowed_access_control_tags: changed!(allowed_access_control_tags, to.allowed_access_control_tags.clone()),
            tag_restricted_resources: changed!(tag_restricted_resources, to.tag_restricted_resources.clone()),
            applications: changed!(applications, applications(to)),
            hierarchy_restricted_resources: changed!(
                hierarchy_restricted_resources,
                to.hierarchy_restricted_resources.clone()
            ),
            allowed_access_control_hierarchy_group_id: changed!(
                allowed_access_control_hierarchy_group_id,
                to.allowed_access_control_hierarchy_group_id.as_ref().map(Id::to_string).unwrap_or_default()
            ),
            allowed_flow_modules: changed!(allowed_flow_modules, flow_modules(to)),
            allowed_ai_agents: changed!(allowed_ai_agents, ai_agents(to)),
            granular_access_control_configuration: changed!(primary_attribute_values, granular(to)),
        };
        let nothing = shapes::UpdateSecurityProfileRequest {
            security_profile_id: input.security_profile_id.clone(),
            instance_id: input.instance_id.clone(),
            ..Default::default()
        };
        if input != nothing {
            self.push(Phase::Profiles, key(to), &input);
        }
        self.update_tags(&key(to), &from.tags, &to.tags);
    }

    pub(super) fn delete_profile(&mut self, it: &SecurityProfile) {
        let input = shapes::DeleteSecurityProfileRequest {
            instance_id: self.instance.clone(),
            security_profile_id: it.id.to_string(),
        };
        self.push(Phase::DeleteProfiles, key(it), &input);
    }
}

fn key(it: &SecurityProfile) -> Key {
    Key { kind: Kind::SecurityProfile, id: it.id.clone() }
}

fn some<T: Clone>(list: &[T]) -> Option<Vec<T>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn applications(it: &SecurityProfile) -> Vec<shapes::Application> {
    let application = |it: &lanyard_model::resources::Application| shapes::Application {
        namespace: it.namespace.clone(),
        application_permissions: some(&it.permissions),
        r#type: it.application_type.map(|it| match it {
            ApplicationType::Mcp => shapes::ApplicationType::Mcp,
            ApplicationType::ThirdPartyApplication => shapes::ApplicationType::ThirdPartyApplication,
        }),
    };
    it.applications.iter().map(application).collect()
}

fn flow_modules(it: &SecurityProfile) -> Vec<shapes::FlowModule> {
    let module = |it: &lanyard_model::resources::AllowedFlowModule| shapes::FlowModule {
        r#type: it.module_type.as_deref().map(shapes::FlowModuleType::from_wire),
        flow_module_id: it.flow_module_id.clone(),
    };
    it.allowed_flow_modules.iter().map(module).collect()
}

fn ai_agents(it: &SecurityProfile) -> Vec<shapes::AIAgent> {
    let agent = |it: &lanyard_model::resources::AllowedAiAgent| shapes::AIAgent {
        arn: it.arn.clone(),
        r#type: it.agent_type.as_deref().map(shapes::AIAgentType::from_wire),
    };
    it.allowed_ai_agents.iter().map(agent).collect()
}

/// The record rules; an empty list clears them.
fn granular(it: &SecurityProfile) -> shapes::GranularAccessControlConfiguration {
    let entry = |it: &PrimaryAttributeValue| shapes::PrimaryAttributeValue {
        access_type: it.access_type.as_deref().map(shapes::AccessType::from_wire),
        attribute_name: it.attribute_name.clone(),
        values: some(&it.values),
    };
    shapes::GranularAccessControlConfiguration {
        data_table_access_control_configuration: Some(shapes::DataTableAccessControlConfiguration {
            primary_attribute_access_control_configuration: Some(
                shapes::PrimaryAttributeAccessControlConfigurationItem {
                    primary_attribute_values: Some(it.primary_attribute_values.iter().map(entry).collect()),
                },
            ),
        }),
    }
}
