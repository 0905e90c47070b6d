//! The rules: identifier, subject, severity and source of each.

use std::fmt;

/// The severity of a finding, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Useful to know.
    Note,
    /// Probably not intended.
    Warning,
    /// An error, or a way around an intended restriction.
    Error,
}

impl Severity {
    /// Every severity, in ascending order.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// `note`, `warning` or `error`, which are also SARIF's levels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The identifier, with a stable meaning: lower-case words joined by hyphens.
    pub id: &'static str,
    /// The problem in a few words.
    pub title: &'static str,
    /// The severity; a finding may have a lower one, never a higher one.
    pub severity: Severity,
    /// The source: `documented` or `inferred`, and a page.
    pub source: Source,
    /// The remedy.
    pub remedy: &'static str,
}

/// The source of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The service's documents state it on this page.
    Documented(&'static str),
    /// It follows from this page.
    Inferred(&'static str),
    /// Chosen by this project.
    Chosen,
}

impl Source {
    /// The page; `None` for a choice of the project.
    #[must_use]
    pub fn page(self) -> Option<&'static str> {
        match self {
            Self::Documented(page) | Self::Inferred(page) => Some(page),
            Self::Chosen => None,
        }
    }

    /// `documented`, `inferred` or `chosen`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented(_) => "documented",
            Self::Inferred(_) => "inferred",
            Self::Chosen => "chosen",
        }
    }
}

/// Every rule, by family.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        super::names::RULES,
        super::limits::RULES,
        super::restrictions::RULES,
        super::combinations::RULES,
        super::metrics::RULES,
        super::contacts::RULES,
        super::pages::RULES,
        super::records::RULES,
        super::tools::RULES,
        super::agents::RULES,
        super::upkeep::RULES,
        super::escalation::RULES,
        super::reach::RULES,
        super::sensitive::RULES,
        super::suppression::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule with this identifier.
#[must_use]
pub fn find_rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// Pages of the service's documents that are sources of rules.
pub(super) mod page {
    pub(in crate::lint) const PROFILE: &str =
        "https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateSecurityProfile.html";
    pub(in crate::lint) const CREATE: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/create-security-profile.html";
    pub(in crate::lint) const LIST: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/security-profile-list.html";
    pub(in crate::lint) const BEST: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/security-profile-best-practices.html";
    pub(in crate::lint) const TAGS: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/tag-based-access-control.html";
    pub(in crate::lint) const HIERARCHY: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/hierarchy-based-access-control.html";
    pub(in crate::lint) const USERS: &str =
        "https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateUserSecurityProfiles.html";
    pub(in crate::lint) const DASHBOARDS: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/dashboard-access-control.html";
    pub(in crate::lint) const DASHBOARD_TAGS: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/dashboard-tag-based-access-control.html";
    pub(in crate::lint) const SEARCH: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/contact-search.html";
    pub(in crate::lint) const APPLICATION: &str =
        "https://docs.aws.amazon.com/connect/latest/APIReference/API_Application.html";
    pub(in crate::lint) const APPLICATIONS: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/assign-security-profile-3p-apps.html";
    pub(in crate::lint) const MODULES: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html";
    pub(in crate::lint) const AGENTS: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/ai-agent-security-profile-permissions.html";
    pub(in crate::lint) const COLLABORATION: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/a2a-setup-external.html";
    pub(in crate::lint) const RECORDS: &str =
        "https://docs.aws.amazon.com/connect/latest/APIReference/API_PrimaryAttributeValue.html";
    pub(in crate::lint) const RENAME: &str =
        "https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateDataTablePrimaryValues.html";
    pub(in crate::lint) const TABLES: &str = "https://docs.aws.amazon.com/connect/latest/adminguide/data-tables.html";
    pub(in crate::lint) const GROUPS: &str =
        "https://docs.aws.amazon.com/connect/latest/APIReference/API_DeleteUserHierarchyGroup.html";
    pub(in crate::lint) const CASES: &str =
        "https://docs.aws.amazon.com/connect/latest/adminguide/assign-security-profile-cases.html";
}

/// Every rule as a table in Markdown, in the form of the documents.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| rule | severity | finding | source |\n| --- | --- | --- | --- |\n");
    for Rule { id, title, severity, source, .. } in rules() {
        let source = match source.page() {
            Some(page) => format!("{} ([page]({page}))", source.as_str()),
            None => source.as_str().to_owned(),
        };
        text.push_str(&format!("| `{id}` | {severity} | {title} | {source} |\n"));
    }
    text
}
