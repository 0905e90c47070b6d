//! The report as one page of HTML that needs nothing else: no script, no request, light and dark.
//!
//! Invariants: the template escapes whatever comes from data, so that a name is text and nothing more. Names and values are
//! [`shown`], and the template escapes any invisible character that is left.

use std::collections::BTreeSet;

use askama::Template;
use lanyard_engine::OpenPoint;
use lanyard_engine::tasks::{self, PREFIX};
use lanyard_model::shown;

use super::{Counts, Report, by_reach, counted, heading};
use crate::access_impact::{Bearing, Level, Row};
use crate::diff::{Difference, Edit, Fate, ValueNames};
use crate::narrative::{AccessChange, Narrative, Paragraph, Reach, line};

/// How many paragraphs of a part stand open; the others are folded.
const OPEN: usize = 12;
/// How many names are listed in a fold.
const NAMES: usize = 500;
/// How many resources are shown with their members.
const RESOURCES: usize = 2000;

#[derive(Template)]
#[template(path = "plan.html")]
struct Page {
    title: String,
    cards: Vec<Card>,
    matrix: Option<MatrixView>,
    access_is_unchanged: bool,
    parts: Vec<PartView>,
    restrictions: Vec<RestrictionView>,
    nothing_differs: bool,
    kinds: Vec<(&'static str, Counts)>,
    resources: Vec<ResourceView>,
    more_resources: Option<String>,
    open_points: Vec<OpenPoint>,
    steady: Vec<Sentence>,
    steady_count: String,
    notes: Vec<Sentence>,
}

/// A sentence in which text between backticks is code.
struct Sentence(String);

impl Sentence {
    /// The parts, and whether each is code.
    fn parts(&self) -> Vec<(&str, bool)> {
        let parts: Vec<&str> = self.0.split('`').collect();
        // An odd number of backticks comes from a name that has one: then none means anything.
        if parts.len().is_multiple_of(2) {
            return vec![(&self.0, false)];
        }
        parts.into_iter().enumerate().map(|(at, part)| (part, at % 2 == 1)).collect()
    }
}

struct Card {
    class: &'static str,
    count: usize,
    name: &'static str,
}

struct MatrixView {
    /// The class and the name of each column.
    columns: Vec<(&'static str, String)>,
    rows: Vec<RowView>,
    more: Option<String>,
}

struct RowView {
    people: Group,
    /// The class and the name of each profile.
    profiles: Vec<(&'static str, String)>,
    cells: Vec<CellView>,
}

struct CellView {
    change: &'static str,
    before: &'static str,
    after: &'static str,
    text: String,
}

/// People in words; the names of many are in a fold.
struct Group {
    summary: Sentence,
    names: Vec<String>,
    /// How many names the fold leaves out.
    more: usize,
}

/// The paragraphs of one [`Reach`].
struct PartView {
    heading: &'static str,
    first: Vec<ParagraphView>,
    rest: Vec<ParagraphView>,
    more: String,
}

struct ParagraphView {
    class: &'static str,
    sign: &'static str,
    headline: Sentence,
    tail: Sentence,
    lines: Vec<LineView>,
    people: Option<Group>,
}

struct LineView {
    text: Sentence,
    /// The actions, where the text leaves some out.
    actions: Vec<String>,
}

struct RestrictionView {
    class: &'static str,
    sign: &'static str,
    label: &'static str,
    text: Sentence,
}

struct ResourceView {
    class: &'static str,
    sign: &'static str,
    noun: &'static str,
    name: String,
    count: String,
    is_open: bool,
    members: Vec<MemberView>,
}

struct MemberView {
    class: &'static str,
    sign: &'static str,
    path: String,
    before: Option<String>,
    after: Option<String>,
}

impl Report<'_> {
    /// The report as a page of HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let narrative = Narrative::new(self.access_impact);
        let parts = self.parts_view(&narrative);
        let steady = narrative.steady();
        let page = Page {
            title: shown(self.title).to_string(),
            cards: self.cards(),
            matrix: self.matrix_view(&narrative),
            access_is_unchanged: parts.is_empty() && !self.differences.is_empty(),
            parts,
            restrictions: self.restriction_views(&narrative),
            nothing_differs: self.differences.is_empty(),
            kinds: self.by_kind().into_iter().map(|(kind, counts)| (kind.noun(), counts)).collect(),
            resources: self.differences.iter().take(RESOURCES).map(|it| self.resource_view(it)).collect(),
            more_resources: beyond(self.differences.len(), RESOURCES).map(|it| counted(it, "resource", "resources")),
            open_points: self.open_points(),
            steady_count: counted(steady.len(), "group of people", "groups of people"),
            steady: steady.iter().map(|it| steady_sentence(&narrative, it)).collect(),
            notes: self.all_notes().into_iter().map(|note| Sentence(note.to_owned())).collect(),
        };
        // Writing to a string does not fail.
        page.render().unwrap_or_default()
    }

