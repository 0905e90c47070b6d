//! Tests that the access impact and the access review equal brute force, and that differences can be applied.

#[cfg(test)]
mod brute;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod numbers;
#[cfg(test)]
#[path = "../../../engine/tests/proof/random.rs"]
mod random;
#[cfg(test)]
mod review;
#[cfg(test)]
#[path = "../../../engine/tests/proof/veil.rs"]
mod veil;
#[cfg(test)]
#[path = "../../../engine/tests/proof/world.rs"]
mod world;
