//! The protocol of Amazon Connect, and of the part of Amazon AppIntegrations that registers applications, for client and
//! server: requests to typed inputs, typed outputs to bodies, and back.
//!
//! Shapes, constraints, routes and error kinds are generated from the API models in `model/` (`cargo run -p
//! lanyard-codegen`) and live in `generated/`; the code that interprets them is written once.
//!
//! Invariants: nothing here depends on storage or decisions, no input causes a panic or unbounded recursion, and no
//! sensitive value appears in a message or in a `Debug` output.

#[macro_use]
mod macros;

mod decode;
mod encode;
mod error;
mod generated;
mod message;
mod operation;
mod pattern;
mod percent;
mod route;
mod timestamp;
mod validate;

pub mod page_token;
pub mod schema;
pub mod sigv4;
pub mod value;

pub use encode::RequestParts;
pub use error::{RequestError, RequestFault, ResponseError, error_body};
pub use generated::errors::ErrorKind;
pub use generated::operations::Operation;
pub use message::{HasInstanceId, Input, Output};
pub use operation::{Paginator, ServiceOperation};
pub use percent::{PercentError, check_query};
pub use route::{Route, UriParams, route};
pub use timestamp::Timestamp;

/// The structures and enumerations of the API model.
///
/// Names are the model's. In a structure that is part of a request, a required member is a plain value; every other
/// member is an `Option`, where `None` is a member that was absent or null.
pub mod shapes {
    pub use crate::generated::enums::*;
    pub use crate::generated::inputs::*;
    pub use crate::generated::outputs::*;
    pub use crate::generated::structures::*;
}

/// Amazon AppIntegrations: the operations on applications and their tags.
pub mod appintegrations {
    pub use crate::generated::appintegrations::operations::Operation;

    use crate::{PercentError, Route};

    /// The structures and enumerations of the API model, in the same form as [those of Amazon Connect](crate::shapes).
    pub mod shapes {
        pub use crate::generated::appintegrations::enums::*;
        pub use crate::generated::appintegrations::inputs::*;
        pub use crate::generated::appintegrations::outputs::*;
        pub use crate::generated::appintegrations::structures::*;
    }

    /// Finds the operation of a request, as [`route`](crate::route) does for Amazon Connect.
    ///
    /// # Errors
    /// A label, or a path that is no operation's, with a bad escape or with bytes that are not UTF-8.
    pub fn route<'p>(method: &str, raw_path: &'p str) -> Result<Route<'p, Operation>, PercentError> {
        crate::route::find(crate::generated::appintegrations::routes::ROUTES, method, raw_path)
    }
}

#[cfg(test)]
mod message_tests;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod route_tests;
