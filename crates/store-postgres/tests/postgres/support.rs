//! A database of a test's own, and what is done to it past the store.

use std::sync::atomic::{AtomicU32, Ordering};

use lanyard_store_postgres::{PostgresStore, Settings};
use tokio_postgres::{Client, NoTls};

pub(crate) use lanyard_store::conformance::support::*;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty database.
pub(crate) struct Database {
    /// Its URL, which has the sslmode `disable`.
    pub(crate) url: String,
}

impl Database {
    /// A new database; `None`, and a message, where there is no server.
    pub(crate) async fn new() -> Option<Self> {
        let Ok(url) = std::env::var("LANYARD_TEST_POSTGRES") else {
            eprintln!("skipped: LANYARD_TEST_POSTGRES names no server; e2e/with-postgres starts one");
            return None;
        };
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        connect(&url).await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        Some(Self { url: url.replace("/postgres?", &format!("/{name}?")) })
    }

    pub(crate) fn settings(&self) -> Settings {
        settings(&self.url)
    }

    pub(crate) async fn open(&self) -> PostgresStore {
        PostgresStore::open(&self.settings()).await.unwrap()
    }

    /// Runs statements past the store.
    pub(crate) async fn execute(&self, sql: &str) -> u64 {
        connect(&self.url).await.execute(sql, &[]).await.unwrap()
    }

    pub(crate) async fn assert_sound(&self) {
        let report = lanyard_store_postgres::doctor(&self.settings()).await.unwrap();
        assert!(report.is_sound(), "{report}");
    }
}

pub(crate) fn settings(url: &str) -> Settings {
    Settings::read(url, &|_| None).unwrap()
}

/// A connection of the test's own.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
