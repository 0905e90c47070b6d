//! The access that is new in the second state, as text of 80 columns and as data.

use std::io::Write;

use lanyard_analysis::AccessChange::{BecomesCertain, MayGain, StaysOpen};
use lanyard_analysis::{AccessImpact, Block, Naming, Narrative, Paragraph, Reach};
use lanyard_engine::Outcome;
use serde_json::{Value, json};

use super::holders::is_one;
use crate::access::headline::coloured;
use crate::failure::Failure;

/// The width of a line.
const COLUMNS: usize = 80;
/// The maximum number of lines about the same principals; more are summed up by area.
const LINES: usize = 8;

/// Writes the new access, the most sensitive first.
pub(super) fn write(
    access_impact: &AccessImpact,
    paragraphs: &[Paragraph],
    naming: Naming<'_>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    if paragraphs.is_empty() {
        writeln!(out, "{}: there is no new access", coloured(Outcome::Allowed, "passed"))?;
    } else {
        writeln!(out, "{}: there is new access", coloured(Outcome::Denied, "stopped"))?;
    }
    let blocks = Narrative::new(access_impact, naming).blocks(paragraphs, LINES);
    for block in &blocks {
        write_block(block, out)?;
    }
    if paragraphs.iter().any(|it| it.turn == StaysOpen) {
        writeln!(
            out,
            "note: of the access that is still undetermined, an open point is gone; that counts as new access"
        )?;
    }
    if blocks.iter().any(|it| it.is_short) {
        writeln!(out, "  permissions that are only counted: --json names them")?;
    }
    access_impact.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    Ok(())
}

fn write_block(block: &Block, out: &mut impl Write) -> std::io::Result<()> {
    for (number, line) in block.lines().into_iter().enumerate() {
        let first = if number == 0 { format!("  {} ", block.turn.sign()) } else { "      ".to_owned() };
        let indent = " ".repeat(first.len() + 2);
        wrapped(&first, &indent, line.trim_start()).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

/// A text in lines of at most [`COLUMNS`] characters where its words allow it. Text between backticks is not divided.
fn wrapped(first: &str, indent: &str, text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    let mut length = line.chars().count();
    for word in words(text, COLUMNS.saturating_sub(indent.chars().count())) {
        let width = word.chars().count();
        if !is_empty && length + 1 + width > COLUMNS {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            (length, is_empty) = (indent.chars().count(), true);
        }
        if !is_empty {
            line.push(' ');
            length += 1;
        }
        line.push_str(&word);
        length += width;
        is_empty = false;
    }
    lines.push(line);
    lines
}

/// The words of a text. A name between backticks is one word, unless it is longer than a line.
fn words(text: &str, most: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut name = String::new();
    for part in text.split(' ') {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(part);
        if name.matches('`').count().is_multiple_of(2) {
            add_word(&mut words, std::mem::take(&mut name), most);
        }
    }
    // An odd number of backticks comes from a name that has one.
    words.extend(name.split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
    words
}

fn add_word(words: &mut Vec<String>, word: String, most: usize) {
    if word.chars().count() > most {
        words.extend(word.split(' ').map(str::to_owned));
    } else {
        words.push(word);
    }
}

/// The new access as data.
pub(super) fn json(access_impact: &AccessImpact, paragraphs: &[Paragraph]) -> Value {
    let narrative = Narrative::new(access_impact, Naming::api());
    let paragraph = |it: &Paragraph| {
        let people = it.who.iter().filter_map(|who| access_impact.people.get(*who as usize)).map(|it| {
            let principal_type = if it.is_agent { "ai_agent" } else { "user" };
            json!({ "type": principal_type, "id": it.id, "name": it.name, "potential": is_one(&it.id) })
        });
        let through = it.through.iter().filter_map(|number| access_impact.profiles.get(*number as usize));
        let access = it
            .lines
            .iter()
            .map(|line| json!({ "actions": line.actions, "resource_type": line.resource_type, "on": line.on, "risk": line.risk }));
        json!({
            "principals": people.collect::<Vec<_>>(),
            "outcome": if matches!(it.turn, MayGain | StaysOpen) { "undetermined" } else { "allowed" },
            "outcome_before": if matches!(it.turn, BecomesCertain | StaysOpen) { "undetermined" } else { "denied" },
            "new_principals": it.reach == Reach::NewPeople,
            "risk": it.risk(),
            "through": through.map(|it| it.name.as_str()).collect::<Vec<_>>(),
            "access": access.collect::<Vec<_>>(),
            "open_points": it.open_points.iter().map(|point| point.name()).collect::<Vec<_>>(),
            "sentence": narrative.sentence(it),
        })
    };
    paragraphs.iter().map(paragraph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_80_columns_and_names_are_whole() {
        let name = "`Quality management - Test cases - Create`";
        let text = [name; 9].join(", ");
        let lines = wrapped("  + ", "      ", &text);
        assert!(lines.len() > 4 && lines.iter().all(|line| line.chars().count() <= COLUMNS), "{lines:?}");
        assert_eq!(lines.iter().map(|line| line.matches(name).count()).sum::<usize>(), 9);
        assert!(lines.iter().skip(1).all(|line| line.starts_with("      `")));
        assert_eq!(wrapped("", "", &"x".repeat(200)).len(), 1);
        let long = wrapped("  + ", "      ", &format!("`{}`", "a long name ".repeat(20).trim()));
        assert!(long.len() > 2 && long.iter().all(|line| line.chars().count() <= COLUMNS), "{long:?}");
        assert_eq!(wrapped("  ", "", ""), ["  "]);
    }
}
