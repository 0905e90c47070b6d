//! The questions of a class: the actions that its profiles hold, and the resources that are not stored.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_engine::tasks::PREFIX;
use lanyard_model::catalogue::ResourceType;

use super::bits::Bits;
use super::class::{Alike, DomainDecider, Key};
use super::probe::{Probe, without_version};
use super::rule_domain::{ProfileSignature, Rule};
use super::universe::STATES;

impl DomainDecider<'_> {
    /// The questions apart from those about stored resources.
    pub(super) fn probes(&self, key: &Key) -> Vec<Probe> {
        if key.is_unchanged() {
            return if self.rule_domain.rule == Rule::Invoke { self.tools(key) } else { Vec::new() };
        }
        let mut probes = vec![Probe::Every];
        if self.rule_domain.type_name != "Instance" {
            probes.push(Probe::Some);
        }
        match self.rule_domain.rule {
            Rule::Owned => probes.push(Probe::Own),
            Rule::Visible if key.is_agent => probes.push(Probe::Own),
            Rule::Typed | Rule::Record if self.table(self.rule_domain.it).is_none() => probes.extend(self.likes(key)),
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => probes = self.tools(key),
            _ => {}
        }
        probes
    }

    /// Resources that are not stored, by the distinctions of the class's restrictions: untagged, with the tags of
    /// each restriction, and with each value that a record rule names.
    fn likes(&self, key: &Key) -> Vec<Probe> {
        let (mut tags, mut values) = (BTreeSet::from([Vec::new()]), BTreeSet::from([Vec::new()]));
        for signature in STATES.iter().flat_map(|state| self.signatures_of(key, *state)) {
            if let Some(tagged) = &signature.tagged {
                tags.insert(tagged.tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect());
            }
            let entries = || signature.records.iter().filter_map(|(name, values)| Some((name.as_ref()?, values)));
            let first: BTreeMap<&String, &String> =
                entries().filter_map(|(name, values)| Some((name, values.first()?))).collect();
            for (name, value) in entries().flat_map(|(name, values)| values.iter().map(move |it| (name, it))) {
                let mut record = first.clone();
                record.insert(name, value);
                values.insert(record.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect());
            }
        }
        if self.rule_domain.it == ResourceType::DataTable {
            values = BTreeSet::from([Vec::new()]);
        }
        let pair = |tags: &Vec<(String, String)>| {
            let tags = tags.clone();
            values.iter().map(move |values| Probe::Like { tags: tags.clone(), values: values.clone() })
        };
        tags.iter().flat_map(pair).collect()
    }

    /// The tools that the class's profiles may list.
    fn tools(&self, key: &Key) -> Vec<Probe> {
        let unknown_parts =
            STATES.iter().any(|state| self.signatures_of(key, *state).any(|signature| signature.unknown_parts));
        let all = self.signatures.all.iter().filter(|_| unknown_parts);
        let signatures = STATES.iter().flat_map(|state| self.signatures_of(key, *state)).chain(all);
        let mut names = BTreeSet::new();
        for signature in signatures {
            names.extend(signature.applications.iter().map(|(namespace, ..)| namespace.clone()));
            names.extend(signature.listed.iter().cloned());
        }
        if self.rule_domain.rule == Rule::Invoke {
            let modules: BTreeSet<String> = names.iter().map(|name| without_version(name).to_owned()).collect();
            // A version or alias that another profile lists may be covered too (A16).
            let listed = self.signatures.all.iter().flat_map(|signature| &signature.listed);
            names.extend(listed.filter(|name| modules.contains(without_version(name))).cloned());
            names.extend(modules);
            let stored = self.table(ResourceType::ContactFlowModule).into_iter().flat_map(|it| it.texts.clone());
            names.extend(stored.filter(|_| unknown_parts));
        }
        names.retain(|name| !name.is_empty() && name != "*");
        [Probe::Some].into_iter().chain(names.into_iter().map(Probe::Named)).collect()
    }

    /// Whether the question can have an answer other than denied: some profile names the tool with the action.
    pub(super) fn may_name(&self, key: &Key, name: &str, alike: &Alike) -> bool {
        if self.rule_domain.rule != Rule::Tool {
            return true;
        }
        let names = |signature: &ProfileSignature| {
            signature.unknown_parts
                || signature.applications.iter().any(|(namespace, _, permissions)| {
                    namespace == name && alike.names.iter().any(|it| permissions.iter().any(|p| **p == **it))
                })
        };
        STATES.iter().any(|state| self.signatures_of(key, *state).any(names))
    }

    /// The actions that the class may do, grouped by equal treatment in every signature.
    pub(super) fn actions(&self, key: &Key) -> Vec<Alike> {
        let single = |name: &str| Alike {
            names: vec![name.into()],
            permissions: Vec::new(),
            is_task: true,
            is_only_counted: false,
        };
        match self.rule_domain.rule {
            Rule::Access => return vec![single("ACCESS")],
            Rule::Invoke => return vec![single("Invoke")],
            Rule::Collaborate => return vec![single("Collaborate")],
            Rule::Tool => {
                let unknown_parts =
                    STATES.iter().any(|state| self.signatures_of(key, *state).any(|signature| signature.unknown_parts));
                let all = self.signatures.all.iter().filter(|_| unknown_parts);
                let signatures = STATES.iter().flat_map(|state| self.signatures_of(key, *state)).chain(all);
                let names: BTreeSet<&String> =
                    signatures.flat_map(|signature| signature.applications.iter().flat_map(|it| &it.2)).collect();
                return names.into_iter().filter(|name| !name.is_empty()).map(|name| single(name)).collect();
            }
            _ => {}
        }
        let signatures: Vec<&ProfileSignature> =
            STATES.iter().flat_map(|state| self.signatures_of(key, *state)).collect();
        let held_by = |number: u32| signatures.iter().map(|signature| signature.held.has(number)).collect::<Vec<_>>();
        let mut alike: BTreeMap<Vec<bool>, Alike> = BTreeMap::new();
        let mut all = Bits::empty(self.universe.actions.len());
        signatures.iter().for_each(|signature| {
            all.join(if signature.is_blank { &self.rule_domain.actions } else { &signature.held });
        });
        for number in all.and(&self.rule_domain.actions).iter() {
            let Some(name) = self.universe.actions.get(number as usize) else { continue };
            let group = alike.entry(held_by(number)).or_insert(Alike {
                names: Vec::new(),
                permissions: vec![number],
                is_task: false,
                is_only_counted: false,
            });
            group.names.push((&**name).into());
        }
        let tasks = self.rule_domain.tasks.iter().map(|task| {
            let mut permissions = Vec::new();
            if self.rule_domain.rule != Rule::Task {
                task.formula.permissions(&mut |name| permissions.extend(self.universe.action(name)));
            }
            Alike { permissions, ..single(&format!("{PREFIX}{}", task.name)) }
        });
        alike.into_values().chain(tasks).collect()
    }
}
