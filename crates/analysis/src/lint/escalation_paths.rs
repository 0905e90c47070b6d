//! The escalation paths of users: the engine decides each step, and users with the same path through the same profile
//! share a finding.

use std::collections::BTreeMap;

use lanyard_engine::{Compiled, Finding as Reason, Outcome, Principal, Question, Resource};
use lanyard_model::catalogue::{ResourceType, acts_on};
use lanyard_model::resources::{SecurityProfile, User};
use lanyard_model::{Change, Id, Resource as Stored, into_shown};

use super::context::{Class, Context, Profile};
use super::finding::{Finding, Step, Subject};
use super::rule::{Rule, Severity};
use super::strength::{Strength, is_grave};

/// An escalation path.
pub(super) struct EscalationPath {
    /// The action of the path, after `may` in a sentence.
    pub(super) what: String,
    pub(super) steps: Vec<Step>,
    pub(super) others: Vec<Subject>,
    /// The severity.
    pub(super) severity: Severity,
}

/// A rule, the profile that makes the path possible, and the permission.
type PathKey = (&'static str, usize, &'static str);

/// The paths by rule, by the profile that makes them possible, and by the permission.
pub(super) struct EscalationPaths<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    paths: BTreeMap<PathKey, (&'static Rule, Outcome, EscalationPath, Vec<Id>)>,
    /// The strength of each profile.
    pub(super) profiles: Vec<Strength>,
    /// The strength of each class.
    pub(super) classes: Vec<Strength>,
    /// Every permission of the catalogue that can be gained, the most serious first, and its number where a profile
    /// holds it.
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
        Self { cx, paths: BTreeMap::new(), profiles, classes, gainable }
    }

    /// Adds a path of users through a profile with a permission. Of the paths with the best outcome, the first is
    /// shown.
    pub(super) fn note(
        &mut self,
        rule: &'static Rule,
        through: usize,
        action: &'static str,
        outcome: Outcome,
        users: impl IntoIterator<Item = Id>,
        path: impl FnOnce(&Self) -> EscalationPath,
    ) {
        let key = (rule.id, through, action);
        let known = self.paths.get(&key).map(|(_, known, ..)| *known);
        if known.is_none_or(|known| known != Outcome::Allowed && outcome == Outcome::Allowed) {
            let path = path(self);
            let users = self.paths.remove(&key).map(|(.., users)| users).unwrap_or_default();
            self.paths.insert(key, (rule, outcome, path, users));
        }
        if let Some((.., all)) = self.paths.get_mut(&key) {
            all.extend(users);
        }
    }

    pub(super) fn into_findings(self, findings: &mut Vec<Finding>) {
        let cx = self.cx;
        for ((_, through, action), (rule, _, path, mut users)) in self.paths {
            let Some(profile) = cx.profile(through) else { continue };
            users.sort_unstable();
            users.dedup();
            let message = format!("through `{action}` of this profile, {} may {}", cx.people(&users), path.what);
            let mut finding = cx.about(rule, profile, format!("Permissions/{action}"), message).of(users);
            (finding.others, finding.steps) = (path.others, path.steps);
            findings.push(finding.only(path.severity));
        }
    }

    /// The engine's decision.
    pub(super) fn outcome(&self, question: &Question<'_>) -> Outcome {
        outcome(self.cx.compiled, question)
    }

    /// The profile that determines the decision: one that grants it, or else the one that comes closest.
    pub(super) fn through(&self, question: &Question<'_>) -> Option<usize> {
        let explanation = self.cx.compiled.explain(question).ok()?;
        let report = explanation.reports.first()?;
        let grants = report.profiles.iter().position(|it| it.findings == [Reason::Grants]);
        let profile = report.profiles.get(grants.or(report.closest)?)?;
        self.cx.of_ids(&[Id::new(&profile.id)]).first().map(|it| it.number)
    }

    /// The profiles that give a class more access, the largest gain first.
    pub(super) fn stronger(&self, class: usize) -> Vec<usize> {
        const TRIED: usize = 8;
        let (Some(own), Some(of)) = (self.classes.get(class), self.cx.classes.get(class)) else { return Vec::new() };
        let leads = self.profiles.iter().enumerate().filter(|(number, _)| !of.profiles.contains(number));
        let mut leads: Vec<_> =
            leads.map(|(number, it)| (it.lead(own), number)).filter(|(lead, _)| *lead > 0).collect();
        leads.sort_unstable_by_key(|(lead, number)| (std::cmp::Reverse(*lead), *number));
        leads.into_iter().take(TRIED).map(|(_, number)| number).collect()
    }

    /// The permissions that `more` has and `own` lacks, by name, and whether one of them is serious.
    pub(super) fn gain(&self, own: &Strength, more: &Strength) -> (Vec<&'a str>, bool) {
        let mut gained = self.cx.permission_names(&more.beyond(own));
        gained.sort_by_cached_key(|name| {
            (!is_grave(self.cx.catalogue, name), !name.starts_with("SecurityProfiles."), *name)
        });
        let grave = gained.first().is_some_and(|name| is_grave(self.cx.catalogue, name));
        (gained, grave)
    }

    /// The first of the permissions that the principal may use after the changes, and the outcome.
    pub(super) fn first_gain(
        &self,
        changes: &[Change],
        principal: &Id,
        gained: &[&'a str],
    ) -> Option<(&'a str, Outcome)> {
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
    pub(super) fn assignment(&self, user: &User, profile: &Id) -> Change {
        let mut after = user.clone();
        after.security_profile_ids.push(profile.clone());
        Change::Update { before: user.clone().into(), after: after.into() }
    }

    /// The change that lets a profile grant these permissions without restriction.
    pub(super) fn extended(&self, profile: &SecurityProfile, gained: &[&str]) -> Change {
        let mut after = profile.clone();
        after.permissions.extend(gained.iter().map(|name| (*name).to_owned()));
        after.permissions.sort_unstable();
        after.permissions.dedup();
        (after.tag_restricted_resources, after.hierarchy_restricted_resources) = (Vec::new(), Vec::new());
        Change::Update { before: profile.clone().into(), after: after.into() }
    }

    /// Every permission of the catalogue that a class does not grant without restriction, the most serious first.
    pub(super) fn lacking(&self, own: &Strength) -> Vec<&'a str> {
        let held = |number: Option<usize>| number.is_some_and(|number| own.held.has(number) && own.free.has(number));
        self.gainable.iter().filter(|(_, number)| !held(*number)).map(|(name, _)| *name).collect()
    }

    /// Whether no profile is stronger than the class: its users are administrators already.
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

/// Whether the principal may do the action on any resource.
fn anywhere(compiled: &Compiled, principal: Principal<'_>, name: &str, cx: &Context<'_>) -> Outcome {
    let it = acts_on(name).and_then(|(types, _)| types.first().copied()).unwrap_or(ResourceType::Instance);
    let id = if it == ResourceType::Instance { cx.instance() } else { "*".to_owned() };
    let question = Question::new(principal, name, it.as_str(), &id);
    let resource = Resource { match_some: id == "*", ..question.resource };
    outcome(compiled, &Question { resource, ..question })
}

/// A step.
pub(super) fn step(what: String, outcome: Outcome) -> Step {
    Step { what: into_shown(what), outcome }
}

/// The creation of a profile.
pub(super) fn created(profile: SecurityProfile) -> Change {
    Change::Create(Stored::from(profile))
}

/// A serious and certain gain has the severity of the rule, any other a lower one.
pub(super) fn graded(grave: bool, certain: bool) -> Severity {
    match (grave, certain) {
        (true, true) => Severity::Error,
        (true, false) => Severity::Warning,
        (false, _) => Severity::Note,
    }
}

/// Tags and a group.
pub(super) type Attributes<'a> = (Vec<(&'a str, &'a str)>, Option<String>);

/// Attributes of a new resource that fit restrictions: no tags, or those of a profile.
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
