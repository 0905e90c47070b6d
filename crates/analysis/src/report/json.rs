//! The report as data. `docs/plan.md` describes it.

use lanyard_engine::wording;
use serde_json::{Map, Value, json};

use super::{Counts, Report};
use crate::access_impact::{AccessImpact, Bearing, Cell, Effect, Extent, Named, OfType, On, Restriction};
use crate::diff::Difference;
use crate::narrative::{AccessChange, Naming, Narrative};

/// The maximum number of listed members of a group of people or resources; the count has all.
const LISTED: usize = 1000;

impl Report<'_> {
    /// The report as data.
    #[must_use]
    pub fn json(&self) -> Value {
        let Counts { create, update, delete } = self.counts();
        let (access_impact, narrative) = (self.access_impact, Narrative::new(self.access_impact, Naming::api()));
        let effects =
            |effects: &[Effect]| -> Vec<Value> { effects.iter().map(|it| effect(access_impact, it)).collect() };
        let sentences: Vec<_> = narrative
            .paragraphs()
            .iter()
            .map(|it| json!({ "reach": it.reach, "turn": it.turn, "risk": it.risk(), "text": narrative.sentence(it) }))
            .collect();
        let points: Map<String, Value> = self
            .open_points()
            .into_iter()
            .map(|point| (point.name().to_owned(), wording::open_point(point).into()))
            .collect();
        json!({
            "title": self.title,
            "headline": self.headline(),
            "provenance": self.provenance,
            "counts": { "create": create, "update": update, "delete": delete },
            "differences": self.differences.iter().map(difference).collect::<Vec<_>>(),
            "meaning": {
                "sentences": sentences,
                "effects": effects(&access_impact.effects),
                "extents": access_impact.extents.iter().map(|it| extent(access_impact, it)).collect::<Vec<_>>(),
                "stays_undetermined": effects(&access_impact.steady),
                "restrictions": access_impact.restrictions.iter().map(|it| restriction(access_impact, it)).collect::<Vec<_>>(),
                "matrix": matrix(access_impact),
            },
            "open_points": points,
            "notes": self.all_notes(),
        })
    }
}

fn difference(it: &Difference) -> Value {
    let key = it.key();
    json!({
        "kind": key.kind,
        "id": key.id,
        "name": it.name,
        "fate": it.fate(),
        "members": it.members,
    })
}

fn people(access_impact: &AccessImpact, who: &[u32]) -> Value {
    let listed = access_impact.people_by_name(who).into_iter().take(LISTED).map(|it| {
        let kind = if it.is_agent { "ai_agent" } else { "user" };
        json!({ "type": kind, "id": it.id, "name": it.name })
    });
    json!({ "count": who.len(), "members": listed.collect::<Vec<_>>() })
}

fn named<'a>(all: impl Iterator<Item = &'a Named>) -> Vec<Value> {
    all.map(|it| json!({ "id": it.id, "name": it.name })).collect()
}

fn profiles(access_impact: &AccessImpact, places: &[u32]) -> Vec<Value> {
    named(places.iter().filter_map(|it| access_impact.profiles.get(*it as usize)))
}

fn effect(access_impact: &AccessImpact, it: &Effect) -> Value {
    json!({
        "turn": AccessChange::of(it),
        "who": people(access_impact, &it.who),
        "actions": it.actions,
        "resource_type": it.resource_type,
        "on": on(access_impact, it),
        "before": it.before,
        "after": it.after,
        "through": profiles(access_impact, &it.through),
        "through_together": it.together,
    })
}

fn on(access_impact: &AccessImpact, it: &Effect) -> Value {
    match &it.on {
        On::Instance => json!({ "kind": "instance" }),
        On::Every => json!({ "kind": "every" }),
        On::Some => json!({ "kind": "some" }),
        On::Own => json!({ "kind": "own" }),
        On::Named(name) => json!({ "kind": "named", "name": name }),
        On::Like { tags, values } => json!({ "kind": "like", "tags": tags, "primary_values": values }),
        On::Stored { set, except_oneself } => {
            let stored = access_impact.stored(it.resource_type);
            let listed = set.iter().take(LISTED).filter_map(|place| stored.get(place as usize));
            json!({
                "kind": "stored",
                "count": set.len(),
                "except_oneself": except_oneself,
                "members": named(listed),
            })
        }
    }
}

fn restriction(access_impact: &AccessImpact, it: &Restriction) -> Value {
    json!({
        "becomes": match it.bearing { Bearing::Void => "void", Bearing::Bites => "biting" },
        "profile": profiles(access_impact, &[it.profile]).pop(),
        "resource_type": it.resource_type,
        "who": people(access_impact, &it.who),
        "actions": it.actions,
        "because": profiles(access_impact, &it.because),
        "text": Narrative::new(access_impact, Naming::api()).restriction(it),
    })
}

fn extent(access_impact: &AccessImpact, it: &Extent) -> Value {
    let [before, after] = [0, 1].map(|state: usize| {
        json!({
            "every": it.every.get(state),
            "some": it.some.get(state),
            "stored": it.counts.and_then(|counts| counts.get(state).copied()),
        })
    });
    json!({
        "who": people(access_impact, &it.who),
        "actions": it.actions,
        "resource_type": it.resource_type,
        "before": before,
        "after": after,
    })
}

/// The access to each type of a cell.
fn of_types(cell: &Cell) -> Vec<Value> {
    let one = |it: &OfType| {
        let [before, after] = [0, 1].map(|state: usize| {
            let counts = it.counts.and_then(|counts| counts.get(state).copied());
            let [fewest, most] = [counts.map(|[fewest, _]| fewest), counts.map(|[_, most]| most)];
            json!({ "level": it.levels.get(state).map(|level| level.as_str()), "fewest": fewest, "most": most })
        });
        json!({ "resource_type": it.resource_type, "before": before, "after": after })
    };
    cell.types.iter().map(one).collect()
}

fn matrix(access_impact: &AccessImpact) -> Value {
    let rows: Vec<Value> = access_impact
        .matrix
        .rows
        .iter()
        .map(|row| {
            let [before, after] = &row.profiles;
            let cells: Vec<_> = row.cells.iter().map(|cell| cell.levels.map(|level| level.as_str())).collect();
            let types: Vec<_> = row.cells.iter().map(of_types).collect();
            json!({
                "who": people(access_impact, &row.who),
                "profiles_before": profiles(access_impact, before),
                "profiles_after": profiles(access_impact, after),
                "cells": cells,
                "types": types,
            })
        })
        .collect();
    json!({ "columns": access_impact.matrix.columns, "rows": rows, "left_out": access_impact.matrix.left_out })
}
