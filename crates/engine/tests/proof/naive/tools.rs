//! Section 6 of the page: tools and applications.

use lanyard_engine::OpenPoint::{self, A4, A16};
use lanyard_model::Kind;
use lanyard_model::resources::ApplicationType;

use super::super::vocabulary::holds;
use super::{Eval, Who};

impl Eval<'_> {
    pub(super) fn tool(&self, who: &Who<'_>) -> bool {
        let q = self.q;
        let invocable = || {
            let module = self.module(q.resource.id).and_then(|module| module.external_invocation_enabled);
            q.resource.resource_type != "ContactFlowModule"
                || self.some()
                || q.resource.hypothetical
                || self.maybe()
                || module == Some(true)
        };
        let listable = !self.every() && self.lenient(OpenPoint::Unseen) && invocable();
        if who.blank && self.lenient(OpenPoint::Unseen) {
            return listable;
        }
        let unlisted = listable && who.profiles.iter().any(|profile| self.unknown_parts.tools.contains(&profile.id));
        let meant = |name: &str| self.some() || (!self.every() && name == q.resource.id);
        match q.resource.resource_type {
            "ThirdPartyApplication" | "McpServer" => {
                let app = q.resource.resource_type == "ThirdPartyApplication";
                let listed = who.profiles.iter().flat_map(|profile| &profile.applications).any(|entry| {
                    let typed = match entry.application_type {
                        Some(ApplicationType::ThirdPartyApplication) => app,
                        Some(ApplicationType::Mcp) => !app,
                        None => app || self.lenient(A4),
                    };
                    typed
                        && entry.namespace.as_deref().is_some_and(meant)
                        && entry.permissions.iter().any(|permission| permission == q.action)
                });
                let panel = who.profiles.iter().any(|profile| holds(profile, "BasicAgentAccess"));
                (listed || unlisted) && (!app || who.is_agent || panel)
            }
            "ContactFlowModule" => {
                let entries = who.profiles.iter().flat_map(|profile| &profile.allowed_flow_modules);
                let mut listed = entries.filter_map(|entry| entry.flow_module_id.as_deref());
                unlisted || listed.any(|listed| self.module_listed(listed))
            }
            _ => {
                let entries = who.profiles.iter().flat_map(|profile| &profile.allowed_ai_agents);
                unlisted || entries.filter_map(|entry| entry.arn.as_deref()).any(meant)
            }
        }
    }

    fn module_listed(&self, listed: &str) -> bool {
        let enabled = |text: &str| self.module(text).map(|module| module.external_invocation_enabled == Some(true));
        if self.every() {
            return false;
        }
        if self.some() {
            let hidden =
                self.lacks(Kind::FlowModule) && self.lenient(OpenPoint::Unseen) && self.reduced(listed).is_some();
            return enabled(listed).unwrap_or(hidden);
        }
        let (Some(module), Some(listed)) = (self.reduced(self.q.resource.id), self.reduced(listed)) else {
            return false;
        };
        let bare = |text: &str| text.split(':').next().unwrap().to_owned();
        let equal = module == listed || (self.lenient(A16) && bare(&module) == bare(&listed));
        equal && (self.q.resource.hypothetical || self.maybe() || enabled(self.q.resource.id) == Some(true))
    }
}
