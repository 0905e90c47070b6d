//! The access review: each person and AI agent that may do something, through which security profile and permission, how
//! far, how certainly, and since when.
//!
//! Invariants: a person has a row for an item if and only if the engine does not deny the item's question for that person;
//! outcomes and counts are those of the engine for the same questions. Totals are counts of the rows. The same state and
//! items give the same content, in the same order, with the same digest.

mod classes;
mod compare;
mod compute;
mod csv;
mod evaluate;
mod formula;
mod groups;
mod history;
mod html;
mod item;
mod json;
mod markdown;
mod resources;
mod scope;
mod text;
mod totals;
mod words;

use std::sync::Arc;

use lanyard_engine::{Compiled, OpenPoint, Outcome, Scope, UnknownParts};
use lanyard_model::catalogue::{Catalogue, PermissionNames, ResourceType};
use lanyard_model::{Directory, Tags, Timestamp};

pub use compare::{BadReview, ChangedMember, Comparison, ReviewDocument};
pub use csv::write_csv;
pub use history::{History, Since};
pub use item::{Item, formula_in_words};
pub use totals::{Count, Totals};

/// The state that a review is about.
#[derive(Clone, Copy)]
pub struct ReviewedState<'a> {
    /// The resources.
    pub directory: &'a Directory,
    /// The same, compiled.
    pub compiled: &'a Compiled,
    /// The parts that could not be read.
    pub unknown_parts: &'a UnknownParts,
}

/// The source of a review: who made it, when, and of which state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The person who ran it; `None` where that is not known.
    pub made_by: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The version of Lanyard.
    pub version: String,
    /// The place that the state was read from.
    pub source: String,
    /// The identifier of the instance; empty for files that have none.
    pub instance: String,
    /// The alias of the instance.
    pub alias: Option<String>,
    /// The revision of the state and its time; `None` for a state from files.
    pub revision: Option<(u64, Timestamp)>,
}

/// A person or an AI agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Whether it is an AI agent.
    pub is_agent: bool,
    /// The identifier; of an AI agent, its ARN.
    pub id: String,
    /// The user name; of an AI agent, its ARN.
    pub name: String,
    /// The path of the hierarchy group.
    pub group: Option<String>,
    /// The resource tags.
    pub tags: Tags,
}

/// How many resources of a type access reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The type is stored, so that each resource counts.
    Counted {
        /// The resources that are certainly in reach.
        certain: u32,
        /// The further resources that an open point decides.
        undetermined: u32,
        /// All resources of the type that were seen.
        of: u32,
    },
    /// The type is not stored: whether access reaches every resource of it.
    Every(Outcome),
    /// The action has no resource.
    Whole,
}

/// The engine's answer for one person, item and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The outcome on at least one resource of the type; for an item about every resource, on all.
    pub outcome: Outcome,
    /// The open points that leave the outcome, or some of the resources, undetermined.
    pub open_points: Vec<OpenPoint>,
    /// The resources in reach; `None` where that is not computed.
    pub reach: Option<Reach>,
}

/// A security profile by identifier and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedProfile {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
}

/// The contacts that a person can view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewedContacts {
    /// All of them, or those by the hierarchy.
    pub by_search: bool,
    /// Only those whose agent is in the person's own group or below.
    pub by_hierarchy: bool,
    /// The person's own.
    pub own: bool,
}

/// The scope of a grant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantScope {
    /// The restrictions of the profile on the type; `None` where it does not restrict it.
    pub restrictions: Option<Scope>,
    /// The path of the group in the restrictions.
    pub group: Option<String>,
    /// The contacts that are visible, for access on contacts.
    pub contacts: Option<ViewedContacts>,
    /// Only what is the person's own.
    pub own: bool,
    /// The restrictions could not be read.
    pub is_unknown: bool,
}

/// A permission of a profile that the access needs in addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The permission as the profile stores it.
    pub permission: String,
    /// The name of the profile.
    pub profile: String,
}

/// A security profile that gives a person the access, in whole or in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The profile; `None` where a profile that was not seen may give it.
    pub profile: Option<NamedProfile>,
    /// The permissions that give it, as the profile stores them; empty where they were not seen.
    pub permissions: Vec<String>,
    /// Further permissions that the access needs, by the profiles that hold them.
    pub companions: Vec<Companion>,
    /// The scope.
    pub scope: GrantScope,
    /// The access that remains if no other profile of the person gave it.
    pub by_itself: Access,
}

/// A person and a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The place in [`Review::items`].
    pub item: usize,
    /// The type of resource.
    pub resource_type: ResourceType,
    /// The place in [`Review::people`].
    pub person: usize,
    /// The grant.
    pub grant: Arc<Grant>,
    /// The access of the person, by all grants together.
    pub access: Arc<Access>,
    /// When the person came to have the grant; `None` where that is not known.
    pub since: Option<Arc<Since>>,
}

/// An access review.
#[derive(Clone, Debug)]
pub struct Review {
    /// The source.
    pub provenance: Provenance,
    /// The tasks and permissions under review.
    pub items: Vec<Item>,
    /// The people that have rows, in the order of identifiers.
    pub people: Vec<Person>,
    /// The rows, by item, type, profile and name of the person.
    pub rows: Vec<Row>,
    /// The numbers of users and AI agents that were seen.
    pub principals: [usize; 2],
    /// There may be users or AI agents that were not seen.
    pub lacks_principals: bool,
    /// The unknown parts and other notes, one sentence each.
    pub notes: Vec<String>,
}

/// A review in a form for people: the names of its permissions are those of the console or the API.
#[derive(Clone, Copy)]
pub struct ReviewText<'a> {
    /// The review.
    pub review: &'a Review,
    /// The catalogue, which has the names.
    pub catalogue: &'a Catalogue,
    /// Whose names permissions have.
    pub names: PermissionNames,
}
