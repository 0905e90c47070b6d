//! Several writers, and one that does not wait for its answers.

use std::sync::Arc;

use super::support::{Tip, append, assert_same, instance, profile, record, registry};
use super::{StorageUnderTest, assert_sound};
use crate::{AppendError, Store};

/// A reopening reads the writes that were acknowledged, and those that were handed over before the store was dropped.
pub async fn what_was_appended_is_there_after_opening_again(storage: &impl StorageUnderTest) {
    let mut directory = Tip::empty(instance(1));
    for round in 0..3 {
        let store = storage.open().await;
        if round > 0 {
            assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
        }
        let appends = [0, 1].map(|half| {
            append(&mut directory, round, |draft| draft.put(profile(1, &format!("Agent {round}.{half}"))).unwrap())
        });
        let [first, second] = appends;
        store.append(vec![first]).await.unwrap();
        // Nobody waits for the answer: dropping the store does.
        drop(store.append(vec![second]));
    }
    let store = storage.open().await;
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    assert_eq!(store.read(&instance(1), 0, 99).await.unwrap().len(), 6);
    assert_sound(storage).await;
}

/// Of two appends that follow the same entry, by two writers at once, exactly one takes effect; the other learns the head.
pub async fn of_two_writers_one_wins(storage: &impl StorageUnderTest) {
    let stores = storage.open_two().await;
    let mut tip = Tip::empty(instance(1));
    for round in 0..30 {
        let mut tips = [tip.clone(), tip.clone()];
        let [left, right] = &mut tips;
        let left = append(left, round, |draft| draft.put(profile(1, &format!("left {round}"))).unwrap());
        let right = append(right, round, |draft| draft.put(profile(1, &format!("right {round}"))).unwrap());
        // Each store takes its place in the queue at the call, so the two are under way together.
        let answers = [stores[0].append(vec![left]), stores[1].append(vec![right])];
        let mut results = Vec::new();
        for answer in answers {
            results.push(answer.await);
        }
        let winner = results.iter().position(Result::is_ok).unwrap();
        let head = tip.revision() + 1;
        assert_eq!(results[1 - winner], Err(AppendError::Conflict { stream: instance(1), head }));
        tip = tips[winner].clone();
        for store in &stores {
            assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &tip);
        }
    }
    assert_sound(storage).await;
}

/// Writers of both stores that catch up and try again all get their entries in, each once, with two streams a call.
pub async fn writers_that_lose_catch_up(storage: &impl StorageUnderTest) {
    const WRITERS: usize = 6;
    const ENTRIES: usize = 10;
    let stores = storage.open_two().await;
    let write = async |store: Arc<dyn Store>, writer: usize| {
        for number in 0..ENTRIES {
            let name = format!("{writer} {number}");
            loop {
                let mut tips = Vec::new();
                // In another order by every other writer.
                for stream in if writer.is_multiple_of(2) { [1, 2] } else { [2, 1] }.map(instance) {
                    tips.push(store.load(&stream).await.unwrap().map_or_else(|| Tip::empty(stream), Tip::from));
                }
                let id = u128::try_from(1 + writer * ENTRIES + number).unwrap();
                let appends = tips.iter_mut().map(|tip| append(tip, 1, |draft| draft.put(profile(id, &name)).unwrap()));
                match store.append(appends.collect()).await {
                    Ok(()) => break,
                    Err(AppendError::Conflict { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    };
    let [mut first, mut second, mut third] = [0, 2, 4].map(|writer| {
        let stores = [Arc::clone(&stores[0]), Arc::clone(&stores[1])];
        let [left, right] = stores;
        (Box::pin(write(left, writer)), Box::pin(write(right, writer + 1)))
    });
    // Six writers at once on one task.
    let mut open = [true; WRITERS];
    std::future::poll_fn(|cx| {
        let writers = [&mut first.0, &mut first.1, &mut second.0, &mut second.1, &mut third.0, &mut third.1];
        for (writer, open) in writers.into_iter().zip(&mut open) {
            if *open && writer.as_mut().poll(cx).is_ready() {
                *open = false;
            }
        }
        if open.contains(&true) { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    for stream in [1, 2].map(instance) {
        let directory = stores[0].load(&stream).await.unwrap().unwrap().directory;
        assert_eq!(directory.revision(), u64::try_from(WRITERS * ENTRIES).unwrap());
        assert_eq!(directory.iter().count(), WRITERS * ENTRIES);
    }
    assert_sound(storage).await;
}

/// Two writers want one name, each in a stream of its own: one gets it, the other is refused.
pub async fn of_two_writers_one_gets_the_name(storage: &impl StorageUnderTest) {
    let stores = storage.open_two().await;
    for round in 0..20_u128 {
        let alias = format!("alias-{round}");
        let make = |region: &str, id: u128| {
            let mut tip = Tip::empty(registry(&format!("{region}-{round}")));
            vec![append(&mut tip, 1, |draft| draft.put(record(id, &alias)).unwrap())]
        };
        let answers = [stores[0].append(make("left", 1)), stores[1].append(make("right", 2))];
        let mut results = Vec::new();
        for answer in answers {
            results.push(answer.await);
        }
        let winner = results.iter().position(Result::is_ok).unwrap();
        let taken = AppendError::NameTaken { scope: "InstanceRecord".into(), name: alias };
        assert_eq!(results[1 - winner], Err(taken));
    }
    assert_sound(storage).await;
}

/// An append whose result nobody has can be looked for by its hash, and cannot take effect a second time.
pub async fn an_append_whose_result_was_dropped_is_found_by_its_hash(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    let first = append(&mut tip, 1, |draft| draft.put(profile(1, "Agent")).unwrap());
    drop(store.append(vec![first.clone()]));
    // One that follows it waits behind it, so that it is there when this one is.
    store.append(vec![append(&mut tip, 2, |_| {})]).await.unwrap();
    let logged = store.read(&instance(1), first.position().revision - 1, 1).await.unwrap();
    assert_eq!(logged[0].hash, first.position().hash);
    let again = store.append(vec![first]).await;
    assert_eq!(again, Err(AppendError::Conflict { stream: instance(1), head: 2 }));
}
