//! An instance, prepared for decisions.
//!
//! Invariants: a [`Compiled`] that followed a directory change by change answers every question as one made afresh from
//! that directory does. Everything in it is shared between clones, so a clone costs a few counters, and a change copies
//! only what it touches.

use std::sync::Arc;

use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::User;
use lanyard_model::{Change, Directory, Id, IdRef, Key, Kind, Resource, StreamId};

use crate::chunks::{Chunks, Free};
use crate::index::{Index, hash_id, hash_name, same_name};
pub(crate) use crate::item::{Group, Item};
use crate::item::{INVOCABLE, NONE};
use crate::order::{Order, Row};
use crate::permission_index::{Permission, PermissionIndex};
use crate::profile::Profile;
use crate::records::Records;
use crate::set::Set;
use crate::tags::{Numbering, TagSet, hash_numbers};
use crate::types::{self, Type};
use crate::unknown_parts::UnknownParts;

/// Everyone who has exactly these profiles.
#[derive(Clone, Debug, Default)]
struct Class {
    profiles: Set,
    members: u32,
}

/// An instance, prepared for decisions.
#[derive(Clone, Debug)]
pub struct Compiled {
    permission_index: Arc<PermissionIndex>,
    revision: u64,
    instance: Id,
    /// The instance's ARN; `None` until the instance itself is known.
    arn: Option<Arc<str>>,
    items: Chunks<Item>,
    free_items: Free,
    /// The numbers of items by identifier.
    ids: Index,
    /// The numbers of users by name.
    names: Index,
    /// The users themselves, by number, for what few decisions need.
    users: imbl::Vector<Option<Arc<User>>>,
    records: Records,
    order: Order,
    /// How many users there are whose name could be taken for an identifier of another.
    ambiguous_usernames: u32,
    profiles: Chunks<Profile, 16>,
    free_profiles: Free,
    /// For each hierarchy group, the groups above, from the top down; [`NONE`] for one that is not there.
    groups: Chunks<Option<Set>>,
    free_groups: Free,
    classes: Chunks<Class>,
    free_classes: Free,
    /// The numbers of classes by the numbers of their profiles.
    sets: Index,
    tags: Numbering,
    /// The unknown parts; `None` where everything is known.
    unknown_parts: Option<Arc<UnknownParts>>,
    /// The number of the profile that represents the unknown ones.
    blank: Option<u32>,
}

impl Compiled {
    /// Prepares an instance that is known in full.
    #[must_use]
    pub fn new(directory: &Directory, permission_index: Arc<PermissionIndex>) -> Self {
        Self::with_unknown_parts(directory, permission_index, &UnknownParts::default())
    }

    /// The permissions by which the instance was prepared.
    #[must_use]
    pub fn permission_index(&self) -> &Arc<PermissionIndex> {
        &self.permission_index
    }

