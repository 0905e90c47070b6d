//! What creating a quick connect and updating one have in common.

use lanyard_model::resources::{Destination, QuickConnect};
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{QuickConnectConfig, QuickConnectType};

use super::describe_quick_connect::find;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::references;

/// Replaces a quick connect by an edited one. The time and region of the last modification move even when nothing else
/// does.
pub(super) fn update(
    cx: &mut Write<'_>,
    quick_connect_id: &str,
    edit: impl FnOnce(&Write<'_>, &mut QuickConnect) -> Result<()>,
) -> Result<()> {
    let mut quick_connect = QuickConnect::clone(&*find(cx, quick_connect_id)?);
    edit(cx, &mut quick_connect)?;
    quick_connect.last_modified_time = cx.now;
    quick_connect.last_modified_region.clone_from(&cx.call.scope.region);
    cx.put(quick_connect)
}

/// Refuses a name that another quick connect has. Names that differ in case alone are different names.
pub(super) fn check_name(cx: &Write<'_>, name: &str, own: Option<&Id>) -> Result<()> {
    match cx.find_name(Kind::QuickConnect, name) {
        Some(holder) if Some(holder) != own => {
            Err(Error::duplicate(format!("there is a quick connect named `{name}` in this instance already")))
        }
        _ => Ok(()),
    }
}

/// Where a configuration leads: it has the one member that its type calls for, and the person or queue exists.
pub(super) fn destination(cx: &impl InstanceState, config: &QuickConnectConfig) -> Result<Destination> {
    let members = (&config.user_config, &config.queue_config, &config.phone_config, &config.flow_config);
    match (&config.quick_connect_type, members) {
        (QuickConnectType::User, (Some(it), None, None, None)) => Ok(Destination::User {
            user_id: references::existing(cx, Kind::User, &it.user_id)?,
            contact_flow_id: flow_id("UserConfig", &it.contact_flow_id)?,
        }),
        (QuickConnectType::Queue, (None, Some(it), None, None)) => Ok(Destination::Queue {
            queue_id: references::existing(cx, Kind::Queue, &it.queue_id)?,
            contact_flow_id: flow_id("QueueConfig", &it.contact_flow_id)?,
        }),
        (QuickConnectType::PhoneNumber, (None, None, Some(it), None)) => {
            Ok(Destination::PhoneNumber { phone_number: it.phone_number.clone() })
        }
        (QuickConnectType::Flow, (None, None, None, Some(it))) => {
            Ok(Destination::Flow { contact_flow_id: flow_id("FlowConfig", &it.contact_flow_id)? })
        }
        (kind, _) => Err(Error::invalid_parameter(format!(
            "member `QuickConnectConfig` does not fit its type `{kind}`: it must have one configuration, `UserConfig` for \
             USER, `QueueConfig` for QUEUE, `PhoneConfig` for PHONE_NUMBER, `FlowConfig` for FLOW"
        ))),
    }
}

/// Flows are not served, so that any identifier is taken but none.
fn flow_id(member: &str, id: &str) -> Result<String> {
    if id.is_empty() {
        return Err(Error::invalid_parameter(format!(
            "member `QuickConnectConfig.{member}.ContactFlowId` is empty, it must name a flow"
        )));
    }
    Ok(id.to_owned())
}
