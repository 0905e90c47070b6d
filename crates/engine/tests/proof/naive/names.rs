//! Section 2: principals and people, and their names.

use lanyard_engine::Principal;
use lanyard_model::resources::User;
use lanyard_model::{Id, Kind};

use super::{Eval, Malformed, Named, Who};

impl<'a> Eval<'a> {
    /// Text that must not be empty.
    pub(super) fn check_text(&self) -> Result<(), Malformed> {
        let (Principal::User(principal) | Principal::AiAgent(principal)) = self.q.principal;
        let required = [principal, self.q.action, self.q.resource.resource_type, self.q.resource.id];
        if required.contains(&"") || self.q.on_behalf_of == Some("") {
            return Err(Malformed);
        }
        Ok(())
    }

    pub(super) fn principal(&self) -> Result<Named<'a>, Malformed> {
        match self.q.principal {
            Principal::User(name) => self.user(name),
            Principal::AiAgent(arn) => Ok(self.ai_agent(arn)),
        }
    }

    /// "An AI agent (its ARN, matched exactly, version qualifier included)."
    fn ai_agent(&self, arn: &str) -> Named<'a> {
        for agent in self.d.ai_agents.values() {
            if agent.arn == arn {
                return Named::Known(self.who(arn.to_owned(), true, None, &agent.security_profile_ids));
            }
        }
        if self.may_have_unknown(Kind::AiAgent) { Named::MayExist } else { Named::Nobody }
    }

    /// "A user is named by id, then ARN of this instance, then user name; a name that could be two users is a malformed
    /// question."
    pub(super) fn user(&self, name: &str) -> Result<Named<'a>, Malformed> {
        Ok(match self.find_user(name)? {
            Some(user) => {
                let group = user.hierarchy_group_id.as_ref().map(Id::to_string);
                Named::Known(self.who(user.id.to_string(), false, group, &user.security_profile_ids))
            }
            None if self.may_have_unknown(Kind::User) => Named::MayExist,
            None => Named::Nobody,
        })
    }

    pub(super) fn find_user(&self, name: &str) -> Result<Option<&'a User>, Malformed> {
        let mut users = Vec::new();
        for user in self.d.users.values() {
            let id = user.id.to_string();
            let is_named = !user.is_erased() && user.username.to_lowercase() == name.to_lowercase();
            if id == name || Some(name) == self.arn("agent", &id).as_deref() || is_named {
                users.push(&**user);
            }
        }
        match users[..] {
            [] => Ok(None),
            [user] => Ok(Some(user)),
            _ => Err(Malformed),
        }
    }

    fn who(&self, id: String, is_agent: bool, group: Option<String>, profile_ids: &[Id]) -> Who<'a> {
        let mut profiles = Vec::new();
        // A profile that is assigned twice is one profile.
        for profile in self.d.security_profiles.values() {
            if profile_ids.contains(&profile.id) {
                profiles.push(&**profile);
            }
        }
        let missing = profile_ids.iter().any(|id| !self.d.security_profiles.contains_key(id));
        let has_unknown_profile = missing && self.may_have_unknown(Kind::SecurityProfile);
        Who { id, is_agent, group, profiles, has_unknown_profile }
    }

    /// Whether `agent_id` or `owner_id` names the principal: a user by any of a user's names, an AI agent by its ARN.
    pub(super) fn is_named_by(&self, who: &Who<'_>, name: Option<&str>) -> Result<bool, Malformed> {
        let Some(name) = name else { return Ok(false) };
        let user = self.find_user(name)?;
        Ok(if who.is_agent { name == who.id } else { user.is_some_and(|user| user.id.to_string() == who.id) })
    }

    /// The ARN of a resource of this instance; the instance's own for an empty segment.
    pub(super) fn arn(&self, segment: &str, id: &str) -> Option<String> {
        let instance = self.d.instances.values().next()?;
        let own = instance.scope().instance_arn(&instance.id);
        Some(if segment.is_empty() { own } else { format!("{own}/{segment}/{id}") })
    }
}
