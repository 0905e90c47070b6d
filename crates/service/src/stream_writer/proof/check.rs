//! Holds what clients were answered against the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lanyard_model::{Directory, Id, Kind, Resource, Scope, StreamId};
use lanyard_store::double::MemoryStore;
use lanyard_store::{Logged, chain};
use lanyard_wire::ErrorKind;

use super::World;
use super::clients::{ASSOCIATED, Made, Wanted, number};
use crate::stream_writer::StreamState as _;

/// The log of every stream, and the states along each.
struct History {
    /// Each stream's entries, and for each the place in the order of all entries.
    logs: BTreeMap<StreamId, Vec<(usize, Logged)>>,
    /// Each stream's states, from the empty one.
    states: BTreeMap<StreamId, Vec<Directory>>,
}

impl History {
    /// Replays the log: every entry follows the one before and fits the state.
    fn replay(memory: &MemoryStore) -> Self {
        let mut history = Self { logs: BTreeMap::new(), states: BTreeMap::new() };
        for stream in memory.all_streams() {
            let mut previous = chain::origin(&stream.to_string());
            let mut states = vec![Directory::empty(stream.clone())];
            for logged in memory.log_with_erased(&stream) {
                assert!(logged.follows(&previous), "{stream} revision {} does not follow", logged.revision);
                previous = logged.hash;
                let mut state = states.last().unwrap().clone();
                assert!(logged.entry.time >= state.time() || state.revision() == 0, "time goes back in {stream}");
                state.advance(logged.entry.time, &logged.entry.changes).unwrap();
                assert!(state.faults().is_empty());
                states.push(state);
            }
            history.states.insert(stream, states);
        }
        for (place, (stream, revision)) in memory.order().into_iter().enumerate() {
            let logged = memory.log_with_erased(&stream).into_iter().find(|it| it.revision == revision).unwrap();
            history.logs.entry(stream).or_default().push((place, logged));
        }
        history
    }

    /// The entries of a call.
    fn entries(&self, request_id: &str) -> Vec<(&StreamId, usize, &Logged)> {
        self.logs
            .iter()
            .flat_map(|(stream, log)| log.iter().map(move |(place, it)| (stream, *place, it)))
            .filter(|(.., it)| it.entry.request_id == request_id)
            .collect()
    }

    /// Whether a stream was in a state with a property at some time while a call ran: after the last of the entries
    /// before it, or after any entry during it.
    fn at_some_time(&self, call: &Made, stream: &StreamId, is: impl Fn(&Directory) -> bool) -> bool {
        let empty = vec![Directory::empty(stream.clone())];
        let (states, log) = (self.states.get(stream).unwrap_or(&empty), self.logs.get(stream));
        let count = |end: usize| log.map_or(0, |log| log.iter().filter(|(place, _)| *place < end).count());
        states[count(call.began)..=count(call.ended)].iter().any(is)
    }
}

pub(super) async fn check(world: &World, calls: &[Made]) {
    let history = History::replay(&world.memory);
    for call in calls {
        check_call(world, &history, call);
    }
    check_counts(&history, calls);
    check_associations(&history, &world.memory);
    check_published(world, &history, calls);
    check_restart(world, calls).await;
}

fn check_call(world: &World, history: &History, call: &Made) {
    let entries = history.entries(&call.request_id);
    let streams: BTreeSet<_> = entries.iter().map(|(stream, ..)| *stream).collect();
    // An instance may be associated again while its association goes.
    let is_forced = matches!(call.wanted, Wanted::Unregister { force: true });
    assert!(is_forced || streams.len() == entries.len(), "{:?} took effect twice", call.wanted);
    match &call.answer {
        Ok(_) if matches!(call.wanted, Wanted::Read { .. }) => {}
        Ok(answer) => {
            let expected = match call.wanted {
                // Its associations went in entries before.
                Wanted::Unregister { force: true } => entries.len().max(1),
                Wanted::CreateInstance { .. } | Wanted::DeleteInstance { .. } => 2,
                _ => 1,
            };
            assert_eq!(entries.len(), expected, "{:?} was acknowledged", call.wanted);
            for (stream, place, _) in &entries {
                let during = call.began..call.ended;
                assert!(during.contains(place), "{:?} took effect at {place} in {stream}, not {during:?}", call.wanted);
            }
            if let (Some(revision), Wanted::CreateProfile { instance, .. } | Wanted::Count { instance }) =
                (answer.revision, &call.wanted)
            {
                let log = &history.logs[&StreamId::Instance(instance.clone())];
                let entry = &log[usize::try_from(revision).unwrap() - 1].1.entry;
                assert_eq!(entry.request_id, call.request_id);
            }
        }
        // It is not known whether it took effect: once at most.
        Err(_) if call.refusal() == Some(ErrorKind::InternalServiceException) => {}
        Err(error) => {
            // The associations go in entries of their own, before the application.
            let is_partial = is_forced && streams.iter().all(|it| matches!(it, StreamId::Instance(_)));
            assert!(entries.is_empty() || is_partial, "{:?} was refused with {error:?} and took effect", call.wanted);
            check_refusal(world, history, call);
        }
    }
}

