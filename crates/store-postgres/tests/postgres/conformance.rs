//! The store in a PostgreSQL database keeps the contract.

use std::sync::Arc;

use lanyard_store::Store;
use lanyard_store::conformance::{StorageUnderTest, Tampering};
use lanyard_store::conformance_tests;
use lanyard_store::doctor::Report;

use crate::support::Database;

impl StorageUnderTest for Database {
    async fn open(&self) -> impl Store {
        Self::open(self).await
    }

    async fn open_two(&self) -> [Arc<dyn Store>; 2] {
        [Arc::new(Self::open(self).await), Arc::new(Self::open(self).await)]
    }

    async fn doctor(&self) -> Option<Report> {
        Some(lanyard_store_postgres::doctor(&self.settings()).await.unwrap())
    }

    async fn tamper(&self, tampering: Tampering) {
        let stream = format!("stream = '{}'", Tampering::stream());
        let sql = match tampering {
            Tampering::EntryChanged => format!(
                "UPDATE lanyard_log SET body = set_byte(body, 300, get_byte(body, 300) + 1) \
                 WHERE {stream} AND revision = 2"
            ),
            Tampering::EntryRemoved => format!("DELETE FROM lanyard_log WHERE {stream} AND revision = 2"),
            Tampering::LastEntryRemoved => format!("DELETE FROM lanyard_log WHERE {stream} AND revision = 3"),
            Tampering::HeadMoved => format!("UPDATE lanyard_stream SET revision = 2 WHERE {stream}"),
            Tampering::ResourceChanged => {
                format!("UPDATE lanyard_resource SET body = '{{}}' WHERE {stream} AND kind = 'AiAgent'")
            }
            Tampering::ResourceRemoved => format!("DELETE FROM lanyard_resource WHERE {stream} AND kind = 'AiAgent'"),
            Tampering::NamesRemoved => format!("DELETE FROM lanyard_name WHERE {stream}"),
            Tampering::KeysRemoved => format!("DELETE FROM lanyard_person_key WHERE {stream}"),
        };
        assert_eq!(self.execute(&sql).await, 1, "{sql}");
    }
}

conformance_tests!(Database::new().await);
