//! The tables of the page of the rules, as the page has them: types and View permissions, restricted names, implied
//! permissions, analytics, inherited permissions, built-in tools, tasks. For the naive evaluator.

use lanyard_model::resources::SecurityProfile;

/// Section 3: the part before the first dot, types, View permission (empty for none).
const TYPES: &[(&str, &[&str], &str)] = &[
    ("Users", &["User"], "Users.View"),
    ("SecurityProfiles", &["SecurityProfile"], "SecurityProfiles.View"),
    ("Queues", &["Queue"], "Queues.View"),
    ("RoutingPolicies", &["RoutingProfile"], "RoutingPolicies.View"),
    ("TransferDestinations", &["QuickConnect"], "TransferDestinations.View"),
    ("HoursOfOperation", &["HoursOfOperation"], "HoursOfOperation.View"),
    ("AgentGrouping", &["HierarchyGroup"], "AgentGrouping.View"),
    ("AgentStates", &["AgentStatus"], "AgentStates.View"),
    ("Prompts", &["Prompt"], "Prompts.View"),
    ("DataTables", &["DataTable", "DataTableRecord"], "DataTables.View"),
    ("Campaigns", &["Campaign"], "Campaigns.View"),
    ("Bots", &["Bot"], "Bots.View"),
    ("ContactSearch", &["Contact"], ""),
    ("MyContacts", &["Contact"], ""),
    ("ContactFlows", &["ContactFlow"], "ContactFlows.View"),
    ("ContactFlowModules", &["ContactFlowModule"], "ContactFlowModules.View"),
    ("PhoneNumbers", &["PhoneNumber"], "PhoneNumbers.View"),
    ("TaskTemplates", &["TaskTemplate"], "TaskTemplates.View"),
    ("Views", &["View"], "Views.View"),
    ("EvaluationForms", &["EvaluationForm"], "EvaluationForms.View"),
    ("Evaluation", &["ContactEvaluation"], "Evaluation.View"),
    ("Cases", &["Case"], "Cases.View"),
    ("MyCases", &["Case"], ""),
    ("TestCases", &["TestCase"], "TestCases.View"),
    ("CustomMetrics", &["CustomMetric"], "CustomMetrics.View"),
    ("Rules", &["Rule"], "Rules.View"),
    ("Workspaces", &["Workspace"], "Workspaces.View"),
    ("EmailAddresses", &["EmailAddress"], "EmailAddresses.View"),
    ("MyCaseComments", &["CaseComment"], ""),
    ("MyCaseContacts", &["CaseContact"], ""),
    ("MyCaseCustomRelatedItems", &["CaseRelatedItem"], ""),
];

/// Section 3: the types whose restriction is documented.
pub(crate) const DOCUMENTED: &[&str] = &["User", "SecurityProfile", "Queue", "RoutingProfile"];

pub(crate) fn type_exists(name: &str) -> bool {
    name == "Instance" || TYPES.iter().any(|(_, types, _)| types.contains(&name))
}

/// Section 3: whether a name in `TagRestrictedResources` restricts the type.
pub(crate) fn restricts(name: &str, resource_type: &str) -> bool {
    name == resource_type
        || matches!(
            (name, resource_type),
            ("Cases", "Case")
                | ("DataTable", "DataTableRecord")
                | ("OperatingHours", "HoursOfOperation")
                | ("TransferDestination", "QuickConnect")
        )
}

/// Section 3: whether a name in `TagRestrictedResources` names a type at all.
pub(crate) fn names_a_type(name: &str) -> bool {
    type_exists(name) || ["Cases", "OperatingHours", "TransferDestination"].contains(&name)
}

fn prefix(permission: &str) -> &str {
    permission.split('.').next().unwrap()
}

pub(crate) fn acts_on(permission: &str) -> Option<&'static [&'static str]> {
    TYPES.iter().find(|(word, ..)| *word == prefix(permission)).map(|(_, types, _)| *types)
}

/// The View permission of a type; `None` where it has none.
pub(crate) fn view_of(resource_type: &str) -> Option<&'static str> {
    TYPES.iter().find(|(_, types, view)| types.contains(&resource_type) && !view.is_empty()).map(|it| it.2)
}

