//! The operations of the API model as calls.
//!
//! Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.

pub(crate) mod calls;
