//! Who may ask an instance for decisions: bearers of its tokens, or, while it has none, everybody on this machine.
//!
//! A token is found by its hash, so that the time this takes tells nothing of the token itself.

use std::fmt::Write as _;
use std::sync::Arc;

use http::{HeaderValue, StatusCode};
use lanyard_model::resources::{DecisionScope, DecisionToken};
use lanyard_model::{Directory, Draft, Id, Kind};
use sha2::{Digest, Sha256};

use super::{Refused, Result, challenge};
use crate::node::Instance;
use crate::server::Server;

/// Who asks.
pub(super) enum Caller {
    /// Somebody on this machine.
    Local,
    /// Who has this token.
    Bearer(Arc<DecisionToken>),
}

impl Caller {
    /// The name of the token.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Local => None,
            Self::Bearer(token) => Some(&token.name),
        }
    }

    /// Refuses a caller whose token is not good for `scope`.
    pub(super) fn check(&self, scope: DecisionScope) -> Result<()> {
        match self {
            Self::Bearer(token) if !token.scopes.contains(&scope) => Err(challenge(
                StatusCode::FORBIDDEN,
                format!("the token does not have the scope `{scope}`"),
                &format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\""),
            )),
            _ => Ok(()),
        }
    }
}

/// Finds out who asks.
pub(super) fn authenticate(
    server: &Server,
    id: &Id,
    instance: &Instance,
    authorization: Option<&HeaderValue>,
) -> Result<Caller> {
    let registry = instance.registry.read();
    if registry.decision_tokens.is_empty() || of(&registry, id).next().is_none() {
        return if server.config.loopback {
            Ok(Caller::Local)
        } else {
            let message = "the instance has no decision token yet, without which it answers on loopback addresses \
                           alone; make one with POST /lanyard/v1/instances/{InstanceId}/decision-tokens";
            Err(unauthorised(message, "Bearer"))
        };
    }
    let Some(authorization) = authorization else {
        return Err(unauthorised("a bearer token of this instance is required", "Bearer"));
    };
    let bearer = authorization.to_str().ok().and_then(|text| text.split_once(' '));
    let token = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let found = token.and_then(|token| registry.decision_tokens.get(&DecisionToken::key(id, &hash(token))));
    found.map(|token| Caller::Bearer(Arc::clone(token))).ok_or_else(|| {
        unauthorised("the authorization is not a bearer token of this instance", "Bearer error=\"invalid_token\"")
    })
}

fn unauthorised(message: &str, with: &str) -> Refused {
    challenge(StatusCode::UNAUTHORIZED, message, with)
}

/// The tokens of an instance, in the order of their hashes.
pub(crate) fn of<'a>(registry: &'a Directory, instance: &'a Id) -> impl Iterator<Item = &'a Arc<DecisionToken>> {
    let first = DecisionToken::key(instance, "");
    registry.decision_tokens.range(first..).map(|(_, token)| token).take_while(move |token| token.instance == *instance)
}

/// Deletes every token of an instance.
pub(crate) fn delete_all(draft: &mut Draft, instance: &Id) -> crate::error::Result<()> {
    let ids: Vec<Id> = of(draft.directory(), instance).map(|token| DecisionToken::key(instance, &token.hash)).collect();
    ids.iter().try_for_each(|id| Ok(draft.delete(Kind::DecisionToken, id)?))
}

/// The hash of a token, in lower-case hexadecimal digits.
pub(crate) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
