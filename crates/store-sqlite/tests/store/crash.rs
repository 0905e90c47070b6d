//! Acknowledged writes survive the end of the process, and of the machine as far as a test can simulate that.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lanyard_model::StreamId;
use lanyard_store::{AppendError, Store};

use crate::support::{Tip, append, assert_sound, instance, open, profile};

const WRITERS: u128 = 8;
/// How often a writer of the child tries again after a failure.
const TRIES: usize = 3;
const DATA: &str = "LANYARD_STORE_TEST_DATA";

/// Each call appends to two streams, so that half a call would be detected.
fn pair(writer: u128) -> [StreamId; 2] {
    [instance(2 * writer), instance(2 * writer + 1)]
}

async fn write_pairs(
    store: &impl Store,
    writer: u128,
    count: u64,
    mut acknowledged: impl FnMut(u64),
) -> Result<(), AppendError> {
    let mut directories = Vec::new();
    for stream in pair(writer) {
        directories.push(store.load(&stream).await.unwrap().map_or_else(|| Tip::empty(stream), Tip::from));
    }
    for _ in 0..count {
        let time = directories[0].time().0 + 1;
        let change = |directory| append(directory, time, |draft| draft.put(profile(1, &format!("{time}"))).unwrap());
        store.append(directories.iter_mut().map(change).collect()).await?;
        acknowledged(directories[0].revision());
    }
    Ok(())
}

/// The process that is killed. Says nothing unless the test below started it.
#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Ok(data) = std::env::var(DATA) else { return };
    let store = std::sync::Arc::new(open(Path::new(&data)));
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = std::sync::Arc::clone(&store);
        tasks.spawn(async move {
            // One write, so that a line is whole or not there.
            let say = |line: String| std::io::stderr().write_all(line.as_bytes()).unwrap();
            for _ in 0..TRIES {
                let acknowledged = |revision| say(format!("ack {writer} {revision}\n"));
                if let Err(error) = write_pairs(&*store, writer, u64::MAX, acknowledged).await {
                    say(format!("refused {writer} {error}\n"));
                }
            }
        });
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let mut acknowledged = [0; WRITERS as usize];
    for round in 0..8_u64 {
        let mut child = start_child(Command::new(std::env::current_exe().unwrap()), data.path());
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut child, mut killer) = (Some(child), None);
        for line in lines {
            acknowledge(&line.unwrap(), &mut acknowledged);
            // From the first line on, at a moment that differs from round to round.
            if let Some(mut child) = child.take() {
                killer = Some(std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_micros(30_000 + 17_311 * round));
                    child.kill().unwrap();
                    child.wait().unwrap()
                }));
            }
        }
        assert!(!killer.expect("the child answered").join().unwrap().success());
        assert_nothing_lost(data.path(), &acknowledged).await;
    }
    assert!(acknowledged.iter().all(|revision| *revision > 8), "{acknowledged:?}");
}

/// A disk that refuses: the child may write no file beyond a size, and gets an error instead of a signal.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_was_acknowledged_before_the_disk_failed_is_there() {
    let data = tempfile::tempdir().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap "" XFSZ; ulimit -f 4096; exec "$0" "$@""#]).arg(std::env::current_exe().unwrap());
    let output = start_child(shell, data.path()).wait_with_output().unwrap();
    let mut acknowledged = [0; WRITERS as usize];
    let mut refused = [0; WRITERS as usize];
    for line in String::from_utf8(output.stderr).unwrap().lines() {
        acknowledge(line, &mut acknowledged);
        if let Some((writer, error)) = line.strip_prefix("refused ").and_then(|rest| rest.split_once(' ')) {
            assert!(error.contains("the database failed"), "{error}");
            refused[writer.parse::<usize>().unwrap()] += 1;
        }
    }
    assert_eq!(refused, [TRIES; WRITERS as usize]);
    assert!(acknowledged.iter().all(|revision| *revision > 0), "{acknowledged:?}");
    assert_nothing_lost(data.path(), &acknowledged).await;
}

fn start_child(mut command: Command, data: &Path) -> Child {
    command.args(["--exact", "crash::child", "--nocapture"]).env(DATA, data);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Takes down what a line of the child's acknowledges.
fn acknowledge(line: &str, acknowledged: &mut [u64]) {
    if let Some((writer, revision)) = line.strip_prefix("ack ").and_then(|rest| rest.split_once(' ')) {
        acknowledged[writer.parse::<usize>().unwrap()] = revision.parse().unwrap();
    }
}

async fn assert_nothing_lost(data: &Path, acknowledged: &[u64]) {
    assert_sound(data);
    let store = open(data);
    for (writer, acknowledged) in acknowledged.iter().enumerate() {
        let mut revisions = Vec::new();
        for stream in pair(writer as u128) {
            revisions.push(store.load(&stream).await.unwrap().map_or(0, |it| it.directory.revision()));
        }
        assert!(revisions[0] >= *acknowledged, "{revisions:?} but {acknowledged} was acknowledged");
        assert_eq!(revisions[0], revisions[1], "half a call");
    }
    assert_sound(data);
}

/// A machine that stops leaves the write-ahead log cut off, or its end not as it was written.
#[tokio::test]
async fn a_torn_end_of_the_write_ahead_log_leaves_whole_calls() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let wal = data.path().join("lanyard.db-wal");
    // How long the write-ahead log was when each call was acknowledged.
    let mut lengths = Vec::new();
    write_pairs(&store, 0, 20, |_| lengths.push(std::fs::metadata(&wal).unwrap().len())).await.unwrap();
    let copy = |damage: &dyn Fn(&File)| {
        let copy = tempfile::tempdir().unwrap();
        for file in ["lanyard.db", "lanyard.db-wal"] {
            std::fs::copy(data.path().join(file), copy.path().join(file)).unwrap();
        }
        damage(&OpenOptions::new().write(true).open(copy.path().join("lanyard.db-wal")).unwrap());
        copy
    };
    let (first, last) = (lengths[0], lengths[19]);
    for step in 0..60 {
        let at = first + (last - first) * step / 60 + step;
        let survived = lengths.iter().filter(|length| **length <= at).count() as u64;
        let cut = copy(&|file| file.set_len(at).unwrap());
        let garbled = copy(&|file| {
            use std::os::unix::fs::FileExt as _;
            file.write_all_at(&[0xa5; 64], at).unwrap();
        });
        for copy in [cut, garbled] {
            let store = open(copy.path());
            for stream in pair(0) {
                assert_eq!(store.load(&stream).await.unwrap().unwrap().directory.revision(), survived, "cut at {at}");
            }
            write_pairs(&store, 0, 1, |_| {}).await.unwrap();
            assert_sound(copy.path());
        }
    }
}
