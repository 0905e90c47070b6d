//! Strings of a fixed set.
//!
//! Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.

enums! {
    AI_AGENT_TYPE AIAgentType {
        ThirdParty = "THIRD_PARTY",
    }
    ACCESS_TYPE AccessType {
        Allow = "ALLOW",
    }
    AGENT_AVAILABILITY_TIMER AgentAvailabilityTimer {
        TimeSinceLastActivity = "TIME_SINCE_LAST_ACTIVITY",
        TimeSinceLastInbound = "TIME_SINCE_LAST_INBOUND",
    }
    APPLICATION_TYPE ApplicationType {
        Mcp = "MCP",
        ThirdPartyApplication = "THIRD_PARTY_APPLICATION",
    }
    ATTACHED_FILE_INVALID_REQUEST_EXCEPTION_REASON AttachedFileInvalidRequestExceptionReason {
        InvalidFileSize = "INVALID_FILE_SIZE",
        InvalidFileType = "INVALID_FILE_TYPE",
        InvalidFileName = "INVALID_FILE_NAME",
    }
    ATTACHED_FILE_SERVICE_QUOTA_EXCEEDED_EXCEPTION_REASON AttachedFileServiceQuotaExceededExceptionReason {
        TotalFileSizeExceeded = "TOTAL_FILE_SIZE_EXCEEDED",
        TotalFileCountExceeded = "TOTAL_FILE_COUNT_EXCEEDED",
    }
    BEHAVIOR_TYPE BehaviorType {
        RouteCurrentChannelOnly = "ROUTE_CURRENT_CHANNEL_ONLY",
        RouteAnyChannel = "ROUTE_ANY_CHANNEL",
    }
    CHANNEL Channel {
        Voice = "VOICE",
        Chat = "CHAT",
        Task = "TASK",
        Email = "EMAIL",
    }
    CHANNEL_WORKLOAD_BEHAVIOR_TYPE ChannelWorkloadBehaviorType {
        RouteCurrentChannelCurrentWorkloadtypeOnly = "ROUTE_CURRENT_CHANNEL_CURRENT_WORKLOADTYPE_ONLY",
        RouteCurrentChannelAnyWorkloadtypeOnly = "ROUTE_CURRENT_CHANNEL_ANY_WORKLOADTYPE_ONLY",
        RouteAnyChannelAnyWorkloadType = "ROUTE_ANY_CHANNEL_ANY_WORKLOAD_TYPE",
    }
    CONTACT_FLOW_MODULE_STATE ContactFlowModuleState {
        Active = "ACTIVE",
        Archived = "ARCHIVED",
    }
    CONTACT_FLOW_MODULE_STATUS ContactFlowModuleStatus {
        Published = "PUBLISHED",
        Saved = "SAVED",
    }
    DATA_TABLE_ATTRIBUTE_VALUE_TYPE DataTableAttributeValueType {
        Text = "TEXT",
        Number = "NUMBER",
        Boolean = "BOOLEAN",
        TextList = "TEXT_LIST",
        NumberList = "NUMBER_LIST",
    }
    DATA_TABLE_LOCK_LEVEL DataTableLockLevel {
        None = "NONE",
        DataTable = "DATA_TABLE",
        PrimaryValue = "PRIMARY_VALUE",
        Attribute = "ATTRIBUTE",
        Value = "VALUE",
    }
    DATA_TABLE_STATUS DataTableStatus {
        Published = "PUBLISHED",
    }
    DIRECTORY_TYPE DirectoryType {
        Saml = "SAML",
        ConnectManaged = "CONNECT_MANAGED",
        ExistingDirectory = "EXISTING_DIRECTORY",
    }
    ENTITY_TYPE EntityType {
        User = "USER",
        AiAgent = "AI_AGENT",
    }
    FLOW_MODULE_TYPE FlowModuleType {
        Mcp = "MCP",
    }
    HIERARCHY_GROUP_MATCH_TYPE HierarchyGroupMatchType {
        Exact = "EXACT",
        WithChildGroups = "WITH_CHILD_GROUPS",
    }
    HOURS_OF_OPERATION_DAYS HoursOfOperationDays {
        Sunday = "SUNDAY",
        Monday = "MONDAY",
        Tuesday = "TUESDAY",
        Wednesday = "WEDNESDAY",
        Thursday = "THURSDAY",
        Friday = "FRIDAY",
        Saturday = "SATURDAY",
    }
    INSTANCE_ATTRIBUTE_TYPE InstanceAttributeType {
        InboundCalls = "INBOUND_CALLS",
        OutboundCalls = "OUTBOUND_CALLS",
        ContactflowLogs = "CONTACTFLOW_LOGS",
        ContactLens = "CONTACT_LENS",
        AutoResolveBestVoices = "AUTO_RESOLVE_BEST_VOICES",
        UseCustomTtsVoices = "USE_CUSTOM_TTS_VOICES",
        EarlyMedia = "EARLY_MEDIA",
        MultiPartyConference = "MULTI_PARTY_CONFERENCE",
        AutoMuteAgentOnHold = "AUTO_MUTE_AGENT_ON_HOLD",
        HighVolumeOutbound = "HIGH_VOLUME_OUTBOUND",
        EnhancedContactMonitoring = "ENHANCED_CONTACT_MONITORING",
        EnhancedChatMonitoring = "ENHANCED_CHAT_MONITORING",
        MultiPartyChatConference = "MULTI_PARTY_CHAT_CONFERENCE",
        MessageStreaming = "MESSAGE_STREAMING",
    }
    INSTANCE_REPLICATION_STATUS InstanceReplicationStatus {
        InstanceReplicationComplete = "INSTANCE_REPLICATION_COMPLETE",
        InstanceReplicationInProgress = "INSTANCE_REPLICATION_IN_PROGRESS",
        InstanceReplicationFailed = "INSTANCE_REPLICATION_FAILED",
        InstanceReplicaDeleting = "INSTANCE_REPLICA_DELETING",
        InstanceReplicationDeletionFailed = "INSTANCE_REPLICATION_DELETION_FAILED",
        ResourceReplicationNotStarted = "RESOURCE_REPLICATION_NOT_STARTED",
    }
    INSTANCE_STATUS InstanceStatus {
        CreationInProgress = "CREATION_IN_PROGRESS",
        Active = "ACTIVE",
        CreationFailed = "CREATION_FAILED",
    }
    INTEGRATION_TYPE IntegrationType {
        Event = "EVENT",
        VoiceId = "VOICE_ID",
        PinpointApp = "PINPOINT_APP",
        WisdomAssistant = "WISDOM_ASSISTANT",
        WisdomKnowledgeBase = "WISDOM_KNOWLEDGE_BASE",
        WisdomQuickResponses = "WISDOM_QUICK_RESPONSES",
        QMessageTemplates = "Q_MESSAGE_TEMPLATES",
        CasesDomain = "CASES_DOMAIN",
        Application = "APPLICATION",
        FileScanner = "FILE_SCANNER",
        SesIdentity = "SES_IDENTITY",
        AnalyticsConnector = "ANALYTICS_CONNECTOR",
        CallTransferConnector = "CALL_TRANSFER_CONNECTOR",
        CognitoUserPool = "COGNITO_USER_POOL",
        MessageProcessor = "MESSAGE_PROCESSOR",
    }
    NUMBER_COMPARISON_TYPE NumberComparisonType {
        GreaterOrEqual = "GREATER_OR_EQUAL",
        Greater = "GREATER",
        LesserOrEqual = "LESSER_OR_EQUAL",
        Lesser = "LESSER",
        Equal = "EQUAL",
        NotEqual = "NOT_EQUAL",
        Range = "RANGE",
    }
    PHONE_TYPE PhoneType {
        SoftPhone = "SOFT_PHONE",
        DeskPhone = "DESK_PHONE",
    }
    QUEUE_STATUS QueueStatus {
        Enabled = "ENABLED",
        Disabled = "DISABLED",
    }
    QUEUE_TYPE QueueType {
        Standard = "STANDARD",
        Agent = "AGENT",
    }
    QUICK_CONNECT_TYPE QuickConnectType {
        User = "USER",
        Queue = "QUEUE",
        PhoneNumber = "PHONE_NUMBER",
        Flow = "FLOW",
    }
    RESOURCE_TYPE ResourceType {
        Contact = "CONTACT",
        ContactFlow = "CONTACT_FLOW",
        Instance = "INSTANCE",
        Participant = "PARTICIPANT",
        HierarchyLevel = "HIERARCHY_LEVEL",
        HierarchyGroup = "HIERARCHY_GROUP",
        User = "USER",
        PhoneNumber = "PHONE_NUMBER",
    }
    SEARCHABLE_QUEUE_TYPE SearchableQueueType {
        Standard = "STANDARD",
    }
    SECURITY_PROFILE_TYPE SecurityProfileType {
        AwsManaged = "AWS_MANAGED",
        CustomerManaged = "CUSTOMER_MANAGED",
    }
    SOURCE_TYPE SourceType {
        Salesforce = "SALESFORCE",
        Zendesk = "ZENDESK",
        Cases = "CASES",
    }
    STRING_COMPARISON_TYPE StringComparisonType {
        StartsWith = "STARTS_WITH",
        Contains = "CONTAINS",
        Exact = "EXACT",
    }
    TARGET_LIST_TYPE TargetListType {
        Proficiencies = "PROFICIENCIES",
    }
    VOICE_ENHANCEMENT_MODE VoiceEnhancementMode {
        VoiceIsolation = "VOICE_ISOLATION",
        NoiseSuppression = "NOISE_SUPPRESSION",
        None = "NONE",
    }
}
