//! The report as text for a terminal.

use std::fmt::{Display, Write as _};

use lanyard_engine::{OpenPoint, wording};
use lanyard_model::shown;
use lanyard_model::visible::one_line;

use super::{Counts, Report, by_reach, counted, heading};
use crate::access_impact::Bearing;
use crate::diff::{Difference, Edit, Fate, ValueNames};
use crate::narrative::{Narrative, Paragraph, Reach, line};

/// The maximum number of resources, and of members of each, unless `everything` is true.
const RESOURCES: usize = 40;
const MEMBERS: usize = 24;
/// The maximum number of paragraphs of each part, unless `everything` is true.
const PARAGRAPHS: usize = 30;
/// The maximum number of paragraphs that follow only from new or deleted people and resources.
const FEWER: usize = 6;

/// The text before and after highlighted words; empty without colours.
#[derive(Clone, Copy, Debug, Default)]
pub struct Colours<'a> {
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
        let narrative = Narrative::new(self.access_impact);
        let parts = by_reach(&narrative);
        if parts.is_empty() {
            let _ = writeln!(text, "\n{}", colours.headed(heading(Reach::Standing)));
            let _ = writeln!(text, "Nobody gains or loses anything.");
        }
        for (reach, paragraphs) in &parts {
            let _ = writeln!(text, "\n{}", colours.headed(heading(*reach)));
            let shown = most(if *reach == Reach::Standing { PARAGRAPHS } else { FEWER });
            paragraphs.iter().take(shown).for_each(|it| paragraph(&mut text, colours, &narrative, it));
            cut(&mut text, "", paragraphs.len(), shown, ["group of people", "groups of people"]);
        }
        if !self.access_impact.restrictions.is_empty() {
            let _ = writeln!(text, "\n{}", colours.headed("Restrictions"));
            for restriction in self.access_impact.restrictions.iter().take(most(PARAGRAPHS)) {
                let sign = if restriction.bearing == Bearing::Void { "+" } else { "-" };
                let _ = writeln!(text, "{}", colours.signed(sign, &narrative.restriction(restriction)));
            }
            cut(
                &mut text,
                "",
                self.access_impact.restrictions.len(),
                most(PARAGRAPHS),
                ["restriction", "restrictions"],
            );
        }
        let steady = narrative.steady();
        if !steady.is_empty() {
            let _ = writeln!(
                text,
                "\n{}",
                colours.headed("Undetermined before and after, for holders of changed profiles")
            );
            for it in steady.iter().take(most(FEWER)) {
                let lines: Vec<_> = it.lines.iter().map(line).collect();
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
        let values = ValueNames { before: self.before, after: self.after };
        for member in difference.members.iter().take(most) {
            let value = match &member.edit {
                Edit::Added { value } | Edit::Removed { value } => values.value(&member.path, value),
                Edit::Changed { before, after } => {
                    format!("{} -> {}", values.value(&member.path, before), values.value(&member.path, after))
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

fn paragraph(text: &mut String, colours: &Colours<'_>, narrative: &Narrative<'_>, it: &Paragraph) {
    let sign = it.turn.sign();
    if it.lines.len() <= 1 {
        let _ = writeln!(text, "{}", colours.signed(sign, &narrative.sentence(it)));
        return;
    }
    let tail = narrative.tail(it);
    let space = if tail.is_empty() { "" } else { " " };
    let headline = narrative.headline(it);
    let headline = headline.strip_suffix(':').unwrap_or(&headline);
    let _ = writeln!(text, "{}", colours.signed(sign, &format!("{headline}{space}{tail}:")));
    for it in &it.lines {
        let _ = writeln!(text, "    {}", line(it));
    }
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
