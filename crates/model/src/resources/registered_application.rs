//! Applications as AppIntegrations registers them: websites, services, servers of tools, other agents.

use serde::{Deserialize, Serialize};

use crate::{Id, Kind, Names, Stored, Tags, Timestamp};

/// In a registry: an application of the account and region, which instances are associated with and security profiles
/// name by its namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegisteredApplication {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the registry.
    pub name: String,
    /// The namespace, by which security profiles name it; unique in the registry and never changed.
    pub namespace: String,
    /// The type.
    pub application_type: RegisteredType,
    /// The description, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_url: Option<ExternalUrl>,
    /// The events that it subscribes to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<Subscription>,
    /// The events that it publishes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Publication>,
    /// The events and requests that it has access to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// How long it may take to connect to the workspace, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initialization_timeout: Option<i32>,
    /// Whether it restarts with each contact: `CROSS_CONTACTS` or `PER_CONTACT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_handling_scope: Option<String>,
    /// The permissions of its frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iframe: Option<Iframe>,
    /// How it is authenticated to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<ApplicationAuth>,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was registered.
    pub created: Timestamp,
    /// When it was last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
    /// The tools of an MCP server; `None` while they are not registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<McpTool>>,
}

/// The type of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegisteredType {
    /// A website in the agent's workspace.
    Standard,
    /// A service in the agent's workspace, without a visible part.
    Service,
    /// A server of tools, which uses the Model Context Protocol.
    McpServer,
    /// Another AI agent, which uses the Agent2Agent protocol.
    A2aServer,
}

impl RegisteredType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::Standard, Self::Service, Self::McpServer, Self::A2aServer];

    /// Its name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::Service => "SERVICE",
            Self::McpServer => "MCP_SERVER",
            Self::A2aServer => "A2A_SERVER",
        }
    }
}

/// Where an application is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExternalUrl {
    /// Its address.
    pub access_url: String,
    /// Other origins that it may be loaded from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved_origins: Vec<String>,
}

/// An event that an application subscribes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// The event.
    pub event: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// An event that an application publishes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// The event.
    pub event: String,
    /// The JSON schema of what it carries.
    pub schema: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The permissions of the frame of an application. An empty list allows nothing; an absent list leaves the defaults of
/// frames.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Iframe {
    /// Features, as in the attribute `allow`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<String>>,
    /// The exceptions of the sandbox, as in the attribute `sandbox`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<Vec<String>>,
}

/// How an application is authenticated to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ApplicationAuth {
    /// `API_KEY` or `CONNECT_JWT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_type: Option<String>,
    /// The ARN of the secret with the key; the key itself is nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_provider_identifier: Option<String>,
    /// The audience of the token, where it is not the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_override: Option<String>,
}

/// A tool of an MCP server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct McpTool {
    /// The identifier, which security profiles name it by.
    pub name: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl RegisteredApplication {
    /// Whether it is an MCP server that is known not to have this tool.
    #[must_use]
    pub fn lacks_tool(&self, name: &str) -> bool {
        self.tools.as_ref().is_some_and(|tools| tools.iter().all(|tool| tool.name != name))
    }
}

impl Stored for RegisteredApplication {
    const KIND: Kind = Kind::RegisteredApplication;
    const NOUN: &'static str = "application";
    const NAMES: Names = Names::Exact;

    fn id(&self) -> Id {
        self.id.clone()
    }

    /// The namespace, which is what has to be unique for profiles to mean one application.
    fn name(&self) -> Option<&str> {
        Some(&self.namespace)
    }

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn tags_mut(&mut self) -> Option<&mut Tags> {
        Some(&mut self.tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_stored_under_its_name_in_the_api() {
        for it in RegisteredType::ALL {
            assert_eq!(serde_json::to_value(it).unwrap(), it.as_str());
        }
    }
}