/// A refusal is true of some state while the call ran.
fn check_refusal(world: &World, history: &History, call: &Made) {
    let why = format!("{:?} was refused: {:?}", call.wanted, call.answer.as_ref().err());
    let stream = |instance: &Id| StreamId::Instance(instance.clone());
    let has = |instance: &Id, kind, name: &str| {
        history.at_some_time(call, &stream(instance), |it| it.find_name(kind, name).is_some())
    };
    let is_gone = |instance: &Id| history.at_some_time(call, &stream(instance), |it| it.instances.is_empty());
    let has_application = |call: &Made, is: bool| {
        let registry = StreamId::registry(&call.scope.account, &call.scope.region);
        let has = |it: &Directory| it.registered_applications.contains_key(&Id::from_uuid(ASSOCIATED));
        history.at_some_time(call, &registry, |it| has(it) == is)
    };
    let is_associated = |it: &Directory| !it.integration_associations.is_empty();
    let not_found = call.refusal() == Some(ErrorKind::ResourceNotFoundException);
    let overloaded =
        matches!(call.refusal(), Some(ErrorKind::ThrottlingException | ErrorKind::ServiceUnavailableException));
    let is_true = overloaded
        || match &call.wanted {
            Wanted::CreateInstance { alias } => history
                .states
                .keys()
                .filter(|it| matches!(it, StreamId::Registry { .. }))
                .any(|it| history.at_some_time(call, it, |it| it.find_name(Kind::InstanceRecord, alias).is_some())),
            Wanted::CreateProfile { instance, .. } | Wanted::CreateUser { instance, .. } if not_found => {
                is_gone(instance)
            }
            Wanted::CreateProfile { instance, name } => has(instance, Kind::SecurityProfile, name),
            Wanted::CreateUser { instance, name } => has(instance, Kind::User, name),
            Wanted::DeleteProfile { instance, profile } => {
                let is_kept = |it: &Directory| {
                    let is_there = it.security_profiles.contains_key(profile);
                    !is_there || it.referrers(Kind::SecurityProfile, profile).next().is_some()
                };
                is_gone(instance) || history.at_some_time(call, &stream(instance), is_kept)
            }
            Wanted::DeleteInstance { instance } | Wanted::Count { instance } | Wanted::Read { instance } => {
                is_gone(instance)
            }
            Wanted::CountInRegistry => false,
            Wanted::Register => has_application(call, true),
            Wanted::Unregister { force: true } => has_application(call, false),
            Wanted::Unregister { force: false } => {
                has_application(call, false)
                    || history.states.keys().any(|it| history.at_some_time(call, it, is_associated))
            }
            // A node that does not share its store takes the registry as it is published, which is behind where another
            // node writes or an entry took effect late.
            Wanted::Associate { .. } if world.nodes.len() == 1 => true,
            Wanted::Associate { instance } => {
                is_gone(instance)
                    || has_application(call, false)
                    || history.at_some_time(call, &stream(instance), is_associated)
            }
        };
    assert!(is_true, "{why}, and in no state meanwhile was it so");
}

/// No count was lost, and each count saw all before it.
fn check_counts(history: &History, calls: &[Made]) {
    for call in calls {
        let Ok(answer) = &call.answer else { continue };
        let counted = match &call.wanted {
            Wanted::Count { .. } | Wanted::CountInRegistry => answer.number.unwrap(),
            _ => continue,
        };
        let entries = history.entries(&call.request_id);
        let (stream, _, logged) = entries.first().unwrap();
        let before = history.logs[stream].iter().filter(|(_, it)| it.revision <= logged.revision);
        let so_far = before.filter(|(_, it)| it.entry.operation == logged.entry.operation).count();
        assert_eq!(counted, so_far as u64, "{:?} of {stream}", call.wanted);
    }
    for (stream, states) in &history.states {
        let last = states.last().unwrap();
        let counts = history.logs[stream].iter().filter(|(_, it)| it.entry.operation.starts_with("Count")).count();
        let first = last.hours_of_operation.values().next().and_then(|it| it.description.clone());
        let application = last.registered_applications.values().next().and_then(|it| it.description.clone());
        if counts > 0 {
            assert_eq!(number(first.or(application).as_deref()), counts as u64, "{stream}");
        }
    }
}

