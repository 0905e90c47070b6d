//! The rules: each one pass over the principal's profiles, and what follows from it.

use lanyard_model::IdRef;
use lanyard_model::catalogue::ResourceType;

use crate::ask::Extent;
use crate::compiled::Group;
use crate::permission_index::{Permission, Rule};
use crate::reading::OpenPoint;
use crate::record_rule::RecordLimit;
use crate::scope::{Case, Limit};

impl Case<'_> {
    /// Whether the permission is granted on the target by this rule.
    #[inline]
    pub(crate) fn granted(&self, rule: Rule, changes_primary_values: bool) -> bool {
        if self.compiled.unknown_parts().is_some()
            && let Some(allowed) = self.beyond_sight(rule, changes_primary_values)
        {
            return allowed;
        }
        match rule {
            Rule::Capability => self.holds(self.permission),
            Rule::Typed(it) => self.typed(rule, it, |_| true),
            Rule::Table => {
                !self.bars_change(changes_primary_values) && self.typed(rule, ResourceType::DataTable, |_| true)
            }
            Rule::Record => !self.bars_change(changes_primary_values) && self.record(),
            Rule::Analytics(it) => self.analytics(it),
            Rule::OwnAnalytics => self.is_principal() && self.analytics(ResourceType::User),
            Rule::Visible => self.holds(self.permission) && self.sees_contact(),
            Rule::Owned(it) => {
                self.owns()
                    && if self.grants(OpenPoint::Q13) {
                        self.holds(self.permission)
                    } else {
                        self.typed(rule, it, |_| true)
                    }
            }
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => self.tool(rule),
        }
    }

    /// Rules 2 to 8. `fits` adds what must hold of the profile whose scope the resource is in.
    #[inline]
    fn typed(&self, rule: Rule, it: ResourceType, fits: impl Fn(RecordLimit) -> bool) -> bool {
        let view = self.compiled.permission_index().view_for(rule, it);
        let combine = self.grants(OpenPoint::Q2);
        if combine && !self.holds(self.permission) {
            return false;
        }
        self.profiles().any(|profile| {
            let counts = if combine { profile.of_types.has(it) } else { profile.holds(self.permission) };
            counts && {
                let limits = self.limits(profile, it);
                limits.let_in(self.target.extent)
                    && self.may_view(profile, limits, view)
                    && fits(self.record_limit(profile))
            }
        })
    }

    /// Rule 10, on a record.
    fn record(&self) -> bool {
        let (rule, it) = (Rule::Record, ResourceType::DataTableRecord);
        if self.grants(OpenPoint::Q8) {
            self.typed(rule, it, |limit| self.fits(limit))
        } else {
            self.fits_all() && self.typed(rule, it, |_| true)
        }
    }

    /// Whether the record satisfies the entries of every profile of the principal.
    pub(crate) fn fits_all(&self) -> bool {
        self.profiles().all(|profile| self.fits(self.record_limit(profile)))
    }

    fn fits(&self, limit: RecordLimit) -> bool {
        match limit {
            RecordLimit::Free | RecordLimit::Within => true,
            RecordLimit::Lacks => self.grants(OpenPoint::Q7),
            RecordLimit::Partial => self.target.extent == Extent::Some,
            RecordLimit::Differs | RecordLimit::Unknown => false,
        }
    }

    /// Rule 9: restrictions by tag and by hierarchy must both be met, each by some profile.
    fn analytics(&self, it: ResourceType) -> bool {
        let extent = self.target.extent;
        let (mut counted, mut free, mut both) = (false, false, 0);
        let (mut by_tag, mut by_hierarchy) = (Required::default(), Required::default());
        for profile in self.profiles().filter(|profile| profile.holds(self.permission)) {
            let limits = self.limits(profile, it);
            let view = self.compiled.permission_index().view(it).map(Permission::At);
            if limits.restrict() && !view.is_none_or(|view| profile.holds(view)) {
                continue;
            }
            counted = true;
            free |= !limits.restrict();
            let is_known = limits.tag != Limit::Unknown;
            both += u8::from(is_known && limits.tag != Limit::Free && limits.hierarchy != Limit::Free);
            by_tag.count(limits.tag, extent);
            by_hierarchy.count(limits.hierarchy, extent);
        }
        if self.may_be_barred() {
            by_tag.restricted = true;
            by_hierarchy.restricted |= it == ResourceType::User;
        }
        counted && (free || (both >= 2 && self.grants(OpenPoint::H16)) || (by_tag.is_met() && by_hierarchy.is_met()))
    }

    /// Whether the target is the principal, or may be.
    pub(crate) fn is_principal(&self) -> bool {
        !self.asker.is_agent
            && match self.target.extent {
                Extent::One => self.target.user(self.compiled) == Some(self.asker.at),
                Extent::Some => true,
                Extent::Every => false,
            }
    }

    /// Rule 12: whether the target's owner is the principal, or may be.
    pub(crate) fn owns(&self) -> bool {
        match self.target.extent {
            Extent::One => self.names_principal(self.target.owner, self.target.resource.owner_id),
            Extent::Some => true,
            Extent::Every => false,
        }
    }

    fn names_principal(&self, user: Option<u32>, text: Option<&str>) -> bool {
        if self.asker.is_agent {
            let own = self.compiled.item(self.asker.at).map(|item| item.id.as_ref());
            text.is_some_and(|text| own == Some(IdRef::new(text)))
        } else {
            user == Some(self.asker.at)
        }
    }

    /// Rule 11: whether the contact is visible.
    pub(crate) fn sees_contact(&self) -> bool {
        let places = self.compiled.permission_index().places;
        let (all, own) = (Permission::At(places.all_contacts), Permission::At(places.own_contacts));
        let by_hierarchy = Permission::At(places.contacts_by_hierarchy);
        let sees_own = self.holds(own);
        if !self.holds(all) {
            return sees_own && self.has_contact();
        }
        let restricted = if self.grants(OpenPoint::Q9) {
            self.profiles().filter(|profile| profile.holds(all)).all(|profile| profile.holds(by_hierarchy))
        } else {
            self.holds(by_hierarchy)
        };
        if !(restricted || self.may_be_barred()) || self.is_unbound() {
            return true;
        }
        let in_group = match self.asker.group {
            Group::Nowhere => self.grants(OpenPoint::Q4) && !self.asker.is_agent,
            top => match self.target.extent {
                Extent::One => self.below(self.agent_group(), top) == Limit::Within,
                Extent::Some => true,
                Extent::Every => false,
            },
        };
        in_group || (sees_own && self.grants(OpenPoint::P14) && self.has_contact())
    }

    /// Whether the contact's agent is the principal, or may be.
    fn has_contact(&self) -> bool {
        match self.target.extent {
            Extent::One => self.names_principal(self.target.agent, self.target.resource.agent_id),
            Extent::Some => true,
            Extent::Every => false,
        }
    }

    pub(crate) fn agent_group(&self) -> Group {
        self.target.agent.and_then(|at| self.compiled.asker(at)).map_or(Group::Nowhere, |agent| agent.group)
    }
}

/// One kind of restriction over all profiles that count: met when none has it, or one of those that do is met.
#[derive(Default)]
struct Required {
    restricted: bool,
    met: bool,
}

impl Required {
    fn count(&mut self, limit: Limit, extent: Extent) {
        if limit != Limit::Free {
            self.restricted = true;
            self.met |= limit.lets(extent);
        }
    }

    fn is_met(&self) -> bool {
        !self.restricted || self.met
    }
}
