//! The reason why a contact is not visible (rule 11), in the strict reading.

use lanyard_model::resources::User;
use serde::{Deserialize, Serialize};

use crate::advice::ProfileName;
use crate::ask::Extent;
use crate::permission_index::Permission;
use crate::scope::Case;

/// The permission to see every contact.
const ALL_CONTACTS: &str = "ContactSearch.View";
/// The permission to see one's own contacts.
const OWN_CONTACTS: &str = "MyContacts.View";
/// The permission that limits contacts to those of the principal's own group and below.
const BY_HIERARCHY: &str = "RestrictContactAccessByHierarchy.View";

/// The agent of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactAgent {
    /// The user's identifier.
    pub id: String,
    /// The user's name.
    pub name: String,
    /// The hierarchy group that the user is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// The reason why a principal cannot see a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "limit", rename_all = "snake_case")]
pub enum ContactLimit {
    /// No profile of the principal shows any contact.
    NoPermission {
        /// The permissions of which one is needed.
        permissions: Vec<String>,
    },
    /// The principal sees only the contacts that are its own.
    OwnOnly {
        /// The permission that shows these.
        permission: String,
        /// The profiles that hold it.
        profiles: Vec<ProfileName>,
        /// The contact's agent; `None` where no user is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<ContactAgent>,
        /// The question is about every contact.
        every: bool,
    },
    /// The principal sees only the contacts of agents in its own hierarchy group or below.
    ByHierarchy {
        /// The permission that restricts contacts.
        permission: String,
        /// The profiles that hold it; none where only an unknown profile may.
        profiles: Vec<ProfileName>,
        /// The principal's own group; `None` where it has none (Q4).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// The contact's agent; `None` where no user is (Q5).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<ContactAgent>,
        /// The question is about every contact.
        every: bool,
    },
}

impl ContactLimit {
    /// Replaces permissions and the identifiers of groups by names.
    pub(crate) fn rename(&mut self, permission: &dyn Fn(&str) -> String, group: &dyn Fn(&mut String)) {
        let (restricting, own, agent) = match self {
            Self::NoPermission { permissions } => {
                permissions.iter_mut().for_each(|it| *it = permission(it));
                return;
            }
            Self::OwnOnly { permission, agent, .. } => (permission, None, agent),
            Self::ByHierarchy { permission, group, agent, .. } => (permission, group.as_mut(), agent),
        };
        *restricting = permission(restricting);
        own.into_iter().chain(agent.as_mut().and_then(|agent| agent.group.as_mut())).for_each(group);
    }
}

impl Case<'_> {
    /// Why the contact is not visible.
    pub(crate) fn contact_limit(&self) -> ContactLimit {
        let places = self.compiled.permission_index().places;
        let holders = |place: u16| -> Vec<ProfileName> {
            let holding = self.profiles().filter(|profile| profile.holds(Permission::At(place)));
            holding.filter_map(|profile| profile.source.as_deref().map(ProfileName::of)).collect()
        };
        let every = self.target.extent == Extent::Every;
        let agent = || {
            let asker = self.target.agent.filter(|_| self.target.extent == Extent::One)?;
            let user = self.compiled.user_at(asker)?;
            Some(ContactAgent { id: user.id.to_string(), name: user.username.clone(), group: group_of(user) })
        };
        if self.holds(Permission::At(places.all_contacts)) {
            return ContactLimit::ByHierarchy {
                permission: BY_HIERARCHY.to_owned(),
                profiles: holders(places.contacts_by_hierarchy),
                group: self.compiled.user_at(self.asker.at).and_then(|user| group_of(user)),
                agent: agent(),
                every,
            };
        }
        if self.holds(Permission::At(places.own_contacts)) {
            let profiles = holders(places.own_contacts);
            return ContactLimit::OwnOnly { permission: OWN_CONTACTS.to_owned(), profiles, agent: agent(), every };
        }
        ContactLimit::NoPermission { permissions: vec![ALL_CONTACTS.to_owned(), OWN_CONTACTS.to_owned()] }
    }
}

fn group_of(user: &User) -> Option<String> {
    user.hierarchy_group_id.as_ref().map(ToString::to_string).filter(|id| !id.is_empty())
}
