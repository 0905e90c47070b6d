//! Signing in: an instance, a user name and a password for a session's token.
//!
//! Every failure has the same message and takes as long: one argon2 verification, whether or not the instance, the user
//! or a password exists.

use std::sync::Arc;

use lanyard_authn::{Session, hex};
use lanyard_model::{Id, Kind, Scope, StreamId, Timestamp};
use lanyard_policy::{OperationPolicy, UserRequest};
use lanyard_store::{Secret, SecretGuard};
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
    /// When it ends unless it is used.
    pub ends: Timestamp,
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
        let ended = || Error::new(ErrorKind::UnrecognizedClientException, "there is no such session; sign in again");
        let session = self.sessions.find(token).await?.ok_or_else(ended)?;
        let instance = self.node.any_instance(&session.instance).await?.ok_or_else(ended)?;
        if !instance.writer.read().users.contains_key(&session.user) {
            return Err(ended());
        }
        Ok(UserSession { ends: session.ends(self.sessions.limits()), session, instance })
    }

    /// Begins a session.
    ///
    /// # Errors
    /// Access denied; or, after too many failures, too many requests.
    pub async fn sign_in(&self, instance: &str, user_name: &str, password: Secret) -> Result<SignedIn> {
        let named = self.node.named_instance(instance).await?;
        let place = named.as_ref().map_or_else(|| instance.to_lowercase(), |(id, _)| id.to_string());
        let attempt = format!("{place}\0{}", user_name.to_lowercase());
        self.sign_in_attempts.take(&attempt).await?;
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
        let right = self.passwords.verify(password, hash.clone()).await?;
        let (id, it, user) = named_user.filter(|_| right).ok_or_else(wrong)?;
        // Deleting the user or the instance removes the password.
        let password = SecretGuard { stream, name: secret, value: hash.ok_or_else(wrong)? };
        let random = self.node.environment.random().map_err(|error| Error::internal(error.to_string()))?;
        let token = format!("{PREFIX}{}", hex(&random));
        let (forgotten, begun) = tokio::join!(
            self.sign_in_attempts.succeeded(&attempt),
            self.sessions.begin(&token, id.clone(), user.clone(), password),
        );
        forgotten?;
        let session = begun?.ok_or_else(wrong)?;
        let arn = it.scope.arn(&id, Kind::User, &user).unwrap_or_default();
        let ends = session.ends(self.sessions.limits());
        Ok(SignedIn { token, instance: id, user, ends, arn, region: it.scope.region.clone() })
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// When there is none.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        self.user_session(token).await?;
        self.sessions.end(token).await
    }
}
