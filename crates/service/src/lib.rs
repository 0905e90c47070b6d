//! The operations of the Amazon Connect API and of the part of AppIntegrations that it needs, with the streams that are
//! served, their writers, quotas, change-sets, and instances of any size for tests.
//!
//! Surfaces call [`Service`]. Each operation is declared once, in `operations`.

mod busy;
pub mod change_sets;
mod config;
pub mod context;
pub mod decision_tokens;
mod demo;
mod environment;
pub mod error;
mod heavy;
pub mod node;
pub mod operations;
mod placeholders;
mod quotas;
mod read_index;
pub mod readiness;
pub mod reset;
mod secrets;
pub mod seed;
mod service;
#[cfg(test)]
mod session_access_document;
mod shared_cells;
mod shared_sessions;
mod sign_in_attempts;
mod snapshot;
mod stream_writer;
pub mod trial;
mod upkeep;
mod user_sessions;

pub use change_sets::CallText;
pub use config::{Config, UnknownPermissions};
pub use demo::Demo;
pub use environment::{Environment, SystemEnvironment};
pub use heavy::Heavy;
pub use quotas::Quotas;
pub use service::{Reply, Service, Unparsed, instance_id, provenance};
pub use shared_cells::SharedCells;
pub use shared_sessions::SharedSessions;
pub use snapshot::Snapshot;
pub use stream_writer::{Provenance, StreamState, StreamWriter, WriteBatch, Written};
pub use upkeep::{Retention, Upkeep};
pub use user_sessions::{SignedIn, UserSession};
