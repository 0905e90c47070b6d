//! Paragraphs as blocks of lines, and many of them about the same people in a few lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lanyard_engine::tasks::PREFIX;

use super::words::{counted, folded, listed};
use super::{AccessChange, Line, Narrative, Paragraph, Reach};
use crate::sensitive::Risk;

/// Gained or lost access in words: actions and their resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The risk, where the access is new.
    pub risk: Risk,
    /// The text.
    pub text: String,
    /// All permissions, actions on tools, and tasks, by the names of the API.
    pub actions: Vec<Arc<str>>,
}

impl Phrase {
    /// The text, with a mark in front of sensitive access.
    #[must_use]
    pub fn marked(&self) -> String {
        match self.risk {
            Risk::Ordinary => self.text.clone(),
            _ => format!("[sensitive] {}", self.text),
        }
    }
}

/// A change of access as a head and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The direction.
    pub turn: AccessChange,
    /// The highest risk of the access that is new.
    pub risk: Risk,
    /// People and direction.
    pub headline: String,
    /// Profiles and open points; empty where there are none.
    pub tail: String,
    /// The access.
    pub phrases: Vec<Phrase>,
    /// The number of paragraphs that the block sums up.
    pub paragraphs: usize,
    /// Whether permissions are counted by area in place of their names.
    pub is_short: bool,
}

impl Block {
    /// The block as lines: one sentence, or a head and its access. Lines after the first are indented by four spaces.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let space = if self.tail.is_empty() { "" } else { " " };
        if let [phrase] = self.phrases.as_slice() {
            return vec![format!("{} {}{space}{}", self.headline, phrase.marked(), self.tail)];
        }
        let headline = self.headline.strip_suffix(':').unwrap_or(&self.headline);
        let head = format!("{headline}{space}{}:", self.tail);
        let phrases = self.phrases.iter().map(|phrase| format!("    {}", phrase.marked()));
        std::iter::once(head).chain(phrases).collect()
    }
}

