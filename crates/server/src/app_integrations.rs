//! The other service of the endpoint: the part of Amazon AppIntegrations with which applications are registered.
//!
//! A request is of this service when it is signed for it; everything else is Amazon Connect's. Its operations run on the
//! registry of the account and region. No session reaches them: they are signed or refused.

use std::sync::Arc;

use lanyard_model::{Directory, StreamId};
use lanyard_wire::appintegrations::{self, Operation};
use lanyard_wire::{ErrorKind, Input, Output, Route, ServiceOperation, sigv4};

use crate::context::{Call, Caller, Read, Write};
use crate::error::{Error, Excerpt, Result};
use crate::ops::applications::{
    create_application, delete_application, get_application, list_application_associations, list_applications,
    list_tags_for_resource, tag_resource, untag_resource, update_application,
};
use crate::ops::instances::create_instance;
use crate::server::{Incoming, Refusal, Reply, Server, Unparsed, not_served, provenance};

/// The signing name under which the service's clients sign.
const SERVICE: &str = "app-integrations";

/// Whether a request says that it is signed for this service.
pub(crate) fn is_meant(request: &Incoming<'_>) -> bool {
    sigv4::claimed_service(request.headers) == Some(SERVICE)
}

impl Server {
    /// Answers a request of the AppIntegrations API.
    pub(crate) async fn app_integrations(&self, request: &Incoming<'_>) -> std::result::Result<Reply, Refusal> {
        let refuse = |error: Error| Refusal { errors: None, error };
        let route = lanyard_wire::check_query(request.query.unwrap_or_default())
            .and_then(|()| appintegrations::route(request.method.as_str(), request.path))
            .map_err(|error| refuse(Error::new(ErrorKind::SerializationException, error.to_string())))?;
        if matches!(route, Route::NotFound) {
            let message = format!("there is no operation {} {}", request.method, Excerpt(request.path));
            return Err(refuse(Error::new(ErrorKind::UnknownOperationException, message)));
        }
        let (credential, scope) = self.authenticate_for(request, SERVICE).map_err(refuse)?;
        let (operation, params) = match &route {
            Route::Served(operation, params) => (*operation, params),
            Route::Unserved(name) => return Err(refuse(not_served(name))),
            Route::NotFound => return Err(refuse(Error::internal("a route was found and lost"))),
        };
        let caller = Caller::Key(credential);
        let call = Call { caller, scope, request_id: request.request_id.to_owned(), operation: operation.name() };
        let refuse = |error: Error| Refusal { errors: Some(operation.errors()), error };
        self.admit(&call, operation.is_read(), request).map_err(refuse)?;
        let unparsed = Unparsed { params, query: request.query, body: request.body, user_request: None };
        self.dispatch_app_integrations(operation, &call, &unparsed).await.map_err(refuse)
    }

    async fn dispatch_app_integrations(
        &self,
        operation: Operation,
        call: &Call,
        request: &Unparsed<'_>,
    ) -> Result<Reply> {
        match operation {
            Operation::CreateApplication => self.write_registry(call, request, create_application::run).await,
            Operation::GetApplication => self.read_registry(call, request, get_application::run),
            Operation::ListApplications => self.read_registry(call, request, list_applications::run),
            Operation::UpdateApplication => self.write_registry(call, request, update_application::run).await,
            Operation::DeleteApplication => delete_application::run(self, call, &request.parse()?).await,
            Operation::ListApplicationAssociations => {
                let input = request.parse()?;
                self.read_in_registry(call, |cx| list_application_associations::run(self, call, cx, &input))
            }
            Operation::TagResource => self.write_registry(call, request, tag_resource::run).await,
            Operation::UntagResource => self.write_registry(call, request, untag_resource::run).await,
            Operation::ListTagsForResource => self.read_registry(call, request, list_tags_for_resource::run),
        }
    }

    fn read_registry<I: Input, O: Output>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&Read<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        self.read_in_registry(call, |cx| operation(cx, &input))
    }

    /// Runs a reading operation on the registry of the caller's account and region, which is empty before the first write.
    fn read_in_registry<O: Output>(
        &self,
        call: &Call,
        operation: impl FnOnce(&Read<'_>) -> Result<O>,
    ) -> Result<Reply> {
        let registry = self.node.find_registry(&call.scope);
        let directory = match &registry {
            Some(registry) => registry.writer.read(),
            None => Arc::new(Directory::empty(StreamId::registry(&call.scope.account, &call.scope.region))),
        };
        let page_key = registry.as_ref().map(|registry| &*registry.page_key);
        Ok(Reply::of(&operation(&Read { directory: &directory, call, page_key, visibility: None })?))
    }

    async fn write_registry<I: Input + Send + 'static, O: Output + 'static>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&mut Write<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        self.write_in_registry(call, move |cx| operation(cx, &input)).await
    }

    /// Runs a writing operation on the registry of the caller's account and region.
    pub(crate) async fn write_in_registry<O: Output + 'static>(
        &self,
        call: &Call,
        operation: impl Fn(&mut Write<'_>) -> Result<O> + Send + 'static,
    ) -> Result<Reply> {
        let registry = self.node.registry(&call.scope)?;
        let writer = Arc::clone(&registry.writer);
        let (config, environment, caller) =
            (Arc::clone(&self.config), Arc::clone(&self.node.environment), call.clone());
        let written = writer
            .write(provenance(call), move |_, draft, now, batch| {
                create_instance::begin(&registry, draft, batch);
                let new_id = || environment.new_id();
                let mut cx = Write::new(draft, &mut batch.secrets, now, &caller, &config, &new_id, None);
                let body = operation(&mut cx)?.to_body();
                Ok((body, cx.into_warnings()))
            })
            .await?;
        let (body, warnings) = written.value;
        for warning in &warnings {
            tracing::warn!(operation = call.operation, request_id = call.request_id, "{warning}");
        }
        // Without a revision: clients take one for an instance's, and ask an instance to have reached it.
        Ok(Reply { body, revision: None, warnings })
    }
}
