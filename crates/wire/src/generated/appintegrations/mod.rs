//! The API model in Rust.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

pub(crate) mod enums;
pub(crate) mod inputs;
pub(crate) mod operations;
pub(crate) mod outputs;
pub(crate) mod patterns;
pub(crate) mod routes;
pub(crate) mod schemas;
pub(crate) mod structures;

use {enums::*, schemas::*, structures::*};
