//! Files against real directories: what is written reads back, and what is wrong is told with its place.
//!
//! The lints that spare tests know them by `cfg(test)`.

#[cfg(test)]
mod cloudformation;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod page;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod terraform;
#[cfg(test)]
mod world;
#[cfg(test)]
mod writing;
