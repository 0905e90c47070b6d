//! The question in borrowed text, before any look-up.

use std::fmt;

/// The principal of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal<'a> {
    /// A user, by identifier, ARN of this instance, or user name.
    User(&'a str),
    /// An AI agent, by its ARN, matched exactly.
    AiAgent(&'a str),
}

/// The resource of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resource<'a> {
    /// The type, such as `Queue`.
    pub resource_type: &'a str,
    /// The identifier; `*` asks about the whole type.
    pub id: &'a str,
    /// With the identifier `*`: whether there may be at least one, instead of whether it is all of them.
    pub match_some: bool,
    /// The resource does not exist yet: its attributes are those of the question.
    pub hypothetical: bool,
    /// Tags, for kinds that are not stored and for hypothetical resources; for a record, of the table that it would be in,
    /// where `table_id` does not name one.
    pub tags: &'a [(&'a str, &'a str)],
    /// The hierarchy group, for a hypothetical user.
    pub hierarchy_group_id: Option<&'a str>,
    /// The primary attributes of a hypothetical record and their values.
    pub primary_values: &'a [(&'a str, &'a str)],
    /// The stored table that a hypothetical record would be in, whose tags then count.
    pub table_id: Option<&'a str>,
    /// The agent of a contact, named as a principal is.
    pub agent_id: Option<&'a str>,
    /// The owner of the resource, named as a principal is.
    pub owner_id: Option<&'a str>,
}

impl<'a> Resource<'a> {
    /// The table of a hypothetical record, where it is named.
    pub(crate) fn named_table(&self) -> Option<&'a str> {
        self.table_id.filter(|id| !id.is_empty())
    }
}

/// One question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// The principal.
    pub principal: Principal<'a>,
    /// The person an AI agent serves, named as a principal is.
    pub on_behalf_of: Option<&'a str>,
    /// The AI agent serves a customer directly.
    pub self_service: bool,
    /// A permission, an action on a tool, or a task (`task:listen-to-recordings`).
    pub action: &'a str,
    /// On what.
    pub resource: Resource<'a>,
    /// The action changes primary values of a record.
    pub changes_primary_values: bool,
    /// The resources that the action ties to the resource (rule 15): type and identifier. Giving a user a security profile
    /// assigns the profile.
    pub assigns: &'a [(&'a str, &'a str)],
}

impl<'a> Question<'a> {
    /// The question whether a principal may do an action on a resource, without further details.
    #[must_use]
    pub fn new(principal: Principal<'a>, action: &'a str, resource_type: &'a str, id: &'a str) -> Self {
        Self {
            principal,
            on_behalf_of: None,
            self_service: false,
            action,
            resource: Resource { resource_type, id, ..Resource::default() },
            changes_primary_values: false,
            assigns: &[],
        }
    }
}

/// The reason why a question cannot be answered: it contradicts itself or is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// A member is empty.
    Empty {
        /// Which one.
        member: &'static str,
    },
    /// A name could be two users.
    AmbiguousUser {
        /// The member that has it.
        member: &'static str,
    },
    /// A user does not serve anyone.
    UserServes {
        /// The member at fault.
        member: &'static str,
    },
    /// An AI agent serves a person or a customer, not both.
    ServesBoth,
    /// Something is assigned of a type that has no View permission, so that it is tied to nothing.
    AssignsOther,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { member } => write!(f, "`{member}` must not be empty"),
            Self::AmbiguousUser { member } => {
                write!(f, "`{member}` is the identifier of one user and the name of another; name the user by its ARN")
            }
            Self::UserServes { member } => {
                write!(f, "`{member}` is only for questions whose principal is an AI agent")
            }
            Self::ServesBoth => f.write_str("`on_behalf_of` and `self_service` exclude each other"),
            Self::AssignsOther => f.write_str(
                "`assigns` names resources of types that have a View permission, such as `SecurityProfile` and `Queue`",
            ),
        }
    }
}

impl std::error::Error for Malformed {}
