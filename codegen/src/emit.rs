//! The generated files: invocations of the wire crate's macros, one line for one fact of the model.

mod calls;
mod operations;
mod shapes;

use crate::model::Model;

const HEADER: &str = "Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.";

/// The names and texts of the client's files.
pub(crate) fn client_files(model: &Model) -> Result<Vec<(&'static str, String)>, String> {
    let modules = "pub(crate) mod calls;\n";
    let root = format!("//! The operations of the API model as calls.\n//!\n//! {HEADER}\n\n{modules}");
    Ok(vec![("calls.rs", calls::file(model)?), ("mod.rs", root)])
}

/// The names and texts of the wire crate's files.
pub(crate) fn files(model: &Model) -> Result<Vec<(&'static str, String)>, String> {
    let mut files = shapes::files(model)?;
    files.extend(operations::files(model)?);
    files.push(("mod.rs", root()));
    Ok(files)
}

fn root() -> String {
    let modules = ["enums", "errors", "inputs", "operations", "outputs", "patterns", "routes", "schemas", "structures"];
    let mut text = format!("//! The API model in Rust.\n//!\n//! {HEADER}\n\n");
    for module in modules {
        text.push_str(&format!("pub(crate) mod {module};\n"));
    }
    text.push_str("\nuse {enums::*, schemas::*, structures::*};\n");
    text
}

/// A file that is one invocation of a macro.
fn file(about: &str, uses: &str, invocation: &str, lines: &[String]) -> String {
    let mut text = format!("//! {about}\n//!\n//! {HEADER}\n\n");
    if !uses.is_empty() {
        text.push_str(&format!("{uses}\n\n"));
    }
    text.push_str(&format!("{invocation}! {{\n"));
    for line in lines {
        text.push_str(&format!("    {line}\n"));
    }
    text.push_str("}\n");
    text
}
