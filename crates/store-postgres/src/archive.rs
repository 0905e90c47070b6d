//! Archives: the cut of a stream, and the removal of what is before it.
//!
//! Making the cut is one transaction. The entries before it are removed some hundred entries at a time, oldest first.

use lanyard_store::{Position, StoreError};
use tokio_postgres::Error;
use tokio_postgres::types::Type;

use crate::checkpoints::checkpoint;
use crate::columns::number;
use crate::connection::{Access, Value, query, reading};
use crate::reader::Readers;
use crate::statements;

/// How many entries are removed in one transaction.
const ENTRIES: i64 = 1_000;

impl Readers {
    pub(crate) async fn cut(&self, stream: &str, position: Position, after: u64) -> Result<(), StoreError> {
        let failed = |error: Error| reading(&error);
        let refused = |why: String| StoreError::Storage(format!("{stream} is not cut: {why}"));
        // A transaction that is not committed ends with the connection.
        let client = self.connection(Access::Write).await?;
        client.batch_execute(statements::BEGIN).await.map_err(failed)?;
        let rows = query(&client, statements::CHECKPOINTS_LOCK, &[(&stream, Type::TEXT)]).await.map_err(failed)?;
        let known = rows.iter().map(checkpoint).collect::<Result<Vec<_>, _>>()?;
        let present = known.iter().find(|it| it.is_cut).map_or(0, |it| it.position.revision);
        if present != after {
            return Err(refused(format!("it is cut at revision {present} and not at {after}")));
        }
        if !known.iter().any(|it| it.position == position) {
            return Err(refused(format!("there is no checkpoint at revision {}", position.revision)));
        }
        let revision = number(position.revision);
        for statement in statements::CUT_MAKE {
            let values: [Value<'_>; 2] = [(&stream, Type::TEXT), (&revision, Type::INT8)];
            client.execute_typed(statement, &values).await.map_err(failed)?;
        }
        client.batch_execute(statements::COMMIT).await.map_err(failed)?;
        loop {
            let values: [Value<'_>; 2] = [(&stream, Type::TEXT), (&revision, Type::INT8)];
            let rows = query(&client, statements::LOG_FIRST, &values).await.map_err(failed)?;
            let first: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose().map_err(failed)?.flatten();
            let Some(first) = first else { return Ok(()) };
            let before = first.saturating_add(ENTRIES).min(revision.saturating_add(1));
            let values: [Value<'_>; 2] = [(&stream, Type::TEXT), (&before, Type::INT8)];
            client.execute_typed(statements::LOG_REMOVE, &values).await.map_err(failed)?;
        }
    }

    /// The last entry of a stream that was archived; 0 for none.
    pub(crate) async fn last_archived(&self, stream: &str) -> Result<u64, StoreError> {
        let rows = self.query(statements::CUT, &[(&stream, Type::TEXT)]).await?;
        let cut = rows.first().map(|row| row.try_get::<_, i64>(0)).transpose().map_err(|error| reading(&error))?;
        Ok(cut.unwrap_or_default().unsigned_abs())
    }
}
