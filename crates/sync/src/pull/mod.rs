//! Reading the state of an instance, as far as access depends on it: from Amazon, from a Lanyard server, or from a data
//! directory.
//!
//! Invariants:
//!
//! - Only the operations of one table are called ([`operations`]), from which the policy is printed.
//! - A part that could not be read is recorded as unknown, never as absent.
//! - Names, addresses and numbers of people are omitted or replaced before anything is written, also in the journal.
//! - Every source gives the same state of the same instance.

pub(crate) mod convert;
mod find;
mod gather;
mod journal;
mod key;
pub mod operations;
mod privacy;
mod reader;
mod service;

use find::find;
use gather::Gather;
use journal::{Journal, Terms};
pub use key::read_or_make as pseudonym_key;
pub use privacy::{Privacy, is_pseudonym};
use reader::Reader;
pub use service::{Pulled, Service};

/// Receives the progress of a pull.
pub trait Observer {
    /// The journal of an interrupted pull has this number of answers.
    fn resumed(&mut self, answers: usize);
    /// This number of further calls is expected.
    fn expect(&mut self, calls: usize);
    /// One more answer: of a call that ended at `now`, in milliseconds since 1970, or, without it, from the journal.
    fn step(&mut self, now: Option<i64>);
    /// The end of the pull.
    fn finish(&mut self);
}

/// The clock: milliseconds since 1970.
pub type Clock = fn() -> i64;
