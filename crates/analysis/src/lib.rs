//! What administrators and auditors ask of a whole configuration: what differs between two, what that means for access,
//! what is wrong with one, and whether it does what is expected.
//!
//! Nothing here does I/O. A [`Configuration`] comes from a data directory, from a server, or from files; what it means
//! is the engine's to say.

mod access_impact;
mod apply_desired_state;
pub mod calls;
mod configuration;
mod coverage;
mod diff;
mod judge;
pub mod lint;
mod names;
mod narrative;
mod place;
mod plan;
mod portable;
mod promote;
mod provisional;
mod report;

pub use access_impact::{
    AccessImpact, Bearing, Effect, Level, Matrix, Named, On, Restriction, Row, Set, Someone, access_impact,
};
pub use apply_desired_state::{OtherInstance, apply_desired_state, instance_of};
pub use configuration::Configuration;
pub use coverage::{Coverage, Item};
pub use diff::{Difference, Edit, Fate, Member, Said, Tangled, changes, diff};
pub use judge::Judged;
pub use names::{group_path, name_of, name_of_id, name_of_key};
pub use narrative::{AccessChange, Line, Narrative, Paragraph, Part, Reach, actions, line, noun, plural};
pub use place::{Place, Places};
pub use plan::{BadPlan, Origin, Plan, Target};
pub use portable::{CARRIED, bare, overlay, portable};
pub use promote::{Map, Mapping, TIED, Unmapped, member, promote};
pub use provisional::{is_provisional, provisional};
pub use report::{Colours, Report};
