//! The same questions at Lanyard's engine and at other engines for authorization, used as libraries.

pub mod directory;
pub mod engines;
pub mod random;
pub mod world;
