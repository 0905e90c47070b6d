//! The report of a plan for people and programs: differences and access impact, as text, as JSON, and as one HTML
//! page.

mod html;
mod json;
pub(crate) mod page_text;
mod provenance;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use lanyard_engine::OpenPoint;
use lanyard_model::{Directory, Kind};

use crate::access_impact::AccessImpact;
use crate::diff::{Difference, Fate};
use crate::narrative::{AccessChange, Naming, Narrative, Paragraph, Reach, counted};
use crate::sensitive::Risk;

pub use provenance::Provenance;
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
    /// Whose names of permissions text and the page have. Data has those of the API.
    pub naming: Naming<'a>,
    /// The origin of the plan.
    pub provenance: &'a Provenance,
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

    /// The plan in one sentence: how many resources it changes, and how many people gain or lose access.
    #[must_use]
    pub fn headline(&self) -> String {
        let Counts { create, update, delete } = self.counts();
        let verbs = [(create, "creates"), (update, "changes"), (delete, "deletes")];
        let changes: Vec<String> =
            verbs.iter().filter(|it| it.0 > 0).map(|(count, verb)| format!("{verb} {count}")).collect();
        if changes.is_empty() {
            return "Nothing differs.".to_owned();
        }
        let last = [create, update, delete].into_iter().rfind(|it| *it > 0).unwrap_or(0);
        let changes = format!("The plan {} {}", in_list(&changes), if last == 1 { "resource" } else { "resources" });
        let risks = self.sensitive();
        let sensitive: BTreeSet<u32> = risks.values().flatten().copied().collect();
        let of = |turns: &[AccessChange]| {
            let effects = self.access_impact.effects.iter().filter(|it| turns.contains(&AccessChange::of(it)));
            effects.flat_map(|it| it.who.iter().copied()).collect::<BTreeSet<u32>>()
        };
        let gain = of(&[AccessChange::Gain, AccessChange::MayGain]);
        let others = gain.difference(&sensitive).count();
        let lose = of(&[AccessChange::Lose, AccessChange::MayLose, AccessChange::BecomesUncertain]).len();
        let mut parts = Vec::new();
        if !sensitive.is_empty() {
            let titles: Vec<String> = risks.keys().map(|risk| risk.title().to_owned()).collect();
            let verb = if sensitive.len() == 1 { "gains or may gain" } else { "gain or may gain" };
            parts.push(format!("{} {verb} sensitive access ({})", people(sensitive.len()), titles.join(", ")));
        }
        if others > 0 {
            let other = if sensitive.is_empty() { "" } else { "other " };
            parts.push(match others {
                1 => format!("1 {other}person gains or may gain access"),
                _ => format!("{others} {other}people gain or may gain access"),
            });
        }
        if lose > 0 {
            parts.push(format!("{} {} access", people(lose), if lose == 1 { "loses" } else { "lose" }));
        }
        if parts.is_empty() {
            return format!("{changes}; nobody gains or loses access.");
        }
        format!("{changes}: {}.", in_list(&parts))
    }

    /// The people who gain or may gain sensitive access, by risk.
    fn sensitive(&self) -> BTreeMap<Risk, BTreeSet<u32>> {
        let mut all: BTreeMap<Risk, BTreeSet<u32>> = BTreeMap::new();
        for it in Narrative::new(self.access_impact, self.naming).paragraphs() {
            let is_gain = matches!(it.turn, AccessChange::Gain | AccessChange::MayGain);
            for line in it.lines.iter().filter(|line| is_gain && line.risk != Risk::Ordinary) {
                all.entry(line.risk).or_default().extend(it.who.iter());
            }
        }
        all
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

/// A number of people.
fn people(count: usize) -> String {
    counted(count, "person", "people")
}

/// Parts of a sentence, with a comma between them and "and" before the last.
fn in_list(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
