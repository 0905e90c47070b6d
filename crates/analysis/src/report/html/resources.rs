//! The changed resources on the page.

use std::collections::BTreeMap;

use lanyard_model::{Kind, shown};

use super::super::Report;
use super::{NAMES, beyond, sign_of};
use crate::diff::{Difference, Edit, Fate, ValueNames};
use crate::narrative::counted;

/// How many groups of resources are shown with their members.
const RESOURCES: usize = 2000;

/// A resource that differs, or several in which the same differs.
pub(super) struct ResourceView {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) fate: &'static str,
    pub(super) noun: String,
    /// The name of one; the names of several are in a list.
    pub(super) name: Option<String>,
    pub(super) names: Vec<String>,
    pub(super) more: usize,
    pub(super) count: String,
    pub(super) is_open: bool,
    pub(super) members: Vec<MemberView>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MemberView {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) path: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Report<'_> {
    /// The resources that differ, and how many groups of them are left out.
    pub(super) fn resource_views(&self) -> (Vec<ResourceView>, Option<usize>) {
        let mut groups: Vec<(Kind, Fate, Vec<MemberView>, Vec<String>)> = Vec::new();
        let mut known: BTreeMap<(Kind, Vec<MemberView>), usize> = BTreeMap::new();
        for difference in self.differences {
            let (kind, fate, members) = (difference.key().kind, difference.fate(), self.member_views(difference));
            let name = shown(&difference.name).to_string();
            let same = known.get(&(kind, members.clone())).and_then(|at| groups.get_mut(*at));
            if let Some((.., names)) = same.filter(|_| fate == Fate::Update) {
                names.push(name);
                continue;
            }
            if fate == Fate::Update {
                known.insert((kind, members.clone()), groups.len());
            }
            groups.push((kind, fate, members, vec![name]));
        }
        let more = beyond(groups.len(), RESOURCES);
        let is_open = groups.len() <= 30;
        let view = |(kind, fate, members, mut names): (Kind, Fate, Vec<MemberView>, Vec<String>)| {
            let (sign, fate_in_words) = match fate {
                Fate::Create => ("+", "created"),
                Fate::Update => ("~", "changed"),
                Fate::Delete => (sign_of("-"), "deleted"),
            };
            let all = names.len();
            let name = if all == 1 { names.pop() } else { None };
            let more = beyond(all, NAMES).unwrap_or(0);
            names.truncate(NAMES);
            ResourceView {
                class: class(fate.sign()),
                sign,
                fate: fate_in_words,
                noun: if all == 1 { kind.noun().to_owned() } else { format!("{all} of the kind {}", kind.noun()) },
                name,
                names,
                more,
                count: counted(members.len(), "member", "members"),
                is_open: is_open && fate != Fate::Delete,
                members,
            }
        };
        (groups.into_iter().take(RESOURCES).map(view).collect(), more)
    }

    fn member_views(&self, difference: &Difference) -> Vec<MemberView> {
        let names = ValueNames { before: self.before, after: self.after };
        let members = difference.members.iter().map(|member| {
            let (before, after) = match &member.edit {
                Edit::Added { value } => (None, Some(value)),
                Edit::Removed { value } => (Some(value), None),
                Edit::Changed { before, after } => (Some(before), Some(after)),
            };
            let value = |value| {
                let value = self.naming.value(&member.path, names.value(&member.path, value));
                shown(&value).to_string()
            };
            let [before, after] = [before, after].map(|it| it.map(value));
            let sign = member.edit.sign();
            MemberView { class: class(sign), sign: sign_of(sign), path: shown(&member.path).to_string(), before, after }
        });
        members.collect()
    }
}

fn class(sign: &str) -> &'static str {
    match sign {
        "+" => "added",
        "-" => "removed",
        _ => "changed",
    }
}
