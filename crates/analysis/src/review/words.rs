//! A review in sentences.
//!
//! Invariants: names and values are [`shown`], and a backtick in them is an escape, so that backticks in a sentence enclose a
//! name and nothing else.

use lanyard_engine::{OpenPoint, Outcome, Scope};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Timestamp, shown};

use super::{Access, Companion, Grant, GrantScope, Item, Person, Reach, ReviewText, Since, Totals, ViewedContacts};
use crate::narrative::{noun, plural};

/// A stored string as part of a sentence.
pub(super) fn name(text: &str) -> String {
    shown(text).to_string().replace('`', "\\u{60}")
}

/// The same between backticks.
fn code(text: &str) -> String {
    format!("`{}`", name(text))
}

/// A count and its noun.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// Names as a list in words.
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// A time in UTC, to the second.
pub(super) fn time(time: Timestamp) -> String {
    lanyard_wire::Timestamp::from_millis(time.0).to_iso()
}

/// The day of a time, in UTC.
pub(super) fn day(at: Timestamp) -> String {
    let text = time(at);
    text.split('T').next().unwrap_or_default().to_owned()
}

impl ReviewText<'_> {
    /// The name of a permission.
    pub(super) fn permission(&self, name: &str) -> String {
        self::name(&self.names.name(self.catalogue, name))
    }

    /// The name of a permission between backticks; the name in the API follows that of the console.
    pub(super) fn permission_as_stored(&self, name: &str) -> String {
        let text = self.permission(name);
        let stored = self::name(name);
        if text == stored || text.ends_with(&format!(": {stored}")) {
            format!("`{text}`")
        } else {
            format!("`{text}` (`{stored}`)")
        }
    }

    /// An item as a verb phrase.
    pub(super) fn verb(&self, item: &Item) -> String {
        match &item.title {
            // The title of a task of a file is stored text.
            Some(title) if item.is_of_file() => format!("do {}", code(title)),
            Some(title) => title.clone(),
            None => format!("use {}", code(&self.names.name(self.catalogue, &item.action))),
        }
    }

    /// An item as a heading.
    pub(super) fn heading(&self, item: &Item) -> String {
        match &item.title {
            Some(title) if item.is_of_file() => code(title),
            Some(title) => {
                let mut letters = title.chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
            }
            None => code(&self.names.name(self.catalogue, &item.action)),
        }
    }

    /// The findings of the whole review in one sentence.
    pub(super) fn headline(&self) -> String {
        let what = match self.review.items.as_slice() {
            [item] => self.verb(item),
            items => format!("do at least one of {} reviewed actions", items.len()),
        };
        self.sentence(self.review.totals(None), &what)
    }

    /// Totals in one sentence.
    pub(super) fn sentence(&self, totals: Totals, what: &str) -> String {
        let [users, agents] = self.review.principals;
        let of = |counts: [usize; 2]| {
            let all = [(counts, [users, agents])];
            let [([one, other], [of_one, of_other])] = all;
            let mut parts = Vec::new();
            if one > 0 {
                parts.push(format!("{one} of {}", counted(of_one, "user", "users")));
            }
            if other > 0 {
                parts.push(format!("{other} of {}", counted(of_other, "AI agent", "AI agents")));
            }
            parts.join(" and ")
        };
        let certain = [totals.users.certain, totals.ai_agents.certain];
        let open = [totals.users.undetermined, totals.ai_agents.undetermined];
        let has = |counts: [usize; 2]| counts.iter().any(|count| *count > 0);
        let nobody = if self.review.lacks_principals { "Nobody who was seen" } else { "Nobody" };
        let may = match (has(certain), has(open)) {
            (true, false) => format!("{} may {what}", of(certain)),
            (true, true) => format!("{} may {what}; for {} it is undetermined", of(certain), of(open)),
            (false, true) => format!("{nobody} may {what} for certain; for {} it is undetermined", of(open)),
            (false, false) => {
                let users = counted(users, "user", "users");
                format!("{nobody} of {users} and {} may {what}", counted(agents, "AI agent", "AI agents"))
            }
        };
        let more = if self.review.lacks_principals { "; there may be more people and AI agents" } else { "" };
        format!("{may}{more}.")
    }

    /// The permissions of a grant, as the profile stores them.
    pub(super) fn through(&self, grant: &Grant) -> String {
        let names: Vec<_> = grant.permissions.iter().map(|name| self.permission_as_stored(name)).collect();
        match &grant.profile {
            None => "a security profile that was not seen, or a permission that is not known".to_owned(),
            Some(_) if names.is_empty() => "permissions that were not seen".to_owned(),
            Some(_) => listed(&names),
        }
    }

    /// The further permissions that a grant needs; `None` where it needs none.
    pub(super) fn companions(&self, grant: &Grant) -> Option<String> {
        let each = |it: &Companion| format!("{} of {}", self.permission_as_stored(&it.permission), code(&it.profile));
        let all: Vec<_> = grant.companions.iter().map(each).collect();
        let (last, others) = all.split_last()?;
        Some(if others.is_empty() { last.clone() } else { format!("{} or {last}", others.join(", ")) })
    }
}

/// The name of the profile of a grant.
pub(super) fn profile(grant: &Grant) -> String {
    grant.profile.as_ref().map_or_else(|| "not seen".to_owned(), |profile| name(&profile.name))
}

