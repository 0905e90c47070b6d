//! The registry's record of an instance.

use serde::{Deserialize, Serialize};

use crate::{Id, Kind, Names, Stored};

/// That an instance exists in an account and region, and its alias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceRecord {
    /// The instance's identifier.
    pub id: Id,
    /// The alias, unique among all instances of all accounts and regions, regardless of case: it is a host name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Whether the instance answers only bearers of decision tokens, also while it has none: true from its first token on,
    /// until it is opened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_decision_token: bool,
}

impl Stored for InstanceRecord {
    const KIND: Kind = Kind::InstanceRecord;
    const NOUN: &'static str = "instance";
    const NAMES: Names = Names::Everywhere;

    fn id(&self) -> Id {
        self.id.clone()
    }

    fn name(&self) -> Option<&str> {
        self.alias.as_deref()
    }
}
