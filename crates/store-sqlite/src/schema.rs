//! The data directory: its files, its tables, and how it is opened.
//!
//! Invariants: the process that writes has locked the file `lock`, and a connection that writes waits for the disk at
//! each commit. The SQL is plain, without triggers or stored procedures; features that only SQLite has are in this
//! file.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior};

use lanyard_store::{Place, StoreError};

use crate::error::Result;

/// The format that this version writes.
pub(crate) const FORMAT: u32 = 2;

const DATABASE: &str = "lanyard.db";
const LOCK: &str = "lock";

/// The tables that each format added. Data of an earlier format is brought to this one when it is opened to write.
const TABLES: [&str; FORMAT as usize] = [FORMAT_1, FORMAT_2];

/// `stream` holds each stream's last revision, so that the log need not be searched, and whether it has ended.
const FORMAT_1: &str = "
    CREATE TABLE meta (
        key   TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE stream (
        stream   TEXT    NOT NULL PRIMARY KEY,
        revision INTEGER NOT NULL,
        time     INTEGER NOT NULL,
        hash     BLOB    NOT NULL,
        closed   INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log (
        stream   TEXT    NOT NULL,
        revision INTEGER NOT NULL,
        time     INTEGER NOT NULL,
        body     TEXT    NOT NULL,
        hash     BLOB    NOT NULL,
        PRIMARY KEY (stream, revision)
    ) STRICT;
    CREATE TABLE resource (
        stream   TEXT    NOT NULL,
        kind     TEXT    NOT NULL,
        id       TEXT    NOT NULL,
        revision INTEGER NOT NULL,
        body     TEXT    NOT NULL,
        PRIMARY KEY (stream, kind, id)
    ) STRICT;
    CREATE TABLE name (
        scope  TEXT NOT NULL,
        name   TEXT NOT NULL,
        stream TEXT NOT NULL,
        kind   TEXT NOT NULL,
        id     TEXT NOT NULL,
        PRIMARY KEY (scope, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX name_by_stream ON name (stream);
    CREATE TABLE secret (
        stream TEXT NOT NULL,
        name   TEXT NOT NULL,
        value  BLOB NOT NULL,
        PRIMARY KEY (stream, name)
    ) STRICT, WITHOUT ROWID;
";

/// The tables of format 2, without indexes of their own: data of format 1 that is opened to read gets them as temporary
/// ones.
/// `checkpoint_part` holds the parts of a checkpoint, which is there once it has a row in `checkpoint`.
const FORMAT_2: &str = "
    CREATE TABLE checkpoint (
        stream   TEXT    NOT NULL,
        revision INTEGER NOT NULL,
        time     INTEGER NOT NULL,
        hash     BLOB    NOT NULL,
        size     INTEGER NOT NULL,
        parts    INTEGER NOT NULL,
        cut      INTEGER NOT NULL,
        PRIMARY KEY (stream, revision)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE checkpoint_part (
        stream   TEXT    NOT NULL,
        revision INTEGER NOT NULL,
        part     INTEGER NOT NULL,
        body     BLOB    NOT NULL,
        PRIMARY KEY (stream, revision, part)
    ) STRICT;
";

/// Makes the data directory where there is none, and takes it for this process until the file is dropped.
pub(super) fn lock(directory: &Path) -> Result<File> {
    let failed = |error| io_error("use", directory, &error);
    create(directory).map_err(failed)?;
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(directory.join(LOCK)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(place(directory)).into()),
        Err(TryLockError::Error(error)) => Err(failed(error).into()),
    }
}

/// Makes a directory that only its owner can read, and those above it, so that they are there after a power cut.
fn create(directory: &Path) -> io::Result<()> {
    if directory.as_os_str().is_empty() || directory.is_dir() {
        return Ok(());
    }
    let parent = directory.parent().unwrap_or(Path::new(""));
    create(parent)?;
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    File::open(parent)?.sync_all()
}

/// Opens the database to write, and makes its tables when it has none. The directory is locked.
pub(super) fn open_to_write(directory: &Path) -> Result<Connection> {
    let path = directory.join(DATABASE);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).map_err(|error| io_error("write", &path, &error))?;

    let mut connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Only a database without tables takes it: the space of archived entries can be given back while it is written.
    connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL")?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Storage(format!("`{}` does not allow a write-ahead log", path.display())).into());
    }
    // FULL waits for the disk at each commit; `fullfsync` makes macOS do the same. Deleted content, secrets above all,
    // is overwritten.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; \
         PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864",
    )?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let format = if is_empty(&transaction)? { 0 } else { format(&transaction, directory)? };
    for tables in TABLES.iter().skip(format) {
        transaction.execute_batch(tables)?;
    }
    let put =
        "INSERT INTO meta (key, value) VALUES ('format', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    transaction.execute(put, [FORMAT.to_string()])?;
    transaction.commit()?;
    Ok(connection)
}

/// Opens the database once more, to write checkpoints and what is derived from the log. The directory is locked, and the
/// tables are there. A commit does not wait for the disk: what is written here is lost with what came before it, never
/// without.
pub(crate) fn open_for_upkeep(directory: &Path) -> Result<Connection> {
    let connection = connect(&directory.join(DATABASE), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA checkpoint_fullfsync = ON; PRAGMA secure_delete = FAST; \
         PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864",
    )?;
    connection.busy_timeout(Duration::from_secs(60))?;
    Ok(connection)
}

/// Opens the database to read, while another process may write it. Makes nothing.
pub(crate) fn open_to_read(directory: &Path) -> Result<Connection> {
    let path = directory.join(DATABASE);
    if !path.is_file() {
        return Err(StoreError::Missing(place(directory)).into());
    }
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if is_empty(&connection)? {
        return Err(StoreError::Missing(place(directory)).into());
    }
    // The tables that the data does not have yet are empty.
    for tables in TABLES.iter().skip(format(&connection, directory)?) {
        connection.execute_batch(&tables.replace("CREATE TABLE", "CREATE TEMP TABLE"))?;
    }
    Ok(connection)
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)", [], |row| row.get(0))
}

