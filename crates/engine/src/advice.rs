//! The permissions that a principal lacks for an access that is denied.
//!
//! Invariants: each set was tried on a copy of the state. With it the strict reading allows, and with a part of it the
//! strict reading does not. No set has a permission that the principal holds.

use std::sync::Arc;

use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::{AiAgent, SecurityProfile};
use lanyard_model::{Change, Id, Resource, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ask::{Ask, Asker, Serving, Wanted, assignable};
use crate::compiled::Compiled;
use crate::permission_index::{Rule, VIEW_OWN_CASES};
use crate::profile::Profile;
use crate::reading::Reading;
use crate::types::Type;

/// The most permissions of a set that is searched for among all; a larger set is found by leaving permissions out.
const SEARCHED: u32 = 3;

/// The most permissions that are tried.
const CANDIDATES: usize = 24;

/// A profile that no instance has: it represents one to be made.
const NEW_PROFILE: &str = "new:advice";

/// A security profile by identifier and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileName {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
}

impl ProfileName {
    pub(crate) fn of(profile: &SecurityProfile) -> Self {
        Self { id: profile.id.to_string(), name: profile.name.clone() }
    }
}

/// Permissions that a principal lacks, all of which together grant the access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingSet {
    /// The permissions.
    pub permissions: Vec<String>,
    /// The profiles of the principal that grant the access once they hold the permissions. Where there is none, it takes
    /// another profile, which does not restrict the type.
    pub profiles: Vec<ProfileName>,
}

/// The permissions that a principal lacks for an access that is denied. Where no permission helps there is no advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// The principal: identifier or ARN.
    pub principal: String,
    /// The sets of permissions of which any one is enough.
    pub sets: Vec<MissingSet>,
}

