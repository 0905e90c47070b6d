//! The catalogue: the permissions that a security profile can hold, with the console's name and the types that each
//! acts on.
//!
//! The service publishes neither a model of its permissions nor an enumeration in its API, so the names are data of
//! this project (`permissions.tsv`), each with the source it is known from. Invariants: a catalogue is immutable,
//! sorted by API name, without duplicates, and every name in it [is well-formed](is_well_formed). The built-in entries
//! never change; a file can only add to them. `docs/permissions.md` is the reader's account of it.

mod builtin_profiles;
mod builtin_tool;
mod permission_names;
mod resource_type;
mod suggest;

use std::fmt;
use std::sync::LazyLock;

pub use builtin_profiles::{BuiltinProfile, builtin_profiles};
pub use builtin_tool::{BUILTIN_TOOLS, BuiltinTool, builtin_tool};
pub use permission_names::PermissionNames;
pub use resource_type::ResourceType;
pub use suggest::nearest_of;

/// The longest permission the API takes, in characters.
pub const MAX_PERMISSION_LENGTH: usize = 128;

const BUILTIN: &str = include_str!("permissions.tsv");

/// Whether `name` has the form that every known permission has: one to four words of ASCII letters joined by full
/// stops, 128 characters at most.
///
/// The API model sets only the length. The form is the observed one, so that `Queues View`, `queue/*` or an IAM action
/// is refused as a mistake while a permission that the service adds later still passes. No known name has a digit.
pub fn is_well_formed(name: &str) -> bool {
    name.len() <= MAX_PERMISSION_LENGTH
        && name.split('.').count() <= 4
        && name.split('.').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// The types of resource that the first word of a permission fixes, and the permission to view them; `None` for a
/// capability. It holds for names outside the catalogue too.
pub fn acts_on(api_name: &str) -> Option<(&'static [ResourceType], Option<&'static str>)> {
    resource_type::of_permission(api_name)
}

/// How a name is known. The order is from the best founded to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Added by a file of the operator's.
    Added,
    /// The permission is on the vendor's list, and in public configurations.
    DocumentedAndSeen,
    /// The console name is documented, the API name is in several exports of live instances.
    LabelAndSeen,
    /// The permission is documented, but not known to be in use.
    Documented,
    /// Not documented, but in two or more independent public configurations.
    Seen,
    /// Not documented, and in one public configuration only.
    SeenOnce,
    /// On an older edition of the vendor's list and no longer on it.
    FormerlyDocumented,
}

impl Source {
    const ALL: [Self; 7] = [
        Self::Added,
        Self::DocumentedAndSeen,
        Self::LabelAndSeen,
        Self::Documented,
        Self::Seen,
        Self::SeenOnce,
        Self::FormerlyDocumented,
    ];

    /// The word for it in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::DocumentedAndSeen => "documented+seen",
            Self::LabelAndSeen => "label+seen",
            Self::Documented => "documented",
            Self::Seen => "seen",
            Self::SeenOnce => "seen once",
            Self::FormerlyDocumented => "formerly documented",
        }
    }

    /// How sure one can be that the service takes the name.
    pub fn confidence(self) -> Confidence {
        match self {
            Self::Added | Self::DocumentedAndSeen | Self::LabelAndSeen => Confidence::High,
            Self::Documented | Self::Seen => Confidence::Medium,
            Self::SeenOnce | Self::FormerlyDocumented => Confidence::Low,
        }
    }
}

/// How sure one can be that the service takes a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Two kinds of evidence agree, or the operator added it.
    High,
    /// One good kind of evidence.
    Medium,
    /// A single unofficial source, or an outdated spelling.
    Low,
}

impl Confidence {
    /// `high`, `medium` or `low`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// The properties of a permission that matter when access is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// The console no longer shows it; the API still takes it.
    pub legacy: bool,
    /// Holding it takes something away instead of granting it.
    pub restricting: bool,
    /// It shows metrics, and may be asked about the types of resource that they are of too.
    pub analytics: bool,
    /// It is about recordings and transcripts, and may be asked about a contact too.
    pub recording: bool,
}

impl Flags {
    const NAMES: &'static str = "`legacy`, `restricting`, `analytics`, `recording`";

    fn parse(text: &str) -> Result<Self, String> {
        let mut flags = Self::default();
        for word in text.split_whitespace() {
            match word {
                "legacy" => flags.legacy = true,
                "restricting" => flags.restricting = true,
                "analytics" => flags.analytics = true,
                "recording" => flags.recording = true,
                _ => return Err(format!("`{word}` is not a flag; the flags are {}", Self::NAMES)),
            }
        }
        Ok(flags)
    }

    /// The words of the flags that are set.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        [
            (self.legacy, "legacy"),
            (self.restricting, "restricting"),
            (self.analytics, "analytics"),
            (self.recording, "recording"),
        ]
        .into_iter()
        .filter_map(|(set, word)| set.then_some(word))
    }
}

/// One permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionInfo {
    api_name: Box<str>,
    console_name: Option<Box<str>>,
    group: Box<str>,
    flags: Flags,
    source: Source,
}

impl PermissionInfo {
    /// The name in the API, such as `RoutingPolicies.View`.
    pub fn api_name(&self) -> &str {
        &self.api_name
    }

