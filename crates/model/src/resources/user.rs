//! Users.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

/// A person of the contact centre.
///
/// The password is not here: its hash is a secret of the stream, in a table of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name to sign in with; unique in the instance, regardless of case.
    pub username: String,
    /// Name and addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_info: Option<IdentityInfo>,
    /// The telephone's settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_config: Option<PhoneConfig>,
    /// Settings for each channel.
    #[serde(default, skip_serializing_if = "ChannelConfigs::is_empty")]
    pub channel_configs: ChannelConfigs,
    /// The identifier in the directory that manages the person, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory_user_id: Option<String>,
    /// The security profiles, 1 to 10, in the order they were given (`docs/evidence`, P2).
    pub security_profile_ids: Vec<Id>,
    /// The routing profile.
    pub routing_profile_id: Id,
    /// The hierarchy group, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hierarchy_group_id: Option<Id>,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// A person's name and addresses.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityInfo {
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Second mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary_email: Option<String>,
    /// Mobile number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
}

impl std::fmt::Debug for IdentityInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdentityInfo(<redacted>)")
    }
}

/// How a person takes calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneConfig {
    /// `SOFT_PHONE` or `DESK_PHONE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_type: Option<String>,
    /// Whether calls are accepted without a click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_accept: Option<bool>,
    /// Time for work after a contact, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_contact_work_time_limit: Option<i32>,
    /// The desk phone's number, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk_phone_number: Option<String>,
    /// Whether the connection stays open after a contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent_connection: Option<bool>,
}

/// Settings for each channel (`VOICE`, `CHAT`, `TASK`, `EMAIL`), as `UpdateUserConfig` sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelConfigs {
    /// Whether contacts are accepted without a click.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auto_accept: Vec<AutoAcceptConfig>,
    /// Time for work after a contact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after_contact_work: Vec<AfterContactWorkConfig>,
    /// Telephones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phone_number: Vec<PhoneNumberConfig>,
    /// Whether the connection stays open after a contact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persistent_connection: Vec<PersistentConnectionConfig>,
    /// How voices are made clearer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voice_enhancement: Vec<VoiceEnhancementConfig>,
}

impl ChannelConfigs {
    /// Whether there is no setting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether contacts of a channel are accepted without a click.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoAcceptConfig {
    /// The channel.
    pub channel: String,
    /// Whether they are.
    pub auto_accept: bool,
    /// The same for call-backs that reach the agent first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_first_callback_auto_accept: Option<bool>,
}

/// Time for work after a contact of a channel, in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterContactWorkConfig {
    /// The channel.
    pub channel: String,
    /// The time; `None` where the request left it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<i32>,
    /// The same for call-backs that reach the agent first: `None` without such a setting, `Some(None)` with one that has
    /// no time.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "nested")]
    pub agent_first_callback_time_limit: Option<Option<i32>>,
}

/// An absent setting and one without a value are different.
mod nested {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::option_option, reason = "serde's `with` is given the field's own type")]
    pub(super) fn serialize<S: Serializer>(value: &Option<Option<i32>>, serializer: S) -> Result<S::Ok, S::Error> {
        value.unwrap_or_default().serialize(serializer)
    }

    #[allow(clippy::option_option, reason = "serde's `with` is given the field's own type")]
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i32>>, D::Error> {
        Option::<i32>::deserialize(deserializer).map(Some)
    }
}

/// A telephone for a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneNumberConfig {
    /// The channel.
    pub channel: String,
    /// `SOFT_PHONE` or `DESK_PHONE`.
    pub phone_type: String,
    /// The number, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}

/// Whether a channel's connection stays open after a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersistentConnectionConfig {
    /// The channel.
    pub channel: String,
    /// Whether it does.
    pub persistent_connection: bool,
}

/// How voices of a channel are made clearer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceEnhancementConfig {
    /// The channel.
    pub channel: String,
    /// `VOICE_ISOLATION`, `NOISE_SUPPRESSION` or `NONE`.
    pub voice_enhancement_mode: String,
}

impl Stored for User {
    const KIND: Kind = Kind::User;
    const NOUN: &'static str = "user";
    const ARN_SEGMENT: Option<&'static str> = Some("agent");
    const NAMES: Names = Names::IgnoringCase;

    fn id(&self) -> Id {
        self.id.clone()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.username)
    }

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn tags_mut(&mut self) -> Option<&mut Tags> {
        Some(&mut self.tags)
    }

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        for id in &self.security_profile_ids {
            visit(Key { kind: Kind::SecurityProfile, id: id.clone() });
        }
        visit(Key { kind: Kind::RoutingProfile, id: self.routing_profile_id.clone() });
        if let Some(id) = &self.hierarchy_group_id {
            visit(Key { kind: Kind::HierarchyGroup, id: id.clone() });
        }
    }
}
