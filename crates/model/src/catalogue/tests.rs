use std::collections::BTreeSet;

use super::*;

fn nearest(name: &str) -> Vec<&'static str> {
    Catalogue::builtin().nearest(name, 3)
}

fn line_error(text: &str) -> CatalogueError {
    Catalogue::builtin().extended(text).unwrap_err()
}

#[test]
fn every_line_of_the_file_is_a_permission_of_its_own() {
    let lines = BUILTIN.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(lines, 331);
    assert_eq!(Catalogue::builtin().iter().len(), lines);
    assert!(Catalogue::builtin().iter().all(|permission| permission.source() != Source::Added));
    assert!(Catalogue::builtin().iter().map(PermissionInfo::api_name).is_sorted());
}

#[test]
fn confidence_counts() {
    let count = |wanted| Catalogue::builtin().iter().filter(|p| p.source().confidence() == wanted).count();
    assert_eq!([count(Confidence::High), count(Confidence::Medium), count(Confidence::Low)], [271, 49, 11]);
}

#[test]
fn get_is_exact() {
    let view = Catalogue::builtin().get("RoutingPolicies.View").unwrap();
    assert_eq!(view.console_name(), Some("Routing profiles - View"));
    assert_eq!(view.group(), "Routing");
    assert_eq!(view.source(), Source::DocumentedAndSeen);
    assert_eq!(Catalogue::builtin().get("routingpolicies.view"), None);
    assert_eq!(Catalogue::builtin().get("Queues.Purge").unwrap().console_name(), None);
}

#[test]
fn form() {
    for good in ["AccessMetrics", "Queues.View", "A.b.C.d", &"a".repeat(128)] {
        assert!(is_well_formed(good), "{good}");
    }
    let too_long = "a".repeat(129);
    for bad in [
        "",
        ".",
        "Queues.",
        ".View",
        "Queues..View",
        "A.B.C.D.E",
        "Queues View",
        "Queues.*",
        "Queues2.View",
        "connect:StartChatContact",
        "Quéues.View",
        "Queues.View\n",
        &too_long,
    ] {
        assert!(!is_well_formed(bad), "{bad}");
    }
}

#[test]
fn flags_follow_their_rules() {
    for permission in Catalogue::builtin().iter() {
        let (name, group, flags) = (permission.api_name(), permission.group(), permission.flags());
        let is_analytics = matches!(name, "AccessMetrics" | "AgentTimeCard.View") || name.starts_with("AccessMetrics.");
        assert_eq!(flags.analytics, is_analytics, "{name}");
        assert_eq!(flags.legacy, group == "Legacy permissions", "{name}");
        let is_metrics = name.ends_with("Metrics.Access") || name == "AgentActivityAudit.Access";
        let is_recording = (flags.legacy && !is_metrics) || group == "Recordings and Transcripts";
        assert_eq!(flags.recording, is_recording, "{name}");
    }
    let restricting: Vec<_> =
        Catalogue::builtin().iter().filter(|p| p.flags().restricting).map(PermissionInfo::api_name).collect();
    assert_eq!(
        restricting,
        [
            "RequireEndContactConfirmation.Enabled",
            "RestrictContactAccessByHierarchy.View",
            "RestrictPhoneTypeSettings.Access",
            "RestrictTaskCreation.Access",
        ]
    );
}

#[test]
fn resource_types_come_from_the_first_word() {
    use ResourceType::*;
    for (name, types, view) in [
        ("TransferDestinations.Edit", &[QuickConnect][..], Some("TransferDestinations.View")),
        ("DataTables.ManageValues", &[DataTable, DataTableRecord], Some("DataTables.View")),
        ("MyCases.Delete", &[Case], None),
        ("Cases.Export", &[Case], Some("Cases.View")),
        ("ContactSearch.View", &[Contact], None),
        ("Evaluation.Edit", &[ContactEvaluation], Some("Evaluation.View")),
        // The same beginning, but another first word.
        ("CaseFields.Edit", &[Instance], None),
        ("ContactSearchSampleContacts.View", &[Instance], None),
        ("BasicAgentAccess", &[Instance], None),
        (
            "AccessMetrics.Dashboards.Access",
            &[Instance, User, Queue, RoutingProfile, ContactFlow, ContactFlowModule, EvaluationForm, TestCase],
            None,
        ),
        ("AccessMetrics.RealTimeMetrics.Access", &[Instance, User, Queue, RoutingProfile], None),
        ("AccessMetrics.AgentActivityAudit.Access", &[Instance, User], None),
        ("AgentTimeCard.View", &[Instance, User], None),
        ("AgentActivityAudit.Access", &[Instance], None),
        ("MyCaseComments.Edit", &[CaseComment], None),
        ("ListenCallRecordings", &[Instance, Contact], None),
        ("ScreenRecording.Access", &[Instance, Contact], None),
    ] {
        let permission = Catalogue::builtin().get(name).unwrap();
        assert_eq!((permission.resource_types(), permission.view_permission()), (types, view), "{name}");
    }
}

