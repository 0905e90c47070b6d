//! The resources of a change in words, with the numbers of those that people had and keep.

use std::collections::HashMap;
use std::sync::Arc;

use lanyard_engine::Outcome;
use lanyard_model::shown;

use super::words::{like, listed, noun, plural};
use super::{AccessChange, NAMES, Narrative, Reach, common_path};
use crate::Judged;
use crate::access_impact::{Count, Extent, Named, On, Set};

/// The extents by type and action.
pub(super) struct Extents<'a>(HashMap<(&'static str, &'a str), Vec<&'a Extent>>);

/// The extent of some people's access: decisions that they share, and the least and the most of their numbers.
pub(super) struct Numbers {
    some: [Judged; 2],
    /// For each state, the numbers of the person with the fewest resources and of the one with the most.
    counts: Option<[[Count; 2]; 2]>,
}

impl Numbers {
    /// The numbers of allowed resources in a state, fewest and most.
    fn allowed(&self, state: usize) -> Option<[u32; 2]> {
        self.counts.and_then(|counts| counts.get(state).copied()).map(|range| range.map(|it| it.allowed))
    }

    /// The most resources on which it is allowed or undetermined in a state.
    fn most(&self, state: usize) -> Option<u32> {
        let range = self.counts.and_then(|counts| counts.get(state).copied())?;
        range.iter().map(|it| it.allowed + it.undetermined).max()
    }

    /// The number of stored resources in a state.
    fn of(&self, state: usize) -> Option<u32> {
        self.counts.and_then(|counts| counts.get(state).copied()).map(|[it, _]| it.of)
    }

    /// The numbers of resources on which it was allowed and is now denied, fewest and most; `None` where there are new or
    /// deleted resources.
    fn lost(&self) -> Option<[u32; 2]> {
        let [[fewest, most], [least, greatest]] = self.counts?;
        let left = [least, greatest].map(|it| it.allowed + it.undetermined);
        let fewer = fewest.allowed.saturating_sub(left[1]);
        (fewest.of == least.of && fewer > 0).then(|| [fewer, most.allowed.saturating_sub(left[0])])
    }

    /// Whether it may be allowed on some resource in a state.
    fn is_some(&self, state: usize) -> bool {
        self.some.get(state).is_some_and(|it| it.outcome() == Outcome::Allowed)
    }
}

impl Extents<'_> {
    /// The numbers of these people; `None` where there are none for some of them.
    pub(super) fn of(&self, resource_type: &'static str, action: &Arc<str>, who: &[u32]) -> Option<Numbers> {
        let extents = self.0.get(&(resource_type, &**action))?;
        let mut known: Option<Numbers> = None;
        let mut people = 0;
        for extent in extents {
            let is_member = |it: &&u32| extent.who.binary_search(it).is_ok();
            let count = if extent.who.len() < who.len() {
                extent.who.iter().filter(|it| who.binary_search(it).is_ok()).count()
            } else {
                who.iter().filter(is_member).count()
            };
            if count == 0 {
                continue;
            }
            people += count;
            let ranges = extent.counts.map(|counts| counts.map(|it| [it, it]));
            known = Some(match known {
                None => Numbers { some: extent.some, counts: ranges },
                Some(Numbers { some: [before, after], counts }) => {
                    let least = |one: Judged, other: Judged| if one.exceeds(other) { other } else { one };
                    let some = [least(before, extent.some[0]), least(after, extent.some[1])];
                    Numbers { some, counts: joined(counts, ranges) }
                }
            });
            if people == who.len() {
                return known;
            }
        }
        None
    }
}

