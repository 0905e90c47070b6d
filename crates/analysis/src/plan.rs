//! A plan as a file: exactly what is to be done to which instance, to be reviewed and applied later.
//!
//! What always holds: a plan that was read is one that was written, to the last letter: its digest says so.

use std::fmt::{self, Write as _};

use lanyard_model::{Change, Id};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What the member `format` of every plan says.
const FORMAT: &str = "lanyard-plan";
/// The version of the format that is written, and the only one that is read.
const VERSION: u32 = 1;

/// A plan: what is to be done, and to which instance in which state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    format: String,
    version: u32,
    /// What is to be changed.
    pub target: Target,
    /// The changes in the order in which they can be made: each with the whole resource before and after. Before is
    /// what must be there; what is missing before is made, and what is missing after is deleted. Provisional
    /// identifiers (`new:…`) stand for what the target will choose.
    pub changes: Vec<Change>,
    /// What whoever applies it should know, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    digest: String,
}

/// What a plan changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Where the state was read.
    pub from: Origin,
    /// The instance.
    pub instance_id: Id,
    /// Its ARN, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_arn: Option<String>,
    /// The revision of the state that the plan was made for; `None` where there are no revisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
}

/// Where a state was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// A Lanyard server.
    Lanyard {
        /// Its endpoint.
        endpoint: String,
    },
    /// Amazon Connect.
    AmazonConnect {
        /// The region.
        region: String,
    },
    /// A data directory of Lanyard.
    DataDirectory {
        /// The directory, as it was named.
        path: String,
    },
    /// Files.
    Files {
        /// Where they are, as it was named.
        path: String,
    },
}

/// Why a file is no plan that can be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPlan {
    /// It is no plan at all.
    NotAPlan {
        /// What is wrong, with line and column.
        what: String,
    },
    /// It is of a version that this program does not read.
    Version {
        /// The version.
        version: u32,
    },
    /// It was changed after it was written.
    Changed,
}

impl fmt::Display for BadPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPlan { what } => write!(f, "this is not a plan as `lanyard plan --out` writes it: {what}"),
            Self::Version { version } => {
                write!(f, "this plan has the format's version {version}, and this program reads version {VERSION}")
            }
            Self::Changed => {
                f.write_str("the plan was changed after it was written: its digest is another; make it anew")
            }
        }
    }
}

impl std::error::Error for BadPlan {}

impl Plan {
    /// A plan of these changes.
    #[must_use]
    pub fn new(target: Target, changes: Vec<Change>, notes: Vec<String>) -> Self {
        let (format, digest) = (FORMAT.to_owned(), String::new());
        let mut plan = Self { format, version: VERSION, target, changes, notes, digest };
        plan.digest = plan.computed();
        plan
    }

    /// The SHA-256 of the plan's JSON without white space and with an empty digest, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    fn computed(&self) -> String {
        let bare = Self { digest: String::new(), ..self.clone() };
        let json = serde_json::to_vec(&bare).unwrap_or_default();
        Sha256::digest(json).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The plan as the text of a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads what [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// When it is something else, of another version, or was changed.
    pub fn read(text: &str) -> Result<Self, BadPlan> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let not_a_plan = |error: serde_json::Error| BadPlan::NotAPlan { what: error.to_string() };
        let head: Head = serde_json::from_str(text).map_err(not_a_plan)?;
        if head.format != FORMAT {
            return Err(BadPlan::NotAPlan { what: format!("`format` is `{}` and not `{FORMAT}`", head.format) });
        }
        if head.version != VERSION {
            return Err(BadPlan::Version { version: head.version });
        }
        let plan: Self = serde_json::from_str(text).map_err(not_a_plan)?;
        if plan.computed() != plan.digest {
            return Err(BadPlan::Changed);
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use lanyard_model::Timestamp;
    use lanyard_model::resources::SecurityProfile;

    use super::*;

    fn plan() -> Plan {
        let profile = SecurityProfile::named(Id::from_uuid(2), "Supervisor", Timestamp(7), "eu-west-2");
        let mut after = profile.clone();
        after.permissions = vec!["Users.View".into()];
        let target = Target {
            from: Origin::Lanyard { endpoint: "http://127.0.0.1:4580".into() },
            instance_id: Id::from_uuid(1),
            instance_arn: None,
            revision: Some(12),
        };
        let changes = vec![Change::Update { before: profile.into(), after: after.into() }];
        Plan::new(target, changes, vec!["a note".into()])
    }

    #[test]
    fn a_plan_reads_back_as_written() {
        let plan = plan();
        assert_eq!(Plan::read(&plan.to_text()), Ok(plan));
    }

    #[test]
    fn a_plan_that_was_changed_is_refused() {
        let text = plan().to_text();
        assert_eq!(Plan::read(&text.replace("Users.View", "Users.Edit")), Err(BadPlan::Changed));
        assert_eq!(Plan::read(&text.replace("\"version\": 1", "\"version\": 2")), Err(BadPlan::Version { version: 2 }));
        assert!(matches!(Plan::read("{}"), Err(BadPlan::NotAPlan { .. })));
        assert!(matches!(Plan::read(&text.replace("\"target\"", "\"aim\"")), Err(BadPlan::NotAPlan { .. })));
    }
}
