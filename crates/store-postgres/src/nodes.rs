//! The nodes that write a database, and the formats of entries that they read.
//!
//! A node says in `lanyard_node` that it is there, before it looks at the format of the entries in `lanyard_meta`, and
//! refuses to start where it cannot read that. A node writes entries of a newer format only after it has put the format
//! into `lanyard_meta` and then found no node that cannot read it. Whichever of the two comes first, the other sees it.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lanyard_store::{ENTRY_FORMAT, MasterKeys, Sealing, StoreError};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::connection::{Access, connect, query, reading};
use crate::settings::Settings;
use crate::statements;
use crate::tls::Tls;

/// The interval between announcements.
const BEAT: Duration = Duration::from_secs(20);

/// For how long a node counts as there that has not announced itself again, in milliseconds.
const PRESENT: i64 = 3 * 60 * 1000;

/// By how many milliseconds clocks may be apart without a warning.
const CLOCKS_APART: u64 = 10_000;

/// How long the end waits for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// The key of `lanyard_meta` that says the format of the newest entries.
const ENTRIES: &str = "entry-format";

/// The key of `lanyard_meta` that lists the keys from outside that secrets are sealed with.
pub(crate) const SEALED_WITH: &str = "sealed-with";

/// This node: announces itself, and sets in which format entries are written.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) settings: Arc<Settings>,
    pub(crate) tls: Tls,
    pub(crate) sealing: Arc<Sealing>,
}

