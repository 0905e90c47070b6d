//! Cedar, in three ways: all data in one set of policies and one set of entities, the most common form; entities and
//! policies chosen for each question; and the same with every possible part prepared beforehand.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::str::FromStr as _;

use anyhow::Context as _;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use super::Engine;
use crate::world::{self, Ask, Bundle, Grant, TYPES, Within, World};

/// One set of policies, one of entities: a policy for the grant of each profile on each type.
pub struct Plain {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    names: Names,
}

impl Plain {
    /// Prepares a world.
    ///
    /// # Errors
    /// When Cedar refuses what is made from it.
    pub fn new(world: &World) -> anyhow::Result<Self> {
        let names = Names::new()?;
        let mut text = String::new();
        for (at, profile) in world.profiles.iter().enumerate() {
            for (it, kind) in TYPES.iter().enumerate() {
                let Some(grant) = world.grant(at, it) else { continue };
                let actions: Vec<_> =
                    grant.bundle.actions(it).iter().map(|action| format!("Action::{action:?}")).collect();
                let principal = format!("principal in Profile::\"{}\"", profile.id);
                let head =
                    format!("permit({principal}, action in [{}], resource is {})", actions.join(", "), kind.name);
                text += &policy(world, &head, &grant, "principal");
            }
        }
        let mut entities = Vec::new();
        for (it, _) in TYPES.iter().enumerate() {
            for at in 0..world.count(it) {
                entities.push(names.entity(world, it, at, true)?);
            }
        }
        for group in &world.groups {
            let parents = group.above.last().and_then(|at| world.groups.get(*at)).map(|group| names.group(&group.id));
            entities.push(Entity::new_no_attrs(names.group(&group.id), parents.into_iter().collect()));
        }
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: PolicySet::from_str(&text)?,
            entities: Entities::from_entities(entities, None)?,
            names,
        })
    }
}

impl Engine for Plain {
    fn name(&self) -> &'static str {
        "cedar-policy, plain"
    }

    fn allows(&mut self, ask: &Ask) -> bool {
        let Some(resource_type) = self.names.types.get(ask.resource_type) else { return false };
        let principal = uid(&self.names.user, &ask.principal);
        let (action, resource) = (uid(&self.names.action, ask.action), uid(resource_type, &ask.id));
        let Ok(request) = Request::new(principal, action, resource, Context::empty(), None) else { return false };
        self.authorizer.is_authorized(&request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}

/// For each question: the user, the resource and the action as entities, and the policies of one of the user's
/// profiles for the type, until one of them allows. Bundles of actions are groups of actions.
pub struct Chosen {
    authorizer: Authorizer,
    rules: Rules,
    users: HashMap<String, (Entity, Vec<usize>)>,
    resources: HashMap<String, Entity>,
    actions: HashMap<&'static str, Entity>,
}

impl Chosen {
    /// Prepares a world.
    ///
    /// # Errors
    /// When Cedar refuses what is made from it.
    pub fn new(world: &World) -> anyhow::Result<Self> {
        let names = Names::new()?;
        let mut resources = HashMap::new();
        for (it, _) in TYPES.iter().enumerate() {
            for at in 0..world.count(it) {
                let (id, _, _) = world.resource(it, at).context("no such resource")?;
                resources.insert(id.to_string(), names.entity(world, it, at, false)?);
            }
        }
        let users = world.users.iter().filter_map(|user| {
            let id = user.id.to_string();
            let entity = resources.get(&id)?.clone();
            Some((id, (entity, profiles(user))))
        });
        Ok(Self {
            authorizer: Authorizer::new(),
            rules: Rules::new(world, "principal")?,
            users: users.collect(),
            resources,
            actions: names.actions(),
        })
    }
}

impl Engine for Chosen {
    fn name(&self) -> &'static str {
        "cedar-policy, chosen"
    }

    fn allows(&mut self, ask: &Ask) -> bool {
        let Some((user, profiles)) = self.users.get(&ask.principal) else { return false };
        let Some(resource) = self.resources.get(&ask.id) else { return false };
        let Some(action) = self.actions.get(ask.action) else { return false };
        let mut policies = self.rules.of(profiles, ask.resource_type).peekable();
        if policies.peek().is_none() {
            return false;
        }
        let request = Request::new(user.uid(), action.uid(), resource.uid(), Context::empty(), None);
        let entities = Entities::from_entities([user.clone(), resource.clone(), action.clone()], None);
        let (Ok(request), Ok(entities)) = (request, entities) else { return false };
        policies
            .any(|policies| self.authorizer.is_authorized(&request, policies, &entities).decision() == Decision::Allow)
    }
}

