//! The streams that this process serves: which registries and instances it has in memory, and their writers.
//!
//! An instance or a registry is loaded when it is first asked for. Where other nodes may write the store, each look-up
//! first asks the store for the last entries, and reads what is new ([`ReadIndex`]); so everything that was acknowledged
//! before the look-up, by whatever node, is in what it returns. A follower keeps what is loaded warm meanwhile.

mod cache;
mod follower;
mod registry;

use std::sync::Arc;
use std::time::Duration;

use lanyard_engine::PermissionIndex;
use lanyard_model::{Id, Kind, Scope, StreamId};
use lanyard_store::{Store, StoreError, UniqueName};

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::read_index::ReadIndex;
use crate::snapshot::Snapshot;
use crate::stream_writer::{StreamWriter, Tip};
use cache::Instances;
use registry::Registries;
pub use registry::Registry;

/// One instance.
#[derive(Clone)]
pub struct Instance {
    /// The account and region.
    pub scope: Arc<Scope>,
    /// The writer of its stream.
    pub writer: Arc<StreamWriter<Snapshot>>,
    /// Its registry, which has its decision tokens.
    pub registry: Arc<Registry>,
}

/// An instance, and the age of what is known of it.
pub struct Served {
    /// Its identifier.
    pub id: Id,
    /// The instance.
    pub instance: Instance,
    /// The time for which another node may have written without this one knowing; `None` where the store was asked.
    pub staleness: Option<Duration>,
}

/// The streams of this process.
pub struct Node {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock and the source of randomness.
    pub environment: Arc<dyn Environment>,
    /// The permissions, prepared for decisions.
    pub permission_index: Arc<PermissionIndex>,
    read_index: ReadIndex,
    registries: Registries,
    instances: Instances,
    followed: follower::Followed,
}

impl Node {
    /// A node that has nothing in memory yet, and that keeps about `memory` bytes of instances at most. Starts its
    /// follower; must be called in a runtime.
    pub fn start(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        permission_index: Arc<PermissionIndex>,
        memory: Option<u64>,
    ) -> Arc<Self> {
        let node = Arc::new(Self {
            read_index: ReadIndex::start(Arc::clone(&store)),
            store,
            environment,
            permission_index,
            registries: Registries::default(),
            instances: Instances::new(memory),
            followed: follower::Followed::default(),
        });
        if node.store.is_shared() {
            tokio::spawn(follower::follow(Arc::downgrade(&node), node.store.notifications()));
        }
        node
    }

    /// An instance of this account and region. The error is the same for one of another as for one that does not exist.
    ///
    /// # Errors
    /// When there is none, or the store cannot be asked.
    pub async fn instance(&self, scope: &Scope, id: &Id) -> Result<Instance> {
        match self.any_instance(id).await? {
            Some(instance) if *instance.scope == *scope => Ok(instance),
            _ => Err(Error::not_found(Kind::Instance.noun(), id)),
        }
    }

