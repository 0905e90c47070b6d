//! The access impact of the difference between two states of an instance: the principals who gain or lose access, to
//! which resources, and through which profiles; the restrictions that become void or effective; the access that
//! becomes or stays undetermined.
//!
//! Invariants: the result equals brute force, which decides every question before and after in both readings and
//! compares. Performance comes from deciding principals that the rules do not distinguish only once, on resources
//! that their profiles do not distinguish, and only where something differs.

mod bits;
mod class;
mod class_questions;
mod extent;
mod gather;
mod matrix;
mod probe;
mod rule_domain;
mod through;
mod universe;

use std::sync::Arc;

use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Id, Kind, into_shown};

use crate::names::name_of_id;
use crate::{Configuration, Judged};
use bits::Bits;
pub use extent::{Count, Extent};
use gather::{Gathered, Merged};
pub use matrix::{Cell, Level, Matrix, OfType, Row};
use universe::{STATES, Universe};

impl AccessImpact {
    /// The people at these indices, by name.
    #[must_use]
    pub fn people_by_name(&self, who: &[u32]) -> Vec<&Someone> {
        let mut people: Vec<_> = who.iter().filter_map(|it| self.people.get(*it as usize)).collect();
        people.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        people
    }
}

/// The access impact of the difference between two states.
#[derive(Clone, Debug, Default)]
pub struct AccessImpact {
    /// Every user and AI agent of either state. Effects refer to them by index.
    pub people: Vec<Someone>,
    /// Every security profile of either state. Effects refer to them by index.
    pub profiles: Vec<Named>,
    /// The stored resources of either state by type, such as `Queue`. Sets refer to them by index.
    pub resources: std::collections::BTreeMap<&'static str, Vec<Named>>,
    /// The differences.
    pub effects: Vec<Effect>,
    /// The access of holders of changed profiles that is undetermined before and after.
    pub steady: Vec<Effect>,
    /// The extent of the access that differs: on how many of the stored resources, before and after. Access to single tools,
    /// and to single resources of people whose profiles do not differ, has none.
    pub extents: Vec<Extent>,
    /// The restrictions that become void or effective.
    pub restrictions: Vec<Restriction>,
    /// The matrix of people and actions, before and after.
    pub matrix: Matrix,
    /// The unknown parts of the states, a sentence each.
    pub notes: Vec<String>,
}

/// A user or AI agent of either state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Someone {
    /// The identifier of a user, the ARN of an AI agent.
    pub id: Id,
    /// The user name, or the ARN.
    pub name: String,
    /// Whether it is an AI agent.
    pub is_agent: bool,
    /// Whether it exists before and after.
    pub exists: [bool; 2],
}

/// A resource with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The identifier.
    pub id: Id,
    /// The display name.
    pub name: String,
    /// For a user: the names of the user's hierarchy groups, from the top.
    pub path: Vec<Arc<str>>,
    /// Whether it exists before and after.
    pub exists: [bool; 2],
}

/// Access that some people gain, lose, or have with another certainty.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The people, as indices into [`AccessImpact::people`]; sorted.
    pub who: Arc<[u32]>,
    /// Permissions, actions on tools, and tasks (`task:listen-to-recordings`); sorted.
    pub actions: Vec<Arc<str>>,
    /// The type of resource, as questions name it.
    pub resource_type: &'static str,
    /// The resources of the type.
    pub on: On,
    /// The decision before.
    pub before: Judged,
    /// The decision after.
    pub after: Judged,
    /// The profiles that suffice for the gained access, or that no longer grant the lost access; indices into
    /// [`AccessImpact::profiles`].
    pub through: Vec<u32>,
    /// Whether only all of the profiles together suffice for the gain. Otherwise each of them does.
    pub together: bool,
}

/// The resources of an effect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    /// The instance: the action acts on no particular resource.
    Instance,
    /// Every resource of the type.
    Every,
    /// At least one possible resource.
    Some,
    /// These stored resources; of contacts, those whose agents are these users.
    Stored {
        /// The resources.
        set: Set,
        /// Users are left out for whom the resource is the user's own account.
        except_oneself: bool,
    },
    /// The principal's own resource: the own account, own contacts, or resources that the principal owns.
    Own,
    /// The tool, flow module or AI agent of this name.
    Named(Arc<str>),
    /// Resources like this one, of a type that is not stored.
    Like {
        /// The tags; for a record, of its table.
        tags: Vec<(String, String)>,
        /// The primary attributes of a record and their values.
        values: Vec<(String, String)>,
    },
}

/// A set of stored resources, as indices into [`AccessImpact::resources`] of their type (of contacts: of `User`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set(Arc<Bits>);

impl From<Bits> for Set {
    fn from(bits: Bits) -> Self {
        Self(Arc::new(bits))
    }
}

impl Set {
    /// The indices.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter()
    }

    /// The number of resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The resources for which `keep` is true.
    #[must_use]
    pub fn filtered(&self, keep: &dyn Fn(&u32) -> bool) -> Self {
        let mut bits = Bits::empty(self.0.limit());
        self.0.iter().filter(keep).for_each(|place| bits.add(place));
        bits.into()
    }

    /// The union of the two sets.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let mut bits = Bits::clone(&self.0);
        bits.join(&other.0);
        bits.into()
    }

    /// Whether the set has the resource with this index.
    #[must_use]
    pub fn has(&self, place: u32) -> bool {
        self.0.has(place)
    }
}

/// How a restriction changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bearing {
    /// Another profile grants the restricted access without restriction.
    Void,
    /// Access that was granted without restriction is now restricted.
    Bites,
}

