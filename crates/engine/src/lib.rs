//! Whether access is allowed, and why: a pure function of the state of an instance, after the rules of
//! `docs/semantics.md`.
//!
//! A [`Compiled`] is made from a `Directory` and follows it change by change. It answers a [`Question`] in one
//! [`Reading`] of the rules ([`Compiled::decide`]), in both ([`Compiled::outcome`]), with reasons
//! ([`Compiled::explain`]), and backwards ([`Compiled::who`], [`Compiled::which_resources`],
//! [`Compiled::which_actions`]). For a what-if question: clone it, apply changes, ask.
//!
//! Nothing here does I/O, reads a clock or fails, except that a question may be malformed.
//!
//! ```
//! use lanyard_engine::{Compiled, Outcome, PermissionIndex, Principal, Question};
//! use lanyard_model::resources::SecurityProfile;
//! use lanyard_model::{Directory, Id, Resource, StreamId, Timestamp};
//!
//! let mut leads = SecurityProfile::named(Id::from_uuid(1), "Billing leads", Timestamp(0), "eu-west-2");
//! leads.permissions = vec!["Queues.View".into()];
//! leads.tag_restricted_resources = vec!["Queue".into()];
//! leads.allowed_access_control_tags = [("Team".into(), "Billing".into())].into();
//! let ana: lanyard_model::resources::User = serde_json::from_value(serde_json::json!({
//!     "id": Id::from_uuid(2).to_string(), "username": "ana", "security_profile_ids": [Id::from_uuid(1).to_string()],
//!     "routing_profile_id": Id::from_uuid(3).to_string(), "last_modified_time": 0, "last_modified_region": "eu-west-2",
//! }))?;
//! let resources = [Resource::from(leads), Resource::from(ana)];
//!
//! let directory = Directory::load(StreamId::Instance(Id::from_uuid(9)), 1, Timestamp(0), resources);
//! let compiled = Compiled::new(&directory, PermissionIndex::builtin());
//! let question = Question::new(Principal::User("ana"), "Queues.View", "Queue", "*");
//! assert_eq!(compiled.outcome(&question)?.outcome, Outcome::Denied); // not every queue is tagged Team=Billing
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advice;
mod ask;
mod assigns;
mod backward;
mod batch_evaluator;
mod chunks;
mod compiled;
mod contact_limit;
mod decide;
mod explain;
mod explanation;
mod index;
mod item;
mod order;
mod outcome;
mod permission_index;
mod profile;
mod question;
mod reading;
mod record_rule;
mod records;
mod rules;
mod scope;
pub mod sentences;
mod set;
mod tags;
pub mod tasks;
mod tools;
mod types;
mod unknown_parts;
mod unknown_rules;
mod way;
pub mod wording;

pub use advice::{Advice, MissingSet, ProfileName};
pub use ask::Denial;
pub use backward::{PrincipalKind, Unlisted};
pub use compiled::Compiled;
pub use contact_limit::{ContactAgent, ContactLimit};
pub use decide::{Action, Handle};
pub use explanation::{Explanation, Finding, ProfileReport, Renaming, Report, Scope, Step, Warning};
pub use outcome::{Answer, points_that_matter};
pub use permission_index::{PermissionIndex, VIEW_OWN_CASES, VIEW_OWN_METRICS, implied};
pub use profile::DOCUMENTED;
pub use question::{Malformed, Principal, Question, Resource};
pub use reading::{OpenPoint, Outcome, Reading, Verdict};
pub use unknown_parts::UnknownParts;
