//! The one list of operations: each with how it runs, whether it can be part of a change-set, and which permission governs
//! it when it is called with a session.
//!
//! Dispatch, the list of operations that change nothing, change-sets and the session policy are made of it. An
//! operation of the API model that is not declared does not compile. `docs/session-access.md` prints the policies.

use lanyard_model::{Id, Kind};
use lanyard_policy::{Named, OperationPolicy, RecordWrite, Requirement, TABLE_ID, Target, VIEW_TABLES};
use lanyard_store::Secret;
use lanyard_wire::Operation;

use super::{
    data_tables, flow_modules, hierarchy, hours_of_operation, instances, integrations, part, queues, quick_connects,
    routing_profiles, security_profiles, tags, users,
};
use crate::context::{Call, Write};
use crate::error::{Error, Result};
use crate::service::{Reply, Service, Unparsed};

/// An operation as it is declared.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The operation of the API model.
    pub operation: Operation,
    /// Whether it changes nothing, so that a read-only key may call it.
    pub is_read: bool,
    /// The policy that governs it when it is called with a session.
    pub policy: OperationPolicy,
}

/// How an operation runs, by the word that it is declared with.
///
/// - `read`: on the published state of the instance that its input names.
/// - `write`: on a draft of that instance; it can be part of a change-set.
/// - `single_write`: the same; it cannot.
/// - `composite`: it needs a step outside the draft first; its part of a change-set is a function of its own, the
///   second.
/// - `own_read`, `own_write`: on more than one instance, or on none.
macro_rules! run {
    (read, ($run:path), $service:ident, $call:ident, $request:ident) => {
        $service.read($call, $request, $run).await
    };
    (write, ($run:path), $service:ident, $call:ident, $request:ident) => {
        $service.write($call, $request, $run).await
    };
    (single_write, ($run:path), $service:ident, $call:ident, $request:ident) => {
        $service.write($call, $request, $run).await
    };
    (composite, ($run:path, $part:path), $service:ident, $call:ident, $request:ident) => {
        $run($service, $call, $request.parse()?).await
    };
    (own_write, ($run:path), $service:ident, $call:ident, $request:ident) => {
        $run($service, $call, $request.parse()?).await
    };
    (own_read, ($run:path), $service:ident, $call:ident, $request:ident) => {
        $run($service, $call, &$request.parse()?).await
    };
}

macro_rules! is_read {
    (read) => {
        true
    };
    (own_read) => {
        true
    };
    ($other:ident) => {
        false
    };
}

macro_rules! part {
    (write, ($run:path), $cx:ident, $instance:ident, $request:ident, $password:ident) => {
        part::part($cx, $instance, $request, $run)
    };
    (composite, ($run:path, $part:path), $cx:ident, $instance:ident, $request:ident, $password:ident) => {
        $part($cx, $instance, $request, $password)
    };
    ($other:ident, ($run:path), $cx:ident, $instance:ident, $request:ident, $password:ident) => {
        Err(Error::invalid_request("cannot be part of a change-set"))
    };
}

macro_rules! operations {
    ($($name:ident => $kind:ident $functions:tt, $policy:expr;)*) => {
        /// Every operation, in alphabetical order.
        pub static OPERATIONS: &[Declaration] = &[$(
            Declaration { operation: Operation::$name, is_read: is_read!($kind), policy: $policy }
        ),*];

        /// Runs an operation.
        ///
        /// # Errors
        /// Those of the operation.
        pub async fn dispatch(
            service: &Service,
            operation: Operation,
            call: &Call,
            request: &Unparsed<'_>,
        ) -> Result<Reply> {
            match operation {
                $(Operation::$name => run!($kind, $functions, service, call, request),)*
            }
        }

        /// Runs an operation as one of several in a draft, and gives the body of its answer.
        pub(crate) fn in_change_set(
            cx: &mut Write<'_>,
            instance: &Id,
            operation: Operation,
            request: &Unparsed<'_>,
            password: Option<&Secret>,
        ) -> Result<Vec<u8>> {
            match operation {
                $(Operation::$name => part!($kind, $functions, cx, instance, request, password),)*
            }
        }
    };
}

/// The declaration of an operation.
#[must_use]
pub fn declaration(operation: Operation) -> Option<&'static Declaration> {
    let at = OPERATIONS.binary_search_by(|it| it.operation.name().cmp(operation.name())).ok()?;
    OPERATIONS.get(at)
}

