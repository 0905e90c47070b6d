//! An instance, prepared for decisions.
//!
//! What always holds: a [`Compiled`] that followed a directory change by change answers every question as one made
//! afresh from that directory does. Everything in it is shared between clones, so a clone costs a few counters, and a
//! change copies only what it touches.

use std::ops::Bound;
use std::sync::Arc;

use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::User;
use lanyard_model::{Change, Directory, Id, IdRef, Key, Kind, Names, Resource, StreamId};

use crate::chunks::{Chunks, Free};
use crate::index::{Index, hash_bytes, hash_id};
use crate::lexicon::Lexicon;
use crate::profile::Profile;
use crate::tags::{Numbering, Pairs};
use crate::types::{self, Type};

/// Stands for no class.
const NONE: u32 = u32::MAX;

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

/// What is particular to a stored resource.
#[derive(Clone, Debug, Default)]
pub(crate) enum Detail {
    #[default]
    Nothing,
    User {
        class: u32,
        group: Group,
        user: Arc<User>,
    },
    Agent {
        class: u32,
    },
    Profile {
        number: u32,
    },
    /// The groups above, from the top down.
    Group {
        above: Arc<[u32]>,
    },
    Module {
        invocable: bool,
    },
}

/// A stored resource. Its place in the list of items is its number.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: Id,
    pub(crate) it: Type,
    pub(crate) tags: Option<Pairs>,
    pub(crate) detail: Detail,
}

/// What a list in the order of identifiers says of an item, so that asking it of many touches nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) at: u32,
    /// The class and the group of a user or AI agent.
    pub(crate) class: u32,
    pub(crate) group: Group,
}

/// Everyone who has exactly these profiles.
#[derive(Clone, Debug, Default)]
struct Class {
    profiles: Set,
    members: u32,
}

/// Numbers of profiles. Those of nearly everyone are few.
#[derive(Clone, Debug)]
enum Set {
    Few { count: u8, numbers: [u32; 4] },
    Many(Arc<[u32]>),
}

impl Set {
    fn new(all: &Arc<[u32]>) -> Self {
        let mut numbers = [0; 4];
        match (u8::try_from(all.len()), numbers.get_mut(..all.len())) {
            (Ok(count), Some(few)) => {
                few.copy_from_slice(all);
                Self::Few { count, numbers }
            }
            _ => Self::Many(Arc::clone(all)),
        }
    }

    #[inline]
    fn numbers(&self) -> &[u32] {
        match self {
            Self::Few { count, numbers } => numbers.get(..usize::from(*count)).unwrap_or_default(),
            Self::Many(all) => all,
        }
    }
}

impl Default for Set {
    fn default() -> Self {
        Self::Few { count: 0, numbers: [0; 4] }
    }
}

/// An instance, prepared for decisions.
#[derive(Clone, Debug)]
pub struct Compiled {
    lexicon: Arc<Lexicon>,
    revision: u64,
    instance: Id,
    /// The instance's ARN; `None` until the instance itself is known.
    arn: Option<Arc<str>>,
    items: Chunks<Option<Item>>,
    free_items: Free,
    index: Index,
    /// Every item in the order of identifiers.
    order: imbl::OrdMap<(Type, Id), Row>,
    /// How many users there are whose name could be taken for an identifier of another.
    odd_names: u32,
    profiles: Chunks<Profile>,
    free_profiles: Free,
    classes: Chunks<Class>,
    free_classes: Free,
    sets: imbl::OrdMap<Arc<[u32]>, u32>,
    pairs: Numbering,
}

const NAME_SEED: u64 = 1 << 20;

