//! The cases, rule by rule.

use lanyard_engine::UnknownParts;
use lanyard_model::Kind;
use lanyard_model::resources::{AllowedAiAgent, AllowedFlowModule, ApplicationType};

use super::Case;
use super::world::{ARN, World, application, entry, id, tags};
use crate::lint::{DeclaredAgent, DeclaredTool};

fn many(name: &str, count: usize) -> String {
    // A permission has letters only.
    let letters = |mut n: usize| {
        let mut text = String::new();
        loop {
            text.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
            n /= 26;
            if n == 0 {
                return text;
            }
        }
    };
    (0..count).map(|n| format!("{name}{} ", letters(n))).collect()
}

fn permissions(count: usize) -> World {
    World::new().profile("P", &many("Zeta.", count))
}

fn access_tags(count: usize) -> World {
    let pairs: String = (0..count).map(|n| format!("k{n}=v ")).collect();
    World::new().tagged("P", "Users.View", "User", &pairs)
}

fn types(count: usize) -> World {
    World::new().tagged("P", "Users.View", &many("T", count), "a=b")
}

fn applications(count: usize) -> World {
    World::new().profile_with("P", "", |it| {
        let name = |n| application(&format!("app-{n}"), Some(ApplicationType::ThirdPartyApplication), "ACCESS");
        it.applications = (0..count).map(name).collect();
    })
}

fn tools(count: usize) -> World {
    World::new().profile_with("P", "", |it| {
        it.applications = vec![application("gateway", Some(ApplicationType::Mcp), &many("tool", count))];
    })
}

fn modules(count: usize) -> World {
    World::new().profile_with("P", "", |it| {
        let module = |n| AllowedFlowModule { flow_module_id: Some(format!("m{n}")), module_type: None };
        it.allowed_flow_modules = (0..count).map(module).collect();
    })
}

fn allowed_agents(count: usize) -> World {
    World::new().profile_with("P", "", |it| {
        let agent = |n| AllowedAiAgent {
            arn: Some(format!("arn:aws:app-integrations:eu-west-2:123456789012:application/{n}")),
            agent_type: None,
        };
        it.allowed_ai_agents = (0..count).map(agent).collect();
    })
}

fn attributes(count: usize) -> World {
    World::new().profile_with("P", "DataTables.View", |it| {
        it.primary_attribute_values = (0..count).map(|n| entry(&format!("a{n}"), "x")).collect();
    })
}

fn values(text: &'static str) -> World {
    World::new().profile_with("P", "DataTables.View", |it| it.primary_attribute_values = vec![entry("Region", text)])
}

fn user_with(count: usize, restricted: bool) -> World {
    let mut world = World::new();
    let mut names = String::new();
    for n in 0..count {
        let name = format!("P{n}");
        world = if restricted {
            world.tagged(&name, "Queues.View", "Queue", &format!("Team={n}"))
        } else {
            world.profile(&name, "Queues.View")
        };
        names.push_str(&name);
        names.push(' ');
    }
    world.user("ana", &names)
}

fn module(invocable: bool, archived: bool) -> World {
    World::new().module("m", invocable, archived).profile_with("P", "", |it| {
        let module = id(Kind::FlowModule, "m").to_string();
        it.allowed_flow_modules = vec![AllowedFlowModule { flow_module_id: Some(module), module_type: None }];
    })
}

fn allowed(arn: &'static str) -> World {
    World::new().profile_with("P", "", |it| {
        it.allowed_ai_agents = vec![AllowedAiAgent { arn: Some(arn.to_owned()), agent_type: None }];
    })
}

fn app(kind: Option<ApplicationType>, permissions: &'static str) -> World {
    World::new().profile_with("P", "", move |it| it.applications = vec![application("crm", kind, permissions)])
}

fn with_tool(world: World, name: &str) -> World {
    world.profile_with(name, "", |it| {
        it.applications = vec![application("gateway", Some(ApplicationType::Mcp), "target___look")];
    })
}

