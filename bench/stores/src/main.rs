//! Durable writes, reads, decisions and starts of Lanyard on SQLite and on PostgreSQL, with one node and with three, in
//! interleaved rounds of one run, next to pgbench on the same server and moto in memory. No time is asserted: the run
//! fails only if an answer is wrong.

mod calls;
mod cases;
mod postgres;
mod report;
mod starts;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use bench_load::machine;
use bench_load::process::Process;
use bench_load::signed;
use clap::Parser;

use crate::calls::Target;
use crate::cases::{Case, Length};
use crate::postgres::Postgres;
use crate::report::Outcome;
use crate::starts::{Starts, Stores, start};

/// The databases: of the nodes, of pgbench, and of the starts.
const NODES: &str = "nodes";
pub(crate) const PEER: &str = "peer";
const EMPTY: &str = "nothing";
const LARGE: &str = "large";
const BARE: &str = "bare";

/// Durable writes, reads and starts on both stores.
#[derive(Parser)]
#[command(name = "bench/run-stores")]
struct Args {
    /// Rounds; each has every case once.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// Seconds that are measured of each case in each round.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=600))]
    seconds: u16,
    /// Milliseconds that each case runs before it is measured.
    #[arg(long, default_value_t = 500)]
    warm_up: u16,
    /// Connections kept open, each with one request in progress.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(3..=150))]
    connections: u16,
    /// Users of the instance of the starts; 0 leaves the starts out.
    #[arg(long, default_value_t = 100_000)]
    users: u32,
    /// Times that each server is started, to time it.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    starts: u16,
    /// Only the cases whose names contain this text.
    #[arg(long)]
    only: Option<String>,
    /// The `lanyard` program.
    #[arg(long, hide = true)]
    lanyard: PathBuf,
    /// The `moto_server` program.
    #[arg(long, hide = true)]
    moto: Option<PathBuf>,
    /// Directory for data and logs; must be on a disk.
    #[arg(long, hide = true)]
    work: PathBuf,
    /// A line to print with the description of the machine.
    #[arg(long, hide = true)]
    note: Vec<String>,
}

/// The servers of the rounds, which run from the first to the last.
pub(crate) struct Servers {
    pub(crate) sqlite: Process,
    pub(crate) sqlite_target: Target,
    /// Three nodes of one database.
    pub(crate) nodes: Vec<Process>,
    /// Three instances in it.
    pub(crate) targets: [Target; 3],
    pub(crate) moto: Option<(Process, String)>,
    pub(crate) postgres: Postgres,
    pub(crate) work: PathBuf,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let logs = args.work.join("logs");
    // The logs of the last run; the first run has none.
    let _ = fs::remove_dir_all(&logs);
    fs::create_dir_all(&logs).with_context(|| format!("cannot create `{}`", logs.display()))?;
    let postgres = Postgres::from_environment()?;
    for directory in [&args.work, &postgres.data] {
        machine::on_a_disk(directory)?;
    }
    let data = tempfile::Builder::new().prefix("data-").tempdir_in(&args.work)?;

    println!("Machine");
    for line in machine::describe(data.path())?.iter().chain(&args.note) {
        println!("  {line}");
    }
    println!("  {}", postgres.sql("postgres", "SELECT split_part(version(), ' on ', 1)")?);
    println!("Workload");
    println!(
        "  {} connections, one request under way on each; {} rounds × {} s a case, in turn; medians over the rounds.",
        args.connections, args.rounds, args.seconds
    );
    println!("  Clients, servers and the database share the machine; `load` is the load average after a slice.");

