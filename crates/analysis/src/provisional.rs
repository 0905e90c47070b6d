//! Provisional identifiers of resources that a file or a template describes and that do not exist yet.

use lanyard_model::{Id, IdRef, Kind};

const PREFIX: &str = "new:";

/// The provisional identifier of a resource: equal for equal kind and name, and no UUID, so that no instance assigns
/// it.
#[must_use]
pub fn provisional(kind: Kind, name: &str) -> Id {
    Id::new(&format!("{PREFIX}{}:{name}", kind.name()))
}

/// Whether the identifier is a provisional one.
#[must_use]
pub fn is_provisional(id: &Id) -> bool {
    matches!(id.as_ref(), IdRef::Text(text) if text.starts_with(PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provisional_identifiers_are_distinct_from_others() {
        assert_eq!(provisional(Kind::User, "alice"), provisional(Kind::User, "alice"));
        assert_ne!(provisional(Kind::User, "alice"), provisional(Kind::SecurityProfile, "alice"));
        assert!(is_provisional(&provisional(Kind::User, "")));
        assert!(!is_provisional(&Id::from_uuid(1)) && !is_provisional(&Id::new("arn:aws:wisdom:x")));
    }
}
