//! Ways to more access: each step was asked of the engine, and those who may go the same way through the same profile
//! are told together.

use std::collections::BTreeMap;

use lanyard_engine::{Compiled, Finding as Reason, Outcome, Principal, Question, Resource};
use lanyard_model::catalogue::{ResourceType, acts_on};
use lanyard_model::resources::{SecurityProfile, User};
use lanyard_model::{Change, Id, Resource as Stored};

use super::context::{Class, Context, Profile};
use super::finding::{Finding, Step, Subject};
use super::rule::{Rule, Severity};
use super::strength::{Strength, is_grave};

/// A way that somebody may go.
pub(super) struct EscalationPath {
    /// What they may do, after `may`.
    pub(super) what: String,
    pub(super) steps: Vec<Step>,
    pub(super) others: Vec<Subject>,
    /// How bad it is.
    pub(super) severity: Severity,
}

/// A rule, a profile through which a way is open, and the permission.
type At = (&'static str, usize, &'static str);

/// The ways found, by rule, by the profile through which they are open, and by the permission.
pub(super) struct EscalationPaths<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    found: BTreeMap<At, (&'static Rule, Outcome, EscalationPath, Vec<Id>)>,
    /// What each profile comes to.
    pub(super) profiles: Vec<Strength>,
    /// What each class comes to.
    pub(super) classes: Vec<Strength>,
    /// Every permission of the catalogue that can be gained, the gravest first, and its number where a profile holds it.
    gainable: Vec<(&'a str, Option<usize>)>,
}

impl<'c, 'a> EscalationPaths<'c, 'a> {
    pub(super) fn new(cx: &'c Context<'a>) -> Self {
        let flags = cx.taking_away();
        let profiles: Vec<_> = cx.profiles.iter().map(|profile| Strength::of(profile, &flags)).collect();
        let class = |class: &Class<'_>| {
            let mut strength = Strength::default();
            class.profiles.iter().filter_map(|number| profiles.get(*number)).for_each(|it| strength.extend(it));
            strength
        };
        let classes = cx.classes.iter().map(class).collect();
        let all = cx.catalogue.iter().filter(|it| !it.flags().restricting && !it.flags().legacy);
        let mut gainable: Vec<_> = all.map(|it| (it.api_name(), cx.numbered(it.api_name()))).collect();
        gainable.sort_by_cached_key(|(name, _)| {
            (!is_grave(cx.catalogue, name), !name.starts_with("SecurityProfiles."), *name)
        });
        Self { cx, found: BTreeMap::new(), profiles, classes, gainable }
    }

    /// Notes that users may go a way through a profile with a permission, as surely as `outcome` says. The first of the
    /// surest is the one shown.
    pub(super) fn note(
        &mut self,
        rule: &'static Rule,
        through: usize,
        action: &'static str,
        outcome: Outcome,
        users: impl IntoIterator<Item = Id>,
        way: impl FnOnce(&Self) -> EscalationPath,
    ) {
        let key = (rule.id, through, action);
        let known = self.found.get(&key).map(|(_, known, ..)| *known);
        if known.is_none_or(|known| known != Outcome::Allowed && outcome == Outcome::Allowed) {
            let way = way(self);
            let users = self.found.remove(&key).map(|(.., users)| users).unwrap_or_default();
            self.found.insert(key, (rule, outcome, way, users));
        }
        if let Some((.., all)) = self.found.get_mut(&key) {
            all.extend(users);
        }
    }

    pub(super) fn tell(self, found: &mut Vec<Finding>) {
        let cx = self.cx;
        for ((_, through, action), (rule, _, way, mut users)) in self.found {
            let Some(profile) = cx.profile(through) else { continue };
            users.sort_unstable();
            users.dedup();
            let message = format!("through `{action}` of this profile, {} may {}", cx.people(&users), way.what);
            let mut finding = cx.about(rule, profile, format!("Permissions/{action}"), message).of(users);
            (finding.others, finding.steps) = (way.others, way.steps);
            found.push(finding.only(way.severity));
        }
    }

    /// What the engine says.
    pub(super) fn outcome(&self, question: &Question<'_>) -> Outcome {
        outcome(self.cx.compiled, question)
    }

    /// The profile through which a question is answered as it is: one that grants it, or else the one that comes closest.
    pub(super) fn through(&self, question: &Question<'_>) -> Option<usize> {
        let explanation = self.cx.compiled.explain(question).ok()?;
        let report = explanation.reports.first()?;
        let grants = report.profiles.iter().position(|it| it.findings == [Reason::Grants]);
        let profile = report.profiles.get(grants.or(report.closest)?)?;
        self.cx.of_ids(&[Id::new(&profile.id)]).first().map(|it| it.number)
    }

    /// The profiles that a class gains something by, those that it gains most by first.
    pub(super) fn stronger(&self, class: usize) -> Vec<usize> {
        const TRIED: usize = 8;
        let (Some(own), Some(of)) = (self.classes.get(class), self.cx.classes.get(class)) else { return Vec::new() };
        let leads = self.profiles.iter().enumerate().filter(|(number, _)| !of.profiles.contains(number));
        let mut leads: Vec<_> =
            leads.map(|(number, it)| (it.lead(own), number)).filter(|(lead, _)| *lead > 0).collect();
        leads.sort_unstable_by_key(|(lead, number)| (std::cmp::Reverse(*lead), *number));
        leads.into_iter().take(TRIED).map(|(_, number)| number).collect()
    }

    /// What `more` has beyond `own`, in words, and whether any of it is grave.
    pub(super) fn gain(&self, own: &Strength, more: &Strength) -> (Vec<&'a str>, bool) {
        let mut gained = self.cx.permission_names(&more.beyond(own));
        gained.sort_by_cached_key(|name| {
            (!is_grave(self.cx.catalogue, name), !name.starts_with("SecurityProfiles."), *name)
        });
        let grave = gained.first().is_some_and(|name| is_grave(self.cx.catalogue, name));
        (gained, grave)
    }

    /// The first of these permissions that somebody may do once the changes are made, and how sure that is.
    pub(super) fn then(&self, changes: &[Change], principal: &Id, gained: &[&'a str]) -> Option<(&'a str, Outcome)> {
        const TRIED: usize = 8;
        let mut compiled = self.cx.compiled.clone();
        compiled.apply(changes);
        let id = principal.to_string();
        let mut best = None;
        for name in gained.iter().take(TRIED) {
            let answer = anywhere(&compiled, Principal::User(&id), name, self.cx);
            match (answer, &best) {
                (Outcome::Allowed, _) => return Some((name, answer)),
                (Outcome::Undetermined, None) => best = Some((*name, answer)),
                _ => {}
            }
        }
        best
    }

    /// The change that gives a user a profile.
    pub(super) fn given(&self, user: &User, profile: &Id) -> Change {
        let mut after = user.clone();
        after.security_profile_ids.push(profile.clone());
        Change::Update { before: user.clone().into(), after: after.into() }
    }

    /// The change that lets a profile grant these without restriction.
    pub(super) fn extended(&self, profile: &SecurityProfile, gained: &[&str]) -> Change {
        let mut after = profile.clone();
        after.permissions.extend(gained.iter().map(|name| (*name).to_owned()));
        after.permissions.sort_unstable();
        after.permissions.dedup();
        (after.tag_restricted_resources, after.hierarchy_restricted_resources) = (Vec::new(), Vec::new());
        Change::Update { before: profile.clone().into(), after: after.into() }
    }

    /// Every permission of the catalogue that a class does not grant without restriction, the gravest first.
    pub(super) fn lacking(&self, own: &Strength) -> Vec<&'a str> {
        let held = |number: Option<usize>| number.is_some_and(|number| own.held.has(number) && own.free.has(number));
        self.gainable.iter().filter(|(_, number)| !held(*number)).map(|(name, _)| *name).collect()
    }

    /// Whether no profile is stronger than a class: who holds it is an administrator already.
    pub(super) fn is_highest(&self, own: &Strength) -> bool {
        self.profiles.iter().all(|it| it.is_within(own))
    }

    pub(super) fn holding(&self, class: &Class<'_>, name: &str) -> bool {
        self.cx.of(&class.profiles).any(|it| self.cx.holds(it, name))
    }
}

