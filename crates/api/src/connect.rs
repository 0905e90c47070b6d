//! The Amazon Connect API.

use lanyard_service::context::{Call, Caller};
use lanyard_service::error::Error;
use lanyard_service::operations::{declaration, dispatch};
use lanyard_service::{Reply, Service, Unparsed, UserSession};
use lanyard_wire::{ErrorKind, Operation, Route};

use crate::authenticator::{Authenticator, bearer};
use crate::request::{Incoming, Refusal, no_operation, not_served};

/// The caller of a request whose operation is not known yet.
enum Authenticated {
    /// A key that signed, for this account and region.
    Key(Caller, lanyard_model::Scope),
    /// A user who signed in.
    User(UserSession),
}

/// Answers a request of the Amazon Connect API.
pub(crate) async fn answer(
    service: &Service,
    authenticator: &Authenticator,
    request: &Incoming<'_>,
) -> Result<Reply, Refusal> {
    let refuse = |operation: Option<Operation>, error| Refusal { errors: operation.map(Operation::errors), error };
    let route = lanyard_wire::check_query(request.query.unwrap_or_default())
        .and_then(|()| lanyard_wire::route(request.method.as_str(), request.path))
        .map_err(|error| refuse(None, Error::new(ErrorKind::SerializationException, error.to_string())))?;
    if matches!(route, Route::NotFound) {
        return Err(refuse(None, no_operation(request)));
    }
    let authenticated = match bearer(request.headers) {
        Some(token) => Authenticated::User(service.user_session(token).await.map_err(|error| refuse(None, error))?),
        None => {
            let (credential, scope) = authenticator.authenticate(request).map_err(|error| refuse(None, error))?;
            Authenticated::Key(Caller::Key(credential), scope)
        }
    };
    let (operation, params) = match &route {
        Route::Served(operation, params) => (*operation, params),
        Route::Unserved(name) => return Err(refuse(None, not_served(name))),
        Route::NotFound => return Err(refuse(None, no_operation(request))),
    };
    let (caller, scope) = match authenticated {
        Authenticated::Key(caller, scope) => (caller, scope),
        Authenticated::User(session) => session.call(operation).map_err(|error| refuse(Some(operation), error))?,
    };
    let call = Call { caller, scope, request_id: request.request_id.to_owned(), operation: operation.name() };
    let is_read = declaration(operation).is_some_and(|it| it.is_read);
    authenticator.admit(&call, is_read, request).await.map_err(|error| refuse(Some(operation), error))?;
    let unparsed = Unparsed { params, query: request.query, body: request.body, user_request: call.user_request() };
    dispatch(service, operation, &call, &unparsed).await.map_err(|error| refuse(Some(operation), error))
}
