//! The item that a compiled instance keeps of each stored resource.

use lanyard_model::Id;
use lanyard_model::catalogue::ResourceType;

use crate::tags::TagSet;
use crate::types::Type;

/// Stands for no number.
pub(crate) const NONE: u32 = u32::MAX;

/// Where someone or something is in the hierarchy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Group {
    /// In no group.
    #[default]
    Nowhere,
    /// In a group that does not exist.
    Missing,
    /// In the group with this number.
    At(u32),
}

/// A stored resource: what decisions need of it, in one line of the cache. Its place in the list of items is its number.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Item {
    pub(crate) id: Id,
    /// `None` in a place that no resource has.
    pub(crate) it: Option<Type>,
    /// The class of a user or AI agent; the number of a profile or hierarchy group among them; of a module, whether it
    /// may be invoked from outside flows; of a record, the number of its table.
    pub(crate) number: u32,
    /// The group of a user.
    pub(crate) group: Group,
    pub(crate) tags: TagSet,
}

impl Default for Item {
    fn default() -> Self {
        Self { id: Id::from_uuid(0), it: None, number: NONE, group: Group::Nowhere, tags: TagSet::NONE }
    }
}

impl Item {
    #[inline]
    pub(crate) fn is(&self, it: Type) -> bool {
        self.it == Some(it)
    }

    #[inline]
    pub(crate) fn is_user(&self) -> bool {
        self.is(Type::Of(ResourceType::User))
    }

    /// The class of a user or AI agent.
    #[inline]
    pub(crate) fn class(&self) -> Option<u32> {
        (self.is_user() || self.is(Type::AiAgent)).then_some(self.number)
    }

    /// Whether it is a flow module that may be invoked from outside flows.
    pub(crate) fn is_invocable(&self) -> bool {
        self.is(Type::Of(ResourceType::ContactFlowModule)) && self.number == INVOCABLE
    }
}

/// The number of a flow module that may be invoked from outside flows.
pub(crate) const INVOCABLE: u32 = 1;