    /// Prepares an instance with unknown parts. Rules that need them are read both ways
    /// ([`OpenPoint::Unseen`](crate::OpenPoint::Unseen)), also after any changes.
    ///
    /// A principal's profile that does not exist counts as unknown where `unknown_parts` has that kind.
    #[must_use]
    pub fn with_unknown_parts(
        directory: &Directory,
        permission_index: Arc<PermissionIndex>,
        unknown_parts: &UnknownParts,
    ) -> Self {
        let instance = match directory.stream() {
            StreamId::Instance(id) => id.clone(),
            StreamId::Registry { .. } => Id::new(""),
        };
        let mut compiled = Self {
            permission_index,
            revision: directory.revision(),
            instance,
            arn: None,
            items: Chunks::default(),
            free_items: Free::default(),
            ids: Index::default(),
            names: Index::default(),
            users: imbl::Vector::new(),
            records: Records::default(),
            order: Order::default(),
            ambiguous_usernames: 0,
            profiles: Chunks::default(),
            free_profiles: Free::default(),
            groups: Chunks::default(),
            free_groups: Free::default(),
            classes: Chunks::default(),
            free_classes: Free::default(),
            sets: Index::default(),
            tags: Numbering::default(),
            unknown_parts: (!unknown_parts.is_empty()).then(|| Arc::new(unknown_parts.clone())),
            blank: None,
        };
        if unknown_parts.kinds.contains(&Kind::SecurityProfile) || !unknown_parts.permissions.is_empty() {
            compiled.blank = Some(compiled.free_profiles.place(&mut compiled.profiles, Profile::blank()));
        }
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

    /// The unknown parts; `None` where everything is known.
    #[inline]
    pub(crate) fn unknown_parts(&self) -> Option<&UnknownParts> {
        self.unknown_parts.as_deref()
    }

    /// The number of the profile that represents the unknown ones.
    #[inline]
    pub(crate) fn blank(&self) -> Option<u32> {
        self.blank
    }

    fn put(&mut self, resource: &Resource) {
        if let Resource::Instance(instance) = resource {
            self.arn = Some(instance.scope().instance_arn(&instance.id).into());
        }
        if let Resource::DataTableAttribute(attribute) = resource {
            self.records.put_attribute(attribute);
        }
        let Some(it) = types::of_resource(resource) else { return };
        let id = resource.id();
        let held = self.find(it, id.as_ref());
        let before = held.and_then(|at| self.item(at)).cloned();
        // New values are counted before old ones are released, so that a value that stays keeps its number.
        let tags = resource.tags().map_or(TagSet::NONE, |tags| self.tags.take(tags));
        let number = self.number(resource, before.as_ref().map(|item| item.number));
        let group = match resource {
            Resource::User(user) => user.hierarchy_group_id.as_ref().map_or(Group::Nowhere, |id| self.group(id)),
            _ => Group::Nowhere,
        };
        if let (Some(at), Some(before)) = (held, &before) {
            self.let_go(at, before);
        }
        let item = Item { id: id.clone(), it: Some(it), number, group, tags };
        let at = match (held, before) {
            (Some(at), Some(before)) => {
                // An unchanged value is not written, so that its chunk stays shared.
                if (before.number, before.group, before.tags) != (number, group, tags)
                    && let Some(place) = self.items.get_mut(at)
                {
                    *place = item;
                }
                if (before.number, before.group) != (number, group) {
                    self.sort_in(it, &id, Row { at, class: number, group });
                }
                at
            }
            _ => {
                let at = self.free_items.place(&mut self.items, item);
                self.ids.insert(hash_id(it.seed(), id.as_ref()), at);
                self.sort_in(it, &id, Row { at, class: number, group });
                at
            }
        };
        if let Resource::User(user) = resource {
            self.names.insert(hash_name(&user.username), at);
            self.ambiguous_usernames += u32::from(is_odd(user));
            self.keep(at, Some(Arc::clone(user)));
        }
        if let Resource::DataTableRecord(record) = resource {
            self.records.put(at, record);
        }
    }

    fn sort_in(&mut self, it: Type, id: &Id, row: Row) {
        self.order.put(it, id, row, |at| self.items.get(at).map(|item| &item.id));
    }

    /// The [`Item::number`] of a resource, which had one before or not.
    fn number(&mut self, resource: &Resource, before: Option<u32>) -> u32 {
        match resource {
            Resource::User(user) => self.join(&user.security_profile_ids),
            Resource::AiAgent(agent) => self.join(&agent.security_profile_ids),
            Resource::HierarchyGroup(group) => {
                let above: Vec<_> = group.ancestors.iter().map(|id| self.group_number(id).unwrap_or(NONE)).collect();
                let above = Some(Set::new(&above));
                let Some(number) = before else { return self.free_groups.place(&mut self.groups, above) };
                if let Some(place) = self.groups.get_mut(number) {
                    *place = above;
                }
                number
            }
            Resource::DataTableRecord(record) => {
                self.find(Type::Of(ResourceType::DataTable), record.data_table_id.as_ref()).unwrap_or(NONE)
            }
            Resource::FlowModule(module) => u32::from(module.external_invocation_enabled == Some(true)) * INVOCABLE,
            Resource::SecurityProfile(source) => {
                let required = self.tags.take(&source.allowed_access_control_tags);
                let group = source.allowed_access_control_hierarchy_group_id.as_ref();
                let group = group.filter(|id| id.as_ref() != IdRef::Text(""));
                let group = group.map(|id| self.group_number(id).unwrap_or(NONE));
                let mut profile = Profile::new(&self.permission_index, source, required, group);
                profile.restrictions_unknown = self
                    .unknown_parts
                    .as_ref()
                    .is_some_and(|unknown_parts| unknown_parts.restrictions.contains(&source.id));
                let Some(number) = before else { return self.free_profiles.place(&mut self.profiles, profile) };
                let old = self.profiles.get_mut(number).map(|place| std::mem::replace(place, profile));
                self.tags.give_back(old.map_or(TagSet::NONE, |old| old.required));
                number
            }
            _ => NONE,
        }
    }

    fn remove(&mut self, key: &Key) {
        if key.kind == Kind::Instance {
            self.arn = None;
        }
        self.records.remove_attribute(key);
        let Some(it) = Type::of_kind(key.kind) else { return };
        let Some(at) = self.find(it, key.id.as_ref()) else { return };
        let Some(item) = self.item(at).cloned() else { return };
        self.let_go(at, &item);
        match it {
            Type::Of(ResourceType::SecurityProfile) => {
                let required = self.profiles.get(item.number).map_or(TagSet::NONE, |profile| profile.required);
                self.tags.give_back(required);
                self.free_profiles.vacate(&mut self.profiles, item.number);
            }
            Type::Of(ResourceType::HierarchyGroup) => self.free_groups.vacate(&mut self.groups, item.number),
            Type::Of(ResourceType::User) => self.keep(at, None),
            Type::RECORD => self.records.remove(at),
            _ => {}
        }
        self.ids.remove(hash_id(it.seed(), key.id.as_ref()), at);
        self.order.remove(it, &key.id, at);
        self.free_items.vacate(&mut self.items, at);
    }

    /// Gives back what an item holds, except its own number and that of a profile or group.
    fn let_go(&mut self, at: u32, item: &Item) {
        self.tags.give_back(item.tags);
        if let Some(class) = item.class() {
            self.leave(class);
        }
        if let Some(user) = self.user_at(at).cloned() {
            self.names.remove(hash_name(&user.username), at);
            self.ambiguous_usernames -= u32::from(is_odd(&user));
        }
    }

    /// Keeps what the user with this number is, or that there is none.
    fn keep(&mut self, at: u32, user: Option<Arc<User>>) {
        let at = at as usize;
        while self.users.len() <= at {
            self.users.push_back(None);
        }
        if let Some(place) = self.users.get_mut(at) {
            *place = user;
        }
    }

    /// The user with this number.
    pub(crate) fn user_at(&self, at: u32) -> Option<&Arc<User>> {
        self.users.get(at as usize)?.as_ref()
    }

    /// The tags that count for an item: of a record, those of its table; `None` where they are unknown.
    #[inline]
    pub(crate) fn tags_of(&self, item: &Item) -> Option<TagSet> {
        if item.is(Type::RECORD) {
            return self.item(item.number).and_then(|table| self.known_tags(table));
        }
        self.known_tags(item)
    }

    #[inline]
    fn known_tags(&self, item: &Item) -> Option<TagSet> {
        let is_unknown = self.unknown_parts.as_ref().is_some_and(|parts| self.has_unknown_tags(parts, item));
        (!is_unknown).then_some(item.tags)
    }

    #[cold]
    fn has_unknown_tags(&self, parts: &UnknownParts, item: &Item) -> bool {
        let kind = Kind::ALL.iter().find(|kind| Type::of_kind(**kind) == item.it);
        kind.is_some_and(|kind| parts.tags.contains(&Key { kind: *kind, id: item.id.clone() }))
    }

    /// The number of the data table that a question names, if there is one.
    pub(crate) fn table_at(&self, id: &str) -> Option<u32> {
        self.find(Type::Of(ResourceType::DataTable), IdRef::new(id))
    }

    /// The tags of the data table that a question names, if there is one.
    pub(crate) fn tags_of_table(&self, id: &str) -> Option<TagSet> {
        self.item(self.table_at(id)?).and_then(|table| self.known_tags(table))
    }

    /// The records of data tables.
    pub(crate) fn records(&self) -> &Records {
        &self.records
    }

    /// Counts one more member in the class of those with these profiles.
    fn join(&mut self, profiles: &[Id]) -> u32 {
        let mut numbers: Vec<_> = profiles
            .iter()
            .filter_map(|id| {
                let at = self.find(Type::Of(ResourceType::SecurityProfile), id.as_ref());
                at.and_then(|at| Some(self.item(at)?.number)).or(self.blank)
            })
            .collect();
        // The rest of a profile's permissions may be anything.
        if profiles.iter().any(|id| self.lacks_permissions(id)) {
            numbers.extend(self.blank);
        }
        numbers.sort_unstable();
        numbers.dedup();
        let hash = hash_numbers(&numbers);
        let class = match self.sets.find(hash, |class| *self.profile_numbers(class) == *numbers) {
            Some(class) => class,
            None => {
                let class = Class { profiles: Set::new(&numbers), members: 0 };
                let class = self.free_classes.place(&mut self.classes, class);
                self.sets.insert(hash, class);
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
            let hash = hash_numbers(class.profiles.numbers());
            self.sets.remove(hash, at);
            self.free_classes.vacate(&mut self.classes, at);
        }
    }

    fn group_number(&self, id: &Id) -> Option<u32> {
        match self.group(id) {
            Group::At(number) => Some(number),
            Group::Nowhere | Group::Missing => None,
        }
    }

    /// Where something is whose group is `id`.
    fn group(&self, id: &Id) -> Group {
        match id.as_ref() {
            IdRef::Text("") => Group::Nowhere,
            id => self.find_group(id),
        }
    }

    fn find_group(&self, id: IdRef<'_>) -> Group {
        let item = self.find(Type::Of(ResourceType::HierarchyGroup), id).and_then(|at| self.item(at));
        item.map_or(Group::Missing, |item| Group::At(item.number))
    }

    /// The same for a group that a question names.
    pub(crate) fn group_named(&self, id: Option<&str>) -> Group {
        match id {
            None | Some("") => Group::Nowhere,
            Some(id) => self.find_group(IdRef::new(id)),
        }
    }

    /// Whether the group `inner` exists and is the group `outer`, or below it at any depth.
    #[inline]
    pub(crate) fn is_within(&self, inner: u32, outer: u32) -> bool {
        let above = self.groups.get(inner).and_then(Option::as_ref);
        above.is_some_and(|above| inner == outer || (outer != NONE && above.numbers().contains(&outer)))
    }

    /// Whether the group and all those above it are there.
    pub(crate) fn has_whole_group(&self, number: u32) -> bool {
        let above = self.groups.get(number).and_then(Option::as_ref);
        above.is_some_and(|above| !above.numbers().contains(&NONE))
    }

    /// The item with this number.
    #[inline]
    pub(crate) fn item(&self, at: u32) -> Option<&Item> {
        self.items.get(at).filter(|item| item.it.is_some())
    }

    /// The type of the item with this number.
    #[inline]
    pub(crate) fn type_of(&self, at: u32) -> Option<Type> {
        self.items.get(at)?.it
    }

    /// The pairs of key and value in a set of tags, by number.
    #[inline]
    pub(crate) fn pairs(&self, tags: TagSet) -> &[u32] {
        self.tags.pairs(tags)
    }

    /// The number of the item of this type and identifier.
    #[inline(always)]
    pub(crate) fn find(&self, it: Type, id: IdRef<'_>) -> Option<u32> {
        let hash = hash_id(it.seed(), id);
        match id {
            IdRef::Uuid(bits) => self.ids.find(hash, |at| {
                self.items.get(at).is_some_and(|item| item.id.as_ref() == IdRef::Uuid(bits) && item.is(it))
            }),
            id => {
                self.ids.find(hash, |at| self.items.get(at).is_some_and(|item| item.id.as_ref() == id && item.is(it)))
            }
        }
    }

    /// The same with the identifier as text. Every question does it twice, in one place of the program.
    #[inline(never)]
    pub(crate) fn find_named(&self, it: Type, id: &str) -> Option<u32> {
        match IdRef::new(id) {
            IdRef::Uuid(bits) => self.find(it, IdRef::Uuid(bits)),
            id => self.find_by_text(it, id),
        }
    }

    #[cold]
    #[inline(never)]
    fn find_by_text(&self, it: Type, id: IdRef<'_>) -> Option<u32> {
        self.find(it, id)
    }

    /// The user that `text` names: by identifier, by ARN of this instance, or by user name regardless of case.
    ///
    /// # Errors
    /// When it is the identifier of one user and the name of another.
    #[inline]
    pub(crate) fn user(&self, text: &str) -> Result<Option<u32>, Ambiguous> {
        let user = Type::Of(ResourceType::User);
        let id = self.local_id(text, "/agent/").unwrap_or(text);
        let Some(by_id) = self.find_named(user, id) else {
            return Ok(self.user_called(text));
        };
        let other = if self.ambiguous_usernames == 0 { None } else { self.user_called(text) };
        if other.is_some_and(|other| other != by_id) { Err(Ambiguous) } else { Ok(Some(by_id)) }
    }

    fn user_called(&self, name: &str) -> Option<u32> {
        let is = |at| self.user_at(at).is_some_and(|user| same_name(&user.username, name));
        self.names.find(hash_name(name), is)
    }

    /// The text after `segment` in an ARN of this instance.
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

    /// Whether any profile of the instance holds the permission.
    pub(crate) fn is_held_anywhere(&self, permission: Permission<'_>) -> bool {
        (0..self.profiles.len()).filter_map(|number| self.profiles.get(number)).any(|it| it.holds(permission))
    }

    /// Whether neither the catalogue nor any profile of the instance has the permission.
    pub(crate) fn is_unknown(&self, permission: Permission<'_>) -> bool {
        let is_known = self.permission_index.is_known(permission) || self.is_held_anywhere(permission);
        !is_known && !self.lacks(Kind::SecurityProfile)
    }

    /// The profile with this number.
    pub(crate) fn profile(&self, number: u32) -> Option<&Profile> {
        self.profiles.get(number)
    }

    /// The profile with this number, to be changed. Everything else, such as the tags that it requires, must stay.
    pub(crate) fn profile_mut(&mut self, number: u32) -> Option<&mut Profile> {
        self.profiles.get_mut(number)
    }

    /// How many profiles there are room for: every profile's number is below.
    pub(crate) fn profile_count(&self) -> u32 {
        self.profiles.len()
    }

    /// How many classes there are room for: every class's number is below.
    pub(crate) fn class_count(&self) -> u32 {
        self.classes.len()
    }

    /// How many groups there are room for: every group's number is below.
    pub(crate) fn group_count(&self) -> u32 {
        self.groups.len()
    }

    /// The items of a type after an identifier, in the order of identifiers, in runs.
    pub(crate) fn items_of<'a>(&'a self, it: Type, after: Option<&Id>) -> impl Iterator<Item = &'a [Row]> + use<'a> {
        self.order.after(it, after, &|at| self.id_of(at))
    }

    /// The identifier of the item with this number.
    #[inline]
    pub(crate) fn id_of(&self, at: u32) -> Option<&Id> {
        self.items.get(at).map(|item| &item.id)
    }
}

/// A text names two users.
#[derive(Debug)]
pub(crate) struct Ambiguous;

/// Whether the user's name or identifier could be taken for the other of another user.
fn is_odd(user: &User) -> bool {
    let name = &user.username;
    name.starts_with("arn:") || matches!(IdRef::new(name), IdRef::Uuid(_)) || matches!(user.id.as_ref(), IdRef::Text(_))
}
