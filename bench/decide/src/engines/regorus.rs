//! regorus in its bytecode machine: the policy is compiled once, and the user (with its profiles) and the resource
//! are shared values, so that no large document is searched.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Rego, Rc, Value};

use super::Engine;
use crate::world::{self, Ask, TYPES, Within, World};

/// A grant's `top` is a group, `everyone`, or absent for the caller's own group.
const POLICY: &str = r#"
package bench

default allow := false

allow if {
    some profile in input.user.profiles
    grant := profile[input.action]
    input.resource.groups[grant.top]
    carries(grant.tags)
}

allow if {
    some profile in input.user.profiles
    grant := profile[input.action]
    grant.own
    input.resource.groups[input.user.group]
    carries(grant.tags)
}

carries(tags) if {
    every key, value in tags {
        input.resource.tags[key] == value
    }
}
"#;

const ENTRY: &str = "data.bench.allow";

/// The compiled policy, and the values of the entities in questions.
pub struct Regorus {
    machine: RegoVM,
    users: HashMap<String, Value>,
    resources: HashMap<String, Value>,
    actions: HashMap<&'static str, Value>,
    members: [Value; 3],
}

impl Regorus {
    /// Prepares a world.
    ///
    /// # Errors
    /// When regorus refuses what is made from it.
    pub fn new(world: &World) -> anyhow::Result<Self> {
        let mut rego = Rego::new();
        rego.add_policy("bench.rego".to_owned(), POLICY.to_owned())?;
        let compiled = rego.compile_with_entrypoint(&Rc::from(ENTRY))?;
        let program =
            Compiler::compile_from_policy(&compiled, &[ENTRY]).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let mut machine = RegoVM::new();
        machine.load_program(program);
        let profiles: Vec<_> = (0..world.profiles.len()).map(|at| profile(world, at)).collect();
        let users = world.users.iter().map(|user| {
            let held: Vec<_> = user.profiles.iter().filter_map(|at| profiles.get(*at as usize)).cloned().collect();
            let group = user.group.and_then(|at| world.groups.get(at));
            let group = group.map(|group| ("group", Value::from(group.id.to_string())));
            (user.id.to_string(), object([("profiles", Value::from(held))].into_iter().chain(group)))
        });
        let mut resources = HashMap::new();
        for (it, _) in TYPES.iter().enumerate() {
            for at in 0..world.count(it) {
                let (id, tags, group) = world.resource(it, at).context("no such resource")?;
                let groups = world.groups_from(group).map(|group| group.id.to_string()).chain(["everyone".to_owned()]);
                let groups: BTreeMap<_, _> = groups.map(|id| (Value::from(id), Value::from(true))).collect();
                let value = object([("tags", self::tags(world::pairs(&tags))), ("groups", Value::from(groups))]);
                resources.insert(id.to_string(), value);
            }
        }
        let actions = TYPES.iter().flat_map(|it| it.actions).map(|action| (*action, Value::from(*action)));
        Ok(Self {
            machine,
            users: users.collect(),
            resources,
            actions: actions.collect(),
            members: ["action", "resource", "user"].map(Value::from),
        })
    }
}

impl Engine for Regorus {
    fn name(&self) -> &'static str {
        "regorus, bytecode"
    }

    fn allows(&mut self, ask: &Ask) -> bool {
        let Some(user) = self.users.get(&ask.principal) else { return false };
        let Some(resource) = self.resources.get(&ask.id) else { return false };
        let Some(action) = self.actions.get(ask.action) else { return false };
        let values = [action, resource, user].map(Clone::clone);
        let input: BTreeMap<_, _> = self.members.iter().cloned().zip(values).collect();
        self.machine.set_input(Value::from(input));
        self.machine.execute_entry_point_by_index(0).is_ok_and(|value| value == Value::Bool(true))
    }
}

/// A profile: its grants for each action.
fn profile(world: &World, at: usize) -> Value {
    let grants = (0..TYPES.len()).filter_map(|it| Some((it, world.grant(at, it)?))).flat_map(|(it, grant)| {
        let scope = match grant.within {
            Within::Anywhere => ("top", Value::from("everyone")),
            Within::Own => ("own", Value::from(true)),
            Within::Group(at) => {
                ("top", Value::from(world.groups.get(at).map(|group| group.id.to_string()).unwrap_or_default()))
            }
        };
        let value = object([scope, ("tags", tags(grant.tags))]);
        grant.bundle.actions(it).iter().map(move |action| (*action, value.clone()))
    });
    object(grants)
}

fn tags(tags: impl IntoIterator<Item = (&'static str, String)>) -> Value {
    object(tags.into_iter().map(|(key, value)| (key, Value::from(value))))
}

fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::from(members.into_iter().map(|(key, value)| (Value::from(key), value)).collect::<BTreeMap<_, _>>())
}
