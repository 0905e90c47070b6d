//! Decisions over HTTP by AuthZEN: Lanyard next to a bare server of the same library that parses the same bodies and
//! answers constants.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bench_decide::Which;
use bench_decide::rounds::{self, Spread};
use bench_decide::table::{self, number};
use bench_decide::world::{Ask, World};
use bench_load::drive::{self, Shape, Slice};
use bench_load::process::Process;
use bench_load::{http, machine};
use clap::Parser;
use serde_json::{Value, json};

/// Questions in a batch.
const BATCH: usize = 1_000;
/// Single questions that each connection sends in turn.
const SINGLES: usize = 100;

/// Decisions over HTTP, next to a bare server.
#[derive(Parser)]
#[command(name = "bench/run-decide --http")]
struct Args {
    /// Rounds; each drives every server with single questions and with batches.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds that are measured of each in each round.
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// Connections kept open, each with one request in progress.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Threads of the client.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// The `lanyard` program.
    #[arg(long)]
    lanyard: PathBuf,
    /// The `bench-bare` program.
    #[arg(long)]
    bare: PathBuf,
    /// Directory for data and logs.
    #[arg(long)]
    work: PathBuf,
    /// A line to print with the description of the machine.
    #[arg(long)]
    note: Vec<String>,
}

/// A request that is measured.
#[derive(Clone, Copy)]
enum Call {
    Single,
    Batch,
}

impl Call {
    const ALL: [Self; 2] = [Self::Single, Self::Batch];

    fn name(self) -> &'static str {
        match self {
            Self::Single => "evaluation",
            Self::Batch => "evaluations",
        }
    }

    fn decisions(self) -> usize {
        match self {
            Self::Single => 1,
            Self::Batch => BATCH,
        }
    }

    /// The questions of one request, as it is sent.
    fn bytes(self, address: SocketAddr, world: &World, asks: &[Ask]) -> anyhow::Result<Vec<u8>> {
        let mut items: Vec<_> = asks
            .iter()
            .map(|ask| {
                json!({
                    "subject": { "type": "user", "id": ask.principal },
                    "action": { "name": ask.action },
                    "resource": { "type": ask.resource_type, "id": ask.id },
                })
            })
            .collect();
        let body = match self {
            Self::Single => items.pop().context("no question")?,
            Self::Batch => json!({ "evaluations": items }),
        }
        .to_string();
        Ok(format!(
            "POST /instances/{}/access/v1/{} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            world.id,
            self.name(),
            body.len()
        )
        .into_bytes())
    }

    /// The decisions in an answer.
    fn read(self, body: &[u8]) -> anyhow::Result<Vec<bool>> {
        let answer: Value = serde_json::from_slice(body).context("the answer is not JSON")?;
        let decision = |it: &Value| it.get("decision").and_then(Value::as_bool).context("an answer without a decision");
        match self {
            Self::Single => Ok(vec![decision(&answer)?]),
            Self::Batch => {
                let items = answer.get("evaluations").and_then(Value::as_array).context("an answer without a list")?;
                items.iter().map(decision).collect()
            }
        }
    }

    /// Sends one request and returns the answer's body.
    fn ask(self, address: SocketAddr, world: &World, asks: &[Ask]) -> anyhow::Result<Vec<u8>> {
        let answer = http::send(address, &self.bytes(address, world, asks)?)?;
        let text = || String::from_utf8_lossy(&answer.body).into_owned();
        ensure!(answer.status == 200, "status {} to {}: `{}`", answer.status, self.name(), text());
        Ok(answer.body)
    }
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let logs = args.work.join("logs");
    // The logs of the last run; the first run has none.
    let _ = fs::remove_dir_all(&logs);
    fs::create_dir_all(&logs).with_context(|| format!("cannot create `{}`", logs.display()))?;
    let data = tempfile::Builder::new().prefix("data-").tempdir_in(&args.work)?;
    let world = World::new(Which::Small.size(bench_decide::INDIVIDUAL));
    world.store(data.path()).context("cannot write the data directory")?;
    let asks = world.asks(20_000, 7);

    for line in machine::describe(data.path())?.iter().chain(&args.note) {
        println!("{line}");
    }
    println!(
        "\n{} connections, one request under way on each, {} client thread(s), on the same machine; {} rounds × {} s,\n\
         servers in turn; medians. Batches of {BATCH}. 100 profiles, 10,000 users.\n",
        args.connections, args.threads, args.rounds, args.seconds
    );
    let lanyard = start(&args.lanyard, &logs.join("lanyard.log"), |listen| {
        [vec!["serve".into()], listen, vec!["--data".into(), data.path().into()]].concat()
    })?;
    check(&lanyard, &world, &asks)?;
    let mut files: Vec<OsString> = vec!["--http".into(), "hyper".into()];
    for call in Call::ALL {
        let file = data.path().join(call.name());
        let asks = asks.get(..call.decisions()).context("too few questions")?;
        fs::write(&file, call.ask(lanyard.address, &world, asks)?)?;
        files.extend([format!("--{}", call.name()).into(), file.into()]);
    }
    let bare = start(&args.bare, &logs.join("bare.log"), |listen| [listen, files].concat())?;
    measure(&args, &[("lanyard", &lanyard), ("bare hyper", &bare)], &world, &asks)
}

