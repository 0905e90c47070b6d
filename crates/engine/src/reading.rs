//! The readings of the rules where the service's documents are silent, and the outcome of both.

use serde::{Deserialize, Serialize};

macro_rules! open_points {
    ($( $(#[$doc:meta])* $point:ident $about:literal ),* $(,)?) => {
        /// A point that is not known: the service's documents are silent on it, or a part of the state is unknown. Each
        /// has two readings; `docs/semantics.md` has both.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum OpenPoint { $( $(#[$doc])* $point ),* }

        impl OpenPoint {
            /// Every open point.
            pub const ALL: &'static [Self] = &[$( Self::$point ),*];

            /// Its name, such as `Q3`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $( Self::$point => stringify!($point) ),* }
            }

            /// The unknown fact, as a question.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $( Self::$point => $about ),* }
            }
        }
    };
}

open_points! {
    /// Undocumented names of restricted types.
    Q1 "what does a restricted type with an undocumented name restrict?",
    /// Permission and scope of different profiles.
    Q2 "does the permission of one profile combine with the scope of another?",
    /// Restriction by tag without tags.
    Q3 "does a profile that restricts a type by tag, without naming tags, hide everything or nothing?",
    /// Caller without a hierarchy group.
    Q4 "what may a caller without a hierarchy group see where the caller's own group is what counts?",
    /// Resource without a hierarchy group.
    Q5 "is a resource without a hierarchy group in scope of a profile that restricts by hierarchy?",
    /// View permission in another profile.
    Q6 "must the View permission on a restricted type be in the profile that restricts it?",
    /// Record without a value of a primary attribute.
    Q7 "is a record in scope that has no known value of a primary attribute which the record rule names?",
    /// Record rules of several profiles.
    Q8 "do the record rules of several profiles all bind, or is one of them enough?",
    /// `RestrictContactAccessByHierarchy.View` in some profiles.
    Q9 "does a restricting permission of one profile bind what another profile grants?",
    /// Restrictions on AI agents.
    Q10 "do restrictions by tag, hierarchy and record bind AI agents?",
    /// AI agent without a person.
    Q11 "may an AI agent act when neither a person nor self-service is named?",
    /// Tags of what is assigned.
    Q12 "must the tags of what is assigned be in scope of a profile that restricts its type by tag?",
    /// Tags of one's own resources.
    Q13 "does a restriction by tag bind what is one's own?",
    /// The permission of a tool that AI agents come with.
    A24 "which permission lets an AI agent start a task?",
    /// Application without a type.
    A4 "is an application without a type an MCP server?",
    /// Version or alias of a flow module.
    A16 "does a grant of a flow module cover its versions and aliases?",
    /// Both restrictions in two profiles.
    H16 "what do analytics show when two profiles restrict by tag and by hierarchy both?",
    /// All contacts by hierarchy, and one's own.
    P14 "does permission to see one's own contacts add to a view of contacts restricted by hierarchy?",
    /// Assigning security profiles.
    G2 "does assigning a security profile take `Users.Edit`, `Users.EditPermission`, or both?",
    /// An action that Lanyard does not know.
    UnknownAction "does the service have an action of this name, and who may do it?",
    /// The parts that the source of the state does not carry.
    Unseen "does something that was not seen grant it, or stand in the way?",
}

/// Which open points are read so that access is granted; the others are read so that it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading(u32);

impl Reading {
    /// Every open point is read so that access is refused. Enforcement follows this reading.
    pub const STRICT: Self = Self(0);
    /// Every open point is read so that access is granted.
    pub const LENIENT: Self = Self(u32::MAX);

    /// Whether the point is read so that access is granted.
    #[inline]
    #[must_use]
    pub fn grants(self, point: OpenPoint) -> bool {
        self.0 & (1 << point as u32) != 0
    }

    /// This reading with the point read so that access is granted.
    #[must_use]
    pub fn granting(self, point: OpenPoint) -> Self {
        Self(self.0 | (1 << point as u32))
    }

    /// This reading with the point read so that access is refused.
    #[must_use]
    pub fn refusing(self, point: OpenPoint) -> Self {
        Self(self.0 & !(1 << point as u32))
    }
}

/// The answer to a question in one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Access is granted.
    Allowed,
    /// Access is refused.
    Refused,
}

impl Verdict {
    /// Whether access is granted.
    #[must_use]
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }
}

impl From<bool> for Verdict {
    fn from(allowed: bool) -> Self {
        if allowed { Self::Allowed } else { Self::Refused }
    }
}

/// The answer to a question in both readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Both readings grant access.
    Allowed,
    /// Both readings refuse it.
    Denied,
    /// Only the lenient reading grants it.
    Undetermined,
}

impl Outcome {
    /// The outcome of the strict and the lenient answer.
    #[must_use]
    pub fn of(strict: Verdict, lenient: Verdict) -> Self {
        match (strict, lenient) {
            (Verdict::Allowed, _) => Self::Allowed,
            (Verdict::Refused, Verdict::Allowed) => Self::Undetermined,
            (Verdict::Refused, Verdict::Refused) => Self::Denied,
        }
    }

    /// `allowed`, `denied` or `undetermined`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Undetermined => "undetermined",
        }
    }
}
