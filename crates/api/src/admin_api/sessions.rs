//! `/lanyard/v1/sessions` and `/lanyard/v1/me`: people sign in, sign out, and ask about themselves; and
//! `/lanyard/v1/instances/{InstanceId}/users/{UserId}/sessions`, where an administrator ends a user's sessions.

use lanyard_model::{Id, Kind};
use lanyard_store::Secret;
use lanyard_wire::ErrorKind;
use serde::{Deserialize, Serialize};

use super::{Surface, me};
use crate::request::{Incoming, check_content_type};
use lanyard_service::error::{Error, Result};
use lanyard_service::{Reply, instance_id};

use crate::authenticator::bearer;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    instance: String,
    user_name: String,
    password: String,
}

/// A session as it is shown: this once.
#[derive(Serialize)]
struct View<'a> {
    token: &'a str,
    user_id: String,
    user_arn: &'a str,
    instance_id: String,
    region: &'a str,
    /// Milliseconds since 1970; later when it is used.
    ends: i64,
}

/// How long a password is at most, in bytes; the API model allows 64 characters.
const LONGEST_PASSWORD: usize = 1_024;

/// Begins a session.
pub(super) async fn begin(surface: &Surface<'_>, request: &Incoming<'_>) -> Result<Reply> {
    check_content_type(request)?;
    let Wanted { instance, user_name, password } = wanted(request.body)?;
    if password.len() > LONGEST_PASSWORD {
        return Err(Error::invalid_parameter(format!(
            "member `password` is longer than {LONGEST_PASSWORD} bytes, the most that is read"
        )));
    }
    let it = surface.service.sign_in(&instance, &user_name, Secret::new(password.into_bytes())).await?;
    Reply::json(&View {
        token: &it.token,
        user_id: it.user.to_string(),
        user_arn: &it.arn,
        instance_id: it.instance.to_string(),
        region: &it.region,
        ends: it.ends.0,
    })
}

/// Reads the body. The error repeats nothing of it, since it may hold a password.
fn wanted(body: &[u8]) -> Result<Wanted> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Error::invalid_parameter(
            "the body is not as expected: it must be an object of `instance`, `user_name` and `password`, all text, and \
             nothing else",
        ),
        _ => Error::new(ErrorKind::SerializationException, "the body is not JSON"),
    })
}

/// Ends the session that the request comes with.
pub(super) async fn end(surface: &Surface<'_>, request: &Incoming<'_>) -> Result<Reply> {
    surface.service.sign_out(token(request)?).await?;
    Reply::json(&serde_json::json!({}))
}

/// The caller and their access.
pub(super) async fn me(surface: &Surface<'_>, request: &Incoming<'_>) -> Result<Reply> {
    Reply::json(&me::me(&surface.service.user_session(token(request)?).await?)?)
}

fn token<'a>(request: &Incoming<'a>) -> Result<&'a str> {
    bearer(request.headers).ok_or_else(|| {
        Error::new(
            ErrorKind::MissingAuthenticationTokenException,
            "this takes a session's token, in the header `Authorization: Bearer TOKEN`; POST /lanyard/v1/sessions gives one",
        )
    })
}

/// The sessions of a user.
pub(super) struct Path<'a> {
    instance: &'a str,
    user: &'a str,
}

impl<'a> Path<'a> {
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let (instance, rest) = path.strip_prefix("/lanyard/v1/instances/")?.split_once('/')?;
        let user = rest.strip_prefix("users/")?.strip_suffix("/sessions")?;
        (!user.contains('/')).then_some(Self { instance, user })
    }
}

/// Ends all sessions of a user.
pub(super) async fn revoke(surface: &Surface<'_>, request: &Incoming<'_>, path: &Path<'_>) -> Result<Reply> {
    if *request.method != http::Method::DELETE {
        let message = format!("a user's sessions have no operation {}; there is DELETE", request.method);
        return Err(Error::new(ErrorKind::UnknownOperationException, message));
    }
    let call = super::writer(surface, request, "RevokeSessions")?;
    let id = instance_id(&call.scope, path.instance)?;
    let state = surface.service.node.instance(&call.scope, &id).await?.writer.read();
    let user = Id::new(path.user);
    if !state.users.contains_key(&user) {
        return Err(Error::not_found(Kind::User.noun(), path.user));
    }
    let ended = surface.service.sessions.end_all(&id, &user).await?;
    tracing::info!(instance = %id, user = %user, ended, actor = call.actor(), "sessions were revoked");
    Reply::json(&serde_json::json!({ "sessions_ended": ended }))
}
