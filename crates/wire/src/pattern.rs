//! Patterns of strings, compiled when first needed.
//!
//! The `regex` crate has no look-around, so a pattern is a conjunction: expressions that must be found and expressions
//! that must not. The generator has compiled every expression before it writes it.

use std::sync::LazyLock;

use regex::Regex;

/// What a string must look like.
pub struct Pattern {
    /// The rule in words, to follow "must".
    pub rule: &'static str,
    accept: LazyLock<Vec<Regex>>,
    refuse: LazyLock<Vec<Regex>>,
}

impl Pattern {
    pub(crate) const fn new(rule: &'static str, accept: fn() -> Vec<Regex>, refuse: fn() -> Vec<Regex>) -> Self {
        Self { rule, accept: LazyLock::new(accept), refuse: LazyLock::new(refuse) }
    }

    /// Whether `text` is as the pattern demands.
    pub fn matches(&self, text: &str) -> bool {
        self.accept.iter().all(|regex| regex.is_match(text)) && !self.refuse.iter().any(|regex| regex.is_match(text))
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pattern").field("rule", &self.rule).finish_non_exhaustive()
    }
}

/// Compiles expressions that the generator has compiled before.
pub(crate) fn compile(expressions: &[&str]) -> Vec<Regex> {
    expressions.iter().filter_map(|expression| Regex::new(expression).ok()).collect()
}
