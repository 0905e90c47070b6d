//! The sensitive actions: the table that lint and the access review share.

/// A subject of sensitive access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Unredacted recordings.
    Recordings,
    /// Unredacted transcripts.
    Transcripts,
    /// Screen recordings.
    Screens,
    /// Exports of contacts, cases or customers.
    Exports,
}

/// A sensitive action.
#[derive(Debug)]
pub struct SensitiveAction {
    pub(crate) subject: Subject,
    /// The action in words, as a verb phrase.
    pub what: &'static str,
    /// A permission, or a task with its prefix.
    pub action: &'static str,
    /// The type of resource that it is asked on.
    pub resource_type: &'static str,
    /// Whether it counts only where it reaches every resource of the type.
    pub every: bool,
    /// The permissions that make it sensitive; empty for those of the task.
    pub(crate) permissions: &'static [&'static str],
}

/// Every sensitive action.
pub static SENSITIVE_ACTIONS: &[SensitiveAction] = &[
    SensitiveAction {
        subject: Subject::Recordings,
        what: "listen to unredacted recordings of calls",
        action: "CallRecordings.Unredacted.Access",
        resource_type: "Contact",
        every: false,
        permissions: &["CallRecordings.Unredacted.Access"],
    },
    SensitiveAction {
        subject: Subject::Recordings,
        what: "listen to unredacted recordings of automated interactions",
        action: "AutomatedVoiceInteraction.Recordings.Unredacted.Access",
        resource_type: "Contact",
        every: false,
        permissions: &["AutomatedVoiceInteraction.Recordings.Unredacted.Access"],
    },
    SensitiveAction {
        subject: Subject::Transcripts,
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
        subject: Subject::Screens,
        what: "watch screen recordings",
        action: "task:watch-screen-recordings",
        resource_type: "Contact",
        every: false,
        permissions: &["ScreenRecording.Access", "ScreenRecording.Redacted.Access"],
    },
    SensitiveAction {
        subject: Subject::Exports,
        what: "export every contact",
        action: "task:export-contacts",
        resource_type: "Contact",
        every: true,
        permissions: &["ContactSearch.View"],
    },
    SensitiveAction {
        subject: Subject::Exports,
        what: "export cases",
        action: "task:export-cases",
        resource_type: "Case",
        every: false,
        permissions: &["Cases.Export"],
    },
    SensitiveAction {
        subject: Subject::Exports,
        what: "export segments of customers",
        action: "CustomerProfiles.Segments.Export",
        resource_type: "Instance",
        every: false,
        permissions: &["CustomerProfiles.Segments.Export"],
    },
];
