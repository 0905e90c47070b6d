//! What administrators and auditors ask of a whole configuration: what differs between two, what that means for access,
//! what is wrong with one, and whether it does what is expected.
//!
//! Nothing here does I/O. A [`Configuration`] comes from a data directory, from a server, or from files; what it means
//! is the engine's to say.

pub mod calls;
mod carried;
mod configuration;
mod coverage;
mod diff;
mod judge;
pub mod lint;
mod meaning;
mod names;
mod place;
mod plan;
mod planned;
mod promote;
mod provisional;
mod report;
mod telling;

pub use carried::{CARRIED, bare, carried, overlay};
pub use configuration::Configuration;
pub use coverage::{Coverage, Item};
pub use diff::{Difference, Edit, Fate, Member, Said, Tangled, changes, diff};
pub use judge::Judged;
pub use meaning::{Bearing, Effect, Level, Matrix, Meaning, Named, On, Restriction, Row, Set, Someone, meaning};
pub use names::{group_path, name_of, name_of_id, name_of_key};
pub use place::{Place, Places};
pub use plan::{BadPlan, Origin, Plan, Target};
pub use planned::{OtherInstance, instance_of, planned};
pub use promote::{Map, TIED, Tie, Unmapped, member, promote};
pub use provisional::{is_provisional, provisional};
pub use report::{Colours, Report};
pub use telling::{Line, Paragraph, Part, Reach, Telling, Turn, actions, line, noun, plural};
