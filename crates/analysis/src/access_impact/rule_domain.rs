//! The rule domains, into which all decisions are divided: for each type of resource and each rule, the actions that
//! the rule decides, and the parts of a profile that it reads.
//!
//! Invariants: a rule does not distinguish profiles with equal [`ProfileSignature`]s in its [`RuleDomain`], in any
//! reading. The classes of principals rest on this. The division follows
//! `crates/engine/src/{permission_index,rules,scope,tools}.rs`; the test `proof` compares it with brute force.

use std::collections::HashMap;

use lanyard_engine::tasks::{TASKS, Task};
use lanyard_engine::{DOCUMENTED, VIEW_OWN_CASES, implied};
use lanyard_model::catalogue::{Catalogue, ResourceType, acts_on};
use lanyard_model::resources::{ApplicationType, SecurityProfile};
use lanyard_model::{Id, Tags};

use super::bits::Bits;
use super::universe::{ProfileSide, Universe};

/// The rule that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Rule {
    /// Held or not, on the instance or on contacts.
    Capability,
    /// Rules 2 to 7; for data tables, of tables.
    Typed,
    /// Rules 2 to 7 and the record rule.
    Record,
    /// Rule 9.
    Analytics,
    /// Rule 9, only for the principal itself.
    OwnAnalytics,
    /// Rule 11.
    Visible,
    /// Rule 12, with rules 4 to 7 in the strict reading.
    Owned,
    /// Section 6.
    Access,
    /// Section 6.
    Tool,
    /// Section 6.
    Invoke,
    /// Section 6.
    Collaborate,
    /// A task on the instance: parts of several rule domains.
    Task,
}

/// A part of the decisions.
#[derive(Debug)]
pub(crate) struct RuleDomain {
    pub(crate) rule: Rule,
    /// The type; that of contact flow modules for `Invoke`, and the instance for other tools.
    pub(crate) it: ResourceType,
    /// The name of the type in questions.
    pub(crate) type_name: &'static str,
    /// The permissions that the domain decides.
    pub(crate) actions: Bits,
    /// The tasks that the domain decides.
    pub(crate) tasks: Vec<&'static Task>,
    /// For a task on the instance: the rule domains of its permissions.
    parts: Vec<usize>,
}

/// The restriction by tag of a profile on a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tagged {
    /// Whether the restriction has the type's name, rather than a name that names no type (Q1).
    pub(crate) named: bool,
    pub(crate) tags: Tags,
}

/// The restriction by hierarchy of a profile on users.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Within {
    #[default]
    Everywhere,
    Own,
    /// This group, and whether it and all groups above it exist.
    Group(Id, bool),
}

/// The parts of a profile that the rule of a domain reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ProfileSignature {
    /// The permissions of the domain that the profile holds.
    pub(crate) held: Bits,
    /// Whether it holds some permission of the type.
    counts: bool,
    /// Whether it holds the other permission that the rule reads: View, or that of the contact control panel.
    also: bool,
    pub(crate) tagged: Option<Tagged>,
    pub(crate) within: Within,
    /// The entries of the record rule: attribute and values.
    pub(crate) records: Vec<(Option<String>, Vec<String>)>,
    /// Applications and MCP servers: namespace, whether the type is given as a server or not, permissions.
    pub(crate) applications: Vec<(String, Option<bool>, Vec<String>)>,
    /// Flow modules or AI agents.
    pub(crate) listed: Vec<String>,
    /// Whether other parts of the profile are unknown.
    pub(crate) unknown_parts: bool,
    /// Whether the whole profile is unknown: it may hold anything.
    pub(crate) is_blank: bool,
    /// Whether the answer depends on the principal's own group.
    pub(crate) by_own_group: bool,
    parts: Vec<u32>,
}

impl ProfileSignature {
    /// Whether it restricts the type in the strict reading.
    pub(crate) fn restricts(&self, rule: Rule) -> bool {
        self.tagged.is_some() || self.within != Within::Everywhere || (rule == Rule::Record && !self.records.is_empty())
    }
}

/// The number of the signature without effect.
pub(crate) const NO_SIGNATURE: u32 = 0;

