//! The instance that a command is about: the flags that name it, the places where it can be, and its state.
//!
//! Every command turns its flags into a [`Target`]: a [`Location`] and the name of an instance. A target is read as a
//! [`LocatedState`], or opened as an [`Instance`] where the command needs more than one state.
//!
//! Invariants:
//!
//! - Each flag is declared once, in [`args`].
//! - A data directory is only read.
//! - A state has the revision that it states.

pub(crate) mod args;
pub(crate) mod choose;
pub(crate) mod location;
pub(crate) mod opened;
pub(crate) mod parameters;
pub(crate) mod remote;
pub(crate) mod state;

pub(crate) use location::{FileFacts, LocatedState, Location, Target};
pub(crate) use opened::Instance;
pub(crate) use state::State;
