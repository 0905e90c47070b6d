//! Generated worlds: small instances with everything that the rules are about, and questions about them.

#[path = "lists.rs"]
mod lists;

use std::collections::BTreeMap;

use lanyard_engine::{Principal, Question, Resource};
use lanyard_model::resources::{
    AiAgent, AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, DataTable, DataTableAttribute,
    DataTableRecord, FlowModule, FlowModuleContent, HierarchyGroup, HoursOfOperation, Instance, PrimaryAttributeValue,
    Queue, QuickConnect, RoutingProfile, SecurityProfile, User,
};
use lanyard_model::{Directory, Id, Resource as Stored, StreamId, Tags, Timestamp};
use serde::{Deserialize, Serialize};

use super::random::Random;
pub(crate) use lists::PERMISSIONS;
use lists::{ASSIGNED, RESTRICTED, TASKS, TYPES, UNKNOWN};

/// A question that owns its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct OwnedQuestion {
    pub is_agent: bool,
    pub principal: String,
    pub on_behalf_of: Option<String>,
    pub self_service: bool,
    pub action: String,
    pub resource_type: String,
    pub id: String,
    pub match_some: bool,
    pub hypothetical: bool,
    pub tags: Vec<(String, String)>,
    pub hierarchy_group_id: Option<String>,
    pub primary_values: Vec<(String, String)>,
    pub table_id: Option<String>,
    pub agent_id: Option<String>,
    pub owner_id: Option<String>,
    pub changes_primary_values: bool,
    pub assigns: Vec<(String, String)>,
}

impl OwnedQuestion {
    pub(crate) fn with<'a, T>(&'a self, ask: impl FnOnce(&Question<'_>) -> T) -> T {
        let borrowed = |pairs: &'a [(String, String)]| -> Vec<(&'a str, &'a str)> {
            pairs.iter().map(|(one, other)| (one.as_str(), other.as_str())).collect()
        };
        let (tags, values, assigns) = (borrowed(&self.tags), borrowed(&self.primary_values), borrowed(&self.assigns));
        let principal =
            if self.is_agent { Principal::AiAgent(&self.principal) } else { Principal::User(&self.principal) };
        let resource = Resource {
            resource_type: &self.resource_type,
            id: &self.id,
            match_some: self.match_some,
            hypothetical: self.hypothetical,
            tags: &tags,
            hierarchy_group_id: self.hierarchy_group_id.as_deref(),
            primary_values: &values,
            table_id: self.table_id.as_deref(),
            agent_id: self.agent_id.as_deref(),
            owner_id: self.owner_id.as_deref(),
        };
        ask(&Question {
            principal,
            on_behalf_of: self.on_behalf_of.as_deref(),
            self_service: self.self_service,
            action: &self.action,
            resource,
            changes_primary_values: self.changes_primary_values,
            assigns: &assigns,
        })
    }
}

/// Text that names what is in a world is made of numbers.
pub(crate) fn id(n: usize) -> Id {
    Id::from_uuid(0x1000_0000_0000_4000_8000_0000_0000_0000 + n as u128)
}

const INSTANCE: usize = 9;
const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-west-2";
const NOW: Timestamp = Timestamp(1);

pub(crate) fn arn(rest: &str) -> String {
    format!("arn:aws:connect:{REGION}:{ACCOUNT}:instance/{}{rest}", id(INSTANCE))
}

pub(crate) fn agent_arn(n: usize) -> String {
    format!("arn:aws:wisdom:{REGION}:{ACCOUNT}:ai-agent/a/{n}")
}

