//! Pulls of the configuration that access depends on, and the application of plans. This library parses no arguments and
//! prints nothing.

pub mod apply;
mod error;
pub mod pull;

pub use error::{Error, Result};
