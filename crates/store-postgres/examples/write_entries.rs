//! Writes many entries to an instance, as fast as the store takes them: for tests of a node that is far behind.
//!
//!     cargo run -p lanyard-store-postgres --example write_entries -- postgres://… INSTANCE 1000000
//!
//! Each entry changes the description of the smallest security profile, to `entry N` in the end, and is made as a server makes it.

use std::collections::VecDeque;
use std::env;
use std::error::Error;

use lanyard_model::{Draft, Entry, Id, StreamId, Timestamp};
use lanyard_store::{Append, AppendFuture, Store as _};
use lanyard_store_postgres::{PostgresStore, Settings};

/// How many entries have been passed to the store and are not on disk yet, at most.
const IN_FLIGHT: usize = 2_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, instance, count] = arguments.as_slice() else { return Err("URL INSTANCE COUNT".into()) };
    let (stream, count) = (StreamId::Instance(Id::new(instance)), count.parse::<u64>()?);
    let store = PostgresStore::open(&Settings::read(url, &|name| env::var(name).ok())?).await?;
    let loaded = store.load(&stream).await?.ok_or("there is no such instance")?;
    let (mut position, mut directory) = (loaded.position(), loaded.directory);
    let smallest = directory.security_profiles.values().min_by_key(|it| it.permissions.len());
    let mut profile = smallest.ok_or("it has no security profile")?.as_ref().clone();
    let mut waiting: VecDeque<AppendFuture> = VecDeque::new();
    for number in 1..=count {
        let time = Timestamp(directory.time().0);
        profile.description = Some(format!("entry {number}"));
        let mut draft = Draft::new(directory.clone());
        draft.put(profile.clone()).map_err(|invalid| invalid.to_string())?;
        let (changes, next) = draft.finish(time);
        let entry = Entry {
            time,
            actor: "write_entries".to_owned(),
            operation: "UpdateSecurityProfile".to_owned(),
            request_id: format!("entry-{number}"),
            changes,
            erasure: None,
        };
        let append = Append::new(store.sealing(), &stream, &position, entry).map_err(|error| error.to_string())?;
        (position, directory) = (append.position(), next);
        waiting.push_back(store.append(vec![append]));
        if waiting.len() >= IN_FLIGHT
            && let Some(first) = waiting.pop_front()
        {
            first.await.map_err(|error| error.to_string())?;
        }
    }
    for append in waiting {
        append.await.map_err(|error| error.to_string())?;
    }
    Ok(())
}
