//! Threads for work that takes long, next to decisions: states of the past are put together on them.
//!
//! Invariant: no more than a few such answers are under way, and no thread that decides carries out their work.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;

use lanyard_store::give_way;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::error::{Error, Result, panic_text};

/// How many threads there are, and so how many answers are under way; more wait.
const THREADS: usize = 2;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The threads, made when they are first needed.
#[derive(Default)]
pub struct Heavy {
    queue: OnceLock<Sender<Work>>,
}

impl Heavy {
    /// Carries out work on one of the threads, from its beginning to its end.
    ///
    /// # Errors
    /// When the work panicked or a thread cannot be started.
    pub async fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T> {
        let (reply, result) = oneshot::channel();
        let work: Work = Box::pin(async move {
            let mut work = pin!(work);
            let done = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
                Err(panic) => Poll::Ready(Err(panic_text(panic.as_ref()).to_owned())),
            });
            // The caller may have gone.
            let _ = reply.send(done.await);
        });
        let lost = || Error::internal("a thread for long work has stopped");
        self.queue()?.send(work).map_err(|_| lost())?;
        result.await.map_err(|_| lost())?.map_err(|text| Error::internal(format!("long work panicked: {text}")))
    }

    fn queue(&self) -> Result<&Sender<Work>> {
        if self.queue.get().is_none() {
            let (queue, work) = mpsc::channel::<Work>();
            let work = Arc::new(Mutex::new(work));
            for _ in 0..THREADS {
                let (work, runtime) = (Arc::clone(&work), Handle::current());
                let thread =
                    std::thread::Builder::new().name("heavy".to_owned()).spawn(move || carry_out(&runtime, &work));
                thread.map_err(|error| Error::internal(format!("cannot start a thread: {error}")))?;
            }
            // Where another call was faster, its threads are used, and these end.
            let _ = self.queue.set(queue);
        }
        self.queue.get().ok_or_else(|| Error::internal("there are no threads for long work"))
    }
}

/// Carries out work until nobody can send any more.
fn carry_out(runtime: &Handle, queue: &Mutex<Receiver<Work>>) {
    give_way();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(work) => runtime.block_on(work),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_carried_out_and_a_panic_is_an_error() {
        let heavy = Heavy::default();
        assert_eq!(heavy.run(async { 3 }).await.unwrap(), 3);
        for _ in 0..2 * THREADS {
            let error = heavy.run(async { panic!("on purpose") }).await.map(|(): ()| ()).unwrap_err();
            assert!(error.detail().is_some_and(|detail| detail.contains("on purpose")));
        }
        let waits = async {
            tokio::task::yield_now().await;
            std::thread::current().name().map(str::to_owned)
        };
        assert_eq!(heavy.run(waits).await.unwrap().as_deref(), Some("heavy"));
    }

    #[tokio::test]
    async fn a_few_answers_are_under_way() {
        let heavy = Arc::new(Heavy::default());
        let (release, released) = tokio::sync::watch::channel(false);
        let start = |number: usize| {
            let (heavy, mut released) = (Arc::clone(&heavy), released.clone());
            let (begun, beginning) = oneshot::channel();
            let work = async move {
                let _ = begun.send(());
                let _ = released.wait_for(|it| *it).await;
                number
            };
            (tokio::spawn(async move { heavy.run(work).await }), beginning)
        };
        let mut under_way = Vec::new();
        for number in 0..THREADS {
            let (answer, beginning) = start(number);
            beginning.await.unwrap();
            under_way.push(answer);
        }
        let (last, mut beginning) = start(9);
        tokio::task::yield_now().await;
        assert!(beginning.try_recv().is_err());
        release.send(true).unwrap();
        assert_eq!(last.await.unwrap().unwrap(), 9);
        for (number, answer) in under_way.into_iter().enumerate() {
            assert_eq!(answer.await.unwrap().unwrap(), number);
        }
    }
}
