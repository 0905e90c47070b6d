//! Every operation with shapes.
//!
//! Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.

operations! {
    CreateInstance {
        "PUT" "/instance", CreateInstanceRequest => crate::shapes::CreateInstanceResponse,
        [InvalidRequestException, ServiceQuotaExceededException, ThrottlingException, ResourceNotFoundException, InternalServiceException]
    }
    DescribeInstance {
        "GET" "/instance/{InstanceId}", DescribeInstanceRequest => crate::shapes::DescribeInstanceResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException]
    }
    ListInstances {
        "GET" "/instance", ListInstancesRequest => crate::shapes::ListInstancesResponse,
        [InvalidRequestException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "InstanceSummaryList")
    }
    DeleteInstance {
        "DELETE" "/instance/{InstanceId}", DeleteInstanceRequest => (),
        [ResourceNotFoundException, InternalServiceException, InvalidRequestException]
    }
    DescribeInstanceAttribute {
        "GET" "/instance/{InstanceId}/attribute/{AttributeType}", DescribeInstanceAttributeRequest => crate::shapes::DescribeInstanceAttributeResponse,
        [ResourceNotFoundException, InternalServiceException, InvalidRequestException, InvalidParameterException, ThrottlingException]
    }
    ListInstanceAttributes {
        "GET" "/instance/{InstanceId}/attributes", ListInstanceAttributesRequest => crate::shapes::ListInstanceAttributesResponse,
        [ResourceNotFoundException, InternalServiceException, InvalidRequestException, InvalidParameterException, ThrottlingException], page ("NextToken", "MaxResults", "NextToken", "Attributes")
    }
    UpdateInstanceAttribute {
        "POST" "/instance/{InstanceId}/attribute/{AttributeType}", UpdateInstanceAttributeRequest => (),
        [ResourceNotFoundException, InternalServiceException, InvalidRequestException, InvalidParameterException, ThrottlingException]
    }
    CreateSecurityProfile {
        "PUT" "/security-profiles/{InstanceId}", CreateSecurityProfileRequest => crate::shapes::CreateSecurityProfileResponse,
        [InvalidRequestException, InvalidParameterException, LimitExceededException, DuplicateResourceException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateSecurityProfile {
        "POST" "/security-profiles/{InstanceId}/{SecurityProfileId}", UpdateSecurityProfileRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DescribeSecurityProfile {
        "GET" "/security-profiles/{InstanceId}/{SecurityProfileId}", DescribeSecurityProfileRequest => crate::shapes::DescribeSecurityProfileResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteSecurityProfile {
        "DELETE" "/security-profiles/{InstanceId}/{SecurityProfileId}", DeleteSecurityProfileRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException, AccessDeniedException, ResourceInUseException]
    }
    ListSecurityProfiles {
        "GET" "/security-profiles-summary/{InstanceId}", ListSecurityProfilesRequest => crate::shapes::ListSecurityProfilesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "SecurityProfileSummaryList")
    }
    SearchSecurityProfiles {
        "POST" "/search-security-profiles", SearchSecurityProfilesRequest => crate::shapes::SearchSecurityProfilesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "SecurityProfiles")
    }
    ListSecurityProfilePermissions {
        "GET" "/security-profiles-permissions/{InstanceId}/{SecurityProfileId}", ListSecurityProfilePermissionsRequest => crate::shapes::ListSecurityProfilePermissionsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "Permissions")
    }
    ListSecurityProfileApplications {
        "GET" "/security-profiles-applications/{InstanceId}/{SecurityProfileId}", ListSecurityProfileApplicationsRequest => crate::shapes::ListSecurityProfileApplicationsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "Applications")
    }
    ListSecurityProfileFlowModules {
        "GET" "/security-profiles-flow-modules/{InstanceId}/{SecurityProfileId}", ListSecurityProfileFlowModulesRequest => crate::shapes::ListSecurityProfileFlowModulesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "AllowedFlowModules")
    }
    ListSecurityProfileAIAgents {
        "GET" "/security-profiles-ai-agents/{InstanceId}/{SecurityProfileId}", ListSecurityProfileAIAgentsRequest => crate::shapes::ListSecurityProfileAIAgentsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "AllowedAIAgents")
    }
    AssociateSecurityProfiles {
        "POST" "/associate-security-profiles/{InstanceId}", AssociateSecurityProfilesRequest => (),
        [ResourceNotFoundException, InvalidRequestException, InvalidParameterException, AccessDeniedException, InternalServiceException, ConditionalOperationFailedException, ResourceConflictException]
    }
    DisassociateSecurityProfiles {
        "POST" "/disassociate-security-profiles/{InstanceId}", DisassociateSecurityProfilesRequest => (),
        [ResourceNotFoundException, InvalidRequestException, InvalidParameterException, AccessDeniedException, InternalServiceException, ConditionalOperationFailedException, ResourceConflictException]
    }
    ListEntitySecurityProfiles {
        "POST" "/entity-security-profiles-summary/{InstanceId}", ListEntitySecurityProfilesRequest => crate::shapes::ListEntitySecurityProfilesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "SecurityProfiles")
    }
    UpdateUserSecurityProfiles {
        "POST" "/users/{InstanceId}/{UserId}/security-profiles", UpdateUserSecurityProfilesRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    CreateUser {
        "PUT" "/users/{InstanceId}", CreateUserRequest => crate::shapes::CreateUserResponse,
        [InvalidRequestException, InvalidParameterException, LimitExceededException, DuplicateResourceException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DescribeUser {
        "GET" "/users/{InstanceId}/{UserId}", DescribeUserRequest => crate::shapes::DescribeUserResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteUser {
        "DELETE" "/users/{InstanceId}/{UserId}", DeleteUserRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    ListUsers {
        "GET" "/users-summary/{InstanceId}", ListUsersRequest => crate::shapes::ListUsersResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "UserSummaryList")
    }
    SearchUsers {
        "POST" "/search-users", SearchUsersRequest => crate::shapes::SearchUsersResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "Users")
    }
    UpdateUserConfig {
        "POST" "/users/{InstanceId}/{UserId}/config", UpdateUserConfigRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException, ConditionalOperationFailedException]
    }
    UpdateUserHierarchy {
        "POST" "/users/{InstanceId}/{UserId}/hierarchy", UpdateUserHierarchyRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateUserIdentityInfo {
        "POST" "/users/{InstanceId}/{UserId}/identity-info", UpdateUserIdentityInfoRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateUserPhoneConfig {
        "POST" "/users/{InstanceId}/{UserId}/phone-config", UpdateUserPhoneConfigRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateUserRoutingProfile {
        "POST" "/users/{InstanceId}/{UserId}/routing-profile", UpdateUserRoutingProfileRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    CreateUserHierarchyGroup {
        "PUT" "/user-hierarchy-groups/{InstanceId}", CreateUserHierarchyGroupRequest => crate::shapes::CreateUserHierarchyGroupResponse,
        [InvalidRequestException, InvalidParameterException, DuplicateResourceException, LimitExceededException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DescribeUserHierarchyGroup {
        "GET" "/user-hierarchy-groups/{InstanceId}/{HierarchyGroupId}", DescribeUserHierarchyGroupRequest => crate::shapes::DescribeUserHierarchyGroupResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteUserHierarchyGroup {
        "DELETE" "/user-hierarchy-groups/{InstanceId}/{HierarchyGroupId}", DeleteUserHierarchyGroupRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ResourceInUseException, ThrottlingException, InternalServiceException]
    }
    ListUserHierarchyGroups {
        "GET" "/user-hierarchy-groups-summary/{InstanceId}", ListUserHierarchyGroupsRequest => crate::shapes::ListUserHierarchyGroupsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "UserHierarchyGroupSummaryList")
    }
    SearchUserHierarchyGroups {
        "POST" "/search-user-hierarchy-groups", SearchUserHierarchyGroupsRequest => crate::shapes::SearchUserHierarchyGroupsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "UserHierarchyGroups")
    }
    UpdateUserHierarchyGroupName {
        "POST" "/user-hierarchy-groups/{InstanceId}/{HierarchyGroupId}/name", UpdateUserHierarchyGroupNameRequest => (),
        [InvalidRequestException, InvalidParameterException, DuplicateResourceException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DescribeUserHierarchyStructure {
        "GET" "/user-hierarchy-structure/{InstanceId}", DescribeUserHierarchyStructureRequest => crate::shapes::DescribeUserHierarchyStructureResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateUserHierarchyStructure {
        "POST" "/user-hierarchy-structure/{InstanceId}", UpdateUserHierarchyStructureRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ResourceInUseException, ThrottlingException, InternalServiceException]
    }
    TagResource {
        "POST" "/tags/{resourceArn}", TagResourceRequest => (),
        [InvalidRequestException, InvalidParameterException, InternalServiceException, ResourceNotFoundException, ThrottlingException]
    }
    UntagResource {
        "DELETE" "/tags/{resourceArn}", UntagResourceRequest => (),
        [InvalidRequestException, InvalidParameterException, InternalServiceException, ResourceNotFoundException, ThrottlingException]
    }
    ListTagsForResource {
        "GET" "/tags/{resourceArn}", ListTagsForResourceRequest => crate::shapes::ListTagsForResourceResponse,
        [InvalidRequestException, InvalidParameterException, InternalServiceException, ResourceNotFoundException, ThrottlingException]
    }
    SearchResourceTags {
        "POST" "/search-resource-tags", SearchResourceTagsRequest => crate::shapes::SearchResourceTagsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException, MaximumResultReturnedException], page ("NextToken", "MaxResults", "NextToken", "Tags")
    }
    CreateHoursOfOperation {
        "PUT" "/hours-of-operations/{InstanceId}", CreateHoursOfOperationRequest => crate::shapes::CreateHoursOfOperationResponse,
        [DuplicateResourceException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, LimitExceededException, ThrottlingException, InternalServiceException, ServiceQuotaExceededException]
    }
    DescribeHoursOfOperation {
        "GET" "/hours-of-operations/{InstanceId}/{HoursOfOperationId}", DescribeHoursOfOperationRequest => crate::shapes::DescribeHoursOfOperationResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteHoursOfOperation {
        "DELETE" "/hours-of-operations/{InstanceId}/{HoursOfOperationId}", DeleteHoursOfOperationRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    ListHoursOfOperations {
        "GET" "/hours-of-operations-summary/{InstanceId}", ListHoursOfOperationsRequest => crate::shapes::ListHoursOfOperationsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "HoursOfOperationSummaryList")
    }
    SearchHoursOfOperations {
        "POST" "/search-hours-of-operations", SearchHoursOfOperationsRequest => crate::shapes::SearchHoursOfOperationsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "HoursOfOperations")
    }
    UpdateHoursOfOperation {
        "POST" "/hours-of-operations/{InstanceId}/{HoursOfOperationId}", UpdateHoursOfOperationRequest => (),
        [DuplicateResourceException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    CreateQueue {
        "PUT" "/queues/{InstanceId}", CreateQueueRequest => crate::shapes::CreateQueueResponse,
        [InvalidRequestException, InvalidParameterException, DuplicateResourceException, ResourceNotFoundException, LimitExceededException, ThrottlingException, InternalServiceException]
    }
    DescribeQueue {
        "GET" "/queues/{InstanceId}/{QueueId}", DescribeQueueRequest => crate::shapes::DescribeQueueResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteQueue {
        "DELETE" "/queues/{InstanceId}/{QueueId}", DeleteQueueRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ResourceInUseException, ThrottlingException, InternalServiceException]
    }
    ListQueues {
        "GET" "/queues-summary/{InstanceId}", ListQueuesRequest => crate::shapes::ListQueuesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "QueueSummaryList")
    }
    SearchQueues {
        "POST" "/search-queues", SearchQueuesRequest => crate::shapes::SearchQueuesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "Queues")
    }
    UpdateQueueName {
        "POST" "/queues/{InstanceId}/{QueueId}/name", UpdateQueueNameRequest => (),
        [DuplicateResourceException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateQueueStatus {
        "POST" "/queues/{InstanceId}/{QueueId}/status", UpdateQueueStatusRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateQueueHoursOfOperation {
        "POST" "/queues/{InstanceId}/{QueueId}/hours-of-operation", UpdateQueueHoursOfOperationRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateQueueMaxContacts {
        "POST" "/queues/{InstanceId}/{QueueId}/max-contacts", UpdateQueueMaxContactsRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateQueueOutboundCallerConfig {
        "POST" "/queues/{InstanceId}/{QueueId}/outbound-caller-config", UpdateQueueOutboundCallerConfigRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateQueueOutboundEmailConfig {
        "POST" "/queues/{InstanceId}/{QueueId}/outbound-email-config", UpdateQueueOutboundEmailConfigRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException, AccessDeniedException, ConditionalOperationFailedException]
    }
    AssociateQueueQuickConnects {
        "POST" "/queues/{InstanceId}/{QueueId}/associate-quick-connects", AssociateQueueQuickConnectsRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, LimitExceededException, ThrottlingException, InternalServiceException]
    }
    DisassociateQueueQuickConnects {
        "POST" "/queues/{InstanceId}/{QueueId}/disassociate-quick-connects", DisassociateQueueQuickConnectsRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    ListQueueQuickConnects {
        "GET" "/queues/{InstanceId}/{QueueId}/quick-connects", ListQueueQuickConnectsRequest => crate::shapes::ListQueueQuickConnectsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "QuickConnectSummaryList")
    }
    CreateRoutingProfile {
        "PUT" "/routing-profiles/{InstanceId}", CreateRoutingProfileRequest => crate::shapes::CreateRoutingProfileResponse,
        [InvalidRequestException, InvalidParameterException, DuplicateResourceException, ResourceNotFoundException, LimitExceededException, ThrottlingException, InternalServiceException]
    }
    DescribeRoutingProfile {
        "GET" "/routing-profiles/{InstanceId}/{RoutingProfileId}", DescribeRoutingProfileRequest => crate::shapes::DescribeRoutingProfileResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteRoutingProfile {
        "DELETE" "/routing-profiles/{InstanceId}/{RoutingProfileId}", DeleteRoutingProfileRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ResourceInUseException, ThrottlingException, InternalServiceException]
    }
    ListRoutingProfiles {
        "GET" "/routing-profiles-summary/{InstanceId}", ListRoutingProfilesRequest => crate::shapes::ListRoutingProfilesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "RoutingProfileSummaryList")
    }
    SearchRoutingProfiles {
        "POST" "/search-routing-profiles", SearchRoutingProfilesRequest => crate::shapes::SearchRoutingProfilesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "RoutingProfiles")
    }
    UpdateRoutingProfileName {
        "POST" "/routing-profiles/{InstanceId}/{RoutingProfileId}/name", UpdateRoutingProfileNameRequest => (),
        [DuplicateResourceException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateRoutingProfileConcurrency {
        "POST" "/routing-profiles/{InstanceId}/{RoutingProfileId}/concurrency", UpdateRoutingProfileConcurrencyRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateRoutingProfileDefaultOutboundQueue {
        "POST" "/routing-profiles/{InstanceId}/{RoutingProfileId}/default-outbound-queue", UpdateRoutingProfileDefaultOutboundQueueRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateRoutingProfileQueues {
        "POST" "/routing-profiles/{InstanceId}/{RoutingProfileId}/queues", UpdateRoutingProfileQueuesRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateRoutingProfileAgentAvailabilityTimer {
        "POST" "/routing-profiles/{InstanceId}/{RoutingProfileId}/agent-availability-timer", UpdateRoutingProfileAgentAvailabilityTimerRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    AssociateRoutingProfileQueues {
        "POST" "/routing-profiles/{InstanceId}/{RoutingProfileId}/associate-queues", AssociateRoutingProfileQueuesRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DisassociateRoutingProfileQueues {
        "POST" "/routing-profiles/{InstanceId}/{RoutingProfileId}/disassociate-queues", DisassociateRoutingProfileQueuesRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    ListRoutingProfileQueues {
        "GET" "/routing-profiles/{InstanceId}/{RoutingProfileId}/queues", ListRoutingProfileQueuesRequest => crate::shapes::ListRoutingProfileQueuesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "RoutingProfileQueueConfigSummaryList")
    }
    ListRoutingProfileManualAssignmentQueues {
        "GET" "/routing-profiles/{InstanceId}/{RoutingProfileId}/manual-assignment-queues", ListRoutingProfileManualAssignmentQueuesRequest => crate::shapes::ListRoutingProfileManualAssignmentQueuesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "RoutingProfileManualAssignmentQueueConfigSummaryList")
    }
    CreateQuickConnect {
        "PUT" "/quick-connects/{InstanceId}", CreateQuickConnectRequest => crate::shapes::CreateQuickConnectResponse,
        [InvalidRequestException, InvalidParameterException, DuplicateResourceException, ResourceNotFoundException, LimitExceededException, ThrottlingException, InternalServiceException]
    }
    DescribeQuickConnect {
        "GET" "/quick-connects/{InstanceId}/{QuickConnectId}", DescribeQuickConnectRequest => crate::shapes::DescribeQuickConnectResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteQuickConnect {
        "DELETE" "/quick-connects/{InstanceId}/{QuickConnectId}", DeleteQuickConnectRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    ListQuickConnects {
        "GET" "/quick-connects/{InstanceId}", ListQuickConnectsRequest => crate::shapes::ListQuickConnectsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "QuickConnectSummaryList")
    }
    SearchQuickConnects {
        "POST" "/search-quick-connects", SearchQuickConnectsRequest => crate::shapes::SearchQuickConnectsResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "QuickConnects")
    }
    UpdateQuickConnectConfig {
        "POST" "/quick-connects/{InstanceId}/{QuickConnectId}/config", UpdateQuickConnectConfigRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateQuickConnectName {
        "POST" "/quick-connects/{InstanceId}/{QuickConnectId}/name", UpdateQuickConnectNameRequest => (),
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    CreateContactFlowModule {
        "PUT" "/contact-flow-modules/{InstanceId}", CreateContactFlowModuleRequest => crate::shapes::CreateContactFlowModuleResponse,
        [AccessDeniedException, InvalidRequestException, InvalidContactFlowModuleException, InvalidParameterException, DuplicateResourceException, LimitExceededException, ResourceNotFoundException, ThrottlingException, IdempotencyException, InternalServiceException]
    }
    DescribeContactFlowModule {
        "GET" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}", DescribeContactFlowModuleRequest => crate::shapes::DescribeContactFlowModuleResponse,
        [AccessDeniedException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    DeleteContactFlowModule {
        "DELETE" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}", DeleteContactFlowModuleRequest => crate::shapes::DeleteContactFlowModuleResponse,
        [AccessDeniedException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    ListContactFlowModules {
        "GET" "/contact-flow-modules-summary/{InstanceId}", ListContactFlowModulesRequest => crate::shapes::ListContactFlowModulesResponse,
        [AccessDeniedException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "ContactFlowModulesSummaryList")
    }
    SearchContactFlowModules {
        "POST" "/search-contact-flow-modules", SearchContactFlowModulesRequest => crate::shapes::SearchContactFlowModulesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "ContactFlowModules")
    }
    UpdateContactFlowModuleContent {
        "POST" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/content", UpdateContactFlowModuleContentRequest => crate::shapes::UpdateContactFlowModuleContentResponse,
        [AccessDeniedException, InvalidRequestException, InvalidContactFlowModuleException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateContactFlowModuleMetadata {
        "POST" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/metadata", UpdateContactFlowModuleMetadataRequest => crate::shapes::UpdateContactFlowModuleMetadataResponse,
        [AccessDeniedException, InvalidRequestException, InvalidParameterException, DuplicateResourceException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    CreateContactFlowModuleVersion {
        "PUT" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/version", CreateContactFlowModuleVersionRequest => crate::shapes::CreateContactFlowModuleVersionResponse,
        [AccessDeniedException, InternalServiceException, ResourceNotFoundException, LimitExceededException, InvalidParameterException, InvalidRequestException, ThrottlingException]
    }
    ListContactFlowModuleVersions {
        "GET" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/versions", ListContactFlowModuleVersionsRequest => crate::shapes::ListContactFlowModuleVersionsResponse,
        [AccessDeniedException, InternalServiceException, ResourceNotFoundException, InvalidParameterException, InvalidRequestException, ThrottlingException], page ("NextToken", "MaxResults", "NextToken", "ContactFlowModuleVersionSummaryList")
    }
    DeleteContactFlowModuleVersion {
        "DELETE" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/version/{ContactFlowModuleVersion}", DeleteContactFlowModuleVersionRequest => crate::shapes::DeleteContactFlowModuleVersionResponse,
        [AccessDeniedException, InternalServiceException, ResourceNotFoundException, InvalidParameterException, InvalidRequestException, ThrottlingException]
    }
    CreateContactFlowModuleAlias {
        "PUT" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/alias", CreateContactFlowModuleAliasRequest => crate::shapes::CreateContactFlowModuleAliasResponse,
        [AccessDeniedException, DuplicateResourceException, InternalServiceException, ResourceNotFoundException, LimitExceededException, InvalidParameterException, InvalidRequestException, ThrottlingException]
    }
    DescribeContactFlowModuleAlias {
        "GET" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/alias/{AliasId}", DescribeContactFlowModuleAliasRequest => crate::shapes::DescribeContactFlowModuleAliasResponse,
        [AccessDeniedException, InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException]
    }
    UpdateContactFlowModuleAlias {
        "POST" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/alias/{AliasId}", UpdateContactFlowModuleAliasRequest => crate::shapes::UpdateContactFlowModuleAliasResponse,
        [AccessDeniedException, InternalServiceException, ResourceNotFoundException, InvalidParameterException, InvalidRequestException, ThrottlingException, ConditionalOperationFailedException, DuplicateResourceException]
    }
    DeleteContactFlowModuleAlias {
        "DELETE" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/alias/{AliasId}", DeleteContactFlowModuleAliasRequest => crate::shapes::DeleteContactFlowModuleAliasResponse,
        [AccessDeniedException, InternalServiceException, ResourceNotFoundException, InvalidParameterException, InvalidRequestException, ThrottlingException]
    }
    ListContactFlowModuleAliases {
        "GET" "/contact-flow-modules/{InstanceId}/{ContactFlowModuleId}/aliases", ListContactFlowModuleAliasesRequest => crate::shapes::ListContactFlowModuleAliasesResponse,
        [AccessDeniedException, InternalServiceException, ResourceNotFoundException, InvalidParameterException, InvalidRequestException, ThrottlingException], page ("NextToken", "MaxResults", "NextToken", "ContactFlowModuleAliasSummaryList")
    }
    CreateDataTable {
        "PUT" "/data-tables/{InstanceId}", CreateDataTableRequest => crate::shapes::CreateDataTableResponse,
        [InvalidRequestException, ConflictException, DuplicateResourceException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException, ServiceQuotaExceededException]
    }
    DescribeDataTable {
        "GET" "/data-tables/{InstanceId}/{DataTableId}", DescribeDataTableRequest => crate::shapes::DescribeDataTableResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    DeleteDataTable {
        "DELETE" "/data-tables/{InstanceId}/{DataTableId}", DeleteDataTableRequest => crate::shapes::DeleteDataTableResponse,
        [InvalidRequestException, ConflictException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    ListDataTables {
        "GET" "/data-tables/{InstanceId}", ListDataTablesRequest => crate::shapes::ListDataTablesResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException], page ("NextToken", "MaxResults", "NextToken", "DataTableSummaryList")
    }
    SearchDataTables {
        "POST" "/search-data-tables", SearchDataTablesRequest => crate::shapes::SearchDataTablesResponse,
        [InvalidRequestException, InvalidParameterException, ResourceNotFoundException, ThrottlingException, InternalServiceException], page ("NextToken", "MaxResults", "NextToken", "DataTables")
    }
    UpdateDataTableMetadata {
        "POST" "/data-tables/{InstanceId}/{DataTableId}", UpdateDataTableMetadataRequest => crate::shapes::UpdateDataTableMetadataResponse,
        [InvalidRequestException, ConflictException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException, DuplicateResourceException]
    }
    CreateDataTableAttribute {
        "PUT" "/data-tables/{InstanceId}/{DataTableId}/attributes", CreateDataTableAttributeRequest => crate::shapes::CreateDataTableAttributeResponse,
        [InvalidRequestException, ConflictException, DuplicateResourceException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException, ServiceQuotaExceededException]
    }
    DescribeDataTableAttribute {
        "GET" "/data-tables/{InstanceId}/{DataTableId}/attributes/{AttributeName}", DescribeDataTableAttributeRequest => crate::shapes::DescribeDataTableAttributeResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    DeleteDataTableAttribute {
        "DELETE" "/data-tables/{InstanceId}/{DataTableId}/attributes/{AttributeName}", DeleteDataTableAttributeRequest => crate::shapes::DeleteDataTableAttributeResponse,
        [InvalidRequestException, ConflictException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    ListDataTableAttributes {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/attributes", ListDataTableAttributesRequest => crate::shapes::ListDataTableAttributesResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException], page ("NextToken", "MaxResults", "NextToken", "Attributes")
    }
    UpdateDataTableAttribute {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/attributes/{AttributeName}", UpdateDataTableAttributeRequest => crate::shapes::UpdateDataTableAttributeResponse,
        [InvalidRequestException, ConflictException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException, LimitExceededException, ServiceQuotaExceededException]
    }
    BatchCreateDataTableValue {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/create", BatchCreateDataTableValueRequest => crate::shapes::BatchCreateDataTableValueResponse,
        [InvalidRequestException, ConflictException, DuplicateResourceException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException, ServiceQuotaExceededException]
    }
    BatchDescribeDataTableValue {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/describe", BatchDescribeDataTableValueRequest => crate::shapes::BatchDescribeDataTableValueResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    BatchUpdateDataTableValue {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/update", BatchUpdateDataTableValueRequest => crate::shapes::BatchUpdateDataTableValueResponse,
        [InvalidRequestException, ConflictException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    BatchDeleteDataTableValue {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/delete", BatchDeleteDataTableValueRequest => crate::shapes::BatchDeleteDataTableValueResponse,
        [InvalidRequestException, ConflictException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    ListDataTableValues {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/list", ListDataTableValuesRequest => crate::shapes::ListDataTableValuesResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException], page ("NextToken", "MaxResults", "NextToken", "Values")
    }
    ListDataTablePrimaryValues {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/list-primary", ListDataTablePrimaryValuesRequest => crate::shapes::ListDataTablePrimaryValuesResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException], page ("NextToken", "MaxResults", "NextToken", "PrimaryValuesList")
    }
    UpdateDataTablePrimaryValues {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/update-primary", UpdateDataTablePrimaryValuesRequest => crate::shapes::UpdateDataTablePrimaryValuesResponse,
        [InvalidRequestException, ConflictException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    EvaluateDataTableValues {
        "POST" "/data-tables/{InstanceId}/{DataTableId}/values/evaluate", EvaluateDataTableValuesRequest => crate::shapes::EvaluateDataTableValuesResponse,
        [InvalidRequestException, ResourceNotFoundException, InternalServiceException, ThrottlingException, AccessDeniedException, InvalidParameterException]
    }
    CreateIntegrationAssociation {
        "PUT" "/instance/{InstanceId}/integration-associations", CreateIntegrationAssociationRequest => crate::shapes::CreateIntegrationAssociationResponse,
        [DuplicateResourceException, ResourceNotFoundException, InternalServiceException, InvalidRequestException, ThrottlingException]
    }
    ListIntegrationAssociations {
        "GET" "/instance/{InstanceId}/integration-associations", ListIntegrationAssociationsRequest => crate::shapes::ListIntegrationAssociationsResponse,
        [ResourceNotFoundException, InternalServiceException, InvalidRequestException, ThrottlingException], page ("NextToken", "MaxResults", "NextToken", "IntegrationAssociationSummaryList")
    }
    DeleteIntegrationAssociation {
        "DELETE" "/instance/{InstanceId}/integration-associations/{IntegrationAssociationId}", DeleteIntegrationAssociationRequest => (),
        [ResourceNotFoundException, InternalServiceException, InvalidRequestException, ThrottlingException]
    }
}

of_an_instance! {
    DescribeInstanceRequest
    DeleteInstanceRequest
    DescribeInstanceAttributeRequest
    ListInstanceAttributesRequest
    UpdateInstanceAttributeRequest
    CreateSecurityProfileRequest
    UpdateSecurityProfileRequest
    DescribeSecurityProfileRequest
    DeleteSecurityProfileRequest
    ListSecurityProfilesRequest
    SearchSecurityProfilesRequest
    ListSecurityProfilePermissionsRequest
    ListSecurityProfileApplicationsRequest
    ListSecurityProfileFlowModulesRequest
    ListSecurityProfileAIAgentsRequest
    AssociateSecurityProfilesRequest
    DisassociateSecurityProfilesRequest
    ListEntitySecurityProfilesRequest
    UpdateUserSecurityProfilesRequest
    CreateUserRequest
    DescribeUserRequest
    DeleteUserRequest
    ListUsersRequest
    SearchUsersRequest
    UpdateUserConfigRequest
    UpdateUserHierarchyRequest
    UpdateUserIdentityInfoRequest
    UpdateUserPhoneConfigRequest
    UpdateUserRoutingProfileRequest
    CreateUserHierarchyGroupRequest
    DescribeUserHierarchyGroupRequest
    DeleteUserHierarchyGroupRequest
    ListUserHierarchyGroupsRequest
    SearchUserHierarchyGroupsRequest
    UpdateUserHierarchyGroupNameRequest
    DescribeUserHierarchyStructureRequest
    UpdateUserHierarchyStructureRequest
    SearchResourceTagsRequest
    CreateHoursOfOperationRequest
    DescribeHoursOfOperationRequest
    DeleteHoursOfOperationRequest
    ListHoursOfOperationsRequest
    SearchHoursOfOperationsRequest
    UpdateHoursOfOperationRequest
    CreateQueueRequest
    DescribeQueueRequest
    DeleteQueueRequest
    ListQueuesRequest
    SearchQueuesRequest
    UpdateQueueNameRequest
    UpdateQueueStatusRequest
    UpdateQueueHoursOfOperationRequest
    UpdateQueueMaxContactsRequest
    UpdateQueueOutboundCallerConfigRequest
    UpdateQueueOutboundEmailConfigRequest
    AssociateQueueQuickConnectsRequest
    DisassociateQueueQuickConnectsRequest
    ListQueueQuickConnectsRequest
    CreateRoutingProfileRequest
    DescribeRoutingProfileRequest
    DeleteRoutingProfileRequest
    ListRoutingProfilesRequest
    SearchRoutingProfilesRequest
    UpdateRoutingProfileNameRequest
    UpdateRoutingProfileConcurrencyRequest
    UpdateRoutingProfileDefaultOutboundQueueRequest
    UpdateRoutingProfileQueuesRequest
    UpdateRoutingProfileAgentAvailabilityTimerRequest
    AssociateRoutingProfileQueuesRequest
    DisassociateRoutingProfileQueuesRequest
    ListRoutingProfileQueuesRequest
    ListRoutingProfileManualAssignmentQueuesRequest
    CreateQuickConnectRequest
    DescribeQuickConnectRequest
    DeleteQuickConnectRequest
    ListQuickConnectsRequest
    SearchQuickConnectsRequest
    UpdateQuickConnectConfigRequest
    UpdateQuickConnectNameRequest
    CreateContactFlowModuleRequest
    DescribeContactFlowModuleRequest
    DeleteContactFlowModuleRequest
    ListContactFlowModulesRequest
    SearchContactFlowModulesRequest
    UpdateContactFlowModuleContentRequest
    UpdateContactFlowModuleMetadataRequest
    CreateContactFlowModuleVersionRequest
    ListContactFlowModuleVersionsRequest
    DeleteContactFlowModuleVersionRequest
    CreateContactFlowModuleAliasRequest
    DescribeContactFlowModuleAliasRequest
    UpdateContactFlowModuleAliasRequest
    DeleteContactFlowModuleAliasRequest
    ListContactFlowModuleAliasesRequest
    CreateDataTableRequest
    DescribeDataTableRequest
    DeleteDataTableRequest
    ListDataTablesRequest
    SearchDataTablesRequest
    UpdateDataTableMetadataRequest
    CreateDataTableAttributeRequest
    DescribeDataTableAttributeRequest
    DeleteDataTableAttributeRequest
    ListDataTableAttributesRequest
    UpdateDataTableAttributeRequest
    BatchCreateDataTableValueRequest
    BatchDescribeDataTableValueRequest
    BatchUpdateDataTableValueRequest
    BatchDeleteDataTableValueRequest
    ListDataTableValuesRequest
    ListDataTablePrimaryValuesRequest
    UpdateDataTablePrimaryValuesRequest
    EvaluateDataTableValuesRequest
    CreateIntegrationAssociationRequest
    ListIntegrationAssociationsRequest
    DeleteIntegrationAssociationRequest
}