/// The least and the most of both, of each number.
fn joined(one: Option<[[Count; 2]; 2]>, other: Option<[[Count; 2]; 2]>) -> Option<[[Count; 2]; 2]> {
    let with = |one: Count, other: Count, pick: fn(u32, u32) -> u32| Count {
        allowed: pick(one.allowed, other.allowed),
        undetermined: pick(one.undetermined, other.undetermined),
        of: one.of,
    };
    let state =
        |[least, most]: [Count; 2], [less, more]: [Count; 2]| [with(least, less, u32::min), with(most, more, u32::max)];
    let ([before, after], [old, new]) = (one?, other?);
    Some([state(before, old), state(after, new)])
}

/// A number, or a range of numbers.
fn range([fewest, most]: [u32; 2]) -> String {
    match fewest {
        _ if fewest == most => fewest.to_string(),
        0 => format!("up to {most}"),
        _ => format!("{fewest} to {most}"),
    }
}

impl<'a> Narrative<'a> {
    /// The extents by type and action.
    pub(super) fn extents(&self) -> Extents<'a> {
        let mut all: HashMap<(&'static str, &'a str), Vec<&'a Extent>> = HashMap::new();
        for extent in &self.impact.extents {
            for action in &extent.actions {
                all.entry((extent.resource_type, action)).or_default().push(extent);
            }
        }
        Extents(all)
    }

    /// All resources as one phrase, without implied ones, and with the numbers that people had or keep.
    pub(super) fn reached(
        &self,
        resource_type: &'static str,
        ons: &[On],
        (reach, turn): (Reach, AccessChange),
        numbers: Option<&Numbers>,
    ) -> String {
        if ons.contains(&On::Instance) {
            return String::new();
        }
        let is_every = ons.contains(&On::Every);
        let numbers = numbers.filter(|_| matches!(reach, Reach::Standing | Reach::NewPeople));
        let left = |numbers: &str| match turn {
            AccessChange::BecomesUncertain => format!("certain on {numbers}"),
            _ => format!("{numbers} kept"),
        };
        if turn.is_new_access() || turn == AccessChange::StaysOpen {
            let phrase = if is_every {
                format!("every {}", noun(resource_type))
            } else {
                self.parts_reached(resource_type, ons, numbers.and_then(|it| it.of(1)))
            };
            let had = numbers.filter(|_| turn == AccessChange::Gain && reach == Reach::Standing).and_then(|numbers| {
                match (numbers.allowed(0), numbers.of(0)) {
                    (Some(allowed @ [_, 1..=u32::MAX]), Some(of)) => Some(format!(" (had {} of {of})", range(allowed))),
                    (None, _) if is_every && numbers.is_some(0) => Some(" (had some)".to_owned()),
                    _ => None,
                }
            });
            let none_now = numbers.is_some_and(|it| ons == [On::Some] && it.most(1) == Some(0));
            return match had {
                Some(had) => phrase + &had,
                None if none_now => {
                    let of = numbers.and_then(|it| it.of(1)).unwrap_or(0);
                    format!("{phrase} (none of the {of} that there are)")
                }
                None => phrase,
            };
        }
        // Fewer rights: how much is left is said, so that part of a loss is not taken for the whole.
        let kept = numbers.and_then(|it| Some((it.allowed(1)?, it.of(1)?)));
        let parts: Vec<On> = ons.iter().filter(|it| **it != On::Every).cloned().collect();
        match kept {
            Some(([least, 1..=u32::MAX], of)) if is_every && least == of => {
                let plural = plural(if resource_type == "Contact" { "User" } else { resource_type });
                let left = left(&format!("all {of} {plural}"));
                format!("{} other than those that there are ({left})", self::plural(resource_type))
            }
            Some((allowed @ [_, 1..=u32::MAX], of)) => {
                let lost = if parts.iter().any(|it| matches!(it, On::Stored { .. })) {
                    self.parts_reached(resource_type, &parts, numbers.and_then(|it| it.of(0)))
                } else {
                    numbers.and_then(Numbers::lost).map_or_else(
                        || self.parts_reached(resource_type, &[], None),
                        |lost| counted_resources(resource_type, &range(lost), of),
                    )
                };
                format!("{lost} ({})", left(&format!("{} of {of}", range(allowed))))
            }
            None if is_every && numbers.is_some_and(|it| it.is_some(1)) => {
                let lost = self.parts_reached(resource_type, &parts, None);
                format!("{lost} ({})", left("others"))
            }
            _ if is_every => format!("every {}", noun(resource_type)),
            _ => self.parts_reached(resource_type, ons, numbers.and_then(|it| it.of(0))),
        }
    }

    /// Resources that are not every resource, as one phrase. `of` is the number of stored resources of the type.
    fn parts_reached(&self, resource_type: &'static str, ons: &[On], of: Option<u32>) -> String {
        let plural = plural(resource_type);
        let mut phrases = Vec::new();
        let sets: Vec<(&Set, bool)> = ons
            .iter()
            .filter_map(|on| match on {
                On::Stored { set, except_oneself } => Some((set, *except_oneself)),
                _ => None,
            })
            .collect();
        if let Some(((first, _), rest)) = sets.split_first() {
            let set = rest.iter().fold((*first).clone(), |all, (set, _)| all.joined(set));
            let places: Vec<u32> = set.iter().collect();
            let excepted = if sets.iter().all(|(_, it)| *it) { ", oneself excepted" } else { "" };
            phrases.push(format!("{}{excepted}", self.resources(resource_type, &places, of)));
        }
        if ons.contains(&On::Own) {
            phrases.push(match resource_type {
                "User" => "oneself".to_owned(),
                _ => format!("one's own {plural}"),
            });
        }
        let mut names: Vec<String> = Vec::new();
        let mut likes: Vec<String> = Vec::new();
        for on in ons {
            match on {
                On::Named(name) => names.push(format!("`{}`", shown(name))),
                On::Like { tags, values } => likes.push(like(tags, values)),
                _ => {}
            }
        }
        if !names.is_empty() {
            let noun = if names.len() == 1 { noun(resource_type) } else { plural };
            phrases.push(format!("the {noun} {}", listed(&names, "and")));
        }
        if !likes.is_empty() {
            phrases.push(format!("{plural} {}", likes.join(" or ")));
        }
        if phrases.is_empty() { format!("some {plural}") } else { phrases.join(" and ") }
    }

    /// Resources in words: their names, or their number, the number of all, and their location.
    fn resources(&self, resource_type: &str, places: &[u32], of: Option<u32>) -> String {
        let stored = self.impact.stored(resource_type);
        let mut named: Vec<&Named> = places.iter().filter_map(|place| stored.get(*place as usize)).collect();
        named.sort_by(|one, other| one.name.cmp(&other.name));
        let of_contacts = resource_type == "Contact";
        let resource_type = if of_contacts { "User" } else { resource_type };
        let prefix = if of_contacts { "the contacts of " } else { "" };
        let path = common_path(&named);
        let place = if path.is_empty() { String::new() } else { format!(" in {}", shown(&path.join("/"))) };
        let plural = plural(resource_type);
        match (named.as_slice(), of) {
            ([one], _) => format!("{prefix}the {} `{}`", noun(resource_type), shown(&one.name)),
            (few, _) if few.len() <= NAMES => {
                let names: Vec<_> = few.iter().map(|it| format!("`{}`", shown(&it.name))).collect();
                format!("{prefix}the {plural} {}", listed(&names, "and"))
            }
            (all, Some(of)) if all.len() == of as usize => format!("{prefix}all {of} {plural}"),
            (some, Some(of)) => format!("{prefix}{} of {of} {plural}{place}", some.len()),
            (some, None) => format!("{prefix}{} {plural}{place}", some.len()),
        }
    }
}

/// A number of resources of a type.
fn counted_resources(resource_type: &str, count: &str, of: u32) -> String {
    match resource_type {
        "Contact" => format!("the contacts of {count} of {of} users"),
        other => format!("{count} of {of} {}", plural(other)),
    }
}