const fn data_table(permission: &'static str, effects: &'static [Kind]) -> OperationPolicy {
    OperationPolicy::Allow(Requirement { permission, on: Target::One(Kind::DataTable, TABLE_ID), names: &[], effects })
}

/// Next to the records, the lock versions of the table and its attributes may move.
const fn records(write: RecordWrite) -> OperationPolicy {
    let effects = &[Kind::DataTableAttribute, Kind::DataTableRecord];
    OperationPolicy::Allow(Requirement {
        permission: "DataTables.ManageValues",
        on: Target::Records(write),
        names: &[],
        effects,
    })
}

const fn one(permission: &'static str, kind: Kind, member: &'static str, names: &'static [Named]) -> OperationPolicy {
    OperationPolicy::Allow(Requirement { permission, on: Target::One(kind, member), names, effects: &[] })
}

const fn new(permission: &'static str, kind: Kind, names: &'static [Named]) -> OperationPolicy {
    OperationPolicy::Allow(Requirement { permission, on: Target::New(kind), names, effects: &[] })
}

const fn by(permission: &'static str, on: Target) -> OperationPolicy {
    OperationPolicy::Allow(Requirement { permission, on, names: &[], effects: &[] })
}

const fn module(permission: &'static str, effects: &'static [Kind]) -> OperationPolicy {
    OperationPolicy::Allow(Requirement {
        permission,
        on: Target::One(Kind::FlowModule, "ContactFlowModuleId"),
        names: &[],
        effects,
    })
}

const fn named(kind: Kind, member: &'static str) -> Named {
    Named { kind, member }
}

