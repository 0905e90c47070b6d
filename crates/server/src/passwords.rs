//! Passwords, which are kept as argon2id hashes alone.
//!
//! A hash takes tens of milliseconds and 19 MiB, both on purpose. So it is made on a thread that may block, never in a
//! write lane, and only a few are made at a time.

use argon2::password_hash::{self, PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use lanyard_store::Secret;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// The memory of one hash, in KiB; with the passes and lanes, the least that OWASP advises for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many hashes are made at a time; the others wait for their turn.
const AT_A_TIME: usize = 2;

/// Makes passwords' hashes.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_A_TIME) }
    }
}

impl Passwords {
    /// The hash of a password, in the PHC string format, which names the algorithm, its parameters and the salt. The
    /// salt is unpredictable and new each time.
    pub(crate) async fn hash(&self, password: Secret, salt: [u8; 32]) -> Result<Secret> {
        let failed = |reason: String| Error::internal(format!("a password could not be hashed: {reason}"));
        let _turn = self.turns.acquire().await.map_err(|error| failed(error.to_string()))?;
        let hashed = tokio::task::spawn_blocking(move || argon2id(&password, &salt)).await;
        hashed.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
    }
}

fn argon2id(password: &Secret, salt: &[u8]) -> password_hash::Result<Secret> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    let salt = SaltString::encode_b64(salt)?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.expose(), &salt)?;
    Ok(Secret::new(hash.to_string().into_bytes()))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHash, PasswordVerifier};

    use super::*;

    #[test]
    fn a_hash_verifies_its_own_password_alone() {
        let hash = argon2id(&Secret::new(b"Passw0rd-1".to_vec()), &[7; 32]).unwrap();
        let text = std::str::from_utf8(hash.expose()).unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let parsed = PasswordHash::new(text).unwrap();
        assert!(Argon2::default().verify_password(b"Passw0rd-1", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"Passw0rd-2", &parsed).is_err());
    }

    #[tokio::test]
    async fn the_salt_tells_equal_passwords_apart() {
        let passwords = Passwords::default();
        let secret = || Secret::new(b"Passw0rd-1".to_vec());
        let (one, other) = tokio::join!(passwords.hash(secret(), [1; 32]), passwords.hash(secret(), [2; 32]));
        assert_ne!(one.unwrap().expose(), other.unwrap().expose());
    }
}
