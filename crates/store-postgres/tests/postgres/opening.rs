//! Opening a database, and opening it again.

use std::sync::Arc;

use lanyard_store::{AppendError, Store, StoreError};
use lanyard_store_postgres::{PostgresStore, complete, doctor, doctor_incomplete};

use crate::support::{Database, Tip, append, assert_same, connect, instance, profile, settings};

#[tokio::test]
async fn reading_makes_nothing() {
    let Some(database) = Database::new().await else { return };
    let missing = StoreError::Missing(database.settings().place());
    assert_eq!(PostgresStore::open_read_only(&database.settings()).await.unwrap_err(), missing);
    assert_eq!(doctor(&database.settings()).await.unwrap_err(), missing);
    let tables = "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'lanyard%'";
    let rows = connect(&database.url).await.query_one(tables, &[]).await.unwrap();
    assert_eq!(rows.get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_nodes_may_make_the_tables_at_once() {
    let Some(database) = Database::new().await else { return };
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let settings = database.settings();
            tokio::spawn(async move { PostgresStore::open(&settings).await.map(drop) })
        })
        .collect();
    for opened in opening {
        opened.await.unwrap().unwrap();
    }
    database.assert_sound().await;
}

#[tokio::test]
async fn tables_that_were_made_by_half_are_completed() {
    let Some(database) = Database::new().await else { return };
    drop(database.open().await);
    database.execute("DROP TABLE lanyard_secret").await;
    database.execute("DELETE FROM lanyard_meta").await;
    assert!(matches!(PostgresStore::open_read_only(&database.settings()).await, Err(StoreError::Missing(_))));
    drop(database.open().await);
    database.assert_sound().await;
}

#[tokio::test]
async fn a_later_format_is_refused() {
    let Some(database) = Database::new().await else { return };
    drop(database.open().await);
    database.execute("UPDATE lanyard_meta SET value = '3' WHERE key = 'format'").await;
    let newer = StoreError::NewerFormat { place: database.settings().place(), format: 3, known: 2 };
    assert_eq!(PostgresStore::open(&database.settings()).await.unwrap_err(), newer);
    assert_eq!(PostgresStore::open_read_only(&database.settings()).await.unwrap_err(), newer);
    assert_eq!(doctor(&database.settings()).await.unwrap_err(), newer);
    assert!(newer.to_string().contains("format 3"), "{newer}");
}

#[tokio::test]
async fn an_earlier_format_is_completed_when_it_is_opened_to_write() {
    let Some(database) = Database::new().await else { return };
    let store = database.open().await;
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
    drop(store);
    // Format 1 had no checkpoints.
    database.execute("DROP TABLE lanyard_checkpoint").await;
    database.execute("DROP TABLE lanyard_checkpoint_part").await;
    database.execute("UPDATE lanyard_meta SET value = '1' WHERE key = 'format'").await;
    let error = PostgresStore::open_read_only(&database.settings()).await.unwrap_err().to_string();
    assert!(error.contains("earlier format 1"), "{error}");
    let store = database.open().await;
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &tip);
    assert_eq!(store.checkpoints(&instance(1)).await.unwrap(), []);
    drop(store);
    database.assert_sound().await;
}