    fn cards(&self) -> Vec<Card> {
        let Counts { create, update, delete } = self.counts();
        let people = |turns: &[AccessChange]| {
            let effects = self.access_impact.effects.iter().filter(|it| turns.contains(&AccessChange::of(it)));
            effects.flat_map(|it| it.who.iter().copied()).collect::<BTreeSet<_>>().len()
        };
        let void = self.access_impact.restrictions.iter().filter(|it| it.bearing == Bearing::Void).count();
        let cards = [
            ("plus", create, "created"),
            ("other", update, "changed"),
            ("minus", delete, "deleted"),
            ("plus", people(&[AccessChange::Gain, AccessChange::BecomesCertain]), "gain access"),
            ("other", people(&[AccessChange::MayGain, AccessChange::BecomesUncertain]), "undetermined"),
            ("minus", people(&[AccessChange::Lose, AccessChange::MayLose]), "lose access"),
            ("plus", void, "restrictions void"),
        ];
        let card = |(class, count, name)| Card { class: if count == 0 { "none" } else { class }, count, name };
        cards.map(card).into()
    }

    fn matrix_view(&self, narrative: &Narrative<'_>) -> Option<MatrixView> {
        let matrix = &self.access_impact.matrix;
        if matrix.rows.is_empty() || matrix.columns.is_empty() {
            return None;
        }
        let left_out = Some(matrix.left_out).filter(|left_out| *left_out > 0);
        Some(MatrixView {
            columns: matrix.columns.iter().map(|it| column(it)).collect(),
            rows: matrix.rows.iter().map(|row| self.row_view(narrative, row)).collect(),
            more: left_out.map(|it| counted(it, "smaller group", "smaller groups")),
        })
    }

    fn row_view(&self, narrative: &Narrative<'_>, row: &Row) -> RowView {
        let [before, after] = &row.profiles;
        let all: BTreeSet<u32> = before.iter().chain(after).copied().collect();
        let profile = |profile| {
            let class = match (before.contains(&profile), after.contains(&profile)) {
                (true, true) => "stays",
                (false, _) => "added",
                (true, false) => "removed",
            };
            let named = self.access_impact.profiles.get(profile as usize);
            (class, named.map(|it| shown(&it.name).to_string()).unwrap_or_default())
        };
        let mut profiles: Vec<_> = all.into_iter().map(profile).collect();
        profiles.sort_unstable_by(|(_, one), (_, other)| one.cmp(other));
        let cells = row.cells.iter().zip(&self.access_impact.matrix.columns);
        RowView {
            people: self.group(narrative, &row.who),
            profiles,
            cells: cells.map(|(cell, column)| cell_view(cell.levels, column)).collect(),
        }
    }

    fn group(&self, narrative: &Narrative<'_>, who: &[u32]) -> Group {
        let summary = Sentence(narrative.people(who));
        if who.len() <= 3 {
            return Group { summary, names: Vec::new(), more: 0 };
        }
        let people = self.access_impact.people_by_name(who);
        let names = people.into_iter().take(NAMES).map(|it| shown(&it.name).to_string()).collect();
        Group { summary, names, more: beyond(who.len(), NAMES).unwrap_or(0) }
    }

    fn parts_view(&self, narrative: &Narrative<'_>) -> Vec<PartView> {
        let part = |(reach, paragraphs): (Reach, Vec<Paragraph>)| {
            let open = if reach == Reach::Standing { OPEN } else { 4 };
            let mut first: Vec<_> = paragraphs.iter().map(|it| self.paragraph_view(narrative, it)).collect();
            let rest = first.split_off(first.len().min(open));
            let more = counted(rest.len(), "more group of people", "more groups of people");
            PartView { heading: heading(reach), first, rest, more }
        };
        by_reach(narrative).into_iter().map(part).collect()
    }

    fn paragraph_view(&self, narrative: &Narrative<'_>, it: &Paragraph) -> ParagraphView {
        let sign = it.turn.sign();
        let line = |it| {
            let text = line(it);
            let says_all =
                it.actions.iter().all(|action| action.starts_with(PREFIX) || text.contains(&shown(action).to_string()));
            let actions =
                if says_all { Vec::new() } else { it.actions.iter().map(|it| shown(it).to_string()).collect() };
            LineView { text: Sentence(text), actions }
        };
        ParagraphView {
            class: class(sign),
            sign,
            headline: Sentence(narrative.headline(it)),
            tail: Sentence(narrative.tail(it)),
            lines: it.lines.iter().map(line).collect(),
            people: (it.who.len() > 3).then(|| self.group(narrative, &it.who)),
        }
    }

