//! The errors that operations answer.
//!
//! An [`Error`] has two parts that never mix: the message for the caller, and, for an internal failure, the message for
//! the log. Its kind and status for a given operation are decided in one place, [`Error::kind_for`]: a kind that the
//! API model does not list for the operation becomes `InvalidRequestException`, as clients expect of the service.

use std::any::Any;
use std::fmt;

use lanyard_authn::PasswordError;
use lanyard_model::{Invalid, Kind};
use lanyard_policy::Refusal;
use lanyard_store::{AppendError, Outage};
use lanyard_wire::sigv4::{AuthFailure, AuthFailureKind};
use lanyard_wire::{ErrorKind, Operation};

/// The outcome of an operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation did not do what was asked.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    members: Vec<(&'static str, serde_json::Value)>,
    internal: Option<String>,
}

impl Error {
    /// An error of any kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), members: Vec::new(), internal: None }
    }

    /// A member's value is not acceptable.
    pub fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidParameterException, message)
    }

    /// The request as a whole cannot be done.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequestException, message)
    }

    /// Something that the request names does not exist. `what` is a noun such as `security profile`.
    pub fn not_found(what: &str, id: impl fmt::Display) -> Self {
        Self::new(ErrorKind::ResourceNotFoundException, format!("there is no {what} `{}`", Excerpt(&id.to_string())))
    }

    /// A name is taken.
    pub fn duplicate(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::DuplicateResourceException, message)
    }

    /// A resource is in use. The message does not name the other resource, for callers who may not know of it.
    pub fn in_use_by_another(kind: Kind, id: impl fmt::Display) -> Self {
        Self::in_use_by_something(&format!("the {} `{id}`", kind.noun()))
    }

    /// [`Self::in_use_by_another`], for a thing that is called `what`.
    pub fn in_use_by_something(what: &str) -> Self {
        Self::new(ErrorKind::ResourceInUseException, format!("{what} is in use by another resource"))
    }

    /// A quota is reached.
    pub fn limit_exceeded(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::LimitExceededException, message)
    }

    /// A failure of ours: the caller learns that there was one, the log what it was.
    pub fn internal(detail: impl Into<String>) -> Self {
        Self {
            internal: Some(detail.into()),
            ..Self::new(
                ErrorKind::InternalServiceException,
                "the server could not complete the request; its log has the reason",
            )
        }
    }

    /// The database cannot be asked: the caller learns that the same may succeed later, the log why.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self {
            internal: Some(detail.into()),
            ..Self::new(ErrorKind::ServiceUnavailableException, "the server cannot reach its database; try again later")
        }
    }

    /// Nothing is written for now. The caller learns why, as `cause` says; the log has the detail.
    pub fn unavailable(cause: impl fmt::Display, detail: impl Into<String>) -> Self {
        Self {
            internal: Some(detail.into()),
            ..Self::new(
                ErrorKind::ServiceUnavailableException,
                format!("nothing was written: {cause}; reads and decisions go on, and the write can be tried again"),
            )
        }
    }

    /// The same error, of one call of several. Its kind is the one that the operation has for it.
    pub fn in_call(mut self, at: usize, operation: Operation) -> Self {
        self.kind = self.kind_for(Some(operation.errors()));
        self.message = format!("call {at} ({}): {}", operation.name(), self.message);
        self
    }

    /// Adds a member that the kind of error has in addition to its message.
    pub fn with_member(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// The kind of this error for an operation whose model lists `errors`.
    pub fn kind_for(&self, errors: Option<&[ErrorKind]>) -> ErrorKind {
        let Some(errors) = errors else { return self.kind };
        // The kinds that have different names in Connect and AppIntegrations.
        let others: &[ErrorKind] = match self.kind {
            ErrorKind::LimitExceededException => {
                &[ErrorKind::ServiceQuotaExceededException, ErrorKind::ResourceQuotaExceededException]
            }
            ErrorKind::InternalServiceException => &[ErrorKind::InternalServiceError],
            _ => &[],
        };
        if let Some(modelled) = std::iter::once(&self.kind).chain(others).find(|kind| errors.contains(kind)) {
            return *modelled;
        }
        match self.kind {
            ErrorKind::InvalidParameterException
            | ErrorKind::ResourceNotFoundException
            | ErrorKind::DuplicateResourceException
            | ErrorKind::LimitExceededException
            | ErrorKind::IdempotencyException
            | ErrorKind::ResourceInUseException
            | ErrorKind::ResourceConflictException
            | ErrorKind::ConditionalOperationFailedException => ErrorKind::InvalidRequestException,
            _ => self.kind,
        }
    }

    /// Whether something that the request names does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::ResourceNotFoundException
    }

    /// The message for the caller.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The members in addition to the message, for an answer of this `kind`: only its own kind has them.
    pub fn members_as(&self, kind: ErrorKind) -> &[(&'static str, serde_json::Value)] {
        if kind == self.kind { &self.members } else { &[] }
    }

    /// The message for the log, of an internal failure.
    pub fn detail(&self) -> Option<&str> {
        self.internal.as_deref()
    }
}

