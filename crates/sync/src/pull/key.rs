//! The key of pseudonyms. It is kept in a file, so that the next pull gives the same pseudonyms.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use lanyard_local_file::{LARGEST_OF_KEYS, read_text};
use zeroize::Zeroizing;

use crate::Error;

/// Reads the key from a file. A missing file is made with a new key, readable only by its owner.
pub fn read_or_make(file: &Path) -> Result<Zeroizing<String>, Error> {
    let failed = |error: std::io::Error| Error::Message(format!("`{}`: {error}", file.display()));
    match read_text(file, LARGEST_OF_KEYS).map(Zeroizing::new) {
        Ok(text) => {
            let key = Zeroizing::new(text.trim().to_owned());
            match key.len() {
                0..16 => Err(Error::Message(format!(
                    "the key in `{}` is shorter than 16 characters; remove the file to have one made",
                    file.display()
                ))),
                _ => Ok(key),
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut bytes = Zeroizing::new([0_u8; 32]);
            getrandom::fill(bytes.as_mut()).map_err(|error| failed(std::io::Error::other(error)))?;
            let key = Zeroizing::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut made = options.open(file).map_err(failed)?;
            writeln!(made, "{}", key.as_str()).map_err(failed)?;
            Ok(key)
        }
        Err(error) => Err(failed(error)),
    }
}