/// The signatures of one rule domain by number, and those of each profile in each state.
#[derive(Debug, Default)]
pub(crate) struct ProfileSignatures {
    pub(crate) all: Vec<ProfileSignature>,
    numbers: HashMap<ProfileSignature, u32>,
    pub(crate) of: [Vec<u32>; 2],
    /// For each signature, the number of its parts other than the permissions that it holds.
    rests: Vec<u32>,
    rest_numbers: HashMap<ProfileSignature, u32>,
}

impl ProfileSignatures {
    pub(crate) fn get(&self, number: u32) -> Option<&ProfileSignature> {
        self.all.get(number as usize)
    }

    pub(crate) fn of_profile(&self, state: usize, profile: u32) -> u32 {
        self.of.get(state).and_then(|of| of.get(profile as usize)).copied().unwrap_or(NO_SIGNATURE)
    }

    /// The number of a signature's parts other than the permissions that it holds.
    pub(crate) fn rest(&self, number: u32) -> u32 {
        self.rests.get(number as usize).copied().unwrap_or(u32::MAX)
    }

    fn number(&mut self, signature: ProfileSignature) -> u32 {
        if self.all.is_empty() {
            self.all.push(ProfileSignature::default());
            self.rests.push(u32::MAX);
        }
        if let Some(number) = self.numbers.get(&signature) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.numbers.insert(signature.clone(), number);
        let next = u32::try_from(self.rest_numbers.len()).unwrap_or(u32::MAX);
        let rest = ProfileSignature { held: Bits::default(), ..signature.clone() };
        self.rests.push(*self.rest_numbers.entry(rest).or_insert(next));
        self.all.push(signature);
        number
    }
}

/// The permissions that decide which contacts a principal may view.
pub(crate) const CONTACT_RULES: [&str; 3] =
    ["ContactSearch.View", "MyContacts.View", "RestrictContactAccessByHierarchy.View"];

/// Every rule domain.
pub(crate) fn rule_domains(universe: &Universe<'_>, catalogue: &Catalogue) -> Vec<RuleDomain> {
    let mut all: Vec<RuleDomain> = Vec::new();
    for (number, name) in (0..).zip(&universe.actions) {
        let types = catalogue.get(name).map_or(&[ResourceType::Instance][..], |it| it.resource_types());
        for it in types {
            let rule = rule(catalogue, name, *it);
            let place = all
                .iter()
                .position(|rule_domain| rule_domain.rule == rule && rule_domain.it == *it)
                .unwrap_or_else(|| {
                    let actions = Bits::empty(universe.actions.len());
                    let (type_name, tasks, parts) = (it.as_str(), Vec::new(), Vec::new());
                    all.push(RuleDomain { rule, it: *it, type_name, actions, tasks, parts });
                    all.len() - 1
                });
            if let Some(rule_domain) = all.get_mut(place) {
                rule_domain.actions.add(number);
            }
        }
    }
    let tools = [
        (Rule::Access, ResourceType::Instance, "ThirdPartyApplication"),
        (Rule::Tool, ResourceType::Instance, "McpServer"),
        (Rule::Invoke, ResourceType::ContactFlowModule, "ContactFlowModule"),
        (Rule::Collaborate, ResourceType::Instance, "AIAgent"),
    ];
    for (rule, it, type_name) in tools {
        let actions = Bits::empty(universe.actions.len());
        all.push(RuleDomain { rule, it, type_name, actions, tasks: Vec::new(), parts: Vec::new() });
    }
    for task in TASKS {
        for name in task.resource_types {
            let Some(it) = ResourceType::from_name(name) else { continue };
            if it == ResourceType::Instance {
                let parts = task_parts(&all, universe, catalogue, task);
                let actions = Bits::empty(universe.actions.len());
                all.push(RuleDomain {
                    rule: Rule::Task,
                    it,
                    type_name: it.as_str(),
                    actions,
                    tasks: vec![task],
                    parts,
                });
                continue;
            }
            let rule = if it == ResourceType::Contact { Rule::Visible } else { Rule::Typed };
            if let Some(rule_domain) =
                all.iter_mut().find(|rule_domain| rule_domain.rule == rule && rule_domain.it == it)
            {
                rule_domain.tasks.push(task);
            }
        }
    }
    all
}

