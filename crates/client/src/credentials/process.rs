//! Credentials that a program prints: the `credential_process` of a profile.

use std::process::{Command, Stdio};

use lanyard_wire::Timestamp;
use lanyard_wire::sigv4::Secret;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{CredentialError, Credentials};

/// The output of the program.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: u32,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Option<String>,
}

/// Runs the program and reads what it prints. Its standard error is the caller's, so that it can ask people to sign in.
pub(super) async fn run(command: &[String]) -> Result<Credentials, CredentialError> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(CredentialError("`credential_process` names no program".to_owned()));
    };
    let wrong = |what: &dyn std::fmt::Display| CredentialError(format!("the credential process `{program}` {what}"));
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = tokio::task::spawn_blocking(move || child.output()).await.map_err(|error| wrong(&error))?;
    let output = output.map_err(|error| wrong(&format!("cannot be run: {error}")))?;
    let printed = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(wrong(&format!("failed: {}", output.status)));
    }
    // The parser's message could repeat a part of the text.
    let printed: Printed =
        serde_json::from_slice(&printed).map_err(|_| wrong(&"did not print the JSON of credentials"))?;
    if printed.version != 1 {
        return Err(wrong(&format!("printed version {}; only 1 is known", printed.version)));
    }
    let expires = match printed.expiration.as_deref().filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => match Timestamp::from_iso(text) {
            Some(time) => Some(time.millis()),
            None => return Err(wrong(&format!("printed the expiration `{text}`, which is no time"))),
        },
    };
    Ok(Credentials {
        access_key_id: printed.access_key_id,
        secret: Secret::new(printed.secret_access_key),
        session_token: printed.session_token.filter(|token| !token.is_empty()).map(Zeroizing::new),
        expires,
    })
}
