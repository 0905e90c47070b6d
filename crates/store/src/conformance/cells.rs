//! Cells: one replaces what it knows, an append ends them, and what two writers do at once adds up.

use std::sync::Arc;

use lanyard_model::{StreamId, Timestamp};

use super::support::{Tip, append, instance, last_append, secret};
use super::{StorageUnderTest, assert_sound};
use crate::{AppendError, Cell, CellChange, CellsOf, SWEPT_AT_ONCE, Secret, SecretGuard, Store};

const KIND: &str = "session";

/// How often two writers do something at once.
const ROUNDS: usize = 40;

fn cell(owner: &str, value: &[u8], expires: i64) -> Cell {
    Cell { owner: owner.to_owned(), value: value.to_vec(), expires: Timestamp(expires) }
}

fn of(owner: &str) -> CellsOf {
    CellsOf { kind: KIND, owner: owner.to_owned() }
}

async fn put(store: &impl Store, key: &[u8], cell: Cell, expected: Option<&[u8]>) -> u64 {
    let expected = expected.map(<[u8]>::to_vec);
    store.change_cells(CellChange::Put { kind: KIND, key: key.to_vec(), cell, expected }).await.unwrap()
}

async fn put_while(store: &impl Store, key: &[u8], cell: Cell, stream: StreamId, value: &str) -> u64 {
    let secret = SecretGuard { stream, name: "password".to_owned(), value: Secret::new(value.into()) };
    store.change_cells(CellChange::PutWhile { kind: KIND, key: key.to_vec(), cell, secret }).await.unwrap()
}

async fn get(store: &impl Store, key: &[u8]) -> Option<Cell> {
    store.cell(KIND, key.to_vec()).await.unwrap()
}

async fn keys(store: &impl Store, owner: &str) -> Vec<Vec<u8>> {
    store.cells_of(of(owner)).await.unwrap().into_iter().map(|(key, _)| key).collect()
}

/// A cell is replaced only by a caller who knows its value. Keys and values are any bytes.
pub async fn a_cell_is_made_replaced_and_deleted(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let key = [0, 255, 7, 0];
    assert_eq!(get(&store, &key).await, None);
    let first = cell("one/jane", &[1, 0, 200], 5);
    assert_eq!(put(&store, &key, first.clone(), Some(&[1])).await, 0, "there is none to replace");
    assert_eq!(put(&store, &key, first.clone(), None).await, 1);
    assert_eq!(put(&store, &key, cell("x", &[9], 9), None).await, 0, "there is one");
    assert_eq!(put(&store, &key, cell("x", &[9], 9), Some(&[1, 0])).await, 0, "it has another value");
    assert_eq!(get(&store, &key).await, Some(first));
    let second = cell("two/☎", &[], i64::MAX);
    assert_eq!(put(&store, &key, second.clone(), Some(&[1, 0, 200])).await, 1);
    assert_eq!(get(&store, &key).await, Some(second.clone()));
    assert_eq!(put(&store, &key, second.clone(), Some(&[])).await, 1, "the same again");
    assert_eq!(store.cell("other", key.to_vec()).await.unwrap(), None);
    let delete = || store.change_cells(CellChange::Delete { kind: KIND, key: key.to_vec() });
    let other = CellChange::Delete { kind: "other", key: key.to_vec() };
    assert_eq!(store.change_cells(other).await.unwrap(), 0);
    assert_eq!(delete().await.unwrap(), 1);
    assert_eq!(delete().await.unwrap(), 0);
    assert_eq!(get(&store, &key).await, None);
    assert_sound(storage).await;
}

