//! One state of an instance, as questions see it.

use std::borrow::Cow;
use std::sync::LazyLock;

use lanyard_engine::{Compiled, UnknownParts};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Change, Directory, Id};
use serde::{Deserialize, Serialize};

use crate::holder;
use crate::names::Names;
use crate::subject::Subject;

/// One state of an instance, borrowed for questions.
#[derive(Clone, Copy)]
pub struct StateView<'a> {
    /// The resources.
    pub directory: &'a Directory,
    /// The same, compiled.
    pub compiled: &'a Compiled,
    /// The parts that could not be read.
    pub unknown_parts: &'a UnknownParts,
    /// The permissions that are known.
    pub catalogue: &'a Catalogue,
}

/// The state that an answer rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The revision of the instance; 0 for a state from files, which has none.
    pub revision: u64,
    /// The time of the revision, in milliseconds since 1970; 0 where it is not known.
    pub time: i64,
}

static NOTHING: LazyLock<UnknownParts> = LazyLock::new(UnknownParts::default);

impl<'a> StateView<'a> {
    /// A state of which everything is known.
    #[must_use]
    pub fn whole(directory: &'a Directory, compiled: &'a Compiled, catalogue: &'a Catalogue) -> Self {
        Self { directory, compiled, unknown_parts: &NOTHING, catalogue }
    }

    /// The names of this state.
    #[must_use]
    pub fn names(&self) -> Names<'a> {
        Names {
            catalogue: self.catalogue,
            directory: self.directory,
            permission_index: self.compiled.permission_index(),
        }
    }

    /// The state that an answer rests on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis { revision: self.directory.revision(), time: self.directory.time().0 }
    }

    /// The compiled state in which the principal exists: for a security profile, one with a holder of it.
    #[must_use]
    pub fn with_subject(&self, subject: &Subject) -> Cow<'a, Compiled> {
        match subject {
            Subject::SecurityProfile(id) => self.with_holders([&Id::new(id)]),
            Subject::User(_) | Subject::AiAgent(_) => Cow::Borrowed(self.compiled),
        }
    }

    /// The compiled state with a holder of each of these security profiles.
    pub(crate) fn with_holders<'b>(&self, profiles: impl IntoIterator<Item = &'b Id>) -> Cow<'a, Compiled> {
        let holders: Vec<_> = profiles.into_iter().map(|id| Change::Create(holder::of_profile(id).into())).collect();
        let mut compiled = self.compiled.clone();
        compiled.apply(&holders);
        Cow::Owned(compiled)
    }
}
