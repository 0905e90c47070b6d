//! The permissions of a catalogue by number, and which rule decides a permission on a type of resource.

use std::sync::{Arc, LazyLock};

use lanyard_model::catalogue::{Catalogue, ResourceType, acts_on, is_well_formed};

use crate::index::hash_text;
use crate::tasks::{self, Task};
use crate::types::{Type, TypeSet};

/// How many permissions have a place in a [`Held`]. Those of a larger catalogue are kept as text.
const PLACES: usize = 512;
const WORDS: usize = PLACES / 64;

/// Permissions that one grant brings with it (`docs/semantics.md`, "Implied permissions").
const IMPLIED: &[(&str, &[&str])] = &[
    (
        "AccessMetrics",
        &[
            "AccessMetrics.RealTimeMetrics.Access",
            "AccessMetrics.HistoricalMetrics.Access",
            "AccessMetrics.AgentActivityAudit.Access",
            "AccessMetrics.Dashboards.Access",
        ],
    ),
    ("AgentActivityAudit.Access", &["AccessMetrics.AgentActivityAudit.Access"]),
    ("Cases.Export", &["Cases.View"]),
    ("HistoricalMetrics.Access", &["AccessMetrics.HistoricalMetrics.Access"]),
    ("RealTimeMetrics.Access", &["AccessMetrics.RealTimeMetrics.Access"]),
    ("ListenCallRecordings", &["CallRecordings.Unredacted.Access", "ContactTranscripts.Unredacted.Access"]),
    ("RedactedData.View", &["CallRecordings.Redacted.Access", "ContactTranscripts.Redacted.Access"]),
    (
        "DownloadCallRecordings",
        &[
            "CallRecordings.Redacted.DownloadButton",
            "CallRecordings.Unredacted.DownloadButton",
            "ContactTranscripts.Unredacted.DownloadButton",
        ],
    ),
];

/// The permissions that `permission` brings with it (`docs/semantics.md`, rule 3).
#[must_use]
pub fn implied(permission: &str) -> &'static [&'static str] {
    IMPLIED.iter().find(|(from, _)| *from == permission).map_or(&[], |(_, to)| to)
}

/// A permission: its place in the index, or its text when it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission<'a> {
    At(u16),
    Named(&'a str),
}

/// The numbered permissions that a profile holds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held([u64; WORDS]);

impl Held {
    #[inline]
    pub(crate) fn has(&self, place: u16) -> bool {
        self.0.get(usize::from(place / 64)).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Whether any permission is in both.
    #[inline]
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }

    pub(crate) fn add(&mut self, place: u16) {
        if let Some(word) = self.0.get_mut(usize::from(place / 64)) {
            *word |= 1 << (place % 64);
        }
    }
}

/// Which rule decides (`docs/semantics.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Held or not.
    Capability,
    /// Rules 2 to 7.
    Typed(ResourceType),
    /// Rules 2 to 7 and the record rule. Where the question is about a table, the table represents a record without
    /// values.
    Record,
    /// A table: rules 2 to 7, and the part of the record rule about changing primary values.
    Table,
    /// Rule 9.
    Analytics(ResourceType),
    /// Rule 9, on the principal only.
    OwnAnalytics,
    /// Rule 11: held, and the contact is visible.
    Visible,
    /// Rule 12: held, and the owner is the principal.
    Owned(ResourceType),
    /// Section 6.
    Access,
    /// Section 6.
    Tool,
    /// Section 6.
    Invoke,
    /// Section 6.
    Collaborate,
}

/// The properties of a permission that do not depend on a question.
#[derive(Clone, Debug)]
struct Known {
    name: Box<str>,
    types: TypeSet,
    /// The types that its first word fixes.
    acts_on: TypeSet,
    main_type: ResourceType,
    analytics: bool,
    restricting: bool,
    owned: bool,
    /// It shows only the principal's own metrics.
    own_metrics: bool,
    /// It is about records although it may be asked on a table.
    of_records: bool,
    /// It views contacts and does not change them.
    sees_contacts: bool,
}

/// A catalogue, prepared for decisions. One serves any number of instances.
#[derive(Debug)]
pub struct PermissionIndex {
    known: Vec<Known>,
    /// By the low bits of a name's hash, or in the next free place: one more than where the permission is in `known`; zero
    /// where there is none. A power of two of them, most without.
    by_name: Box<[u16]>,
    views: Vec<Option<u16>>,
    /// For each type, the permissions that cover resources of it without viewing them (rule 15).
    covering: Vec<Held>,
    /// Places of the permissions that rules name.
    pub(crate) places: Places,
    /// Tasks in addition to the built-in ones.
    tasks: Vec<&'static Task>,
}

