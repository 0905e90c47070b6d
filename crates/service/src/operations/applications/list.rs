//! The one list of AppIntegrations' operations. They run on the registry of the account and region; no session reaches
//! them.

use lanyard_wire::appintegrations::Operation;

use super::{
    create_application, delete_application, get_application, list_application_associations, list_applications,
    list_tags_for_resource, tag_resource, untag_resource, update_application,
};
use crate::context::Call;
use crate::error::Result;
use crate::service::{Reply, Service, Unparsed};

/// How an operation runs, by the word that it is declared with: `read` and `write` on the registry, `own_read` and
/// `own_write` on instances too.
macro_rules! run {
    (read, $run:ident, $service:ident, $call:ident, $request:ident) => {
        $service.read_registry($call, $request, $run).await
    };
    (write, $run:ident, $service:ident, $call:ident, $request:ident) => {
        $service.write_registry($call, $request, $run).await
    };
    (own_read, $run:ident, $service:ident, $call:ident, $request:ident) => {
        $run($service, $call, &$request.parse()?).await
    };
    (own_write, $run:ident, $service:ident, $call:ident, $request:ident) => {
        $run($service, $call, &$request.parse()?).await
    };
}

macro_rules! is_read {
    (read) => {
        true
    };
    (own_read) => {
        true
    };
    ($other:ident) => {
        false
    };
}

macro_rules! operations {
    ($($name:ident => $kind:ident($run:ident);)*) => {
        /// Whether an operation changes nothing, so that a read-only key may call it.
        #[must_use]
        pub fn is_read(operation: Operation) -> bool {
            match operation { $(Operation::$name => is_read!($kind),)* }
        }

        /// Runs an operation.
        ///
        /// # Errors
        /// Those of the operation.
        pub async fn dispatch(
            service: &Service,
            operation: Operation,
            call: &Call,
            request: &Unparsed<'_>,
        ) -> Result<Reply> {
            match operation { $(Operation::$name => run!($kind, $run, service, call, request),)* }
        }
    };
}

operations! {
    CreateApplication => write(create_application);
    DeleteApplication => own_write(delete_application);
    GetApplication => read(get_application);
    ListApplicationAssociations => own_read(list_application_associations);
    ListApplications => read(list_applications);
    ListTagsForResource => read(list_tags_for_resource);
    TagResource => write(tag_resource);
    UntagResource => write(untag_resource);
    UpdateApplication => write(update_application);
}
