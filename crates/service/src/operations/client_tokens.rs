//! Client tokens: the same create again, with the same token, gives the first one's answer.
//!
//! A token is stored for a day with the identifier of the resource that it made, so it survives a restart. It belongs
//! to one operation and one instance (for CreateInstance, to the registry); with other parameters it is refused.

use lanyard_model::resources::ClientToken;
use lanyard_model::{Directory, Draft, Id, Kind, Timestamp};
use lanyard_wire::{ErrorKind, Input};
use sha2::{Digest, Sha256};

use crate::context::Call;
use crate::error::{Error, Result};

/// How long a client token is remembered: a day.
const TOKEN_LIFE_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// A request that makes a resource, as its client token identifies it.
pub(crate) struct CreateRequest<'a> {
    /// The operation; for a user who signed in, also the user, so that no user gets another's result.
    operation: String,
    token: Option<&'a str>,
    digest: String,
}

impl<'a> CreateRequest<'a> {
    /// `bare` is the request without its token.
    pub(crate) fn new(operation: &'static str, call: &Call, token: Option<&'a str>, bare: &impl Input) -> Self {
        let digest = format!("{:x}", Sha256::digest(bare.to_request().body.unwrap_or_default()));
        let operation = match call.user_request() {
            None => operation.to_owned(),
            Some(user_request) => format!("{operation} by {}", user_request.actor()),
        };
        Self { operation, token, digest }
    }

    /// The identifier that the same request made before.
    ///
    /// # Errors
    /// When the token was used for another request.
    pub(crate) fn made_before(&self, directory: &Directory) -> Result<Option<Id>> {
        let Some(token) = self.token else { return Ok(None) };
        match directory.client_tokens.get(&ClientToken::key(&self.operation, token)) {
            None => Ok(None),
            Some(made) if made.request_digest == self.digest => Ok(Some(made.result.clone())),
            Some(_) => Err(Error::new(
                ErrorKind::IdempotencyException,
                "member `ClientToken` was used before for another request; a new request needs a new token",
            )),
        }
    }

    /// Remembers what the request made, and forgets the tokens whose time is over.
    pub(crate) fn remember(self, draft: &mut Draft, result: &Id, now: Timestamp) -> Result<()> {
        let over: Vec<Id> = draft
            .directory()
            .client_tokens
            .iter()
            .filter(|(_, token)| now.millis_since(token.time) > TOKEN_LIFE_MILLIS)
            .map(|(id, _)| id.clone())
            .collect();
        for id in over {
            draft.delete(Kind::ClientToken, &id)?;
        }
        let Some(token) = self.token else { return Ok(()) };
        draft.put(ClientToken {
            operation: self.operation,
            token: token.to_owned(),
            request_digest: self.digest,
            result: result.clone(),
            time: now,
        })?;
        Ok(())
    }
}
