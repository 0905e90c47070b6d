//! Authentication of callers: access keys, passwords, sessions, tokens, and the limit on attempts to sign in.
//!
//! Nothing here knows an operation or a surface. Secrets have no readable form and are never part of an error.

pub mod credentials;
mod passwords;
mod sessions;
mod sign_in_limiter;
mod token;

pub use credentials::{Credential, Credentials, CredentialsError, Mode};
pub use passwords::{PasswordError, Passwords};
pub use sessions::{Session, SessionLimits, surplus};
pub use sign_in_limiter::{Failures, SignInRate, Wait};
pub use token::{hash, hex};
