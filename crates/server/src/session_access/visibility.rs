//! What a user may know of.

use lanyard_engine::{Action, Compiled, Handle, Reading};
use lanyard_model::{Id, Key, Kind};

use super::table::{self, TYPES};

/// The eyes of a user, on one state.
pub(crate) struct VisibilityFilter<'a> {
    compiled: &'a Compiled,
    user: Option<Handle>,
    views: [Option<Action>; TYPES.len()],
    /// What the operation is about and the user may do it on, viewable or not.
    subject: Option<&'a Key>,
}

impl<'a> VisibilityFilter<'a> {
    pub(super) fn new(compiled: &'a Compiled, user: Option<Handle>, subject: Option<&'a Key>) -> Self {
        Self { compiled, user, views: TYPES.map(|it| compiled.action(it.view)), subject }
    }

    /// Whether the user may know that a resource exists: strictly read, they may view it, or do on it what they ask for.
    ///
    /// Versions and aliases of a flow module go with the module, attributes of a data table with the table. Kinds that no
    /// permission views are never seen.
    pub(crate) fn can_view(&self, kind: Kind, id: &Id) -> bool {
        if matches!(kind, Kind::FlowModuleVersion | Kind::FlowModuleAlias | Kind::DataTableAttribute) {
            return true;
        }
        if self.subject.is_some_and(|subject| subject.kind == kind && subject.id == *id) {
            return true;
        }
        let decide = || {
            let view = (*self.views.get(table::place_of(kind)?)?)?;
            let it = self.compiled.stored_handle(kind, id)?;
            Some(self.compiled.decide_ids(self.user?, view, it, Reading::STRICT).is_allowed())
        };
        decide().unwrap_or(false)
    }
}