/// Owners are compared byte by byte, and part by part.
pub async fn cells_are_those_of_an_owner_and_of_the_owners_below(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let owners = ["a", "a/b", "a/b/c", "a/é", "a/~", "a0", "ab", "a-", "A", "A/b", "", "b/a/b"];
    for (number, owner) in (0..).zip(owners) {
        assert_eq!(put(&store, &[number], cell(owner, &[], 1), None).await, 1);
    }
    let other = CellChange::Put { kind: "other", key: vec![1], cell: cell("a", &[], 1), expected: None };
    assert_eq!(store.change_cells(other).await.unwrap(), 1);
    assert_eq!(keys(&store, "a").await, [[0], [1], [2], [3], [4]]);
    assert_eq!(keys(&store, "a/b").await, [[1], [2]]);
    assert_eq!(keys(&store, "").await, [[10]]);
    assert_eq!(keys(&store, "c").await, Vec::<Vec<u8>>::new());
    assert_eq!(store.change_cells(CellChange::DeleteOf(of("a/b"))).await.unwrap(), 2);
    assert_eq!(store.change_cells(CellChange::DeleteOf(of("a"))).await.unwrap(), 3);
    assert_eq!(store.change_cells(CellChange::DeleteOf(of("a"))).await.unwrap(), 0);
    for (number, owner) in (5..).zip(&owners[5..]) {
        assert_eq!(get(&store, &[number]).await, Some(cell(owner, &[], 1)));
    }
    assert!(store.cell("other", vec![1]).await.unwrap().is_some());
}

/// A sweep removes what expired before a time, of all kinds, so many at once.
pub async fn cells_that_expired_are_swept(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    for expires in 1..=5 {
        assert_eq!(put(&store, &[expires], cell("a", &[], i64::from(expires)), None).await, 1);
    }
    let other = CellChange::Put { kind: "other", key: vec![1], cell: cell("", &[], 2), expected: None };
    assert_eq!(store.change_cells(other).await.unwrap(), 1);
    assert_eq!(store.change_cells(CellChange::Sweep(Timestamp(1))).await.unwrap(), 0);
    assert_eq!(store.change_cells(CellChange::Sweep(Timestamp(4))).await.unwrap(), 4);
    assert_eq!(keys(&store, "a").await, [[4], [5]]);
    let many = SWEPT_AT_ONCE + 10;
    let made = (0..many).map(|number| {
        let (kind, key, cell) = (KIND, number.to_string().into_bytes(), cell("b", &[], 1));
        store.change_cells(CellChange::Put { kind, key, cell, expected: None })
    });
    for made in made.collect::<Vec<_>>() {
        assert_eq!(made.await.unwrap(), 1);
    }
    let sweep = || store.change_cells(CellChange::Sweep(Timestamp(2)));
    assert_eq!([sweep().await.unwrap(), sweep().await.unwrap()], [u64::from(SWEPT_AT_ONCE), 10]);
    assert_eq!(sweep().await.unwrap(), 0);
}

/// An append deletes cells with what else it does: where it is refused they stay, and so does what is not named.
pub async fn an_append_ends_cells(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    for (number, owner) in (1..).zip(["one/jane", "one/jane", "one/john", "two/jane"]) {
        assert_eq!(put(&store, &[number], cell(owner, &[], 1), None).await, 1);
    }
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
    let refused = append(&mut Tip::empty(instance(1)), 2, |_| {}).with_ended_cells(vec![of("one"), of("two")]);
    // Of one call, the part that would be accepted does nothing either.
    let fits = append(&mut Tip::empty(instance(2)), 2, |_| {}).with_ended_cells(vec![of("two")]);
    assert!(matches!(store.append(vec![fits, refused]).await, Err(AppendError::Conflict { .. })));
    assert_eq!(keys(&store, "one").await, [[1], [2], [3]]);
    assert_eq!(keys(&store, "two").await, [[4]]);
    let ends = append(&mut tip, 3, |_| {}).with_secrets(vec![secret("password", Some("new"))]);
    store.append(vec![ends.with_ended_cells(vec![of("one/jane"), of("nobody")])]).await.unwrap();
    assert_eq!(keys(&store, "one").await, [[3]]);
    store.append(vec![last_append(&mut tip, 4).with_ended_cells(vec![of("one")])]).await.unwrap();
    assert_eq!(keys(&store, "one").await, Vec::<Vec<u8>>::new());
    assert_eq!(keys(&store, "two").await, [[4]]);
    assert_sound(storage).await;
}

