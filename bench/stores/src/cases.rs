//! The measured cases, and one slice of each.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use bench_load::drive::{self, Shape, Slice};
use bench_load::machine;
use bench_load::process::Process;
use bench_load::signed::{self, Request};

use crate::Servers;
use crate::calls::{self, Call, Target};
use crate::postgres::{HEADS, INSERT};

/// A case, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    SqliteUpdate,
    PostgresUpdate,
    OneNodeThreeInstances,
    ThreeNodesOneInstance,
    ThreeNodesThreeInstances,
    Pgbench,
    Moto,
    SqliteDescribe,
    PostgresDescribe,
    SqliteDecision,
    PostgresNewest,
    PostgresLocal,
    Sync,
    SqliteLone,
    PostgresLone,
    PgbenchLone,
    LoneNewest,
    LoneLocal,
    Poll,
}

impl Case {
    pub(crate) const ALL: [Self; 19] = [
        Self::SqliteUpdate,
        Self::PostgresUpdate,
        Self::OneNodeThreeInstances,
        Self::ThreeNodesOneInstance,
        Self::ThreeNodesThreeInstances,
        Self::Pgbench,
        Self::Moto,
        Self::SqliteDescribe,
        Self::PostgresDescribe,
        Self::SqliteDecision,
        Self::PostgresNewest,
        Self::PostgresLocal,
        Self::Sync,
        Self::SqliteLone,
        Self::PostgresLone,
        Self::PgbenchLone,
        Self::LoneNewest,
        Self::LoneLocal,
        Self::Poll,
    ];

    /// The heading above the case, where it is the first of a group.
    pub(crate) fn heading(self) -> Option<&'static str> {
        match self {
            Self::SqliteUpdate => Some("Durable writes, all connections busy"),
            Self::SqliteDescribe => Some("Reads, all connections busy"),
            Self::Sync => Some("One connection, one request after another"),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SqliteUpdate => "UpdateSecurityProfile, SQLite",
            Self::PostgresUpdate => "UpdateSecurityProfile, PostgreSQL, 1 node, 1 instance",
            Self::OneNodeThreeInstances => "UpdateSecurityProfile, PostgreSQL, 1 node, 3 instances",
            Self::ThreeNodesOneInstance => "UpdateSecurityProfile, PostgreSQL, 3 nodes, 1 instance",
            Self::ThreeNodesThreeInstances => "UpdateSecurityProfile, PostgreSQL, 3 nodes, 3 instances",
            Self::Pgbench => "pgbench, single-row inserts, prepared",
            Self::Moto => "moto, TagResource, in memory",
            Self::SqliteDescribe => "DescribeSecurityProfile, SQLite",
            Self::PostgresDescribe => "DescribeSecurityProfile, PostgreSQL, read index",
            Self::SqliteDecision => "AuthZEN decision, SQLite",
            Self::PostgresNewest => "AuthZEN decision, PostgreSQL, newest (read index)",
            Self::PostgresLocal => "AuthZEN decision, PostgreSQL, local",
            Self::Sync => "4 KiB appended and synced, directory of SQLite",
            Self::SqliteLone => "UpdateSecurityProfile, SQLite",
            Self::PostgresLone => "UpdateSecurityProfile, PostgreSQL",
            Self::PgbenchLone => "pgbench, single-row inserts, prepared",
            Self::LoneNewest => "AuthZEN decision, PostgreSQL, newest (read index)",
            Self::LoneLocal => "AuthZEN decision, PostgreSQL, local",
            Self::Poll => "pgbench, the last entries of 10,000 instances",
        }
    }

    pub(crate) fn is_lone(self) -> bool {
        matches!(
            self,
            Self::Sync
                | Self::SqliteLone
                | Self::PostgresLone
                | Self::PgbenchLone
                | Self::LoneNewest
                | Self::LoneLocal
                | Self::Poll
        )
    }
}

/// The results of one slice. Times are microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Processor time of the servers for a request.
    pub(crate) server_cpu: Option<f64>,
    /// Processor time of the database for a request.
    pub(crate) database_cpu: Option<f64>,
    /// The load average after the slice.
    pub(crate) load: f64,
}

/// The length of a slice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    pub(crate) seconds: u16,
    pub(crate) warm_up: u16,
    pub(crate) connections: u16,
}

