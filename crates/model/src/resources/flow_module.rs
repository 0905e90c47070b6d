//! Flow modules, their versions and aliases.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

/// A flow module: a piece of flow that flows share, and that AI agents may invoke as a tool when it is enabled for
/// that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowModule {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the instance.
    pub name: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The published content.
    #[serde(flatten)]
    pub published: FlowModuleContent,
    /// The content that was saved and not published since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<FlowModuleContent>,
    /// Whether it may be invoked from outside flows, which makes it a tool; `None` where it was never set
    /// (`docs/evidence`, A14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_invocation_enabled: Option<bool>,
    /// Whether it is archived. An archived module still runs where it is referred to.
    #[serde(default)]
    pub archived: bool,
    /// How many versions were ever made: the number of the newest.
    #[serde(default)]
    pub versions_made: i64,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// The content of a flow module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowModuleContent {
    /// The flow, JSON as the client wrote it.
    pub content: String,
    /// The settings, JSON as the client wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
}

/// A version of a flow module: what was published at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowModuleVersion {
    /// The module.
    pub flow_module_id: Id,
    /// The number, from 1.
    pub version: i64,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The content.
    #[serde(flatten)]
    pub content: FlowModuleContent,
    /// When it was made.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

impl FlowModuleVersion {
    /// The identifier of a version of a module. Sorts by number within a module.
    #[must_use]
    pub fn key(flow_module_id: &Id, version: i64) -> Id {
        Id::new(&format!("{flow_module_id}:{version:020}"))
    }
}

/// A name for a version of a flow module, which can be moved to another version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowModuleAlias {
    /// The identifier, a UUID.
    pub id: Id,
    /// The module.
    pub flow_module_id: Id,
    /// The name; unique among the aliases of the module.
    pub name: String,
    /// The version that it names.
    pub version: i64,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

impl Stored for FlowModule {
    const KIND: Kind = Kind::FlowModule;
    const NOUN: &'static str = "flow module";
    const ARN_SEGMENT: Option<&'static str> = Some("flow-module");
    const NAMES: Names = Names::Exact;

    fields!(id, name, tags);
}

impl Stored for FlowModuleVersion {
    const KIND: Kind = Kind::FlowModuleVersion;
    const NOUN: &'static str = "flow module version";

    fn id(&self) -> Id {
        Self::key(&self.flow_module_id, self.version)
    }

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        visit(Key { kind: Kind::FlowModule, id: self.flow_module_id.clone() });
    }
}

impl Stored for FlowModuleAlias {
    const KIND: Kind = Kind::FlowModuleAlias;
    const NOUN: &'static str = "flow module alias";

    fn id(&self) -> Id {
        self.id.clone()
    }

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        visit(Key { kind: Kind::FlowModule, id: self.flow_module_id.clone() });
        visit(Key { kind: Kind::FlowModuleVersion, id: FlowModuleVersion::key(&self.flow_module_id, self.version) });
    }
}
