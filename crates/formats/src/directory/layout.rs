//! The files and their contents.

use lanyard_model::Kind;

/// The first words of each file that Lanyard wrote. A file without them has another author and is never removed.
pub(super) const MARKER: &str = "# Written by Lanyard";

/// The directory of the security profiles, a file each.
pub(super) const PROFILES: &str = "security-profiles";
pub(super) const INSTANCE: &str = "instance.yaml";
pub(super) const UNSEEN: &str = "unseen.yaml";
pub(super) const HIERARCHY: &str = "hierarchy.yaml";
pub(super) const USERS: &str = "users.yaml";
pub(super) const AI_AGENTS: &str = "ai-agents.yaml";

/// The kinds with little more than identifier, name and tags, and their files.
pub(super) const SIMPLE: &[(Kind, &str)] = &[
    (Kind::HoursOfOperation, "hours-of-operation.yaml"),
    (Kind::Queue, "queues.yaml"),
    (Kind::QuickConnect, "quick-connects.yaml"),
    (Kind::RoutingProfile, "routing-profiles.yaml"),
    (Kind::FlowModule, "flow-modules.yaml"),
    (Kind::DataTable, "data-tables.yaml"),
];

/// The names of all files, and of the directory of the profiles.
pub(super) fn files() -> impl Iterator<Item = &'static str> {
    let names = [INSTANCE, UNSEEN, HIERARCHY, USERS, AI_AGENTS, PROFILES].into_iter();
    names.chain(SIMPLE.iter().map(|(_, name)| *name))
}

/// The members of each file, in their order.
pub(super) mod members {
    pub(in super::super) const INSTANCE: &[&str] =
        &["Id", "Account", "Region", "InstanceAlias", "IdentityManagementType", "Tags"];
    pub(in super::super) const PROFILE: &[&str] = &[
        "SecurityProfileName",
        "Id",
        "Description",
        "Permissions",
        "TagRestrictedResources",
        "AllowedAccessControlTags",
        "HierarchyRestrictedResources",
        "AllowedAccessControlHierarchyGroup",
        "PrimaryAttributeValues",
        "Applications",
        "AllowedFlowModules",
        "AllowedAiAgents",
        "Tags",
    ];
    pub(in super::super) const PRIMARY_ATTRIBUTE_VALUE: &[&str] = &["AttributeName", "AccessType", "Values"];
    pub(in super::super) const APPLICATION: &[&str] = &["Namespace", "Type", "ApplicationPermissions"];
    pub(in super::super) const ALLOWED_FLOW_MODULE: &[&str] = &["FlowModule", "FlowModuleId", "Type"];
    pub(in super::super) const ALLOWED_AI_AGENT: &[&str] = &["Arn", "Type"];
    pub(in super::super) const HIERARCHY: &[&str] = &["Levels", "Groups"];
    pub(in super::super) const GROUP: &[&str] = &["Name", "Id", "Ancestors", "Tags", "Groups"];
    pub(in super::super) const USER: &[&str] =
        &["Username", "Id", "SecurityProfiles", "HierarchyGroup", "RoutingProfile", "IdentityInfo", "Tags"];
    pub(in super::super) const IDENTITY_INFO: &[&str] = &["FirstName", "LastName", "Email", "SecondaryEmail", "Mobile"];
    pub(in super::super) const AI_AGENT: &[&str] = &["Arn", "SecurityProfiles"];
    pub(in super::super) const SIMPLE: &[&str] = &["Name", "Id", "Tags"];
    pub(in super::super) const FLOW_MODULE: &[&str] = &["Name", "Id", "ExternalInvocationEnabled", "Tags"];
    pub(in super::super) const UNSEEN: &[&str] = &["Kinds", "Restrictions", "Tools", "Notes"];
}
