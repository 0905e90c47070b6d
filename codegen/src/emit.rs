//! The generated files: invocations of the wire crate's macros, one line for each fact of a model.

mod calls;
mod operations;
mod shapes;

use crate::model::Model;

/// A service whose model is in the wire crate.
pub(crate) struct Service {
    /// The model's file, from the crate's root.
    pub(crate) model: &'static str,
    /// The folder of its generated files below that of all: empty for the service that has no folder of its own.
    folder: &'static str,
    /// The path of its shapes in the wire crate.
    shapes: &'static str,
}

/// The names and texts of the client's files: the operations of Amazon Connect.
pub(crate) fn client_files(model: &Model) -> Result<Vec<(String, String)>, String> {
    let (service, _) = SERVICES.split_first().ok_or("there is no service")?;
    let modules = "pub(crate) mod calls;\n";
    let root = format!("//! The operations of the API model as calls.\n//!\n//! {}\n\n{modules}", service.header());
    Ok(vec![("calls.rs".to_owned(), calls::file(&service.header(), model)?), ("mod.rs".to_owned(), root)])
}

/// Amazon Connect, and the part of Amazon AppIntegrations that its applications need.
pub(crate) const SERVICES: &[Service] = &[
    Service { model: "model/connect-2017-08-08.json", folder: "", shapes: "crate::shapes" },
    Service {
        model: "model/appintegrations-2020-07-29.json",
        folder: "appintegrations",
        shapes: "crate::appintegrations::shapes",
    },
];

/// The files' paths and texts. The kinds of errors are one list for all services.
pub(crate) fn files(services: &[(&Service, Model)]) -> Result<Vec<(String, String)>, String> {
    crate::patterns::check_corrections(services.iter().map(|(_, model)| model))?;
    let mut files = Vec::new();
    for (service, model) in services {
        let mut own = shapes::files(service, model)?;
        own.extend(operations::files(service, model)?);
        own.push(("mod.rs", root(service, services)));
        files.extend(own.into_iter().map(|(name, text)| (service.path(name), text)));
    }
    let models: Vec<&Model> = services.iter().map(|(_, model)| model).collect();
    files.push(("errors.rs".to_owned(), operations::errors(&models)?));
    Ok(files)
}

impl Service {
    fn path(&self, name: &str) -> String {
        match self.folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }

    /// The input of a file of only this service.
    fn header(&self) -> String {
        header(&format!("`{}`", self.model))
    }
}

fn header(source: &str) -> String {
    format!("Generated from {source}; `cargo run -p lanyard-codegen` writes it again.")
}

fn root(service: &Service, services: &[(&Service, Model)]) -> String {
    let mut modules = vec!["enums", "inputs", "operations", "outputs", "patterns", "routes", "schemas", "structures"];
    if service.folder.is_empty() {
        modules.push("errors");
        modules.extend(services.iter().map(|(service, _)| service.folder).filter(|folder| !folder.is_empty()));
    }
    modules.sort_unstable();
    let mut text = format!("//! The API model in Rust.\n//!\n//! {}\n\n", service.header());
    for module in modules {
        text.push_str(&format!("pub(crate) mod {module};\n"));
    }
    text.push_str("\nuse {enums::*, schemas::*, structures::*};\n");
    text
}

/// A file that is one invocation of a macro.
fn file(header: &str, about: &str, uses: &str, invocation: &str, lines: &[String]) -> String {
    let mut text = format!("//! {about}\n//!\n//! {header}\n\n");
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
