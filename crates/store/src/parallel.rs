//! Work on many rows, on several threads.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, available_parallelism, scope};

/// How many rows a thread is given at a time. Fewer rows than that are not worth a thread.
const CHUNK: usize = 2_048;

/// The most threads.
const THREADS: usize = 4;

/// Maps rows, on several threads where they are many. The results are in the order of the rows.
///
/// # Errors
/// The error of a row.
pub fn map_in_order<R: Send, T: Send, E: Send>(
    rows: Vec<R>,
    map: impl Fn(R) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let threads = available_parallelism().map_or(1, |it| it.get().min(THREADS));
    if rows.len() < CHUNK || threads == 1 {
        return rows.into_iter().map(map).collect();
    }
    let mut rows = rows.into_iter();
    let share = rows.len().div_ceil(threads);
    let shares: Vec<_> = (0..threads).map(|_| Mutex::new(rows.by_ref().take(share).collect::<Vec<R>>())).collect();
    let take = |share: &Mutex<Vec<R>>| std::mem::take(&mut *share.lock().unwrap_or_else(PoisonError::into_inner));
    let map_all = |share: &Mutex<Vec<R>>| take(share).into_iter().map(&map).collect::<Result<Vec<T>, E>>();
    scope(|scope| {
        let map_all = &map_all;
        let begin = |share| Builder::new().spawn_scoped(scope, move || map_all(share)).ok();
        let workers: Vec<_> = shares.iter().skip(1).map(|share| (share, begin(share))).collect();
        let mut results = shares.first().map_or_else(|| Ok(Vec::new()), map_all)?;
        for (share, worker) in workers {
            let mut part = match worker.map(|it| it.join()) {
                Some(Ok(part)) => part?,
                Some(Err(panic)) => resume_unwind(panic),
                // The machine had no thread to give.
                None => map_all(share)?,
            };
            results.append(&mut part);
        }
        Ok(results)
    })
}

/// Maps rows as they come, on several threads where they are many. The results are in no order.
///
/// # Errors
/// An error of the rows, or of a row.
pub fn map<R: Send, T: Send, E: Send>(
    rows: impl IntoIterator<Item = Result<R, E>>,
    map: impl Fn(R) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let mut rows = rows.into_iter();
    let mut next = || rows.by_ref().take(CHUNK).collect::<Result<Vec<R>, E>>();
    let map_all = |chunk: Vec<R>| chunk.into_iter().map(&map).collect::<Result<Vec<T>, E>>();
    let first = next()?;
    let threads = available_parallelism().map_or(1, |it| it.get().min(THREADS));
    if first.len() < CHUNK || threads == 1 {
        let mut results = map_all(first)?;
        loop {
            let chunk = next()?;
            if chunk.is_empty() {
                return Ok(results);
            }
            results.append(&mut map_all(chunk)?);
        }
    }
    let (queue, chunks) = sync_channel(2 * threads);
    let chunks = Mutex::new(chunks);
    scope(|scope| {
        let work = || drain(&chunks, &map_all);
        // The machine may have no thread to give; this one does the work then.
        let workers: Vec<_> = (0..threads).map_while(|_| Builder::new().spawn_scoped(scope, work).ok()).collect();
        let mut results = Vec::new();
        let mut fed = Ok(());
        let mut chunk = first;
        while !chunk.is_empty() {
            if workers.is_empty() {
                results.append(&mut map_all(chunk)?);
            } else if queue.send(chunk).is_err() {
                break;
            }
            match next() {
                Ok(more) => chunk = more,
                Err(error) => {
                    fed = Err(error);
                    break;
                }
            }
        }
        drop(queue);
        for worker in workers {
            match worker.join() {
                Ok(part) => results.append(&mut part?),
                Err(panic) => resume_unwind(panic),
            }
        }
        fed.map(|()| results)
    })
}

/// Maps chunks until there are no more. After an error the others are taken and left, so that nobody waits to send them.
fn drain<R, T, E>(
    chunks: &Mutex<Receiver<Vec<R>>>,
    map_all: &impl Fn(Vec<R>) -> Result<Vec<T>, E>,
) -> Result<Vec<T>, E> {
    let mut results = Ok(Vec::new());
    loop {
        let chunk = chunks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(chunk) = chunk else { return results };
        if let Ok(so_far) = &mut results {
            match map_all(chunk) {
                Ok(mut more) => so_far.append(&mut more),
                Err(error) => results = Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubled(count: u64, refused: u64) -> Result<Vec<u64>, String> {
        let mut results =
            map((0..count).map(Ok), |row| if row == refused { Err(format!("row {row}")) } else { Ok(row * 2) })?;
        results.sort_unstable();
        Ok(results)
    }

    #[test]
    fn every_row_is_mapped_once() {
        for count in [0, 1, CHUNK as u64 - 1, CHUNK as u64, CHUNK as u64 + 1, 100_000] {
            assert_eq!(doubled(count, u64::MAX), Ok((0..count).map(|row| row * 2).collect()));
        }
    }

    #[test]
    fn an_error_of_a_row_is_the_result() {
        for refused in [0, 5_000, 99_999] {
            assert_eq!(doubled(100_000, refused), Err(format!("row {refused}")));
        }
    }

    #[test]
    fn an_error_of_the_rows_is_the_result() {
        for failing in [0, 10, 50_000] {
            let rows = (0..100_000).map(|row| if row == failing { Err(row) } else { Ok(row) });
            assert_eq!(map(rows, Ok), Err(failing));
        }
    }
}
