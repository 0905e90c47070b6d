//! Rules about AI agents: the profiles of their versions, and the two permission checks of their tools.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_engine::{Outcome, Principal, Question};
use lanyard_model::resources::{AiAgent, ApplicationType, SecurityProfile};
use lanyard_model::{Id, Key, Kind};

use super::context::{Context, list};
use super::declared::{DeclaredAgent, DeclaredTool};
use super::finding::{Finding, Subject};
use super::rule::{Rule, Severity, Source, page};
use super::tools::module_id;

static VERSIONS_DIFFER: Rule = Rule {
    id: "ai-agent-versions-differ",
    title: "versions of an AI agent with different security profiles",
    severity: Severity::Warning,
    source: Source::Inferred(page::COLLABORATION),
    remedy: "associate the same security profiles with every version in use",
};

static VERSION_MISSING: Rule = Rule {
    id: "ai-agent-version-without-profile",
    title: "an AI agent whose security profiles are not associated with every version in use",
    severity: Severity::Warning,
    source: Source::Documented(page::COLLABORATION),
    remedy: "associate the profiles with the ARN without version and with every version in use",
};

static NOT_GRANTED: Rule = Rule {
    id: "ai-agent-tool-not-granted",
    title: "a tool that an AI agent is configured with and not granted",
    severity: Severity::Error,
    source: Source::Documented(page::AGENTS),
    remedy: "grant the tool in a profile of the AI agent, or remove it from the agent's configuration",
};

static PEOPLE_LACK: Rule = Rule {
    id: "assistance-tool-not-granted",
    title: "a tool of an AI agent that the people it assists are not granted",
    severity: Severity::Error,
    source: Source::Documented(page::AGENTS),
    remedy: "grant the tool in a profile of the people whom the AI agent assists",
};

static BOUND: Rule = Rule {
    id: "ai-agent-restricted",
    title: "an AI agent with a profile that restricts by tag, hierarchy or record",
    severity: Severity::Warning,
    source: Source::Inferred(page::AGENTS),
    remedy: "do not rely on the restriction for an AI agent: it is not documented whether it binds one",
};

pub(super) static RULES: &[&Rule] = &[&VERSIONS_DIFFER, &VERSION_MISSING, &NOT_GRANTED, &PEOPLE_LACK, &BOUND];

const MEMBER: &str = "SecurityProfileIds";

/// A tool that an AI agent may be granted, in addition to permissions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tool<'a> {
    Mcp(&'a str, &'a str),
    Module(&'a str),
    Agent(&'a str),
}

impl Tool<'_> {
    fn name(&self) -> String {
        match self {
            Self::Mcp(namespace, tool) => format!("{namespace}/{tool}"),
            Self::Module(id) => (*id).to_owned(),
            Self::Agent(arn) => (*arn).to_owned(),
        }
    }
}

/// An AI agent's ARN without version, and the version.
fn split(arn: &str) -> (&str, &str) {
    let name = arn.rfind('/').map_or(0, |at| at + 1);
    match arn.get(name..).and_then(|rest| rest.find(':')) {
        Some(at) => (arn.get(..name + at).unwrap_or(arn), arn.get(name + at + 1..).unwrap_or_default()),
        None => (arn, ""),
    }
}

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut agents: BTreeMap<&str, Vec<(&str, &AiAgent)>> = BTreeMap::new();
    for agent in cx.directory.ai_agents.values() {
        let (base, version) = split(&agent.arn);
        agents.entry(base).or_default().push((version, agent));
    }
    for (base, versions) in &agents {
        let declared = cx.declared.ai_agents.iter().find(|declared| split(&declared.arn).0 == *base);
        differ(cx, base, versions, findings);
        missing(cx, base, versions, declared, findings);
        for (_, agent) in versions {
            bound(cx, agent, findings);
        }
    }
    for declared in &cx.declared.ai_agents {
        let (base, own) = split(&declared.arn);
        let versions: Vec<_> = if declared.versions.is_empty() {
            vec![own]
        } else {
            declared.versions.iter().map(String::as_str).collect()
        };
        for version in versions {
            let arn = if version.is_empty() { base.to_owned() } else { format!("{base}:{version}") };
            permission_checks(cx, declared, &arn, findings);
        }
    }
    undeclared(cx, &agents, findings);
}

fn subject(arn: &str) -> Subject {
    Subject { name: arn.to_owned(), key: Key { kind: Kind::AiAgent, id: Id::new(arn) } }
}

fn about(cx: &Context<'_>, rule: &'static Rule, arn: &str, message: String) -> Finding {
    cx.finding(rule, subject(arn), MEMBER.to_owned(), message)
}

