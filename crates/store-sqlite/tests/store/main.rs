//! The store on a real disk, through its public interface.
//!
//! The lints that spare tests recognise them by `cfg(test)`.

#[cfg(test)]
mod append;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod format;
#[cfg(test)]
mod history;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod support;
