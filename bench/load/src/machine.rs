//! The machine of the measurement.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

/// Lines that describe the machine, and the disk under `directory`.
///
/// # Errors
/// The machine does not report it.
pub fn describe(directory: &Path) -> anyhow::Result<Vec<String>> {
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kibibytes: u64 =
        memory.split_whitespace().nth(1).context("no memory size")?.parse().context("an unreadable memory size")?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(vec![
        format!("{} processors, {model}; {} GiB memory", std::thread::available_parallelism()?, kibibytes >> 20),
        format!("Linux {}", kernel.trim()),
        format!(
            "data on {}; 4 KiB written and synced in {} µs (median)",
            file_system(directory)?,
            sync_time(directory)?
        ),
    ])
}

/// The type of the file system that holds a directory.
///
/// # Errors
/// The machine does not report it.
pub fn file_system(directory: &Path) -> anyhow::Result<String> {
    let directory = directory.canonicalize()?;
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            Some((fields.next()?, fields.next()?))
        })
        .filter(|(mount, _)| directory.starts_with(mount))
        // Of several mounts on the same place the last one is effective.
        .max_by_key(|(mount, _)| mount.len())
        .map(|(_, kind)| kind.to_owned())
        .context("no file system holds the data directory")
}

/// Refuses a directory that is not on a disk, since syncing there costs nothing.
///
/// # Errors
/// It is in memory, or the machine does not report it.
pub fn on_a_disk(directory: &Path) -> anyhow::Result<()> {
    let kind = file_system(directory)?;
    ensure!(
        !matches!(kind.as_str(), "tmpfs" | "ramfs"),
        "`{}` is on {kind}, which never reaches a disk; name another",
        directory.display()
    );
    Ok(())
}

/// The durations of appending 4 KiB to a file and syncing it, in microseconds, sorted: as many as fit in `time`.
///
/// # Errors
/// The directory cannot be written.
pub fn sync_times(directory: &Path, time: Duration) -> anyhow::Result<Vec<u128>> {
    let path = directory.join("sync-time");
    let mut file = File::create(&path)?;
    let mut times = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < time {
        let started = Instant::now();
        file.write_all(&[0x5a; 4096])?;
        file.sync_data()?;
        times.push(started.elapsed().as_micros());
    }
    fs::remove_file(path)?;
    times.sort_unstable();
    Ok(times)
}

/// The number of processes that wanted a processor, as an average over the last minute.
///
/// # Errors
/// The machine does not report it.
pub fn load_average() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/loadavg")?;
    text.split_whitespace().next().and_then(|first| first.parse().ok()).context("an unreadable load average")
}

/// The median duration of one append with its sync, in microseconds.
fn sync_time(directory: &Path) -> anyhow::Result<u128> {
    let times = sync_times(directory, Duration::from_millis(300))?;
    times.get(times.len() / 2).copied().context("nothing was timed")
}
