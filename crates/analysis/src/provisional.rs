//! Provisional identifiers of resources that a file or a template describes and that do not exist yet.

use lanyard_model::{Id, IdRef, Kind};

const PREFIX: &str = "new:";
/// The characters that follow the kind of a resource whose name is unknown.
const UNNAMED: &str = "?:";

/// The provisional identifier of a resource: equal for equal kind and name, and no UUID, so that no instance assigns
/// it.
#[must_use]
pub fn provisional(kind: Kind, name: &str) -> Id {
    Id::new(&format!("{PREFIX}{}:{name}", kind.name()))
}

/// The provisional identifier of a resource whose name is unknown, by its name in the file, such as a logical name of
/// CloudFormation; empty for a resource of which nothing is known. It is equal to that of no name.
#[must_use]
pub fn unnamed(kind: Kind, called: &str) -> Id {
    Id::new(&format!("{PREFIX}{}{UNNAMED}{called}", kind.name()))
}

/// Whether the identifier is that of a resource whose name is unknown.
#[must_use]
pub fn is_unnamed(id: &Id) -> bool {
    let IdRef::Text(text) = id.as_ref() else { return false };
    // Kinds have names without a question mark and a colon.
    let kind = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':')).map(|(kind, _)| kind);
    kind.is_some_and(|kind| kind.ends_with('?'))
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
        let unknown = unnamed(Kind::User, "Eve");
        assert!(is_unnamed(&unknown) && is_provisional(&unknown) && unknown != provisional(Kind::User, "Eve"));
        assert!(!is_unnamed(&provisional(Kind::User, "?:Eve")) && !is_unnamed(&provisional(Kind::User, "?")));
        assert!(!is_provisional(&Id::from_uuid(1)) && !is_provisional(&Id::new("arn:aws:wisdom:x")));
    }
}
