//! Rules about the contacts that users may view, and about permissions that take something away.

use super::context::{Context, Gathered, Profile, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static SEARCH: Rule = Rule {
    id: "contact-search-combination",
    title: "permissions on contacts that the service advises not to combine",
    severity: Severity::Warning,
    source: Source::Documented(page::SEARCH),
    remedy: "grant `ContactSearch.View`, or it with `RestrictContactAccessByHierarchy.View`, or only `MyContacts.View`",
};

static REDACTED: Rule = Rule {
    id: "redacted-and-unredacted",
    title: "redacted and unredacted access together",
    severity: Severity::Note,
    source: Source::Documented(page::LIST),
    remedy: "grant the intended one: with both, the redacted copy is shown where there is one",
};

static TAKES_AWAY: Rule = Rule {
    id: "restricting-permission",
    title: "a permission that takes something away",
    severity: Severity::Note,
    source: Source::Documented(page::LIST),
    remedy: "check that the holders are intended to have less access",
};

static TAKES_AWAY_IN_PART: Rule = Rule {
    id: "restricting-permission-in-part",
    title: "a permission that takes something away, in some profiles of a user only",
    severity: Severity::Warning,
    source: Source::Inferred(page::LIST),
    remedy: "give the permission to every profile of these users, or to none",
};

pub(super) static RULES: &[&Rule] = &[&SEARCH, &REDACTED, &TAKES_AWAY, &TAKES_AWAY_IN_PART];

const ALL: &str = "ContactSearch.View";
const OWN: &str = "MyContacts.View";
const BY_HIERARCHY: &str = "RestrictContactAccessByHierarchy.View";

/// Unredacted and redacted access to the same data.
const COPIES: [(&str, &str); 5] = [
    ("CallRecordings.Unredacted.Access", "CallRecordings.Redacted.Access"),
    ("ContactTranscripts.Unredacted.Access", "ContactTranscripts.Redacted.Access"),
    ("AutomatedVoiceInteraction.Recordings.Unredacted.Access", "AutomatedVoiceInteraction.Recordings.Redacted.Access"),
    (
        "AutomatedVoiceInteraction.Transcripts.Unredacted.Access",
        "AutomatedVoiceInteraction.Transcripts.Redacted.Access",
    ),
    ("ScreenRecording.Access", "ScreenRecording.Redacted.Access"),
];

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    search(cx, findings);
    copies(cx, findings);
    taking_away(cx, findings);
}

/// The held permissions of the combination, where the service advises against it.
fn discouraged<'a>(holds: impl Fn(&str) -> bool) -> Option<Vec<&'a str>> {
    let held: Vec<_> = [ALL, OWN, BY_HIERARCHY].into_iter().filter(|name| holds(name)).collect();
    let fine = matches!(held.as_slice(), [] | [ALL] | [OWN] | [ALL, BY_HIERARCHY]);
    (!fine).then_some(held)
}

fn search(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let single: Vec<_> = cx.profiles.iter().map(|profile| discouraged(|name| cx.holds(profile, name))).collect();
    let advice = "the service advises against this combination, and does not document which contacts it shows";
    for (profile, held) in cx.profiles.iter().zip(&single) {
        if let Some(held) = held {
            let member = format!("Permissions/{}", held.last().copied().unwrap_or_default());
            findings.push(cx.about(&SEARCH, profile, member, format!("the profile holds {}: {advice}", list(held))));
        }
    }
    let mut gathered = Gathered::default();
    for class in &cx.classes {
        // A single profile that holds the combination has its own finding.
        let is_reported = |number: &usize| single.get(*number).is_some_and(Option::is_some);
        if class.profiles.iter().any(is_reported) {
            continue;
        }
        let together = discouraged(|name| cx.of(&class.profiles).any(|profile| cx.holds(profile, name)));
        let Some(together) = together else { continue };
        let takes_part = |profile: &&Profile<'_>| together.iter().any(|name| cx.holds(profile, name));
        let parts: Vec<_> = cx.of(&class.profiles).filter(takes_part).map(|profile| profile.number).collect();
        if let Some((first, others)) = parts.split_first() {
            gathered.note((*first, together), others.iter().copied(), class);
        }
    }
    for ((number, held), others, users) in gathered.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let message = format!(
            "with {}, {} {} {}: {advice}",
            cx.profile_names(others.iter().copied()),
            cx.people(&users),
            if users.len() == 1 { "holds" } else { "hold" },
            list(&held)
        );
        let own = held.iter().find(|name| cx.holds(profile, name)).copied().unwrap_or_default();
        findings.push(cx.about(&SEARCH, profile, format!("Permissions/{own}"), message).with(cx, others).of(users));
    }
}

