//! AI agents that hold security profiles.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Stored};

/// An AI agent, by the ARN it was associated under, and the profiles it holds.
///
/// AI agents live in another service; one exists here while it holds a profile. The ARN is taken as it is written,
/// version qualifier included (`decision-semantics`, section 2): `…/AGENT` and `…/AGENT:1` are two agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AiAgent {
    /// The ARN, which is also the identifier.
    pub arn: String,
    /// The profiles it holds, in the order of their association; never empty.
    pub security_profile_ids: Vec<Id>,
}

impl Stored for AiAgent {
    const KIND: Kind = Kind::AiAgent;
    const NOUN: &'static str = "AI agent";

    fn id(&self) -> Id {
        Id::new(&self.arn)
    }

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        for id in &self.security_profile_ids {
            visit(Key { kind: Kind::SecurityProfile, id: id.clone() });
        }
    }
}
