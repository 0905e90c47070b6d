//! Signing in: an instance, a user name and a password for a session's token.
//!
//! Whatever is wrong is said in the same words and takes as long: one argon2 verification, whether or not there is the
//! instance, the user or a password.

use lanyard_model::{Id, Kind, StreamId, Timestamp};
use lanyard_store::Secret;
use lanyard_wire::ErrorKind;

use super::attempts::{Attempts, Wait};
use super::sessions::Full;
use crate::access::decision_tokens::hex;
use crate::error::{Error, Result};
use crate::node::Instance;
use crate::ops::users::password_secret;
use crate::server::Server;

/// What tokens begin with, so that those who look for secrets in the wrong places find them.
const PREFIX: &str = "lanyard_session_";

/// What guards signing in.
#[derive(Default)]
pub(crate) struct SignInLimiter {
    attempts: Attempts,
}

/// A session that began.
pub(crate) struct SignedIn {
    pub(crate) token: String,
    pub(crate) instance: Id,
    pub(crate) user: Id,
    /// When it ends unless it is used.
    pub(crate) ends: Timestamp,
    /// The ARN of the user.
    pub(crate) arn: String,
    pub(crate) region: String,
}

impl Server {
    /// Begins a session.
    ///
    /// # Errors
    /// Access denied; or, after too many failures, too many requests.
    pub(crate) async fn sign_in(&self, instance: &str, user_name: &str, password: Secret) -> Result<SignedIn> {
        let environment = &self.node.environment;
        let named = self.node.named_instance(instance);
        let place = named.as_ref().map_or_else(|| instance.to_lowercase(), |(id, _)| id.to_string());
        let attempt = format!("{place}\0{}", user_name.to_lowercase());
        self.sign_in_limiter.attempts.take(&attempt, environment.now()).map_err(|Wait(seconds)| {
            let message = format!("there were too many attempts to sign in; try again in {seconds} s");
            Error::new(ErrorKind::ThrottlingException, message)
        })?;
        let wrong =
            || Error::new(ErrorKind::AccessDeniedException, "the instance, the user name or the password is not right");
        let found = named.and_then(|(id, it)| {
            let user = it.writer.read().find_name(Kind::User, user_name).cloned()?;
            Some((id, it, user))
        });
        // A secret is looked for in any case.
        let (stream, secret) = match &found {
            Some((id, _, user)) => (StreamId::Instance(id.clone()), password_secret(user)),
            None => (StreamId::Instance(Id::new("-")), password_secret(&Id::new("-"))),
        };
        let hash =
            self.node.store.secret(&stream, &secret).await.map_err(|error| Error::internal(error.to_string()))?;
        let right = self.passwords.verify(password, hash).await?;
        let (id, it, user) = found.filter(|_| right).ok_or_else(wrong)?;
        self.sign_in_limiter.attempts.succeeded(&attempt);
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
        // Deleted while its password was looked at: the session was not there yet to be ended.
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
    pub(crate) fn sign_out(&self, token: &str) -> Result<()> {
        self.enter(token)?;
        self.sessions.end(token);
        Ok(())
    }
}
