//! Tokens with which other systems ask an instance for decisions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Id, Kind, Stored, Timestamp};

/// A permission of a decision token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionScope {
    /// To ask whether something is allowed.
    Evaluate,
    /// To ask who may, on what, and what.
    Search,
    /// To read the reasons.
    Explain,
}

impl DecisionScope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Evaluate, Self::Search, Self::Explain];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evaluate => "evaluate",
            Self::Search => "search",
            Self::Explain => "explain",
        }
    }
}

impl fmt::Display for DecisionScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// In a registry: the record of a token whose bearer may ask an instance for decisions. The token itself is not stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionToken {
    /// The instance.
    pub instance: Id,
    /// The SHA-256 hash of the token, in lower-case hexadecimal digits. The token is 256 bits of randomness, so that
    /// its hash discloses nothing and needs no salt.
    pub hash: String,
    /// A note for people on who has the token.
    pub name: String,
    /// Its permissions.
    pub scopes: Vec<DecisionScope>,
    /// When it was made.
    pub created: Timestamp,
}

impl DecisionToken {
    /// The identifier of an instance's token with this hash. An instance's tokens follow the one with an empty hash.
    #[must_use]
    pub fn key(instance: &Id, hash: &str) -> Id {
        Id::new(&format!("{instance}/{hash}"))
    }
}

impl Stored for DecisionToken {
    const KIND: Kind = Kind::DecisionToken;
    const NOUN: &'static str = "decision token";

    fn id(&self) -> Id {
        Self::key(&self.instance, &self.hash)
    }

    fn references(&self, visit: &mut dyn FnMut(crate::Key)) {
        visit(crate::Key { kind: Kind::InstanceRecord, id: self.instance.clone() });
    }
}
