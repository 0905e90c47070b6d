//! The one table of the types that permissions act on.
//!
//! The part of a permission before its first full stop fixes the types that the permission acts on and the permission
//! to view them. A type that an instance stores names its kind, and each type the names under which
//! `TagRestrictedResources` restricts it. Every question about a type is answered here.

use ResourceType::*;

use crate::Kind;

macro_rules! resource_types {
    ($( $(#[$doc:meta])* $name:ident $(stored as $kind:ident)? $(, also restricted as $other:literal)? ; )*) => {
        /// A type of resource that a permission can be asked about. Not every one is stored by Lanyard.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant is named after its kind of resource")]
        pub enum ResourceType { $( $(#[$doc])* $name ),* }

        impl ResourceType {
            /// Every type, in alphabetical order.
            pub const ALL: &'static [Self] = &[$( $name ),*];

            /// The type's name, such as `RoutingProfile`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $( $name => stringify!($name) ),* }
            }

            /// The kind as which an instance stores resources of the type; `None` for types that are not stored.
            #[must_use]
            pub fn kind(self) -> Option<Kind> {
                match self { $( $name => None $(.or(Some(Kind::$kind)))? ),* }
            }

            /// The name, next to its own, under which `TagRestrictedResources` restricts the type.
            fn other_restricted_name(self) -> Option<&'static str> {
                match self { $( $name => None $(.or(Some($other)))? ),* }
            }
        }
    };
}

resource_types! {
    AgentStatus;
    Bot;
    Campaign;
    Case, also restricted as "Cases";
    CaseComment;
    CaseContact;
    CaseRelatedItem;
    Contact;
    ContactEvaluation;
    ContactFlow;
    ContactFlowModule stored as FlowModule;
    CustomMetric;
    DataTable stored as DataTable;
    DataTableRecord stored as DataTableRecord, also restricted as "DataTable";
    EmailAddress;
    EvaluationForm;
    HierarchyGroup stored as HierarchyGroup;
    HoursOfOperation stored as HoursOfOperation, also restricted as "OperatingHours";
    /// The instance itself: what capabilities are asked on.
    Instance;
    PhoneNumber;
    Prompt;
    Queue stored as Queue;
    QuickConnect stored as QuickConnect, also restricted as "TransferDestination";
    RoutingProfile stored as RoutingProfile;
    Rule;
    SecurityProfile stored as SecurityProfile;
    TaskTemplate;
    TestCase;
    User stored as User;
    View;
    Workspace;
}

/// The permissions that share the part before the first full stop.
struct Prefix {
    name: &'static str,
    /// The types that they act on.
    types: &'static [ResourceType],
    /// The permission to view these types.
    view: Option<&'static str>,
    /// The permission to change them.
    edit: Option<&'static str>,
}

const fn prefix(
    name: &'static str,
    types: &'static [ResourceType],
    view: Option<&'static str>,
    edit: Option<&'static str>,
) -> Prefix {
    Prefix { name, types, view, edit }
}

const PREFIXES: &[Prefix] = &[
    prefix("AgentGrouping", &[HierarchyGroup], Some("AgentGrouping.View"), Some("AgentGrouping.Edit")),
    prefix("AgentStates", &[AgentStatus], Some("AgentStates.View"), Some("AgentStates.Edit")),
    prefix("Bots", &[Bot], Some("Bots.View"), Some("Bots.Edit")),
    prefix("Campaigns", &[Campaign], Some("Campaigns.View"), Some("Campaigns.Edit")),
    prefix("Cases", &[Case], Some("Cases.View"), Some("Cases.Edit")),
    prefix(
        "ContactFlowModules",
        &[ContactFlowModule],
        Some("ContactFlowModules.View"),
        Some("ContactFlowModules.Edit"),
    ),
    prefix("ContactFlows", &[ContactFlow], Some("ContactFlows.View"), Some("ContactFlows.Edit")),
    prefix("ContactSearch", &[Contact], None, None),
    prefix("CustomMetrics", &[CustomMetric], Some("CustomMetrics.View"), Some("CustomMetrics.Edit")),
    prefix("DataTables", &[DataTable, DataTableRecord], Some("DataTables.View"), Some("DataTables.Edit")),
    prefix("EmailAddresses", &[EmailAddress], Some("EmailAddresses.View"), Some("EmailAddresses.Edit")),
    prefix("Evaluation", &[ContactEvaluation], Some("Evaluation.View"), Some("Evaluation.Edit")),
    prefix("EvaluationForms", &[EvaluationForm], Some("EvaluationForms.View"), Some("EvaluationForms.Edit")),
    prefix("HoursOfOperation", &[HoursOfOperation], Some("HoursOfOperation.View"), Some("HoursOfOperation.Edit")),
    prefix("MyCaseComments", &[CaseComment], None, None),
    prefix("MyCaseContacts", &[CaseContact], None, None),
    prefix("MyCaseCustomRelatedItems", &[CaseRelatedItem], None, None),
    prefix("MyCases", &[Case], None, None),
    prefix("MyContacts", &[Contact], None, None),
    prefix("PhoneNumbers", &[PhoneNumber], Some("PhoneNumbers.View"), Some("PhoneNumbers.Edit")),
    prefix("Prompts", &[Prompt], Some("Prompts.View"), Some("Prompts.Edit")),
    prefix("Queues", &[Queue], Some("Queues.View"), Some("Queues.Edit")),
    prefix("RoutingPolicies", &[RoutingProfile], Some("RoutingPolicies.View"), Some("RoutingPolicies.Edit")),
    prefix("Rules", &[Rule], Some("Rules.View"), Some("Rules.Edit")),
    prefix("SecurityProfiles", &[SecurityProfile], Some("SecurityProfiles.View"), Some("SecurityProfiles.Edit")),
    prefix("TaskTemplates", &[TaskTemplate], Some("TaskTemplates.View"), Some("TaskTemplates.Edit")),
    prefix("TestCases", &[TestCase], Some("TestCases.View"), Some("TestCases.Edit")),
    prefix(
        "TransferDestinations",
        &[QuickConnect],
        Some("TransferDestinations.View"),
        Some("TransferDestinations.Edit"),
    ),
    prefix("Users", &[User], Some("Users.View"), Some("Users.Edit")),
    prefix("Views", &[View], Some("Views.View"), Some("Views.Edit")),
    prefix("Workspaces", &[Workspace], Some("Workspaces.View"), Some("Workspaces.Edit")),
];

/// The types a permission acts on and their View permission; `None` for a capability.
pub(super) fn of_permission(api_name: &str) -> Option<(&'static [ResourceType], Option<&'static str>)> {
    let prefix = api_name.split('.').next()?;
    PREFIXES.iter().find(|it| it.name == prefix).map(|it| (it.types, it.view))
}

/// The types that analytics permissions may be asked on (`decision-semantics`, rule 9). The instance is among them: there
/// the permission is a capability.
pub(super) fn of_analytics(api_name: &str) -> &'static [ResourceType] {
    match api_name {
        "AccessMetrics" | "AccessMetrics.Dashboards.Access" => {
            &[Instance, User, Queue, RoutingProfile, ContactFlow, ContactFlowModule, EvaluationForm, TestCase]
        }
        "AccessMetrics.AgentActivityAudit.Access"
        | "AccessMetrics.DashboardsWithMyData.View"
        | "AgentTimeCard.View" => &[Instance, User],
        _ => &[Instance, User, Queue, RoutingProfile],
    }
}

impl ResourceType {
    /// The permissions of which any one covers resources of this type, so that they can be tied to others and listed by
    /// name without the View permission on them (`decision-semantics`, rule 15: inherited permissions).
    #[must_use]
    pub fn covered_by(self) -> &'static [&'static str] {
        match self {
            SecurityProfile | RoutingProfile | HierarchyGroup => &["Users.View", "Users.Edit", "Users.Create"],
            QuickConnect | PhoneNumber | HoursOfOperation => &["Queues.View", "Queues.Edit", "Queues.Create"],
            Queue => &["TransferDestinations.View", "TransferDestinations.Edit", "TransferDestinations.Create"],
            ContactFlow => &[
                "TransferDestinations.View",
                "TransferDestinations.Edit",
                "TransferDestinations.Create",
                "PhoneNumbers.View",
                "PhoneNumbers.Edit",
            ],
            User => &["TransferDestinations.View"],
            _ => &[],
        }
    }

    /// The type of this name; upper and lower case count.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // In alphabetical order.
        let at = Self::ALL.binary_search_by(|resource_type| resource_type.as_str().cmp(name)).ok()?;
        Self::ALL.get(at).copied()
    }

    /// The type of what an instance stores as this kind; `None` for kinds that no permission acts on.
    #[must_use]
    pub fn of_kind(kind: Kind) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.kind() == Some(kind))
    }

    /// The permission to view resources of this type; `None` for the instance, and for contacts, where two
    /// permissions show different ones.
    #[must_use]
    pub fn view_permission(self) -> Option<&'static str> {
        PREFIXES.iter().filter(|it| it.types.contains(&self)).find_map(|it| it.view)
    }

    /// The permission to change resources of this type, and their tags; `None` where none is named after the type.
    #[must_use]
    pub fn edit_permission(self) -> Option<&'static str> {
        PREFIXES.iter().filter(|it| it.types.contains(&self)).find_map(|it| it.edit)
    }

    /// The types that a name in `TagRestrictedResources` restricts (`decision-semantics`, section 3); empty when it
    /// names none.
    pub fn restricted_as(name: &str) -> impl Iterator<Item = Self> + '_ {
        let is_named = move |it: &Self| it.as_str() == name || it.other_restricted_name() == Some(name);
        Self::ALL.iter().copied().filter(is_named)
    }

    /// Every name that restricts a type in `TagRestrictedResources`, each once, in alphabetical order.
    #[must_use]
    pub fn restricted_names() -> Vec<&'static str> {
        let own = Self::ALL.iter().map(|it| it.as_str());
        let mut names: Vec<_> = own.chain(Self::ALL.iter().filter_map(|it| it.other_restricted_name())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
