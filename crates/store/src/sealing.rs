//! How a store seals what it is given: whether entries are sealed, and with which keys.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lanyard_model::{Id, StreamId};

use crate::master_key::random;
use crate::{MasterKeys, PersonKey};

/// How many keys of people are remembered. More keys than needed are made when a person's key was forgotten.
const REMEMBERED: usize = 20_000;

/// The state of a store's sealing, which appends are made with.
///
/// Invariant: an append brings every key that it was sealed with, whether or not the key is stored already. An append that
/// fails therefore never leaves a later one without its key.
#[derive(Default)]
pub struct Sealing {
    master: MasterKeys,
    /// Whether entries are written in format 1, with people in clear.
    is_plain: AtomicBool,
    keys: Mutex<HashMap<(StreamId, Id), PersonKey>>,
}

/// A name of 32 random hexadecimal digits, such as a node needs.
///
/// # Errors
/// When the system has no randomness.
pub fn random_name() -> Result<String, String> {
    Ok(random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealing").field("master", &self.master).field("seals", &self.seals()).finish_non_exhaustive()
    }
}

impl Sealing {
    /// Sealing with keys from outside, or without.
    #[must_use]
    pub fn new(master: MasterKeys) -> Self {
        Self { master, ..Self::default() }
    }

    /// The keys from outside.
    #[must_use]
    pub fn master(&self) -> &MasterKeys {
        &self.master
    }

    /// Whether people in entries are sealed.
    #[must_use]
    pub fn seals(&self) -> bool {
        !self.is_plain.load(Ordering::Acquire)
    }

    /// Sets whether people in entries are sealed. They are not while a node is there that cannot read it.
    pub fn set_seals(&self, seals: bool) {
        self.is_plain.store(!seals, Ordering::Release);
    }

    /// A key of a person: the last one that was made here or, where there is none or the person is new, another.
    pub(crate) fn key(&self, stream: &StreamId, person: &Id, is_new: bool) -> Result<PersonKey, String> {
        let place = (stream.clone(), person.clone());
        if let Some(key) = self.lock().get(&place).filter(|_| !is_new) {
            return Ok(key.clone());
        }
        let key = PersonKey::random(person.clone())?;
        let mut keys = self.lock();
        if keys.len() >= REMEMBERED {
            keys.clear();
        }
        keys.insert(place, key.clone());
        Ok(key)
    }

    /// Forgets the key of a person, who is deleted.
    pub(crate) fn forget(&self, stream: &StreamId, person: &Id) {
        self.lock().remove(&(stream.clone(), person.clone()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(StreamId, Id), PersonKey>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
