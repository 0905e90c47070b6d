//! The caller's credentials: an access key, and the source of the next one when it expires.
//!
//! A key comes from the environment, from a file, or from a program that the profile names; with the feature
//! `aws-credentials` also from the services that issue keys, with Amazon's own crate.

#[cfg(feature = "aws-credentials")]
mod aws;
mod process;

use std::fmt;
use std::sync::Arc;

use lanyard_wire::sigv4::Secret;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

/// How long before they expire credentials are replaced, in milliseconds.
const EARLY: i64 = 5 * 60_000;

/// An access key.
#[derive(Clone)]
pub struct Credentials {
    /// The key's identifier, which is no secret.
    pub access_key_id: String,
    /// The secret.
    pub secret: Secret,
    /// The token of temporary credentials.
    pub session_token: Option<Zeroizing<String>>,
    /// When they expire, in milliseconds since 1970; `None` where that is not known.
    pub expires: Option<i64>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// Where credentials come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// These, for as long as they are good.
    Fixed(Credentials),
    /// A program that prints them (`credential_process`), with its arguments.
    Process(Vec<String>),
    /// Amazon's crate, for a profile or for any source that it supports: single sign-on, assumed roles, web identities,
    /// metadata.
    #[cfg(feature = "aws-credentials")]
    Amazon {
        /// The profile; the default one, or the machine's own role, when `None`.
        profile: Option<String>,
        /// The region of the services that issue keys.
        region: String,
    },
}

/// Why there are no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialError(pub(crate) String);

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CredentialError {}

/// Credentials that are replaced before they expire.
pub(crate) struct CredentialCache {
    source: Source,
    held: Mutex<Option<Arc<Credentials>>>,
}

impl CredentialCache {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, held: Mutex::new(None) }
    }

    /// Credentials that are good at `now`, in milliseconds since 1970.
    pub(crate) async fn get(&self, now: i64) -> Result<Arc<Credentials>, CredentialError> {
        let mut held = self.held.lock().await;
        if let Some(credentials) = held.as_ref()
            && credentials.expires.is_none_or(|expires| now < expires.saturating_sub(EARLY))
        {
            return Ok(Arc::clone(credentials));
        }
        let fresh = Arc::new(match &self.source {
            Source::Fixed(credentials) => credentials.clone(),
            Source::Process(command) => process::run(command).await?,
            #[cfg(feature = "aws-credentials")]
            Source::Amazon { profile, region } => aws::find(profile.as_deref(), region).await?,
        });
        if let Some(expires) = fresh.expires
            && expires <= now
        {
            return Err(CredentialError("the credentials have expired; sign in again".to_owned()));
        }
        *held = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Forgets these credentials, which the service no longer accepts; returns whether there may be new ones.
    pub(crate) async fn refused(&self, credentials: &Arc<Credentials>) -> bool {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| Arc::ptr_eq(held, credentials)) {
            *held = None;
        }
        !matches!(self.source, Source::Fixed(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(expires: Option<i64>) -> Credentials {
        Credentials {
            access_key_id: "AKIA".into(),
            secret: Secret::new("hunter2".into()),
            session_token: Some(Zeroizing::new("swordfish".into())),
            expires,
        }
    }

    #[test]
    fn no_secret_is_shown() {
        let shown = format!("{:?}", Source::Fixed(credentials(None)));
        assert!(shown.contains("AKIA") && !shown.contains("hunter2") && !shown.contains("swordfish"), "{shown}");
    }

    #[tokio::test]
    async fn expired_credentials_are_not_used() {
        let cache = CredentialCache::new(Source::Fixed(credentials(Some(1_000))));
        assert!(cache.get(999).await.is_ok());
        assert!(cache.get(1_000).await.is_err());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_is_asked_again_before_the_credentials_expire() {
        let directory = tempfile::tempdir().unwrap();
        let count = directory.path().join("count");
        let script = format!(
            "echo x >> '{0}'; echo '{{\"Version\": 1, \"AccessKeyId\": \"K'$(wc -l < '{0}' | tr -d ' ')'\", \
             \"SecretAccessKey\": \"s\", \"Expiration\": \"1970-01-01T01:00:00Z\"}}'",
            count.display()
        );
        let cache = CredentialCache::new(Source::Process(vec!["sh".into(), "-c".into(), script]));
        let id = async |now| cache.get(now).await.map(|it| it.access_key_id.clone());
        assert_eq!(id(0).await.as_deref(), Ok("K1"));
        assert_eq!(id(54 * 60_000).await.as_deref(), Ok("K1"));
        assert_eq!(id(55 * 60_000).await.as_deref(), Ok("K2"));
        let held = cache.get(0).await.unwrap();
        assert!(cache.refused(&held).await);
        assert_eq!(id(0).await.as_deref(), Ok("K3"));
        assert!(id(3_600_000).await.is_err());
    }
}
