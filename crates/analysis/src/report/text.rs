//! The report as text for a terminal.

use std::fmt::{Display, Write as _};

use lanyard_engine::{OpenPoint, wording};
use lanyard_model::shown;
use lanyard_model::visible::one_line;

use super::{Counts, Report, by_reach, heading};
use crate::access_impact::Bearing;
use crate::diff::{Difference, Edit, Fate, ValueNames};
use crate::narrative::{Block, Narrative, Reach, counted};
use crate::sensitive::Risk;

/// The maximum number of resources, and of members of each, unless `everything` is true.
const RESOURCES: usize = 40;
const MEMBERS: usize = 24;
/// The maximum number of paragraphs of each part, unless `everything` is true.
const PARAGRAPHS: usize = 30;
/// The maximum number of paragraphs that follow only from new or deleted people and resources.
const FEWER: usize = 6;
/// The maximum number of lines about the same people who exist before and after, and about new ones; more are summed up
/// unless `everything` is true.
const LINES: [usize; 2] = [10, 5];

/// The text before and after highlighted words; empty without colours.
#[derive(Clone, Copy, Debug, Default)]
pub struct Colours<'a> {
    /// Before new sensitive access.
    pub risk: &'a str,
    /// Before more access, and added values.
    pub more: &'a str,
    /// Before less access, and removed values.
    pub less: &'a str,
    /// Before changed values, and undetermined access.
    pub other: &'a str,
    /// Before headings.
    pub heading: &'a str,
    /// After highlighted words.
    pub reset: &'a str,
}

impl Colours<'_> {
    fn signed(&self, sign: &str, text: &(impl Display + ?Sized)) -> String {
        let colour = match sign {
            "+" => self.more,
            "-" => self.less,
            _ => self.other,
        };
        format!("{colour}{sign}{} {text}", self.reset)
    }

    fn headed(&self, text: &str) -> String {
        format!("{}{text}{}", self.heading, self.reset)
    }
}

