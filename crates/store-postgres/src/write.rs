//! The values of the statements that write a plan.

use lanyard_store::UniqueName;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error};

use crate::cells::Owners;
use crate::columns::number;
use crate::connection::{Request, copy};
use crate::plan::{Holder, Plan};
use crate::prepared::Prepared;
use crate::statements;

/// The part of a plan that is written.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// All but the heads.
    All,
    /// New rows of streams that begin.
    Begun(&'a dyn Fn(&str) -> bool),
    /// All but the heads and what `Begun` has.
    Continued(&'a dyn Fn(&str) -> bool),
}

impl Part<'_> {
    fn has_new(self, stream: &str) -> bool {
        match self {
            Self::All => true,
            Self::Begun(begun) => begun(stream),
            Self::Continued(begun) => !begun(stream),
        }
    }

    fn has_old(self) -> bool {
        !matches!(self, Self::Begun(_))
    }
}

/// Rows by column, as the statements take them.
#[derive(Default)]
pub(crate) struct Values<'a> {
    log: Log<'a>,
    heads: Heads<'a>,
    resources_insert: Resources<'a>,
    resources_put: Resources<'a>,
    resources_delete: Resources<'a>,
    names_insert: Names<'a>,
    names_delete: Names<'a>,
    secrets_put: Secrets<'a>,
    secrets_delete: Secrets<'a>,
    keys_insert: Keys<'a>,
    keys_delete: Keys<'a>,
    redactions: Log<'a>,
    ended: Vec<&'a str>,
    ended_cells: Owners<'a>,
}

#[derive(Default)]
struct Log<'a> {
    streams: Vec<&'a str>,
    revisions: Vec<i64>,
    times: Vec<i64>,
    hashes: Vec<&'a [u8]>,
    bodies: Vec<&'a [u8]>,
}

#[derive(Default)]
struct Heads<'a> {
    streams: Vec<&'a str>,
    revisions: Vec<i64>,
    times: Vec<i64>,
    hashes: Vec<&'a [u8]>,
    closed: Vec<bool>,
}

#[derive(Default)]
struct Resources<'a> {
    streams: Vec<&'a str>,
    kinds: Vec<&'a str>,
    ids: Vec<&'a [u8]>,
    revisions: Vec<i64>,
    bodies: Vec<&'a [u8]>,
}

impl<'a> Resources<'a> {
    fn push(&mut self, (stream, kind, id): (&'a str, &'a str, &'a str), (revision, body): (u64, &'a str)) {
        self.streams.push(stream);
        self.kinds.push(kind);
        self.ids.push(id.as_bytes());
        self.revisions.push(number(revision));
        self.bodies.push(body.as_bytes());
    }
}

#[derive(Default)]
struct Names<'a> {
    scopes: Vec<&'a str>,
    names: Vec<&'a [u8]>,
    streams: Vec<&'a str>,
    kinds: Vec<&'a str>,
    ids: Vec<&'a [u8]>,
}

impl<'a> Names<'a> {
    fn push(&mut self, name: &'a UniqueName, holder: &'a Holder) {
        self.scopes.push(&name.scope);
        self.names.push(name.name.as_bytes());
        self.streams.push(&holder.stream);
        self.kinds.push(&holder.kind);
        self.ids.push(holder.id.as_bytes());
    }
}

#[derive(Default)]
struct Secrets<'a> {
    streams: Vec<&'a str>,
    names: Vec<&'a str>,
    values: Vec<&'a [u8]>,
}

#[derive(Default)]
struct Keys<'a> {
    streams: Vec<&'a str>,
    people: Vec<&'a str>,
    numbers: Vec<i64>,
    values: Vec<&'a [u8]>,
}

