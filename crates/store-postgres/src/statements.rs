//! Every statement that a PostgreSQL server is sent, and the tables that they are about.
//!
//! The SQL is plain: no extension, trigger, stored procedure or advisory lock. Keys are compared byte by byte: names that
//! Lanyard makes are text in the collation `C`; what comes from outside (identifiers, names) is `bytea`, since text
//! cannot hold every character. Stored JSON is `bytea` too: an entry stays the bytes that were hashed. Statements are
//! sent unprepared, so that each is planned for the size that the tables have now.

/// The tables, each made where it is not there. The last row makes them Lanyard's: a database without it is incomplete,
/// and whoever opens it next makes what is missing. `lanyard_stream` holds each stream's last entry; its rows are what
/// writers lock.
pub(crate) const CREATE: [&str; 9] = [
    r#"CREATE TABLE IF NOT EXISTS lanyard_stream (
        stream   text COLLATE "C" NOT NULL PRIMARY KEY,
        revision bigint           NOT NULL,
        time     bigint           NOT NULL,
        hash     bytea            NOT NULL,
        closed   boolean          NOT NULL
    )"#,
    r#"CREATE TABLE IF NOT EXISTS lanyard_log (
        stream   text COLLATE "C" NOT NULL,
        revision bigint           NOT NULL,
        time     bigint           NOT NULL,
        hash     bytea            NOT NULL,
        body     bytea            NOT NULL,
        PRIMARY KEY (stream, revision)
    )"#,
    r#"CREATE TABLE IF NOT EXISTS lanyard_resource (
        stream   text COLLATE "C" NOT NULL,
        kind     text COLLATE "C" NOT NULL,
        id       bytea            NOT NULL,
        revision bigint           NOT NULL,
        body     bytea            NOT NULL,
        PRIMARY KEY (stream, kind, id)
    )"#,
    r#"CREATE TABLE IF NOT EXISTS lanyard_name (
        scope  text COLLATE "C" NOT NULL,
        name   bytea            NOT NULL,
        stream text COLLATE "C" NOT NULL,
        kind   text COLLATE "C" NOT NULL,
        id     bytea            NOT NULL,
        PRIMARY KEY (scope, name)
    )"#,
    "CREATE INDEX IF NOT EXISTS lanyard_name_by_stream ON lanyard_name (stream)",
    r#"CREATE TABLE IF NOT EXISTS lanyard_secret (
        stream text COLLATE "C" NOT NULL,
        name   text COLLATE "C" NOT NULL,
        value  bytea            NOT NULL,
        PRIMARY KEY (stream, name)
    )"#,
    r#"CREATE TABLE IF NOT EXISTS lanyard_checkpoint (
        stream   text COLLATE "C" NOT NULL,
        revision bigint           NOT NULL,
        time     bigint           NOT NULL,
        hash     bytea            NOT NULL,
        size     bigint           NOT NULL,
        parts    bigint           NOT NULL,
        cut      boolean          NOT NULL,
        PRIMARY KEY (stream, revision)
    )"#,
    r#"CREATE TABLE IF NOT EXISTS lanyard_checkpoint_part (
        stream   text COLLATE "C" NOT NULL,
        revision bigint           NOT NULL,
        part     bigint           NOT NULL,
        body     bytea            NOT NULL,
        PRIMARY KEY (stream, revision, part)
    )"#,
    r#"CREATE TABLE IF NOT EXISTS lanyard_meta (
        key   text COLLATE "C" NOT NULL PRIMARY KEY,
        value text COLLATE "C" NOT NULL
    )"#,
];

/// Says the format, unless somebody has: `$1`.
pub(crate) const FORMAT_PUT: &str =
    "INSERT INTO lanyard_meta (key, value) VALUES ('format', $1) ON CONFLICT (key) DO NOTHING";

/// The format.
pub(crate) const FORMAT_READ: &str = "SELECT value FROM lanyard_meta WHERE key = 'format'";

/// Whether there is a table of the name `lanyard_meta` where statements look for tables.
pub(crate) const HAS_META: &str =
    "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'lanyard_meta'";

/// Whether the server acknowledges commits that are not on disk.
pub(crate) const SYNCHRONOUS_COMMIT: &str = "SHOW synchronous_commit";

