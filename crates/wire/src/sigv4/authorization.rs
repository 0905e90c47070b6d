//! The `Authorization` header: `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
//!
//! Parameters come in any order, with or without blanks around them. Messages repeat no values: a caller who mixed up fields
//! may have put a secret there.

use super::failure::AuthFailure;
use super::{ALGORITHM, TERMINATOR};

/// The header's parts, as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) access_key_id: &'a str,
    /// `key id/date/region/service/aws4_request`, whole.
    pub(super) credential: &'a str,
    /// `date/region/service/aws4_request`.
    pub(super) scope: &'a str,
    /// `YYYYMMDD`, unchecked.
    pub(super) date: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) terminator: &'a str,
    /// Names divided by semicolons.
    pub(super) signed_headers: &'a str,
    /// Hexadecimal, unchecked.
    pub(super) signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Parses the header's value. Another scheme than AWS's (`Basic`, `Bearer`) counts as no signature at all.
    pub(super) fn parse(header: &'a str) -> Result<Self, AuthFailure> {
        let header = header.trim();
        let (algorithm, parameters) = header.split_once([' ', '\t']).unwrap_or((header, ""));
        if !algorithm.starts_with("AWS") {
            return Err(AuthFailure::missing());
        }
        if algorithm != ALGORITHM {
            return Err(AuthFailure::incomplete("Unsupported AWS 'algorithm': only AWS4-HMAC-SHA256 is supported."));
        }

        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for parameter in parameters.split(',').map(str::trim).filter(|parameter| !parameter.is_empty()) {
            let Some((name, value)) = parameter.split_once('=') else {
                return Err(AuthFailure::incomplete(
                    "Authorization header has a parameter that is not a valid key=value pair (missing equal-sign).",
                ));
            };
            let place = match name.trim_end() {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => continue,
            };
            if place.replace(value.trim_start()).is_some() {
                return Err(AuthFailure::incomplete("Authorization header has the same parameter twice."));
            }
        }
        let (Some(credential), Some(signed_headers), Some(signature)) = (credential, signed_headers, signature) else {
            let missing: Vec<String> =
                [("Credential", credential), ("Signature", signature), ("SignedHeaders", signed_headers)]
                    .iter()
                    .filter(|(_, value)| value.is_none())
                    .map(|(name, _)| format!("Authorization header requires '{name}' parameter."))
                    .collect();
            return Err(AuthFailure::incomplete(missing.join(" ")));
        };

        let malformed = || {
            AuthFailure::incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
            )
        };
        let (access_key_id, scope) = credential.split_once('/').ok_or_else(malformed)?;
        let mut elements = scope.split('/');
        let (Some(date), Some(region), Some(service), Some(terminator), None) =
            (elements.next(), elements.next(), elements.next(), elements.next(), elements.next())
        else {
            return Err(malformed());
        };
        Ok(Self { access_key_id, credential, scope, date, region, service, terminator, signed_headers, signature })
    }

    /// Checks the scope against the request's day (`YYYYMMDD`) and the service's signing names. Says all that is wrong at once.
    pub(super) fn check_scope(&self, day: &str, accepted_services: &[&str]) -> Result<(), AuthFailure> {
        let mut faults = Vec::new();
        if !is_region(self.region) {
            faults.push("Credential should be scoped to a valid region.".to_owned());
        }
        if !accepted_services.contains(&self.service) {
            faults
                .push(format!("Credential should be scoped to correct service: '{}'.", accepted_services.join("', '")));
        }
        if self.terminator != TERMINATOR {
            faults.push(format!("Credential should be scoped with a valid terminator: '{TERMINATOR}'."));
        }
        if self.date != day {
            faults.push(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{day}'."
            ));
        }
        if faults.is_empty() { Ok(()) } else { Err(AuthFailure::invalid(faults.join(" "))) }
    }

    /// Whether the header of this lower-case name is covered by the signature.
    pub(super) fn signs(&self, name: &str) -> bool {
        self.signed_names().any(|signed| signed == name.as_bytes())
    }

    /// The names of the signed headers, as sent.
    pub(super) fn signed_names(&self) -> impl Iterator<Item = &'a [u8]> {
        self.signed_headers.as_bytes().split(|b| *b == b';')
    }
}

/// Whether this has a region's form: lower-case letters, digits and hyphens, beginning with a letter, 32 at most.
/// Regions become part of ARNs and of storage keys, so nothing else may pass.
fn is_region(region: &str) -> bool {
    region.len() <= 32
        && region.starts_with(|first: char| first.is_ascii_lowercase())
        && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