/// A restriction of a profile that becomes void or effective for the holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// The change.
    pub bearing: Bearing,
    /// The restricting profile, as an index into [`AccessImpact::profiles`].
    pub profile: u32,
    /// The type that it restricts.
    pub resource_type: &'static str,
    /// The holders, as indices into [`AccessImpact::people`]; sorted.
    pub who: Arc<[u32]>,
    /// The permissions.
    pub actions: Vec<Arc<str>>,
    /// The profiles that make it void, or that no longer do; indices into [`AccessImpact::profiles`].
    pub because: Vec<u32>,
}

/// The access impact of the difference between two states.
///
/// AI agents are decided without a person that they serve (`self_service`). Unknown parts of a configuration are read
/// in both readings.
#[must_use]
pub fn access_impact(before: &Configuration, after: &Configuration, catalogue: &Catalogue) -> AccessImpact {
    let universe = Universe::new([before, after], catalogue);
    let rule_domains = rule_domain::rule_domains(&universe, catalogue);
    let mut signatures = Vec::with_capacity(rule_domains.len());
    for rule_domain in &rule_domains {
        let of_domain = rule_domain.signatures(&universe, &signatures);
        signatures.push(of_domain);
    }
    let mut gathered = Gathered::default();
    let pairs = rule_domains.iter().zip(&signatures);
    let mut deciders: Vec<_> =
        pairs.map(|(rule_domain, signatures)| class::DomainDecider::new(&universe, rule_domain, signatures)).collect();
    deciders.iter_mut().for_each(|decider| decider.decide(&mut gathered));
    let Merged { effects, steady, extents, restrictions } = gathered.finish();
    let text = |names: Vec<std::rc::Rc<str>>| names.iter().map(|name| Arc::from(&**name)).collect();
    let effect = |raw: gather::Raw| Effect {
        who: raw.who.into(),
        actions: text(raw.actions),
        resource_type: raw.type_name,
        on: raw.on,
        before: raw.before,
        after: raw.after,
        through: raw.through,
        together: raw.together,
    };
    let extent = |raw: gather::RawExtent| Extent {
        who: raw.who.into(),
        actions: text(raw.actions),
        resource_type: raw.type_name,
        every: raw.every,
        some: raw.some,
        counts: raw.counts,
    };
    let restriction = |raw: gather::RawRestriction| Restriction {
        bearing: raw.bearing,
        profile: raw.profile,
        resource_type: raw.type_name,
        who: raw.who.into(),
        actions: text(raw.actions),
        because: raw.because,
    };
    let mut notes = before.unknown_parts.notes.clone();
    notes.extend(after.unknown_parts.notes.iter().filter(|note| !before.unknown_parts.notes.contains(note)).cloned());
    let effects: Vec<Effect> = effects.into_iter().map(effect).collect();
    let profiles = profiles(&universe);
    let mut restrictions: Vec<Restriction> = restrictions.into_iter().map(restriction).collect();
    // Identifiers are random, so names decide on the order.
    let name = |it: &Restriction| profiles.get(it.profile as usize).map(|profile| profile.name.clone());
    restrictions.sort_by_cached_key(|it| (it.bearing, name(it), it.resource_type));
    AccessImpact {
        matrix: matrix::matrix(&universe, catalogue, &mut deciders, &effects, &profiles),
        people: people(&universe),
        profiles,
        resources: resources(&universe),
        effects,
        steady: steady.into_iter().map(effect).collect(),
        extents: extents.into_iter().map(extent).collect(),
        restrictions,
        // Notes come from files.
        notes: notes.into_iter().map(into_shown).collect(),
    }
}

/// The name of a resource in the second state, or else in the first.
fn called(universe: &Universe<'_>, kind: Kind, id: &Id) -> String {
    let [before, after] = universe.configurations.map(|it| &it.directory);
    let known = if after.get(kind, id).is_some() { after } else { before };
    name_of_id(known, kind, id)
}

fn people(universe: &Universe<'_>) -> Vec<Someone> {
    let one = |person: &universe::Person| {
        let kind = if person.is_agent { Kind::AiAgent } else { Kind::User };
        let name = called(universe, kind, &person.id);
        Someone { id: person.id.clone(), name, is_agent: person.is_agent, exists: person.exists }
    };
    universe.people.iter().map(one).collect()
}

fn profiles(universe: &Universe<'_>) -> Vec<Named> {
    let one = |pair: &universe::ProfilePair| {
        let exists = STATES.map(|state| pair.sides.get(state).is_some_and(Option::is_some));
        let is_blank = pair.sides.iter().flatten().any(|side| side.is_blank);
        let name = if is_blank { "(unknown)".to_owned() } else { called(universe, Kind::SecurityProfile, &pair.id) };
        Named { id: pair.id.clone(), name, path: Vec::new(), exists }
    };
    universe.profiles.iter().map(one).collect()
}

fn resources(universe: &Universe<'_>) -> std::collections::BTreeMap<&'static str, Vec<Named>> {
    let kinds = universe::STORED.iter();
    kinds
        .filter_map(|(it, kind)| {
            let table = universe.tables.get(it)?;
            let one = |(at, id): (u32, &Id)| {
                let exists = STATES.map(|state| table.exists.get(state).is_some_and(|set| set.has(at)));
                let path = if *kind == Kind::User { universe.path(at) } else { Vec::new() };
                Named { id: id.clone(), name: called(universe, *kind, id), path, exists }
            };
            Some((it.as_str(), (0..).zip(&table.ids).map(one).collect()))
        })
        .collect()
}
