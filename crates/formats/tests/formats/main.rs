//! Files in real directories: a written state reads back, and errors have their place.
//!
//! The lints recognise tests by `cfg(test)`.

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
