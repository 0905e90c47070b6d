//! The compared servers: how each is started, and its supported calls.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bench_load::process::Process;
use bench_load::signed::{self, Request};
use clap::ValueEnum;
use serde_json::Value;

use crate::calls::{self, Call, Target};

/// A server under comparison, in the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Kind {
    Lanyard,
    Winterbaume,
    Moto,
    BareHyper,
    BareAxum,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lanyard => "lanyard",
            Self::Winterbaume => "winterbaume",
            Self::Moto => "moto",
            Self::BareHyper => "bare hyper",
            Self::BareAxum => "bare axum",
        }
    }

    /// Its work for a request, for the reader of the table.
    pub(crate) fn note(self) -> &'static str {
        match self {
            Self::Lanyard => "Rust; every signature verified, every write synced to disk before it is answered",
            Self::Winterbaume => "Rust; signatures not verified, state in memory",
            Self::Moto => "Python; signatures not verified, state in memory, closes each connection",
            Self::BareHyper => "hyper 1; parses the body, answers a constant",
            Self::BareAxum => "axum on hyper 1; routes, parses the body, answers a constant",
        }
    }

    fn is_bare(self) -> bool {
        matches!(self, Self::BareHyper | Self::BareAxum)
    }
}

/// The programs and the writable directories.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) lanyard: PathBuf,
    pub(crate) moto: PathBuf,
    /// The directory of the peers that this workspace builds.
    pub(crate) peers: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) logs: PathBuf,
}

/// The bodies of the two reads, which the bare servers answer.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub(crate) instance: Vec<u8>,
    pub(crate) tags: Vec<u8>,
}

/// A running server after its set-up.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) process: Process,
    pub(crate) target: Target,
    /// For each call of `Call::ALL`, the reason why it is not served, if any.
    pub(crate) unserved: Vec<(Call, Option<String>)>,
    /// From start to first answer, sorted.
    pub(crate) starts: Vec<Duration>,
    /// Bytes resident before the set-up.
    pub(crate) idle: u64,
}

impl Server {
    /// Starts a server `starts` times on an empty store and sets the last one up. A bare server takes the target and the
    /// answers of `model`, the first server that was set up.
    pub(crate) fn start(kind: Kind, places: &Places, starts: usize, model: Option<&Self>) -> anyhow::Result<Self> {
        let mut times = Vec::new();
        for attempt in 1..starts {
            let (process, time) = spawn(kind, places, attempt, model)?;
            drop(process);
            times.push(time);
        }
        let (process, time) = spawn(kind, places, 0, model)?;
        times.push(time);
        times.sort();
        std::thread::sleep(Duration::from_secs(1));
        let idle = process.resident()?;
        let target = match (kind.is_bare(), model) {
            (false, _) => set_up(process.address)?,
            (true, Some(model)) => model.target.clone(),
            (true, None) => Target::sample(),
        };
        let mut server = Self { kind, process, target, unserved: Vec::new(), starts: times, idle };
        server.unserved = Call::ALL.map(|call| (call, server.probe(call).err().map(|why| format!("{why:#}")))).to_vec();
        Ok(server)
    }

    /// The reason why a call is not served; none if it is.
    pub(crate) fn why_unserved(&self, call: Call) -> Option<&str> {
        self.unserved.iter().find(|(other, _)| *other == call).and_then(|(_, why)| why.as_deref())
    }

    /// Whether the body of an answer to `call` is right. A bare server's body is not checked.
    pub(crate) fn check(&self, call: Call, body: &[u8]) -> anyhow::Result<()> {
        if self.kind.is_bare() { Ok(()) } else { call.check(&self.target, body) }
    }

    /// Whether the last write of `call` is one of those whose value begins with `prefix`.
    pub(crate) fn check_written(&self, call: Call, prefix: &str) -> anyhow::Result<()> {
        let Some((request, pointer)) = call.read_back(&self.target).filter(|_| !self.kind.is_bare()) else {
            return Ok(());
        };
        let json: Value = serde_json::from_slice(&ok(self.process.address, &request)?)?;
        let value = json.pointer(pointer).and_then(Value::as_str);
        ensure!(value.is_some_and(|value| value.starts_with(prefix)), "what was written is not there: {json}");
        Ok(())
    }

