//! The security profiles that a department of a seeded contact centre has.

/// The restriction of a profile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Restriction {
    /// Nothing.
    None,
    /// These types, to what has the department's tag.
    Tag(&'static [&'static str]),
    /// People, to a site.
    Hierarchy,
    /// Both.
    Both(&'static [&'static str]),
}

impl Restriction {
    pub(super) fn by_tag(self) -> bool {
        !self.types().is_empty()
    }

    pub(super) fn by_hierarchy(self) -> bool {
        matches!(self, Self::Hierarchy | Self::Both(_))
    }

    /// The types that the tag restricts.
    pub(super) fn types(self) -> &'static [&'static str] {
        match self {
            Self::Tag(types) | Self::Both(types) => types,
            Self::None | Self::Hierarchy => &[],
        }
    }
}

/// A profile that every department has, in one copy or several.
pub(super) struct Role {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    /// In alphabetical order.
    pub(super) permissions: &'static [&'static str],
    pub(super) restriction: Restriction,
    /// Whether AI agents hold it, with tools.
    pub(super) is_for_ai: bool,
}

pub(super) const ROLES: &[Role] = &[
    Role {
        name: "agents",
        description: "Take contacts",
        permissions: &["BasicAgentAccess", "MyContacts.View", "OutboundCallAccess", "Wisdom.View"],
        restriction: Restriction::None,
        is_for_ai: false,
    },
    Role {
        name: "team leads",
        description: "Look after the people and queues of their team",
        permissions: &[
            "AccessMetrics.RealTimeMetrics.Access",
            "ContactSearch.View",
            "ManagerListenIn",
            "Queues.View",
            "RoutingPolicies.View",
            "Users.Edit",
            "Users.View",
        ],
        restriction: Restriction::Tag(&["User", "Queue"]),
        is_for_ai: false,
    },
    Role {
        name: "analysts",
        description: "Look at figures and change nothing",
        permissions: &[
            "AccessMetrics",
            "AccessMetrics.Dashboards.Access",
            "ContactSearch.View",
            "HistoricalChanges.View",
            "Queues.View",
            "Users.View",
        ],
        restriction: Restriction::None,
        is_for_ai: false,
    },
    Role {
        name: "supervisors",
        description: "Look after the people of a site",
        permissions: &["ManagerBargeIn", "ManagerListenIn", "Users.Edit", "Users.View"],
        restriction: Restriction::Hierarchy,
        is_for_ai: false,
    },
    Role {
        name: "managers",
        description: "Run a department at a site",
        permissions: &[
            "AccessMetrics",
            "HoursOfOperation.View",
            "Queues.Edit",
            "Queues.View",
            "RoutingPolicies.Edit",
            "RoutingPolicies.View",
            "Users.Create",
            "Users.Edit",
            "Users.View",
        ],
        restriction: Restriction::Both(&["User", "Queue", "RoutingProfile"]),
        is_for_ai: false,
    },
    Role {
        name: "administrators",
        description: "Set up a department, its security profiles included",
        permissions: &[
            "Queues.Create",
            "Queues.Edit",
            "Queues.View",
            "RoutingPolicies.Create",
            "RoutingPolicies.Edit",
            "RoutingPolicies.View",
            "SecurityProfiles.Edit",
            "SecurityProfiles.View",
            "Users.Create",
            "Users.Delete",
            "Users.Edit",
            "Users.EditPermission",
            "Users.View",
        ],
        restriction: Restriction::Tag(&["User", "Queue", "RoutingProfile", "SecurityProfile"]),
        is_for_ai: false,
    },
    Role {
        name: "assistants",
        description: "What the department's AI agents may do",
        permissions: &["Cases.View", "ContactFlowModules.Execute", "CustomerProfiles.View", "Wisdom.View"],
        restriction: Restriction::None,
        is_for_ai: true,
    },
];
