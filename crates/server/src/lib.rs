//! The server: one file for each operation of the Amazon Connect API and of what it takes of AppIntegrations, and what they stand on.
//!
//! A request is authenticated, parsed and checked against the API model, and run: a reading operation on the published
//! state, which waits for nobody; a writing one by its stream's writer, on the newest state, until its changes are
//! on disk. `server` is that path, `dispatch` the list of operations, `ops` the operations, `stream_writer` the writer.

mod access;
mod admin_api;
mod app_integrations;
mod config;
mod context;
pub mod credentials;
mod demo;
mod dispatch;
mod environment;
mod error;
pub mod http;
mod node;
mod ops;
mod passwords;
mod quotas;
mod server;
mod session_access;
mod snapshot;
mod stream_writer;
mod throttle;

pub use access::DecisionLogTarget;
pub use config::{Config, UnknownPermissions};
pub use demo::Demo;
pub use environment::{Environment, SystemEnvironment};
pub use quotas::Quotas;
pub use server::{Server, StartError};
pub use session_access::SessionLimits;
