//! How a store seals what it is given: whether entries are sealed, and with which keys.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lanyard_model::{Id, StreamId};

use crate::master_key::random;
use crate::{MasterKeys, PersonKey, PersonKeys};

/// The state of a store's sealing, which appends are made with.
///
/// Invariant: an append brings every key that it was sealed with, whether or not the key is stored already. An append that
/// fails therefore never leaves a later one without its key.
#[derive(Default)]
pub struct Sealing {
    master: MasterKeys,
    /// Whether entries are written in format 1, with people in clear.
    is_plain: AtomicBool,
    /// A key of each person, as far as they are known here. More keys than needed are made when a person's is not.
    keys: Mutex<HashMap<StreamId, HashMap<Id, PersonKey>>>,
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

    /// A key of a person: the last one that was made or remembered here or, where there is none or the person is new,
    /// another.
    pub(crate) fn key(&self, stream: &StreamId, person: &Id, is_new: bool) -> Result<PersonKey, String> {
        if let Some(key) = self.lock().get(stream).and_then(|keys| keys.get(person)).filter(|_| !is_new) {
            return Ok(key.clone());
        }
        let key = PersonKey::random(person.clone())?;
        self.lock().entry(stream.clone()).or_default().insert(person.clone(), key.clone());
        Ok(key)
    }

    /// Forgets the key of a person, who is deleted.
    pub(crate) fn forget(&self, stream: &StreamId, person: &Id) {
        if let Some(keys) = self.lock().get_mut(stream) {
            keys.remove(person);
        }
    }

    /// Remembers the keys of a stream's people, so that no others are made for them.
    pub fn remember(&self, stream: &StreamId, people: &PersonKeys) {
        let mut all = self.lock();
        let keys = all.entry(stream.clone()).or_default();
        for key in people.iter() {
            keys.entry(key.person().clone()).or_insert_with(|| key.clone());
        }
    }

    /// Forgets the keys of a stream's people, because the stream has ended or is not written here for now.
    pub fn forget_stream(&self, stream: &StreamId) {
        self.lock().remove(stream);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<StreamId, HashMap<Id, PersonKey>>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
