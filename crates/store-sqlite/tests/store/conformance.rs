//! The store in a data directory keeps the contract.

use std::sync::Arc;

use lanyard_store::Store;
use lanyard_store::conformance::{StorageUnderTest, Tampering};
use lanyard_store::conformance_tests;
use lanyard_store::doctor::Report;
use tempfile::TempDir;

use crate::support::open;

struct DataDirectory(TempDir);

impl StorageUnderTest for DataDirectory {
    async fn open(&self) -> impl Store {
        open(self.0.path())
    }

    async fn open_two(&self) -> [Arc<dyn Store>; 2] {
        let store: Arc<dyn Store> = Arc::new(open(self.0.path()));
        [Arc::clone(&store), store]
    }

    async fn doctor(&self) -> Option<Report> {
        Some(lanyard_store_sqlite::doctor(self.0.path()).unwrap())
    }

    async fn tamper(&self, tampering: Tampering) {
        let stream = format!("stream = '{}'", Tampering::stream());
        let sql = match tampering {
            Tampering::EntryChanged => format!(
                "UPDATE log SET body = CAST(substr(body, 1, 299) || char(unicode(substr(body, 300, 1)) + 1) || \
                 substr(body, 301) AS TEXT) WHERE {stream} AND revision = 2"
            ),
            Tampering::EntryRemoved => format!("DELETE FROM log WHERE {stream} AND revision = 2"),
            Tampering::LastEntryRemoved => format!("DELETE FROM log WHERE {stream} AND revision = 3"),
            Tampering::HeadMoved => format!("UPDATE stream SET revision = 2 WHERE {stream}"),
            Tampering::ResourceChanged => {
                format!("UPDATE resource SET body = '{{}}' WHERE {stream} AND kind = 'AiAgent'")
            }
            Tampering::ResourceRemoved => format!("DELETE FROM resource WHERE {stream} AND kind = 'AiAgent'"),
            Tampering::NamesRemoved => format!("DELETE FROM name WHERE {stream}"),
            Tampering::KeysRemoved => format!("DELETE FROM person_key WHERE {stream}"),
        };
        let database = rusqlite::Connection::open(self.0.path().join("lanyard.db")).unwrap();
        assert_eq!(database.execute(&sql, []).unwrap(), 1, "{sql}");
    }
}

conformance_tests!(Some(DataDirectory(tempfile::tempdir().unwrap())));
