//! The verification of signatures: nothing panics, and a request that is signed by the key is accepted.

use std::sync::Arc;

use lanyard_wire::sigv4::{self, KeyCache, Secret, Signer};

use crate::environment::NOW;
use crate::http_surface::{read, view};

struct Key(Secret);

impl AsRef<Secret> for Key {
    fn as_ref(&self) -> &Secret {
        &self.0
    }
}

/// A request in the form of [`http`](crate::http()): as it is, and signed.
pub fn sigv4(input: &[u8]) {
    let Some((mut parts, body)) = read(input) else { return };
    let lookup = |id: &str| (id == "test").then(|| Arc::new(Key(Secret::new("test".to_owned()))));
    let services = ["connect", "app-integrations"];
    let _ = sigv4::claimed_service(&parts.headers);
    let _ = sigv4::verify(&view(&parts, &body), lookup, &KeyCache::new(), &services, NOW);

    let secret = Secret::new("test".to_owned());
    let signer =
        Signer { access_key_id: "test", secret: &secret, session_token: None, region: "us-east-1", service: "connect" };
    // Those that signing replaces; a client that states the body's hash has to state the right one.
    for name in ["authorization", "x-amz-date", "date", "x-amz-content-sha256"] {
        parts.headers.remove(name);
    }
    let Ok(added) = sigv4::sign(&view(&parts, &body), &signer, NOW) else { return };
    for (name, value) in &added {
        parts.headers.insert(name, value.clone());
    }
    let verified = sigv4::verify(&view(&parts, &body), lookup, &KeyCache::new(), &services, NOW);
    let is_presigned = parts.uri.query().is_some_and(|query| query.to_ascii_lowercase().contains("x-amz-"));
    if let Err(error) = verified {
        assert!(is_presigned, "{} {} is signed and refused: {error:?}", parts.method, parts.uri);
    }
}
