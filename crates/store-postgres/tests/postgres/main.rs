//! The store on a real server, through its public interface. Without `LANYARD_TEST_POSTGRES` the tests are skipped:
//! `e2e/with-postgres cargo test -p lanyard-store-postgres`.
//!
//! The lints that spare tests know them by `cfg(test)`.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod support;
