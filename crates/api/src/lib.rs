//! The surfaces of a service: the Amazon Connect API, the part of AppIntegrations that registers applications, AuthZEN
//! decision points, and Lanyard's administration API. Each calls the service and nothing beneath it.
//!
//! HTTP's connections are not known here: [`answer`] takes a request whose body was read.

mod admin_api;
mod answer;
mod app_integrations;
mod authenticator;
mod authzen;
mod connect;
mod request;
mod settings;
mod throttle;

pub use answer::{Api, answer};
pub use request::{Answer, Body, BrokenBody, Unread, whole};
pub use settings::{DecisionLogTarget, Freshness, Settings, StartError};
