//! The report as one page of HTML that needs nothing else: no script, no request, light and dark.
//!
//! What always holds: whatever comes from data is escaped, so that a name is text and nothing more.

use std::fmt::{self, Write as _};

use lanyard_engine::tasks::{self, PREFIX};

use super::{Counts, Report, by_reach, counted, heading};
use crate::access_impact::{Bearing, Level, Matrix, Row};
use crate::diff::{Difference, Edit, Fate, Said};
use crate::narrative::{AccessChange, Narrative, Paragraph, Reach, line};

/// Text that is written escaped.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// A sentence in which what stands between backticks is code.
struct Sentence<'a>(&'a str);

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.0.split('`').collect();
        // An odd number of backticks comes from a name that has one: then none means anything.
        if parts.len().is_multiple_of(2) {
            return write!(f, "{}", Text(self.0));
        }
        for (at, part) in parts.iter().enumerate() {
            if at % 2 == 1 {
                write!(f, "<code>{}</code>", Text(part))?;
            } else {
                write!(f, "{}", Text(part))?;
            }
        }
        Ok(())
    }
}

const STYLE: &str = include_str!("report.css");
/// How many paragraphs of a part stand open; the others are folded.
const OPEN: usize = 12;
/// How many names are listed in a fold.
const NAMES: usize = 500;
/// How many resources are shown with their members.
const RESOURCES: usize = 2000;

