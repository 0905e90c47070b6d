//! DeleteApplication.

use lanyard_model::Kind;
use lanyard_wire::appintegrations::shapes::{DeleteApplicationRequest, DeleteApplicationResponse};

use super::{associations, find};
use crate::context::{Call, Write};
use crate::error::{Error, Result};
use crate::service::{Reply, Service};

/// Deletes an application that no instance is associated with; with `Force`, its associations first.
///
/// The associations are in streams of their own, so that a crash can leave the application without some of them; the same
/// request again then completes it. Profiles that name its namespace stay as they are.
pub(crate) async fn run(service: &Service, call: &Call, input: &DeleteApplicationRequest) -> Result<Reply> {
    let registry = service.node.registry(&call.scope)?;
    let _still = registry.associations.write().await;
    let application = find(&registry.writer.read(), &call.scope, &input.arn)?;
    let found = associations::of(service, call, &call.scope.application_arn(&application.id));
    match found.first() {
        Some((instance, _)) if input.force != Some(true) => {
            return Err(Error::invalid_request(format!(
                "the application `{}` is associated with the instance `{instance}`; delete its associations first, or \
                 set `Force`",
                application.id
            )));
        }
        _ => {}
    }
    for (instance, association) in found {
        // Another caller may have deleted it meanwhile, or its instance, which is as well.
        let delete = move |cx: &mut Write<'_>| match cx.get(Kind::IntegrationAssociation, &association) {
            Some(_) => cx.delete(Kind::IntegrationAssociation, &association),
            None => Ok(()),
        };
        match service.write_in(call, &instance, delete).await {
            Err(error) if service.node.instance(&call.scope, &instance).is_ok() => return Err(error),
            _ => {}
        }
    }
    let (arn, application) = (input.arn.clone(), application.id.clone());
    service
        .write_in_registry(call, move |cx| {
            find(cx, &cx.call.scope, &arn)?;
            cx.delete(Kind::RegisteredApplication, &application)?;
            Ok(DeleteApplicationResponse {})
        })
        .await
}
