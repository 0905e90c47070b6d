//! The profiles that matter for a decision: those that suffice for it, or whose loss ends it.

use std::collections::BTreeSet;

use lanyard_engine::tasks::{self, PREFIX};
use lanyard_engine::{Explanation, Finding, Outcome, ProfileReport, Reading};
use lanyard_model::Id;

use super::probe::{Asking, Probe};
use super::rule_domain::Rule;
use super::universe::Universe;
use crate::sufficient::{self, Granted, Grants, holds};

/// Profiles by number, and how they matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Through {
    /// The numbers of the profiles; sorted.
    pub(crate) profiles: Vec<u32>,
    /// Whether only all of them together suffice. Otherwise each of them does.
    pub(crate) together: bool,
}

impl Through {
    fn each(mut profiles: Vec<u32>) -> Self {
        profiles.sort_unstable();
        profiles.dedup();
        Self { profiles, together: false }
    }
}

/// The profiles that suffice for an action; the candidates where none is known to suffice.
pub(crate) fn sufficient(asking: &Asking<'_>, action: &str, probe: &Probe) -> Through {
    let Some(explanation) = asking.explain(action, probe) else { return Through::default() };
    let mut grants = grants(asking.universe, &explanation);
    let is_new = matches!(probe, Probe::Every | Probe::Some) || asking.rule_domain.type_name == "Instance";
    let task = action.strip_prefix(PREFIX).and_then(tasks::find);
    let [all_contacts, own_contacts] = SEEING;
    // The permission to view one's own contacts counts for other contacts where another profile shows those.
    let is_own = match probe {
        Probe::Own | Probe::Some => true,
        Probe::One(number) => *number == asking.person,
        _ => false,
    };
    let is_visible = asking.rule_domain.rule == Rule::Visible;
    if is_visible && !is_own && action != own_contacts {
        grants.values_mut().for_each(|names| _ = names.remove(own_contacts));
    }
    let suffice = match task {
        Some(task) => {
            let readings = match explanation.answer.outcome {
                Outcome::Allowed => &[Reading::STRICT, Reading::LENIENT][..],
                _ => &[Reading::LENIENT],
            };
            readings.iter().find_map(|reading| {
                least(asking.universe, &grants, &|granted| holds(&task.formula, (*reading, is_new), granted))
            })
        }
        // The contact has to be visible too, through any profile.
        None if is_visible && action != all_contacts => {
            let seeing = if is_own { &SEEING[..] } else { &SEEING[..1] };
            for name in seeing {
                for number in asking.holding(name) {
                    grants.entry(number).or_default().insert((*name).to_owned());
                }
            }
            let is_shown = |granted: &Granted<'_>| seeing.iter().any(|name| granted(name));
            least(asking.universe, &grants, &|granted| granted(action) && is_shown(granted))
        }
        // Any profile may hold the other permission.
        None if asking.rule_domain.rule == Rule::Access && !asking.is_agent() => {
            for number in asking.holding(AGENT_ACCESS) {
                grants.entry(number).or_default().insert(AGENT_ACCESS.to_owned());
            }
            least(asking.universe, &grants, &|granted| granted(action) && granted(AGENT_ACCESS))
        }
        None => None,
    };
    suffice.unwrap_or_else(|| Through::each(candidates(asking.universe, &explanation)))
}

/// The permissions that show contacts: all of them, and one's own.
const SEEING: [&str; 2] = ["ContactSearch.View", "MyContacts.View"];

/// The permission without which a user opens no application.
const AGENT_ACCESS: &str = "BasicAgentAccess";

/// The profiles that granted an action before and no longer do. Where all of them still grant, something else ended the
/// access: then those that granted it.
pub(crate) fn lost(before: &Asking<'_>, after: &Asking<'_>, action: &str, probe: &Probe) -> Through {
    let Some(explanation) = before.explain(action, probe) else { return Through::default() };
    let granted = grants(before.universe, &explanation);
    if granted.len() == 1 {
        return Through::each(granted.into_keys().collect());
    }
    let still = after.explain(action, probe).map(|it| grants(after.universe, &it)).unwrap_or_default();
    let is_lost = |(number, permissions): (&u32, &BTreeSet<String>)| {
        let kept = still.get(number);
        let lost = permissions.iter().any(|name| kept.is_none_or(|kept| !kept.contains(name)));
        lost.then_some(*number)
    };
    let lost: Vec<u32> = granted.iter().filter_map(is_lost).collect();
    if lost.is_empty() { sufficient(before, action, probe) } else { Through::each(lost) }
}

/// Each profile that grants a permission of the question, and the permissions that it grants.
fn grants(universe: &Universe<'_>, explanation: &Explanation) -> Grants<u32> {
    let mut all: Grants<u32> = Grants::new();
    for report in explanation.reports.iter().filter(|report| report.outcome != Outcome::Denied) {
        for profile in report.profiles.iter().filter(|it| is_granting(it)) {
            if let Some(number) = universe.profile(&Id::new(&profile.id)) {
                all.entry(number).or_default().insert(report.permission.clone());
            }
        }
    }
    all
}

fn is_granting(report: &ProfileReport) -> bool {
    report.findings == [Finding::Grants]
}

/// The profiles that each suffice, or else a least set that suffices together; `None` where none does.
fn least(universe: &Universe<'_>, grants: &Grants<u32>, is_enough: &dyn Fn(&Granted<'_>) -> bool) -> Option<Through> {
    let mut all: Vec<u32> = grants.keys().copied().collect();
    // Identifiers are random, so names decide on the order.
    all.sort_by_key(|number| universe.profile_name(*number));
    let (profiles, together) = sufficient::least(&all, grants, is_enough)?;
    Some(Through { together, ..Through::each(profiles) })
}

/// The profiles that grant, or the ones that hold the permission where no profile grants by itself.
fn candidates(universe: &Universe<'_>, explanation: &Explanation) -> Vec<u32> {
    let mattering = explanation.reports.iter().filter(|report| report.outcome != Outcome::Denied);
    let mut profiles: Vec<_> = mattering.flat_map(|report| &report.profiles).collect();
    if profiles.is_empty() {
        profiles = explanation.reports.iter().flat_map(|report| &report.profiles).collect();
    }
    let lacks = |report: &ProfileReport| {
        report.findings.iter().any(|it| matches!(it, Finding::PermissionMissing { .. } | Finding::ToolMissing))
    };
    let number = |report: &&ProfileReport| universe.profile(&Id::new(&report.id));
    let granting: Vec<_> = profiles.iter().copied().filter(|it| is_granting(it)).collect();
    if granting.is_empty() {
        return profiles.iter().filter(|report| !lacks(report)).filter_map(number).collect();
    }
    granting.iter().filter_map(number).collect()
}
