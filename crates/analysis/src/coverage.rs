//! The coverage of the permissions and restrictions of security profiles by a set of questions.
//!
//! A question covers a permission of a profile if its answer depends on it: the principal holds the profile, and the
//! question is about the permission or one that it implies. Such a question also covers the restrictions of its type.

use std::collections::HashMap;

use lanyard_engine::{Explanation, Finding, Report, implied};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Key, Kind};

use crate::{Configuration, Place};

/// The covered and uncovered items.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    items: Vec<Item>,
    /// The numbers of items by profile, member and value.
    numbers: HashMap<(String, &'static str, String), usize>,
}

/// An item of a profile that a question can cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The profile's name.
    pub profile: String,
    /// The member, named as in the API.
    pub member: &'static str,
    /// The value: a permission, a type, a tag as `KEY=VALUE`, `NAMESPACE/PERMISSION` …
    pub value: String,
    /// Whether a question covers it.
    pub touched: bool,
    /// Its place in a file.
    pub place: Option<Place>,
}

const PERMISSIONS: &str = "Permissions";
const TAGGED: &str = "TagRestrictedResources";
const TAGS: &str = "AllowedAccessControlTags";
const HIERARCHY_TYPES: &str = "HierarchyRestrictedResources";
const GROUP: &str = "AllowedAccessControlHierarchyGroup";
const RECORDS: &str = "PrimaryAttributeValues";
const APPLICATIONS: &str = "Applications";
const MODULES: &str = "AllowedFlowModules";
const AGENTS: &str = "AllowedAiAgents";

impl Coverage {
    /// Every item of a configuration, none of them covered.
    #[must_use]
    pub fn new(configuration: &Configuration) -> Self {
        let mut coverage = Self::default();
        for profile in configuration.directory.security_profiles.values() {
            let mut add = |member, value: String| {
                let key = Key { kind: Kind::SecurityProfile, id: profile.id.clone() };
                let place = configuration.places.find(&key, &format!("{member}/{value}")).cloned();
                let item = Item { profile: profile.name.clone(), member, value, touched: false, place };
                coverage.numbers.insert((profile.id.to_string(), member, item.value.clone()), coverage.items.len());
                coverage.items.push(item);
            };
            profile.permissions.iter().for_each(|name| add(PERMISSIONS, name.clone()));
            profile.tag_restricted_resources.iter().for_each(|name| add(TAGGED, name.clone()));
            profile.allowed_access_control_tags.iter().for_each(|(key, value)| add(TAGS, format!("{key}={value}")));
            profile.hierarchy_restricted_resources.iter().for_each(|name| add(HIERARCHY_TYPES, name.clone()));
            let group = profile.allowed_access_control_hierarchy_group_id.as_ref().map(ToString::to_string);
            group.into_iter().filter(|id| !id.is_empty()).for_each(|id| add(GROUP, id));
            for name in profile.primary_attribute_values.iter().filter_map(|entry| entry.attribute_name.as_ref()) {
                add(RECORDS, name.clone());
            }
            for application in &profile.applications {
                let namespace = application.namespace.as_deref().unwrap_or_default();
                application.permissions.iter().for_each(|name| add(APPLICATIONS, format!("{namespace}/{name}")));
            }
            let modules = profile.allowed_flow_modules.iter().filter_map(|it| it.flow_module_id.as_ref());
            modules.for_each(|id| add(MODULES, id.clone()));
            profile.allowed_ai_agents.iter().filter_map(|it| it.arn.as_ref()).for_each(|arn| add(AGENTS, arn.clone()));
        }
        coverage
    }

    /// Marks the items that a question about a resource covers, according to the explanation of its answer.
    pub fn touch(&mut self, configuration: &Configuration, resource_type: &str, id: &str, explanation: &Explanation) {
        for report in &explanation.reports {
            for of_profile in &report.profiles {
                let lacks = |it: &Finding| matches!(it, Finding::PermissionMissing { .. } | Finding::ToolMissing);
                if of_profile.findings.iter().any(lacks) {
                    continue;
                }
                let key = lanyard_model::Id::new(&of_profile.id);
                let Some(profile) = configuration.directory.security_profiles.get(&key) else { continue };
                let mut touch = |member, value: &str| self.mark(&of_profile.id, member, value);
                touch_tool(report, resource_type, id, &mut touch);
                let is_covered =
                    |name: &&String| **name == report.permission || implied(name).contains(&&*report.permission);
                profile.permissions.iter().filter(is_covered).for_each(|name| touch(PERMISSIONS, name));
                let Some(scope) = &of_profile.scope else { continue };
                if let Some(tags) = &scope.tags {
                    let it = restricted_type(report, resource_type);
                    let names = profile.tag_restricted_resources.iter();
                    let is_meant = |name: &&String| {
                        let mut named = ResourceType::restricted_as(name).peekable();
                        named.peek().is_none() || named.any(|named| named.as_str() == it)
                    };
                    names.filter(is_meant).for_each(|name| touch(TAGGED, name));
                    tags.iter().for_each(|(key, value)| touch(TAGS, &format!("{key}={value}")));
                }
                if let Some(group) = &scope.hierarchy_group_id {
                    touch(GROUP, group);
                }
                if scope.own_hierarchy_group || scope.hierarchy_group_id.is_some() {
                    touch(HIERARCHY_TYPES, "User");
                }
                scope.primary_values.iter().for_each(|(name, _)| touch(RECORDS, name));
            }
        }
    }

