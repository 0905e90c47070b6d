//! How long a decision takes: `cargo run -p lanyard-engine --release --example speed`.

#[path = "../tests/proof/random.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod random;
#[path = "../tests/proof/world.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod world;

use std::hint::black_box;
use std::time::{Duration, Instant};

use lanyard_engine::{Compiled, PermissionIndex, Principal, PrincipalKind, Question, Reading};
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Id, Resource};
use random::Random;

const ACTIONS: [(&str, &str); 4] =
    [("Users.View", "User"), ("Users.Edit", "User"), ("Queues.View", "Queue"), ("Queues.Edit", "Queue")];

#[expect(clippy::print_stdout, reason = "a command, whose answer is its output")]
fn main() {
    for (profiles, users) in [(100, 10_000), (500, 100_000), (500, 1_000_000)] {
        let mut r = Random::new(3);
        let started = Instant::now();
        let all = resources(&mut r, profiles, users);
        let directory = world::load(&all);
        let loaded = started.elapsed();
        let started = Instant::now();
        let compiled = Compiled::new(&directory, PermissionIndex::builtin());
        let compiling = started.elapsed();
        let asks: Vec<_> = (0..4096)
            .map(|_| {
                let (action, it) = *r.pick(&ACTIONS);
                let resource = if it == "User" { user_id(r.below(users)) } else { world::id(300 + r.below(100)) };
                (user_id(r.below(users)).to_string(), action, it, resource.to_string())
            })
            .collect();
        let handles: Vec<_> = asks
            .iter()
            .filter_map(|(user, action, it, id)| {
                let principal = compiled.principal_handle(Principal::User(user))?;
                Some((principal, compiled.action(action)?, compiled.resource_handle(it, id)?))
            })
            .collect();
        let by_ids = per_item(handles.len(), || {
            let decide = |(p, a, r): &_| compiled.decide_ids(*p, *a, *r, Reading::STRICT).is_allowed();
            handles.iter().filter(|it| decide(it)).count()
        });
        let mut allowed = 0;
        let by_text = per_item(asks.len(), || {
            let decide = |(user, action, it, id): &(String, &str, &str, String)| {
                let question = Question::new(Principal::User(user), action, it, id);
                compiled.decide(&question, Reading::STRICT).is_ok_and(|it| it.is_allowed())
            };
            allowed = asks.iter().filter(|it| decide(it)).count();
            allowed
        });
        let first = user_id(0).to_string();
        let question = Question::new(Principal::User("-"), "Users.Edit", "User", &first);
        let who = |reading| {
            let started = Instant::now();
            let count = compiled.who(PrincipalKind::User, &question, reading, None).map(Iterator::count);
            (started.elapsed(), count)
        };
        let least_who = (0..20).map(|_| who(Reading::STRICT)).min_by_key(|(took, _)| *took);
        let may = |id: &Id| {
            let user = id.to_string();
            compiled.decide(&Question { principal: Principal::User(&user), ..question }, Reading::STRICT)
        };
        let forwards = directory.users.keys().filter(|id| may(id).is_ok_and(|it| it.is_allowed())).count();
        assert_eq!(least_who.as_ref().map(|(_, count)| *count), Some(Ok(forwards)), "who finds whom questions allow");
        let mut following = compiled.clone();
        let Some(Resource::SecurityProfile(profile)) = all.iter().find(|it| matches!(it, Resource::SecurityProfile(_)))
        else {
            return;
        };
        let mut changed = (**profile).clone();
        changed.permissions.push("Prompts.View".into());
        let change =
            lanyard_model::Change::Update { before: Resource::SecurityProfile(profile.clone()), after: changed.into() };
        let started = Instant::now();
        following.apply(&[change]);
        let applying = started.elapsed();
        println!(
            "{profiles} profiles, {users} users: {by_ids:.1} ns from ids, {by_text:.1} ns from text ({allowed} of {} allowed), \
             who {:?}, load {loaded:?}, compile {compiling:?}, change a profile {applying:?}",
            asks.len(),
            least_who,
        );
    }
}

/// Nanoseconds an item, the least of several rounds.
fn per_item(items: usize, mut round: impl FnMut() -> usize) -> f64 {
    let mut least = Duration::MAX;
    for _ in 0..40 {
        let started = Instant::now();
        black_box(round());
        least = least.min(started.elapsed());
    }
    least.as_nanos() as f64 / items as f64
}

fn user_id(n: usize) -> Id {
    Id::from_uuid(0x2000_0000_0000_4000_8000_0000_0000_0000 + (n as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_0000_0001))
}

fn resources(r: &mut Random, profiles: usize, users: usize) -> Vec<Resource> {
    let mut all: Vec<Resource> = world::resources(&mut Random::new(5)).into_iter().take(1).collect();
    for n in 0..profiles {
        let mut profile =
            SecurityProfile::named(world::id(100_000 + n), &format!("p{n}"), Default::default(), "eu-west-2");
        profile.permissions = r.some(world::PERMISSIONS, 30).iter().map(|it| (*it).to_owned()).collect();
        if r.percent(40) {
            profile.tag_restricted_resources = vec!["User".into(), "Queue".into()];
            profile.allowed_access_control_tags = world::tags(r).into_iter().take(2).collect();
        }
        all.push(profile.into());
    }
    let queues = world::resources(&mut Random::new(6)).into_iter().find_map(|it| match it {
        Resource::Queue(queue) => Some(queue),
        _ => None,
    });
    for n in 0..100 {
        let Some(queue) = &queues else { continue };
        let mut queue = (**queue).clone();
        (queue.id, queue.name, queue.tags) = (world::id(300 + n), format!("q{n}"), world::tags(r));
        all.push(queue.into());
    }
    for n in 0..users {
        let assigned = (0..1 + r.below(3)).map(|_| world::id(100_000 + r.below(profiles))).collect();
        let mut user = world::user(n, assigned, None, world::tags(r));
        (user.id, user.username) = (user_id(n), format!("user{n}"));
        all.push(user.into());
    }
    all
}