/// Rule 12: the permissions on what is one's own.
pub(crate) fn is_own(permission: &str) -> bool {
    ["MyCases", "MyCaseComments", "MyCaseContacts", "MyCaseCustomRelatedItems"].contains(&prefix(permission))
}

pub(crate) fn in_catalogue(permission: &str) -> bool {
    lanyard_model::catalogue::Catalogue::builtin().get(permission).is_some()
}

/// Section 3: recordings and transcripts, and of the legacy permissions all but the three of metrics.
pub(crate) fn is_recording(permission: &str) -> bool {
    let Some(info) = lanyard_model::catalogue::Catalogue::builtin().get(permission) else { return false };
    match info.group() {
        "Recordings and Transcripts" => true,
        "Legacy permissions" => !OLD_METRICS.iter().any(|(old, _)| *old == permission),
        _ => false,
    }
}

/// Rule 9: the types on which an analytics permission may be asked; none for other permissions.
pub(crate) fn analytics_types(permission: &str) -> &'static [&'static str] {
    match permission {
        "AccessMetrics" | "AccessMetrics.Dashboards.Access" => {
            &["User", "Queue", "RoutingProfile", "ContactFlow", "ContactFlowModule", "EvaluationForm", "TestCase"]
        }
        "AccessMetrics.AgentActivityAudit.Access" | "AgentTimeCard.View" | MY_DATA => &["User"],
        other if other.starts_with("AccessMetrics.") => &["User", "Queue", "RoutingProfile"],
        _ => &[],
    }
}

pub(crate) const MY_DATA: &str = "AccessMetrics.DashboardsWithMyData.View";

/// Section 3: old spellings of three metrics permissions.
const OLD_METRICS: &[(&str, &str)] = &[
    ("RealTimeMetrics.Access", "AccessMetrics.RealTimeMetrics.Access"),
    ("HistoricalMetrics.Access", "AccessMetrics.HistoricalMetrics.Access"),
    ("AgentActivityAudit.Access", "AccessMetrics.AgentActivityAudit.Access"),
];

/// Section 3, implied permissions: what holding this permission brings.
fn implies(held: &str) -> &'static [&'static str] {
    match held {
        "AccessMetrics" => &[
            "AccessMetrics.RealTimeMetrics.Access",
            "AccessMetrics.HistoricalMetrics.Access",
            "AccessMetrics.AgentActivityAudit.Access",
            "AccessMetrics.Dashboards.Access",
        ],
        "Cases.Export" => &["Cases.View"],
        "RealTimeMetrics.Access" => &["AccessMetrics.RealTimeMetrics.Access"],
        "HistoricalMetrics.Access" => &["AccessMetrics.HistoricalMetrics.Access"],
        "AgentActivityAudit.Access" => &["AccessMetrics.AgentActivityAudit.Access"],
        "ListenCallRecordings" => &["CallRecordings.Unredacted.Access", "ContactTranscripts.Unredacted.Access"],
        "RedactedData.View" => &["CallRecordings.Redacted.Access", "ContactTranscripts.Redacted.Access"],
        "DownloadCallRecordings" => &[
            "CallRecordings.Redacted.DownloadButton",
            "CallRecordings.Unredacted.DownloadButton",
            "ContactTranscripts.Unredacted.DownloadButton",
        ],
        _ => &[],
    }
}

/// Section 3: `holds` includes the implied permissions.
pub(crate) fn holds(profile: &SecurityProfile, permission: &str) -> bool {
    profile.permissions.iter().any(|held| held == permission || implies(held).contains(&permission))
}

/// Rule 2, lenient: holds any permission of the type.
pub(crate) fn holds_any_of_type(profile: &SecurityProfile, resource_type: &str) -> bool {
    profile.permissions.iter().any(|name| acts_on(name).is_some_and(|types| types.contains(&resource_type)))
}

/// Rule 15: which types a held permission covers.
pub(crate) fn covers(permission: &str) -> &'static [&'static str] {
    match permission {
        "Users.View" | "Users.Edit" | "Users.Create" => &["SecurityProfile", "RoutingProfile", "HierarchyGroup"],
        "Queues.View" | "Queues.Edit" | "Queues.Create" => &["QuickConnect", "PhoneNumber", "HoursOfOperation"],
        "TransferDestinations.View" => &["Queue", "ContactFlow", "User"],
        "TransferDestinations.Edit" | "TransferDestinations.Create" => &["Queue", "ContactFlow"],
        "PhoneNumbers.View" | "PhoneNumbers.Edit" => &["ContactFlow"],
        _ => &[],
    }
}

