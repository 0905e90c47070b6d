//! The callers that an instance answers: bearers of its tokens, or, before it has the first one, everybody on this machine.
//!
//! A token is looked up by its hash, so that the time this takes reveals nothing about the token.

use std::sync::Arc;

use http::{HeaderValue, StatusCode};
use lanyard_model::Id;
use lanyard_model::resources::{DecisionScope, DecisionToken};

use super::{DecisionPoint, Refused, Result, challenge};
use lanyard_authn::hash;
use lanyard_service::decision_tokens::{are_needed, of};
use lanyard_service::node::Instance;

/// The caller of a decision point.
pub(super) enum Caller {
    /// Somebody on this machine.
    Local,
    /// The bearer of this token.
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

/// Finds the caller.
pub(super) fn authenticate(
    point: &DecisionPoint,
    id: &Id,
    instance: &Instance,
    authorization: Option<&HeaderValue>,
) -> Result<Caller> {
    let registry = instance.registry.writer.read();
    if !are_needed(&registry, id) {
        return if point.settings.loopback {
            Ok(Caller::Local)
        } else {
            let message = "the instance has no decision token yet, without which it answers only on loopback \
                           addresses; make one with POST /lanyard/v1/instances/{InstanceId}/decision-tokens";
            Err(unauthorised(message, "Bearer"))
        };
    }
    if of(&registry, id).next().is_none() {
        let message = "the instance has no decision token any more, and stays closed until one is made, or until it is \
                       opened with PUT /lanyard/v1/instances/{InstanceId}/decision-tokens";
        return Err(unauthorised(message, "Bearer"));
    }
    let Some(authorization) = authorization else {
        return Err(unauthorised("a bearer token of this instance is required", "Bearer"));
    };
    let bearer = authorization.to_str().ok().and_then(|text| text.split_once(' '));
    let token = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let known = token.and_then(|token| registry.decision_tokens.get(&DecisionToken::key(id, &hash(token))));
    known.map(|token| Caller::Bearer(Arc::clone(token))).ok_or_else(|| {
        unauthorised("the authorization is not a bearer token of this instance", "Bearer error=\"invalid_token\"")
    })
}

fn unauthorised(message: &str, with: &str) -> Refused {
    challenge(StatusCode::UNAUTHORIZED, message, with)
}
