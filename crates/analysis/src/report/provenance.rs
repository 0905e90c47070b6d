//! The origin of a report: who made it, when, with which version, of which states.

use serde::Serialize;

/// The origin of a report, as the caller knows it. An empty text is unknown, and is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The time at which it was made: ISO 8601, UTC.
    pub made_at: String,
    /// The person who made it, and the access key that read the present state.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub made_by: String,
    /// The version of Lanyard.
    pub version: String,
    /// The instance: its ARN, or its identifier.
    pub instance: String,
    /// The revision of the present state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// The source of the present state.
    pub present: String,
    /// The source of the desired state.
    pub desired: String,
    /// The digest of the plan, hexadecimal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

impl Provenance {
    /// The known parts with their names, for people.
    pub(super) fn parts(&self) -> Vec<(&'static str, String)> {
        let revision = self.revision.map(|it| it.to_string()).unwrap_or_default();
        let version = if self.version.is_empty() { String::new() } else { format!("version {}", self.version) };
        let parts = [
            ("Made at", &self.made_at),
            ("Made by", &self.made_by),
            ("Instance", &self.instance),
            ("Revision", &revision),
            ("Present state", &self.present),
            ("Desired state", &self.desired),
            ("Digest of the plan", &self.digest),
            ("Lanyard", &version),
        ];
        parts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
    }
}
