//! Reading the state of an instance, as far as access depends on it: from Amazon, from a Lanyard server, or from a data
//! directory.
//!
//! What always holds:
//!
//! - Only the operations of one table are called ([`operations`]), from which the policy is printed.
//! - What could not be read is not seen, never absent.
//! - Names, addresses and numbers of people are left out or replaced before anything is written, the journal included.
//! - Both ways give the same state of the same instance.

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

/// Is told how far a pull is.
pub trait Observer {
    /// An interrupted pull left so many answers.
    fn resumed(&mut self, answers: usize);
    /// As many more calls are expected.
    fn expect(&mut self, calls: usize);
    /// An answer is there: of a call that ended at `now`, in milliseconds since 1970, or, without it, from the journal.
    fn step(&mut self, now: Option<i64>);
    /// Nothing more is read.
    fn finish(&mut self);
}

/// The clock: milliseconds since 1970.
pub type Clock = fn() -> i64;