fn differ(cx: &Context<'_>, base: &str, versions: &[(&str, &AiAgent)], findings: &mut Vec<Finding>) {
    let all: BTreeSet<&Id> = versions.iter().flat_map(|(_, agent)| &agent.security_profile_ids).collect();
    for (version, agent) in versions {
        let lacking: Vec<_> =
            all.iter().filter(|id| !agent.security_profile_ids.contains(id)).map(|id| (*id).clone()).collect();
        if lacking.is_empty() {
            continue;
        }
        let lacking = cx.of_ids(&lacking);
        let names: Vec<_> = lacking.iter().map(|profile| profile.source.name.as_str()).collect();
        let which =
            if version.is_empty() { "the ARN without version".to_owned() } else { format!("the version `{version}`") };
        let message =
            format!("{which} of `{base}` lacks {}, which another version has: its tools are refused", list(&names));
        findings.push(about(cx, &VERSIONS_DIFFER, &agent.arn, message).with(cx, lacking.iter().map(|it| it.number)));
    }
}

fn missing(
    cx: &Context<'_>,
    base: &str,
    versions: &[(&str, &AiAgent)],
    declared: Option<&DeclaredAgent>,
    findings: &mut Vec<Finding>,
) {
    // An unlisted version may exist.
    if cx.is_unseen(Kind::AiAgent) {
        return;
    }
    let has = |version: &str| versions.iter().any(|(there, _)| *there == version);
    let lacking: Vec<_> = match declared.filter(|declared| !declared.versions.is_empty()) {
        Some(declared) => declared.versions.iter().filter(|version| !has(version)).map(String::as_str).collect(),
        None if versions.len() > 1 && has("") => Vec::new(),
        None if has("") => vec!["a version"],
        None => vec![""],
    };
    let Some((_, agent)) = versions.first().filter(|_| !lacking.is_empty()) else { return };
    let parts: Vec<_> = lacking
        .iter()
        .map(|version| match *version {
            "" => "the ARN without version".to_owned(),
            "a version" => "any version".to_owned(),
            version => format!("`{version}`"),
        })
        .collect();
    let message = format!(
        "security profiles are not associated with {} of `{base}`: profiles count for exactly the ARN that they are \
         associated with, so that tools are refused elsewhere",
        parts.join(", ")
    );
    let finding = about(cx, &VERSION_MISSING, &agent.arn, message);
    findings.push(if declared.is_some() { finding } else { finding.only(Severity::Note) });
}

fn bound(cx: &Context<'_>, agent: &AiAgent, findings: &mut Vec<Finding>) {
    let restricts = |it: &SecurityProfile| it.is_restricted() || !it.primary_attribute_values.is_empty();
    let restricting: Vec<_> =
        cx.of_ids(&agent.security_profile_ids).into_iter().filter(|it| restricts(it.source)).collect();
    if restricting.is_empty() {
        return;
    }
    let numbers: Vec<_> = restricting.iter().map(|it| it.number).collect();
    let message = format!(
        "the AI agent holds {}, which {} by tag, hierarchy or record: it is not documented whether that binds an AI agent",
        cx.profile_names(numbers.iter().copied()),
        if numbers.len() == 1 { "restricts" } else { "restrict" }
    );
    findings.push(about(cx, &BOUND, &agent.arn, message).with(cx, numbers));
}

/// The question whether a principal may use a declared tool.
fn ask<'q>(tool: &'q DeclaredTool, principal: Principal<'q>) -> Question<'q> {
    match tool {
        DeclaredTool::Mcp { namespace, tool } => Question::new(principal, tool, "McpServer", namespace),
        DeclaredTool::FlowModule(id) => Question::new(principal, "Invoke", "ContactFlowModule", id),
        DeclaredTool::AiAgent(arn) => Question::new(principal, "Collaborate", "AIAgent", arn),
        DeclaredTool::Permission(name) => {
            let it = lanyard_model::catalogue::acts_on(name).and_then(|(types, _)| types.first()).copied();
            match it {
                Some(it) => {
                    let question = Question::new(principal, name, it.as_str(), "*");
                    Question {
                        resource: lanyard_engine::Resource { match_some: true, ..question.resource },
                        ..question
                    }
                }
                None => Question::new(principal, name, "Instance", "*"),
            }
        }
    }
}

fn tool_name(tool: &DeclaredTool) -> String {
    match tool {
        DeclaredTool::Mcp { namespace, tool } => format!("{namespace}/{tool}"),
        DeclaredTool::FlowModule(name) | DeclaredTool::AiAgent(name) | DeclaredTool::Permission(name) => name.clone(),
    }
}

