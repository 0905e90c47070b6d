//! The access impact and the restrictions on the page.

use std::collections::BTreeMap;
use std::sync::Arc;

use lanyard_engine::OpenPoint;
use lanyard_engine::tasks::PREFIX;
use lanyard_model::shown;

use super::super::{Report, by_reach, heading};
use super::{Group, Sentence, class, sign_of};
use crate::access_impact::Bearing;
use crate::narrative::{AccessChange, Narrative, Paragraph, Phrase, Reach, counted};
use crate::sensitive::Risk;

/// How many articles of a part stand open; the others are folded.
const OPEN: usize = 12;
/// How many paragraphs that differ only in their resources become one article.
const ALIKE: usize = 3;

/// The articles of one [`Reach`].
pub(super) struct PartView {
    pub(super) heading: &'static str,
    pub(super) first: Vec<ArticleView>,
    pub(super) rest: Vec<ArticleView>,
    pub(super) more: String,
}

/// A change of access that some people share; or one that several groups of people have on different resources.
pub(super) struct ArticleView {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) headline: Sentence,
    pub(super) tail: Sentence,
    pub(super) lines: Vec<LineView>,
    pub(super) people: Option<Group>,
    /// The groups of people, each with its resources.
    pub(super) alike: Vec<AlikeView>,
}

pub(super) struct LineView {
    /// The risk in words; empty for ordinary access.
    pub(super) risk: &'static str,
    pub(super) text: Sentence,
    /// The actions, where the text leaves some out.
    pub(super) actions: Vec<String>,
}

pub(super) struct AlikeView {
    pub(super) people: Group,
    pub(super) text: Sentence,
}

pub(super) struct RestrictionView {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) label: &'static str,
    pub(super) text: Sentence,
}

/// The common part of paragraphs that differ only in people, resources and profiles.
type Alike = (AccessChange, Vec<OpenPoint>, Vec<(Risk, Vec<Arc<str>>, &'static str)>);

impl Report<'_> {
    pub(super) fn parts_view(&self, narrative: &Narrative<'_>) -> Vec<PartView> {
        let part = |(reach, paragraphs): (Reach, Vec<Paragraph>)| {
            let open = if matches!(reach, Reach::Standing | Reach::NewPeople) { OPEN } else { 4 };
            let mut first = self.articles(narrative, &paragraphs);
            let rest = first.split_off(first.len().min(open));
            let more = counted(rest.len(), "more group of people", "more groups of people");
            PartView { heading: heading(reach), first, rest, more }
        };
        by_reach(narrative).into_iter().map(part).collect()
    }

    fn articles(&self, narrative: &Narrative<'_>, paragraphs: &[Paragraph]) -> Vec<ArticleView> {
        let mut alike: BTreeMap<Alike, Vec<&Paragraph>> = BTreeMap::new();
        for it in paragraphs {
            alike.entry(alike_of(it)).or_default().push(it);
        }
        let mut articles = Vec::new();
        for it in paragraphs {
            match alike.get(&alike_of(it)) {
                Some(all) if all.len() >= ALIKE => {
                    let is_first = all.first().is_some_and(|first| std::ptr::eq(*first, it));
                    articles.extend(is_first.then(|| self.group_article(narrative, all)));
                }
                _ => articles.push(self.article(narrative, it)),
            }
        }
        articles
    }

    fn article(&self, narrative: &Narrative<'_>, it: &Paragraph) -> ArticleView {
        ArticleView {
            class: class(it.turn, it.risk()),
            sign: sign_of(it.turn.sign()),
            headline: Sentence(narrative.headline(it)),
            tail: Sentence(narrative.tail(it)),
            lines: narrative.phrases(it).into_iter().map(|phrase| self.line_view(phrase)).collect(),
            people: (it.who.len() > 3)
                .then(|| Group { summary: Sentence("Names".to_owned()), ..self.group(narrative, &it.who) }),
            alike: Vec::new(),
        }
    }

    /// One article of paragraphs that differ only in people, resources and profiles.
    fn group_article(&self, narrative: &Narrative<'_>, all: &[&Paragraph]) -> ArticleView {
        let Some(first) = all.first() else { return self.empty_article() };
        let mut who: Vec<u32> = all.iter().flat_map(|it| it.who.iter().copied()).collect();
        who.sort_unstable();
        who.dedup();
        let whole = Paragraph { who: who.as_slice().into(), through: Vec::new(), ..(*first).clone() };
        let mut phrases: Vec<Phrase> = Vec::new();
        for line in &first.lines {
            let phrase =
                Phrase { risk: line.risk, text: self.naming.actions(&line.actions), actions: line.actions.clone() };
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        let lines = phrases.into_iter().map(|phrase| self.line_view(phrase));
        let alike = all.iter().map(|it| {
            let ons: Vec<&str> = it.lines.iter().map(|line| line.on.as_str()).filter(|on| !on.is_empty()).collect();
            let text = Sentence(format!("{} {}", ons.join("; "), narrative.tail(it)));
            AlikeView { people: self.group(narrative, &it.who), text }
        });
        ArticleView {
            tail: Sentence("each on other resources, or through other profiles".to_owned()),
            lines: lines.collect(),
            alike: alike.collect(),
            ..self.article(narrative, &Paragraph { lines: Vec::new(), ..whole })
        }
        .of_risk(first)
    }

    fn empty_article(&self) -> ArticleView {
        let empty = || Sentence(String::new());
        ArticleView {
            class: "open",
            sign: "",
            headline: empty(),
            tail: empty(),
            lines: Vec::new(),
            people: None,
            alike: Vec::new(),
        }
    }

    fn line_view(&self, phrase: Phrase) -> LineView {
        let Phrase { risk, text, actions } = phrase;
        let is_named = |action: &Arc<str>| action.starts_with(PREFIX) || text.contains(&self.naming.action(action));
        let actions = if actions.iter().all(is_named) {
            Vec::new()
        } else {
            let others = actions.iter().filter(|it| !it.starts_with(PREFIX));
            others.map(|it| shown(&self.naming.names.name(self.naming.catalogue, it)).to_string()).collect()
        };
        LineView { risk: risk.title(), text: Sentence(text), actions }
    }

    pub(super) fn restriction_views(narrative: &Narrative<'_>) -> Vec<RestrictionView> {
        let views = narrative.restrictions().into_iter().map(|(bearing, sentence)| {
            let (class, sign, label) = match bearing {
                Bearing::Void => ("more", "+", "void"),
                Bearing::Bites => ("less", sign_of("-"), "effective"),
            };
            RestrictionView { class, sign, label, text: Sentence(sentence) }
        });
        views.collect()
    }
}

impl ArticleView {
    fn of_risk(self, it: &Paragraph) -> Self {
        Self { class: class(it.turn, it.risk()), ..self }
    }
}

fn alike_of(it: &Paragraph) -> Alike {
    let lines = it.lines.iter().map(|line| (line.risk, line.actions.clone(), line.resource_type)).collect();
    (it.turn, it.open_points.clone(), lines)
}

/// Access that is undetermined before and after, as a sentence.
pub(super) fn steady(narrative: &Narrative<'_>, it: &Paragraph) -> Sentence {
    let lines: Vec<_> = narrative.phrases(it).into_iter().map(|phrase| phrase.text).collect();
    Sentence(format!("{}: {} {}", narrative.people(&it.who), lines.join("; "), narrative.tail(it)))
}
