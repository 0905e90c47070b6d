//! Small configurations by name.

use lanyard_engine::{Compiled, PermissionIndex};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::resources::{
    AiAgent, Application, ApplicationType, FlowModule, FlowModuleContent, HierarchyGroup, Instance,
    PrimaryAttributeValue, SecurityProfile, User,
};
use lanyard_model::{Directory, Id, Kind, Resource, StreamId, Tags, Timestamp};

use crate::lint::{Declared, Report, lint};
use crate::{Configuration, Place, Places};

pub(super) const ARN: &str = "arn:aws:wisdom:eu-west-2:123456789012:ai-agent/assistant/helper";

#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) resources: Vec<Resource>,
    pub(super) unknown_parts: lanyard_engine::UnknownParts,
    pub(super) declared: Declared,
}

pub(super) fn tags(text: &str) -> Tags {
    text.split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
    words.sort_unstable();
    words
}

pub(super) fn id(kind: Kind, name: &str) -> Id {
    Id::new(&format!("{}-{name}", kind.name()))
}

impl World {
    /// With the group `top` and `top/left`, `top/right` below it.
    pub(super) fn new() -> Self {
        let mut world = Self::default();
        let attributes = std::collections::BTreeMap::new();
        world.resources.push(
            Instance {
                id: Id::from_uuid(9),
                account: "123456789012".to_owned(),
                region: "eu-west-2".to_owned(),
                alias: None,
                identity_management_type: "SAML".to_owned(),
                directory_id: None,
                created: Timestamp(0),
                attributes,
                tags: Tags::new(),
            }
            .into(),
        );
        for (name, above) in [("top", ""), ("left", "top"), ("right", "top")] {
            let ancestors = above.split_whitespace().map(|name| id(Kind::HierarchyGroup, name)).collect();
            world.resources.push(
                HierarchyGroup {
                    id: id(Kind::HierarchyGroup, name),
                    name: name.to_owned(),
                    ancestors,
                    tags: Tags::new(),
                    last_modified_time: Timestamp(0),
                    last_modified_region: String::new(),
                }
                .into(),
            );
        }
        world
    }

    /// Adds a profile with these permissions.
    pub(super) fn profile(self, name: &str, permissions: &str) -> Self {
        self.profile_with(name, permissions, |_| {})
    }

    /// Adds a profile with these permissions and more.
    pub(super) fn profile_with(
        mut self,
        name: &str,
        permissions: &str,
        more: impl FnOnce(&mut SecurityProfile),
    ) -> Self {
        let mut profile = SecurityProfile::named(id(Kind::SecurityProfile, name), name, Timestamp(0), "");
        profile.permissions = words(permissions);
        more(&mut profile);
        self.resources.push(profile.into());
        self
    }

    /// Adds a profile that restricts types by tag.
    pub(super) fn tagged(self, name: &str, permissions: &str, types: &str, pairs: &str) -> Self {
        self.profile_with(name, permissions, |it| {
            it.tag_restricted_resources = words(types);
            it.allowed_access_control_tags = tags(pairs);
            it.tags = tags(pairs);
        })
    }

    /// Adds a profile that restricts users by hierarchy: to a group, or to the holder's own with an empty name.
    pub(super) fn ranked(self, name: &str, permissions: &str, group: &str) -> Self {
        self.profile_with(name, permissions, |it| {
            it.hierarchy_restricted_resources = words("User");
            it.allowed_access_control_hierarchy_group_id = (!group.is_empty()).then(|| id(Kind::HierarchyGroup, group));
        })
    }

    /// Adds a user who holds these profiles.
    pub(super) fn user(self, name: &str, profiles: &str) -> Self {
        self.user_in(name, profiles, "", "")
    }

    /// Adds a user in a group, with tags.
    pub(super) fn user_in(mut self, name: &str, profiles: &str, group: &str, pairs: &str) -> Self {
        let profiles = profiles.split_whitespace();
        self.resources.push(
            User {
                id: id(Kind::User, name),
                username: name.to_owned(),
                identity_info: None,
                phone_config: None,
                channel_configs: Default::default(),
                directory_user_id: None,
                security_profile_ids: profiles.map(|name| id(Kind::SecurityProfile, name)).collect(),
                routing_profile_id: Id::new(""),
                hierarchy_group_id: (!group.is_empty()).then(|| id(Kind::HierarchyGroup, group)),
                tags: tags(pairs),
                last_modified_time: Timestamp(0),
                last_modified_region: String::new(),
            }
            .into(),
        );
        self
    }

    /// Adds a version of the AI agent that holds these profiles.
    pub(super) fn agent(mut self, version: &str, profiles: &str) -> Self {
        let profiles = profiles.split_whitespace();
        self.resources.push(
            AiAgent {
                arn: if version.is_empty() { ARN.to_owned() } else { format!("{ARN}:{version}") },
                security_profile_ids: profiles.map(|name| id(Kind::SecurityProfile, name)).collect(),
            }
            .into(),
        );
        self
    }

    pub(super) fn module(mut self, name: &str, invocable: bool, archived: bool) -> Self {
        self.resources.push(
            FlowModule {
                id: id(Kind::FlowModule, name),
                name: name.to_owned(),
                description: None,
                published: FlowModuleContent { content: String::new(), settings: None },
                saved: None,
                external_invocation_enabled: Some(invocable),
                archived,
                versions_made: 0,
                tags: Tags::new(),
                last_modified_time: Timestamp(0),
                last_modified_region: String::new(),
            }
            .into(),
        );
        self
    }

    pub(super) fn unknown_parts(mut self, kind: Kind) -> Self {
        self.unknown_parts.kinds.insert(kind);
        self
    }

    pub(super) fn declared(mut self, declare: impl FnOnce(&mut Declared)) -> Self {
        declare(&mut self.declared);
        self
    }

    pub(super) fn configuration(&self) -> Configuration {
        let stream = StreamId::Instance(Id::from_uuid(9));
        let directory = Directory::load(stream, 1, Timestamp(0), self.resources.iter().cloned());
        let mut places = Places::default();
        for (line, resource) in (1..).zip(&self.resources) {
            places.note(resource.key(), "", Place { file: "world.yaml".into(), line, column: 1 });
        }
        Configuration { directory, unknown_parts: self.unknown_parts.clone(), places }
    }

    pub(super) fn lint(&self) -> Report {
        let configuration = self.configuration();
        let compiled = Compiled::with_unknown_parts(
            &configuration.directory,
            PermissionIndex::builtin(),
            &configuration.unknown_parts,
        );
        lint(&configuration, &compiled, Catalogue::builtin(), &self.declared)
    }
}

pub(super) fn application(namespace: &str, it: Option<ApplicationType>, permissions: &str) -> Application {
    let namespace = (!namespace.is_empty()).then(|| namespace.to_owned());
    Application { namespace, permissions: words(permissions), application_type: it }
}

pub(super) fn entry(name: &str, values: &str) -> PrimaryAttributeValue {
    PrimaryAttributeValue { access_type: None, attribute_name: Some(name.to_owned()), values: words(values) }
}
