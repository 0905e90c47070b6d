//! Names that only one resource can have.

use lanyard_model::{Kind, Names, Resource, StreamId};

/// A name that is unique within a scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UniqueName {
    /// Within what the name is unique.
    pub scope: String,
    /// In the form in which it is compared.
    pub name: String,
}

impl UniqueName {
    /// The alias of an instance, in any case.
    #[must_use]
    pub fn alias(alias: &str) -> Self {
        Self { scope: Kind::InstanceRecord.name().to_owned(), name: Names::Everywhere.fold(alias) }
    }

    /// The unique name of a resource, for kinds that have one. A user whose personal data is gone has none.
    pub fn of(stream: &StreamId, resource: &Resource) -> Option<Self> {
        if resource.is_erased() {
            return None;
        }
        let names = resource.kind().names();
        let scope = names.scope(stream, resource.kind())?;
        Some(Self { scope, name: names.fold(resource.name()?) })
    }
}
