//! A user's settings for each channel, as requests give them.

use lanyard_model::resources::{
    AfterContactWorkConfig, AutoAcceptConfig, ChannelConfigs, PersistentConnectionConfig, PhoneNumberConfig,
    VoiceEnhancementConfig,
};
use lanyard_wire::shapes::{self, Channel};

use super::checks::after_contact_work;
use crate::error::{Error, Result};

/// The lists that creating and configuring a user share. One that is absent leaves the user's as it is; one that is
/// there replaces it, and an empty one clears it.
pub(super) struct Lists<'a> {
    pub(super) auto_accept: Option<&'a Vec<shapes::AutoAcceptConfig>>,
    pub(super) after_contact_work: Option<&'a Vec<shapes::AfterContactWorkConfigPerChannel>>,
    pub(super) phone_number: Option<&'a Vec<shapes::PhoneNumberConfig>>,
    pub(super) persistent_connection: Option<&'a Vec<shapes::PersistentConnectionConfig>>,
    pub(super) voice_enhancement: Option<&'a Vec<shapes::VoiceEnhancementConfig>>,
}

/// The lists of a request, which are called the same in both operations.
macro_rules! lists {
    ($input:expr) => {
        Lists {
            auto_accept: $input.auto_accept_configs.as_ref(),
            after_contact_work: $input.after_contact_work_configs.as_ref(),
            phone_number: $input.phone_number_configs.as_ref(),
            persistent_connection: $input.persistent_connection_configs.as_ref(),
            voice_enhancement: $input.voice_enhancement_configs.as_ref(),
        }
    };
}
pub(super) use lists;

impl Lists<'_> {
    /// Puts the lists that are there among the settings, each checked.
    pub(super) fn apply(&self, configs: &mut ChannelConfigs) -> Result<()> {
        if let Some(list) = self.auto_accept {
            check_channels("AutoAcceptConfigs", list, |it| &it.channel, false)?;
            configs.auto_accept = list.iter().map(auto_accept).collect::<Result<_>>()?;
        }
        if let Some(list) = self.after_contact_work {
            check_channels("AfterContactWorkConfigs", list, |it| &it.channel, false)?;
            configs.after_contact_work = list.iter().map(after_contact_work_config).collect::<Result<_>>()?;
        }
        if let Some(list) = self.phone_number {
            check_channels("PhoneNumberConfigs", list, |it| &it.channel, true)?;
            configs.phone_number = list.iter().map(phone_number).collect();
        }
        if let Some(list) = self.persistent_connection {
            check_channels("PersistentConnectionConfigs", list, |it| &it.channel, true)?;
            configs.persistent_connection = list.iter().map(persistent_connection).collect();
        }
        if let Some(list) = self.voice_enhancement {
            check_channels("VoiceEnhancementConfigs", list, |it| &it.channel, true)?;
            configs.voice_enhancement = list.iter().map(voice_enhancement).collect();
        }
        Ok(())
    }
}

/// Refuses a list that has a channel twice, or one that the setting is not for.
fn check_channels<T>(member: &str, list: &[T], channel: fn(&T) -> &Channel, only_voice: bool) -> Result<()> {
    let mut earlier = Vec::with_capacity(list.len());
    for (at, entry) in list.iter().enumerate() {
        let channel = channel(entry);
        if only_voice && *channel != Channel::Voice {
            return Err(Error::invalid_parameter(format!(
                "member `{member}[{at}].Channel` has value `{}`, only VOICE is supported",
                channel.as_str()
            )));
        }
        if earlier.contains(&channel) {
            return Err(Error::invalid_parameter(format!(
                "member `{member}` has the channel {} more than once",
                channel.as_str()
            )));
        }
        earlier.push(channel);
    }
    Ok(())
}

/// Refuses a setting for call-backs on a channel that has none.
fn check_callback(member: &str, channel: &Channel, is_given: bool) -> Result<()> {
    if is_given && *channel != Channel::Voice {
        return Err(Error::invalid_parameter(format!(
            "member `{member}` is only for the channel VOICE, not for {}",
            channel.as_str()
        )));
    }
    Ok(())
}

fn auto_accept(it: &shapes::AutoAcceptConfig) -> Result<AutoAcceptConfig> {
    check_callback("AgentFirstCallbackAutoAccept", &it.channel, it.agent_first_callback_auto_accept.is_some())?;
    Ok(AutoAcceptConfig {
        channel: it.channel.as_str().to_owned(),
        auto_accept: it.auto_accept,
        agent_first_callback_auto_accept: it.agent_first_callback_auto_accept,
    })
}

fn after_contact_work_config(it: &shapes::AfterContactWorkConfigPerChannel) -> Result<AfterContactWorkConfig> {
    let callback = it.agent_first_callback_after_contact_work_config.as_ref();
    check_callback("AgentFirstCallbackAfterContactWorkConfig", &it.channel, callback.is_some())?;
    let time_limit = it.after_contact_work_config.after_contact_work_time_limit;
    let callback = callback.map(|callback| callback.after_contact_work_time_limit);
    after_contact_work("AfterContactWorkConfig", time_limit)?;
    after_contact_work("AgentFirstCallbackAfterContactWorkConfig", callback.flatten())?;
    Ok(AfterContactWorkConfig {
        channel: it.channel.as_str().to_owned(),
        time_limit,
        agent_first_callback_time_limit: callback,
    })
}

fn phone_number(it: &shapes::PhoneNumberConfig) -> PhoneNumberConfig {
    PhoneNumberConfig {
        channel: it.channel.as_str().to_owned(),
        phone_type: it.phone_type.as_str().to_owned(),
        phone_number: it.phone_number.clone(),
    }
}

fn persistent_connection(it: &shapes::PersistentConnectionConfig) -> PersistentConnectionConfig {
    PersistentConnectionConfig {
        channel: it.channel.as_str().to_owned(),
        persistent_connection: it.persistent_connection,
    }
}

fn voice_enhancement(it: &shapes::VoiceEnhancementConfig) -> VoiceEnhancementConfig {
    VoiceEnhancementConfig {
        channel: it.channel.as_str().to_owned(),
        voice_enhancement_mode: it.voice_enhancement_mode.as_str().to_owned(),
    }
}
