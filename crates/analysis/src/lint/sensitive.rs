//! Rules about the users of sensitive access: recordings, transcripts, screen recordings, exports.
//!
//! They fire on every configuration in use, and are notes: lists to review, not errors.

use lanyard_engine::{Outcome, Principal, Question, Resource};
use lanyard_model::{Key, Kind};

use super::context::{Context, Gathered, Profile, list};
use super::finding::{Finding, Subject};
use super::rule::{Rule, Severity, Source, page};
use crate::sensitive::{Risk, SENSITIVE_ACTIONS, SensitiveAction};

static RECORDINGS: Rule = Rule {
    id: "sensitive-recordings",
    title: "access to unredacted recordings",
    severity: Severity::Note,
    source: Source::Documented(page::LIST),
    remedy: REMEDY,
};

static TRANSCRIPTS: Rule = Rule {
    id: "sensitive-transcripts",
    title: "access to unredacted transcripts",
    severity: Severity::Note,
    source: Source::Documented(page::LIST),
    remedy: REMEDY,
};

static SCREENS: Rule = Rule {
    id: "sensitive-screen-recordings",
    title: "access to screen recordings, which have unredacted sound",
    severity: Severity::Note,
    source: Source::Documented(page::LIST),
    remedy: REMEDY,
};

static EXPORTS: Rule = Rule {
    id: "sensitive-exports",
    title: "exports of contacts, cases or customers",
    severity: Severity::Note,
    source: Source::Documented(page::CASES),
    remedy: REMEDY,
};

const REMEDY: &str = "check that each of them needs it";

pub(super) static RULES: &[&Rule] = &[&RECORDINGS, &TRANSCRIPTS, &SCREENS, &EXPORTS];

/// The rule that reports actions of a risk.
fn rule(risk: Risk) -> &'static Rule {
    match risk {
        Risk::Transcripts => &TRANSCRIPTS,
        Risk::ScreenRecordings => &SCREENS,
        Risk::Exports => &EXPORTS,
        _ => &RECORDINGS,
    }
}

fn outcome(act: &SensitiveAction, cx: &Context<'_>, principal: Principal<'_>, instance: &str) -> Outcome {
    let is_agent = matches!(principal, Principal::AiAgent(_));
    let id = if act.resource_type == "Instance" { instance } else { "*" };
    let question = Question::new(principal, act.action, act.resource_type, id);
    let resource = Resource { match_some: !act.every, ..question.resource };
    let question = Question { resource, self_service: is_agent, ..question };
    cx.compiled.outcome(&question).map_or(Outcome::Denied, |answer| answer.outcome)
}

/// Whether the profile gives the action.
fn is_of(act: &SensitiveAction, cx: &Context<'_>, profile: &Profile<'_>) -> bool {
    act.permissions.iter().any(|name| cx.holds(profile, name))
}

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let instance = cx.instance();
    for act in SENSITIVE_ACTIONS {
        let holding: Vec<bool> = cx.profiles.iter().map(|profile| is_of(act, cx, profile)).collect();
        let holds = |number: &usize| holding.get(*number).copied().unwrap_or_default();
        let mut gathered: Gathered<usize> = Gathered::default();
        let mut open = Gathered::default();
        for class in cx.classes.iter().filter(|class| class.profiles.iter().any(holds)) {
            let Some(user) = class.users.first() else { continue };
            let id = user.id.to_string();
            let outcome = outcome(act, cx, Principal::User(&id), &instance);
            for number in class.profiles.iter().copied().filter(|number| holds(number)) {
                match outcome {
                    Outcome::Denied => continue,
                    Outcome::Undetermined => open.note(number, [], class),
                    Outcome::Allowed => {}
                }
                gathered.note(number, [], class);
            }
        }
        let mut agents: std::collections::BTreeMap<usize, Vec<Subject>> = std::collections::BTreeMap::new();
        for agent in cx.directory.ai_agents.values() {
            let through = cx.of_ids(&agent.security_profile_ids);
            let through: Vec<_> = through.iter().map(|it| it.number).filter(holds).collect();
            if !through.is_empty() && outcome(act, cx, Principal::AiAgent(&agent.arn), &instance) != Outcome::Denied {
                let key = Key { kind: Kind::AiAgent, id: lanyard_model::Id::new(&agent.arn) };
                for number in through {
                    agents.entry(number).or_default().push(Subject { name: agent.arn.clone(), key: key.clone() });
                }
            }
        }
        let open: std::collections::BTreeMap<_, _> =
            open.each().map(|(number, _, users)| (number, users.len())).collect();
        let mut users: std::collections::BTreeMap<_, _> =
            gathered.each().map(|(number, _, users)| (number, users)).collect();
        for number in agents.keys() {
            users.entry(*number).or_default();
        }
        for (number, users) in users {
            let Some(profile) = cx.profile(number) else { continue };
            let served = agents.remove(&number).unwrap_or_default();
            let mut who = Vec::new();
            if !users.is_empty() {
                who.push(cx.people(&users));
            }
            if !served.is_empty() {
                let names: Vec<_> = served.iter().map(|it| it.name.as_str()).collect();
                who.push(format!("the AI agent{} {}", if served.len() == 1 { "" } else { "s" }, list(&names)));
            }
            let unclear = match open.get(&number) {
                Some(count) => format!("; for {count} of them that is undetermined"),
                None => String::new(),
            };
            let held = act.permissions.iter().find(|name| cx.holds(profile, name)).copied().unwrap_or_default();
            let message = format!("through this profile, {} may {}{unclear}", who.join(" and "), act.what);
            let mut finding = cx.about(rule(act.risk), profile, format!("Permissions/{held}"), message).of(users);
            finding.others = served;
            findings.push(finding);
        }
    }
}
