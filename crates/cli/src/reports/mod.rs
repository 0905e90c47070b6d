//! Reports: of plans, for people; SARIF for code review and JUnit for test runs, for other programs.

pub(crate) mod junit;
pub(crate) mod lint_text;
pub(crate) mod plan;
mod plan_faults;
mod provenance;
pub(crate) mod sarif;
