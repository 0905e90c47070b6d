//! Runs both evaluators on any number of generated cases:
//! `cargo run -p lanyard-engine --release --example agreement -- --cases 5000000 [--seed 1]`.
//! A case on which they disagree is made small and printed as a file for `tests/kept`. With `--all` it goes on, and
//! prints how many cases of each action and type they disagree on, and the first of them in one line.

#[path = "../tests/proof/agreement.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod agreement;
#[path = "../tests/proof/naive.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod naive;
#[path = "../tests/proof/random.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod random;
#[path = "../tests/proof/veil.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod veil;
#[path = "../tests/proof/vocabulary.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod vocabulary;
#[path = "../tests/proof/world.rs"]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, dead_code, reason = "shared with tests")]
mod world;

use std::process::ExitCode;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command, whose answer is its output")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str, default: u64| {
        let at = arguments.iter().position(|it| it == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    let (cases, seed) = (option("--cases", 1_000_000), option("--seed", 1));
    if arguments.iter().any(|it| it == "--all") {
        let failures = agreement::failures(seed, usize::try_from(cases).unwrap_or(usize::MAX));
        for (name, (count, case, fault)) in &failures {
            println!("{count} {name}: {fault}\n  {}", serde_json::to_string(case).unwrap_or_default());
        }
        return if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let threads = std::thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let share = usize::try_from(cases.div_ceil(threads)).unwrap_or(usize::MAX);
    let start = |n| std::thread::spawn(move || agreement::search(seed.wrapping_add(n * 1_000_003), share));
    let running: Vec<_> = (0..threads).map(start).collect();
    let mut failed = false;
    for thread in running {
        match thread.join() {
            Ok(Ok(tally)) => println!("{tally:?}"),
            Ok(Err(failure)) => {
                let (case, fault) = *failure;
                println!("{}", agreement::to_json(&case));
                eprintln!("{fault}");
                failed = true;
            }
            Err(_) => failed = true,
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
