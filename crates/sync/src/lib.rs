//! Pulling what access depends on, and applying plans: libraries that parse no arguments and print nothing.

pub mod apply;
mod error;
pub mod pull;

pub use error::{Error, Result};
