//! The resources of a contact centre, a file for each kind.

mod ai_agent;
mod client_token;
mod instance;
mod instance_record;
mod security_profile;

pub use ai_agent::AiAgent;
pub use client_token::ClientToken;
pub use instance::Instance;
pub use instance_record::InstanceRecord;
pub use security_profile::{
    AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, PrimaryAttributeValue, SecurityProfile,
};
