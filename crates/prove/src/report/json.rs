//! The report as data. `docs/plan.md` describes it.

use lanyard_engine::wording;
use serde_json::{Map, Value, json};

use super::{Counts, Report};
use crate::diff::Difference;
use crate::meaning::{Bearing, Effect, Meaning, Named, On, Restriction};
use crate::telling::{Telling, Turn};

/// How many members of a group of people or resources are listed; all are counted.
const LISTED: usize = 1000;

impl Report<'_> {
    /// The report as data.
    #[must_use]
    pub fn json(&self) -> Value {
        let Counts { create, update, delete } = self.counts();
        let (meaning, telling) = (self.meaning, Telling::new(self.meaning));
        let effects = |effects: &[Effect]| -> Vec<Value> { effects.iter().map(|it| effect(meaning, it)).collect() };
        let sentences: Vec<_> = telling
            .paragraphs()
            .iter()
            .map(|it| json!({ "reach": it.reach, "turn": it.turn, "text": telling.sentence(it) }))
            .collect();
        let points: Map<String, Value> = self
            .open_points()
            .into_iter()
            .map(|point| (point.name().to_owned(), wording::open_point(point).into()))
            .collect();
        json!({
            "title": self.title,
            "counts": { "create": create, "update": update, "delete": delete },
            "differences": self.differences.iter().map(difference).collect::<Vec<_>>(),
            "meaning": {
                "sentences": sentences,
                "effects": effects(&meaning.effects),
                "stays_undetermined": effects(&meaning.steady),
                "restrictions": meaning.restrictions.iter().map(|it| restriction(meaning, it)).collect::<Vec<_>>(),
                "matrix": matrix(meaning),
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

fn people(meaning: &Meaning, who: &[u32]) -> Value {
    let listed = who.iter().take(LISTED).filter_map(|it| meaning.people.get(*it as usize)).map(|it| {
        let kind = if it.is_agent { "ai_agent" } else { "user" };
        json!({ "type": kind, "id": it.id, "name": it.name })
    });
    json!({ "count": who.len(), "members": listed.collect::<Vec<_>>() })
}

fn named<'a>(all: impl Iterator<Item = &'a Named>) -> Vec<Value> {
    all.map(|it| json!({ "id": it.id, "name": it.name })).collect()
}

fn profiles(meaning: &Meaning, places: &[u32]) -> Vec<Value> {
    named(places.iter().filter_map(|it| meaning.profiles.get(*it as usize)))
}

fn effect(meaning: &Meaning, it: &Effect) -> Value {
    json!({
        "turn": Turn::of(it),
        "who": people(meaning, &it.who),
        "actions": it.actions,
        "resource_type": it.resource_type,
        "on": on(meaning, it),
        "before": it.before,
        "after": it.after,
        "through": profiles(meaning, &it.through),
    })
}

fn on(meaning: &Meaning, it: &Effect) -> Value {
    match &it.on {
        On::Instance => json!({ "kind": "instance" }),
        On::Every => json!({ "kind": "every" }),
        On::Some => json!({ "kind": "some" }),
        On::Own => json!({ "kind": "own" }),
        On::Named(name) => json!({ "kind": "named", "name": name }),
        On::Like { tags, values } => json!({ "kind": "like", "tags": tags, "primary_values": values }),
        On::Stored { set, except_oneself } => {
            let stored = meaning.stored(it.resource_type);
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

fn restriction(meaning: &Meaning, it: &Restriction) -> Value {
    json!({
        "becomes": match it.bearing { Bearing::Void => "void", Bearing::Bites => "biting" },
        "profile": profiles(meaning, &[it.profile]).pop(),
        "resource_type": it.resource_type,
        "who": people(meaning, &it.who),
        "actions": it.actions,
        "because": profiles(meaning, &it.because),
        "text": Telling::new(meaning).restriction(it),
    })
}

fn matrix(meaning: &Meaning) -> Value {
    let rows: Vec<Value> = meaning
        .matrix
        .rows
        .iter()
        .map(|row| {
            let [before, after] = &row.profiles;
            let cells: Vec<_> = row.cells.iter().map(|cell| cell.map(|level| level.as_str())).collect();
            json!({
                "who": people(meaning, &row.who),
                "profiles_before": profiles(meaning, before),
                "profiles_after": profiles(meaning, after),
                "cells": cells,
            })
        })
        .collect();
    json!({ "columns": meaning.matrix.columns, "rows": rows, "left_out": meaning.matrix.left_out })
}
