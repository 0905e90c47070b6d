//! The types of resource that questions are about, and which of them an instance stores.

use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Kind, Resource};

/// A type of resource, of a permission or of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Type {
    /// One that permissions act on.
    Of(ResourceType),
    /// A third-party application, by its namespace.
    Application,
    /// An MCP server, by its namespace.
    McpServer,
    /// An AI agent: one to collaborate with, or one that holds profiles.
    AiAgent,
}

impl Type {
    /// A record of a data table.
    pub(crate) const RECORD: Self = Self::Of(ResourceType::DataTableRecord);

    #[inline]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "User" => Some(Self::Of(ResourceType::User)),
            "Queue" => Some(Self::Of(ResourceType::Queue)),
            "RoutingProfile" => Some(Self::Of(ResourceType::RoutingProfile)),
            "SecurityProfile" => Some(Self::Of(ResourceType::SecurityProfile)),
            "Instance" => Some(Self::Of(ResourceType::Instance)),
            "ThirdPartyApplication" => Some(Self::Application),
            "McpServer" => Some(Self::McpServer),
            "AIAgent" => Some(Self::AiAgent),
            _ => ResourceType::from_name(name).map(Self::Of),
        }
    }

    /// The type of what an instance stores; `None` for kinds that are no resource of a question.
    pub(crate) fn of_kind(kind: Kind) -> Option<Self> {
        match kind {
            Kind::AiAgent => Some(Self::AiAgent),
            _ => ResourceType::of_kind(kind).map(Self::Of),
        }
    }

    /// Whether the instance stores what questions of this type are about, so that attributes come from there.
    pub(crate) fn is_stored(self) -> bool {
        matches!(self, Self::Of(it) if it.kind().is_some())
    }

    /// Tells the identifiers of one type from those of another in the index.
    #[inline]
    pub(crate) fn seed(self) -> u64 {
        if let Self::Of(it) = self {
            return u64::from(it as u8) + 1;
        }
        100 + u64::from(self == Self::Application) + 2 * u64::from(self == Self::McpServer)
    }
}

/// The type of a stored resource.
pub(crate) fn of_resource(resource: &Resource) -> Option<Type> {
    Type::of_kind(resource.kind())
}

/// A set of resource types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypeSet(u32);

impl TypeSet {
    #[inline]
    pub(crate) fn has(self, it: ResourceType) -> bool {
        self.0 & (1 << it as u32) != 0
    }

    pub(crate) fn add(&mut self, it: ResourceType) {
        self.0 |= 1 << it as u32;
    }

    pub(crate) fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl FromIterator<ResourceType> for TypeSet {
    fn from_iter<I: IntoIterator<Item = ResourceType>>(types: I) -> Self {
        let mut set = Self::default();
        types.into_iter().for_each(|it| set.add(it));
        set
    }
}
