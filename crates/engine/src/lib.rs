//! Whether access is allowed, and why: a pure function of the state of an instance, after the rules of
//! `docs/semantics.md`.
//!
//! A [`Compiled`] is made from a `Directory` and follows it change by change. It answers a [`Question`] in one
//! [`Reading`] of the rules ([`Compiled::decide`]), in both ([`Compiled::outcome`]), with reasons
//! ([`Compiled::explain`]), and backwards ([`Compiled::who`], [`Compiled::which_resources`],
//! [`Compiled::which_actions`]). What if: clone it, apply changes, ask.
//!
//! Nothing here does I/O, reads a clock or fails, except that a question may be malformed.

mod ask;
mod backward;
mod batch_evaluator;
mod chunks;
mod compiled;
mod decide;
mod explain;
mod index;
mod item;
mod order;
mod outcome;
mod permission_index;
mod profile;
mod question;
mod reading;
mod records;
mod rules;
mod scope;
mod set;
mod tags;
pub mod tasks;
mod tools;
mod types;
mod unknown_parts;
pub mod wording;

pub use ask::Denial;
pub use backward::{PrincipalKind, Unlisted};
pub use compiled::Compiled;
pub use decide::{Action, Handle};
pub use explain::{Explanation, Finding, ProfileReport, Report, Scope, Warning};
pub use outcome::Answer;
pub use permission_index::{PermissionIndex, implied};
pub use profile::DOCUMENTED;
pub use question::{Malformed, Principal, Question, Resource};
pub use reading::{OpenPoint, Outcome, Reading, Verdict};
pub use unknown_parts::UnknownParts;
