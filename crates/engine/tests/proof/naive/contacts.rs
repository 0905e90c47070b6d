//! Rule 11 of the page: contacts.

use lanyard_engine::OpenPoint::{P14, Q4, Q9};

use super::super::vocabulary::holds;
use super::{Eval, Who};

impl Eval<'_> {
    pub(super) fn visible(&self, who: &Who<'_>) -> bool {
        const V: &str = "ContactSearch.View";
        const R: &str = "RestrictContactAccessByHierarchy.View";
        let any = |name| who.profiles.iter().any(|profile| holds(profile, name));
        let own = || !self.every() && (self.some() || self.names(self.q.resource.agent_id, who));
        let m = any("MyContacts.View");
        if !any(V) {
            return m && own();
        }
        let r = if self.lenient(Q9) {
            who.profiles.iter().filter(|profile| holds(profile, V)).all(|profile| holds(profile, R))
        } else {
            any(R)
        };
        if !(r || self.barred(who)) || !self.binds(who) {
            return true;
        }
        let by_group = match &who.group {
            None => self.lenient(Q4) && !who.is_agent,
            Some(_) if self.every() || self.some() => self.some(),
            Some(top) => {
                let agent = self.q.resource.agent_id.and_then(|text| self.user_named(text).unwrap());
                let group = agent.and_then(|user| user.hierarchy_group_id.as_ref());
                self.in_group(group.map(ToString::to_string), top)
            }
        };
        by_group || (m && self.lenient(P14) && own())
    }
}
