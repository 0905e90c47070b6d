//! Worlds of several sizes: they are what was asked for, fit together, and are the same for the same seed.

use std::sync::Arc;

use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Directory, Id, Scope};

use lanyard_store::Sealing;

use super::{Request, build, instance_request};
use crate::context::Call;
use crate::environment::SystemEnvironment;
use lanyard_authn::Credential;

fn world(request: &Request) -> Directory {
    let credential = Arc::new(Credential::from_argument("key:secret").unwrap());
    let scope = Scope { account: credential.account.clone(), region: "eu-west-2".into() };
    let call =
        Call { caller: crate::context::Caller::Key(credential), scope, request_id: "r".into(), operation: "Seed" };
    let environment = SystemEnvironment::shared();
    let create = instance_request(None).unwrap();
    let now = environment.now();
    let sealing = Sealing::default();
    let built = build(environment.as_ref(), &sealing, &call, &create, &Id::from_uuid(1), now, request);
    let (appends, tip, _) = built.unwrap();
    let directory = Directory::clone(&tip.state);
    let mut replayed = Directory::empty(directory.stream().clone());
    for append in &appends {
        replayed.advance(now, append.changes()).unwrap();
        assert_eq!(append.position().revision, replayed.revision());
    }
    assert_eq!(replayed.iter().collect::<Vec<_>>(), directory.iter().collect::<Vec<_>>());
    directory
}

fn nothing() -> Request {
    Request {
        users: 0,
        security_profiles: 0,
        hierarchy_groups: 0,
        queues: 0,
        routing_profiles: 0,
        quick_connects: 0,
        flow_modules: 0,
        ai_agents: 0,
        ..Request::default()
    }
}

#[test]
fn a_world_has_what_was_asked_for_beside_what_is_in_every_instance() {
    let bare = world(&nothing());
    let numbers = [1, 2, 3, 7, 40, 700];
    for groups in numbers {
        let request = Request { hierarchy_groups: groups, queues: groups, users: groups * 9, ..Request::default() };
        let made = world(&request);
        assert_eq!(made.hierarchy_groups.len(), groups);
        assert_eq!(made.users.len(), request.users);
        assert_eq!(made.queues.len() - bare.queues.len(), request.queues);
        assert_eq!(made.security_profiles.len() - bare.security_profiles.len(), request.security_profiles);
        assert_eq!(made.routing_profiles.len() - bare.routing_profiles.len(), request.routing_profiles);
        assert_eq!(made.quick_connects.len(), request.quick_connects);
        assert_eq!(made.flow_modules.len(), request.flow_modules);
        assert_eq!(made.ai_agents.len(), request.ai_agents);
        assert!(made.faults().is_empty());
    }
}

#[test]
fn the_same_seed_gives_the_same_names_and_another_seed_others() {
    let names = |seed| {
        let mut names: Vec<String> = world(&Request { seed, ..Request::default() })
            .users
            .values()
            .map(|user| format!("{} {:?}", user.username, user.tags))
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(5), names(5));
    assert_ne!(names(5), names(6));
}

#[test]
fn a_group_is_on_the_level_below_its_parents() {
    let made = world(&Request { hierarchy_groups: 100, ..Request::default() });
    let structure = made.hierarchy_structures.values().next().unwrap();
    for group in made.hierarchy_groups.values() {
        assert!(group.ancestors.len() < structure.levels.len());
        if let Some(parent) = group.parent() {
            assert_eq!(made.hierarchy_groups[parent].ancestors, group.ancestors[..group.ancestors.len() - 1]);
        }
    }
}

#[test]
fn profiles_hold_known_permissions_in_order() {
    for role in super::roles::ROLES {
        assert!(role.permissions.is_sorted(), "{}", role.name);
        for name in role.permissions {
            assert!(Catalogue::builtin().get(name).is_some(), "{name}");
        }
    }
}
