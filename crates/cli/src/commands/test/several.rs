//! Expectations about several principals or resources: the holders of a profile, patterns, and exactly those who may.
//!
//! Invariants: an expectation that is about nobody or no resource because a name is misspelt fails.

use std::collections::BTreeSet;
use std::fmt;

use lanyard_answers::{Names, NotUnderstood, OwnedQuestion, Subject, did_you_mean, kind_of, near, split_type, text};
use lanyard_engine::{Explanation, Outcome, Warning, wording};
use lanyard_formats::{Expectation, ExpectedSubject};
use lanyard_model::{Id, Kind, shown};

use super::expected;
use crate::access::source::DecisionPoint;
use crate::failure::Failure;
use crate::instance::State;

/// The most failures that are listed; the rest are counted.
const LISTED: usize = 10;

/// How many principals and resources an expectation was about.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) principals: usize,
    pub(super) resources: usize,
    /// The pairs of principal and resource that fail.
    pub(super) failed: usize,
    noun: &'static str,
}

impl About {
    /// Of how many the failures are.
    fn of(&self) -> String {
        match self.resources {
            1 => self.to_string(),
            resources => format!("{} pairs of {} and resource", self.principals * resources, self.noun),
        }
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { principals, resources, noun, .. } = self;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        write!(f, "{principals} {noun}{}", plural(*principals))?;
        if *resources != 1 {
            write!(f, ", {resources} resource{}", plural(*resources))?;
        }
        Ok(())
    }
}

/// The first line and the reasons of a failure.
type FailureText = (String, Vec<String>);

/// Called with each question and its explanation.
type Touch<'a> = dyn FnMut(&OwnedQuestion, &Explanation) + 'a;

/// Whether a principal or a resource is a pattern that names several.
pub(super) fn is_pattern(place: &DecisionPoint, principal: &str, resource: Option<&str>) -> bool {
    let names = place.state().map(State::names);
    has_wildcard(principal) || resource.is_some_and(|resource| pattern_of(names, resource).is_some())
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// The type and the pattern of a resource, where it is one: `Type:*` is every resource of the type, also those that do not
/// exist yet, and a resource whose name has the characters of a pattern is that resource.
fn pattern_of<'a>(names: Option<Names<'_>>, resource: &'a str) -> Option<(&'a str, &'a str)> {
    let (it, id) = split_type(resource);
    let id = id.filter(|id| *id != "*" && has_wildcard(id))?;
    let named = names.zip(kind_of(it)).and_then(|(names, kind)| names.directory.find_name(kind, id));
    named.is_none().then_some((it, id))
}

/// Whether a text matches a pattern: `*` stands for any characters, `?` for one.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from, mut star) = (0, 0, None);
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(one) if *one == '?' || text.get(from) == Some(one) => {
                at += 1;
                from += 1;
            }
            _ => {
                // The last star stands for one more character.
                let Some((star_at, star_from)) = star else { return false };
                star = Some((star_at, star_from + 1));
                at = star_at + 1;
                from = star_from + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|one| *one == '*')
}

/// Tests an expectation about several.
pub(super) fn test(
    expectation: &Expectation,
    place: &DecisionPoint,
    touch: &mut Touch<'_>,
) -> Result<(Option<FailureText>, About), Failure> {
    let Some(state) = place.state() else {
        return Err(Failure::Message(
            "holders, patterns and `exactly` take the people and resources of the instance: use --data or --files"
                .to_owned(),
        ));
    };
    let (view, names) = (state.view(), state.names());
    let is_holders = |it: &ExpectedSubject| matches!(it, ExpectedSubject::HoldersOf(_));
    let noun = if expectation.subjects.iter().all(is_holders) && !expectation.exactly { "holder" } else { "principal" };
    let mut about = About { noun, ..About::default() };
    let subjects = match subjects(state, expectation) {
        Ok(subjects) => subjects,
        Err(failure) => return Ok((Some(failure), about)),
    };
    let resources: Vec<Option<String>> = match expectation.resource.as_deref() {
        Some(resource) => match pattern_of(Some(names), resource) {
            Some((it, pattern)) => resources(&names, it, pattern).into_iter().map(Some).collect(),
            None => vec![Some(resource.to_owned())],
        },
        None => vec![None],
    };
    (about.principals, about.resources) = (subjects.len(), resources.len());
    if let (true, false, Some(resource)) = (resources.is_empty(), expectation.may_be_empty, &expectation.resource) {
        return Ok((Some((format!("no resource matches `{}`", shown(resource)), Vec::new())), about));
    }
    if view.lacks_principals() && (expectation.exactly || is_open(expectation)) {
        let first = "not all principals were seen, so that there may be more".to_owned();
        return Ok((Some((first, view.not_seen())), about));
    }
    let mut failures = Vec::new();
    for resource in &resources {
        let mut question = |subject: &Subject| -> Result<OwnedQuestion, NotUnderstood> {
            let mut question = expected::question(expectation, &view, subject, resource.as_deref())?;
            serve(&mut question);
            Ok(question)
        };
        if expectation.exactly {
            exactly(state, expectation, &subjects, &mut question, touch, &mut failures)?;
            continue;
        }
        for subject in &subjects {
            let question = question(subject)?;
            let explanation = expected::explain(&view, &question, expectation.outcome).map_err(NotUnderstood::from)?;
            let readable = text::readable(names, &explanation);
            let hint = explanation.answer.denial.and_then(|denial| names.hint(denial, &question));
            let notes: Vec<_> = hint.into_iter().collect();
            touch(&question, &explanation);
            if let Some((first, why)) = expected::failure(expectation, &question, &explanation, &readable, &notes) {
                let on = resource.as_deref().filter(|_| resources.len() > 1);
                let on = on.map(|it| format!(" on {}", shown(it))).unwrap_or_default();
                let why = why.first().map(|why| format!(": {why}")).unwrap_or_default();
                failures.push(format!("`{}`{on}: {first}{why}", shown(&text::subject(&names, subject))));
            }
        }
    }
    about.failed = failures.len();
    if failures.is_empty() {
        return Ok((None, about));
    }
    let first = match expectation.exactly {
        true => format!("expected exactly {about} who may"),
        false => format!("expected {}: {} of {} are not", expectation.outcome.as_str(), failures.len(), about.of()),
    };
    let more = failures.len().saturating_sub(LISTED);
    failures.truncate(LISTED);
    failures.extend((more > 0).then(|| format!("and {more} more")));
    Ok((Some((first, failures)), about))
}

