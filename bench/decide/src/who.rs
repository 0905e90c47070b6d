//! Searches: every user of an instance who may do an action on a resource.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use lanyard_engine::{Compiled, PrincipalKind, Reading};

use crate::engines::{Engine, lanyard};
use crate::rounds::{Spread, nanoseconds};
use crate::world::{Ask, World};

/// The duration of both, in nanoseconds, and the number of users.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Lanyard's own search.
    pub lanyard: Spread,
    /// A loop over the users with a peer.
    pub peer: Spread,
    /// Users found for a question.
    pub found: Spread,
}

/// Searches once for each question, with Lanyard and then with a peer in a loop.
///
/// # Errors
/// The results differ.
pub fn measure(world: &World, compiled: &Compiled, peer: &mut dyn Engine, asks: &[Ask]) -> anyhow::Result<Times> {
    let mut users: Vec<_> = world.users.iter().map(|user| user.id.clone()).collect();
    users.sort();
    let mut everyone = Vec::new();
    let (mut own, mut others, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for ask in asks {
        let question = lanyard::question(ask);
        let started = Instant::now();
        let found: Vec<_> = compiled.who(PrincipalKind::User, &question, Reading::STRICT, None)?.collect();
        own.push(nanoseconds(started.elapsed()));

        everyone.clear();
        everyone.extend(users.iter().map(|id| Ask { principal: id.to_string(), ..ask.clone() }));
        let started = Instant::now();
        let by_peer: Vec<_> =
            everyone.iter().zip(&users).filter(|(ask, _)| peer.allows(ask)).map(|(_, id)| id).collect();
        others.push(nanoseconds(started.elapsed()));
        ensure!(found == by_peer, "`{}` finds {} users, Lanyard {}", peer.name(), by_peer.len(), found.len());
        counts.push(f64::from(u32::try_from(found.len()).context("too many users")?));
    }
    Ok(Times { lanyard: Spread::of(own), peer: Spread::of(others), found: Spread::of(counts) })
}
