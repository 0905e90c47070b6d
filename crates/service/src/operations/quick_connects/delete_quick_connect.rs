//! DeleteQuickConnect.

use lanyard_model::Kind;
use lanyard_model::resources::Queue;
use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::DeleteQuickConnectRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified;
use crate::operations::references::find;

/// Deletes a quick connect, and its associations with queues along with it.
///
/// The API model has no error for one that is associated, and a refusal would stop Terraform for good: it deletes a quick
/// connect before it updates the queue that had it.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteQuickConnectRequest) -> Result<()> {
    let quick_connect = find::<QuickConnect>(cx, &input.quick_connect_id)?;
    let referrers = cx.referrers(Kind::QuickConnect, &quick_connect.id);
    let queues: Vec<_> = referrers.filter_map(|by| cx.queues.get(&by.id).cloned()).collect();
    for queue in queues {
        let mut queue = Queue::clone(&*queue);
        queue.quick_connect_ids.retain(|id| *id != quick_connect.id);
        modified::put(cx, queue)?;
    }
    cx.delete(Kind::QuickConnect, &quick_connect.id)
}