/// Places of the permissions that rules name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Places {
    pub(crate) all_contacts: u16,
    pub(crate) own_contacts: u16,
    pub(crate) contacts_by_hierarchy: u16,
    pub(crate) agent_access: u16,
}

/// The permission to view one's own cases (`docs/semantics.md`, rule 12).
pub const VIEW_OWN_CASES: &str = "MyCases.View";

/// The permission to use the contact control panel (`docs/semantics.md`, section 6).
pub(crate) const AGENT_ACCESS: &str = "BasicAgentAccess";

/// The permission to view one's own metrics (`docs/semantics.md`, rule 9).
pub const VIEW_OWN_METRICS: &str = "AccessMetrics.DashboardsWithMyData.View";

/// A place that no permission has.
const NOWHERE: u16 = u16::MAX;

impl PermissionIndex {
    /// The index of the built-in catalogue.
    #[must_use]
    pub fn builtin() -> Arc<Self> {
        static LEXICON: LazyLock<Arc<PermissionIndex>> =
            LazyLock::new(|| Arc::new(PermissionIndex::new(Catalogue::builtin())));
        Arc::clone(&LEXICON)
    }

    /// The index of a catalogue.
    #[must_use]
    pub fn new(catalogue: &Catalogue) -> Self {
        let known: Vec<_> = catalogue
            .iter()
            .map(|permission| {
                let name = permission.api_name();
                let types = permission.resource_types();
                let flags = permission.flags();
                let prefix = name.split('.').next().unwrap_or_default();
                Known {
                    name: name.into(),
                    types: types.iter().copied().collect(),
                    acts_on: types_of(name),
                    main_type: types.first().copied().unwrap_or(ResourceType::Instance),
                    analytics: flags.analytics,
                    restricting: flags.restricting,
                    owned: prefix.starts_with("My") && acts_on(name).is_some(),
                    own_metrics: name == VIEW_OWN_METRICS,
                    of_records: matches!(name, "DataTables.ManageValues" | "DataTables.EditExpressionValues"),
                    sees_contacts: flags.recording || matches!(name, "ContactSearch.View" | "MyContacts.View"),
                }
            })
            .collect();
        let mut by_name = vec![0; (known.len() * 4).next_power_of_two()];
        for (at, known) in (1..NOWHERE).zip(&known) {
            let free = |at: &usize| by_name.get(*at) == Some(&0);
            if let Some(place) = places_of(&known.name, by_name.len()).find(free).and_then(|at| by_name.get_mut(at)) {
                *place = at;
            }
        }
        let by_name = by_name.into();
        let mut permission_index = Self {
            known,
            by_name,
            views: Vec::new(),
            covering: Vec::new(),
            places: Places::default(),
            tasks: Vec::new(),
        };
        let place = |name: &str| permission_index.place(name).unwrap_or(NOWHERE);
        let places = Places {
            all_contacts: place("ContactSearch.View"),
            own_contacts: place("MyContacts.View"),
            contacts_by_hierarchy: place("RestrictContactAccessByHierarchy.View"),
            agent_access: place(AGENT_ACCESS),
        };
        let views = ResourceType::ALL.iter().map(|it| it.view_permission().map(place)).collect();
        let covering = ResourceType::ALL.iter().map(|it| {
            let mut covering = Held::default();
            it.covered_by().iter().chain(&it.view_permission()).for_each(|name| covering.add(place(name)));
            covering
        });
        let covering = covering.collect();
        (permission_index.places, permission_index.views, permission_index.covering) = (places, views, covering);
        permission_index
    }

    /// This index with further tasks. A built-in task hides one of the same name.
    #[must_use]
    pub fn with_tasks(self, tasks: Vec<&'static Task>) -> Self {
        Self { tasks, ..self }
    }

