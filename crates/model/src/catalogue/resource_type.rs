//! What permissions act on. The part of a permission before its first full stop fixes the type of resource and the
//! permission to view that type; this table is the only place that says so.

use ResourceType::*;

/// A type of resource that a permission can be asked about. Not every one is stored by Lanyard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is named after the kind of resource it stands for")]
pub enum ResourceType {
    AgentStatus,
    Bot,
    Campaign,
    Case,
    Contact,
    ContactEvaluation,
    ContactFlow,
    ContactFlowModule,
    CustomMetric,
    DataTable,
    DataTableRecord,
    EmailAddress,
    EvaluationForm,
    HierarchyGroup,
    HoursOfOperation,
    /// The instance itself: what capabilities are asked on.
    Instance,
    PhoneNumber,
    Prompt,
    Queue,
    QuickConnect,
    RoutingProfile,
    Rule,
    SecurityProfile,
    TaskTemplate,
    TestCase,
    User,
    View,
    Workspace,
}

/// First part of the permission, types it acts on, View permission.
const PREFIXES: &[(&str, &[ResourceType], Option<&str>)] = &[
    ("AgentGrouping", &[HierarchyGroup], Some("AgentGrouping.View")),
    ("AgentStates", &[AgentStatus], Some("AgentStates.View")),
    ("Bots", &[Bot], Some("Bots.View")),
    ("Campaigns", &[Campaign], Some("Campaigns.View")),
    ("Cases", &[Case], Some("Cases.View")),
    ("ContactFlowModules", &[ContactFlowModule], Some("ContactFlowModules.View")),
    ("ContactFlows", &[ContactFlow], Some("ContactFlows.View")),
    ("ContactSearch", &[Contact], None),
    ("CustomMetrics", &[CustomMetric], Some("CustomMetrics.View")),
    ("DataTables", &[DataTable, DataTableRecord], Some("DataTables.View")),
    ("EmailAddresses", &[EmailAddress], Some("EmailAddresses.View")),
    ("Evaluation", &[ContactEvaluation], Some("Evaluation.View")),
    ("EvaluationForms", &[EvaluationForm], Some("EvaluationForms.View")),
    ("HoursOfOperation", &[HoursOfOperation], Some("HoursOfOperation.View")),
    ("MyCases", &[Case], None),
    ("MyContacts", &[Contact], None),
    ("PhoneNumbers", &[PhoneNumber], Some("PhoneNumbers.View")),
    ("Prompts", &[Prompt], Some("Prompts.View")),
    ("Queues", &[Queue], Some("Queues.View")),
    ("RoutingPolicies", &[RoutingProfile], Some("RoutingPolicies.View")),
    ("Rules", &[Rule], Some("Rules.View")),
    ("SecurityProfiles", &[SecurityProfile], Some("SecurityProfiles.View")),
    ("TaskTemplates", &[TaskTemplate], Some("TaskTemplates.View")),
    ("TestCases", &[TestCase], Some("TestCases.View")),
    ("TransferDestinations", &[QuickConnect], Some("TransferDestinations.View")),
    ("Users", &[User], Some("Users.View")),
    ("Views", &[View], Some("Views.View")),
    ("Workspaces", &[Workspace], Some("Workspaces.View")),
];

/// The types a permission acts on and their View permission; `None` for a capability.
pub(super) fn of_permission(api_name: &str) -> Option<(&'static [ResourceType], Option<&'static str>)> {
    let prefix = api_name.split('.').next()?;
    PREFIXES.iter().find(|(known, ..)| *known == prefix).map(|(_, types, view)| (*types, *view))
}

impl ResourceType {
    /// Every type, in alphabetical order.
    pub const ALL: [Self; 28] = [
        AgentStatus,
        Bot,
        Campaign,
        Case,
        Contact,
        ContactEvaluation,
        ContactFlow,
        ContactFlowModule,
        CustomMetric,
        DataTable,
        DataTableRecord,
        EmailAddress,
        EvaluationForm,
        HierarchyGroup,
        HoursOfOperation,
        Instance,
        PhoneNumber,
        Prompt,
        Queue,
        QuickConnect,
        RoutingProfile,
        Rule,
        SecurityProfile,
        TaskTemplate,
        TestCase,
        User,
        View,
        Workspace,
    ];

    /// The type's name, such as `RoutingProfile`.
    pub fn as_str(self) -> &'static str {
        match self {
            AgentStatus => "AgentStatus",
            Bot => "Bot",
            Campaign => "Campaign",
            Case => "Case",
            Contact => "Contact",
            ContactEvaluation => "ContactEvaluation",
            ContactFlow => "ContactFlow",
            ContactFlowModule => "ContactFlowModule",
            CustomMetric => "CustomMetric",
            DataTable => "DataTable",
            DataTableRecord => "DataTableRecord",
            EmailAddress => "EmailAddress",
            EvaluationForm => "EvaluationForm",
            HierarchyGroup => "HierarchyGroup",
            HoursOfOperation => "HoursOfOperation",
            Instance => "Instance",
            PhoneNumber => "PhoneNumber",
            Prompt => "Prompt",
            Queue => "Queue",
            QuickConnect => "QuickConnect",
            RoutingProfile => "RoutingProfile",
            Rule => "Rule",
            SecurityProfile => "SecurityProfile",
            TaskTemplate => "TaskTemplate",
            TestCase => "TestCase",
            User => "User",
            View => "View",
            Workspace => "Workspace",
        }
    }

    /// The type of this name; upper and lower case count.
    pub fn from_name(name: &str) -> Option<Self> {
        // In alphabetical order.
        let at = Self::ALL.binary_search_by(|resource_type| resource_type.as_str().cmp(name)).ok()?;
        Self::ALL.get(at).copied()
    }

    /// The permission to view resources of this type; `None` for the instance, and for contacts, where two
    /// permissions show different ones.
    pub fn view_permission(self) -> Option<&'static str> {
        PREFIXES.iter().filter(|(_, types, _)| types.contains(&self)).find_map(|(.., view)| *view)
    }
}
