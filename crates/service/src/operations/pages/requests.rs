//! The requests for pages: every list and search of an instance, with its longest page.

use lanyard_wire::HasInstanceId;

/// A request for a page of a list or a search.
pub(crate) trait PageRequest: HasInstanceId {
    /// The longest page.
    const LONGEST: usize;
    /// The token of the page before; `None` for the first page.
    fn next_token(&self) -> Option<&str>;
    /// The length of the page, where the request has one.
    fn max_results(&self) -> Option<i32>;
}

macro_rules! page_requests {
    ($($request:ident: $longest:expr),* $(,)?) => {$(
        impl PageRequest for lanyard_wire::shapes::$request {
            const LONGEST: usize = $longest;

            fn next_token(&self) -> Option<&str> {
                self.next_token.as_deref()
            }

            fn max_results(&self) -> Option<i32> {
                self.max_results
            }
        }
    )*};
}

// The API model's bounds.
page_requests! {
    EvaluateDataTableValuesRequest: 100,
    ListContactFlowModuleAliasesRequest: 1_000,
    ListContactFlowModuleVersionsRequest: 1_000,
    ListContactFlowModulesRequest: 1_000,
    ListDataTableAttributesRequest: 1_000,
    ListDataTablePrimaryValuesRequest: 1_000,
    ListDataTableValuesRequest: 1_000,
    ListDataTablesRequest: 1_000,
    ListEntitySecurityProfilesRequest: 100,
    ListHoursOfOperationsRequest: 1_000,
    ListInstanceAttributesRequest: 7,
    ListIntegrationAssociationsRequest: 100,
    ListQueueQuickConnectsRequest: 100,
    ListQueuesRequest: 1_000,
    ListQuickConnectsRequest: 1_000,
    ListRoutingProfileManualAssignmentQueuesRequest: 100,
    ListRoutingProfileQueuesRequest: 100,
    ListRoutingProfilesRequest: 1_000,
    ListSecurityProfileAIAgentsRequest: 1_000,
    ListSecurityProfileApplicationsRequest: 1_000,
    ListSecurityProfileFlowModulesRequest: 1_000,
    ListSecurityProfilePermissionsRequest: 1_000,
    ListSecurityProfilesRequest: 1_000,
    ListUserHierarchyGroupsRequest: 1_000,
    ListUsersRequest: 1_000,
    SearchContactFlowModulesRequest: 100,
    SearchDataTablesRequest: 1_000,
    SearchHoursOfOperationsRequest: 100,
    SearchQueuesRequest: 500,
    SearchQuickConnectsRequest: 100,
    SearchResourceTagsRequest: 100,
    SearchRoutingProfilesRequest: 500,
    SearchSecurityProfilesRequest: 100,
    SearchUserHierarchyGroupsRequest: 100,
    SearchUsersRequest: 500,
}
