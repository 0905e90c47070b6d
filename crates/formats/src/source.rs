//! The files of a document: one, or one with overlays.

use std::sync::Arc;

/// The names of the files of a document, as named by the caller: first the base, then the overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source(Arc<[Arc<str>]>);

impl Source {
    /// The file of a layer, from 0.
    pub(crate) fn of(&self, layer: u8) -> Arc<str> {
        self.0.get(usize::from(layer)).or_else(|| self.0.first()).cloned().unwrap_or_default()
    }

    /// The number of files.
    pub(crate) fn count(&self) -> u8 {
        u8::try_from(self.0.len()).unwrap_or(u8::MAX)
    }

    /// These files and then those of another document.
    pub(crate) fn with(&self, over: &Self) -> Self {
        Self(self.0.iter().chain(over.0.iter()).cloned().collect())
    }
}

impl From<&str> for Source {
    fn from(name: &str) -> Self {
        Self(Arc::new([Arc::from(name)]))
    }
}

impl From<String> for Source {
    fn from(name: String) -> Self {
        Self::from(name.as_str())
    }
}
