//! The results of the classes, merged: first the people with equal results, then the actions with equal results and
//! people.

use std::collections::BTreeMap;
use std::rc::Rc;

use lanyard_engine::Outcome;

use super::extent::Count;
use super::{Bearing, On};
use crate::Judged;

/// The result of a class for some actions on some resources.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) type_name: &'static str,
    pub(crate) who: Vec<u32>,
    pub(crate) actions: Vec<Rc<str>>,
    pub(crate) on: On,
    pub(crate) before: Judged,
    pub(crate) after: Judged,
    pub(crate) through: Vec<u32>,
    pub(crate) together: bool,
}

/// The extent of a class's access for some actions.
#[derive(Clone, Debug)]
pub(crate) struct RawExtent {
    pub(crate) type_name: &'static str,
    pub(crate) who: Vec<u32>,
    pub(crate) actions: Vec<Rc<str>>,
    pub(crate) every: [Judged; 2],
    pub(crate) some: [Judged; 2],
    pub(crate) counts: Option<[Count; 2]>,
}

/// The result of a class for a restriction.
#[derive(Clone, Debug)]
pub(crate) struct RawRestriction {
    pub(crate) bearing: Bearing,
    pub(crate) type_name: &'static str,
    pub(crate) profile: u32,
    pub(crate) who: Vec<u32>,
    pub(crate) actions: Vec<Rc<str>>,
    pub(crate) because: Vec<u32>,
}

type Rest = (&'static str, On, Judged, Judged, (Vec<u32>, bool));
type ExtentRest = (&'static str, [Judged; 2], [Judged; 2], Option<[Count; 2]>);
type RestrictionRest = (Bearing, u32, &'static str, Vec<u32>);

/// All results.
#[derive(Default)]
pub(crate) struct Gathered {
    effects: BTreeMap<(Rest, Vec<Rc<str>>), Vec<u32>>,
    extents: BTreeMap<(ExtentRest, Vec<Rc<str>>), Vec<u32>>,
    restrictions: BTreeMap<(RestrictionRest, Vec<Rc<str>>), Vec<u32>>,
}

/// The merged results.
pub(crate) struct Merged {
    /// The differences.
    pub(crate) effects: Vec<Raw>,
    /// The access that is undetermined before and after.
    pub(crate) steady: Vec<Raw>,
    pub(crate) extents: Vec<RawExtent>,
    pub(crate) restrictions: Vec<RawRestriction>,
}

impl Gathered {
    pub(crate) fn effect(&mut self, raw: Raw) {
        let Raw { type_name, who, actions, on, before, after, through, together } = raw;
        self.effects.entry(((type_name, on, before, after, (through, together)), actions)).or_default().extend(who);
    }

    pub(crate) fn extent(&mut self, raw: RawExtent) {
        let RawExtent { type_name, who, actions, every, some, counts } = raw;
        self.extents.entry(((type_name, every, some, counts), actions)).or_default().extend(who);
    }

    pub(crate) fn restriction(&mut self, raw: RawRestriction) {
        let RawRestriction { bearing, type_name, profile, who, actions, because } = raw;
        self.restrictions.entry(((bearing, profile, type_name, because), actions)).or_default().extend(who);
    }

    /// The results, with the actions of the same people merged.
    pub(crate) fn finish(self) -> Merged {
        let effects = share_actions(self.effects).into_iter().map(|((rest, who), actions)| {
            let (type_name, on, before, after, (through, together)) = rest;
            Raw { type_name, who, actions, on, before, after, through, together }
        });
        let (steady, effects) =
            effects.partition(|it| it.before == it.after && it.after.outcome() == Outcome::Undetermined);
        let extents = share_actions(self.extents).into_iter().map(|((rest, who), actions)| {
            let (type_name, every, some, counts) = rest;
            RawExtent { type_name, who, actions, every, some, counts }
        });
        let restrictions = share_actions(self.restrictions).into_iter().map(|((rest, who), actions)| {
            let (bearing, profile, type_name, because) = rest;
            RawRestriction { bearing, type_name, profile, who, actions, because }
        });
        Merged { effects, steady, extents: extents.collect(), restrictions: restrictions.collect() }
    }
}

fn share_actions<R: Ord>(all: BTreeMap<(R, Vec<Rc<str>>), Vec<u32>>) -> BTreeMap<(R, Vec<u32>), Vec<Rc<str>>> {
    let mut shared: BTreeMap<(R, Vec<u32>), Vec<Rc<str>>> = BTreeMap::new();
    for ((rest, actions), mut who) in all {
        who.sort_unstable();
        who.dedup();
        shared.entry((rest, who)).or_default().extend(actions);
    }
    shared.values_mut().for_each(|actions| {
        actions.sort_unstable();
        actions.dedup();
    });
    shared
}
