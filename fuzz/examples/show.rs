//! Sends the requests of an input of the target `http`, and prints each answer: `cargo run -p lanyard-fuzz --example show FILE`.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for path in std::env::args().skip(1) {
        for (request, status, body) in lanyard_fuzz::answers(&std::fs::read(path)?) {
            writeln!(out, "{request}\n{status}\n{body}\n")?;
        }
    }
    Ok(())
}