fn declare(world: World, versions: &'static [&str], assists: &'static [&str]) -> World {
    world.declared(|it| {
        it.ai_agents.push(DeclaredAgent {
            arn: ARN.to_owned(),
            versions: versions.iter().map(|it| (*it).to_owned()).collect(),
            tools: vec![DeclaredTool::Mcp { namespace: "gateway".to_owned(), tool: "target___look".to_owned() }],
            assists: assists.iter().map(|it| (*it).to_owned()).collect(),
        });
    })
}

const LEADS: &str = "Users.View Users.Edit Users.EditPermission SecurityProfiles.View";

pub(super) const CASES: &[Case] = &[
    (
        "permission-malformed",
        || World::new().profile("P", "connect:StartChatContact"),
        || World::new().profile("P", "Queues.View"),
    ),
    ("permission-unknown", || World::new().profile("P", "Queues.Veiw"), || World::new().profile("P", "Queues.View")),
    (
        "permission-legacy",
        || World::new().profile("P", "ListenCallRecordings"),
        || World::new().profile("P", "CallRecordings.Unredacted.Access"),
    ),
    ("too-many-permissions", || permissions(501), || permissions(500)),
    ("too-many-access-control-tags", || access_tags(5), || access_tags(4)),
    ("too-many-restricted-types", || types(11), || types(10)),
    ("too-many-applications", || applications(11), || applications(10)),
    ("too-many-tools", || tools(51), || tools(50)),
    ("too-many-flow-modules", || modules(11), || modules(10)),
    ("too-many-ai-agents", || allowed_agents(101), || allowed_agents(100)),
    ("too-many-record-attributes", || attributes(6), || attributes(5)),
    ("too-many-record-values", || values("a b c"), || values("a b")),
    ("user-without-profile", || World::new().user("ana", ""), || World::new().profile("P", "").user("ana", "P")),
    ("user-with-too-many-profiles", || user_with(11, false), || user_with(10, false)),
    ("user-with-too-many-restricted-profiles", || user_with(8, true), || user_with(7, true)),
    (
        "restricted-type-without-view",
        || World::new().tagged("P", "Queues.Edit", "Queue", "a=b"),
        || World::new().tagged("P", "Queues.Edit Queues.View", "Queue", "a=b"),
    ),
    (
        "permission-without-view",
        || World::new().profile("P", "Queues.Edit"),
        || World::new().profile("P", "Queues.Edit Queues.View MyContacts.View"),
    ),
    (
        "access-control-tags-without-types",
        || World::new().tagged("P", "Queues.View", "", "a=b"),
        || World::new().tagged("P", "Queues.View", "Queue", "a=b"),
    ),
    (
        "restricted-types-without-tags",
        || World::new().tagged("P", "Queues.View", "Queue", ""),
        || World::new().tagged("P", "Queues.View", "", ""),
    ),
    (
        "restricted-type-unknown",
        || World::new().tagged("P", "Queues.View", "arn:aws:connect:::queue/1", "a=b"),
        || World::new().tagged("P", "Queues.View", "Queue", "a=b"),
    ),
    (
        "restricted-type-undocumented",
        || World::new().tagged("P", "Prompts.View", "Prompt", "a=b"),
        || World::new().tagged("P", "RoutingPolicies.View", "RoutingProfile", "a=b"),
    ),
    (
        "hierarchy-type-unknown",
        || World::new().profile_with("P", "Queues.View", |it| it.hierarchy_restricted_resources = vec!["Queue".into()]),
        || World::new().ranked("P", "Users.View", "top"),
    ),
    (
        "hierarchy-group-missing",
        || World::new().ranked("P", "Users.View", "gone"),
        || World::new().ranked("P", "Users.View", "gone").unknown_parts(Kind::HierarchyGroup),
    ),
    (
        "hierarchy-group-without-restriction",
        || {
            World::new().profile_with("P", "Users.View", |it| {
                it.allowed_access_control_hierarchy_group_id = Some(id(Kind::HierarchyGroup, "top"));
            })
        },
        || World::new().ranked("P", "Users.View", "top"),
    ),
    (
        "own-hierarchy-group-missing",
        || World::new().ranked("P", "Users.View", "").user("ana", "P"),
        || World::new().ranked("P", "Users.View", "").user_in("ana", "P", "left", ""),
    ),
    (
        "restricting-profile-untagged",
        || {
            World::new().tagged("P", "Queues.View", "Queue", "a=b").profile_with("Q", "Queues.View", |it| {
                it.tag_restricted_resources = vec!["Queue".into()];
                it.allowed_access_control_tags = tags("a=b");
            })
        },
        || World::new().tagged("P", "Queues.View", "Queue", "a=b"),
    ),
    (
        "users-restricted-security-profiles-not",
        || World::new().tagged("P", "Users.View Users.Edit", "User", "a=b"),
        || World::new().tagged("P", "Users.View Users.Edit SecurityProfiles.View", "User SecurityProfile", "a=b"),
    ),
    (
        "restricted-user-edits-security-profiles",
        || {
            World::new()
                .ranked("P", "Users.View", "top")
                .profile("Q", "SecurityProfiles.View SecurityProfiles.Edit")
                .user("ana", "P Q")
        },
        || {
            World::new()
                .ranked("P", "Users.View", "top")
                .profile("Q", "SecurityProfiles.View SecurityProfiles.Edit")
                .user("ana", "P")
                .user("bruno", "Q")
        },
    ),
    (
        "restriction-void",
        || World::new().tagged("P", "Queues.View", "Queue", "a=b").profile("Q", "Queues.View").user("ana", "P Q"),
        || World::new().tagged("P", "Queues.View", "Queue", "a=b").profile("Q", "Prompts.View").user("ana", "P Q"),
    ),
    (
        "tag-and-hierarchy-split",
        || {
            World::new()
                .tagged("P", "Users.View AccessMetrics", "User", "a=b")
                .ranked("Q", "Users.View", "top")
                .user("ana", "P Q")
        },
        || World::new().tagged("P", "Users.View", "User", "a=b").ranked("Q", "Users.View", "top").user("ana", "P Q"),
    ),
    (
        "tag-and-hierarchy-twice",
        || {
            let both = |world: World, name: &str, team: &str| {
                world.profile_with(name, "Users.View AccessMetrics", |it| {
                    it.tag_restricted_resources = vec!["User".into()];
                    it.hierarchy_restricted_resources = vec!["User".into()];
                    it.allowed_access_control_tags = tags(team);
                })
            };
            both(both(World::new(), "P", "a=b"), "Q", "a=c").user_in("ana", "P Q", "left", "")
        },
        || {
            World::new()
                .profile_with("P", "Users.View AccessMetrics", |it| {
                    it.tag_restricted_resources = vec!["User".into()];
                    it.hierarchy_restricted_resources = vec!["User".into()];
                    it.allowed_access_control_tags = tags("a=b");
                })
                .tagged("Q", "Users.View AccessMetrics", "User", "a=c")
                .user_in("ana", "P Q", "left", "")
        },
    ),
    (
        "metrics-outside-restriction",
        || World::new().tagged("P", "Users.View", "User", "a=b").profile("Q", "AccessMetrics").user("ana", "P Q"),
        || {
            World::new()
                .tagged("P", "Users.View AccessMetrics", "User", "a=b")
                .profile("Q", "AccessMetrics.DashboardsWithMyData.View")
                .user("ana", "P Q")
        },
    ),
    (
        "contact-search-combination",
        || World::new().profile("P", "ContactSearch.View").profile("Q", "MyContacts.View").user("ana", "P Q"),
        || World::new().profile("P", "ContactSearch.View RestrictContactAccessByHierarchy.View").user("ana", "P"),
    ),
    (
        "redacted-and-unredacted",
        || {
            World::new()
                .profile("P", "CallRecordings.Unredacted.Access")
                .profile("Q", "CallRecordings.Redacted.Access")
                .user("ana", "P Q")
        },
        || {
            World::new()
                .profile("P", "CallRecordings.Unredacted.Access")
                .profile("Q", "ContactTranscripts.Redacted.Access")
                .user("ana", "P Q")
        },
    ),
    (
        "restricting-permission",
        || World::new().profile("P", "RestrictTaskCreation.Access"),
        || World::new().profile("P", "BasicAgentAccess"),
    ),
    (
        "restricting-permission-in-part",
        || {
            World::new()
                .profile("P", "ContactSearch.View RestrictContactAccessByHierarchy.View")
                .profile("Q", "ContactSearch.View")
                .user("ana", "P Q")
        },
        || {
            World::new()
                .profile("P", "ContactSearch.View RestrictContactAccessByHierarchy.View")
                .profile("Q", "Queues.View")
                .user("ana", "P Q")
        },
    ),
    (
        "page-beside-restriction",
        || World::new().tagged("P", "Queues.View ContactSearch.View", "Queue", "a=b"),
        || World::new().tagged("P", "Queues.View", "Queue", "a=b").profile("Q", "ContactSearch.View").user("ana", "Q"),
    ),
    (
        "record-attribute-reserved",
        || {
            World::new()
                .profile_with("P", "DataTables.View", |it| it.primary_attribute_values = vec![entry("aws:region", "x")])
        },
        || {
            World::new()
                .profile_with("P", "DataTables.View", |it| it.primary_attribute_values = vec![entry("awsregion", "x")])
        },
    ),
    ("record-rule-empty", || values(""), || values("x")),
    (
        "record-rule-fixes-primary-values",
        || {
            World::new().profile_with("P", "DataTables.View DataTables.ManageValues", |it| {
                it.primary_attribute_values = vec![entry("Region", "x")];
            })
        },
        || values("x"),
    ),
    (
        "record-rules-of-several-profiles",
        || values("x").profile("Q", "DataTables.View").user("ana", "P Q"),
        || values("x").profile("Q", "Queues.View").user("ana", "P Q"),
    ),
    (
        "application-without-agent-access",
        || app(Some(ApplicationType::ThirdPartyApplication), "ACCESS").user("ana", "P"),
        || {
            app(Some(ApplicationType::ThirdPartyApplication), "ACCESS")
                .profile("Q", "BasicAgentAccess")
                .user("ana", "P Q")
        },
    ),
    (
        "application-permission-not-access",
        || app(Some(ApplicationType::ThirdPartyApplication), "look"),
        || app(Some(ApplicationType::Mcp), "look"),
    ),
    ("application-without-type", || app(None, "look"), || app(None, "ACCESS")),
    ("application-without-effect", || app(None, ""), || app(None, "ACCESS")),
    ("flow-module-missing", || modules(1), || module(true, false)),
    ("flow-module-not-a-tool", || module(false, false), || module(true, false)),
    ("flow-module-archived", || module(true, true), || module(true, false)),
    (
        "allowed-ai-agent-not-application",
        || allowed(ARN),
        || allowed("arn:aws:app-integrations:eu-west-2:123456789012:application/a"),
    ),
    (
        "ai-agent-versions-differ",
        || World::new().profile("P", "Cases.View").profile("Q", "Wisdom.View").agent("1", "P Q").agent("2", "P"),
        || World::new().profile("P", "Cases.View").profile("Q", "Wisdom.View").agent("1", "P Q").agent("2", "P Q"),
    ),
    (
        "ai-agent-version-without-profile",
        || World::new().profile("P", "Cases.View").agent("1", "P"),
        || World::new().profile("P", "Cases.View").agent("1", "P").agent("", "P"),
    ),
    (
        "ai-agent-tool-not-granted",
        || declare(World::new().profile("P", "Cases.View").agent("1", "P"), &["1"], &[]),
        || declare(with_tool(World::new(), "P").agent("1", "P"), &["1"], &[]),
    ),
    (
        "assistance-tool-not-granted",
        || declare(with_tool(World::new(), "P").agent("1", "P").profile("Q", "").user("ana", "Q"), &["1"], &["Q"]),
        || declare(with_tool(World::new(), "P").agent("1", "P").profile("Q", "").user("ana", "P Q"), &["1"], &["Q"]),
    ),
    (
        "ai-agent-restricted",
        || World::new().tagged("P", "Cases.View", "Cases", "a=b").agent("1", "P"),
        || World::new().profile("P", "Cases.View").agent("1", "P"),
    ),
    (
        "profile-unused",
        || World::new().profile("P", "Queues.View"),
        || World::new().profile("P", "Queues.View").profile("Q", "").user("ana", "P").agent("1", "Q"),
    ),
    ("profile-empty", || World::new().profile("P", ""), || app(Some(ApplicationType::Mcp), "look")),
    (
        "profile-duplicate",
        || World::new().profile("P", "Queues.View").profile("Q", "Queues.View"),
        || World::new().profile("P", "Queues.View").tagged("Q", "Queues.View", "Queue", "a=b"),
    ),
    (
        "profile-subset",
        || World::new().profile("P", "Queues.View").profile("Q", "Queues.View Queues.Edit"),
        || World::new().profile("P", "Queues.View Prompts.View").profile("Q", "Queues.View Queues.Edit"),
    ),
    (
        "profile-adds-nothing",
        || World::new().profile("P", "Queues.View").profile("Q", "Queues.View Queues.Edit").user("ana", "P Q"),
        || {
            World::new()
                .profile("P", "Queues.View")
                .profile("Q", "Queues.View Queues.Edit")
                .user("ana", "P")
                .user("bruno", "Q")
        },
    ),
    (
        "escalation-by-assignment",
        || {
            World::new()
                .profile("Leads", LEADS)
                .profile("Root", "Users.Delete")
                .user("ana", "Leads")
                .user("root", "Root")
        },
        // She is restricted to a team that she is not in, and cannot edit herself.
        || {
            World::new()
                .tagged("Leads", LEADS, "User", "Team=A")
                .profile("Root", "Users.Delete")
                .user_in("ana", "Leads", "", "Team=B")
                .user("root", "Root")
        },
    ),
    (
        "escalation-by-profile-edit",
        || World::new().profile("P", "SecurityProfiles.View SecurityProfiles.Edit").user("ana", "P"),
        || {
            World::new()
                .profile_with("P", "SecurityProfiles.View SecurityProfiles.Edit", |it| {
                    it.tag_restricted_resources = vec!["SecurityProfile".into()];
                    it.allowed_access_control_tags = tags("Team=A");
                })
                .user("ana", "P")
        },
    ),
    (
        "escalation-by-new-profile",
        || {
            World::new()
                .profile("P", "SecurityProfiles.View SecurityProfiles.Create")
                .profile("Q", LEADS)
                .user("ana", "P Q")
        },
        || {
            World::new()
                .profile("P", "SecurityProfiles.View SecurityProfiles.Create")
                .profile("Q", LEADS)
                .user("ana", "P")
        },
    ),
    (
        "escalation-by-new-user",
        || World::new().profile("P", "Users.View Users.Create").profile("Q", "Users.Delete").user("ana", "P"),
        || World::new().profile("P", "Users.View Users.Create").profile("Q", "Users.View").user("ana", "P"),
    ),
    (
        "escalation-by-password",
        || {
            World::new()
                .profile("P", "Users.View Users.Edit")
                .profile("Q", "Users.Delete")
                .user("ana", "P")
                .user("root", "Q")
        },
        || {
            World::new()
                .tagged("P", "Users.View Users.Edit", "User", "Team=A")
                .profile("Q", "Users.Delete")
                .user_in("ana", "P", "", "Team=A")
                .user_in("root", "Q", "", "Team=B")
        },
    ),
    (
        "escalation-by-tagging",
        || {
            World::new()
                .profile("Editors", "Users.View Users.Edit")
                .tagged("Leads", "Users.View Users.EditPermission", "User", "Team=A")
                .user_in("ana", "Editors Leads", "", "Team=A")
                .user_in("bruno", "Editors", "", "Team=B")
        },
        || {
            World::new()
                .tagged("Editors", "Users.View Users.Edit", "User", "Team=A")
                .tagged("Leads", "Users.View Users.EditPermission", "User", "Team=A")
                .user_in("ana", "Editors Leads", "", "Team=A")
                .user_in("bruno", "Editors", "", "Team=B")
        },
    ),
    (
        "escalation-by-own-group",
        || {
            World::new()
                .ranked("P", "Users.View Users.Edit", "")
                .user_in("ana", "P", "left", "")
                .user_in("bruno", "P", "right", "")
        },
        || {
            World::new()
                .ranked("P", "Users.View Users.Edit", "left")
                .user_in("ana", "P", "left", "")
                .user_in("bruno", "P", "right", "")
        },
    ),
    (
        "sensitive-recordings",
        || World::new().profile("P", "CallRecordings.Unredacted.Access ContactSearch.View").user("ana", "P"),
        || World::new().profile("P", "CallRecordings.Unredacted.Access").user("ana", "P"),
    ),
    (
        "sensitive-transcripts",
        || World::new().profile("P", "ContactTranscripts.Unredacted.Access MyContacts.View").user("ana", "P"),
        || World::new().profile("P", "ContactTranscripts.Redacted.Access MyContacts.View").user("ana", "P"),
    ),
    (
        "sensitive-screen-recordings",
        || World::new().profile("P", "ScreenRecording.Access ContactSearch.View").user("ana", "P"),
        || World::new().profile("P", "ScreenRecording.Delete ContactSearch.View").user("ana", "P"),
    ),
    (
        "sensitive-exports",
        || World::new().profile("P", "ContactSearch.View").user("ana", "P"),
        || World::new().profile("P", "MyContacts.View").user("ana", "P"),
    ),
];