impl From<AuthFailure> for Error {
    fn from(failure: AuthFailure) -> Self {
        let kind = match failure.kind {
            AuthFailureKind::MissingAuthenticationToken => ErrorKind::MissingAuthenticationTokenException,
            AuthFailureKind::IncompleteSignature => ErrorKind::IncompleteSignatureException,
            AuthFailureKind::UnrecognizedClient => ErrorKind::UnrecognizedClientException,
            AuthFailureKind::InvalidSignature => ErrorKind::InvalidSignatureException,
        };
        Self::new(kind, failure.message)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(message) => Self::new(ErrorKind::AccessDeniedException, message),
            Refusal::NotFound { noun, named } => Self::not_found(noun, named),
        }
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        Self::internal(error.to_string())
    }
}

/// Changes that do not fit the state, where the operation has no better message.
impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        match &invalid {
            Invalid::NameTaken { key } => Self::duplicate(format!("another {} has this name", key.kind.noun())),
            Invalid::Missing { target, .. } => Self::not_found(target.kind.noun(), &target.id),
            Invalid::InUse { key, by } => Self::new(
                ErrorKind::ResourceInUseException,
                format!("the {} `{}` is in use by the {} `{}`", key.kind.noun(), key.id, by.kind.noun(), by.id),
            ),
            Invalid::Stale { .. } => Self::internal(invalid.to_string()),
        }
    }
}

impl From<AppendError> for Error {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::NameTaken { scope, name } if scope == Kind::InstanceRecord.name() => Self::invalid_request(
                format!("member `InstanceAlias` has value `{name}`, an alias that is in use; choose another"),
            ),
            AppendError::NameTaken { name, .. } => Self::duplicate(format!("the name `{name}` is taken")),
            AppendError::Conflict { .. } => {
                Self::new(ErrorKind::ServiceUnavailableException, "too many writes at the same time; try again")
            }
            AppendError::Busy => {
                Self::new(ErrorKind::ThrottlingException, "too many writes wait for the disk; try again")
            }
            AppendError::Unavailable(Outage { cause, detail }) => Self::unavailable(cause, detail),
            AppendError::Unknown(detail) => Self {
                message:
                    "it is not known whether this was written: the storage failed when it was to be kept; read what \
                          is there before you try again"
                        .to_owned(),
                ..Self::internal(detail)
            },
            AppendError::Refused(detail) | AppendError::Storage(detail) => Self::internal(detail),
        }
    }
}

/// The message of a panic.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

/// User input in a message, cut where it is long.
pub struct Excerpt<'a>(pub &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 100;
        match self.0.char_indices().nth(LONGEST) {
            Some((end, _)) => write!(f, "{}…", self.0.get(..end).unwrap_or_default()),
            None => f.write_str(self.0),
        }
    }
}
