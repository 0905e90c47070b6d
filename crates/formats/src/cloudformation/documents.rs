//! A template and the templates of its nested stacks, as far as these are files next to it.

use std::path::{Component, Path, PathBuf};

use super::intrinsics::Template;
use crate::document::document;
use crate::fault::{Fault, text_of};
use crate::options::ReadOptions;
use crate::plain::ResolvedValue;
use crate::source::Source;
use crate::tree::{Entry, Node};

/// The type of a nested stack.
pub(super) const STACK: &str = "AWS::CloudFormation::Stack";
/// The maximum number of templates.
const MOST: usize = 200;
/// The maximum nesting of stacks.
const DEEPEST: usize = 8;

/// A template and those of its nested stacks.
pub(super) struct Document {
    pub(super) root: Node,
    /// The nested stacks by logical name: the number of the document, or `None` for one that is no file here.
    pub(super) stacks: Vec<(String, Option<usize>)>,
}

/// The documents, the first of which is the template itself, and the names of their files.
pub(super) struct Documents {
    pub(super) all: Vec<Document>,
    pub(super) file: Source,
    /// Parts that are not read.
    pub(super) notes: Vec<String>,
}

impl Documents {
    /// Reads the templates of the nested stacks.
    ///
    /// # Errors
    /// A file next to the template that a nested stack names cannot be read.
    pub(super) fn read(file: &Source, path: &Path, root: Node, options: &ReadOptions) -> Result<Self, Fault> {
        let mut documents = Self { all: Vec::new(), file: file.clone(), notes: Vec::new() };
        documents.add(path, root, options, 0)?;
        Ok(documents)
    }

    fn add(&mut self, path: &Path, root: Node, options: &ReadOptions, depth: usize) -> Result<usize, Fault> {
        let number = self.all.len();
        let template = Template::new(&root, options);
        let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
        let is_stack = |entry: &&Entry| entry.node.get("Type").and_then(Node::text) == Some(STACK);
        let files: Vec<_> = resources
            .iter()
            .filter(is_stack)
            .map(|entry| (entry.name.clone(), entry.at, template_file(&template, entry, path)))
            .collect();
        self.all.push(Document { root, stacks: Vec::new() });
        for (name, at, nested) in files {
            let is_read = depth < DEEPEST && self.all.len() < MOST;
            let child = match nested.filter(|_| is_read) {
                Some(nested) => {
                    let text = text_of(&nested)?;
                    let own: Source = nested.display().to_string().into();
                    let mut root = document(&own, &nested, &text)?;
                    let layer = self.file.count();
                    root.lift(layer);
                    self.file = self.file.with(&own);
                    Some(self.add(&nested, root, options, depth + 1)?)
                }
                None => {
                    let place = at.in_file(&self.file);
                    self.notes.push(format!("the resources of the nested stack `{name}` ({place})"));
                    None
                }
            };
            if let Some(document) = self.all.get_mut(number) {
                document.stacks.push((name, child));
            }
        }
        Ok(number)
    }
}

/// The file of a nested stack's template, where it is one next to the template or below.
fn template_file(template: &Template<'_>, entry: &Entry, path: &Path) -> Option<PathBuf> {
    let asset = entry.node.get("Metadata").and_then(|node| node.get("aws:asset:path")?.text()).map(str::to_owned);
    let url = match template.properties(&entry.node).get("TemplateURL").value {
        ResolvedValue::Text(url) => Some(url),
        _ => None,
    };
    let local = |name: &String| {
        let is_below =
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let name = name.strip_prefix("./").unwrap_or(name);
        let file = path.parent().unwrap_or(Path::new("")).join(name);
        (is_below && !name.contains("://") && file.is_file()).then_some(file)
    };
    asset.iter().chain(url.iter()).find_map(local)
}