/// Commits are on disk when they are acknowledged.
pub(crate) const WAIT_FOR_DISK: &str = "SET synchronous_commit = on";

/// A node that stops in the middle of a transaction does not keep its locks.
pub(crate) const GIVE_UP_IDLE: &str = "SET idle_in_transaction_session_timeout = '10s'";

/// Nothing can be written in this session.
pub(crate) const READ_ONLY: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";

pub(crate) const BEGIN: &str = "BEGIN";
pub(crate) const COMMIT: &str = "COMMIT";
pub(crate) const ROLLBACK: &str = "ROLLBACK";

/// The last entries of the streams `$1`, locked in the order of their names.
pub(crate) const HEADS_LOCK: &str = "SELECT stream, revision, time, hash, closed FROM lanyard_stream \
     WHERE stream = ANY ($1) ORDER BY stream FOR UPDATE";

/// The last entries of the streams `$1`.
pub(crate) const HEADS_READ: &str =
    "SELECT stream, revision, time, hash, closed FROM lanyard_stream WHERE stream = ANY ($1)";

/// The hashes of the entries `$1`, `$2`, where there are such entries.
pub(crate) const HASHES_READ: &str = "SELECT l.hash FROM unnest($1::text[], $2::bigint[]) AS w (stream, revision) \
     JOIN lanyard_log l ON l.stream = w.stream AND l.revision = w.revision";

/// The holders of the names `$1`, `$2`.
pub(crate) const NAMES_READ: &str = "SELECT n.scope, n.name, n.stream, n.kind, n.id \
     FROM unnest($1::text[], $2::bytea[]) AS w (scope, name) \
     JOIN lanyard_name n ON n.scope = w.scope AND n.name = w.name";

/// Those of the resources `$1`, `$2`, `$3` that there are.
pub(crate) const RESOURCES_PRESENT: &str = "SELECT r.stream, r.kind, r.id \
     FROM unnest($1::text[], $2::text[], $3::bytea[]) AS w (stream, kind, id) \
     JOIN lanyard_resource r ON r.stream = w.stream AND r.kind = w.kind AND r.id = w.id";

/// Entries: streams, revisions, times, hashes, bodies.
pub(crate) const LOG_INSERT: &str = "INSERT INTO lanyard_log (stream, revision, time, hash, body) \
     SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[])";

/// Last entries: streams, revisions, times, hashes, ends.
pub(crate) const HEADS_PUT: &str = "INSERT INTO lanyard_stream (stream, revision, time, hash, closed) \
     SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::boolean[]) \
     ON CONFLICT (stream) DO UPDATE SET revision = excluded.revision, time = excluded.time, \
     hash = excluded.hash, closed = excluded.closed";

/// Resources that were not there: streams, kinds, identifiers, revisions, bodies.
pub(crate) const RESOURCES_INSERT: &str = "INSERT INTO lanyard_resource (stream, kind, id, revision, body) \
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bytea[])";

/// Resources that are there, of which the key finds the row whatever the planner knows of the table: as before.
pub(crate) const RESOURCES_PUT: &str = "INSERT INTO lanyard_resource (stream, kind, id, revision, body) \
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bytea[]) \
     ON CONFLICT (stream, kind, id) DO UPDATE SET revision = excluded.revision, body = excluded.body";

/// Resources that go: streams, kinds, identifiers.
pub(crate) const RESOURCES_DELETE: &str = "DELETE FROM lanyard_resource r \
     USING unnest($1::text[], $2::text[], $3::bytea[]) AS w (stream, kind, id) \
     WHERE r.stream = w.stream AND r.kind = w.kind AND r.id = w.id";

/// Names that are taken: scopes, names, streams, kinds, identifiers.
pub(crate) const NAMES_INSERT: &str = "INSERT INTO lanyard_name (scope, name, stream, kind, id) \
     SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bytea[])";

/// Names that are given up: scopes, names.
pub(crate) const NAMES_DELETE: &str = "DELETE FROM lanyard_name n \
     USING unnest($1::text[], $2::bytea[]) AS w (scope, name) WHERE n.scope = w.scope AND n.name = w.name";

