//! Threads for work that takes long, next to decisions: states of the past are put together on them.
//!
//! Invariant: no more than a few such answers are under way, and no thread that decides carries out their work.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::error::{Error, Result, panic_text};

/// How many answers are under way; more wait.
const UNDER_WAY: usize = 2;

/// How many threads work for them.
const THREADS: usize = 2;

type Work = Box<dyn FnOnce() + Send>;

/// The threads, made when they are first needed.
pub struct Heavy {
    turns: Arc<Semaphore>,
    queue: OnceLock<Sender<Work>>,
}

impl Default for Heavy {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(UNDER_WAY)), queue: OnceLock::new() }
    }
}

impl Heavy {
    /// Waits for the turn of an answer, which lasts until the result is dropped.
    ///
    /// # Errors
    /// Never while the service is there.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let stopped = |_| Error::internal("the service has stopped");
        Arc::clone(&self.turns).acquire_owned().await.map_err(stopped)
    }

    /// Carries out work on one of the threads.
    ///
    /// # Errors
    /// When the work panicked or a thread cannot be started.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (reply, result) = oneshot::channel();
        let work: Work = Box::new(move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            // The caller may have gone.
            let _ = reply.send(done.map_err(|panic| panic_text(panic.as_ref()).to_owned()));
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
                let work = Arc::clone(&work);
                let thread = std::thread::Builder::new().name("heavy".to_owned()).spawn(move || carry_out(&work));
                thread.map_err(|error| Error::internal(format!("cannot start a thread: {error}")))?;
            }
            // Where another call was faster, its threads are used, and these end.
            let _ = self.queue.set(queue);
        }
        self.queue.get().ok_or_else(|| Error::internal("there are no threads for long work"))
    }
}

/// Carries out work until nobody can send any more.
fn carry_out(queue: &Mutex<Receiver<Work>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(work) => work(),
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
        assert_eq!(heavy.run(|| 3).await.unwrap(), 3);
        for _ in 0..2 * THREADS {
            let error = heavy.run(|| -> u8 { panic!("on purpose") }).await.unwrap_err();
            assert!(error.detail().is_some_and(|detail| detail.contains("on purpose")));
        }
        assert_eq!(heavy.run(|| 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_few_answers_are_under_way() {
        let heavy = Heavy::default();
        let turns = [heavy.turn().await.unwrap(), heavy.turn().await.unwrap()];
        let mut third = tokio_test(heavy.turn());
        assert!(third.try_now().is_none());
        drop(turns);
        assert!(third.try_now().is_some());
    }

    /// A future that is polled now and then.
    struct Polled<F>(std::pin::Pin<Box<F>>);

    fn tokio_test<F: Future>(future: F) -> Polled<F> {
        Polled(Box::pin(future))
    }

    impl<F: Future> Polled<F> {
        fn try_now(&mut self) -> Option<F::Output> {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            match self.0.as_mut().poll(&mut context) {
                std::task::Poll::Ready(output) => Some(output),
                std::task::Poll::Pending => None,
            }
        }
    }
}