/// The connections of one server.
struct Load<'a> {
    server: &'a Process,
    plans: Vec<Vec<Vec<u8>>>,
    check: fn(&[u8]) -> anyhow::Result<()>,
}

/// One slice of a case.
pub(crate) fn slice(case: Case, servers: &Servers, length: Length, round: u16) -> anyhow::Result<Measured> {
    let connections = if case.is_lone() { 1 } else { length.connections };
    let (sqlite, nodes) = (&servers.sqlite, &servers.nodes);
    let Some((node, [first, ..])) = nodes.first().zip(Some(&servers.targets)) else { bail!("there is no node") };
    let prefix = format!("round {round} {} ", Case::ALL.iter().position(|it| *it == case).unwrap_or_default());
    let load = |server, call, targets: &[Target], connections| load(server, call, targets, connections, &prefix);
    let one = |server, call, target: &Target| Ok(vec![load(server, call, std::slice::from_ref(target), connections)?]);
    let shared = |of: fn(usize) -> usize| {
        let share = connections / 3;
        let loads = nodes.iter().enumerate().map(|(index, node)| {
            let share = if index == 0 { connections - 2 * share } else { share };
            let target = servers.targets.get(of(index)).context("no instance for a node")?;
            load(node, Call::Update, std::slice::from_ref(target), share)
        });
        loads.collect::<anyhow::Result<Vec<_>>>()
    };
    let loads: anyhow::Result<Vec<Load<'_>>> = match case {
        Case::SqliteUpdate | Case::SqliteLone => one(sqlite, Call::Update, &servers.sqlite_target),
        Case::PostgresUpdate | Case::PostgresLone => one(node, Call::Update, first),
        Case::OneNodeThreeInstances => Ok(vec![load(node, Call::Update, &servers.targets, connections)?]),
        Case::ThreeNodesOneInstance => shared(|_| 0),
        Case::ThreeNodesThreeInstances => shared(|index| index),
        Case::SqliteDescribe => one(sqlite, Call::Describe, &servers.sqlite_target),
        Case::PostgresDescribe => one(node, Call::Describe, first),
        Case::SqliteDecision => one(sqlite, Call::Newest, &servers.sqlite_target),
        Case::PostgresNewest | Case::LoneNewest => one(node, Call::Newest, first),
        Case::PostgresLocal | Case::LoneLocal => one(node, Call::Local, first),
        Case::Moto => {
            let Some((moto, instance)) = &servers.moto else { bail!("moto is left out") };
            Ok(vec![moto_load(moto, instance, connections, &prefix)])
        }
        Case::Pgbench | Case::PgbenchLone => return pgbench(servers, INSERT, connections, length.seconds),
        Case::Poll => return pgbench(servers, HEADS, connections, length.seconds),
        Case::Sync => return sync(servers, length.seconds),
    };
    let measured = drive_all(&loads?, servers, length)?;
    if matches!(case, Case::SqliteUpdate | Case::SqliteLone) {
        check_written(sqlite, &servers.sqlite_target, &prefix)?;
    } else if matches!(case, Case::PostgresUpdate | Case::PostgresLone | Case::ThreeNodesOneInstance) {
        // Every node answers with the last write of any.
        for node in nodes {
            check_written(node, first, &prefix)?;
        }
    }
    Ok(measured)
}

/// The plans of a server's connections, each with two requests in turn that never write the same value.
fn load<'a>(
    server: &'a Process,
    call: Call,
    targets: &[Target],
    connections: u16,
    prefix: &str,
) -> anyhow::Result<Load<'a>> {
    let plan = |(connection, target): (u16, &Target)| {
        ["a", "b"]
            .map(|half| call.request(target, &format!("{prefix}connection {connection} {half}")))
            .map(|request| signed::bytes(&request, server.address))
            .to_vec()
    };
    ensure!(!targets.is_empty(), "there is no instance");
    let plans = (0..connections).zip(targets.iter().cycle()).map(plan).collect();
    let check: fn(&[u8]) -> anyhow::Result<()> = match call {
        Call::Update => |body| Call::Update.check(body),
        Call::Describe => |body| Call::Describe.check(body),
        Call::Newest | Call::Local => |body| Call::Newest.check(body),
    };
    Ok(Load { server, plans, check })
}

