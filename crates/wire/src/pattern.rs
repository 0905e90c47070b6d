//! Patterns of strings, compiled when first needed.
//!
//! The `regex` crate has no look-around, so a pattern is a conjunction: expressions that must match and expressions
//! that must not. The generator has compiled every expression before it writes it, and a test compiles every one; an
//! expression that does not compile all the same makes its pattern match nothing.

use std::sync::LazyLock;

use regex::Regex;

/// The form that a string must have.
pub struct Pattern {
    /// The rule in words, to follow "must".
    pub rule: &'static str,
    /// `None` when one does not compile.
    accept: LazyLock<Option<Vec<Regex>>>,
    refuse: LazyLock<Option<Vec<Regex>>>,
}

impl Pattern {
    pub(crate) const fn new(
        rule: &'static str,
        accept: fn() -> Option<Vec<Regex>>,
        refuse: fn() -> Option<Vec<Regex>>,
    ) -> Self {
        Self { rule, accept: LazyLock::new(accept), refuse: LazyLock::new(refuse) }
    }

    /// Whether `text` is as the pattern demands.
    pub fn matches(&self, text: &str) -> bool {
        let (Some(accept), Some(refuse)) = (&*self.accept, &*self.refuse) else { return false };
        accept.iter().all(|regex| regex.is_match(text)) && !refuse.iter().any(|regex| regex.is_match(text))
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pattern").field("rule", &self.rule).finish_non_exhaustive()
    }
}

impl Pattern {
    /// Whether every expression compiles.
    #[cfg(test)]
    pub(crate) fn compiles(&self) -> bool {
        self.accept.is_some() && self.refuse.is_some()
    }
}

/// Compiles expressions; `None` when one does not compile.
pub(crate) fn compile(expressions: &[&str]) -> Option<Vec<Regex>> {
    expressions.iter().map(|expression| Regex::new(expression).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Pattern, compile};

    #[test]
    fn every_expression_compiles() {
        let all = [crate::generated::patterns::ALL, crate::generated::appintegrations::patterns::ALL].concat();
        assert!(all.len() > 20);
        for pattern in all {
            assert!(pattern.compiles(), "{}", pattern.rule);
        }
    }

    #[test]
    fn an_expression_that_does_not_compile_matches_nothing() {
        let broken = Pattern::new("be anything", || compile(&["a", "("]), || compile(&[]));
        assert!(!broken.compiles() && !broken.matches("a"));
    }
}