impl<'a> Values<'a> {
    /// The values of a part of a plan. Rows come in the order of their keys, so that two nodes lock them in one order.
    pub(crate) fn of(plan: &'a Plan<'a>, part: Part<'_>) -> Self {
        let mut values = Self::default();
        for rows in plan.entries.iter().filter(|rows| part.has_new(&rows.stream)) {
            values.log.streams.push(&rows.stream);
            values.log.revisions.push(number(rows.position.revision));
            values.log.times.push(rows.time.0);
            values.log.hashes.push(&rows.position.hash);
            values.log.bodies.push(rows.record.as_bytes());
        }
        for (key, resource) in &plan.resources {
            match (resource.was, resource.now) {
                (false, Some(now)) if part.has_new(key.0) => values.resources_insert.push(*key, now),
                (true, Some(now)) if part.has_old() => values.resources_put.push(*key, now),
                (true, None) if part.has_old() => values.resources_delete.push(*key, (0, "")),
                _ => {}
            }
        }
        for (name, it) in &plan.names {
            if it.was == it.now {
                continue;
            }
            if let Some(was) = it.was.as_ref().filter(|_| part.has_old()) {
                values.names_delete.push(name, was);
            }
            // A name that another has yet is taken after it was given up.
            let is_late = it.was.is_some();
            let has = |holder: &&Holder| match part {
                Part::All => true,
                Part::Begun(begun) => !is_late && begun(&holder.stream),
                Part::Continued(begun) => is_late || !begun(&holder.stream),
            };
            if let Some(now) = it.now.as_ref().filter(has) {
                values.names_insert.push(name, now);
            }
        }
        if part.has_old() {
            for ((stream, name), value) in &plan.secrets {
                let secrets = if value.is_some() { &mut values.secrets_put } else { &mut values.secrets_delete };
                secrets.streams.push(stream);
                secrets.names.push(name);
                secrets.values.push(value.map_or(&[], |value| value.expose()));
            }
            for ((stream, person, number), value) in &plan.keys {
                values.keys_insert.streams.push(stream);
                values.keys_insert.people.push(person);
                values.keys_insert.numbers.push(*number);
                values.keys_insert.values.push(value.expose());
            }
            for (stream, person) in &plan.erased {
                values.keys_delete.streams.push(stream);
                values.keys_delete.people.push(person);
            }
            for ((stream, revision), record) in &plan.redactions {
                values.redactions.streams.push(stream);
                values.redactions.revisions.push(number(*revision));
                values.redactions.bodies.push(record.as_bytes());
            }
            values.ended.extend(plan.ended.iter().copied());
            values.ended_cells = Owners::of(plan.ended_cells.iter().copied());
        }
        values
    }

    /// Adds the heads.
    pub(crate) fn heads(&mut self, plan: &'a Plan<'a>) {
        for (stream, head) in &plan.heads {
            self.heads.streams.push(stream);
            self.heads.revisions.push(number(head.revision));
            self.heads.times.push(head.time.0);
            self.heads.hashes.push(&head.hash);
            self.heads.closed.push(head.closed);
        }
    }

