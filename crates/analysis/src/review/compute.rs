//! The rows of a review.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lanyard_engine::{Explanation, Outcome, Report};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Id, Kind, StreamId};

use super::classes::{Basis, Class, Someone, Trial, classes, everyone};
use super::evaluate::{Inquiry, Oneself, access, paths};
use super::formula::{Parts, parts};
use super::history::History;
use super::item::Item;
use super::resources::Resources;
use super::scope::{scope, stored_as};
use super::{Access, Companion, Grant, NamedProfile, Person, Provenance, Review, ReviewedState, Row};

/// The note on the questions about AI agents.
const AGENTS: &str = "AI agents are asked as serving customers directly; for a person they can do no more than that, and no more than the person";

impl Review {
    /// Reviews who may do the items in a state. `history` dates the grants.
    #[must_use]
    pub fn new(
        state: ReviewedState<'_>,
        items: Vec<Item>,
        history: Option<&History>,
        provenance: Provenance,
        mut notes: Vec<String>,
    ) -> Self {
        let everyone = everyone(state.directory);
        let mut work = Work::new(state, history, &everyone);
        let mut gathered = Vec::new();
        for (at, item) in items.iter().enumerate() {
            for it in &item.resource_types {
                work.item(at, item, *it, &mut gathered);
            }
        }
        let Work { paths, .. } = &work;
        // Only those with rows are kept, in their order.
        let listed: BTreeSet<usize> = gathered.iter().map(|row| row.person).collect();
        let places: HashMap<usize, usize> = listed.iter().enumerate().map(|(place, at)| (*at, place)).collect();
        let people: Vec<Person> =
            listed.iter().filter_map(|at| everyone.get(*at)).map(|it| person(*it, paths)).collect();
        let mut rows: Vec<Row> =
            gathered.into_iter().filter_map(|row| Some(Row { person: *places.get(&row.person)?, ..row })).collect();
        if people.iter().any(|it| it.is_agent) {
            notes.push(AGENTS.to_owned());
        }
        let order = |row: &Row| {
            let person = people.get(row.person);
            let profile = row.grant.profile.as_ref();
            (
                (row.item, row.resource_type, person.is_some_and(|it| it.is_agent)),
                profile.map(|it| (it.name.to_lowercase(), it.id.clone())),
                person.map(|it| (it.name.to_lowercase(), it.id.clone())),
            )
        };
        rows.sort_by_cached_key(order);
        let principals = [Kind::User, Kind::AiAgent].map(|kind| state.directory.count(kind));
        let lacks_principals = [Kind::User, Kind::AiAgent].iter().any(|kind| state.unknown_parts.kinds.contains(kind));
        Self { provenance, items, people, rows, principals, lacks_principals, notes }
    }
}

/// The name of a user in questions: the ARN, which is never the name of another user, where the instance has one.
fn name_in_questions(directory: &Directory, id: &Id) -> String {
    let instance = directory.instances.values().next();
    let arn = instance.and_then(|it| it.scope().arn(&it.id, Kind::User, id));
    arn.unwrap_or_else(|| id.to_string())
}

fn person(someone: Someone<'_>, paths: &BTreeMap<&Id, String>) -> Person {
    match someone {
        Someone::User(user) => Person {
            is_agent: false,
            id: user.id.to_string(),
            name: user.username.clone(),
            group: user
                .hierarchy_group_id
                .as_ref()
                .filter(|id| **id != Id::new(""))
                .map(|id| paths.get(id).cloned().unwrap_or_else(|| id.to_string())),
            tags: user.tags.clone(),
        },
        Someone::AiAgent(agent) => Person {
            is_agent: true,
            id: agent.arn.clone(),
            name: agent.arn.clone(),
            group: None,
            tags: Default::default(),
        },
    }
}

/// A review in the making.
struct Work<'a> {
    state: ReviewedState<'a>,
    history: Option<&'a History>,
    everyone: &'a [Someone<'a>],
    classes: Vec<Class>,
    trial: Trial<'a>,
    resources: Resources<'a>,
    paths: BTreeMap<&'a Id, String>,
    instance: String,
}

/// A profile of a principal that gives what is asked, and how.
struct Candidate<'a> {
    profile: Option<&'a SecurityProfile>,
    id: Option<&'a Id>,
    /// The permissions of the formula that it gives.
    gives: Vec<&'a str>,
    stored: Vec<String>,
}

