//! Rules about combinations of profiles that one user holds.

use lanyard_model::catalogue::ResourceType;

use super::context::{Context, Gathered, Profile, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static VOID: Rule = Rule {
    id: "restriction-void",
    title: "a restriction that another profile of the same user voids",
    severity: Severity::Error,
    source: Source::Documented(page::TAGS),
    remedy: "restrict the other profile in the same way, or remove its permissions on the type, or the profile",
};

static SPLIT: Rule = Rule {
    id: "tag-and-hierarchy-split",
    title: "tags in one profile and hierarchy in another, together with reports",
    severity: Severity::Warning,
    source: Source::Documented(page::DASHBOARDS),
    remedy: "restrict by tag and by hierarchy in one profile, or remove the report permissions",
};

static BOTH_TWICE: Rule = Rule {
    id: "tag-and-hierarchy-twice",
    title: "two profiles that each restrict by tag and by hierarchy, together with reports",
    severity: Severity::Error,
    source: Source::Documented(page::DASHBOARDS),
    remedy: "keep one such profile, or remove the report permissions",
};

pub(super) static RULES: &[&Rule] = &[&VOID, &SPLIT, &BOTH_TWICE];

/// Permissions for reports, on which the two kinds of restriction combine differently from elsewhere.
pub(super) const REPORTS: [&str; 4] = [
    "AccessMetrics.Dashboards.Access",
    "AccessMetrics.HistoricalMetrics.Access",
    "AccessMetrics.RealTimeMetrics.Access",
    "AccessMetrics.AgentActivityAudit.Access",
];

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    void(cx, findings);
    reports(cx, findings);
}

/// A profile that grants on a type without restricting it prevails over one that restricts it.
fn void(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut gathered = Gathered::default();
    for class in &cx.classes {
        for profile in cx.of(&class.profiles) {
            for it in profile.restricted_types() {
                let voids = |other: &&Profile<'_>| other.leaves_free(it) && !cx.on_type(other, it).is_empty();
                let voiding: Vec<_> = cx.of(&class.profiles).filter(voids).map(|other| other.number).collect();
                if !voiding.is_empty() {
                    gathered.note((profile.number, it), voiding, class);
                }
            }
        }
    }
    for ((number, it), others, users) in gathered.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let mut granted: Vec<_> = cx.of(&others).flat_map(|other| cx.on_type(other, it)).collect();
        granted.sort_unstable();
        granted.dedup();
        let (named, grants) =
            (cx.profile_names(others.iter().copied()), if others.len() == 1 { "grants" } else { "grant" });
        let message = format!(
            "the profile restricts {0}, and {1} also {2} {named}, which {grants} {3} without restricting {0}: for them the \
             restriction is void",
            it.as_str(),
            cx.people(&users),
            if users.len() == 1 { "holds" } else { "hold" },
            list(&granted)
        );
        findings.push(cx.about(&VOID, profile, profile.restricting_member(it), message).with(cx, others).of(users));
    }
}

/// In reports, tags and hierarchy must both be met, each by some profile; elsewhere one profile must meet its own.
fn reports(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let user = ResourceType::User;
    let (mut split, mut twice) = (Gathered::default(), Gathered::default());
    for class in &cx.classes {
        let reads = |profile: &Profile<'_>| REPORTS.iter().any(|name| cx.holds(profile, name));
        if !cx.of(&class.profiles).any(reads) {
            continue;
        }
        let of = |tagged: bool, ranked: bool| {
            let is = move |profile: &&Profile<'_>| profile.tags(user) == tagged && profile.ranked == ranked;
            cx.of(&class.profiles).filter(is).map(|profile| profile.number).collect::<Vec<_>>()
        };
        let (both, tagged, ranked) = (of(true, true), of(true, false), of(false, true));
        let by_tag = tagged.len() + both.len() > 0;
        let by_hierarchy = ranked.len() + both.len() > 0;
        let mut mixed = tagged.iter().chain(&ranked);
        if let (Some(first), true, true) = (mixed.next(), by_tag, by_hierarchy) {
            split.note(*first, mixed.chain(&both).copied(), class);
        }
        if let (Some(first), true) = (both.first(), both.len() > 1) {
            twice.note(*first, both.iter().skip(1).copied(), class);
        }
    }
    for (number, others, users) in split.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let message = format!(
            "{} {} reports, this profile and {}, which together restrict User by tag and by hierarchy: reports require \
             both, elsewhere the restriction of one profile is enough",
            cx.people(&users),
            if users.len() == 1 { "has" } else { "have" },
            cx.profile_names(others.iter().copied()),
        );
        findings.push(cx.about(&SPLIT, profile, profile.restricting_member(user), message).with(cx, others).of(users));
    }
    for (number, others, users) in twice.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let message = format!(
            "{} {} reports, this profile and {}, which each restrict User by tag and by hierarchy: the service cannot \
             enforce that in reports, and may show more than intended",
            cx.people(&users),
            if users.len() == 1 { "has" } else { "have" },
            cx.profile_names(others.iter().copied()),
        );
        findings
            .push(cx.about(&BOTH_TWICE, profile, profile.restricting_member(user), message).with(cx, others).of(users));
    }
}
