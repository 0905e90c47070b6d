//! Helpers of the tests, in addition to those of the contract.

use std::path::Path;

use lanyard_store_sqlite::SqliteStore;

pub(crate) use lanyard_store::conformance::support::*;

pub(crate) fn open(directory: &Path) -> SqliteStore {
    SqliteStore::open(directory).unwrap()
}

pub(crate) fn assert_sound(directory: &Path) {
    let report = lanyard_store_sqlite::doctor(directory).unwrap();
    assert!(report.is_sound(), "{report}");
}
