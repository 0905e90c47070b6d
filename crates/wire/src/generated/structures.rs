//! The structures inside others, and those of errors.
//!
//! Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.

use super::*;

structures! {
    AIAgent (AI_AGENT) {
        arn: Option<String> = "Arn", ARN;
        r#type: Option<AIAgentType> = "Type", AI_AGENT_TYPE;
    }
    AccessDeniedException {
        message: Option<String> = "Message", MESSAGE;
    }
    AfterContactWorkConfig (AFTER_CONTACT_WORK_CONFIG) {
        after_contact_work_time_limit: Option<i32> = "AfterContactWorkTimeLimit", AFTER_CONTACT_WORK_TIME_LIMIT;
    }
    AfterContactWorkConfigPerChannel (AFTER_CONTACT_WORK_CONFIG_PER_CHANNEL) {
        channel: Channel = "Channel", CHANNEL, required;
        after_contact_work_config: AfterContactWorkConfig = "AfterContactWorkConfig", AFTER_CONTACT_WORK_CONFIG, required;
        agent_first_callback_after_contact_work_config: Option<AfterContactWorkConfig> = "AgentFirstCallbackAfterContactWorkConfig", AFTER_CONTACT_WORK_CONFIG;
    }
    Application (APPLICATION) {
        namespace: Option<String> = "Namespace", NAMESPACE;
        application_permissions: Option<Vec<String>> = "ApplicationPermissions", APPLICATION_PERMISSIONS;
        r#type: Option<ApplicationType> = "Type", APPLICATION_TYPE;
    }
    Attribute (ATTRIBUTE) {
        attribute_type: Option<InstanceAttributeType> = "AttributeType", INSTANCE_ATTRIBUTE_TYPE;
        value: Option<String> = "Value", INSTANCE_ATTRIBUTE_VALUE;
    }
    AttributeAndCondition (ATTRIBUTE_AND_CONDITION) {
        tag_conditions: Option<Vec<TagCondition>> = "TagConditions", TAG_AND_CONDITION_LIST;
        hierarchy_group_condition: Option<HierarchyGroupCondition> = "HierarchyGroupCondition", HIERARCHY_GROUP_CONDITION;
    }
    AutoAcceptConfig (AUTO_ACCEPT_CONFIG) {
        channel: Channel = "Channel", CHANNEL, required;
        auto_accept: bool = "AutoAccept", AUTO_ACCEPT, required;
        agent_first_callback_auto_accept: Option<bool> = "AgentFirstCallbackAutoAccept", AGENT_FIRST_CALLBACK_AUTO_ACCEPT;
    }
    BatchCreateDataTableValueFailureResult (BATCH_CREATE_DATA_TABLE_VALUE_FAILURE_RESULT) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        message: Option<String> = "Message", STRING;
    }
    BatchCreateDataTableValueSuccessResult (BATCH_CREATE_DATA_TABLE_VALUE_SUCCESS_RESULT) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        record_id: Option<String> = "RecordId", DATA_TABLE_ID;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    BatchDeleteDataTableValueFailureResult (BATCH_DELETE_DATA_TABLE_VALUE_FAILURE_RESULT) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        message: Option<String> = "Message", STRING;
    }
    BatchDeleteDataTableValueSuccessResult (BATCH_DELETE_DATA_TABLE_VALUE_SUCCESS_RESULT) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    BatchDescribeDataTableValueFailureResult (BATCH_DESCRIBE_DATA_TABLE_VALUE_FAILURE_RESULT) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        message: Option<String> = "Message", STRING;
    }
    BatchDescribeDataTableValueSuccessResult (BATCH_DESCRIBE_DATA_TABLE_VALUE_SUCCESS_RESULT) {
        record_id: Option<String> = "RecordId", DATA_TABLE_ID;
        attribute_id: Option<String> = "AttributeId", DATA_TABLE_ID;
        primary_values: Option<Vec<PrimaryValueResponse>> = "PrimaryValues", PRIMARY_VALUES_RESPONSE_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        value: Option<String> = "Value", STRING;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    BatchUpdateDataTableValueFailureResult (BATCH_UPDATE_DATA_TABLE_VALUE_FAILURE_RESULT) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        message: Option<String> = "Message", STRING;
    }
    BatchUpdateDataTableValueSuccessResult (BATCH_UPDATE_DATA_TABLE_VALUE_SUCCESS_RESULT) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
    }
    CommonAttributeAndCondition (COMMON_ATTRIBUTE_AND_CONDITION) {
        tag_conditions: Option<Vec<TagCondition>> = "TagConditions", TAG_AND_CONDITION_LIST;
    }
    Condition (CONDITION) {
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
        number_condition: Option<NumberCondition> = "NumberCondition", NUMBER_CONDITION;
    }
    ConditionalOperationFailedException {
        message: Option<String> = "Message", MESSAGE;
    }
    ConflictException {
        message: Option<String> = "Message", MESSAGE;
    }
    ContactFlowModule (CONTACT_FLOW_MODULE) {
        arn: Option<String> = "Arn", ARN;
        id: Option<String> = "Id", CONTACT_FLOW_MODULE_ID;
        name: Option<String> = "Name", CONTACT_FLOW_MODULE_NAME;
        content: Option<String> = "Content", CONTACT_FLOW_MODULE_CONTENT;
        description: Option<String> = "Description", CONTACT_FLOW_MODULE_DESCRIPTION;
        state: Option<ContactFlowModuleState> = "State", CONTACT_FLOW_MODULE_STATE;
        status: Option<ContactFlowModuleStatus> = "Status", CONTACT_FLOW_MODULE_STATUS;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        flow_module_content_sha256: Option<String> = "FlowModuleContentSha256", FLOW_MODULE_CONTENT_SHA256;
        version: Option<i64> = "Version", RESOURCE_VERSION;
        version_description: Option<String> = "VersionDescription", CONTACT_FLOW_MODULE_DESCRIPTION;
        settings: Option<String> = "Settings", FLOW_MODULE_SETTINGS;
        external_invocation_configuration: Option<ExternalInvocationConfiguration> = "ExternalInvocationConfiguration", EXTERNAL_INVOCATION_CONFIGURATION;
    }
    ContactFlowModuleAliasInfo (CONTACT_FLOW_MODULE_ALIAS_INFO) {
        contact_flow_module_id: Option<String> = "ContactFlowModuleId", RESOURCE_ID;
        contact_flow_module_arn: Option<String> = "ContactFlowModuleArn", ARN;
        alias_id: Option<String> = "AliasId", CONTACT_FLOW_MODULE_ALIAS;
        version: Option<i64> = "Version", RESOURCE_VERSION;
        name: Option<String> = "Name", CONTACT_FLOW_MODULE_ALIAS;
        description: Option<String> = "Description", CONTACT_FLOW_MODULE_DESCRIPTION;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
    }
    ContactFlowModuleAliasSummary (CONTACT_FLOW_MODULE_ALIAS_SUMMARY) {
        arn: Option<String> = "Arn", ARN;
        alias_id: Option<String> = "AliasId", RESOURCE_ID;
        version: Option<i64> = "Version", RESOURCE_VERSION;
        alias_name: Option<String> = "AliasName", CONTACT_FLOW_MODULE_NAME;
        alias_description: Option<String> = "AliasDescription", CONTACT_FLOW_MODULE_DESCRIPTION;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
    }
    ContactFlowModuleSearchCriteria (CONTACT_FLOW_MODULE_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<ContactFlowModuleSearchCriteria>> = "OrConditions", CONTACT_FLOW_MODULE_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<ContactFlowModuleSearchCriteria>> = "AndConditions", CONTACT_FLOW_MODULE_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
        state_condition: Option<ContactFlowModuleState> = "StateCondition", CONTACT_FLOW_MODULE_STATE;
        status_condition: Option<ContactFlowModuleStatus> = "StatusCondition", CONTACT_FLOW_MODULE_STATUS;
    }
    ContactFlowModuleSearchFilter (CONTACT_FLOW_MODULE_SEARCH_FILTER) {
        tag_filter: Option<ControlPlaneTagFilter> = "TagFilter", CONTROL_PLANE_TAG_FILTER;
    }
    ContactFlowModuleSummary (CONTACT_FLOW_MODULE_SUMMARY) {
        id: Option<String> = "Id", CONTACT_FLOW_MODULE_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", CONTACT_FLOW_MODULE_NAME;
        state: Option<ContactFlowModuleState> = "State", CONTACT_FLOW_MODULE_STATE;
    }
    ContactFlowModuleVersionSummary (CONTACT_FLOW_MODULE_VERSION_SUMMARY) {
        arn: Option<String> = "Arn", ARN;
        version_description: Option<String> = "VersionDescription", CONTACT_FLOW_MODULE_DESCRIPTION;
        version: Option<i64> = "Version", RESOURCE_VERSION;
    }
    ControlPlaneAttributeFilter (CONTROL_PLANE_ATTRIBUTE_FILTER) {
        or_conditions: Option<Vec<CommonAttributeAndCondition>> = "OrConditions", COMMON_ATTRIBUTE_OR_CONDITION_LIST;
        and_condition: Option<CommonAttributeAndCondition> = "AndCondition", COMMON_ATTRIBUTE_AND_CONDITION;
        tag_condition: Option<TagCondition> = "TagCondition", TAG_CONDITION;
    }
    ControlPlaneTagFilter (CONTROL_PLANE_TAG_FILTER) {
        or_conditions: Option<Vec<Vec<TagCondition>>> = "OrConditions", TAG_OR_CONDITION_LIST;
        and_conditions: Option<Vec<TagCondition>> = "AndConditions", TAG_AND_CONDITION_LIST;
        tag_condition: Option<TagCondition> = "TagCondition", TAG_CONDITION;
    }
    ControlPlaneUserAttributeFilter (CONTROL_PLANE_USER_ATTRIBUTE_FILTER) {
        or_conditions: Option<Vec<AttributeAndCondition>> = "OrConditions", ATTRIBUTE_OR_CONDITION_LIST;
        and_condition: Option<AttributeAndCondition> = "AndCondition", ATTRIBUTE_AND_CONDITION;
        tag_condition: Option<TagCondition> = "TagCondition", TAG_CONDITION;
        hierarchy_group_condition: Option<HierarchyGroupCondition> = "HierarchyGroupCondition", HIERARCHY_GROUP_CONDITION;
    }
    CrossChannelBehavior (CROSS_CHANNEL_BEHAVIOR) {
        behavior_type: BehaviorType = "BehaviorType", BEHAVIOR_TYPE, required;
    }
    CrossChannelWorkloadBehavior (CROSS_CHANNEL_WORKLOAD_BEHAVIOR) {
        channel_workload_behavior_type: Option<ChannelWorkloadBehaviorType> = "ChannelWorkloadBehaviorType", CHANNEL_WORKLOAD_BEHAVIOR_TYPE;
    }
    DataTable (DATA_TABLE) {
        name: Option<String> = "Name", DATA_TABLE_NAME;
        id: Option<String> = "Id", DATA_TABLE_ID;
        arn: Option<String> = "Arn", ARN;
        time_zone: Option<String> = "TimeZone", TIME_ZONE;
        description: Option<String> = "Description", DATA_TABLE_DESCRIPTION;
        value_lock_level: Option<DataTableLockLevel> = "ValueLockLevel", DATA_TABLE_LOCK_LEVEL;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
        version: Option<String> = "Version", DATA_TABLE_VERSION;
        version_description: Option<String> = "VersionDescription", DATA_TABLE_DESCRIPTION;
        status: Option<DataTableStatus> = "Status", DATA_TABLE_STATUS;
        created_time: Option<crate::Timestamp> = "CreatedTime", TIMESTAMP;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    DataTableAccessControlConfiguration (DATA_TABLE_ACCESS_CONTROL_CONFIGURATION) {
        primary_attribute_access_control_configuration: Option<PrimaryAttributeAccessControlConfigurationItem> = "PrimaryAttributeAccessControlConfiguration", PRIMARY_ATTRIBUTE_ACCESS_CONTROL_CONFIGURATION_ITEM;
    }
    DataTableAttribute (DATA_TABLE_ATTRIBUTE) {
        attribute_id: Option<String> = "AttributeId", DATA_TABLE_ID;
        name: Option<String> = "Name", DATA_TABLE_NAME;
        value_type: Option<DataTableAttributeValueType> = "ValueType", DATA_TABLE_ATTRIBUTE_VALUE_TYPE;
        description: Option<String> = "Description", DATA_TABLE_DESCRIPTION;
        data_table_id: Option<String> = "DataTableId", DATA_TABLE_ID;
        data_table_arn: Option<String> = "DataTableArn", ARN;
        primary: Option<bool> = "Primary", BOOLEAN;
        version: Option<String> = "Version", DATA_TABLE_VERSION;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        validation: Option<Validation> = "Validation", VALIDATION;
    }
    DataTableDeleteValueIdentifier (DATA_TABLE_DELETE_VALUE_IDENTIFIER) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, required;
        lock_version: DataTableLockVersion = "LockVersion", DATA_TABLE_LOCK_VERSION, required;
    }
    DataTableEvaluatedValue (DATA_TABLE_EVALUATED_VALUE) {
        record_id: Option<String> = "RecordId", DATA_TABLE_ID;
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        value_type: Option<DataTableAttributeValueType> = "ValueType", DATA_TABLE_ATTRIBUTE_VALUE_TYPE;
        found: Option<bool> = "Found", BOOLEAN;
        error: Option<bool> = "Error", BOOLEAN;
        evaluated_value: Option<String> = "EvaluatedValue", STRING;
    }
    DataTableLockVersion (DATA_TABLE_LOCK_VERSION) {
        data_table: Option<String> = "DataTable", STRING;
        attribute: Option<String> = "Attribute", STRING;
        primary_values: Option<String> = "PrimaryValues", STRING;
        value: Option<String> = "Value", STRING;
    }
    DataTableSearchCriteria (DATA_TABLE_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<DataTableSearchCriteria>> = "OrConditions", DATA_TABLE_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<DataTableSearchCriteria>> = "AndConditions", DATA_TABLE_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
    }
    DataTableSearchFilter (DATA_TABLE_SEARCH_FILTER) {
        attribute_filter: Option<ControlPlaneAttributeFilter> = "AttributeFilter", CONTROL_PLANE_ATTRIBUTE_FILTER;
    }
    DataTableSummary (DATA_TABLE_SUMMARY) {
        name: Option<String> = "Name", DATA_TABLE_NAME;
        id: Option<String> = "Id", DATA_TABLE_ID;
        arn: Option<String> = "Arn", ARN;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    DataTableValue (DATA_TABLE_VALUE) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, required;
        value: String = "Value", STRING, required;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    DataTableValueEvaluationSet (DATA_TABLE_VALUE_EVALUATION_SET) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_names: Vec<String> = "AttributeNames", ATTRIBUTE_NAME_LIST, required;
    }
    DataTableValueIdentifier (DATA_TABLE_VALUE_IDENTIFIER) {
        primary_values: Option<Vec<PrimaryValue>> = "PrimaryValues", PRIMARY_VALUES_SET;
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, required;
    }
    DataTableValueSummary (DATA_TABLE_VALUE_SUMMARY) {
        record_id: Option<String> = "RecordId", DATA_TABLE_ID;
        attribute_id: Option<String> = "AttributeId", DATA_TABLE_ID;
        primary_values: Option<Vec<PrimaryValueResponse>> = "PrimaryValues", PRIMARY_VALUES_RESPONSE_SET;
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        value_type: Option<DataTableAttributeValueType> = "ValueType", DATA_TABLE_ATTRIBUTE_VALUE_TYPE;
        value: Option<String> = "Value", STRING;
        lock_version: Option<DataTableLockVersion> = "LockVersion", DATA_TABLE_LOCK_VERSION;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    DuplicateResourceException {
        message: Option<String> = "Message", MESSAGE;
    }
    EmailAddressConfig (EMAIL_ADDRESS_CONFIG) {
        email_address_id: String = "EmailAddressId", EMAIL_ADDRESS_ID, required;
    }
    ExternalInvocationConfiguration (EXTERNAL_INVOCATION_CONFIGURATION) {
        enabled: Option<bool> = "Enabled", BOOLEAN;
    }
    FlowModule (FLOW_MODULE) {
        r#type: Option<FlowModuleType> = "Type", FLOW_MODULE_TYPE;
        flow_module_id: Option<String> = "FlowModuleId", FLOW_MODULE_ID;
    }
    FlowQuickConnectConfig (FLOW_QUICK_CONNECT_CONFIG) {
        contact_flow_id: String = "ContactFlowId", CONTACT_FLOW_ID, required;
    }
    GranularAccessControlConfiguration (GRANULAR_ACCESS_CONTROL_CONFIGURATION) {
        data_table_access_control_configuration: Option<DataTableAccessControlConfiguration> = "DataTableAccessControlConfiguration", DATA_TABLE_ACCESS_CONTROL_CONFIGURATION;
    }
    HierarchyGroup (HIERARCHY_GROUP) {
        id: Option<String> = "Id", HIERARCHY_GROUP_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", HIERARCHY_GROUP_NAME;
        level_id: Option<String> = "LevelId", HIERARCHY_LEVEL_ID;
        hierarchy_path: Option<HierarchyPath> = "HierarchyPath", HIERARCHY_PATH;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    HierarchyGroupCondition (HIERARCHY_GROUP_CONDITION) {
        value: Option<String> = "Value", STRING;
        hierarchy_group_match_type: Option<HierarchyGroupMatchType> = "HierarchyGroupMatchType", HIERARCHY_GROUP_MATCH_TYPE;
    }
    HierarchyGroupSummary (HIERARCHY_GROUP_SUMMARY) {
        id: Option<String> = "Id", HIERARCHY_GROUP_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", HIERARCHY_GROUP_NAME;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    HierarchyLevel (HIERARCHY_LEVEL) {
        id: Option<String> = "Id", HIERARCHY_LEVEL_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", HIERARCHY_LEVEL_NAME;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    HierarchyLevelUpdate (HIERARCHY_LEVEL_UPDATE) {
        name: String = "Name", HIERARCHY_LEVEL_NAME, required;
    }
    HierarchyPath (HIERARCHY_PATH) {
        level_one: Option<HierarchyGroupSummary> = "LevelOne", HIERARCHY_GROUP_SUMMARY;
        level_two: Option<HierarchyGroupSummary> = "LevelTwo", HIERARCHY_GROUP_SUMMARY;
        level_three: Option<HierarchyGroupSummary> = "LevelThree", HIERARCHY_GROUP_SUMMARY;
        level_four: Option<HierarchyGroupSummary> = "LevelFour", HIERARCHY_GROUP_SUMMARY;
        level_five: Option<HierarchyGroupSummary> = "LevelFive", HIERARCHY_GROUP_SUMMARY;
    }
    HierarchyStructure (HIERARCHY_STRUCTURE) {
        level_one: Option<HierarchyLevel> = "LevelOne", HIERARCHY_LEVEL;
        level_two: Option<HierarchyLevel> = "LevelTwo", HIERARCHY_LEVEL;
        level_three: Option<HierarchyLevel> = "LevelThree", HIERARCHY_LEVEL;
        level_four: Option<HierarchyLevel> = "LevelFour", HIERARCHY_LEVEL;
        level_five: Option<HierarchyLevel> = "LevelFive", HIERARCHY_LEVEL;
    }
    HierarchyStructureUpdate (HIERARCHY_STRUCTURE_UPDATE) {
        level_one: Option<HierarchyLevelUpdate> = "LevelOne", HIERARCHY_LEVEL_UPDATE;
        level_two: Option<HierarchyLevelUpdate> = "LevelTwo", HIERARCHY_LEVEL_UPDATE;
        level_three: Option<HierarchyLevelUpdate> = "LevelThree", HIERARCHY_LEVEL_UPDATE;
        level_four: Option<HierarchyLevelUpdate> = "LevelFour", HIERARCHY_LEVEL_UPDATE;
        level_five: Option<HierarchyLevelUpdate> = "LevelFive", HIERARCHY_LEVEL_UPDATE;
    }
    HoursOfOperation (HOURS_OF_OPERATION) {
        hours_of_operation_id: Option<String> = "HoursOfOperationId", HOURS_OF_OPERATION_ID;
        hours_of_operation_arn: Option<String> = "HoursOfOperationArn", ARN;
        name: Option<String> = "Name", COMMON_NAME_LENGTH127;
        description: Option<String> = "Description", HOURS_OF_OPERATION_DESCRIPTION;
        time_zone: Option<String> = "TimeZone", TIME_ZONE;
        config: Option<Vec<HoursOfOperationConfig>> = "Config", HOURS_OF_OPERATION_CONFIG_LIST;
        parent_hours_of_operations: Option<Vec<HoursOfOperationsIdentifier>> = "ParentHoursOfOperations", PARENT_HOURS_OF_OPERATIONS_LIST;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    HoursOfOperationConfig (HOURS_OF_OPERATION_CONFIG) {
        day: HoursOfOperationDays = "Day", HOURS_OF_OPERATION_DAYS, required;
        start_time: HoursOfOperationTimeSlice = "StartTime", HOURS_OF_OPERATION_TIME_SLICE, required;
        end_time: HoursOfOperationTimeSlice = "EndTime", HOURS_OF_OPERATION_TIME_SLICE, required;
    }
    HoursOfOperationSearchCriteria (HOURS_OF_OPERATION_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<HoursOfOperationSearchCriteria>> = "OrConditions", HOURS_OF_OPERATION_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<HoursOfOperationSearchCriteria>> = "AndConditions", HOURS_OF_OPERATION_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
    }
    HoursOfOperationSearchFilter (HOURS_OF_OPERATION_SEARCH_FILTER) {
        tag_filter: Option<ControlPlaneTagFilter> = "TagFilter", CONTROL_PLANE_TAG_FILTER;
    }
    HoursOfOperationSummary (HOURS_OF_OPERATION_SUMMARY) {
        id: Option<String> = "Id", HOURS_OF_OPERATION_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", HOURS_OF_OPERATION_NAME;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    HoursOfOperationTimeSlice (HOURS_OF_OPERATION_TIME_SLICE) {
        hours: i32 = "Hours", HOURS24_FORMAT, required;
        minutes: i32 = "Minutes", MINUTES_LIMIT60, required;
    }
    HoursOfOperationsIdentifier (HOURS_OF_OPERATIONS_IDENTIFIER) {
        name: Option<String> = "Name", COMMON_NAME_LENGTH127;
        id: Option<String> = "Id", HOURS_OF_OPERATION_ID;
        arn: Option<String> = "Arn", ARN;
    }
    IdempotencyException {
        message: Option<String> = "Message", MESSAGE;
    }
    Instance (INSTANCE) {
        id: Option<String> = "Id", INSTANCE_ID;
        arn: Option<String> = "Arn", ARN;
        identity_management_type: Option<DirectoryType> = "IdentityManagementType", DIRECTORY_TYPE;
        instance_alias: Option<String> = "InstanceAlias", DIRECTORY_ALIAS;
        created_time: Option<crate::Timestamp> = "CreatedTime", TIMESTAMP;
        service_role: Option<String> = "ServiceRole", ARN;
        instance_status: Option<InstanceStatus> = "InstanceStatus", INSTANCE_STATUS;
        status_reason: Option<InstanceStatusReason> = "StatusReason", INSTANCE_STATUS_REASON;
        inbound_calls_enabled: Option<bool> = "InboundCallsEnabled", INBOUND_CALLS_ENABLED;
        outbound_calls_enabled: Option<bool> = "OutboundCallsEnabled", OUTBOUND_CALLS_ENABLED;
        instance_access_url: Option<String> = "InstanceAccessUrl", URL;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
    }
    InstanceStatusReason (INSTANCE_STATUS_REASON) {
        message: Option<String> = "Message", STRING;
    }
    InstanceSummary (INSTANCE_SUMMARY) {
        id: Option<String> = "Id", INSTANCE_ID;
        arn: Option<String> = "Arn", ARN;
        identity_management_type: Option<DirectoryType> = "IdentityManagementType", DIRECTORY_TYPE;
        instance_alias: Option<String> = "InstanceAlias", DIRECTORY_ALIAS;
        created_time: Option<crate::Timestamp> = "CreatedTime", TIMESTAMP;
        service_role: Option<String> = "ServiceRole", ARN;
        instance_status: Option<InstanceStatus> = "InstanceStatus", INSTANCE_STATUS;
        inbound_calls_enabled: Option<bool> = "InboundCallsEnabled", INBOUND_CALLS_ENABLED;
        outbound_calls_enabled: Option<bool> = "OutboundCallsEnabled", OUTBOUND_CALLS_ENABLED;
        instance_access_url: Option<String> = "InstanceAccessUrl", URL;
    }
    IntegrationAssociationSummary (INTEGRATION_ASSOCIATION_SUMMARY) {
        integration_association_id: Option<String> = "IntegrationAssociationId", INTEGRATION_ASSOCIATION_ID;
        integration_association_arn: Option<String> = "IntegrationAssociationArn", ARN;
        instance_id: Option<String> = "InstanceId", INSTANCE_ID;
        integration_type: Option<IntegrationType> = "IntegrationType", INTEGRATION_TYPE;
        integration_arn: Option<String> = "IntegrationArn", ARN;
        source_application_url: Option<String> = "SourceApplicationUrl", URI;
        source_application_name: Option<String> = "SourceApplicationName", SOURCE_APPLICATION_NAME;
        source_type: Option<SourceType> = "SourceType", SOURCE_TYPE;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    InternalServiceException {
        message: Option<String> = "Message", MESSAGE;
    }
    InvalidContactFlowModuleException {
        problems: Option<Vec<ProblemDetail>> = "Problems", PROBLEMS;
    }
    InvalidParameterException {
        message: Option<String> = "Message", MESSAGE;
    }
    InvalidRequestException {
        message: Option<String> = "Message", MESSAGE;
        reason: Option<InvalidRequestExceptionReason> = "Reason", INVALID_REQUEST_EXCEPTION_REASON;
    }
    InvalidRequestExceptionReason (INVALID_REQUEST_EXCEPTION_REASON) {
        attached_file_invalid_request_exception_reason: Option<AttachedFileInvalidRequestExceptionReason> = "AttachedFileInvalidRequestExceptionReason", ATTACHED_FILE_INVALID_REQUEST_EXCEPTION_REASON;
    }
    LimitExceededException {
        message: Option<String> = "Message", MESSAGE;
    }
    ListCondition (LIST_CONDITION) {
        target_list_type: Option<TargetListType> = "TargetListType", TARGET_LIST_TYPE;
        conditions: Option<Vec<Condition>> = "Conditions", CONDITIONS;
    }
    MaximumResultReturnedException {
        message: Option<String> = "Message", MESSAGE;
    }
    MediaConcurrency (MEDIA_CONCURRENCY) {
        channel: Channel = "Channel", CHANNEL, required;
        concurrency: Option<i32> = "Concurrency", CONCURRENCY;
        cross_channel_behavior: Option<CrossChannelBehavior> = "CrossChannelBehavior", CROSS_CHANNEL_BEHAVIOR;
        workload_type_concurrencies: Option<Vec<WorkloadTypeConcurrency>> = "WorkloadTypeConcurrencies", WORKLOAD_TYPE_CONCURRENCIES;
    }
    NumberCondition (NUMBER_CONDITION) {
        field_name: Option<String> = "FieldName", STRING;
        min_value: Option<i32> = "MinValue", NULLABLE_PROFICIENCY_LIMIT_VALUE;
        max_value: Option<i32> = "MaxValue", NULLABLE_PROFICIENCY_LIMIT_VALUE;
        comparison_type: Option<NumberComparisonType> = "ComparisonType", NUMBER_COMPARISON_TYPE;
    }
    OutboundCallerConfig (OUTBOUND_CALLER_CONFIG) {
        outbound_caller_id_name: Option<String> = "OutboundCallerIdName", OUTBOUND_CALLER_ID_NAME;
        outbound_caller_id_number_id: Option<String> = "OutboundCallerIdNumberId", PHONE_NUMBER_ID;
        outbound_flow_id: Option<String> = "OutboundFlowId", CONTACT_FLOW_ID;
    }
    OutboundEmailConfig (OUTBOUND_EMAIL_CONFIG) {
        outbound_email_address_id: Option<String> = "OutboundEmailAddressId", EMAIL_ADDRESS_ID;
    }
    ParentHoursOfOperationConfig (PARENT_HOURS_OF_OPERATION_CONFIG) {
        hours_of_operation_id: Option<String> = "HoursOfOperationId", HOURS_OF_OPERATION_ID;
    }
    PersistentConnectionConfig (PERSISTENT_CONNECTION_CONFIG) {
        channel: Channel = "Channel", CHANNEL, required;
        persistent_connection: bool = "PersistentConnection", PERSISTENT_CONNECTION, required;
    }
    PhoneNumberConfig (PHONE_NUMBER_CONFIG) {
        channel: Channel = "Channel", CHANNEL, required;
        phone_type: PhoneType = "PhoneType", PHONE_TYPE, required;
        phone_number: Option<String> = "PhoneNumber", SENSITIVE_PHONE_NUMBER;
    }
    PhoneNumberQuickConnectConfig (PHONE_NUMBER_QUICK_CONNECT_CONFIG) {
        phone_number: String = "PhoneNumber", PHONE_NUMBER, required;
    }
    PrimaryAttributeAccessControlConfigurationItem (PRIMARY_ATTRIBUTE_ACCESS_CONTROL_CONFIGURATION_ITEM) {
        primary_attribute_values: Option<Vec<PrimaryAttributeValue>> = "PrimaryAttributeValues", PRIMARY_ATTRIBUTE_VALUES_SET;
    }
    PrimaryAttributeValue (PRIMARY_ATTRIBUTE_VALUE) {
        access_type: Option<AccessType> = "AccessType", ACCESS_TYPE;
        attribute_name: Option<String> = "AttributeName", PRIMARY_ATTRIBUTE_CONTEXT_KEY_NAME;
        values: Option<Vec<String>> = "Values", PRIMARY_VALUE_LIST;
    }
    PrimaryAttributeValueFilter (PRIMARY_ATTRIBUTE_VALUE_FILTER) {
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, required;
        values: Vec<String> = "Values", VALUE_LIST, required;
    }
    PrimaryValue (PRIMARY_VALUE) {
        attribute_name: String = "AttributeName", DATA_TABLE_NAME, required;
        value: String = "Value", STRING, required;
    }
    PrimaryValueResponse (PRIMARY_VALUE_RESPONSE) {
        attribute_name: Option<String> = "AttributeName", DATA_TABLE_NAME;
        attribute_id: Option<String> = "AttributeId", DATA_TABLE_ID;
        value: Option<String> = "Value", STRING;
    }
    ProblemDetail (PROBLEM_DETAIL) {
        message: Option<String> = "message", PROBLEM_MESSAGE_STRING;
    }
    Queue (QUEUE) {
        name: Option<String> = "Name", COMMON_NAME_LENGTH127;
        queue_arn: Option<String> = "QueueArn", ARN;
        queue_id: Option<String> = "QueueId", QUEUE_ID;
        description: Option<String> = "Description", QUEUE_DESCRIPTION;
        outbound_caller_config: Option<OutboundCallerConfig> = "OutboundCallerConfig", OUTBOUND_CALLER_CONFIG;
        outbound_email_config: Option<OutboundEmailConfig> = "OutboundEmailConfig", OUTBOUND_EMAIL_CONFIG;
        hours_of_operation_id: Option<String> = "HoursOfOperationId", HOURS_OF_OPERATION_ID;
        max_contacts: Option<i32> = "MaxContacts", QUEUE_MAX_CONTACTS;
        status: Option<QueueStatus> = "Status", QUEUE_STATUS;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    QueueQuickConnectConfig (QUEUE_QUICK_CONNECT_CONFIG) {
        queue_id: String = "QueueId", QUEUE_ID, required;
        contact_flow_id: String = "ContactFlowId", CONTACT_FLOW_ID, required;
    }
    QueueSearchCriteria (QUEUE_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<QueueSearchCriteria>> = "OrConditions", QUEUE_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<QueueSearchCriteria>> = "AndConditions", QUEUE_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
        queue_type_condition: Option<SearchableQueueType> = "QueueTypeCondition", SEARCHABLE_QUEUE_TYPE;
    }
    QueueSearchFilter (QUEUE_SEARCH_FILTER) {
        tag_filter: Option<ControlPlaneTagFilter> = "TagFilter", CONTROL_PLANE_TAG_FILTER;
    }
    QueueSummary (QUEUE_SUMMARY) {
        id: Option<String> = "Id", QUEUE_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", QUEUE_NAME;
        queue_type: Option<QueueType> = "QueueType", QUEUE_TYPE;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    QuickConnect (QUICK_CONNECT) {
        quick_connect_arn: Option<String> = "QuickConnectARN", ARN;
        quick_connect_id: Option<String> = "QuickConnectId", QUICK_CONNECT_ID;
        name: Option<String> = "Name", QUICK_CONNECT_NAME;
        description: Option<String> = "Description", QUICK_CONNECT_DESCRIPTION;
        quick_connect_config: Option<QuickConnectConfig> = "QuickConnectConfig", QUICK_CONNECT_CONFIG;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    QuickConnectConfig (QUICK_CONNECT_CONFIG) {
        quick_connect_type: QuickConnectType = "QuickConnectType", QUICK_CONNECT_TYPE, required;
        user_config: Option<UserQuickConnectConfig> = "UserConfig", USER_QUICK_CONNECT_CONFIG;
        queue_config: Option<QueueQuickConnectConfig> = "QueueConfig", QUEUE_QUICK_CONNECT_CONFIG;
        phone_config: Option<PhoneNumberQuickConnectConfig> = "PhoneConfig", PHONE_NUMBER_QUICK_CONNECT_CONFIG;
        flow_config: Option<FlowQuickConnectConfig> = "FlowConfig", FLOW_QUICK_CONNECT_CONFIG;
    }
    QuickConnectSearchCriteria (QUICK_CONNECT_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<QuickConnectSearchCriteria>> = "OrConditions", QUICK_CONNECT_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<QuickConnectSearchCriteria>> = "AndConditions", QUICK_CONNECT_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
    }
    QuickConnectSearchFilter (QUICK_CONNECT_SEARCH_FILTER) {
        tag_filter: Option<ControlPlaneTagFilter> = "TagFilter", CONTROL_PLANE_TAG_FILTER;
    }
    QuickConnectSummary (QUICK_CONNECT_SUMMARY) {
        id: Option<String> = "Id", QUICK_CONNECT_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", QUICK_CONNECT_NAME;
        quick_connect_type: Option<QuickConnectType> = "QuickConnectType", QUICK_CONNECT_TYPE;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    RecordPrimaryValue (RECORD_PRIMARY_VALUE) {
        record_id: Option<String> = "RecordId", DATA_TABLE_ID;
        primary_values: Option<Vec<PrimaryValueResponse>> = "PrimaryValues", PRIMARY_VALUES_RESPONSE_SET;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    ReplicationConfiguration (REPLICATION_CONFIGURATION) {
        replication_status_summary_list: Option<Vec<ReplicationStatusSummary>> = "ReplicationStatusSummaryList", REPLICATION_STATUS_SUMMARY_LIST;
        source_region: Option<String> = "SourceRegion", AWS_REGION;
        global_sign_in_endpoint: Option<String> = "GlobalSignInEndpoint", GLOBAL_SIGN_IN_ENDPOINT;
    }
    ReplicationStatusSummary (REPLICATION_STATUS_SUMMARY) {
        region: Option<String> = "Region", AWS_REGION;
        replication_status: Option<InstanceReplicationStatus> = "ReplicationStatus", INSTANCE_REPLICATION_STATUS;
        replication_status_reason: Option<String> = "ReplicationStatusReason", REPLICATION_STATUS_REASON;
    }
    ResourceConflictException {
        message: Option<String> = "Message", MESSAGE;
    }
    ResourceInUseException {
        message: Option<String> = "Message", MESSAGE;
        resource_type: Option<ResourceType> = "ResourceType", RESOURCE_TYPE;
        resource_id: Option<String> = "ResourceId", ARN;
    }
    ResourceNotFoundException {
        message: Option<String> = "Message", MESSAGE;
    }
    ResourceTagsSearchCriteria (RESOURCE_TAGS_SEARCH_CRITERIA) {
        tag_search_condition: Option<TagSearchCondition> = "TagSearchCondition", TAG_SEARCH_CONDITION;
    }
    RoutingProfile (ROUTING_PROFILE) {
        instance_id: Option<String> = "InstanceId", INSTANCE_ID;
        name: Option<String> = "Name", ROUTING_PROFILE_NAME;
        routing_profile_arn: Option<String> = "RoutingProfileArn", ARN;
        routing_profile_id: Option<String> = "RoutingProfileId", ROUTING_PROFILE_ID;
        description: Option<String> = "Description", ROUTING_PROFILE_DESCRIPTION;
        media_concurrencies: Option<Vec<MediaConcurrency>> = "MediaConcurrencies", MEDIA_CONCURRENCIES;
        default_outbound_queue_id: Option<String> = "DefaultOutboundQueueId", QUEUE_ID;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        number_of_associated_queues: Option<i64> = "NumberOfAssociatedQueues", LONG;
        number_of_associated_manual_assignment_queues: Option<i64> = "NumberOfAssociatedManualAssignmentQueues", LONG;
        number_of_associated_users: Option<i64> = "NumberOfAssociatedUsers", LONG;
        agent_availability_timer: Option<AgentAvailabilityTimer> = "AgentAvailabilityTimer", AGENT_AVAILABILITY_TIMER;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        is_default: Option<bool> = "IsDefault", BOOLEAN;
        associated_queue_ids: Option<Vec<String>> = "AssociatedQueueIds", ASSOCIATED_QUEUE_ID_LIST;
        associated_manual_assignment_queue_ids: Option<Vec<String>> = "AssociatedManualAssignmentQueueIds", ASSOCIATED_QUEUE_ID_LIST;
    }
    RoutingProfileManualAssignmentQueueConfig (ROUTING_PROFILE_MANUAL_ASSIGNMENT_QUEUE_CONFIG) {
        queue_reference: RoutingProfileQueueReference = "QueueReference", ROUTING_PROFILE_QUEUE_REFERENCE, required;
    }
    RoutingProfileManualAssignmentQueueConfigSummary (ROUTING_PROFILE_MANUAL_ASSIGNMENT_QUEUE_CONFIG_SUMMARY) {
        queue_id: Option<String> = "QueueId", QUEUE_ID;
        queue_arn: Option<String> = "QueueArn", ARN;
        queue_name: Option<String> = "QueueName", QUEUE_NAME;
        channel: Option<Channel> = "Channel", CHANNEL;
    }
    RoutingProfileQueueConfig (ROUTING_PROFILE_QUEUE_CONFIG) {
        queue_reference: RoutingProfileQueueReference = "QueueReference", ROUTING_PROFILE_QUEUE_REFERENCE, required;
        priority: i32 = "Priority", PRIORITY, required;
        delay: i32 = "Delay", DELAY, required;
    }
    RoutingProfileQueueConfigSummary (ROUTING_PROFILE_QUEUE_CONFIG_SUMMARY) {
        queue_id: Option<String> = "QueueId", QUEUE_ID;
        queue_arn: Option<String> = "QueueArn", ARN;
        queue_name: Option<String> = "QueueName", QUEUE_NAME;
        priority: Option<i32> = "Priority", PRIORITY;
        delay: Option<i32> = "Delay", DELAY;
        channel: Option<Channel> = "Channel", CHANNEL;
    }
    RoutingProfileQueueReference (ROUTING_PROFILE_QUEUE_REFERENCE) {
        queue_id: String = "QueueId", QUEUE_ID, required;
        channel: Channel = "Channel", CHANNEL, required;
    }
    RoutingProfileSearchCriteria (ROUTING_PROFILE_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<RoutingProfileSearchCriteria>> = "OrConditions", ROUTING_PROFILE_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<RoutingProfileSearchCriteria>> = "AndConditions", ROUTING_PROFILE_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
    }
    RoutingProfileSearchFilter (ROUTING_PROFILE_SEARCH_FILTER) {
        tag_filter: Option<ControlPlaneTagFilter> = "TagFilter", CONTROL_PLANE_TAG_FILTER;
    }
    RoutingProfileSummary (ROUTING_PROFILE_SUMMARY) {
        id: Option<String> = "Id", ROUTING_PROFILE_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", ROUTING_PROFILE_NAME;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    SecurityProfile (SECURITY_PROFILE) {
        id: Option<String> = "Id", SECURITY_PROFILE_ID;
        organization_resource_id: Option<String> = "OrganizationResourceId", INSTANCE_ID;
        arn: Option<String> = "Arn", ARN;
        security_profile_name: Option<String> = "SecurityProfileName", SECURITY_PROFILE_NAME;
        description: Option<String> = "Description", SECURITY_PROFILE_DESCRIPTION;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        allowed_access_control_tags: Option<std::collections::BTreeMap<String, String>> = "AllowedAccessControlTags", ALLOWED_ACCESS_CONTROL_TAGS;
        tag_restricted_resources: Option<Vec<String>> = "TagRestrictedResources", TAG_RESTRICTED_RESOURCE_LIST;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        hierarchy_restricted_resources: Option<Vec<String>> = "HierarchyRestrictedResources", HIERARCHY_RESTRICTED_RESOURCE_LIST;
        allowed_access_control_hierarchy_group_id: Option<String> = "AllowedAccessControlHierarchyGroupId", HIERARCHY_GROUP_ID;
        granular_access_control_configuration: Option<GranularAccessControlConfiguration> = "GranularAccessControlConfiguration", GRANULAR_ACCESS_CONTROL_CONFIGURATION;
        r#type: Option<SecurityProfileType> = "Type", SECURITY_PROFILE_TYPE;
    }
    SecurityProfileItem (SECURITY_PROFILE_ITEM) {
        id: Option<String> = "Id", SECURITY_PROFILE_ID;
    }
    SecurityProfileSearchCriteria (SECURITY_PROFILE_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<SecurityProfileSearchCriteria>> = "OrConditions", SECURITY_PROFILE_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<SecurityProfileSearchCriteria>> = "AndConditions", SECURITY_PROFILE_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
    }
    SecurityProfileSearchSummary (SECURITY_PROFILE_SEARCH_SUMMARY) {
        id: Option<String> = "Id", SECURITY_PROFILE_ID;
        organization_resource_id: Option<String> = "OrganizationResourceId", INSTANCE_ID;
        arn: Option<String> = "Arn", ARN;
        security_profile_name: Option<String> = "SecurityProfileName", SECURITY_PROFILE_NAME;
        description: Option<String> = "Description", SECURITY_PROFILE_DESCRIPTION;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        r#type: Option<SecurityProfileType> = "Type", SECURITY_PROFILE_TYPE;
    }
    SecurityProfileSummary (SECURITY_PROFILE_SUMMARY) {
        id: Option<String> = "Id", SECURITY_PROFILE_ID;
        arn: Option<String> = "Arn", ARN;
        name: Option<String> = "Name", SECURITY_PROFILE_NAME;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        r#type: Option<SecurityProfileType> = "Type", SECURITY_PROFILE_TYPE;
    }
    SecurityProfilesSearchFilter (SECURITY_PROFILES_SEARCH_FILTER) {
        tag_filter: Option<ControlPlaneTagFilter> = "TagFilter", CONTROL_PLANE_TAG_FILTER;
    }
    ServiceQuotaExceededException {
        message: Option<String> = "Message", MESSAGE;
        reason: Option<ServiceQuotaExceededExceptionReason> = "Reason", SERVICE_QUOTA_EXCEEDED_EXCEPTION_REASON;
    }
    ServiceQuotaExceededExceptionReason (SERVICE_QUOTA_EXCEEDED_EXCEPTION_REASON) {
        attached_file_service_quota_exceeded_exception_reason: Option<AttachedFileServiceQuotaExceededExceptionReason> = "AttachedFileServiceQuotaExceededExceptionReason", ATTACHED_FILE_SERVICE_QUOTA_EXCEEDED_EXCEPTION_REASON;
    }
    StringCondition (STRING_CONDITION) {
        field_name: Option<String> = "FieldName", STRING;
        value: Option<String> = "Value", STRING;
        comparison_type: Option<StringComparisonType> = "ComparisonType", STRING_COMPARISON_TYPE;
    }
    TagCondition (TAG_CONDITION) {
        tag_key: Option<String> = "TagKey", STRING;
        tag_value: Option<String> = "TagValue", STRING;
    }
    TagSearchCondition (TAG_SEARCH_CONDITION) {
        tag_key: Option<String> = "tagKey", TAG_KEY_STRING;
        tag_value: Option<String> = "tagValue", TAG_VALUE_STRING;
        tag_key_comparison_type: Option<StringComparisonType> = "tagKeyComparisonType", STRING_COMPARISON_TYPE;
        tag_value_comparison_type: Option<StringComparisonType> = "tagValueComparisonType", STRING_COMPARISON_TYPE;
    }
    TagSet (TAG_SET) {
        key: Option<String> = "key", TAG_KEY;
        value: Option<String> = "value", TAG_VALUE;
    }
    ThrottlingException {
        message: Option<String> = "Message", MESSAGE;
    }
    User (USER) {
        id: Option<String> = "Id", USER_ID;
        arn: Option<String> = "Arn", ARN;
        username: Option<String> = "Username", AGENT_USERNAME;
        identity_info: Option<UserIdentityInfo> = "IdentityInfo", USER_IDENTITY_INFO;
        phone_config: Option<UserPhoneConfig> = "PhoneConfig", USER_PHONE_CONFIG;
        directory_user_id: Option<String> = "DirectoryUserId", DIRECTORY_USER_ID;
        security_profile_ids: Option<Vec<String>> = "SecurityProfileIds", SECURITY_PROFILE_IDS;
        routing_profile_id: Option<String> = "RoutingProfileId", ROUTING_PROFILE_ID;
        hierarchy_group_id: Option<String> = "HierarchyGroupId", HIERARCHY_GROUP_ID;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        auto_accept_configs: Option<Vec<AutoAcceptConfig>> = "AutoAcceptConfigs", AUTO_ACCEPT_CONFIGS;
        after_contact_work_configs: Option<Vec<AfterContactWorkConfigPerChannel>> = "AfterContactWorkConfigs", AFTER_CONTACT_WORK_CONFIGS;
        phone_number_configs: Option<Vec<PhoneNumberConfig>> = "PhoneNumberConfigs", PHONE_NUMBER_CONFIGS;
        persistent_connection_configs: Option<Vec<PersistentConnectionConfig>> = "PersistentConnectionConfigs", PERSISTENT_CONNECTION_CONFIGS;
        voice_enhancement_configs: Option<Vec<VoiceEnhancementConfig>> = "VoiceEnhancementConfigs", VOICE_ENHANCEMENT_CONFIGS;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    UserHierarchyGroupSearchCriteria (USER_HIERARCHY_GROUP_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<UserHierarchyGroupSearchCriteria>> = "OrConditions", USER_HIERARCHY_GROUP_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<UserHierarchyGroupSearchCriteria>> = "AndConditions", USER_HIERARCHY_GROUP_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
    }
    UserHierarchyGroupSearchFilter (USER_HIERARCHY_GROUP_SEARCH_FILTER) {
        attribute_filter: Option<ControlPlaneAttributeFilter> = "AttributeFilter", CONTROL_PLANE_ATTRIBUTE_FILTER;
    }
    UserIdentityInfo (USER_IDENTITY_INFO) {
        first_name: Option<String> = "FirstName", AGENT_FIRST_NAME;
        last_name: Option<String> = "LastName", AGENT_LAST_NAME;
        email: Option<String> = "Email", EMAIL;
        secondary_email: Option<String> = "SecondaryEmail", EMAIL;
        mobile: Option<String> = "Mobile", PHONE_NUMBER;
    }
    UserIdentityInfoLite (USER_IDENTITY_INFO_LITE) {
        first_name: Option<String> = "FirstName", AGENT_FIRST_NAME;
        last_name: Option<String> = "LastName", AGENT_LAST_NAME;
    }
    UserPhoneConfig (USER_PHONE_CONFIG) {
        phone_type: Option<PhoneType> = "PhoneType", PHONE_TYPE;
        auto_accept: Option<bool> = "AutoAccept", AUTO_ACCEPT;
        after_contact_work_time_limit: Option<i32> = "AfterContactWorkTimeLimit", AFTER_CONTACT_WORK_TIME_LIMIT;
        desk_phone_number: Option<String> = "DeskPhoneNumber", SENSITIVE_PHONE_NUMBER;
        persistent_connection: Option<bool> = "PersistentConnection", PERSISTENT_CONNECTION;
    }
    UserQuickConnectConfig (USER_QUICK_CONNECT_CONFIG) {
        user_id: String = "UserId", USER_ID, required;
        contact_flow_id: String = "ContactFlowId", CONTACT_FLOW_ID, required;
    }
    UserSearchCriteria (USER_SEARCH_CRITERIA) {
        or_conditions: Option<Vec<UserSearchCriteria>> = "OrConditions", USER_SEARCH_CONDITION_LIST;
        and_conditions: Option<Vec<UserSearchCriteria>> = "AndConditions", USER_SEARCH_CONDITION_LIST;
        string_condition: Option<StringCondition> = "StringCondition", STRING_CONDITION;
        list_condition: Option<ListCondition> = "ListCondition", LIST_CONDITION;
        hierarchy_group_condition: Option<HierarchyGroupCondition> = "HierarchyGroupCondition", HIERARCHY_GROUP_CONDITION;
    }
    UserSearchFilter (USER_SEARCH_FILTER) {
        tag_filter: Option<ControlPlaneTagFilter> = "TagFilter", CONTROL_PLANE_TAG_FILTER;
        user_attribute_filter: Option<ControlPlaneUserAttributeFilter> = "UserAttributeFilter", CONTROL_PLANE_USER_ATTRIBUTE_FILTER;
    }
    UserSearchSummary (USER_SEARCH_SUMMARY) {
        arn: Option<String> = "Arn", ARN;
        directory_user_id: Option<String> = "DirectoryUserId", DIRECTORY_USER_ID;
        hierarchy_group_id: Option<String> = "HierarchyGroupId", HIERARCHY_GROUP_ID;
        id: Option<String> = "Id", USER_ID;
        identity_info: Option<UserIdentityInfoLite> = "IdentityInfo", USER_IDENTITY_INFO_LITE;
        phone_config: Option<UserPhoneConfig> = "PhoneConfig", USER_PHONE_CONFIG;
        routing_profile_id: Option<String> = "RoutingProfileId", ROUTING_PROFILE_ID;
        security_profile_ids: Option<Vec<String>> = "SecurityProfileIds", SECURITY_PROFILE_IDS;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        username: Option<String> = "Username", AGENT_USERNAME;
        auto_accept_configs: Option<Vec<AutoAcceptConfig>> = "AutoAcceptConfigs", AUTO_ACCEPT_CONFIGS;
        after_contact_work_configs: Option<Vec<AfterContactWorkConfigPerChannel>> = "AfterContactWorkConfigs", AFTER_CONTACT_WORK_CONFIGS;
        phone_number_configs: Option<Vec<PhoneNumberConfig>> = "PhoneNumberConfigs", PHONE_NUMBER_CONFIGS;
        persistent_connection_configs: Option<Vec<PersistentConnectionConfig>> = "PersistentConnectionConfigs", PERSISTENT_CONNECTION_CONFIGS;
        voice_enhancement_configs: Option<Vec<VoiceEnhancementConfig>> = "VoiceEnhancementConfigs", VOICE_ENHANCEMENT_CONFIGS;
    }
    UserSummary (USER_SUMMARY) {
        id: Option<String> = "Id", USER_ID;
        arn: Option<String> = "Arn", ARN;
        username: Option<String> = "Username", AGENT_USERNAME;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
    }
    Validation (VALIDATION) {
        min_length: Option<i32> = "MinLength", LENGTH_BOUNDARY;
        max_length: Option<i32> = "MaxLength", LENGTH_BOUNDARY;
        min_values: Option<i32> = "MinValues", VALUE_BOUNDARY;
        max_values: Option<i32> = "MaxValues", VALUE_BOUNDARY;
        ignore_case: Option<bool> = "IgnoreCase", BOOLEAN;
        minimum: Option<f64> = "Minimum", POSITIVE_AND_NEGATIVE_DOUBLE;
        maximum: Option<f64> = "Maximum", POSITIVE_AND_NEGATIVE_DOUBLE;
        exclusive_minimum: Option<f64> = "ExclusiveMinimum", POSITIVE_AND_NEGATIVE_DOUBLE;
        exclusive_maximum: Option<f64> = "ExclusiveMaximum", POSITIVE_AND_NEGATIVE_DOUBLE;
        multiple_of: Option<f64> = "MultipleOf", POSITIVE_DOUBLE;
        r#enum: Option<ValidationEnum> = "Enum", VALIDATION_ENUM;
    }
    ValidationEnum (VALIDATION_ENUM) {
        strict: Option<bool> = "Strict", BOOLEAN;
        values: Option<Vec<String>> = "Values", VALIDATION_ENUM_VALUES;
    }
    VoiceEnhancementConfig (VOICE_ENHANCEMENT_CONFIG) {
        channel: Channel = "Channel", CHANNEL, required;
        voice_enhancement_mode: VoiceEnhancementMode = "VoiceEnhancementMode", VOICE_ENHANCEMENT_MODE, required;
    }
    WorkloadTypeConcurrency (WORKLOAD_TYPE_CONCURRENCY) {
        workload_type: String = "WorkloadType", WORKLOAD_TYPE, required;
        concurrency: i32 = "Concurrency", WORKLOAD_TYPE_CONCURRENCY_TYPE, required;
        cross_channel_workload_behavior: Option<CrossChannelWorkloadBehavior> = "CrossChannelWorkloadBehavior", CROSS_CHANNEL_WORKLOAD_BEHAVIOR;
    }
}
