//! Tools and applications: what a profile's lists of applications, flow modules and AI agents grant.

use lanyard_model::resources::{Application, ApplicationType, SecurityProfile};
use lanyard_model::{IdRef, Kind};

use crate::ask::{Extent, without_qualifier};
use crate::compiled::Item;
use crate::permission_index::{Permission, Rule};
use crate::reading::OpenPoint;
use crate::scope::Case;
use crate::unknown_parts::MAYBE;

impl Case<'_> {
    /// Section 6 of the semantics: whether a tool may be used.
    pub(crate) fn tool(&self, rule: Rule) -> bool {
        let listed = match self.target.extent {
            // No list is without limit.
            Extent::Every => false,
            Extent::One | Extent::Some => {
                self.profiles().filter_map(|profile| profile.source.as_deref()).any(|profile| self.lists(profile, rule))
            }
        };
        listed && (rule != Rule::Access || self.has_panel())
    }

    /// Whether the principal can open applications at all: a user does so inside the contact control panel.
    pub(crate) fn has_panel(&self) -> bool {
        self.asker.is_agent || self.holds(Permission::At(self.compiled.permission_index().places.agent_access))
    }

    /// Whether the profile lists the tool.
    pub(crate) fn lists(&self, profile: &SecurityProfile, rule: Rule) -> bool {
        if self.compiled.lacks_tools(&profile.id) && self.grants(OpenPoint::Unseen) && self.may_list(rule) {
            return true;
        }
        match rule {
            Rule::Access | Rule::Tool => profile.applications.iter().any(|entry| self.opens(entry, rule)),
            Rule::Invoke => profile
                .allowed_flow_modules
                .iter()
                .filter_map(|entry| self.compiled.module_id(entry.flow_module_id.as_deref()?))
                .any(|id| self.names_module(id)),
            Rule::Collaborate => {
                let mut arns = profile.allowed_ai_agents.iter().filter_map(|entry| entry.arn.as_deref());
                arns.any(|arn| self.is_meant(arn))
            }
            _ => false,
        }
    }

    /// Whether an entry opens the application or the server's tool.
    fn opens(&self, entry: &Application, rule: Rule) -> bool {
        let wanted = match self.permission {
            Permission::Named(name) => name,
            Permission::At(_) => return false,
        };
        let of_type = match (rule, entry.application_type) {
            (Rule::Access, None | Some(ApplicationType::ThirdPartyApplication)) => true,
            (Rule::Tool, Some(ApplicationType::Mcp)) => true,
            (Rule::Tool, None) => self.grants(OpenPoint::A4),
            _ => false,
        };
        of_type
            && entry.namespace.as_deref().is_some_and(|namespace| self.is_meant(namespace))
            && entry.permissions.iter().any(|permission| permission == wanted)
    }

    /// Whether the question is about what this names.
    fn is_meant(&self, name: &str) -> bool {
        self.target.extent == Extent::Some || self.target.resource.id == name
    }

    fn names_module(&self, listed: &str) -> bool {
        let module = IdRef::new(without_qualifier(listed));
        if self.target.extent == Extent::Some {
            return match self.compiled.find(self.target.it, module) {
                Some(at) => self.is_invocable(at),
                None => self.compiled.lacks(Kind::FlowModule) && self.grants(OpenPoint::Unseen),
            };
        }
        let Some(wanted) = self.compiled.module_id(self.target.resource.id) else { return false };
        let equal =
            wanted == listed || (self.grants(OpenPoint::A16) && without_qualifier(wanted) == without_qualifier(listed));
        equal && self.target.item.is_none_or(|at| self.is_invocable(at))
    }

    /// Whether a stored module is enabled for invocation from outside flows.
    pub(crate) fn is_invocable(&self, at: u32) -> bool {
        at == MAYBE || self.compiled.item(at).is_some_and(Item::is_invocable)
    }
}
