//! Rules about the applications, flow modules and AI agents that a profile allows.

use std::collections::BTreeSet;

use lanyard_model::resources::ApplicationType;
use lanyard_model::{Id, Kind};

use super::context::{Context, Gathered, Profile, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static WITHOUT_PANEL: Rule = Rule {
    id: "application-without-agent-access",
    title: "a third-party application for someone without access to the contact control panel",
    severity: Severity::Error,
    source: Source::Documented(page::APPLICATIONS),
    remedy: "give these users `BasicAgentAccess`, or remove the application",
};

static NOT_ACCESS: Rule = Rule {
    id: "application-permission-not-access",
    title: "a permission of a third-party application that is not `ACCESS`",
    severity: Severity::Error,
    source: Source::Documented(page::APPLICATION),
    remedy: "write `ACCESS`, the only permission of a third-party application, or change the application's type to MCP",
};

static WITHOUT_TYPE: Rule = Rule {
    id: "application-without-type",
    title: "an application with tools and without a type",
    severity: Severity::Warning,
    source: Source::Inferred(page::APPLICATION),
    remedy: "give the application its type, MCP",
};

static WITHOUT_NAMESPACE: Rule = Rule {
    id: "application-without-effect",
    title: "an application without namespace or permissions",
    severity: Severity::Warning,
    source: Source::Inferred(page::APPLICATION),
    remedy: "give the application its namespace and permissions, or remove it",
};

static MODULE_MISSING: Rule = Rule {
    id: "flow-module-missing",
    title: "a flow module that the instance does not have",
    severity: Severity::Warning,
    source: Source::Inferred(page::MODULES),
    remedy: "name a flow module of this instance, or remove the entry",
};

static NOT_A_TOOL: Rule = Rule {
    id: "flow-module-not-a-tool",
    title: "a flow module that cannot be invoked as a tool",
    severity: Severity::Warning,
    source: Source::Documented(page::MODULES),
    remedy: "enable the module for invocation from outside flows, or remove it",
};

static ARCHIVED: Rule = Rule {
    id: "flow-module-archived",
    title: "an archived flow module that AI agents may still invoke",
    severity: Severity::Note,
    source: Source::Documented(page::MODULES),
    remedy: "remove the module from the profile: archiving it does not stop it",
};

static NOT_AN_APPLICATION: Rule = Rule {
    id: "allowed-ai-agent-not-application",
    title: "an allowed AI agent that is not the ARN of an application",
    severity: Severity::Warning,
    source: Source::Documented(page::COLLABORATION),
    remedy: "name the ARN of the application that represents the other agent",
};

pub(super) static RULES: &[&Rule] = &[
    &WITHOUT_PANEL,
    &NOT_ACCESS,
    &WITHOUT_TYPE,
    &WITHOUT_NAMESPACE,
    &MODULE_MISSING,
    &NOT_A_TOOL,
    &ARCHIVED,
    &NOT_AN_APPLICATION,
];

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    for profile in &cx.profiles {
        applications(cx, profile, findings);
        modules(cx, profile, findings);
        agents(cx, profile, findings);
    }
    panel(cx, findings);
}

/// The namespaces of the third-party applications that a profile grants.
fn opened<'a>(profile: &Profile<'a>) -> Vec<&'a str> {
    let is_opened = |it: &&lanyard_model::resources::Application| {
        it.application_type != Some(ApplicationType::Mcp) && it.permissions.iter().any(|name| name == "ACCESS")
    };
    profile.source.applications.iter().filter(is_opened).filter_map(|it| it.namespace.as_deref()).collect()
}

fn applications(cx: &Context<'_>, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    for application in &profile.source.applications {
        let namespace = application.namespace.as_deref().unwrap_or_default();
        let member = |permission: &str| match permission {
            "" => format!("Applications/{namespace}"),
            permission => format!("Applications/{namespace}/{permission}"),
        };
        if namespace.is_empty() || application.permissions.is_empty() {
            let what = if namespace.is_empty() {
                "an application has no namespace".to_owned()
            } else {
                format!("the application `{namespace}` has no permissions")
            };
            findings.push(cx.about(&WITHOUT_NAMESPACE, profile, member(""), format!("{what}, so it grants nothing")));
        }
        let others: Vec<_> = application.permissions.iter().filter(|name| *name != "ACCESS").collect();
        let Some(first) = others.first() else { continue };
        match application.application_type {
            Some(ApplicationType::Mcp) => {}
            Some(ApplicationType::ThirdPartyApplication) => {
                let message = format!(
                    "the third-party application `{namespace}` lists {}: its only permission is `ACCESS`, so that this grants \
                     nothing",
                    list(&others)
                );
                findings.push(cx.about(&NOT_ACCESS, profile, member(first), message));
            }
            None => {
                let message = format!(
                    "the application `{namespace}` lists {} and has no type: it is not documented whether it counts as an \
                     MCP server",
                    list(&others)
                );
                findings.push(cx.about(&WITHOUT_TYPE, profile, member(first), message));
            }
        }
    }
}

