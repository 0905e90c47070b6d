//! Decisions of Lanyard's engine next to those of its peers; see `bench/README.md`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use bench_decide::engines::Engine;
use bench_decide::engines::casbin::Casbin;
use bench_decide::engines::cedar::{Chosen, Plain, Prepared};
use bench_decide::engines::lanyard::{self, ByNumber, ByText};
use bench_decide::engines::regorus::Regorus;
use bench_decide::rounds::{self, Spread};
use bench_decide::table::number;
use bench_decide::world::{Ask, World};
use bench_decide::writes::Shared;
use bench_decide::{Which, machine, table, who};
use clap::Parser;
use lanyard_engine::{Compiled, PermissionIndex};

/// The number of questions that are repeated for the figure with warm caches.
const WARM: usize = 1_000;
/// The number of single decisions with cold caches.
const COLD: usize = 100;
/// The number of searches for the users who may do an action.
const WHO: usize = 9;

/// Lanyard's engine and its peers on the same questions, in interleaved rounds of one run.
#[derive(Parser)]
#[command(name = "bench/run-decide")]
struct Args {
    /// Rounds, after one to warm up.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The duration of each engine's part of a round, in milliseconds.
    #[arg(long, default_value_t = 200)]
    slice: u64,
    /// The worlds.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Which::Small, Which::Medium, Which::Large])]
    worlds: Vec<Which>,
    /// The number of users with a unique combination of profiles, of 100.
    #[arg(long, default_value_t = bench_decide::INDIVIDUAL)]
    individual: usize,
    /// Updates of profiles a second, while decisions continue.
    #[arg(long, default_value_t = 1_000)]
    updates: u32,
    /// A line to print with the description of the machine.
    #[arg(long)]
    note: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    ensure!(args.rounds > 0 && args.slice > 0, "`--rounds` and `--slice` must be at least 1");
    for line in machine::describe().iter().chain(&args.note) {
        println!("{line}");
    }
    println!();
    args.worlds.iter().try_for_each(|which| measure(*which, &args))
}

fn measure(which: Which, args: &Args) -> anyhow::Result<()> {
    let size = which.size(args.individual);
    let world = World::new(size);
    let directory = world.directory();
    let started = Instant::now();
    let compiled = Arc::new(Compiled::new(&directory, PermissionIndex::builtin()));
    let compiling = started.elapsed();
    let mut asks = world.asks((size.users * 2).min(1_000_000), 7);
    lanyard::resolve(&compiled, &mut asks);

    let mut engines: Vec<Box<dyn Engine>> =
        vec![Box::new(ByNumber(Arc::clone(&compiled))), Box::new(ByText(Arc::clone(&compiled)))];
    if which == Which::Small {
        engines.push(Box::new(Prepared::new(&world)?));
        engines.push(Box::new(Chosen::new(&world)?));
        engines.push(Box::new(Plain::new(&world)?));
        engines.push(Box::new(Regorus::new(&world)?));
        engines.push(Box::new(Casbin::new(&world)?));
    }
    let allowed = rounds::check(&world, &mut engines, &asks)?;
    println!(
        "## {} profiles, {} users, {} queues, {} routing profiles, {} groups",
        world.profiles.len(),
        number(rounds::number(world.users.len())),
        number(rounds::number(world.queues.len())),
        world.routing_profiles.len(),
        world.groups.len()
    );
    println!(
        "{} questions, {:.0} % allowed; all engines agree on each. {} % individual users. Compiled in {:.2} s.",
        number(rounds::number(asks.len())),
        100.0 * rounds::number(allowed) / rounds::number(asks.len()),
        args.individual,
        compiling.as_secs_f64()
    );
    println!();
    decisions(&mut engines, &asks, args)?;
    drop(engines);
    if which != Which::Large {
        who_may(&world, &compiled, &asks)?;
    }
    writes(Shared::new(directory, compiled), &asks, args)
}

fn decisions(engines: &mut [Box<dyn Engine>], asks: &[Ask], args: &Args) -> anyhow::Result<()> {
    let slice = Duration::from_millis(args.slice);
    let few = asks.get(..WARM.min(asks.len())).unwrap_or_default();
    let warm = rounds::interleaved(engines, few, args.rounds, slice)?;
    let spread = rounds::interleaved(engines, asks, args.rounds, slice)?;
    let cold = rounds::cold(engines, asks, COLD, machine::last_cache());
    let base = warm.get(1).map_or(1.0, |strings| strings.median);
    let rows: Vec<_> = engines
        .iter()
        .zip(warm.iter().zip(&spread).zip(&cold))
        .map(|(engine, ((warm, spread), cold))| {
            vec![
                engine.name().to_owned(),
                number(warm.median),
                range(warm),
                format!("{:.2}", warm.median / base),
                number(spread.median),
                range(spread),
                number(cold.median),
            ]
        })
        .collect();
    let heads = ["nanoseconds a decision", "warm", "least–most", "times strings", "spread", "least–most", "cold"];
    table::print(&heads, &rows);
    Ok(())
}

fn who_may(world: &World, compiled: &Compiled, asks: &[Ask]) -> anyhow::Result<()> {
    let mut peer = Prepared::new(world)?;
    let asks = asks.get(..WHO.min(asks.len())).unwrap_or_default();
    let times = who::measure(world, compiled, &mut peer, asks)?;
    let milliseconds = |time: &Spread| vec![format!("{:.3}", time.median / 1e6), format!("{:.3}", time.greatest / 1e6)];
    let row = |name: &str, time| [vec![name.to_owned()], milliseconds(time)].concat();
    let rows = [row("lanyard", &times.lanyard), row(&format!("{}, in a loop", peer.name()), &times.peer)];
    table::print(&["milliseconds to say who may", "median", "most"], &rows);
    println!(
        "{} questions, {:.0} users found in the median one; both find the same.\n",
        asks.len(),
        times.found.median
    );
    Ok(())
}

fn writes(mut shared: Shared, asks: &[Ask], args: &Args) -> anyhow::Result<()> {
    let threads = machine::threads();
    let time = Duration::from_millis(args.slice * 5);
    let (mut quiet, mut busy) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        quiet.push(shared.run(asks, threads, 0, time)?);
        busy.push(shared.run(asks, threads, args.updates, time)?);
    }
    shared.check(asks.get(..asks.len().min(100_000)).unwrap_or_default())?;
    let rows: Vec<_> = [("without", &quiet), ("with", &busy)]
        .into_iter()
        .map(|(name, slices)| {
            let median =
                |of: fn(&bench_decide::writes::Slice) -> f64| Spread::of(slices.iter().map(of).collect()).median;
            vec![
                format!("{name} updates of profiles"),
                number(median(|slice| slice.per_second)),
                number(median(|slice| slice.p50)),
                number(median(|slice| slice.p99)),
                number(median(|slice| slice.updates)),
                number(median(|slice| slice.update / 1e3)),
            ]
        })
        .collect();
    let first = format!("{threads} threads deciding");
    let heads = [&*first, "decisions/s", "p50 ns", "p99 ns", "updates/s", "µs an update"];
    table::print(&heads, &rows);
    Ok(())
}

fn range(spread: &Spread) -> String {
    format!("{}–{}", number(spread.least), number(spread.greatest))
}
