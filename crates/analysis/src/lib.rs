//! Analysis of whole configurations for administrators and auditors: differences, their access impact, lint,
//! expectations and promotion.
//!
//! The crate does no I/O. A [`Configuration`] comes from a data directory, a server, or files. The engine makes all
//! decisions about access.

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
mod neutral;
mod place;
mod plan;
mod portable;
mod promote;
mod provisional;
mod pulled;
mod report;
pub mod review;
mod sensitive;
mod sufficient;

pub use access_impact::{
    AccessImpact, Bearing, Cell, Count, Effect, Extent, Level, Matrix, Named, OfType, On, Restriction, Row, Set,
    Someone, access_impact,
};
pub use apply_desired_state::{OtherInstance, apply_desired_state, instance_of};
pub use configuration::Configuration;
pub use coverage::{Coverage, Item};
pub use diff::{CyclicChanges, Difference, Edit, Fate, Member, ValueNames, changes, diff};
pub use judge::Judged;
pub use names::{group_path, name_of, name_of_id, name_of_key};
pub use narrative::{AccessChange, Block, Line, Naming, Narrative, Paragraph, Part, Phrase, Reach, noun, plural};
pub use neutral::is_neutral;
pub use place::{Place, Places};
pub use plan::{BadPlan, Origin, Plan, Target};
pub use portable::{PORTABLE_KINDS, bare, overlay, portable};
pub use promote::{MAPPED_KINDS, Map, Mapping, Unmapped, member, promote, unmatched};
pub use provisional::{is_provisional, is_unnamed, provisional, unnamed};
pub use pulled::{Merged, PlannedRecord, PulledRecord, Take};
pub use report::{Colours, Provenance, Report};
pub use sensitive::{Risk, SENSITIVE_ACTIONS, SensitiveAction, sensitive_tasks};
pub use sufficient::{Grants, sufficient_profiles};