/// The rule domains of a task on the instance.
fn task_parts(all: &[RuleDomain], universe: &Universe<'_>, catalogue: &Catalogue, task: &Task) -> Vec<usize> {
    let mut parts = Vec::new();
    task.formula.permissions(&mut |name| {
        let types = catalogue.get(name).map_or(&[][..], |it| it.resource_types());
        let instance = types.iter().find(|it| **it == ResourceType::Instance);
        let Some(it) = instance.or_else(|| types.first()) else { return };
        let Some(number) = universe.action(name) else { return };
        parts.extend(all.iter().position(|rule_domain| rule_domain.it == *it && rule_domain.actions.has(number)));
    });
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn rule(catalogue: &Catalogue, name: &str, it: ResourceType) -> Rule {
    let Some(known) = catalogue.get(name) else { return Rule::Capability };
    match it {
        ResourceType::Instance => Rule::Capability,
        ResourceType::Contact if known.flags().recording || CONTACT_RULES.contains(&name) => Rule::Visible,
        ResourceType::Contact => Rule::Capability,
        _ if name.starts_with("My") && acts_on(name).is_some() => Rule::Owned,
        ResourceType::User if name == "AccessMetrics.DashboardsWithMyData.View" => Rule::OwnAnalytics,
        _ if known.flags().analytics => Rule::Analytics,
        ResourceType::DataTable if !matches!(name, "DataTables.ManageValues" | "DataTables.EditExpressionValues") => {
            Rule::Typed
        }
        ResourceType::DataTable | ResourceType::DataTableRecord => Rule::Record,
        _ => Rule::Typed,
    }
}

impl RuleDomain {
    /// A rule domain that only provides the type's name in questions.
    pub(crate) fn asking(rule: Rule, it: ResourceType) -> Self {
        let (actions, tasks, parts) = (Bits::default(), Vec::new(), Vec::new());
        Self { rule, it, type_name: it.as_str(), actions, tasks, parts }
    }

    /// The signatures of every profile. `done` has those of the earlier domains.
    pub(crate) fn signatures(&self, universe: &Universe<'_>, done: &[ProfileSignatures]) -> ProfileSignatures {
        let mut signatures = ProfileSignatures::default();
        for state in super::universe::STATES {
            for (profile, _) in (0..).zip(&universe.profiles) {
                let signature = if self.rule == Rule::Task {
                    self.composite(state, profile, done)
                } else {
                    universe.side(profile, state).and_then(|side| self.signature(universe, state, side))
                };
                let number = signature.map_or(NO_SIGNATURE, |signature| signatures.number(signature));
                if let Some(of) = signatures.of.get_mut(state) {
                    of.push(number);
                }
            }
        }
        signatures
    }

    /// The signature for a task on the instance: that of its parts.
    fn composite(&self, state: usize, profile: u32, done: &[ProfileSignatures]) -> Option<ProfileSignature> {
        let mut signature = ProfileSignature::default();
        for signatures in self.parts.iter().filter_map(|part| done.get(*part)) {
            let number = signatures.of_profile(state, profile);
            signature.parts.push(number);
            signature.by_own_group |= signatures.get(number).is_some_and(|part| part.by_own_group);
        }
        signature.parts.iter().any(|number| *number != NO_SIGNATURE).then_some(signature)
    }

    /// The signature of a profile in this domain; `None` where no part of it has an effect.
    fn signature(&self, universe: &Universe<'_>, state: usize, side: &ProfileSide) -> Option<ProfileSignature> {
        let source = &*side.source;
        let held = side.held.and(&self.actions);
        let holds = |name: &str| universe.action(name).is_some_and(|number| side.held.has(number));
        let mut signature = ProfileSignature { held, is_blank: side.is_blank, ..ProfileSignature::default() };
        let matters = match self.rule {
            Rule::Capability => !signature.held.is_empty(),
            Rule::Typed | Rule::Record | Rule::Owned => {
                signature.counts = holds_any_of(source, self.it);
                let view = match (self.rule, self.it) {
                    (Rule::Owned, ResourceType::Case) => Some(VIEW_OWN_CASES),
                    (Rule::Owned, _) => None,
                    (_, it) => it.view_permission(),
                };
                signature.also = view.is_some_and(holds);
                self.restrict(&mut signature, universe, state, side);
                let binds = self.rule == Rule::Record && (signature.unknown_parts || !signature.records.is_empty());
                !signature.held.is_empty() || signature.counts || binds
            }
            Rule::Analytics | Rule::OwnAnalytics => {
                signature.also = self.it.view_permission().is_some_and(holds);
                self.restrict(&mut signature, universe, state, side);
                !signature.held.is_empty()
            }
            Rule::Visible => {
                let mut held = signature.held.clone();
                for name in CONTACT_RULES {
                    if let Some(number) = universe.action(name).filter(|number| side.held.has(*number)) {
                        held.add(number);
                    }
                }
                signature.by_own_group = holds("RestrictContactAccessByHierarchy.View");
                signature.held = held;
                !signature.held.is_empty()
            }
            Rule::Access | Rule::Tool => {
                signature.also = self.rule == Rule::Access && holds("BasicAgentAccess");
                signature.unknown_parts = side.tools_unseen;
                let entries = source.applications.iter().filter_map(|entry| {
                    let mut permissions = entry.permissions.clone();
                    permissions.sort();
                    permissions.dedup();
                    let is_mcp = entry.application_type.map(|it| it == ApplicationType::Mcp);
                    Some((entry.namespace.clone()?, is_mcp, permissions))
                });
                signature.applications = entries.collect();
                signature.applications.sort();
                signature.also || signature.unknown_parts || !signature.applications.is_empty()
            }
            Rule::Invoke => {
                signature.unknown_parts = side.tools_unseen;
                let listed = source.allowed_flow_modules.iter().filter_map(|entry| entry.flow_module_id.clone());
                signature.listed = sorted(listed);
                signature.unknown_parts || !signature.listed.is_empty()
            }
            Rule::Collaborate => {
                signature.unknown_parts = side.tools_unseen;
                signature.listed = sorted(source.allowed_ai_agents.iter().filter_map(|entry| entry.arn.clone()));
                signature.unknown_parts || !signature.listed.is_empty()
            }
            Rule::Task => false,
        };
        signature.by_own_group |= side.is_blank && self.may_ask_own_group();
        (matters || side.is_blank).then_some(signature)
    }

    /// Whether an unknown profile could make the rule read the principal's own group.
    fn may_ask_own_group(&self) -> bool {
        self.rule == Rule::Visible || self.it == ResourceType::User
    }

    /// The restrictions of a profile on the type of the domain.
    fn restrict(&self, signature: &mut ProfileSignature, universe: &Universe<'_>, state: usize, side: &ProfileSide) {
        let source = &*side.source;
        signature.unknown_parts = side.restrictions_unseen;
        // A table represents a record of it where the question is about records.
        let it = if self.rule == Rule::Record { ResourceType::DataTableRecord } else { self.it };
        let names = || source.tag_restricted_resources.iter().map(|name| ResourceType::restricted_as(name));
        let named = names().any(|mut types| types.any(|named| named == it));
        let unnamed = names().any(|mut types| types.next().is_none()) && !DOCUMENTED.contains(&it);
        if named || unnamed {
            signature.tagged = Some(Tagged { named, tags: source.allowed_access_control_tags.clone() });
        }
        if self.it == ResourceType::User && source.hierarchy_restricted_resources.iter().any(|name| name == "User") {
            let group = source.allowed_access_control_hierarchy_group_id.as_ref();
            signature.within = match group.filter(|id| **id != Id::new("")) {
                Some(id) => Within::Group(id.clone(), universe.is_whole(state, id)),
                None => Within::Own,
            };
            signature.by_own_group = signature.within == Within::Own;
        }
        if self.rule == Rule::Record {
            let entries = source.primary_attribute_values.iter();
            // The order of values has no effect.
            let entries = entries.map(|entry| (entry.attribute_name.clone(), sorted(entry.values.iter().cloned())));
            signature.records = entries.collect();
            signature.records.sort();
        }
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<_> = texts.collect();
    all.sort();
    all.dedup();
    all
}

/// Whether a profile holds any permission of the type, in the catalogue or not.
fn holds_any_of(profile: &SecurityProfile, it: ResourceType) -> bool {
    let names = profile.permissions.iter();
    let mut names = names.flat_map(|name| std::iter::once(name.as_str()).chain(implied(name).iter().copied()));
    names.any(|name| acts_on(name).is_some_and(|(types, _)| types.contains(&it)))
}
