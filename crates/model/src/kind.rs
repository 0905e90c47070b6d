//! The table of kinds: every kind of resource that Lanyard keeps, described once.
//!
//! To add a kind: write its struct in `resources/`, implement [`Stored`] next to it (identifier, ARN segment, name
//! rule, tags, references), and add one line to the `kinds!` table below. The directory, the log, the store, tagging,
//! the check of references and the names follow from it.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::resources::{
    AiAgent, ClientToken, DataTable, DataTableAttribute, DataTableRecord, DecisionToken, FlowModule, FlowModuleAlias,
    FlowModuleVersion, HierarchyGroup, HierarchyStructure, HoursOfOperation, Instance, InstanceRecord,
    IntegrationAssociation, Queue, QuickConnect, RegisteredApplication, RoutingProfile, SecurityProfile, User,
};
use crate::{Id, StreamId, Tags};

/// Whether and how the names of a kind are unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Resources of the kind have no unique name.
    NotUnique,
    /// Unique within the stream; names that differ only in case are different.
    Exact,
    /// Unique within the stream, regardless of case.
    IgnoringCase,
    /// Unique in all streams, regardless of case.
    Everywhere,
}

/// The properties of a kind of resource.
pub trait Stored: Clone + PartialEq + Serialize + DeserializeOwned {
    /// The kind.
    const KIND: Kind;
    /// The noun for it in messages: `security profile`.
    const NOUN: &'static str;
    /// The segment of an ARN between the instance's identifier and the resource's own; `None` without an ARN.
    const ARN_SEGMENT: Option<&'static str> = None;
    /// The name of the kind where tags are searched by type; `None` for kinds that are not searched.
    const TAG_SEARCH_TYPE: Option<&'static str> = Self::ARN_SEGMENT;
    /// How names of this kind are unique.
    const NAMES: Names = Names::NotUnique;

    /// The identifier within the stream.
    fn id(&self) -> Id;
    /// The name, where [`Self::NAMES`] makes it unique.
    fn name(&self) -> Option<&str> {
        None
    }
    /// The resource tags, for kinds that can be tagged.
    fn tags(&self) -> Option<&Tags> {
        None
    }
    /// The resource tags, to change them.
    fn tags_mut(&mut self) -> Option<&mut Tags> {
        None
    }
    /// Calls `visit` with each resource of the same stream that this one needs to exist.
    fn references(&self, _visit: &mut dyn FnMut(Key)) {}
}

/// A kind of resource with a table in [`Tables`].
pub trait Tabled: Stored {
    /// The table of the kind.
    fn table(tables: &Tables) -> &Table<Self>;
}

/// Names one resource within a stream.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The kind of resource.
    pub kind: Kind,
    /// Its identifier.
    pub id: Id,
}

macro_rules! kinds {
    ($( $(#[$doc:meta])* $kind:ident => $table:ident ),* $(,)?) => {
        /// A kind of resource.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind { $( $(#[$doc])* $kind ),* }

        /// One resource of any kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Resource { $( $(#[$doc])* $kind(Arc<$kind>) ),* }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$( Self::$kind ),*];

            /// The name of the kind, as the log and messages have it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $( Self::$kind => stringify!($kind) ),* }
            }

            /// The noun for a resource of the kind in messages.
            #[must_use]
            pub fn noun(self) -> &'static str {
                match self { $( Self::$kind => <$kind as Stored>::NOUN ),* }
            }

            /// The segment of an ARN between the instance's identifier and the resource's own.
            #[must_use]
            pub fn arn_segment(self) -> Option<&'static str> {
                match self { $( Self::$kind => <$kind as Stored>::ARN_SEGMENT ),* }
            }

            /// The name of the kind where tags are searched by type.
            #[must_use]
            pub fn tag_search_type(self) -> Option<&'static str> {
                match self { $( Self::$kind => <$kind as Stored>::TAG_SEARCH_TYPE ),* }
            }

            /// How names of this kind are unique.
            #[must_use]
            pub fn names(self) -> Names {
                match self { $( Self::$kind => <$kind as Stored>::NAMES ),* }
            }
        }

        impl Resource {
            /// The kind.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $( Self::$kind(_) => Kind::$kind ),* }
            }

            /// The identifier within the stream.
            #[must_use]
            pub fn id(&self) -> Id {
                match self { $( Self::$kind(it) => it.id() ),* }
            }

            /// The name, for kinds whose names are unique.
            #[must_use]
            pub fn name(&self) -> Option<&str> {
                match self { $( Self::$kind(it) => it.name() ),* }
            }

            /// The resource tags; `None` for kinds that cannot be tagged.
            #[must_use]
            pub fn tags(&self) -> Option<&Tags> {
                match self { $( Self::$kind(it) => it.tags() ),* }
            }

            /// The resource tags, to change them; copies the resource when it is shared.
            pub fn tags_mut(&mut self) -> Option<&mut Tags> {
                match self { $( Self::$kind(it) => Arc::make_mut(it).tags_mut() ),* }
            }

            /// Calls `visit` with each resource of the same stream that this one needs to exist.
            pub fn references(&self, visit: &mut dyn FnMut(Key)) {
                match self { $( Self::$kind(it) => it.references(visit) ),* }
            }

            /// The resource as JSON, without its kind.
            ///
            /// # Errors
            /// Never for resources that were read from JSON or made by operations: they hold no other map keys than text.
            pub fn to_json(&self) -> serde_json::Result<String> {
                match self { $( Self::$kind(it) => serde_json::to_string(it) ),* }
            }

            /// Reads what [`Self::to_json`] wrote.
            ///
            /// # Errors
            /// When the text is not such a resource.
            pub fn from_json(kind: Kind, json: &str) -> serde_json::Result<Self> {
                match kind { $( Kind::$kind => serde_json::from_str(json).map(Self::$kind) ),* }
            }
        }

        $(
            impl From<$kind> for Resource {
                fn from(it: $kind) -> Self { Self::$kind(Arc::new(it)) }
            }
        )*

        $(
            impl Tabled for $kind {
                fn table(tables: &Tables) -> &Table<Self> { &tables.$table }
            }
        )*

        /// The resources of one stream, a table for each kind, in the order of their identifiers.
        #[derive(Clone, Debug, Default)]
        pub struct Tables { $( $(#[$doc])* pub $table: Table<$kind> ),* }

        impl Tables {
            /// The resource that the key names.
            #[must_use]
            pub fn get(&self, kind: Kind, id: &Id) -> Option<Resource> {
                match kind { $( Kind::$kind => self.$table.get(id).cloned().map(Resource::$kind) ),* }
            }

            /// How many resources of the kind there are.
            #[must_use]
            pub fn count(&self, kind: Kind) -> usize {
                match kind { $( Kind::$kind => self.$table.len() ),* }
            }

            /// How many resources there are.
            #[must_use]
            pub fn len(&self) -> usize {
                0 $( + self.$table.len() )*
            }

            /// Whether there is no resource.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// Every resource, kind by kind.
            pub fn iter(&self) -> impl Iterator<Item = Resource> + '_ {
                std::iter::empty()
                    $( .chain(self.$table.values().cloned().map(Resource::$kind)) )*
            }

            pub(crate) fn insert(&mut self, resource: &Resource) {
                match resource { $( Resource::$kind(it) => { self.$table.insert(it.id(), Arc::clone(it)); } ),* }
            }

            pub(crate) fn remove(&mut self, kind: Kind, id: &Id) {
                match kind { $( Kind::$kind => { self.$table.remove(id); } ),* }
            }
        }
    };
}