/// As [`Chosen`], with a set of entities kept for each resource: itself and the actions. The user's group comes with
/// the request, so that no question needs another set.
pub struct Prepared {
    authorizer: Authorizer,
    rules: Rules,
    users: HashMap<String, (EntityUid, Context, Vec<usize>)>,
    resources: HashMap<String, (EntityUid, Entities)>,
    actions: HashMap<&'static str, EntityUid>,
}

impl Prepared {
    /// Prepares a world.
    ///
    /// # Errors
    /// When Cedar refuses what is made from it.
    pub fn new(world: &World) -> anyhow::Result<Self> {
        let names = Names::new()?;
        let actions = names.actions();
        let base = Entities::from_entities(actions.values().cloned(), None)?;
        let mut resources = HashMap::new();
        for (it, _) in TYPES.iter().enumerate() {
            for at in 0..world.count(it) {
                let entity = names.entity(world, it, at, false)?;
                let (id, _, _) = world.resource(it, at).context("no such resource")?;
                let entry = (entity.uid(), base.clone().add_entities([entity], None)?);
                resources.insert(id.to_string(), entry);
            }
        }
        let mut users = HashMap::new();
        for user in &world.users {
            let id = user.id.to_string();
            let group = user.group.and_then(|at| world.groups.get(at)).map(|group| names.group(&group.id));
            let group = group.map(|group| ("group".to_owned(), RestrictedExpression::new_entity_uid(group)));
            users.insert(id.clone(), (uid(&names.user, &id), Context::from_pairs(group)?, profiles(user)));
        }
        Ok(Self {
            authorizer: Authorizer::new(),
            rules: Rules::new(world, "context")?,
            users,
            resources,
            actions: actions.into_iter().map(|(name, entity)| (name, entity.uid())).collect(),
        })
    }
}

impl Engine for Prepared {
    fn name(&self) -> &'static str {
        "cedar-policy, prepared"
    }

    fn allows(&mut self, ask: &Ask) -> bool {
        let Some((user, context, profiles)) = self.users.get(&ask.principal) else { return false };
        let Some((resource, entities)) = self.resources.get(&ask.id) else { return false };
        let Some(action) = self.actions.get(ask.action) else { return false };
        let mut policies = self.rules.of(profiles, ask.resource_type).peekable();
        if policies.peek().is_none() {
            return false;
        }
        let request = Request::new(user.clone(), action.clone(), resource.clone(), context.clone(), None);
        let Ok(request) = request else { return false };
        policies
            .any(|policies| self.authorizer.is_authorized(&request, policies, entities).decision() == Decision::Allow)
    }
}

