//! Verifies a database: each stream's chain, and that the current state is what the log says.
//!
//! It reads one snapshot, so it can run while servers write, and changes nothing.

use lanyard_model::{Id, Timestamp};
use lanyard_store::doctor::{EntryReader, Examination, Report, StreamHead, Waiting};
use lanyard_store::rows::read_key;
use lanyard_store::{Checkpoint, Hash, MasterKeys, Snapshot, StoreError, UniqueName};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

use crate::checkpoints::checkpoint;
use crate::columns::{lossy, number};
use crate::connection::{Access, Value, connect, query, text};
use crate::schema::Accept;
use crate::settings::Settings;
use crate::tls::Tls;
use crate::{nodes, schema, statements};

/// How many entries are read at a time.
const STEP: i64 = 500;

pub(crate) async fn doctor(settings: &Settings, tls: &Tls, accept: Accept) -> Result<Report, StoreError> {
    let client = connect(settings, tls, Access::Read).await.map_err(StoreError::Storage)?;
    schema::check(&client, settings, accept).await?;
    nodes::check_keys(&client, settings).await?;
    let mut report = Report { format: schema::FORMAT, ..Report::default() };
    if let Err(error) = examine(&client, &settings.master, &mut report).await {
        report.fault("the database", format_args!("cannot be read to its end: {}", text(&error)));
    }
    Ok(report)
}

async fn examine(client: &Client, master: &MasterKeys, report: &mut Report) -> Result<(), Error> {
    client.batch_execute(statements::BEGIN_SNAPSHOT).await?;
    if let Some(row) = query(client, statements::COUNTS, &[]).await?.first() {
        let count = |column: usize| row.try_get::<_, i64>(column).map(i64::unsigned_abs);
        (report.streams, report.ended, report.entries) = (count(0)?, count(1)?, count(2)?);
        (report.resources, report.names, report.secrets) = (count(3)?, count(4)?, count(5)?);
        (report.keys, report.checkpoints) = (count(6)?, count(7)?);
    }
    for (table, statement) in statements::ORPHANS {
        for row in query(client, statement, &[]).await? {
            report.orphan(row.try_get(0)?, table);
        }
    }
    for row in query(client, statements::STREAMS, &[]).await? {
        stream(client, row.try_get(0)?, master, report).await?;
    }
    client.batch_execute(statements::COMMIT).await
}

async fn stream(client: &Client, stream: &str, master: &MasterKeys, report: &mut Report) -> Result<(), Error> {
    let Some(mut examination) = Examination::new(stream, report) else { return Ok(()) };
    for row in query(client, statements::EXAMINE_KEYS, &[(&stream, Type::TEXT)]).await? {
        let person = Id::new(row.try_get(0)?);
        examination.key(report, read_key(master, stream, person, row.try_get(1)?));
    }
    let of: [Value<'_>; 1] = [(&stream, Type::TEXT)];
    let mut checkpoints = Vec::new();
    for row in query(client, statements::CHECKPOINTS, &of).await? {
        match checkpoint(&row) {
            Ok(checkpoint) => checkpoints.push(checkpoint),
            Err(error) => report.fault(stream, format_args!("a checkpoint cannot be read: {error}")),
        }
    }
    let mut waiting = Waiting::new(checkpoints);
    let cut = waiting.cut();
    let mut after = cut.map_or(i64::MIN, |cut| number(cut.position.revision));
    if let Some(cut) = cut {
        examination.begin(report, &whole(client, stream, cut).await?);
    }
    let mut reader = EntryReader::new(stream, cut.as_ref(), examination.keys());
    loop {
        let values: [Value<'_>; 3] = [(&stream, Type::TEXT), (&after, Type::INT8), (&STEP, Type::INT8)];
        let rows = query(client, statements::EXAMINE_LOG, &values).await?;
        for row in &rows {
            after = row.try_get(0)?;
            let (time, body) = (Timestamp(row.try_get(1)?), row.try_get(3)?);
            let entry = reader.read(after.unsigned_abs(), time, body, hash(row, 2)?);
            let revision = entry.revision();
            examination.entry(report, entry);
            while let Some(checkpoint) = waiting.up_to(revision) {
                examination.checkpoint(report, &whole(client, stream, checkpoint).await?);
            }
        }
        if rows.is_empty() {
            break;
        }
    }
    while let Some(checkpoint) = waiting.up_to(u64::MAX) {
        examination.checkpoint(report, &whole(client, stream, checkpoint).await?);
    }
    let head = query(client, statements::EXAMINE_HEAD, &of).await?;
    let head = head.first().map(|row| {
        let (revision, time) = (row.try_get::<_, i64>(0)?.unsigned_abs(), Timestamp(row.try_get(1)?));
        Ok::<_, Error>(StreamHead { revision, time, hash: hash(row, 2)?, closed: row.try_get(3)? })
    });
    examination.head(report, head.transpose()?);
    for row in query(client, statements::EXAMINE_RESOURCES, &of).await? {
        let revision = row.try_get::<_, i64>(2)?.unsigned_abs();
        examination.resource(report, row.try_get(0)?, &lossy(&row, 1)?, revision, row.try_get(3)?);
    }
    for row in query(client, statements::EXAMINE_NAMES, &of).await? {
        let name = UniqueName { scope: row.try_get(0)?, name: lossy(&row, 1)? };
        examination.name(report, &name, row.try_get(2)?, lossy(&row, 3)?);
    }
    examination.finish(report);
    Ok(())
}

/// A checkpoint with its parts, as many as there are.
async fn whole(client: &Client, stream: &str, checkpoint: Checkpoint) -> Result<Snapshot, Error> {
    let mut parts = Vec::new();
    for part in 0..i64::from(checkpoint.parts) {
        let revision = number(checkpoint.position.revision);
        let values: [Value<'_>; 3] = [(&stream, Type::TEXT), (&revision, Type::INT8), (&part, Type::INT8)];
        match query(client, statements::CHECKPOINT_PART, &values).await?.first() {
            Some(row) => parts.push(row.try_get(0)?),
            None => break,
        }
    }
    Ok(Snapshot { checkpoint, parts, keys: Vec::new() })
}

/// The hash of a column; zeros, which are no entry's hash, when it has another length.
fn hash(row: &Row, column: usize) -> Result<Hash, Error> {
    Ok(crate::columns::hash(row, column)?.unwrap_or_default())
}