/// At no time was an instance associated with an application that was not registered.
fn check_associations(history: &History, memory: &MemoryStore) {
    let mut now: BTreeMap<StreamId, &Directory> = BTreeMap::new();
    for (stream, revision) in memory.order() {
        now.insert(stream.clone(), &history.states[&stream][usize::try_from(revision).unwrap()]);
        for instance in now.values().flat_map(|it| it.instances.values().map(move |of| (it, of))) {
            let (state, of) = instance;
            let registry = now.get(&StreamId::registry(&of.account, &of.region));
            let is_registered =
                registry.is_some_and(|it| it.registered_applications.contains_key(&Id::from_uuid(ASSOCIATED)));
            assert!(
                state.integration_associations.is_empty() || is_registered,
                "{stream} revision {revision} leaves an association without its application"
            );
        }
    }
}

/// The published state of every stream follows from the log; reads never went back and never returned a state that is
/// not in it.
fn check_published(world: &World, history: &History, calls: &[Made]) {
    for call in calls {
        let (Wanted::Read { instance }, Ok(answer)) = (&call.wanted, &call.answer) else { continue };
        let revision = answer.number.unwrap();
        let log = &history.logs[&StreamId::Instance(instance.clone())];
        let at_most = log.iter().filter(|(place, _)| *place < call.ended).count();
        assert!(revision <= at_most as u64, "revision {revision} was read and is not on disk");
        let acknowledged = calls.iter().filter(|other| other.answered < call.called && other.is_acknowledged());
        let own = acknowledged.flat_map(|other| history.entries(&other.request_id));
        let at_least = own.filter(|(it, ..)| **it == StreamId::Instance(instance.clone())).map(|(.., it)| it.revision);
        assert!(at_least.max().unwrap_or(0) <= revision, "an acknowledged write was not read");
    }
    let foreign =
        |stream: &StreamId| history.logs[stream].last().is_some_and(|(_, it)| it.entry.actor == "another node");
    for (stream, states) in &history.states {
        let StreamId::Instance(id) = stream else { continue };
        let last = states.last().unwrap();
        for node in &world.nodes {
            let Some(served) = node.node.instance_in_memory(id) else { continue };
            let published = served.writer.read();
            let published = published.directory();
            let expected = &states[usize::try_from(published.revision()).unwrap()];
            // The end of a stream destroys the keys of its people, so a node that reads it later has them erased.
            let has_ended = expected.instances.is_empty();
            let kept = |it: &Resource| !has_ended || it.kind() != Kind::User;
            assert!(
                expected.iter().filter(kept).eq(published.iter().filter(kept)),
                "{stream} publishes a state that differs from the log"
            );
            if world.nodes.len() > 1 {
                // It may be behind, until it is asked.
                continue;
            }
            let unknown = calls.iter().any(|it| it.refusal() == Some(ErrorKind::InternalServiceException));
            assert!(published.revision() == last.revision() || foreign(stream) || unknown, "{stream} is behind");
            assert!(!last.instances.is_empty() || unknown, "{stream} has ended and is served");
        }
    }
}

/// A new server over the same log serves what was acknowledged.
async fn check_restart(world: &World, calls: &[Made]) {
    let service = super::serve(Arc::clone(&world.memory) as Arc<dyn lanyard_store::Store>, 9_000_000);
    let registries: BTreeSet<&Scope> = calls.iter().map(|it| &it.scope).collect();
    let mut live = BTreeSet::new();
    for scope in registries {
        let Some(registry) = service.node.find_registry(scope).await.unwrap() else { continue };
        for id in registry.writer.read().instance_records.keys() {
            let instance = service.node.instance(scope, id).await.unwrap();
            assert!(!instance.writer.read().instances.is_empty());
            live.insert(id.clone());
        }
    }
    for stream in world.memory.all_streams() {
        if let StreamId::Instance(id) = &stream {
            assert_eq!(live.contains(id), world.memory.state(&stream).is_some(), "{stream}");
        }
    }
}
