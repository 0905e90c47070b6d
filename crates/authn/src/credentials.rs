//! The access keys that requests may be signed with, who owns them, and in which account.
//!
//! Keys come from a file in the format of AWS credentials files and from the command line; without either there is one key for
//! development.
//!
//! Invariants:
//! - An id belongs to one key.
//! - A look-up uses one whole set of keys, never half of a reload.
//! - A file that cannot be read or parsed leaves the keys as they were.
//! - No error and no `Debug` output repeats a value of the file, since a value in the wrong place may be a secret.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;
use lanyard_local_file::{LARGEST_OF_KEYS, read_text};
use lanyard_wire::sigv4::Secret;

/// The account of keys that name none on the command line.
pub const DEFAULT_ACCOUNT: &str = "123456789012";
/// The id, secret and owner of the key that there is when none is configured.
const DEFAULT_KEY: &str = "test";

/// The operations that a key may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    ReadWrite,
    /// Only operations that change nothing.
    ReadOnly,
}

/// An access key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The id that requests name.
    pub access_key_id: String,
    /// The secret that they are signed with.
    pub secret: Secret,
    /// The AWS account, of 12 digits, to whose instances the key is limited.
    pub account: String,
    /// The actor in the log.
    pub owner: String,
    /// The operations that the key may call.
    pub mode: Mode,
}

impl AsRef<Secret> for Credential {
    fn as_ref(&self) -> &Secret {
        &self.secret
    }
}

impl Credential {
    /// Reads `ID:SECRET[:ACCOUNT]`, as it stands on the command line; the owner is named like the id.
    ///
    /// # Errors
    /// When a part is missing or malformed. The error does not repeat the argument; a caller must not, either.
    pub fn from_argument(argument: &str) -> Result<Self, CredentialsError> {
        let fault = |message: &str| CredentialsError { place: "access key".to_owned(), message: message.to_owned() };
        let mut parts = argument.split(':');
        let (Some(id), Some(secret), account, None) =
            (parts.next(), parts.next(), parts.next().unwrap_or(DEFAULT_ACCOUNT), parts.next())
        else {
            return Err(fault("must be ID:SECRET or ID:SECRET:ACCOUNT"));
        };
        check_id(id).and_then(|()| check_secret(secret)).and_then(|()| check_account(account)).map_err(fault)?;
        Ok(Self {
            access_key_id: id.to_owned(),
            secret: Secret::new(secret.to_owned()),
            account: account.to_owned(),
            owner: id.to_owned(),
            mode: Mode::ReadWrite,
        })
    }

    /// Whether this is the well-known key.
    #[must_use]
    pub fn is_default_key(&self) -> bool {
        self.access_key_id == DEFAULT_KEY && self.secret == Self::default_key().secret
    }

    /// `test` / `test`, the well-known key.
    fn default_key() -> Self {
        Self {
            access_key_id: DEFAULT_KEY.to_owned(),
            secret: Secret::new(DEFAULT_KEY.to_owned()),
            account: DEFAULT_ACCOUNT.to_owned(),
            owner: DEFAULT_KEY.to_owned(),
            mode: Mode::ReadWrite,
        }
    }
}

/// Keys that cannot be used as they are configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialsError {
    /// The file and, where there is one, the line.
    place: String,
    message: String,
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for CredentialsError {}

type Keys = HashMap<String, Arc<Credential>>;

/// All access keys of a server.
#[derive(Debug)]
pub struct Credentials {
    current: ArcSwap<Keys>,
    /// Keys from the command line, which stay.
    fixed: Vec<Arc<Credential>>,
    file: Option<CredentialsFile>,
}

#[derive(Debug)]
struct CredentialsFile {
    path: PathBuf,
    /// The state of the file when it was last read; nothing if its metadata could not be read.
    seen: Mutex<Option<Stamp>>,
}

/// The metadata that changes when a file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    size: u64,
}

