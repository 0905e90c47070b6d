//! The start with a large instance, and memory.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use bench_load::process::Process;
use bench_load::signed;

use crate::calls::{self, Target};

/// Instances that have only what is built in, to see what each takes.
const BARE_INSTANCES: u32 = 200;

/// The figures of one store.
pub(crate) struct Starts {
    pub(crate) store: &'static str,
    /// From the start of the process to the first answer about an empty store, and about the large instance; sorted.
    pub(crate) empty: Vec<Duration>,
    pub(crate) large: Vec<Duration>,
    /// Processor time until the first answer about the large instance; the median.
    pub(crate) processor: Duration,
    /// Bytes resident: with nothing, with the large instance, with some that have only what is built in.
    pub(crate) memory_empty: u64,
    pub(crate) memory_large: u64,
    pub(crate) memory_bare: u64,
    /// Users of the large instance, and instances of the last figure.
    pub(crate) users: u32,
    pub(crate) bare: u32,
}

/// The programs and the places of one store: for the large instance and for the bare ones.
pub(crate) struct Stores<'a> {
    pub(crate) name: &'static str,
    pub(crate) lanyard: &'a Path,
    pub(crate) log: &'a Path,
    pub(crate) empty: Vec<OsString>,
    pub(crate) large: Vec<OsString>,
    pub(crate) bare: Vec<OsString>,
}

impl Stores<'_> {
    /// Seeds, and starts the server again and again.
    pub(crate) fn measure(&self, users: u32, times: u16) -> anyhow::Result<Starts> {
        let (seeding, _) = start(self.lanyard, &self.large, self.log, None)?;
        eprintln!("{}: seeding {users} users", self.name);
        let target = calls::seed(seeding.address, users)?;
        drop(seeding);
        let (mut empty, mut large, mut processor) = (Vec::new(), Vec::new(), Vec::new());
        let (mut memory_empty, mut memory_large) = (Vec::new(), Vec::new());
        for _ in 0..times {
            let (server, time) = start(self.lanyard, &self.empty, self.log, None)?;
            empty.push(time);
            memory_empty.push(server.resident()?);
            drop(server);
            let (server, time) = start(self.lanyard, &self.large, self.log, Some(&target))?;
            processor.push(server.cpu_time()?);
            eprintln!("{}: first answer after {} ms", self.name, time.as_millis());
            large.push(time);
            calls::sent(server.address, &calls::describe_user(&target)).context("the first answer was no answer")?;
            memory_large.push(server.resident()?);
        }
        empty.sort_unstable();
        large.sort_unstable();
        Ok(Starts {
            store: self.name,
            empty,
            large,
            processor: median(processor).unwrap_or_default(),
            memory_empty: median(memory_empty).unwrap_or_default(),
            memory_large: median(memory_large).unwrap_or_default(),
            memory_bare: self.bare_instances()?,
            users,
            bare: BARE_INSTANCES,
        })
    }

    fn bare_instances(&self) -> anyhow::Result<u64> {
        let (server, _) = start(self.lanyard, &self.bare, self.log, None)?;
        let instances: Vec<String> =
            (0..BARE_INSTANCES).map(|_| calls::create_instance(server.address)).collect::<anyhow::Result<_>>()?;
        drop(server);
        let (server, _) = start(self.lanyard, &self.bare, self.log, None)?;
        for instance in &instances {
            calls::sent(server.address, &calls::describe_instance(instance))?;
        }
        server.resident()
    }
}

/// Starts a server, and waits for the first answer to a question about `target`, or any answer.
pub(crate) fn start(
    lanyard: &Path,
    store: &[OsString],
    log: &Path,
    target: Option<&Target>,
) -> anyhow::Result<(Process, Duration)> {
    let arguments = |address: std::net::SocketAddr| {
        let listen = ["serve".to_owned(), "--listen".to_owned(), address.to_string()].map(OsString::from);
        [&listen, store].concat()
    };
    let request = match target {
        Some(target) => calls::describe_user(target),
        None => calls::describe_instance(&"0".repeat(36)),
    };
    Process::start(lanyard, arguments, log, |address| signed::bytes(&request, address))
}

/// The middle one.
pub(crate) fn median<T: Ord + Copy>(mut of: Vec<T>) -> Option<T> {
    of.sort_unstable();
    of.get(of.len() / 2).copied()
}