/// Secrets: streams, names, values.
pub(crate) const SECRETS_PUT: &str = "INSERT INTO lanyard_secret (stream, name, value) \
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) \
     ON CONFLICT (stream, name) DO UPDATE SET value = excluded.value";

/// Secrets that go: streams, names.
pub(crate) const SECRETS_DELETE: &str = "DELETE FROM lanyard_secret s \
     USING unnest($1::text[], $2::text[]) AS w (stream, name) WHERE s.stream = w.stream AND s.name = w.name";

/// Removes the rows of the streams `$1`, which end.
pub(crate) const END: [&str; 3] = [
    "DELETE FROM lanyard_resource WHERE stream = ANY ($1)",
    "DELETE FROM lanyard_name WHERE stream = ANY ($1)",
    "DELETE FROM lanyard_secret WHERE stream = ANY ($1)",
];

/// Bulk loads, in the columns of the inserts above.
pub(crate) const LOG_COPY: &str = "COPY lanyard_log (stream, revision, time, hash, body) FROM STDIN BINARY";
pub(crate) const RESOURCES_COPY: &str = "COPY lanyard_resource (stream, kind, id, revision, body) FROM STDIN BINARY";
pub(crate) const NAMES_COPY: &str = "COPY lanyard_name (scope, name, stream, kind, id) FROM STDIN BINARY";

/// The last entry and the resources of the stream `$1`, in one statement and so in one snapshot. A stream without
/// resources has one row.
pub(crate) const LOAD: &str = "SELECT s.revision, s.time, s.hash, r.kind, r.id, r.body \
     FROM lanyard_stream s LEFT JOIN lanyard_resource r ON r.stream = s.stream WHERE s.stream = $1 AND NOT s.closed";

/// The registries that have not ended. `0` comes after `/`.
pub(crate) const REGISTRIES: &str = "SELECT stream FROM lanyard_stream \
     WHERE stream >= 'registry/' AND stream < 'registry0' AND NOT closed ORDER BY stream";

/// Every stream's last entry.
pub(crate) const STREAMS_READ: &str = "SELECT stream, revision, time, hash, closed FROM lanyard_stream ORDER BY stream";

/// At most `$3` entries of the stream `$1` after the revision `$2`.
pub(crate) const READ: &str = "SELECT revision, hash, body FROM lanyard_log \
     WHERE stream = $1 AND revision > $2 ORDER BY revision LIMIT $3";

/// The secret `$2` of the stream `$1`.
pub(crate) const SECRET: &str = "SELECT value FROM lanyard_secret WHERE stream = $1 AND name = $2";

/// A snapshot for the doctor.
pub(crate) const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How many rows there are: streams, streams that have ended, entries, resources, names, secrets,
/// checkpoints.
pub(crate) const COUNTS: &str = "SELECT (SELECT count(*) FROM lanyard_stream), \
     (SELECT count(*) FROM lanyard_stream WHERE closed), (SELECT count(*) FROM lanyard_log), \
     (SELECT count(*) FROM lanyard_resource), (SELECT count(*) FROM lanyard_name), \
     (SELECT count(*) FROM lanyard_secret), (SELECT count(*) FROM lanyard_checkpoint)";

/// Tables, and the streams that have rows in them though they are not there or have ended.
pub(crate) const ORPHANS: [(&str, &str); 3] = [
    (
        "resource",
        "SELECT DISTINCT stream FROM lanyard_resource \
         WHERE stream NOT IN (SELECT stream FROM lanyard_stream WHERE NOT closed)",
    ),
    (
        "name",
        "SELECT DISTINCT stream FROM lanyard_name \
         WHERE stream NOT IN (SELECT stream FROM lanyard_stream WHERE NOT closed)",
    ),
    (
        "secret",
        "SELECT DISTINCT stream FROM lanyard_secret \
         WHERE stream NOT IN (SELECT stream FROM lanyard_stream WHERE NOT closed)",
    ),
];

/// Every stream that has a head or an entry.
pub(crate) const STREAMS: &str = "SELECT stream FROM lanyard_stream UNION SELECT stream FROM lanyard_log \
     UNION SELECT stream FROM lanyard_checkpoint ORDER BY 1";

/// At most `$3` entries of the stream `$1` after the revision `$2`, with their times.
pub(crate) const EXAMINE_LOG: &str = "SELECT revision, time, hash, body FROM lanyard_log \
     WHERE stream = $1 AND revision > $2 ORDER BY revision LIMIT $3";

