//! Queues.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

/// A queue, in which contacts wait for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the instance.
    pub name: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How calls out of the queue show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound_caller_config: Option<OutboundCallerConfig>,
    /// The address of mail out of the queue; unchecked, since mail addresses are not served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound_email_address_id: Option<String>,
    /// When it is open.
    pub hours_of_operation_id: Id,
    /// How many contacts may wait; `None` is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_contacts: Option<i32>,
    /// Whether contacts can enter.
    pub enabled: bool,
    /// The quick connects that its agents can use, in the order of their association.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_connect_ids: Vec<Id>,
    /// The mail addresses that lead here; unchecked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub email_address_ids: Vec<String>,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// How calls out of a queue show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundCallerConfig {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_id_name: Option<String>,
    /// The phone number's identifier; unchecked, since phone numbers are not served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_id_number_id: Option<String>,
    /// The flow that a call out runs; unchecked, since flows are not served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<String>,
}

impl Stored for Queue {
    const KIND: Kind = Kind::Queue;
    const NOUN: &'static str = "queue";
    const ARN_SEGMENT: Option<&'static str> = Some("queue");
    const TAG_SEARCH_TYPE: Option<&'static str> = Some("standard-queue");
    const NAMES: Names = Names::Exact;

    fields!(id, name, tags);

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        visit(Key { kind: Kind::HoursOfOperation, id: self.hours_of_operation_id.clone() });
        for id in &self.quick_connect_ids {
            visit(Key { kind: Kind::QuickConnect, id: id.clone() });
        }
    }
}