/// A cell that rests on a secret is made only while the secret has the value.
pub async fn a_cell_rests_on_a_secret(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let here = cell("a", &[], 1);
    assert_eq!(put_while(&store, &[1], here.clone(), instance(1), "old").await, 0, "there is no secret");
    let mut tip = Tip::empty(instance(1));
    let first = append(&mut tip, 1, |_| {}).with_secrets(vec![secret("password", Some("old"))]);
    store.append(vec![first]).await.unwrap();
    assert_eq!(put_while(&store, &[1], here.clone(), instance(1), "new").await, 0);
    assert_eq!(put_while(&store, &[1], here.clone(), instance(2), "old").await, 0);
    assert_eq!(put_while(&store, &[1], here.clone(), instance(1), "old").await, 1);
    assert_eq!(put_while(&store, &[1], here.clone(), instance(1), "old").await, 0, "there is one");
    let second = append(&mut tip, 2, |_| {}).with_secrets(vec![secret("password", Some("new"))]);
    store.append(vec![second]).await.unwrap();
    assert_eq!(put_while(&store, &[2], here.clone(), instance(1), "old").await, 0);
    let third = append(&mut tip, 3, |_| {}).with_secrets(vec![secret("password", None)]);
    store.append(vec![third]).await.unwrap();
    assert_eq!(put_while(&store, &[2], here, instance(1), "new").await, 0);
    assert_eq!(keys(&store, "a").await, [[1]]);
}

/// Cells are as durable as entries.
pub async fn cells_are_there_after_opening_again(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let one = cell("a/b", &[1, 2], 3);
    assert_eq!(put(&store, &[1], one.clone(), None).await, 1);
    assert_eq!(put(&store, &[2], one.clone(), None).await, 1);
    store.change_cells(CellChange::Delete { kind: KIND, key: vec![2] }).await.unwrap();
    drop(store);
    let store = storage.open().await;
    assert_eq!(store.cells_of(of("a")).await.unwrap(), [(vec![1], one)]);
}

/// Two writers count in one cell, each on what it has read: no change is lost.
pub async fn every_change_of_two_writers_counts(storage: &impl StorageUnderTest) {
    let stores = storage.open_two().await;
    let mut counting = Vec::new();
    for number in 0..4 {
        let store = Arc::clone(&stores[number % 2]);
        counting.push(tokio::spawn(async move {
            let mut done = 0;
            while done < ROUNDS {
                let old = get(&store, b"counter").await;
                let number = old.as_ref().map_or(0, |old| u32::from_be_bytes(old.value.clone().try_into().unwrap()));
                let next = cell("", &(number + 1).to_be_bytes(), 1);
                let expected = old.as_ref().map(|old| old.value.as_slice());
                done += usize::try_from(put(&store, b"counter", next, expected).await).unwrap();
            }
        }));
    }
    for task in counting {
        task.await.unwrap();
    }
    let count = u32::try_from(4 * ROUNDS).unwrap();
    assert_eq!(get(&stores[0], b"counter").await.unwrap().value, count.to_be_bytes());
    assert_eq!(get(&stores[1], b"counter").await.unwrap().value, count.to_be_bytes());
}

/// While one writer changes a secret and ends the cells that rest on it, the other makes such cells: none is left that
/// rests on the old value.
pub async fn no_cell_outlives_the_secret_that_it_rests_on(storage: &impl StorageUnderTest) {
    let [one, other] = storage.open_two().await;
    let mut tip = Tip::empty(instance(1));
    let first = append(&mut tip, 1, |_| {}).with_secrets(vec![secret("password", Some("0"))]);
    one.append(vec![first]).await.unwrap();
    for round in 1..=ROUNDS {
        let (old, new) = ((round - 1).to_string(), round.to_string());
        assert_eq!(put_while(&other, b"first", cell("a", b"", 1), instance(1), &old).await, 1, "in round {round}");
        let store = Arc::clone(&other);
        let making = tokio::spawn(async move {
            for key in 0..6 {
                put_while(&store, &[key], cell("a/b", old.as_bytes(), 1), instance(1), &old).await;
            }
        });
        let changed = append(&mut tip, 1, |_| {}).with_secrets(vec![secret("password", Some(&new))]);
        one.append(vec![changed.with_ended_cells(vec![of("a")])]).await.unwrap();
        making.await.unwrap();
        assert_eq!(keys(&other, "a").await, Vec::<Vec<u8>>::new(), "in round {round}");
    }
}
