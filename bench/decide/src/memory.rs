//! The allocations of decisions and the memory of instances, counted by the allocator. It is a separate program, so
//! that the counting slows no measurement of time.

use std::alloc::System;
use std::sync::Arc;

use bench_decide::Which;
use bench_decide::directory::text_of;
use bench_decide::engines::Engine;
use bench_decide::engines::casbin::Casbin;
use bench_decide::engines::cedar::{Chosen, Plain, Prepared};
use bench_decide::engines::lanyard::{self, ByNumber, ByText};
use bench_decide::engines::regorus::Regorus;
use bench_decide::rounds;
use bench_decide::table::{self, number};
use bench_decide::world::World;
use clap::Parser;
use lanyard_engine::{Compiled, PermissionIndex};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations of decisions, and memory of instances.
#[derive(Parser)]
struct Args {
    /// The worlds.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Which::Small, Which::Medium, Which::Large])]
    worlds: Vec<Which>,
    /// The number of users with a unique combination of profiles, of 100.
    #[arg(long, default_value_t = bench_decide::INDIVIDUAL)]
    individual: usize,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    if args.worlds.contains(&Which::Small) {
        decisions(args.individual)?;
    }
    let rows: Vec<_> = args.worlds.iter().map(|which| instance(*which, args.individual)).collect();
    let heads =
        ["bytes a user", "text of its own", "directory", "engine adds", "engine, alone", "both, beyond the text"];
    table::print(&heads, &rows);
    Ok(())
}

/// The bytes allocated now.
fn held(region: &Region<'_, System>) -> f64 {
    let stats = region.change();
    rounds::number(stats.bytes_allocated) - rounds::number(stats.bytes_deallocated)
}

fn decisions(individual: usize) -> anyhow::Result<()> {
    let world = World::new(Which::Small.size(individual));
    let directory = world.directory();
    let mut asks = world.asks(1_000, 7);
    let mut rows = Vec::new();
    let compiled = Arc::new(Compiled::new(&directory, PermissionIndex::builtin()));
    lanyard::resolve(&compiled, &mut asks);
    let makers: [&dyn Fn() -> anyhow::Result<Box<dyn Engine>>; 7] = [
        &|| Ok(Box::new(ByNumber(Arc::new(Compiled::new(&directory, PermissionIndex::builtin()))))),
        &|| Ok(Box::new(ByText(Arc::new(Compiled::new(&directory, PermissionIndex::builtin()))))),
        &|| Ok(Box::new(Prepared::new(&world)?)),
        &|| Ok(Box::new(Chosen::new(&world)?)),
        &|| Ok(Box::new(Plain::new(&world)?)),
        &|| Ok(Box::new(Regorus::new(&world)?)),
        &|| Ok(Box::new(Casbin::new(&world)?)),
    ];
    for make in makers {
        let region = Region::new(ALLOCATOR);
        let mut engine = make()?;
        let size = held(&region);
        engine.count(&asks);
        let region = Region::new(ALLOCATOR);
        engine.count(&asks);
        let stats = region.change();
        let each = |count| rounds::number(count) / rounds::number(asks.len());
        rows.push(vec![
            engine.name().to_owned(),
            number(each(stats.allocations + stats.reallocations)),
            number(each(stats.bytes_allocated)),
            number(size / rounds::number(world.users.len())),
        ]);
    }
    let heads = ["100 profiles, 10,000 users", "allocations a decision", "bytes a decision", "bytes held a user"];
    table::print(&heads, &rows);
    Ok(())
}

fn instance(which: Which, individual: usize) -> Vec<String> {
    let world = World::new(which.size(individual));
    let each = |bytes| bytes / rounds::number(world.users.len());
    let before = Region::new(ALLOCATOR);
    let directory = world.directory();
    let text = rounds::number(directory.users.values().map(|user| text_of(user)).sum());
    let kept = held(&before);
    let compiled = Compiled::new(&directory, PermissionIndex::builtin());
    let both = held(&before);
    drop(directory);
    let alone = held(&before);
    drop(compiled);
    let name = format!("{} profiles, {} users", world.profiles.len(), number(rounds::number(world.users.len())));
    let numbers = [text, kept, both - kept, alone, both - text].map(|bytes| number(each(bytes)));
    std::iter::once(name).chain(numbers).collect()
}
