//! The streams that this process serves: which registries and instances there are, and their writers.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use lanyard_engine::PermissionIndex;
use lanyard_model::{Directory, Draft, Id, Scope, StreamId};
use lanyard_store::{Secret, SecretChange, Store};
use lanyard_wire::page_token::SealingKey;

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::snapshot::Snapshot;
use crate::stream_writer::{StreamWriter, Tip, WriteBatch};

/// The secret of a registry under which its page tokens are sealed.
pub const PAGE_KEY: &str = "page-token-key";

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
    pub page_secret: Secret,
    /// Read-locked while an instance is associated with an application, so that none is deleted meanwhile; write-locked
    /// while an application is deleted.
    pub associations: tokio::sync::RwLock<()>,
}

impl Registry {
    /// Adds the key of page tokens to the registry's first entry, of any operation.
    pub(crate) fn begin(&self, draft: &Draft, batch: &mut WriteBatch) {
        if draft.directory().revision() == 0 {
            let page_key = SecretChange { name: PAGE_KEY.to_owned(), value: Some(self.page_secret.clone()) };
            batch.secrets.push(page_key);
        }
    }
}

/// One instance.
#[derive(Clone)]
pub struct Instance {
    /// The account and region.
    pub scope: Arc<Scope>,
    /// The writer of its stream.
    pub writer: Arc<StreamWriter<Snapshot>>,
    /// The writer of its registry, which has its decision tokens.
    pub registry: Arc<StreamWriter>,
    /// The key that seals page tokens.
    pub page_key: Arc<SealingKey>,
}

/// Everything that this process holds in memory.
pub struct Node {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock and the source of randomness.
    pub environment: Arc<dyn Environment>,
    /// The permissions, prepared for decisions.
    pub permission_index: Arc<PermissionIndex>,
    registries: RwLock<HashMap<Scope, Arc<Registry>>>,
    instances: RwLock<HashMap<Id, Instance>>,
}

impl Node {
    /// Loads every registry of the store, and the instances in them.
    pub async fn load(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        permission_index: Arc<PermissionIndex>,
    ) -> Result<Self> {
        let node =
            Self { store, environment, permission_index, registries: RwLock::default(), instances: RwLock::default() };
        let failed = |error: lanyard_store::StoreError| Error::internal(error.to_string());
        for stream in node.store.registries().await.map_err(failed)? {
            let StreamId::Registry { account, region } = &stream else { continue };
            let scope = Scope { account: account.clone(), region: region.clone() };
            let Some(loaded) = node.store.load(&stream).await.map_err(failed)? else { continue };
            let secret = node
                .store
                .secret(&stream, PAGE_KEY)
                .await
                .map_err(failed)?
                .and_then(|secret| <[u8; 32]>::try_from(secret.expose()).ok())
                .ok_or_else(|| {
                    Error::internal(format!("the stream {stream} has no secret `{PAGE_KEY}` of 32 bytes"))
                })?;
            let registry = node.insert_registry(scope, Tip::loaded(loaded), secret);
            for id in registry.writer.read().instance_records.keys() {
                let stream = StreamId::Instance(id.clone());
                let loaded = node.store.load(&stream).await.map_err(failed)?.ok_or_else(|| {
                    Error::internal(format!("the stream {stream}, which a registry names, does not exist"))
                })?;
                let tip = Snapshot::tip(&Tip::loaded(loaded), Arc::clone(&node.permission_index));
                node.insert_instance(&registry, id.clone(), tip);
            }
        }
        Ok(node)
    }

    /// The registry of an account and region; it exists in the store from its first write on.
    pub fn registry(&self, scope: &Scope) -> Result<Arc<Registry>> {
        if let Some(registry) = self.find_registry(scope) {
            return Ok(registry);
        }
        let key = self.environment.random().map_err(|error| Error::internal(error.to_string()))?;
        let stream = StreamId::registry(&scope.account, &scope.region);
        Ok(self.insert_registry(scope.clone(), Tip::empty(stream), key))
    }

