//! Rules about the restrictions of a profile by tag and by hierarchy.

use lanyard_engine::DOCUMENTED;
use lanyard_model::catalogue::{ResourceType, acts_on};
use lanyard_model::{Id, Kind, Tags};

use super::context::{Context, Gathered, Profile, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static RESTRICTED_WITHOUT_VIEW: Rule = Rule {
    id: "restricted-type-without-view",
    title: "a restricted type without the permission to view it",
    severity: Severity::Error,
    source: Source::Documented(page::TAGS),
    remedy: "give the profile the type's View permission, or remove the restriction",
};

static WITHOUT_VIEW: Rule = Rule {
    id: "permission-without-view",
    title: "a permission on a type without the permission to view it",
    severity: Severity::Warning,
    source: Source::Inferred(page::CREATE),
    remedy: "give the profile the type's View permission too",
};

static TAGS_WITHOUT_TYPES: Rule = Rule {
    id: "access-control-tags-without-types",
    title: "access control tags that restrict no type",
    severity: Severity::Error,
    source: Source::Documented(page::CREATE),
    remedy: "name the types in `TagRestrictedResources`, or remove the tags",
};

static TYPES_WITHOUT_TAGS: Rule = Rule {
    id: "restricted-types-without-tags",
    title: "types restricted by tag without access control tags",
    severity: Severity::Error,
    source: Source::Documented(page::CREATE),
    remedy: "give the profile access control tags, or remove the types",
};

static TYPE_UNNAMED: Rule = Rule {
    id: "restricted-type-unknown",
    title: "a restricted type that does not exist",
    severity: Severity::Error,
    source: Source::Inferred(page::TAGS),
    remedy: "name a type: User, SecurityProfile, Queue or RoutingProfile",
};

static TYPE_UNDOCUMENTED: Rule = Rule {
    id: "restricted-type-undocumented",
    title: "a restricted type whose name is not documented",
    severity: Severity::Warning,
    source: Source::Inferred(page::TAGS),
    remedy: "try its effect on the service before relying on it",
};

static HIERARCHY_TYPE: Rule = Rule {
    id: "hierarchy-type-unknown",
    title: "a type that cannot be restricted by hierarchy",
    severity: Severity::Error,
    source: Source::Documented(page::HIERARCHY),
    remedy: "restrict `User`, the only type that can be",
};

static GROUP_MISSING: Rule = Rule {
    id: "hierarchy-group-missing",
    title: "a profile restricted to a hierarchy group that does not exist",
    severity: Severity::Error,
    source: Source::Inferred(page::GROUPS),
    remedy: "name a group that exists, or remove it to restrict to the holder's own",
};

static GROUP_IDLE: Rule = Rule {
    id: "hierarchy-group-without-restriction",
    title: "a hierarchy group that restricts nothing",
    severity: Severity::Warning,
    source: Source::Inferred(page::HIERARCHY),
    remedy: "name `User` in `HierarchyRestrictedResources`, or remove the group",
};

static OWN_GROUP: Rule = Rule {
    id: "own-hierarchy-group-missing",
    title: "a profile restricted to the holder's own hierarchy group, held by someone without one",
    severity: Severity::Warning,
    source: Source::Inferred(page::HIERARCHY),
    remedy: "give the users a hierarchy group, or name one in the profile",
};

static UNTAGGED: Rule = Rule {
    id: "restricting-profile-untagged",
    title: "a profile that restricts by tag and does not have the tags itself",
    severity: Severity::Note,
    source: Source::Documented(page::CREATE),
    remedy: "tag the profile with its own access control tags, so that its holders' administrators can view it",
};

static PROFILES_NOT: Rule = Rule {
    id: "users-restricted-security-profiles-not",
    title: "a profile that restricts users by tag, and not security profiles",
    severity: Severity::Warning,
    source: Source::Documented(page::TAGS),
    remedy: "restrict `SecurityProfile` together with `User`",
};

static EDITS_PROFILES: Rule = Rule {
    id: "restricted-user-edits-security-profiles",
    title: "someone whose access to users is restricted and who may create or change security profiles",
    severity: Severity::Error,
    source: Source::Documented(page::HIERARCHY),
    remedy: "take `SecurityProfiles.Create` and `SecurityProfiles.Edit` from the restricted users",
};

pub(super) static RULES: &[&Rule] = &[
    &RESTRICTED_WITHOUT_VIEW,
    &WITHOUT_VIEW,
    &TAGS_WITHOUT_TYPES,
    &TYPES_WITHOUT_TAGS,
    &TYPE_UNNAMED,
    &TYPE_UNDOCUMENTED,
    &HIERARCHY_TYPE,
    &GROUP_MISSING,
    &GROUP_IDLE,
    &OWN_GROUP,
    &UNTAGGED,
    &PROFILES_NOT,
    &EDITS_PROFILES,
];

const EDITING: [&str; 2] = ["SecurityProfiles.Create", "SecurityProfiles.Edit"];

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    for profile in &cx.profiles {
        // A missing permission or tag may be an unknown one.
        if profile.permissions_seen {
            views(cx, profile, findings);
        }
        if profile.restrictions_seen {
            tags(cx, profile, findings);
        }
        types(cx, profile, findings);
        hierarchy(cx, profile, findings);
    }
    own_group(cx, findings);
    edits_profiles(cx, findings);
}

