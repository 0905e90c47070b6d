//! The rules by name: what each is about, how bad it is, and where that is known from.

use std::fmt;

/// How bad a finding is. The order is from the least to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not what was meant.
    Warning,
    /// Wrong, or a way around what was meant.
    Error,
}

impl Severity {
    /// Every severity, from the least.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// `note`, `warning` or `error`, which are SARIF's words too.
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
    /// Its name, which never changes its meaning: lower-case words joined by hyphens.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// How bad a finding is; a single finding may be less bad, never worse.
    pub severity: Severity,
    /// Where it is known from: `documented` or `inferred`, and a page.
    pub source: Source,
    /// What to do about it.
    pub remedy: &'static str,
}

/// Where a rule is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The service's documents say so, on this page.
    Documented(&'static str),
    /// It follows from what this page says.
    Inferred(&'static str),
    /// Chosen by this project.
    Chosen,
}

impl Source {
    /// The page; `None` for what was chosen.
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

/// Every rule, family by family.
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

/// The rule of this name.
#[must_use]
pub fn find_rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// Pages of the service's documents that rules cite.
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

/// Every rule as a table in Markdown, as the documents print it.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| rule | severity | what it finds | known from |\n| --- | --- | --- | --- |\n");
    for Rule { id, title, severity, source, .. } in rules() {
        let source = match source.page() {
            Some(page) => format!("{} ([page]({page}))", source.as_str()),
            None => source.as_str().to_owned(),
        };
        text.push_str(&format!("| `{id}` | {severity} | {title} | {source} |\n"));
    }
    text
}
