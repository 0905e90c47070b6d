//! Connections that fall, and others who stand in the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use lanyard_store::{AppendError, Store};
use lanyard_store_postgres::PostgresStore;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Database, Tip, append, assert_same, connect, instance, profile, record, registry, settings};

/// The way in which the proxy cuts the next commit that it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// The commit does not reach the server.
    Before,
    /// The commit reaches the server, and its answer does not come back.
    After,
}

/// A proxy between the store and the server that cuts connections at a commit.
struct Proxy {
    port: u16,
    armed: Arc<AtomicBool>,
    cuts: Arc<AtomicUsize>,
}

impl Proxy {
    async fn start(server: String, cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (armed, cuts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let proxy = Self { port, armed: Arc::clone(&armed), cuts: Arc::clone(&cuts) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(client, server, cut, Arc::clone(&armed), Arc::clone(&cuts)));
            }
        });
        proxy
    }
}

async fn carry(client: TcpStream, server: TcpStream, cut: Cut, armed: Arc<AtomicBool>, cuts: Arc<AtomicUsize>) {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let is_cut = Arc::new(AtomicBool::new(false));
    let answers = {
        let is_cut = Arc::clone(&is_cut);
        async move {
            let mut buffer = vec![0; 65536];
            while let Ok(length) = from_server.read(&mut buffer).await {
                if length == 0 || is_cut.load(Ordering::SeqCst) {
                    break;
                }
                if to_client.write_all(&buffer[..length]).await.is_err() {
                    break;
                }
            }
        }
    };
    let requests = async move {
        let mut buffer = vec![0; 65536];
        while let Ok(length) = from_client.read(&mut buffer).await {
            if length == 0 {
                break;
            }
            let bytes = &buffer[..length];
            // The commit is sent with the writes, as a text of its own at their end.
            let is_commit = bytes.windows(7).any(|window| window == b"COMMIT\0");
            if is_commit && armed.swap(false, Ordering::SeqCst) {
                cuts.fetch_add(1, Ordering::SeqCst);
                is_cut.store(true, Ordering::SeqCst);
                if cut == Cut::Before {
                    break;
                }
            }
            if to_server.write_all(bytes).await.is_err() {
                break;
            }
        }
    };
    // When one direction ends, both do.
    tokio::select! {
        () = answers => {}
        () = requests => {}
    }
}

async fn through_proxy(database: &Database, cut: Cut) -> (Proxy, PostgresStore) {
    let (_, rest) = database.url.split_once('@').unwrap();
    let server = rest.split('/').next().unwrap().to_owned();
    let proxy = Proxy::start(server.clone(), cut).await;
    let url = database.url.replace(&server, &format!("127.0.0.1:{}", proxy.port));
    let store = PostgresStore::open(&settings(&url)).await.unwrap();
    (proxy, store)
}

