//! Hours of operation in the shapes of the API. Empty members are left out, except the configuration, which every
//! request has.

use lanyard_model::resources::{self, OpeningSpan, TimeOfDay};
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes;

use crate::context::{InstanceState, Read};
use crate::operations::members::{non_empty, timestamp};

/// The answer to DescribeHoursOfOperation, and a row of SearchHoursOfOperations.
pub(super) fn hours(cx: &Read<'_>, it: &resources::HoursOfOperation) -> shapes::HoursOfOperation {
    let parents = it
        .parent_ids
        .iter()
        .filter(|id| cx.can_view(Kind::HoursOfOperation, id))
        .filter_map(|id| cx.hours_of_operation.get(id));
    let parents: Vec<_> = parents.map(|parent| identifier(cx, parent)).collect();
    shapes::HoursOfOperation {
        hours_of_operation_id: Some(it.id.to_string()),
        hours_of_operation_arn: Some(arn(cx, &it.id)),
        name: Some(it.name.clone()),
        description: it.description.clone(),
        time_zone: Some(it.time_zone.clone()),
        config: Some(it.config.iter().map(span).collect()),
        parent_hours_of_operations: (!parents.is_empty()).then_some(parents),
        tags: non_empty(&it.tags),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// A row of ListHoursOfOperations.
pub(super) fn summary(cx: &Read<'_>, it: &resources::HoursOfOperation) -> shapes::HoursOfOperationSummary {
    shapes::HoursOfOperationSummary {
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, &it.id)),
        name: Some(it.name.clone()),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

fn identifier(cx: &Read<'_>, it: &resources::HoursOfOperation) -> shapes::HoursOfOperationsIdentifier {
    shapes::HoursOfOperationsIdentifier {
        name: Some(it.name.clone()),
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, &it.id)),
    }
}

fn span(it: &OpeningSpan) -> shapes::HoursOfOperationConfig {
    let time = |it: TimeOfDay| shapes::HoursOfOperationTimeSlice { hours: it.hours, minutes: it.minutes };
    shapes::HoursOfOperationConfig {
        day: shapes::HoursOfOperationDays::from_wire(&it.day),
        start_time: time(it.start),
        end_time: time(it.end),
    }
}

fn arn(cx: &Read<'_>, id: &Id) -> String {
    cx.arn(&Key { kind: Kind::HoursOfOperation, id: id.clone() })
}