    fn restriction_views(&self, narrative: &Narrative<'_>) -> Vec<RestrictionView> {
        let views = self.access_impact.restrictions.iter().map(|it| {
            let (sign, label) = match it.bearing {
                Bearing::Void => ("+", "becomes void"),
                Bearing::Bites => ("-", "starts to bite"),
            };
            RestrictionView { class: class(sign), sign, label, text: Sentence(narrative.restriction(it)) }
        });
        views.collect()
    }

    fn resource_view(&self, difference: &Difference) -> ResourceView {
        let fate = difference.fate();
        let values = ValueNames { before: self.before, after: self.after };
        let members = difference.members.iter().map(|member| {
            let (before, after) = match &member.edit {
                Edit::Added { value } => (None, Some(value)),
                Edit::Removed { value } => (Some(value), None),
                Edit::Changed { before, after } => (Some(before), Some(after)),
            };
            let [before, after] =
                [before, after].map(|it| it.map(|value| shown(&values.value(&member.path, value)).to_string()));
            let sign = member.edit.sign();
            MemberView { class: class(sign), sign, path: shown(&member.path).to_string(), before, after }
        });
        ResourceView {
            class: class(fate.sign()),
            sign: fate.sign(),
            noun: difference.key().kind.noun(),
            name: shown(&difference.name).to_string(),
            count: counted(difference.members.len(), "member", "members"),
            is_open: self.differences.len() <= 30 && fate != Fate::Delete,
            members: members.collect(),
        }
    }
}

fn steady_sentence(narrative: &Narrative<'_>, it: &Paragraph) -> Sentence {
    let lines: Vec<_> = it.lines.iter().map(line).collect();
    Sentence(format!("{}: {} {}", narrative.people(&it.who), lines.join("; "), narrative.tail(it)))
}

/// The class and the name of a column: a task's title, or a permission.
fn column(column: &str) -> (&'static str, String) {
    match column.strip_prefix(PREFIX).and_then(tasks::find) {
        Some(task) => ("task", task.title.to_owned()),
        None => ("permission", shown(column).to_string()),
    }
}

fn cell_view([before, after]: [Level; 2], column: &str) -> CellView {
    let change = match before.cmp(&after) {
        std::cmp::Ordering::Less => " up",
        std::cmp::Ordering::Equal => "",
        std::cmp::Ordering::Greater => " down",
    };
    let column = shown(column);
    let text = format!("{column}: {} before, {} after", amount(before), amount(after));
    CellView { change, before: before.as_str(), after: after.as_str(), text }
}

fn amount(level: Level) -> &'static str {
    match level {
        Level::None => "not at all",
        Level::Perhaps => "undetermined",
        Level::Some => "on some",
        Level::All => "on everything",
    }
}

fn class(sign: &str) -> &'static str {
    match sign {
        "+" => "plus",
        "-" => "minus",
        _ => "other",
    }
}

/// How many of `all` there are beyond `most`.
fn beyond(all: usize, most: usize) -> Option<usize> {
    all.checked_sub(most).filter(|more| *more > 0)
}

#[cfg(test)]
mod tests {
    use lanyard_model::{Directory, StreamId};

    use super::*;
    use crate::access_impact::AccessImpact;

    #[test]
    fn what_stands_between_backticks_is_code() {
        let parts = |text: &str| format!("{:?}", Sentence(text.into()).parts());
        assert_eq!(parts("who `<b>` may"), r#"[("who ", false), ("<b>", true), (" may", false)]"#);
        assert_eq!(parts("a name`<i>"), r#"[("a name`<i>", false)]"#);
    }

    #[test]
    fn what_comes_from_data_is_text() {
        let state = Directory::empty(StreamId::Instance("i".into()));
        let report = Report {
            title: "<script>\"'&",
            before: &state,
            after: &state,
            differences: &[],
            access_impact: &AccessImpact::default(),
            notes: &["who `<b>` may".into(), "a name`<i>".into()],
        };
        let page = report.html();
        assert!(page.contains("<h1>&#60;script&#62;&#34;&#39;&#38;</h1>"), "{page}");
        assert!(page.contains("<li>who <code>&#60;b&#62;</code> may</li>"), "{page}");
        assert!(page.contains("<li>a name`&#60;i&#62;</li>"), "{page}");
    }

    #[test]
    fn no_invisible_character_comes_from_data() {
        let state = Directory::empty(StreamId::Instance("i".into()));
        let report = Report {
            title: "a\u{202e}\n\\u{1b}",
            before: &state,
            after: &state,
            differences: &[],
            access_impact: &AccessImpact::default(),
            notes: &["a note\u{200b}\nof two lines".into()],
        };
        let page = report.html();
        assert!(page.contains(r"<h1>a\u{202e}\u{a}\u{5c}u{1b}</h1>"), "{page}");
        assert!(page.contains(r"<li>a note\u{200b}\u{a}of two lines</li>"), "{page}");
    }
}
