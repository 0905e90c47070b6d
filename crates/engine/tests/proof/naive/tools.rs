//! Section 6, the table.

use lanyard_model::Kind;
use lanyard_model::resources::{ApplicationType, SecurityProfile};

use super::super::vocabulary::holds;
use super::resource::About;
use super::{Eval, Who};

impl Eval<'_> {
    pub(super) fn tool(&self, who: &Who<'_>, about: &About) -> bool {
        if matches!(about, About::Every | About::Nothing) {
            return false;
        }
        let is_any = matches!(about, About::Some);
        let (action, id) = (self.q.action, self.q.resource.id);
        match self.q.resource.resource_type {
            "ThirdPartyApplication" => {
                let granted = self.any_list(who, &|profile| {
                    profile.applications.iter().any(|it| {
                        it.namespace.as_deref().is_some_and(|namespace| is_any || namespace == id)
                            && it.application_type != Some(ApplicationType::Mcp)
                            && it.permissions.iter().any(|permission| permission == "ACCESS")
                    })
                });
                // "And a user also holds `BasicAgentAccess` in any profile."
                granted && (who.is_agent || self.unknown_profile_grants(who) || self.has_agent_access(who))
            }
            "McpServer" => self.any_list(who, &|profile| {
                profile.applications.iter().any(|it| {
                    let is_mcp = match it.application_type {
                        Some(ApplicationType::Mcp) => true,
                        // "Lenient also with the type absent."
                        None => self.open("A4"),
                        Some(ApplicationType::ThirdPartyApplication) => false,
                    };
                    is_mcp
                        && it.namespace.as_deref().is_some_and(|namespace| is_any || namespace == id)
                        && it.permissions.iter().any(|permission| permission == action)
                })
            }),
            "ContactFlowModule" if is_any => self.any_module(who),
            "ContactFlowModule" => {
                self.is_enabled_as_tool(about) && self.any_list(who, &|profile| self.lists_module(profile, id))
            }
            _ => self.any_list(who, &|profile| {
                profile.allowed_ai_agents.iter().any(|it| it.arn.as_deref().is_some_and(|arn| is_any || arn == id))
            }),
        }
    }

    /// Whether there may be a module to invoke: one that is on a list, stored and enabled, or that may exist.
    fn any_module(&self, who: &Who<'_>) -> bool {
        self.any_list(who, &|profile| {
            profile.allowed_flow_modules.iter().filter_map(|it| self.reduced(it.flow_module_id.as_deref()?)).any(
                |name| match self.d.flow_modules.values().find(|module| module.id.to_string() == without_suffix(name)) {
                    Some(module) => module.external_invocation_enabled == Some(true),
                    None => self.may_have_unknown(Kind::FlowModule) && self.unknown_grants(),
                },
            )
        })
    }

    fn lists_module(&self, profile: &SecurityProfile, id: &str) -> bool {
        profile
            .allowed_flow_modules
            .iter()
            .any(|it| it.flow_module_id.as_deref().is_some_and(|it| self.is_module(it, id)))
    }

    fn has_agent_access(&self, who: &Who<'_>) -> bool {
        who.profiles.iter().any(|profile| holds(profile, "BasicAgentAccess"))
    }

    /// Whether a list of some profile grants. "In the strict reading it lists only the known tools; in the lenient
    /// reading it lists any tool."
    fn any_list(&self, who: &Who<'_>, grants: &dyn Fn(&SecurityProfile) -> bool) -> bool {
        self.unknown_profile_grants(who)
            || who
                .profiles
                .iter()
                .any(|profile| grants(profile) || self.unknown.tools.contains(&profile.id) && self.unknown_grants())
    }

    /// "A stored module that is not enabled for external invocation: denied."
    fn is_enabled_as_tool(&self, about: &About) -> bool {
        let About::One(facts) = about else { return true };
        for module in self.d.flow_modules.values() {
            if module.id.to_string() == facts.id && !self.q.resource.hypothetical {
                return module.external_invocation_enabled == Some(true);
            }
        }
        true
    }

    /// "Equal once the ARN is reduced to what follows `/flow-module/` (an ARN of another instance never matches);
    /// lenient: also equal without alias or version suffix."
    fn is_module(&self, entry: &str, id: &str) -> bool {
        let (Some(entry), Some(id)) = (self.reduced(entry), self.reduced(id)) else { return false };
        entry == id || self.open("A16") && without_suffix(entry) == without_suffix(id)
    }

    /// The name of a module without this instance's ARN; `None` for other ARNs.
    fn reduced<'t>(&self, name: &'t str) -> Option<&'t str> {
        if let Some(rest) = self.arn("flow-module", "").and_then(|prefix| name.strip_prefix(&prefix)) {
            return Some(rest);
        }
        (!name.starts_with("arn:")).then_some(name)
    }

    /// The identifier of the module that a name is about.
    pub(super) fn module_of(&self, name: &str) -> String {
        self.reduced(name).map_or(name, without_suffix).to_owned()
    }
}

fn without_suffix(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}
