//! The PostgreSQL server of the run, and pgbench.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bench_load::process;

/// One row, about as long as the entry of an update is in the log.
pub(crate) const INSERT: &str = "INSERT INTO entry (body) VALUES (decode(repeat('5a', 1000), 'hex'));\n";

/// The question of a follower that has 10,000 instances in memory.
pub(crate) const HEADS: &str = "SELECT stream, revision, time, hash, closed FROM head \
     WHERE stream = ANY (ARRAY(SELECT 'instance/' || md5(i::text) FROM generate_series(1, 10000) i));\n";

/// The last entries of so many instances, with the columns of `lanyard_stream`.
const CREATE_HEADS: &str = "CREATE TABLE head (stream text COLLATE \"C\" NOT NULL PRIMARY KEY, revision bigint NOT NULL, \
     time bigint NOT NULL, hash bytea NOT NULL, closed boolean NOT NULL); \
     INSERT INTO head SELECT 'instance/' || md5(i::text), i, i, decode(repeat('5a', 32), 'hex'), false \
     FROM generate_series(1, 10000) i";

/// The server that `e2e/with-postgres` started.
pub(crate) struct Postgres {
    /// The address of the server, up to the name of a database.
    prefix: String,
    suffix: String,
    programs: PathBuf,
    postmaster: u32,
    /// The directory of its data.
    pub(crate) data: PathBuf,
}

/// The transactions of one run of pgbench.
pub(crate) struct Transactions {
    pub(crate) per_second: f64,
    /// Microseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Processor time of the database for one, in microseconds.
    pub(crate) database_cpu: f64,
}

impl Postgres {
    /// The server that the environment describes.
    pub(crate) fn from_environment() -> anyhow::Result<Self> {
        let variable = |name| std::env::var(name).with_context(|| format!("{name} is not set: use e2e/with-postgres"));
        let url = variable("LANYARD_TEST_POSTGRES")?;
        let (prefix, rest) = url.rsplit_once("/postgres").context("LANYARD_TEST_POSTGRES names another database")?;
        let certificate = PathBuf::from(variable("LANYARD_TEST_POSTGRES_CERTIFICATE")?);
        let data = certificate.parent().context("a certificate in no directory")?.join("data");
        let pid = fs::read_to_string(data.join("postmaster.pid")).context("the server's directory is not readable")?;
        let postmaster = pid.lines().next().and_then(|pid| pid.trim().parse().ok());
        Ok(Self {
            prefix: prefix.to_owned(),
            suffix: rest.to_owned(),
            programs: variable("LANYARD_TEST_POSTGRES_BIN")?.into(),
            postmaster: postmaster.context("the server's process is not known")?,
            data,
        })
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.prefix, self.suffix)
    }

    /// Makes a database.
    pub(crate) fn create(&self, database: &str) -> anyhow::Result<()> {
        self.sql("postgres", &format!("CREATE DATABASE {database}")).map(drop)
    }

    /// Makes the database of pgbench, with its tables.
    pub(crate) fn create_peer(&self, database: &str) -> anyhow::Result<()> {
        self.create(database)?;
        self.sql(database, "CREATE TABLE entry (id bigserial PRIMARY KEY, body bytea NOT NULL)")?;
        self.sql(database, CREATE_HEADS).map(drop)
    }

    /// The rows of a statement, their columns separated by `|`.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> anyhow::Result<String> {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, &self.url(database)]);
        let output = command.output().context("psql cannot be started")?;
        ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Processor time of all its processes so far.
    pub(crate) fn cpu_time(&self) -> anyhow::Result<Duration> {
        process::family_cpu_time(self.postmaster)
    }

    /// Runs a script of one statement again and again, each time in a transaction of its own, prepared.
    pub(crate) fn repeat(
        &self,
        statement: &str,
        database: &str,
        work: &Path,
        clients: u16,
        seconds: u16,
    ) -> anyhow::Result<Transactions> {
        let log = tempfile::Builder::new().prefix("pgbench-").tempdir_in(work)?;
        let script = log.path().join("script.sql");
        fs::write(&script, statement)?;
        let before = self.cpu_time()?;
        let output = Command::new(self.programs.join("pgbench"))
            .args(["--no-vacuum", "--protocol=prepared", "--log", "--jobs=1"])
            .arg(format!("--client={clients}"))
            .arg(format!("--time={seconds}"))
            .arg(format!("--file={}", script.display()))
            .arg(format!("--log-prefix={}", log.path().join("times").display()))
            .arg(self.url(database))
            .output()
            .context("pgbench cannot be started")?;
        ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
        // The sessions have ended when the server has waited for their processes; until then their time may be counted nowhere.
        sleep(Duration::from_millis(300));
        let used = self.cpu_time()?.saturating_sub(before);
        let text = String::from_utf8_lossy(&output.stdout);
        let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next());
        let mut times: Vec<f64> = Vec::new();
        for entry in fs::read_dir(log.path())? {
            let path = entry?.path();
            if path == script {
                continue;
            }
            // client, transaction, microseconds, …
            let times_of = fs::read_to_string(path)?;
            times.extend(times_of.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok()));
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len() * share / 100).copied().context("pgbench logged no transaction");
        #[expect(clippy::cast_precision_loss, reason = "a run has far fewer than 2^52 transactions")]
        let count = times.len() as f64;
        Ok(Transactions {
            per_second: rate.and_then(|rate| rate.parse().ok()).context("pgbench printed no rate")?,
            p50: at(50)?,
            p99: at(99)?,
            database_cpu: used.as_secs_f64() * 1e6 / count,
        })
    }
}