impl Narrative<'_> {
    /// The lines of a paragraph in words. The same access to several types of resource is one phrase.
    #[must_use]
    pub fn phrases(&self, it: &Paragraph) -> Vec<Phrase> {
        let mut phrases: Vec<(String, Vec<&Line>)> = Vec::new();
        for line in &it.lines {
            let what = self.naming.actions(&line.actions);
            let is_same = |known: &&mut (String, Vec<&Line>)| {
                let (text, lines) = known;
                let mergeable = |it: &&Line| it.risk == line.risk && !it.on.is_empty();
                *text == what && !line.on.is_empty() && lines.iter().all(mergeable)
            };
            match phrases.iter_mut().find(is_same) {
                Some((_, lines)) => lines.push(line),
                None => phrases.push((what, vec![line])),
            }
        }
        let phrase = |(what, lines): (String, Vec<&Line>)| {
            let actions: BTreeSet<Arc<str>> = lines.iter().flat_map(|line| line.actions.iter().cloned()).collect();
            let on = together(&lines.iter().map(|line| line.on.as_str()).collect::<Vec<_>>());
            let text = if on.is_empty() { what } else { format!("{what} on {on}") };
            let risk = lines.iter().map(|line| line.risk).min().unwrap_or(Risk::Ordinary);
            Phrase { risk, text, actions: actions.into_iter().collect() }
        };
        phrases.into_iter().map(phrase).collect()
    }

    /// Paragraphs as blocks, in the same order. Paragraphs about the same people with more than `most` phrases together
    /// become one block that names the sensitive access, and counts the rest by area.
    #[must_use]
    pub fn blocks(&self, paragraphs: &[Paragraph], most: usize) -> Vec<Block> {
        type Group = (Reach, bool, Arc<[u32]>);
        let group = |it: &Paragraph| -> Group { (it.reach, it.turn.is_new_access(), Arc::clone(&it.who)) };
        let mut groups: BTreeMap<Group, Vec<&Paragraph>> = BTreeMap::new();
        for it in paragraphs.iter().filter(|it| it.turn != AccessChange::StaysOpen) {
            groups.entry(group(it)).or_default().push(it);
        }
        let phrases = |all: &[&Paragraph]| all.iter().map(|it| self.phrases(it).len()).sum::<usize>();
        groups.retain(|_, all| phrases(all) > most);
        let mut blocks = Vec::new();
        let mut summed: BTreeSet<Group> = BTreeSet::new();
        for it in paragraphs {
            let group = group(it);
            match groups.get(&group).filter(|_| it.turn != AccessChange::StaysOpen) {
                Some(_) if summed.contains(&group) => {}
                Some(all) => {
                    blocks.push(self.short(it, all));
                    summed.insert(group);
                }
                None => blocks.push(Block {
                    turn: it.turn,
                    risk: it.risk(),
                    headline: self.headline(it),
                    tail: self.tail(it),
                    phrases: self.phrases(it),
                    paragraphs: 1,
                    is_short: false,
                }),
            }
        }
        blocks
    }

    /// Paragraphs about the same people in a few lines: sensitive access by risk, the rest by area.
    fn short(&self, first: &Paragraph, all: &[&Paragraph]) -> Block {
        let turn = all.iter().map(|it| it.turn).min().unwrap_or(first.turn);
        let through: BTreeSet<u32> = all.iter().flat_map(|it| it.through.iter().copied()).collect();
        let through: Vec<u32> = through.into_iter().collect();
        let headline = self.headline(&Paragraph { turn, ..first.clone() });
        let headline = headline.strip_suffix(':').unwrap_or(&headline).to_owned();
        let is_new = if first.reach == Reach::NewPeople && turn.is_new_access() { "new: " } else { "" };
        let profiles = match through.len() {
            0 => String::new(),
            1..=6 => format!("through {}", self.profiles(&through, "and")),
            count => format!("through {count} profiles"),
        };
        let mut phrases = Vec::new();
        // The certain access is first, and then the rest, each by its direction.
        let mut by_turn: BTreeMap<AccessChange, Vec<&Paragraph>> = BTreeMap::new();
        all.iter().for_each(|it| by_turn.entry(it.turn).or_default().push(it));
        for (it, paragraphs) in &by_turn {
            phrases.extend(self.sensitive(*it, turn, paragraphs));
        }
        for (it, paragraphs) in &by_turn {
            phrases.extend(self.by_area(*it, turn, paragraphs));
        }
        Block {
            turn,
            risk: all.iter().map(|it| it.risk()).min().unwrap_or(Risk::Ordinary),
            headline: format!("{is_new}{headline}"),
            tail: profiles,
            phrases,
            paragraphs: all.len(),
            is_short: true,
        }
    }

    /// The sensitive access of paragraphs with one direction, a phrase for each risk and the resources.
    fn sensitive(&self, turn: AccessChange, main: AccessChange, paragraphs: &[&Paragraph]) -> Vec<Phrase> {
        let mut lines: BTreeMap<(Risk, String, String), BTreeSet<Arc<str>>> = BTreeMap::new();
        for it in paragraphs {
            for line in it.lines.iter().filter(|line| line.risk != Risk::Ordinary) {
                let key = (line.risk, line.on.clone(), points(&[it]));
                lines.entry(key).or_default().extend(line.actions.iter().cloned());
            }
        }
        // The risk, the open points and the actions; and the resources.
        type Actions = (Risk, String, Vec<Arc<str>>);
        let mut by_actions: BTreeMap<Actions, Vec<String>> = BTreeMap::new();
        for ((risk, on, points), actions) in lines {
            by_actions.entry((risk, points, tasks_first(actions))).or_default().push(on);
        }
        let prefix = prefix(turn, main);
        let phrase = |((risk, points, actions), ons): (Actions, Vec<String>)| {
            let on = together(&ons.iter().map(String::as_str).collect::<Vec<_>>());
            let on = if on.is_empty() { on } else { format!(" on {on}") };
            Phrase { risk, text: format!("{prefix}{}{on}{points}", self.naming.actions(&actions)), actions }
        };
        by_actions.into_iter().map(phrase).collect()
    }

    /// The other access of paragraphs with one direction, counted by area.
    fn by_area(&self, turn: AccessChange, main: AccessChange, paragraphs: &[&Paragraph]) -> Option<Phrase> {
        let lines = || paragraphs.iter().flat_map(|it| &it.lines);
        let sensitive: BTreeSet<&str> =
            lines().filter(|it| it.risk != Risk::Ordinary).flat_map(|it| it.actions.iter().map(|it| &**it)).collect();
        let actions: BTreeSet<Arc<str>> = lines().flat_map(|it| it.actions.iter().cloned()).collect();
        let actions: Vec<Arc<str>> = actions.into_iter().filter(|it| !sensitive.contains(&**it)).collect();
        let mut areas: BTreeMap<&str, usize> = BTreeMap::new();
        let mut tasks = Vec::new();
        for name in folded(&actions) {
            if name.starts_with(PREFIX) {
                tasks.push(Arc::from(name));
            } else {
                *areas.entry(self.naming.area(name)).or_default() += 1;
            }
        }
        let mut parts = Vec::new();
        if !tasks.is_empty() {
            parts.push(self.naming.actions(&tasks));
        }
        let count: usize = areas.values().sum();
        if count > 0 {
            let mut areas: Vec<_> = areas.into_iter().collect();
            areas.sort_by_key(|(area, count)| (std::cmp::Reverse(*count), *area));
            let areas: Vec<_> = areas.into_iter().map(|(area, count)| format!("{count} in {area}")).collect();
            let other = if sensitive.is_empty() { "" } else { "other " };
            let [one, many] = ["permission", "permissions"].map(|noun| format!("{other}{noun}"));
            parts.push(format!("{}: {}", counted(count, &one, &many), areas.join(", ")));
        }
        let text = format!("{}{}{}", prefix(turn, main), listed(&parts, "and"), points(paragraphs));
        (!parts.is_empty()).then_some(Phrase { risk: Risk::Ordinary, text, actions })
    }
}