/// The permissions of a profile on types that it cannot view.
fn views(cx: &Context<'_>, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    let lacks = |it: ResourceType| it.view_permission().filter(|view| !cx.holds(profile, view));
    for it in profile.restricted_types() {
        if let Some(view) = lacks(it) {
            let held = cx.on_type(profile, it);
            let what = match held.as_slice() {
                [] => "and grants nothing on it".to_owned(),
                held => format!("so the service refuses {} for inconsistent permissions", list(held)),
            };
            let message = format!("the profile restricts {} without `{view}`, {what}", it.as_str());
            findings.push(cx.about(&RESTRICTED_WITHOUT_VIEW, profile, profile.restricting_member(it), message));
        }
    }
    let mut lacking: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in &profile.source.permissions {
        let view = cx.catalogue.get(name).and_then(|_| acts_on(name)).and_then(|(_, view)| view);
        let Some(view) = view.filter(|view| !cx.holds(profile, view)) else { continue };
        // A restricted type has a finding of its own above.
        if acts_on(name).is_some_and(|(types, _)| types.iter().any(|it| profile.restricts(*it))) {
            continue;
        }
        match lacking.iter_mut().find(|(known, _)| *known == view) {
            Some((_, names)) => names.push(name),
            None => lacking.push((view, vec![name])),
        }
    }
    for (view, names) in lacking {
        let member = format!("Permissions/{}", names.first().copied().unwrap_or_default());
        let message = format!(
            "the profile holds {} without `{view}`: the console would have added it, and whether the service does \
             without is not documented",
            list(&names)
        );
        findings.push(cx.about(&WITHOUT_VIEW, profile, member, message));
    }
}

fn tags(cx: &Context<'_>, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    let source = profile.source;
    let (tags, types) = (&source.allowed_access_control_tags, &source.tag_restricted_resources);
    match (tags.is_empty(), types.is_empty()) {
        (false, true) => {
            let message =
                format!("the profile has the access control tags {} and restricts no type by them", pairs(tags));
            findings.push(cx.about(&TAGS_WITHOUT_TYPES, profile, "AllowedAccessControlTags", message));
        }
        (true, false) => {
            let message = format!(
                "the profile restricts {} by tag and names no tags: it is not documented whether that hides everything or \
                 nothing",
                list(types)
            );
            findings.push(cx.about(&TYPES_WITHOUT_TAGS, profile, "TagRestrictedResources", message));
        }
        (false, false) => {
            let missing: Tags = tags
                .iter()
                .filter(|(key, value)| source.tags.get(*key) != Some(*value))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            if !missing.is_empty() {
                let message = format!(
                    "the profile restricts by {} and does not have {} itself, so administrators restricted in the same \
                     way cannot view it",
                    pairs(tags),
                    pairs(&missing)
                );
                findings.push(cx.about(&UNTAGGED, profile, "Tags", message));
            }
            if profile.tags(ResourceType::User) && !profile.tags(ResourceType::SecurityProfile) {
                let message = "the profile restricts User by tag and leaves SecurityProfile unrestricted, so a holder \
                               may get a profile with more rights than intended"
                    .to_owned();
                let member = profile.restricting_member(ResourceType::User);
                findings.push(cx.about(&PROFILES_NOT, profile, member, message));
            }
        }
        (true, true) => {}
    }
}

