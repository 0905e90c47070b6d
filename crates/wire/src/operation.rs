//! What is said of operations beyond the generated tables.

use crate::{ErrorKind, Operation};

/// How an operation pages: the names of the members that take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginator {
    /// The input member that takes a page token.
    pub input_token: &'static str,
    /// The input member that limits the page.
    pub limit: &'static str,
    /// The output member with the next page's token.
    pub output_token: &'static str,
    /// The output member with the page's items.
    pub result: &'static str,
}

impl Operation {
    /// The operation of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.name() == name)
    }

    /// Whether the model lists `kind` for the operation.
    pub fn models(self, kind: ErrorKind) -> bool {
        self.errors().contains(&kind)
    }

    /// The kind of error that answers a broken constraint: `InvalidParameterException` where the operation has it.
    pub fn constraint_error_kind(self) -> ErrorKind {
        match self.models(ErrorKind::InvalidParameterException) {
            true => ErrorKind::InvalidParameterException,
            false => ErrorKind::InvalidRequestException,
        }
    }
}
