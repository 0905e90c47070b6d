//! A review as data. `docs/review.md` describes it.

use std::borrow::Borrow;

use lanyard_engine::{OpenPoint, wording};
use lanyard_model::catalogue::ResourceType;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::item::formula_in_words;
use super::words::{self, time};
use super::{Access, Count, GrantScope, Item, Person, Reach, Review, Row, Since, Totals};

/// The name and version of the form.
pub(super) const FORMAT: &str = "lanyard-review/1";

/// The members that the digest covers, in this order; the rows follow them.
pub(super) const CONTENT: [&str; 6] = ["format", "instance", "revision", "items", "totals", "notes"];

/// The digest of a review: SHA-256, in hexadecimal, of the content and the rows as compact JSON, each with a line feed.
pub(super) fn digest(members: &Map<String, Value>, rows: impl Iterator<Item = impl Borrow<Value>>) -> String {
    let mut sha = Sha256::new();
    for name in CONTENT {
        sha.update(members.get(name).unwrap_or(&Value::Null).to_string());
        sha.update("\n");
    }
    for row in rows {
        sha.update(row.borrow().to_string());
        sha.update("\n");
    }
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Review {
    /// The members of the review as data, without its rows.
    #[must_use]
    pub fn json(&self) -> Map<String, Value> {
        let mut members = self.content();
        let provenance = &self.provenance;
        let digest = digest(&members, self.json_rows());
        members.insert(
            "provenance".to_owned(),
            json!({
                "made_by": provenance.made_by,
                "made_at": time(provenance.made_at),
                "lanyard": provenance.version,
                "source": provenance.source,
                "digest": digest,
            }),
        );
        let points: Map<String, Value> = self
            .open_points()
            .into_iter()
            .map(|point| (point.name().to_owned(), wording::open_point(point).into()))
            .collect();
        members.insert("open_points".to_owned(), points.into());
        members
    }

    /// The digest of the content: of the same state and items it is the same.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.content(), self.json_rows())
    }

    /// The members that the digest covers.
    fn content(&self) -> Map<String, Value> {
        let provenance = &self.provenance;
        let items = self.items.iter().enumerate().map(|(at, item)| {
            let mut value = item_json(item);
            if let Some(members) = value.as_object_mut() {
                members.insert("totals".to_owned(), self.totals_json(Some(at)));
            }
            value
        });
        let revision = provenance.revision.map(|(number, at)| json!({ "number": number, "time": time(at) }));
        let members = [
            ("format", json!(FORMAT)),
            ("instance", json!({ "id": provenance.instance, "alias": provenance.alias })),
            ("revision", json!(revision)),
            ("items", items.collect()),
            ("totals", self.totals_json(None)),
            ("notes", json!(self.notes)),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn totals_json(&self, item: Option<usize>) -> Value {
        let Totals { users, ai_agents, rows } = self.totals(item);
        let [all_users, all_agents] = self.principals;
        let count = |Count { certain, undetermined }: Count, of: usize| json!({ "certain": certain, "undetermined": undetermined, "of": of });
        json!({
            "users": count(users, all_users),
            "ai_agents": count(ai_agents, all_agents),
            "rows": rows,
            "may_be_more": self.lacks_principals,
        })
    }

    /// The rows as data.
    pub fn json_rows(&self) -> impl Iterator<Item = Value> + '_ {
        self.rows.iter().filter_map(|row| self.row_json(row))
    }

    pub(super) fn row_json(&self, row: &Row) -> Option<Value> {
        let (item, person) = (self.items.get(row.item)?, self.people.get(row.person)?);
        let grant = &row.grant;
        let access = access_json(&row.access);
        let mut value = json!({
            "item": item.action,
            "resource_type": row.resource_type.as_str(),
            "person": person_json(person),
            "profile": grant.profile.as_ref().map(|it| json!({ "id": it.id, "name": it.name })),
            "permissions": grant.permissions,
            "needs": grant.companions.iter()
                .map(|it| json!({ "permission": it.permission, "profile": it.profile }))
                .collect::<Vec<_>>(),
            "scope": scope_json(row.resource_type, &grant.scope),
            "by_itself": access_json(&grant.by_itself),
            "since": row.since.as_deref().map(since_json),
        });
        if let (Some(members), Value::Object(access)) = (value.as_object_mut(), access) {
            members.extend(access);
            if item.every {
                members.insert("every".to_owned(), true.into());
            }
        }
        Some(value)
    }

    /// The open points of all rows.
    pub(super) fn open_points(&self) -> Vec<OpenPoint> {
        let each = self.rows.iter().flat_map(|row| [&*row.access, &row.grant.by_itself]);
        let points: std::collections::BTreeSet<_> =
            each.flat_map(|access| access.open_points.iter().copied()).collect();
        points.into_iter().collect()
    }
}

fn item_json(item: &Item) -> Value {
    let types: Vec<_> = item.resource_types.iter().map(|it| it.as_str()).collect();
    json!({
        "action": item.action,
        "title": item.title,
        "resource_types": types,
        "every": item.every,
        "formula": item.task.map(|task| formula_in_words(&task.formula, &|name| format!("`{name}`"))),
        "source": item.task.map(|task| task.source),
    })
}

fn person_json(person: &Person) -> Value {
    json!({
        "type": if person.is_agent { "ai_agent" } else { "user" },
        "id": person.id,
        "name": person.name,
        "group": person.group,
        "tags": person.tags,
    })
}

fn access_json(access: &Access) -> Value {
    let points: Vec<_> = access.open_points.iter().map(|point| point.name()).collect();
    let reach = match access.reach {
        Some(Reach::Counted { certain, undetermined, of }) => {
            json!({ "certain": certain, "undetermined": undetermined, "of": of })
        }
        Some(Reach::Every(every)) => json!({ "every": every.as_str() }),
        Some(Reach::Whole) | None => Value::Null,
    };
    json!({ "outcome": access.outcome.as_str(), "open_points": points, "reach": reach })
}

fn scope_json(it: ResourceType, scope: &GrantScope) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("text", words::scope(it, scope).into());
    put("restricted", json!(scope.restrictions.is_some()));
    put("own", json!(scope.own));
    if scope.is_unknown {
        put("not_seen", json!(true));
    }
    if let Some(restrictions) = &scope.restrictions {
        put("restrictions", json!(restrictions));
    }
    if let Some(group) = &scope.group {
        put("hierarchy_group", json!(group));
    }
    if let Some(contacts) = scope.contacts {
        put(
            "contacts",
            json!({ "by_search": contacts.by_search, "by_hierarchy": contacts.by_hierarchy, "own": contacts.own }),
        );
    }
    members.into()
}

fn since_json(since: &Since) -> Value {
    json!({
        "revision": since.revision,
        "time": time(since.time),
        "actor": since.actor,
        "operation": since.operation,
    })
}
