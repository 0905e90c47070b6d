//! One fault at a time: what a write is answered, what goes on meanwhile, and what follows when the fault is over.

use std::sync::Arc;

use lanyard_store::conformance::support::{Tip, append, assert_same, instance, profile};
use lanyard_store::{AppendError, Cause, Store};
use lanyard_store_sqlite::{SqliteStore, doctor};
use tempfile::TempDir;

use crate::disk::{Disk, Faults};
use crate::vfs;

struct Machine {
    data: TempDir,
    disk: Arc<Disk>,
    store: SqliteStore,
    tip: Tip,
}

impl Machine {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let disk = Arc::new(Disk::of(data.path(), 1));
        vfs::put_beneath(data.path(), &disk);
        let store = SqliteStore::open(data.path()).unwrap();
        let mut machine = Self { data, disk, store, tip: Tip::empty(instance(1)) };
        machine.write().await.unwrap();
        machine
    }

    async fn write(&mut self) -> Result<(), AppendError> {
        let mut tip = self.tip.clone();
        let time = tip.time().0.max(0) + 1;
        let made = append(&mut tip, time, |draft| draft.put(profile(1, &format!("at {time}"))).unwrap());
        self.store.append(vec![made]).await?;
        self.tip = tip;
        Ok(())
    }

    async fn refused(&mut self) -> Cause {
        match self.write().await {
            Err(AppendError::Unavailable(outage)) => outage.cause,
            other => panic!("{other:?}"),
        }
    }

    /// Reads go on, and show what was acknowledged.
    async fn reads(&self) {
        assert_same(&self.store.load(&instance(1)).await.unwrap().unwrap(), &self.tip);
        assert_eq!(self.store.heads(vec![instance(1)]).await.unwrap()[0].unwrap().position, self.tip.position);
    }

    async fn condition(&self) -> Option<Cause> {
        self.store.condition().await.err().map(|outage| outage.cause)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_writes_until_there_is_room() {
    let mut machine = Machine::new().await;
    assert_eq!(machine.condition().await, None);
    machine.disk.set(Faults { full: 1_000, ..Faults::default() });
    for _ in 0..3 {
        assert_eq!(machine.refused().await, Cause::DiskFull);
        assert_eq!(machine.condition().await, Some(Cause::DiskFull));
        machine.reads().await;
    }
    machine.disk.set(Faults::default());
    // No write of a client's is needed to notice.
    assert_eq!(machine.condition().await, None);
    machine.write().await.unwrap();
    machine.reads().await;
    drop(machine.store);
    assert!(doctor(machine.data.path()).unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_sync_is_never_an_acknowledgement() {
    let mut machine = Machine::new().await;
    machine.disk.set(Faults { sync: 1_000, ..Faults::default() });
    let error = machine.write().await.unwrap_err();
    assert!(matches!(&error, AppendError::Unknown(text) if text.contains("in a sync")), "{error:?}");
    // From now on nothing reaches the commit, so that nothing is in doubt.
    assert_eq!(machine.refused().await, Cause::DiskFailed);
    assert_eq!(machine.condition().await, Some(Cause::DiskFailed));
    machine.reads().await;
    machine.disk.set(Faults::default());
    machine.write().await.unwrap();
    assert_eq!(machine.condition().await, None);
    // After a power cut there is what was acknowledged, and nothing else.
    let survivor = tempfile::tempdir().unwrap();
    machine.disk.survivor(survivor.path());
    let store = SqliteStore::open(survivor.path()).unwrap();
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &machine.tip);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_failed_sync_is_got_over_at_once() {
    let mut machine = Machine::new().await;
    machine.disk.fail_next_sync();
    assert_eq!(machine.refused().await, Cause::DiskFailed);
    assert_eq!(machine.condition().await, None);
    machine.write().await.unwrap();
    machine.reads().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_writes_and_reads_is_got_over() {
    for faults in [Faults { write: 1_000, ..Faults::default() }, Faults { read: 1_000, ..Faults::default() }] {
        let mut machine = Machine::new().await;
        machine.disk.set(faults);
        let error = machine.write().await.err();
        // A page in memory needs no read: then the write succeeds.
        assert!(faults.read > 0 || matches!(error, Some(AppendError::Unknown(_))), "{error:?}");
        machine.disk.set(Faults::default());
        assert_eq!(machine.condition().await, None);
        machine.write().await.unwrap();
        machine.reads().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_entries_that_the_disk_has_lost_stop_all_writes() {
    let mut machine = Machine::new().await;
    // Somebody puts an older copy of the data in place.
    let others = rusqlite::Connection::open(machine.data.path().join("lanyard.db")).unwrap();
    others.execute_batch("DELETE FROM stream").unwrap();
    machine.disk.fail_next_sync();
    for _ in 0..3 {
        let error = machine.write().await.unwrap_err();
        assert!(!matches!(error, AppendError::Conflict { .. }), "{error:?}");
    }
    assert_eq!(machine.condition().await, Some(Cause::Lost));
    assert_eq!(machine.refused().await, Cause::Lost);
}