fn copies(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    for profile in &cx.profiles {
        for (unredacted, redacted) in COPIES {
            if cx.holds(profile, unredacted) && cx.holds(profile, redacted) {
                let message = format!(
                    "the profile holds `{unredacted}` and `{redacted}`: where redaction is on, the redacted copy is \
                     shown, and otherwise the unredacted one"
                );
                findings.push(cx.about(&REDACTED, profile, format!("Permissions/{redacted}"), message));
            }
        }
    }
    let mut gathered = Gathered::default();
    for class in &cx.classes {
        for (at, (unredacted, redacted)) in COPIES.into_iter().enumerate() {
            let holding = |name: &str| {
                cx.of(&class.profiles).filter(|it| cx.holds(it, name)).map(|it| it.number).collect::<Vec<_>>()
            };
            let (unredacted, redacted) = (holding(unredacted), holding(redacted));
            // A single profile that holds both has its own finding.
            if unredacted.iter().any(|number| redacted.contains(number)) || redacted.is_empty() {
                continue;
            }
            if let Some(first) = unredacted.first() {
                gathered.note((*first, at), unredacted.iter().skip(1).chain(&redacted).copied(), class);
            }
        }
    }
    for ((number, at), others, users) in gathered.each() {
        let (Some(profile), Some((unredacted, redacted))) = (cx.profile(number), COPIES.get(at)) else { continue };
        let message = format!(
            "with {}, {} {} `{unredacted}` and `{redacted}`: where redaction is on, the redacted copy is shown, and \
             otherwise the unredacted one",
            cx.profile_names(others.iter().copied()),
            cx.people(&users),
            if users.len() == 1 { "holds" } else { "hold" },
        );
        let finding = cx.about(&REDACTED, profile, format!("Permissions/{unredacted}"), message);
        findings.push(finding.with(cx, others).of(users));
    }
}

fn taking_away(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let flags = cx.taking_away();
    for profile in &cx.profiles {
        for flag in flags.iter().filter(|flag| profile.held.has(*flag)).filter_map(|flag| cx.permission(flag)) {
            let message = format!("`{0}` takes something away: its holders can do less than without it", flag.name);
            findings.push(cx.about(&TAKES_AWAY, profile, format!("Permissions/{}", flag.name), message));
        }
    }
    let mut gathered = Gathered::default();
    for class in &cx.classes {
        for flag in flags.iter() {
            // Only profiles that grant the permission that the flag restricts are relevant.
            let base = cx.permission(flag).and_then(|it| taken_from(it.name)).and_then(|name| cx.numbered(name));
            let Some(base) = base else { continue };
            let against = |it: &&Profile<'_>| it.held.has(base) && !it.held.has(flag);
            let against: Vec<_> = cx.of(&class.profiles).filter(against).map(|it| it.number).collect();
            if !against.is_empty() {
                for profile in cx.of(&class.profiles).filter(|it| it.held.has(flag)) {
                    gathered.note((profile.number, flag), against.iter().copied(), class);
                }
            }
        }
    }
    for ((number, flag), others, users) in gathered.each() {
        let (Some(profile), Some(flag)) = (cx.profile(number), cx.permission(flag)) else { continue };
        let message = format!(
            "{} {} `{}` from this profile, and {} without it from {}: it is not documented whether it binds them",
            cx.people(&users),
            if users.len() == 1 { "has" } else { "have" },
            flag.name,
            taken_from(flag.name).map(|name| format!("`{name}`")).unwrap_or_default(),
            cx.profile_names(others.iter().copied()),
        );
        let finding = cx.about(&TAKES_AWAY_IN_PART, profile, format!("Permissions/{}", flag.name), message);
        findings.push(finding.with(cx, others).of(users));
    }
}

/// The permission that the flag restricts.
fn taken_from(flag: &str) -> Option<&'static str> {
    match flag {
        BY_HIERARCHY => Some(ALL),
        "RestrictTaskCreation.Access"
        | "RestrictPhoneTypeSettings.Access"
        | "RequireEndContactConfirmation.Enabled" => Some("BasicAgentAccess"),
        _ => None,
    }
}
