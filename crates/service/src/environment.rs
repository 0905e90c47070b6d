//! Where the server gets the time and its randomness, so that nothing else reads a clock and tests own both.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use lanyard_model::{Id, Timestamp};

/// The clock and the source of randomness.
pub trait Environment: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// A fresh UUID (version 4) for a resource, made of unpredictable randomness.
    fn new_id(&self) -> Id;

    /// A fresh identifier for a request: unlike every other, but not unpredictable.
    fn request_id(&self) -> Id;

    /// 32 bytes of unpredictable randomness, for keys.
    ///
    /// # Errors
    /// When the machine has none to give.
    fn random(&self) -> std::io::Result<[u8; 32]>;
}

/// The machine's own clock and randomness.
#[derive(Debug)]
pub struct SystemEnvironment {
    /// Request identifiers are this, for the life of the process, and a number.
    process: u128,
    requests: AtomicU64,
}

impl SystemEnvironment {
    /// Ready to be shared.
    #[must_use]
    pub fn shared() -> Arc<dyn Environment> {
        Arc::new(Self { process: uuid::Uuid::new_v4().as_u128(), requests: AtomicU64::new(0) })
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

    fn request_id(&self) -> Id {
        // An odd factor permutes numbers of 62 bits, so that neighbours differ in most digits; the rest, with the
        // version and variant bits, is the process's.
        let number = self.requests.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Id::from_uuid(self.process ^ u128::from(number & (u64::MAX >> 2)))
    }

    fn random(&self) -> std::io::Result<[u8; 32]> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::SystemEnvironment;

    #[test]
    fn request_ids_are_uuids_and_all_different() {
        let environment = SystemEnvironment::shared();
        let ids: HashSet<String> = (0..10_000).map(|_| environment.request_id().to_string()).collect();
        assert_eq!(ids.len(), 10_000);
        for id in ids {
            let id: uuid::Uuid = id.parse().unwrap();
            assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
        }
    }
}