/// Both permission checks of a declared AI agent's tools: the agent's own profiles, and those of the people it
/// assists.
fn permission_checks(cx: &Context<'_>, declared: &DeclaredAgent, arn: &str, findings: &mut Vec<Finding>) {
    if !cx.directory.ai_agents.contains_key(&Id::new(arn)) {
        // A missing tool is reported by another rule where the tools of the server are known; otherwise there is no
        // finding.
        return;
    }
    let outcome =
        |question: &Question<'_>| cx.compiled.outcome(question).map_or(Outcome::Denied, |answer| answer.outcome);
    let mut refused = Vec::new();
    for tool in &declared.tools {
        if is_unseen(cx, tool) {
            continue;
        }
        let question = Question { self_service: true, ..ask(tool, Principal::AiAgent(arn)) };
        match outcome(&question) {
            Outcome::Denied => refused.push((tool_name(tool), true)),
            Outcome::Undetermined => refused.push((tool_name(tool), false)),
            Outcome::Allowed => {}
        }
    }
    for (tool, certain) in refused {
        let message = if certain {
            format!("the AI agent is configured with `{tool}`, and none of its profiles grants it: the call is refused")
        } else {
            format!("the AI agent is configured with `{tool}`, and it is not documented whether its profiles grant it")
        };
        let finding = cx.finding(&NOT_GRANTED, subject(arn), format!("{MEMBER}/{tool}"), message);
        findings.push(if certain { finding } else { finding.only(Severity::Warning) });
    }
    let assisted = |name: &str| declared.assists.iter().any(|assisted| assisted == name);
    for profile in cx.profiles.iter().filter(|it| assisted(&it.source.name)) {
        for tool in &declared.tools {
            if is_unseen(cx, tool) {
                continue;
            }
            let mut users = Vec::new();
            for class in cx.classes.iter().filter(|class| class.profiles.contains(&profile.number)) {
                let Some(one) = class.users.first() else { continue };
                let id = one.id.to_string();
                if outcome(&ask(tool, Principal::User(&id))) == Outcome::Denied {
                    users.extend(class.users.iter().map(|user| user.id.clone()));
                }
            }
            if !users.is_empty() {
                let name = tool_name(tool);
                let message = format!(
                    "the AI agent assists holders of `{}`, of whom {} may not use `{name}`: a call on their behalf requires \
                     both the agent's right and theirs, and is refused",
                    profile.source.name,
                    cx.people(&users)
                );
                let finding = cx.finding(&PEOPLE_LACK, subject(arn), format!("{MEMBER}/{name}"), message);
                findings.push(finding.with(cx, [profile.number]).of(users));
            }
        }
    }
}

/// Whether some profile has unknown parts that may grant the tool.
fn is_unseen(cx: &Context<'_>, tool: &DeclaredTool) -> bool {
    !matches!(tool, DeclaredTool::Permission(_)) && cx.profiles.iter().any(|it| !it.tools_seen)
}

fn tools(profile: &SecurityProfile) -> impl Iterator<Item = Tool<'_>> {
    let servers = profile.applications.iter().filter(|it| it.application_type == Some(ApplicationType::Mcp));
    let mcp = servers
        .flat_map(|it| it.permissions.iter().filter_map(move |tool| Some(Tool::Mcp(it.namespace.as_deref()?, tool))));
    let modules = profile.allowed_flow_modules.iter().filter_map(|it| it.flow_module_id.as_deref());
    let agents = profile.allowed_ai_agents.iter().filter_map(|it| it.arn.as_deref());
    mcp.chain(modules.map(|id| Tool::Module(module_id(id)))).chain(agents.map(Tool::Agent))
}

/// Tools that AI agents are granted and no user is, so that no agent can use them for a user.
fn undeclared(cx: &Context<'_>, agents: &BTreeMap<&str, Vec<(&str, &AiAgent)>>, findings: &mut Vec<Finding>) {
    if cx.is_unseen(Kind::User) || cx.profiles.iter().any(|it| !it.tools_seen) {
        return;
    }
    let held: BTreeSet<usize> = cx.classes.iter().flat_map(|class| class.profiles.iter().copied()).collect();
    let of_people: BTreeSet<Tool<'_>> =
        held.iter().filter_map(|number| cx.profile(*number)).flat_map(|it| tools(it.source)).collect();
    for (base, versions) in agents {
        // The people that a declared agent assists are known.
        if cx.declared.ai_agents.iter().any(|declared| split(&declared.arn).0 == *base) {
            continue;
        }
        let ids: BTreeSet<&Id> = versions.iter().flat_map(|(_, agent)| &agent.security_profile_ids).collect();
        let ids: Vec<_> = ids.into_iter().cloned().collect();
        let profiles = cx.of_ids(&ids);
        let all: BTreeSet<_> = profiles.iter().flat_map(|it| tools(it.source)).collect();
        let lacking: Vec<_> = all.difference(&of_people).map(Tool::name).collect();
        let Some((_, agent)) = versions.first().filter(|_| !lacking.is_empty()) else { continue };
        let message = format!(
            "the AI agent is granted {}, and no user is: where it assists people, such calls are refused",
            list(&lacking)
        );
        let others: Vec<_> = profiles.iter().map(|it| it.number).collect();
        findings.push(about(cx, &PEOPLE_LACK, &agent.arn, message).with(cx, others).only(Severity::Note));
    }
}