/// Whether an expectation is about more than named principals.
fn is_open(expectation: &Expectation) -> bool {
    expectation.subjects.iter().any(|subject| match subject {
        ExpectedSubject::Principal(name) => has_wildcard(name),
        ExpectedSubject::HoldersOf(_) => true,
    })
}

/// The details of a question that only AI agents have. An agent of which the expectation does not name whom it serves is
/// asked about its own rights, which are the most that it can use.
fn serve(question: &mut OwnedQuestion) {
    match question.subject {
        Subject::User(_) | Subject::SecurityProfile(_) => {
            (question.on_behalf_of, question.self_service) = (None, false);
        }
        Subject::AiAgent(_) => question.self_service |= question.on_behalf_of.is_none(),
    }
}

/// The principals whom the expectation names, each once; a failure where a name or a pattern has none.
fn subjects(state: &State, expectation: &Expectation) -> Result<Vec<Subject>, FailureText> {
    let directory = &state.directory;
    let user = |id: &Id| Subject::User(id.to_string());
    let mut all: Vec<Subject> = Vec::new();
    for subject in &expectation.subjects {
        let (some, nobody): (Vec<Subject>, _) = match subject {
            ExpectedSubject::Principal(name) if has_wildcard(name) => {
                let pattern = name.to_lowercase();
                let users = directory.users.values().filter(|it| matches(&pattern, &it.username.to_lowercase()));
                let arn = name.strip_prefix("ai-agent:").unwrap_or(name);
                let agents = directory.ai_agents.values().filter(|it| matches(arn, &it.arn));
                let agents = agents.map(|it| Subject::AiAgent(it.arn.clone()));
                (users.map(|it| user(&it.id)).chain(agents).collect(), format!("nobody matches `{}`", shown(name)))
            }
            ExpectedSubject::Principal(name) => {
                let known = match Subject::parse(name) {
                    Subject::User(name) => user_id(state, &name).map(|id| user(&id)),
                    Subject::SecurityProfile(name) => {
                        let profiles = profiles(state, &name)?;
                        profiles.first().map(|id| Subject::SecurityProfile(id.to_string()))
                    }
                    Subject::AiAgent(arn) => {
                        directory.ai_agents.values().any(|it| it.arn == arn).then_some(Subject::AiAgent(arn))
                    }
                };
                (known.into_iter().collect(), format!("there is no user or AI agent `{}`", shown(name)))
            }
            ExpectedSubject::HoldersOf(name) => {
                let profiles = profiles(state, name)?;
                let holds = |ids: &[Id]| ids.iter().any(|id| profiles.contains(id));
                let users = directory.users.values().filter(|it| holds(&it.security_profile_ids));
                let agents = directory.ai_agents.values().filter(|it| holds(&it.security_profile_ids));
                let agents = agents.map(|it| Subject::AiAgent(it.arn.clone()));
                all.extend(users.map(|it| user(&it.id)).chain(agents));
                // A profile that nobody holds is no mistake.
                continue;
            }
        };
        let is_pattern = matches!(subject, ExpectedSubject::Principal(name) if has_wildcard(name));
        if some.is_empty() && !(expectation.may_be_empty && is_pattern) {
            return Err((nobody, Vec::new()));
        }
        all.extend(some);
    }
    let mut seen = BTreeSet::new();
    all.retain(|subject| seen.insert(subject.id().to_owned()));
    Ok(all)
}

