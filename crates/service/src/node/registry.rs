//! The registries in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use lanyard_model::{Draft, Scope, StreamId};
use lanyard_store::{Head, Secret, SecretChange};
use lanyard_wire::page_token::SealingKey;
use tokio::sync::OnceCell;

use super::{Node, failed};
use crate::error::{Error, Result};
use crate::stream_writer::{StreamWriter, Tip, WriteBatch};

/// The secret of a registry under which its page tokens are sealed.
pub(super) const PAGE_KEY: &str = "page-token-key";

/// From how many registries on those in which nothing was written are forgotten.
const UNWRITTEN: usize = 1_024;

/// The registry of one account and region.
pub struct Registry {
    /// The account and region.
    pub scope: Scope,
    /// The writer of its stream.
    pub writer: Arc<StreamWriter>,
    /// The key that seals page tokens.
    pub page_key: Arc<SealingKey>,
    /// The page key as the first write stores it.
    page_secret: Secret,
    /// Whether the store has this page key: another node may write first.
    is_stored: Arc<AtomicBool>,
}

impl Registry {
    fn new(
        node: &Node,
        scope: &Scope,
        tip: Tip<lanyard_model::Directory>,
        key: [u8; 32],
        is_stored: bool,
    ) -> Arc<Self> {
        Arc::new(Self {
            scope: scope.clone(),
            writer: StreamWriter::start(tip, Arc::clone(&node.store), Arc::clone(&node.environment)),
            page_key: Arc::new(SealingKey::new(key)),
            page_secret: Secret::new(key.to_vec()),
            is_stored: Arc::new(AtomicBool::new(is_stored)),
        })
    }

    /// The name of its stream.
    pub(crate) fn stream(&self) -> StreamId {
        StreamId::registry(&self.scope.account, &self.scope.region)
    }

    /// Adds the key of page tokens to the registry's first entry, of any operation.
    pub(crate) fn begin(&self, draft: &Draft, batch: &mut WriteBatch) {
        if draft.directory().revision() == 0 {
            let page_key = SecretChange { name: PAGE_KEY.to_owned(), value: Some(self.page_secret.clone()) };
            batch.secrets.push(page_key);
            let is_stored = Arc::clone(&self.is_stored);
            batch.when_durable(move || is_stored.store(true, Ordering::Release));
        }
    }
}

/// The registries in memory, each loaded once however many ask for it.
#[derive(Default)]
pub(super) struct Registries(RwLock<HashMap<Scope, Arc<OnceCell<Arc<Registry>>>>>);

impl Registries {
    /// The registry in memory.
    pub(super) fn get(&self, scope: &Scope) -> Option<Arc<Registry>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(scope)?.get().cloned()
    }

    /// All that are in memory.
    pub(super) fn all(&self) -> Vec<Arc<Registry>> {
        let registries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        registries.values().filter_map(|cell| cell.get().cloned()).collect()
    }

    /// The registry in memory or in the store.
    pub(super) async fn load(&self, node: &Node, scope: &Scope) -> Result<Option<Arc<Registry>>> {
        if let Some(registry) = self.get(scope) {
            return Ok(Some(registry));
        }
        let stream = StreamId::registry(&scope.account, &scope.region);
        let Some(loaded) = node.store.load(&stream).await.map_err(failed)? else { return Ok(None) };
        let cell = {
            let mut registries = self.0.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(registries.entry(scope.clone()).or_default())
        };
        let registry = cell.get_or_try_init(async || {
            let secret = node.store.secret(&stream, PAGE_KEY).await.map_err(failed)?;
            let key = secret.and_then(|secret| <[u8; 32]>::try_from(secret.expose()).ok()).ok_or_else(|| {
                Error::internal(format!("the stream {stream} has no secret `{PAGE_KEY}` of 32 bytes"))
            })?;
            Ok::<_, Error>(Registry::new(node, scope, Tip::loaded(loaded), key, true))
        });
        registry.await.map(|registry| Some(Arc::clone(registry)))
    }

    /// A registry without entries, whose first write this process may make.
    pub(super) fn begin(&self, node: &Node, scope: &Scope) -> Result<Arc<Registry>> {
        let key = node.environment.random().map_err(|error| Error::internal(error.to_string()))?;
        let stream = StreamId::registry(&scope.account, &scope.region);
        let mut registries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(registry) = registries.get(scope).and_then(|cell| cell.get()) {
            return Ok(Arc::clone(registry));
        }
        if registries.len() >= UNWRITTEN {
            // A client may sign for any region. A registry that was never written to is not kept.
            let is_used = |it: &Arc<Registry>| Arc::strong_count(it) > 1 || Arc::strong_count(&it.writer) > 1;
            registries.retain(|_, cell| cell.get().is_none_or(|it| it.writer.read().revision() > 0 || is_used(it)));
        }
        let registry = Registry::new(node, scope, Tip::empty(stream), key, false);
        registries.insert(scope.clone(), Arc::new(OnceCell::new_with(Some(Arc::clone(&registry)))));
        Ok(registry)
    }

    /// The registry with all that the store has of it at `head`. One that began here and was written first by another
    /// node is loaded again, with the page key of that node.
    pub(super) async fn refresh(
        &self,
        node: &Node,
        registry: &Arc<Registry>,
        head: Option<&Head>,
    ) -> Result<Arc<Registry>> {
        let Some(head) = head else { return Ok(Arc::clone(registry)) };
        registry.writer.refresh(head.position.revision).await?;
        if registry.is_stored.load(Ordering::Acquire) {
            return Ok(Arc::clone(registry));
        }
        {
            let mut registries = self.0.write().unwrap_or_else(PoisonError::into_inner);
            let is_same = |cell: &Arc<OnceCell<Arc<Registry>>>| cell.get().is_some_and(|it| Arc::ptr_eq(it, registry));
            if registries.get(&registry.scope).is_some_and(is_same) {
                registries.remove(&registry.scope);
            }
        }
        let loaded = self.load(node, &registry.scope).await?;
        let loaded = loaded.ok_or_else(|| Error::internal(format!("{} was there a moment ago", registry.stream())))?;
        // Another request may have loaded it before this one came.
        loaded.writer.refresh(head.position.revision).await?;
        Ok(loaded)
    }
}
