//! Secrets: bytes that are neither shown nor left in memory.

use std::fmt;

use zeroize::Zeroizing;

/// A secret, such as a password's hash. `Debug` does not show it, and its memory is overwritten when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The secret of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// The change of one secret of a stream.
#[derive(Clone, Debug)]
pub struct SecretChange {
    /// Its name in the stream.
    pub name: String,
    /// The new value; `None` removes it.
    pub value: Option<Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let change = SecretChange { name: "key".into(), value: Some(Secret::new(b"hunter2".to_vec())) };
        assert_eq!(format!("{change:?}"), r#"SecretChange { name: "key", value: Some(<redacted>) }"#);
    }
}
