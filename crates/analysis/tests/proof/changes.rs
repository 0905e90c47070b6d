//! Differences, and the changes that apply them.

use lanyard_analysis::{Configuration, Fate, access_impact, changes, diff, is_neutral};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::resources::{IdentityInfo, PhoneConfig};
use lanyard_model::{Change, Directory, Draft, Kind, Resource as Stored, Timestamp};

use super::random::Random;
use super::world;

/// A state with a few random differences from another.
pub(crate) fn changed(r: &mut Random, directory: &Directory) -> Directory {
    let mut draft = Draft::new(directory.clone());
    for _ in 0..1 + r.below(4) {
        let all: Vec<Stored> = draft.directory().iter().collect();
        match r.below(6) {
            // A resource of another random state replaces the one with its identifier, or is new.
            0..3 => {
                let other = world::resources(r);
                let _ = draft.put(r.pick(&other).clone());
            }
            3 => {
                let it = r.pick(&all);
                let _ = draft.delete(it.kind(), &it.id());
            }
            4 => {
                let users: Vec<_> = draft.directory().users.values().cloned().collect();
                let profiles: Vec<_> = draft.directory().security_profiles.keys().cloned().collect();
                let groups: Vec<_> = draft.directory().hierarchy_groups.keys().cloned().collect();
                let mut user = (**r.pick(&users)).clone();
                let wanted = r.pick(&profiles).clone();
                if !user.security_profile_ids.contains(&wanted) {
                    user.security_profile_ids.push(wanted);
                }
                if r.percent(40) {
                    user.hierarchy_group_id = (!groups.is_empty()).then(|| r.pick(&groups).clone());
                }
                let _ = draft.put(user);
            }
            _ => {
                let mut it = r.pick(&all).clone();
                if let Some(tags) = it.tags_mut() {
                    *tags = world::tags(r);
                }
                let _ = draft.put(it);
            }
        }
    }
    draft.finish(Timestamp(2)).1
}

#[test]
fn changes_lead_from_one_state_to_the_other() {
    let mut r = Random::new(71);
    let mut fates = std::collections::BTreeSet::new();
    for round in 0..150 {
        let before = world::load(&world::resources(&mut r));
        let after = if round % 3 == 0 { world::load(&world::resources(&mut r)) } else { changed(&mut r, &before) };
        let differences = diff(&before, &after);
        fates.extend(differences.iter().map(|it| it.fate()));
        for difference in &differences {
            assert!(difference.fate() != Fate::Update || !difference.members.is_empty(), "{difference:?}");
        }
        let changes = changes(&before, &differences).unwrap();
        assert_eq!(changes.len(), differences.len());
        let mut reached = before.clone();
        reached.advance(Timestamp(3), &changes).unwrap_or_else(|invalid| panic!("{invalid}: {changes:#?}"));
        assert_eq!(diff(&reached, &after), vec![]);
        assert_eq!(reached.iter().count(), after.iter().count());
    }
    assert_eq!(fates.len(), 3);
}

#[test]
fn members_that_the_service_maintains_do_not_differ() {
    let mut r = Random::new(3);
    let before = world::load(&world::resources(&mut r));
    let resources = before.iter().map(|resource| match resource {
        Stored::User(user) => {
            let mut user = (*user).clone();
            user.last_modified_time = Timestamp(99);
            user.last_modified_region = "us-east-1".to_owned();
            user.security_profile_ids.reverse();
            user.into()
        }
        other => other,
    });
    let after = Directory::load(before.stream().clone(), 2, Timestamp(99), resources);
    assert_eq!(diff(&before, &after), vec![]);
}

#[test]
fn a_name_is_freed_before_its_reuse_and_a_swap_is_refused() {
    let mut r = Random::new(3);
    let before = world::load(&world::resources(&mut r));
    let users: Vec<_> = before.users.values().cloned().collect();
    let renamed = |names: [&str; 2]| {
        let mut after = before.clone();
        let changes: Vec<_> = [0, 1]
            .map(|n| {
                let old = Stored::User(users[n].clone());
                let mut new = (*users[n]).clone();
                new.username = format!("between{n}");
                Change::Update { before: old, after: new.into() }
            })
            .into();
        after.advance(Timestamp(2), &changes).unwrap();
        let changes: Vec<_> = [0, 1]
            .map(|n| {
                let old = after.get(Kind::User, &users[n].id).unwrap();
                let mut new = (*users[n]).clone();
                new.username = names[n].to_owned();
                Change::Update { before: old, after: new.into() }
            })
            .into();
        after.advance(Timestamp(3), &changes).unwrap();
        after
    };
    let (one, other) = (users[0].username.clone(), users[1].username.clone());
    let after = renamed(["someone", &one]);
    let ordered = changes(&before, &diff(&before, &after)).unwrap();
    before.clone().advance(Timestamp(9), &ordered).unwrap();
    let tangled = changes(&before, &diff(&before, &renamed([&other, &one]))).unwrap_err();
    assert_eq!(tangled.keys.len(), 2);
}

#[test]
fn neutral_changes_have_no_access_impact() {
    let mut r = Random::new(11);
    let whole = |directory: &Directory| Configuration::whole(directory.clone());
    let (mut neutral, mut others) = (0, 0);
    for _ in 0..60 {
        let before = world::load(&world::resources(&mut r));
        let users: Vec<_> = before.users.values().cloned().collect();
        let mut user = (**r.pick(&users)).clone();
        user.identity_info = Some(IdentityInfo { first_name: Some("Ana".to_owned()), ..IdentityInfo::default() });
        user.phone_config = Some(PhoneConfig { auto_accept: Some(true), ..PhoneConfig::default() });
        user.last_modified_time = Timestamp(77);
        let mut draft = Draft::new(before.clone());
        draft.put(user).unwrap();
        let (of_user, after) = draft.finish(Timestamp(2));
        assert!(of_user.iter().all(is_neutral), "{of_user:?}");
        // Any other changes: those that are neutral have no impact.
        let any = changed(&mut r, &before);
        let of_any: Vec<_> = diff(&before, &any).into_iter().map(|it| it.change).collect();
        others += usize::from(!of_any.iter().all(is_neutral));
        for (changes, after) in [(of_user, after), (of_any, any)] {
            if changes.iter().all(is_neutral) {
                neutral += 1;
                let impact = access_impact(&whole(&before), &whole(&after), Catalogue::builtin());
                assert_eq!((impact.effects, impact.restrictions), (vec![], vec![]), "{changes:?}");
            }
        }
    }
    assert!(neutral >= 60 && others > 30, "{neutral} {others}");
}
