//! The sessions of users, in cells of the store: every node finds them, and a restart ends none.
//!
//! A session is read for each request, so that one that ended on any node has ended for the next request on every other.
//! Its use is noted only now and then, so that most requests only read.

use lanyard_authn::{Session, SessionLimits, surplus};
use lanyard_model::Id;
use lanyard_store::{Cell, CellChange, CellsOf, SecretChange, SecretGuard};

use crate::error::{Error, Result};
use crate::secrets::user_of_secret;
use crate::shared_cells::SharedCells;

/// The kind of the cells.
const KIND: &str = "session";

/// How often the use of a session is noted again because another request did so at the same time.
const ATTEMPTS: usize = 4;

/// The sessions of all users.
pub struct SharedSessions {
    cells: SharedCells,
    limits: SessionLimits,
}

impl SharedSessions {
    pub(crate) fn new(cells: SharedCells, limits: SessionLimits) -> Self {
        Self { cells, limits }
    }

    /// How long sessions last.
    #[must_use]
    pub fn limits(&self) -> &SessionLimits {
        &self.limits
    }

    /// Begins a session, while the user's password is still the one that was verified; `None` where it is not.
    ///
    /// # Errors
    /// When the storage fails.
    pub(crate) async fn begin(
        &self,
        token: &str,
        instance: Id,
        user: Id,
        password: SecretGuard,
    ) -> Result<Option<Session>> {
        let session = Session::begin(instance, user, self.cells.now());
        let (key, cell) = (Session::key(token), self.cell(&session));
        let put = CellChange::PutWhile { kind: KIND, key: key.clone(), cell: cell.clone(), secret: password };
        if self.cells.change(put).await? == 0 {
            // It may have been made all the same, if it was tried twice because its connection fell.
            if self.cells.read(KIND, key.clone()).await? != Some(cell) {
                return Ok(None);
            }
        }
        let now = self.cells.now();
        let of_user = self.cells.of(sessions_of(&session.instance, Some(&session.user))).await?;
        let others = of_user.into_iter().filter(|(other, _)| *other != key);
        let others = others.filter_map(|(key, cell)| Some((key, Session::decode(&cell.value)?)));
        let others = others.filter(|(_, other)| other.user == session.user && !other.has_ended(now, &self.limits));
        for key in surplus(others.collect()) {
            self.cells.change(CellChange::Delete { kind: KIND, key }).await?;
        }
        Ok(Some(session))
    }

    /// The session of a token, which is used now; `None` where there is none, or it has ended.
    ///
    /// # Errors
    /// When the storage fails.
    pub(crate) async fn find(&self, token: &str) -> Result<Option<Session>> {
        let key = Session::key(token);
        for _ in 0..ATTEMPTS {
            let Some(kept) = self.cells.read(KIND, key.clone()).await? else { return Ok(None) };
            let Some(session) = Session::decode(&kept.value) else { return Ok(None) };
            let now = self.cells.now();
            if session.has_ended(now, &self.limits) {
                // So that a node whose clock is behind does not find it either.
                if let Err(error) = self.cells.change(CellChange::Delete { kind: KIND, key }).await {
                    warn("a session that has ended could not be deleted", &error);
                }
                return Ok(None);
            }
            let Some(used) = session.used_at(now, &self.limits) else { return Ok(Some(session)) };
            let cell = self.cell(&used);
            let put = CellChange::Put { kind: KIND, key: key.clone(), cell, expected: Some(kept.value) };
            match self.cells.change(put).await {
                Ok(0) => {}
                Ok(_) => return Ok(Some(used)),
                Err(error) => {
                    // The session has not ended, and what only reads goes on where nothing can be written.
                    warn("the use of a session could not be noted", &error);
                    return Ok(Some(session));
                }
            }
        }
        Err(Error::internal("too many requests noted the use of one session at the same time"))
    }

    /// Ends the session of a token.
    pub(crate) async fn end(&self, token: &str) -> Result<()> {
        self.cells.change(CellChange::Delete { kind: KIND, key: Session::key(token) }).await.map(drop)
    }

    /// Ends the sessions of a user; returns how many.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn end_all(&self, instance: &Id, user: &Id) -> Result<u64> {
        self.cells.change(CellChange::DeleteOf(sessions_of(instance, Some(user)))).await
    }

    fn cell(&self, session: &Session) -> Cell {
        let owner = sessions_of(&session.instance, Some(&session.user)).owner;
        Cell { owner, value: session.encode(), expires: session.ends(&self.limits) }
    }
}

fn warn(problem: &str, error: &Error) {
    tracing::warn!("{problem}: {}", error.detail().unwrap_or(error.message()));
}

/// The sessions of a user, or of all users of an instance.
pub(crate) fn sessions_of(instance: &Id, user: Option<&Id>) -> CellsOf {
    let owner = match user {
        Some(user) => format!("{instance}/{user}"),
        None => instance.to_string(),
    };
    CellsOf { kind: KIND, owner }
}

