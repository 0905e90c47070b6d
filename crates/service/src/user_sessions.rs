//! Signing in: an instance, a user name and a password for a session's token.
//!
//! Every failure has the same message and takes as long: one argon2 verification, whether or not the instance, the user
//! or a password exists.

use std::sync::Arc;

use lanyard_authn::{Full, Session, Wait, hex};
use lanyard_model::{Id, Kind, Scope, StreamId, Timestamp};
use lanyard_policy::{OperationPolicy, UserRequest};
use lanyard_store::Secret;
use lanyard_wire::{ErrorKind, Operation};

use crate::context::Caller;
use crate::error::{Error, Result};
use crate::node::Instance;
use crate::operations::declaration;
use crate::secrets::password_secret;
use crate::service::Service;

/// The prefix of tokens, by which scanners for leaked secrets find them.
const PREFIX: &str = "lanyard_session_";

/// A session that began.
pub struct SignedIn {
    /// The token, which is shown this once.
    pub token: String,
    /// The instance.
    pub instance: Id,
    /// The user.
    pub user: Id,
    /// When it ends unless it is used.
    pub ends: Timestamp,
    /// The ARN of the user.
    pub arn: String,
    /// The region of the instance.
    pub region: String,
}

/// A user who signed in.
pub struct UserSession {
    /// The session.
    pub session: Session,
    /// Its instance.
    pub instance: Instance,
}

impl UserSession {
    /// The user's call of an operation, if they may call it on any resource at all. This is the first check.
    ///
    /// # Errors
    /// Access denied, with the permission that it takes.
    pub fn call(self, operation: Operation) -> Result<(Caller, Scope)> {
        let denied = |why: &str| {
            let message = format!("{} cannot be called with a session: {why}", operation.name());
            Error::new(ErrorKind::AccessDeniedException, message)
        };
        let requirement = match declaration(operation).map(|it| &it.policy) {
            Some(OperationPolicy::Allow(requirement)) => requirement,
            Some(OperationPolicy::Deny(why)) => return Err(denied(why)),
            None => return Err(denied("no permission governs it")),
        };
        let scope = Scope::clone(&self.instance.scope);
        let Session { instance, user, .. } = self.session;
        let user_request = UserRequest::new(instance, scope.clone(), &user, operation.name(), requirement);
        user_request.require_somewhere(self.instance.writer.read().compiled())?;
        Ok((Caller::User(Arc::new(user_request)), scope))
    }
}

impl Service {
    /// The user whose session a token is of. The session goes on from now.
    ///
    /// # Errors
    /// One and the same, whether the session ended, its user is gone or it never began.
    pub async fn user_session(&self, token: &str) -> Result<UserSession> {
        let now = self.node.environment.now();
        let ended = || Error::new(ErrorKind::UnrecognizedClientException, "there is no such session; sign in again");
        let session = self.sessions.find(token, now, &self.config.sessions).ok_or_else(ended)?;
        let instance = self.node.any_instance(&session.instance).await?.ok_or_else(ended)?;
        if !instance.writer.read().users.contains_key(&session.user) {
            self.sessions.end_all(&session.instance, Some(&session.user));
            return Err(ended());
        }
        Ok(UserSession { session, instance })
    }

    /// Begins a session.
    ///
    /// # Errors
    /// Access denied; or, after too many failures, too many requests.
    pub async fn sign_in(&self, instance: &str, user_name: &str, password: Secret) -> Result<SignedIn> {
        let environment = &self.node.environment;
        let named = self.node.named_instance(instance).await?;
        let place = named.as_ref().map_or_else(|| instance.to_lowercase(), |(id, _)| id.to_string());
        let attempt = format!("{place}\0{}", user_name.to_lowercase());
        self.sign_in_limiter.take(&attempt, environment.now()).map_err(|Wait(seconds)| {
            let message = format!("there were too many attempts to sign in; try again in {seconds} s");
            Error::new(ErrorKind::ThrottlingException, message)
        })?;
        let wrong =
            || Error::new(ErrorKind::AccessDeniedException, "the instance, the user name or the password is not right");
        let named_user = named.and_then(|(id, it)| {
            let user = it.writer.read().find_name(Kind::User, user_name).cloned()?;
            Some((id, it, user))
        });
        // The secret is read in any case, so that every failure takes as long.
        let (stream, secret) = match &named_user {
            Some((id, _, user)) => (StreamId::Instance(id.clone()), password_secret(user)),
            None => (StreamId::Instance(Id::new("-")), password_secret(&Id::new("-"))),
        };
        let hash =
            self.node.store.secret(&stream, &secret).await.map_err(|error| Error::internal(error.to_string()))?;
        let right = self.passwords.verify(password, hash).await?;
        let (id, it, user) = named_user.filter(|_| right).ok_or_else(wrong)?;
        self.sign_in_limiter.succeeded(&attempt);
        self.begin(id, &it, user)
    }

    fn begin(&self, instance: Id, it: &Instance, user: Id) -> Result<SignedIn> {
        let environment = &self.node.environment;
        let random = environment.random().map_err(|error| Error::internal(error.to_string()))?;
        let token = format!("{PREFIX}{}", hex(&random));
        let limits = &self.config.sessions;
        let begun = self.sessions.begin(&token, instance.clone(), user.clone(), environment.now(), limits);
        let ends = begun.map_err(|Full| {
            Error::new(
                ErrorKind::ThrottlingException,
                "the server has as many sessions as it can have; try again later",
            )
        })?;
        // The user was deleted while the password was verified, before the session existed to be ended.
        if !it.writer.read().users.contains_key(&user) {
            self.sessions.end(&token);
        }
        let arn = it.scope.arn(&instance, Kind::User, &user).unwrap_or_default();
        Ok(SignedIn { token, instance, user, ends, arn, region: it.scope.region.clone() })
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// When there is none.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        self.user_session(token).await?;
        self.sessions.end(token);
        Ok(())
    }
}
