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

use lanyard_store::{ENTRY_FORMAT, MasterKeys, Place, StoreError};

use crate::error::Result;

/// The format that this version writes.
pub(crate) const FORMAT: u32 = 3;

pub(crate) const DATABASE: &str = "lanyard.db";
pub(crate) const LOCK: &str = "lock";

/// How long a connection waits for others.
const PATIENCE: Duration = Duration::from_secs(5);

/// The tables that each format added. Data of an earlier format is brought to this one when it is opened to write.
const TABLES: [&str; FORMAT as usize] = [FORMAT_1, FORMAT_2, FORMAT_3];

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

/// The tables of format 2. From this format on, tables have no indexes of their own: data of an earlier format that is opened
/// to read gets them as temporary ones.
///
/// `cell` holds what expires; its second constraint is there for the look-up by owner.
const FORMAT_2: &str = "
    CREATE TABLE cell (
        kind    TEXT    NOT NULL,
        key     BLOB    NOT NULL,
        owner   TEXT    NOT NULL,
        value   BLOB    NOT NULL,
        expires INTEGER NOT NULL,
        PRIMARY KEY (kind, key),
        UNIQUE (kind, owner, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE person_key (
        stream TEXT    NOT NULL,
        person TEXT    NOT NULL,
        number INTEGER NOT NULL,
        value  BLOB    NOT NULL,
        PRIMARY KEY (stream, person, number)
    ) STRICT, WITHOUT ROWID;
";

/// The tables of format 3. `checkpoint_part` holds the parts of a checkpoint, which is there once it has a row in
/// `checkpoint`.
const FORMAT_3: &str = "
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

/// The key of `meta` that lists the keys from outside that secrets are sealed with.
pub(crate) const SEALED_WITH: &str = "sealed-with";

/// The key of `meta` that says the format of the newest entries.
const ENTRIES: &str = "entry-format";

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
pub(super) fn open_to_write(directory: &Path, master: &MasterKeys) -> Result<Connection> {
    let path = directory.join(DATABASE);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).map_err(|error| io_error("write", &path, &error))?;

    let mut connection = connect_to_write(directory)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let format = if is_empty(&transaction)? { 0 } else { format(&transaction, directory)? };
    for tables in TABLES.iter().skip(format) {
        transaction.execute_batch(tables)?;
    }
    put(&transaction, "format", &FORMAT.to_string())?;
    check_entries(&transaction, directory)?;
    put(&transaction, ENTRIES, &ENTRY_FORMAT.to_string())?;
    if let Some(list) = check_keys(&transaction, directory, master)? {
        put(&transaction, SEALED_WITH, &list)?;
    }
    refuse_incomplete(&transaction, directory)?;
    transaction.commit()?;
    // A process that was killed may have left bytes of what it deleted.
    empty_log(&connection)?;
    Ok(connection)
}

/// Connects to a database that is there, so that each commit waits for the disk.
pub(crate) fn connect_to_write(directory: &Path) -> Result<Connection> {
    let path = directory.join(DATABASE);
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
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
    Ok(connection)
}

/// Which data is opened to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accept {
    /// Complete data.
    Complete,
    /// Also data that a copy has not filled yet.
    Incomplete,
}

/// The key in `meta` that data has while a copy fills it.
pub(crate) const INCOMPLETE: &str = "incomplete";

fn refuse_incomplete(connection: &Connection, directory: &Path) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM meta WHERE key = ?1)";
    match connection.query_row(sql, [INCOMPLETE], |row| row.get::<_, bool>(0))? {
        true => Err(StoreError::Incomplete(place(directory)).into()),
        false => Ok(()),
    }
}

/// Moves the write-ahead log into the database, where deleted content is overwritten, and empties it; whether that was
/// possible at once.
pub(crate) fn empty_log(connection: &Connection) -> rusqlite::Result<bool> {
    connection.busy_timeout(Duration::ZERO)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(PATIENCE)?;
    Ok(is_busy? == 0)
}

