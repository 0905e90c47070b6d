//! Rules about users who can give themselves more access by editing users or security profiles.

use lanyard_engine::{Compiled, Outcome, Principal, Question, Resource};
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Id, Kind, Timestamp};

use super::context::{Context, list};
use super::escalation_paths::{EscalationPath, EscalationPaths, created, fitting, graded, step};
use super::finding::{Finding, Subject};
use super::rule::{Rule, Severity, Source, page};
use super::strength::Strength;

static ASSIGN: Rule = Rule {
    id: "escalation-by-assignment",
    title: "someone who can give themselves a stronger security profile",
    severity: Severity::Error,
    source: Source::Documented(page::BEST),
    remedy: "restrict `User` and `SecurityProfile` together by tags that these users and the stronger profiles do not \
             carry, or take the permission away",
};

static EDIT_PROFILE: Rule = Rule {
    id: "escalation-by-profile-edit",
    title: "someone who can change a security profile that they hold",
    severity: Severity::Error,
    source: Source::Documented(page::TAGS),
    remedy: "restrict `SecurityProfile` by tags that their own profiles do not carry, or take `SecurityProfiles.Edit` away",
};

static NEW_PROFILE: Rule = Rule {
    id: "escalation-by-new-profile",
    title: "someone who can create a security profile and assign it to themselves",
    severity: Severity::Error,
    source: Source::Documented(page::TAGS),
    remedy: "assign the creation and the assignment of profiles to different people",
};

static NEW_USER: Rule = Rule {
    id: "escalation-by-new-user",
    title: "someone who can create a user with a stronger security profile",
    severity: Severity::Error,
    source: Source::Documented(page::BEST),
    remedy: "take `Users.Create` from users who must not assign every profile",
};

pub(super) static RULES: &[&Rule] = &[&ASSIGN, &EDIT_PROFILE, &NEW_PROFILE, &NEW_USER];

const ASSIGNING: [&str; 2] = ["Users.EditPermission", "Users.Edit"];
const EDIT: &str = "SecurityProfiles.Edit";
const CREATE: &str = "SecurityProfiles.Create";
const CREATE_USER: &str = "Users.Create";

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut escalation_paths = EscalationPaths::new(cx);
    for class in 0..cx.classes.len() {
        by_assignment(&mut escalation_paths, class);
        by_profile_edit(&mut escalation_paths, class);
        by_new_profile(&mut escalation_paths, class);
        by_new_user(&mut escalation_paths, class);
    }
    escalation_paths.into_findings(findings);
}

fn subject(escalation_paths: &EscalationPaths<'_, '_>, number: usize) -> Vec<Subject> {
    escalation_paths.cx.profile(number).map(|it| escalation_paths.cx.subject_of(it)).into_iter().collect()
}

/// The lesser of two outcomes: the outcome of a path is that of its least certain step.
fn least(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Denied, _) | (_, Outcome::Denied) => Outcome::Denied,
        (Outcome::Undetermined, _) | (_, Outcome::Undetermined) => Outcome::Undetermined,
        _ => Outcome::Allowed,
    }
}

/// The first of the profiles whose assignment is certain, or else the first that may be assigned.
fn assignable<'q>(
    escalation_paths: &EscalationPaths<'_, '_>,
    question: &Question<'q>,
    candidates: &[usize],
) -> Option<(usize, Outcome)> {
    let mut best = None;
    for number in candidates {
        let Some(profile) = escalation_paths.cx.profile(*number) else { continue };
        let id = profile.source.id.to_string();
        match escalation_paths.outcome(&Question { assigns: &[(Kind::SecurityProfile.name(), &id)], ..*question }) {
            Outcome::Allowed => return Some((*number, Outcome::Allowed)),
            Outcome::Undetermined if best.is_none() => best = Some((*number, Outcome::Undetermined)),
            _ => {}
        }
    }
    best
}

/// The other of the two permissions that assign profiles.
fn other(action: &str) -> &'static str {
    if action == "Users.Edit" { "Users.EditPermission" } else { "Users.Edit" }
}

