//! The store on a real disk, through its public interface.
//!
//! The lints that spare tests recognise them by `cfg(test)`.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod format;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod sealing;
#[cfg(test)]
mod stored;
#[cfg(test)]
mod support;
