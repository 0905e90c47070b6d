//! Rules about profiles that are not needed.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Id, Kind, Tags, Timestamp};

use super::context::{Context, Gathered, Profile};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source};

static UNUSED: Rule = Rule {
    id: "profile-unused",
    title: "a security profile that nobody holds",
    severity: Severity::Note,
    source: Source::Chosen,
    remedy: "delete the profile, or assign it to its intended users",
};

static EMPTY: Rule = Rule {
    id: "profile-empty",
    title: "a security profile that grants nothing",
    severity: Severity::Note,
    source: Source::Chosen,
    remedy: "give the profile permissions, or delete it",
};

static DUPLICATE: Rule = Rule {
    id: "profile-duplicate",
    title: "a security profile that is the same as another",
    severity: Severity::Warning,
    source: Source::Chosen,
    remedy: "keep one of them: two equal profiles diverge over time",
};

static SUBSET: Rule = Rule {
    id: "profile-subset",
    title: "a security profile that another one nearly repeats",
    severity: Severity::Note,
    source: Source::Chosen,
    remedy: "check whether both are needed",
};

static REDUNDANT: Rule = Rule {
    id: "profile-adds-nothing",
    title: "a security profile that adds nothing to another one of the same user",
    severity: Severity::Note,
    source: Source::Chosen,
    remedy: "take the profile from these users",
};

pub(super) static RULES: &[&Rule] = &[&UNUSED, &EMPTY, &DUPLICATE, &SUBSET, &REDUNDANT];

/// The number of additional permissions with which another profile still counts as nearly the same.
const NEARLY: u32 = 10;

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    unused(cx, findings);
    for profile in &cx.profiles {
        if profile.source.permissions.is_empty() && !has_tools(profile.source) && profile.tools_seen {
            findings.push(cx.about(&EMPTY, profile, "Permissions", "the profile grants nothing".to_owned()));
        }
    }
    duplicates(cx, findings);
    subsets(cx, findings);
}

fn has_tools(source: &SecurityProfile) -> bool {
    !(source.applications.is_empty() && source.allowed_flow_modules.is_empty() && source.allowed_ai_agents.is_empty())
}

fn unused(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    if cx.is_unseen(Kind::User) {
        return;
    }
    let mut held: BTreeSet<&Id> = cx.directory.ai_agents.values().flat_map(|it| &it.security_profile_ids).collect();
    held.extend(cx.directory.users.values().flat_map(|it| &it.security_profile_ids));
    for profile in cx.profiles.iter().filter(|it| !held.contains(&it.source.id)) {
        let message = if cx.is_unseen(Kind::AiAgent) {
            // A profile for AI agents is most likely held by one that is not listed.
            if has_tools(profile.source) {
                continue;
            }
            "no user holds the profile; the AI agents are unknown"
        } else {
            "nobody holds the profile, neither a user nor an AI agent"
        };
        findings.push(cx.about(&UNUSED, profile, "", message.to_owned()));
    }
}

/// The parts of a profile that determine access, apart from its permissions, in a canonical form.
fn canonical(source: &SecurityProfile) -> SecurityProfile {
    let mut canonical = source.clone();
    (canonical.id, canonical.name, canonical.description) = (Id::new(""), String::new(), None);
    (canonical.tags, canonical.permissions) = (Tags::new(), Vec::new());
    (canonical.last_modified_time, canonical.last_modified_region) = (Timestamp::default(), String::new());
    canonical.tag_restricted_resources.sort_unstable();
    canonical.hierarchy_restricted_resources.sort_unstable();
    canonical.applications.iter_mut().for_each(|it| it.permissions.sort_unstable());
    canonical.applications.sort_by_key(|it| (it.namespace.clone(), it.permissions.clone()));
    canonical.allowed_flow_modules.sort_by_key(|it| it.flow_module_id.clone());
    canonical.allowed_ai_agents.sort_by_key(|it| it.arn.clone());
    canonical.primary_attribute_values.iter_mut().for_each(|it| it.values.sort_unstable());
    canonical.primary_attribute_values.sort_by_key(|it| it.attribute_name.clone());
    canonical
}

fn is_seen(profile: &Profile<'_>) -> bool {
    profile.restrictions_seen && profile.permissions_seen && profile.tools_seen
}

fn duplicates(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut same: BTreeMap<(String, Vec<&str>), Vec<&Profile<'_>>> = BTreeMap::new();
    for profile in cx.profiles.iter().filter(|it| is_seen(it)) {
        let permissions = cx.permission_names(&profile.held);
        if !permissions.is_empty() || has_tools(profile.source) {
            same.entry((format!("{:?}", canonical(profile.source)), permissions)).or_default().push(profile);
        }
    }
    for mut profiles in same.into_values() {
        profiles.sort_by_key(|it| it.source.name.to_lowercase());
        let Some((first, others)) = profiles.split_first().filter(|(_, others)| !others.is_empty()) else { continue };
        let others: Vec<_> = others.iter().map(|it| it.number).collect();
        let message =
            format!("the profile has the same grants and restrictions as {}", cx.profile_names(others.iter().copied()));
        findings.push(cx.about(&DUPLICATE, first, "", message).with(cx, others));
    }
}

fn subsets(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let flags = cx.taking_away();
    let canonical_forms: Vec<_> = cx.profiles.iter().map(|it| canonical(it.source)).collect();
    let is_within = |less: &Profile<'_>, more: &Profile<'_>| {
        let (Some(inner), Some(outer)) = (canonical_forms.get(less.number), canonical_forms.get(more.number)) else {
            return false;
        };
        let extra = more.held.without(&less.held);
        // A permission that takes something away is no addition.
        less.held.is_within(&more.held) && inner == outer && flags.iter().all(|flag| !extra.has(flag))
    };
    for profile in cx.profiles.iter().filter(|it| is_seen(it) && !it.held.is_empty()) {
        let larger = cx.profiles.iter().filter(|other| {
            let extra = other.held.len().saturating_sub(profile.held.len());
            is_seen(other) && (1..=NEARLY).contains(&extra) && is_within(profile, other)
        });
        let closest = larger.min_by_key(|other| (other.held.len(), other.source.name.clone()));
        if let Some(other) = closest {
            let extra = other.held.without(&profile.held);
            let message = format!(
                "`{}` grants everything that the profile grants in the same way, and also {}",
                other.source.name,
                super::context::list(&cx.permission_names(&extra))
            );
            findings.push(cx.about(&SUBSET, profile, "", message).with(cx, [other.number]));
        }
    }
    let mut gathered = Gathered::default();
    for class in &cx.classes {
        for profile in cx.of(&class.profiles).filter(|it| is_seen(it) && !it.held.is_empty()) {
            // Of two equal profiles, the later one adds nothing.
            let covers = |other: &&Profile<'_>| {
                other.number != profile.number
                    && is_seen(other)
                    && is_within(profile, other)
                    && (other.held != profile.held || other.number < profile.number)
            };
            let covering: Vec<_> = cx.of(&class.profiles).filter(covers).map(|it| it.number).collect();
            if !covering.is_empty() {
                gathered.note(profile.number, covering, class);
            }
        }
    }
    for (number, others, users) in gathered.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let message = format!(
            "{} {} the profile in addition to {}, which {} all of it",
            cx.people(&users),
            if users.len() == 1 { "holds" } else { "hold" },
            cx.profile_names(others.iter().copied()),
            if others.len() == 1 { "grants" } else { "grant" },
        );
        findings.push(cx.about(&REDUNDANT, profile, "", message).with(cx, others).of(users));
    }
}
