//! The administration API, for what has no call in Amazon's: everything under `/lanyard/v1/`.
//!
//! It is signed like Amazon's and refuses in the same form. `/lanyard/v1/health` and `/lanyard/v1/ready` need no
//! signature.

mod application_tools;
mod decision_tokens;
mod health;
mod history;
mod me;
mod ready;
mod sessions;
mod state;

use http::Method;
use lanyard_wire::ErrorKind;
use serde::de::DeserializeOwned;

use crate::request::{Body, Incoming, check_content_type};
use lanyard_authn::Mode;
use lanyard_service::context::{Call, Caller};
use lanyard_service::error::{Error, Excerpt, Result};
use lanyard_service::{Reply, Service, change_sets, reset, seed};

use crate::authenticator::Authenticator;

/// Whether a path is of the administration API.
pub(crate) fn is_admin_path(path: &str) -> bool {
    path.starts_with("/lanyard/")
}

/// The services that the operations of this API use.
pub(crate) struct Surface<'a> {
    pub(crate) service: &'a Service,
    pub(crate) authenticator: &'a Authenticator,
}

/// Answers a request of the administration API.
pub(crate) async fn answer(surface: &Surface<'_>, request: &Incoming<'_>) -> Result<Reply> {
    if let Some(path) = decision_tokens::Path::of(request.path) {
        return decision_tokens::run(surface, request, &path).await;
    }
    if let Some(path) = sessions::Path::of(request.path) {
        return sessions::revoke(surface, request, &path).await;
    }
    if let Some((instance, rest)) = of_instance(request.path) {
        match (request.method, rest) {
            (&Method::POST, "change-sets") => {
                let call = writer(surface, request, "ApplyChangeSet")?;
                return change_sets::run(surface.service, &call, instance, parse(request.body)?).await;
            }
            (&Method::GET, "history") => return history::history(surface, request, instance).await,
            _ => {}
        }
    }
    if let Some(application) = application_tools::application(request.path) {
        return application_tools::run(surface, request, application).await;
    }
    match (request.method, request.path) {
        (&Method::GET, "/lanyard/v1/health") => health::run(),
        (&Method::GET, "/lanyard/v1/ready") => ready::run(surface.service).await,
        (&Method::POST, "/lanyard/v1/seed") => {
            let call = writer(surface, request, "Seed")?;
            seed::run(surface.service, &call, parse(request.body)?).await
        }
        (&Method::POST, "/lanyard/v1/reset") => reset::run(surface.service, &writer(surface, request, "Reset")?).await,
        (&Method::POST, "/lanyard/v1/sessions") => sessions::begin(surface, request).await,
        (&Method::DELETE, "/lanyard/v1/sessions") => sessions::end(surface, request).await,
        (&Method::GET, "/lanyard/v1/me") => sessions::me(surface, request).await,
        _ => Err(Error::new(
            ErrorKind::UnknownOperationException,
            format!(
                "the administration API has no operation {} {}; there are GET /lanyard/v1/health and ready, POST \
                 /lanyard/v1/seed, POST /lanyard/v1/reset, POST and DELETE /lanyard/v1/sessions, GET /lanyard/v1/me, below \
                 /lanyard/v1/instances/{{InstanceId}} GET history, GET state, POST change-sets, decision-tokens and \
                 DELETE users/{{UserId}}/sessions, and, of an application, \
                 /lanyard/v1/applications/{{ApplicationId}}/tools",
                request.method,
                Excerpt(request.path)
            ),
        )),
    }
}

/// The instance whose state a request asks for.
pub(crate) fn state_path<'a>(request: &Incoming<'a>) -> Option<&'a str> {
    let (instance, rest) = of_instance(request.path)?;
    (rest == "state" && *request.method == Method::GET).then_some(instance)
}

/// Answers a request of [`state_path`]: a body in pieces, since it has a whole instance.
pub(crate) async fn state(surface: &Surface<'_>, request: &Incoming<'_>) -> Result<Body> {
    state::state(surface, request, state_path(request).unwrap_or_default()).await
}

/// The instance that a path names, and what follows.
fn of_instance(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("/lanyard/v1/instances/")?.split_once('/')
}

/// The caller of an operation that changes nothing: any key.
fn reader(surface: &Surface<'_>, request: &Incoming<'_>, operation: &'static str) -> Result<Call> {
    let (credential, scope) = surface.authenticator.authenticate(request)?;
    let caller = Caller::Key(credential);
    Ok(Call { caller, scope, request_id: request.request_id.to_owned(), operation })
}

/// The caller of an operation that changes something: a key that is not read-only.
fn writer(surface: &Surface<'_>, request: &Incoming<'_>, operation: &'static str) -> Result<Call> {
    let call = reader(surface, request, operation)?;
    if let Caller::Key(credential) = &call.caller
        && credential.mode == Mode::ReadOnly
    {
        return Err(Error::new(
            ErrorKind::AccessDeniedException,
            format!("the access key of `{}` is read-only and may not call {operation}", credential.owner),
        ));
    }
    check_content_type(request)?;
    Ok(call)
}

/// Reads a body; an empty one is an empty object.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Error::invalid_parameter(format!("the body is not as expected: {error}")),
        _ => Error::new(ErrorKind::SerializationException, format!("the body is not JSON: {error}")),
    })
}
