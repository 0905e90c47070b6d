//! Streams: the units in which state is kept, changed and spread over nodes.

use std::fmt;

use crate::Id;

/// A stream of the log: one instance, or the registry of one account and region.
///
/// The registry has the instances and their aliases, and holds the applications of the account and region; the
/// resources of one instance are in that instance's stream. Streams never share resources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    /// The registry: the instances with their aliases, and the applications.
    Registry {
        /// The AWS account, twelve digits.
        account: String,
        /// The AWS region, such as `eu-west-2`.
        region: String,
    },
    /// All that belongs to one instance.
    Instance(Id),
}

impl StreamId {
    /// The registry of an account and region.
    #[must_use]
    pub fn registry(account: &str, region: &str) -> Self {
        Self::Registry { account: account.to_owned(), region: region.to_owned() }
    }

    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/')? {
            ("registry", rest) => {
                let (account, region) = rest.split_once('/')?;
                Some(Self::registry(account, region))
            }
            ("instance", id) => Some(Self::Instance(Id::new(id))),
            _ => None,
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry { account, region } => write!(f, "registry/{account}/{region}"),
            Self::Instance(id) => write!(f, "instance/{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_reads_back_as_written() {
        for stream in [StreamId::registry("123456789012", "eu-west-2"), StreamId::Instance(Id::from_uuid(7))] {
            assert_eq!(StreamId::parse(&stream.to_string()), Some(stream));
        }
        assert_eq!(StreamId::parse("table/x"), None);
        assert_eq!(StreamId::parse("registry/only-one"), None);
    }
}
