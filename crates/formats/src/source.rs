//! The files of a document, one or one with overlays, and places in them.

use std::sync::Arc;

use lanyard_analysis::Place;

/// The names of the files of a document, as named by the caller: first the base, then the overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source(Arc<[Arc<str>]>);

impl Source {
    /// The file of a layer, from 0.
    pub(crate) fn of(&self, layer: u16) -> Arc<str> {
        self.0.get(usize::from(layer)).or_else(|| self.0.first()).cloned().unwrap_or_default()
    }

    /// The number of files.
    pub(crate) fn count(&self) -> u16 {
        u16::try_from(self.0.len()).unwrap_or(u16::MAX)
    }

    /// A document of these files.
    pub(crate) fn of_files(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(Arc::from).collect())
    }

    /// These files and then those of another document.
    pub(crate) fn with(&self, over: &Self) -> Self {
        Self(self.0.iter().chain(over.0.iter()).cloned().collect())
    }
}

/// A place within a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct At {
    /// From 1.
    pub(crate) line: u32,
    /// From 1, in characters.
    pub(crate) column: u32,
    /// The index of the file in the document.
    pub(crate) layer: u16,
}

impl At {
    pub(crate) fn in_file(self, file: &Source) -> Place {
        Place { file: file.of(self.layer), line: self.line, column: self.column }
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
