//! The resource types of Amazon Connect and their properties, as the CloudFormation reference lists them.

use lanyard_model::Kind;

/// The types that are read.
pub(super) const KINDS: &[(&str, Kind)] = &[
    ("AWS::Connect::Instance", Kind::Instance),
    ("AWS::Connect::SecurityProfile", Kind::SecurityProfile),
    ("AWS::Connect::User", Kind::User),
    ("AWS::Connect::UserHierarchyGroup", Kind::HierarchyGroup),
    ("AWS::Connect::UserHierarchyStructure", Kind::HierarchyStructure),
    ("AWS::Connect::Queue", Kind::Queue),
    ("AWS::Connect::RoutingProfile", Kind::RoutingProfile),
    ("AWS::Connect::QuickConnect", Kind::QuickConnect),
    ("AWS::Connect::HoursOfOperation", Kind::HoursOfOperation),
    ("AWS::Connect::ContactFlowModule", Kind::FlowModule),
    ("AWS::Connect::DataTable", Kind::DataTable),
];

/// The other types of Amazon Connect. Access does not depend on their resources.
pub(super) const OTHERS: &[&str] = &[
    "AWS::Connect::AgentStatus",
    "AWS::Connect::ApprovedOrigin",
    "AWS::Connect::ContactFlow",
    "AWS::Connect::ContactFlowModuleAlias",
    "AWS::Connect::ContactFlowModuleVersion",
    "AWS::Connect::ContactFlowVersion",
    "AWS::Connect::DataTableAttribute",
    "AWS::Connect::DataTableRecord",
    "AWS::Connect::EmailAddress",
    "AWS::Connect::EvaluationForm",
    "AWS::Connect::InstanceStorageConfig",
    "AWS::Connect::IntegrationAssociation",
    "AWS::Connect::Notification",
    "AWS::Connect::PhoneNumber",
    "AWS::Connect::PredefinedAttribute",
    "AWS::Connect::Prompt",
    "AWS::Connect::Rule",
    "AWS::Connect::SecurityKey",
    "AWS::Connect::TaskTemplate",
    "AWS::Connect::TrafficDistributionGroup",
    "AWS::Connect::View",
    "AWS::Connect::ViewVersion",
    "AWS::Connect::Workspace",
];

/// The attributes of every resource.
pub(super) const ATTRIBUTES: &[&str] = &[
    "Type",
    "Properties",
    "Condition",
    "DependsOn",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
];

/// The properties of a kind.
pub(super) fn properties(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Instance => &["Attributes", "DirectoryId", "IdentityManagementType", "InstanceAlias", "Tags"],
        Kind::SecurityProfile => &[
            "AllowedAccessControlHierarchyGroupId",
            "AllowedAccessControlTags",
            "AllowedFlowModules",
            "Applications",
            "Description",
            "GranularAccessControlConfiguration",
            "HierarchyRestrictedResources",
            "InstanceArn",
            "Permissions",
            "SecurityProfileName",
            "TagRestrictedResources",
            "Tags",
        ],
        Kind::User => &[
            "AfterContactWorkConfigs",
            "AutoAcceptConfigs",
            "DirectoryUserId",
            "HierarchyGroupArn",
            "IdentityInfo",
            "InstanceArn",
            "Password",
            "PersistentConnectionConfigs",
            "PhoneConfig",
            "PhoneNumberConfigs",
            "RoutingProfileArn",
            "SecurityProfileArns",
            "Tags",
            "UserProficiencies",
            "Username",
            "VoiceEnhancementConfigs",
        ],
        Kind::HierarchyGroup => &["InstanceArn", "Name", "ParentGroupArn", "Tags"],
        Kind::HierarchyStructure => &["InstanceArn", "UserHierarchyStructure"],
        Kind::Queue => &[
            "AdditionalEmailAddresses",
            "Description",
            "HoursOfOperationArn",
            "InstanceArn",
            "MaxContacts",
            "Name",
            "OutboundCallerConfig",
            "OutboundEmailConfig",
            "QuickConnectArns",
            "Status",
            "Tags",
        ],
        Kind::RoutingProfile => &[
            "AgentAvailabilityTimer",
            "DefaultOutboundQueueArn",
            "Description",
            "InstanceArn",
            "ManualAssignmentQueueConfigs",
            "MediaConcurrencies",
            "Name",
            "QueueConfigs",
            "Tags",
        ],
        Kind::QuickConnect => &["Description", "InstanceArn", "Name", "QuickConnectConfig", "QuickConnectType", "Tags"],
        Kind::HoursOfOperation => &[
            "ChildHoursOfOperations",
            "Config",
            "Description",
            "HoursOfOperationOverrides",
            "InstanceArn",
            "Name",
            "ParentHoursOfOperations",
            "Tags",
            "TimeZone",
        ],
        Kind::FlowModule => &[
            "Content",
            "Description",
            "ExternalInvocationConfiguration",
            "InstanceArn",
            "Name",
            "Settings",
            "State",
            "Tags",
        ],
        Kind::DataTable => &["Description", "InstanceArn", "Name", "Status", "Tags", "TimeZone", "ValueLockLevel"],
        _ => &[],
    }
}

/// The properties that are lists, of the kinds that access depends on, with the members of their items; an item of a list
/// without members is a string.
pub(super) fn lists(kind: Kind) -> &'static [(&'static str, &'static [&'static str])] {
    const TAG: &[&str] = &["Key", "Value"];
    match kind {
        Kind::SecurityProfile => &[
            ("AllowedAccessControlTags", TAG),
            ("AllowedFlowModules", &["FlowModuleId", "Type"]),
            ("Applications", &["ApplicationPermissions", "Namespace", "Type"]),
            ("HierarchyRestrictedResources", &[]),
            ("Permissions", &[]),
            ("TagRestrictedResources", &[]),
            ("Tags", TAG),
        ],
        Kind::User => &[("SecurityProfileArns", &[]), ("Tags", TAG)],
        Kind::HierarchyStructure => &[],
        _ => &[("Tags", TAG)],
    }
}
