//! Sends the same signed calls to Lanyard and its peers, in interleaved rounds of one run, and prints the results
//! side by side.
//!
//! All servers run from the first round to the last, idle outside their turn, on one machine with the client. The
//! supported calls of each are found by trying them. No time is asserted: the run fails only if an answer is wrong.

mod calls;
mod report;
mod servers;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use bench_load::drive::{self, Shape, Slice};
use bench_load::{machine, signed};
use clap::Parser;

use crate::calls::Call;
use crate::report::Outcome;
use crate::servers::{Kind, Places, Server};

/// The same signed calls at Lanyard and its peers, side by side.
#[derive(Parser)]
struct Args {
    /// Servers to compare.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "lanyard,winterbaume,moto,bare-hyper,bare-axum")]
    servers: Vec<Kind>,
    /// Rounds; each drives every server with every call.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// Seconds that are measured of each call in each round.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=600))]
    seconds: u16,
    /// Milliseconds that each call runs before it is measured.
    #[arg(long, default_value_t = 300)]
    warm_up: u16,
    /// Connections kept open, each with one request in progress.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    connections: u16,
    /// Threads of the client.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
    /// Times that each server is started, to time it.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    starts: u16,
    /// The `lanyard` program.
    #[arg(long, default_value = "lanyard")]
    lanyard: PathBuf,
    /// The `moto_server` program.
    #[arg(long, default_value = "moto_server")]
    moto: PathBuf,
    /// Directory for data and logs; must be on a disk.
    #[arg(long)]
    work: PathBuf,
    /// A line to print with the description of the machine.
    #[arg(long)]
    note: Vec<String>,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let logs = args.work.join("logs");
    // The logs of the last run; the first run has none.
    let _ = fs::remove_dir_all(&logs);
    fs::create_dir_all(&logs).with_context(|| format!("cannot create `{}`", logs.display()))?;
    machine::on_a_disk(&args.work)?;
    let data = tempfile::Builder::new().prefix("data-").tempdir_in(&args.work)?;
    let peers = std::env::current_exe()?.parent().context("this program is in no directory")?.to_owned();
    let places =
        Places { lanyard: args.lanyard.clone(), moto: args.moto.clone(), peers, data: data.path().to_owned(), logs };

    println!("Machine");
    for line in machine::describe(data.path())?.iter().chain(&args.note) {
        println!("  {line}");
    }
    println!("Workload");
    println!(
        "  {} connections, one request under way on each, {} client thread(s); {} rounds × {} s a call, servers in turn;",
        args.connections, args.threads, args.rounds, args.seconds
    );
    println!("  signed requests (SigV4), every answer's status checked, bodies and written values checked each round;");
    println!("  medians over the rounds. The client shares the machine with the server.");

    let mut running: Vec<Server> = Vec::new();
    let kinds: BTreeSet<Kind> = args.servers.iter().copied().collect();
    for kind in kinds {
        eprintln!("starting {}", kind.name());
        let server = Server::start(kind, &places, args.starts.into(), running.first())
            .with_context(|| format!("cannot set up {}", kind.name()))?;
        running.push(server);
    }
    let outcomes = measure(&args, &running);
    print!("{}", report::render(&running, &outcomes)?);
    let failed = outcomes.iter().any(|(_, _, outcome)| matches!(outcome, Outcome::Failed(_)));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// All rounds. A server that fails a call is not sent it again.
fn measure(args: &Args, running: &[Server]) -> Vec<(Kind, Call, Outcome)> {
    let mut outcomes: Vec<(Kind, Call, Outcome)> = Vec::new();
    for server in running {
        for call in Call::ALL {
            let outcome = match server.why_unserved(call) {
                Some(why) => Outcome::NotServed(why.to_owned()),
                None => Outcome::Measured(Vec::new()),
            };
            outcomes.push((server.kind, call, outcome));
        }
    }
    for round in 0..args.rounds {
        let turn = usize::from(round) % running.len().max(1);
        for server in running.iter().cycle().skip(turn).take(running.len()) {
            for call in Call::ALL {
                let outcome = outcomes.iter_mut().find(|(kind, other, _)| *kind == server.kind && *other == call);
                let Some((_, _, outcome)) = outcome else { continue };
                let Outcome::Measured(slices) = outcome else { continue };
                let progress = format!("round {}/{} {} {}", round + 1, args.rounds, server.kind.name(), call.name());
                match slice(args, server, call, round) {
                    Ok(slice) => {
                        eprintln!("{progress}: {:.0}/s", slice.per_second);
                        slices.push(slice);
                    }
                    Err(error) => {
                        eprintln!("{progress}: failed: {error:#}");
                        *outcome = Outcome::Failed(format!("{error:#}"));
                    }
                }
            }
        }
    }
    outcomes
}

/// One call at one server for one slice of time, with the checks around it.
fn slice(args: &Args, server: &Server, call: Call, round: u16) -> anyhow::Result<Slice> {
    let prefix = format!("round {round} ");
    let address = server.process.address;
    // Two alternating requests on each connection, so that consecutive ones never write the same value.
    let plans: Vec<Vec<Vec<u8>>> = (0..args.connections)
        .map(|connection| {
            ["a", "b"]
                .map(|half| call.request(&server.target, &format!("{prefix}connection {connection} {half}")))
                .map(|request| signed::bytes(&request, address))
                .to_vec()
        })
        .collect();
    let shape = Shape {
        threads: args.threads.into(),
        warm_up: Duration::from_millis(args.warm_up.into()),
        measured: Duration::from_secs(args.seconds.into()),
    };
    let slice = drive::run(address, &server.process, &plans, &|body| server.check(call, body), shape)?;
    server.check_written(call, &prefix)?;
    Ok(slice)
}
