//! Lanyard's engine, with questions as text like the peers, and with the numbers that it assigns to names.

use std::sync::Arc;

use lanyard_engine::{Compiled, Principal, Question, Reading, Verdict};

use super::Engine;
use crate::world::Ask;

/// The engine with questions as text.
pub struct ByText(pub Arc<Compiled>);

impl Engine for ByText {
    fn name(&self) -> &'static str {
        "lanyard, from strings"
    }

    fn allows(&mut self, ask: &Ask) -> bool {
        allows(&self.0, ask)
    }
}

/// The engine with questions as numbers.
pub struct ByNumber(pub Arc<Compiled>);

impl Engine for ByNumber {
    fn name(&self) -> &'static str {
        "lanyard, from ids"
    }

    fn allows(&mut self, ask: &Ask) -> bool {
        ask.handles.is_some_and(|(principal, action, resource)| {
            self.0.decide_ids(principal, action, resource, Reading::STRICT) == Verdict::Allowed
        })
    }
}

/// The answer to a question as text.
#[inline]
#[must_use]
pub fn allows(compiled: &Compiled, ask: &Ask) -> bool {
    compiled.decide(&question(ask), Reading::STRICT) == Ok(Verdict::Allowed)
}

/// The question in the engine's form.
#[inline]
#[must_use]
pub fn question(ask: &Ask) -> Question<'_> {
    Question::new(Principal::User(&ask.principal), ask.action, ask.resource_type, &ask.id)
}

/// Looks up the names of the questions.
pub fn resolve(compiled: &Compiled, asks: &mut [Ask]) {
    for ask in asks {
        let principal = compiled.principal_handle(Principal::User(&ask.principal));
        let resource = compiled.resource_handle(ask.resource_type, &ask.id);
        ask.handles = principal.zip(compiled.action(ask.action)).zip(resource).map(|((who, what), on)| (who, what, on));
    }
}
