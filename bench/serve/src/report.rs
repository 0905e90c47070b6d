//! The tables.

use std::fmt::Write as _;
use std::time::Duration;

use crate::calls::Call;
use crate::servers::{Kind, Server};
use bench_load::drive::Slice;

/// The result of a call on a server in all rounds.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    NotServed(String),
    Failed(String),
    Measured(Vec<Slice>),
}

/// The median, the least and the greatest of some numbers.
#[derive(Clone, Copy, Debug)]
struct Spread {
    median: f64,
    least: f64,
    greatest: f64,
}

impl Spread {
    fn of(slices: &[Slice], number: impl Fn(&Slice) -> f64) -> Option<Self> {
        let mut numbers: Vec<f64> = slices.iter().map(number).collect();
        numbers.sort_by(f64::total_cmp);
        let (least, greatest) = (*numbers.first()?, *numbers.last()?);
        // For an even count the mean of the middle two.
        let upper = *numbers.get(numbers.len() / 2)?;
        let lower = *numbers.get((numbers.len() - 1) / 2)?;
        Some(Self { median: f64::midpoint(lower, upper), least, greatest })
    }
}

/// All results, as text.
pub(crate) fn render(servers: &[Server], outcomes: &[(Kind, Call, Outcome)]) -> anyhow::Result<String> {
    let mut text = String::new();
    for call in Call::ALL {
        writeln!(text, "\n{}{}", call.name(), if call.writes() { " (write)" } else { "" })?;
        writeln!(
            text,
            "  {:<12} {:>10} {:>19} {:>9} {:>9} {:>14} {:>12} {:>12}",
            "server", "requests/s", "(min–max)", "p50 ms", "p99 ms", "server µs/req", "client busy", "others busy"
        )?;
        for (kind, _, outcome) in outcomes.iter().filter(|(_, other, _)| *other == call) {
            writeln!(text, "  {:<12} {}", kind.name(), row(outcome))?;
        }
    }
    ratios(&mut text, outcomes)?;
    writeln!(text, "\nStart (spawn to first answer, empty store) and resident memory")?;
    writeln!(
        text,
        "  {:<12} {:>9} {:>17} {:>9} {:>13}",
        "server", "start ms", "(min–max)", "idle MiB", "after run MiB"
    )?;
    for server in servers {
        let milliseconds = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
        let range = format!("({:.1}–{:.1})", milliseconds(server.starts.first()), milliseconds(server.starts.last()));
        writeln!(
            text,
            "  {:<12} {:>9.1} {range:>17} {:>9} {:>13}",
            server.kind.name(),
            milliseconds(server.starts.get(server.starts.len() / 2)),
            mebibytes(server.idle),
            mebibytes(server.process.resident()?),
        )?;
    }
    writeln!(text)?;
    for server in servers {
        writeln!(text, "  {:<12} {}", server.kind.name(), server.kind.note())?;
    }
    Ok(text)
}

fn row(outcome: &Outcome) -> String {
    let slices = match outcome {
        Outcome::NotServed(why) => return format!("not served ({why})"),
        Outcome::Failed(why) => return format!("failed: {why}"),
        Outcome::Measured(slices) => slices,
    };
    let spreads = [
        Spread::of(slices, |slice| slice.per_second),
        Spread::of(slices, |slice| slice.p50),
        Spread::of(slices, |slice| slice.p99),
        Spread::of(slices, |slice| slice.server_cpu),
        Spread::of(slices, |slice| slice.client_cpu),
        Spread::of(slices, |slice| slice.other_cpu),
    ];
    let [Some(rate), Some(p50), Some(p99), Some(server), Some(client), Some(others)] = spreads else {
        return "not measured".to_owned();
    };
    let range = format!("({:.0}–{:.0})", rate.least, rate.greatest);
    format!(
        "{:>10.0} {range:>19} {:>9.2} {:>9.2} {:>14.1} {:>10.0} % {:>10.0} %",
        rate.median,
        p50.median / 1e3,
        p99.median / 1e3,
        server.median,
        client.median * 100.0,
        others.median * 100.0
    )
}

/// Lanyard's rate as a multiple of each other server's.
fn ratios(text: &mut String, outcomes: &[(Kind, Call, Outcome)]) -> std::fmt::Result {
    let rate = |kind: Kind, call: Call| {
        outcomes.iter().find(|(k, c, _)| *k == kind && *c == call).and_then(|(_, _, outcome)| match outcome {
            Outcome::Measured(slices) => Spread::of(slices, |slice| slice.per_second).map(|spread| spread.median),
            Outcome::NotServed(_) | Outcome::Failed(_) => None,
        })
    };
    let mut lines = String::new();
    for call in Call::ALL {
        let Some(ours) = rate(Kind::Lanyard, call) else { continue };
        for kind in [Kind::Winterbaume, Kind::Moto, Kind::BareHyper, Kind::BareAxum] {
            // moto serves at most one write: the comparison for updates when it has no security profiles.
            let (theirs, with) = match rate(kind, call) {
                Some(theirs) => (theirs, call),
                None if call == Call::UpdateSecurityProfile && kind == Kind::Moto => {
                    match rate(kind, Call::TagResource) {
                        Some(theirs) => (theirs, Call::TagResource),
                        None => continue,
                    }
                }
                None => continue,
            };
            let with = if with == call { String::new() } else { format!("'s {}", with.name()) };
            writeln!(lines, "  {:<22} {:>8.2} × {}{with}", call.name(), ours / theirs, kind.name())?;
        }
    }
    if !lines.is_empty() {
        write!(text, "\nlanyard's requests/s, against\n{lines}")?;
    }
    Ok(())
}

fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{}", tenths / 10, tenths % 10)
}
