//! The resources of a contact centre, a file for each kind.

/// The methods of [`Stored`](crate::Stored) that return a field of the resource: `fields!(id, name, tags)` in its
/// `impl`.
macro_rules! fields {
    (@ id) => {
        fn id(&self) -> crate::Id {
            self.id.clone()
        }
    };
    (@ name) => {
        fn name(&self) -> Option<&str> {
            Some(&self.name)
        }
    };
    (@ tags) => {
        fn tags(&self) -> Option<&crate::Tags> {
            Some(&self.tags)
        }

        fn tags_mut(&mut self) -> Option<&mut crate::Tags> {
            Some(&mut self.tags)
        }
    };
    ($($field:ident),*) => {
        $(fields!(@ $field);)*
    };
}

mod ai_agent;
mod client_token;
mod data_table;
mod decision_token;
mod flow_module;
mod hierarchy;
mod hours_of_operation;
mod instance;
mod instance_record;
mod integration_association;
mod personal_data;
mod queue;
mod quick_connect;
mod registered_application;
mod routing_profile;
mod security_profile;
mod user;

pub use ai_agent::AiAgent;
pub use client_token::ClientToken;
pub use data_table::{
    DataTable, DataTableAttribute, DataTableRecord, DataTableValue, LockLevel, LockVersion, MOST_PRIMARY_ATTRIBUTES,
    Validation, ValueType,
};
pub use decision_token::{DecisionScope, DecisionToken};
pub use flow_module::{FlowModule, FlowModuleAlias, FlowModuleContent, FlowModuleVersion};
pub use hierarchy::{HierarchyGroup, HierarchyLevel, HierarchyStructure, MOST_LEVELS};
pub use hours_of_operation::{HoursOfOperation, OpeningSpan, TimeOfDay};
pub use instance::Instance;
pub use instance_record::InstanceRecord;
pub use integration_association::IntegrationAssociation;
pub use personal_data::PersonalData;
pub use queue::{OutboundCallerConfig, Queue};
pub use quick_connect::{Destination, QuickConnect};
pub use registered_application::{
    ApplicationAuth, ExternalUrl, Iframe, McpTool, Publication, RegisteredApplication, RegisteredType, Subscription,
};
pub use routing_profile::{MediaConcurrency, QueueConfig, QueueReference, RoutingProfile, WorkloadTypeConcurrency};
pub use security_profile::{
    AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, MOST_PERMISSIONS, MOST_RESTRICTED_PROFILES,
    PrimaryAttributeValue, SecurityProfile,
};
pub use user::{
    AfterContactWorkConfig, AutoAcceptConfig, ChannelConfigs, IdentityInfo, PersistentConnectionConfig, PhoneConfig,
    PhoneNumberConfig, User, VoiceEnhancementConfig,
};
