//! Changes of cells, each within the transaction of a group.

use lanyard_store::{Cell, CellChange, CellsOf, SWEPT_AT_ONCE};
use rusqlite::{Connection, params};

/// Carries out a change, and returns how many cells it is of.
pub(super) fn change(connection: &Connection, change: &CellChange) -> rusqlite::Result<usize> {
    let prepare = |sql| connection.prepare_cached(sql);
    match change {
        CellChange::Put { kind, key, cell: Cell { owner, value, expires }, expected: None } => prepare(
            "INSERT INTO cell (kind, key, owner, value, expires) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![kind, key, owner, value, expires.0]),
        CellChange::Put { kind, key, cell: Cell { owner, value, expires }, expected: Some(expected) } => {
            prepare("UPDATE cell SET owner = ?3, value = ?4, expires = ?5 WHERE kind = ?1 AND key = ?2 AND value = ?6")?
                .execute(params![kind, key, owner, value, expires.0, expected])
        }
        CellChange::PutWhile { kind, key, cell: Cell { owner, value, expires }, secret } => prepare(
            "INSERT INTO cell (kind, key, owner, value, expires) SELECT ?1, ?2, ?3, ?4, ?5 FROM secret \
             WHERE stream = ?6 AND name = ?7 AND value = ?8 ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            kind,
            key,
            owner,
            value,
            expires.0,
            secret.stream.to_string(),
            secret.name,
            secret.value.expose()
        ]),
        CellChange::Delete { kind, key } => {
            prepare("DELETE FROM cell WHERE kind = ?1 AND key = ?2")?.execute(params![kind, key])
        }
        CellChange::DeleteOf(cells) => delete(connection, cells),
        CellChange::Sweep(time) => {
            prepare("DELETE FROM cell WHERE (kind, key) IN (SELECT kind, key FROM cell WHERE expires < ?1 LIMIT ?2)")?
                .execute(params![time.0, SWEPT_AT_ONCE])
        }
    }
}

/// Deletes the cells of an owner.
pub(super) fn delete(connection: &Connection, cells: &CellsOf) -> rusqlite::Result<usize> {
    let (first, last) = cells.below();
    connection
        .prepare_cached("DELETE FROM cell WHERE kind = ?1 AND (owner = ?2 OR (owner >= ?3 AND owner < ?4))")?
        .execute(params![cells.kind, cells.owner, first, last])
}
