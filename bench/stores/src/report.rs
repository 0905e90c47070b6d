//! The tables.

use std::time::Duration;

use crate::cases::{Case, Measured};
use crate::starts::Starts;

/// The results of one case.
pub(crate) enum Outcome {
    Measured(Vec<Measured>),
    Failed(String),
}

/// The median of a figure, and its least and greatest.
fn spread(of: &[Measured], figure: impl Fn(&Measured) -> Option<f64>) -> Option<(f64, f64, f64)> {
    let mut figures: Vec<f64> = of.iter().filter_map(figure).collect();
    figures.sort_by(f64::total_cmp);
    let (upper, lower) = (figures.get(figures.len() / 2)?, figures.get((figures.len() - 1) / 2)?);
    Some((f64::midpoint(*lower, *upper), *figures.first()?, *figures.last()?))
}

/// Prints every case.
pub(crate) fn cases(outcomes: &[(Case, Outcome)]) {
    for (case, outcome) in outcomes {
        if let Some(heading) = case.heading() {
            println!("\n{heading}");
            println!(
                "  {:<56} {:>8} {:>17} {:>8} {:>8} {:>11} {:>11} {:>6}",
                "", "a second", "(min–max)", "p50 ms", "p99 ms", "server µs", "database µs", "load"
            );
        }
        let measured = match outcome {
            Outcome::Failed(why) => {
                println!("  {:<56} failed: {why}", case.name());
                continue;
            }
            Outcome::Measured(measured) => measured,
        };
        let median = |figure: fn(&Measured) -> Option<f64>| spread(measured, figure).map(|(median, ..)| median);
        let Some((rate, least, greatest)) = spread(measured, |it| Some(it.per_second)) else { continue };
        let shown = |figure: Option<f64>| figure.map_or("–".to_owned(), |figure| format!("{figure:.0}"));
        println!(
            "  {:<56} {rate:>8.0} {:>17} {:>8.2} {:>8.2} {:>11} {:>11} {:>6.1}",
            case.name(),
            format!("({least:.0}–{greatest:.0})"),
            median(|it| Some(it.p50)).unwrap_or_default() / 1e3,
            median(|it| Some(it.p99)).unwrap_or_default() / 1e3,
            shown(median(|it| it.server_cpu)),
            shown(median(|it| it.database_cpu)),
            median(|it| Some(it.load)).unwrap_or_default(),
        );
    }
}

/// Prints the starts and the memory of a store.
pub(crate) fn starts(starts: &[Starts]) {
    if starts.is_empty() {
        return;
    }
    println!("\nStart of the process to its first answer, and resident memory");
    for it in starts {
        let ms = |times: &[Duration], at: usize| times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        let range = |times: &[Duration]| {
            let (middle, last) = (times.len() / 2, times.len().saturating_sub(1));
            format!("{:.0} ms ({:.0}–{:.0})", ms(times, middle), ms(times, 0), ms(times, last))
        };
        println!("  {}", it.store);
        println!("    empty store                        {}", range(&it.empty));
        println!(
            "    an instance of {} users        {}, {} ms of processor time",
            it.users,
            range(&it.large),
            it.processor.as_millis()
        );
        let mebibytes = |bytes: u64| format!("{}.{} MiB", bytes >> 20, (bytes.saturating_mul(10) >> 20) % 10);
        let more = |bytes: u64| bytes.saturating_sub(it.memory_empty);
        println!("    memory, nothing loaded             {}", mebibytes(it.memory_empty));
        println!(
            "    memory, that instance              {}, {} for 10,000 users",
            mebibytes(it.memory_large),
            mebibytes(more(it.memory_large) / u64::from(it.users.max(1)) * 10_000)
        );
        println!(
            "    memory, {} instances without users {}, {} KiB each",
            it.bare,
            mebibytes(it.memory_bare),
            (more(it.memory_bare) / u64::from(it.bare.max(1))) >> 10
        );
    }
}

/// Prints the ratios that the aims are about.
pub(crate) fn ratios(outcomes: &[(Case, Outcome)], large: &[Starts]) {
    let figure = |case: Case, figure: fn(&Measured) -> Option<f64>| {
        outcomes.iter().find(|(it, _)| *it == case).and_then(|(_, outcome)| match outcome {
            Outcome::Measured(measured) => spread(measured, figure).map(|(median, ..)| median),
            Outcome::Failed(_) => None,
        })
    };
    let rate = |case| figure(case, |it| Some(it.per_second));
    let p99 = |case| figure(case, |it| Some(it.p99));
    let cpu = |case| figure(case, |it| it.server_cpu);
    let sync = figure(Case::Sync, |it| Some(it.p50));
    println!("\nRatios");
    let lines = [
        ("writes on SQLite, of the reads on it", rate(Case::SqliteUpdate), rate(Case::SqliteDescribe), "≥ 0.5"),
        ("writes on SQLite, of moto's", rate(Case::SqliteUpdate), rate(Case::Moto), "≥ 50"),
        ("writes on PostgreSQL, of pgbench's", rate(Case::PostgresUpdate), rate(Case::Pgbench), "≥ 0.5"),
        ("three nodes, of one", rate(Case::ThreeNodesThreeInstances), rate(Case::PostgresUpdate), "≥ 1.5"),
        ("p99 of a lone write on SQLite, of one sync's p50", p99(Case::SqliteLone), sync, "≤ 3"),
        ("p99 of a lone write on SQLite, of a sync's p99", p99(Case::SqliteLone), p99(Case::Sync), ""),
        ("p99 of a lone write on PostgreSQL, of one sync's p50", p99(Case::PostgresLone), sync, "≤ 3"),
        ("p99 of a lone write on PostgreSQL, of pgbench's", p99(Case::PostgresLone), p99(Case::PgbenchLone), ""),
        (
            "processor time of a newest decision, of a local one",
            cpu(Case::PostgresNewest),
            cpu(Case::PostgresLocal),
            "≤ 1.3",
        ),
        ("the same, one after another", cpu(Case::LoneNewest), cpu(Case::LoneLocal), ""),
    ];
    for (what, ours, theirs, aim) in lines {
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            println!("  {what:<56} {:>8.2}   {aim}", ours / theirs);
        }
    }
    for it in large {
        let middle = it.large.get(it.large.len() / 2).map_or(0.0, Duration::as_secs_f64);
        println!("  {:<56} {middle:>8.2}   < 1", format!("seconds to the first answer, {}", it.store));
    }
}
