//! The door: people come in as users, and may do what their security profiles let them.
//!
//! A session takes the place of a signature. What it may call, and what has to be granted on what, says one table; an
//! operation that the table does not open cannot be reached. The strict reading of the rules decides, on the very state
//! that the operation runs on. What a user may not view is treated as absent wherever it would show: that is decided in
//! one place, [`VisibilityFilter::can_view`].

mod attempts;
mod authorization;
#[cfg(test)]
mod document;
pub(crate) mod me;
mod members;
mod records;
mod sessions;
mod sign_in;
mod table;
mod user_request;
mod visibility;

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use lanyard_model::Scope;
use lanyard_wire::ErrorKind;

pub use sessions::SessionLimits;
pub(crate) use sessions::Sessions;
pub(crate) use sign_in::SignInLimiter;
pub(crate) use user_request::{UserRequest, UserSession};
pub(crate) use visibility::VisibilityFilter;

use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::server::Server;

/// Who came in, before it is known what they want.
pub(crate) enum Authenticated {
    /// Whoever signed with this key, for this account and region.
    Key(Arc<Credential>, Scope),
    /// A user who signed in.
    User(UserSession),
}

/// The token of a request that comes with a session instead of a signature.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    const SCHEME: &[u8] = b"bearer ";
    let value = headers.get(AUTHORIZATION)?;
    // Signed requests, which have this header too, are told from these by a glance.
    let scheme = value.as_bytes().get(..SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| value.to_str().ok()?.get(SCHEME.len()..)).flatten().map(str::trim)
}

impl Server {
    /// Whom a session's token lets in. The session goes on from now.
    ///
    /// # Errors
    /// One and the same, whether the session ended, its user is gone or it never began.
    pub(crate) fn enter(&self, token: &str) -> Result<UserSession> {
        let now = self.node.environment.now();
        let ended = || Error::new(ErrorKind::UnrecognizedClientException, "there is no such session; sign in again");
        let session = self.sessions.find(token, now, &self.config.sessions).ok_or_else(ended)?;
        let instance = self.node.any_instance(&session.instance).ok_or_else(ended)?;
        if !instance.writer.read().users.contains_key(&session.user) {
            self.sessions.end_all(&session.instance, Some(&session.user));
            return Err(ended());
        }
        Ok(UserSession { session, instance })
    }
}
