//! Every statement that a PostgreSQL server is sent, and the tables that they are about.
//!
//! The SQL is plain: no extension, trigger, stored procedure or advisory lock. Keys are compared byte by byte: names that
//! Lanyard makes are text in the collation `C`; what comes from outside (identifiers, names) is `bytea`, since text
//! cannot hold every character. Stored JSON is `bytea` too: an entry stays the bytes that were hashed. Statements are
//! sent unprepared, so that each is planned for the size that the tables have now, but for the
//! few that are sent most (`prepared.rs`, `pool.rs`).

use lanyard_store::rows::{key_place, secret_place};

/// The tables, each made where it is not there. The last row makes them Lanyard's: a database without it is incomplete,
/// and whoever opens it next makes what is missing. `lanyard_stream` holds each stream's last entry; its rows are what
/// writers lock.
pub(crate) const CREATE: [&str; 14] = [
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
    r#"CREATE TABLE IF NOT EXISTS lanyard_cell (
        kind    text COLLATE "C" NOT NULL,
        key     bytea            NOT NULL,
        owner   bytea            NOT NULL,
        value   bytea            NOT NULL,
        expires bigint           NOT NULL,
        PRIMARY KEY (kind, key)
    )"#,
    "CREATE INDEX IF NOT EXISTS lanyard_cell_by_owner ON lanyard_cell (kind, owner)",
    "CREATE INDEX IF NOT EXISTS lanyard_cell_by_expiry ON lanyard_cell (expires)",
    r#"CREATE TABLE IF NOT EXISTS lanyard_person_key (
        stream text COLLATE "C" NOT NULL,
        person text COLLATE "C" NOT NULL,
        number bigint           NOT NULL,
        value  bytea            NOT NULL,
        PRIMARY KEY (stream, person, number)
    )"#,
    r#"CREATE TABLE IF NOT EXISTS lanyard_node (
        node  text COLLATE "C" NOT NULL PRIMARY KEY,
        reads bigint           NOT NULL,
        seen  bigint           NOT NULL
    )"#,
];

/// Says the format `$1`, unless it is there or a later one.
pub(crate) const FORMAT_PUT: &str = "INSERT INTO lanyard_meta (key, value) VALUES ('format', $1) ON CONFLICT (key) DO UPDATE \
     SET value = excluded.value WHERE CAST(lanyard_meta.value AS bigint) < CAST(excluded.value AS bigint)";

/// The format.
pub(crate) const FORMAT_READ: &str = "SELECT value FROM lanyard_meta WHERE key = 'format'";

/// Whether a copy fills the tables and has not ended.
pub(crate) const INCOMPLETE_READ: &str = "SELECT 1 FROM lanyard_meta WHERE key = 'incomplete'";

/// Says that a copy fills the tables, where there is no stream and nobody has said so.
pub(crate) const INCOMPLETE_PUT: &str = "INSERT INTO lanyard_meta (key, value) SELECT 'incomplete', '' \
     WHERE NOT EXISTS (SELECT 1 FROM lanyard_stream) ON CONFLICT (key) DO NOTHING";

/// The copy has ended.
pub(crate) const INCOMPLETE_DELETE: &str = "DELETE FROM lanyard_meta WHERE key = 'incomplete'";

/// Whether there is a table of the name `lanyard_meta` where statements look for tables.
pub(crate) const HAS_META: &str =
    "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'lanyard_meta'";

/// Whether the server acknowledges commits that are not on disk.
pub(crate) const SYNCHRONOUS_COMMIT: &str = "SHOW synchronous_commit";

/// Commits are on disk when they are acknowledged.
pub(crate) const WAIT_FOR_DISK: &str = "SET synchronous_commit = on";

/// The cluster's identity, and the number of the timeline that it writes, in hexadecimal digits.
pub(crate) const TIMELINE: &str = "SELECT (SELECT system_identifier FROM pg_control_system())::text, \
     substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";

/// A node that stops in the middle of a transaction does not keep its locks.
pub(crate) const GIVE_UP_IDLE: &str = "SET idle_in_transaction_session_timeout = '10s'";