/// The resources of a world. They are consistent, apart from a group that a profile may name and that does not exist.
pub(crate) fn resources(r: &mut Random) -> Vec<Stored> {
    let mut all: Vec<Stored> = vec![
        Instance {
            id: id(INSTANCE),
            account: ACCOUNT.into(),
            region: REGION.into(),
            alias: None,
            identity_management_type: "SAML".into(),
            directory_id: None,
            created: NOW,
            attributes: BTreeMap::new(),
            tags: Tags::new(),
        }
        .into(),
    ];
    let groups = r.below(6);
    let mut paths: Vec<Vec<Id>> = Vec::new();
    for n in 0..groups {
        let ancestors = if n > 0 && r.percent(70) {
            let parent = r.below(n);
            let mut path = paths[parent].clone();
            path.push(id(500 + parent));
            path
        } else {
            vec![]
        };
        paths.push(ancestors.clone());
        all.push(group(500 + n, ancestors, tags(r)).into());
    }
    let pick_group = |r: &mut Random| (groups > 0 && r.percent(75)).then(|| id(500 + r.below(groups)));
    let profiles = 1 + r.below(5);
    for n in 0..profiles {
        let mut profile = profile(r, 100 + n);
        if r.percent(60) {
            profile.allowed_access_control_hierarchy_group_id = pick_group(r);
        }
        all.push(profile.into());
    }
    let assigned = |r: &mut Random| -> Vec<Id> {
        let mut ids: Vec<Id> = (0..1 + r.below(3)).map(|_| id(100 + r.below(profiles))).collect();
        ids.dedup();
        ids
    };
    all.push(hours(&tags(r)).into());
    for n in 0..2 {
        all.push(queue(300 + n, &tags(r)).into());
        all.push(routing(400 + n, &tags(r)).into());
        all.push(module(r, 700 + n).into());
    }
    all.push(quick_connect(&tags(r)).into());
    for n in 0..2 {
        data_table(r, n, &mut all);
    }
    for n in 0..4 {
        let (profiles, group, tags) = (if r.percent(95) { assigned(r) } else { vec![] }, pick_group(r), tags(r));
        all.push(user(n, profiles, group, tags).into());
    }
    if r.percent(4) {
        let mut odd = user(4, assigned(r), None, tags(r));
        odd.username = id(200).to_string();
        all.push(odd.into());
    }
    for n in 0..2 {
        let security_profile_ids = assigned(r);
        all.push(AiAgent { arn: agent_arn(n), security_profile_ids }.into());
    }
    all
}

pub(crate) fn load(resources: &[Stored]) -> Directory {
    Directory::load(StreamId::Instance(id(INSTANCE)), 1, NOW, resources.iter().cloned())
}

pub(crate) fn tags(r: &mut Random) -> Tags {
    let mut tags = Tags::new();
    for key in ["k", "K", "team"] {
        if r.percent(50) {
            tags.insert(key.into(), (*r.pick(&["", "v", "V"])).into());
        }
    }
    tags
}

fn group(n: usize, ancestors: Vec<Id>, tags: Tags) -> HierarchyGroup {
    HierarchyGroup {
        id: id(n),
        name: format!("g{n}"),
        ancestors,
        tags,
        last_modified_time: NOW,
        last_modified_region: REGION.into(),
    }
}

pub(crate) fn profile(r: &mut Random, n: usize) -> SecurityProfile {
    let mut profile = SecurityProfile::named(id(n), &format!("p{n}"), NOW, REGION);
    let density = *r.pick(&[10, 35, 70]);
    profile.permissions = r.some(PERMISSIONS, density).iter().map(|it| (*it).to_owned()).collect();
    if r.percent(60) {
        let density = *r.pick(&[4, 10, 18]);
        profile.tag_restricted_resources = r.some(RESTRICTED, density).iter().map(|it| (*it).to_owned()).collect();
    }
    if r.percent(85) {
        let all = tags(r);
        profile.allowed_access_control_tags = all.into_iter().take(2).collect();
    }
    if r.percent(45) {
        profile.hierarchy_restricted_resources = vec![(*r.pick(&["User", "User", "User", "Queue"])).into()];
    }
    if r.percent(30) {
        for _ in 0..1 + r.below(2) {
            profile.primary_attribute_values.push(PrimaryAttributeValue {
                access_type: Some("ALLOW".into()),
                attribute_name: r.percent(95).then(|| (*r.pick(&["a", "b"])).to_owned()),
                values: r.some(&["1".to_owned(), "2".to_owned()], 60),
            });
        }
    }
    for _ in 0..r.below(3) {
        profile.applications.push(Application {
            namespace: r.percent(95).then(|| (*r.pick(&["n1", "n2"])).to_owned()),
            permissions: r.some(&["ACCESS".to_owned(), "t___run".to_owned(), "Queues.View".to_owned()], 60),
            application_type: *r.pick(&[
                None,
                Some(ApplicationType::Mcp),
                Some(ApplicationType::ThirdPartyApplication),
            ]),
        });
    }
    for _ in 0..r.below(3) {
        let flow_module_id = Some(module_name(r));
        profile.allowed_flow_modules.push(AllowedFlowModule { flow_module_id, module_type: None });
    }
    for _ in 0..r.below(2) {
        let arn = Some(agent_arn(r.below(3)));
        profile.allowed_ai_agents.push(AllowedAiAgent { arn, agent_type: None });
    }
    profile
}

