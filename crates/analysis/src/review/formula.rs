//! The permissions of a task that give a person access.

use std::collections::BTreeSet;

use lanyard_engine::tasks::Formula;

/// The permissions that give access, and those that it needs in addition.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// Those of the first part of each conjunction: without any of them there is no access.
    pub(super) primary: Vec<&'a str>,
    /// Those of the other parts.
    pub(super) further: Vec<&'a str>,
}

/// Whether the formula holds, where every open point is read so that access is granted, and `held` are the granted
/// permissions.
fn holds(formula: &Formula, held: &BTreeSet<&str>) -> bool {
    match formula {
        Formula::Permission(name) | Formula::New(name) => held.contains(name),
        Formula::AllOf(parts) => parts.iter().all(|part| holds(part, held)),
        Formula::AnyOf(parts) | Formula::Disputed(_, parts) => parts.iter().any(|part| holds(part, held)),
    }
}

/// The parts of the formula that hold.
pub(super) fn parts<'a>(formula: &'a Formula, held: &BTreeSet<&str>) -> Parts<'a> {
    let mut all = Parts::default();
    gather(formula, held, true, &mut all);
    let primary: BTreeSet<_> = all.primary.iter().copied().collect();
    all.further.retain(|name| !primary.contains(name));
    all
}

fn gather<'a>(formula: &'a Formula, held: &BTreeSet<&str>, is_primary: bool, all: &mut Parts<'a>) {
    if !holds(formula, held) {
        return;
    }
    match formula {
        Formula::Permission(name) | Formula::New(name) => {
            let names = if is_primary { &mut all.primary } else { &mut all.further };
            if !names.contains(name) {
                names.push(name);
            }
        }
        Formula::AnyOf(parts) | Formula::Disputed(_, parts) => {
            parts.iter().for_each(|part| gather(part, held, is_primary, all));
        }
        Formula::AllOf(parts) => {
            parts.iter().enumerate().for_each(|(at, part)| gather(part, held, is_primary && at == 0, all));
        }
    }
}

#[cfg(test)]
mod tests {
    use lanyard_engine::tasks::Formula::{AllOf, AnyOf, Permission};

    use super::*;

    #[test]
    fn only_what_is_held_and_enough_gives_access() {
        static FORMULA: Formula = AllOf(&[
            AnyOf(&[Permission("A"), AllOf(&[Permission("B"), Permission("C")])]),
            AnyOf(&[Permission("V"), Permission("M")]),
        ]);
        let of = |held: &[&'static str]| parts(&FORMULA, &held.iter().copied().collect());
        assert_eq!(of(&["A", "V"]), Parts { primary: vec!["A"], further: vec!["V"] });
        assert_eq!(of(&["A", "B", "M"]), Parts { primary: vec!["A"], further: vec!["M"] });
        assert_eq!(of(&["B", "C", "V", "M"]), Parts { primary: vec!["B"], further: vec!["C", "V", "M"] });
        assert_eq!(of(&["A", "B", "C"]), Parts::default());
    }
}