/// The format of the data.
fn format(connection: &Connection, directory: &Path) -> Result<usize> {
    let unknown = || StoreError::Storage(format!("the database in `{}` is not Lanyard's", directory.display()));
    let has_meta = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'meta')";
    if !connection.query_row(has_meta, [], |row| row.get::<_, bool>(0))? {
        return Err(unknown().into());
    }
    let format: Option<String> =
        connection.query_row("SELECT value FROM meta WHERE key = 'format'", [], |row| row.get(0)).optional()?;
    match format.and_then(|text| text.parse().ok()) {
        Some(format @ 1..=FORMAT) => Ok(format as usize),
        Some(format) if format > FORMAT => {
            Err(StoreError::NewerFormat { place: place(directory), format, known: FORMAT }.into())
        }
        _ => Err(unknown().into()),
    }
}

fn place(directory: &Path) -> Place {
    Place::Directory(directory.to_owned())
}

fn io_error(what: &str, path: &Path, error: &io::Error) -> StoreError {
    StoreError::Storage(format!("cannot {what} `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_waits_for_the_disk() {
        let directory = tempfile::tempdir().unwrap();
        let connection = open_to_write(directory.path()).unwrap();
        let setting = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((setting("synchronous"), setting("fullfsync"), setting("secure_delete")), (2, 1, 1));
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_read_what_is_made() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("a/b");
        let _lock = lock(&directory).unwrap();
        let connection = open_to_write(&directory).unwrap();
        connection.execute("INSERT INTO meta VALUES ('a', 'b')", []).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(DATABASE)), 0o600);
        assert_eq!(mode(&directory.join("lanyard.db-wal")), 0o600);
    }
}
