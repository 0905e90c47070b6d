//! What administrators and auditors ask of a whole configuration: what differs between two, what that means for access,
//! what is wrong with one, and whether it does what is expected.
//!
//! Nothing here does I/O. A [`Configuration`] comes from a data directory, from a server, or from files; what it means
//! is the engine's to say.

pub mod calls;
mod carried;
mod configuration;
pub mod lint;
mod place;
mod provisional;

pub use carried::{CARRIED, carried, overlay};
pub use configuration::Configuration;
pub use place::{Place, Places};
pub use provisional::{is_provisional, provisional};
