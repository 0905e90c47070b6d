//! Rule 11.

use lanyard_model::Id;

use super::super::vocabulary::holds;
use super::resource::{About, Facts, Part};
use super::scope::Effect;
use super::{Eval, Malformed, Who};

impl Eval<'_> {
    /// Which contacts are visible.
    pub(super) fn is_visible(&self, who: &Who<'_>, about: &About) -> Result<bool, Malformed> {
        if self.unknown_profile_grants(who) {
            return Ok(true);
        }
        let (all, own) = (self.holds_anywhere(who, "ContactSearch.View"), self.holds_anywhere(who, "MyContacts.View"));
        let is_own = match about {
            About::One(_) => self.is_named_by(who, self.q.resource.agent_id)?,
            About::Some => true,
            About::Every | About::Nothing => false,
        };
        Ok(match (all, self.is_narrowed_by_hierarchy(who)) {
            (true, false) => true,
            (true, true) => {
                self.agent_is_below_own_group(who, about)? != Effect::OutOfScope || own && self.open("P14") && is_own
            }
            (false, _) => own && is_own,
        })
    }

    /// Q9: "strict, R counts if any profile holds it; lenient, only if every profile that holds V holds it".
    fn is_narrowed_by_hierarchy(&self, who: &Who<'_>) -> bool {
        const R: &str = "RestrictContactAccessByHierarchy.View";
        if !self.restrictions_bind(who) {
            return false;
        }
        if self.unknown_profile_restricts(who) {
            return true;
        }
        if self.open("Q9") {
            return who.profiles.iter().filter(|it| holds(it, "ContactSearch.View")).all(|it| holds(it, R));
        }
        who.profiles.iter().any(|it| holds(it, R))
    }

    /// "Those whose agent's group is the principal's own or below (rule 5 with the own group, Q4, Q5)."
    fn agent_is_below_own_group(&self, who: &Who<'_>, about: &About) -> Result<Effect, Malformed> {
        if !matches!(about, About::One(_)) {
            return Ok(self.below_own_group(who, about));
        }
        let agent = match self.q.resource.agent_id {
            Some(name) => self.find_user(name)?,
            None => None,
        };
        // "A contact without an agent, or whose agent is no user any more, counts as a resource without a group." So does
        // one whose agent is unknown.
        let group = Part::Known(agent.and_then(|agent| agent.hierarchy_group_id.as_ref().map(Id::to_string)));
        let agent = Facts { id: String::new(), tags: Part::Unknown, group, row: None, may_not_exist: false };
        Ok(self.below_own_group(who, &About::One(agent)))
    }
}
