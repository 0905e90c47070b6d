//! Proof of the write path: many schedules of clients, a store that is late and fails, and another node that writes.
//!
//! Each schedule is decided by a seed. Clients call real operations of a real server over a [`ScheduledStore`]; a
//! driver lets them and the store go on in an order that the seed decides. When all have ended, [`check`] compares the
//! answers of the clients with the log. `LANYARD_SCHEDULES` sets how many schedules are explored; seeds that failed
//! once are in `SEEDS` and run first.

mod check;
mod clients;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use lanyard_model::{Id, Timestamp};
use lanyard_store::double::{Faults, MemoryStore, ScheduledStore};

use crate::config::Config;
use crate::environment::Environment;
use crate::service::Service;

/// The number of schedules of a run without `LANYARD_SCHEDULES`.
const SCHEDULES: u64 = 400;

/// Seeds that found a fault once.
const SEEDS: &[u64] = &[3, 79, 256, 366, 878, 6494];

/// A sequence of numbers that a seed decides (SplitMix64).
#[derive(Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

/// A clock that a schedule owns: it goes on a little each time it is read, and sometimes back.
struct Clock {
    time: AtomicI64,
    ids: AtomicU64,
}

impl Environment for Clock {
    fn now(&self) -> Timestamp {
        let reading = self.time.fetch_add(3, Ordering::Relaxed);
        Timestamp(if reading % 7 == 0 { reading - 20 } else { reading })
    }

    fn new_id(&self) -> Id {
        Id::from_uuid((4 << 76) | (2 << 62) | u128::from(self.ids.fetch_add(1, Ordering::Relaxed)))
    }

    fn request_id(&self) -> Id {
        self.new_id()
    }

    fn random(&self) -> std::io::Result<[u8; 32]> {
        Ok([7; 32])
    }
}

/// The environment of a schedule.
struct World {
    /// One node, or several that share the store.
    nodes: Vec<Arc<Service>>,
    memory: Arc<MemoryStore>,
    /// The store as each node has it.
    stores: Vec<Arc<ScheduledStore>>,
    ticks: AtomicU64,
}

impl World {
    /// The next moment.
    fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }

    /// Lets the store of some node go on. Returns whether any had something to do.
    fn step(&self, random: &mut Random) -> bool {
        let first = random.below(self.stores.len());
        (0..self.stores.len()).any(|at| self.stores[(first + at) % self.stores.len()].step())
    }
}

fn serve(store: Arc<dyn lanyard_store::Store>, time: i64) -> Arc<Service> {
    let environment = Arc::new(Clock { time: AtomicI64::new(time), ids: AtomicU64::new(u64::try_from(time).unwrap()) });
    Service::start(store, environment, Config::default())
}

fn faults(random: &mut Random) -> Faults {
    match random.below(4) {
        // Nothing but delays, refusals and races.
        0 => Faults::default(),
        1 => Faults { fails: 60, busy: 30, ..Faults::default() },
        2 => Faults { lost_result: 40, lost_append: 40, late: 40, ..Faults::default() },
        _ => Faults { fails: 30, busy: 20, lost_result: 20, lost_append: 20, late: 30, read_fails: 50 },
    }
}

/// Runs one schedule; returns how many answers were acknowledgements.
fn explore(seed: u64) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut random = Random(seed);
        let memory = Arc::new(MemoryStore::default());
        let count = [1, 3][random.below(2)];
        let store =
            |_| Arc::new(ScheduledStore::new(Arc::clone(&memory), count > 1, random.next(), faults(&mut random)));
        let stores: Vec<_> = (0..count).map(store).collect();
        // The nodes' clocks are apart.
        let node = |(number, store): (i64, &Arc<ScheduledStore>)| serve(Arc::clone(store) as _, number * 1_000_000);
        let nodes = (1..).zip(&stores).map(node).collect();
        let world = Arc::new(World { nodes, memory, stores, ticks: AtomicU64::new(0) });
        let clients = clients::start(&world, &mut random);
        let (mut rounds, mut idle) = (0, 0);
        while idle < 500 {
            rounds += 1;
            assert!(rounds < 1_000_000, "a client waits for what never comes");
            for _ in 0..random.below(4) {
                tokio::task::yield_now().await;
            }
            clients::other_node(&world, &mut random);
            if random.below(20) == 0 && !clients.are_done() {
                // Followers look now and then.
                tokio::time::advance(Duration::from_millis(200)).await;
            }
            idle = if world.step(&mut random) || !clients.are_done() { 0 } else { idle + 1 };
        }
        let calls = clients.finish().await;
        check::check(&world, &calls).await;
        calls.iter().filter(|call| call.is_acknowledged()).count()
    })
}

#[test]
fn acknowledged_is_durable_published_and_replayable_in_every_schedule() {
    let count = std::env::var("LANYARD_SCHEDULES").map_or(SCHEDULES, |text| text.parse().unwrap());
    let mut acknowledged = 0;
    for seed in SEEDS.iter().copied().chain(0..count) {
        let explored = std::panic::catch_unwind(|| explore(seed));
        acknowledged += explored.unwrap_or_else(|_| panic!("the schedule of seed {seed} found a fault"));
    }
    println!("{count} schedules, {acknowledged} acknowledged writes");
    assert!(acknowledged as u64 > count, "hardly anything was written");
}
