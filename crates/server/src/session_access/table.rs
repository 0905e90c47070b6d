//! Which permission governs which operation: the one table of the door, which `docs/door.md` prints.

use Door::{Closed, Open};
use lanyard_model::Kind;
use lanyard_wire::Operation;

/// A kind of resource that a permission lets people view.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) kind: Kind,
    /// What questions call it.
    pub(super) name: &'static str,
    /// The permission that shows it.
    pub(super) view: &'static str,
    /// The permission that changes it, and its tags.
    pub(super) edit: &'static str,
}

const fn of(kind: Kind, name: &'static str, view: &'static str, edit: &'static str) -> Type {
    Type { kind, name, view, edit }
}

/// The permission that shows data tables and their records.
pub(super) const VIEW_TABLES: &str = "DataTables.View";

/// The member that names a data table.
pub(super) const TABLE_ID: &str = "DataTableId";

/// The kinds that permissions act on.
pub(super) const TYPES: [Type; 9] = [
    of(Kind::FlowModule, "ContactFlowModule", "ContactFlowModules.View", "ContactFlowModules.Edit"),
    of(Kind::DataTable, "DataTable", VIEW_TABLES, "DataTables.Edit"),
    of(Kind::HierarchyGroup, "HierarchyGroup", "AgentGrouping.View", "AgentGrouping.Edit"),
    of(Kind::HoursOfOperation, "HoursOfOperation", "HoursOfOperation.View", "HoursOfOperation.Edit"),
    of(Kind::Queue, "Queue", "Queues.View", "Queues.Edit"),
    of(Kind::QuickConnect, "QuickConnect", "TransferDestinations.View", "TransferDestinations.Edit"),
    of(Kind::RoutingProfile, "RoutingProfile", "RoutingPolicies.View", "RoutingPolicies.Edit"),
    of(Kind::SecurityProfile, "SecurityProfile", "SecurityProfiles.View", "SecurityProfiles.Edit"),
    of(Kind::User, "User", "Users.View", "Users.Edit"),
];

/// The place in [`TYPES`] of what a kind is viewed like.
pub(super) fn place_of(kind: Kind) -> Option<usize> {
    // Records are viewed like their tables, by rules of their own.
    let kind = if kind == Kind::DataTableRecord { Kind::DataTable } else { kind };
    TYPES.iter().position(|it| it.kind == kind)
}

/// The type of a kind.
pub(super) fn type_of(kind: Kind) -> Option<&'static Type> {
    TYPES.iter().find(|it| it.kind == kind)
}

/// Whether an operation can be called with a session.
#[derive(Clone, Copy, Debug)]
pub(super) enum Door {
    /// It cannot, and why.
    Closed(&'static str),
    /// It can, by this rule.
    Open(Rule),
}

/// What has to be granted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// The permission; the resource's own View or Edit where it is about any kind.
    pub(super) permission: &'static str,
    pub(super) on: On,
    /// What else the request names: each must be one that the user may view.
    pub(super) names: &'static [Named],
    /// What else the operation may change, as a consequence.
    pub(super) effects: &'static [Kind],
}

/// Resources that a member of the request names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) kind: Kind,
    pub(super) member: &'static str,
}

