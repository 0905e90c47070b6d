//! The unknown parts of a generated world.

use std::collections::BTreeSet;

use lanyard_engine::UnknownParts;
use lanyard_model::{Id, Kind, Resource as Stored};
use serde::{Deserialize, Serialize};

use super::random::Random;

/// The unknown parts of a world.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Veil {
    pub restrictions: BTreeSet<String>,
    pub tools: BTreeSet<String>,
    pub kinds: BTreeSet<String>,
}

impl Veil {
    pub(crate) fn unknown_parts(&self) -> UnknownParts {
        let ids = |names: &BTreeSet<String>| names.iter().map(|name| Id::new(name)).collect();
        UnknownParts {
            restrictions: ids(&self.restrictions),
            tools: ids(&self.tools),
            kinds: self.kinds.iter().map(|name| Kind::from_name(name).unwrap()).collect(),
            ..UnknownParts::default()
        }
    }
}

/// Hides some of a world.
pub(crate) fn veil(r: &mut Random, resources: &mut Vec<Stored>) -> Veil {
    let mut veil = Veil::default();
    for it in resources.iter().filter(|it| it.kind() == Kind::SecurityProfile) {
        if r.percent(25) {
            veil.restrictions.insert(it.id().to_string());
        }
        if r.percent(25) {
            veil.tools.insert(it.id().to_string());
        }
    }
    let kinds = [
        Kind::SecurityProfile,
        Kind::HierarchyGroup,
        Kind::User,
        Kind::AiAgent,
        Kind::Queue,
        Kind::RoutingProfile,
        Kind::QuickConnect,
        Kind::FlowModule,
        Kind::DataTable,
        Kind::DataTableAttribute,
        Kind::DataTableRecord,
    ];
    for kind in kinds {
        if r.percent(25) {
            veil.kinds.insert(kind.name().to_owned());
            resources.retain(|it| it.kind() != kind || r.percent(60));
        }
    }
    veil
}
