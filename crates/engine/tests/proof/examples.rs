//! The worked examples of `docs/semantics.md`, run. Its section "Reading the examples" describes their form.

use std::collections::BTreeMap;

use lanyard_engine::{Compiled, OpenPoint, PermissionIndex, UnknownParts};
use lanyard_model::resources::{
    AiAgent, AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, HierarchyGroup, PrimaryAttributeValue,
    SecurityProfile,
};
use lanyard_model::{Directory, Id, Resource as Stored, StreamId, Timestamp};

use super::agreement::{World, fault};
use super::veil;
use super::world::{self, OwnedQuestion};
use lanyard_engine::Reading;

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/semantics.md"));

/// The words of a line: single words, and `key=value`.
struct Words<'a> {
    plain: Vec<&'a str>,
    keyed: BTreeMap<&'a str, &'a str>,
}

impl<'a> Words<'a> {
    fn of(line: &'a str) -> Self {
        let (keyed, plain): (Vec<_>, Vec<_>) = line.split_whitespace().partition(|word| word.contains('='));
        Self { plain, keyed: keyed.into_iter().filter_map(|word| word.split_once('=')).collect() }
    }

    fn list(&self, key: &str) -> Vec<String> {
        self.keyed.get(key).map_or(vec![], |list| list.split(',').map(str::to_owned).collect())
    }

    fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let pair = |text: String| {
            text.split_once(':').map(|(k, v)| (k.to_owned(), v.to_owned())).unwrap_or((text, String::new()))
        };
        self.list(key).into_iter().map(pair).collect()
    }

    fn text(&self, key: &str) -> Option<String> {
        self.keyed.get(key).map(|text| (*text).to_owned())
    }

    fn ids(&self, key: &str) -> Vec<Id> {
        self.list(key).iter().map(|name| Id::new(name)).collect()
    }
}

/// A record of a data table, and the attributes that identify it: `record r table=t values=site:york`.
fn record(line: &str) -> Vec<Stored> {
    let words = Words::of(line);
    let table = world::table(&Id::new(&words.text("table").unwrap()), &BTreeMap::new());
    let mut all = Vec::new();
    let mut values = BTreeMap::new();
    for (name, value) in words.pairs("values") {
        let attribute = world::attribute(&Id::new(&format!("{}.{name}", table.id)), &table, &name, true);
        values.insert(attribute.id.clone(), value);
        all.push(attribute.into());
    }
    all.push(world::record(&Id::new(words.plain[1]), &table, &values).into());
    all
}

/// The primary attributes of a data table: `table t attributes=site,plan`.
fn attributes(line: &str) -> Vec<Stored> {
    let words = Words::of(line);
    let table = world::table(&Id::new(words.plain[1]), &BTreeMap::new());
    let attribute =
        |name: String| Stored::from(world::attribute(&Id::new(&format!("{}.{name}", table.id)), &table, &name, true));
    words.list("attributes").into_iter().map(attribute).collect()
}

fn resource(line: &str, groups: &mut BTreeMap<String, Vec<Id>>) -> Stored {
    let words = Words::of(line);
    let name = words.plain[1];
    let tags = words.pairs("tags").into_iter().collect();
    match words.plain[0] {
        "group" => {
            let under = words.text("under");
            let ancestors = under.map_or(vec![], |parent| [groups[&parent].clone(), vec![Id::new(&parent)]].concat());
            groups.insert(name.to_owned(), ancestors.clone());
            HierarchyGroup {
                id: Id::new(name),
                name: name.to_owned(),
                ancestors,
                tags,
                last_modified_time: Timestamp(1),
                last_modified_region: String::new(),
            }
            .into()
        }
        "profile" => {
            let mut it = SecurityProfile::named(Id::new(name), name, Timestamp(1), "");
            it.permissions = words.list("holds");
            it.allowed_access_control_tags = tags;
            it.tag_restricted_resources = words.list("restricts");
            if let Some(group) = words.text("hierarchy") {
                it.hierarchy_restricted_resources = vec!["User".into()];
                it.allowed_access_control_hierarchy_group_id = (group != "own").then(|| Id::new(&group));
            }
            for (attribute, values) in words.pairs("records") {
                it.primary_attribute_values.push(PrimaryAttributeValue {
                    access_type: None,
                    attribute_name: Some(attribute),
                    values: values.split('|').map(str::to_owned).collect(),
                });
            }
            for (namespace, rest) in words.pairs("application") {
                let (permission, application_type) = match rest.split_once(':') {
                    Some((permission, "MCP")) => (permission, Some(ApplicationType::Mcp)),
                    Some((permission, _)) => (permission, Some(ApplicationType::ThirdPartyApplication)),
                    None => (rest.as_str(), None),
                };
                let permissions = vec![permission.to_owned()];
                it.applications.push(Application { namespace: Some(namespace), permissions, application_type });
            }
            let module = |id| AllowedFlowModule { flow_module_id: Some(id), module_type: None };
            it.allowed_flow_modules = words.list("modules").into_iter().map(module).collect();
            let agent = |arn| AllowedAiAgent { arn: Some(arn), agent_type: None };
            it.allowed_ai_agents = words.list("agents").into_iter().map(agent).collect();
            it.into()
        }
        "user" => {
            let mut it = world::user(0, words.ids("profiles"), words.text("group").map(|id| Id::new(&id)), tags);
            (it.id, it.username) = (Id::new(name), name.to_owned());
            it.into()
        }
        "agent" => AiAgent { arn: name.to_owned(), security_profile_ids: words.ids("profiles") }.into(),
        "queue" => {
            let mut it = world::queue(0, &tags);
            it.id = Id::new(name);
            it.into()
        }
        "routing" => {
            let mut it = world::routing(0, &tags);
            it.id = Id::new(name);
            it.into()
        }
        "hours" => {
            let mut it = world::hours(&tags);
            it.id = Id::new(name);
            it.into()
        }
        "connect" => {
            let mut it = world::quick_connect(&tags);
            it.id = Id::new(name);
            it.into()
        }
        "attribute" => {
            let table = world::table(&Id::new(&words.text("table").unwrap()), &BTreeMap::new());
            let id = Id::new(&format!("{}.{name}", table.id));
            world::attribute(&id, &table, name, false).into()
        }
        "module" => {
            let mut it = world::module(&mut super::random::Random::new(1), 0);
            (it.id, it.external_invocation_enabled) = (Id::new(name), Some(words.plain.contains(&"enabled")));
            it.into()
        }
        "table" => world::table(&Id::new(name), &tags).into(),
        other => panic!("`{other}` begins no line of an example"),
    }
}

