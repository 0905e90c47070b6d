//! The channels of a routing profile in a request, checked beyond the constraints of the model.

use lanyard_model::resources::{MediaConcurrency, WorkloadTypeConcurrency};
use lanyard_wire::shapes::{self, Channel};

use crate::error::{Error, Result};

/// How many calls a person can be in: the API reference's bound for `VOICE`, where the model's is that of the others.
const MOST_CALLS: i32 = 1;

/// The channels that the member `MediaConcurrencies` lists.
///
/// # Errors
/// When a channel is listed twice, or `VOICE` is to take more than one contact.
pub(super) fn read(list: &[shapes::MediaConcurrency]) -> Result<Vec<MediaConcurrency>> {
    for (at, it) in list.iter().enumerate() {
        if list.iter().take(at).any(|other| other.channel == it.channel) {
            return Err(Error::invalid_parameter(format!(
                "member `MediaConcurrencies` lists the channel {} twice, each may be listed once",
                it.channel.as_str()
            )));
        }
        check_calls(it)?;
    }
    Ok(list.iter().map(concurrency).collect())
}

fn check_calls(it: &shapes::MediaConcurrency) -> Result<()> {
    let workloads = it.workload_type_concurrencies.iter().flatten().map(|workload| workload.concurrency);
    match it.concurrency.into_iter().chain(workloads).max() {
        Some(calls) if it.channel == Channel::Voice && calls > MOST_CALLS => Err(Error::invalid_parameter(format!(
            "member `MediaConcurrencies` has the concurrency {calls} for VOICE, at most {MOST_CALLS} is possible"
        ))),
        _ => Ok(()),
    }
}

fn concurrency(it: &shapes::MediaConcurrency) -> MediaConcurrency {
    MediaConcurrency {
        channel: it.channel.as_str().to_owned(),
        concurrency: it.concurrency,
        cross_channel_behavior: it.cross_channel_behavior.as_ref().map(|it| it.behavior_type.as_str().to_owned()),
        workload_types: it.workload_type_concurrencies.iter().flatten().map(workload).collect(),
    }
}

fn workload(it: &shapes::WorkloadTypeConcurrency) -> WorkloadTypeConcurrency {
    let behavior = it.cross_channel_workload_behavior.as_ref();
    WorkloadTypeConcurrency {
        workload_type: it.workload_type.clone(),
        concurrency: it.concurrency,
        cross_channel_behavior: behavior
            .and_then(|it| it.channel_workload_behavior_type.as_ref())
            .map(|it| it.as_str().to_owned()),
    }
}
