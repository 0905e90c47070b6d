//! Rules about the limits of a profile and of a user.

use lanyard_model::resources::{ApplicationType, MOST_PERMISSIONS, MOST_RESTRICTED_PROFILES};
use lanyard_model::{Id, Resource};

use super::context::Context;
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

macro_rules! limits {
    ($( $name:ident $id:literal $title:literal $page:expr );* $(;)?) => {
        $( static $name: Rule = Rule {
            id: $id,
            title: $title,
            severity: Severity::Error,
            source: Source::Documented($page),
            remedy: "remove some, or distribute them over several profiles",
        }; )*
        pub(super) static RULES: &[&Rule] = &[$( &$name ),*, &NO_PROFILE, &TOO_MANY_PROFILES, &TOO_MANY_GRANULAR];
    };
}

limits! {
    PERMISSIONS "too-many-permissions" "more than 500 permissions in a profile" page::PROFILE;
    TAGS "too-many-access-control-tags" "more than 4 access control tags in a profile" page::TAGS;
    TYPES "too-many-restricted-types" "more than 10 restricted types in a profile" page::PROFILE;
    APPLICATIONS "too-many-applications" "more than 10 applications in a profile" page::PROFILE;
    TOOLS "too-many-tools" "more than 50 permissions of one application" page::APPLICATION;
    MODULES "too-many-flow-modules" "more than 10 flow modules in a profile" page::PROFILE;
    AGENTS "too-many-ai-agents" "more than 100 AI agents in a profile" page::PROFILE;
    ATTRIBUTES "too-many-record-attributes" "more than 5 attributes in a record rule" page::RECORDS;
    VALUES "too-many-record-values" "more than 2 values of one attribute in a record rule" page::RECORDS;
}

static NO_PROFILE: Rule = Rule {
    id: "user-without-profile",
    title: "a user without a security profile",
    severity: Severity::Error,
    source: Source::Documented(page::USERS),
    remedy: "give the user at least one security profile",
};

static TOO_MANY_PROFILES: Rule = Rule {
    id: "user-with-too-many-profiles",
    title: "a user with more than 10 security profiles",
    severity: Severity::Error,
    source: Source::Documented(page::USERS),
    remedy: "take profiles from the user, or merge them",
};

static TOO_MANY_GRANULAR: Rule = Rule {
    id: "user-with-too-many-restricted-profiles",
    title: "a user with more than 7 profiles that restrict by tag or hierarchy",
    severity: Severity::Error,
    source: Source::Documented(page::HIERARCHY),
    remedy: "take restricted profiles from the user, or merge them",
};

const MOST_PROFILES: usize = 10;

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    for profile in &cx.profiles {
        let source = profile.source;
        let whole: [(&'static Rule, &str, &str, usize, usize); 8] = [
            (&PERMISSIONS, "Permissions", "permissions", source.permissions.len(), MOST_PERMISSIONS),
            (&TAGS, "AllowedAccessControlTags", "access control tags", source.allowed_access_control_tags.len(), 4),
            (&TYPES, "TagRestrictedResources", "types restricted by tag", source.tag_restricted_resources.len(), 10),
            (
                &TYPES,
                "HierarchyRestrictedResources",
                "types restricted by hierarchy",
                source.hierarchy_restricted_resources.len(),
                10,
            ),
            (&APPLICATIONS, "Applications", "applications", source.applications.len(), 10),
            (&MODULES, "AllowedFlowModules", "flow modules", source.allowed_flow_modules.len(), 10),
            (&AGENTS, "AllowedAIAgents", "AI agents", source.allowed_ai_agents.len(), 100),
            (&ATTRIBUTES, "GranularAccessControlConfiguration", "attributes", source.primary_attribute_values.len(), 5),
        ];
        for (rule, member, what, count, most) in whole {
            if count > most {
                let message = format!("the profile has {count} {what}; the service takes {most} at most");
                findings.push(cx.about(rule, profile, member, message));
            }
        }
        for application in &source.applications {
            let count = application.permissions.len();
            if count > 50 {
                let name = application.namespace.as_deref().unwrap_or_default();
                let what =
                    if application.application_type == Some(ApplicationType::Mcp) { "tools" } else { "permissions" };
                let message = format!("the profile lists {count} {what} of `{name}`; the service takes 50 at most");
                findings.push(cx.about(&TOOLS, profile, format!("Applications/{name}"), message));
            }
        }
        for entry in &source.primary_attribute_values {
            let count = entry.values.len();
            if count > 2 {
                let name = entry.attribute_name.as_deref().unwrap_or_default();
                let message = format!("the record rule lists {count} values of `{name}`; the service takes 2 at most");
                findings.push(cx.about(
                    &VALUES,
                    profile,
                    format!("GranularAccessControlConfiguration/{name}"),
                    message,
                ));
            }
        }
    }
    for class in &cx.classes {
        for user in &class.users {
            let ids = &user.security_profile_ids;
            let restricted = cx.of(&class.profiles).filter(|profile| profile.source.is_restricted());
            let restricted: Vec<_> = restricted.map(|profile| profile.number).collect();
            let mut say = |rule, message: String, others: &[usize]| {
                let subject = cx.subject(&Resource::User(std::sync::Arc::clone(user)));
                let finding = cx.finding(rule, subject, "SecurityProfileIds".to_owned(), message);
                findings.push(finding.with(cx, others.iter().copied()).of(vec![user.id.clone()]));
            };
            if ids.iter().all(|id| *id == Id::new("")) {
                say(&NO_PROFILE, "the user has no security profile; the service requires at least one".to_owned(), &[]);
            }
            if ids.len() > MOST_PROFILES {
                let message =
                    format!("the user has {} security profiles; the service takes {MOST_PROFILES}", ids.len());
                say(&TOO_MANY_PROFILES, message, &[]);
            }
            if restricted.len() > MOST_RESTRICTED_PROFILES {
                let message = format!(
                    "the user has {} profiles that restrict by tag or hierarchy; the service takes \
                     {MOST_RESTRICTED_PROFILES}, and the effect of the others is not documented",
                    restricted.len()
                );
                say(&TOO_MANY_GRANULAR, message, &restricted);
            }
        }
    }
}