/// Opens the database to read, while another process may write it. Makes nothing.
pub(crate) fn open_to_read(directory: &Path, accept: Accept) -> Result<Connection> {
    let path = directory.join(DATABASE);
    if !path.is_file() {
        return Err(StoreError::Missing(place(directory)).into());
    }
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if is_empty(&connection)? {
        return Err(StoreError::Missing(place(directory)).into());
    }
    let format = format(&connection, directory)?;
    if accept == Accept::Complete {
        refuse_incomplete(&connection, directory)?;
    }
    // The tables that the data does not have yet are empty.
    for tables in TABLES.iter().skip(format) {
        connection.execute_batch(&tables.replace("CREATE TABLE", "CREATE TEMP TABLE"))?;
    }
    check_entries(&connection, directory)?;
    Ok(connection)
}

/// Whether this version can read the newest entries.
fn check_entries(connection: &Connection, directory: &Path) -> Result<()> {
    match get(connection, ENTRIES)?.as_deref().map_or(Ok(1), str::parse) {
        Ok(..=ENTRY_FORMAT) => Ok(()),
        Ok(format) => Err(StoreError::EntryFormat { place: place(directory), format, known: ENTRY_FORMAT }.into()),
        Err(_) => Err(StoreError::Storage("the format of the entries is no number".to_owned()).into()),
    }
}

/// Whether every key from outside that secrets are sealed with is here. Returns the new list of them, where it changes.
pub(crate) fn check_keys(connection: &Connection, directory: &Path, master: &MasterKeys) -> Result<Option<String>> {
    let in_use = get(connection, SEALED_WITH)?.unwrap_or_default();
    Ok(master.check(&in_use, || place(directory))?)
}

pub(crate) fn put(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    let put = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.execute(put, [key, value]).map(drop)
}

fn get(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

pub(crate) fn connect(path: &Path, access: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
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
    let format = get(connection, "format")?;
    match format.and_then(|text| text.parse().ok()) {
        Some(format @ 1..=FORMAT) => Ok(format as usize),
        Some(format) if format > FORMAT => {
            Err(StoreError::NewerFormat { place: place(directory), format, known: FORMAT }.into())
        }
        _ => Err(unknown().into()),
    }
}

pub(crate) fn place(directory: &Path) -> Place {
    Place::Directory(directory.to_owned())
}

pub(crate) fn io_error(what: &str, path: &Path, error: &io::Error) -> StoreError {
    StoreError::Storage(format!("cannot {what} `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_waits_for_the_disk() {
        let directory = tempfile::tempdir().unwrap();
        let connection = open_to_write(directory.path(), &MasterKeys::default()).unwrap();
        let setting = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((setting("synchronous"), setting("fullfsync"), setting("secure_delete")), (2, 1, 1));
    }

    #[test]
    fn data_of_every_earlier_format_is_read_and_completed() {
        for format in 1..FORMAT {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path();
            let connection = open_to_write(path, &MasterKeys::default()).unwrap();
            let later: Vec<&str> =
                TABLES[format as usize..].iter().flat_map(|tables| tables.split("CREATE TABLE ").skip(1)).collect();
            for table in later {
                let name = table.split_whitespace().next().unwrap();
                connection.execute_batch(&format!("DROP TABLE {name}")).unwrap();
            }
            put(&connection, "format", &format.to_string()).unwrap();
            drop(connection);
            let count = |connection: &Connection| {
                connection.query_row("SELECT count(*) FROM checkpoint_part", [], |row| row.get::<_, i64>(0)).unwrap()
            };
            assert_eq!(count(&open_to_read(path, Accept::Complete).unwrap()), 0);
            let connection = open_to_write(path, &MasterKeys::default()).unwrap();
            assert_eq!((count(&connection), get(&connection, "format").unwrap()), (0, Some(FORMAT.to_string())));
        }
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_read_what_is_made() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("a/b");
        let _lock = lock(&directory).unwrap();
        let connection = open_to_write(&directory, &MasterKeys::default()).unwrap();
        connection.execute("INSERT INTO meta VALUES ('a', 'b')", []).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(DATABASE)), 0o600);
        assert_eq!(mode(&directory.join("lanyard.db-wal")), 0o600);
    }
}
