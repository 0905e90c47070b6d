//! Rules about the names of permissions.

use std::collections::HashMap;

use lanyard_model::catalogue::{Catalogue, is_well_formed};
use lanyard_model::resources::MOST_PERMISSIONS;

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

/// The maximum number of suggestions for a name, and of different names with suggestions: the comparison is slow.
const SUGGESTIONS: usize = 2;
const SUGGESTED: usize = 20;

/// The maximum number of findings about names of one profile and rule; one more has the number of the others. A profile that
/// the service takes has no more permissions than this.
const NAMED: usize = MOST_PERMISSIONS;

/// Suggestions for the first names that the catalogue does not have.
struct Hints<'a> {
    catalogue: &'a Catalogue,
    known: HashMap<&'a str, String>,
}

impl<'a> Hints<'a> {
    /// The end of a sentence about an unknown name; empty without a suggestion.
    fn of(&mut self, name: &'a str) -> String {
        if let Some(hint) = self.known.get(name) {
            return hint.clone();
        }
        if self.known.len() >= SUGGESTED {
            return String::new();
        }
        let near = self.catalogue.nearest(name, SUGGESTIONS);
        let near: Vec<String> = near.iter().map(|it| format!("`{it}`")).collect();
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        self.known.insert(name, hint.clone());
        hint
    }
}

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut hints = Hints { catalogue: cx.catalogue, known: HashMap::new() };
    for profile in &cx.profiles {
        let (mut unknown, mut malformed) = (0_usize, 0_usize);
        for name in &profile.source.permissions {
            let Some(known) = cx.catalogue.get(name) else {
                let is_malformed = !is_well_formed(name);
                let count = if is_malformed { &mut malformed } else { &mut unknown };
                *count += 1;
                if *count > NAMED {
                    continue;
                }
                let (member, hint) = (format!("Permissions/{name}"), hints.of(name));
                findings.push(if is_malformed {
                    let message =
                        format!("`{name}` does not have the form of a permission, so it grants nothing{hint}");
                    cx.about(&MALFORMED, profile, member, message)
                } else {
                    let message = format!(
                        "the catalogue has no permission `{name}`: the service may refuse it, or store it without \
                         effect{hint}"
                    );
                    cx.about(&UNKNOWN, profile, member, message)
                });
                continue;
            };
            let member = format!("Permissions/{name}");
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
        for (rule, count, are) in [
            (&MALFORMED, malformed, "do not have the form of a permission"),
            (&UNKNOWN, unknown, "are not in the catalogue"),
        ] {
            if count > NAMED {
                let message = format!("{} more names {are}", count - NAMED);
                findings.push(cx.about(rule, profile, "Permissions", message));
            }
        }
    }
}
