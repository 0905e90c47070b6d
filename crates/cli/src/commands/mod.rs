//! The subcommands, a file each.

pub(crate) mod apply;
pub(crate) mod archive;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod erase;
pub(crate) mod explain;
pub(crate) mod gate;
pub(crate) mod history;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod permissions;
pub(crate) mod plan;
pub(crate) mod pull;
pub(crate) mod rekey;
pub(crate) mod reset;
pub(crate) mod restore;
pub(crate) mod revert;
pub(crate) mod seed;
pub(crate) mod serve;
pub(crate) mod test;
pub(crate) mod what_can;
pub(crate) mod who_can;
