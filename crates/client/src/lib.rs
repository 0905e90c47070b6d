//! Typed calls of the Amazon Connect API, against Amazon's service or a Lanyard server.
//!
//! A [`Client`] has a method for every operation (`client.describe_security_profile(&input)`), made of the same generated
//! shapes that the server reads and writes.
//!
//! Invariants:
//! - A call that changes something is sent again only when it certainly was not done: the service throttled it, or it was
//!   never sent. Whether it may have been done is [`Error::may_have_happened`].
//! - Calls are no faster than the rate that was set, and become slower when the service throttles.
//! - A list ends: one that repeats a page token, or that is longer than any service has, is an error.
//! - No secret has a readable form, and each is erased from memory when it is dropped.
//! - Clock and randomness are the [`Environment`]'s.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use lanyard_client::{Client, Options, Wanted, settings};
//! use lanyard_wire::shapes::ListUsersRequest;
//!
//! let settings = settings::find(&Wanted::default(), &|name| std::env::var(name).ok())?;
//! let client = Client::new(settings, Options::default())?;
//! let mut pages = client.pages(ListUsersRequest { instance_id: "…".into(), ..Default::default() });
//! while let Some(users) = pages.next_page().await? {
//!     println!("{} people", users.len());
//! }
//! # Ok(())
//! # }
//! ```

#[macro_use]
mod macros;

mod client;
mod credentials;
mod endpoint;
mod environment;
mod error;
mod generated;
mod ini;
mod list_bound;
mod pages;
mod rate;
mod retry;
mod transport;

pub mod settings;

#[cfg(test)]
mod client_tests;

pub use client::{Client, Options};
pub use credentials::{CredentialError, Credentials, Source};
pub use endpoint::{Endpoint, EndpointError, Proxy, ProxyError};
pub use environment::{Environment, SystemEnvironment};
pub use error::{Error, Fault};
pub use list_bound::{EndlessList, ListBound};
pub use pages::{Paged, Pages};
pub use rate::{AMAZON_RATE, Limiter};
pub use retry::Retry;
pub use settings::{Settings, SettingsError, Wanted};
pub use transport::{Answered, Transport, TransportError};