/// Nothing can be written in this session.
pub(crate) const READ_ONLY: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";

/// Each statement sees what was committed before it, whatever the database's default is: what is deleted with a secret is
/// looked for after the secret's row is locked.
pub(crate) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
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

/// A cell: kind, key, owner, value, expiry; unless there is one.
pub(crate) const CELL_INSERT: &str = "INSERT INTO lanyard_cell (kind, key, owner, value, expires) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, key) DO NOTHING RETURNING 1";

/// The same, while the secret `$7` of the stream `$6` has the value `$8`. A transaction that changes the secret comes wholly
/// before, or waits for this one and only then deletes cells.
pub(crate) const CELL_INSERT_WHILE: &str = "WITH held AS (SELECT 1 FROM lanyard_secret \
     WHERE stream = $6 AND name = $7 AND value = $8 FOR SHARE) \
     INSERT INTO lanyard_cell (kind, key, owner, value, expires) \
     SELECT $1::text, $2::bytea, $3::bytea, $4::bytea, $5::bigint FROM held \
     ON CONFLICT (kind, key) DO NOTHING RETURNING 1";

/// A cell in place of the one that has the value `$6`.
pub(crate) const CELL_REPLACE: &str = "UPDATE lanyard_cell SET owner = $3, value = $4, expires = $5 \
     WHERE kind = $1 AND key = $2 AND value = $6 RETURNING 1";

/// The cell `$2` of the kind `$1` goes.
pub(crate) const CELL_DELETE: &str = "DELETE FROM lanyard_cell WHERE kind = $1 AND key = $2 RETURNING 1";

/// The cells of owners go: kinds, owners, and the owners below, from the first up to the last.
pub(crate) const CELLS_DELETE: &str = "DELETE FROM lanyard_cell c \
     USING unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[]) AS w (kind, owner, first, last) \
     WHERE c.kind = w.kind AND (c.owner = w.owner OR (c.owner >= w.first AND c.owner < w.last)) RETURNING 1";

/// At most `$2` cells that expired before `$1` go.
pub(crate) const CELLS_SWEEP: &str = "DELETE FROM lanyard_cell WHERE (kind, key) IN \
     (SELECT kind, key FROM lanyard_cell WHERE expires < $1 ORDER BY expires LIMIT $2) AND expires < $1 RETURNING 1";

/// The cell `$2` of the kind `$1`.
pub(crate) const CELL_READ: &str = "SELECT owner, value, expires FROM lanyard_cell WHERE kind = $1 AND key = $2";

/// The cells of owners, as in the deletion above.
pub(crate) const CELLS_READ: &str = "SELECT c.key, c.owner, c.value, c.expires FROM lanyard_cell c \
     JOIN unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[]) AS w (kind, owner, first, last) \
     ON c.kind = w.kind AND (c.owner = w.owner OR (c.owner >= w.first AND c.owner < w.last)) ORDER BY c.key";