/// The scope of a grant.
pub(super) fn scope(it: ResourceType, scope: &GrantScope) -> String {
    if it == ResourceType::Instance {
        return "the whole instance".to_owned();
    }
    let (one, many) = (noun(it.as_str()), plural(it.as_str()));
    if let Some(contacts) = scope.contacts {
        return self::contacts(contacts);
    }
    if scope.is_unknown {
        return format!("{many} within restrictions that were not seen");
    }
    let restrictions = scope.restrictions.as_ref().map(|restrictions| {
        let group = scope.group.as_deref().or(restrictions.hierarchy_group_id.as_deref());
        self::restrictions(restrictions, group)
    });
    match (scope.own, restrictions) {
        (false, None) => format!("every {one}"),
        (false, Some(words)) => format!("{many} {words}"),
        (true, None) if it == ResourceType::User => "the person's own data".to_owned(),
        (true, None) => format!("the person's own {many}"),
        (true, Some(words)) => format!("the person's own {many} {words}"),
    }
}

fn restrictions(restrictions: &Scope, group: Option<&str>) -> String {
    let mut parts = Vec::new();
    match restrictions.tags.as_deref() {
        Some([]) => parts.push("by tags of which the profile names none".to_owned()),
        Some(tags) => {
            let pairs: Vec<_> = tags.iter().map(|(key, value)| format!("{}={}", code(key), code(value))).collect();
            parts.push(format!("tagged {}", listed(&pairs)));
        }
        None => {}
    }
    if let Some(group) = group {
        parts.push(format!("in the hierarchy group {} or below", code(group)));
    }
    if restrictions.own_hierarchy_group {
        parts.push("in the person's own hierarchy group or below".to_owned());
    }
    for (attribute, values) in &restrictions.primary_values {
        let values: Vec<_> = values.iter().map(|it| code(it)).collect();
        parts.push(format!("with {} as {}", values.join(" or "), code(attribute)));
    }
    parts.join(" and ")
}

fn contacts(viewed: ViewedContacts) -> String {
    let ViewedContacts { by_search, by_hierarchy, own } = viewed;
    match (by_search, by_hierarchy, own) {
        (true, false, _) => "every contact",
        (true, true, false) => "contacts whose agent is in the person's own hierarchy group or below",
        (true, true, true) => {
            "contacts whose agent is in the person's own hierarchy group or below, and perhaps the person's own"
        }
        (false, _, true) => "the person's own contacts",
        (false, _, false) => "contacts, of which none is visible by permissions that were seen",
    }
    .to_owned()
}

/// The resources in reach; `None` for an action without resources.
pub(super) fn reach(it: ResourceType, access: &Access) -> Option<String> {
    let (one, many) = (noun(it.as_str()), plural(it.as_str()));
    match access.reach? {
        Reach::Whole => None,
        Reach::Counted { certain, undetermined, of } => {
            let noun = if of == 1 { one } else { many };
            Some(match (certain, undetermined) {
                (certain, 0) => format!("{certain} of {of} {noun}"),
                (0, undetermined) => format!("{undetermined} of {of} {noun}, undetermined"),
                (certain, undetermined) => format!("{certain} of {of} {noun}, and {undetermined} undetermined"),
            })
        }
        Reach::Every(every) => Some(match (access.outcome, every) {
            (_, Outcome::Allowed) => format!("every {one}"),
            (Outcome::Allowed, Outcome::Undetermined) => format!("some {many}, and perhaps every {one}"),
            (Outcome::Allowed, Outcome::Denied) => format!("some {many}"),
            (_, Outcome::Undetermined) => format!("perhaps every {one}"),
            (_, Outcome::Denied) => format!("perhaps some {many}"),
        }),
    }
}

/// The names of open points.
pub(super) fn points(points: &[OpenPoint]) -> String {
    points.iter().map(|point| point.name()).collect::<Vec<_>>().join(", ")
}

/// `certain`, or the open points that leave it undetermined.
pub(super) fn certainty(access: &Access) -> String {
    let names = points(&access.open_points);
    match access.outcome {
        Outcome::Allowed if names.is_empty() => "certain".to_owned(),
        Outcome::Allowed => format!("certain; {names} for the undetermined ones"),
        Outcome::Undetermined => format!("undetermined ({names})"),
        Outcome::Denied => "denied".to_owned(),
    }
}

/// The difference that it makes if no other profile gave the access; `None` for none.
pub(super) fn by_itself(it: ResourceType, grant: &Grant, access: &Access) -> Option<String> {
    let own = &grant.by_itself;
    if own.outcome != access.outcome {
        return Some(match own.outcome {
            Outcome::Denied => "nothing".to_owned(),
            _ => certainty(own),
        });
    }
    match own.reach {
        Some(_) if own.reach != access.reach => reach(it, own),
        _ => None,
    }
}

/// When and by whom.
pub(super) fn since(since: Option<&Since>) -> String {
    match since {
        Some(since) => format!("{} by {} (revision {})", day(since.time), code(&since.actor), since.revision),
        None => "not known".to_owned(),
    }
}

/// The tags of a person.
pub(super) fn tags(person: &Person) -> String {
    let pairs = person.tags.iter().map(|(key, value)| format!("{}={}", name(key), name(value)));
    pairs.collect::<Vec<_>>().join(", ")
}
