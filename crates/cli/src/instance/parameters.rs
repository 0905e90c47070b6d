//! The parameters of CloudFormation templates, and the values that their conditions are read under.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lanyard_answers::{did_you_mean, near};
use lanyard_formats::{Assumed, ReadOptions, Variable, read_parameters};

use super::LocatedState;
use crate::failure::Failure;

/// The most combinations of values that conditions are read under.
const MOST_COMBINATIONS: usize = 64;

/// The parameters of a CloudFormation template.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ParameterArgs {
    /// The value of a parameter of a CloudFormation template. Can be repeated
    #[arg(id = "parameter_pairs", long = "parameter", value_name = "KEY=VALUE", value_parser = pair)]
    pairs: Vec<(String, String)>,

    /// A file with the parameters of a CloudFormation template, in a form that the AWS CLI reads. Can be repeated; a later
    /// value counts, and --parameter counts before files
    #[arg(id = "parameter_files", long = "parameters", value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a parameter has the form KEY=VALUE".to_owned()),
    }
}

impl ParameterArgs {
    /// How files are read with these parameters.
    ///
    /// # Errors
    /// A file of parameters cannot be read.
    pub(crate) fn options(&self) -> Result<ReadOptions, Failure> {
        let mut parameters = BTreeMap::new();
        for file in &self.files {
            parameters.extend(read_parameters(file).map_err(Failure::from_error)?);
        }
        parameters.extend(self.pairs.iter().cloned());
        Ok(ReadOptions { parameters, assumed: BTreeMap::new() })
    }
}

/// Refuses parameters that none of the states has: a misspelt one would leave its default in force.
pub(crate) fn refuse_undeclared(options: &ReadOptions, states: &[&LocatedState]) -> Result<(), Failure> {
    let declared: Vec<&str> =
        states.iter().flat_map(|state| &state.file_facts.parameters).map(String::as_str).collect();
    // A pseudo parameter needs no declaration.
    let is_declared = |name: &str| declared.contains(&name) || (name.starts_with("AWS::") && !declared.is_empty());
    let Some(name) = options.parameters.keys().find(|name| !is_declared(name)) else { return Ok(()) };
    Err(Failure::Message(if declared.is_empty() {
        format!("there is no parameter `{name}`; only a CloudFormation template with `Parameters` has some")
    } else {
        let hint = did_you_mean(&near(name, declared.iter().copied()));
        let hint = hint.unwrap_or_else(|| format!("there are {}", declared.join(", ")));
        format!("the template has no parameter `{name}`; {hint}")
    }))
}

/// Every combination of values that the conditions of the states depend on: at least one, which may be empty.
///
/// # Errors
/// There are too many.
pub(crate) fn combinations(states: &[&LocatedState]) -> Result<Vec<BTreeMap<String, Assumed>>, Failure> {
    let mut values: BTreeMap<&str, Vec<&Assumed>> = BTreeMap::new();
    for Variable { key, values: of } in states.iter().flat_map(|state| &state.file_facts.variables) {
        let known = values.entry(key).or_default();
        for value in of {
            if !known.contains(&value) {
                known.push(value);
            }
        }
    }
    let mut all = vec![BTreeMap::new()];
    for (key, values) in &values {
        if all.len().saturating_mul(values.len()) > MOST_COMBINATIONS {
            let names: Vec<_> = values_of(states).iter().map(|name| format!("`{name}`")).collect();
            return Err(Failure::Message(format!(
                "the conditions of the template have more than {MOST_COMBINATIONS} outcomes; choose some with --parameter: \
                 they depend on {}",
                names.join(", ")
            )));
        }
        let with = |before: &BTreeMap<String, Assumed>| {
            let before = before.clone();
            values.iter().map(move |value| {
                let mut more = before.clone();
                more.insert((*key).to_owned(), (*value).clone());
                more
            })
        };
        all = all.iter().flat_map(with).collect();
    }
    Ok(all)
}

fn values_of(states: &[&LocatedState]) -> Vec<String> {
    let mut names: Vec<_> =
        states.iter().flat_map(|state| &state.file_facts.variables).map(|variable| variable.key.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// A combination in words; empty for the only one.
pub(crate) fn in_words(assumed: &BTreeMap<String, Assumed>) -> String {
    let parts: Vec<_> = assumed.iter().map(|(key, value)| format!("`{key}` {value}")).collect();
    parts.join(" and ")
}
