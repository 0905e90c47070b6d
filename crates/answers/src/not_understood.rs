//! Questions that cannot be answered.

use std::fmt;

use lanyard_engine::Malformed;

/// The reason why a question cannot be answered: it names something that does not exist, or contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    sentence: String,
    /// Suggestions that name stored resources.
    suggestion: Option<String>,
}

impl NotUnderstood {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), suggestion: None }
    }

    pub(crate) fn with_names(sentence: impl Into<String>, suggestion: String) -> Self {
        Self { sentence: sentence.into(), suggestion: Some(suggestion) }
    }

    /// The reason without suggestions that name stored resources, for those who may not list them.
    #[must_use]
    pub fn without_names(self) -> Self {
        Self { suggestion: None, ..self }
    }
}

impl fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        self.suggestion.iter().try_for_each(|suggestion| write!(f, "; {suggestion}"))
    }
}

impl std::error::Error for NotUnderstood {}

impl From<Malformed> for NotUnderstood {
    fn from(malformed: Malformed) -> Self {
        Self::new(format!("the question makes no sense: {malformed}"))
    }
}
