//! Writes the generated files of the wire crate and of the client from the API models. With `--check`, it compares
//! the files with its output instead.
//!
//! The output depends only on the models, the corrections in [`patterns`] and this program. It has rustfmt's form, so
//! that a second run changes nothing.

mod emit;
mod model;
mod names;
mod patterns;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--check"] => true,
        _ => return fail("usage: lanyard-codegen [--check]"),
    };
    match run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    // There is no recipient when standard error is closed.
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::FAILURE
}

fn run(check: bool) -> Result<(), String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut services = Vec::new();
    for service in emit::SERVICES {
        let model = model::Model::parse(&read(&crates.join("wire").join(service.model))?)
            .map_err(|error| format!("{}: {error}", service.model))?;
        services.push((service, model));
    }
    let connect = services.first().map(|(_, model)| model).ok_or("there is no service")?;
    for (name, files) in [("wire", emit::files(&services)?), ("client", emit::client_files(connect)?)] {
        let directory = crates.join(name).join("src/generated");
        let expected: Vec<(PathBuf, String)> =
            files.into_iter().map(|(name, text)| (directory.join(name), text)).collect();
        match check {
            true => compare(&directory, &expected),
            false => write(&directory, &expected),
        }?;
    }
    Ok(())
}

fn compare(directory: &Path, expected: &[(PathBuf, String)]) -> Result<(), String> {
    let mut different: Vec<String> = expected
        .iter()
        .filter(|(path, text)| read(path).as_ref() != Ok(text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    for path in files_below(directory)? {
        if !expected.iter().any(|(known, _)| *known == path) {
            different.push(path.display().to_string());
        }
    }
    match different.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "these files are not what the generator writes, run `cargo run -p lanyard-codegen`:\n{}",
            different.join("\n")
        )),
    }
}

fn files_below(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))? {
        let path = entry.map_err(|error| format!("{}: {error}", directory.display()))?.path();
        match path.is_dir() {
            true => files.extend(files_below(&path)?),
            false => files.push(path),
        }
    }
    Ok(files)
}

fn write(directory: &Path, expected: &[(PathBuf, String)]) -> Result<(), String> {
    if directory.exists() {
        std::fs::remove_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    for (path, text) in expected {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
        }
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