impl Node {
    /// Announces the node, and sets in which format it writes entries.
    ///
    /// # Errors
    /// The database failed, or has entries that this version cannot read.
    pub(crate) async fn announce(&self, client: &Client) -> Result<(), StoreError> {
        let reads = i64::from(ENTRY_FORMAT);
        let values: [crate::connection::Value<'_>; 2] = [(&self.name, Type::TEXT), (&reads, Type::INT8)];
        let rows = query(client, statements::NODE_PUT, &values).await.map_err(|error| reading(&error))?;
        if let Some(theirs) = rows.first().and_then(|row| row.try_get(0).ok()) {
            self.compare_clocks(theirs);
        }
        let written = check_entries(client, &self.settings).await?;
        let mut all_read_it = oldest(client).await? >= reads;
        if all_read_it && written < ENTRY_FORMAT {
            put(client, ENTRIES, &ENTRY_FORMAT.to_string()).await?;
            all_read_it = oldest(client).await? >= reads;
        }
        self.sealing.set_seals(all_read_it);
        Ok(())
    }

    /// Reports a clock that is not the database's: it dates entries and ends sessions.
    fn compare_clocks(&self, theirs: i64) {
        let own = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let apart = i64::try_from(own).unwrap_or(i64::MAX).saturating_sub(theirs);
        if apart.unsigned_abs() > CLOCKS_APART {
            let (seconds, way) = (apart.unsigned_abs() / 1_000, if apart > 0 { "ahead of" } else { "behind" });
            tracing::warn!(database = %self.settings.place(), "this server's clock is {seconds} s {way} the database's");
        }
    }

    /// Announces the node again and again.
    pub(crate) async fn keep(&self) {
        loop {
            tokio::time::sleep(BEAT).await;
            let announced = async {
                let client = connect(&self.settings, &self.tls, Access::Write).await.map_err(StoreError::Storage)?;
                self.announce(&client).await
            };
            if let Err(error) = announced.await {
                tracing::warn!(database = %self.settings.place(), "the node could not be announced: {error}");
            }
        }
    }

    /// Takes the announcement back.
    pub(crate) async fn leave(&self) {
        let left = async {
            let client = connect(&self.settings, &self.tls, Access::Write).await.map_err(StoreError::Storage)?;
            let left = client.execute_typed(statements::NODE_DELETE, &[(&self.name, Type::TEXT)]).await;
            left.map_err(|error| reading(&error))
        };
        // Otherwise the others wait until it is too long ago.
        let _ = tokio::time::timeout(PATIENCE, left).await;
    }
}

/// The newest format of entries that every node reads.
async fn oldest(client: &Client) -> Result<i64, StoreError> {
    let rows = query(client, statements::NODES_OLDEST, &[(&PRESENT, Type::INT8)]).await;
    let oldest = rows.and_then(|rows| rows.first().map(|row| row.try_get::<_, Option<i64>>(0)).transpose());
    Ok(oldest.map_err(|error| reading(&error))?.flatten().unwrap_or(i64::from(ENTRY_FORMAT)))
}

/// The format of the newest entries.
///
/// # Errors
/// The database failed, or this version cannot read them.
pub(crate) async fn check_entries(client: &Client, settings: &Settings) -> Result<u32, StoreError> {
    match get(client, ENTRIES).await?.as_deref().map_or(Ok(1), str::parse) {
        Ok(format @ ..=ENTRY_FORMAT) => Ok(format),
        Ok(format) => Err(StoreError::EntryFormat { place: settings.place(), format, known: ENTRY_FORMAT }),
        Err(_) => Err(StoreError::Storage(format!("the format of the entries in {} is no number", settings.place()))),
    }
}

/// Checks that every key from outside that secrets are sealed with is here, and lists the one that this node seals with.
pub(crate) async fn enlist_keys(client: &Client, settings: &Settings) -> Result<(), StoreError> {
    loop {
        let listed = get(client, SEALED_WITH).await?.unwrap_or_default();
        let Some(list) = settings.master.check(&listed, || settings.place())? else { return Ok(()) };
        let values: [crate::connection::Value<'_>; 3] =
            [(&SEALED_WITH, Type::TEXT), (&list, Type::TEXT), (&listed, Type::TEXT)];
        let put = client.execute_typed(statements::META_SWAP, &values).await;
        // Unless another node was faster.
        if put.map_err(|error| reading(&error))? == 1 {
            return Ok(());
        }
    }
}

/// Checks that every key from outside that secrets are sealed with is here.
pub(crate) async fn check_keys(client: &Client, settings: &Settings) -> Result<(), StoreError> {
    let listed = get(client, SEALED_WITH).await?.unwrap_or_default();
    settings.master.check(&listed, || settings.place()).map(drop)
}

async fn get(client: &Client, key: &str) -> Result<Option<String>, StoreError> {
    let rows = query(client, statements::META_READ, &[(&key, Type::TEXT)]).await;
    let value = rows.and_then(|rows| rows.first().map(|row| row.try_get(0)).transpose());
    value.map_err(|error| reading(&error))
}

async fn put(client: &Client, key: &str, value: &str) -> Result<(), StoreError> {
    let put = client.execute_typed(statements::META_PUT, &[(&key, Type::TEXT), (&value, Type::TEXT)]).await;
    put.map(drop).map_err(|error| reading(&error))
}

/// Seals every secret and every key of a person with the key that seals now.
pub(crate) async fn reseal(client: &Client, master: &MasterKeys) -> Result<u64, StoreError> {
    let mut count = 0;
    loop {
        let mut resealed = 0;
        for table in [statements::SECRETS, statements::PERSON_KEYS] {
            resealed += reseal_table(client, master, table).await?;
        }
        count += resealed;
        // Others may have written meanwhile.
        if resealed == 0 {
            break;
        }
    }
    put(client, SEALED_WITH, &master.sealing_number().unwrap_or_default()).await?;
    Ok(count)
}

async fn reseal_table(client: &Client, master: &MasterKeys, table: statements::SealedTable) -> Result<u64, StoreError> {
    let failed = |error: tokio_postgres::Error| reading(&error);
    let mut resealed = 0;
    for row in query(client, table.read, &[]).await.map_err(failed)? {
        let (stream, name): (String, String) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        let (number, old): (i64, Vec<u8>) = (row.try_get(2).map_err(failed)?, row.try_get(3).map_err(failed)?);
        if master.is_current(&old) {
            continue;
        }
        let unreadable =
            |error| StoreError::Storage(format!("cannot open what is kept for `{name}` of {stream}: {error}"));
        let new = master.reseal(&(table.place)(&stream, &name), old.clone()).map_err(unreadable)?;
        let values: [crate::connection::Value<'_>; 5] = [
            (&stream, Type::TEXT),
            (&name, Type::TEXT),
            (&number, Type::INT8),
            (&old, Type::BYTEA),
            (&new, Type::BYTEA),
        ];
        resealed += client.execute_typed(table.swap, &values).await.map_err(failed)?;
    }
    Ok(resealed)
}
