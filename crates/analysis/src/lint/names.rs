//! Rules about the names of permissions.

use lanyard_model::catalogue::is_well_formed;

use super::context::{Context, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static MALFORMED: Rule = Rule {
    id: "permission-malformed",
    title: "a permission name of an invalid form",
    severity: Severity::Error,
    source: Source::Inferred(page::LIST),
    remedy: "write the permission's API name, such as `Queues.View`",
};

static UNKNOWN: Rule = Rule {
    id: "permission-unknown",
    title: "a permission that the catalogue does not have",
    severity: Severity::Warning,
    source: Source::Inferred(page::LIST),
    remedy: "correct the name, or add it to the catalogue with `--permissions FILE` if the service has it",
};

static LEGACY: Rule = Rule {
    id: "permission-legacy",
    title: "a legacy permission",
    severity: Severity::Warning,
    source: Source::Documented(page::LIST),
    remedy: "hold the permissions that replace it instead",
};

pub(super) static RULES: &[&Rule] = &[&MALFORMED, &UNKNOWN, &LEGACY];

/// The maximum number of suggestions for a name, and of names with suggestions in a profile: the comparison is slow.
const SUGGESTIONS: usize = 2;
const SUGGESTED: usize = 20;

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut suggested = std::collections::BTreeMap::new();
    for profile in &cx.profiles {
        for name in &profile.source.permissions {
            let member = format!("Permissions/{name}");
            let Some(known) = cx.catalogue.get(name) else {
                let room = suggested.len() < SUGGESTED;
                let near = if room || suggested.contains_key(name) {
                    suggested.entry(name).or_insert_with(|| cx.catalogue.nearest(name, SUGGESTIONS)).clone()
                } else {
                    Vec::new()
                };
                let hint = if near.is_empty() {
                    String::new()
                } else {
                    format!(
                        "; did you mean {}?",
                        near.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ")
                    )
                };
                findings.push(if is_well_formed(name) {
                    let message = format!(
                        "the catalogue has no permission `{name}`: the service may refuse it, or store it without \
                         effect{hint}"
                    );
                    cx.about(&UNKNOWN, profile, member, message)
                } else {
                    let message =
                        format!("`{name}` does not have the form of a permission, so it grants nothing{hint}");
                    cx.about(&MALFORMED, profile, member, message)
                });
                continue;
            };
            if known.flags().legacy {
                let replaced = lanyard_engine::implied(name);
                let by = if replaced.is_empty() { String::new() } else { format!(" to {}", list(replaced)) };
                let message = format!(
                    "`{name}` is a legacy permission: it still has its effect, the console does not show it, and saving \
                     the profile in the console changes it{by}"
                );
                findings.push(cx.about(&LEGACY, profile, member, message));
            }
        }
    }
}