fn module_name(r: &mut Random) -> String {
    let n = 700 + r.below(3);
    let qualifier = *r.pick(&["", "", ":1", ":live"]);
    match r.below(4) {
        0 => format!("{}{qualifier}", arn(&format!("/flow-module/{}", id(n)))),
        1 if r.percent(20) => format!("arn:aws:connect:{REGION}:{ACCOUNT}:instance/other/flow-module/{}", id(n)),
        _ => format!("{}{qualifier}", id(n)),
    }
}

pub(crate) fn hours(tags: &Tags) -> HoursOfOperation {
    let json = serde_json::json!({
        "id": id(600).to_string(), "name": "h", "description": "", "time_zone": "UTC", "config": [], "spans": [],
        "tags": tags, "last_modified_time": 1, "last_modified_region": REGION,
    });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn queue(n: usize, tags: &Tags) -> Queue {
    let json = serde_json::json!({
        "id": id(n).to_string(), "name": format!("q{n}"), "hours_of_operation_id": id(600).to_string(),
        "enabled": true, "tags": tags, "last_modified_time": 1, "last_modified_region": REGION,
    });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn routing(n: usize, tags: &Tags) -> RoutingProfile {
    let json = serde_json::json!({
        "id": id(n).to_string(), "name": format!("r{n}"), "description": "",
        "default_outbound_queue_id": id(300).to_string(), "media_concurrencies": [], "tags": tags,
        "last_modified_time": 1, "last_modified_region": REGION,
    });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn quick_connect(tags: &Tags) -> QuickConnect {
    let json = serde_json::json!({
        "id": id(800).to_string(), "name": "qc", "destination": { "PhoneNumber": { "phone_number": "+441632960000" } },
        "tags": tags, "last_modified_time": 1, "last_modified_region": REGION,
    });
    serde_json::from_value(json).unwrap()
}

/// A table with attributes of which some are primary, the default record, and two others.
fn data_table(r: &mut Random, n: usize, all: &mut Vec<Stored>) {
    let table = table(&id(1_000 + n), &tags(r));
    let mut primary = Vec::new();
    for (place, name) in ["a", "b", "A"].into_iter().enumerate() {
        if r.percent(20) {
            continue;
        }
        let attribute = attribute(&id(1_200 + 10 * n + place), &table, name, r.percent(60));
        if attribute.primary {
            primary.push(attribute.id.clone());
        }
        all.push(attribute.into());
    }
    for place in 0..3 {
        let values = match place {
            0 => BTreeMap::new(),
            _ => primary.iter().map(|id| (id.clone(), (*r.pick(&["1", "2", "3"])).to_owned())).collect(),
        };
        all.push(record(&id(1_100 + 10 * n + place), &table, &values).into());
    }
    all.push(table.into());
}

pub(crate) fn table(id: &Id, tags: &Tags) -> DataTable {
    let json = serde_json::json!({
        "id": id.to_string(), "name": format!("t{id}"), "time_zone": "UTC", "value_lock_level": "NONE",
        "default_record_id": "none", "lock_version": 1, "tags": tags, "created_time": 1, "last_modified_time": 1,
        "last_modified_region": REGION,
    });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn attribute(id: &Id, table: &DataTable, name: &str, primary: bool) -> DataTableAttribute {
    let json = serde_json::json!({
        "id": id.to_string(), "data_table_id": table.id.to_string(), "name": name, "value_type": "TEXT",
        "primary": primary, "lock_version": 1, "last_modified_time": 1, "last_modified_region": REGION,
    });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn record(id: &Id, table: &DataTable, primary_values: &BTreeMap<Id, String>) -> DataTableRecord {
    let json = serde_json::json!({
        "id": id.to_string(), "data_table_id": table.id.to_string(), "primary_values": primary_values,
        "lock_version": 1, "last_modified_time": 1, "last_modified_region": REGION,
    });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn module(r: &mut Random, n: usize) -> FlowModule {
    FlowModule {
        id: id(n),
        name: format!("m{n}"),
        description: None,
        published: FlowModuleContent { content: String::new(), settings: None },
        saved: None,
        external_invocation_enabled: *r.pick(&[None, Some(false), Some(true), Some(true)]),
        archived: false,
        versions_made: 0,
        tags: tags(r),
        last_modified_time: NOW,
        last_modified_region: REGION.into(),
    }
}

pub(crate) fn user(n: usize, security_profile_ids: Vec<Id>, hierarchy_group_id: Option<Id>, tags: Tags) -> User {
    User {
        id: id(200 + n),
        username: if n == 3 { "Zoë".into() } else { format!("User{n}") },
        identity_info: None,
        phone_config: None,
        channel_configs: Default::default(),
        directory_user_id: None,
        security_profile_ids,
        routing_profile_id: id(400),
        hierarchy_group_id,
        tags,
        last_modified_time: NOW,
        last_modified_region: REGION.into(),
    }
}

fn user_name(r: &mut Random) -> String {
    let n = if r.percent(5) { 4 } else { r.below(4) };
    match r.below(6) {
        0 => format!("uSER{n}"),
        1 => arn(&format!("/agent/{}", id(200 + n))),
        2 if r.percent(20) => "ZOË".into(),
        3 if r.percent(10) => "".into(),
        _ => id(200 + n).to_string(),
    }
}

/// A question about a world.
pub(crate) fn question(r: &mut Random) -> OwnedQuestion {
    let resource_type = (*r.pick(TYPES)).to_owned();
    let (base, count) = match resource_type.as_str() {
        "User" => (200, 5),
        "SecurityProfile" => (100, 5),
        "Queue" => (300, 3),
        "RoutingProfile" => (400, 2),
        "HierarchyGroup" => (500, 6),
        "HoursOfOperation" => (600, 1),
        "ContactFlowModule" => (700, 3),
        "QuickConnect" => (800, 1),
        "Instance" => (INSTANCE, 1),
        "DataTable" => (1_000, 3),
        "DataTableRecord" => (1_100, 4),
        _ => (900, 2),
    };
    let mut owned = OwnedQuestion {
        is_agent: r.percent(25),
        action: action(r, &resource_type),
        id: id(base + r.below(count)).to_string(),
        ..OwnedQuestion::default()
    };
    match resource_type.as_str() {
        "ThirdPartyApplication" | "McpServer" => owned.id = (*r.pick(&["n1", "n2", "n3"])).into(),
        "AIAgent" => owned.id = agent_arn(r.below(3)),
        "ContactFlowModule" if r.percent(60) => owned.id = module_name(r),
        "Instance" if r.percent(20) => owned.id = arn(""),
        "User" if r.percent(5) => owned.id = arn(&format!("/agent/{}", owned.id)),
        "DataTableRecord" if r.percent(40) => owned.id = id(1_110 + r.below(4)).to_string(),
        _ => {}
    }
    owned.resource_type = resource_type;
    if owned.is_agent {
        owned.principal = agent_arn(if r.percent(5) { 2 } else { r.below(2) });
        match r.below(10) {
            0..4 => owned.self_service = true,
            4..7 => owned.on_behalf_of = Some(user_name(r)),
            _ => {}
        }
    } else {
        owned.principal = user_name(r);
        owned.self_service = r.percent(1);
    }
    if r.percent(20) {
        owned.id = "*".into();
        owned.match_some = r.percent(50);
    }
    owned.hypothetical = r.percent(25);
    owned.tags = tags(r).into_iter().collect();
    owned.hierarchy_group_id = r.percent(60).then(|| id(500 + r.below(6)).to_string());
    for name in ["a", "b"] {
        if r.percent(60) {
            owned.primary_values.push((name.into(), (*r.pick(&["1", "2", "3"])).into()));
        }
    }
    owned.table_id =
        r.percent(40).then(|| if r.percent(5) { String::new() } else { id(1_000 + r.below(3)).to_string() });
    owned.agent_id = r.percent(70).then(|| if r.percent(15) { agent_arn(r.below(2)) } else { user_name(r) });
    owned.owner_id = r.percent(70).then(|| if r.percent(15) { agent_arn(r.below(2)) } else { user_name(r) });
    owned.changes_primary_values = r.percent(15);
    if r.percent(20) {
        for _ in 0..1 + r.below(2) {
            let (it, first, count) = *r.pick(ASSIGNED);
            owned.assigns.push((it.into(), id(first + r.below(count)).to_string()));
        }
    }
    // Resources of one's own.
    if r.percent(30) {
        owned.owner_id = Some(owned.principal.clone());
    }
    if r.percent(15) {
        owned.agent_id = Some(owned.principal.clone());
    }
    if owned.action.contains("MyData") && r.percent(50) {
        owned.id.clone_from(&owned.principal);
    }
    owned
}

fn action(r: &mut Random, resource_type: &str) -> String {
    let prefix = match resource_type {
        "User" => *r.pick(&["Users.", "Users.", "AccessMetrics", "AgentTimeCard"]),
        "Queue" => *r.pick(&["Queues.", "Queues.", "AccessMetrics"]),
        "ContactFlow" => *r.pick(&["ContactFlows.", "AccessMetrics"]),
        "EvaluationForm" => *r.pick(&["EvaluationForms.", "AccessMetrics"]),
        "TestCase" => *r.pick(&["TestCases.", "AccessMetrics"]),
        "CaseComment" => "MyCaseComments.",
        "CaseContact" => "MyCaseContacts.",
        "CaseRelatedItem" => "MyCaseCustomRelatedItems.",
        "EmailAddress" => "EmailAddresses.",
        "PhoneNumber" => "PhoneNumbers.",
        "Instance" => *r.pick(&["", "", "AccessMetrics", "AgentTimeCard", "Wisdom", "Retrieve", "RealTimeMetrics"]),
        "SecurityProfile" => "SecurityProfiles.",
        "RoutingProfile" => *r.pick(&["RoutingPolicies.", "AccessMetrics"]),
        "HierarchyGroup" => "AgentGrouping.",
        "QuickConnect" => "TransferDestinations.",
        "HoursOfOperation" => "HoursOfOperation.",
        "ContactFlowModule" => *r.pick(&["ContactFlowModules.", "Invoke", "AccessMetrics"]),
        "Prompt" => "Prompts.",
        "DataTable" | "DataTableRecord" => "DataTables.",
        "Case" => *r.pick(&["Cases.", "MyCases."]),
        "Contact" => *r.pick(&[
            "ContactSearch.",
            "MyContacts.",
            "CallRecordings.",
            "ListenCall",
            "ScreenRecording",
            "UnredactedData",
            "RealTimeMetrics",
        ]),
        "ThirdPartyApplication" => "ACCESS",
        "McpServer" => *r.pick(&["t___run", "Queues.View"]),
        "AIAgent" => "Collaborate",
        "ContactEvaluation" => "Evaluation.",
        "CustomMetric" => "CustomMetrics.",
        _ => "",
    };
    match r.below(20) {
        0 => (*r.pick(PERMISSIONS)).to_owned(),
        1 | 2 => format!("task:{}", r.pick(TASKS)),
        3 if r.percent(30) => (*r.pick(UNKNOWN)).to_owned(),
        _ => {
            let near: Vec<_> = PERMISSIONS.iter().filter(|name| name.starts_with(prefix)).collect();
            if near.is_empty() { prefix.to_owned() } else { (**r.pick(&near)).to_owned() }
        }
    }
}
