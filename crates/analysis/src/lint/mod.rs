//! What is wrong with a configuration, or dangerous, or not what it looks like.
//!
//! Each rule has an identifier that never changes its meaning, and a source. What always holds: a rule fires on what is
//! there, or on the absence of what would have been seen; where it needs what was not seen it keeps silent, and
//! [`Report::not_seen`] says so. What a rule claims about access was asked of the engine, and `undetermined` counts as
//! access. Users are looked at by class (the same profiles and the same hierarchy group), never one by one against all.

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

/// What the rules found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What rules could not be applied to because it was not seen, a sentence each.
    pub not_seen: Vec<String>,
}

/// Applies every rule to a configuration, which `compiled` was made from with what was not seen. `declared` is what no configuration carries
/// and somebody says.
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
