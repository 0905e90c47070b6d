//! The rules of sessions: how long they last, which of a user's ends for a new one, and the form in which they are kept.
//!
//! A session is kept in the store, under the hash of its token, so that every node and a later process finds it, and so
//! that the time that a look-up takes reveals nothing about the token. The clocks of nodes may differ: a session's last
//! use never moves back.

use lanyard_model::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many sessions a user has at most; a new one ends the one that was used the longest ago.
const MOST_OF_A_USER: usize = 20;

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

const MINUTE: i64 = 60_000;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The instance, which is the only one there is for the user.
    pub instance: Id,
    /// The user.
    pub user: Id,
    /// When it began.
    pub began: Timestamp,
    /// When it was last used, as far as that was noted.
    pub used: Timestamp,
}

impl Session {
    /// A session that begins now.
    #[must_use]
    pub fn begin(instance: Id, user: Id, now: Timestamp) -> Self {
        Self { instance, user, began: now, used: now }
    }

    /// The key under which the session of a token is kept.
    #[must_use]
    pub fn key(token: &str) -> Vec<u8> {
        Sha256::digest(token).to_vec()
    }

    /// When it ends unless it is used before.
    #[must_use]
    pub fn ends(&self, limits: &SessionLimits) -> Timestamp {
        let after = |time: Timestamp, minutes: u32| Timestamp(time.0.saturating_add(i64::from(minutes) * MINUTE));
        after(self.used, limits.idle_minutes).min(after(self.began, limits.life_minutes))
    }

    /// Whether it has ended.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp, limits: &SessionLimits) -> bool {
        now >= self.ends(limits)
    }

    /// The session with its use noted, where that is worth a write: when a tenth of the idle time has passed since the use
    /// that was noted last. A session that is used rarely may thus end by up to a tenth of the idle time early.
    #[must_use]
    pub fn used_at(&self, now: Timestamp, limits: &SessionLimits) -> Option<Self> {
        let is_due = now.millis_since(self.used) >= i64::from(limits.idle_minutes) * MINUTE / 10;
        is_due.then(|| Self { used: now, ..self.clone() })
    }

    /// The form in which it is kept.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // It has no maps, so serialisation does not fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The session that is kept in this form; `None` when it is none.
    #[must_use]
    pub fn decode(kept: &[u8]) -> Option<Self> {
        serde_json::from_slice(kept).ok()
    }
}

/// Those of a user's sessions that end because there is a new one, by their keys. `others` are all but the new one.
#[must_use]
pub fn surplus<K>(mut others: Vec<(K, Session)>) -> Vec<K> {
    others.sort_by_key(|(_, session)| std::cmp::Reverse(session.used));
    others.into_iter().skip(MOST_OF_A_USER - 1).map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: SessionLimits = SessionLimits { idle_minutes: 30, life_minutes: 60 };

    fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * MINUTE)
    }

    fn session() -> Session {
        Session::begin(Id::new("instance"), Id::new("user"), at(0))
    }

    #[test]
    fn a_session_slides_until_its_life_is_over() {
        let session = session();
        assert_eq!(session.ends(&LIMITS), at(30));
        let session = session.used_at(at(29), &LIMITS).unwrap();
        assert_eq!(session.ends(&LIMITS), at(59));
        let session = session.used_at(at(58), &LIMITS).unwrap();
        assert_eq!(session.ends(&LIMITS), at(60));
        assert!(!session.has_ended(Timestamp(at(60).0 - 1), &LIMITS) && session.has_ended(at(60), &LIMITS));
    }

    #[test]
    fn a_session_that_is_not_used_ends() {
        let session = session();
        assert!(!session.has_ended(Timestamp(at(30).0 - 1), &LIMITS) && session.has_ended(at(30), &LIMITS));
    }

    #[test]
    fn a_use_is_noted_once_in_a_tenth_of_the_idle_time() {
        let session = session();
        assert_eq!(session.used_at(Timestamp(at(3).0 - 1), &LIMITS), None);
        let used = session.used_at(at(3), &LIMITS).unwrap();
        assert_eq!((used.began, used.used), (at(0), at(3)));
        assert_eq!(used.used_at(at(1), &LIMITS), None, "by a clock that is behind, nothing is moved back");
    }

    #[test]
    fn it_reads_back_as_it_was_written() {
        let session = Session { used: Timestamp(-5), ..session() };
        assert_eq!(Session::decode(&session.encode()), Some(session));
        assert_eq!(Session::decode(b"{}"), None);
        assert_ne!(Session::key("a"), Session::key("b"));
    }

    #[test]
    fn the_sessions_that_were_used_the_longest_ago_give_way() {
        let others =
            |count: i64| (0..count).map(|minute| (minute, Session { used: at(minute), ..session() })).collect();
        assert!(surplus::<i64>(others(19)).is_empty());
        assert_eq!(surplus::<i64>(others(22)), [2, 1, 0]);
    }
}