impl<'a> Work<'a> {
    fn new(state: ReviewedState<'a>, history: Option<&'a History>, everyone: &'a [Someone<'a>]) -> Self {
        let ReviewedState { directory, compiled, unknown_parts } = state;
        let instance = match directory.stream() {
            StreamId::Instance(id) => id.to_string(),
            StreamId::Registry { .. } => String::new(),
        };
        Self {
            state,
            history,
            everyone,
            classes: classes(directory, unknown_parts, everyone, false),
            trial: Trial::new(directory, compiled),
            resources: Resources::new(directory, unknown_parts),
            paths: paths(directory),
            instance: if instance.is_empty() { "*".to_owned() } else { instance },
        }
    }

    /// Adds the rows of an item on one type; their people are places among everyone.
    fn item(&mut self, at: usize, item: &Item, it: ResourceType, rows: &mut Vec<Row>) {
        let instance = self.instance.clone();
        let inquiry = Inquiry { item, it, instance: &instance };
        self.resources.prepare(it, &self.trial.compiled);
        let mut known = HashMap::new();
        if inquiry.is_about_oneself() {
            let ReviewedState { directory, unknown_parts, .. } = self.state;
            for class in classes(directory, unknown_parts, self.everyone, true) {
                let user = class.members.first().and_then(|at| match self.everyone.get(*at)? {
                    Someone::User(user) => Some(&user.id),
                    Someone::AiAgent(_) => None,
                });
                let oneself = user.map(|id| Oneself { id: id.to_string(), name: name_in_questions(directory, id) });
                self.class(at, inquiry, &class, oneself.as_ref(), &mut known, rows);
                known.clear();
            }
            return;
        }
        let classes = std::mem::take(&mut self.classes);
        for class in &classes {
            self.class(at, inquiry, class, None, &mut known, rows);
        }
        self.classes = classes;
    }

    /// The access of a basis.
    fn access(
        &mut self,
        inquiry: Inquiry<'_>,
        basis: &Basis,
        oneself: Option<&Oneself>,
        known: &mut HashMap<Basis, Arc<Access>>,
    ) -> Arc<Access> {
        if let Some(access) = known.get(basis) {
            return Arc::clone(access);
        }
        let name = self.trial.name(basis);
        let access = access(&self.trial.compiled, &mut self.resources, inquiry, basis, &name, oneself);
        let access = Arc::new(access);
        known.insert(basis.clone(), Arc::clone(&access));
        access
    }

    fn class(
        &mut self,
        at: usize,
        inquiry: Inquiry<'_>,
        class: &Class,
        oneself: Option<&Oneself>,
        known: &mut HashMap<Basis, Arc<Access>>,
        rows: &mut Vec<Row>,
    ) {
        let basis = &class.basis;
        let name = self.trial.name(basis);
        let main = inquiry.main(basis.is_agent, &name);
        let may = self.trial.compiled.decide(&main, lanyard_engine::Reading::LENIENT);
        if !may.is_ok_and(|verdict| verdict.is_allowed()) {
            return;
        }
        let access = self.access(inquiry, basis, oneself, known);
        let Ok(explanation) = self.trial.compiled.explain(&main) else { return };
        let grants = self.grants(inquiry, basis, &explanation, &access, known);
        for member in &class.members {
            for (grant, candidate) in &grants {
                let since = self
                    .history
                    .zip(candidate.id)
                    .and_then(|(history, profile)| history.since(&self.key(*member)?, profile, &candidate.stored));
                rows.push(Row {
                    item: at,
                    resource_type: inquiry.it,
                    person: *member,
                    grant: Arc::clone(grant),
                    access: Arc::clone(&access),
                    since,
                });
            }
        }
    }

    fn key(&self, member: usize) -> Option<lanyard_model::Key> {
        Some(match self.everyone.get(member)? {
            Someone::User(user) => lanyard_model::Key { kind: Kind::User, id: user.id.clone() },
            Someone::AiAgent(agent) => lanyard_model::Key { kind: Kind::AiAgent, id: Id::new(&agent.arn) },
        })
    }

    /// The grants of a class: each profile that gives a permission without which there would be no access.
    fn grants<'b>(
        &mut self,
        inquiry: Inquiry<'b>,
        basis: &Basis,
        explanation: &Explanation,
        access: &Arc<Access>,
        known: &mut HashMap<Basis, Arc<Access>>,
    ) -> Vec<(Arc<Grant>, Candidate<'b>)>
    where
        'a: 'b,
    {
        let reports = &explanation.reports;
        let held: BTreeSet<&str> = reports
            .iter()
            .filter(|report| report.outcome != Outcome::Denied)
            .map(|report| report.permission.as_str())
            .collect();
        let parts: Parts<'b> = match inquiry.item.task {
            Some(task) => parts(&task.formula, &held),
            None => Parts { primary: inquiry.item.single().into_iter().collect(), further: Vec::new() },
        };
        let directory: &'a Directory = self.state.directory;
        let candidates = self.candidates(basis, &parts.primary);
        let companions: Vec<Companion> = basis
            .profiles
            .iter()
            .filter_map(|id| directory.security_profiles.get(id))
            .flat_map(|profile| {
                let stored: BTreeSet<&str> = parts.further.iter().flat_map(|name| stored_as(profile, name)).collect();
                stored
                    .into_iter()
                    .map(|permission| Companion { permission: permission.to_owned(), profile: profile.name.clone() })
            })
            .collect();
        let places: Vec<&Id> = candidates.iter().filter_map(|it| it.id).collect();
        let mut grants = Vec::new();
        for candidate in candidates {
            let others: Vec<&Id> = places.iter().copied().filter(|id| Some(*id) != candidate.id).collect();
            let profiles: Vec<Id> = basis.profiles.iter().filter(|id| !others.contains(id)).cloned().collect();
            let by_itself = if others.is_empty() {
                Access::clone(access)
            } else {
                let reduced = Basis { profiles: profiles.clone(), ..basis.clone() };
                let access = Access::clone(&self.access(inquiry, &reduced, None, known));
                let reach = access.reach.filter(|_| !inquiry.is_about_oneself());
                Access { reach, ..access }
            };
            let report = candidate.id.and_then(|id| profile_report(reports, &candidate.gives, id));
            let ReviewedState { unknown_parts, .. } = self.state;
            let scope = scope(directory, unknown_parts, &self.paths, inquiry.it, &candidate.gives, report, &profiles);
            let grant = Grant {
                profile: candidate.profile.map(|it| NamedProfile { id: it.id.to_string(), name: it.name.clone() }),
                permissions: candidate.stored.clone(),
                companions: companions.clone(),
                scope,
                by_itself,
            };
            grants.push((Arc::new(grant), candidate));
        }
        grants
    }

    /// The profiles of a basis that hold one of the permissions, or may hold it; where there is none, one that was not
    /// seen.
    fn candidates<'b>(&self, basis: &Basis, primary: &[&'b str]) -> Vec<Candidate<'b>>
    where
        'a: 'b,
    {
        let ReviewedState { directory, unknown_parts, .. } = self.state;
        let mut candidates = Vec::new();
        // Without a known permission, nobody knows which profile gives it.
        for id in basis.profiles.iter().filter(|_| !primary.is_empty()) {
            let Some(profile) = directory.security_profiles.get(id) else { continue };
            let gives: Vec<&str> =
                primary.iter().copied().filter(|name| stored_as(profile, name).next().is_some()).collect();
            let mut stored: Vec<String> = Vec::new();
            for name in gives.iter().flat_map(|name| stored_as(profile, name)) {
                if !stored.iter().any(|it| it == name) {
                    stored.push(name.to_owned());
                }
            }
            if !gives.is_empty() || unknown_parts.permissions.contains(id) {
                candidates.push(Candidate { profile: Some(&**profile), id: Some(&profile.id), gives, stored });
            }
        }
        // A profile that was not seen may give it.
        let has_unseen = basis.profiles.iter().any(|id| !directory.security_profiles.contains_key(id));
        if candidates.is_empty() || has_unseen && unknown_parts.kinds.contains(&Kind::SecurityProfile) {
            candidates.push(Candidate { profile: None, id: None, gives: Vec::new(), stored: Vec::new() });
        }
        candidates
    }
}

/// The report of a profile on the first of the permissions that it gives.
fn profile_report<'a>(
    reports: &'a [Report],
    gives: &[&str],
    profile: &Id,
) -> Option<&'a lanyard_engine::ProfileReport> {
    let id = profile.to_string();
    let report = reports.iter().find(|report| gives.contains(&report.permission.as_str()));
    report.or_else(|| reports.first())?.profiles.iter().find(|it| it.id == id)
}
