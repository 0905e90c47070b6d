//! Reports that other programs read: SARIF for code review, JUnit for test runs.

pub(crate) mod junit;
pub(crate) mod lint_text;
pub(crate) mod sarif;
