//! A store for tests: the whole contract in memory, and a schedule of delays and faults that a seed decides.
//!
//! Nothing is on disk. [`MemoryStore`] runs each call at once. [`ScheduledStore`] keeps each append until
//! [`ScheduledStore::step`] is called, and then carries it out, refuses it, loses its result, or holds the result back
//! while later ones are delivered, as a store under load and on a failing machine may.

mod memory;
mod scheduled;

pub use memory::MemoryStore;
pub use scheduled::{Faults, ScheduledStore};
