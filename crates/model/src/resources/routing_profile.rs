//! Routing profiles.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

/// A routing profile: from which queues a person gets contacts, and how many at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoutingProfile {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the instance.
    pub name: String,
    /// The description.
    pub description: String,
    /// The queue of calls out.
    pub default_outbound_queue_id: Id,
    /// The queues that contacts come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queue_configs: Vec<QueueConfig>,
    /// The queues that a person may pick contacts from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manual_assignment_queues: Vec<QueueReference>,
    /// How many contacts of a channel at a time.
    pub media_concurrencies: Vec<MediaConcurrency>,
    /// The rule for who waited longest: `TIME_SINCE_LAST_ACTIVITY` or `TIME_SINCE_LAST_INBOUND`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_availability_timer: Option<String>,
    /// Whether it is the one that came with the instance.
    #[serde(default)]
    pub is_default: bool,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// A queue for one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueReference {
    /// The queue.
    pub queue_id: Id,
    /// `VOICE`, `CHAT`, `TASK` or `EMAIL`.
    pub channel: String,
}

/// A queue that contacts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueConfig {
    /// The queue and channel.
    pub queue: QueueReference,
    /// Lower comes first, 1 to 99.
    pub priority: i32,
    /// How long a contact waits before it is offered, in seconds, 0 to 9999.
    pub delay: i32,
}

/// How many contacts of a channel a person gets at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaConcurrency {
    /// The channel.
    pub channel: String,
    /// 0 to 10; `None` where the request left it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<i32>,
    /// The contacts that may be routed at the same time: `ROUTE_CURRENT_CHANNEL_ONLY` or `ROUTE_ANY_CHANNEL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_channel_behavior: Option<String>,
    /// Limits for each kind of work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workload_types: Vec<WorkloadTypeConcurrency>,
}

/// How many contacts of a kind of work a person gets at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadTypeConcurrency {
    /// The kind of work.
    pub workload_type: String,
    /// 1 to 10.
    pub concurrency: i32,
    /// The contacts that may be routed at the same time, as the request wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_channel_behavior: Option<String>,
}

impl Stored for RoutingProfile {
    const KIND: Kind = Kind::RoutingProfile;
    const NOUN: &'static str = "routing profile";
    const ARN_SEGMENT: Option<&'static str> = Some("routing-profile");
    const NAMES: Names = Names::Exact;

    fields!(id, name, tags);

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        visit(Key { kind: Kind::Queue, id: self.default_outbound_queue_id.clone() });
        let picked = self.manual_assignment_queues.iter();
        for queue in self.queue_configs.iter().map(|config| &config.queue).chain(picked) {
            visit(Key { kind: Kind::Queue, id: queue.queue_id.clone() });
        }
    }
}