#[test]
fn types_and_view_permissions_agree() {
    for resource_type in ResourceType::ALL.iter().copied() {
        assert_eq!(ResourceType::from_name(resource_type.as_str()), Some(resource_type));
        assert!(
            Catalogue::builtin().iter().any(|permission| permission.resource_types().contains(&resource_type)),
            "{resource_type:?}"
        );
        if let Some(view) = resource_type.view_permission() {
            let view = Catalogue::builtin().get(view).unwrap();
            assert!(view.resource_types().contains(&resource_type), "{resource_type:?}");
        }
    }
    for resource_type in ResourceType::ALL.iter().copied() {
        let view = resource_type.view_permission().and_then(|view| view.strip_suffix(".View"));
        let edit = view.map(|prefix| format!("{prefix}.Edit")).filter(|edit| Catalogue::builtin().get(edit).is_some());
        assert_eq!(resource_type.edit_permission(), edit.as_deref(), "{resource_type:?}");
        let kind = resource_type.kind();
        assert!(kind.is_none_or(|kind| ResourceType::of_kind(kind) == Some(resource_type)), "{resource_type:?}");
        let own: Vec<_> = ResourceType::restricted_as(resource_type.as_str()).collect();
        assert_eq!(own.first(), Some(&resource_type));
    }
    let restricted = |name: &str| ResourceType::restricted_as(name).collect::<Vec<_>>();
    assert_eq!(restricted("DataTable"), [ResourceType::DataTable, ResourceType::DataTableRecord]);
    assert_eq!(restricted("OperatingHours"), [ResourceType::HoursOfOperation]);
    assert_eq!(restricted("TransferDestination"), [ResourceType::QuickConnect]);
    assert_eq!(restricted("Users"), []);
    assert_eq!(nearest_of(&ResourceType::restricted_names(), "Users"), ["User"]);
    assert_eq!(nearest_of(&ResourceType::restricted_names(), "Queu"), ["Queue"]);
    assert!(ResourceType::ALL.is_sorted_by_key(|resource_type| resource_type.as_str()));
    let without: Vec<_> = ResourceType::ALL.iter().copied().filter(|t| t.view_permission().is_none()).collect();
    use ResourceType::{CaseComment, CaseContact, CaseRelatedItem, Contact, Instance};
    assert_eq!(without, [CaseComment, CaseContact, CaseRelatedItem, Contact, Instance]);
}

#[test]
fn search_maps_both_ways() {
    let names = |text: &str| -> Vec<_> {
        Catalogue::builtin().search(text).into_iter().map(PermissionInfo::api_name).collect()
    };
    assert_eq!(names("VIEW quick  connects"), ["TransferDestinations.View"]);
    assert_eq!(names("transferdestinations.v"), ["TransferDestinations.View"]);
    assert_eq!(names("test management publish"), ["TestCases.Publish"]);
    assert_eq!(names("").len(), 331);
    assert!(names("quick connects frobnicate").is_empty());
}

#[test]
fn nearest_names_what_was_meant() {
    for (wrong, meant) in [
        ("RoutingProfiles.View", "RoutingPolicies.View"),
        ("Quues.Veiw", "Queues.View"),
        ("queues.view", "Queues.View"),
        ("QUEUES_VIEW", "Queues.View"),
        ("View.Queues", "Queues.View"),
        ("ListUsers", "Users.View"),
        ("UpdateUser", "Users.Edit"),
        ("HierarchyGroups.View", "AgentGrouping.View"),
        ("DescribeUserHierarchyGroup", "AgentGrouping.View"),
        ("DeleteContactEvaluation", "Evaluation.Delete"),
        ("QuickConnects.Delete", "TransferDestinations.Delete"),
        ("Flows.Publish", "ContactFlows.Publish"),
        ("ContactFlows.Remove", "ContactFlows.Delete"),
        ("EmailAddresses.Delete", "EmailAddresses.Remove"),
        ("AccessContactControlPanel", "BasicAgentAccess"),
        ("TransferContact", "TransferContact.Enabled"),
        ("ViewCustomerProfiles", "CustomerProfiles.View"),
        ("Dashboard.Access", "AccessMetrics.Dashboards.Access"),
        ("AIAgents.View", "QConnectAIAgents.View"),
        ("HistoricalMetrics.View", "AccessMetrics.HistoricalMetrics.Access"),
    ] {
        assert_eq!(nearest(wrong).first(), Some(&meant), "{wrong}: {:?}", nearest(wrong));
    }
    assert_eq!(nearest("RoutingProfiles.View"), ["RoutingPolicies.View"]);
    assert!(nearest("Queues.Archive").iter().all(|name| name.starts_with("Queues.")));
    assert_eq!(nearest("Queues.Archive").len(), 3);
}

