//! Measures acknowledged appends: how many a second, and how long one takes.
//!
//! `cargo run --release -p lanyard-store --example appends -- DIR [CALLERS] [SECONDS]`
//!
//! Each caller updates a security profile in an instance of its own and waits for the answer. `DIR` should not exist,
//! and should be on the disk that is to be measured.
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Draft, Entry, Id, StreamId, Timestamp};
use lanyard_store::{Append, AppendError, Position, Store};
use lanyard_store_sqlite::SqliteStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("the data directory is missing")?;
    let callers: u128 = arguments.next().map_or(Ok(64), |text| text.parse())?;
    let seconds: u64 = arguments.next().map_or(Ok(5), |text| text.parse())?;

    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(Path::new(&directory))?);
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..callers).map(|caller| tokio::spawn(call(Arc::clone(&store), caller, end))).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let elapsed = start.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
    println!("{callers} callers: {:.0} appends/s", f64::from(u32::try_from(times.len())?) / elapsed);
    println!("p50 {:?}, p99 {:?}, longest {:?}", at(50), at(99), at(100));
    Ok(())
}

async fn call(store: Arc<dyn Store>, caller: u128, end: Instant) -> Result<Vec<Duration>, AppendError> {
    let stream = StreamId::Instance(Id::from_uuid(caller));
    let mut directory = Directory::empty(stream.clone());
    let mut position = Position::origin(&stream);
    let mut times = Vec::new();
    while Instant::now() < end {
        let time = Timestamp(directory.time().0 + 1);
        let mut draft = Draft::new(directory);
        draft.put(profile(time)).map_err(|error| AppendError::Storage(error.to_string()))?;
        let (changes, next) = draft.finish(time);
        let entry = Entry {
            time,
            actor: "someone".into(),
            operation: "UpdateSecurityProfile".into(),
            request_id: "6f1c9c3e-5d0e-4b51-9d0c-0a7d6a3f1e42".into(),
            changes,
        };
        let began = Instant::now();
        let append = Append::new(&stream, &position, entry)?;
        position = append.position();
        store.append(vec![append]).await?;
        times.push(began.elapsed());
        directory = next;
    }
    Ok(times)
}

fn profile(time: Timestamp) -> SecurityProfile {
    SecurityProfile {
        id: Id::from_uuid(1),
        name: "Agent".into(),
        description: Some(format!("as of {}", time.0)),
        permissions: ["BasicAgentAccess", "OutboundCallAccess", "VoiceId.Access"].map(Into::into).into(),
        tags: Default::default(),
        allowed_access_control_tags: Default::default(),
        tag_restricted_resources: vec![],
        hierarchy_restricted_resources: vec![],
        allowed_access_control_hierarchy_group_id: None,
        applications: vec![],
        allowed_flow_modules: vec![],
        allowed_ai_agents: vec![],
        primary_attribute_values: vec![],
        last_modified_time: time,
        last_modified_region: "eu-west-2".into(),
    }
}
