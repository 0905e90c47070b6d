//! Sends the requests of inputs of the target `http`, and prints each answer as a line of JSON.
//!
//! `cargo run -p lanyard-fuzz --example show -- FILE` sends them to the world of the fuzzers, and with `--new` before FILE to a
//! server without anything, as `world.http` is.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut paths: Vec<_> = std::env::args().skip(1).collect();
    let is_new = paths.first().is_some_and(|path| path == "--new");
    for path in paths.drain(usize::from(is_new)..) {
        let input = std::fs::read(path)?;
        let answers = if is_new { lanyard_fuzz::make(&input).1 } else { lanyard_fuzz::answers(&input) };
        for answer in answers {
            writeln!(out, "{}", serde_json::to_string(&answer)?)?;
        }
    }
    Ok(())
}
