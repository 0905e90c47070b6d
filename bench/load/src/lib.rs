//! What every benchmark over HTTP needs: servers' processes, the load on them, and what the machine is.

pub mod drive;
pub mod http;
pub mod machine;
pub mod process;
