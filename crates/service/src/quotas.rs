//! How many resources of a kind may exist in an instance, or for applications in an account and region: the service's documented defaults, each of which can be set.

use std::collections::BTreeMap;

use lanyard_model::{Directory, Id, Kind, StreamId};

use crate::error::Error;

/// Quotas by kind; a kind without one is not limited.
#[derive(Clone, Debug)]
pub struct Quotas(BTreeMap<Kind, usize>);

/// The kinds that have a quota: the name on the command line, the kind, and the service's default
/// (`docs/evidence`, Q1 and A8; D18 for data tables, whose attributes and values are counted in each table).
const KNOWN: &[(&str, Kind, usize)] = &[
    ("applications", Kind::RegisteredApplication, 50),
    ("data-table-attributes", Kind::DataTableAttribute, 100),
    // Values are not a kind of their own; they are kept in records.
    ("data-table-values", Kind::DataTableRecord, 1_000),
    ("data-tables", Kind::DataTable, 100),
    ("flow-modules", Kind::FlowModule, 200),
    ("hierarchy-groups", Kind::HierarchyGroup, 500),
    ("hours-of-operation", Kind::HoursOfOperation, 100),
    ("queues", Kind::Queue, 100),
    ("quick-connects", Kind::QuickConnect, 100),
    ("routing-profiles", Kind::RoutingProfile, 500),
    ("security-profiles", Kind::SecurityProfile, 100),
    ("users", Kind::User, 500),
];

impl Default for Quotas {
    fn default() -> Self {
        Self(KNOWN.iter().map(|(_, kind, limit)| (*kind, *limit)).collect())
    }
}

impl Quotas {
    /// Sets one quota from `NAME=NUMBER`; `NAME=none` lifts it.
    ///
    /// # Errors
    /// A sentence with the fault and the names that there are.
    pub fn set(&mut self, setting: &str) -> Result<(), String> {
        let names = || KNOWN.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
        let (name, limit) =
            setting.split_once('=').ok_or_else(|| format!("quota `{setting}` is not of the form NAME=NUMBER"))?;
        let (_, kind, _) = KNOWN
            .iter()
            .find(|(known, ..)| *known == name.trim())
            .ok_or_else(|| format!("there is no quota `{name}`; there are: {}", names()))?;
        match limit.trim() {
            "none" => {
                self.0.remove(kind);
            }
            number => {
                let limit = number
                    .parse()
                    .map_err(|_| format!("quota `{name}` is `{number}`, which is neither a number nor `none`"))?;
                self.0.insert(*kind, limit);
            }
        }
        Ok(())
    }

    /// No quotas.
    pub(crate) fn lifted() -> Self {
        Self(BTreeMap::new())
    }

    /// The quotas of what an instance holds as a whole.
    pub(crate) fn of_instance(&self) -> impl Iterator<Item = (Kind, usize)> {
        let of_another = |kind: &Kind| {
            matches!(kind, Kind::RegisteredApplication | Kind::DataTableAttribute | Kind::DataTableRecord)
        };
        self.0.iter().filter(move |(kind, _)| !of_another(kind)).map(|(kind, quota)| (*kind, *quota))
    }

    /// Fails when the directory already holds as many of the kind as it may. The message never has their number, and the
    /// quota only with `names_limit`: some of the resources may be hidden from the caller.
    pub(crate) fn check(&self, directory: &Directory, kind: Kind, names_limit: bool) -> Result<(), Error> {
        match self.0.get(&kind) {
            Some(limit) if directory.count(kind) >= *limit => Err(Error::limit_exceeded(format!(
                "the {} holds as many of the kind {} as its quota allows{}",
                match directory.stream() {
                    StreamId::Instance(_) => "instance",
                    StreamId::Registry { .. } => "account and region",
                },
                kind.noun(),
                named(*limit, names_limit)
            ))),
            _ => Ok(()),
        }
    }

    /// Fails when a data table would hold more of its parts than it may: `count` of `what`, of this `kind`. The message never
    /// has the count, and the quota only with `names_limit`: some of the records may be hidden from the caller.
    pub(crate) fn check_within(
        &self,
        kind: Kind,
        count: usize,
        what: &str,
        table: &Id,
        names_limit: bool,
    ) -> Result<(), Error> {
        match self.0.get(&kind) {
            Some(limit) if count > *limit => Err(Error::limit_exceeded(format!(
                "the data table `{table}` would hold more {what} than its quota allows{}",
                named(*limit, names_limit)
            ))),
            _ => Ok(()),
        }
    }
}

fn named(limit: usize, is_named: bool) -> String {
    if is_named { format!(": {limit}") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_set_lifted_and_refused() {
        let mut quotas = Quotas::default();
        assert_eq!(quotas.0.get(&Kind::SecurityProfile), Some(&100));
        quotas.set("security-profiles=5").unwrap();
        assert_eq!(quotas.0.get(&Kind::SecurityProfile), Some(&5));
        quotas.set("security-profiles=none").unwrap();
        assert_eq!(quotas.0.get(&Kind::SecurityProfile), None);
        for wrong in ["security-profiles", "security-profiles=many", "profiles=5", "security-profiles=-1"] {
            assert!(quotas.set(wrong).is_err(), "{wrong}");
        }
    }
}