/// Configurations with unknown parts, and a rule that must therefore not fire.
pub(super) fn not_seen() -> Vec<(&'static str, World)> {
    let restrictions = |world: World, name: &str| {
        let profiles = [id(Kind::SecurityProfile, name)].into_iter().collect();
        World { unknown_parts: UnknownParts { restrictions: profiles, ..world.unknown_parts.clone() }, ..world }
    };
    let tools = |world: World, name: &str| {
        let profiles = [id(Kind::SecurityProfile, name)].into_iter().collect();
        World { unknown_parts: UnknownParts { tools: profiles, ..world.unknown_parts.clone() }, ..world }
    };
    let void = World::new().tagged("P", "Queues.View", "Queue", "a=b").profile("Q", "Queues.View").user("ana", "P Q");
    let metrics =
        World::new().tagged("P", "Users.View", "User", "a=b").profile("Q", "AccessMetrics").user("ana", "P Q");
    let twins = World::new().profile("P", "Queues.View").profile("Q", "Queues.View").user("ana", "P Q");
    let declared = declare(World::new().profile("P", "Cases.View").agent("1", "P"), &["1"], &[]);
    vec![
        ("restriction-void", restrictions(void, "Q")),
        ("metrics-outside-restriction", restrictions(metrics, "Q")),
        ("profile-duplicate", restrictions(twins.clone(), "Q")),
        ("profile-duplicate", tools(twins.clone(), "P")),
        ("profile-adds-nothing", restrictions(twins, "P")),
        ("profile-empty", tools(World::new().profile("P", ""), "P")),
        ("profile-unused", World::new().profile("P", "Queues.View").unknown_parts(Kind::User)),
        ("flow-module-missing", modules(1).unknown_parts(Kind::FlowModule)),
        (
            "ai-agent-version-without-profile",
            World::new().profile("P", "Cases.View").agent("1", "P").unknown_parts(Kind::AiAgent),
        ),
        ("ai-agent-tool-not-granted", tools(declared, "P")),
        ("assistance-tool-not-granted", with_tool(World::new(), "P").agent("1", "P").unknown_parts(Kind::User)),
    ]
}
