//! A review as Markdown: tables that GitHub and others show.

use std::fmt::Write as _;

use lanyard_engine::wording;
use lanyard_model::visible::one_line;

use super::compare::Comparison;
use super::groups::Group;
use super::words::{self, name};
use super::{Item, ReviewText};

/// A sentence as Markdown. Between backticks it is code; elsewhere, what has a meaning in Markdown is escaped. A vertical bar
/// would end a cell also in code, and is written as an escape.
fn markdown(sentence: &str) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for c in sentence.chars() {
        match c {
            '`' => is_code = !is_code,
            '|' => {
                text.push_str("\\u{7c}");
                continue;
            }
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '&' | '$' if !is_code => text.push('\\'),
            _ => {}
        }
        text.push(c);
    }
    text
}

/// A stored string as code; nothing for an empty one.
fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", name(text)) }
}

impl ReviewText<'_> {
    /// The review as Markdown.
    #[must_use]
    pub fn markdown(&self, comparison: Option<&Comparison>) -> String {
        let review = self.review;
        let mut text = String::new();
        let mut line = |sentence: &str| {
            let _ = writeln!(text, "{sentence}\n");
        };
        line(&format!("# Access review of {}", markdown(&self.subject())));
        line(&format!("**{}**", markdown(&self.headline())));
        if let Some(comparison) = comparison {
            line("## Changes");
            line(&markdown(&format!("Compared with {}: {}.", name(&comparison.before), comparison.summary())));
            let lines: Vec<_> = comparison.lines().iter().map(|it| format!("- {}", markdown(it))).collect();
            if !lines.is_empty() {
                line(&lines.join("\n"));
            }
        }
        for (at, item) in review.items.iter().enumerate() {
            line(&self.item_markdown(at, item));
        }
        let points = review.open_points();
        if !points.is_empty() {
            line("## Open points");
            let points = points.iter().map(|point| format!("- {}", markdown(&wording::open_point(*point))));
            line(&points.collect::<Vec<_>>().join("\n"));
        }
        if !review.notes.is_empty() {
            line("## Notes");
            let notes = review.notes.iter().map(|note| format!("- {}", markdown(&one_line(note))));
            line(&notes.collect::<Vec<_>>().join("\n"));
        }
        line(&markdown(&format!("{}.", self.made())));
        line(&format!("Digest `{}`", review.digest()));
        line("Reviewed by: ______________________ Date: ____________ Signature: ______________________");
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    fn item_markdown(&self, at: usize, item: &Item) -> String {
        let review = self.review;
        let mut text = format!("## {}\n\n", markdown(&self.heading(item)));
        let _ = writeln!(
            text,
            "`{}`. {}",
            name(&item.action).replace('|', "\\u{7c}"),
            markdown(&self.sentence(review.totals(Some(at)), &self.verb(item)))
        );
        let groups = review.groups(at);
        if groups.is_empty() {
            return text.trim_end().to_owned();
        }
        text.push_str(
            "\n| Who | Group | Tags | Profile | Permissions | Scope | In reach | Certainty | Since | Keep | Revoke |\n",
        );
        text.push_str("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for group in &groups {
            let shared = self.shared_cells(group).join(" | ");
            for row in &group.rows {
                let Some(person) = review.people.get(row.person) else { continue };
                let group = person.group.as_deref().unwrap_or_default();
                let own = [code(&person.name), code(group), code(&tags(person))];
                let own = own.map(|cell| markdown(&cell)).join(" | ");
                let since = markdown(&words::since(row.since.as_deref()));
                let _ = writeln!(text, "| {own} | {shared} | {since} | ☐ | ☐ |");
            }
        }
        text.trim_end().to_owned()
    }

    /// The cells that the rows of a group share.
    fn shared_cells(&self, group: &Group<'_>) -> [String; 5] {
        let Group { resource_type, grant, access, .. } = group;
        let needs = self.companions(grant).map(|it| format!("; needs {it}")).unwrap_or_default();
        let by_itself = words::by_itself(*resource_type, grant, access);
        let by_itself = by_itself.map(|it| format!("; by itself: {it}")).unwrap_or_default();
        let profile = grant.profile.as_ref().map(|it| code(&it.name)).unwrap_or_else(|| "not seen".to_owned());
        [
            profile,
            format!("{}{needs}", self.through(grant)),
            words::scope(*resource_type, &grant.scope),
            words::reach(*resource_type, access).unwrap_or_default(),
            format!("{}{by_itself}", words::certainty(access)),
        ]
        .map(|cell| markdown(&cell))
    }
}

fn tags(person: &super::Person) -> String {
    person.tags.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markup() {
        assert_eq!(markdown("who `a*|b` may *do*"), "who `a*\\u{7c}b` may \\*do\\*");
        assert_eq!(markdown(&code("a`b|@team")), "`a\\u{60}b\\u{7c}@team`");
    }
}