    let starts = starts(&args, &postgres, data.path(), &logs)?;
    let servers = set_up(&args, postgres, data.path(), &logs)?;
    let outcomes = measure(&args, &servers);
    report::cases(&outcomes);
    report::starts(&starts);
    println!("\nStored");
    println!("  {}", stored(&servers.postgres)?);
    if args.users > 0 {
        for (database, of) in [(LARGE, "the large instance"), (BARE, "the instances without users")] {
            println!("  PostgreSQL, {of}: {}", rows(&servers.postgres, database)?);
        }
    }
    report::ratios(&outcomes, &starts);
    let failed = outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn in_directory(directory: &Path) -> Vec<OsString> {
    vec!["--data".into(), directory.into()]
}

fn in_database(postgres: &Postgres, database: &str) -> Vec<OsString> {
    vec!["--database".into(), postgres.url(database).into()]
}

fn starts(args: &Args, postgres: &Postgres, data: &Path, logs: &Path) -> anyhow::Result<Vec<Starts>> {
    if args.users == 0 {
        return Ok(Vec::new());
    }
    for database in [EMPTY, LARGE, BARE] {
        postgres.create(database)?;
    }
    let directory = |name: &str| in_directory(&data.join(name));
    let log = logs.join("starts.log");
    let stores = [
        Stores {
            name: "SQLite",
            lanyard: &args.lanyard,
            log: &log,
            empty: directory(EMPTY),
            large: directory(LARGE),
            bare: directory(BARE),
        },
        Stores {
            name: "PostgreSQL",
            lanyard: &args.lanyard,
            log: &log,
            empty: in_database(postgres, EMPTY),
            large: in_database(postgres, LARGE),
            bare: in_database(postgres, BARE),
        },
    ];
    stores.iter().map(|stores| stores.measure(args.users, args.starts)).collect()
}

fn set_up(args: &Args, postgres: Postgres, data: &Path, logs: &Path) -> anyhow::Result<Servers> {
    postgres.create(NODES)?;
    postgres.create_peer(PEER)?;
    let lanyard = &args.lanyard;
    let (sqlite, _) = start(lanyard, &in_directory(&data.join("sqlite")), &logs.join("sqlite.log"), None)?;
    let sqlite_target = calls::seed(sqlite.address, 100)?;
    let mut nodes = Vec::new();
    for number in 1..=3 {
        let log = logs.join(format!("node-{number}.log"));
        nodes.push(start(lanyard, &in_database(&postgres, NODES), &log, None)?.0);
    }
    let first = nodes.first().context("there is no node")?.address;
    let targets = [calls::seed(first, 100)?, calls::seed(first, 100)?, calls::seed(first, 100)?];
    let moto = match &args.moto {
        Some(moto) => {
            let arguments = |address: std::net::SocketAddr| vec!["-p".into(), address.port().to_string().into()];
            let probe = |address| signed::bytes(&calls::describe_instance(&"0".repeat(36)), address);
            let (server, _) = Process::start(moto, arguments, &logs.join("moto.log"), probe)?;
            let instance = calls::create_instance(server.address)?;
            Some((server, instance))
        }
        None => None,
    };
    Ok(Servers { sqlite, sqlite_target, nodes, targets, moto, postgres, work: data.to_owned() })
}

/// All rounds. A case that fails is not run again.
fn measure(args: &Args, servers: &Servers) -> Vec<(Case, Outcome)> {
    let wanted = |case: &Case| args.only.as_ref().is_none_or(|only| case.name().contains(only.as_str()));
    let cases = Case::ALL.into_iter().filter(wanted).filter(|case| *case != Case::Moto || servers.moto.is_some());
    let mut outcomes: Vec<(Case, Outcome)> = cases.map(|case| (case, Outcome::Measured(Vec::new()))).collect();
    let length = Length { seconds: args.seconds, warm_up: args.warm_up, connections: args.connections };
    for round in 0..args.rounds {
        for (case, outcome) in &mut outcomes {
            let Outcome::Measured(slices) = outcome else { continue };
            match cases::slice(*case, servers, length, round) {
                Ok(measured) => {
                    eprintln!("round {}/{} {}: {:.0}/s", round + 1, args.rounds, case.name(), measured.per_second);
                    slices.push(measured);
                }
                Err(error) => {
                    eprintln!("round {}/{} {}: failed: {error:#}", round + 1, args.rounds, case.name());
                    *outcome = Outcome::Failed(format!("{error:#}"));
                }
            }
        }
    }
    outcomes
}

/// The size of the log in the database of the nodes.
fn stored(postgres: &Postgres) -> anyhow::Result<String> {
    let statement = "SELECT count(*), coalesce(avg(octet_length(body)), 0)::int, pg_total_relation_size('lanyard_log'), \
                     pg_total_relation_size('lanyard_resource') FROM lanyard_log WHERE revision > 10";
    let row = postgres.sql(NODES, statement)?;
    let fields: Vec<&str> = row.split('|').collect();
    let [count, bytes, log, resources] = fields.as_slice() else { anyhow::bail!("an unexpected row: {row}") };
    let (count, log): (u64, u64) = (count.parse()?, log.parse()?);
    let each = log / count.max(1);
    Ok(format!(
        "PostgreSQL: {count} updates, entries of {bytes} bytes; the log's table has {each} bytes for each, that of resources {resources} in all"
    ))
}

/// The rows of a database, and its size.
fn rows(postgres: &Postgres, database: &str) -> anyhow::Result<String> {
    let statement = "SELECT (SELECT count(*) FROM lanyard_stream), (SELECT count(*) FROM lanyard_resource), \
                     (SELECT count(*) FROM lanyard_name), (SELECT count(*) FROM lanyard_person_key), \
                     (SELECT count(*) FROM lanyard_secret), (SELECT count(*) FROM lanyard_log), \
                     pg_total_relation_size('lanyard_resource'), pg_database_size(current_database())";
    let row = postgres.sql(database, statement)?;
    let fields: Vec<&str> = row.split('|').collect();
    let [streams, resources, names, keys, secrets, entries, table, size] = fields.as_slice() else {
        anyhow::bail!("an unexpected row: {row}")
    };
    Ok(format!(
        "{streams} streams, {resources} resources ({table} bytes), {names} names, {keys} keys of people, \
         {secrets} secrets, {entries} entries; {size} bytes in all"
    ))
}
