//! Measures acknowledged updates: how many a second, and how long one takes.
//!
//! `cargo run --release -p lanyard-store-sqlite --example appends -- DIR [INSTANCES] [UNDER WAY IN EACH] [SECONDS] [users]`
//!
//! `DIR` should not exist, and should be on the disk that is to be measured.
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lanyard_model::Kind;
use lanyard_store::conformance::workload::{Workload, measure};
use lanyard_store_sqlite::SqliteStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("the data directory is missing")?;
    let workload = Workload {
        streams: arguments.next().map_or(Ok(64), |text| text.parse())?,
        in_flight: arguments.next().map_or(Ok(1), |text| text.parse())?,
        time: Duration::from_secs(arguments.next().map_or(Ok(5), |text| text.parse())?),
        kind: if arguments.next().is_some_and(|text| text == "users") { Kind::User } else { Kind::SecurityProfile },
    };
    let store = SqliteStore::open(Path::new(&directory))?;
    println!("SQLite, {}", measure(Arc::new(store), workload).await?);
    Ok(())
}
