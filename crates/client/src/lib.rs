//! Typed calls of the Amazon Connect API, against Lanyard or Amazon.
