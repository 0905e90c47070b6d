//! The report as one page of HTML that needs nothing else: no script, no request, light and dark, paper and telephone.
//!
//! Invariants: the template escapes whatever comes from data, so that a name is text and nothing more. Names and values are
//! [`shown`], and the template escapes any invisible character that is left. A colour is the risk; the direction always has
//! a sign and a word as well.

mod access;
mod matrix;
mod resources;

use std::collections::BTreeSet;

use askama::Template;
use lanyard_engine::OpenPoint;
use lanyard_model::shown;

use super::{Counts, Report};
use crate::access_impact::Bearing;
use crate::narrative::{AccessChange, Narrative, counted};
use crate::report::page_text::Sentence;
use crate::sensitive::Risk;
use access::{PartView, RestrictionView};
use matrix::MatrixView;
use resources::ResourceView;

/// How many names are listed in a fold.
const NAMES: usize = 500;

#[derive(Template)]
#[template(path = "plan.html")]
struct Page {
    title: String,
    headline: String,
    provenance: Vec<(&'static str, String)>,
    cards: Vec<Card>,
    parts: Vec<PartView>,
    access_is_unchanged: bool,
    matrix: Option<MatrixView>,
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

struct Card {
    class: &'static str,
    sign: &'static str,
    count: usize,
    name: &'static str,
}

/// People in words; the names of many are in a fold.
struct Group {
    summary: Sentence,
    names: Vec<String>,
    /// How many names the fold leaves out.
    more: usize,
}

impl Report<'_> {
    /// The report as a page of HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let narrative = Narrative::new(self.access_impact, self.naming);
        let parts = self.parts_view(&narrative);
        let steady = narrative.steady();
        let (resources, more) = self.resource_views();
        let page = Page {
            title: shown(self.title).to_string(),
            headline: self.headline(),
            provenance: self.provenance.parts(),
            cards: self.cards(),
            access_is_unchanged: parts.is_empty() && !self.differences.is_empty(),
            parts,
            matrix: self.matrix_view(&narrative),
            restrictions: Self::restriction_views(&narrative),
            nothing_differs: self.differences.is_empty(),
            kinds: self.by_kind().into_iter().map(|(kind, counts)| (kind.noun(), counts)).collect(),
            resources,
            more_resources: more.map(|it| counted(it, "more group of resources", "more groups of resources")),
            open_points: self.open_points(),
            steady_count: counted(steady.len(), "group of people", "groups of people"),
            steady: steady.iter().map(|it| access::steady(&narrative, it)).collect(),
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
        let sensitive = self.sensitive().into_values().flatten().collect::<BTreeSet<_>>().len();
        let cards = [
            ("plain", "+", create, "created"),
            ("plain", "~", update, "changed"),
            ("plain", "-", delete, "deleted"),
            ("high", "!", sensitive, "gain sensitive access"),
            ("more", "+", people(&[AccessChange::Gain, AccessChange::BecomesCertain]), "gain access"),
            ("open", "?", people(&[AccessChange::MayGain, AccessChange::BecomesUncertain]), "undetermined"),
            ("less", "-", people(&[AccessChange::Lose, AccessChange::MayLose]), "lose access"),
            ("more", "+", void, "restrictions void"),
        ];
        let card = |(class, sign, count, name)| Card {
            class: if count == 0 { "none" } else { class },
            sign: sign_of(sign),
            count,
            name,
        };
        cards.map(card).into()
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
}

/// The class of a change of access: its risk.
fn class(turn: AccessChange, risk: Risk) -> &'static str {
    match (turn, risk) {
        (it, Risk::Ordinary) if it.sign() == "+" => "more",
        (it, Risk::Ordinary) if it.sign() == "-" => "less",
        (_, Risk::Ordinary) => "open",
        _ => "high",
    }
}

/// A sign as it is printed: a minus in place of a hyphen.
fn sign_of(sign: &'static str) -> &'static str {
    if sign == "-" { "\u{2212}" } else { sign }
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
    use crate::narrative::Naming;
    use crate::report::Provenance;

    fn page(title: &str, notes: &[String]) -> String {
        let state = Directory::empty(StreamId::Instance("i".into()));
        let report = Report {
            title,
            before: &state,
            after: &state,
            differences: &[],
            access_impact: &AccessImpact::default(),
            notes,
            naming: Naming::api(),
            provenance: &Provenance { made_by: "<i>".into(), ..Provenance::default() },
        };
        report.html()
    }

    #[test]
    fn what_stands_between_backticks_is_code() {
        let parts = |text: &str| format!("{:?}", Sentence(text.into()).parts());
        assert_eq!(parts("who `<b>` may"), r#"[("who ", false), ("<b>", true), (" may", false)]"#);
        assert_eq!(parts("a name`<i>"), r#"[("a name`<i>", false)]"#);
    }

    #[test]
    fn what_comes_from_data_is_text() {
        let page = page("<script>\"'&", &["who `<b>` may".into(), "a name`<i>".into()]);
        assert!(page.contains("<h1>&#60;script&#62;&#34;&#39;&#38;</h1>"), "{page}");
        assert!(page.contains("<dd>&#60;i&#62;</dd>"), "{page}");
        assert!(page.contains("<li>who <code>&#60;b&#62;</code> may</li>"), "{page}");
        assert!(page.contains("<li>a name`&#60;i&#62;</li>"), "{page}");
    }

    #[test]
    fn no_invisible_character_comes_from_data() {
        let page = page("a\u{202e}\n\\u{1b}", &["a note\u{200b}\nof two lines".into()]);
        assert!(page.contains(r"<h1>a\u{202e}\u{a}\u{5c}u{1b}</h1>"), "{page}");
        assert!(page.contains(r"<li>a note\u{200b}\u{a}of two lines</li>"), "{page}");
    }
}
