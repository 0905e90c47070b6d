//! The policy of one operation when it is called with a session.
//!
//! Each operation is declared with its policy, where it is declared to run (`lanyard-service`, `operations`). The
//! model's table of types has the permissions that view and change a kind of resource.

use std::sync::LazyLock;

use lanyard_model::Kind;
use lanyard_model::catalogue::ResourceType;

/// A kind of resource that a permission lets people view.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// The kind as which an instance stores it.
    pub kind: Kind,
    /// Its name in questions.
    pub name: &'static str,
    /// The permission that shows it.
    pub view: &'static str,
    /// The permission that changes it, and its tags.
    pub edit: &'static str,
}

/// The permission that shows data tables and their records.
pub const VIEW_TABLES: &str = "DataTables.View";

/// The member that names a data table.
pub const TABLE_ID: &str = "DataTableId";

/// The kinds that permissions act on, in alphabetical order of their types. Records are viewed like their tables, by rules
/// of their own.
static TYPES: LazyLock<Vec<Type>> = LazyLock::new(|| {
    let stored = ResourceType::ALL.iter().filter(|it| **it != ResourceType::DataTableRecord);
    stored
        .filter_map(|it| {
            let (view, edit) = (it.view_permission()?, it.edit_permission()?);
            Some(Type { kind: it.kind()?, name: it.as_str(), view, edit })
        })
        .collect()
});

/// The kinds that permissions act on.
#[must_use]
pub fn types() -> &'static [Type] {
    &TYPES
}

/// The place in [`types`] of the type by which a kind is viewed.
pub(crate) fn place_of(kind: Kind) -> Option<usize> {
    let kind = if kind == Kind::DataTableRecord { Kind::DataTable } else { kind };
    TYPES.iter().position(|it| it.kind == kind)
}

/// The type of a kind; `None` for kinds that no permission acts on.
#[must_use]
pub fn type_of(kind: Kind) -> Option<&'static Type> {
    TYPES.iter().find(|it| it.kind == kind)
}

/// Whether an operation can be called with a session.
#[derive(Clone, Copy, Debug)]
pub enum OperationPolicy {
    /// It cannot, and why.
    Deny(&'static str),
    /// It can, with this permission.
    Allow(Requirement),
}

/// A permission that has to be granted, the resources on which it has to be, and the allowed consequences.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// The permission, or the task; the resource's own View or Edit where it is about any kind.
    pub permission: &'static str,
    /// On what it has to be granted.
    pub on: Target,
    /// The other resources that the request ties to it. The user must be able to assign each (rule 15 of
    /// `docs/semantics.md`).
    pub names: &'static [Named],
    /// The kinds of resources that the operation may also change, as a consequence.
    pub effects: &'static [Kind],
}

/// Resources that a member of the request names.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The kind of the resources.
    pub kind: Kind,
    /// The member, as a path of names; a name that ends in `[]` is a list.
    pub member: &'static str,
}

/// On what it has to be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// On the resource that the member names.
    One(Kind, &'static str),
    /// On the resource that is made, with the tags and the group it is to have.
    New(Kind),
    /// On at least one of the kind; those that are not in scope are left out.
    Shown(Kind),
    /// The same, where the answer has names only: it also lists those that another permission covers (rule 15).
    Listed(Kind),
    /// On each record that the request writes to, of the data table that it names, which must be there for the user.
    Records(RecordWrite),
    /// On all of the kind, without restriction.
    Every(Kind),
    /// On the instance: a capability.
    Instance,
    /// On the resource of any kind that the member's ARN names: its View.
    TagsShown(&'static str),
    /// The same: its Edit.
    TagsChanged(&'static str),
    /// On resources of any kind: the tags of those that can be viewed.
    AnyShown,
}

/// How a request writes to records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordWrite {
    /// Values, by the primary values of each item; an expression takes `DataTables.EditExpressionValues` too.
    Values,
    /// Other primary values for a record: not for users with a rule on records.
    PrimaryValues,
}