/// Whether an assignment is certain, in view of the pages that contradict each other on whether it takes `Users.Edit` or
/// `Users.EditPermission` (G2): it is certain only where the person may do both.
fn undisputed(compiled: &Compiled, question: &Question<'_>) -> Outcome {
    let both = Question { action: other(question.action), ..*question };
    match super::escalation_paths::outcome(compiled, &both) {
        Outcome::Allowed => Outcome::Allowed,
        _ => Outcome::Undetermined,
    }
}

/// The reason why an assignment is not certain, in words.
fn dispute(action: &str) -> String {
    format!(
        " (the documents contradict each other on whether `{action}` suffices to assign profiles, or takes `{}` as well: G2)",
        other(action)
    )
}

fn by_assignment(escalation_paths: &mut EscalationPaths<'_, '_>, class: usize) {
    let cx = escalation_paths.cx;
    let Some(of) = cx.classes.get(class) else { return };
    if !ASSIGNING.iter().any(|name| escalation_paths.holding(of, name)) {
        return;
    }
    let candidates = escalation_paths.stronger(class);
    if candidates.is_empty() {
        return;
    }
    for user in &of.users {
        let id = user.id.to_string();
        for action in ASSIGNING.into_iter().filter(|name| escalation_paths.holding(of, name)) {
            let question = Question::new(Principal::User(&id), action, "User", &id);
            let first = escalation_paths.outcome(&question);
            if first == Outcome::Denied {
                continue;
            }
            let Some((stronger, second)) = assignable(escalation_paths, &question, &candidates) else { continue };
            let assigned = cx.profile(stronger).map(|it| it.source.id.to_string()).unwrap_or_default();
            let assigns = [(Kind::SecurityProfile.name(), assigned.as_str())];
            let agreed = undisputed(cx.compiled, &Question { assigns: &assigns, ..question });
            let second = least(second, agreed);
            let Some(through) = escalation_paths.through(&question) else { continue };
            escalation_paths.note(
                &ASSIGN,
                through,
                action,
                least(first, second),
                [user.id.clone()],
                |escalation_paths| {
                    let (Some(own), Some(more), Some(profile)) = (
                        escalation_paths.classes.get(class),
                        escalation_paths.profiles.get(stronger),
                        cx.profile(stronger),
                    ) else {
                        return nothing();
                    };
                    let (gained, grave) = escalation_paths.gain(own, more);
                    let then = escalation_paths.first_gain(
                        &[escalation_paths.assignment(user, &profile.source.id)],
                        &user.id,
                        &gained,
                    );
                    let name = &profile.source.name;
                    let mut steps = vec![
                        step(format!("`{}` does `{action}` on the user `{0}`", user.username), first),
                        step(format!("and gives that user the security profile `{name}`"), second),
                    ];
                    steps
                        .extend(then.map(|(what, how)| step(format!("`{}` may then do `{what}`", user.username), how)));
                    let doubt = if agreed == Outcome::Allowed { String::new() } else { dispute(action) };
                    EscalationPath {
                        what: format!(
                            "give themselves stronger profiles, such as `{name}` with {}{doubt}",
                            list(&gained)
                        ),
                        severity: graded(grave, least(first, second) == Outcome::Allowed),
                        steps,
                        others: subject(escalation_paths, stronger),
                    }
                },
            );
            break;
        }
    }
}

fn nothing() -> EscalationPath {
    EscalationPath { what: String::new(), steps: Vec::new(), others: Vec::new(), severity: Severity::Note }
}

