//! Why an answer is as it is, as data: the effect of each profile, the obstacles, the way to the resource, and what is
//! missing.

use serde::{Deserialize, Serialize};

use crate::advice::{Advice, ProfileName};
use crate::contact_limit::ContactLimit;
use crate::outcome::Answer;
use crate::permission_index::AGENT_ACCESS;
use crate::reading::{OpenPoint, Outcome};

/// The effect of a profile, or an obstacle. The explanation follows the strict reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// The profile grants what was asked for.
    Grants,
    /// The profile does not hold the permission.
    PermissionMissing {
        /// The permission.
        permission: String,
    },
    /// The profile restricts the type to resources with tags that this one lacks.
    TagMismatch {
        /// The pairs of key and value that are missing.
        missing: Vec<(String, String)>,
    },
    /// The profile restricts the type by tag and names no tags (Q3).
    RestrictionWithoutTags,
    /// The resource's hierarchy group is neither the one that counts nor below it.
    OutsideHierarchy {
        /// The group that counts; `None` for the principal's own.
        group: Option<String>,
    },
    /// The principal's own group counts, and there is none (Q4).
    PrincipalWithoutGroup,
    /// The profile restricts by hierarchy, and the resource is in no group (Q5).
    ResourceWithoutGroup,
    /// The profile restricts the type without the permission to view it.
    ViewMissing {
        /// The View permission.
        permission: String,
    },
    /// The profile grants on a part of the type only.
    OnlyInPart,
    /// The record has a value that the profile's record rule does not list.
    RecordOutOfScope {
        /// The attributes with such values.
        attributes: Vec<String>,
    },
    /// The record lacks attributes that the profile's record rule names (Q7).
    RecordAttributeMissing {
        /// The attributes.
        attributes: Vec<String>,
    },
    /// The profile does not list the tool.
    ToolMissing,
    /// The profile lists the tool in a way that may or may not count.
    ToolUncertain {
        /// The open point.
        open_point: OpenPoint,
    },
    /// The flow module is not enabled for invocation from outside flows.
    ModuleNotInvocable,
    /// The principal has no profile at all.
    NoProfile,
    /// A user opens an application inside the contact control panel, and does not hold its permission.
    PanelMissing {
        /// The permission.
        #[serde(default = "agent_access")]
        permission: String,
    },
    /// A profile with a record rule forbids to change primary values.
    PrimaryValuesFixed,
    /// The permission shows a person's own data only, and the resource is not the principal.
    NotOneself,
    /// The permission is for one's own resources only, and the owner is not the principal.
    NotOwner,
    /// The principal cannot view the contact.
    ContactNotVisible {
        /// The reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<ContactLimit>,
    },
    /// No permission of the principal covers the resource that the action assigns, or it is outside the scope of those
    /// who restrict its type (rule 15).
    AssignedOutOfReach {
        /// The type.
        resource_type: String,
        /// The identifier.
        id: String,
        /// The open point, where only that is in the way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open_point: Option<OpenPoint>,
    },
    /// A profile grants it, and the restrictions of others of the principal bind too (rules 9 and 10).
    OtherRestrictions {
        /// The other profiles; none where only an unknown one may restrict it.
        profiles: Vec<ProfileName>,
    },
    /// The principal is an AI agent, and neither a person nor self-service was named (Q11).
    HumanNotNamed,
    /// The restrictions of the profile are unknown (Unseen).
    RestrictionsNotSeen,
    /// The profile's applications, flow modules and AI agents are unknown (Unseen).
    ToolsNotSeen,
    /// The profile may hold more permissions than the known ones (Unseen).
    PermissionsNotSeen,
    /// A profile of the principal is unknown (Unseen).
    ProfileNotSeen,
    /// The resource is unknown, and may exist (Unseen).
    ResourceNotSeen,
    /// The principal is unknown, and may exist (Unseen).
    PrincipalNotSeen,
    /// The person whom the AI agent serves is unknown, and may exist (Unseen).
    PersonNotSeen,
}

/// The effect of one profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileReport {
    /// The profile.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Only [`Finding::Grants`], or all obstacles.
    pub findings: Vec<Finding>,
    /// The permissions as the profile stores them that give it the permission of the report: that permission, and those
    /// that include it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stored_permissions: Vec<String>,
    /// The scope to which it restricts the type, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

/// The scope to which a profile restricts a type: all parts must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The tags that a resource must carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<(String, String)>>,
    /// The group in or below which a user must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hierarchy_group_id: Option<String>,
    /// Users must be in the principal's own group or below.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_hierarchy_group: bool,
    /// The attributes and values that a record must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_values: Vec<(String, Vec<String>)>,
}

