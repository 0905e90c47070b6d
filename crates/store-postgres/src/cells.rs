//! Cells: each change one statement and so one transaction, on connections of its own, so that it waits for no group of
//! appends and no load. A change that meets a fallen connection is sent again; it cannot take effect twice.

use std::sync::Arc;

use lanyard_model::Timestamp;
use lanyard_store::{AppendError, Cell, CellChange, CellsOf, SWEPT_AT_ONCE, StoreError};
use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use crate::columns::lossy;
use crate::connection::{Access, Value, reading};
use crate::pool::Pool;
use crate::settings::Settings;
use crate::statements;
use crate::tls::Tls;

/// The connections for cells.
pub(crate) struct Cells(Pool);

impl Cells {
    pub(crate) fn new(settings: Arc<Settings>, tls: Tls, access: Access) -> Self {
        Self(Pool::new(settings, tls, access))
    }

    pub(crate) async fn cell(&self, kind: &str, key: &[u8]) -> Result<Option<Cell>, StoreError> {
        let rows = self.0.query(statements::CELL_READ, &[(&kind, Type::TEXT), (&key, Type::BYTEA)]).await?;
        rows.first().map(|row| cell(row, 0)).transpose().map_err(|error| reading(&error))
    }

    pub(crate) async fn cells_of(&self, of: &CellsOf) -> Result<Vec<(Vec<u8>, Cell)>, StoreError> {
        let owners = Owners::of([of]);
        let rows = self.0.query(statements::CELLS_READ, &owners.values()).await?;
        let cells = rows.iter().map(|row| Ok((row.try_get(0)?, cell(row, 1)?)));
        cells.collect::<Result<_, Error>>().map_err(|error| reading(&error))
    }

    pub(crate) async fn change(&self, change: &CellChange) -> Result<u64, AppendError> {
        let run = async |statement: &str, values: &[Value<'_>]| {
            let rows = self.0.query(statement, values).await?;
            Ok(rows.len() as u64)
        };
        match change {
            CellChange::Put { kind, key, cell, expected } => {
                let owner = cell.owner.as_bytes();
                let mut values: Vec<Value<'_>> = vec![
                    (kind, Type::TEXT),
                    (key, Type::BYTEA),
                    (&owner, Type::BYTEA),
                    (&cell.value, Type::BYTEA),
                    (&cell.expires.0, Type::INT8),
                ];
                match expected {
                    None => run(statements::CELL_INSERT, &values).await,
                    Some(expected) => {
                        values.push((expected, Type::BYTEA));
                        run(statements::CELL_REPLACE, &values).await
                    }
                }
            }
            CellChange::PutWhile { kind, key, cell, secret } => {
                let (owner, stream, value) = (cell.owner.as_bytes(), secret.stream.to_string(), secret.value.expose());
                let values: [Value<'_>; 8] = [
                    (kind, Type::TEXT),
                    (key, Type::BYTEA),
                    (&owner, Type::BYTEA),
                    (&cell.value, Type::BYTEA),
                    (&cell.expires.0, Type::INT8),
                    (&stream, Type::TEXT),
                    (&secret.name, Type::TEXT),
                    (&value, Type::BYTEA),
                ];
                run(statements::CELL_INSERT_WHILE, &values).await
            }
            CellChange::Delete { kind, key } => {
                run(statements::CELL_DELETE, &[(kind, Type::TEXT), (key, Type::BYTEA)]).await
            }
            CellChange::DeleteOf(of) => run(statements::CELLS_DELETE, &Owners::of([of]).values()).await,
            CellChange::Sweep(time) => {
                let limit = i64::from(SWEPT_AT_ONCE);
                run(statements::CELLS_SWEEP, &[(&time.0, Type::INT8), (&limit, Type::INT8)]).await
            }
        }
    }
}

/// Owners of cells by column, as the statements take them.
#[derive(Default)]
pub(crate) struct Owners<'a> {
    kinds: Vec<&'a str>,
    owners: Vec<&'a [u8]>,
    firsts: Vec<Vec<u8>>,
    lasts: Vec<Vec<u8>>,
}

impl<'a> Owners<'a> {
    pub(crate) fn of(all: impl IntoIterator<Item = &'a CellsOf>) -> Self {
        let mut owners = Self::default();
        for of in all {
            let (first, last) = of.below();
            owners.kinds.push(of.kind);
            owners.owners.push(of.owner.as_bytes());
            owners.firsts.push(first.into_bytes());
            owners.lasts.push(last.into_bytes());
        }
        owners
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    pub(crate) fn values(&self) -> [Value<'_>; 4] {
        const BYTES: Type = Type::BYTEA_ARRAY;
        [(&self.kinds, Type::TEXT_ARRAY), (&self.owners, BYTES), (&self.firsts, BYTES), (&self.lasts, BYTES)]
    }
}

/// The cell in the columns from `at` on.
fn cell(row: &Row, at: usize) -> Result<Cell, Error> {
    Ok(Cell { owner: lossy(row, at)?, value: row.try_get(at + 1)?, expires: Timestamp(row.try_get(at + 2)?) })
}
