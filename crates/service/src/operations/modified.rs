//! Changes of one resource, which keeps when and where it was changed last.

use lanyard_model::resources::{
    DataTable, FlowModule, FlowModuleAlias, HierarchyGroup, HoursOfOperation, Queue, QuickConnect,
    RegisteredApplication, RoutingProfile, SecurityProfile, User,
};
use lanyard_model::{Resource, Tabled, Timestamp};

use crate::context::Write;
use crate::error::Result;
use crate::operations::references::find;

/// A resource that keeps when and where it was changed last.
pub(crate) trait Modified: Tabled + Into<Resource> {
    /// Sets the time and region of the last modification.
    fn set_modified(&mut self, time: Timestamp, region: &str);
}

macro_rules! modified {
    ($($resource:ty),* $(,)?) => {$(
        impl Modified for $resource {
            fn set_modified(&mut self, time: Timestamp, region: &str) {
                self.last_modified_time = time;
                region.clone_into(&mut self.last_modified_region);
            }
        }
    )*};
}

modified! {
    DataTable, FlowModule, FlowModuleAlias, HierarchyGroup, HoursOfOperation, Queue, QuickConnect, RegisteredApplication,
    RoutingProfile, SecurityProfile, User,
}

/// Changes the resource that a member names. The time and region of the last modification move even when nothing else
/// does.
pub(crate) fn update<T: Modified>(
    cx: &mut Write<'_>,
    text: &str,
    change: impl FnOnce(&Write<'_>, &mut T) -> Result<()>,
) -> Result<()> {
    let mut resource = T::clone(&*find(cx, text)?);
    change(cx, &mut resource)?;
    put(cx, resource)
}

/// Stores a changed resource, modified now in the region of the call.
pub(crate) fn put<T: Modified>(cx: &mut Write<'_>, mut resource: T) -> Result<()> {
    resource.set_modified(cx.now, &cx.call.scope.region);
    cx.put(resource)
}
