//! The functions that the fuzzers run: one a target, each from any bytes to nothing, which panics when it finds a fault.
//!
//! `libfuzzer/` has the fuzzers themselves, `corpus/` the inputs that are kept, and `./run` starts them. The tests of this
//! crate run every function over its corpus, without a fuzzer. No function reads the clock or anything random, so that an
//! input does the same each time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a fault is found by a panic, as in tests")]

mod environment;
mod files;
mod http_surface;
mod log_entry;
mod page_token;
mod sigv4;

pub use files::files;
pub use http_surface::{Answered, answers, authzen, http, make};
pub use log_entry::log_entry;
pub use page_token::page_token;
pub use sigv4::sigv4;

/// A target's function.
pub type Target = fn(&[u8]);

/// The targets and their functions.
pub const TARGETS: [(&str, Target); 6] = [
    ("http", http),
    ("authzen", authzen),
    ("sigv4", sigv4),
    ("page_token", page_token),
    ("log_entry", log_entry),
    ("files", files),
];
