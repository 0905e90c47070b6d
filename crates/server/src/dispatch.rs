//! Which code runs for which operation: one line each.

use lanyard_wire::Operation;

use crate::context::Call;
use crate::error::Result;
use crate::ops::{
    data_tables::*, flow_modules::*, hierarchy::*, hours_of_operation::*, instances::*, integrations::*, queues::*,
    quick_connects::*, routing_profiles::*, security_profiles::*, tags::*, users::*,
};
use crate::server::{Reply, Server, Unparsed};

macro_rules! operations {
    ($($operation:ident => |$server:ident, $call:ident, $request:ident| $run:expr),* $(,)?) => {
        /// Runs the operation.
        pub(crate) async fn dispatch(
            server: &Server,
            operation: Operation,
            call: &Call,
            request: &Unparsed<'_>,
        ) -> Result<Reply> {
            match operation {
                $(Operation::$operation => {
                    let ($server, $call, $request) = (server, call, request);
                    $run
                })*
            }
        }
    };
}

operations! {
    AssociateQueueQuickConnects => |s, call, request| s.write(call, request, associate_queue_quick_connects::run).await,
    AssociateRoutingProfileQueues => |s, call, request| s.write(call, request, associate_routing_profile_queues::run).await,
    AssociateSecurityProfiles => |s, call, request| s.write(call, request, associate_security_profiles::run).await,
    BatchCreateDataTableValue => |s, call, request| s.write(call, request, batch_create_data_table_value::run).await,
    BatchDeleteDataTableValue => |s, call, request| s.write(call, request, batch_delete_data_table_value::run).await,
    BatchDescribeDataTableValue => |s, call, request| s.read(call, request, batch_describe_data_table_value::run),
    BatchUpdateDataTableValue => |s, call, request| s.write(call, request, batch_update_data_table_value::run).await,
    CreateContactFlowModule => |s, call, request| s.write(call, request, create_contact_flow_module::run).await,
    CreateContactFlowModuleAlias => |s, call, request| s.write(call, request, create_contact_flow_module_alias::run).await,
    CreateContactFlowModuleVersion => |s, call, request| s.write(call, request, create_contact_flow_module_version::run).await,
    CreateDataTable => |s, call, request| s.write(call, request, create_data_table::run).await,
    CreateDataTableAttribute => |s, call, request| s.write(call, request, create_data_table_attribute::run).await,
    CreateHoursOfOperation => |s, call, request| s.write(call, request, create_hours_of_operation::run).await,
    CreateInstance => |s, call, request| create_instance::run(s, call, &request.parse()?).await,
    CreateIntegrationAssociation => |s, call, request| create_integration_association::run(s, call, &request.parse()?).await,
    CreateQueue => |s, call, request| s.write(call, request, create_queue::run).await,
    CreateQuickConnect => |s, call, request| s.write(call, request, create_quick_connect::run).await,
    CreateRoutingProfile => |s, call, request| s.write(call, request, create_routing_profile::run).await,
    CreateSecurityProfile => |s, call, request| s.write(call, request, create_security_profile::run).await,
    CreateUser => |s, call, request| create_user::run(s, call, &request.parse()?).await,
    CreateUserHierarchyGroup => |s, call, request| s.write(call, request, create_user_hierarchy_group::run).await,
    DeleteContactFlowModule => |s, call, request| s.write(call, request, delete_contact_flow_module::run).await,
    DeleteContactFlowModuleAlias => |s, call, request| s.write(call, request, delete_contact_flow_module_alias::run).await,
    DeleteContactFlowModuleVersion => |s, call, request| s.write(call, request, delete_contact_flow_module_version::run).await,
    DeleteDataTable => |s, call, request| s.write(call, request, delete_data_table::run).await,
    DeleteDataTableAttribute => |s, call, request| s.write(call, request, delete_data_table_attribute::run).await,
    DeleteHoursOfOperation => |s, call, request| s.write(call, request, delete_hours_of_operation::run).await,
    DeleteInstance => |s, call, request| delete_instance::run(s, call, &request.parse()?).await,
    DeleteIntegrationAssociation => |s, call, request| s.write(call, request, delete_integration_association::run).await,
    DeleteQueue => |s, call, request| s.write(call, request, delete_queue::run).await,
    DeleteQuickConnect => |s, call, request| s.write(call, request, delete_quick_connect::run).await,
    DeleteRoutingProfile => |s, call, request| s.write(call, request, delete_routing_profile::run).await,
    DeleteSecurityProfile => |s, call, request| s.write(call, request, delete_security_profile::run).await,
    DeleteUser => |s, call, request| s.write(call, request, delete_user::run).await,
    DeleteUserHierarchyGroup => |s, call, request| s.write(call, request, delete_user_hierarchy_group::run).await,
    DescribeContactFlowModule => |s, call, request| s.read(call, request, describe_contact_flow_module::run),
    DescribeContactFlowModuleAlias => |s, call, request| s.read(call, request, describe_contact_flow_module_alias::run),
    DescribeDataTable => |s, call, request| s.read(call, request, describe_data_table::run),
    DescribeDataTableAttribute => |s, call, request| s.read(call, request, describe_data_table_attribute::run),
    DescribeHoursOfOperation => |s, call, request| s.read(call, request, describe_hours_of_operation::run),
    DescribeInstance => |s, call, request| s.read(call, request, describe_instance::run),
    DescribeInstanceAttribute => |s, call, request| s.read(call, request, describe_instance_attribute::run),
    DescribeQueue => |s, call, request| s.read(call, request, describe_queue::run),
    DescribeQuickConnect => |s, call, request| s.read(call, request, describe_quick_connect::run),
    DescribeRoutingProfile => |s, call, request| s.read(call, request, describe_routing_profile::run),
    DescribeSecurityProfile => |s, call, request| s.read(call, request, describe_security_profile::run),
    DescribeUser => |s, call, request| s.read(call, request, describe_user::run),
    DescribeUserHierarchyGroup => |s, call, request| s.read(call, request, describe_user_hierarchy_group::run),
    DescribeUserHierarchyStructure => |s, call, request| s.read(call, request, describe_user_hierarchy_structure::run),
    DisassociateQueueQuickConnects => |s, call, request| s.write(call, request, disassociate_queue_quick_connects::run).await,
    DisassociateRoutingProfileQueues => |s, call, request| s.write(call, request, disassociate_routing_profile_queues::run).await,
    DisassociateSecurityProfiles => |s, call, request| s.write(call, request, disassociate_security_profiles::run).await,
    EvaluateDataTableValues => |s, call, request| s.read(call, request, evaluate_data_table_values::run),
    ListContactFlowModuleAliases => |s, call, request| s.read(call, request, list_contact_flow_module_aliases::run),
    ListContactFlowModuleVersions => |s, call, request| s.read(call, request, list_contact_flow_module_versions::run),
    ListContactFlowModules => |s, call, request| s.read(call, request, list_contact_flow_modules::run),
    ListDataTableAttributes => |s, call, request| s.read(call, request, list_data_table_attributes::run),
    ListDataTablePrimaryValues => |s, call, request| s.read(call, request, list_data_table_primary_values::run),
    ListDataTableValues => |s, call, request| s.read(call, request, list_data_table_values::run),
    ListDataTables => |s, call, request| s.read(call, request, list_data_tables::run),
    ListEntitySecurityProfiles => |s, call, request| s.read(call, request, list_entity_security_profiles::run),
    ListHoursOfOperations => |s, call, request| s.read(call, request, list_hours_of_operations::run),
    ListInstanceAttributes => |s, call, request| s.read(call, request, list_instance_attributes::run),
    ListInstances => |s, call, request| list_instances::run(s, call, &request.parse()?),
    ListIntegrationAssociations => |s, call, request| s.read(call, request, list_integration_associations::run),
    ListQueueQuickConnects => |s, call, request| s.read(call, request, list_queue_quick_connects::run),
    ListQueues => |s, call, request| s.read(call, request, list_queues::run),
    ListQuickConnects => |s, call, request| s.read(call, request, list_quick_connects::run),
    ListRoutingProfileManualAssignmentQueues => |s, call, request| s.read(call, request, list_routing_profile_manual_assignment_queues::run),
    ListRoutingProfileQueues => |s, call, request| s.read(call, request, list_routing_profile_queues::run),
    ListRoutingProfiles => |s, call, request| s.read(call, request, list_routing_profiles::run),
    ListSecurityProfileAIAgents => |s, call, request| s.read(call, request, list_security_profile_ai_agents::run),
    ListSecurityProfileApplications => |s, call, request| s.read(call, request, list_security_profile_applications::run),
    ListSecurityProfileFlowModules => |s, call, request| s.read(call, request, list_security_profile_flow_modules::run),
    ListSecurityProfilePermissions => |s, call, request| s.read(call, request, list_security_profile_permissions::run),
    ListSecurityProfiles => |s, call, request| s.read(call, request, list_security_profiles::run),
    ListTagsForResource => |s, call, request| list_tags_for_resource::run(s, call, &request.parse()?),
    ListUserHierarchyGroups => |s, call, request| s.read(call, request, list_user_hierarchy_groups::run),
    ListUsers => |s, call, request| s.read(call, request, list_users::run),
    SearchContactFlowModules => |s, call, request| s.read(call, request, search_contact_flow_modules::run),
    SearchDataTables => |s, call, request| s.read(call, request, search_data_tables::run),
    SearchHoursOfOperations => |s, call, request| s.read(call, request, search_hours_of_operations::run),
    SearchQueues => |s, call, request| s.read(call, request, search_queues::run),
    SearchQuickConnects => |s, call, request| s.read(call, request, search_quick_connects::run),
    SearchResourceTags => |s, call, request| s.read(call, request, search_resource_tags::run),
    SearchRoutingProfiles => |s, call, request| s.read(call, request, search_routing_profiles::run),
    SearchSecurityProfiles => |s, call, request| s.read(call, request, search_security_profiles::run),
    SearchUserHierarchyGroups => |s, call, request| s.read(call, request, search_user_hierarchy_groups::run),
    SearchUsers => |s, call, request| s.read(call, request, search_users::run),
    TagResource => |s, call, request| tag_resource::run(s, call, &request.parse()?).await,
    UntagResource => |s, call, request| untag_resource::run(s, call, &request.parse()?).await,
    UpdateContactFlowModuleAlias => |s, call, request| s.write(call, request, update_contact_flow_module_alias::run).await,
    UpdateContactFlowModuleContent => |s, call, request| s.write(call, request, update_contact_flow_module_content::run).await,
    UpdateContactFlowModuleMetadata => |s, call, request| s.write(call, request, update_contact_flow_module_metadata::run).await,
    UpdateDataTableAttribute => |s, call, request| s.write(call, request, update_data_table_attribute::run).await,
    UpdateDataTableMetadata => |s, call, request| s.write(call, request, update_data_table_metadata::run).await,
    UpdateDataTablePrimaryValues => |s, call, request| s.write(call, request, update_data_table_primary_values::run).await,
    UpdateHoursOfOperation => |s, call, request| s.write(call, request, update_hours_of_operation::run).await,
    UpdateInstanceAttribute => |s, call, request| s.write(call, request, update_instance_attribute::run).await,
    UpdateQueueHoursOfOperation => |s, call, request| s.write(call, request, update_queue_hours_of_operation::run).await,
    UpdateQueueMaxContacts => |s, call, request| s.write(call, request, update_queue_max_contacts::run).await,
    UpdateQueueName => |s, call, request| s.write(call, request, update_queue_name::run).await,
    UpdateQueueOutboundCallerConfig => |s, call, request| s.write(call, request, update_queue_outbound_caller_config::run).await,
    UpdateQueueOutboundEmailConfig => |s, call, request| s.write(call, request, update_queue_outbound_email_config::run).await,
    UpdateQueueStatus => |s, call, request| s.write(call, request, update_queue_status::run).await,
    UpdateQuickConnectConfig => |s, call, request| s.write(call, request, update_quick_connect_config::run).await,
    UpdateQuickConnectName => |s, call, request| s.write(call, request, update_quick_connect_name::run).await,
    UpdateRoutingProfileAgentAvailabilityTimer => |s, call, request| s.write(call, request, update_routing_profile_agent_availability_timer::run).await,
    UpdateRoutingProfileConcurrency => |s, call, request| s.write(call, request, update_routing_profile_concurrency::run).await,
    UpdateRoutingProfileDefaultOutboundQueue => |s, call, request| s.write(call, request, update_routing_profile_default_outbound_queue::run).await,
    UpdateRoutingProfileName => |s, call, request| s.write(call, request, update_routing_profile_name::run).await,
    UpdateRoutingProfileQueues => |s, call, request| s.write(call, request, update_routing_profile_queues::run).await,
    UpdateSecurityProfile => |s, call, request| s.write(call, request, update_security_profile::run).await,
    UpdateUserConfig => |s, call, request| s.write(call, request, update_user_config::run).await,
    UpdateUserHierarchy => |s, call, request| s.write(call, request, update_user_hierarchy::run).await,
    UpdateUserHierarchyGroupName => |s, call, request| s.write(call, request, update_user_hierarchy_group_name::run).await,
    UpdateUserHierarchyStructure => |s, call, request| s.write(call, request, update_user_hierarchy_structure::run).await,
    UpdateUserIdentityInfo => |s, call, request| s.write(call, request, update_user_identity_info::run).await,
    UpdateUserPhoneConfig => |s, call, request| s.write(call, request, update_user_phone_config::run).await,
    UpdateUserRoutingProfile => |s, call, request| s.write(call, request, update_user_routing_profile::run).await,
    UpdateUserSecurityProfiles => |s, call, request| s.write(call, request, update_user_security_profiles::run).await,
}

/// Whether the operation only reads, so that a read-only key may call it.
pub(crate) fn is_read(operation: Operation) -> bool {
    ["Describe", "List", "Search", "Evaluate", "BatchDescribe"].iter().any(|verb| operation.name().starts_with(verb))
}
