//! HTTP and TLS in front of the surfaces of a service.

pub mod http;
