//! What operations answer.
//!
//! Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.

use super::*;

structures! {
    BatchCreateDataTableValueResponse {
        successful: Option<Vec<BatchCreateDataTableValueSuccessResult>> = "Successful", BATCH_CREATE_DATA_TABLE_VALUE_SUCCESS_RESULT_LIST;
        failed: Option<Vec<BatchCreateDataTableValueFailureResult>> = "Failed", BATCH_CREATE_DATA_TABLE_VALUE_FAILURE_RESULT_LIST;
    }
    BatchDeleteDataTableValueResponse {
        successful: Option<Vec<BatchDeleteDataTableValueSuccessResult>> = "Successful", BATCH_DELETE_DATA_TABLE_VALUE_SUCCESS_RESULT_LIST;
        failed: Option<Vec<BatchDeleteDataTableValueFailureResult>> = "Failed", BATCH_DELETE_DATA_TABLE_VALUE_FAILURE_RESULT_LIST;
    }
    BatchDescribeDataTableValueResponse {
        successful: Option<Vec<BatchDescribeDataTableValueSuccessResult>> = "Successful", BATCH_DESCRIBE_DATA_TABLE_VALUE_SUCCESS_RESULT_LIST;
        failed: Option<Vec<BatchDescribeDataTableValueFailureResult>> = "Failed", BATCH_DESCRIBE_DATA_TABLE_VALUE_FAILURE_RESULT_LIST;
    }
    BatchUpdateDataTableValueResponse {
        successful: Option<Vec<BatchUpdateDataTableValueSuccessResult>> = "Successful", BATCH_UPDATE_DATA_TABLE_VALUE_SUCCESS_RESULT_LIST;
        failed: Option<Vec<BatchUpdateDataTableValueFailureResult>> = "Failed", BATCH_UPDATE_DATA_TABLE_VALUE_FAILURE_RESULT_LIST;
    }
    CreateContactFlowModuleAliasResponse {
        contact_flow_module_arn: Option<String> = "ContactFlowModuleArn", ARN;
        id: Option<String> = "Id", RESOURCE_ID;
    }
    CreateContactFlowModuleResponse {
        id: Option<String> = "Id", CONTACT_FLOW_MODULE_ID;
        arn: Option<String> = "Arn", ARN;
    }
    CreateContactFlowModuleVersionResponse {
        contact_flow_module_arn: Option<String> = "ContactFlowModuleArn", ARN;
        version: Option<i64> = "Version", RESOURCE_VERSION;
    }
    CreateDataTableAttributeResponse {
        name: Option<String> = "Name", DATA_TABLE_NAME;
        attribute_id: Option<String> = "AttributeId", DATA_TABLE_ID;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    CreateDataTableResponse {
        id: Option<String> = "Id", DATA_TABLE_ID;
        arn: Option<String> = "Arn", ARN;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    CreateHoursOfOperationResponse {
        hours_of_operation_id: Option<String> = "HoursOfOperationId", HOURS_OF_OPERATION_ID;
        hours_of_operation_arn: Option<String> = "HoursOfOperationArn", ARN;
    }
    CreateInstanceResponse {
        id: Option<String> = "Id", INSTANCE_ID;
        arn: Option<String> = "Arn", ARN;
    }
    CreateIntegrationAssociationResponse {
        integration_association_id: Option<String> = "IntegrationAssociationId", INTEGRATION_ASSOCIATION_ID;
        integration_association_arn: Option<String> = "IntegrationAssociationArn", ARN;
    }
    CreateQueueResponse {
        queue_arn: Option<String> = "QueueArn", ARN;
        queue_id: Option<String> = "QueueId", QUEUE_ID;
    }
    CreateQuickConnectResponse {
        quick_connect_arn: Option<String> = "QuickConnectARN", ARN;
        quick_connect_id: Option<String> = "QuickConnectId", QUICK_CONNECT_ID;
    }
    CreateRoutingProfileResponse {
        routing_profile_arn: Option<String> = "RoutingProfileArn", ARN;
        routing_profile_id: Option<String> = "RoutingProfileId", ROUTING_PROFILE_ID;
    }
    CreateSecurityProfileResponse {
        security_profile_id: Option<String> = "SecurityProfileId", SECURITY_PROFILE_ID;
        security_profile_arn: Option<String> = "SecurityProfileArn", ARN;
    }
    CreateUserHierarchyGroupResponse {
        hierarchy_group_id: Option<String> = "HierarchyGroupId", HIERARCHY_GROUP_ID;
        hierarchy_group_arn: Option<String> = "HierarchyGroupArn", ARN;
    }
    CreateUserResponse {
        user_id: Option<String> = "UserId", USER_ID;
        user_arn: Option<String> = "UserArn", ARN;
    }
    DeleteContactFlowModuleAliasResponse {
    }
    DeleteContactFlowModuleResponse {
    }
    DeleteContactFlowModuleVersionResponse {
    }
    DeleteDataTableAttributeResponse {
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    DeleteDataTableResponse {
    }
    DescribeContactFlowModuleAliasResponse {
        contact_flow_module_alias: Option<ContactFlowModuleAliasInfo> = "ContactFlowModuleAlias", CONTACT_FLOW_MODULE_ALIAS_INFO;
    }
    DescribeContactFlowModuleResponse {
        contact_flow_module: Option<ContactFlowModule> = "ContactFlowModule", CONTACT_FLOW_MODULE;
    }
    DescribeDataTableAttributeResponse {
        attribute: Option<DataTableAttribute> = "Attribute", DATA_TABLE_ATTRIBUTE;
    }
    DescribeDataTableResponse {
        data_table: Option<DataTable> = "DataTable", DATA_TABLE;
    }
    DescribeHoursOfOperationResponse {
        hours_of_operation: Option<HoursOfOperation> = "HoursOfOperation", HOURS_OF_OPERATION;
    }
    DescribeInstanceAttributeResponse {
        attribute: Option<Attribute> = "Attribute", ATTRIBUTE;
    }
    DescribeInstanceResponse {
        instance: Option<Instance> = "Instance", INSTANCE;
        replication_configuration: Option<ReplicationConfiguration> = "ReplicationConfiguration", REPLICATION_CONFIGURATION;
    }
    DescribeQueueResponse {
        queue: Option<Queue> = "Queue", QUEUE;
    }
    DescribeQuickConnectResponse {
        quick_connect: Option<QuickConnect> = "QuickConnect", QUICK_CONNECT;
    }
    DescribeRoutingProfileResponse {
        routing_profile: Option<RoutingProfile> = "RoutingProfile", ROUTING_PROFILE;
    }
    DescribeSecurityProfileResponse {
        security_profile: Option<SecurityProfile> = "SecurityProfile", SECURITY_PROFILE;
    }
    DescribeUserHierarchyGroupResponse {
        hierarchy_group: Option<HierarchyGroup> = "HierarchyGroup", HIERARCHY_GROUP;
    }
    DescribeUserHierarchyStructureResponse {
        hierarchy_structure: Option<HierarchyStructure> = "HierarchyStructure", HIERARCHY_STRUCTURE;
    }
    DescribeUserResponse {
        user: Option<User> = "User", USER;
    }
    EvaluateDataTableValuesResponse {
        values: Option<Vec<DataTableEvaluatedValue>> = "Values", DATA_TABLE_EVALUATED_VALUE_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListContactFlowModuleAliasesResponse {
        contact_flow_module_alias_summary_list: Option<Vec<ContactFlowModuleAliasSummary>> = "ContactFlowModuleAliasSummaryList", CONTACT_FLOW_MODULE_ALIAS_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListContactFlowModuleVersionsResponse {
        contact_flow_module_version_summary_list: Option<Vec<ContactFlowModuleVersionSummary>> = "ContactFlowModuleVersionSummaryList", CONTACT_FLOW_MODULE_VERSION_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListContactFlowModulesResponse {
        contact_flow_modules_summary_list: Option<Vec<ContactFlowModuleSummary>> = "ContactFlowModulesSummaryList", CONTACT_FLOW_MODULES_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListDataTableAttributesResponse {
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        attributes: Option<Vec<DataTableAttribute>> = "Attributes", ATTRIBUTE_LIST;
    }
    ListDataTablePrimaryValuesResponse {
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        primary_values_list: Option<Vec<RecordPrimaryValue>> = "PrimaryValuesList", PRIMARY_VALUES_LIST;
    }
    ListDataTableValuesResponse {
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        values: Option<Vec<DataTableValueSummary>> = "Values", DATA_TABLE_VALUE_SUMMARY_LIST;
    }
    ListDataTablesResponse {
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        data_table_summary_list: Option<Vec<DataTableSummary>> = "DataTableSummaryList", DATA_TABLE_SUMMARY_LIST;
    }
    ListEntitySecurityProfilesResponse {
        security_profiles: Option<Vec<SecurityProfileItem>> = "SecurityProfiles", SECURITY_PROFILES100;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
    }
    ListHoursOfOperationsResponse {
        hours_of_operation_summary_list: Option<Vec<HoursOfOperationSummary>> = "HoursOfOperationSummaryList", HOURS_OF_OPERATION_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListInstanceAttributesResponse {
        attributes: Option<Vec<Attribute>> = "Attributes", ATTRIBUTES_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListInstancesResponse {
        instance_summary_list: Option<Vec<InstanceSummary>> = "InstanceSummaryList", INSTANCE_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListIntegrationAssociationsResponse {
        integration_association_summary_list: Option<Vec<IntegrationAssociationSummary>> = "IntegrationAssociationSummaryList", INTEGRATION_ASSOCIATION_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListQueueQuickConnectsResponse {
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        quick_connect_summary_list: Option<Vec<QuickConnectSummary>> = "QuickConnectSummaryList", QUICK_CONNECT_SUMMARY_LIST;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ListQueuesResponse {
        queue_summary_list: Option<Vec<QueueSummary>> = "QueueSummaryList", QUEUE_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListQuickConnectsResponse {
        quick_connect_summary_list: Option<Vec<QuickConnectSummary>> = "QuickConnectSummaryList", QUICK_CONNECT_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListRoutingProfileManualAssignmentQueuesResponse {
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        routing_profile_manual_assignment_queue_config_summary_list: Option<Vec<RoutingProfileManualAssignmentQueueConfigSummary>> = "RoutingProfileManualAssignmentQueueConfigSummaryList", ROUTING_PROFILE_MANUAL_ASSIGNMENT_QUEUE_CONFIG_SUMMARY_LIST;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ListRoutingProfileQueuesResponse {
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        routing_profile_queue_config_summary_list: Option<Vec<RoutingProfileQueueConfigSummary>> = "RoutingProfileQueueConfigSummaryList", ROUTING_PROFILE_QUEUE_CONFIG_SUMMARY_LIST;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ListRoutingProfilesResponse {
        routing_profile_summary_list: Option<Vec<RoutingProfileSummary>> = "RoutingProfileSummaryList", ROUTING_PROFILE_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListSecurityProfileAIAgentsResponse {
        allowed_ai_agents: Option<Vec<AIAgent>> = "AllowedAIAgents", ALLOWED_AI_AGENTS;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ListSecurityProfileApplicationsResponse {
        applications: Option<Vec<Application>> = "Applications", APPLICATIONS;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ListSecurityProfileFlowModulesResponse {
        allowed_flow_modules: Option<Vec<FlowModule>> = "AllowedFlowModules", ALLOWED_FLOW_MODULES;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ListSecurityProfilePermissionsResponse {
        permissions: Option<Vec<String>> = "Permissions", PERMISSIONS_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ListSecurityProfilesResponse {
        security_profile_summary_list: Option<Vec<SecurityProfileSummary>> = "SecurityProfileSummaryList", SECURITY_PROFILE_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListTagsForResourceResponse {
        tags: Option<std::collections::BTreeMap<String, String>> = "tags", TAG_MAP;
    }
    ListUserHierarchyGroupsResponse {
        user_hierarchy_group_summary_list: Option<Vec<HierarchyGroupSummary>> = "UserHierarchyGroupSummaryList", HIERARCHY_GROUP_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListUsersResponse {
        user_summary_list: Option<Vec<UserSummary>> = "UserSummaryList", USER_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    SearchContactFlowModulesResponse {
        contact_flow_modules: Option<Vec<ContactFlowModule>> = "ContactFlowModules", CONTACT_FLOW_MODULE_SEARCH_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchDataTablesResponse {
        data_tables: Option<Vec<DataTable>> = "DataTables", DATA_TABLE_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchHoursOfOperationsResponse {
        hours_of_operations: Option<Vec<HoursOfOperation>> = "HoursOfOperations", HOURS_OF_OPERATION_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchQueuesResponse {
        queues: Option<Vec<Queue>> = "Queues", QUEUE_SEARCH_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchQuickConnectsResponse {
        quick_connects: Option<Vec<QuickConnect>> = "QuickConnects", QUICK_CONNECT_SEARCH_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchResourceTagsResponse {
        tags: Option<Vec<TagSet>> = "Tags", TAGS_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
    }
    SearchRoutingProfilesResponse {
        routing_profiles: Option<Vec<RoutingProfile>> = "RoutingProfiles", ROUTING_PROFILE_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchSecurityProfilesResponse {
        security_profiles: Option<Vec<SecurityProfileSearchSummary>> = "SecurityProfiles", SECURITY_PROFILES_SEARCH_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchUserHierarchyGroupsResponse {
        user_hierarchy_groups: Option<Vec<HierarchyGroup>> = "UserHierarchyGroups", USER_HIERARCHY_GROUP_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    SearchUsersResponse {
        users: Option<Vec<UserSearchSummary>> = "Users", USER_SEARCH_SUMMARY_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        approximate_total_count: Option<i64> = "ApproximateTotalCount", APPROXIMATE_TOTAL_COUNT;
    }
    UpdateContactFlowModuleAliasResponse {
    }
    UpdateContactFlowModuleContentResponse {
    }
    UpdateContactFlowModuleMetadataResponse {
    }
    UpdateDataTableAttributeResponse {
        name: Option<String> = "Name", DATA_TABLE_NAME;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    UpdateDataTableMetadataResponse {
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    UpdateDataTablePrimaryValuesResponse {
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
}
