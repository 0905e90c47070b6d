//! The read index: which entries a shared store has now, asked once for all requests that wait.
//!
//! A request that reads asks for the last entries of the streams that it reads, and waits for the answer to a question
//! that was sent after it asked. While one question is under way, those who come wait for the next, which is for all of
//! their streams together: the number of questions does not grow with the number of requests.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lanyard_model::StreamId;
use lanyard_store::{Head, Store};
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, Result};

/// The last entries of streams, at a moment after they were asked for.
pub(crate) type Heads = Arc<HashMap<StreamId, Head>>;

type Answer = std::result::Result<Heads, String>;

/// One request.
struct Wanted {
    streams: Vec<StreamId>,
    answer: oneshot::Sender<Answer>,
}

/// The way to ask.
#[derive(Clone)]
pub(crate) struct ReadIndex(mpsc::UnboundedSender<Wanted>);

impl ReadIndex {
    /// Starts the task that asks. It ends when the last of its clones is dropped.
    pub(crate) fn start(store: Arc<dyn Store>) -> Self {
        let (queue, wanted) = mpsc::unbounded_channel();
        tokio::spawn(ask(store, wanted));
        Self(queue)
    }

    /// The last entries of streams; one without entries is not among them. They are those of a moment after the call.
    pub(crate) async fn heads(&self, streams: Vec<StreamId>) -> Result<Heads> {
        let stopped = || Error::internal("the read index has stopped");
        let (answer, answered) = oneshot::channel();
        self.0.send(Wanted { streams, answer }).map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?.map_err(Error::unreadable)
    }
}

async fn ask(store: Arc<dyn Store>, mut queue: mpsc::UnboundedReceiver<Wanted>) {
    while let Some(first) = queue.recv().await {
        let mut waiting = vec![first];
        // Those who are about to ask come first, so that one question is for them too; where nobody is, this takes no time.
        tokio::task::yield_now().await;
        while let Ok(next) = queue.try_recv() {
            waiting.push(next);
        }
        let streams: BTreeSet<&StreamId> = waiting.iter().flat_map(|it| &it.streams).collect();
        let streams: Vec<StreamId> = streams.into_iter().cloned().collect();
        let answer: Answer = match store.heads(streams.clone()).await {
            Ok(heads) => Ok(Arc::new(streams.into_iter().zip(heads).filter_map(|(id, it)| Some((id, it?))).collect())),
            Err(error) => Err(error.to_string()),
        };
        for wanted in waiting {
            // The caller may have gone.
            let _ = wanted.answer.send(answer.clone());
        }
    }
}