fn veil(line: &str) -> veil::Veil {
    let words = Words::of(line);
    let set = |key: &str| words.list(key).into_iter().collect();
    veil::Veil { restrictions: set("restrictions"), tools: set("tools"), kinds: set("kinds") }
}

fn question(line: &str, agents: &[&str]) -> OwnedQuestion {
    let words = Words::of(line);
    let (resource_type, id) = words.plain[3].split_once('/').unwrap();
    let has = |word: &str| words.plain.contains(&word);
    OwnedQuestion {
        is_agent: agents.contains(&words.plain[1]),
        principal: words.plain[1].to_owned(),
        on_behalf_of: words.text("for"),
        self_service: has("self-service"),
        action: words.plain[2].to_owned(),
        resource_type: resource_type.to_owned(),
        id: id.to_owned(),
        match_some: has("some"),
        hypothetical: has("hypothetical"),
        tags: words.pairs("tags"),
        hierarchy_group_id: words.text("group"),
        primary_values: words.pairs("values"),
        table_id: words.text("table"),
        agent_id: words.text("agent"),
        owner_id: words.text("owner"),
        changes_primary_values: has("changes-primary-values"),
        assigns: words.pairs("assigns"),
    }
}

/// The world that the lines of an example make, and its questions with the expected answers.
pub(crate) fn parse(body: &str) -> (World, Vec<(&str, OwnedQuestion, &str)>) {
    let mut groups = BTreeMap::new();
    let lines: Vec<_> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (asks, stored): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.starts_with("ask "));
    let agents: Vec<_> =
        stored.iter().filter(|line| line.starts_with("agent ")).map(|line| Words::of(line).plain[1]).collect();
    let (unknown_parts, stored): (Vec<_>, Vec<_>) = stored.into_iter().partition(|line| line.starts_with("unseen "));
    let unknown_parts = unknown_parts.first().map_or_else(UnknownParts::default, |line| veil(line).unknown_parts());
    let mut resources = Vec::new();
    for line in stored {
        if line.starts_with("record ") {
            resources.extend(record(line));
        } else {
            resources.extend(attributes(line));
            resources.push(resource(line, &mut groups));
        }
    }
    let instance = Id::new("instance");
    let directory = Directory::load(StreamId::Instance(instance), 1, Timestamp(1), resources);
    let compiled = Compiled::with_unknown_parts(&directory, PermissionIndex::builtin(), &unknown_parts);
    let questions = asks
        .into_iter()
        .map(|ask| {
            let (owned, expected) = ask.split_once(" -> ").unwrap();
            (ask, question(owned, &agents), expected.trim())
        })
        .collect();
    (World { directory, unknown_parts, compiled }, questions)
}

fn run(title: &str, body: &str) {
    let (world, asks) = parse(body);
    assert!(!asks.is_empty(), "{title} asks nothing");
    for (ask, owned, expected) in asks {
        let answer = owned.with(|it| world.compiled.outcome(it));
        let outcome = match answer {
            Err(_) => "malformed".to_owned(),
            Ok(answer) => {
                let points: Vec<_> = answer.open_points.iter().map(|point| point.name()).collect();
                [vec![answer.outcome.as_str()], points].concat().join(" ")
            }
        };
        assert_eq!(outcome, expected, "{title}: {ask}");
        assert_eq!(fault(&world, &owned, &[Reading::STRICT, Reading::LENIENT]), None, "{title}: {ask}");
    }
}

#[test]
fn examples_of_the_page_hold_and_name_every_rule_and_open_point() {
    let mut titles = String::new();
    for block in PAGE.split("```example ").skip(1) {
        let (title, rest) = block.split_once('\n').unwrap();
        run(title, rest.split("```").next().unwrap());
        titles.push_str(&format!(" {title} "));
    }
    for rule in 1..=16 {
        assert!(titles.contains(&format!(" rule_{rule}_")), "no example is named after rule {rule}");
    }
    for point in OpenPoint::ALL {
        let name = point.name().to_lowercase();
        assert!(titles.contains(&format!("_{name}_")), "no example is named after {name}");
    }
}
