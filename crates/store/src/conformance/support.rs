//! Resources, entries, and appends made as the server makes them.

use std::ops::Deref;

use lanyard_model::resources::{
    HoursOfOperation, IdentityInfo, InstanceRecord, Queue, RoutingProfile, SecurityProfile, User,
};
use lanyard_model::{Directory, Draft, Entry, Id, StreamId, Timestamp};

use crate::{Append, AppendError, Loaded, Position, Sealing, Secret, SecretChange};

/// The stream of an instance.
#[must_use]
pub fn instance(number: u128) -> StreamId {
    StreamId::Instance(Id::from_uuid(number))
}

/// The registry of a region.
#[must_use]
pub fn registry(region: &str) -> StreamId {
    StreamId::registry("123456789012", region)
}

/// A security profile.
#[must_use]
pub fn profile(id: u128, name: &str) -> SecurityProfile {
    SecurityProfile {
        id: Id::from_uuid(id),
        name: name.into(),
        description: Some("what an agent may do".into()),
        permissions: vec!["BasicAgentAccess".into(), "Users.View".into()],
        tags: [("team".to_owned(), "équipe ☎".to_owned())].into(),
        allowed_access_control_tags: Default::default(),
        tag_restricted_resources: vec![],
        hierarchy_restricted_resources: vec![],
        allowed_access_control_hierarchy_group_id: None,
        applications: vec![],
        allowed_flow_modules: vec![],
        allowed_ai_agents: vec![],
        primary_attribute_values: vec![],
        last_modified_time: Timestamp(5),
        last_modified_region: "eu-west-2".into(),
    }
}

/// Puts what a user needs.
pub fn put_routing_profile(draft: &mut Draft) {
    let (last_modified_time, region) = (Timestamp(5), "eu-west-2".to_owned());
    let hours = HoursOfOperation {
        id: Id::from_uuid(1),
        name: "Always".into(),
        description: None,
        time_zone: "UTC".into(),
        config: vec![],
        parent_ids: vec![],
        tags: Default::default(),
        last_modified_time,
        last_modified_region: region.clone(),
    };
    let queue = Queue {
        id: Id::from_uuid(1),
        name: "Support".into(),
        description: None,
        outbound_caller_config: None,
        outbound_email_address_id: None,
        hours_of_operation_id: hours.id.clone(),
        max_contacts: None,
        enabled: true,
        quick_connect_ids: vec![],
        email_address_ids: vec![],
        tags: Default::default(),
        last_modified_time,
        last_modified_region: region.clone(),
    };
    let routing_profile = RoutingProfile {
        id: Id::from_uuid(1),
        name: "Support".into(),
        description: "calls".into(),
        default_outbound_queue_id: queue.id.clone(),
        queue_configs: vec![],
        manual_assignment_queues: vec![],
        media_concurrencies: vec![],
        agent_availability_timer: None,
        is_default: false,
        tags: Default::default(),
        last_modified_time,
        last_modified_region: region,
    };
    draft.put(hours).unwrap();
    draft.put(queue).unwrap();
    draft.put(routing_profile).unwrap();
}

/// A user, who needs the routing profile of [`put_routing_profile`].
#[must_use]
pub fn user(id: u128, username: &str) -> User {
    let identity = IdentityInfo {
        last_name: Some(format!("Sandoval of {username}")),
        email: Some(format!("{username}@example.com")),
        ..IdentityInfo::default()
    };
    User {
        id: Id::from_uuid(id),
        username: username.into(),
        identity_info: Some(identity),
        phone_config: None,
        channel_configs: Default::default(),
        directory_user_id: None,
        security_profile_ids: vec![],
        routing_profile_id: Id::from_uuid(1),
        hierarchy_group_id: None,
        tags: Default::default(),
        last_modified_time: Timestamp(5),
        last_modified_region: "eu-west-2".into(),
    }
}

/// A record of an instance in a registry. Aliases are unique in all registries, regardless of case.
#[must_use]
pub fn record(id: u128, alias: &str) -> InstanceRecord {
    InstanceRecord { id: Id::from_uuid(id), alias: Some(alias.into()), needs_decision_token: false }
}

/// The change of a secret.
#[must_use]
pub fn secret(name: &str, value: Option<&str>) -> SecretChange {
    SecretChange { name: name.into(), value: value.map(|value| Secret::new(value.into())) }
}

/// The state of a stream and the place of its last entry.
#[derive(Clone, Debug)]
pub struct Tip {
    /// The state.
    pub directory: Directory,
    /// The place of the last entry.
    pub position: Position,
}

impl Tip {
    /// A stream before its first entry.
    #[must_use]
    pub fn empty(stream: StreamId) -> Self {
        Self { position: Position::origin(&stream), directory: Directory::empty(stream) }
    }
}

impl From<Loaded> for Tip {
    fn from(loaded: Loaded) -> Self {
        Self { position: loaded.position(), directory: loaded.directory }
    }
}

impl Deref for Tip {
    type Target = Directory;
    fn deref(&self) -> &Directory {
        &self.directory
    }
}

/// The append of what `change` does to the stream, which moves on.
pub fn append(tip: &mut Tip, time: i64, change: impl FnOnce(&mut Draft)) -> Append {
    make(tip, time, change, Append::new)
}

/// The same, with people in clear, as version 0.1.0 wrote them.
pub fn clear_append(tip: &mut Tip, time: i64, change: impl FnOnce(&mut Draft)) -> Append {
    make(tip, time, change, |_, stream, follows, entry| {
        let sealing = Sealing::default();
        sealing.set_seals(false);
        Append::new(&sealing, stream, follows, entry)
    })
}

/// The append with which the stream ends.
pub fn last_append(tip: &mut Tip, time: i64) -> Append {
    make(tip, time, |_| {}, Append::closing)
}

fn make(
    tip: &mut Tip,
    time: i64,
    change: impl FnOnce(&mut Draft),
    new: fn(&Sealing, &StreamId, &Position, Entry) -> Result<Append, AppendError>,
) -> Append {
    let mut draft = Draft::new(tip.directory.clone());
    change(&mut draft);
    let (changes, next) = draft.finish(Timestamp(time));
    let entry = Entry {
        time: Timestamp(time),
        actor: "alice".into(),
        operation: "UpdateSecurityProfile".into(),
        request_id: format!("request-{time}"),
        changes,
        erasure: None,
    };
    let append = new(&Sealing::default(), next.stream(), &tip.position, entry).unwrap();
    *tip = Tip { directory: next, position: append.position() };
    append
}

/// Fails unless two states are the same in all that a store keeps.
pub fn assert_same(left: &Loaded, right: &Tip) {
    assert_eq!(left.position(), right.position);
    assert_same_state(&left.directory, right);
}

/// The same, where the place of the last entry is not known.
pub fn assert_same_state(left: &Directory, right: &Directory) {
    assert_eq!((left.stream(), left.revision(), left.time()), (right.stream(), right.revision(), right.time()));
    assert!(left.iter().eq(right.iter()), "{left:?}\n{right:?}");
}