/// The policies of each profile for each type.
struct Rules(HashMap<&'static str, Vec<Option<PolicySet>>>);

impl Rules {
    fn new(world: &World, own: &str) -> anyhow::Result<Self> {
        let mut types = HashMap::new();
        for (it, kind) in TYPES.iter().enumerate() {
            let set = |at| {
                let Some(grant) = world.grant(at, it) else { return Ok(None) };
                let head = format!("permit(principal, action in {}, resource)", bundle(kind.name, grant.bundle));
                Ok(Some(PolicySet::from_str(&policy(world, &head, &grant, own))?))
            };
            types.insert(kind.name, (0..world.profiles.len()).map(set).collect::<anyhow::Result<_>>()?);
        }
        Ok(Self(types))
    }

    /// The policies of these profiles for the type.
    fn of<'a>(&'a self, profiles: &'a [usize], resource_type: &str) -> impl Iterator<Item = &'a PolicySet> {
        let rules = self.0.get(resource_type).map_or(&[][..], |rules| rules);
        profiles.iter().filter_map(|at| rules.get(*at)?.as_ref())
    }
}

/// The types of Cedar's entities.
struct Names {
    user: EntityTypeName,
    profile: EntityTypeName,
    group: EntityTypeName,
    action: EntityTypeName,
    types: HashMap<&'static str, EntityTypeName>,
}

impl Names {
    fn new() -> anyhow::Result<Self> {
        let name = EntityTypeName::from_str;
        let types = TYPES.iter().map(|it| Ok((it.name, name(it.name)?))).collect::<anyhow::Result<_>>()?;
        Ok(Self {
            user: name("User")?,
            profile: name("Profile")?,
            group: name("Group")?,
            action: name("Action")?,
            types,
        })
    }

    fn group(&self, id: &lanyard_model::Id) -> EntityUid {
        uid(&self.group, &id.to_string())
    }

    /// A resource with its tags and groups. A user also has its own group as an attribute and, if asked for, its
    /// profiles as parents.
    fn entity(&self, world: &World, it: usize, at: usize, profiles: bool) -> anyhow::Result<Entity> {
        let (id, tags, group) = world.resource(it, at).context("no such resource")?;
        let kind = TYPES.get(it).and_then(|it| self.types.get(it.name)).context("no such type")?;
        let mut parents: HashSet<_> = world.groups_from(group).map(|group| self.group(&group.id)).collect();
        let mut attributes = HashMap::new();
        if it == world::USER {
            let group = group.and_then(|at| world.groups.get(at)).map(|group| self.group(&group.id));
            attributes.extend(group.map(|group| ("group".to_owned(), RestrictedExpression::new_entity_uid(group))));
            let held = world.users.get(at).filter(|_| profiles).map_or(&[][..], |user| &user.profiles);
            let held = held.iter().filter_map(|at| world.profiles.get(*at as usize));
            parents.extend(held.map(|profile| uid(&self.profile, &profile.id.to_string())));
        }
        let tags = world::pairs(&tags).map(|(key, value)| (key.to_owned(), RestrictedExpression::new_string(value)));
        Ok(Entity::new_with_tags(uid(kind, &id.to_string()), attributes, parents, tags)?)
    }

    /// The actions, each in the groups of actions that have it.
    fn actions(&self) -> HashMap<&'static str, Entity> {
        let mut actions = HashMap::new();
        for (it, kind) in TYPES.iter().enumerate() {
            for action in kind.actions {
                let bundles = Bundle::ALL.into_iter().filter(|bundle| bundle.actions(it).contains(action));
                let parents = bundles.map(|bundle| uid(&self.action, &format!("{}:{}", kind.name, bundle.name())));
                actions.insert(*action, Entity::new_no_attrs(uid(&self.action, action), parents.collect()));
            }
        }
        actions
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn bundle(kind: &str, bundle: Bundle) -> String {
    format!("Action::\"{kind}:{}\"", bundle.name())
}

fn profiles(user: &world::User) -> Vec<usize> {
    user.profiles.iter().map(|at| *at as usize).collect()
}

/// A policy with the conditions of a grant. `own` has the principal's group.
fn policy(world: &World, head: &str, grant: &Grant, own: &str) -> String {
    let mut conditions: Vec<_> = grant
        .tags
        .iter()
        .map(|(key, value)| format!("resource.hasTag({key:?}) && resource.getTag({key:?}) == {value:?}"))
        .collect();
    match grant.within {
        Within::Anywhere => {}
        Within::Own => conditions.push(format!("{own} has group && resource in {own}.group")),
        Within::Group(at) => {
            conditions.extend(world.groups.get(at).map(|group| format!("resource in Group::\"{}\"", group.id)));
        }
    }
    let mut text = head.to_owned();
    if !conditions.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(text, " when {{ {} }}", conditions.join(" && "));
    }
    text + ";\n"
}
