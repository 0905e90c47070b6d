//! The names of secrets.

use lanyard_model::Id;

/// The name of the secret that is a user's password.
pub(crate) fn password_secret(user: &Id) -> String {
    format!("{PASSWORD}{user}")
}

/// The user whose password a secret of this name is.
pub(crate) fn user_of_secret(name: &str) -> Option<Id> {
    name.strip_prefix(PASSWORD).map(Id::new)
}

const PASSWORD: &str = "password/";