impl Compiled {
    /// Prepares an instance.
    #[must_use]
    pub fn new(directory: &Directory, lexicon: Arc<Lexicon>) -> Self {
        let instance = match directory.stream() {
            StreamId::Instance(id) => id.clone(),
            StreamId::Registry { .. } => Id::new(""),
        };
        let mut compiled = Self {
            lexicon,
            revision: directory.revision(),
            instance,
            arn: None,
            items: Chunks::default(),
            free_items: Free::default(),
            index: Index::default(),
            order: imbl::OrdMap::new(),
            odd_names: 0,
            profiles: Chunks::default(),
            free_profiles: Free::default(),
            classes: Chunks::default(),
            free_classes: Free::default(),
            sets: imbl::OrdMap::new(),
            pairs: Numbering::default(),
        };
        let mut groups: Vec<_> = directory.hierarchy_groups.values().cloned().collect();
        groups.sort_by_key(|group| group.ancestors.len());
        groups.into_iter().for_each(|group| compiled.put(&Resource::HierarchyGroup(group)));
        directory.security_profiles.values().cloned().map(Resource::SecurityProfile).for_each(|it| compiled.put(&it));
        let done = |kind| matches!(kind, Kind::HierarchyGroup | Kind::SecurityProfile);
        directory.iter().filter(|it| !done(it.kind())).for_each(|it| compiled.put(&it));
        compiled
    }

