//! A security profile in the target.

use lanyard_model::resources::{AllowedAiAgent, AllowedFlowModule, Application, SecurityProfile};
use lanyard_model::{Id, Key, Kind};

use super::{Mapping, Promoting};
use crate::names::name_of_id;

impl Promoting<'_> {
    /// The profile; `None` where it is left out, or has a reference without a counterpart.
    pub(super) fn profile(&mut self, key: &Key, it: &SecurityProfile) -> Option<SecurityProfile> {
        let name = match self.map.mapping(Kind::SecurityProfile, &it.name) {
            Some(Mapping::LeftOut) => return None,
            Some(Mapping::To(to)) => to,
            None => it.name.clone(),
        };
        let mut to = it.clone();
        // All errors of a profile are reported, not only the first.
        let faults = self.unmapped.len();
        to.tags = self.tags(key, "Tags", &it.tags).unwrap_or_default();
        to.allowed_access_control_tags =
            self.tags(key, "AllowedAccessControlTags", &it.allowed_access_control_tags).unwrap_or_default();
        if let Some(group) = &it.allowed_access_control_hierarchy_group_id {
            to.allowed_access_control_hierarchy_group_id =
                self.referenced_group(key, "AllowedAccessControlHierarchyGroup", group);
        }
        to.applications = it.applications.iter().filter_map(|it| self.application(key, it)).collect();
        to.allowed_flow_modules = it.allowed_flow_modules.iter().filter_map(|it| self.module(key, it)).collect();
        to.allowed_ai_agents = it.allowed_ai_agents.iter().filter_map(|it| self.allowed_agent(key, it)).collect();
        to.id = self.id_of_profile(name.clone());
        to.name = name;
        (self.unmapped.len() == faults).then_some(to)
    }

    /// A namespace that the map does not list must be one that the target uses.
    fn application(&mut self, key: &Key, it: &Application) -> Option<Application> {
        let Some(namespace) = &it.namespace else { return Some(it.clone()) };
        let to = match self.map.namespaces.get(namespace) {
            Some(Mapping::LeftOut) => return None,
            Some(Mapping::To(to)) => to.clone(),
            None if self.namespaces.contains(namespace.as_str()) => namespace.clone(),
            None => {
                let message = format!(
                    "no profile of the target uses the namespace `{namespace}`; add it under `Namespaces:` in the map, \
                     with itself where it is the same, or with `~` where it is left out"
                );
                self.fault(key, &format!("Applications/{namespace}"), message);
                return None;
            }
        };
        Some(Application { namespace: Some(to), ..it.clone() })
    }

    /// An identifier or ARN of a module; a version or alias stays.
    fn module(&mut self, key: &Key, it: &AllowedFlowModule) -> Option<AllowedFlowModule> {
        let Some(text) = &it.flow_module_id else { return Some(it.clone()) };
        let begin = text.rfind('/').map_or(0, |at| at.saturating_add(1));
        let (head, last) = text.split_at_checked(begin)?;
        let (id, version) = last.split_once(':').map_or((last, None), |(id, version)| (id, Some(version)));
        let name = name_of_id(&self.desired.directory, Kind::FlowModule, &Id::new(id));
        // Files refer to a module by its name where possible.
        let written = if id == text { &name } else { text };
        let to = self.counterpart(key, &format!("AllowedFlowModules/{written}"), Kind::FlowModule, &name)?;
        let arn = self.current.instances.values().next().and_then(|it| it.scope().arn(&it.id, Kind::FlowModule, &to));
        let base = arn.filter(|_| !head.is_empty()).unwrap_or_else(|| to.to_string());
        let flow_module_id = Some(version.map_or_else(|| base.clone(), |version| format!("{base}:{version}")));
        Some(AllowedFlowModule { flow_module_id, ..it.clone() })
    }

    fn allowed_agent(&mut self, key: &Key, it: &AllowedAiAgent) -> Option<AllowedAiAgent> {
        let Some(arn) = &it.arn else { return Some(it.clone()) };
        let to = self.agent(key, &format!("AllowedAiAgents/{arn}"), arn)?;
        Some(AllowedAiAgent { arn: Some(to), ..it.clone() })
    }
}