/// The sessions that end with a change of an instance's secrets: those of users whose password changes.
pub(crate) fn sessions_ended_by(instance: &Id, secrets: &[SecretChange]) -> Vec<CellsOf> {
    let users = secrets.iter().filter_map(|secret| user_of_secret(&secret.name));
    users.map(|user| sessions_of(instance, Some(&user))).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use lanyard_model::{Entry, StreamId, Timestamp};
    use lanyard_store::double::MemoryStore;
    use lanyard_store::{Append, Position, Secret, Store};

    use super::*;
    use crate::environment::Environment;

    const LIMITS: SessionLimits = SessionLimits { idle_minutes: 30, life_minutes: 60 };
    const MINUTE: i64 = 60_000;
    /// When the tests begin: a process that begins then has not swept yet.
    const BEGIN: i64 = 1_000 * MINUTE;

    /// The clock of a node.
    #[derive(Default)]
    struct Clock(AtomicI64);

    impl Clock {
        fn set(&self, minutes: i64) {
            self.0.store(BEGIN + minutes * MINUTE, Ordering::Relaxed);
        }
    }

    impl Environment for Clock {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }

        fn new_id(&self) -> Id {
            Id::from_uuid(0)
        }

        fn request_id(&self) -> Id {
            Id::from_uuid(0)
        }

        fn random(&self) -> std::io::Result<[u8; 32]> {
            Ok([0; 32])
        }
    }

    fn stream() -> StreamId {
        StreamId::Instance(Id::from_uuid(1))
    }

    fn password(value: &str) -> SecretGuard {
        SecretGuard { stream: stream(), name: "password/jane".to_owned(), value: Secret::new(value.into()) }
    }

    /// A store with the password `old`.
    async fn store() -> Arc<MemoryStore> {
        let store = Arc::new(MemoryStore::default());
        let (actor, operation, request_id) = (String::new(), String::new(), String::new());
        let entry = Entry { time: Timestamp(1), actor, operation, request_id, changes: Vec::new(), erasure: None };
        let SecretGuard { name, value, .. } = password("old");
        let append = Append::new(store.sealing(), &stream(), &Position::origin(&stream()), entry).unwrap();
        let append = append.with_secrets(vec![SecretChange { name, value: Some(value) }]);
        store.append(vec![append]).await.unwrap();
        store
    }

    /// A node of a store, and its clock.
    fn node(store: &Arc<MemoryStore>) -> (SharedSessions, Arc<Clock>) {
        let clock = Arc::new(Clock::default());
        clock.set(0);
        let cells = SharedCells::new(Arc::clone(store) as Arc<dyn Store>, Arc::clone(&clock) as Arc<dyn Environment>);
        (SharedSessions::new(cells, LIMITS), clock)
    }

    async fn begin(sessions: &SharedSessions, token: &str) -> Option<Session> {
        sessions.begin(token, Id::from_uuid(1), Id::new("jane"), password("old")).await.unwrap()
    }

    async fn is_there(sessions: &SharedSessions, token: &str) -> bool {
        sessions.find(token).await.unwrap().is_some()
    }

    #[tokio::test]
    async fn a_session_goes_on_while_any_node_uses_it() {
        let store = store().await;
        let ((one, clock_of_one), (other, clock_of_other)) = (node(&store), node(&store));
        let begun = begin(&one, "t").await.unwrap();
        clock_of_other.set(2);
        assert_eq!(other.find("t").await.unwrap(), Some(begun), "a use so soon is not noted");
        clock_of_other.set(29);
        assert!(is_there(&other, "t").await);
        clock_of_one.set(58);
        assert!(is_there(&one, "t").await, "the other node has used it");
        clock_of_one.set(60);
        assert!(!is_there(&one, "t").await, "its life is over");
        clock_of_other.set(30);
        assert!(!is_there(&other, "t").await, "a clock that is behind does not bring it back");
        assert!(!is_there(&one, "other").await);
    }

    #[tokio::test]
    async fn a_session_ends_for_every_node() {
        let store = store().await;
        let ((one, _), (other, _)) = (node(&store), node(&store));
        for token in ["a", "b", "c"] {
            begin(&one, token).await.unwrap();
        }
        other.end("a").await.unwrap();
        assert!(!is_there(&one, "a").await && is_there(&one, "b").await);
        assert_eq!(other.end_all(&Id::from_uuid(1), &Id::new("jane")).await.unwrap(), 2);
        assert!(!is_there(&one, "b").await && !is_there(&one, "c").await);
    }

    #[tokio::test]
    async fn a_session_begins_only_with_the_password_that_was_verified() {
        let (one, _) = node(&store().await);
        let begun = one.begin("t", Id::from_uuid(1), Id::new("jane"), password("new")).await.unwrap();
        assert_eq!(begun, None);
        assert!(!is_there(&one, "t").await);
    }

    #[tokio::test]
    async fn the_session_that_was_used_the_longest_ago_gives_way() {
        let store = store().await;
        let ((one, clock), (other, _)) = (node(&store), node(&store));
        for minute in 0..20 {
            clock.set(minute);
            begin(&one, &minute.to_string()).await.unwrap();
        }
        assert!(is_there(&one, "0").await, "which is used now");
        begin(&other, "new").await.unwrap();
        assert!(is_there(&one, "0").await && is_there(&one, "2").await && is_there(&one, "new").await);
        assert!(!is_there(&one, "1").await);
    }

    #[tokio::test]
    async fn what_has_expired_is_removed() {
        let store = store().await;
        let (one, clock) = node(&store);
        begin(&one, "old").await.unwrap();
        clock.set(41);
        begin(&one, "new").await.unwrap();
        // The sweep runs next to this.
        while store.cell(KIND, Session::key("old")).await.unwrap().is_some() {
            tokio::task::yield_now().await;
        }
        assert!(store.cell(KIND, Session::key("new")).await.unwrap().is_some());
    }
}
