//! The machine of the measurement.

use std::fs;

/// Lines that describe the machine.
#[must_use]
pub fn describe() -> Vec<String> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let memory = read("/proc/meminfo");
    let kibibytes: u64 = memory.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default();
    vec![
        format!(
            "{} processors ({}), last cache {} MiB, {} GiB of memory",
            threads(),
            model.trim_start_matches([' ', '\t', ':']),
            last_cache() >> 20,
            kibibytes >> 20
        ),
        format!("Linux {}, load {}", read("/proc/sys/kernel/osrelease").trim(), read("/proc/loadavg").trim()),
    ]
}

/// The number of threads that can run at a time.
#[must_use]
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// The size of the last cache, in bytes; 64 MiB where the machine does not report it.
#[must_use]
pub fn last_cache() -> usize {
    let size = |index: usize| {
        let text = fs::read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{index}/size")).ok()?;
        let (number, unit) = text.trim().split_at_checked(text.trim().len().checked_sub(1)?)?;
        let unit = if unit == "M" { 1 << 20 } else { 1 << 10 };
        Some(number.parse::<usize>().ok()? * unit)
    };
    (0..8).filter_map(size).max().unwrap_or(64 << 20)
}