fn by_profile_edit(escalation_paths: &mut EscalationPaths<'_, '_>, class: usize) {
    let cx = escalation_paths.cx;
    let (Some(of), Some(own)) = (cx.classes.get(class), escalation_paths.classes.get(class)) else { return };
    let Some(user) = of.users.first().filter(|_| escalation_paths.holding(of, EDIT)) else { return };
    let own = own.clone();
    let id = user.id.to_string();
    for held in cx.of(&of.profiles) {
        let edited = held.source.id.to_string();
        let question = Question::new(Principal::User(&id), EDIT, "SecurityProfile", &edited);
        let first = escalation_paths.outcome(&question);
        if first == Outcome::Denied {
            continue;
        }
        let Some(through) = escalation_paths.through(&question) else { continue };
        let users = of.users.iter().map(|user| user.id.clone());
        escalation_paths.note(&EDIT_PROFILE, through, EDIT, first, users, |escalation_paths| {
            let lacking = escalation_paths.lacking(&own);
            let then =
                escalation_paths.first_gain(&[escalation_paths.extended(held.source, &lacking)], &user.id, &lacking);
            let name = &held.source.name;
            let mut steps = vec![
                step(format!("`{}` does `{EDIT}` on `{name}`, which they hold", user.username), first),
                step(format!("and gives `{name}` more permissions, without restriction"), first),
            ];
            steps.extend(then.map(|(what, how)| step(format!("`{}` may then do `{what}`", user.username), how)));
            let severity = if escalation_paths.is_highest(&own) {
                Severity::Note
            } else {
                graded(true, first == Outcome::Allowed)
            };
            EscalationPath {
                what: format!(
                    "change a profile that they hold, such as `{name}`, and so give themselves any permission"
                ),
                steps,
                others: subject(escalation_paths, held.number),
                severity,
            }
        });
        return;
    }
}

/// A profile without permissions that a class may create, and the outcome of its creation.
fn makeable(escalation_paths: &EscalationPaths<'_, '_>, class: usize, id: &str) -> Option<(SecurityProfile, Outcome)> {
    let cx = escalation_paths.cx;
    let of = cx.classes.get(class)?;
    let mut best: Option<(Vec<(&str, &str)>, Outcome)> = None;
    for (tags, _) in fitting(cx.of(&of.profiles)) {
        let question = Question::new(Principal::User(id), CREATE, "SecurityProfile", "new");
        let resource = Resource { hypothetical: true, tags: &tags, ..question.resource };
        match escalation_paths.outcome(&Question { resource, ..question }) {
            Outcome::Denied => {}
            outcome if best.as_ref().is_none_or(|(_, known)| *known != Outcome::Allowed) => {
                best = Some((tags, outcome));
            }
            _ => {}
        }
    }
    let (tags, outcome) = best?;
    let mut made = SecurityProfile::named(Id::new("new:SecurityProfile:"), "a new profile", Timestamp::default(), "");
    made.tags = tags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Some((made, outcome))
}

