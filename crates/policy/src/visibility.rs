//! The resources that a user may know of.

use lanyard_engine::{Action, Compiled, Handle, Reading};
use lanyard_model::{Id, Key, Kind};

use crate::operation_policy::{place_of, types};

/// Filters what a user may view, in one state.
pub struct VisibilityFilter<'a> {
    compiled: &'a Compiled,
    user: Option<Handle>,
    views: Vec<Option<Action>>,
    /// The resource that the operation is about and on which the user may do it, viewable or not.
    subject: Option<&'a Key>,
    /// The kind of which the operation lists names.
    listed: Option<Kind>,
}

impl<'a> VisibilityFilter<'a> {
    pub(crate) fn new(
        compiled: &'a Compiled,
        user: Option<Handle>,
        subject: Option<&'a Key>,
        listed: Option<Kind>,
    ) -> Self {
        Self { compiled, user, views: types().iter().map(|it| compiled.action(it.view)).collect(), subject, listed }
    }

    /// Whether the operation's list shows the resource: the user may view it, or the operation lists names and another
    /// permission of the user covers the resource.
    pub fn can_list(&self, kind: Kind, id: &Id) -> bool {
        self.can_view(kind, id) || (self.listed == Some(kind) && self.covers(kind, id))
    }

    /// Whether the user may tie the resource to the one that the operation is about (rule 15 of `docs/semantics.md`).
    pub fn can_assign(&self, kind: Kind, id: &Id) -> bool {
        self.subject.is_some_and(|subject| subject.kind == kind && subject.id == *id) || self.covers(kind, id)
    }

    fn covers(&self, kind: Kind, id: &Id) -> bool {
        self.user.zip(self.compiled.stored_handle(kind, id)).is_some_and(|(user, it)| self.compiled.may_list(user, it))
    }

    /// Whether the user may know that a resource exists: in the strict reading they may view it, or may do the
    /// requested action on it.
    ///
    /// Versions and aliases of a flow module are visible with the module, attributes of a data table with the table.
    /// Kinds that no permission views are never visible.
    pub fn can_view(&self, kind: Kind, id: &Id) -> bool {
        if matches!(kind, Kind::FlowModuleVersion | Kind::FlowModuleAlias | Kind::DataTableAttribute) {
            return true;
        }
        if self.subject.is_some_and(|subject| subject.kind == kind && subject.id == *id) {
            return true;
        }
        let decide = || {
            let view = (*self.views.get(place_of(kind)?)?)?;
            let it = self.compiled.stored_handle(kind, id)?;
            Some(self.compiled.decide_ids(self.user?, view, it, Reading::STRICT).is_allowed())
        };
        decide().unwrap_or(false)
    }
}
