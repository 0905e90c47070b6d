//! The sessions of users, only in memory: a restart ends them all.
//!
//! A token is kept and looked up as its hash, so that the time this takes reveals nothing about the token.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lanyard_model::{Id, Timestamp};
use sha2::{Digest, Sha256};

/// How many sessions a user has at most; a new one ends the one that was used the longest ago.
const MOST_OF_A_USER: usize = 20;

/// How many sessions there are at most.
const MOST: usize = 100_000;

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// After how many minutes without a request a session ends.
    pub idle_minutes: u32,
    /// After how many minutes a session ends in any case.
    pub life_minutes: u32,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle_minutes: 30, life_minutes: 12 * 60 }
    }
}

impl SessionLimits {
    /// When a session ends that began and was last used at these times.
    pub fn end(&self, began: Timestamp, used: Timestamp) -> Timestamp {
        let after = |time: Timestamp, minutes: u32| Timestamp(time.0.saturating_add(i64::from(minutes) * 60_000));
        after(used, self.idle_minutes).min(after(began, self.life_minutes))
    }
}

type Hash = [u8; 32];

/// All sessions.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<Hash, Kept>>);

#[derive(Debug)]
struct Kept {
    instance: Id,
    user: Id,
    began: Timestamp,
    used: Timestamp,
}

/// A session that goes on.
#[derive(Clone, Debug)]
pub struct Session {
    /// The instance, which is the only one there is for the user.
    pub instance: Id,
    /// The user.
    pub user: Id,
    /// When it began.
    pub began: Timestamp,
    /// When it ends unless it is used before.
    pub ends: Timestamp,
}

/// There are as many sessions as there can be.
#[derive(Debug)]
pub struct Full;

impl Sessions {
    /// Begins a session; returns when it ends unless it is used.
    ///
    /// # Errors
    /// When there are as many sessions as there can be.
    pub fn begin(
        &self,
        token: &str,
        instance: Id,
        user: Id,
        now: Timestamp,
        limits: &SessionLimits,
    ) -> Result<Timestamp, Full> {
        let mut sessions = self.lock();
        sessions.retain(|_, it| now < limits.end(it.began, it.used));
        let own = |it: &Kept| it.instance == instance && it.user == user;
        if sessions.values().filter(|it| own(it)).count() >= MOST_OF_A_USER {
            let oldest = sessions.iter().filter(|(_, it)| own(it)).min_by_key(|(_, it)| it.used).map(|(hash, _)| *hash);
            oldest.map(|hash| sessions.remove(&hash));
        }
        if sessions.len() >= MOST {
            return Err(Full);
        }
        sessions.insert(hash(token), Kept { instance, user, began: now, used: now });
        Ok(limits.end(now, now))
    }

    /// The session of a token, which is used now.
    pub fn find(&self, token: &str, now: Timestamp, limits: &SessionLimits) -> Option<Session> {
        let mut sessions = self.lock();
        let hash = hash(token);
        let session = sessions.get_mut(&hash)?;
        if now >= limits.end(session.began, session.used) {
            sessions.remove(&hash);
            return None;
        }
        session.used = session.used.max(now);
        let Kept { instance, user, began, used } = session;
        let ends = limits.end(*began, *used);
        Some(Session { instance: instance.clone(), user: user.clone(), began: *began, ends })
    }

    /// Ends the session of a token.
    pub fn end(&self, token: &str) {
        self.lock().remove(&hash(token));
    }

    /// Ends the sessions of a user, or of all users of an instance; returns how many.
    pub fn end_all(&self, instance: &Id, user: Option<&Id>) -> usize {
        let mut sessions = self.lock();
        let before = sessions.len();
        sessions.retain(|_, it| it.instance != *instance || user.is_some_and(|user| it.user != *user));
        before - sessions.len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: SessionLimits = SessionLimits { idle_minutes: 30, life_minutes: 60 };
    const MINUTE: i64 = 60_000;

    fn ids() -> (Id, Id) {
        (Id::new("instance"), Id::new("user"))
    }

    #[test]
    fn a_session_slides_until_its_life_is_over() {
        let sessions = Sessions::default();
        let (instance, user) = ids();
        sessions.begin("t", instance, user, Timestamp(0), &LIMITS).unwrap();
        let at = |minutes| sessions.find("t", Timestamp(minutes * MINUTE), &LIMITS).map(|it| it.ends.0 / MINUTE);
        assert_eq!(at(29), Some(59));
        assert_eq!(at(58), Some(60));
        assert_eq!(at(60), None);
        assert_eq!(at(1), None, "what ended does not begin again");
        assert!(sessions.find("other", Timestamp(0), &LIMITS).is_none());
    }

    #[test]
    fn a_session_that_is_not_used_ends() {
        let sessions = Sessions::default();
        let (instance, user) = ids();
        sessions.begin("t", instance, user, Timestamp(0), &LIMITS).unwrap();
        assert!(sessions.find("t", Timestamp(30 * MINUTE), &LIMITS).is_none());
    }

    #[test]
    fn sessions_end_one_by_one_by_user_and_by_instance() {
        let sessions = Sessions::default();
        let (instance, user) = ids();
        let begin = |token: &str, user: &Id| {
            sessions.begin(token, instance.clone(), user.clone(), Timestamp(0), &LIMITS).unwrap();
        };
        let there = |token: &str| sessions.find(token, Timestamp(1), &LIMITS).is_some();
        ["a", "b"].iter().for_each(|token| begin(token, &user));
        begin("c", &Id::new("other"));
        sessions.end("a");
        assert!(!there("a") && there("b"));
        assert_eq!(sessions.end_all(&instance, Some(&user)), 1);
        assert!(!there("b") && there("c"));
        assert_eq!(sessions.end_all(&instance, None), 1);
        (0..=MOST_OF_A_USER).for_each(|number| begin(&number.to_string(), &user));
        assert_eq!(sessions.lock().len(), MOST_OF_A_USER);
    }
}
