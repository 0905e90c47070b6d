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
                self.cells.change(CellChange::Delete { kind: KIND, key }).await?;
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
                    let reason = error.detail().unwrap_or(error.message());
                    tracing::warn!("the use of a session could not be noted: {reason}");
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
