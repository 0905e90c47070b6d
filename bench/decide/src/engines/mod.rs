//! The engines, each with the same interface.
//!
//! All are given the same text: identifiers of the user and the resource, names of the permission and the type.
//! Further data (a resource's tags, a user's group) is in tables that were prepared beforehand.

pub mod casbin;
pub mod cedar;
pub mod lanyard;
pub mod regorus;

use crate::world::Ask;

/// An engine that decides.
pub trait Engine {
    /// Its name in the tables.
    fn name(&self) -> &'static str;

    /// The answer. A failure of the engine counts as a refusal, which the comparison with the right answers detects.
    fn allows(&mut self, ask: &Ask) -> bool;

    /// The number of questions with the answer yes.
    fn count(&mut self, asks: &[Ask]) -> usize {
        asks.iter().filter(|ask| self.allows(ask)).count()
    }
}