#[test]
fn nearest_keeps_silent_rather_than_guess() {
    for far in ["", "Frobnicate", "Foo.View", "Widget.Edit", "View", "Access", "X.Y.Z", "lambda:InvokeFunction"] {
        assert_eq!(nearest(far), Vec::<&str>::new(), "{far}");
    }
    assert_eq!(nearest(&"é".repeat(100_000)), Vec::<&str>::new());
    assert!(Catalogue::builtin().nearest("Queues.Veiw", 0).is_empty());
}

#[test]
fn a_known_name_is_near_itself() {
    for permission in Catalogue::builtin().iter().step_by(10) {
        let name = permission.api_name();
        assert!(Catalogue::builtin().nearest(name, 3).contains(&name), "{name}: {:?}", nearest(name));
    }
}

#[test]
fn a_file_adds_names() {
    let text = "\u{feff}# ours\r\n\r\nQueues.Archive\r\nFoo.View\tFoo - View\tFoos\trestricting legacy\tdocumented\r\nBar\t\tBars\n";
    let extended = Catalogue::builtin().extended(text).unwrap();
    assert_eq!(extended.iter().len(), 334);
    let archive = extended.get("Queues.Archive").unwrap();
    assert_eq!((archive.console_name(), archive.group(), archive.source()), (None, "Added", Source::Added));
    assert_eq!(archive.resource_types(), [ResourceType::Queue]);
    let foo = extended.get("Foo.View").unwrap();
    assert_eq!((foo.console_name(), foo.group(), foo.source()), (Some("Foo - View"), "Foos", Source::Documented));
    assert_eq!(foo.flags().words().collect::<Vec<_>>(), ["legacy", "restricting"]);
    assert_eq!(extended.get("Bar").unwrap().group(), "Bars");
    assert_eq!(extended.nearest("Queue.Archive", 1), ["Queues.Archive"]);
    assert_eq!(Catalogue::builtin().get("Queues.Archive"), None);
}

#[test]
fn a_file_changes_nothing_that_is_there() {
    let extended = Catalogue::builtin().extended("Queues.View\tOther\tOther\trestricting\nQueues.View\n").unwrap();
    assert_eq!(&extended, Catalogue::builtin());
}

#[test]
fn a_faulty_line_is_named() {
    let error = line_error("# ours\nFoo.View\n\nFoo View\n");
    assert_eq!(error.line, 4);
    assert!(error.to_string().starts_with("line 4: `Foo View` does not have a permission's form"), "{error}");
    let error = line_error("Foo.View\t\t\trestricted");
    assert_eq!(
        error.to_string(),
        "line 1: `restricted` is not a flag; the flags are `legacy`, `restricting`, `analytics`, `recording`"
    );
    let error = line_error("Foo.View\t\t\t\thearsay");
    assert!(error.to_string().contains("`hearsay` is not a source; the sources are `added`, "), "{error}");
    let error = line_error("Foo.View\t\t\t\tseen\tmore");
    assert!(error.to_string().contains("`more` is in a sixth column"), "{error}");
    assert!(line_error("\tFoo - View").message.starts_with("`` does not have"));
}

#[test]
fn builtin_profiles_hold_permissions_of_the_catalogue() {
    let profiles = builtin_profiles();
    let sizes: Vec<_> = profiles.iter().map(|profile| (profile.name, profile.permissions.len())).collect();
    assert_eq!(sizes, [("Admin", 290), ("Agent", 2), ("CallCenterManager", 64), ("QualityAnalyst", 4)]);
    for profile in profiles {
        assert!(profile.permissions.is_sorted_by(|a, b| a < b), "{}", profile.name);
        assert!(profile.description.len() <= 250);
        for name in &profile.permissions {
            assert!(Catalogue::builtin().get(name).is_some(), "{}: {name}", profile.name);
        }
    }
}

#[test]
fn admin_is_all_but_what_was_absent() {
    let absent: BTreeSet<_> = include_str!("admin_absent.txt").lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(absent.len(), 41);
    let admin: BTreeSet<_> = builtin_profiles()[0].permissions.iter().copied().collect();
    assert!(admin.is_disjoint(&absent));
    let all: BTreeSet<_> = Catalogue::builtin().iter().map(PermissionInfo::api_name).collect();
    assert_eq!(&admin | &absent, all);
    assert!(Catalogue::builtin().iter().all(|p| !p.flags().restricting || absent.contains(p.api_name())));
}

#[test]
fn people_read_console_names_where_they_are_known() {
    let catalogue = Catalogue::builtin();
    let console = |name| PermissionNames::Console.name(catalogue, name).into_owned();
    assert_eq!(console("RoutingPolicies.View"), "Routing profiles - View");
    // No page of the console has these.
    assert_eq!(console("Users.EnableAndDisable"), "Users.EnableAndDisable");
    assert_eq!(console("not a permission"), "not a permission");
    // Four permissions share one line of the console.
    assert_eq!(console("ReportSchedules.Edit"), "Saved reports - Schedule (schedules): ReportSchedules.Edit");
    assert_eq!(PermissionNames::Api.name(catalogue, "RoutingPolicies.View"), "RoutingPolicies.View");
}
