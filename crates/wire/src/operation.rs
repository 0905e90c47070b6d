//! Properties of operations beyond the generated tables.

use crate::ErrorKind;

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

/// An operation of one of the services, as its API model describes it.
pub trait ServiceOperation: Copy + 'static {
    /// Every operation of the service, in the model's order.
    const ALL: &'static [Self];

    /// The name in the model.
    fn name(self) -> &'static str;

    /// The HTTP method.
    fn method(self) -> &'static str;

    /// The path, with labels in braces.
    fn uri(self) -> &'static str;

    /// The error kinds that the model lists for the operation.
    fn errors(self) -> &'static [ErrorKind];

    /// How the operation pages, if it does.
    fn paginator(self) -> Option<&'static Paginator>;

    /// Whether the operation only reads: a key that may only read may call it, and doing it twice is doing it once.
    fn is_read(self) -> bool {
        let verbs = ["BatchDescribe", "Describe", "Evaluate", "Get", "List", "Search"];
        verbs.iter().any(|verb| self.name().starts_with(verb))
    }

    /// The operation of this name.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.name() == name)
    }

    /// Whether the model lists `kind` for the operation.
    fn models(self, kind: ErrorKind) -> bool {
        self.errors().contains(&kind)
    }

    /// The kind of error that answers a broken constraint: `InvalidParameterException` where the operation has it.
    fn constraint_error_kind(self) -> ErrorKind {
        match self.models(ErrorKind::InvalidParameterException) {
            true => ErrorKind::InvalidParameterException,
            false => ErrorKind::InvalidRequestException,
        }
    }
}

/// Round trips of every operation, for the tests of the models.
#[cfg(test)]
pub(crate) trait Reread: ServiceOperation + Ord + std::fmt::Debug {
    /// Reads a request to the operation and writes it again.
    fn reread(
        self,
        params: &crate::UriParams<'_>,
        query: Option<&str>,
        body: &[u8],
    ) -> Result<crate::RequestParts, crate::RequestError>;

    /// Reads a response of the operation and writes it again.
    fn reanswer(self, body: &[u8]) -> Result<Vec<u8>, crate::ResponseError>;
}
