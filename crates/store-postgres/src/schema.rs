//! The tables: made when a database has none, and refused when a later version made them.

use lanyard_store::StoreError;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::connection::{query, reading};
use crate::settings::Settings;
use crate::statements;

/// The format that this version writes.
pub(crate) const FORMAT: u32 = 1;

/// How often the tables are made when others make them at the same time.
const ATTEMPTS: u32 = 20;

/// Makes the tables that are not there. Several nodes may do so at once.
pub(crate) async fn create(client: &Client, settings: &Settings) -> Result<(), StoreError> {
    for attempt in 1..=ATTEMPTS {
        match check(client, settings).await {
            Err(StoreError::Missing(_)) => {}
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
    check(client, settings).await
}

async fn make(client: &Client) -> Result<(), tokio_postgres::Error> {
    for statement in statements::CREATE {
        client.batch_execute(statement).await?;
    }
    client.execute_typed(statements::FORMAT_PUT, &[(&FORMAT.to_string(), Type::TEXT)]).await.map(drop)
}

/// Whether the tables are there and of a format that this version knows.
pub(crate) async fn check(client: &Client, settings: &Settings) -> Result<(), StoreError> {
    let missing = || StoreError::Missing(settings.place());
    if query(client, statements::HAS_META, &[]).await.map_err(|error| reading(&error))?.is_empty() {
        return Err(missing());
    }
    let rows = query(client, statements::FORMAT_READ, &[]).await.map_err(|error| reading(&error))?;
    let Some(row) = rows.first() else { return Err(missing()) };
    let format: String = row.try_get(0).map_err(|error| reading(&error))?;
    match format.parse() {
        Ok(FORMAT) => Ok(()),
        Ok(format) if format > FORMAT => {
            Err(StoreError::NewerFormat { place: settings.place(), format, known: FORMAT })
        }
        _ => Err(StoreError::Storage(format!("{} has a format that is none: `{format}`", settings.place()))),
    }
}