    /// The statements that have rows, in the order in which they are sent.
    pub(crate) fn requests<'b>(&'b self, client: &'b Prepared) -> Vec<Request<'b>> {
        const TEXT: Type = Type::TEXT_ARRAY;
        const BYTES: Type = Type::BYTEA_ARRAY;
        const NUMBERS: Type = Type::INT8_ARRAY;
        let mut requests = Vec::new();
        let mut send = |is_empty: bool, statement: &'b str, values: Vec<(&'b (dyn ToSql + Sync), Type)>| {
            if !is_empty {
                requests.push(client.request(statement, values));
            }
        };
        let Log { streams, revisions, times, hashes, bodies } = &self.log;
        let values: Vec<(&'b (dyn ToSql + Sync), Type)> =
            vec![(streams, TEXT), (revisions, NUMBERS), (times, NUMBERS), (hashes, BYTES), (bodies, BYTES)];
        send(streams.is_empty(), statements::LOG_INSERT, values);
        let Heads { streams, revisions, times, hashes, closed } = &self.heads;
        let values: Vec<(&'b (dyn ToSql + Sync), Type)> =
            vec![(streams, TEXT), (revisions, NUMBERS), (times, NUMBERS), (hashes, BYTES), (closed, Type::BOOL_ARRAY)];
        send(streams.is_empty(), statements::HEADS_PUT, values);
        for statement in statements::END {
            send(self.ended.is_empty(), statement, vec![(&self.ended, TEXT)]);
        }
        let Resources { streams, kinds, ids, .. } = &self.resources_delete;
        send(streams.is_empty(), statements::RESOURCES_DELETE, vec![(streams, TEXT), (kinds, TEXT), (ids, BYTES)]);
        for (resources, statement) in
            [(&self.resources_insert, statements::RESOURCES_INSERT), (&self.resources_put, statements::RESOURCES_PUT)]
        {
            let Resources { streams, kinds, ids, revisions, bodies } = resources;
            let values: Vec<(&'b (dyn ToSql + Sync), Type)> =
                vec![(streams, TEXT), (kinds, TEXT), (ids, BYTES), (revisions, NUMBERS), (bodies, BYTES)];
            send(streams.is_empty(), statement, values);
        }
        let Names { scopes, names, .. } = &self.names_delete;
        send(scopes.is_empty(), statements::NAMES_DELETE, vec![(scopes, TEXT), (names, BYTES)]);
        let Names { scopes, names, streams, kinds, ids } = &self.names_insert;
        let values: Vec<(&'b (dyn ToSql + Sync), Type)> =
            vec![(scopes, TEXT), (names, BYTES), (streams, TEXT), (kinds, TEXT), (ids, BYTES)];
        send(scopes.is_empty(), statements::NAMES_INSERT, values);
        let Secrets { streams, names, values } = &self.secrets_put;
        send(streams.is_empty(), statements::SECRETS_PUT, vec![(streams, TEXT), (names, TEXT), (values, BYTES)]);
        let Secrets { streams, names, .. } = &self.secrets_delete;
        send(streams.is_empty(), statements::SECRETS_DELETE, vec![(streams, TEXT), (names, TEXT)]);
        // After the secrets, whose rows whoever makes a cell that rests on one has locked.
        let cells = &self.ended_cells;
        send(cells.is_empty(), statements::CELLS_DELETE, cells.values().into());
        let Keys { streams, people, .. } = &self.keys_delete;
        send(streams.is_empty(), statements::KEYS_DELETE, vec![(streams, TEXT), (people, TEXT)]);
        let Keys { streams, people, numbers, values } = &self.keys_insert;
        let values: Vec<(&'b (dyn ToSql + Sync), Type)> =
            vec![(streams, TEXT), (people, TEXT), (numbers, NUMBERS), (values, BYTES)];
        send(streams.is_empty(), statements::KEYS_INSERT, values);
        let Log { streams, revisions, bodies, .. } = &self.redactions;
        let values: Vec<(&'b (dyn ToSql + Sync), Type)> = vec![(streams, TEXT), (revisions, NUMBERS), (bodies, BYTES)];
        send(streams.is_empty(), statements::LOG_REDACT, values);
        requests
    }

    /// Copies the new rows.
    pub(crate) async fn copy(&self, client: &Client) -> Result<(), Error> {
        let Log { streams, revisions, times, hashes, bodies } = &self.log;
        if !streams.is_empty() {
            let types = [Type::TEXT, Type::INT8, Type::INT8, Type::BYTEA, Type::BYTEA];
            let rows = streams.iter().zip(revisions).zip(times).zip(hashes).zip(bodies);
            let rows = rows.map(|((((a, b), c), d), e)| [a as &(dyn ToSql + Sync), b, c, d, e]);
            copy(client, statements::LOG_COPY, &types, rows).await?;
        }
        let Resources { streams, kinds, ids, revisions, bodies } = &self.resources_insert;
        if !streams.is_empty() {
            let types = [Type::TEXT, Type::TEXT, Type::BYTEA, Type::INT8, Type::BYTEA];
            let rows = streams.iter().zip(kinds).zip(ids).zip(revisions).zip(bodies);
            let rows = rows.map(|((((a, b), c), d), e)| [a as &(dyn ToSql + Sync), b, c, d, e]);
            copy(client, statements::RESOURCES_COPY, &types, rows).await?;
        }
        let Names { scopes, names, streams, kinds, ids } = &self.names_insert;
        if !scopes.is_empty() {
            let types = [Type::TEXT, Type::BYTEA, Type::TEXT, Type::TEXT, Type::BYTEA];
            let rows = scopes.iter().zip(names).zip(streams).zip(kinds).zip(ids);
            let rows = rows.map(|((((a, b), c), d), e)| [a as &(dyn ToSql + Sync), b, c, d, e]);
            copy(client, statements::NAMES_COPY, &types, rows).await?;
        }
        Ok(())
    }
}
