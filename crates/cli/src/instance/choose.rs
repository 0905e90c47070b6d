//! The choice of an instance by identifier, alias or ARN among those that a store or a server has.

use lanyard_answers::{did_you_mean, near};
use lanyard_client::ListBound;
use lanyard_model::resources::InstanceRecord;
use lanyard_model::{Id, IdRef, Scope, StreamId, shown};
use lanyard_store::{Store, StoreError};
use lanyard_wire::Output;
use lanyard_wire::shapes::ListInstancesResponse;

use super::remote::Remote;
use crate::failure::Failure;

/// The names of an instance.
pub(crate) struct InstanceName {
    pub(crate) id: Id,
    pub(crate) alias: Option<String>,
    pub(crate) scope: Scope,
}

impl InstanceName {
    /// Whether the text is its identifier, alias or ARN.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.id.to_string() == text
            || self.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(text))
            || self.scope.instance_arn(&self.id) == text
    }
}

/// The instance that `text` names; without it, the only one. With `may_be_deleted`, an identifier that none of them has is
/// accepted.
pub(crate) fn choose(text: Option<&str>, all: &[InstanceName], may_be_deleted: bool) -> Result<Id, Failure> {
    let line = |name: &InstanceName| {
        let InstanceName { id, alias, scope } = name;
        let (id, alias) = (id.to_string(), alias.as_deref().unwrap_or("-"));
        format!("  {}  {}  {}", shown(&id), shown(alias), shown(&scope.region))
    };
    let with_list = |first: String| Failure::Lines([first].into_iter().chain(all.iter().map(line)).collect());
    let Some(text) = text else {
        return match all {
            [only] => Ok(only.id.clone()),
            [] => Err(Failure::Message("there is no instance yet".to_owned())),
            _ => Err(with_list(format!("there are {} instances; name one with --instance:", all.len()))),
        };
    };
    if let Some(name) = all.iter().find(|name| name.matches(text)) {
        return Ok(name.id.clone());
    }
    let id = Id::new(text);
    if may_be_deleted && matches!(id.as_ref(), IdRef::Uuid(_)) {
        return Ok(id);
    }
    let aliases = near(text, all.iter().filter_map(|name| name.alias.as_deref()));
    Err(match did_you_mean(&aliases) {
        Some(suggestion) => Failure::Message(format!("there is no instance `{}`; {suggestion}", shown(text))),
        None => with_list(format!("there is no instance `{}`; there are:", shown(text))),
    })
}

/// Every instance of a data directory.
pub(crate) async fn in_store(store: &dyn Store) -> Result<Vec<InstanceName>, StoreError> {
    let mut all = Vec::new();
    for stream in store.registries().await? {
        let StreamId::Registry { account, region } = &stream else { continue };
        let scope = Scope { account: account.clone(), region: region.clone() };
        let Some(registry) = store.load(&stream).await?.map(|loaded| loaded.directory) else { continue };
        let name = |record: &InstanceRecord| InstanceName {
            id: record.id.clone(),
            alias: record.alias.clone(),
            scope: scope.clone(),
        };
        all.extend(registry.instance_records.values().map(|record| name(record)));
    }
    Ok(all)
}

/// Every instance of the key's account in the region of the server.
pub(super) fn at_server(remote: &Remote) -> Result<Vec<InstanceName>, Failure> {
    let mut all = Vec::new();
    let (mut token, mut bound) = (None::<String>, ListBound::default());
    loop {
        // Page tokens consist of letters and digits that need no escape in a query.
        let query = token.as_ref().map(|token| format!("nextToken={token}"));
        let answer = remote.get("/instance", query.as_deref())?;
        let page = ListInstancesResponse::from_body(&answer).map_err(Failure::from_error)?;
        let before = all.len();
        for summary in page.instance_summary_list.unwrap_or_default() {
            let (Some(id), Some(arn)) = (summary.id, summary.arn) else { continue };
            let mut parts = arn.split(':').skip(3);
            let (region, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let scope = Scope { account: account.to_owned(), region: region.to_owned() };
            all.push(InstanceName { id: Id::new(&id), alias: summary.instance_alias, scope });
        }
        token = page.next_token.filter(|token| !token.is_empty());
        bound.page(all.len() - before, token.as_deref()).map_err(Failure::from_error)?;
        if token.is_none() {
            return Ok(all);
        }
    }
}
