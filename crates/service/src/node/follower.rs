//! The follower of a shared store: it reads what other nodes write, so that requests find it in memory.
//!
//! It asks when it is notified that something was written, and at least every second: a notification is a hint, the answer
//! of the store is the truth. After each round, everything in memory is as new as the round's beginning. That bounds the
//! age of what is read without asking.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, Weak};
use std::time::Duration;

use lanyard_model::StreamId;
use lanyard_store::Head;
use tokio::sync::watch;
use tokio::time::Instant;

use super::{Node, failed};
use crate::error::Result;

/// How long the follower waits for a notification.
const ROUND: Duration = Duration::from_secs(1);

/// The part of the time that rounds may take: after each, the follower rests so many times as long.
const REST: u32 = 10;

/// The shortest rest.
const SHORTEST_REST: Duration = Duration::from_millis(10);

/// When the last round began that ended well. The clock is that of the machine's running time, which is never set.
#[derive(Default)]
pub(super) struct Followed(Mutex<Option<Instant>>);

impl Followed {
    /// When the last round began that ended well: everything that was in memory then is as new as that moment. `None`
    /// before the first round.
    pub(super) fn begun(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, begun: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
    }
}

/// Follows until the node is dropped.
pub(super) async fn follow(node: Weak<Node>, mut notifications: watch::Receiver<()>) {
    loop {
        let begun = Instant::now();
        {
            let Some(node) = node.upgrade() else { return };
            match node.catch_up().await {
                Ok(()) => node.followed.set(begun),
                Err(error) => {
                    tracing::warn!("other nodes are not followed: {}", error.detail().unwrap_or(error.message()));
                }
            }
        }
        tokio::time::sleep((begun.elapsed() * REST).clamp(SHORTEST_REST, ROUND)).await;
        // Without a sender there are no notifications, and the time is waited for.
        let notified = async {
            if notifications.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let _ = tokio::time::timeout(ROUND, notified).await;
    }
}

impl Node {
    /// Reads what other nodes have written to the streams in memory.
    async fn catch_up(&self) -> Result<()> {
        let (registries, instances) = (self.registries.all(), self.instances.all());
        let mut streams: Vec<StreamId> = registries.iter().map(|it| it.stream()).collect();
        streams.extend(instances.iter().map(|(id, _)| StreamId::Instance(id.clone())));
        // Acknowledged before the store is asked, so that the store has it.
        let registries: Vec<_> = registries.iter().map(|it| (it, it.writer.tip().position.revision)).collect();
        let instances: Vec<_> = instances.iter().map(|it| (it, it.1.writer.tip().position.revision)).collect();
        // Not by the read index: a question about all streams would keep requests waiting. Without a stream the store is
        // asked all the same, since whether it can be reached is a part of what is known.
        let heads = self.store.heads(streams.clone()).await.map_err(failed)?;
        let heads: HashMap<StreamId, Head> =
            streams.into_iter().zip(heads).filter_map(|(stream, head)| Some((stream, head?))).collect();
        for (registry, acknowledged) in registries {
            let head = heads.get(&registry.stream());
            if head.is_none_or(|head| head.position.revision < acknowledged) && acknowledged > 0 {
                registry.writer.load_again();
            }
            self.registries.refresh(self, registry, head).await?;
        }
        for ((id, instance), acknowledged) in instances {
            match heads.get(&StreamId::Instance(id.clone())) {
                Some(head) if !head.closed => {
                    if head.position.revision < acknowledged {
                        instance.writer.load_again();
                    }
                    instance.writer.refresh(head.position.revision).await?;
                }
                _ => self.instances.remove(id),
            }
        }
        Ok(())
    }
}