/// The resources of one kind, in the order of their identifiers.
pub type Table<T> = imbl::OrdMap<Id, Arc<T>>;

kinds! {
    /// In a registry: that an instance exists, and its alias.
    InstanceRecord => instance_records,
    /// A client token that made something, so that the same request again gives the same answer.
    ClientToken => client_tokens,
    /// A token with which another system asks an instance for decisions.
    DecisionToken => decision_tokens,
    /// In a registry: an application that instances and security profiles name.
    RegisteredApplication => registered_applications,
    /// The instance itself: its settings and tags.
    Instance => instances,
    /// The permissions and restrictions of those who hold it.
    SecurityProfile => security_profiles,
    /// An AI agent that holds security profiles.
    AiAgent => ai_agents,
    /// The levels of the agent hierarchy.
    HierarchyStructure => hierarchy_structures,
    /// A group of the agent hierarchy.
    HierarchyGroup => hierarchy_groups,
    /// When a contact centre, or a part of it, is open.
    HoursOfOperation => hours_of_operation,
    /// Where contacts wait.
    Queue => queues,
    /// A named destination for transfers of contacts.
    QuickConnect => quick_connects,
    /// From which queues a person gets contacts.
    RoutingProfile => routing_profiles,
    /// A person.
    User => users,
    /// A piece of flow that flows share and AI agents may invoke.
    FlowModule => flow_modules,
    /// A flow module's content at one time.
    FlowModuleVersion => flow_module_versions,
    /// A name for a version of a flow module.
    FlowModuleAlias => flow_module_aliases,
    /// That an instance uses something of another service.
    IntegrationAssociation => integration_associations,
    /// Values that flows, views and people look up.
    DataTable => data_tables,
    /// A column of a data table.
    DataTableAttribute => data_table_attributes,
    /// A row of a data table.
    DataTableRecord => data_table_records,
}

impl Kind {
    /// The kind whose ARNs have this segment.
    #[must_use]
    pub fn from_arn_segment(segment: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.arn_segment() == Some(segment))
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl Names {
    /// The form of a name under which it is unique: two names collide when these are equal.
    #[must_use]
    pub fn fold(self, name: &str) -> String {
        match self {
            Self::NotUnique | Self::Exact => name.to_owned(),
            Self::IgnoringCase | Self::Everywhere => name.to_lowercase(),
        }
    }

    /// Within what names of `kind` are unique, for a resource in `stream`; `None` when they are not.
    #[must_use]
    pub fn scope(self, stream: &StreamId, kind: Kind) -> Option<String> {
        match self {
            Self::NotUnique => None,
            Self::Exact | Self::IgnoringCase => Some(format!("{stream}/{}", kind.name())),
            Self::Everywhere => Some(kind.name().to_owned()),
        }
    }
}

impl Resource {
    /// The key that names this resource.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { kind: self.kind(), id: self.id() }
    }

    /// Whether it is a user whose personal data is gone ([`User::is_erased`]).
    #[must_use]
    pub fn is_erased(&self) -> bool {
        matches!(self, Self::User(user) if user.is_erased())
    }

    /// Whether two resources are equal, or are one user whose personal data is gone in one of them and who is equal in
    /// everything else.
    #[must_use]
    pub fn is_same_person_or_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::User(one), Self::User(two)) => {
                one == two || (one.is_erased() != two.is_erased() && one.erased() == two.erased())
            }
            _ => self == other,
        }
    }
}