/// Removes the rows of the streams `$1`, which end.
pub(crate) const END: [&str; 4] = [
    "DELETE FROM lanyard_resource WHERE stream = ANY ($1)",
    "DELETE FROM lanyard_name WHERE stream = ANY ($1)",
    "DELETE FROM lanyard_secret WHERE stream = ANY ($1)",
    "DELETE FROM lanyard_person_key WHERE stream = ANY ($1)",
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

/// At most `$1` instances that have not ended.
pub(crate) const INSTANCES: &str = "SELECT stream FROM lanyard_stream \
     WHERE stream >= 'instance/' AND stream < 'instance0' AND NOT closed ORDER BY stream LIMIT $1";

/// The holder of the name `$1`, `$2`.
pub(crate) const HOLDER: &str = "SELECT stream, kind, id FROM lanyard_name WHERE scope = $1 AND name = $2";

/// Notifies the processes that listen of new entries. It carries nothing: they ask for the heads.
pub(crate) const NOTIFY: &str = "NOTIFY lanyard_log";

/// Asks to be notified.
pub(crate) const LISTEN: &str = "LISTEN lanyard_log";

/// A commit of this session need not be on disk when it is acknowledged: nothing is written in it.
pub(crate) const DO_NOT_WAIT_FOR_DISK: &str = "SET synchronous_commit = off";

/// Every stream's last entry.
pub(crate) const STREAMS_READ: &str = "SELECT stream, revision, time, hash, closed FROM lanyard_stream ORDER BY stream";

/// Every stream's last entry, every secret, every key of a person, and every cut, in one statement and so in one snapshot.
pub(crate) const COPY_POINT: &str = "SELECT stream, revision, time, hash, closed, NULL::text, NULL::bytea, NULL::text, \
     NULL::bigint, NULL::bigint FROM lanyard_stream UNION ALL \
     SELECT stream, NULL::bigint, NULL::bigint, NULL::bytea, NULL::boolean, name, value, NULL::text, \
     NULL::bigint, NULL::bigint FROM lanyard_secret UNION ALL \
     SELECT stream, NULL::bigint, NULL::bigint, NULL::bytea, NULL::boolean, NULL::text, value, person, \
     NULL::bigint, NULL::bigint FROM lanyard_person_key UNION ALL \
     SELECT stream, revision, time, hash, NULL::boolean, NULL::text, NULL::bytea, NULL::text, size, parts \
     FROM lanyard_checkpoint WHERE cut";

/// At most `$3` entries of the stream `$1` after the revision `$2`.
pub(crate) const READ: &str = "SELECT revision, hash, body FROM lanyard_log \
     WHERE stream = $1 AND revision > $2 ORDER BY revision LIMIT $3";

/// The secret `$2` of the stream `$1`.
pub(crate) const SECRET: &str = "SELECT value FROM lanyard_secret WHERE stream = $1 AND name = $2";

/// A snapshot for the doctor.
pub(crate) const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How many rows there are: streams, streams that have ended, entries, resources, names, secrets, keys of people, checkpoints.
pub(crate) const COUNTS: &str = "SELECT (SELECT count(*) FROM lanyard_stream), \
     (SELECT count(*) FROM lanyard_stream WHERE closed), (SELECT count(*) FROM lanyard_log), \
     (SELECT count(*) FROM lanyard_resource), (SELECT count(*) FROM lanyard_name), \
     (SELECT count(*) FROM lanyard_secret), (SELECT count(*) FROM lanyard_person_key), \
     (SELECT count(*) FROM lanyard_checkpoint)";

/// Tables, and the streams that have rows in them though they are not there or have ended.
pub(crate) const ORPHANS: [(&str, &str); 4] = [
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
    (
        "key",
        "SELECT DISTINCT stream FROM lanyard_person_key \
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

/// Keys of people, where they are not there: streams, people, numbers, values.
pub(crate) const KEYS_INSERT: &str = "INSERT INTO lanyard_person_key (stream, person, number, value) \
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[]) ON CONFLICT DO NOTHING";

/// The people whose keys go: streams, people.
pub(crate) const KEYS_DELETE: &str = "DELETE FROM lanyard_person_key k \
     USING unnest($1::text[], $2::text[]) AS w (stream, person) WHERE k.stream = w.stream AND k.person = w.person";

/// Those of the keys `$2`, `$3` of the stream `$1` that there are.
pub(crate) const KEYS_READ: &str = "SELECT k.person, k.value \
     FROM unnest($2::text[], $3::bigint[]) AS w (person, number) \
     JOIN lanyard_person_key k ON k.stream = $1 AND k.person = w.person AND k.number = w.number";

/// The keys of the people of the stream `$1`.
pub(crate) const EXAMINE_KEYS: &str = "SELECT person, value FROM lanyard_person_key WHERE stream = $1";

/// Entries of which a part is erased: streams, revisions, new bodies.
pub(crate) const LOG_REDACT: &str = "UPDATE lanyard_log l SET body = w.body \
     FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS w (stream, revision, body) \
     WHERE l.stream = w.stream AND l.revision = w.revision";

/// A fact about the database.
pub(crate) const META_READ: &str = "SELECT value FROM lanyard_meta WHERE key = $1";

/// Sets a fact.
pub(crate) const META_PUT: &str =
    "INSERT INTO lanyard_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// Sets the fact `$1` to `$2`, if it is still `$3` or not there.
pub(crate) const META_SWAP: &str = "INSERT INTO lanyard_meta (key, value) VALUES ($1, $2) \
     ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE lanyard_meta.value = $3";

/// Announces the node `$1`, which reads entries up to the format `$2`. The result is the database's time.
pub(crate) const NODE_PUT: &str = "INSERT INTO lanyard_node (node, reads, seen) \
     VALUES ($1, $2, CAST(extract(epoch FROM now()) * 1000 AS bigint)) \
     ON CONFLICT (node) DO UPDATE SET reads = excluded.reads, seen = excluded.seen RETURNING seen";

/// Takes back the announcement of the node `$1`, and of those that announced themselves last more than a day ago.
pub(crate) const NODE_DELETE: &str = "DELETE FROM lanyard_node \
     WHERE node = $1 OR seen < CAST(extract(epoch FROM now()) * 1000 AS bigint) - 86400000";

/// The least format that a node reads which announced itself in the last `$1` milliseconds.
pub(crate) const NODES_OLDEST: &str =
    "SELECT min(reads) FROM lanyard_node WHERE seen >= CAST(extract(epoch FROM now()) * 1000 AS bigint) - $1";

/// A table whose values are sealed with keys from outside.
#[derive(Clone, Copy)]
pub(crate) struct SealedTable {
    /// Its rows: stream, name, number, value.
    pub(crate) read: &'static str,
    /// Sets the value of the row `$1`, `$2`, `$3` to `$5`, if it is still `$4`.
    pub(crate) swap: &'static str,
    /// The place to which a value is bound.
    pub(crate) place: for<'a> fn(&'a str, &'a str) -> [&'a str; 3],
}

pub(crate) const SECRETS: SealedTable = SealedTable {
    read: "SELECT stream, name, CAST(0 AS bigint), value FROM lanyard_secret",
    swap: "UPDATE lanyard_secret SET value = $5 WHERE stream = $1 AND name = $2 AND $3 = CAST(0 AS bigint) AND value = $4",
    place: secret_place,
};

pub(crate) const PERSON_KEYS: SealedTable = SealedTable {
    read: "SELECT stream, person, number, value FROM lanyard_person_key",
    swap: "UPDATE lanyard_person_key SET value = $5 WHERE stream = $1 AND person = $2 AND number = $3 AND value = $4",
    place: key_place,
};

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

/// Locks the last entry of the stream `$1`, so that nobody appends.
pub(crate) const STREAM_LOCK: &str = "SELECT 1 FROM lanyard_stream WHERE stream = $1 FOR UPDATE";

/// Begins the stream `$1`, which has no entry, after the entry of the revision `$2`, the time `$3` and the hash `$4`.
pub(crate) const STREAM_BEGIN: &str = "INSERT INTO lanyard_stream (stream, revision, time, hash, closed) \
     VALUES ($1, $2, $3, $4, FALSE) ON CONFLICT (stream) DO NOTHING";

/// The key `$3` of the user `$2` of the stream `$1`, of the value `$4`, if there is that user.
pub(crate) const KEY_OF_USER_INSERT: &str = "INSERT INTO lanyard_person_key (stream, person, number, value) \
     SELECT $1, $2, $3, $4 WHERE EXISTS \
     (SELECT 1 FROM lanyard_resource WHERE stream = $1 AND kind = 'User' AND id = $5) ON CONFLICT DO NOTHING";

/// A checkpoint: stream, revision, time, hash, size, parts, whether it is the cut.
pub(crate) const CHECKPOINT_PUT: &str = "INSERT INTO lanyard_checkpoint (stream, revision, time, hash, size, parts, cut) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (stream, revision) DO NOTHING";

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
