//! The requests of the searches: their criteria, and where their filters have the tags.

use std::borrow::Cow;
use std::fmt::Debug;

use lanyard_wire::shapes::{self, ControlPlaneTagFilter, StringCondition};

use super::criteria::Criteria;
use super::tags::tag_filter;
use crate::operations::pages::PageRequest;

/// A request of a search.
pub(crate) trait SearchRequest: PageRequest {
    /// The tree of conditions.
    type Criteria: Criteria + Debug;
    /// The filter.
    type Filter: Debug;
    /// The criteria, where there are any.
    fn criteria(&self) -> Option<&Self::Criteria>;
    /// The filter, where there is one.
    fn filter(&self) -> Option<&Self::Filter>;
}

/// A filter of which the tags are the only part.
pub(crate) trait TagsOnly {
    /// The filter by tags, where there is one.
    fn tags(&self) -> Option<Cow<'_, ControlPlaneTagFilter>>;
}

/// Implements the traits for structures of the API model, whose members are always called the same: request, criteria,
/// filter, and the member of the filter that has the tags.
macro_rules! searches {
    ($($request:ident($criteria:ident, $filter:ident $(: $tags:ident)?);)*) => {$(
        impl SearchRequest for shapes::$request {
            type Criteria = shapes::$criteria;
            type Filter = shapes::$filter;

            fn criteria(&self) -> Option<&shapes::$criteria> {
                self.search_criteria.as_ref()
            }

            fn filter(&self) -> Option<&shapes::$filter> {
                self.search_filter.as_ref()
            }
        }

        impl Criteria for shapes::$criteria {
            fn or(&self) -> Option<&[Self]> {
                self.or_conditions.as_deref()
            }

            fn and(&self) -> Option<&[Self]> {
                self.and_conditions.as_deref()
            }

            fn string(&self) -> Option<&StringCondition> {
                self.string_condition.as_ref()
            }

            fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }

        $(searches!(@ $tags $filter);)?
    )*};
    (@ tag_filter $filter:ident) => {
        impl TagsOnly for shapes::$filter {
            fn tags(&self) -> Option<Cow<'_, ControlPlaneTagFilter>> {
                self.tag_filter.as_ref().map(Cow::Borrowed)
            }
        }
    };
    (@ attribute_filter $filter:ident) => {
        impl TagsOnly for shapes::$filter {
            fn tags(&self) -> Option<Cow<'_, ControlPlaneTagFilter>> {
                self.attribute_filter.as_ref().map(|filter| Cow::Owned(tag_filter(filter)))
            }
        }
    };
}

searches! {
    SearchContactFlowModulesRequest(ContactFlowModuleSearchCriteria, ContactFlowModuleSearchFilter: tag_filter);
    SearchDataTablesRequest(DataTableSearchCriteria, DataTableSearchFilter: attribute_filter);
    SearchHoursOfOperationsRequest(HoursOfOperationSearchCriteria, HoursOfOperationSearchFilter: tag_filter);
    SearchQueuesRequest(QueueSearchCriteria, QueueSearchFilter: tag_filter);
    SearchQuickConnectsRequest(QuickConnectSearchCriteria, QuickConnectSearchFilter: tag_filter);
    SearchRoutingProfilesRequest(RoutingProfileSearchCriteria, RoutingProfileSearchFilter: tag_filter);
    SearchSecurityProfilesRequest(SecurityProfileSearchCriteria, SecurityProfilesSearchFilter: tag_filter);
    SearchUserHierarchyGroupsRequest(UserHierarchyGroupSearchCriteria, UserHierarchyGroupSearchFilter: attribute_filter);
    SearchUsersRequest(UserSearchCriteria, UserSearchFilter);
}
