//! Where the server gets the time and its randomness, so that nothing else reads a clock and tests own both.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use lanyard_model::{Id, Timestamp};

/// The clock and the source of randomness.
pub trait Environment: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// A fresh UUID (version 4) for a resource, made of unpredictable randomness.
    fn new_id(&self) -> Id;

    /// 32 bytes of unpredictable randomness, for keys.
    ///
    /// # Errors
    /// When the machine has none to give.
    fn random(&self) -> std::io::Result<[u8; 32]>;
}

/// The machine's own clock and randomness.
#[derive(Debug, Default)]
pub struct SystemEnvironment;

impl SystemEnvironment {
    /// Ready to be shared.
    #[must_use]
    pub fn shared() -> Arc<dyn Environment> {
        Arc::new(Self)
    }
}

impl Environment for SystemEnvironment {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn new_id(&self) -> Id {
        Id::from_uuid(uuid::Uuid::new_v4().as_u128())
    }

    fn random(&self) -> std::io::Result<[u8; 32]> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(bytes)
    }
}
