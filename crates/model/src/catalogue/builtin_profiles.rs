//! The security profiles that a new instance comes with.
//!
//! The vendor documents their names and purposes but not their permissions. The contents here were observed in public
//! exports, except Agent's, which was chosen; `docs/permissions.md` lists which. Every permission is in the built-in
//! catalogue.

use std::sync::LazyLock;

use super::Catalogue;

/// A security profile of a new instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltinProfile {
    /// The profile's name, unique in the instance.
    pub name: &'static str,
    /// The description that it carries.
    pub description: &'static str,
    /// Its permissions, in alphabetical order.
    pub permissions: Vec<&'static str>,
}

/// Admin, Agent, CallCenterManager and QualityAnalyst, in this order.
pub fn builtin_profiles() -> &'static [BuiltinProfile] {
    static PROFILES: LazyLock<[BuiltinProfile; 4]> = LazyLock::new(|| {
        let absent: Vec<_> = names(include_str!("admin_absent.txt")).collect();
        let catalogue = Catalogue::builtin().iter().map(|permission| permission.api_name());
        [
            BuiltinProfile {
                name: "Admin",
                description: "For administrators, who can take every action there is.",
                permissions: catalogue.filter(|name| !absent.contains(name)).collect(),
            },
            BuiltinProfile {
                name: "Agent",
                description: "For people in customer care and sales, who need no technical knowledge.",
                permissions: vec!["BasicAgentAccess", "OutboundCallAccess"],
            },
            BuiltinProfile {
                name: "CallCenterManager",
                description: "For those who run the contact centre from day to day.",
                permissions: names(include_str!("call_center_manager.txt")).collect(),
            },
            BuiltinProfile {
                name: "QualityAnalyst",
                description: "For those who improve the customer's experience and watch how the service is doing.",
                permissions: vec![
                    "AccessMetrics",
                    "AgentTimeCard.View",
                    "ContactAttributes.View",
                    "ContactSearch.View",
                ],
            },
        ]
    });
    &*PROFILES
}

fn names(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}