    /// An instance of any account and region.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn any_instance(&self, id: &Id) -> Result<Option<Instance>> {
        if !self.store.is_shared() {
            return self.instances.load(self, id).await;
        }
        let stream = StreamId::Instance(id.clone());
        let known = self.instances.get(id);
        let mut streams = vec![stream.clone()];
        streams.extend(known.as_ref().map(|it| it.registry.stream()));
        let heads = self.read_index.heads(streams).await?;
        let Some(head) = heads.get(&stream).filter(|head| !head.closed) else {
            self.instances.remove(id);
            return Ok(None);
        };
        let revision = head.position.revision;
        if let Some(instance) = known {
            instance.writer.refresh(revision).await?;
            let registry = &instance.registry;
            let registry = self.registries.refresh(self, registry, heads.get(&registry.stream())).await?;
            return Ok(Some(Instance { registry, ..instance }));
        }
        let Some(instance) = self.instances.load(self, id).await? else { return Ok(None) };
        // Another request may have loaded it before this one came.
        instance.writer.refresh(revision).await?;
        let registry = self.find_registry(&instance.scope).await?;
        Ok(Some(Instance { registry: registry.unwrap_or_else(|| Arc::clone(&instance.registry)), ..instance }))
    }

    /// An instance as it is in memory, where what is known of it is at most so old; otherwise as [`Self::any_instance`].
    ///
    /// # Errors
    /// When the store has to be asked and cannot be.
    pub async fn recent_instance(&self, id: &Id, at_most: Duration) -> Result<Option<Served>> {
        if self.store.is_shared()
            && let Some(begun) = self.followed.begun().filter(|begun| begun.elapsed() <= at_most)
            && let Some(instance) = self.instances.get_since(id, begun)
            // The registry that is followed, which may have taken the place of the one that the instance was made with.
            && let Some(registry) = self.registries.get(&instance.scope)
        {
            let instance = Instance { registry, ..instance };
            return Ok(Some(Served { id: id.clone(), instance, staleness: Some(begun.elapsed()) }));
        }
        let served = self.any_instance(id).await?;
        Ok(served.map(|instance| Served { id: id.clone(), instance, staleness: None }))
    }

    /// An instance of any account and region, by identifier, ARN, or alias regardless of case.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn named_instance(&self, text: &str) -> Result<Option<(Id, Instance)>> {
        let id = match text.rsplit_once(":instance/") {
            Some((_, id)) if text.starts_with("arn:") => Id::new(id),
            _ => Id::new(text),
        };
        if let Some(instance) = self.any_instance(&id).await? {
            let is_named = !text.starts_with("arn:") || instance.scope.instance_arn(&id) == text;
            return Ok(is_named.then_some((id, instance)));
        }
        let holder = self.store.holder(UniqueName::alias(text)).await.map_err(failed)?;
        let Some((_, key)) = holder else { return Ok(None) };
        Ok(self.any_instance(&key.id).await?.map(|instance| (key.id, instance)))
    }

    /// The identifier of the instance, when the store has exactly one.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn only_instance(&self) -> Result<Option<Id>> {
        if !self.store.is_shared()
            && let Some(known) = self.instances.only()
        {
            return Ok(known);
        }
        let changes = self.instances.changes();
        let mut some = self.store.instances(2).await.map_err(failed)?;
        let only = if some.len() == 1 { some.pop() } else { None };
        self.instances.set_only(only.clone(), changes);
        Ok(only)
    }

    /// The registry of an account and region; it exists in the store from its first write on.
    ///
    /// # Errors
    /// When the store cannot be asked, or the machine has no randomness.
    pub async fn registry(&self, scope: &Scope) -> Result<Arc<Registry>> {
        match self.find_registry(scope).await? {
            Some(registry) => Ok(registry),
            None => self.registries.begin(self, scope),
        }
    }

    /// The registry of an account and region, if anything was ever made there.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn find_registry(&self, scope: &Scope) -> Result<Option<Arc<Registry>>> {
        if !self.store.is_shared() {
            return self.registries.load(self, scope).await;
        }
        let stream = StreamId::registry(&scope.account, &scope.region);
        let heads = self.read_index.heads(vec![stream.clone()]).await?;
        let Some(head) = heads.get(&stream) else { return Ok(self.registries.get(scope)) };
        match self.registries.load(self, scope).await? {
            Some(registry) => self.registries.refresh(self, &registry, Some(head)).await.map(Some),
            None => Ok(None),
        }
    }

    /// An instance that is in memory, as it was when this node looked last.
    #[cfg(test)]
    pub(crate) fn instance_in_memory(&self, id: &Id) -> Option<Instance> {
        self.instances.get(id)
    }

    /// Serves an instance that was made by this process.
    pub(crate) fn insert_instance(&self, registry: &Arc<Registry>, id: &Id, tip: Tip<Snapshot>) {
        self.instances.insert(self, id, registry, tip);
    }

    /// Stops to serve an instance.
    pub(crate) fn remove_instance(&self, id: &Id) {
        self.instances.remove(id);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: StoreError) -> Error {
    Error::unreadable(error.to_string())
}
