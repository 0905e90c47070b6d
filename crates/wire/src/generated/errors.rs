//! The modelled kinds of errors, then the protocol's own.
//!
//! Generated from the models in `model/`; `cargo run -p lanyard-codegen` writes it again.

error_kinds! {
    AccessDeniedException = 403,
    ConditionalOperationFailedException = 409,
    ConflictException = 409,
    DuplicateResourceException = 409,
    IdempotencyException = 409,
    InternalServiceError = 500,
    InternalServiceException = 500,
    InvalidContactFlowModuleException = 400,
    InvalidParameterException = 400,
    InvalidRequestException = 400,
    LimitExceededException = 429,
    MaximumResultReturnedException = 400,
    ResourceConflictException = 409,
    ResourceInUseException = 409,
    ResourceNotFoundException = 404,
    ResourceQuotaExceededException = 429,
    ServiceQuotaExceededException = 402,
    ThrottlingException = 429,
    UnsupportedOperationException = 400,
    SerializationException = 400,
    IncompleteSignatureException = 403,
    InvalidSignatureException = 403,
    MissingAuthenticationTokenException = 403,
    UnrecognizedClientException = 403,
    UnknownOperationException = 404,
    NotImplementedException = 501,
    ServiceUnavailableException = 503,
}