fn moto_load<'a>(server: &'a Process, instance: &str, connections: u16, prefix: &str) -> Load<'a> {
    let plan = |connection| {
        ["a", "b"]
            .map(|half| calls::tag_instance(instance, &format!("{prefix}connection {connection} {half}")))
            .map(|request| signed::bytes(&request, server.address))
            .to_vec()
    };
    Load { server, plans: (0..connections).map(plan).collect(), check: |_| Ok(()) }
}

/// Drives all loads at the same time. Rates add up; p50 is the mean by requests, p99 that of the slowest load.
fn drive_all(loads: &[Load<'_>], servers: &Servers, length: Length) -> anyhow::Result<Measured> {
    let (warm_up, measured) =
        (Duration::from_millis(length.warm_up.into()), Duration::from_secs(length.seconds.into()));
    let shape = Shape { threads: 1, warm_up, measured };
    let from = Instant::now() + warm_up;
    let times = || -> anyhow::Result<(Duration, Duration)> {
        let used: anyhow::Result<Duration> = loads.iter().map(|load| load.server.cpu_time()).sum();
        Ok((used?, servers.postgres.cpu_time()?))
    };
    let (slices, before, after) = scope(|scope| {
        let run = |load: &Load<'_>| drive::run(load.server.address, load.server, &load.plans, &load.check, shape);
        let threads: Vec<_> = loads.iter().map(|load| scope.spawn(move || run(load))).collect();
        sleep(from.saturating_duration_since(Instant::now()));
        let before = times()?;
        sleep((from + measured).saturating_duration_since(Instant::now()));
        let after = times()?;
        let mut slices: Vec<Slice> = Vec::new();
        for thread in threads {
            let Ok(slice) = thread.join() else { bail!("a thread of the client ended badly") };
            slices.push(slice?);
        }
        Ok((slices, before, after))
    })?;
    let rate: f64 = slices.iter().map(|slice| slice.per_second).sum();
    let requests = rate * measured.as_secs_f64();
    let each = |after: Duration, before: Duration| after.saturating_sub(before).as_secs_f64() * 1e6 / requests;
    let on_postgres = loads.iter().any(|load| servers.nodes.iter().any(|node| node.address == load.server.address));
    Ok(Measured {
        per_second: rate,
        p50: slices.iter().map(|slice| slice.p50 * slice.per_second).sum::<f64>() / rate,
        p99: slices.iter().map(|slice| slice.p99).fold(0.0, f64::max),
        server_cpu: Some(each(after.0, before.0)),
        database_cpu: on_postgres.then(|| each(after.1, before.1)),
        load: machine::load_average()?,
    })
}

fn pgbench(servers: &Servers, statement: &str, connections: u16, seconds: u16) -> anyhow::Result<Measured> {
    let done = servers.postgres.repeat(statement, crate::PEER, &servers.work, connections, seconds)?;
    Ok(Measured {
        per_second: done.per_second,
        p50: done.p50,
        p99: done.p99,
        server_cpu: None,
        database_cpu: Some(done.database_cpu),
        load: machine::load_average()?,
    })
}

fn sync(servers: &Servers, seconds: u16) -> anyhow::Result<Measured> {
    let times = machine::sync_times(&servers.work, Duration::from_secs(seconds.into()))?;
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a few seconds at most")]
    let at = |share: usize| times.get(times.len() * share / 100).map(|time| *time as f64).context("nothing was timed");
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    let count = times.len() as f64;
    Ok(Measured {
        per_second: count / f64::from(seconds),
        p50: at(50)?,
        p99: at(99)?,
        load: machine::load_average()?,
        ..Measured::default()
    })
}

/// Whether the last update is one of those whose value begins with `prefix`.
fn check_written(server: &Process, target: &Target, prefix: &str) -> anyhow::Result<()> {
    let request: Request = Call::Describe.request(target, "");
    let json = calls::sent(server.address, &request)?;
    let value = json.pointer("/SecurityProfile/Description").and_then(|value| value.as_str());
    ensure!(value.is_some_and(|value| value.starts_with(prefix)), "what was written is not there: {json}");
    Ok(())
}