    /// Follows one entry of the log of the directory that this was made from.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            match change.after() {
                Some(after) => self.put(after),
                None => self.remove(&change.key()),
            }
        }
        self.revision += 1;
    }

    /// How many entries of the log this is the result of.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    fn put(&mut self, resource: &Resource) {
        if let Resource::Instance(instance) = resource {
            self.arn = Some(instance.scope().instance_arn(&instance.id).into());
        }
        let Some(it) = types::of_resource(resource) else { return };
        let id = resource.id();
        let held = self.order.get(&(it, id.clone())).map(|row| row.at);
        let before = held.and_then(|at| self.item(at)).cloned();
        // What is new is counted before what was there is given back, so that what stays keeps its number.
        let tags = resource.tags().and_then(|tags| self.pairs.take(tags));
        let detail = self.detail(resource, before.as_ref().map(|item| &item.detail));
        if let (Some(at), Some(before)) = (held, &before) {
            self.let_go(at, before);
        }
        let (class, group) = match detail {
            Detail::User { class, group, .. } => (class, group),
            Detail::Agent { class } => (class, Group::Nowhere),
            _ => (NONE, Group::Nowhere),
        };
        let item = Item { id: id.clone(), it, tags, detail };
        let at = match held {
            Some(at) => {
                if let Some(place) = self.items.get_mut(at) {
                    *place = Some(item);
                }
                at
            }
            None => {
                let hash = hash_id(it.seed(), id.as_ref());
                let at = self.free_items.place(&mut self.items, Some(item));
                self.index.insert(hash, at);
                at
            }
        };
        self.order.insert((it, id), Row { at, class, group });
        if let Resource::User(user) = resource {
            self.index.insert(hash_name(&user.username), at);
            self.odd_names += u32::from(is_odd(user));
        }
    }

    fn detail(&mut self, resource: &Resource, before: Option<&Detail>) -> Detail {
        match resource {
            Resource::User(user) => Detail::User {
                class: self.join(&user.security_profile_ids),
                group: user.hierarchy_group_id.as_ref().map_or(Group::Nowhere, |id| self.group(id)),
                user: Arc::clone(user),
            },
            Resource::AiAgent(agent) => Detail::Agent { class: self.join(&agent.security_profile_ids) },
            Resource::HierarchyGroup(group) => {
                Detail::Group { above: group.ancestors.iter().filter_map(|id| self.group_number(id)).collect() }
            }
            Resource::FlowModule(module) => {
                Detail::Module { invocable: module.external_invocation_enabled == Some(true) }
            }
            Resource::SecurityProfile(source) => {
                let required = self.pairs.take(&source.allowed_access_control_tags);
                let group = source.allowed_access_control_hierarchy_group_id.as_ref();
                let group = group.filter(|id| id.as_ref() != IdRef::Text(""));
                let group = group.map(|id| self.group_number(id).unwrap_or(NONE));
                let profile = Profile::new(&self.lexicon, source, required, group);
                let number = match before {
                    Some(Detail::Profile { number }) => {
                        let old = self.profiles.get_mut(*number).map(|place| std::mem::replace(place, profile));
                        self.pairs.give_back(old.and_then(|old| old.required).as_ref());
                        *number
                    }
                    _ => self.free_profiles.place(&mut self.profiles, profile),
                };
                Detail::Profile { number }
            }
            _ => Detail::Nothing,
        }
    }

    fn remove(&mut self, key: &Key) {
        if key.kind == Kind::Instance {
            self.arn = None;
        }
        let Some(it) = Type::of_kind(key.kind) else { return };
        let Some(Row { at, .. }) = self.order.remove(&(it, key.id.clone())) else { return };
        let Some(item) = self.item(at).cloned() else { return };
        self.let_go(at, &item);
        if let Detail::Profile { number } = item.detail {
            let required = self.profiles.get(number).and_then(|profile| profile.required.clone());
            self.pairs.give_back(required.as_ref());
            self.free_profiles.vacate(&mut self.profiles, number);
        }
        self.index.remove(hash_id(it.seed(), key.id.as_ref()), at);
        self.free_items.vacate(&mut self.items, at);
    }

    /// Gives back what an item holds, except its own number and that of a profile.
    fn let_go(&mut self, at: u32, item: &Item) {
        self.pairs.give_back(item.tags.as_ref());
        match &item.detail {
            Detail::User { class, user, .. } => {
                self.index.remove(hash_name(&user.username), at);
                self.odd_names -= u32::from(is_odd(user));
                self.leave(*class);
            }
            Detail::Agent { class } => self.leave(*class),
            _ => {}
        }
    }

    /// Counts one more member in the class of those with these profiles.
    fn join(&mut self, profiles: &[Id]) -> u32 {
        let mut numbers: Vec<_> = profiles
            .iter()
            .filter_map(|id| self.find(Type::Of(ResourceType::SecurityProfile), id.as_ref()))
            .filter_map(|at| match self.item(at)?.detail {
                Detail::Profile { number } => Some(number),
                _ => None,
            })
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let numbers: Arc<[u32]> = numbers.into();
        let class = match self.sets.get(&numbers) {
            Some(class) => *class,
            None => {
                let class = Class { profiles: Set::new(&numbers), members: 0 };
                let class = self.free_classes.place(&mut self.classes, class);
                self.sets.insert(numbers, class);
                class
            }
        };
        if let Some(class) = self.classes.get_mut(class) {
            class.members += 1;
        }
        class
    }

    /// Counts one member less.
    fn leave(&mut self, at: u32) {
        let Some(class) = self.classes.get_mut(at) else { return };
        class.members -= 1;
        if class.members == 0 {
            self.sets.remove(class.profiles.numbers());
            self.free_classes.vacate(&mut self.classes, at);
        }
    }

    fn group_number(&self, id: &Id) -> Option<u32> {
        self.find(Type::Of(ResourceType::HierarchyGroup), id.as_ref())
    }

    /// Where something is whose group is `id`.
    fn group(&self, id: &Id) -> Group {
        match id.as_ref() {
            IdRef::Text("") => Group::Nowhere,
            id => self.find(Type::Of(ResourceType::HierarchyGroup), id).map_or(Group::Missing, Group::At),
        }
    }

    /// The same for a group that a question names.
    pub(crate) fn group_named(&self, id: Option<&str>) -> Group {
        match id {
            None | Some("") => Group::Nowhere,
            Some(id) => {
                self.find(Type::Of(ResourceType::HierarchyGroup), IdRef::new(id)).map_or(Group::Missing, Group::At)
            }
        }
    }

    /// Whether the group `inner` exists and is the group `outer`, or below it at any depth.
    #[inline]
    pub(crate) fn is_within(&self, inner: u32, outer: u32) -> bool {
        match self.item(inner).map(|item| &item.detail) {
            Some(Detail::Group { above }) => inner == outer || above.contains(&outer),
            _ => false,
        }
    }

    #[inline]
    pub(crate) fn item(&self, at: u32) -> Option<&Item> {
        self.items.get(at)?.as_ref()
    }

    /// The number of the item of this type and identifier.
    #[inline]
    pub(crate) fn find(&self, it: Type, id: IdRef<'_>) -> Option<u32> {
        let is = |at: &u32| self.item(*at).is_some_and(|item| item.it == it && item.id.as_ref() == id);
        self.index.candidates(hash_id(it.seed(), id)).find(is)
    }

    /// The user that `text` names: by identifier, by ARN of this instance, or by user name regardless of case.
    ///
    /// # Errors
    /// When it is the identifier of one user and the name of another.
    #[inline]
    pub(crate) fn user(&self, text: &str) -> Result<Option<u32>, Ambiguous> {
        let user = Type::Of(ResourceType::User);
        let id = self.local_id(text, "/agent/").unwrap_or(text);
        let Some(by_id) = self.find(user, IdRef::new(id)) else {
            return Ok(self.user_called(text));
        };
        let other = if self.odd_names == 0 { None } else { self.user_called(text) };
        if other.is_some_and(|other| other != by_id) { Err(Ambiguous) } else { Ok(Some(by_id)) }
    }

    fn user_called(&self, name: &str) -> Option<u32> {
        let is = |at: &u32| match self.item(*at).map(|item| &item.detail) {
            Some(Detail::User { user, .. }) => same_name(&user.username, name),
            _ => false,
        };
        self.index.candidates(hash_name(name)).find(is)
    }

    /// What follows `segment` in an ARN of this instance.
    #[inline]
    pub(crate) fn local_id<'a>(&self, arn: &'a str, segment: &str) -> Option<&'a str> {
        if !arn.starts_with("arn:") {
            return None;
        }
        arn.strip_prefix(self.arn.as_deref()?)?.strip_prefix(segment)
    }

    /// Whether `id` names the instance itself.
    #[inline]
    pub(crate) fn is_instance(&self, id: &str) -> bool {
        self.instance.as_ref() == IdRef::new(id) || self.arn.as_deref() == Some(id)
    }

    /// The instance's identifier.
    pub(crate) fn instance(&self) -> &Id {
        &self.instance
    }

    /// The profiles of a class.
    #[inline]
    pub(crate) fn profiles(&self, class: u32) -> impl Iterator<Item = &Profile> + Clone {
        self.profile_numbers(class).iter().filter_map(|number| self.profiles.get(*number))
    }

    /// The numbers of the profiles of a class.
    #[inline]
    pub(crate) fn profile_numbers(&self, class: u32) -> &[u32] {
        self.classes.get(class).map_or(&[], |class| class.profiles.numbers())
    }

    /// The profile with this number.
    pub(crate) fn profile(&self, number: u32) -> Option<&Profile> {
        self.profiles.get(number)
    }

    /// How many profiles there are room for: every profile's number is below.
    pub(crate) fn profile_count(&self) -> u32 {
        self.profiles.len()
    }

    /// The items of a type after an identifier, in the order of identifiers.
    pub(crate) fn items_of<'a>(
        &'a self,
        it: Type,
        after: Option<&Id>,
    ) -> impl Iterator<Item = (&'a Id, Row)> + use<'a> {
        let from = match after {
            Some(id) => Bound::Excluded((it, id.clone())),
            None => Bound::Included((it, Id::from_uuid(0))),
        };
        self.order
            .range((from, Bound::Unbounded))
            .take_while(move |((of, _), _)| *of == it)
            .map(|((_, id), row)| (id, *row))
    }
}

/// A text names two users.
#[derive(Debug)]
pub(crate) struct Ambiguous;

/// The hash of a user name; equal for names that are the same regardless of case.
#[inline]
fn hash_name(name: &str) -> u32 {
    if name.is_ascii() {
        hash_bytes(NAME_SEED, name.bytes().map(|byte| byte.to_ascii_lowercase()))
    } else {
        hash_bytes(NAME_SEED, Names::IgnoringCase.fold(name).bytes())
    }
}

#[inline]
fn same_name(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        Names::IgnoringCase.fold(one) == Names::IgnoringCase.fold(other)
    }
}

/// Whether the user's name or identifier could be taken for the other of another user.
fn is_odd(user: &User) -> bool {
    let name = &user.username;
    name.starts_with("arn:") || matches!(IdRef::new(name), IdRef::Uuid(_)) || matches!(user.id.as_ref(), IdRef::Text(_))
}
