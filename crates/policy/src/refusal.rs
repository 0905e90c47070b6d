//! Why a call with a session is refused.

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The user may not. The message names the permission that it takes, and the obstacle.
    Denied(String),
    /// For the user there is no such resource.
    NotFound {
        /// The kind of the resource, as people call it: `security profile`.
        noun: &'static str,
        /// The text by which the request names it.
        named: String,
    },
}

/// The outcome of a check.
pub type Result<T> = std::result::Result<T, Refusal>;