impl Report<'_> {
    /// The report as a page of HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let mut page = String::new();
        let title = Text(self.title);
        let _ = write!(
            page,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"color-scheme\" \
             content=\"light dark\">\n<title>Plan: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        );
        let _ = write!(page, "<header><p class=\"kind\">Lanyard plan</p><h1>{title}</h1>");
        self.cards(&mut page);
        page.push_str("</header>\n");
        let narrative = Narrative::new(self.access_impact);
        self.matrix(&mut page, &narrative, &self.access_impact.matrix);
        self.means(&mut page, &narrative);
        self.restrictions(&mut page, &narrative);
        self.differences(&mut page);
        self.open(&mut page, &narrative);
        page.push_str("</main>\n</body>\n</html>\n");
        page
    }

    fn cards(&self, page: &mut String) {
        let Counts { create, update, delete } = self.counts();
        let people = |turns: &[AccessChange]| {
            let effects = self.access_impact.effects.iter().filter(|it| turns.contains(&AccessChange::of(it)));
            effects.flat_map(|it| it.who.iter().copied()).collect::<std::collections::BTreeSet<_>>().len()
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
        page.push_str("<ul class=\"cards\">");
        for (class, count, name) in cards {
            let class = if count == 0 { "none" } else { class };
            let _ = write!(page, "<li class=\"{class}\"><b>{count}</b> {name}</li>");
        }
        page.push_str("</ul>");
    }

    fn matrix(&self, page: &mut String, narrative: &Narrative<'_>, matrix: &Matrix) {
        if matrix.rows.is_empty() || matrix.columns.is_empty() {
            return;
        }
        page.push_str(
            "<section><h2>Who may do what, before and after</h2>\n<p class=\"key\"><span class=\"cell \
             level-all\"></span> on everything <span class=\"cell level-some\"></span> on some <span class=\"cell \
             level-perhaps\"></span> undetermined <span class=\"cell level-none\"></span> not at all. The left half is \
             before, the right half after; a frame marks what changes.</p>\n<div class=\"wide\"><table \
             class=\"matrix\"><thead><tr><th scope=\"col\">Who</th><th scope=\"col\">Profiles</th>",
        );
        for column in &matrix.columns {
            let (class, name) = match column.strip_prefix(PREFIX).and_then(tasks::find) {
                Some(task) => ("task", task.title),
                None => ("permission", &**column),
            };
            let _ = write!(page, "<th scope=\"col\" class=\"{class}\"><span>{}</span></th>", Text(name));
        }
        page.push_str("</tr></thead>\n<tbody>");
        for row in &matrix.rows {
            self.row(page, narrative, row);
        }
        page.push_str("</tbody></table></div>\n");
        if matrix.left_out > 0 {
            let more = counted(matrix.left_out, "smaller group", "smaller groups");
            let _ = write!(page, "<p class=\"more\">{more} of people not shown.</p>");
        }
        page.push_str("</section>\n");
    }

    fn row(&self, page: &mut String, narrative: &Narrative<'_>, row: &Row) {
        page.push_str("<tr><th scope=\"row\">");
        self.people(page, narrative, &row.who);
        page.push_str("</th><td class=\"profiles\">");
        let [before, after] = &row.profiles;
        let all: std::collections::BTreeSet<u32> = before.iter().chain(after).copied().collect();
        for profile in all {
            let class = match (before.contains(&profile), after.contains(&profile)) {
                (true, true) => "stays",
                (false, _) => "added",
                (true, false) => "removed",
            };
            let name = self.access_impact.profiles.get(profile as usize).map(|it| it.name.as_str()).unwrap_or_default();
            let _ = write!(page, "<span class=\"chip {class}\">{}</span> ", Text(name));
        }
        page.push_str("</td>");
        for (cell, column) in row.cells.iter().zip(&self.access_impact.matrix.columns) {
            let [before, after] = *cell;
            let changed = match before.cmp(&after) {
                std::cmp::Ordering::Less => " up",
                std::cmp::Ordering::Equal => "",
                std::cmp::Ordering::Greater => " down",
            };
            let said = format!("{column}: {} before, {} after", amount(before), amount(after));
            let _ = write!(
                page,
                "<td class=\"cells{changed}\" title=\"{}\"><span class=\"half level-{}\"></span><span class=\"half \
                 level-{}\"></span><span class=\"said\">{}</span></td>",
                Text(&said),
                before.as_str(),
                after.as_str(),
                Text(&said),
            );
        }
        page.push_str("</tr>\n");
    }

    /// People in words; the names of many are in a fold.
    fn people(&self, page: &mut String, narrative: &Narrative<'_>, who: &[u32]) {
        let said = narrative.people(who);
        if who.len() <= 3 {
            let _ = write!(page, "{}", Sentence(&said));
            return;
        }
        let _ = write!(page, "<details><summary>{}</summary><ul class=\"names\">", Sentence(&said));
        for someone in who.iter().take(NAMES).filter_map(|it| self.access_impact.people.get(*it as usize)) {
            let _ = write!(page, "<li>{}</li>", Text(&someone.name));
        }
        if let Some(more) = who.len().checked_sub(NAMES).filter(|more| *more > 0) {
            let _ = write!(page, "<li>and {more} more</li>");
        }
        page.push_str("</ul></details>");
    }

    fn means(&self, page: &mut String, narrative: &Narrative<'_>) {
        let parts = by_reach(narrative);
        if parts.is_empty() && !self.differences.is_empty() {
            page.push_str("<section><h2>What it means</h2><p>Nobody gains or loses anything.</p></section>\n");
        }
        for (reach, paragraphs) in parts {
            let _ = writeln!(page, "<section><h2>{}</h2>", heading(reach));
            let open = if reach == Reach::Standing { OPEN } else { 4 };
            let (first, rest) = paragraphs.split_at(paragraphs.len().min(open));
            first.iter().for_each(|it| self.paragraph(page, narrative, it));
            if !rest.is_empty() {
                let more = counted(rest.len(), "more group of people", "more groups of people");
                let _ = writeln!(page, "<details class=\"fold\"><summary>{more}</summary>");
                rest.iter().for_each(|it| self.paragraph(page, narrative, it));
                page.push_str("</details>\n");
            }
            page.push_str("</section>\n");
        }
    }

    fn paragraph(&self, page: &mut String, narrative: &Narrative<'_>, it: &Paragraph) {
        let sign = it.turn.sign();
        let _ = write!(page, "<article class=\"turn {}\"><span class=\"sign\">{sign}</span><div><p>", class(sign));
        let headline = narrative.headline(it);
        let _ =
            write!(page, "{} <span class=\"tail\">{}</span></p>", Sentence(&headline), Sentence(&narrative.tail(it)));
        page.push_str("<ul>");
        for it in &it.lines {
            let said = line(it);
            // What a sentence leaves out is in a fold.
            if it.actions.iter().all(|action| action.starts_with(PREFIX) || said.contains(&**action)) {
                let _ = write!(page, "<li>{}</li>", Sentence(&said));
                continue;
            }
            let _ = write!(page, "<li><details><summary>{}</summary><ul class=\"names\">", Sentence(&said));
            for action in &it.actions {
                let _ = write!(page, "<li>{}</li>", Text(action));
            }
            page.push_str("</ul></details></li>");
        }
        page.push_str("</ul>");
        if it.who.len() > 3 {
            self.people(page, narrative, &it.who);
        }
        page.push_str("</div></article>\n");
    }

    fn restrictions(&self, page: &mut String, narrative: &Narrative<'_>) {
        if self.access_impact.restrictions.is_empty() {
            return;
        }
        page.push_str("<section><h2>Restrictions</h2>\n");
        for it in &self.access_impact.restrictions {
            let (sign, label) = match it.bearing {
                Bearing::Void => ("+", "becomes void"),
                Bearing::Bites => ("-", "starts to bite"),
            };
            let said = narrative.restriction(it);
            let _ = writeln!(
                page,
                "<article class=\"turn {}\"><span class=\"sign\" title=\"{label}\">{sign}</span><div><p>{}</p></div></article>",
                class(sign),
                Sentence(&said)
            );
        }
        page.push_str("</section>\n");
    }

    fn differences(&self, page: &mut String) {
        page.push_str("<section><h2>What changes</h2>\n");
        if self.differences.is_empty() {
            page.push_str("<p>Nothing differs.</p>");
        }
        page.push_str("<ul class=\"kinds\">");
        for (kind, Counts { create, update, delete }) in self.by_kind() {
            let _ = write!(
                page,
                "<li>{} <b class=\"plus\">+{create}</b> <b class=\"other\">~{update}</b> <b \
                 class=\"minus\">-{delete}</b></li>",
                Text(kind.noun())
            );
        }
        page.push_str("</ul>\n");
        let folded = self.differences.len() > 30;
        for difference in self.differences.iter().take(RESOURCES) {
            self.resource(page, difference, folded);
        }
        if let Some(more) = self.differences.len().checked_sub(RESOURCES).filter(|more| *more > 0) {
            let _ = write!(page, "<p class=\"more\">{} not shown.</p>", counted(more, "resource", "resources"));
        }
        page.push_str("</section>\n");
    }

    fn resource(&self, page: &mut String, difference: &Difference, folded: bool) {
        let fate = difference.fate();
        let class = class(fate.sign());
        let open = if folded || fate == Fate::Delete { "" } else { " open" };
        let _ = write!(
            page,
            "<details class=\"resource {class}\"{open}><summary><span class=\"sign\">{}</span> {} <b>{}</b> <span \
             class=\"count\">{}</span></summary><table class=\"members\">",
            fate.sign(),
            Text(difference.key().kind.noun()),
            Text(&difference.name),
            counted(difference.members.len(), "member", "members"),
        );
        let said = Said { before: self.before, after: self.after };
        for member in &difference.members {
            let sign = member.edit.sign();
            let _ = write!(
                page,
                "<tr class=\"{}\"><td class=\"sign\">{sign}</td><th scope=\"row\">{}</th><td>",
                self::class(sign),
                Text(&member.path)
            );
            let _ = match &member.edit {
                Edit::Added { value } => write!(page, "<ins>{}</ins>", Text(&said.value(&member.path, value))),
                Edit::Removed { value } => write!(page, "<del>{}</del>", Text(&said.value(&member.path, value))),
                Edit::Changed { before, after } => write!(
                    page,
                    "<del>{}</del> <ins>{}</ins>",
                    Text(&said.value(&member.path, before)),
                    Text(&said.value(&member.path, after))
                ),
            };
            page.push_str("</td></tr>");
        }
        page.push_str("</table></details>\n");
    }

    fn open(&self, page: &mut String, narrative: &Narrative<'_>) {
        let (points, steady, notes) = (self.open_points(), narrative.steady(), self.all_notes());
        if !points.is_empty() {
            page.push_str(
                "<section><h2>What is undetermined</h2><p>Where Amazon Connect's documents are silent, or something \
                 was not seen, both answers are kept. Until such a point is settled, access that depends on it cannot \
                 be ruled out.</p><dl class=\"points\">",
            );
            for point in &points {
                let _ = write!(page, "<dt>{}</dt><dd>{}</dd>", Text(point.name()), Text(point.about()));
            }
            page.push_str("</dl>\n");
            if !steady.is_empty() {
                let count = counted(steady.len(), "group of people", "groups of people");
                let _ = write!(
                    page,
                    "<details class=\"fold\"><summary>What stays undetermined for {count} whose profiles \
                     change</summary><ul>"
                );
                for it in &steady {
                    let lines: Vec<_> = it.lines.iter().map(line).collect();
                    let said = format!("{}: {} {}", narrative.people(&it.who), lines.join("; "), narrative.tail(it));
                    let _ = write!(page, "<li>{}</li>", Sentence(&said));
                }
                page.push_str("</ul></details>");
            }
            page.push_str("</section>\n");
        }
        if !notes.is_empty() {
            page.push_str("<section><h2>What to know besides</h2><ul class=\"notes\">");
            for note in notes {
                let _ = write!(page, "<li>{}</li>", Sentence(note));
            }
            page.push_str("</ul></section>\n");
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_data_is_text() {
        assert_eq!(Text("<script>\"'&").to_string(), "&lt;script&gt;&quot;&#39;&amp;");
        assert_eq!(Sentence("who `<b>` may").to_string(), "who <code>&lt;b&gt;</code> may");
        assert_eq!(Sentence("a name`<i>").to_string(), "a name`&lt;i&gt;");
    }
}
