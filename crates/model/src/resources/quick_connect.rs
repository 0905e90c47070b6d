//! Quick connects.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

/// A quick connect: a named destination for transfers of contacts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuickConnect {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the instance.
    pub name: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it leads.
    pub destination: Destination,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// Where a quick connect leads. Flows are not served, so their identifiers are unchecked.
///
/// A person may leave while quick connects lead there: the service asks its customers to delete those after the person,
/// so a user is no reference that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// To a person.
    User {
        /// The person.
        user_id: Id,
        /// The flow that the contact runs through.
        contact_flow_id: String,
    },
    /// To a queue.
    Queue {
        /// The queue.
        queue_id: Id,
        /// The flow that the contact runs through.
        contact_flow_id: String,
    },
    /// To a number outside.
    PhoneNumber {
        /// The number, E.164.
        phone_number: String,
    },
    /// To a flow.
    Flow {
        /// The flow.
        contact_flow_id: String,
    },
}

impl Stored for QuickConnect {
    const KIND: Kind = Kind::QuickConnect;
    const NOUN: &'static str = "quick connect";
    const ARN_SEGMENT: Option<&'static str> = Some("transfer-destination");
    const NAMES: Names = Names::Exact;

    fields!(id, name, tags);

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        if let Destination::Queue { queue_id, .. } = &self.destination {
            visit(Key { kind: Kind::Queue, id: queue_id.clone() });
        }
    }
}
