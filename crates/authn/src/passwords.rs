//! Passwords, of which only argon2id hashes are kept.
//!
//! A hash takes tens of milliseconds and 19 MiB, both on purpose. So it is made on a thread that may block, never in a
//! stream's writer, and only a few are made at a time. Their memory is kept for the next ones: freed on one of many threads, it
//! would stay with the allocator, once for each thread.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::{self, Ident, Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use lanyard_store::Secret;
use tokio::sync::Semaphore;

/// The memory of one hash, in KiB; with the passes and lanes, the least that OWASP advises for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The length of a hash, in bytes.
const LENGTH: usize = 32;

/// How many hashes are made at a time; the others wait for a permit.
const AT_A_TIME: usize = 2;

/// A password that could not be hashed or verified: a failure of the server. No message holds a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordError(String);

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PasswordError {}

type Result<T> = std::result::Result<T, PasswordError>;

/// Makes passwords' hashes, a few at a time.
#[derive(Debug)]
pub struct Passwords {
    permits: Semaphore,
    /// Memory that no hash is using, all zeros. There is never more of it, in use or not, than there are permits.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Semaphore::new(AT_A_TIME), memory: Arc::default() }
    }
}

impl Passwords {
    /// Whether a hash was made of this password. Without a hash the answer is no, after the same work.
    ///
    /// # Errors
    /// When the hash is none, or the machine cannot do the work.
    pub async fn verify(&self, password: Secret, hash: Option<Secret>) -> Result<bool> {
        let verified = self.work(move |memory| match hash {
            Some(hash) => matches(&password, &hash, memory),
            None => argon2id(&password, &[0; 32], memory).map(|_| false),
        });
        verified.await?.map_err(|error| PasswordError(format!("a password could not be verified: {error}")))
    }

    /// The hash of a password, in the PHC string format, which names the algorithm, its parameters and the salt. The
    /// salt is unpredictable and new each time.
    ///
    /// # Errors
    /// When the machine cannot do the work.
    pub async fn hash(&self, password: Secret, salt: [u8; 32]) -> Result<Secret> {
        let hashed = self.work(move |memory| argon2id(&password, &salt, memory));
        hashed.await?.map_err(|error| PasswordError(format!("a password could not be hashed: {error}")))
    }

    /// Does work that takes time and memory, as soon as there is a permit.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static) -> Result<T> {
        let failed = |reason: String| PasswordError(format!("the password could not be processed: {reason}"));
        let _permit = self.permits.acquire().await.map_err(|error| failed(error.to_string()))?;
        let pool = Arc::clone(&self.memory);
        let done = tokio::task::spawn_blocking(move || {
            let mut memory = pool.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let done = work(&mut memory);
            memory.fill(Block::default());
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            done
        });
        done.await.map_err(|error| failed(error.to_string()))
    }
}

fn argon2id(password: &Secret, salt: &[u8], memory: &mut Vec<Block>) -> password_hash::Result<Secret> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(LENGTH))?;
    memory.resize(params.block_count(), Block::default());
    let written = SaltString::encode_b64(salt)?;
    let hash = PasswordHash {
        algorithm: Ident::from(Algorithm::Argon2id),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(written.as_salt()),
        hash: Some(Output::init_with(LENGTH, |out| {
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
            Ok(argon2.hash_password_into_with_memory(password.expose(), salt, out, memory)?)
        })?),
    };
    Ok(Secret::new(hash.to_string().into_bytes()))
}

/// Whether a password gives a hash, with the hash's own parameters and salt.
fn matches(password: &Secret, hash: &Secret, memory: &mut Vec<Block>) -> password_hash::Result<bool> {
    let text = std::str::from_utf8(hash.expose()).map_err(|_| password_hash::Error::PhcStringField)?;
    let kept = PasswordHash::new(text)?;
    let (Some(salt), Some(output)) = (kept.salt, kept.hash) else { return Ok(false) };
    let params = Params::try_from(&kept)?;
    let mut bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut bytes)?;
    memory.resize(params.block_count(), Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let made = Output::init_with(output.len(), |out| {
        Ok(argon2.hash_password_into_with_memory(password.expose(), salt, out, memory)?)
    })?;
    // Compared in constant time.
    Ok(made == output)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier;

    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_own_password_alone() {
        let hash = Passwords::default().hash(Secret::new(b"Passw0rd-1".to_vec()), [7; 32]).await.unwrap();
        let text = std::str::from_utf8(hash.expose()).unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let parsed = PasswordHash::new(text).unwrap();
        assert!(Argon2::default().verify_password(b"Passw0rd-1", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"Passw0rd-2", &parsed).is_err());
    }

    #[tokio::test]
    async fn a_password_is_verified_against_its_hash_or_against_none() {
        let passwords = Passwords::default();
        let secret = |text: &str| Secret::new(text.as_bytes().to_vec());
        let hash = passwords.hash(secret("Passw0rd-1"), [7; 32]).await.unwrap();
        assert!(passwords.verify(secret("Passw0rd-1"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(secret("Passw0rd-2"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(secret("Passw0rd-1"), None).await.unwrap());
        assert!(passwords.verify(secret("Passw0rd-1"), Some(secret("nonsense"))).await.is_err());
    }

    #[tokio::test]
    async fn memory_is_used_again_and_does_not_show_in_the_hash() {
        let passwords = Passwords::default();
        let hash = |salt| passwords.hash(Secret::new(b"Passw0rd-1".to_vec()), [salt; 32]);
        let (one, other, third) = tokio::join!(hash(1), hash(2), hash(1));
        let (one, other, third) = (one.unwrap(), other.unwrap(), third.unwrap());
        assert_ne!(one.expose(), other.expose(), "the salt distinguishes equal passwords");
        assert_eq!(one.expose(), third.expose());
        let kept = passwords.memory.lock().unwrap();
        assert!((1..=AT_A_TIME).contains(&kept.len()));
        assert!(kept.iter().flatten().all(|block| block.as_ref().iter().all(|word| *word == 0)));
    }
}