pub(super) fn outcome(compiled: &Compiled, question: &Question<'_>) -> Outcome {
    compiled.outcome(question).map_or(Outcome::Denied, |answer| answer.outcome)
}

/// Whether somebody may do something on anything at all.
fn anywhere(compiled: &Compiled, principal: Principal<'_>, name: &str, cx: &Context<'_>) -> Outcome {
    let it = acts_on(name).and_then(|(types, _)| types.first().copied()).unwrap_or(ResourceType::Instance);
    let id = if it == ResourceType::Instance { cx.instance() } else { "*".to_owned() };
    let question = Question::new(principal, name, it.as_str(), &id);
    let resource = Resource { match_some: id == "*", ..question.resource };
    outcome(compiled, &Question { resource, ..question })
}

/// A step.
pub(super) fn step(what: String, outcome: Outcome) -> Step {
    Step { what, outcome }
}

/// The resource of a change, made.
pub(super) fn created(profile: SecurityProfile) -> Change {
    Change::Create(Stored::from(profile))
}

/// What is grave and certain is as bad as the rule says, the rest less.
pub(super) fn graded(grave: bool, certain: bool) -> Severity {
    match (grave, certain) {
        (true, true) => Severity::Error,
        (true, false) => Severity::Warning,
        (false, _) => Severity::Note,
    }
}

/// Tags and a group.
pub(super) type Attributes<'a> = (Vec<(&'a str, &'a str)>, Option<String>);

/// Restrictions by which a new resource can be made to fit: no tags, or those of a profile.
pub(super) fn fitting<'p, 'a: 'p>(profiles: impl Iterator<Item = &'p Profile<'a>>) -> Vec<Attributes<'a>> {
    let mut fitting = vec![(Vec::new(), None)];
    for profile in profiles {
        let tags = profile.source.allowed_access_control_tags.iter();
        let tags: Vec<_> = tags.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let group = profile.source.allowed_access_control_hierarchy_group_id.as_ref().map(Id::to_string);
        if (!tags.is_empty() || group.is_some()) && !fitting.contains(&(tags.clone(), group.clone())) {
            fitting.push((tags, group));
        }
    }
    fitting
}
