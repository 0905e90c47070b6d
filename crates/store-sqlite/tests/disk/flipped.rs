//! A flipped bit: the state is as it was, or the damage is found. A page that cannot be read fails its own writes.

use std::path::Path;
use std::sync::Arc;

use lanyard_store::conformance::soundness;
use lanyard_store::conformance::support::{Tip, append, instance, profile};
use lanyard_store::{AppendError, Cause, Logged, Store};
use lanyard_store_sqlite::{SqliteStore, doctor};

use crate::disk::Disk;
use crate::random::Random;
use crate::vfs;

/// Every entry and every current state; `None` where something cannot be read.
async fn content(directory: &Path) -> Option<Vec<(Vec<Logged>, String)>> {
    let store = SqliteStore::open_read_only(directory).ok()?;
    let mut all = Vec::new();
    for (stream, _) in store.streams().await.ok()? {
        let log = store.read(&stream, 0, usize::MAX).await.ok()?;
        let state = store.load(&stream).await.ok()?;
        all.push((log, state.map(|it| format!("{:?}", it.directory.iter().collect::<Vec<_>>())).unwrap_or_default()));
    }
    Some(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_changes_nothing_or_is_found() {
    let data = tempfile::tempdir().unwrap();
    soundness::fill(&SqliteStore::open(data.path()).unwrap()).await;
    let before = content(data.path()).await.unwrap();
    let bytes = std::fs::read(data.path().join("lanyard.db")).unwrap();
    let mut random = Random(7);
    let mut damaged = 0;
    for _ in 0..400 {
        let mut flipped = bytes.clone();
        let at = random.length(flipped.len() - 1);
        flipped[at] ^= 1 << random.length(7);
        let copy = tempfile::tempdir().unwrap();
        std::fs::write(copy.path().join("lanyard.db"), &flipped).unwrap();
        let is_found = !doctor(copy.path()).is_ok_and(|report| report.is_sound());
        damaged += usize::from(is_found);
        if !is_found {
            assert_eq!(content(copy.path()).await.as_ref(), Some(&before), "byte {at} is not as it was");
        }
    }
    assert!(damaged > 20, "{damaged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_page_fails_its_own_writes_and_stays_known() {
    let data = tempfile::tempdir().unwrap();
    let write = |tip: &mut Tip, name: &str| {
        let time = tip.time().0.max(0) + 1;
        append(tip, time, |draft| draft.put(profile(1, name)).unwrap())
    };
    let mut tips: Vec<Tip> = (1..=200).map(|number| Tip::empty(instance(number))).collect();
    let store = SqliteStore::open(data.path()).unwrap();
    for tip in &mut tips {
        store.append(vec![write(tip, "first")]).await.unwrap();
    }
    drop(store);
    // The page of the table `resource` that has the last streams is none of a database's any more.
    let path = data.path().join("lanyard.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    let sql =
        "SELECT pageno FROM dbstat WHERE name = 'sqlite_autoindex_resource_1' AND pagetype = 'leaf' ORDER BY path DESC";
    let page: rusqlite::Result<usize> = database.query_row(sql, [], |row| row.get(0));
    drop(database);
    let mut bytes = std::fs::read(&path).unwrap();
    // Without `dbstat` in this build of SQLite, the page is found by its content.
    let page = page.unwrap_or_else(|_| {
        let last = tips.last().unwrap().stream().to_string();
        let holds =
            |page: &&[u8]| page[0] == 10 && contains(page, last.as_bytes()) && contains(page, b"SecurityProfile");
        bytes.chunks(4096).position(|page| holds(&page)).unwrap() + 1
    });
    bytes[(page - 1) * 4096] = 0xff;
    std::fs::write(&path, &bytes).unwrap();

    let disk = Arc::new(Disk::of(data.path(), 1));
    vfs::put_beneath(data.path(), &disk);
    let store = SqliteStore::open(data.path()).unwrap();
    let last = tips.len() - 1;
    let error = store.append(vec![write(&mut tips[last].clone(), "second")]).await.unwrap_err();
    assert!(matches!(&error, AppendError::Unavailable(outage) if outage.cause == Cause::Damaged), "{error:?}");
    store.append(vec![write(&mut tips[0], "second")]).await.unwrap();
    assert_eq!(store.condition().await.unwrap_err().cause, Cause::Damaged);
    drop(store);
    assert!(!doctor(data.path()).unwrap().is_sound());
}

fn contains(page: &[u8], text: &[u8]) -> bool {
    page.windows(text.len()).any(|it| it == text)
}