    fn mark(&mut self, profile: &str, member: &'static str, value: &str) {
        let number = self.numbers.get(&(profile.to_owned(), member, value.to_owned()));
        if let Some(item) = number.and_then(|number| self.items.get_mut(*number)) {
            item.touched = true;
        }
    }

    /// All items, by profile.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The number of items, and the number of covered items.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.items.len(), self.items.iter().filter(|item| item.touched).count())
    }
}

/// The resource type of a report's permission: that of the question, or that of the part of a task.
fn restricted_type<'a>(report: &'a Report, resource_type: &'a str) -> &'a str {
    match lanyard_model::catalogue::acts_on(&report.permission) {
        Some((types, _)) if !types.iter().any(|it| it.as_str() == resource_type) => {
            types.first().map_or(resource_type, |it| it.as_str())
        }
        _ => resource_type,
    }
}

fn touch_tool(report: &Report, resource_type: &str, id: &str, touch: &mut impl FnMut(&'static str, &str)) {
    match resource_type {
        "ThirdPartyApplication" | "McpServer" => touch(APPLICATIONS, &format!("{id}/{}", report.permission)),
        "ContactFlowModule" => touch(MODULES, id),
        "AIAgent" => touch(AGENTS, id),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lanyard_engine::{Compiled, PermissionIndex, Principal, Question};
    use lanyard_model::resources::{Application, ChannelConfigs, SecurityProfile, User};
    use lanyard_model::{Directory, Id, Resource, StreamId, Tags, Timestamp};

    use super::*;

    #[test]
    fn coverage_has_exactly_the_items_that_an_answer_depends_on() {
        let mut profile = SecurityProfile::named(Id::from_uuid(1), "P", Timestamp(0), "");
        profile.permissions = ["AccessMetrics", "Queues.View", "Users.Edit", "Users.View"].map(str::to_owned).to_vec();
        profile.tag_restricted_resources = vec!["Queue".to_owned(), "User".to_owned()];
        profile.allowed_access_control_tags = Tags::from([("Team".to_owned(), "A".to_owned())]);
        profile.applications = vec![Application {
            namespace: Some("crm".to_owned()),
            permissions: vec!["ACCESS".to_owned()],
            application_type: None,
        }];
        let user = User {
            id: Id::from_uuid(2),
            username: "ana".to_owned(),
            identity_info: None,
            phone_config: None,
            channel_configs: ChannelConfigs::default(),
            directory_user_id: None,
            security_profile_ids: vec![profile.id.clone()],
            routing_profile_id: Id::new(""),
            hierarchy_group_id: None,
            tags: Tags::new(),
            last_modified_time: Timestamp(0),
            last_modified_region: String::new(),
        };
        let all = [Resource::from(profile), Resource::from(user)];
        let configuration =
            Configuration::whole(Directory::load(StreamId::Instance(Id::from_uuid(9)), 0, Timestamp(0), all));
        let compiled = Compiled::new(&configuration.directory, Arc::clone(&PermissionIndex::builtin()));
        let touched = |action, it, id| {
            let question = Question::new(Principal::User("ana"), action, it, id);
            let mut coverage = Coverage::new(&configuration);
            coverage.touch(&configuration, it, id, &compiled.explain(&question).unwrap());
            let covered = coverage.items().iter().filter(|item| item.touched).map(|item| item.value.clone());
            covered.collect::<Vec<_>>()
        };
        let ana = Id::from_uuid(2).to_string();
        assert_eq!(touched("Users.Edit", "User", &ana), ["Users.Edit", "User", "Team=A"]);
        assert_eq!(touched("AccessMetrics.Dashboards.Access", "Instance", "*"), ["AccessMetrics"]);
        assert_eq!(touched("Prompts.View", "Prompt", "x"), [""; 0]);
        assert_eq!(touched("ACCESS", "ThirdPartyApplication", "crm"), ["crm/ACCESS"]);
        assert_eq!(Coverage::new(&configuration).counts(), (8, 0));
    }
}
