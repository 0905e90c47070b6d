//! Suggestions for a name that is not in the catalogue.
//!
//! People arrive with slips of the pen (`Quues.View`), the console's words (`QuickConnects.View`), the words of the
//! API's operations (`DescribeUserHierarchyGroup`) and actions that a resource does not have (`Queues.Archive`).
//! Letters, words and resources are compared separately; an entry is as near as its best of the three scores, and an
//! entry that is near by none is never suggested.

use super::{PermissionInfo, resource_type};

/// The greatest share of letters that may differ.
const LETTERS: f64 = 0.25;
/// The greatest share of words that may differ.
const WORDS: f64 = 0.4;
/// The score of the same resource with another action: behind everything else.
const SAME_RESOURCE: f64 = 0.5;

pub(super) fn nearest<'a>(permissions: &'a [PermissionInfo], name: &str, limit: usize) -> Vec<&'a str> {
    let name = Form::of(name);
    let mut near: Vec<_> = permissions
        .iter()
        .filter_map(|permission| {
            let api_form = Form::of(permission.api_name());
            let console_form = permission.console_name().map(Form::of);
            let type_form = in_terms_of_its_type(permission.api_name()).map(|name| Form::of(&name));
            let forms = || std::iter::once(&api_form).chain(&console_form).chain(&type_form);
            let letters = forms().filter_map(|form| letters_apart(&name.letters, &form.letters)).min_by(f64::total_cmp);
            let words = forms().filter_map(|form| words_apart(&name.words, &form.words)).min_by(f64::total_cmp);
            let resource = (name.resource.is_some() && name.resource == api_form.resource).then_some(SAME_RESOURCE);
            let score = [letters, words, resource].into_iter().flatten().min_by(f64::total_cmp)?;
            Some((score, letters.unwrap_or(1.0), permission))
        })
        .collect();
    near.sort_by(|(score, letters, permission), (other_score, other_letters, other)| {
        score
            .total_cmp(other_score)
            .then(permission.source().confidence().cmp(&other.source().confidence()))
            .then(letters.total_cmp(other_letters))
    });
    // The same words or letters in another order or case leave no doubt.
    if near.first().is_some_and(|(score, ..)| *score == 0.0) {
        near.retain(|(score, ..)| *score == 0.0);
    }
    near.into_iter().take(limit).map(|(_, _, permission)| permission.api_name()).collect()
}

/// The names that differ from `name` by a misspelling or by the form of a word, nearest first, three at most.
#[must_use]
pub fn nearest_of<'a>(names: &[&'a str], name: &str) -> Vec<&'a str> {
    let name = Form::of(name);
    let mut near: Vec<_> = names
        .iter()
        .filter_map(|other| {
            let form = Form::of(other);
            let apart = [letters_apart(&name.letters, &form.letters), words_apart(&name.words, &form.words)];
            Some((apart.into_iter().flatten().min_by(f64::total_cmp)?, *other))
        })
        .collect();
    near.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// `HierarchyGroup.View` for `AgentGrouping.View`: the word of the API's operations instead of the permission's.
fn in_terms_of_its_type(api_name: &str) -> Option<String> {
    let (main_type, _) = resource_type::of_permission(api_name).and_then(|(types, _)| types.split_first())?;
    api_name.split_once('.').map(|(_, action)| format!("{}.{action}", main_type.as_str()))
}

/// A name in the forms that are compared.
struct Form {
    /// Its letters and digits in lower case.
    letters: Vec<char>,
    /// Its words in lower case and one spelling, sorted.
    words: Vec<String>,
    /// The text before the first full stop, in lower case; `None` without a full stop.
    resource: Option<String>,
}

impl Form {
    fn of(name: &str) -> Self {
        let mut words: Vec<_> = split_words(name).iter().filter_map(|word| one_spelling(word)).collect();
        words.sort();
        Self {
            letters: name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect(),
            words,
            resource: name.split_once('.').map(|(resource, _)| resource.to_lowercase()),
        }
    }
}

/// Splits at everything that is not a letter or digit, and where a capital begins a word (`AIAgents` is `AI`, `Agents`).
fn split_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let next_is_lower = rest.peek().is_some_and(|next| next.is_lowercase());
        let begins_word = c.is_uppercase() && (previous.is_lowercase() || (previous.is_uppercase() && next_is_lower));
        if begins_word || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.push(c);
        }
        previous = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// One spelling for singular and plural, and for the verbs of one action; `None` for `access`, which distinguishes
/// nothing.
fn one_spelling(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let word = match word.as_str() {
        "access" => return None,
        "list" | "describe" | "get" | "read" => "view",
        "update" | "modify" => "edit",
        "remove" => "delete",
        "add" => "create",
        other => other.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(other),
    };
    Some(word.to_owned())
}

/// The share of words that only one side has; `None` above [`WORDS`].
fn words_apart(a: &[String], b: &[String]) -> Option<f64> {
    let mut left = b.to_vec();
    let mut shared = 0_u32;
    for word in a {
        if let Some(at) = left.iter().position(|other| other == word) {
            left.swap_remove(at);
            shared += 1;
        }
    }
    let all = count(a.len() + left.len());
    let apart = 1.0 - f64::from(shared) / f64::from(all.max(1));
    (apart <= WORDS).then_some(apart)
}

/// The share of letters to insert, delete, replace or swap with their neighbour; `None` above [`LETTERS`].
fn letters_apart(a: &[char], b: &[char]) -> Option<f64> {
    let longest = f64::from(count(a.len().max(b.len())).max(1));
    let share = |changes: u32| Some(f64::from(changes) / longest).filter(|share| *share <= LETTERS);
    share(count(a.len().abs_diff(b.len())))?;
    // Optimal string alignment over the last three rows of the table.
    let mut before: Vec<u32> = Vec::new();
    let mut above: Vec<u32> = (0..=count(b.len())).collect();
    let mut previous_a = None;
    for (row, &from) in (1..).zip(a) {
        let mut current = Vec::with_capacity(above.len());
        current.push(row);
        let mut previous_b = None;
        for (column, &to) in b.iter().enumerate() {
            let cell = |row: &[u32], column: usize| row.get(column).copied().unwrap_or(u32::MAX / 2);
            let replaced = cell(&above, column) + u32::from(from != to);
            let mut best = replaced.min(cell(&above, column + 1) + 1).min(cell(&current, column) + 1);
            if previous_a == Some(to) && previous_b == Some(from) {
                best = best.min(cell(&before, column - 1) + 1);
            }
            current.push(best);
            previous_b = Some(to);
        }
        before = std::mem::replace(&mut above, current);
        previous_a = Some(from);
    }
    share(above.last().copied().unwrap_or_default())
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX / 4)
}
