//! Tasks: what people ask about instead of permissions, as data.

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

use Formula::{AllOf, AnyOf, Permission};

const LIST: &str = "https://docs.aws.amazon.com/connect/latest/adminguide/security-profile-list.html";
const SEARCH: &str = "https://docs.aws.amazon.com/connect/latest/adminguide/contact-search.html";
const BEST_PRACTICES: &str =
    "https://docs.aws.amazon.com/connect/latest/adminguide/security-profile-best-practices.html";

const SEE_CONTACT: Formula = AnyOf(&[Permission("ContactSearch.View"), Permission("MyContacts.View")]);

/// Every task, in the order of names.
pub static TASKS: &[Task] = &[
    Task {
        name: "assign-security-profile",
        title: "give someone a security profile",
        // Two pages of the guide disagree on which permission it takes, so that each of them counts.
        formula: AnyOf(&[Permission("Users.EditPermission"), Permission("Users.Edit"), Permission("Users.Create")]),
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
            Permission("Users.EditPermission"),
            Permission("Users.Edit"),
            Permission("Users.Create"),
            Permission("SecurityProfiles.Create"),
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
            Self::Permission(name) => visit(name),
            Self::AnyOf(parts) | Self::AllOf(parts) => parts.iter().for_each(|part| part.permissions(visit)),
        }
    }

    /// Whether the formula holds, where `granted` returns whether a permission is granted.
    pub(crate) fn holds(&self, granted: &impl Fn(&'static str) -> bool) -> bool {
        match self {
            Self::Permission(name) => granted(name),
            Self::AnyOf(parts) => parts.iter().any(|part| part.holds(granted)),
            Self::AllOf(parts) => parts.iter().all(|part| part.holds(granted)),
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
