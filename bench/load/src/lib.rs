//! Common parts of the benchmarks over HTTP: servers' processes, the load on them, and the description of the
//! machine.

pub mod drive;
pub mod http;
pub mod machine;
pub mod process;
pub mod signed;
pub mod sigv4;
