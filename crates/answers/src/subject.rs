//! The principal of a question.

use serde::{Deserialize, Serialize};

/// The beginning of a principal that is a security profile.
const PROFILE: &str = "SecurityProfile:";

/// The principal of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// A user, by identifier, ARN or name.
    User(String),
    /// An AI agent, by its ARN.
    AiAgent(String),
    /// A person who holds exactly this security profile, by the profile's identifier, ARN or name.
    SecurityProfile(String),
}

impl Default for Subject {
    /// A placeholder for searches, which have no principal.
    fn default() -> Self {
        Self::User("*".to_owned())
    }
}

impl Subject {
    /// An ARN of another service than Amazon Connect, or text after `ai-agent:`, names an AI agent; text after
    /// `SecurityProfile:` a security profile; other text names a user.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if let Some((kind, profile)) = text.split_at_checked(PROFILE.len())
            && kind.eq_ignore_ascii_case(PROFILE)
        {
            return Self::SecurityProfile(profile.to_owned());
        }
        if let Some(arn) = text.strip_prefix("ai-agent:") {
            return Self::AiAgent(arn.to_owned());
        }
        let service = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1));
        match service {
            Some(service) if service != "connect" => Self::AiAgent(text.to_owned()),
            _ => Self::User(text.strip_prefix("user:").unwrap_or(text).to_owned()),
        }
    }

    /// The subject type in AuthZEN, which has none for a security profile.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::AiAgent(_) => "ai_agent",
            Self::SecurityProfile(_) => "security_profile",
        }
    }

    /// The principal as a question names it.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::User(id) => format!("user:{id}"),
            Self::AiAgent(arn) => format!("ai-agent:{arn}"),
            Self::SecurityProfile(id) => format!("{PROFILE}{id}"),
        }
    }

    /// The text that names it.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::AiAgent(id) | Self::SecurityProfile(id) => id,
        }
    }
}
