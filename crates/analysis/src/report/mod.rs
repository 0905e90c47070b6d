//! The report of a plan for people and programs: differences and access impact, as text, as JSON, and as one HTML
//! page.

mod html;
mod json;
pub(crate) mod page_text;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use lanyard_engine::OpenPoint;
use lanyard_model::{Directory, Kind};

use crate::access_impact::AccessImpact;
use crate::diff::{Difference, Fate};
use crate::narrative::{Narrative, Paragraph, Reach};

pub use text::Colours;

/// The content of a report.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The name of the instance, and the compared state: `demo, revision 12`.
    pub title: &'a str,
    /// The state before.
    pub before: &'a Directory,
    /// The state after.
    pub after: &'a Directory,
    /// The differences.
    pub differences: &'a [Difference],
    /// The access impact of the differences.
    pub access_impact: &'a AccessImpact,
    /// Further notes for the reader, in sentences.
    pub notes: &'a [String],
}

/// How many resources are created, changed and deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    create: usize,
    update: usize,
    delete: usize,
}

impl Report<'_> {
    fn counts(&self) -> Counts {
        let count = |fate| self.differences.iter().filter(|it| it.fate() == fate).count();
        Counts { create: count(Fate::Create), update: count(Fate::Update), delete: count(Fate::Delete) }
    }

    /// The open points of the decisions before or after.
    fn open_points(&self) -> Vec<OpenPoint> {
        let effects = self.access_impact.effects.iter().chain(&self.access_impact.steady);
        let points: BTreeSet<OpenPoint> =
            effects.flat_map(|it| it.before.open_points().chain(it.after.open_points())).collect();
        points.into_iter().collect()
    }

    /// The notes on unknown parts, and the further notes.
    fn all_notes(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.notes.iter().chain(&self.access_impact.notes).map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        all.retain(|note| seen.insert(*note));
        all
    }

    /// The number of resources of each kind that differ, by change.
    fn by_kind(&self) -> BTreeMap<Kind, Counts> {
        let mut all: BTreeMap<Kind, Counts> = BTreeMap::new();
        for difference in self.differences {
            let counts = all.entry(difference.key().kind).or_default();
            match difference.fate() {
                Fate::Create => counts.create += 1,
                Fate::Update => counts.update += 1,
                Fate::Delete => counts.delete += 1,
            }
        }
        all
    }
}

/// The heading of the paragraphs with the reach.
fn heading(reach: Reach) -> &'static str {
    match reach {
        Reach::Standing => "Access impact",
        Reach::NewPeople => "Access of new users and AI agents",
        Reach::NewResources => "Access to new resources",
        Reach::Gone => "Access that ends with deleted people and resources",
    }
}

/// The paragraphs of each reach.
fn by_reach(narrative: &Narrative<'_>) -> BTreeMap<Reach, Vec<Paragraph>> {
    let mut all: BTreeMap<Reach, Vec<Paragraph>> = BTreeMap::new();
    for paragraph in narrative.paragraphs() {
        all.entry(paragraph.reach).or_default().push(paragraph);
    }
    all
}

/// A number and what is counted.
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