    /// The task of this name, without `task:`.
    #[must_use]
    pub fn task(&self, name: &str) -> Option<&'static Task> {
        tasks::find(name).or_else(|| self.tasks.iter().copied().find(|task| task.name == name))
    }

    /// Every task: the built-in ones, and then the further ones.
    pub fn tasks(&self) -> impl Iterator<Item = &'static Task> + '_ {
        tasks::TASKS.iter().chain(self.tasks.iter().copied())
    }

    #[inline]
    fn position(&self, name: &str) -> Option<u16> {
        for at in places_of(name, self.by_name.len()) {
            let at = self.by_name.get(at)?.checked_sub(1)?;
            if *self.known.get(usize::from(at))?.name == *name {
                return Some(at);
            }
        }
        None
    }

    /// The place of a permission that has one.
    #[inline]
    pub(crate) fn place(&self, name: &str) -> Option<u16> {
        self.position(name).filter(|at| usize::from(*at) < PLACES)
    }

    /// A permission as questions name it: `None` when the text does not have a permission's form.
    #[inline]
    pub(crate) fn permission<'a>(&self, name: &'a str) -> Option<Permission<'a>> {
        match self.place(name) {
            Some(place) => Some(Permission::At(place)),
            None => (self.position(name).is_some() || is_well_formed(name)).then_some(Permission::Named(name)),
        }
    }

    #[inline]
    fn known(&self, permission: Permission<'_>) -> Option<&Known> {
        let at = match permission {
            Permission::At(at) => Some(at),
            Permission::Named(name) => self.position(name),
        };
        self.known.get(usize::from(at?))
    }

    /// The types that the first word of a permission fixes, in the catalogue or not.
    pub(crate) fn types_of(&self, name: &str) -> TypeSet {
        let known = self.position(name).and_then(|at| self.known.get(usize::from(at)));
        known.map_or_else(|| types_of(name), |known| known.acts_on)
    }

    /// Whether the catalogue has the permission.
    pub(crate) fn is_known(&self, permission: Permission<'_>) -> bool {
        self.known(permission).is_some()
    }

    /// Whether holding the permission takes something away.
    pub(crate) fn is_restricting(&self, permission: Permission<'_>) -> bool {
        self.known(permission).is_some_and(|known| known.restricting)
    }

    /// The names in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|known| &*known.name)
    }

    /// The View permission of a type.
    #[inline]
    pub(crate) fn view(&self, it: ResourceType) -> Option<u16> {
        self.views.get(it as usize).copied().flatten()
    }

    /// The permissions of which any one covers resources of a type: that to view them, and those that they are inherited
    /// through (rule 15).
    #[inline]
    pub(crate) fn covering(&self, it: ResourceType) -> Held {
        self.covering.get(it as usize).copied().unwrap_or_default()
    }

    /// The View permission that a profile needs where it restricts a type (rule 7): that of the type; for one's own
    /// resources, that of one's own (rule 12).
    #[inline]
    pub(crate) fn view_for(&self, rule: Rule, it: ResourceType) -> Option<Permission<'static>> {
        match rule {
            Rule::Owned(ResourceType::Case) => self.permission(VIEW_OWN_CASES),
            Rule::Owned(_) => None,
            _ => self.view(it).map(Permission::At),
        }
    }

    /// The type that a permission is first of all about.
    pub(crate) fn main_type(&self, permission: Permission<'_>) -> ResourceType {
        self.known(permission).map_or(ResourceType::Instance, |known| known.main_type)
    }

    /// Which rule decides a permission on a type; `None` when the permission does not act on it.
    #[inline]
    pub(crate) fn rule(&self, permission: Permission<'_>, it: Type) -> Option<Rule> {
        let Type::Of(it) = it else { return None };
        let Some(known) = self.known(permission) else {
            return (it == ResourceType::Instance).then_some(Rule::Capability);
        };
        if !known.types.has(it) {
            return None;
        }
        Some(match it {
            ResourceType::Instance => Rule::Capability,
            ResourceType::Contact if known.sees_contacts => Rule::Visible,
            ResourceType::Contact => Rule::Capability,
            _ if known.owned => Rule::Owned(it),
            ResourceType::User if known.own_metrics => Rule::OwnAnalytics,
            _ if known.analytics => Rule::Analytics(it),
            ResourceType::DataTable if !known.of_records => Rule::Table,
            ResourceType::DataTable | ResourceType::DataTableRecord => Rule::Record,
            _ => Rule::Typed(it),
        })
    }
}

fn types_of(name: &str) -> TypeSet {
    acts_on(name).into_iter().flat_map(|(types, _)| types).copied().collect()
}

/// The place where the search for a name begins, in a list of so many places.
#[inline]
fn places_of(name: &str, places: usize) -> impl Iterator<Item = usize> {
    let first = hash_text(0, name.as_bytes()) as usize;
    (0..places).map(move |step| first.wrapping_add(step) & (places - 1))
}