    /// The registry of an account and region, if anything was ever made there.
    pub fn find_registry(&self, scope: &Scope) -> Option<Arc<Registry>> {
        self.registries.read().unwrap_or_else(PoisonError::into_inner).get(scope).cloned()
    }

    fn insert_registry(&self, scope: Scope, tip: Tip<Directory>, page_key: [u8; 32]) -> Arc<Registry> {
        let mut registries = self.registries.write().unwrap_or_else(PoisonError::into_inner);
        if registries.len() >= UNWRITTEN {
            // A client may sign for any region. A registry that was never written to is not kept.
            let is_used = |it: &Arc<Registry>| Arc::strong_count(it) > 1 || Arc::strong_count(&it.writer) > 1;
            registries.retain(|_, it| it.writer.read().revision() > 0 || is_used(it));
        }
        let registry = registries.entry(scope.clone()).or_insert_with(|| {
            Arc::new(Registry {
                scope,
                writer: StreamWriter::start(tip, Arc::clone(&self.store), Arc::clone(&self.environment)),
                page_key: Arc::new(SealingKey::new(page_key)),
                page_secret: Secret::new(page_key.to_vec()),
                associations: tokio::sync::RwLock::default(),
            })
        });
        Arc::clone(registry)
    }

    /// Starts to serve an instance.
    pub fn insert_instance(&self, registry: &Registry, id: Id, tip: Tip<Snapshot>) {
        let instance = Instance {
            scope: Arc::new(registry.scope.clone()),
            writer: StreamWriter::start(tip, Arc::clone(&self.store), Arc::clone(&self.environment)),
            registry: Arc::clone(&registry.writer),
            page_key: Arc::clone(&registry.page_key),
        };
        self.instances.write().unwrap_or_else(PoisonError::into_inner).insert(id, instance);
    }

    /// Stops to serve an instance.
    pub fn remove_instance(&self, id: &Id) {
        self.instances.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// An instance of this account and region. The error is the same for one of another as for one that does not exist.
    pub fn instance(&self, scope: &Scope, id: &Id) -> Result<Instance> {
        let instances = self.instances.read().unwrap_or_else(PoisonError::into_inner);
        match instances.get(id) {
            Some(instance) if *instance.scope == *scope => Ok(instance.clone()),
            _ => Err(Error::not_found("instance", id)),
        }
    }

    /// An instance of any account and region.
    pub fn any_instance(&self, id: &Id) -> Option<Instance> {
        self.instances.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// An instance of any account and region, by identifier, ARN, or alias regardless of case.
    pub fn named_instance(&self, text: &str) -> Option<(Id, Instance)> {
        let instances = self.instances.read().unwrap_or_else(PoisonError::into_inner);
        let id = Id::new(text);
        if let Some(instance) = instances.get(&id) {
            return Some((id, instance.clone()));
        }
        let is_named = |id: &Id, it: &Instance| {
            let alias = || {
                it.writer.read().instances.values().any(|it| it.alias.as_ref().is_some_and(|alias| same(alias, text)))
            };
            if text.starts_with("arn:") { it.scope.instance_arn(id) == text } else { alias() }
        };
        instances.iter().find(|(id, it)| is_named(id, it)).map(|(id, it)| (id.clone(), it.clone()))
    }

    /// The instance, when there is exactly one.
    pub fn only_instance(&self) -> Option<(Id, Instance)> {
        let instances = self.instances.read().unwrap_or_else(PoisonError::into_inner);
        match instances.iter().next() {
            Some((id, instance)) if instances.len() == 1 => Some((id.clone(), instance.clone())),
            _ => None,
        }
    }
}

fn same(alias: &str, text: &str) -> bool {
    let names = lanyard_model::Names::Everywhere;
    names.fold(alias) == names.fold(text)
}
