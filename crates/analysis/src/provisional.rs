//! Identifiers for what has none yet: a file or a template may describe what an instance is still to make.

use lanyard_model::{Id, IdRef, Kind};

const PREFIX: &str = "new:";

/// The identifier that stands for a resource which has none yet: the same for the same kind and name, and no UUID, so
/// that no instance gives it to anything.
#[must_use]
pub fn provisional(kind: Kind, name: &str) -> Id {
    Id::new(&format!("{PREFIX}{}:{name}", kind.name()))
}

/// Whether the identifier stands for a resource that has none yet.
#[must_use]
pub fn is_provisional(id: &Id) -> bool {
    matches!(id.as_ref(), IdRef::Text(text) if text.starts_with(PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_identifier_is_told_from_what_has_one() {
        assert_eq!(provisional(Kind::User, "alice"), provisional(Kind::User, "alice"));
        assert_ne!(provisional(Kind::User, "alice"), provisional(Kind::SecurityProfile, "alice"));
        assert!(is_provisional(&provisional(Kind::User, "")));
        assert!(!is_provisional(&Id::from_uuid(1)) && !is_provisional(&Id::new("arn:aws:wisdom:x")));
    }
}