/// Section 6: the tools that AI agents come with, and the permission that each takes.
pub(crate) const BUILT_IN_TOOLS: &[(&str, &str)] = &[
    ("Retrieve", "Wisdom.View"),
    ("aws_service__qconnect_Retrieve", "Wisdom.View"),
    ("SearchCases", "Cases.View"),
    ("GetCase", "Cases.View"),
    ("CreateCase", "Cases.Create"),
    ("UpdateCase", "Cases.Edit"),
    ("SearchProfiles", "CustomerProfiles.View"),
    // The permission to create tasks is on no list.
    ("StartTaskContact", ""),
];

/// A formula over permissions.
pub(crate) enum Formula {
    One(&'static str),
    /// Where the resource does not exist yet, or the question is about more than one.
    New(&'static str),
    Any(&'static [Formula]),
    All(&'static [Formula]),
}

use Formula::{All, Any, New, One};

/// Section 8: a task with the formula of each half.
pub(crate) struct Task {
    pub(crate) name: &'static str,
    pub(crate) strict: Formula,
    /// Where two pages disagree (G2): either will do.
    pub(crate) lenient: Option<Formula>,
}

const fn task(name: &'static str, formula: Formula) -> Task {
    Task { name, strict: formula, lenient: None }
}

/// "On a contact that the principal can see".
const SEE_CONTACT: Formula = Any(&[One("ContactSearch.View"), One("MyContacts.View")]);

/// One page asks for `Users.Edit`, the other for `Users.EditPermission`; a new user is given profiles by who creates it.
const ASSIGN_BY_BOTH: Formula = Any(&[All(&[One("Users.EditPermission"), One("Users.Edit")]), New("Users.Create")]);
const ASSIGN_BY_EITHER: Formula = Any(&[One("Users.EditPermission"), One("Users.Edit"), New("Users.Create")]);

/// Section 8.
pub(crate) const TASKS: &[Task] = &[
    Task { name: "assign-security-profile", strict: ASSIGN_BY_BOTH, lenient: Some(ASSIGN_BY_EITHER) },
    Task {
        name: "gain-more-rights",
        strict: Any(&[ASSIGN_BY_BOTH, New("SecurityProfiles.Create"), One("SecurityProfiles.Edit")]),
        lenient: Some(Any(&[ASSIGN_BY_EITHER, New("SecurityProfiles.Create"), One("SecurityProfiles.Edit")])),
    },
    task("barge-in", One("ManagerBargeIn")),
    task("monitor-live", One("ManagerListenIn")),
    task("export-cases", One("Cases.Export")),
    task("export-contacts", SEE_CONTACT),
    task("reset-password", One("Users.Edit")),
    task(
        "listen-to-recordings",
        All(&[
            Any(&[
                One("CallRecordings.Unredacted.Access"),
                One("CallRecordings.Redacted.Access"),
                One("AutomatedVoiceInteraction.Recordings.Unredacted.Access"),
                One("AutomatedVoiceInteraction.Recordings.Redacted.Access"),
                One("ListenCallRecordings"),
                One("RedactedData.View"),
                One("ScreenRecording.Access"),
                One("ScreenRecording.Redacted.Access"),
            ]),
            SEE_CONTACT,
        ]),
    ),
    task(
        "listen-to-unredacted-recordings",
        All(&[
            Any(&[
                One("CallRecordings.Unredacted.Access"),
                One("AutomatedVoiceInteraction.Recordings.Unredacted.Access"),
                One("ListenCallRecordings"),
                One("ScreenRecording.Access"),
            ]),
            SEE_CONTACT,
        ]),
    ),
    task(
        "read-unredacted-transcripts",
        All(&[
            Any(&[
                One("ContactTranscripts.Unredacted.Access"),
                One("AutomatedVoiceInteraction.Transcripts.Unredacted.Access"),
                One("ListenCallRecordings"),
            ]),
            SEE_CONTACT,
        ]),
    ),
    task(
        "watch-screen-recordings",
        All(&[Any(&[One("ScreenRecording.Access"), One("ScreenRecording.Redacted.Access")]), SEE_CONTACT]),
    ),
];