impl Ask<'_> {
    /// The advice for each principal to whom the access is denied.
    pub(crate) fn advice(&self) -> Vec<Advice> {
        let person = match self.serving {
            Serving::Person(person) => Some(person),
            Serving::Itself | Serving::Unsaid | Serving::Unknown => None,
        };
        let askers = std::iter::once(self.asker).chain(person);
        askers.filter(|asker| !self.permits(*asker, Reading::LENIENT)).filter_map(|it| self.advice_for(it)).collect()
    }

    fn advice_for(&self, asker: Asker) -> Option<Advice> {
        let candidates = self.candidates(asker);
        if candidates.is_empty() {
            return None;
        }
        let chosen = |mask: u32| -> Vec<&str> {
            let is_in = |(at, _): &(usize, _)| mask & (1 << at) != 0;
            candidates.iter().enumerate().filter(is_in).map(|(_, name)| *name).collect()
        };
        let mut additional = self.trial(asker, None)?;
        let mut is_enough = |mask: u32| additional.is_granted_with(&chosen(mask));
        let all = (1 << candidates.len()) - 1;
        if !is_enough(all) {
            return None;
        }
        let mut masks: Vec<u32> = Vec::new();
        let mut level = vec![0_u32];
        for _ in 0..SEARCHED {
            let larger = level.iter().flat_map(|mask| {
                // Each set once: permissions are added in their order.
                let first = 32 - mask.leading_zeros();
                (first..32).map(move |at| mask | 1 << at).take_while(|mask| *mask <= all)
            });
            level = larger.filter(|mask| masks.iter().all(|known| mask & known != *known)).collect();
            let (enough, rest): (Vec<u32>, Vec<u32>) = level.into_iter().partition(|mask| is_enough(*mask));
            masks.extend(enough);
            level = rest;
        }
        if masks.is_empty() {
            let least = (0..candidates.len())
                .map(|at| 1 << at)
                .fold(all, |least, bit: u32| if is_enough(least & !bit) { least & !bit } else { least });
            masks.push(least);
        }
        let sources = self.compiled.profiles(asker.class).filter_map(|profile| profile.source.as_ref());
        let mut trials: Vec<_> =
            sources.filter_map(|source| Some((ProfileName::of(source), self.trial(asker, Some(source))?))).collect();
        let sets = masks.into_iter().map(|mask| {
            let names = chosen(mask);
            let enough =
                trials.iter_mut().filter_map(|(profile, trial)| trial.is_granted_with(&names).then(|| profile.clone()));
            let profiles = enough.collect();
            MissingSet { permissions: names.into_iter().map(str::to_owned).collect(), profiles }
        });
        let sets = sets.collect();
        let principal = self.compiled.item(asker.at).map(|item| item.id.to_string()).unwrap_or_default();
        Some(Advice { principal, sets })
    }

    /// A copy of the state in which permissions are added to a profile of the principal, or to another that it holds in
    /// addition and that restricts nothing.
    fn trial(&self, asker: Asker, profile: Option<&Arc<SecurityProfile>>) -> Option<Trial<'_>> {
        let mut compiled = self.compiled.clone();
        let id = match profile {
            Some(profile) => profile.id.clone(),
            None => {
                let new = SecurityProfile::named(Id::new(NEW_PROFILE), NEW_PROFILE, Timestamp::default(), "");
                let id = new.id.clone();
                compiled.apply(&[Change::Create(new.into()), Change::Create(self.with_new_profile(asker)?)]);
                id
            }
        };
        let at = compiled.find(Type::Of(ResourceType::SecurityProfile), id.as_ref())?;
        let number = compiled.item(at)?.number;
        let before = compiled.profile(number)?.clone();
        let asker = compiled.asker(asker.at)?;
        Some(Trial { ask: self, compiled, asker, number, before })
    }

    /// The principal with one more profile.
    fn with_new_profile(&self, asker: Asker) -> Option<Resource> {
        let new = Id::new(NEW_PROFILE);
        if let Some(user) = self.compiled.user_at(asker.at) {
            let mut user = (**user).clone();
            user.security_profile_ids.push(new);
            return Some(user.into());
        }
        let arn = self.compiled.item(asker.at)?.id.to_string();
        // A profile that is unknown stays so: no instance has the identifier of the profile that represents it.
        let id = |profile: &Profile| {
            profile.source.as_ref().map_or_else(|| Id::new("new:unknown"), |source| source.id.clone())
        };
        let security_profile_ids = self.compiled.profiles(asker.class).map(id).chain([new]).collect();
        Some(AiAgent { arn, security_profile_ids }.into())
    }

    /// The permissions that may be missing: those of the action, those that its rule asks for in addition, and those that
    /// cover what is assigned. The principal holds none of them.
    fn candidates(&self, asker: Asker) -> Vec<&str> {
        let permission_index = self.compiled.permission_index();
        let mut names: Vec<&str> = Vec::new();
        match self.query.wanted {
            Wanted::Permission(_, rule) => {
                let is_tool = matches!(rule, Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate);
                names.extend((!is_tool).then_some(self.question.action));
                names.extend(also_asked_for(rule));
            }
            Wanted::Task(task) => task.formula.permissions(&mut |name| {
                if let Some((_, rule, _)) = self.step(name) {
                    names.push(name);
                    names.extend(also_asked_for(rule));
                }
            }),
            Wanted::BuiltinTool(tool) => names.extend(tool.permission),
            Wanted::Unknown => {}
        }
        let assigned = self.question.assigns.iter().filter_map(|(name, _)| assignable(name)?.view_permission());
        names.extend(assigned);
        let lacks = |name: &str| {
            let Some(permission) = permission_index.permission(name) else { return false };
            let takes_away = permission_index.is_restricting(permission) && name != self.question.action;
            !takes_away && !self.compiled.profiles(asker.class).any(|profile| profile.holds(permission))
        };
        let mut candidates: Vec<&str> = Vec::new();
        for name in names {
            if !candidates.contains(&name) && lacks(name) && candidates.len() < CANDIDATES {
                candidates.push(name);
            }
        }
        candidates
    }
}

/// A copy of the state in which a profile changes.
struct Trial<'a> {
    ask: &'a Ask<'a>,
    compiled: Compiled,
    asker: Asker,
    /// The number of the profile.
    number: u32,
    before: Profile,
}

impl Trial<'_> {
    /// Whether the principal may once the profile holds the permissions too.
    fn is_granted_with(&mut self, permissions: &[&str]) -> bool {
        let mut changed = self.before.clone();
        permissions.iter().for_each(|name| changed.hold(self.ask.compiled.permission_index(), name));
        let Some(profile) = self.compiled.profile_mut(self.number) else { return false };
        *profile = changed;
        let (compiled, asker, serving) = (&self.compiled, self.asker, Serving::Itself);
        Ask { compiled, asker, serving, ..*self.ask }.permits(asker, Reading::STRICT)
    }
}

/// The permissions that a rule asks for in addition to the one of the question.
fn also_asked_for(rule: Rule) -> Vec<&'static str> {
    match rule {
        Rule::Typed(it) | Rule::Analytics(it) => it.view_permission().into_iter().collect(),
        Rule::OwnAnalytics => ResourceType::User.view_permission().into_iter().collect(),
        Rule::Table | Rule::Record => ResourceType::DataTable.view_permission().into_iter().collect(),
        Rule::Owned(ResourceType::Case) => vec![VIEW_OWN_CASES],
        Rule::Visible => vec!["ContactSearch.View", "MyContacts.View"],
        Rule::Access => vec!["BasicAgentAccess"],
        Rule::Owned(_) | Rule::Capability | Rule::Tool | Rule::Invoke | Rule::Collaborate => Vec::new(),
    }
}
