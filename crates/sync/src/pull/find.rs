//! The identifier of the instance that a pull reads.

use lanyard_client::{Client, Paged};
use lanyard_model::{Id, IdRef, shown};
use lanyard_wire::shapes::{InstanceSummary, ListInstancesRequest};

use super::operations::Pulled;
use super::reader::Unread;
use crate::Error;

/// Finds the instance by identifier, ARN or alias; without a name, the only instance of the service.
pub(crate) async fn find(client: &Client, wanted: Option<&str>) -> Result<String, Error> {
    let wanted = wanted.map(|text| text.rsplit_once(":instance/").map_or(text, |(_, id)| id));
    if let Some(id) = wanted
        && matches!(Id::new(id).as_ref(), IdRef::Uuid(_))
    {
        return Ok(id.to_owned());
    }
    // The API model allows no more than 10 in a page.
    let all = every(client, ListInstancesRequest { max_results: Some(10), ..Default::default() }).await?;
    let is_wanted = |it: &&InstanceSummary| match (wanted, &it.instance_alias) {
        (None, _) => true,
        (Some(wanted), Some(alias)) => alias.eq_ignore_ascii_case(wanted),
        (Some(_), None) => false,
    };
    let matching: Vec<&InstanceSummary> = all.iter().filter(is_wanted).collect();
    if let [only] = matching.as_slice()
        && let Some(id) = &only.id
    {
        return Ok(id.clone());
    }
    let line = |it: &InstanceSummary| {
        let (id, alias) = (it.id.as_deref().unwrap_or("-"), it.instance_alias.as_deref().unwrap_or("-"));
        format!("  {}  {}", shown(id), shown(alias))
    };
    let first = match (wanted, all.len()) {
        (_, 0) => "there is no instance in this account and region".to_owned(),
        (None, count) => format!("there are {count} instances; name one with --instance:"),
        (Some(wanted), _) => format!("there is no instance `{}`; there are:", shown(wanted)),
    };
    Err(Error::Message(first).with_lines(all.iter().map(line)))
}

async fn every<I: Pulled + Paged>(client: &Client, input: I) -> Result<Vec<I::Item>, Unread> {
    client.pages(input).collect().await.map_err(Unread::Call)
}