impl Credentials {
    /// The keys of `file` and of the command line together; `test` / `test` if there is neither.
    ///
    /// # Errors
    /// When the file cannot be read or parsed, or when two keys have the same id.
    pub fn new(file: Option<PathBuf>, fixed: Vec<Credential>) -> Result<Self, CredentialsError> {
        let mut fixed: Vec<_> = fixed.into_iter().map(Arc::new).collect();
        if file.is_none() && fixed.is_empty() {
            fixed.push(Arc::new(Credential::default_key()));
        }
        let (stamp, keys) = match &file {
            Some(path) => (stamp(path), read_keys(path, &fixed)?),
            None => (None, merge(Vec::new(), &fixed, Path::new(""))?),
        };
        let file = file.map(|path| CredentialsFile { path, seen: Mutex::new(stamp) });
        Ok(Self { current: ArcSwap::from_pointee(keys), fixed, file })
    }

    /// The key with this id.
    pub fn get(&self, access_key_id: &str) -> Option<Arc<Credential>> {
        self.current.load().get(access_key_id).map(Arc::clone)
    }

    /// Whether the well-known key is among them: such a server may only listen on loopback addresses.
    pub fn has_default_key(&self) -> bool {
        self.get(DEFAULT_KEY).is_some_and(|key| key.is_default_key())
    }

    /// The first key that may write, in the order of their ids.
    pub fn first_writer(&self) -> Option<Arc<Credential>> {
        let keys = self.current.load();
        let writers = keys.values().filter(|key| key.mode == Mode::ReadWrite);
        writers.min_by(|one, other| one.access_key_id.cmp(&other.access_key_id)).map(Arc::clone)
    }

    /// Reads the file again if its time or size has changed since it was last read; returns whether there are new keys.
    ///
    /// The well-known key is refused unless it is allowed. A call without a change only reads the file's metadata, so that it
    /// may be made every second.
    ///
    /// # Errors
    /// When the changed file cannot be read or parsed: the former keys stay, and the error is reported once for each
    /// change of the file.
    pub fn reload_if_changed(&self, allow_default_key: bool) -> Result<bool, CredentialsError> {
        let Some(file) = &self.file else { return Ok(false) };
        let mut seen = file.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken before the file is read: the next call notices a change in between.
        let now = stamp(&file.path);
        if *seen == now {
            return Ok(false);
        }
        *seen = now;
        let keys = read_keys(&file.path, &self.fixed)?;
        if !allow_default_key && keys.values().any(|key| key.is_default_key()) {
            return Err(CredentialsError {
                place: file.path.display().to_string(),
                message: "the key `test` with the secret `test` is only for loopback addresses".to_owned(),
            });
        }
        self.current.store(Arc::new(keys));
        Ok(true)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some(Stamp { modified: metadata.modified().ok()?, size: metadata.len() })
}

fn read_keys(path: &Path, fixed: &[Arc<Credential>]) -> Result<Keys, CredentialsError> {
    let text = read_text(path, LARGEST_OF_KEYS).map_err(|error| CredentialsError {
        place: path.display().to_string(),
        message: format!("cannot be read: {error}"),
    })?;
    merge(parse(path, &text)?, fixed, path)
}

/// All keys by id.
fn merge(
    from_file: Vec<(usize, Credential)>,
    fixed: &[Arc<Credential>],
    path: &Path,
) -> Result<Keys, CredentialsError> {
    let mut keys = Keys::new();
    for key in fixed {
        if keys.insert(key.access_key_id.clone(), Arc::clone(key)).is_some() {
            return Err(CredentialsError {
                place: "access key".to_owned(),
                message: format!("the id `{}` is given twice; give each id once", key.access_key_id),
            });
        }
    }
    for (line, key) in from_file {
        let id = key.access_key_id.clone();
        if keys.insert(id.clone(), Arc::new(key)).is_some() {
            let message = format!("the access key id `{id}` is given twice; give each id once");
            return Err(CredentialsError { place: place(path, line), message });
        }
    }
    Ok(keys)
}

fn place(path: &Path, line: usize) -> String {
    format!("{} line {line}", path.display())
}

/// The settings that a profile may have. Of those that AWS's tools put there, the ones that mean nothing here are ignored; any
/// other is refused, lest a misspelt `mode` make a key that may write.
const SETTINGS: [&str; 5] = ["aws_access_key_id", "aws_secret_access_key", "account", "name", "mode"];
const IGNORED: [&str; 3] = ["aws_session_token", "region", "output"];

/// A profile while it is read: where it begins, its name, and its settings with their lines.
struct Profile<'a> {
    line: usize,
    name: &'a str,
    settings: HashMap<String, (usize, &'a str)>,
}

/// The keys of a file, each with the line on which its id stands.
fn parse(path: &Path, text: &str) -> Result<Vec<(usize, Credential)>, CredentialsError> {
    let fault = |line: usize, message: String| CredentialsError { place: place(path, line), message };
    let mut profiles: Vec<Profile<'_>> = Vec::new();
    let mut names = HashSet::new();
    for (line, content) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let (line, content) = (line + 1, content.trim());
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = content.strip_prefix('[') {
            let name = header.strip_suffix(']').map(str::trim).filter(|name| !name.is_empty()).ok_or_else(|| {
                fault(line, "a profile must begin with its name in brackets, like `[default]`".to_owned())
            })?;
            if !names.insert(name) {
                return Err(fault(line, format!("the profile `{name}` is there twice; give each profile once")));
            }
            profiles.push(Profile { line, name, settings: HashMap::new() });
            continue;
        }
        let (setting, value) = content.split_once('=').ok_or_else(|| {
            fault(line, "must be `setting = value`, a profile in brackets, or a comment with # or ;".to_owned())
        })?;
        let setting = setting.trim().to_ascii_lowercase();
        let profile = profiles
            .last_mut()
            .ok_or_else(|| fault(line, "a setting must stand under a profile, like `[default]`".to_owned()))?;
        if IGNORED.contains(&setting.as_str()) {
            continue;
        }
        if !SETTINGS.contains(&setting.as_str()) {
            let message = format!("the setting is unknown; the known ones are `{}`", SETTINGS.join("`, `"));
            return Err(fault(line, message));
        }
        if profile.settings.insert(setting.clone(), (line, value.trim())).is_some() {
            let message = format!("the profile `{}` has `{setting}` twice; give it once", profile.name);
            return Err(fault(line, message));
        }
    }
    profiles.iter().map(|profile| profile.credential().map_err(|(line, message)| fault(line, message))).collect()
}

