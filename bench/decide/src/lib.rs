//! The same questions at Lanyard's engine and at other engines for authorization, used as libraries.

pub mod directory;
pub mod engines;
pub mod machine;
pub mod random;
pub mod rounds;
pub mod table;
pub mod who;
pub mod world;
pub mod writes;

use world::Size;

/// The default share of users with a unique combination of profiles, of 100.
pub const INDIVIDUAL: usize = 10;

/// A world for measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Which {
    /// 100 profiles, 10,000 users. The peers are measured in this one.
    Small,
    /// 500 profiles, 100,000 users.
    Medium,
    /// 500 profiles, 1,000,000 users.
    Large,
}

impl Which {
    /// The size, with this share of unique combinations of profiles.
    #[must_use]
    pub fn size(self, individual: usize) -> Size {
        let (profiles, users) = match self {
            Self::Small => (100, 10_000),
            Self::Medium => (500, 100_000),
            Self::Large => (500, 1_000_000),
        };
        Size { profiles, users, individual }
    }
}