/// The last entry of the stream `$1`.
pub(crate) const EXAMINE_HEAD: &str = "SELECT revision, time, hash, closed FROM lanyard_stream WHERE stream = $1";

/// The resources of the stream `$1`.
pub(crate) const EXAMINE_RESOURCES: &str = "SELECT kind, id, revision, body FROM lanyard_resource WHERE stream = $1";

/// The names of the stream `$1`.
pub(crate) const EXAMINE_NAMES: &str = "SELECT scope, name, kind, id FROM lanyard_name WHERE stream = $1";

/// The checkpoints of the stream `$1`.
pub(crate) const CHECKPOINTS: &str = "SELECT revision, time, hash, size, parts, cut FROM lanyard_checkpoint \
     WHERE stream = $1 ORDER BY revision";

/// The part `$3` of the checkpoint `$2` of the stream `$1`.
pub(crate) const CHECKPOINT_PART: &str =
    "SELECT body FROM lanyard_checkpoint_part WHERE stream = $1 AND revision = $2 AND part = $3";

/// The last entry and the resources of the stream `$1`, in one snapshot, in the order of the key.
pub(crate) const SNAPSHOT: &str = "SELECT s.revision, s.time, s.hash, r.kind, r.id, r.revision, r.body \
     FROM lanyard_stream s LEFT JOIN lanyard_resource r ON r.stream = s.stream \
     WHERE s.stream = $1 AND NOT s.closed ORDER BY r.kind, r.id";

/// A part: stream, revision, number, body.
pub(crate) const CHECKPOINT_PART_PUT: &str = "INSERT INTO lanyard_checkpoint_part (stream, revision, part, body) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (stream, revision, part) DO UPDATE SET body = excluded.body";

/// A checkpoint that is not the cut: stream, revision, time, hash, size, parts.
pub(crate) const CHECKPOINT_PUT: &str = "INSERT INTO lanyard_checkpoint (stream, revision, time, hash, size, parts, cut) \
     VALUES ($1, $2, $3, $4, $5, $6, FALSE) ON CONFLICT (stream, revision) DO NOTHING";

/// Parts of the stream `$1` before the revision `$2` that belong to no checkpoint.
pub(crate) const CHECKPOINT_PARTS_CLEAN: &str = "DELETE FROM lanyard_checkpoint_part p \
     WHERE p.stream = $1 AND p.revision < $2 AND NOT EXISTS \
     (SELECT 1 FROM lanyard_checkpoint c WHERE c.stream = p.stream AND c.revision = p.revision)";

/// How many bytes the entries of the stream `$1` after the revision `$2` take.
pub(crate) const LOG_SIZE: &str =
    "SELECT coalesce(sum(octet_length(body)), 0)::bigint FROM lanyard_log WHERE stream = $1 AND revision > $2";

/// The cut of the stream `$1`.
pub(crate) const CUT: &str = "SELECT revision FROM lanyard_checkpoint WHERE stream = $1 AND cut";

/// The checkpoints of the stream `$1`, locked.
pub(crate) const CHECKPOINTS_LOCK: &str = "SELECT revision, time, hash, size, parts, cut FROM lanyard_checkpoint \
     WHERE stream = $1 ORDER BY revision FOR UPDATE";

/// Makes the checkpoint `$2` of the stream `$1` the cut, and removes those before it.
pub(crate) const CUT_MAKE: [&str; 3] = [
    "UPDATE lanyard_checkpoint SET cut = TRUE WHERE stream = $1 AND revision = $2",
    "DELETE FROM lanyard_checkpoint WHERE stream = $1 AND revision < $2",
    "DELETE FROM lanyard_checkpoint_part WHERE stream = $1 AND revision < $2",
];

/// The first entry of the stream `$1` up to the revision `$2`.
pub(crate) const LOG_FIRST: &str = "SELECT min(revision) FROM lanyard_log WHERE stream = $1 AND revision <= $2";

/// Removes the entries of the stream `$1` before the revision `$2`.
pub(crate) const LOG_REMOVE: &str = "DELETE FROM lanyard_log WHERE stream = $1 AND revision < $2";