/// On what it has to be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// On the resource that the member names.
    One(Kind, &'static str),
    /// On the resource that is made, with the tags and the group it is to have.
    New(Kind),
    /// On at least one of the kind; those that are not in scope are left out.
    Shown(Kind),
    /// On each record that the request writes to, of the data table that it names, which must be there for the user.
    Records(RecordWrite),
    /// On all of the kind, without restriction.
    Every(Kind),
    /// On the instance: a capability.
    Instance,
    /// On the resource of any kind that the member's ARN names: its View.
    TagsShown(&'static str),
    /// The same: its Edit.
    TagsChanged(&'static str),
    /// On resources of any kind: the tags of those that can be viewed.
    AnyShown,
}

/// How a request writes to records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordWrite {
    /// Values, by the primary values of each item; an expression takes `DataTables.EditExpressionValues` too.
    Values,
    /// Other primary values for a record: not for users with a rule on records.
    PrimaryValues,
}

const fn data_table(permission: &'static str, effects: &'static [Kind]) -> Door {
    Open(Rule { permission, on: On::One(Kind::DataTable, TABLE_ID), names: &[], effects })
}

/// Beside the records, the lock versions of the table and its attributes may move.
const fn records(write: RecordWrite) -> Door {
    let effects = &[Kind::DataTableAttribute, Kind::DataTableRecord];
    Open(Rule { permission: "DataTables.ManageValues", on: On::Records(write), names: &[], effects })
}

const fn one(permission: &'static str, kind: Kind, member: &'static str, names: &'static [Named]) -> Door {
    Open(Rule { permission, on: On::One(kind, member), names, effects: &[] })
}

const fn new(permission: &'static str, kind: Kind, names: &'static [Named]) -> Door {
    Open(Rule { permission, on: On::New(kind), names, effects: &[] })
}

const fn by(permission: &'static str, on: On) -> Door {
    Open(Rule { permission, on, names: &[], effects: &[] })
}

const fn module(permission: &'static str, effects: &'static [Kind]) -> Door {
    Open(Rule { permission, on: On::One(Kind::FlowModule, "ContactFlowModuleId"), names: &[], effects })
}

const fn named(kind: Kind, member: &'static str) -> Named {
    Named { kind, member }
}

const QUEUES: &[Named] = &[
    named(Kind::Queue, "QueueConfigs[].QueueReference.QueueId"),
    named(Kind::Queue, "ManualAssignmentQueueConfigs[].QueueReference.QueueId"),
];
const NEW_QUEUES: &[Named] = &[
    named(Kind::Queue, "DefaultOutboundQueueId"),
    named(Kind::Queue, "QueueConfigs[].QueueReference.QueueId"),
    named(Kind::Queue, "ManualAssignmentQueueConfigs[].QueueReference.QueueId"),
];
const REMOVED_QUEUES: &[Named] =
    &[named(Kind::Queue, "QueueReferences[].QueueId"), named(Kind::Queue, "ManualAssignmentQueueReferences[].QueueId")];
const DESTINATION: &[Named] = &[
    named(Kind::User, "QuickConnectConfig.UserConfig.UserId"),
    named(Kind::Queue, "QuickConnectConfig.QueueConfig.QueueId"),
];
const RESTRICTING_GROUP: &[Named] = &[named(Kind::HierarchyGroup, "AllowedAccessControlHierarchyGroupId")];
const PROFILES_OF_AGENT: &[Named] = &[named(Kind::SecurityProfile, "SecurityProfiles[].Id")];

const TABLE_PARTS: &[Kind] = &[Kind::DataTableAttribute, Kind::DataTableRecord];

const NO_PERMISSION: &str = "no permission of security profiles governs instances and their attributes";
const NO_INTEGRATIONS: &str = "no permission of security profiles governs integrations";

/// Every operation that is served. One that is not here cannot be called with a session, and a test says so.
pub(super) static TABLE: &[(Operation, Door)] = {
    use Operation::*;
    &[
        (
            AssociateQueueQuickConnects,
            one("Queues.Edit", Kind::Queue, "QueueId", &[named(Kind::QuickConnect, "QuickConnectIds[]")]),
        ),
        (AssociateRoutingProfileQueues, one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", QUEUES)),
        (
            AssociateSecurityProfiles,
            Open(Rule {
                permission: "QConnectAIAgents.Edit",
                on: On::Instance,
                names: PROFILES_OF_AGENT,
                effects: &[Kind::AiAgent],
            }),
        ),
        (BatchCreateDataTableValue, records(RecordWrite::Values)),
        (BatchDeleteDataTableValue, records(RecordWrite::Values)),
        (BatchDescribeDataTableValue, data_table(VIEW_TABLES, &[])),
        (BatchUpdateDataTableValue, records(RecordWrite::Values)),
        (
            CreateContactFlowModule,
            Open(Rule {
                permission: "ContactFlowModules.Create",
                on: On::New(Kind::FlowModule),
                names: &[],
                effects: &[Kind::ClientToken],
            }),
        ),
        (CreateContactFlowModuleAlias, module("ContactFlowModules.Publish", &[Kind::FlowModuleAlias])),
        (CreateContactFlowModuleVersion, module("ContactFlowModules.Publish", &[Kind::FlowModuleVersion])),
        (CreateDataTable, new("DataTables.Create", Kind::DataTable, &[])),
        (CreateDataTableAttribute, data_table("DataTables.Edit", TABLE_PARTS)),
        (
            CreateHoursOfOperation,
            new(
                "HoursOfOperation.Create",
                Kind::HoursOfOperation,
                &[named(Kind::HoursOfOperation, "ParentHoursOfOperationConfigs[].HoursOfOperationId")],
            ),
        ),
        (CreateInstance, Closed(NO_PERMISSION)),
        (CreateIntegrationAssociation, Closed(NO_INTEGRATIONS)),
        (
            CreateQueue,
            new(
                "Queues.Create",
                Kind::Queue,
                &[named(Kind::HoursOfOperation, "HoursOfOperationId"), named(Kind::QuickConnect, "QuickConnectIds[]")],
            ),
        ),
        (CreateQuickConnect, new("TransferDestinations.Create", Kind::QuickConnect, DESTINATION)),
        (CreateRoutingProfile, new("RoutingPolicies.Create", Kind::RoutingProfile, NEW_QUEUES)),
        (CreateSecurityProfile, new("SecurityProfiles.Create", Kind::SecurityProfile, RESTRICTING_GROUP)),
        (
            CreateUser,
            new(
                "Users.Create",
                Kind::User,
                &[
                    named(Kind::SecurityProfile, "SecurityProfileIds[]"),
                    named(Kind::RoutingProfile, "RoutingProfileId"),
                    named(Kind::HierarchyGroup, "HierarchyGroupId"),
                ],
            ),
        ),
        (
            CreateUserHierarchyGroup,
            new("AgentGrouping.Create", Kind::HierarchyGroup, &[named(Kind::HierarchyGroup, "ParentGroupId")]),
        ),
        (
            DeleteContactFlowModule,
            module("ContactFlowModules.Delete", &[Kind::FlowModuleAlias, Kind::FlowModuleVersion]),
        ),
        (DeleteContactFlowModuleAlias, module("ContactFlowModules.Publish", &[Kind::FlowModuleAlias])),
        (DeleteContactFlowModuleVersion, module("ContactFlowModules.Publish", &[Kind::FlowModuleVersion])),
        (DeleteDataTable, data_table("DataTables.Delete", TABLE_PARTS)),
        (DeleteDataTableAttribute, data_table("DataTables.Edit", TABLE_PARTS)),
        (DeleteHoursOfOperation, one("HoursOfOperation.Delete", Kind::HoursOfOperation, "HoursOfOperationId", &[])),
        (DeleteInstance, Closed(NO_PERMISSION)),
        (DeleteIntegrationAssociation, Closed(NO_INTEGRATIONS)),
        (DeleteQueue, one("Queues.Delete", Kind::Queue, "QueueId", &[])),
        (
            DeleteQuickConnect,
            Open(Rule {
                permission: "TransferDestinations.Delete",
                on: On::One(Kind::QuickConnect, "QuickConnectId"),
                names: &[],
                effects: &[Kind::Queue],
            }),
        ),
        (DeleteRoutingProfile, one("RoutingPolicies.Delete", Kind::RoutingProfile, "RoutingProfileId", &[])),
        (DeleteSecurityProfile, one("SecurityProfiles.Delete", Kind::SecurityProfile, "SecurityProfileId", &[])),
        (DeleteUser, one("Users.Delete", Kind::User, "UserId", &[])),
        (DeleteUserHierarchyGroup, one("AgentGrouping.Edit", Kind::HierarchyGroup, "HierarchyGroupId", &[])),
        (DescribeContactFlowModule, module("ContactFlowModules.View", &[])),
        (DescribeContactFlowModuleAlias, module("ContactFlowModules.View", &[])),
        (DescribeDataTable, data_table(VIEW_TABLES, &[])),
        (DescribeDataTableAttribute, data_table(VIEW_TABLES, &[])),
        (DescribeHoursOfOperation, one("HoursOfOperation.View", Kind::HoursOfOperation, "HoursOfOperationId", &[])),
        (DescribeInstance, Closed(NO_PERMISSION)),
        (DescribeInstanceAttribute, Closed(NO_PERMISSION)),
        (DescribeQueue, one("Queues.View", Kind::Queue, "QueueId", &[])),
        (DescribeQuickConnect, one("TransferDestinations.View", Kind::QuickConnect, "QuickConnectId", &[])),
        (DescribeRoutingProfile, one("RoutingPolicies.View", Kind::RoutingProfile, "RoutingProfileId", &[])),
        (DescribeSecurityProfile, one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[])),
        (DescribeUser, one("Users.View", Kind::User, "UserId", &[])),
        (DescribeUserHierarchyGroup, one("AgentGrouping.View", Kind::HierarchyGroup, "HierarchyGroupId", &[])),
        (DescribeUserHierarchyStructure, by("AgentGrouping.View", On::Shown(Kind::HierarchyGroup))),
        (DisassociateQueueQuickConnects, one("Queues.Edit", Kind::Queue, "QueueId", &[])),
        (
            DisassociateRoutingProfileQueues,
            one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", REMOVED_QUEUES),
        ),
        (
            DisassociateSecurityProfiles,
            Open(Rule {
                permission: "QConnectAIAgents.Edit",
                on: On::Instance,
                names: PROFILES_OF_AGENT,
                effects: &[Kind::AiAgent],
            }),
        ),
        (EvaluateDataTableValues, data_table(VIEW_TABLES, &[])),
        (ListContactFlowModuleAliases, module("ContactFlowModules.View", &[])),
        (ListContactFlowModuleVersions, module("ContactFlowModules.View", &[])),
        (ListContactFlowModules, by("ContactFlowModules.View", On::Shown(Kind::FlowModule))),
        (ListDataTableAttributes, data_table(VIEW_TABLES, &[])),
        (ListDataTablePrimaryValues, data_table(VIEW_TABLES, &[])),
        (ListDataTableValues, data_table(VIEW_TABLES, &[])),
        (ListDataTables, by(VIEW_TABLES, On::Shown(Kind::DataTable))),
        (ListEntitySecurityProfiles, by("QConnectAIAgents.View", On::Instance)),
        (ListHoursOfOperations, by("HoursOfOperation.View", On::Shown(Kind::HoursOfOperation))),
        (ListInstanceAttributes, Closed(NO_PERMISSION)),
        (ListInstances, Closed(NO_PERMISSION)),
        (ListIntegrationAssociations, Closed(NO_INTEGRATIONS)),
        (ListQueueQuickConnects, one("Queues.View", Kind::Queue, "QueueId", &[])),
        (ListQueues, by("Queues.View", On::Shown(Kind::Queue))),
        (ListQuickConnects, by("TransferDestinations.View", On::Shown(Kind::QuickConnect))),
        (
            ListRoutingProfileManualAssignmentQueues,
            one("RoutingPolicies.View", Kind::RoutingProfile, "RoutingProfileId", &[]),
        ),
        (ListRoutingProfileQueues, one("RoutingPolicies.View", Kind::RoutingProfile, "RoutingProfileId", &[])),
        (ListRoutingProfiles, by("RoutingPolicies.View", On::Shown(Kind::RoutingProfile))),
        (ListSecurityProfileAIAgents, one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[])),
        (
            ListSecurityProfileApplications,
            one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[]),
        ),
        (ListSecurityProfileFlowModules, one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[])),
        (ListSecurityProfilePermissions, one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[])),
        (ListSecurityProfiles, by("SecurityProfiles.View", On::Shown(Kind::SecurityProfile))),
        (ListTagsForResource, by("View", On::TagsShown("resourceArn"))),
        (ListUserHierarchyGroups, by("AgentGrouping.View", On::Shown(Kind::HierarchyGroup))),
        (ListUsers, by("Users.View", On::Shown(Kind::User))),
        (SearchContactFlowModules, by("ContactFlowModules.View", On::Shown(Kind::FlowModule))),
        (SearchDataTables, by(VIEW_TABLES, On::Shown(Kind::DataTable))),
        (SearchHoursOfOperations, by("HoursOfOperation.View", On::Shown(Kind::HoursOfOperation))),
        (SearchQueues, by("Queues.View", On::Shown(Kind::Queue))),
        (SearchQuickConnects, by("TransferDestinations.View", On::Shown(Kind::QuickConnect))),
        (SearchResourceTags, by("View", On::AnyShown)),
        (SearchRoutingProfiles, by("RoutingPolicies.View", On::Shown(Kind::RoutingProfile))),
        (SearchSecurityProfiles, by("SecurityProfiles.View", On::Shown(Kind::SecurityProfile))),
        (SearchUserHierarchyGroups, by("AgentGrouping.View", On::Shown(Kind::HierarchyGroup))),
        (SearchUsers, by("Users.View", On::Shown(Kind::User))),
        (TagResource, by("Edit", On::TagsChanged("resourceArn"))),
        (UntagResource, by("Edit", On::TagsChanged("resourceArn"))),
        (UpdateContactFlowModuleAlias, module("ContactFlowModules.Publish", &[Kind::FlowModuleAlias])),
        (UpdateContactFlowModuleContent, module("ContactFlowModules.Edit", &[])),
        (UpdateContactFlowModuleMetadata, module("ContactFlowModules.Edit", &[])),
        (UpdateDataTableAttribute, data_table("DataTables.Edit", TABLE_PARTS)),
        (UpdateDataTableMetadata, data_table("DataTables.Edit", &[])),
        (UpdateDataTablePrimaryValues, records(RecordWrite::PrimaryValues)),
        (UpdateHoursOfOperation, one("HoursOfOperation.Edit", Kind::HoursOfOperation, "HoursOfOperationId", &[])),
        (UpdateInstanceAttribute, Closed(NO_PERMISSION)),
        (
            UpdateQueueHoursOfOperation,
            one("Queues.Edit", Kind::Queue, "QueueId", &[named(Kind::HoursOfOperation, "HoursOfOperationId")]),
        ),
        (UpdateQueueMaxContacts, one("Queues.Edit", Kind::Queue, "QueueId", &[])),
        (UpdateQueueName, one("Queues.Edit", Kind::Queue, "QueueId", &[])),
        (UpdateQueueOutboundCallerConfig, one("Queues.Edit", Kind::Queue, "QueueId", &[])),
        (UpdateQueueOutboundEmailConfig, one("Queues.Edit", Kind::Queue, "QueueId", &[])),
        (UpdateQueueStatus, one("Queues.EnableAndDisable", Kind::Queue, "QueueId", &[])),
        (UpdateQuickConnectConfig, one("TransferDestinations.Edit", Kind::QuickConnect, "QuickConnectId", DESTINATION)),
        (UpdateQuickConnectName, one("TransferDestinations.Edit", Kind::QuickConnect, "QuickConnectId", &[])),
        (
            UpdateRoutingProfileAgentAvailabilityTimer,
            one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[]),
        ),
        (UpdateRoutingProfileConcurrency, one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[])),
        (
            UpdateRoutingProfileDefaultOutboundQueue,
            one(
                "RoutingPolicies.Edit",
                Kind::RoutingProfile,
                "RoutingProfileId",
                &[named(Kind::Queue, "DefaultOutboundQueueId")],
            ),
        ),
        (UpdateRoutingProfileName, one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[])),
        (
            UpdateRoutingProfileQueues,
            one(
                "RoutingPolicies.Edit",
                Kind::RoutingProfile,
                "RoutingProfileId",
                &[named(Kind::Queue, "QueueConfigs[].QueueReference.QueueId")],
            ),
        ),
        (
            UpdateSecurityProfile,
            one("SecurityProfiles.Edit", Kind::SecurityProfile, "SecurityProfileId", RESTRICTING_GROUP),
        ),
        (UpdateUserConfig, one("Users.Edit", Kind::User, "UserId", &[])),
        (
            UpdateUserHierarchy,
            one("Users.Edit", Kind::User, "UserId", &[named(Kind::HierarchyGroup, "HierarchyGroupId")]),
        ),
        (UpdateUserHierarchyGroupName, one("AgentGrouping.Edit", Kind::HierarchyGroup, "HierarchyGroupId", &[])),
        (
            UpdateUserHierarchyStructure,
            Open(Rule {
                permission: "AgentGrouping.Edit",
                on: On::Every(Kind::HierarchyGroup),
                names: &[],
                effects: &[Kind::HierarchyStructure],
            }),
        ),
        (UpdateUserIdentityInfo, one("Users.Edit", Kind::User, "UserId", &[])),
        (UpdateUserPhoneConfig, one("Users.Edit", Kind::User, "UserId", &[])),
        (
            UpdateUserRoutingProfile,
            one("Users.Edit", Kind::User, "UserId", &[named(Kind::RoutingProfile, "RoutingProfileId")]),
        ),
        (
            UpdateUserSecurityProfiles,
            one("Users.EditPermission", Kind::User, "UserId", &[named(Kind::SecurityProfile, "SecurityProfileIds[]")]),
        ),
    ]
};

/// What the table says of an operation; `None` where it says nothing.
pub(super) fn entry(operation: Operation) -> Option<&'static Door> {
    TABLE.iter().find(|(it, _)| *it == operation).map(|(_, door)| door)
}
