//! Session access: which operations a user who signed in may call, and which resources they may view.
//!
//! An operation is declared with its policy. The strict reading of the rules decides, on the very state that the operation
//! runs on. A resource that a user may not view is treated as absent wherever it would show: that is decided in one
//! place, [`VisibilityFilter::can_view`].

mod authorization;
mod members;
mod operation_policy;
mod records;
mod refusal;
mod user_request;
mod visibility;

pub use authorization::Authorization;
pub use operation_policy::{
    Named, OperationPolicy, RecordWrite, Requirement, TABLE_ID, Target, Type, VIEW_TABLES, type_of, types,
};
pub use refusal::{Refusal, Result};
pub use user_request::{UserRequest, allows};
pub use visibility::VisibilityFilter;