impl Profile<'_> {
    /// The key, and the line of its id; or what is wrong, and on which line.
    fn credential(&self) -> Result<(usize, Credential), (usize, String)> {
        let required = |setting: &str, example: &str| {
            self.settings.get(setting).copied().ok_or_else(|| {
                (self.line, format!("the profile `{}` has no `{setting}`; add `{setting} = {example}`", self.name))
            })
        };
        let (line, id) = required("aws_access_key_id", "…")?;
        check_id(id).map_err(|message| (line, message.to_owned()))?;
        let (secret_line, secret) = required("aws_secret_access_key", "…")?;
        check_secret(secret).map_err(|message| (secret_line, message.to_owned()))?;
        let (account_line, account) = required("account", DEFAULT_ACCOUNT)?;
        check_account(account).map_err(|message| (account_line, message.to_owned()))?;
        let (owner_line, owner) = self.settings.get("name").copied().unwrap_or((self.line, self.name));
        if owner.is_empty() || owner.len() > 128 || owner.chars().any(char::is_control) {
            return Err((owner_line, "`name` must have 1 to 128 bytes without control characters".to_owned()));
        }
        let mode = match self.settings.get("mode") {
            None | Some((_, "read-write")) => Mode::ReadWrite,
            Some((_, "read-only")) => Mode::ReadOnly,
            Some((line, _)) => return Err((*line, "`mode` must be `read-write` or `read-only`".to_owned())),
        };
        let (access_key_id, secret) = (id.to_owned(), Secret::new(secret.to_owned()));
        Ok((line, Credential { access_key_id, secret, account: account.to_owned(), owner: owner.to_owned(), mode }))
    }
}

fn check_id(id: &str) -> Result<(), &'static str> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let is_id = (1..=128).contains(&id.len()) && id.bytes().all(is_plain);
    is_id.then_some(()).ok_or("the access key id must have 1 to 128 letters, digits, `_`, `-` or `.`")
}

fn check_secret(secret: &str) -> Result<(), &'static str> {
    let is_secret = (1..=256).contains(&secret.len()) && secret.bytes().all(|b| b.is_ascii_graphic());
    is_secret.then_some(()).ok_or("the secret access key must have 1 to 256 printable ASCII characters without blanks")
}

fn check_account(account: &str) -> Result<(), &'static str> {
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    is_account.then_some(()).ok_or("the account must have 12 digits")
}

#[cfg(test)]
#[path = "credentials_tests.rs"]
mod tests;
