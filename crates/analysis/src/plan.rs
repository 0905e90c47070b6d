//! The plan as a file: the exact changes of an instance, for review and a later `lanyard apply`.
//!
//! Invariants: a plan that was read equals the plan that was written; the digest guarantees it.

use std::fmt::{self, Write as _};

use lanyard_model::visible::printable_json;
use lanyard_model::{Change, Id, into_shown, shown};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The value of the member `format` of every plan.
const FORMAT: &str = "lanyard-plan";
/// The version of the format that is written, and the only one that can be read.
const VERSION: u32 = 1;

/// A plan: the changes, and the instance and state that they apply to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    format: String,
    version: u32,
    /// The instance and state.
    pub target: Target,
    /// The changes in the order in which they can be made, each with the whole resource before and after. `before` is
    /// the required present state; it is missing for a creation, and `after` is missing for a deletion. Provisional
    /// identifiers (`new:…`) represent those that the target will choose.
    pub changes: Vec<Change>,
    /// Notes for the person who applies the plan, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    digest: String,
}

/// The instance and state that a plan applies to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The source of the state.
    pub from: Origin,
    /// The instance.
    pub instance_id: Id,
    /// Its ARN, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_arn: Option<String>,
    /// Its identity management type, such as `CONNECT_MANAGED`, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_management_type: Option<String>,
    /// The revision of the state that the plan was made for; `None` where the source has no revisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
}

/// The source of a state.
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
        /// The endpoint, where it is not Amazon's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
    },
    /// A data directory of Lanyard.
    DataDirectory {
        /// The directory, as named by the caller.
        path: String,
    },
    /// Files.
    Files {
        /// The path, as named by the caller.
        path: String,
    },
}

/// The reason why a file is no applicable plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPlan {
    /// It is no plan.
    NotAPlan {
        /// The error, with line and column.
        what: String,
    },
    /// It has a version that this program cannot read.
    Version {
        /// The version.
        version: u32,
    },
    /// It was modified after it was written.
    Changed,
}

impl fmt::Display for BadPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPlan { what } => write!(f, "this is not a plan of `lanyard plan --out`: {what}"),
            Self::Version { version } => {
                write!(f, "this plan has the format's version {version}, and this program reads version {VERSION}")
            }
            Self::Changed => f.write_str("the plan file was modified; run `lanyard plan` again"),
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
    ///
    /// It reveals accidents, such as an edit or a cut. A person who changes a plan on purpose can write its digest too: only
    /// a digest that was kept elsewhere, such as in a review, identifies the plan.
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

    /// The plan as the text of a file, in which invisible characters are escapes of JSON.
    #[must_use]
    pub fn to_text(&self) -> String {
        printable_json(&serde_json::to_string_pretty(self).unwrap_or_default()).into_owned() + "\n"
    }

    /// Reads the text of [`Self::to_text`].
    ///
    /// # Errors
    /// The text is no plan, has another version, or was modified.
    pub fn read(text: &str) -> Result<Self, BadPlan> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let not_a_plan = |error: serde_json::Error| BadPlan::NotAPlan { what: into_shown(error.to_string()) };
        let head: Head = serde_json::from_str(text).map_err(not_a_plan)?;
        if head.format != FORMAT {
            return Err(BadPlan::NotAPlan {
                what: format!("`format` is `{}` and not `{FORMAT}`", shown(&head.format)),
            });
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
            identity_management_type: None,
            revision: Some(12),
        };
        let changes = vec![Change::Update { before: profile.into(), after: after.into() }];
        Plan::new(target, changes, vec!["a note".into()])
    }

    #[test]
    fn a_plan_reads_back_as_written() {
        let mut plan = plan();
        assert_eq!(Plan::read(&plan.to_text()), Ok(plan.clone()));
        plan = Plan::new(plan.target, plan.changes, vec!["a\u{202e}\u{9b}".into()]);
        assert!(plan.to_text().contains(r#""a\u202e\u009b""#));
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
