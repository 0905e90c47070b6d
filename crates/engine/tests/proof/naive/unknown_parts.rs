//! The rules of the page for unknown parts.

use lanyard_engine::OpenPoint;
use lanyard_model::Kind;
use lanyard_model::resources::SecurityProfile;

use super::super::vocabulary::{acts_on, in_catalogue, is_analytics, is_recording, type_exists};
use super::{Eval, Who};

impl Eval<'_> {
    pub(super) fn lacks(&self, kind: Kind) -> bool {
        self.unknown_parts.kinds.contains(&kind)
    }

    pub(super) fn has_blank(&self, ids: &[lanyard_model::Id]) -> bool {
        self.lacks(Kind::SecurityProfile) && ids.iter().any(|id| !self.d.security_profiles.contains_key(id))
    }

    /// Whether the restrictions of the profile are unknown, and refuse.
    pub(super) fn veiled(&self, who: &Who<'_>, profile: &SecurityProfile) -> bool {
        self.unknown_parts.restrictions.contains(&profile.id) && !self.lenient(OpenPoint::Unseen) && self.binds(who)
    }

    /// Whether an unknown profile refuses.
    pub(super) fn barred(&self, who: &Who<'_>) -> bool {
        who.blank && !self.lenient(OpenPoint::Unseen)
    }

    /// The kind of which the resource is, where the instance stores its type.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self.q.resource.resource_type {
            "ContactFlowModule" => Some(Kind::FlowModule),
            "User" | "SecurityProfile" | "Queue" | "RoutingProfile" | "QuickConnect" | "HoursOfOperation"
            | "HierarchyGroup" | "DataTable" | "DataTableRecord" => Kind::from_name(self.q.resource.resource_type),
            _ => None,
        }
    }

    /// Whether the resource is unknown and may exist.
    pub(super) fn maybe(&self) -> bool {
        // Of a record that is not made yet, it is the table that may exist.
        let kind = if self.q.resource.hypothetical { Some(Kind::DataTable) } else { self.kind() };
        !self.is_seen() && kind.is_some_and(|kind| self.lacks(kind))
    }

    /// Whether the action acts on resources of the type at all.
    pub(super) fn applies(&self, action: &str) -> bool {
        let it = self.q.resource.resource_type;
        match (it, action) {
            ("ThirdPartyApplication", "ACCESS")
            | ("McpServer", _)
            | ("ContactFlowModule", "Invoke")
            | ("AIAgent", "Collaborate") => return true,
            _ => {}
        }
        let tools = ["ThirdPartyApplication", "McpServer", "AIAgent"];
        if let Some(task) = action.strip_prefix("task:") {
            let is_task = lanyard_engine::tasks::TASKS.iter().any(|it| it.name == task);
            return is_task && (type_exists(it) || tools.contains(&it));
        }
        if !lanyard_model::catalogue::is_well_formed(action) || tools.contains(&it) {
            return false;
        }
        let types = if in_catalogue(action) { acts_on(action) } else { None };
        match (it, types) {
            (_, Some(types)) => types.contains(&it),
            ("Instance", None) => true,
            ("Contact", None) => is_recording(action),
            ("User" | "Queue" | "RoutingProfile", None) => in_catalogue(action) && is_analytics(action),
            _ => false,
        }
    }

    /// Whether a group and all above it are known.
    pub(super) fn is_whole(&self, group: &str) -> bool {
        let there = |id: &lanyard_model::Id| self.find_group(&id.to_string()).is_some();
        self.find_group(group).is_some_and(|group| group.ancestors.iter().all(there))
    }
}
