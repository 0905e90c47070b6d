//! Measures acknowledged updates, and the rate at which `pgbench` inserts single rows of the same size at the same
//! server, each in a transaction of its own.
//!
//! `e2e/with-postgres cargo run --release -p lanyard-store-postgres --example updates -- [INSTANCES] [UNDER WAY IN EACH]
//! [SECONDS] [users]`
//!
//! The server is the one of `LANYARD_TEST_POSTGRES`; its database gets the tables, and must have none.
//! `POSTGRES_DATA=DIR` has `e2e/with-postgres` put the server on the disk that is to be measured.
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use lanyard_model::Kind;
use lanyard_store::conformance::workload::{Workload, measure};
use lanyard_store_postgres::{PostgresStore, Settings};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = std::env::var("LANYARD_TEST_POSTGRES")?;
    let workload = Workload {
        streams: arguments.next().map_or(Ok(64), |text| text.parse())?,
        in_flight: arguments.next().map_or(Ok(1), |text| text.parse())?,
        time: Duration::from_secs(arguments.next().map_or(Ok(5), |text| text.parse())?),
        kind: if arguments.next().is_some_and(|text| text == "users") { Kind::User } else { Kind::SecurityProfile },
    };
    let store = PostgresStore::open(&Settings::read(&url, &|_| None)?).await?;
    let measured = measure(Arc::new(store), workload).await?;
    println!("PostgreSQL, {measured}");
    let clients = workload.streams * u128::try_from(workload.in_flight)?;
    let inserts = pgbench(&url, clients.min(150), workload.time, measured.entry())?;
    println!("pgbench, {} clients inserting rows of {} bytes: {inserts:.0} rows/s", clients.min(150), measured.entry());
    println!("the store's rate is {:.2} times that of pgbench", measured.rate() / inserts);
    Ok(())
}

/// The rate at which `pgbench` inserts rows.
fn pgbench(url: &str, clients: u128, time: Duration, bytes: usize) -> Result<f64, Box<dyn Error>> {
    let bin = std::env::var_os("LANYARD_TEST_POSTGRES_BIN").map(PathBuf::from).unwrap_or_default();
    let run = |program: &str, arguments: &[&str]| -> Result<String, Box<dyn Error>> {
        let program = if bin.as_os_str().is_empty() { Path::new(program).to_owned() } else { bin.join(program) };
        let output = Command::new(program).args(arguments).output()?;
        match output.status.success() {
            true => Ok(String::from_utf8(output.stdout)?),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
        }
    };
    let table = "CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)";
    run("psql", &["-q", "-d", url, "-c", table])?;
    let script = std::env::temp_dir().join(format!("pgbench-{}.sql", std::process::id()));
    std::fs::write(&script, format!("INSERT INTO plain (body) VALUES (convert_to(repeat('x', {bytes}), 'UTF8'));\n"))?;
    let (clients, seconds) = (clients.to_string(), time.as_secs().to_string());
    let file = script.display().to_string();
    let output = run("pgbench", &["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", &seconds, "-f", &file, url]);
    std::fs::remove_file(&script)?;
    let output = output?;
    let rate = output.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    Ok(rate.ok_or("pgbench printed no rate")?)
}
