//! Reading and replacing files that somebody else may have prepared, such as those of a checkout under review.
//!
//! Invariants: only regular files are read, up to a bound, so that neither a pipe nor an endless device stops a program. A
//! file is replaced by another that was written under a name of its own in the same directory, so that no link leads out of
//! the directory and no reader meets half a file.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The most bytes of a file with a state, a plan, or anything else about resources: 128 MiB.
pub const LARGEST: u64 = 128 << 20;

/// The most bytes of a file with keys, credentials or settings: 1 MiB.
pub const LARGEST_OF_KEYS: u64 = 1 << 20;

/// The contents of a regular file of at most `most` bytes. A link to such a file is followed.
///
/// # Errors
/// The file cannot be read, is no regular file, or is larger.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    if length > most {
        return Err(too_large(most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // A file can grow, and some have no length.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most { Err(too_large(most)) } else { Ok(bytes) }
}

/// A regular file, to be read. A link to such a file is followed.
///
/// # Errors
/// The file cannot be opened, or is no regular file.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    // Opening a pipe would wait for a writer.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags(rustix::fs::OFlags::NONBLOCK));
    // Opening a device or a socket can have effects of its own, so that the kind is checked before, too.
    check_regular(&fs::metadata(path)?)?;
    let file = options.open(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// The text of a regular file of at most `most` bytes.
///
/// # Errors
/// See [`read`]; the contents are not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(path, most)?)
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "the contents are not text in UTF-8"))
}

/// Refuses anything but a regular file, or nothing, under the path: links too.
///
/// # Errors
/// There is a link, a directory, a pipe or a device.
pub fn check_own_file(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.file_type().is_symlink() => Err(link()),
        Ok(metadata) => check_regular(&metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Refuses anything but a directory, or nothing, under the path: links too.
///
/// # Errors
/// There is a link, or something else that is no directory.
pub fn check_own_directory(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.file_type().is_symlink() => Err(link()),
        Ok(metadata) if !metadata.is_dir() => Err(invalid("there is a file in place of a directory; remove it")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Replaces or makes a file. The contents are on disk when it has its name. The permissions of a file that is there stay.
///
/// # Errors
/// There is a link or something else that is no regular file, or the file cannot be written; then nothing has changed.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    check_own_file(path)?;
    let permissions = fs::symlink_metadata(path).ok().map(|metadata| metadata.permissions());
    let (part, mut file) = part(path)?;
    let written = (|| {
        file.write_all(contents)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.sync_all()?;
        fs::rename(&part, path)
    })();
    if written.is_err() {
        // The reason is reported; the name of a part that cannot be removed says what it is.
        let _ = fs::remove_file(&part);
    }
    written
}

/// Options with which a link in place of the file is an error.
pub fn without_links(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        flags(rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK),
    );
    options
}

/// Opens a file of this program with options, after checking that it is a regular file or does not exist.
///
/// # Errors
/// There is a link or something else that is no regular file, or the file cannot be opened.
pub fn open_own(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    check_own_file(path)?;
    without_links(options).open(path)
}

/// A new hidden file next to another, under an unused name.
fn part(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or_else(|| invalid("this is not the name of a file"))?;
    let mut number = 0_u32;
    loop {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{number}.part", std::process::id()));
        let part = path.with_file_name(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&part) {
            Ok(file) => return Ok((part, file)),
            // An earlier process of the same number was stopped.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 1_000 => number += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(unix)]
fn flags(flags: rustix::fs::OFlags) -> i32 {
    flags.bits().cast_signed()
}

fn check_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let kind = if metadata.is_dir() { "a directory" } else { "a pipe, a device or a socket" };
    Err(invalid(&format!("this is {kind}; only regular files are read and written")))
}

fn link() -> io::Error {
    invalid("there is a symbolic link, which may lead elsewhere; remove it")
}

fn too_large(most: u64) -> io::Error {
    let (count, unit) = if most >= 1 << 20 { (most >> 20, "MiB") } else { (most, "bytes") };
    invalid(&format!("the file is larger than {count} {unit}, the most that is read"))
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, message.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn message<T: std::fmt::Debug>(result: io::Result<T>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn regular_files_are_read_up_to_the_bound() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        fs::write(&path, "1234").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"1234");
        assert_eq!(message(read(&path, 3)), "the file is larger than 3 bytes, the most that is read");
        symlink(&path, directory.path().join("link")).unwrap();
        assert_eq!(read_text(&directory.path().join("link"), 4).unwrap(), "1234");
        assert_eq!(read(&directory.path().join("none"), 4).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn pipes_devices_and_directories_are_refused_without_waiting() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap();
        let refused = "this is a pipe, a device or a socket; only regular files are read and written";
        assert_eq!(message(read(&pipe, LARGEST)), refused);
        assert_eq!(message(read(Path::new("/dev/zero"), LARGEST)), refused);
        symlink("/dev/zero", directory.path().join("endless")).unwrap();
        assert_eq!(message(read(&directory.path().join("endless"), LARGEST)), refused);
        assert!(message(read(directory.path(), LARGEST)).starts_with("this is a directory; "));
        assert_eq!(message(replace(&pipe, b"x")), refused);
    }

    #[test]
    fn files_are_replaced_and_keep_their_permissions() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        replace(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_is_neither_written_through_nor_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let (target, link) = (directory.path().join("target"), directory.path().join("link"));
        fs::write(&target, "mine").unwrap();
        symlink(&target, &link).unwrap();
        assert!(message(replace(&link, b"x")).starts_with("there is a symbolic link"));
        assert!(message(open_own(&link, OpenOptions::new().append(true))).starts_with("there is a symbolic link"));
        assert!(without_links(OpenOptions::new().append(true)).open(&link).is_err());
        assert!(check_own_directory(&link).is_err() && check_own_directory(&target).is_err());
        assert!(check_own_directory(directory.path()).is_ok());
        assert_eq!(fs::read(&target).unwrap(), b"mine");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    }
}
