//! Rule 15: what an action ties to another resource, and what can be listed by name.

use lanyard_model::catalogue::ResourceType;

use crate::ask::{Ask, Asker, Extent, Target, assignable};
use crate::compiled::Compiled;
use crate::decide::{Handle, NO_DETAILS};
use crate::permission_index::Permission;
use crate::profile::Profile;
use crate::reading::{OpenPoint, Reading};
use crate::scope::{Case, Limit, Limits};
use crate::types::Type;
use crate::unknown_parts::MAYBE;

impl Ask<'_> {
    /// Whether the principal may tie everything that the action assigns.
    #[inline]
    pub(crate) fn may_assign(&self, asker: Asker, reading: Reading) -> bool {
        let mut assigns = self.question.assigns.iter();
        assigns.all(|(name, id)| self.compiled.may_tie(asker, name, id, reading))
    }
}

impl Compiled {
    /// Whether the principal may tie the resource of this type and identifier to another. One that does not exist is
    /// tied to nothing.
    pub(crate) fn may_tie(&self, asker: Asker, name: &str, id: &str, reading: Reading) -> bool {
        let Some(resource_type) = assignable(name) else { return false };
        let it = Type::Of(resource_type);
        let item = self.find_named(it, id).or_else(|| self.lacks_any(it).then_some(MAYBE));
        (item.is_some() || !it.is_stored()) && self.may_tie_item(asker, resource_type, item, reading)
    }

    fn may_tie_item(&self, asker: Asker, it: ResourceType, item: Option<u32>, reading: Reading) -> bool {
        // The permission counts for nothing: the View permission and those that cover the type are looked for instead.
        let permission = Permission::Named("");
        let (extent, resource) = (Extent::One, &NO_DETAILS);
        let target = Target { it: Type::Of(it), extent, item, resource, agent: None, owner: None };
        Case { compiled: self, asker, permission, target: &target, reading }.may_tie(it)
    }

    /// Whether a principal may list a stored resource by name because another permission covers its type, without the
    /// View permission on it (`decision-semantics`, rule 15: inheritance shows). The strict reading decides.
    #[must_use]
    pub fn may_list(&self, principal: Handle, resource: Handle) -> bool {
        let look_up = || {
            let Type::Of(it) = self.type_of(resource.0)? else { return None };
            Some((self.asker(principal.0)?, it))
        };
        look_up().is_some_and(|(asker, it)| self.may_tie_item(asker, it, Some(resource.0), Reading::STRICT))
    }

    /// Whether a principal may list resources of the type by name at all, without the View permission on it. The strict
    /// reading decides.
    #[must_use]
    pub fn may_list_some(&self, principal: Handle, it: ResourceType) -> bool {
        let covering = self.permission_index().covering(it);
        self.asker(principal.0).is_some_and(|asker| self.profiles(asker.class).any(|it| it.held.meets(&covering)))
    }
}

impl Case<'_> {
    /// Whether the target, of this type, may be tied to another resource.
    fn may_tie(&self, it: ResourceType) -> bool {
        if self.target.item == Some(MAYBE) && !self.grants(OpenPoint::Unseen) {
            return false;
        }
        let covering = self.compiled.permission_index().covering(it);
        let is_covered = self.profiles().any(|profile| profile.held.meets(&covering));
        if self.has_blank_profile() && self.grants(OpenPoint::Unseen) {
            // An unknown profile may hold the View permission and restrict nothing.
            return true;
        }
        is_covered
            && (it != ResourceType::User || self.meets(it, |limits| limits.hierarchy))
            && (self.grants(OpenPoint::Q12) || self.meets(it, |limits| limits.tag))
    }

    /// Whether no profile restricts the type in this way, or one that holds the View permission does not, or the target
    /// is in scope of one that does.
    fn meets(&self, it: ResourceType, limit_of: impl Fn(Limits) -> Limit) -> bool {
        let view = self.compiled.permission_index().view(it).map(Permission::At);
        let views = |profile: &Profile| view.is_some_and(|view| profile.holds(view));
        let (mut restricted, mut met) = (self.may_be_barred() && !self.is_unbound(), false);
        for profile in self.profiles() {
            match limit_of(self.limits(profile, it)) {
                Limit::Free if views(profile) => return true,
                Limit::Free => {}
                limit => {
                    restricted = true;
                    met |= limit.lets(Extent::One);
                }
            }
        }
        !restricted || met
    }
}
