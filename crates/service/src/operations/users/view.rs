//! Users in the shapes of the API. Empty members are left out.

use lanyard_model::resources::{self, ChannelConfigs, PhoneConfig};
use lanyard_model::{Id, Kind, Scope};
use lanyard_wire::shapes;

use crate::context::{InstanceState, Read};
use crate::operations::members::{list, non_empty, timestamp};

/// Times for work after a contact are in seconds, except in SearchUsers, where they are in milliseconds.
#[derive(Clone, Copy)]
enum Unit {
    Seconds,
    Milliseconds,
}

impl Unit {
    fn of(self, seconds: Option<i32>) -> Option<i32> {
        match self {
            Self::Seconds => seconds,
            Self::Milliseconds => seconds.map(|seconds| seconds.saturating_mul(1_000)),
        }
    }
}

/// The resources that a user refers to, as far as the caller may know of them.
struct References {
    security_profile_ids: Option<Vec<String>>,
    routing_profile_id: Option<String>,
    hierarchy_group_id: Option<String>,
}

fn references(cx: &Read<'_>, it: &resources::User) -> References {
    let profiles = it.security_profile_ids.iter().filter(|id| cx.can_view(Kind::SecurityProfile, id));
    let group = it.hierarchy_group_id.as_ref().filter(|id| cx.can_view(Kind::HierarchyGroup, id));
    References {
        security_profile_ids: Some(profiles.map(ToString::to_string).collect()),
        routing_profile_id: cx
            .can_view(Kind::RoutingProfile, &it.routing_profile_id)
            .then(|| it.routing_profile_id.to_string()),
        hierarchy_group_id: group.map(ToString::to_string),
    }
}

fn arn(scope: &Scope, instance: &Id, id: &Id) -> Option<String> {
    scope.arn(instance, Kind::User, id)
}

/// The answer to DescribeUser.
pub(super) fn user(cx: &Read<'_>, it: &resources::User) -> shapes::User {
    let References { security_profile_ids, routing_profile_id, hierarchy_group_id } = references(cx, it);
    let channels = channels(&it.channel_configs, Unit::Seconds);
    shapes::User {
        id: Some(it.id.to_string()),
        arn: arn(&cx.call.scope, &cx.instance_id(), &it.id),
        username: Some(it.username.clone()),
        identity_info: it.identity_info.as_ref().map(|info| shapes::UserIdentityInfo {
            first_name: info.first_name.clone(),
            last_name: info.last_name.clone(),
            email: info.email.clone(),
            secondary_email: info.secondary_email.clone(),
            mobile: info.mobile.clone(),
        }),
        phone_config: it.phone_config.as_ref().map(|config| phone_config(config, Unit::Seconds)),
        directory_user_id: it.directory_user_id.clone(),
        security_profile_ids,
        routing_profile_id,
        hierarchy_group_id,
        tags: non_empty(&it.tags),
        auto_accept_configs: channels.auto_accept,
        after_contact_work_configs: channels.after_contact_work,
        phone_number_configs: channels.phone_number,
        persistent_connection_configs: channels.persistent_connection,
        voice_enhancement_configs: channels.voice_enhancement,
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// A row of ListUsers.
pub(super) fn summary(scope: &Scope, instance: &Id, it: &resources::User) -> shapes::UserSummary {
    shapes::UserSummary {
        id: Some(it.id.to_string()),
        arn: arn(scope, instance, &it.id),
        username: Some(it.username.clone()),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// A row of SearchUsers.
pub(super) fn search_row(cx: &Read<'_>, it: &resources::User) -> shapes::UserSearchSummary {
    let References { security_profile_ids, routing_profile_id, hierarchy_group_id } = references(cx, it);
    let channels = channels(&it.channel_configs, Unit::Milliseconds);
    shapes::UserSearchSummary {
        arn: arn(&cx.call.scope, &cx.instance_id(), &it.id),
        directory_user_id: it.directory_user_id.clone(),
        hierarchy_group_id,
        id: Some(it.id.to_string()),
        identity_info: it.identity_info.as_ref().map(|info| shapes::UserIdentityInfoLite {
            first_name: info.first_name.clone(),
            last_name: info.last_name.clone(),
        }),
        phone_config: it.phone_config.as_ref().map(|config| phone_config(config, Unit::Milliseconds)),
        routing_profile_id,
        security_profile_ids,
        tags: non_empty(&it.tags),
        username: Some(it.username.clone()),
        auto_accept_configs: channels.auto_accept,
        after_contact_work_configs: channels.after_contact_work,
        phone_number_configs: channels.phone_number,
        persistent_connection_configs: channels.persistent_connection,
        voice_enhancement_configs: channels.voice_enhancement,
    }
}

fn phone_config(it: &PhoneConfig, unit: Unit) -> shapes::UserPhoneConfig {
    shapes::UserPhoneConfig {
        phone_type: it.phone_type.as_deref().map(shapes::PhoneType::from_wire),
        auto_accept: it.auto_accept,
        after_contact_work_time_limit: unit.of(it.after_contact_work_time_limit),
        desk_phone_number: it.desk_phone_number.clone(),
        persistent_connection: it.persistent_connection,
    }
}

/// The lists of settings by channel; `None` for an empty one.
struct Channels {
    auto_accept: Option<Vec<shapes::AutoAcceptConfig>>,
    after_contact_work: Option<Vec<shapes::AfterContactWorkConfigPerChannel>>,
    phone_number: Option<Vec<shapes::PhoneNumberConfig>>,
    persistent_connection: Option<Vec<shapes::PersistentConnectionConfig>>,
    voice_enhancement: Option<Vec<shapes::VoiceEnhancementConfig>>,
}

fn channels(configs: &ChannelConfigs, unit: Unit) -> Channels {
    let work = |limit| shapes::AfterContactWorkConfig { after_contact_work_time_limit: unit.of(limit) };
    Channels {
        auto_accept: list(&configs.auto_accept, |it| shapes::AutoAcceptConfig {
            channel: shapes::Channel::from_wire(&it.channel),
            auto_accept: it.auto_accept,
            agent_first_callback_auto_accept: it.agent_first_callback_auto_accept,
        }),
        after_contact_work: list(&configs.after_contact_work, |it| shapes::AfterContactWorkConfigPerChannel {
            channel: shapes::Channel::from_wire(&it.channel),
            after_contact_work_config: work(it.time_limit),
            agent_first_callback_after_contact_work_config: it.agent_first_callback_time_limit.map(work),
        }),
        phone_number: list(&configs.phone_number, |it| shapes::PhoneNumberConfig {
            channel: shapes::Channel::from_wire(&it.channel),
            phone_type: shapes::PhoneType::from_wire(&it.phone_type),
            phone_number: it.phone_number.clone(),
        }),
        persistent_connection: list(&configs.persistent_connection, |it| shapes::PersistentConnectionConfig {
            channel: shapes::Channel::from_wire(&it.channel),
            persistent_connection: it.persistent_connection,
        }),
        voice_enhancement: list(&configs.voice_enhancement, |it| shapes::VoiceEnhancementConfig {
            channel: shapes::Channel::from_wire(&it.channel),
            voice_enhancement_mode: shapes::VoiceEnhancementMode::from_wire(&it.voice_enhancement_mode),
        }),
    }
}