fn start(
    program: &Path,
    log: &Path,
    arguments: impl FnOnce(Vec<OsString>) -> Vec<OsString>,
) -> anyhow::Result<Process> {
    let listen = |address: SocketAddr| arguments(vec!["--listen".into(), address.to_string().into()]);
    let probe = |address| format!("GET / HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes();
    Ok(Process::start(program, listen, log, probe)?.0)
}

/// Checks the server's answers, one by one and in batches.
fn check(server: &Process, world: &World, asks: &[Ask]) -> anyhow::Result<()> {
    let single = asks.iter().take(SINGLES).map(|ask| (Call::Single, std::slice::from_ref(ask)));
    for (call, asks) in single.chain(asks.chunks(BATCH).map(|asks| (Call::Batch, asks))) {
        let answers = call.read(&call.ask(server.address, world, asks)?)?;
        let expected: Vec<_> = asks.iter().map(|ask| world.expects(ask)).collect();
        ensure!(answers == expected, "the answer to {} is wrong", call.name());
    }
    Ok(())
}

fn measure(args: &Args, servers: &[(&str, &Process)], world: &World, asks: &[Ask]) -> anyhow::Result<()> {
    let shape = Shape {
        threads: args.threads,
        warm_up: Duration::from_millis(300),
        measured: Duration::from_secs(args.seconds),
    };
    for call in Call::ALL {
        let mut slices: Vec<Vec<Slice>> = vec![Vec::new(); servers.len()];
        for round in 0..args.rounds {
            for turn in 0..servers.len() {
                let at = (round + turn) % servers.len();
                let (Some((_, server)), Some(slices)) = (servers.get(at), slices.get_mut(at)) else { continue };
                let plans = plans(call, args.connections, server.address, world, asks)?;
                let check = |body: &[u8]| {
                    ensure!(call.read(body)?.len() == call.decisions(), "an answer of another length");
                    Ok(())
                };
                slices.push(drive::run(server.address, server, &plans, &check, shape)?);
            }
        }
        let median = |slices: &[Slice], of: fn(&Slice) -> f64| Spread::of(slices.iter().map(of).collect()).median;
        let base = slices.last().map_or(1.0, |slices| median(slices, |slice| slice.per_second));
        let rows: Vec<_> = servers
            .iter()
            .zip(&slices)
            .map(|((name, _), slices)| {
                let per_second = median(slices, |slice| slice.per_second);
                vec![
                    format!("{}, {name}", call.name()),
                    number(per_second),
                    number(per_second * rounds::number(call.decisions())),
                    format!("{:.0} %", 100.0 * per_second / base),
                    number(median(slices, |slice| slice.p50)),
                    number(median(slices, |slice| slice.p99)),
                    number(median(slices, |slice| slice.server_cpu)),
                    format!("{:.0} %", 100.0 * median(slices, |slice| slice.client_cpu)),
                ]
            })
            .collect();
        let heads = ["", "requests/s", "decisions/s", "of bare", "p50 µs", "p99 µs", "server µs", "client busy"];
        table::print(&heads, &rows);
    }
    Ok(())
}

/// For each connection the requests that it sends in turn, no two connections the same.
fn plans(
    call: Call,
    connections: usize,
    address: SocketAddr,
    world: &World,
    asks: &[Ask],
) -> anyhow::Result<Vec<Vec<Vec<u8>>>> {
    let requests = match call {
        Call::Single => SINGLES,
        Call::Batch => 2,
    };
    let mut groups = asks.chunks_exact(call.decisions()).cycle();
    (0..connections)
        .map(|_| {
            let groups = groups.by_ref().take(requests);
            groups.map(|asks| call.bytes(address, world, asks)).collect()
        })
        .collect()
}
