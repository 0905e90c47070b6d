//! The decision of a question in a compact form, for storage of many.

use lanyard_engine::{Answer, OpenPoint, Outcome};
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

/// The decision of a question in both readings, with the open points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Judged {
    rank: u8,
    points: u32,
}

impl Judged {
    /// Both readings refuse.
    pub const DENIED: Self = Self { rank: 0, points: 0 };

    /// The decision of the engine's answer.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        let rank = match answer.outcome {
            Outcome::Denied => 0,
            Outcome::Undetermined => 1,
            Outcome::Allowed => 2,
        };
        Self { rank, points: answer.open_points.iter().fold(0, |all, point| all | 1 << *point as u16) }
    }

    /// The outcome.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self.rank {
            0 => Outcome::Denied,
            1 => Outcome::Undetermined,
            _ => Outcome::Allowed,
        }
    }

    /// Whether access cannot be ruled out: it is allowed or undetermined.
    #[must_use]
    pub fn may(self) -> bool {
        self.rank > 0
    }

    /// The open points that made the difference, where the decision is undetermined.
    pub fn open_points(self) -> impl Iterator<Item = OpenPoint> {
        OpenPoint::ALL.iter().copied().filter(move |point| self.points & (1 << *point as u16) != 0)
    }

    /// Whether there is more access than in `other`: undetermined is more than denied, allowed is more than both.
    #[must_use]
    pub fn exceeds(self, other: Self) -> bool {
        self.rank > other.rank
    }
}

impl Serialize for Judged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Judged", 2)?;
        members.serialize_field("outcome", self.outcome().as_str())?;
        members.serialize_field("open_points", &self.open_points().map(OpenPoint::name).collect::<Vec<_>>())?;
        members.end()
    }
}