/// The direction of a phrase within a block of another direction.
fn prefix(turn: AccessChange, main: AccessChange) -> &'static str {
    match turn {
        _ if turn == main => "",
        AccessChange::MayGain | AccessChange::BecomesUncertain => "perhaps ",
        AccessChange::BecomesCertain => "for certain ",
        AccessChange::MayLose => "what was undetermined: ",
        _ => "",
    }
}

/// The open points of paragraphs, in brackets.
fn points(paragraphs: &[&Paragraph]) -> String {
    let points: BTreeSet<_> = paragraphs.iter().flat_map(|it| it.open_points.iter().map(|it| it.name())).collect();
    if points.is_empty() {
        return String::new();
    }
    format!(" ({})", points.into_iter().collect::<Vec<_>>().join(", "))
}

fn tasks_first(actions: BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
    let mut actions: Vec<Arc<str>> = actions.into_iter().collect();
    actions.sort_by_key(|it| !it.starts_with(PREFIX));
    actions
}

/// Resources of several types in one phrase.
fn together(ons: &[&str]) -> String {
    let mut names: Vec<String> = Vec::new();
    let is_every = |on: &str| on.starts_with("every ") && !on.contains('(');
    let every: Vec<String> = ons.iter().filter_map(|on| on.strip_prefix("every ")).map(str::to_owned).collect();
    if ons.len() > 1 && ons.iter().all(|on| is_every(on)) {
        return format!("every {}", listed(&every, "and"));
    }
    names.extend(ons.iter().filter(|on| !on.is_empty()).map(|on| (*on).to_owned()));
    if names.is_empty() { String::new() } else { listed(&names, "and") }
}
