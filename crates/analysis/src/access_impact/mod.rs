//! What the difference between two states of an instance means: who gains or loses what, on what, and through which
//! profile; which restrictions become void or start to bite; what becomes or stays undetermined.
//!
//! What always holds: it is what deciding everything before and after and comparing would find, in both readings. What
//! makes it quick is that principals whom the rules do not tell apart are decided once, on resources that their profiles
//! do not tell apart, and only where something differs.

mod bits;
mod class;
mod gather;
mod matrix;
mod probe;
mod rule_domain;
mod universe;

use std::sync::Arc;

use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Id, Kind};

use crate::names::name_of_id;
use crate::{Configuration, Judged};
use bits::Bits;
use gather::Gathered;
pub use matrix::{Level, Matrix, Row};
use universe::{STATES, Universe};

/// What the difference between two states means.
#[derive(Clone, Debug, Default)]
pub struct AccessImpact {
    /// Every user and AI agent of either state. Effects name them by their place.
    pub people: Vec<Someone>,
    /// Every security profile of either state. Effects name them by their place.
    pub profiles: Vec<Named>,
    /// The stored resources of either state by type, such as `Queue`. Sets name them by their place.
    pub resources: std::collections::BTreeMap<&'static str, Vec<Named>>,
    /// What differs.
    pub effects: Vec<Effect>,
    /// What stays undetermined, of those whose profiles differ.
    pub steady: Vec<Effect>,
    /// The restrictions that become void or start to bite.
    pub restrictions: Vec<Restriction>,
    /// Who by what, before and after.
    pub matrix: Matrix,
    /// What was not seen, in sentences.
    pub notes: Vec<String>,
}

/// Someone who is decided about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Someone {
    /// The identifier of a user, the ARN of an AI agent.
    pub id: Id,
    /// The user name, or the ARN.
    pub name: String,
    /// An AI agent rather than a user.
    pub is_agent: bool,
    /// Whether there is such a one before and after.
    pub exists: [bool; 2],
}

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The identifier.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// Of a user: the names of the hierarchy groups that the user is in, from the top.
    pub path: Vec<Arc<str>>,
    /// Whether there is such a one before and after.
    pub exists: [bool; 2],
}

/// What some people may now do that they could not before, or no longer, or with another certainty.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Who, as places in [`AccessImpact::people`]; sorted.
    pub who: Arc<[u32]>,
    /// Permissions, actions on tools, and tasks (`task:listen-to-recordings`); sorted.
    pub actions: Vec<Arc<str>>,
    /// The type of resource, as questions name it.
    pub resource_type: &'static str,
    /// On what of the type.
    pub on: On,
    /// What came of it before.
    pub before: Judged,
    /// What comes of it after.
    pub after: Judged,
    /// The profiles that bring it about where there is more access, and that did where there is less; places in
    /// [`AccessImpact::profiles`].
    pub through: Vec<u32>,
}

/// On what of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    /// On the instance: the action acts on no resource in particular.
    Instance,
    /// On every resource of the type, whatever it is.
    Every,
    /// On at least one that there may be.
    Some,
    /// On these stored resources; of contacts, on those whose agents are these users.
    Stored {
        /// The resources.
        set: Set,
        /// Nobody counts for whom the resource is oneself.
        except_oneself: bool,
    },
    /// On what is one's own: oneself, one's own contacts, or resources that one owns.
    Own,
    /// On the tool, flow module or AI agent of this name.
    Named(Arc<str>),
    /// On resources like this one, of a type that is not stored.
    Like {
        /// The tags; for a record, of its table.
        tags: Vec<(String, String)>,
        /// The primary attributes of a record and their values.
        values: Vec<(String, String)>,
    },
}

/// A set of stored resources, as places in [`AccessImpact::resources`] of their type (of contacts: of `User`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set(Arc<Bits>);

impl From<Bits> for Set {
    fn from(bits: Bits) -> Self {
        Self(Arc::new(bits))
    }
}

impl Set {
    /// The places.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of which `keep` says so.
    #[must_use]
    pub fn filtered(&self, keep: &dyn Fn(&u32) -> bool) -> Self {
        let mut bits = Bits::empty(self.0.limit());
        self.0.iter().filter(keep).for_each(|place| bits.add(place));
        bits.into()
    }

    /// These and those.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let mut bits = Bits::clone(&self.0);
        bits.join(&other.0);
        bits.into()
    }

    /// Whether the resource at this place is among them.
    #[must_use]
    pub fn has(&self, place: u32) -> bool {
        self.0.has(place)
    }
}

/// How a restriction changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bearing {
    /// It restricts nothing, since another profile grants without restriction what it restricts.
    Void,
    /// What was granted without restriction is now restricted by it.
    Bites,
}

/// A restriction of a profile that becomes void for those who hold it, or starts to bite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// What becomes of it.
    pub bearing: Bearing,
    /// The profile that restricts, as a place in [`AccessImpact::profiles`].
    pub profile: u32,
    /// The type that it restricts.
    pub resource_type: &'static str,
    /// Whom it concerns, as places in [`AccessImpact::people`]; sorted.
    pub who: Arc<[u32]>,
    /// For which permissions.
    pub actions: Vec<Arc<str>>,
    /// The profiles that make it void, or that no longer do; places in [`AccessImpact::profiles`].
    pub because: Vec<u32>,
}

/// What the difference between two states means for access.
///
/// AI agents are asked as serving nobody in particular (`self_service`): what they may by themselves. Where a
/// configuration was not wholly seen, what was not seen is read both ways.
#[must_use]
pub fn access_impact(before: &Configuration, after: &Configuration, catalogue: &Catalogue) -> AccessImpact {
    let universe = Universe::new([before, after], catalogue);
    let rule_domains = rule_domain::rule_domains(&universe, catalogue);
    let mut signatures = Vec::with_capacity(rule_domains.len());
    for rule_domain in &rule_domains {
        let of_aspect = rule_domain.signatures(&universe, &signatures);
        signatures.push(of_aspect);
    }
    let mut gathered = Gathered::default();
    for (rule_domain, signatures) in rule_domains.iter().zip(&signatures) {
        class::Deciding::new(&universe, rule_domain, signatures).decide(&mut gathered);
    }
    let (effects, steady, restrictions) = gathered.finish();
    let text = |names: Vec<std::rc::Rc<str>>| names.iter().map(|name| Arc::from(&**name)).collect();
    let effect = |raw: gather::Raw| Effect {
        who: raw.who.into(),
        actions: text(raw.actions),
        resource_type: raw.type_name,
        on: raw.on,
        before: raw.before,
        after: raw.after,
        through: raw.through,
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
    AccessImpact {
        matrix: matrix::matrix(&universe, catalogue, &effects),
        people: people(&universe),
        profiles: profiles(&universe),
        resources: resources(&universe),
        effects,
        steady: steady.into_iter().map(effect).collect(),
        restrictions: restrictions.into_iter().map(restriction).collect(),
        notes,
    }
}

/// What something is called in the second state, or else in the first.
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
        let name = if is_blank { "(not seen)".to_owned() } else { called(universe, Kind::SecurityProfile, &pair.id) };
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