async fn commits_are_found_out(cut: Cut) {
    let Some(database) = Database::new().await else { return };
    let (proxy, store) = through_proxy(&database, cut).await;
    let mut tips: Vec<_> = (0..6).map(|number| Tip::empty(instance(number))).collect();
    for round in 0..12 {
        proxy.armed.store(true, Ordering::SeqCst);
        // A new stream in the first round, whose head cannot be locked; several entries of one stream; a fork.
        let mut answers = Vec::new();
        for tip in &mut tips {
            let mut fork = tip.clone();
            for half in 0..2 {
                let name = format!("Agent {round}.{half}");
                answers.push((
                    true,
                    store.append(vec![append(tip, round, |draft| draft.put(profile(1, &name)).unwrap())]),
                ));
            }
            answers.push((false, store.append(vec![append(&mut fork, round, |_| {})])));
        }
        for (is_good, answer) in answers {
            let result = answer.await;
            assert_eq!(result.is_ok(), is_good, "round {round}: {result:?}");
            assert!(is_good || matches!(result, Err(AppendError::Conflict { .. })), "{result:?}");
        }
    }
    assert!(proxy.cuts.load(Ordering::SeqCst) >= 12);
    for tip in &tips {
        assert_same(&store.load(tip.stream()).await.unwrap().unwrap(), tip);
    }
    database.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_did_not_reach_the_server_is_made_again() {
    commits_are_found_out(Cut::Before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_was_lost_is_found_by_its_hash() {
    commits_are_found_out(Cut::After).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_call_whose_answer_was_lost_is_found_by_its_hash() {
    for cut in [Cut::Before, Cut::After] {
        let Some(database) = Database::new().await else { return };
        let (proxy, store) = through_proxy(&database, cut).await;
        let (mut tip, mut names) = (Tip::empty(instance(1)), Tip::empty(registry("eu-west-2")));
        for time in 0..2 {
            proxy.armed.store(true, Ordering::SeqCst);
            let appends = vec![
                append(&mut names, time, |draft| draft.put(record(1, &format!("acme-{time}"))).unwrap()),
                append(&mut tip, time, |draft| {
                    for number in 0..1_500 {
                        draft.put(profile(number, &format!("profile {time} {number}"))).unwrap();
                    }
                }),
            ];
            store.append(appends).await.unwrap();
        }
        assert_eq!(proxy.cuts.load(Ordering::SeqCst), 2);
        assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &tip);
        database.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_an_operator_ends_are_made_again() {
    let Some(database) = Database::new().await else { return };
    let store = database.open().await;
    let mut tip = Tip::empty(instance(1));
    let client = connect(&database.url).await;
    for round in 0..10 {
        let answers: Vec<_> = (0..20)
            .map(|number| {
                let name = format!("{round} {number}");
                store.append(vec![append(&mut tip, round, |draft| draft.put(profile(1, &name)).unwrap())])
            })
            .collect();
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        client.query(end, &[]).await.unwrap();
        for answer in answers {
            answer.await.unwrap();
        }
        assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &tip);
    }
    database.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stopped_with_a_lock_does_not_keep_the_others_for_ever() {
    let Some(database) = Database::new().await else { return };
    let store = database.open().await;
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
    // As a node's session is: one that stops is ended by the server.
    let stopped = connect(&database.url).await;
    stopped
        .batch_execute("SET idle_in_transaction_session_timeout = '1s'; BEGIN; SELECT * FROM lanyard_stream FOR UPDATE")
        .await
        .unwrap();
    store.append(vec![append(&mut tip, 2, |_| {})]).await.unwrap();
    database.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_database_refuses_fails_alone() {
    let Some(database) = Database::new().await else { return };
    let store = database.open().await;
    database.execute("ALTER TABLE lanyard_resource ADD CHECK (position('forbidden'::bytea IN body) = 0)").await;
    let mut tips: Vec<_> = (0..20).map(|number| Tip::empty(instance(number))).collect();
    let answers: Vec<_> = tips
        .iter_mut()
        .enumerate()
        .map(|(number, tip)| {
            let name = if number == 7 { "forbidden" } else { "Agent" };
            store.append(vec![append(tip, 1, |draft| draft.put(profile(1, name)).unwrap())])
        })
        .collect();
    for (number, answer) in answers.into_iter().enumerate() {
        let result = answer.await;
        match number {
            7 => assert!(matches!(&result, Err(AppendError::Storage(_))), "{result:?}"),
            _ => result.unwrap(),
        }
    }
    database.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_does_not_hold_up_others() {
    let Some(database) = Database::new().await else { return };
    let store = database.open().await;
    let (mut tip, mut names) = (Tip::empty(instance(1)), Tip::empty(registry("eu-west-2")));
    store.append(vec![append(&mut names, 1, |draft| draft.put(record(1, "acme")).unwrap())]).await.unwrap();
    let appends = vec![
        append(&mut names, 2, |draft| draft.put(record(2, "load")).unwrap()),
        append(&mut tip, 2, |draft| {
            for number in 0..5_000 {
                draft.put(profile(number, &format!("profile {number}"))).unwrap();
            }
        }),
    ];
    let load = store.append(appends);
    let done = tokio::spawn(load);
    let mut other = Tip::empty(instance(2));
    let mut while_it_ran = 0;
    while !done.is_finished() {
        store.append(vec![append(&mut other, 1, |_| {})]).await.unwrap();
        while_it_ran += 1;
    }
    done.await.unwrap().unwrap();
    assert!(while_it_ran > 3, "{while_it_ran} appends in the time of the load");
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &tip);
    database.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_read_is_confirmed() {
    let Some(database) = Database::new().await else { return };
    let store = database.open().await;
    let mut tip = Tip::empty(instance(1));
    store.confirm(tip.stream()).await.unwrap();
    store.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
    store.confirm(tip.stream()).await.unwrap();
    // It waits for the locks of those who write, whose commits may be under way.
    let other = connect(&database.url).await;
    other.batch_execute("BEGIN; SELECT * FROM lanyard_stream FOR UPDATE").await.unwrap();
    let mut confirmed = store.confirm(tip.stream());
    let early = tokio::time::timeout(std::time::Duration::from_millis(300), &mut confirmed).await;
    assert!(early.is_err(), "{early:?}");
    other.batch_execute("COMMIT").await.unwrap();
    confirmed.await.unwrap();
    database.assert_sound().await;
}

/// A server that accepts connections and says nothing, as one that stands still does.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_says_nothing_is_given_up_and_the_next_is_used() {
    let Some(database) = Database::new().await else { return };
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let (credentials, rest) = database.url.split_once('@').unwrap();
    let url = format!("{credentials}@127.0.0.1:{port},{rest}&connect_timeout=1");
    let begun = std::time::Instant::now();
    let store = PostgresStore::open(&settings(&url)).await.unwrap();
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
    assert_same(&store.load(tip.stream()).await.unwrap().unwrap(), &tip);
    // It was waited for once, and not by each connection.
    assert!(begun.elapsed() < std::time::Duration::from_secs(7), "{:?}", begun.elapsed());
    database.assert_sound().await;
}