fn by_new_profile(escalation_paths: &mut EscalationPaths<'_, '_>, class: usize) {
    let cx = escalation_paths.cx;
    let (Some(of), Some(own)) = (cx.classes.get(class), escalation_paths.classes.get(class)) else { return };
    if !escalation_paths.holding(of, CREATE) || !ASSIGNING.iter().any(|name| escalation_paths.holding(of, name)) {
        return;
    }
    let own: Strength = own.clone();
    let Some(first) = of.users.first() else { return };
    let Some((made, making)) = makeable(escalation_paths, class, &first.id.to_string()) else { return };
    let mut compiled = cx.compiled.clone();
    compiled.apply(&[created(made.clone())]);
    let made_id = made.id.to_string();
    for user in &of.users {
        let id = user.id.to_string();
        for action in ASSIGNING.into_iter().filter(|name| escalation_paths.holding(of, name)) {
            let question = Question::new(Principal::User(&id), action, "User", &id);
            let assigns = [(Kind::SecurityProfile.name(), made_id.as_str())];
            let assigning = Question { assigns: &assigns, ..question };
            let second = super::escalation_paths::outcome(&compiled, &assigning);
            if second == Outcome::Denied {
                continue;
            }
            let agreed = undisputed(&compiled, &assigning);
            let second = least(second, agreed);
            let tags: Vec<_> = made.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let making_it = Question::new(Principal::User(&id), CREATE, "SecurityProfile", "new");
            let resource = Resource { hypothetical: true, tags: &tags, ..making_it.resource };
            let Some(through) = escalation_paths.through(&Question { resource, ..making_it }) else { continue };
            escalation_paths.note(
                &NEW_PROFILE,
                through,
                CREATE,
                least(making, second),
                [user.id.clone()],
                |escalation_paths| {
                    let lacking = escalation_paths.lacking(&own);
                    let permissions = lacking.iter().map(|name| (*name).to_owned()).collect();
                    let whole = SecurityProfile { permissions, ..made.clone() };
                    let then = escalation_paths.first_gain(
                        &[created(whole), escalation_paths.assignment(user, &made.id)],
                        &user.id,
                        &lacking,
                    );
                    let tagged = match made.tags.is_empty() {
                        true => String::new(),
                        false => format!(", tagged {}", super::restrictions::pairs(&made.tags)),
                    };
                    let mut steps = vec![
                        step(
                            format!("`{}` does `{CREATE}`: a profile with any permission{tagged}", user.username),
                            making,
                        ),
                        step(format!("and gives it to themselves with `{action}`"), second),
                    ];
                    steps
                        .extend(then.map(|(what, how)| step(format!("`{}` may then do `{what}`", user.username), how)));
                    let certain = least(making, second) == Outcome::Allowed;
                    let doubt = if agreed == Outcome::Allowed { String::new() } else { dispute(action) };
                    let severity =
                        if escalation_paths.is_highest(&own) { Severity::Note } else { graded(true, certain) };
                    EscalationPath {
                        what: format!("create a profile with any permission and assign it to themselves{doubt}"),
                        steps,
                        others: Vec::new(),
                        severity,
                    }
                },
            );
            break;
        }
    }
}

fn by_new_user(escalation_paths: &mut EscalationPaths<'_, '_>, class: usize) {
    let cx = escalation_paths.cx;
    let Some(of) = cx.classes.get(class) else { return };
    let Some(user) = of.users.first().filter(|_| escalation_paths.holding(of, CREATE_USER)) else { return };
    let candidates = escalation_paths.stronger(class);
    let id = user.id.to_string();
    let own_group = of.group.map(Id::to_string);
    let mut best: Option<(usize, Outcome, Option<usize>)> = None;
    for (tags, group) in fitting(cx.of(&of.profiles)) {
        for group in [group.as_deref(), own_group.as_deref()] {
            let question = Question::new(Principal::User(&id), CREATE_USER, "User", "new");
            let resource = Resource { hypothetical: true, tags: &tags, hierarchy_group_id: group, ..question.resource };
            let question = Question { resource, ..question };
            let Some((number, outcome)) = assignable(escalation_paths, &question, &candidates) else { continue };
            if best.as_ref().is_none_or(|(_, known, _)| *known != Outcome::Allowed) {
                best = Some((number, outcome, escalation_paths.through(&question)));
            }
        }
        if matches!(best, Some((_, Outcome::Allowed, _))) {
            break;
        }
    }
    let Some((stronger, outcome, Some(through))) = best else { return };
    let users = of.users.iter().map(|user| user.id.clone());
    escalation_paths.note(&NEW_USER, through, CREATE_USER, outcome, users, |escalation_paths| {
        let (Some(own), Some(more), Some(profile)) =
            (escalation_paths.classes.get(class), escalation_paths.profiles.get(stronger), cx.profile(stronger))
        else {
            return nothing();
        };
        let (gained, grave) = escalation_paths.gain(own, more);
        let name = &profile.source.name;
        EscalationPath {
            what: format!(
                "make a user with a stronger profile, such as `{name}` with {}, and sign in as that user",
                list(&gained)
            ),
            steps: vec![step(
                format!("`{}` does `{CREATE_USER}`: a user with the security profile `{name}`", user.username),
                outcome,
            )],
            others: subject(escalation_paths, stronger),
            severity: graded(grave, outcome == Outcome::Allowed),
        }
    });
}