/// The evaluation of one permission, for one principal. A task takes several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The principal, or the person it serves: identifier or ARN.
    pub principal: String,
    /// The permission or tool.
    pub permission: String,
    /// The outcome.
    pub outcome: Outcome,
    /// The effect of each profile, in the order in which the principal has them.
    pub profiles: Vec<ProfileReport>,
    /// The obstacles that no profile removes.
    pub reasons: Vec<Finding>,
    /// Where the answer is no: the place in `profiles` of the one that came closest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closest: Option<usize>,
}

/// Warnings for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Holding the permission takes something away: allowed means that the flag is on.
    RestrictingPermission,
    /// The catalogue does not have the permission.
    PermissionNotInCatalogue,
    /// No security profile of the instance holds the permission either: a person who asks has misspelt it.
    PermissionUnknown,
}

/// An answer and why it is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The answer in both readings.
    pub answer: Answer,
    /// The revision of the state.
    pub revision: u64,
    /// The evaluation of each permission, for the principal first and then for the person it serves.
    pub reports: Vec<Report>,
    /// The obstacles before any profile was evaluated.
    pub reasons: Vec<Finding>,
    /// Warnings for the reader.
    pub warnings: Vec<Warning>,
    /// The missing permissions, for each principal to whom it is denied: only by [`Compiled::explain_in_full`].
    pub advice: Vec<Advice>,
    /// The way from the principal to the resource: only by [`Compiled::explain_in_full`].
    pub way: Vec<Step>,
}

pub(crate) fn agent_access() -> String {
    AGENT_ACCESS.to_owned()
}

/// A step of the way from a principal to a resource: the principal, a profile, a line of the profile, or the resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// How many steps are above it: the steps are a tree, written from its root down.
    pub depth: usize,
    /// `User`, `AIAgent`, `SecurityProfile`, `Permission`, `Tool`, `Restriction`, or the type of the resource.
    #[serde(rename = "type")]
    pub step_type: String,
    /// The identifier: of a permission, its name; of a restriction there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The name, or the identifier where the name is not known here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Of a permission as stored: the permissions of the question that it includes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<String>,
    /// Of a restriction: the scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// The obstacles at this step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The step is missing, or not passed in the strict reading.
    pub missing: bool,
}

/// The names that take the place of permissions and of identifiers.
pub struct Renaming<'a> {
    /// The name of a permission.
    pub permission: &'a dyn Fn(&str) -> String,
    /// The name of the resource of a type and identifier.
    pub resource: &'a dyn Fn(&str, &str) -> String,
}

impl Explanation {
    /// Replaces permissions and identifiers by names, for text.
    pub fn rename(&mut self, names: &Renaming<'_>) {
        let all = |permissions: &mut Vec<String>| permissions.iter_mut().for_each(|it| *it = (names.permission)(it));
        self.reasons.iter_mut().for_each(|finding| finding.rename(names));
        for report in &mut self.reports {
            report.principal = (names.resource)("User", &report.principal);
            report.permission = (names.permission)(&report.permission);
            report.reasons.iter_mut().for_each(|finding| finding.rename(names));
            for profile in &mut report.profiles {
                profile.findings.iter_mut().for_each(|finding| finding.rename(names));
                all(&mut profile.stored_permissions);
                profile.scope.iter_mut().for_each(|scope| scope.rename(names));
            }
        }
        for advice in &mut self.advice {
            advice.principal = (names.resource)("User", &advice.principal);
            advice.sets.iter_mut().for_each(|set| all(&mut set.permissions));
        }
        for step in &mut self.way {
            let name = match step.step_type.as_str() {
                "Permission" => (names.permission)(&step.id),
                other => (names.resource)(other, &step.id),
            };
            // A name that only the engine knows stays.
            if name != step.id {
                step.name = name;
            }
            all(&mut step.includes);
            step.scope.iter_mut().for_each(|scope| scope.rename(names));
            step.findings.iter_mut().for_each(|finding| finding.rename(names));
        }
    }
}

impl Scope {
    fn rename(&mut self, names: &Renaming<'_>) {
        if let Some(group) = &mut self.hierarchy_group_id {
            *group = (names.resource)("HierarchyGroup", group);
        }
    }
}

impl Finding {
    fn rename(&mut self, names: &Renaming<'_>) {
        let group = |id: &mut String| *id = (names.resource)("HierarchyGroup", id);
        match self {
            Self::PermissionMissing { permission }
            | Self::ViewMissing { permission }
            | Self::PanelMissing { permission } => {
                *permission = (names.permission)(permission);
            }
            Self::OutsideHierarchy { group: Some(id) } => group(id),
            Self::AssignedOutOfReach { resource_type, id, .. } => *id = (names.resource)(resource_type, id),
            Self::ContactNotVisible { why: Some(why) } => {
                why.rename(names.permission, &group);
            }
            _ => {}
        }
    }
}
