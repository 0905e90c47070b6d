//! The tables: made when a database has none, and refused when a later version made them.

use lanyard_store::StoreError;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error};

use crate::connection::{query, reading};
use crate::nodes::check_entries;
use crate::settings::Settings;
use crate::statements;

/// The format that this version writes.
pub(crate) const FORMAT: u32 = 2;

/// How often the tables are made when others make them at the same time: an attempt that fails so has found one more that is
/// there.
const ATTEMPTS: usize = 4 * statements::CREATE.len();

/// Which data is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accept {
    /// Complete data.
    Complete,
    /// Also data that a copy has not filled yet.
    Incomplete,
}

/// Marks a database without streams as one that a copy fills.
pub(crate) async fn mark(client: &Client, settings: &Settings) -> Result<(), StoreError> {
    let failed = |error: Error| reading(&error);
    match client.execute_typed(statements::INCOMPLETE_PUT, &[]).await.map_err(failed)? {
        0 if query(client, statements::INCOMPLETE_READ, &[]).await.map_err(failed)?.is_empty() => {
            Err(StoreError::NotEmpty(settings.place()))
        }
        0 => Err(StoreError::Incomplete(settings.place())),
        _ => Ok(()),
    }
}

/// Takes the mark off.
pub(crate) async fn unmark(client: &Client) -> Result<(), StoreError> {
    client.execute_typed(statements::INCOMPLETE_DELETE, &[]).await.map(drop).map_err(|error| reading(&error))
}

/// Makes the tables that are not there. Several nodes may do so at once.
pub(crate) async fn create(client: &Client, settings: &Settings) -> Result<(), StoreError> {
    for attempt in 1..=ATTEMPTS {
        match check(client, settings, Accept::Complete).await {
            Err(StoreError::Missing(_)) => {}
            Err(_) if is_earlier(client).await? => {}
            other => return other,
        }
        let Err(error) = make(client).await else { continue };
        // Two that make one table at once: the server's own catalogue refuses one of them.
        let is_race =
            matches!(error.code().map(|code| code.code()), Some("23505" | "42P07" | "42710" | "40001" | "XX000"));
        if !is_race || attempt == ATTEMPTS {
            return Err(reading(&error));
        }
    }
    check(client, settings, Accept::Complete).await
}

/// Whether the tables are those of an earlier format, to which some have to be added.
async fn is_earlier(client: &Client) -> Result<bool, StoreError> {
    let rows = query(client, statements::FORMAT_READ, &[]).await.map_err(|error| reading(&error))?;
    let format = rows.first().and_then(|row| row.try_get::<_, String>(0).ok()?.parse().ok());
    Ok(format.is_some_and(|format| (1..FORMAT).contains(&format)))
}

async fn make(client: &Client) -> Result<(), Error> {
    for statement in statements::CREATE {
        client.batch_execute(statement).await?;
    }
    client.execute_typed(statements::FORMAT_PUT, &[(&FORMAT.to_string(), Type::TEXT)]).await.map(drop)
}

/// Whether the tables are there, of a format that this version knows, and complete where they have to be.
pub(crate) async fn check(client: &Client, settings: &Settings, accept: Accept) -> Result<(), StoreError> {
    let missing = || StoreError::Missing(settings.place());
    if query(client, statements::HAS_META, &[]).await.map_err(|error| reading(&error))?.is_empty() {
        return Err(missing());
    }
    let rows = query(client, statements::FORMAT_READ, &[]).await.map_err(|error| reading(&error))?;
    let Some(row) = rows.first() else { return Err(missing()) };
    let format: String = row.try_get(0).map_err(|error| reading(&error))?;
    match format.parse() {
        Ok(FORMAT) if accept == Accept::Incomplete => Ok(()),
        Ok(FORMAT) => {
            let rows = query(client, statements::INCOMPLETE_READ, &[]).await.map_err(|error| reading(&error))?;
            if !rows.is_empty() {
                return Err(StoreError::Incomplete(settings.place()));
            }
            check_entries(client, settings).await.map(drop)
        }
        Ok(format) if format > FORMAT => {
            Err(StoreError::NewerFormat { place: settings.place(), format, known: FORMAT })
        }
        Ok(format @ 1..FORMAT) => Err(StoreError::Storage(format!(
            "{} has the earlier format {format}; start a server with it once, which adds what is missing",
            settings.place()
        ))),
        _ => Err(StoreError::Storage(format!("{} has a format that is none: `{format}`", settings.place()))),
    }
}
