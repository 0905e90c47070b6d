//! What operations take.
//!
//! Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.

use super::*;

structures! {
    AssociateQueueQuickConnectsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        quick_connect_ids: Vec<String> = "QuickConnectIds", QUICK_CONNECTS_LIST, required;
    }
    AssociateRoutingProfileQueuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        queue_configs: Option<Vec<RoutingProfileQueueConfig>> = "QueueConfigs", ROUTING_PROFILE_QUEUE_CONFIG_LIST;
        manual_assignment_queue_configs: Option<Vec<RoutingProfileManualAssignmentQueueConfig>> = "ManualAssignmentQueueConfigs", ROUTING_PROFILE_MANUAL_ASSIGNMENT_QUEUE_CONFIG_LIST;
    }
    AssociateSecurityProfilesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        security_profiles: Vec<SecurityProfileItem> = "SecurityProfiles", SECURITY_PROFILES, required;
        entity_type: EntityType = "EntityType", ENTITY_TYPE, required;
        entity_arn: String = "EntityArn", ENTITY_ARN, required;
    }
    BatchCreateDataTableValueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        values: Vec<DataTableValue> = "Values", DATA_TABLE_VALUE_LIST, required;
    }
    BatchDeleteDataTableValueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        values: Vec<DataTableDeleteValueIdentifier> = "Values", DATA_TABLE_DELETE_VALUE_IDENTIFIER_LIST, required;
    }
    BatchDescribeDataTableValueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        values: Vec<DataTableValueIdentifier> = "Values", DATA_TABLE_VALUE_IDENTIFIER_LIST, required;
    }
    BatchUpdateDataTableValueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        values: Vec<DataTableValue> = "Values", DATA_TABLE_VALUE_LIST, required;
    }
    CreateContactFlowModuleAliasRequest {
        instance_id: String = "InstanceId", INSTANCE_ID_OR_ARN, label, required;
        description: Option<String> = "Description", CONTACT_FLOW_DESCRIPTION;
        contact_flow_module_id: String = "ContactFlowModuleId", CONTACT_FLOW_MODULE_ID, label, required;
        contact_flow_module_version: i64 = "ContactFlowModuleVersion", RESOURCE_VERSION, required;
        alias_name: String = "AliasName", CONTACT_FLOW_MODULE_ALIAS, required;
    }
    CreateContactFlowModuleRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        name: String = "Name", CONTACT_FLOW_MODULE_NAME, required;
        description: Option<String> = "Description", CONTACT_FLOW_MODULE_DESCRIPTION;
        content: String = "Content", CONTACT_FLOW_MODULE_CONTENT, required;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        client_token: Option<String> = "ClientToken", CLIENT_TOKEN;
        settings: Option<String> = "Settings", FLOW_MODULE_SETTINGS;
        external_invocation_configuration: Option<ExternalInvocationConfiguration> = "ExternalInvocationConfiguration", EXTERNAL_INVOCATION_CONFIGURATION;
    }
    CreateContactFlowModuleVersionRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        description: Option<String> = "Description", CONTACT_FLOW_MODULE_DESCRIPTION;
        contact_flow_module_id: String = "ContactFlowModuleId", ARN, label, required;
        flow_module_content_sha256: Option<String> = "FlowModuleContentSha256", FLOW_MODULE_CONTENT_SHA256;
    }
    CreateDataTableAttributeRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        name: String = "Name", DATA_TABLE_NAME, required;
        value_type: DataTableAttributeValueType = "ValueType", DATA_TABLE_ATTRIBUTE_VALUE_TYPE, required;
        description: Option<String> = "Description", DATA_TABLE_DESCRIPTION;
        primary: Option<bool> = "Primary", BOOLEAN;
        validation: Option<Validation> = "Validation", VALIDATION;
    }
    CreateDataTableRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        name: String = "Name", DATA_TABLE_NAME, required;
        description: Option<String> = "Description", DATA_TABLE_DESCRIPTION;
        time_zone: String = "TimeZone", TIME_ZONE, required;
        value_lock_level: DataTableLockLevel = "ValueLockLevel", DATA_TABLE_LOCK_LEVEL, required;
        status: DataTableStatus = "Status", DATA_TABLE_STATUS, required;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    CreateHoursOfOperationRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        name: String = "Name", COMMON_NAME_LENGTH127, required;
        description: Option<String> = "Description", HOURS_OF_OPERATION_DESCRIPTION;
        time_zone: String = "TimeZone", TIME_ZONE, required;
        config: Vec<HoursOfOperationConfig> = "Config", HOURS_OF_OPERATION_CONFIG_LIST, required;
        parent_hours_of_operation_configs: Option<Vec<ParentHoursOfOperationConfig>> = "ParentHoursOfOperationConfigs", PARENT_HOURS_OF_OPERATION_CONFIG_LIST;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    CreateInstanceRequest {
        client_token: Option<String> = "ClientToken", CLIENT_TOKEN;
        identity_management_type: DirectoryType = "IdentityManagementType", DIRECTORY_TYPE, required;
        instance_alias: Option<String> = "InstanceAlias", DIRECTORY_ALIAS;
        directory_id: Option<String> = "DirectoryId", DIRECTORY_ID;
        inbound_calls_enabled: bool = "InboundCallsEnabled", INBOUND_CALLS_ENABLED, required;
        outbound_calls_enabled: bool = "OutboundCallsEnabled", OUTBOUND_CALLS_ENABLED, required;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    CreateIntegrationAssociationRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        integration_type: IntegrationType = "IntegrationType", INTEGRATION_TYPE, required;
        integration_arn: String = "IntegrationArn", ARN, required;
        source_application_url: Option<String> = "SourceApplicationUrl", URI;
        source_application_name: Option<String> = "SourceApplicationName", SOURCE_APPLICATION_NAME;
        source_type: Option<SourceType> = "SourceType", SOURCE_TYPE;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    CreateQueueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        name: String = "Name", COMMON_NAME_LENGTH127, required;
        description: Option<String> = "Description", QUEUE_DESCRIPTION;
        outbound_caller_config: Option<OutboundCallerConfig> = "OutboundCallerConfig", OUTBOUND_CALLER_CONFIG;
        outbound_email_config: Option<OutboundEmailConfig> = "OutboundEmailConfig", OUTBOUND_EMAIL_CONFIG;
        hours_of_operation_id: String = "HoursOfOperationId", HOURS_OF_OPERATION_ID, required;
        max_contacts: Option<i32> = "MaxContacts", QUEUE_MAX_CONTACTS;
        quick_connect_ids: Option<Vec<String>> = "QuickConnectIds", QUICK_CONNECTS_LIST;
        email_addresses_config: Option<Vec<EmailAddressConfig>> = "EmailAddressesConfig", EMAIL_ADDRESS_CONFIG_LIST;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    CreateQuickConnectRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        name: String = "Name", QUICK_CONNECT_NAME, required;
        description: Option<String> = "Description", QUICK_CONNECT_DESCRIPTION;
        quick_connect_config: QuickConnectConfig = "QuickConnectConfig", QUICK_CONNECT_CONFIG, required;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    CreateRoutingProfileRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        name: String = "Name", ROUTING_PROFILE_NAME, required;
        description: String = "Description", ROUTING_PROFILE_DESCRIPTION, required;
        default_outbound_queue_id: String = "DefaultOutboundQueueId", QUEUE_ID, required;
        queue_configs: Option<Vec<RoutingProfileQueueConfig>> = "QueueConfigs", ROUTING_PROFILE_QUEUE_CONFIG_LIST;
        manual_assignment_queue_configs: Option<Vec<RoutingProfileManualAssignmentQueueConfig>> = "ManualAssignmentQueueConfigs", ROUTING_PROFILE_MANUAL_ASSIGNMENT_QUEUE_CONFIG_LIST;
        media_concurrencies: Vec<MediaConcurrency> = "MediaConcurrencies", MEDIA_CONCURRENCIES, required;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        agent_availability_timer: Option<AgentAvailabilityTimer> = "AgentAvailabilityTimer", AGENT_AVAILABILITY_TIMER;
    }
    CreateSecurityProfileRequest {
        security_profile_name: String = "SecurityProfileName", CREATE_SECURITY_PROFILE_NAME, required;
        description: Option<String> = "Description", SECURITY_PROFILE_DESCRIPTION;
        permissions: Option<Vec<String>> = "Permissions", PERMISSIONS_LIST;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        allowed_access_control_tags: Option<std::collections::BTreeMap<String, String>> = "AllowedAccessControlTags", ALLOWED_ACCESS_CONTROL_TAGS;
        tag_restricted_resources: Option<Vec<String>> = "TagRestrictedResources", TAG_RESTRICTED_RESOURCE_LIST;
        applications: Option<Vec<Application>> = "Applications", APPLICATIONS;
        hierarchy_restricted_resources: Option<Vec<String>> = "HierarchyRestrictedResources", HIERARCHY_RESTRICTED_RESOURCE_LIST;
        allowed_access_control_hierarchy_group_id: Option<String> = "AllowedAccessControlHierarchyGroupId", HIERARCHY_GROUP_ID;
        allowed_flow_modules: Option<Vec<FlowModule>> = "AllowedFlowModules", ALLOWED_FLOW_MODULES;
        allowed_ai_agents: Option<Vec<AIAgent>> = "AllowedAIAgents", ALLOWED_AI_AGENTS;
        granular_access_control_configuration: Option<GranularAccessControlConfiguration> = "GranularAccessControlConfiguration", GRANULAR_ACCESS_CONTROL_CONFIGURATION;
    }
    CreateUserHierarchyGroupRequest {
        name: String = "Name", HIERARCHY_GROUP_NAME, required;
        parent_group_id: Option<String> = "ParentGroupId", HIERARCHY_GROUP_ID;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    CreateUserRequest {
        username: String = "Username", AGENT_USERNAME, required;
        password: Option<String> = "Password", PASSWORD;
        identity_info: Option<UserIdentityInfo> = "IdentityInfo", USER_IDENTITY_INFO;
        phone_config: Option<UserPhoneConfig> = "PhoneConfig", USER_PHONE_CONFIG;
        directory_user_id: Option<String> = "DirectoryUserId", DIRECTORY_USER_ID;
        security_profile_ids: Vec<String> = "SecurityProfileIds", SECURITY_PROFILE_IDS, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, required;
        hierarchy_group_id: Option<String> = "HierarchyGroupId", HIERARCHY_GROUP_ID;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        auto_accept_configs: Option<Vec<AutoAcceptConfig>> = "AutoAcceptConfigs", AUTO_ACCEPT_CONFIGS;
        after_contact_work_configs: Option<Vec<AfterContactWorkConfigPerChannel>> = "AfterContactWorkConfigs", AFTER_CONTACT_WORK_CONFIGS;
        phone_number_configs: Option<Vec<PhoneNumberConfig>> = "PhoneNumberConfigs", PHONE_NUMBER_CONFIGS;
        persistent_connection_configs: Option<Vec<PersistentConnectionConfig>> = "PersistentConnectionConfigs", PERSISTENT_CONNECTION_CONFIGS;
        voice_enhancement_configs: Option<Vec<VoiceEnhancementConfig>> = "VoiceEnhancementConfigs", VOICE_ENHANCEMENT_CONFIGS;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    DeleteContactFlowModuleAliasRequest {
        instance_id: String = "InstanceId", INSTANCE_ID_OR_ARN, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", RESOURCE_ID, label, required;
        alias_id: String = "AliasId", RESOURCE_ID, label, required;
    }
    DeleteContactFlowModuleRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", CONTACT_FLOW_MODULE_ID, label, required;
    }
    DeleteContactFlowModuleVersionRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", ARN, label, required;
        contact_flow_module_version: i64 = "ContactFlowModuleVersion", RESOURCE_VERSION, label, required;
    }
    DeleteDataTableAttributeRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, label, required;
    }
    DeleteDataTableRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
    }
    DeleteHoursOfOperationRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        hours_of_operation_id: String = "HoursOfOperationId", HOURS_OF_OPERATION_ID, label, required;
    }
    DeleteInstanceRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        client_token: Option<String> = "ClientToken", CLIENT_TOKEN, query("clientToken");
    }
    DeleteIntegrationAssociationRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        integration_association_id: String = "IntegrationAssociationId", INTEGRATION_ASSOCIATION_ID, label, required;
    }
    DeleteQueueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
    }
    DeleteQuickConnectRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        quick_connect_id: String = "QuickConnectId", QUICK_CONNECT_ID, label, required;
    }
    DeleteRoutingProfileRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
    }
    DeleteSecurityProfileRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        security_profile_id: String = "SecurityProfileId", SECURITY_PROFILE_ID, label, required;
    }
    DeleteUserHierarchyGroupRequest {
        hierarchy_group_id: String = "HierarchyGroupId", HIERARCHY_GROUP_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    DeleteUserRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        user_id: String = "UserId", USER_ID, label, required;
    }
    DescribeContactFlowModuleAliasRequest {
        instance_id: String = "InstanceId", INSTANCE_ID_OR_ARN, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", CONTACT_FLOW_MODULE_ID, label, required;
        alias_id: String = "AliasId", RESOURCE_ID, label, required;
    }
    DescribeContactFlowModuleRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", CONTACT_FLOW_MODULE_ID, label, required;
    }
    DescribeDataTableAttributeRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, label, required;
    }
    DescribeDataTableRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
    }
    DescribeHoursOfOperationRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        hours_of_operation_id: String = "HoursOfOperationId", HOURS_OF_OPERATION_ID, label, required;
    }
    DescribeInstanceAttributeRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        attribute_type: InstanceAttributeType = "AttributeType", INSTANCE_ATTRIBUTE_TYPE, label, required;
    }
    DescribeInstanceRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    DescribeQueueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
    }
    DescribeQuickConnectRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        quick_connect_id: String = "QuickConnectId", QUICK_CONNECT_ID, label, required;
    }
    DescribeRoutingProfileRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
    }
    DescribeSecurityProfileRequest {
        security_profile_id: String = "SecurityProfileId", SECURITY_PROFILE_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    DescribeUserHierarchyGroupRequest {
        hierarchy_group_id: String = "HierarchyGroupId", HIERARCHY_GROUP_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    DescribeUserHierarchyStructureRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    DescribeUserRequest {
        user_id: String = "UserId", USER_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    DisassociateQueueQuickConnectsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        quick_connect_ids: Vec<String> = "QuickConnectIds", QUICK_CONNECTS_LIST, required;
    }
    DisassociateRoutingProfileQueuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        queue_references: Option<Vec<RoutingProfileQueueReference>> = "QueueReferences", ROUTING_PROFILE_QUEUE_REFERENCE_LIST;
        manual_assignment_queue_references: Option<Vec<RoutingProfileQueueReference>> = "ManualAssignmentQueueReferences", ROUTING_PROFILE_QUEUE_REFERENCE_LIST;
    }
    DisassociateSecurityProfilesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        security_profiles: Vec<SecurityProfileItem> = "SecurityProfiles", SECURITY_PROFILES, required;
        entity_type: EntityType = "EntityType", ENTITY_TYPE, required;
        entity_arn: String = "EntityArn", ENTITY_ARN, required;
    }
    EvaluateDataTableValuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        values: Vec<DataTableValueEvaluationSet> = "Values", DATA_TABLE_VALUE_EVALUATION_SET_LIST, required;
        time_zone: Option<String> = "TimeZone", TIME_ZONE;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT100, query("maxResults");
    }
    ListContactFlowModuleAliasesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID_OR_ARN, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", ARN, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListContactFlowModuleVersionsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", ARN, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListContactFlowModulesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
        contact_flow_module_state: Option<ContactFlowModuleState> = "ContactFlowModuleState", CONTACT_FLOW_MODULE_STATE, query("state");
    }
    ListDataTableAttributesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        attribute_ids: Option<Vec<String>> = "AttributeIds", ATTRIBUTE_IDS;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListDataTablePrimaryValuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        record_ids: Option<Vec<String>> = "RecordIds", RECORD_IDS;
        primary_attribute_values: Option<Vec<PrimaryAttributeValueFilter>> = "PrimaryAttributeValues", PRIMARY_ATTRIBUTE_VALUE_FILTERS;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListDataTableValuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        record_ids: Option<Vec<String>> = "RecordIds", RECORD_IDS;
        primary_attribute_values: Option<Vec<PrimaryAttributeValueFilter>> = "PrimaryAttributeValues", PRIMARY_ATTRIBUTE_VALUE_FILTERS;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListDataTablesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListEntitySecurityProfilesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        entity_type: EntityType = "EntityType", ENTITY_TYPE, required;
        entity_arn: String = "EntityArn", ENTITY_ARN, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT100;
    }
    ListHoursOfOperationsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListInstanceAttributesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT7, query("maxResults");
    }
    ListInstancesRequest {
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT10, query("maxResults");
    }
    ListIntegrationAssociationsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        integration_type: Option<IntegrationType> = "IntegrationType", INTEGRATION_TYPE, query("integrationType");
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT100, query("maxResults");
        integration_arn: Option<String> = "IntegrationArn", ARN, query("integrationArn");
    }
    ListQueueQuickConnectsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT100, query("maxResults");
    }
    ListQueuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_types: Option<Vec<QueueType>> = "QueueTypes", QUEUE_TYPES, query("queueTypes");
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListQuickConnectsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
        quick_connect_types: Option<Vec<QuickConnectType>> = "QuickConnectTypes", QUICK_CONNECT_TYPES, query("QuickConnectTypes");
    }
    ListRoutingProfileManualAssignmentQueuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT100, query("maxResults");
    }
    ListRoutingProfileQueuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT100, query("maxResults");
    }
    ListRoutingProfilesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListSecurityProfileAIAgentsRequest {
        security_profile_id: String = "SecurityProfileId", SECURITY_PROFILE_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListSecurityProfileApplicationsRequest {
        security_profile_id: String = "SecurityProfileId", SECURITY_PROFILE_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListSecurityProfileFlowModulesRequest {
        security_profile_id: String = "SecurityProfileId", SECURITY_PROFILE_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListSecurityProfilePermissionsRequest {
        security_profile_id: String = "SecurityProfileId", SECURITY_PROFILE_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListSecurityProfilesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListTagsForResourceRequest {
        resource_arn: String = "resourceArn", ARN, label, required;
    }
    ListUserHierarchyGroupsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    ListUsersRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000, query("maxResults");
    }
    SearchContactFlowModulesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT100;
        search_filter: Option<ContactFlowModuleSearchFilter> = "SearchFilter", CONTACT_FLOW_MODULE_SEARCH_FILTER;
        search_criteria: Option<ContactFlowModuleSearchCriteria> = "SearchCriteria", CONTACT_FLOW_MODULE_SEARCH_CRITERIA;
    }
    SearchDataTablesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
        max_results: Option<i32> = "MaxResults", MAX_RESULT1000;
        search_filter: Option<DataTableSearchFilter> = "SearchFilter", DATA_TABLE_SEARCH_FILTER;
        search_criteria: Option<DataTableSearchCriteria> = "SearchCriteria", DATA_TABLE_SEARCH_CRITERIA;
    }
    SearchHoursOfOperationsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT100;
        search_filter: Option<HoursOfOperationSearchFilter> = "SearchFilter", HOURS_OF_OPERATION_SEARCH_FILTER;
        search_criteria: Option<HoursOfOperationSearchCriteria> = "SearchCriteria", HOURS_OF_OPERATION_SEARCH_CRITERIA;
    }
    SearchQueuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT500;
        search_filter: Option<QueueSearchFilter> = "SearchFilter", QUEUE_SEARCH_FILTER;
        search_criteria: Option<QueueSearchCriteria> = "SearchCriteria", QUEUE_SEARCH_CRITERIA;
    }
    SearchQuickConnectsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT100;
        search_filter: Option<QuickConnectSearchFilter> = "SearchFilter", QUICK_CONNECT_SEARCH_FILTER;
        search_criteria: Option<QuickConnectSearchCriteria> = "SearchCriteria", QUICK_CONNECT_SEARCH_CRITERIA;
    }
    SearchResourceTagsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID_OR_ARN, required;
        resource_types: Option<Vec<String>> = "ResourceTypes", RESOURCE_TYPE_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT100;
        search_criteria: Option<ResourceTagsSearchCriteria> = "SearchCriteria", RESOURCE_TAGS_SEARCH_CRITERIA;
    }
    SearchRoutingProfilesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT500;
        search_filter: Option<RoutingProfileSearchFilter> = "SearchFilter", ROUTING_PROFILE_SEARCH_FILTER;
        search_criteria: Option<RoutingProfileSearchCriteria> = "SearchCriteria", ROUTING_PROFILE_SEARCH_CRITERIA;
    }
    SearchSecurityProfilesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT100;
        search_criteria: Option<SecurityProfileSearchCriteria> = "SearchCriteria", SECURITY_PROFILE_SEARCH_CRITERIA;
        search_filter: Option<SecurityProfilesSearchFilter> = "SearchFilter", SECURITY_PROFILES_SEARCH_FILTER;
    }
    SearchUserHierarchyGroupsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT100;
        search_filter: Option<UserHierarchyGroupSearchFilter> = "SearchFilter", USER_HIERARCHY_GROUP_SEARCH_FILTER;
        search_criteria: Option<UserHierarchyGroupSearchCriteria> = "SearchCriteria", USER_HIERARCHY_GROUP_SEARCH_CRITERIA;
    }
    SearchUsersRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN2500;
        max_results: Option<i32> = "MaxResults", MAX_RESULT500;
        search_filter: Option<UserSearchFilter> = "SearchFilter", USER_SEARCH_FILTER;
        search_criteria: Option<UserSearchCriteria> = "SearchCriteria", USER_SEARCH_CRITERIA;
    }
    TagResourceRequest {
        resource_arn: String = "resourceArn", ARN, label, required;
        tags: std::collections::BTreeMap<String, String> = "tags", TAG_MAP, required;
    }
    UntagResourceRequest {
        resource_arn: String = "resourceArn", ARN, label, required;
        tag_keys: Vec<String> = "tagKeys", TAG_KEY_LIST, query("tagKeys"), required;
    }
    UpdateContactFlowModuleAliasRequest {
        instance_id: String = "InstanceId", INSTANCE_ID_OR_ARN, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", CONTACT_FLOW_MODULE_ID, label, required;
        alias_id: String = "AliasId", RESOURCE_ID, label, required;
        name: Option<String> = "Name", CONTACT_FLOW_MODULE_NAME;
        description: Option<String> = "Description", CONTACT_FLOW_MODULE_DESCRIPTION;
        contact_flow_module_version: Option<i64> = "ContactFlowModuleVersion", RESOURCE_VERSION;
    }
    UpdateContactFlowModuleContentRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", CONTACT_FLOW_MODULE_ID, label, required;
        content: Option<String> = "Content", CONTACT_FLOW_MODULE_CONTENT;
        settings: Option<String> = "Settings", FLOW_MODULE_SETTINGS;
    }
    UpdateContactFlowModuleMetadataRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        contact_flow_module_id: String = "ContactFlowModuleId", CONTACT_FLOW_MODULE_ID, label, required;
        name: Option<String> = "Name", CONTACT_FLOW_MODULE_NAME;
        description: Option<String> = "Description", CONTACT_FLOW_MODULE_DESCRIPTION;
        state: Option<ContactFlowModuleState> = "State", CONTACT_FLOW_MODULE_STATE;
    }
    UpdateDataTableAttributeRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, label, required;
        name: String = "Name", DATA_TABLE_NAME, required;
        value_type: DataTableAttributeValueType = "ValueType", DATA_TABLE_ATTRIBUTE_VALUE_TYPE, required;
        description: Option<String> = "Description", DATA_TABLE_DESCRIPTION;
        primary: Option<bool> = "Primary", BOOLEAN;
        validation: Option<Validation> = "Validation", VALIDATION;
    }
    UpdateDataTableMetadataRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        name: String = "Name", DATA_TABLE_NAME, required;
        description: Option<String> = "Description", DATA_TABLE_DESCRIPTION;
        value_lock_level: DataTableLockLevel = "ValueLockLevel", DATA_TABLE_LOCK_LEVEL, required;
        time_zone: String = "TimeZone", TIME_ZONE, required;
    }
    UpdateDataTablePrimaryValuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        data_table_id: String = "DataTableId", DATA_TABLE_ID, label, required;
        primary_values: Vec<PrimaryValue> = "PrimaryValues", PRIMARY_VALUES_SET, required;
        new_primary_values: Vec<PrimaryValue> = "NewPrimaryValues", PRIMARY_VALUES_SET, required;
        lock_version: DataTableLockVersion = "LockVersion", DATA_TABLE_LOCK_VERSION, required;
    }
    UpdateHoursOfOperationRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        hours_of_operation_id: String = "HoursOfOperationId", HOURS_OF_OPERATION_ID, label, required;
        name: Option<String> = "Name", COMMON_NAME_LENGTH127;
        description: Option<String> = "Description", UPDATE_HOURS_OF_OPERATION_DESCRIPTION;
        time_zone: Option<String> = "TimeZone", TIME_ZONE;
        config: Option<Vec<HoursOfOperationConfig>> = "Config", HOURS_OF_OPERATION_CONFIG_LIST;
    }
    UpdateInstanceAttributeRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        attribute_type: InstanceAttributeType = "AttributeType", INSTANCE_ATTRIBUTE_TYPE, label, required;
        value: String = "Value", INSTANCE_ATTRIBUTE_VALUE, required;
        client_token: Option<String> = "ClientToken", CLIENT_TOKEN;
    }
    UpdateQueueHoursOfOperationRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        hours_of_operation_id: String = "HoursOfOperationId", HOURS_OF_OPERATION_ID, required;
    }
    UpdateQueueMaxContactsRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        max_contacts: Option<i32> = "MaxContacts", QUEUE_MAX_CONTACTS;
    }
    UpdateQueueNameRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        name: Option<String> = "Name", COMMON_NAME_LENGTH127;
        description: Option<String> = "Description", QUEUE_DESCRIPTION;
    }
    UpdateQueueOutboundCallerConfigRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        outbound_caller_config: OutboundCallerConfig = "OutboundCallerConfig", OUTBOUND_CALLER_CONFIG, required;
    }
    UpdateQueueOutboundEmailConfigRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        outbound_email_config: OutboundEmailConfig = "OutboundEmailConfig", OUTBOUND_EMAIL_CONFIG, required;
    }
    UpdateQueueStatusRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        queue_id: String = "QueueId", QUEUE_ID, label, required;
        status: QueueStatus = "Status", QUEUE_STATUS, required;
    }
    UpdateQuickConnectConfigRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        quick_connect_id: String = "QuickConnectId", QUICK_CONNECT_ID, label, required;
        quick_connect_config: QuickConnectConfig = "QuickConnectConfig", QUICK_CONNECT_CONFIG, required;
    }
    UpdateQuickConnectNameRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        quick_connect_id: String = "QuickConnectId", QUICK_CONNECT_ID, label, required;
        name: Option<String> = "Name", QUICK_CONNECT_NAME;
        description: Option<String> = "Description", UPDATE_QUICK_CONNECT_DESCRIPTION;
    }
    UpdateRoutingProfileAgentAvailabilityTimerRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        agent_availability_timer: AgentAvailabilityTimer = "AgentAvailabilityTimer", AGENT_AVAILABILITY_TIMER, required;
    }
    UpdateRoutingProfileConcurrencyRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        media_concurrencies: Vec<MediaConcurrency> = "MediaConcurrencies", MEDIA_CONCURRENCIES, required;
    }
    UpdateRoutingProfileDefaultOutboundQueueRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        default_outbound_queue_id: String = "DefaultOutboundQueueId", QUEUE_ID, required;
    }
    UpdateRoutingProfileNameRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        name: Option<String> = "Name", ROUTING_PROFILE_NAME;
        description: Option<String> = "Description", ROUTING_PROFILE_DESCRIPTION;
    }
    UpdateRoutingProfileQueuesRequest {
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, label, required;
        queue_configs: Vec<RoutingProfileQueueConfig> = "QueueConfigs", ROUTING_PROFILE_QUEUE_CONFIG_LIST, required;
    }
    UpdateSecurityProfileRequest {
        description: Option<String> = "Description", SECURITY_PROFILE_DESCRIPTION;
        permissions: Option<Vec<String>> = "Permissions", PERMISSIONS_LIST;
        security_profile_id: String = "SecurityProfileId", SECURITY_PROFILE_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
        allowed_access_control_tags: Option<std::collections::BTreeMap<String, String>> = "AllowedAccessControlTags", ALLOWED_ACCESS_CONTROL_TAGS;
        tag_restricted_resources: Option<Vec<String>> = "TagRestrictedResources", TAG_RESTRICTED_RESOURCE_LIST;
        applications: Option<Vec<Application>> = "Applications", APPLICATIONS;
        hierarchy_restricted_resources: Option<Vec<String>> = "HierarchyRestrictedResources", HIERARCHY_RESTRICTED_RESOURCE_LIST;
        allowed_access_control_hierarchy_group_id: Option<String> = "AllowedAccessControlHierarchyGroupId", HIERARCHY_GROUP_ID;
        allowed_flow_modules: Option<Vec<FlowModule>> = "AllowedFlowModules", ALLOWED_FLOW_MODULES;
        allowed_ai_agents: Option<Vec<AIAgent>> = "AllowedAIAgents", ALLOWED_AI_AGENTS;
        granular_access_control_configuration: Option<GranularAccessControlConfiguration> = "GranularAccessControlConfiguration", GRANULAR_ACCESS_CONTROL_CONFIGURATION;
    }
    UpdateUserConfigRequest {
        auto_accept_configs: Option<Vec<AutoAcceptConfig>> = "AutoAcceptConfigs", AUTO_ACCEPT_CONFIGS;
        after_contact_work_configs: Option<Vec<AfterContactWorkConfigPerChannel>> = "AfterContactWorkConfigs", AFTER_CONTACT_WORK_CONFIGS;
        phone_number_configs: Option<Vec<PhoneNumberConfig>> = "PhoneNumberConfigs", PHONE_NUMBER_CONFIGS;
        persistent_connection_configs: Option<Vec<PersistentConnectionConfig>> = "PersistentConnectionConfigs", PERSISTENT_CONNECTION_CONFIGS;
        voice_enhancement_configs: Option<Vec<VoiceEnhancementConfig>> = "VoiceEnhancementConfigs", VOICE_ENHANCEMENT_CONFIGS;
        user_id: String = "UserId", USER_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    UpdateUserHierarchyGroupNameRequest {
        name: String = "Name", HIERARCHY_GROUP_NAME, required;
        hierarchy_group_id: String = "HierarchyGroupId", HIERARCHY_GROUP_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    UpdateUserHierarchyRequest {
        hierarchy_group_id: Option<String> = "HierarchyGroupId", HIERARCHY_GROUP_ID;
        user_id: String = "UserId", USER_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    UpdateUserHierarchyStructureRequest {
        hierarchy_structure: HierarchyStructureUpdate = "HierarchyStructure", HIERARCHY_STRUCTURE_UPDATE, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    UpdateUserIdentityInfoRequest {
        identity_info: UserIdentityInfo = "IdentityInfo", USER_IDENTITY_INFO, required;
        user_id: String = "UserId", USER_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    UpdateUserPhoneConfigRequest {
        phone_config: UserPhoneConfig = "PhoneConfig", USER_PHONE_CONFIG, required;
        user_id: String = "UserId", USER_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    UpdateUserRoutingProfileRequest {
        routing_profile_id: String = "RoutingProfileId", ROUTING_PROFILE_ID, required;
        user_id: String = "UserId", USER_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
    UpdateUserSecurityProfilesRequest {
        security_profile_ids: Vec<String> = "SecurityProfileIds", SECURITY_PROFILE_IDS, required;
        user_id: String = "UserId", USER_ID, label, required;
        instance_id: String = "InstanceId", INSTANCE_ID, label, required;
    }
}