impl Report<'_> {
    /// The report as text. Without `everything`, long parts are cut, with the number of the rest.
    #[must_use]
    pub fn text(&self, colours: &Colours<'_>, everything: bool) -> String {
        let mut text = String::new();
        let Counts { create, update, delete } = self.counts();
        let title = shown(self.title);
        let most = |most: usize| if everything { usize::MAX } else { most };
        if self.differences.is_empty() {
            let _ = writeln!(text, "{title}: nothing differs");
            self.notes_text(&mut text);
            return text;
        }
        let summary = format!("{title}: {create} to create, {update} to change, {delete} to delete");
        let _ = writeln!(text, "{}\n", colours.headed(&summary));
        for difference in self.differences.iter().take(most(RESOURCES)) {
            self.difference(&mut text, colours, difference, most(MEMBERS));
        }
        cut(&mut text, "", self.differences.len(), most(RESOURCES), ["resource", "resources"]);
        let narrative = Narrative::new(self.access_impact, self.naming);
        let parts = by_reach(&narrative);
        if parts.is_empty() {
            let _ = writeln!(text, "\n{}", colours.headed(heading(Reach::Standing)));
            let _ = writeln!(text, "Nobody gains or loses anything.");
        }
        for (reach, paragraphs) in &parts {
            let _ = writeln!(text, "\n{}", colours.headed(heading(*reach)));
            let (shown, lines) = match reach {
                Reach::Standing => (most(PARAGRAPHS), most(LINES[0])),
                _ => (most(FEWER), most(LINES[1])),
            };
            let blocks = narrative.blocks(paragraphs, lines);
            blocks.iter().take(shown).for_each(|it| block(&mut text, colours, it));
            if blocks.iter().take(shown).any(|it| it.is_short) {
                let _ = writeln!(text, "... permissions that are only counted: --all shows them");
            }
            cut(&mut text, "", blocks.len(), shown, ["group of people", "groups of people"]);
        }
        if !self.access_impact.restrictions.is_empty() {
            let _ = writeln!(text, "\n{}", colours.headed("Restrictions"));
            let restrictions = narrative.restrictions();
            for (bearing, sentence) in restrictions.iter().take(most(PARAGRAPHS)) {
                let sign = if *bearing == Bearing::Void { "+" } else { "-" };
                let _ = writeln!(text, "{}", colours.signed(sign, sentence));
            }
            cut(&mut text, "", restrictions.len(), most(PARAGRAPHS), ["restriction", "restrictions"]);
        }
        let steady = narrative.steady();
        if !steady.is_empty() {
            let _ = writeln!(
                text,
                "\n{}",
                colours.headed("Undetermined before and after, for holders of changed profiles")
            );
            for it in steady.iter().take(most(FEWER)) {
                let lines: Vec<_> = narrative.phrases(it).into_iter().map(|phrase| phrase.text).collect();
                let tail = narrative.tail(it);
                let sentence = format!("{} {}: {}", narrative.people(&it.who), tail, lines.join("; "));
                let _ = writeln!(text, "{}", colours.signed("?", &sentence));
            }
            cut(&mut text, "", steady.len(), most(FEWER), ["group of people", "groups of people"]);
        }
        open_points(&mut text, colours, &self.open_points());
        self.notes_text(&mut text);
        text
    }

    fn notes_text(&self, text: &mut String) {
        for note in self.all_notes() {
            let _ = writeln!(text, "note: {}", one_line(note));
        }
    }

    fn difference(&self, text: &mut String, colours: &Colours<'_>, difference: &Difference, most: usize) {
        let fate = difference.fate();
        let noun = difference.key().kind.noun();
        let _ = writeln!(text, "{}", colours.signed(fate.sign(), &format!("{noun} `{}`", shown(&difference.name))));
        if fate == Fate::Delete {
            return;
        }
        let names = ValueNames { before: self.before, after: self.after };
        let value = |path: &str, value| self.naming.value(path, names.value(path, value));
        for member in difference.members.iter().take(most) {
            let value = match &member.edit {
                Edit::Added { value: it } | Edit::Removed { value: it } => value(&member.path, it),
                Edit::Changed { before, after } => {
                    format!("{} -> {}", value(&member.path, before), value(&member.path, after))
                }
            };
            let _ = writeln!(
                text,
                "    {}",
                colours.signed(member.edit.sign(), &shown(&format!("{}: {value}", member.path)))
            );
        }
        cut(text, "    ", difference.members.len(), most, ["member", "members"]);
    }
}

fn block(text: &mut String, colours: &Colours<'_>, it: &Block) {
    let marked = |line: &str| match line.strip_prefix("    [sensitive] ") {
        Some(rest) => format!("    {}[sensitive]{} {rest}", colours.risk, colours.reset),
        None => line.to_owned(),
    };
    let mut lines = it.lines().into_iter();
    let head = lines.next().unwrap_or_default();
    let head = match (it.risk, colours.risk) {
        (Risk::Ordinary, _) => colours.signed(it.turn.sign(), &head),
        (_, risk) => format!("{risk}{}{} {head}", it.turn.sign(), colours.reset),
    };
    let _ = writeln!(text, "{head}");
    lines.for_each(|line| _ = writeln!(text, "{}", marked(&line)));
}

fn open_points(text: &mut String, colours: &Colours<'_>, points: &[OpenPoint]) {
    if points.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n{}",
        colours.headed("Open points of Amazon Connect's documents, and unknown parts of the states")
    );
    for point in points {
        let _ = writeln!(text, "  {}", wording::open_point(*point));
    }
}

fn cut(text: &mut String, indent: &str, all: usize, shown: usize, names: [&str; 2]) {
    let [one, many] = names;
    if let Some(rest) = all.checked_sub(shown).filter(|rest| *rest > 0) {
        let _ = writeln!(text, "{indent}... and {} more; --all shows everything", counted(rest, one, many));
    }
}
