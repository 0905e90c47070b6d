//! The decision tokens of an instance, which are in its registry.

use std::sync::Arc;

use lanyard_model::resources::{DecisionToken, InstanceRecord};
use lanyard_model::{Directory, Draft, Id, Kind};

use crate::error::{Error, Result};

/// The tokens of an instance, in the order of their hashes.
pub fn of<'a>(registry: &'a Directory, instance: &'a Id) -> impl Iterator<Item = &'a Arc<DecisionToken>> {
    let first = DecisionToken::key(instance, "");
    registry.decision_tokens.range(first..).map(|(_, token)| token).take_while(move |token| token.instance == *instance)
}

/// Whether the instance answers only bearers of its tokens: it has one, or it had one and was not opened since.
#[must_use]
pub fn are_needed(registry: &Directory, instance: &Id) -> bool {
    let is_closed = registry.instance_records.get(instance).is_some_and(|record| record.needs_decision_token);
    is_closed || of(registry, instance).next().is_some()
}

/// Makes an instance answer only bearers of its tokens, or everybody on this machine while it has none.
///
/// # Errors
/// Not found.
pub fn set_needed(draft: &mut Draft, instance: &Id, needed: bool) -> Result<()> {
    let record = draft.directory().instance_records.get(instance).cloned();
    let record = record.ok_or_else(|| Error::not_found(Kind::Instance.noun(), instance))?;
    if record.needs_decision_token != needed {
        draft.put(InstanceRecord { needs_decision_token: needed, ..InstanceRecord::clone(&record) })?;
    }
    Ok(())
}

/// Deletes every token of an instance.
pub fn delete_all(draft: &mut Draft, instance: &Id) -> Result<()> {
    let ids: Vec<Id> = of(draft.directory(), instance).map(|token| DecisionToken::key(instance, &token.hash)).collect();
    ids.iter().try_for_each(|id| Ok(draft.delete(Kind::DecisionToken, id)?))
}
