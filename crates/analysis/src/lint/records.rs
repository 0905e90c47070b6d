//! Rules about the records of data tables.

use super::context::{Context, Gathered, Profile, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static RESERVED: Rule = Rule {
    id: "record-attribute-reserved",
    title: "a record rule on an attribute with a reserved name",
    severity: Severity::Error,
    source: Source::Documented(page::RECORDS),
    remedy: "name an attribute that does not begin with `aws:` or `connect:`",
};

static EMPTY: Rule = Rule {
    id: "record-rule-empty",
    title: "an entry of a record rule without attribute or values",
    severity: Severity::Error,
    source: Source::Inferred(page::RECORDS),
    remedy: "give the entry an attribute and its values, or remove it",
};

static RENAME: Rule = Rule {
    id: "record-rule-fixes-primary-values",
    title: "someone who manages values and cannot rename primary values because of a record rule",
    severity: Severity::Warning,
    source: Source::Documented(page::RENAME),
    remedy: "assign the renaming of primary values to someone without a record rule",
};

static SEVERAL: Rule = Rule {
    id: "record-rules-of-several-profiles",
    title: "data tables granted by several profiles with different record rules",
    severity: Severity::Warning,
    source: Source::Inferred(page::TABLES),
    remedy: "grant data tables to these users through one profile",
};

pub(super) static RULES: &[&Rule] = &[&RESERVED, &EMPTY, &RENAME, &SEVERAL];

const MEMBER: &str = "GranularAccessControlConfiguration";

/// Permissions to change values.
const CHANGING: [&str; 2] = ["DataTables.Edit", "DataTables.ManageValues"];

/// Permissions on records.
const TABLES: [&str; 4] =
    ["DataTables.View", "DataTables.Edit", "DataTables.ManageValues", "DataTables.EditExpressionValues"];

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let ruled = |profile: &Profile<'_>| !profile.source.primary_attribute_values.is_empty();
    for profile in &cx.profiles {
        for entry in &profile.source.primary_attribute_values {
            let name = entry.attribute_name.as_deref().unwrap_or_default();
            let lower = name.to_lowercase();
            if lower.starts_with("aws:") || lower.starts_with("connect:") {
                let message =
                    format!("the record rule names `{name}`: names that begin with `aws:` or `connect:` are reserved");
                findings.push(cx.about(&RESERVED, profile, format!("{MEMBER}/{name}"), message));
            }
            if name.is_empty() || entry.values.is_empty() {
                let what = if name.is_empty() { "no attribute".to_owned() } else { format!("no values of `{name}`") };
                let message = format!("an entry of the record rule names {what}, so no record is in its scope");
                findings.push(cx.about(&EMPTY, profile, format!("{MEMBER}/{name}"), message));
            }
        }
    }
    let changing = |profile: &Profile<'_>| CHANGING.iter().any(|name| cx.holds(profile, name));
    for (number, holders, users) in cx.held_with(ruled, changing) {
        let Some(profile) = cx.profile(number) else { continue };
        let held: Vec<_> = CHANGING.into_iter().filter(|name| cx.of(&holders).any(|it| cx.holds(it, name))).collect();
        let who = if users.is_empty() { "a holder".to_owned() } else { cx.people(&users) };
        let message = format!(
            "the profile has a record rule, and {who} may change values ({}): users with a record rule may not rename \
             primary values",
            list(&held)
        );
        let others = holders.into_iter().filter(|other| *other != number);
        findings.push(cx.about(&RENAME, profile, MEMBER, message).with(cx, others).of(users));
    }
    let mut gathered = Gathered::default();
    for class in &cx.classes {
        let reaches = |it: &&Profile<'_>| TABLES.iter().any(|name| cx.holds(it, name));
        let reaching: Vec<_> = cx.of(&class.profiles).filter(reaches).collect();
        let Some(first) = reaching.iter().find(|it| ruled(it)) else { continue };
        let rule = &first.source.primary_attribute_values;
        let differs = |it: &&&Profile<'_>| it.restrictions_seen && it.source.primary_attribute_values != *rule;
        let others: Vec<_> = reaching.iter().filter(differs).map(|it| it.number).collect();
        if !others.is_empty() {
            gathered.note(first.number, others, class);
        }
    }
    for (number, others, users) in gathered.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let message = format!(
            "the profile has a record rule, and {} {} data tables from {} too, which {} another or none: it is not \
             documented whether one rule is enough or all bind",
            cx.people(&users),
            if users.len() == 1 { "has" } else { "have" },
            cx.profile_names(others.iter().copied()),
            if others.len() == 1 { "has" } else { "have" },
        );
        findings.push(cx.about(&SEVERAL, profile, MEMBER, message).with(cx, others).of(users));
    }
}