    fn probe(&self, call: Call) -> anyhow::Result<()> {
        let body = ok(self.process.address, &call.request(&self.target, "probe"))?;
        self.check(call, &body)?;
        self.check_written(call, "probe")
    }

    fn answers(&self) -> anyhow::Result<Answers> {
        let answer = |call: Call| ok(self.process.address, &call.request(&self.target, ""));
        Ok(Answers { instance: answer(Call::DescribeInstance)?, tags: answer(Call::ListTagsForResource)? })
    }
}

/// Sends a request and requires a 200.
fn ok(address: SocketAddr, request: &Request) -> anyhow::Result<Vec<u8>> {
    let answer = signed::send(address, request)?;
    ensure!(answer.status == 200, "status {}", answer.status);
    Ok(answer.body)
}

fn set_up(address: SocketAddr) -> anyhow::Result<Target> {
    let body = ok(address, &calls::create_instance()).context("CreateInstance")?;
    let json: Value = serde_json::from_slice(&body).context("CreateInstance")?;
    let (Some(id), Some(arn)) = (json.pointer("/Id"), json.pointer("/Arn")) else {
        bail!("CreateInstance answered neither an id nor an ARN: {json}");
    };
    let text = |value: &Value| value.as_str().map(str::to_owned).context("CreateInstance: not a string");
    let mut target = Target { instance_id: text(id)?, instance_arn: text(arn)?, ..Target::sample() };
    // A server without security profiles keeps the sample's id, and the probe of UpdateSecurityProfile detects it.
    let answer = signed::send(address, &calls::create_profile(&target.instance_id))?;
    if answer.status == 200 {
        let json: Value = serde_json::from_slice(&answer.body).context("CreateSecurityProfile")?;
        target.profile_id = json.pointer("/SecurityProfileId").map(text).context("CreateSecurityProfile: no id")??;
    }
    Ok(target)
}

fn spawn(kind: Kind, places: &Places, attempt: usize, model: Option<&Server>) -> anyhow::Result<(Process, Duration)> {
    let file = kind.name().replace(' ', "-");
    let log = places.logs.join(format!("{file}.log"));
    let own = places.data.join(format!("{file}-{attempt}"));
    fs::create_dir_all(&own).with_context(|| format!("cannot create `{}`", own.display()))?;
    let listen = |address: SocketAddr| ["--listen".to_owned(), address.to_string()].map(OsString::from).to_vec();
    match kind {
        Kind::Lanyard => {
            let arguments =
                |address| [vec!["serve".into()], listen(address), vec!["--data".into(), own.into()]].concat();
            Process::start(&places.lanyard, arguments, &log, probe)
        }
        Kind::Winterbaume => Process::start(&places.peers.join("bench-winterbaume"), listen, &log, probe),
        Kind::Moto => {
            let arguments = |address: SocketAddr| vec!["-p".into(), address.port().to_string().into()];
            Process::start(&places.moto, arguments, &log, probe)
        }
        Kind::BareHyper | Kind::BareAxum => {
            let answers = model.map_or_else(|| Ok(sample_answers()), Server::answers)?;
            let (instance, tags) = (own.join("instance"), own.join("tags"));
            fs::write(&instance, &answers.instance)?;
            fs::write(&tags, &answers.tags)?;
            let library = if kind == Kind::BareHyper { "hyper" } else { "axum" };
            let files: Vec<OsString> = vec![
                "--http".into(),
                library.into(),
                "--instance".into(),
                instance.into(),
                "--tags".into(),
                tags.into(),
            ];
            Process::start(&places.peers.join("bench-bare"), |address| [listen(address), files].concat(), &log, probe)
        }
    }
}

/// A request that every server answers in some way.
fn probe(address: SocketAddr) -> Vec<u8> {
    let unknown = Request { method: "GET", path: format!("/instance/{}", "0".repeat(36)), body: Vec::new() };
    signed::bytes(&unknown, address)
}

/// Answers of a realistic size, for a run of only bare servers.
fn sample_answers() -> Answers {
    Answers {
        instance: vec![b' '; 500],
        tags: br#"{"tags":{"bench":"set-up","team":"sales","site":"leeds"}}"#.to_vec(),
    }
}