    /// The console's name for it, such as `Routing profiles - View`; `None` where that is not known.
    pub fn console_name(&self) -> Option<&str> {
        self.console_name.as_deref()
    }

    /// The section of the console's page that it is in. An entry without a console name is in the section of its
    /// relatives.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// The properties that matter when access is decided.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// How the name is known.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The types of resource it can be asked about, the main one first, never empty. `Instance` means that it is a
    /// capability, about no resource in particular.
    pub fn resource_types(&self) -> &'static [ResourceType] {
        use ResourceType::{Contact, Instance};
        match resource_type::of_permission(&self.api_name) {
            Some((types, _)) => types,
            None if self.flags.analytics => resource_type::of_analytics(&self.api_name),
            None if self.flags.recording => &[Instance, Contact],
            None => &[Instance],
        }
    }

    /// The View permission of the type it acts on; `None` for capabilities, contacts and `MyCases`.
    pub fn view_permission(&self) -> Option<&'static str> {
        resource_type::of_permission(&self.api_name).and_then(|(_, view)| view)
    }

    /// Reads a line of `permissions.tsv` or of a file that extends it; all columns but the first may be missing.
    fn parse(line: &str) -> Result<Self, String> {
        let mut columns = line.split('\t').map(str::trim);
        let mut next = || columns.next().filter(|column| !column.is_empty());
        let api_name = next().unwrap_or_default();
        if !is_well_formed(api_name) {
            return Err(format!(
                "`{api_name}` does not have a permission's form, which is one to four words of letters joined by full \
                 stops, at most {MAX_PERMISSION_LENGTH} characters, such as `Queues.View`; columns are separated by tabs"
            ));
        }
        let console_name = next().map(Box::from);
        let group = Box::from(next().unwrap_or("Added"));
        let flags = Flags::parse(next().unwrap_or_default())?;
        let source = match next() {
            None => Source::Added,
            Some(word) => Source::ALL.into_iter().find(|source| source.as_str() == word).ok_or_else(|| {
                let known: Vec<_> = Source::ALL.iter().map(|source| format!("`{}`", source.as_str())).collect();
                format!("`{word}` is not a source; the sources are {}", known.join(", "))
            })?,
        };
        if let Some(column) = columns.next() {
            return Err(format!(
                "`{column}` is in a sixth column; the columns are name, console name, group, flags, source"
            ));
        }
        Ok(Self { api_name: api_name.into(), console_name, group, flags, source })
    }
}

/// A line of an extension file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueError {
    /// The line's number, from 1.
    pub line: usize,
    /// The fault, and the correct form.
    pub message: String,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for CatalogueError {}

/// The permissions known to this process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    permissions: Vec<PermissionInfo>,
}

impl Catalogue {
    /// The permissions that Lanyard comes with.
    pub fn builtin() -> &'static Self {
        // The text is a constant of the program, and a test holds that each of its lines can be read.
        static CATALOGUE: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::default().extended(BUILTIN).unwrap_or_default());
        &CATALOGUE
    }

    /// This catalogue and the permissions of a file.
    ///
    /// A line is an API name, optionally followed by console name, group, flags and source, separated by tabs. Empty
    /// lines and lines that begin with `#` are skipped. A name that is already there keeps the entry it has, so a file
    /// stays valid when a later version of Lanyard comes with one of its names.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn extended(&self, file_text: &str) -> Result<Self, CatalogueError> {
        let mut permissions = self.permissions.clone();
        let text = file_text.strip_prefix('\u{feff}').unwrap_or(file_text);
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let permission = PermissionInfo::parse(line).map_err(|message| CatalogueError { line: number, message })?;
            permissions.push(permission);
        }
        // The sort is stable: of several entries with one name the first is the one that was there before.
        permissions.sort_by(|a, b| a.api_name.cmp(&b.api_name));
        permissions.dedup_by(|later, earlier| later.api_name == earlier.api_name);
        Ok(Self { permissions })
    }

    /// The permission of exactly this API name; upper and lower case count.
    pub fn get(&self, api_name: &str) -> Option<&PermissionInfo> {
        let at = self.permissions.binary_search_by(|permission| (*permission.api_name).cmp(api_name)).ok()?;
        self.permissions.get(at)
    }

    /// All permissions in the order of their API names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &PermissionInfo> {
        self.permissions.iter()
    }

    /// The permissions in which every word of `text` occurs, in the API name, the console name or the group, in any case
    /// and order; all of them for an empty text.
    pub fn search(&self, text: &str) -> Vec<&PermissionInfo> {
        let text = text.to_lowercase();
        let matches = |permission: &&PermissionInfo| {
            let console_name = permission.console_name().unwrap_or_default();
            let haystack = format!("{}\n{console_name}\n{}", permission.api_name, permission.group).to_lowercase();
            text.split_whitespace().all(|word| haystack.contains(word))
        };
        self.iter().filter(matches).collect()
    }

    /// At most `limit` API names that someone who wrote `name` may have meant, the likeliest first; none where nothing
    /// is near. It compares `name` with every entry, so a caller with many names should ask for the first few only.
    pub fn nearest(&self, name: &str, limit: usize) -> Vec<&str> {
        suggest::nearest(&self.permissions, name, limit)
    }
}

#[cfg(test)]
mod tests;
