//! A server's process: started, watched, and always ended.

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::http;

/// The time limit for a server's first answer.
const START: Duration = Duration::from_secs(30);
/// The time limit for a server to exit after the signal.
const STOP: Duration = Duration::from_secs(5);

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// The address that it listens on.
    pub address: SocketAddr,
}

impl Process {
    /// Starts a server on a free port of loopback and waits until it answers `probe` with any answer. Returns it with
    /// the time from the start to that answer.
    ///
    /// # Errors
    /// It cannot be started, exits, or does not answer in time.
    pub fn start(
        program: &Path,
        arguments: impl FnOnce(SocketAddr) -> Vec<OsString>,
        log: &Path,
        probe: impl Fn(SocketAddr) -> Vec<u8>,
    ) -> anyhow::Result<(Self, Duration)> {
        let address = free_address()?;
        let output = File::options().create(true).append(true).open(log)?;
        let mut command = Command::new(program);
        command.args(arguments(address)).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let started = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot start `{}`", program.display()))?;
        let mut process = Self { child, address };
        loop {
            match http::send(address, &probe(address)) {
                Ok(_) => return Ok((process, started.elapsed())),
                Err(error) if started.elapsed() > START => {
                    return Err(error.context(format!(
                        "no answer within {} s, see `{}`",
                        START.as_secs(),
                        log.display()
                    )));
                }
                Err(_) => sleep(Duration::from_micros(200)),
            }
            if let Some(status) = process.child.try_wait()? {
                bail!("`{}` left at its start ({status}), see `{}`", program.display(), log.display());
            }
        }
    }

    /// Processor time of all its threads so far, to a hundredth of a second.
    ///
    /// # Errors
    /// The process no longer exists.
    pub fn cpu_time(&self) -> anyhow::Result<Duration> {
        cpu_time(&self.child.id().to_string())
    }

    /// Resident memory now, in bytes.
    ///
    /// # Errors
    /// The process no longer exists.
    pub fn resident(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no resident size")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1024)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It may have exited already.
            let _ = kill_process(pid, Signal::TERM);
        }
        let asked = Instant::now();
        while asked.elapsed() < STOP {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time of this process so far.
///
/// # Errors
/// The machine does not report it.
pub fn own_cpu_time() -> anyhow::Result<Duration> {
    cpu_time("self")
}

/// Processor time so far of a process and its children, those that have ended included.
///
/// # Errors
/// The process no longer exists.
pub fn family_cpu_time(parent: u32) -> anyhow::Result<Duration> {
    let mut total = ticks(&parent.to_string(), 4)?;
    for entry in fs::read_dir("/proc")? {
        let Ok(name) = entry?.file_name().into_string() else { continue };
        if !name.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let Ok(stat) = fs::read_to_string(format!("/proc/{name}/stat")) else { continue };
        let Some((_, fields)) = stat.rsplit_once(')') else { continue };
        if fields.split_whitespace().nth(1) == Some(&parent.to_string()) {
            // It may have ended meanwhile.
            total += ticks(&name, 2).unwrap_or_default();
        }
    }
    duration(total)
}

/// Processor time of everything on the machine so far, including the time that a hypervisor took.
///
/// # Errors
/// The machine does not report it.
pub fn machine_cpu_time() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("an unreadable stat")?;
    let mut ticks = 0;
    // user nice system idle iowait irq softirq steal
    for (index, field) in line.split_whitespace().take(8).enumerate() {
        if index != 3 && index != 4 {
            ticks += field.parse::<u64>()?;
        }
    }
    duration(ticks)
}

fn cpu_time(process: &str) -> anyhow::Result<Duration> {
    duration(ticks(process, 2)?)
}

/// The sum of the first so many of: user and system time of a process, and those of its children that have ended.
fn ticks(process: &str, count: usize) -> anyhow::Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).context("the process is gone")?;
    // The name, in parentheses, may contain anything; the numbers follow it. User time is field 14, system time 15.
    let (_, fields) = stat.rsplit_once(')').context("an unreadable stat")?;
    let mut ticks = 0;
    for field in fields.split_whitespace().skip(11).take(count) {
        ticks += field.parse::<u64>()?;
    }
    Ok(ticks)
}

fn duration(ticks: u64) -> anyhow::Result<Duration> {
    Ok(Duration::from_secs(ticks) / u32::try_from(rustix::param::clock_ticks_per_second())?)
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
