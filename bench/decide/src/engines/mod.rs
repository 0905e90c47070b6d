//! The engines, each behind the same question.
//!
//! All are given the same text: identifiers of the user and the resource, names of the permission and the type. What
//! an engine needs beyond that (a resource's tags, a user's group) it finds in tables that were made beforehand.

pub mod casbin;
pub mod cedar;
pub mod lanyard;
pub mod regorus;

use crate::world::Ask;

/// Something that decides.
pub trait Engine {
    /// What it is called in the tables.
    fn name(&self) -> &'static str;

    /// The answer. A failure of the engine is a no, which the comparison with the right answers then finds.
    fn allows(&mut self, ask: &Ask) -> bool;

    /// How many of the questions are answered with yes.
    fn count(&mut self, asks: &[Ask]) -> usize {
        asks.iter().filter(|ask| self.allows(ask)).count()
    }
}
