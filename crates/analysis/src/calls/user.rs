//! Users.

use lanyard_model::resources::{IdentityInfo, PhoneConfig, User};
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes;

use super::{Phase, Writer, tags};

impl Writer<'_> {
    /// The call has no password. Where the instance manages its users itself, `give_passwords` adds it.
    pub(super) fn create_user(&mut self, it: &User) {
        if it.is_erased() {
            let what = format!("the user `{}` was erased when it was deleted, name and all; create another", it.id);
            self.refuse(key(it), what);
            return;
        }
        if it.routing_profile_id == Id::new("") {
            self.refuse(key(it), format!("the user `{}` cannot be created without a routing profile", it.username));
            return;
        }
        self.needs_a_profile(it);
        let input = shapes::CreateUserRequest {
            username: it.username.clone(),
            identity_info: it.identity_info.as_ref().map(identity),
            phone_config: it.phone_config.as_ref().map(phone),
            directory_user_id: it.directory_user_id.clone(),
            security_profile_ids: it.security_profile_ids.iter().map(Id::to_string).collect(),
            routing_profile_id: it.routing_profile_id.to_string(),
            hierarchy_group_id: it.hierarchy_group_id.as_ref().map(Id::to_string),
            instance_id: self.instance.clone(),
            tags: tags::some(&it.tags),
            ..Default::default()
        };
        self.push_create(Phase::Holders, key(it), &input, "UserId");
    }

    fn needs_a_profile(&mut self, it: &User) {
        if it.security_profile_ids.is_empty() {
            self.refuse(key(it), format!("the user `{}` needs at least one security profile", it.username));
        }
    }

    pub(super) fn update_user(&mut self, from: &User, to: &User) {
        let (user_id, instance_id) = (to.id.to_string(), self.instance.clone());
        if from.username != to.username {
            let what =
                format!("the name `{}` cannot become `{}`: the API never changes it", from.username, to.username);
            self.refuse(key(to), what);
        }
        if from.channel_configs != to.channel_configs || from.directory_user_id != to.directory_user_id {
            let what = "a plan does not change settings by channel and the directory's identifier";
            self.refuse(key(to), what);
        }
        if from.security_profile_ids != to.security_profile_ids {
            self.needs_a_profile(to);
            let input = shapes::UpdateUserSecurityProfilesRequest {
                security_profile_ids: to.security_profile_ids.iter().map(Id::to_string).collect(),
                user_id: user_id.clone(),
                instance_id: instance_id.clone(),
            };
            self.push(Phase::Holders, key(to), &input);
        }
        if from.hierarchy_group_id != to.hierarchy_group_id {
            let input = shapes::UpdateUserHierarchyRequest {
                hierarchy_group_id: to.hierarchy_group_id.as_ref().map(Id::to_string),
                user_id: user_id.clone(),
                instance_id: instance_id.clone(),
            };
            self.push(Phase::Holders, key(to), &input);
        }
        if from.routing_profile_id != to.routing_profile_id {
            let input = shapes::UpdateUserRoutingProfileRequest {
                routing_profile_id: to.routing_profile_id.to_string(),
                user_id: user_id.clone(),
                instance_id: instance_id.clone(),
            };
            self.push(Phase::Holders, key(to), &input);
        }
        if from.identity_info != to.identity_info {
            let input = shapes::UpdateUserIdentityInfoRequest {
                identity_info: to.identity_info.as_ref().map(identity).unwrap_or_default(),
                user_id: user_id.clone(),
                instance_id: instance_id.clone(),
            };
            self.push(Phase::Holders, key(to), &input);
        }
        if from.phone_config != to.phone_config {
            let input = shapes::UpdateUserPhoneConfigRequest {
                phone_config: to.phone_config.as_ref().map(phone).unwrap_or_default(),
                user_id,
                instance_id,
            };
            self.push(Phase::Holders, key(to), &input);
        }
        self.update_tags(&key(to), &from.tags, &to.tags);
    }

    pub(super) fn delete_user(&mut self, it: &User) {
        let input = shapes::DeleteUserRequest { instance_id: self.instance.clone(), user_id: it.id.to_string() };
        self.push(Phase::DeleteHolders, key(it), &input);
    }
}

fn key(it: &User) -> Key {
    Key { kind: Kind::User, id: it.id.clone() }
}

fn identity(it: &IdentityInfo) -> shapes::UserIdentityInfo {
    shapes::UserIdentityInfo {
        first_name: it.first_name.clone(),
        last_name: it.last_name.clone(),
        email: it.email.clone(),
        secondary_email: it.secondary_email.clone(),
        mobile: it.mobile.clone(),
    }
}

fn phone(it: &PhoneConfig) -> shapes::UserPhoneConfig {
    shapes::UserPhoneConfig {
        phone_type: it.phone_type.as_deref().map(shapes::PhoneType::from_wire),
        auto_accept: it.auto_accept,
        after_contact_work_time_limit: it.after_contact_work_time_limit,
        desk_phone_number: it.desk_phone_number.clone(),
        persistent_connection: it.persistent_connection,
    }
}
