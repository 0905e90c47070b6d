//! Tasks: what people ask about instead of permissions, as data.

use crate::reading::{OpenPoint, Reading};

/// The prefix of an action that is a task.
pub const PREFIX: &str = "task:";

/// Which permissions a task takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// This one.
    Permission(&'static str),
    /// At least one of these.
    AnyOf(&'static [Formula]),
    /// All of these.
    AllOf(&'static [Formula]),
    /// Pages of the guide disagree: the strict reading asks for all of these, the lenient one for any of them.
    Disputed(OpenPoint, &'static [Formula]),
    /// This permission, where the resource does not exist yet or the question is about more than one.
    New(&'static str),
}

/// Something that people do.
#[derive(Debug, PartialEq, Eq)]
pub struct Task {
    /// Its name after `task:`.
    pub name: &'static str,
    /// The description.
    pub title: &'static str,
    /// Which permissions it takes.
    pub formula: Formula,
    /// The types of resource that it is usually asked about. `Instance` asks whether there may be any.
    pub resource_types: &'static [&'static str],
    /// Where that is known from.
    pub source: &'static str,
}

use Formula::{AllOf, AnyOf, Disputed, New, Permission};

const LIST: &str = "https://docs.aws.amazon.com/connect/latest/adminguide/security-profile-list.html";
const SEARCH: &str = "https://docs.aws.amazon.com/connect/latest/adminguide/contact-search.html";
const BEST_PRACTICES: &str =
    "https://docs.aws.amazon.com/connect/latest/adminguide/security-profile-best-practices.html";

const SEE_CONTACT: Formula = AnyOf(&[Permission("ContactSearch.View"), Permission("MyContacts.View")]);

/// One page lets `Users.Edit` assign security profiles, another asks for `Users.EditPermission`.
const ASSIGN: Formula = Disputed(OpenPoint::G2, &[Permission("Users.EditPermission"), Permission("Users.Edit")]);

/// Every task, in the order of names.
pub static TASKS: &[Task] = &[
    Task {
        name: "assign-security-profile",
        title: "give someone a security profile",
        formula: AnyOf(&[ASSIGN, New("Users.Create")]),
        resource_types: &["User", "Instance"],
        source: "https://docs.aws.amazon.com/connect/latest/adminguide/assign-security-profile.html",
    },
    Task {
        name: "barge-in",
        title: "join a conversation while it takes place",
        formula: Permission("ManagerBargeIn"),
        resource_types: &["Instance"],
        source: LIST,
    },
    Task {
        name: "export-cases",
        title: "export cases",
        formula: Permission("Cases.Export"),
        resource_types: &["Case", "Instance"],
        source: "https://docs.aws.amazon.com/connect/latest/adminguide/assign-security-profile-cases.html",
    },
    Task {
        name: "export-contacts",
        title: "export contacts from a contact search",
        formula: SEE_CONTACT,
        resource_types: &["Contact", "Instance"],
        source: SEARCH,
    },
    Task {
        name: "gain-more-rights",
        title: "give oneself more than one was given",
        formula: AnyOf(&[
            ASSIGN,
            New("Users.Create"),
            New("SecurityProfiles.Create"),
            Permission("SecurityProfiles.Edit"),
        ]),
        resource_types: &["Instance", "User", "SecurityProfile"],
        source: BEST_PRACTICES,
    },
    Task {
        name: "listen-to-recordings",
        title: "listen to a recording",
        formula: AllOf(&[
            AnyOf(&[
                Permission("CallRecordings.Unredacted.Access"),
                Permission("CallRecordings.Redacted.Access"),
                Permission("AutomatedVoiceInteraction.Recordings.Unredacted.Access"),
                Permission("AutomatedVoiceInteraction.Recordings.Redacted.Access"),
                Permission("ListenCallRecordings"),
                Permission("RedactedData.View"),
                // A screen recording carries the unredacted sound.
                Permission("ScreenRecording.Access"),
                Permission("ScreenRecording.Redacted.Access"),
            ]),
            SEE_CONTACT,
        ]),
        resource_types: &["Contact", "Instance"],
        source: LIST,
    },
    Task {
        name: "listen-to-unredacted-recordings",
        title: "listen to an unredacted recording",
        formula: AllOf(&[
            AnyOf(&[
                Permission("CallRecordings.Unredacted.Access"),
                Permission("AutomatedVoiceInteraction.Recordings.Unredacted.Access"),
                Permission("ListenCallRecordings"),
                // A screen recording carries the unredacted sound.
                Permission("ScreenRecording.Access"),
            ]),
            SEE_CONTACT,
        ]),
        resource_types: &["Contact", "Instance"],
        source: LIST,
    },
    Task {
        name: "monitor-live",
        title: "listen to a conversation while it takes place",
        formula: Permission("ManagerListenIn"),
        resource_types: &["Instance"],
        source: LIST,
    },
    Task {
        name: "read-unredacted-transcripts",
        title: "read an unredacted transcript",
        formula: AllOf(&[
            AnyOf(&[
                Permission("ContactTranscripts.Unredacted.Access"),
                Permission("AutomatedVoiceInteraction.Transcripts.Unredacted.Access"),
                Permission("ListenCallRecordings"),
            ]),
            SEE_CONTACT,
        ]),
        resource_types: &["Contact", "Instance"],
        source: LIST,
    },
    Task {
        name: "reset-password",
        title: "reset someone's password",
        formula: Permission("Users.Edit"),
        resource_types: &["User", "Instance"],
        source: BEST_PRACTICES,
    },
    Task {
        name: "watch-screen-recordings",
        title: "watch a screen recording",
        formula: AllOf(&[
            AnyOf(&[Permission("ScreenRecording.Access"), Permission("ScreenRecording.Redacted.Access")]),
            SEE_CONTACT,
        ]),
        resource_types: &["Contact", "Instance"],
        source: LIST,
    },
];

/// The task of this name, without `task:`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Task> {
    TASKS.iter().find(|task| task.name == name)
}

impl Formula {
    /// Calls `visit` with each permission.
    pub fn permissions(&self, visit: &mut dyn FnMut(&'static str)) {
        match self {
            Self::Permission(name) | Self::New(name) => visit(name),
            Self::AnyOf(parts) | Self::AllOf(parts) | Self::Disputed(_, parts) => {
                parts.iter().for_each(|part| part.permissions(visit));
            }
        }
    }

    /// The permissions that the formula asks for in a reading, such as "`A` and one of `B` or `C`". `is_new` is whether the resource may be
    /// one that does not exist yet.
    #[must_use]
    pub fn in_words(&self, reading: Reading, is_new: bool) -> String {
        let words = |parts: &[Self]| {
            let counts = |part: &&Self| is_new || !matches!(part, Self::New(_));
            parts.iter().filter(counts).map(|part| part.in_words(reading, is_new)).collect::<Vec<_>>()
        };
        let any = |parts: &[Self]| match words(parts).as_slice() {
            [one] => one.clone(),
            several => format!("one of {}", several.join(", ")),
        };
        match self {
            Self::Permission(name) | Self::New(name) => format!("`{name}`"),
            Self::AnyOf(parts) => any(parts),
            Self::Disputed(point, parts) if reading.grants(*point) => any(parts),
            Self::AllOf(parts) | Self::Disputed(_, parts) => words(parts).join(" and "),
        }
    }

    /// Whether the formula holds in a reading, where `granted` returns whether a permission is granted, and `is_new`
    /// whether the resource may be one that does not exist yet.
    pub fn holds(&self, reading: Reading, is_new: bool, granted: &impl Fn(&'static str) -> bool) -> bool {
        let holds = |part: &Self| part.holds(reading, is_new, granted);
        match self {
            Self::Permission(name) => granted(name),
            Self::New(name) => is_new && granted(name),
            Self::AnyOf(parts) => parts.iter().any(holds),
            Self::Disputed(point, parts) if reading.grants(*point) => parts.iter().any(holds),
            Self::AllOf(parts) | Self::Disputed(_, parts) => parts.iter().all(holds),
        }
    }
}

#[cfg(test)]
mod tests {
    use lanyard_model::catalogue::{Catalogue, ResourceType};

    use super::*;

    #[test]
    fn tasks_are_sorted_and_take_permissions_of_the_catalogue() {
        assert!(TASKS.is_sorted_by_key(|task| task.name));
        for task in TASKS {
            task.formula.permissions(&mut |name| assert!(Catalogue::builtin().get(name).is_some(), "{name}"));
            assert!(task.resource_types.iter().all(|name| ResourceType::from_name(name).is_some()), "{}", task.name);
            assert!(task.source.starts_with("https://"));
        }
    }
}