/// Users who are granted an application without the contact control panel that shows it.
fn panel(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    const PANEL: &str = "BasicAgentAccess";
    let mut gathered = Gathered::default();
    let mut held = BTreeSet::new();
    for class in &cx.classes {
        held.extend(class.profiles.iter().copied());
        if cx.of(&class.profiles).any(|it| cx.holds(it, PANEL)) {
            continue;
        }
        for profile in cx.of(&class.profiles).filter(|it| !opened(it).is_empty()) {
            gathered.note(profile.number, [], class);
        }
    }
    for (number, _, users) in gathered.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let message = format!(
            "the profile grants {}, which {} cannot open: that requires `{PANEL}` in some profile",
            list(&opened(profile)),
            cx.people(&users)
        );
        findings.push(cx.about(&WITHOUT_PANEL, profile, "Applications", message).of(users));
    }
    let of_agents: Vec<_> = cx.directory.ai_agents.values().flat_map(|agent| &agent.security_profile_ids).collect();
    for profile in &cx.profiles {
        let idle = !held.contains(&profile.number) && !of_agents.contains(&&profile.source.id);
        if idle && !opened(profile).is_empty() && !cx.holds(profile, PANEL) {
            let message = format!(
                "the profile grants {} and lacks `{PANEL}`: its holders need that from another profile to open them",
                list(&opened(profile))
            );
            findings.push(cx.about(&WITHOUT_PANEL, profile, "Applications", message).only(Severity::Note));
        }
    }
}

/// A flow module's identifier: the last part of an ARN, without version or alias.
pub(super) fn module_id(text: &str) -> &str {
    let id = text.rsplit_once("/flow-module/").map_or(text, |(_, id)| id);
    id.split_once(':').map_or(id, |(id, _)| id)
}

fn modules(cx: &Context<'_>, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    for text in profile.source.allowed_flow_modules.iter().filter_map(|it| it.flow_module_id.as_deref()) {
        let member = format!("AllowedFlowModules/{text}");
        let foreign = text.starts_with("arn:")
            && cx.directory.instances.values().any(|it| !text.starts_with(&it.scope().instance_arn(&it.id)));
        let modules = &cx.directory.flow_modules;
        let stored = modules.get(&Id::new(text)).or_else(|| modules.get(&Id::new(module_id(text))));
        let stored = stored.filter(|_| !foreign);
        let Some(module) = stored else {
            if foreign || !cx.is_unseen(Kind::FlowModule) {
                let message = format!("the instance has no flow module `{text}`, so this grants nothing");
                findings.push(cx.about(&MODULE_MISSING, profile, member, message));
            }
            continue;
        };
        if module.external_invocation_enabled != Some(true) {
            let message = format!(
                "the flow module `{}` is not enabled for invocation from outside flows, so that no AI agent can invoke it",
                module.name
            );
            findings.push(cx.about(&NOT_A_TOOL, profile, member, message));
        } else if module.archived {
            let message =
                format!("the flow module `{}` is archived, and still runs when an AI agent invokes it", module.name);
            findings.push(cx.about(&ARCHIVED, profile, member, message));
        }
    }
}

fn agents(cx: &Context<'_>, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    for arn in profile.source.allowed_ai_agents.iter().filter_map(|it| it.arn.as_deref()) {
        let service = arn.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1));
        if service != Some("app-integrations") {
            let message = format!(
                "`{arn}` is not the ARN of an application of AppIntegrations, which represents the agent to collaborate \
                 with; agents of the same instance need no entry"
            );
            findings.push(cx.about(&NOT_AN_APPLICATION, profile, format!("AllowedAIAgents/{arn}"), message));
        }
    }
}
