//! The other service of the endpoint: the part of Amazon AppIntegrations with which applications are registered.
//!
//! A request is of this service when it is signed for it; every other is Amazon Connect's. A session cannot be used here.

use lanyard_service::context::{Call, Caller};
use lanyard_service::error::Error;
use lanyard_service::operations::applications::{dispatch, is_read};
use lanyard_service::{Reply, Service, Unparsed};
use lanyard_wire::{ErrorKind, Route, appintegrations, sigv4};

use crate::authenticator::Authenticator;
use crate::request::{Incoming, Refusal, no_operation, not_served};

/// The signing name under which the service's clients sign.
const SERVICE: &str = "app-integrations";

/// Whether a request's signature names this service.
pub(crate) fn is_meant(request: &Incoming<'_>) -> bool {
    sigv4::claimed_service(request.headers) == Some(SERVICE)
}

/// Answers a request of the AppIntegrations API.
pub(crate) async fn answer(
    service: &Service,
    authenticator: &Authenticator,
    request: &Incoming<'_>,
) -> Result<Reply, Refusal> {
    let route = lanyard_wire::check_query(request.query.unwrap_or_default())
        .and_then(|()| appintegrations::route(request.method.as_str(), request.path))
        .map_err(|error| Refusal::of(Error::new(ErrorKind::SerializationException, error.to_string())))?;
    if matches!(route, Route::NotFound) {
        return Err(Refusal::of(no_operation(request)));
    }
    let (credential, scope) = authenticator.authenticate_for(request, SERVICE).map_err(Refusal::of)?;
    let (operation, params) = match &route {
        Route::Served(operation, params) => (*operation, params),
        Route::Unserved(name) => return Err(Refusal::of(not_served(name))),
        Route::NotFound => return Err(Refusal::of(no_operation(request))),
    };
    let caller = Caller::Key(credential);
    let call = Call { caller, scope, request_id: request.request_id.to_owned(), operation: operation.name() };
    let refuse = |error: Error| Refusal { errors: Some(operation.errors()), error };
    authenticator.admit(&call, is_read(operation), request).await.map_err(refuse)?;
    let unparsed = Unparsed { params, query: request.query, body: request.body, user_request: None };
    dispatch(service, operation, &call, &unparsed).await.map_err(refuse)
}