fn types(cx: &Context<'_>, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    for name in &profile.source.tag_restricted_resources {
        let member = format!("TagRestrictedResources/{name}");
        let named: Vec<_> = ResourceType::restricted_as(name).collect();
        if named.is_empty() {
            let message = format!(
                "`{name}` names no type of resource: it may restrict nothing, or a type of the service's choice"
            );
            findings.push(cx.about(&TYPE_UNNAMED, profile, member, message));
        } else if !named.iter().any(|it| DOCUMENTED.contains(it)) {
            let message = format!("no document says that `{name}` can be restricted by tag under this name");
            findings.push(cx.about(&TYPE_UNDOCUMENTED, profile, member, message));
        }
    }
    for name in profile.source.hierarchy_restricted_resources.iter().filter(|name| *name != "User") {
        let message = format!("`{name}` cannot be restricted by hierarchy, so this restricts nothing");
        let member = format!("HierarchyRestrictedResources/{name}");
        findings.push(cx.about(&HIERARCHY_TYPE, profile, member, message));
    }
}

/// The group that a profile names; an empty identifier is none.
fn group_of<'a>(profile: &Profile<'a>) -> Option<&'a Id> {
    profile.source.allowed_access_control_hierarchy_group_id.as_ref().filter(|id| **id != Id::new(""))
}

fn hierarchy(cx: &Context<'_>, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    const MEMBER: &str = "AllowedAccessControlHierarchyGroupId";
    let Some(group) = group_of(profile) else { return };
    if !cx.directory.hierarchy_groups.contains_key(group) && !cx.is_unseen(Kind::HierarchyGroup) {
        let message = format!("the hierarchy group `{group}` does not exist, so nobody is in the profile's scope");
        findings.push(cx.about(&GROUP_MISSING, profile, MEMBER, message));
    }
    if !profile.ranked {
        let message =
            "the profile names a hierarchy group and does not restrict `User` by hierarchy, so that the group \
                       restricts nothing"
                .to_owned();
        findings.push(cx.about(&GROUP_IDLE, profile, MEMBER, message));
    }
}

/// Holders without a group of a profile that is restricted to the holder's own group.
fn own_group(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut gathered = Gathered::default();
    for class in cx.classes.iter().filter(|class| class.group.is_none()) {
        for profile in cx.of(&class.profiles).filter(|profile| profile.ranked && group_of(profile).is_none()) {
            gathered.note(profile.number, [], class);
        }
    }
    for (number, _, users) in gathered.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let message = format!(
            "the profile covers the holder's own hierarchy group, and {} {} none: it is not documented whether that covers \
             every user or no user",
            cx.people(&users),
            if users.len() == 1 { "is in" } else { "are in" }
        );
        findings.push(cx.about(&OWN_GROUP, profile, "HierarchyRestrictedResources/User", message).of(users));
    }
}

/// Users with restricted access to users who may create or change profiles.
fn edits_profiles(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let editing = |profile: &Profile<'_>| EDITING.iter().any(|name| cx.holds(profile, name));
    for (number, editors, users) in cx.held_with(|profile| profile.restricts(ResourceType::User), editing) {
        let Some(profile) = cx.profile(number) else { continue };
        let others: Vec<_> = editors.iter().copied().filter(|other| *other != number).collect();
        let held: Vec<_> = EDITING.into_iter().filter(|name| cx.of(&editors).any(|it| cx.holds(it, name))).collect();
        let through = match (editors.contains(&number), others.is_empty()) {
            (true, true) => "itself".to_owned(),
            (true, false) => format!("itself and together with {}", cx.profile_names(others.iter().copied())),
            (false, _) => format!("together with {}", cx.profile_names(others.iter().copied())),
        };
        let whose = if users.is_empty() { String::new() } else { format!("; it concerns {}", cx.people(&users)) };
        let free = cx.of(&editors).any(|it| it.leaves_free(ResourceType::SecurityProfile));
        let why = if free {
            "so a holder may create or become a user whom the restriction does not bind"
        } else {
            "within the restriction of SecurityProfile, where a profile with more permissions may still be created"
        };
        let message = format!("the profile restricts User, and grants {through} {}, {why}{whose}", list(&held));
        let finding = cx.about(&EDITS_PROFILES, profile, profile.restricting_member(ResourceType::User), message);
        let finding = finding.with(cx, others).of(users);
        findings.push(if free { finding } else { finding.only(Severity::Warning) });
    }
}

/// Tags in a sentence.
pub(super) fn pairs(tags: &Tags) -> String {
    let pairs: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    list(&pairs)
}
