//! Security profiles.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

/// A security profile: what those who hold it may do, and on what.
///
/// Lists that are sets (`permissions`, `tag_restricted_resources` …) hold no value twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityProfile {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the instance, and never changed by the API.
    pub name: String,
    /// The description; `None` when there is none or it was cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The permissions, in alphabetical order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// The tags of the profile as a resource.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// The tags that a resource of a restricted type must carry, all of them.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub allowed_access_control_tags: Tags,
    /// The resource types that the tags restrict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag_restricted_resources: Vec<String>,
    /// The resource types that the hierarchy restricts: `User`, or none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hierarchy_restricted_resources: Vec<String>,
    /// The hierarchy group whose people, and those of the groups below, are in scope; the caller's own when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_access_control_hierarchy_group_id: Option<Id>,
    /// The third-party applications and MCP servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Application>,
    /// The flow modules that an AI agent may invoke as tools.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_flow_modules: Vec<AllowedFlowModule>,
    /// The AI agents that an AI agent may work with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_ai_agents: Vec<AllowedAiAgent>,
    /// The records of data tables that are in scope, by the values of their primary attributes; empty when records are
    /// not restricted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_attribute_values: Vec<PrimaryAttributeValue>,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// Access to a third-party application, or to tools of an MCP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The namespace; an entry without one grants nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `ACCESS`, or the tools' identifiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// The type of the application, where the request has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_type: Option<ApplicationType>,
}

/// The type of an application that a profile grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplicationType {
    /// A server of the Model Context Protocol, whose permissions are tools.
    Mcp,
    /// An application in the agent workspace, whose only permission is `ACCESS`.
    ThirdPartyApplication,
}

/// A flow module that may be invoked as a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedFlowModule {
    /// Its identifier or ARN, as the request wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_module_id: Option<String>,
    /// `MCP`, where the request has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module_type: Option<String>,
}

/// An AI agent that may be worked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedAiAgent {
    /// Its ARN, matched exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// `THIRD_PARTY`, where the request has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_type: Option<String>,
}

/// The values that a primary attribute of a record may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrimaryAttributeValue {
    /// `ALLOW`, where the request has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_type: Option<String>,
    /// The attribute's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_name: Option<String>,
    /// The values, any of which will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How many permissions a profile may have.
pub const MOST_PERMISSIONS: usize = 500;

/// How many profiles that restrict anything one user may hold (`docs/evidence`, T11 and H6).
pub const MOST_RESTRICTED_PROFILES: usize = 7;

impl SecurityProfile {
    /// Whether the profile restricts anything by tag or by hierarchy. Restricted records of data tables do not count:
    /// no document states that they do (`docs/evidence`, T13).
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        !self.tag_restricted_resources.is_empty() || !self.hierarchy_restricted_resources.is_empty()
    }

    /// A profile that grants nothing, made at `now` in `region`.
    #[must_use]
    pub fn named(id: Id, name: &str, now: Timestamp, region: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            description: None,
            permissions: Vec::new(),
            tags: Tags::new(),
            allowed_access_control_tags: Tags::new(),
            tag_restricted_resources: Vec::new(),
            hierarchy_restricted_resources: Vec::new(),
            allowed_access_control_hierarchy_group_id: None,
            applications: Vec::new(),
            allowed_flow_modules: Vec::new(),
            allowed_ai_agents: Vec::new(),
            primary_attribute_values: Vec::new(),
            last_modified_time: now,
            last_modified_region: region.to_owned(),
        }
    }
}

impl Stored for SecurityProfile {
    const KIND: Kind = Kind::SecurityProfile;
    const NOUN: &'static str = "security profile";
    const ARN_SEGMENT: Option<&'static str> = Some("security-profile");
    const NAMES: Names = Names::Exact;

    fields!(id, name, tags);

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        if let Some(id) = &self.allowed_access_control_hierarchy_group_id {
            visit(Key { kind: Kind::HierarchyGroup, id: id.clone() });
        }
    }
}
