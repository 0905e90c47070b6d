//! A request as it is written: AuthZEN's subject, action, resource and context, with the properties that affect
//! decisions. Other members are skipped, and the order of members is free.

use std::borrow::Cow;

use serde::de::{MapAccess, SeqAccess};

use super::field::{Field, Object, Pairs, Shape, objects, read_object};

/// How many questions a batch has at most.
pub(super) const MOST_EVALUATIONS: usize = 10_000;

/// How many things an action assigns at most.
const MOST_ASSIGNED: usize = 200;

type Text<'de> = Field<Cow<'de, str>>;

/// The body of a request to any of the endpoints.
#[derive(Default)]
pub(super) struct Request<'de> {
    /// The question, or the defaults of a batch's questions.
    pub(super) parts: Parts<'de>,
    pub(super) evaluations: Field<Batch<'de>>,
    pub(super) options: Field<Options<'de>>,
    pub(super) page: Field<Page<'de>>,
}

/// One question, as far as it is written.
#[derive(Default)]
pub(super) struct Parts<'de> {
    pub(super) subject: Field<Subject<'de>>,
    pub(super) action: Field<Action<'de>>,
    pub(super) resource: Field<Resource<'de>>,
    pub(super) context: Field<Box<Context<'de>>>,
}

/// The questions of a batch.
#[derive(Default)]
pub(super) struct Batch<'de> {
    pub(super) items: Vec<Field<Parts<'de>>>,
    /// There were more than [`MOST_EVALUATIONS`].
    pub(super) too_many: bool,
}

#[derive(Default)]
pub(super) struct Options<'de> {
    pub(super) evaluations_semantic: Text<'de>,
}

#[derive(Default)]
pub(super) struct Page<'de> {
    pub(super) token: Text<'de>,
    pub(super) limit: Field<u64>,
}

#[derive(Default)]
pub(super) struct Subject<'de> {
    pub(super) subject_type: Text<'de>,
    pub(super) id: Text<'de>,
}

#[derive(Default)]
pub(super) struct Action<'de> {
    pub(super) name: Text<'de>,
    pub(super) properties: Field<Box<ActionProperties<'de>>>,
}

#[derive(Default)]
pub(super) struct ActionProperties<'de> {
    pub(super) assigns: Field<Assigned<'de>>,
    pub(super) changes_primary_values: Field<bool>,
}

/// The resources that an action assigns to a user.
#[derive(Default)]
pub(super) struct Assigned<'de>(pub(super) Vec<Field<Subject<'de>>>);

#[derive(Default)]
pub(super) struct Resource<'de> {
    pub(super) resource_type: Text<'de>,
    pub(super) id: Text<'de>,
    pub(super) properties: Field<Box<ResourceProperties<'de>>>,
}

#[derive(Default)]
pub(super) struct ResourceProperties<'de> {
    pub(super) tags: Field<Pairs<'de>>,
    pub(super) primary_values: Field<Pairs<'de>>,
    pub(super) hierarchy_group_id: Text<'de>,
    pub(super) table_id: Text<'de>,
    pub(super) agent_id: Text<'de>,
    pub(super) owner_id: Text<'de>,
    pub(super) hypothetical: Field<bool>,
    pub(super) match_extent: Text<'de>,
}

#[derive(Default)]
pub(super) struct Context<'de> {
    pub(super) on_behalf_of: Text<'de>,
    pub(super) self_service: Field<bool>,
    pub(super) reading: Text<'de>,
    pub(super) explain: Field<bool>,
    pub(super) at_least: Field<u64>,
    pub(super) freshness: Text<'de>,
    pub(super) max_staleness_ms: Field<u64>,
}

/// Lists the members of each object.
macro_rules! members {
    ($object:ident { $($name:literal => $($field:ident).+),* $(,)? }) => {
        impl<'de> Object<'de> for $object<'de> {
            fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
                match name {
                    $($name => self.$($field).+.read(map)?,)*
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }
    };
}

members!(Parts {
    "subject" => subject,
    "action" => action,
    "resource" => resource,
    "context" => context,
});
members!(Request {
    "subject" => parts.subject,
    "action" => parts.action,
    "resource" => parts.resource,
    "context" => parts.context,
    "evaluations" => evaluations,
    "options" => options,
    "page" => page,
});
members!(Options { "evaluations_semantic" => evaluations_semantic });
members!(Page { "token" => token, "limit" => limit });
members!(Subject { "type" => subject_type, "id" => id });
members!(Action { "name" => name, "properties" => properties });
members!(ActionProperties {
    "assigns" => assigns,
    "changes_primary_values" => changes_primary_values,
});
members!(Resource {
    "type" => resource_type,
    "id" => id,
    "properties" => properties,
});
members!(ResourceProperties {
    "tags" => tags,
    "primary_values" => primary_values,
    "hierarchy_group_id" => hierarchy_group_id,
    "table_id" => table_id,
    "agent_id" => agent_id,
    "owner_id" => owner_id,
    "hypothetical" => hypothetical,
    "match" => match_extent,
});
members!(Context {
    "on_behalf_of" => on_behalf_of,
    "self_service" => self_service,
    "reading" => reading,
    "explain" => explain,
    "at_least" => at_least,
    "freshness" => freshness,
    "max_staleness_ms" => max_staleness_ms,
});

objects!(
    Request<'de>,
    Parts<'de>,
    Options<'de>,
    Page<'de>,
    Subject<'de>,
    Action<'de>,
    ActionProperties<'de>,
    Resource<'de>,
    ResourceProperties<'de>,
    Context<'de>,
);

impl<'de, T: Shape<'de>> Shape<'de> for Box<T> {
    const IS: &'static str = T::IS;

    fn from_object<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_object(map)?.map(Self::new))
    }
}

impl<'de> Shape<'de> for Batch<'de> {
    const IS: &'static str = "an array";

    fn from_array<A: SeqAccess<'de>>(mut array: A) -> Result<Option<Self>, A::Error> {
        let mut batch = Self::default();
        while let Some(item) = array.next_element()? {
            if batch.items.len() < MOST_EVALUATIONS {
                batch.items.push(item);
            } else {
                batch.too_many = true;
            }
        }
        Ok(Some(batch))
    }
}

impl<'de> Shape<'de> for Assigned<'de> {
    const IS: &'static str = "an array of up to 200 objects with `type` and `id`";

    fn from_array<A: SeqAccess<'de>>(mut array: A) -> Result<Option<Self>, A::Error> {
        let mut assigned = Vec::new();
        let mut too_many = false;
        while let Some(item) = array.next_element()? {
            if assigned.len() < MOST_ASSIGNED {
                assigned.push(item);
            } else {
                too_many = true;
            }
        }
        Ok((!too_many).then_some(Self(assigned)))
    }
}
