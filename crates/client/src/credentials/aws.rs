//! Credentials that only a service can issue, with Amazon's own crate.

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::ProvideCredentials;
use lanyard_wire::sigv4::Secret;
use zeroize::Zeroizing;

use super::{CredentialError, Credentials};

/// Finds credentials as Amazon's crate does, for a profile or for the machine.
pub(super) async fn find(profile: Option<&str>, region: &str) -> Result<Credentials, CredentialError> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(region.to_owned()));
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    let config = loader.load().await;
    let Some(provider) = config.credentials_provider() else {
        return Err(CredentialError("there are no credentials".to_owned()));
    };
    let provided = provider.provide_credentials().await.map_err(|error| {
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            message.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        CredentialError(message)
    })?;
    let expires = provided.expiry().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    Ok(Credentials {
        access_key_id: provided.access_key_id().to_owned(),
        secret: Secret::new(provided.secret_access_key().to_owned()),
        session_token: provided.session_token().map(|token| Zeroizing::new(token.to_owned())),
        expires: expires.map(|since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
    })
}
