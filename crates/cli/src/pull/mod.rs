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
pub(crate) mod operations;
mod privacy;
mod progress;
mod reader;
mod service;

use find::find;
use gather::Gather;
use journal::{Journal, Terms};
pub(crate) use key::read_or_make as pseudonym_key;
pub(crate) use privacy::{Privacy, is_pseudonym};
use progress::Progress;
use reader::Reader;
pub(crate) use service::{Pulled, Service};
