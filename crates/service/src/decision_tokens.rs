//! The decision tokens of an instance, which are in its registry.

use std::sync::Arc;

use lanyard_model::resources::DecisionToken;
use lanyard_model::{Directory, Draft, Id, Kind};

use crate::error::Result;

/// The tokens of an instance, in the order of their hashes.
pub fn of<'a>(registry: &'a Directory, instance: &'a Id) -> impl Iterator<Item = &'a Arc<DecisionToken>> {
    let first = DecisionToken::key(instance, "");
    registry.decision_tokens.range(first..).map(|(_, token)| token).take_while(move |token| token.instance == *instance)
}

/// Deletes every token of an instance.
pub fn delete_all(draft: &mut Draft, instance: &Id) -> Result<()> {
    let ids: Vec<Id> = of(draft.directory(), instance).map(|token| DecisionToken::key(instance, &token.hash)).collect();
    ids.iter().try_for_each(|id| Ok(draft.delete(Kind::DecisionToken, id)?))
}
