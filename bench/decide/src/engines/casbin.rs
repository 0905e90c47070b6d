//! casbin: a model with roles and attributes. Each type has its own enforcer, since an enforcer reads all of its
//! rules for every question.

use std::collections::HashMap;

use anyhow::Context as _;
use casbin::rhai::Dynamic;
use casbin::{CoreApi as _, DefaultModel, Enforcer, MemoryAdapter, MgmtApi as _};

use casbin::function_map::OperatorFunction;

use super::Engine;
use crate::world::{self, Ask, TYPES, Within, World};

const MODEL: &str = "
[request_definition]
r = sub, act, tags, groups, own

[policy_definition]
p = profile, acts, tags, top

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = has(p.acts, r.act) && g(r.sub, p.profile) && carries(r.tags, p.tags) && within(r.groups, p.top, r.own)
";

/// The placeholder of the caller's own group.
const OWN: &str = "own";

/// An enforcer for each type, and the attributes of the entities in questions.
pub struct Casbin {
    enforcers: HashMap<&'static str, Enforcer>,
    /// By identifier: tags, and groups from the top down.
    resources: HashMap<String, (String, String)>,
    /// By identifier: the group.
    users: HashMap<String, String>,
}

impl Casbin {
    /// Prepares a world.
    ///
    /// # Errors
    /// When casbin refuses what is made from it.
    pub fn new(world: &World) -> anyhow::Result<Self> {
        // The creation of an enforcer is asynchronous, its use is not.
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut enforcers = HashMap::new();
        let mut resources = HashMap::new();
        for (it, kind) in TYPES.iter().enumerate() {
            enforcers.insert(kind.name, runtime.block_on(enforcer(world, it))?);
            for at in 0..world.count(it) {
                let (id, tags, group) = world.resource(it, at).context("no such resource")?;
                let groups: Vec<_> = world.groups_from(group).map(|group| group.id.to_string()).collect();
                resources.insert(id.to_string(), (join(world::pairs(&tags)), groups.join(";")));
            }
        }
        let group =
            |user: &world::User| user.group.and_then(|at| world.groups.get(at)).map(|group| group.id.to_string());
        let users = world.users.iter().map(|user| (user.id.to_string(), group(user).unwrap_or_default())).collect();
        Ok(Self { enforcers, resources, users })
    }
}

impl Engine for Casbin {
    fn name(&self) -> &'static str {
        "casbin"
    }

    fn allows(&mut self, ask: &Ask) -> bool {
        let Some(enforcer) = self.enforcers.get(ask.resource_type) else { return false };
        let Some((tags, groups)) = self.resources.get(&ask.id) else { return false };
        let Some(own) = self.users.get(&ask.principal) else { return false };
        enforcer.enforce((&ask.principal, ask.action, tags, groups, own)).unwrap_or_default()
    }
}

async fn enforcer(world: &World, it: usize) -> anyhow::Result<Enforcer> {
    let mut enforcer = Enforcer::new(DefaultModel::from_str(MODEL).await?, MemoryAdapter::default()).await?;
    enforcer.add_function("has", OperatorFunction::Arg2(|list, item| has(&text(list), &text(item)).into()));
    enforcer
        .add_function("carries", OperatorFunction::Arg2(|tags, required| carries(&text(tags), &text(required)).into()));
    enforcer.add_function(
        "within",
        OperatorFunction::Arg3(|groups, top, own| within(&text(groups), &text(top), &text(own)).into()),
    );
    let mut rules = Vec::new();
    for (at, profile) in world.profiles.iter().enumerate() {
        let Some(grant) = world.grant(at, it) else { continue };
        let top = match grant.within {
            Within::Anywhere => String::new(),
            Within::Own => OWN.to_owned(),
            Within::Group(at) => world.groups.get(at).map(|group| group.id.to_string()).unwrap_or_default(),
        };
        rules.push(vec![profile.id.to_string(), grant.bundle.actions(it).join(";"), join(grant.tags), top]);
    }
    enforcer.add_policies(rules).await?;
    let profiles = |user: &world::User| user.profiles.clone();
    let roles = world.users.iter().flat_map(|user| {
        let profiles = profiles(user).into_iter().filter_map(|at| world.profiles.get(at as usize));
        profiles.map(|profile| vec![user.id.to_string(), profile.id.to_string()])
    });
    enforcer.add_grouping_policies(roles.collect()).await?;
    Ok(enforcer)
}

fn join(tags: impl IntoIterator<Item = (&'static str, String)>) -> String {
    tags.into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(";")
}

fn text(value: Dynamic) -> casbin::rhai::ImmutableString {
    value.into_immutable_string().unwrap_or_default()
}

fn has(list: &str, item: &str) -> bool {
    list.split(';').any(|one| one == item)
}

fn carries(tags: &str, required: &str) -> bool {
    required.is_empty() || required.split(';').all(|tag| has(tags, tag))
}

fn within(groups: &str, top: &str, own: &str) -> bool {
    match top {
        "" => true,
        OWN => !own.is_empty() && has(groups, own),
        top => has(groups, top),
    }
}
