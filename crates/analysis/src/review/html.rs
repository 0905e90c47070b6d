//! A review as one page of HTML that needs nothing else: no script, no request, light, dark, on paper and on a phone.
//!
//! Invariants: the template escapes whatever comes from data, so that a name is text and nothing more. Nothing is folded, so
//! that paper has every row.

use std::collections::BTreeMap;

use askama::Template;
use lanyard_engine::{OpenPoint, Outcome};

use super::compare::{Comparison, RowKey, key};
use super::groups::Group;
use super::words::{self, counted, name, time};
use super::{Item, ReviewText, Row, formula_in_words};
use crate::report::page_text::Sentence;

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    title: String,
    headline: Sentence,
    provenance: Vec<(&'static str, Sentence)>,
    changes: Option<Changes>,
    items: Vec<ItemView>,
    certain: usize,
    undetermined: usize,
    rows: usize,
    open_points: Vec<OpenPoint>,
    notes: Vec<Sentence>,
}

struct Changes {
    before: Sentence,
    summary: Sentence,
    lines: Vec<Sentence>,
}

struct ItemView {
    heading: Sentence,
    action: String,
    formula: Option<Sentence>,
    source: Option<String>,
    sentence: Sentence,
    certain: usize,
    undetermined: usize,
    rows: usize,
    groups: Vec<GroupView>,
}

struct GroupView {
    count: String,
    profile: String,
    is_certain: bool,
    facts: Vec<(&'static str, Sentence)>,
    rows: Vec<RowView>,
}

struct RowView {
    name: String,
    change: Option<&'static str>,
    /// The path, in parts that a line may end after.
    group: Vec<String>,
    tags: String,
    since: Sentence,
}

/// The rows that were added or changed, by their identity.
type Marks = BTreeMap<RowKey, &'static str>;

impl ReviewText<'_> {
    /// The review as a page of HTML. A comparison is shown first, and marks the rows.
    #[must_use]
    pub fn html(&self, comparison: Option<&Comparison>) -> String {
        let review = self.review;
        let mut marks = Marks::new();
        if let Some(comparison) = comparison {
            marks.extend(comparison.added.iter().map(|row| (key(row), "new")));
            marks.extend(comparison.changed.iter().map(|(row, _)| (key(row), "changed")));
        }
        let totals = review.totals(None);
        let page = Page {
            title: match review.provenance.revision {
                Some((revision, _)) => format!("{}, revision {revision}", self.instance().replace('`', "")),
                None => self.instance().replace('`', ""),
            },
            headline: Sentence(self.headline()),
            provenance: self.provenance_view(),
            changes: comparison.map(|comparison| Changes {
                before: Sentence(name(&comparison.before)),
                summary: Sentence(comparison.summary()),
                lines: comparison.lines().into_iter().map(Sentence).collect(),
            }),
            items: review.items.iter().enumerate().map(|(at, item)| self.item_view(at, item, &marks)).collect(),
            certain: totals.users.certain + totals.ai_agents.certain,
            undetermined: totals.users.undetermined + totals.ai_agents.undetermined,
            rows: totals.rows,
            open_points: review.open_points(),
            notes: review.notes.iter().map(|note| Sentence(note.clone())).collect(),
        };
        // Writing to a string does not fail.
        page.render().unwrap_or_default()
    }

    fn provenance_view(&self) -> Vec<(&'static str, Sentence)> {
        let provenance = &self.review.provenance;
        let code = |text: &str| Sentence(format!("`{}`", name(text)));
        let mut facts = Vec::new();
        if !provenance.instance.is_empty() {
            facts.push(("Instance", code(&provenance.instance)));
        }
        facts.push((
            "State",
            match provenance.revision {
                Some((revision, at)) => Sentence(format!("revision {revision} of {}", time(at))),
                None => Sentence("files, which have no revision".to_owned()),
            },
        ));
        facts.push(("Read from", code(&provenance.source)));
        let by = provenance.made_by.as_ref().map(|by| format!(" by `{}`", name(by))).unwrap_or_default();
        facts.push(("Made", Sentence(format!("{}{by} with Lanyard {}", time(provenance.made_at), provenance.version))));
        facts.push(("Digest (SHA-256)", code(&self.review.digest())));
        facts
    }

    fn item_view(&self, at: usize, item: &Item, marks: &Marks) -> ItemView {
        let review = self.review;
        let totals = review.totals(Some(at));
        ItemView {
            heading: Sentence(self.heading(item)),
            action: name(&item.action),
            formula: item.task.map(|task| {
                let permission = |name: &str| format!("`{}`", self.permission(name));
                Sentence(formula_in_words(&task.formula, &permission))
            }),
            source: item.task.map(|task| name(task.source)),
            sentence: Sentence(self.sentence(totals, &self.verb(item))),
            certain: totals.users.certain + totals.ai_agents.certain,
            undetermined: totals.users.undetermined + totals.ai_agents.undetermined,
            rows: totals.rows,
            groups: review.groups(at).iter().map(|group| self.group_view(group, marks)).collect(),
        }
    }

    fn group_view(&self, group: &Group<'_>, marks: &Marks) -> GroupView {
        let Group { resource_type, grant, access, rows } = group;
        let is_agent = rows.first().and_then(|row| self.review.people.get(row.person)).is_some_and(|it| it.is_agent);
        let nouns = if is_agent { ["AI agent", "AI agents"] } else { ["person", "people"] };
        let mut facts = vec![("Permission", Sentence(self.through(grant)))];
        facts.extend(self.companions(grant).map(|it| ("Needs", Sentence(it))));
        facts.push(("Scope", Sentence(words::scope(*resource_type, &grant.scope))));
        facts.extend(words::reach(*resource_type, access).map(|it| ("In reach", Sentence(it))));
        if access.outcome != Outcome::Allowed || !access.open_points.is_empty() {
            facts.push(("Certainty", Sentence(words::certainty(access))));
        }
        facts.extend(words::by_itself(*resource_type, grant, access).map(|it| ("By itself", Sentence(it))));
        GroupView {
            count: counted(rows.len(), nouns[0], nouns[1]),
            profile: words::profile(grant),
            is_certain: access.outcome == Outcome::Allowed,
            facts,
            rows: rows.iter().filter_map(|row| self.row_view(row, marks)).collect(),
        }
    }

    fn row_view(&self, row: &Row, marks: &Marks) -> Option<RowView> {
        let person = self.review.people.get(row.person)?;
        let change = if marks.is_empty() {
            None
        } else {
            self.review.row_json(row).and_then(|row| marks.get(&key(&row)).copied())
        };
        Some(RowView {
            name: name(&person.name),
            change,
            group: person
                .group
                .as_deref()
                .map(|path| name(path).split_inclusive('/').map(str::to_owned).collect())
                .unwrap_or_default(),
            tags: words::tags(person),
            since: Sentence(words::since(row.since.as_deref())),
        })
    }
}
