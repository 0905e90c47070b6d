//! Checkpoints in the database.
//!
//! Parts are written first, each in a transaction of its own; the row that makes them a checkpoint comes last. Nodes that
//! make the same checkpoint write parts of the same resources, each sealed with keys that are stored before.

use std::pin::pin;

use lanyard_model::{StreamId, Timestamp};
use lanyard_store::checkpoint::Encoder;
use lanyard_store::rows::KeyRow;
use lanyard_store::{Checkpoint, PersonKey, Position, Snapshot, StoreError};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

use crate::columns::{hash, lossy, number};
use crate::connection::{Access, Value, query, reading, stream as rows_of};
use crate::reader::{Readers, on_busy_thread};
use crate::statements;

/// How many resources are compressed at a time.
const STEP: usize = 1_000;

impl Readers {
    pub(crate) async fn checkpoints(&self, stream: &str) -> Result<Vec<Checkpoint>, StoreError> {
        let rows = self.query(statements::CHECKPOINTS, &[(&stream, Type::TEXT)]).await?;
        rows.iter().map(checkpoint).collect()
    }

    pub(crate) async fn checkpoint_part(
        &self,
        stream: &str,
        revision: u64,
        part: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let (revision, part) = (number(revision), i64::from(part));
        let values: [Value<'_>; 3] = [(&stream, Type::TEXT), (&revision, Type::INT8), (&part, Type::INT8)];
        let rows = self.query(statements::CHECKPOINT_PART, &values).await?;
        rows.first().map(|row| row.try_get(0)).transpose().map_err(|error| reading(&error))
    }

    pub(crate) async fn snapshot(&self, id: &StreamId) -> Result<Option<Snapshot>, StoreError> {
        let failed = |error: Error| reading(&error);
        let name = id.to_string();
        let stream = &*name;
        let client = self.connection(Access::Read).await?;
        let rows = rows_of(&client, statements::SNAPSHOT, &[(&stream, Type::TEXT)]).await.map_err(failed)?;
        let mut rows = pin!(rows);
        let mut encoder = None;
        let mut some = Vec::with_capacity(STEP);
        loop {
            let row = next(&mut rows).await.transpose().map_err(failed)?;
            let is_end = row.is_none();
            if let Some(row) = row {
                if encoder.is_none() {
                    let (position, time) = position(&row)?;
                    encoder = Some(Encoder::new(id, position, time, self.person_keys(name.clone()).await?));
                }
                some.push(row);
            }
            if (some.len() == STEP || is_end)
                && let Some(begun) = encoder.take()
            {
                let batch = std::mem::replace(&mut some, Vec::with_capacity(STEP));
                encoder = Some(on_busy_thread(move || push(begun, &batch)).await?);
            }
            if is_end {
                return encoder.map(Encoder::finish).transpose();
            }
        }
    }

    pub(crate) async fn put_checkpoint(&self, stream: &str, snapshot: &Snapshot) -> Result<(), StoreError> {
        let failed = |error: Error| reading(&error);
        let Checkpoint { position, time, size, parts, is_cut } = snapshot.checkpoint;
        if self.checkpoints(stream).await?.iter().any(|it| it.position.revision == position.revision) {
            return Ok(());
        }
        let client = self.connection(Access::Write).await?;
        // They come first: another node may write parts of the same checkpoint that were sealed with keys of its own.
        self.put_keys(&client, stream, &snapshot.keys).await?;
        let (revision, hash) = (number(position.revision), position.hash.as_slice());
        for (part, body) in (0_i64..).zip(&snapshot.parts) {
            let values: [Value<'_>; 4] =
                [(&stream, Type::TEXT), (&revision, Type::INT8), (&part, Type::INT8), (body, Type::BYTEA)];
            client.execute_typed(statements::CHECKPOINT_PART_PUT, &values).await.map_err(failed)?;
        }
        let (size, parts) = (number(size), i64::from(parts));
        let values: [Value<'_>; 7] = [
            (&stream, Type::TEXT),
            (&revision, Type::INT8),
            (&time.0, Type::INT8),
            (&hash, Type::BYTEA),
            (&size, Type::INT8),
            (&parts, Type::INT8),
            (&is_cut, Type::BOOL),
        ];
        client.batch_execute(statements::BEGIN).await.map_err(failed)?;
        if is_cut && client.execute_typed(statements::STREAM_BEGIN, &values[..4]).await.map_err(failed)? == 0 {
            return Err(StoreError::Storage(format!("{stream} has entries already")));
        }
        client.execute_typed(statements::CHECKPOINT_PUT, &values).await.map_err(failed)?;
        // Parts that an interrupted write left: those of an older state, which nobody writes any more.
        client.execute_typed(statements::CHECKPOINT_PARTS_CLEAN, &values[..2]).await.map_err(failed)?;
        client.batch_execute(statements::COMMIT).await.map_err(failed)
    }

    /// Stores keys of people, each only if that user is there. Nobody appends meanwhile, so that no user goes.
    async fn put_keys(&self, client: &Client, stream: &str, keys: &[PersonKey]) -> Result<(), StoreError> {
        let failed = |error: Error| reading(&error);
        if keys.is_empty() {
            return Ok(());
        }
        let rows = keys.iter().map(|key| KeyRow::new(self.master(), stream, key)).collect::<Result<Vec<_>, _>>();
        client.batch_execute(statements::BEGIN).await.map_err(failed)?;
        query(client, statements::STREAM_LOCK, &[(&stream, Type::TEXT)]).await.map_err(failed)?;
        for KeyRow { person, number, value } in &rows.map_err(StoreError::Storage)? {
            let (value, id) = (value.expose(), person.as_bytes());
            let values: [Value<'_>; 5] = [
                (&stream, Type::TEXT),
                (person, Type::TEXT),
                (number, Type::INT8),
                (&value, Type::BYTEA),
                (&id, Type::BYTEA),
            ];
            client.execute_typed(statements::KEY_OF_USER_INSERT, &values).await.map_err(failed)?;
        }
        client.batch_execute(statements::COMMIT).await.map_err(failed)
    }

    pub(crate) async fn log_size(&self, stream: &str, after: u64) -> Result<u64, StoreError> {
        let after = number(after);
        let values: [Value<'_>; 2] = [(&stream, Type::TEXT), (&after, Type::INT8)];
        let rows = self.query(statements::LOG_SIZE, &values).await?;
        let size = rows.first().map(|row| row.try_get::<_, i64>(0)).transpose().map_err(|error| reading(&error))?;
        Ok(size.unwrap_or_default().unsigned_abs())
    }
}

/// The next row of a stream of rows.
async fn next<S: futures_core::Stream>(rows: &mut std::pin::Pin<&mut S>) -> Option<S::Item> {
    std::future::poll_fn(|cx| rows.as_mut().poll_next(cx)).await
}

fn push(mut encoder: Encoder, rows: &[Row]) -> Result<Encoder, StoreError> {
    let failed = |error: Error| reading(&error);
    for row in rows {
        // A stream without resources has one row.
        let Some(kind) = row.try_get::<_, Option<&str>>(3).map_err(failed)? else { continue };
        let revision = row.try_get::<_, i64>(5).map_err(failed)?.unsigned_abs();
        let body = String::from_utf8_lossy(row.try_get(6).map_err(failed)?);
        encoder.push(kind, &lossy(row, 4).map_err(failed)?, revision, &body)?;
    }
    Ok(encoder)
}

fn position(row: &Row) -> Result<(Position, Timestamp), StoreError> {
    let failed = |error: Error| reading(&error);
    let revision = row.try_get::<_, i64>(0).map_err(failed)?.unsigned_abs();
    let hash = hash(row, 2).map_err(failed)?.ok_or_else(|| StoreError::Storage("a hash is none".to_owned()))?;
    Ok((Position { revision, hash }, Timestamp(row.try_get(1).map_err(failed)?)))
}

pub(crate) fn checkpoint(row: &Row) -> Result<Checkpoint, StoreError> {
    let failed = |error: Error| reading(&error);
    let (position, time) = position(row)?;
    let parts = row.try_get::<_, i64>(4).map_err(failed)?;
    Ok(Checkpoint {
        position,
        time,
        size: row.try_get::<_, i64>(3).map_err(failed)?.unsigned_abs(),
        parts: u32::try_from(parts).map_err(|_| StoreError::Storage("a number of parts is none".to_owned()))?,
        is_cut: row.try_get(5).map_err(failed)?,
    })
}
