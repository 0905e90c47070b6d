//! The data that identifies a person, and a user without it.

use serde::{Deserialize, Serialize};

use super::{IdentityInfo, User};

/// The members of a user that identify the person.
///
/// `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalData {
    username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity_info: Option<IdentityInfo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    directory_user_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desk_phone_number: Option<String>,
    /// In the order of the user's settings of telephones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    phone_numbers: Vec<Option<String>>,
}

impl std::fmt::Debug for PersonalData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonalData(<redacted>)")
    }
}

impl User {
    /// Takes out the data that identifies the person. The user that is left is [`Self::erased`].
    #[must_use]
    pub fn take_personal_data(&mut self) -> PersonalData {
        let erased = format!("erased:{}", self.id);
        PersonalData {
            username: std::mem::replace(&mut self.username, erased),
            identity_info: self.identity_info.take(),
            directory_user_id: self.directory_user_id.take(),
            desk_phone_number: self.phone_config.as_mut().and_then(|it| it.desk_phone_number.take()),
            phone_numbers: self.channel_configs.phone_number.iter_mut().map(|it| it.phone_number.take()).collect(),
        }
    }

    /// Puts back the data that [`Self::take_personal_data`] took out.
    pub fn put_personal_data(&mut self, data: PersonalData) {
        self.username = data.username;
        self.identity_info = data.identity_info;
        self.directory_user_id = data.directory_user_id;
        if let Some(phone) = &mut self.phone_config {
            phone.desk_phone_number = data.desk_phone_number;
        }
        for (phone, number) in self.channel_configs.phone_number.iter_mut().zip(data.phone_numbers) {
            phone.phone_number = number;
        }
    }

    /// The user without the data that identifies the person. Its name is `erased:` and the identifier, and is not unique.
    #[must_use]
    pub fn erased(&self) -> Self {
        let mut user = self.clone();
        let _ = user.take_personal_data();
        user
    }

    /// Whether the data that identifies the person is gone.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.username.strip_prefix("erased:").is_some_and(|id| crate::Id::new(id) == self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::{PhoneConfig, PhoneNumberConfig};
    use crate::{Id, Timestamp};

    fn user() -> User {
        let identity = IdentityInfo { last_name: Some("Sandoval".into()), ..IdentityInfo::default() };
        let mut user = User {
            id: Id::from_uuid(7),
            username: "ana".into(),
            identity_info: Some(identity),
            phone_config: Some(PhoneConfig { desk_phone_number: Some("+441".into()), ..PhoneConfig::default() }),
            channel_configs: Default::default(),
            directory_user_id: Some("S-1-5".into()),
            security_profile_ids: vec![],
            routing_profile_id: Id::from_uuid(1),
            hierarchy_group_id: None,
            tags: Default::default(),
            last_modified_time: Timestamp(5),
            last_modified_region: "eu-west-2".into(),
        };
        let phone = |number: Option<&str>| PhoneNumberConfig {
            channel: "VOICE".into(),
            phone_type: "DESK_PHONE".into(),
            phone_number: number.map(str::to_owned),
        };
        user.channel_configs.phone_number = vec![phone(None), phone(Some("+442"))];
        user
    }

    #[test]
    fn an_erased_user_has_nothing_of_the_person() {
        let erased = user().erased();
        assert!(erased.is_erased() && !user().is_erased());
        let text = serde_json::to_string(&erased).unwrap();
        for part in ["ana", "Sandoval", "+441", "+442", "S-1-5"] {
            assert!(!text.contains(part), "{text}");
        }
        assert_eq!(erased.erased(), erased);
    }

    #[test]
    fn what_was_taken_out_is_put_back() {
        let mut it = user();
        let data = it.take_personal_data();
        assert_eq!(format!("{data:?}"), "PersonalData(<redacted>)");
        it.put_personal_data(data);
        assert_eq!(it, user());
    }
}