const fn deny(why: &'static str) -> OperationPolicy {
    OperationPolicy::Deny(why)
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
const DESTINATION: &[Named] = &[
    named(Kind::User, "QuickConnectConfig.UserConfig.UserId"),
    named(Kind::Queue, "QuickConnectConfig.QueueConfig.QueueId"),
];
const NAMED_BY_PROFILE: &[Named] = &[
    named(Kind::HierarchyGroup, "AllowedAccessControlHierarchyGroupId"),
    named(Kind::FlowModule, "AllowedFlowModules[].FlowModuleId"),
];
const PROFILES_OF_AGENT: &[Named] = &[named(Kind::SecurityProfile, "SecurityProfiles[].Id")];

/// The task of giving a user security profiles: two pages of the guide disagree on what it takes, so that both permissions
/// are asked for.
const ASSIGN: &str = "task:assign-security-profile";

const TABLE_PARTS: &[Kind] = &[Kind::DataTableAttribute, Kind::DataTableRecord];

const NO_PERMISSION: &str = "no permission of security profiles governs instances and their attributes";
const NO_INTEGRATIONS: &str = "no permission of security profiles governs integrations";

operations! {
    AssociateQueueQuickConnects => write(queues::associate_queue_quick_connects), one("Queues.Edit", Kind::Queue, "QueueId", &[named(Kind::QuickConnect, "QuickConnectIds[]")]);
    AssociateRoutingProfileQueues => write(routing_profiles::associate_routing_profile_queues), one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", QUEUES);
    AssociateSecurityProfiles => write(security_profiles::associate_security_profiles), OperationPolicy::Allow(Requirement { permission: "QConnectAIAgents.Edit", on: Target::Instance, names: PROFILES_OF_AGENT, effects: &[Kind::AiAgent], });
    BatchCreateDataTableValue => single_write(data_tables::batch_create_data_table_value), records(RecordWrite::Values);
    BatchDeleteDataTableValue => single_write(data_tables::batch_delete_data_table_value), records(RecordWrite::Values);
    BatchDescribeDataTableValue => read(data_tables::batch_describe_data_table_value), data_table(VIEW_TABLES, &[]);
    BatchUpdateDataTableValue => single_write(data_tables::batch_update_data_table_value), records(RecordWrite::Values);
    CreateContactFlowModule => write(flow_modules::create_contact_flow_module), OperationPolicy::Allow(Requirement { permission: "ContactFlowModules.Create", on: Target::New(Kind::FlowModule), names: &[], effects: &[Kind::ClientToken], });
    CreateContactFlowModuleAlias => write(flow_modules::create_contact_flow_module_alias), module("ContactFlowModules.Publish", &[Kind::FlowModuleAlias]);
    CreateContactFlowModuleVersion => write(flow_modules::create_contact_flow_module_version), module("ContactFlowModules.Publish", &[Kind::FlowModuleVersion]);
    CreateDataTable => single_write(data_tables::create_data_table), new("DataTables.Create", Kind::DataTable, &[]);
    CreateDataTableAttribute => single_write(data_tables::create_data_table_attribute), data_table("DataTables.Edit", TABLE_PARTS);
    CreateHoursOfOperation => write(hours_of_operation::create_hours_of_operation), new( "HoursOfOperation.Create", Kind::HoursOfOperation, &[named(Kind::HoursOfOperation, "ParentHoursOfOperationConfigs[].HoursOfOperationId")], );
    CreateInstance => own_write(instances::create_instance), deny(NO_PERMISSION);
    CreateIntegrationAssociation => composite(integrations::create_integration_association, integrations::create_integration_association_in_change_set), deny(NO_INTEGRATIONS);
    CreateQueue => write(queues::create_queue), new( "Queues.Create", Kind::Queue, &[named(Kind::HoursOfOperation, "HoursOfOperationId"), named(Kind::QuickConnect, "QuickConnectIds[]")], );
    CreateQuickConnect => write(quick_connects::create_quick_connect), new("TransferDestinations.Create", Kind::QuickConnect, DESTINATION);
    CreateRoutingProfile => write(routing_profiles::create_routing_profile), new("RoutingPolicies.Create", Kind::RoutingProfile, NEW_QUEUES);
    CreateSecurityProfile => write(security_profiles::create_security_profile), new("SecurityProfiles.Create", Kind::SecurityProfile, NAMED_BY_PROFILE);
    CreateUser => composite(users::create_user, users::create_user_in_change_set), new( "Users.Create", Kind::User, &[ named(Kind::SecurityProfile, "SecurityProfileIds[]"), named(Kind::RoutingProfile, "RoutingProfileId"), named(Kind::HierarchyGroup, "HierarchyGroupId"), ], );
    CreateUserHierarchyGroup => write(hierarchy::create_user_hierarchy_group), new("AgentGrouping.Create", Kind::HierarchyGroup, &[named(Kind::HierarchyGroup, "ParentGroupId")]);
    DeleteContactFlowModule => write(flow_modules::delete_contact_flow_module), module("ContactFlowModules.Delete", &[Kind::FlowModuleAlias, Kind::FlowModuleVersion]);
    DeleteContactFlowModuleAlias => write(flow_modules::delete_contact_flow_module_alias), module("ContactFlowModules.Publish", &[Kind::FlowModuleAlias]);
    DeleteContactFlowModuleVersion => write(flow_modules::delete_contact_flow_module_version), module("ContactFlowModules.Publish", &[Kind::FlowModuleVersion]);
    DeleteDataTable => single_write(data_tables::delete_data_table), data_table("DataTables.Delete", TABLE_PARTS);
    DeleteDataTableAttribute => single_write(data_tables::delete_data_table_attribute), data_table("DataTables.Edit", TABLE_PARTS);
    DeleteHoursOfOperation => write(hours_of_operation::delete_hours_of_operation), one("HoursOfOperation.Delete", Kind::HoursOfOperation, "HoursOfOperationId", &[]);
    DeleteInstance => own_write(instances::delete_instance), deny(NO_PERMISSION);
    DeleteIntegrationAssociation => write(integrations::delete_integration_association), deny(NO_INTEGRATIONS);
    DeleteQueue => write(queues::delete_queue), one("Queues.Delete", Kind::Queue, "QueueId", &[]);
    DeleteQuickConnect => write(quick_connects::delete_quick_connect), OperationPolicy::Allow(Requirement { permission: "TransferDestinations.Delete", on: Target::One(Kind::QuickConnect, "QuickConnectId"), names: &[], effects: &[Kind::Queue], });
    DeleteRoutingProfile => write(routing_profiles::delete_routing_profile), one("RoutingPolicies.Delete", Kind::RoutingProfile, "RoutingProfileId", &[]);
    DeleteSecurityProfile => write(security_profiles::delete_security_profile), one("SecurityProfiles.Delete", Kind::SecurityProfile, "SecurityProfileId", &[]);
    DeleteUser => write(users::delete_user), one("Users.Delete", Kind::User, "UserId", &[]);
    DeleteUserHierarchyGroup => write(hierarchy::delete_user_hierarchy_group), one("AgentGrouping.Edit", Kind::HierarchyGroup, "HierarchyGroupId", &[]);
    DescribeContactFlowModule => read(flow_modules::describe_contact_flow_module), module("ContactFlowModules.View", &[]);
    DescribeContactFlowModuleAlias => read(flow_modules::describe_contact_flow_module_alias), module("ContactFlowModules.View", &[]);
    DescribeDataTable => read(data_tables::describe_data_table), data_table(VIEW_TABLES, &[]);
    DescribeDataTableAttribute => read(data_tables::describe_data_table_attribute), data_table(VIEW_TABLES, &[]);
    DescribeHoursOfOperation => read(hours_of_operation::describe_hours_of_operation), one("HoursOfOperation.View", Kind::HoursOfOperation, "HoursOfOperationId", &[]);
    DescribeInstance => read(instances::describe_instance), deny(NO_PERMISSION);
    DescribeInstanceAttribute => read(instances::describe_instance_attribute), deny(NO_PERMISSION);
    DescribeQueue => read(queues::describe_queue), one("Queues.View", Kind::Queue, "QueueId", &[]);
    DescribeQuickConnect => read(quick_connects::describe_quick_connect), one("TransferDestinations.View", Kind::QuickConnect, "QuickConnectId", &[]);
    DescribeRoutingProfile => read(routing_profiles::describe_routing_profile), one("RoutingPolicies.View", Kind::RoutingProfile, "RoutingProfileId", &[]);
    DescribeSecurityProfile => read(security_profiles::describe_security_profile), one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[]);
    DescribeUser => read(users::describe_user), one("Users.View", Kind::User, "UserId", &[]);
    DescribeUserHierarchyGroup => read(hierarchy::describe_user_hierarchy_group), one("AgentGrouping.View", Kind::HierarchyGroup, "HierarchyGroupId", &[]);
    DescribeUserHierarchyStructure => read(hierarchy::describe_user_hierarchy_structure), by("AgentGrouping.View", Target::Shown(Kind::HierarchyGroup));
    DisassociateQueueQuickConnects => write(queues::disassociate_queue_quick_connects), one("Queues.Edit", Kind::Queue, "QueueId", &[]);
    DisassociateRoutingProfileQueues => write(routing_profiles::disassociate_routing_profile_queues), one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[]);
    DisassociateSecurityProfiles => write(security_profiles::disassociate_security_profiles), OperationPolicy::Allow(Requirement { permission: "QConnectAIAgents.Edit", on: Target::Instance, names: &[], effects: &[Kind::AiAgent], });
    EvaluateDataTableValues => read(data_tables::evaluate_data_table_values), data_table(VIEW_TABLES, &[]);
    ListContactFlowModuleAliases => read(flow_modules::list_contact_flow_module_aliases), module("ContactFlowModules.View", &[]);
    ListContactFlowModuleVersions => read(flow_modules::list_contact_flow_module_versions), module("ContactFlowModules.View", &[]);
    ListContactFlowModules => read(flow_modules::list_contact_flow_modules), by("ContactFlowModules.View", Target::Shown(Kind::FlowModule));
    ListDataTableAttributes => read(data_tables::list_data_table_attributes), data_table(VIEW_TABLES, &[]);
    ListDataTablePrimaryValues => read(data_tables::list_data_table_primary_values), data_table(VIEW_TABLES, &[]);
    ListDataTableValues => read(data_tables::list_data_table_values), data_table(VIEW_TABLES, &[]);
    ListDataTables => read(data_tables::list_data_tables), by(VIEW_TABLES, Target::Shown(Kind::DataTable));
    ListEntitySecurityProfiles => read(security_profiles::list_entity_security_profiles), by("QConnectAIAgents.View", Target::Instance);
    ListHoursOfOperations => read(hours_of_operation::list_hours_of_operations), by("HoursOfOperation.View", Target::Listed(Kind::HoursOfOperation));
    ListInstanceAttributes => read(instances::list_instance_attributes), deny(NO_PERMISSION);
    ListInstances => own_read(instances::list_instances), deny(NO_PERMISSION);
    ListIntegrationAssociations => read(integrations::list_integration_associations), deny(NO_INTEGRATIONS);
    ListQueueQuickConnects => read(queues::list_queue_quick_connects), one("Queues.View", Kind::Queue, "QueueId", &[]);
    ListQueues => read(queues::list_queues), by("Queues.View", Target::Listed(Kind::Queue));
    ListQuickConnects => read(quick_connects::list_quick_connects), by("TransferDestinations.View", Target::Listed(Kind::QuickConnect));
    ListRoutingProfileManualAssignmentQueues => read(routing_profiles::list_routing_profile_manual_assignment_queues), one("RoutingPolicies.View", Kind::RoutingProfile, "RoutingProfileId", &[]);
    ListRoutingProfileQueues => read(routing_profiles::list_routing_profile_queues), one("RoutingPolicies.View", Kind::RoutingProfile, "RoutingProfileId", &[]);
    ListRoutingProfiles => read(routing_profiles::list_routing_profiles), by("RoutingPolicies.View", Target::Listed(Kind::RoutingProfile));
    ListSecurityProfileAIAgents => read(security_profiles::list_security_profile_ai_agents), one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[]);
    ListSecurityProfileApplications => read(security_profiles::list_security_profile_applications), one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[]);
    ListSecurityProfileFlowModules => read(security_profiles::list_security_profile_flow_modules), one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[]);
    ListSecurityProfilePermissions => read(security_profiles::list_security_profile_permissions), one("SecurityProfiles.View", Kind::SecurityProfile, "SecurityProfileId", &[]);
    ListSecurityProfiles => read(security_profiles::list_security_profiles), by("SecurityProfiles.View", Target::Listed(Kind::SecurityProfile));
    ListTagsForResource => own_read(tags::list_tags_for_resource), by("View", Target::TagsShown("resourceArn"));
    ListUserHierarchyGroups => read(hierarchy::list_user_hierarchy_groups), by("AgentGrouping.View", Target::Listed(Kind::HierarchyGroup));
    ListUsers => read(users::list_users), by("Users.View", Target::Listed(Kind::User));
    SearchContactFlowModules => read(flow_modules::search_contact_flow_modules), by("ContactFlowModules.View", Target::Shown(Kind::FlowModule));
    SearchDataTables => read(data_tables::search_data_tables), by(VIEW_TABLES, Target::Shown(Kind::DataTable));
    SearchHoursOfOperations => read(hours_of_operation::search_hours_of_operations), by("HoursOfOperation.View", Target::Shown(Kind::HoursOfOperation));
    SearchQueues => read(queues::search_queues), by("Queues.View", Target::Shown(Kind::Queue));
    SearchQuickConnects => read(quick_connects::search_quick_connects), by("TransferDestinations.View", Target::Shown(Kind::QuickConnect));
    SearchResourceTags => read(tags::search_resource_tags), by("View", Target::AnyShown);
    SearchRoutingProfiles => read(routing_profiles::search_routing_profiles), by("RoutingPolicies.View", Target::Shown(Kind::RoutingProfile));
    SearchSecurityProfiles => read(security_profiles::search_security_profiles), by("SecurityProfiles.View", Target::Shown(Kind::SecurityProfile));
    SearchUserHierarchyGroups => read(hierarchy::search_user_hierarchy_groups), by("AgentGrouping.View", Target::Shown(Kind::HierarchyGroup));
    SearchUsers => read(users::search_users), by("Users.View", Target::Shown(Kind::User));
    TagResource => composite(tags::tag_resource, tags::tag_resource_in_change_set), by("Edit", Target::TagsChanged("resourceArn"));
    UntagResource => composite(tags::untag_resource, tags::untag_resource_in_change_set), by("Edit", Target::TagsChanged("resourceArn"));
    UpdateContactFlowModuleAlias => write(flow_modules::update_contact_flow_module_alias), module("ContactFlowModules.Publish", &[Kind::FlowModuleAlias]);
    UpdateContactFlowModuleContent => write(flow_modules::update_contact_flow_module_content), module("ContactFlowModules.Edit", &[]);
    UpdateContactFlowModuleMetadata => write(flow_modules::update_contact_flow_module_metadata), module("ContactFlowModules.Edit", &[]);
    UpdateDataTableAttribute => single_write(data_tables::update_data_table_attribute), data_table("DataTables.Edit", TABLE_PARTS);
    UpdateDataTableMetadata => single_write(data_tables::update_data_table_metadata), data_table("DataTables.Edit", &[]);
    UpdateDataTablePrimaryValues => single_write(data_tables::update_data_table_primary_values), records(RecordWrite::PrimaryValues);
    UpdateHoursOfOperation => write(hours_of_operation::update_hours_of_operation), one("HoursOfOperation.Edit", Kind::HoursOfOperation, "HoursOfOperationId", &[]);
    UpdateInstanceAttribute => write(instances::update_instance_attribute), deny(NO_PERMISSION);
    UpdateQueueHoursOfOperation => write(queues::update_queue_hours_of_operation), one("Queues.Edit", Kind::Queue, "QueueId", &[named(Kind::HoursOfOperation, "HoursOfOperationId")]);
    UpdateQueueMaxContacts => write(queues::update_queue_max_contacts), one("Queues.Edit", Kind::Queue, "QueueId", &[]);
    UpdateQueueName => write(queues::update_queue_name), one("Queues.Edit", Kind::Queue, "QueueId", &[]);
    UpdateQueueOutboundCallerConfig => write(queues::update_queue_outbound_caller_config), one("Queues.Edit", Kind::Queue, "QueueId", &[]);
    UpdateQueueOutboundEmailConfig => write(queues::update_queue_outbound_email_config), one("Queues.Edit", Kind::Queue, "QueueId", &[]);
    UpdateQueueStatus => write(queues::update_queue_status), one("Queues.EnableAndDisable", Kind::Queue, "QueueId", &[]);
    UpdateQuickConnectConfig => write(quick_connects::update_quick_connect_config), one("TransferDestinations.Edit", Kind::QuickConnect, "QuickConnectId", DESTINATION);
    UpdateQuickConnectName => write(quick_connects::update_quick_connect_name), one("TransferDestinations.Edit", Kind::QuickConnect, "QuickConnectId", &[]);
    UpdateRoutingProfileAgentAvailabilityTimer => write(routing_profiles::update_routing_profile_agent_availability_timer), one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[]);
    UpdateRoutingProfileConcurrency => write(routing_profiles::update_routing_profile_concurrency), one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[]);
    UpdateRoutingProfileDefaultOutboundQueue => write(routing_profiles::update_routing_profile_default_outbound_queue), one( "RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[named(Kind::Queue, "DefaultOutboundQueueId")], );
    UpdateRoutingProfileName => write(routing_profiles::update_routing_profile_name), one("RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[]);
    UpdateRoutingProfileQueues => write(routing_profiles::update_routing_profile_queues), one( "RoutingPolicies.Edit", Kind::RoutingProfile, "RoutingProfileId", &[named(Kind::Queue, "QueueConfigs[].QueueReference.QueueId")], );
    UpdateSecurityProfile => write(security_profiles::update_security_profile), one("SecurityProfiles.Edit", Kind::SecurityProfile, "SecurityProfileId", NAMED_BY_PROFILE);
    UpdateUserConfig => write(users::update_user_config), one("Users.Edit", Kind::User, "UserId", &[]);
    UpdateUserHierarchy => write(users::update_user_hierarchy), one("Users.Edit", Kind::User, "UserId", &[named(Kind::HierarchyGroup, "HierarchyGroupId")]);
    UpdateUserHierarchyGroupName => write(hierarchy::update_user_hierarchy_group_name), one("AgentGrouping.Edit", Kind::HierarchyGroup, "HierarchyGroupId", &[]);
    UpdateUserHierarchyStructure => write(hierarchy::update_user_hierarchy_structure), OperationPolicy::Allow(Requirement { permission: "AgentGrouping.Edit", on: Target::Every(Kind::HierarchyGroup), names: &[], effects: &[Kind::HierarchyStructure], });
    UpdateUserIdentityInfo => write(users::update_user_identity_info), one("Users.Edit", Kind::User, "UserId", &[]);
    UpdateUserPhoneConfig => write(users::update_user_phone_config), one("Users.Edit", Kind::User, "UserId", &[]);
    UpdateUserRoutingProfile => write(users::update_user_routing_profile), one("Users.Edit", Kind::User, "UserId", &[named(Kind::RoutingProfile, "RoutingProfileId")]);
    UpdateUserSecurityProfiles => write(users::update_user_security_profiles), one(ASSIGN, Kind::User, "UserId", &[named(Kind::SecurityProfile, "SecurityProfileIds[]")]);
}