/// The user with this identifier, ARN or name.
fn user_id(state: &State, text: &str) -> Option<Id> {
    let directory = &state.directory;
    let id = Id::new(text);
    if directory.users.contains_key(&id) {
        return Some(id);
    }
    let (_, id) = state.names().resource(&format!("User:{text}")).ok()?;
    Some(Id::new(&id)).filter(|id| directory.users.contains_key(id))
}

/// The profiles of this name, or those whose names match it.
fn profiles(state: &State, name: &str) -> Result<BTreeSet<Id>, FailureText> {
    let all = || state.directory.security_profiles.values();
    let named: BTreeSet<Id> = all().filter(|it| it.name == name).map(|it| it.id.clone()).collect();
    if !named.is_empty() {
        return Ok(named);
    }
    let like: BTreeSet<Id> =
        all().filter(|it| has_wildcard(name) && matches(name, &it.name)).map(|it| it.id.clone()).collect();
    if !like.is_empty() {
        return Ok(like);
    }
    let hint = did_you_mean(&near(name, all().map(|it| it.name.as_str())));
    Err((format!("there is no security profile `{}`", shown(name)), hint.into_iter().collect()))
}

/// The stored resources of a type whose names match a pattern, as `Type:ID`.
fn resources(names: &Names<'_>, it: &str, pattern: &str) -> Vec<String> {
    let Some(kind) = kind_of(it) else { return Vec::new() };
    let all = names.directory.iter().filter(|resource| resource.kind() == kind);
    let is_meant = |resource: &lanyard_model::Resource| match kind {
        Kind::User => matches(&pattern.to_lowercase(), &names.name(resource).to_lowercase()),
        _ => matches(pattern, &names.name(resource)),
    };
    all.filter(is_meant).map(|resource| format!("{it}:{}", resource.id())).collect()
}

/// Compares those who may with those who are expected.
fn exactly(
    state: &State,
    expectation: &Expectation,
    expected: &[Subject],
    question: &mut dyn FnMut(&Subject) -> Result<OwnedQuestion, NotUnderstood>,
    touch: &mut Touch<'_>,
    failures: &mut Vec<String>,
) -> Result<(), Failure> {
    let (view, names) = (state.view(), state.names());
    let users = state.directory.users.keys().map(|id| Subject::User(id.to_string()));
    let agents = state.directory.ai_agents.values().map(|agent| Subject::AiAgent(agent.arn.clone()));
    for subject in users.chain(agents) {
        let question = question(&subject)?;
        let is_expected = expected.contains(&subject);
        let outcome = question.with(|borrowed| state.compiled.outcome(borrowed));
        let outcome = outcome.map_err(NotUnderstood::from)?;
        let is_asked_again = is_expected || outcome.outcome != Outcome::Denied || outcome.denial.is_some();
        if !is_asked_again {
            continue;
        }
        let expected_outcome = if is_expected { Outcome::Allowed } else { Outcome::Denied };
        let explanation = expected::explain(&view, &question, expected_outcome).map_err(NotUnderstood::from)?;
        touch(&question, &explanation);
        let is_strange = explanation.warnings.contains(&Warning::PermissionNotInCatalogue);
        // A question that no principal could ask tests nobody.
        let fault = explanation.answer.denial.map(wording::denial);
        let fault = fault.or_else(|| is_strange.then(|| wording::warning(Warning::PermissionNotInCatalogue)));
        if let Some(fault) = fault {
            failures.push(fault.to_owned());
            return Ok(());
        }
        let who = format!("`{}`", shown(&text::subject(&names, &subject)));
        let readable = text::readable(names, &explanation);
        let why = || text::reasons(&question, &readable).first().map(|why| format!(": {why}")).unwrap_or_default();
        match (outcome.outcome, is_expected) {
            (Outcome::Allowed, true) => {
                // Through the profile that is expected.
                let failure = expected::failure(expectation, &question, &explanation, &readable, &[]);
                failures.extend(failure.map(|(first, why)| format!("{who}: {first}: {}", why.join("; "))));
            }
            (Outcome::Denied, false) => {}
            (Outcome::Allowed, false) => failures.push(format!("{who} may, and is not expected{}", why())),
            (Outcome::Denied, true) => failures.push(format!("{who} may not, and is expected{}", why())),
            (Outcome::Undetermined, _) => {
                let points: Vec<_> = outcome.open_points.iter().map(|point| point.name()).collect();
                failures.push(format!("{who} may, or may not: undetermined ({})", points.join(", ")));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("lead-*", "lead-1", true),
            ("lead-*", "lead-", true),
            ("lead-*", "leads", false),
            ("*@example.com", "a@b@example.com", true),
            ("?b*c", "abxxc", true),
            ("?b*c", "bxxc", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "ab b a", false),
            ("", "", true),
            ("*", "", true),
            ("?", "é", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
