//! How files are read: the parameters of a template, and the values that its conditions are read under.

use std::collections::BTreeMap;
use std::fmt;

/// How files are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The values of a template's parameters, by name. A parameter without one has its default.
    pub parameters: BTreeMap<String, String>,
    /// The assumed values of [`Variable`]s, by key.
    pub assumed: BTreeMap<String, Assumed>,
}

/// An assumed value of something that the access in a template depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumed {
    /// The parameter has this value.
    Value(String),
    /// The parameter has a value that no condition compares it with.
    Other,
    /// The parameter has any value: nothing bounds it.
    Any,
    /// The comparison holds, or does not.
    Holds(bool),
}

/// Something that the conditions or the access-related properties of a template depend on and that no given parameter decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// A parameter's name, or a comparison. Equal in every file that has the same one.
    pub key: String,
    /// Every value that makes a difference.
    pub values: Vec<Assumed>,
}

impl fmt::Display for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "is `{value}`"),
            Self::Other => f.write_str("has another value"),
            Self::Any => f.write_str("has any value"),
            Self::Holds(true) => f.write_str("holds"),
            Self::Holds(false) => f.write_str("does not hold"),
        }
    }
}
