//! The sensitive actions, by risk: power over people and security profiles, recordings, transcripts, exports.
//!
//! Lint reports who may do them, the access review lists them, and the access impact puts who gains them first.

use lanyard_engine::implied;
use lanyard_engine::tasks::PREFIX;
use serde::Serialize;

/// The risk of an action. The order is from the highest to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Power over users and security profiles: with it, people can get more access.
    Escalation,
    /// Unredacted recordings.
    Recordings,
    /// Unredacted transcripts.
    Transcripts,
    /// Screen recordings, which have unredacted sound.
    ScreenRecordings,
    /// Exports of contacts, cases or customers.
    Exports,
    /// Conversations while they take place.
    LiveConversations,
    /// Other actions.
    Ordinary,
}

impl Risk {
    /// The risk of a permission or a task. Exports of contacts count only where they reach every contact: see
    /// [`Risk::is_of_every`].
    #[must_use]
    pub fn of(action: &str) -> Self {
        let names = |name: &str| {
            SENSITIVE_ACTIONS.iter().find(|it| it.action == name || it.permissions.contains(&name)).map(|it| it.risk)
        };
        let escalating = ESCALATION.contains(&action).then_some(Self::Escalation);
        let live = LIVE.contains(&action).then_some(Self::LiveConversations);
        let contained = implied(action).iter().filter_map(|name| names(name)).min();
        let is_download = |name: &str| name.contains(".Unredacted.") && name.ends_with(".DownloadButton");
        let downloads = is_download(action) || implied(action).iter().any(|name| is_download(name));
        let listening = (downloads || action == LISTEN).then_some(Self::Recordings);
        [escalating, names(action), contained, listening, live].into_iter().flatten().min().unwrap_or(Self::Ordinary)
    }

    /// Whether an action of this risk on a type counts only where it reaches every resource of the type.
    #[must_use]
    pub fn is_of_every(self, resource_type: &str) -> bool {
        self == Self::Exports && resource_type == "Contact"
    }

    /// The risk in words; empty for ordinary actions.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Escalation => "power over users and profiles",
            Self::Recordings => "unredacted recordings",
            Self::Transcripts => "unredacted transcripts",
            Self::ScreenRecordings => "screen recordings",
            Self::Exports => "exports",
            Self::LiveConversations => "live conversations",
            Self::Ordinary => "",
        }
    }
}

/// Tasks and permissions that give power over users and security profiles.
const ESCALATION: &[&str] = &[
    "task:assign-security-profile",
    "task:gain-more-rights",
    "task:reset-password",
    "SecurityProfiles.Create",
    "SecurityProfiles.Edit",
    "Users.Create",
    "Users.Edit",
    "Users.EditPermission",
];

/// The names of the sensitive tasks in addition to [`SENSITIVE_ACTIONS`]: those that give power over users and security
/// profiles, and then those about conversations while they take place.
#[must_use]
pub fn sensitive_tasks() -> [Vec<&'static str>; 2] {
    [ESCALATION, LIVE].map(|actions| actions.iter().filter_map(|action| action.strip_prefix(PREFIX)).collect())
}

const LISTEN: &str = "task:listen-to-unredacted-recordings";

/// Tasks and permissions about conversations while they take place.
const LIVE: &[&str] = &["task:barge-in", "task:monitor-live", "ManagerBargeIn", "ManagerListenIn"];

/// A sensitive action on conversations, cases or customers.
#[derive(Debug)]
pub struct SensitiveAction {
    /// The risk.
    pub risk: Risk,
    /// The action in words, after `may`.
    pub what: &'static str,
    /// A permission, or a task with its prefix.
    pub action: &'static str,
    /// The type of resource that it is asked on.
    pub resource_type: &'static str,
    /// Whether it counts only where it reaches every resource of the type.
    pub every: bool,
    /// The permissions that make it sensitive.
    pub(crate) permissions: &'static [&'static str],
}

/// Every sensitive action on conversations, cases and customers.
pub static SENSITIVE_ACTIONS: &[SensitiveAction] = &[
    SensitiveAction {
        risk: Risk::Recordings,
        what: "listen to unredacted recordings of calls",
        action: "CallRecordings.Unredacted.Access",
        resource_type: "Contact",
        every: false,
        permissions: &["CallRecordings.Unredacted.Access"],
    },
    SensitiveAction {
        risk: Risk::Recordings,
        what: "listen to unredacted recordings of automated interactions",
        action: "AutomatedVoiceInteraction.Recordings.Unredacted.Access",
        resource_type: "Contact",
        every: false,
        permissions: &["AutomatedVoiceInteraction.Recordings.Unredacted.Access"],
    },
    SensitiveAction {
        risk: Risk::Transcripts,
        what: "read unredacted transcripts",
        action: "task:read-unredacted-transcripts",
        resource_type: "Contact",
        every: false,
        permissions: &[
            "ContactTranscripts.Unredacted.Access",
            "AutomatedVoiceInteraction.Transcripts.Unredacted.Access",
        ],
    },
    SensitiveAction {
        risk: Risk::ScreenRecordings,
        what: "watch screen recordings",
        action: "task:watch-screen-recordings",
        resource_type: "Contact",
        every: false,
        permissions: &["ScreenRecording.Access", "ScreenRecording.Redacted.Access"],
    },
    SensitiveAction {
        risk: Risk::Exports,
        what: "export every contact",
        action: "task:export-contacts",
        resource_type: "Contact",
        every: true,
        permissions: &["ContactSearch.View"],
    },
    SensitiveAction {
        risk: Risk::Exports,
        what: "export cases",
        action: "task:export-cases",
        resource_type: "Case",
        every: false,
        permissions: &["Cases.Export"],
    },
    SensitiveAction {
        risk: Risk::Exports,
        what: "export segments of customers",
        action: "CustomerProfiles.Segments.Export",
        resource_type: "Instance",
        every: false,
        permissions: &["CustomerProfiles.Segments.Export"],
    },
];

#[cfg(test)]
mod tests {
    use lanyard_engine::tasks;
    use lanyard_model::catalogue::Catalogue;

    use super::*;

    #[test]
    fn every_sensitive_action_exists() {
        let exists = |name: &str| match name.strip_prefix(PREFIX) {
            Some(task) => tasks::find(task).is_some(),
            None => Catalogue::builtin().get(name).is_some(),
        };
        let named = SENSITIVE_ACTIONS.iter().flat_map(|it| it.permissions.iter().chain([&it.action]));
        assert!(named.chain(ESCALATION).chain(LIVE).all(|name| exists(name)));
    }

    #[test]
    fn a_stored_permission_has_the_risk_of_those_that_it_includes() {
        assert_eq!(Risk::of("ListenCallRecordings"), Risk::Recordings);
        assert_eq!(Risk::of("DownloadCallRecordings"), Risk::Recordings);
        assert_eq!(Risk::of("task:listen-to-unredacted-recordings"), Risk::Recordings);
        assert_eq!(Risk::of("RedactedData.View"), Risk::Ordinary);
        assert_eq!(Risk::of("Queues.View"), Risk::Ordinary);
        assert!(Risk::Escalation < Risk::Recordings && Risk::Recordings < Risk::Ordinary);
    }
}
