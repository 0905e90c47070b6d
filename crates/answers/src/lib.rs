//! Questions about access as people write them, and answers with names.
//!
//! A [`WrittenQuestion`] names users, resources and actions as a person does: by name, identifier or ARN. [`check`],
//! [`who_can`] and [`what_can`] look the names up in one state, have the engine decide, and give an answer with names
//! and identifiers. The command line and a server's decision point both answer by them, so that the same question
//! has the same answer and the same words in both places.
//!
//! Invariants: the crate does no I/O. A question that names something that does not exist is [`NotUnderstood`], and never a
//! denial. The engine decides everything.

mod check;
mod holder;
mod names;
mod not_understood;
mod question;
mod refusal;
mod remedy;
mod resolve;
mod state_view;
mod subject;
mod suggestions;
pub mod text;
mod tool_names;
mod unknown_parts;
mod what_can;
mod who_can;
mod written;

pub use check::{Checked, check, question_of_check};
pub use holder::user_with_profiles;
pub use names::{Names, is_instance, kind_of, split_type, types};
pub use not_understood::NotUnderstood;
pub use question::OwnedQuestion;
pub use refusal::refuse;
pub use remedy::remedy;
pub use state_view::{Basis, StateView};
pub use subject::Subject;
pub use suggestions::{did_you_mean, near};
pub use tool_names::require_names;
pub use what_can::{ActionLine, ResourceSection, WhatCan, what_can};
pub use who_can::{ListedPrincipal, WhoCan, question_for_all, who_can};
pub use written::WrittenQuestion;
