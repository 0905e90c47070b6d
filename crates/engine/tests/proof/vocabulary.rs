//! Types of resource and permissions as the page of the rules lists them (section 3), for the naive evaluator.

use lanyard_model::resources::SecurityProfile;

/// Section 3: first word, types, View permission.
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
];

pub(crate) const DOCUMENTED: &[&str] = &["User", "SecurityProfile", "Queue", "RoutingProfile"];

pub(crate) fn type_exists(name: &str) -> bool {
    name == "Instance" || TYPES.iter().any(|(_, types, _)| types.contains(&name))
}

pub(crate) fn acts_on(permission: &str) -> Option<&'static [&'static str]> {
    let first = permission.split('.').next().unwrap();
    TYPES.iter().find(|(word, ..)| *word == first).map(|(_, types, _)| *types)
}

pub(crate) fn view_of(resource_type: &str) -> &'static str {
    TYPES.iter().find(|(_, types, view)| types.contains(&resource_type) && !view.is_empty()).map_or("", |it| it.2)
}

pub(crate) fn in_catalogue(permission: &str) -> bool {
    lanyard_model::catalogue::Catalogue::builtin().get(permission).is_some()
}

pub(crate) fn is_recording(permission: &str) -> bool {
    lanyard_model::catalogue::Catalogue::builtin()
        .get(permission)
        .is_some_and(|info| ["Recordings and Transcripts", "Legacy permissions"].contains(&info.group()))
}

pub(crate) fn is_analytics(permission: &str) -> bool {
    permission == "AccessMetrics" || permission.starts_with("AccessMetrics.")
}

/// Section 3, implied permissions: what else brings this one.
fn implied_by(permission: &str) -> &'static [&'static str] {
    match permission {
        "AccessMetrics.RealTimeMetrics.Access"
        | "AccessMetrics.HistoricalMetrics.Access"
        | "AccessMetrics.AgentActivityAudit.Access"
        | "AccessMetrics.Dashboards.Access" => &["AccessMetrics"],
        "Cases.View" => &["Cases.Export"],
        "CallRecordings.Unredacted.Access" | "ContactTranscripts.Unredacted.Access" => &["ListenCallRecordings"],
        "CallRecordings.Redacted.Access" | "ContactTranscripts.Redacted.Access" => &["RedactedData.View"],
        "CallRecordings.Redacted.DownloadButton"
        | "CallRecordings.Unredacted.DownloadButton"
        | "ContactTranscripts.Unredacted.DownloadButton" => &["DownloadCallRecordings"],
        _ => &[],
    }
}

pub(crate) fn holds(profile: &SecurityProfile, permission: &str) -> bool {
    let has = |name: &str| profile.permissions.iter().any(|held| held == name);
    has(permission) || implied_by(permission).iter().any(|name| has(name))
}

pub(crate) fn holds_any_of_type(profile: &SecurityProfile, resource_type: &str) -> bool {
    profile.permissions.iter().any(|name| acts_on(name).is_some_and(|types| types.contains(&resource_type)))
}
