//! Lint: errors, dangers and misleading settings in a configuration.
//!
//! Each rule has an identifier with a stable meaning, and a source. Invariants: a rule fires on known data, or on the
//! absence of data that is fully known. A rule that needs unknown data has no finding, and [`Report::not_seen`] lists
//! the unknown parts. The engine decides every access that a rule reports, and `undetermined` counts as access. Rules
//! iterate over classes of users (the same profiles and the same hierarchy group), never over pairs of users.

mod agents;
mod bits;
mod combinations;
mod contacts;
mod context;
mod declared;
mod escalation;
mod escalation_paths;
mod finding;
mod limits;
mod metrics;
mod names;
mod pages;
mod reach;
mod records;
mod restrictions;
mod rule;
mod scopes;
mod sensitive;
mod strength;
mod suppression;
#[cfg(test)]
mod tests;
mod tools;
mod upkeep;

pub use declared::{Declared, DeclaredAgent, DeclaredTool};
pub use finding::{Finding, Step, Subject};
pub use rule::{Rule, Severity, Source, find_rule, rules, table};
pub use suppression::{Suppressed, Suppression, suppress};

use lanyard_engine::Compiled;
use lanyard_model::catalogue::Catalogue;

use crate::Configuration;
use context::Context;

/// The results of all rules.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, the highest severity first.
    pub findings: Vec<Finding>,
    /// The unknown parts that rules could not be applied to, a sentence each.
    pub not_seen: Vec<String>,
}

/// Applies every rule to a configuration. `compiled` is the compiled form of the configuration and its unknown parts.
/// `declared` has the settings that the configuration does not contain.
#[must_use]
pub fn lint(configuration: &Configuration, compiled: &Compiled, catalogue: &Catalogue, declared: &Declared) -> Report {
    let cx = Context::new(configuration, compiled, catalogue, declared);
    let mut findings = Vec::new();
    for check in [
        names::check,
        limits::check,
        restrictions::check,
        combinations::check,
        metrics::check,
        contacts::check,
        pages::check,
        records::check,
        tools::check,
        agents::check,
        upkeep::check,
        escalation::check,
        reach::check,
        sensitive::check,
    ] {
        check(&cx, &mut findings);
    }
    findings.sort_by_cached_key(Finding::order);
    Report { findings, not_seen: cx.not_seen() }
}