#[tokio::test]
async fn a_role_that_can_only_read_is_enough_to_read() {
    let Some(database) = Database::new().await else { return };
    let store = database.open().await;
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 1, |draft| draft.put(profile(1, "Agent")).unwrap())]).await.unwrap();
    let role = database.url.rsplit('/').next().unwrap().split('?').next().unwrap().replace("test", "reader");
    database.execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'reads'")).await;
    let (_, rest) = database.url.split_once('@').unwrap();
    let as_role = settings(&format!("postgres://{role}:reads@{rest}"));
    let error = PostgresStore::open_read_only(&as_role).await.unwrap_err();
    assert!(error.to_string().contains("permission denied"), "{error}");
    database.execute(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;

    let reader = PostgresStore::open_read_only(&as_role).await.unwrap();
    assert_same(&reader.load(&instance(1)).await.unwrap().unwrap(), &tip);
    assert!(doctor(&as_role).await.unwrap().is_sound());
    let next = append(&mut tip.clone(), 2, |_| {});
    assert!(matches!(reader.append(vec![next]).await, Err(AppendError::Refused(_))));
    // A node that cannot write does not start, and says why.
    let error = PostgresStore::open(&as_role).await.unwrap_err();
    assert!(error.to_string().contains("permission denied"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let error = PostgresStore::open(&settings("postgres://a:hunter2@127.0.0.1:1/x?sslmode=disable")).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:1/x") && !text.contains("hunter2"), "{text}");
    let Some(database) = Database::new().await else { return };
    let (_, rest) = database.url.split_once('@').unwrap();
    let wrong = settings(&format!("postgres://lanyard:hunter2@{rest}"));
    let text = PostgresStore::open(&wrong).await.unwrap_err().to_string();
    assert!(text.contains("password authentication failed") && !text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn the_certificate_is_verified() {
    let Some(database) = Database::new().await else { return };
    let Ok(certificate) = std::env::var("LANYARD_TEST_POSTGRES_CERTIFICATE") else { return };
    let url =
        |host: &str, parameters: &str| database.url.replace("127.0.0.1", host).replace("sslmode=disable", parameters);
    let open = async |url: String| PostgresStore::open(&settings(&url)).await;
    let trusted = format!("sslrootcert={certificate}");
    let store = open(url("localhost", &trusted)).await.unwrap();
    let encrypted = "SELECT 1 FROM pg_stat_ssl WHERE ssl AND pid <> pg_backend_pid()";
    assert!(!connect(&database.url).await.query(encrypted, &[]).await.unwrap().is_empty());
    drop(store);
    open(url("127.0.0.1", "sslmode=require")).await.unwrap();
    open(url("127.0.0.1", &format!("sslmode=verify-ca&{trusted}"))).await.unwrap();
    // Of another name, and of an authority that is not known.
    let client = format!("sslrootcert={}.crt", std::env::var("LANYARD_TEST_POSTGRES_CLIENT").unwrap());
    for wrong in [
        url("127.0.0.1", &trusted),
        url("localhost", "sslmode=verify-full"),
        url("localhost", "sslmode=verify-ca"),
        url("localhost", &client),
        url("localhost", &format!("sslmode=verify-ca&{client}")),
        url("localhost", &format!("sslmode=require&{client}")),
    ] {
        let text = open(wrong).await.unwrap_err().to_string();
        assert!(text.contains("certificate"), "{text}");
    }
}

/// The server takes a password that is bound to another certificate for a wrong one.
#[tokio::test]
async fn the_password_is_bound_to_the_channel() {
    let Some(database) = Database::new().await else { return };
    if std::env::var("LANYARD_TEST_POSTGRES_CERTIFICATE").is_err() {
        return;
    }
    let url = |parameters: &str| database.url.replace("sslmode=disable", parameters);
    for binding in ["require", "prefer", "disable"] {
        let settings = settings(&url(&format!("sslmode=require&channel_binding={binding}")));
        PostgresStore::open(&settings).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_is_known_by_its_certificate() {
    let Some(database) = Database::new().await else { return };
    let Ok(client) = std::env::var("LANYARD_TEST_POSTGRES_CLIENT") else { return };
    database.execute("CREATE ROLE lanyard_certified LOGIN SUPERUSER").await;
    let (_, rest) = database.url.split_once('@').unwrap();
    let url = |parameters: &str| {
        format!("postgres://lanyard_certified@{rest}")
            .replace("sslmode=disable", &format!("sslmode=require{parameters}"))
    };
    let open = async |url: String| PostgresStore::open(&settings(&url)).await.map(drop).map_err(|it| it.to_string());
    open(url(&format!("&sslcert={client}.crt&sslkey={client}.key"))).await.unwrap();
    let error = open(url("")).await.unwrap_err();
    assert!(error.contains("certificate"), "{error}");
    let error = open(url(&format!("&sslcert={client}.crt&sslkey=/not/there"))).await.unwrap_err();
    assert!(error.contains("the key `/not/there`"), "{error}");
    let error = open(url(&format!("&sslcert=/not/there&sslkey={client}.key"))).await.unwrap_err();
    assert!(error.contains("the certificates `/not/there`"), "{error}");
}

#[tokio::test]
async fn an_acknowledged_write_is_on_disk_whatever_the_role_says() {
    let Some(database) = Database::new().await else { return };
    let name = database.url.rsplit('/').next().unwrap().split('?').next().unwrap();
    database.execute(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    let store = Arc::new(database.open().await);
    let mut tip = Tip::empty(instance(1));
    // The setting of a session is not to be seen from outside: a trigger of the test's own writes it down.
    let client = connect(&database.url).await;
    client
        .batch_execute(
            "CREATE TABLE seen (setting text);
             CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
             CREATE TRIGGER see BEFORE INSERT ON lanyard_log FOR EACH ROW EXECUTE FUNCTION see()",
        )
        .await
        .unwrap();
    store.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
    assert_eq!(client.query_one("SELECT setting FROM seen", &[]).await.unwrap().get::<_, &str>(0), "on");
}

#[tokio::test]
async fn data_that_a_copy_fills_is_opened_only_when_it_is_complete() {
    let Some(database) = Database::new().await else { return };
    let settings = database.settings();
    // A server that was started once, and wrote nothing.
    drop(database.open().await);
    let store = PostgresStore::open_incomplete(&settings).await.unwrap();
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 1, |draft| draft.put(profile(1, "Agent")).unwrap());
    store.append(vec![first]).await.unwrap();
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    drop(store);
    let incomplete = StoreError::Incomplete(settings.place());
    assert_eq!(PostgresStore::open(&settings).await.unwrap_err(), incomplete);
    assert_eq!(PostgresStore::open_read_only(&settings).await.unwrap_err(), incomplete);
    assert_eq!(PostgresStore::open_incomplete(&settings).await.unwrap_err(), incomplete);
    assert_eq!(doctor(&settings).await.unwrap_err(), incomplete);
    assert!(doctor_incomplete(&settings).await.unwrap().is_sound());
    complete(&settings).await.unwrap();
    database.assert_sound().await;
    assert_same(&database.open().await.load(&instance(1)).await.unwrap().unwrap(), &directory);
    let not_empty = StoreError::NotEmpty(settings.place());
    assert_eq!(PostgresStore::open_incomplete(&settings).await.unwrap_err(), not_empty);
    drop(database.open().await);
}
