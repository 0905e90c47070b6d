//! The store on a disk that is full, fails, tears writes, and loses power: a file system of the test's own beneath SQLite.
//!
//! It is the default of SQLite in this process, so that the store is opened as always.

#[cfg(test)]
mod disk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod flipped;
#[cfg(test)]
mod power_cuts;
#[cfg(test)]
mod random;
#[cfg(test)]
mod vfs;
