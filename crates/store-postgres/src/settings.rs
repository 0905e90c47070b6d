//! Where the database is and who connects: read from a URL, the environment and a password file, as PostgreSQL's own
//! clients read them. No password is shown by `Debug` or in a message.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lanyard_store::{MasterKeys, Place, StoreError};
use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, Host, SslMode, TargetSessionAttrs};

use crate::passfile;
use crate::timeline::Timelines;

/// How long a connection may take to be made, unless the URL says `connect_timeout`.
const CONNECT: Duration = Duration::from_secs(5);

/// After how long without an answer the machine gives a connection up, unless the URL says `tcp_user_timeout`.
const SILENCE: Duration = Duration::from_secs(20);

/// How the server is known to be the one that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// `sslmode=disable`: no TLS.
    Disable,
    /// `sslmode=require`: TLS with whatever certificate.
    Require,
    /// `sslmode=verify-ca`: the certificate is of an authority of this file or, without one, of those that the machine
    /// trusts, for whatever name.
    VerifyCa(Option<PathBuf>),
    /// `sslmode=verify-full`: the certificate is of the host's name, and of an authority of this file or, without one, of
    /// those that the machine trusts.
    VerifyFull(Option<PathBuf>),
}

/// The certificate by which the database knows this client, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Where a database is, and how to connect to it.
#[derive(Clone)]
pub struct Settings {
    pub(crate) config: Config,
    pub(crate) trust: Trust,
    pub(crate) identity: Option<Identity>,
    pub(crate) master: MasterKeys,
    /// The timelines of the servers that were connected to, by all that have these settings.
    pub(crate) timelines: Timelines,
    /// The place of the host that was connected to last.
    pub(crate) last_host: Arc<AtomicUsize>,
    name: String,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("database", &self.name).field("trust", &self.trust).finish_non_exhaustive()
    }
}

impl Settings {
    /// Whether a text is the URL of a PostgreSQL database.
    #[must_use]
    pub fn is_url(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// Reads `postgres://USER[:PASSWORD]@HOST[:PORT][,HOST…]/DATABASE[?PARAMETER=VALUE&…]`.
    ///
    /// The parameters are those of libpq, as far as tokio-postgres knows them. `sslmode` is `verify-full` unless it says
    /// `verify-ca` (whatever name the certificate is for), `require` (encrypted, whoever the server is; with `sslrootcert`,
    /// as `verify-ca`) or `disable`; `sslrootcert` names a file of authorities, `system` being those of the machine;
    /// `sslcert` and `sslkey` name this client's certificate and key; on Unix sockets there is no TLS. `PGSSLMODE`,
    /// `PGSSLROOTCERT`, `PGSSLCERT`, `PGSSLKEY` and `PGCHANNELBINDING` stand for parameters that the URL does not have. A
    /// password that the URL does not have comes from `PGPASSWORD`, else from the file `passfile`, `PGPASSFILE` or
    /// `~/.pgpass`. `environment` looks a variable up.
    ///
    /// # Errors
    /// A sentence that says what is wrong and holds no part of the URL that could be a password.
    pub fn read(url: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, StoreError> {
        let wrong = |what: &str| StoreError::Storage(format!("the database's URL {what}"));
        if !Self::is_url(url) {
            return Err(wrong("must begin with postgres://"));
        }
        check_credentials(url).map_err(|what| wrong(&what))?;
        let (url, own) = take_own_parameters(url, environment);
        let mut config: Config = url.parse().map_err(|error| wrong(&format!("cannot be read: {}", text(&error))))?;
        if config.get_hosts().is_empty() {
            return Err(wrong("names no host"));
        }
        let is_local = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
        let trust = if is_local { Trust::Disable } else { own.trust().map_err(|what| wrong(&what))? };
        let identity = own.identity().map_err(|what| wrong(&what))?;
        if let Some(binding) = &own.channel_binding {
            config.channel_binding(channel_binding(binding).map_err(|what| wrong(&what))?);
        }
        if config.get_channel_binding() == ChannelBinding::Require && trust == Trust::Disable {
            return Err(wrong("has channel_binding=require, which needs TLS, and no TLS"));
        }
        config.ssl_mode(if trust == Trust::Disable { SslMode::Disable } else { SslMode::Require });
        if config.get_user().is_none() {
            let user = environment("PGUSER").or_else(|| environment("USER")).ok_or_else(|| wrong("names no user"))?;
            config.user(user);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("lanyard");
        }
        let mut settings = Self {
            name: name(&config),
            config,
            trust,
            identity,
            master: MasterKeys::default(),
            timelines: Timelines::default(),
            last_host: Arc::default(),
        };
        if settings.config.get_password().is_none() {
            settings.find_password(own.passfile.as_deref(), environment)?;
        }
        Ok(settings)
    }

    /// The same database, with keys from outside: secrets and the keys of people are sealed with the first.
    #[must_use]
    pub fn with_keys(self, master: MasterKeys) -> Self {
        Self { master, ..self }
    }

    /// The database, without a password.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::Database(self.name.clone())
    }

    /// A URL without its password, to be shown. Parameters go too: they may hold another.
    #[must_use]
    pub fn without_password(url: &str) -> String {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = url.split_once("://") else { return String::new() };
        match rest.rsplit_once('@') {
            Some((credentials, address)) => {
                let user = credentials.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}@{address}")
            }
            None => url.to_owned(),
        }
    }

    /// The same database, of whose hosts the first that can be written to is taken.
    pub(crate) fn to_write(&self) -> Self {
        let mut settings = self.clone();
        if settings.config.get_hosts().len() > 1 {
            settings.config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        settings
    }

    /// The configurations of the hosts one by one, in the order of the URL.
    pub(crate) fn each_host(&self) -> Vec<Config> {
        let (config, mut each) = (&self.config, Vec::new());
        let addresses = config.get_hostaddrs();
        for at in 0..config.get_hosts().len().max(addresses.len()) {
            let mut one = Config::new();
            one.user(config.get_user().unwrap_or_default()).dbname(database(config)).ssl_mode(config.get_ssl_mode());
            config.get_password().map(|it| one.password(it));
            config.get_options().map(|it| one.options(it));
            config.get_application_name().map(|it| one.application_name(it));
            config.get_connect_timeout().map(|it| one.connect_timeout(*it));
            config.get_tcp_user_timeout().map(|it| one.tcp_user_timeout(*it));
            config.get_keepalives_interval().map(|it| one.keepalives_interval(it));
            config.get_keepalives_retries().map(|it| one.keepalives_retries(it));
            one.keepalives(config.get_keepalives()).keepalives_idle(config.get_keepalives_idle());
            one.channel_binding(config.get_channel_binding());
            one.target_session_attrs(config.get_target_session_attrs());
            match config.get_hosts().get(at) {
                Some(Host::Tcp(name)) => drop(one.host(name)),
                Some(Host::Unix(path)) => drop(one.host_path(path)),
                None => {}
            }
            addresses.get(at).map(|it| one.hostaddr(*it));
            config.get_ports().get(at).or(config.get_ports().first()).map(|it| one.port(*it));
            each.push(one);
        }
        each
    }

    /// The host of the last connection.
    pub(crate) fn host_in_use(&self) -> Config {
        let at = self.last_host.load(Ordering::Relaxed);
        self.each_host().into_iter().nth(at).unwrap_or_else(|| self.config.clone())
    }

    fn find_password(
        &mut self,
        passfile: Option<&Path>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(), StoreError> {
        if let Some(password) = environment("PGPASSWORD") {
            self.config.password(password);
            return Ok(());
        }
        let named = passfile.map(Path::to_owned).or_else(|| environment("PGPASSFILE").map(PathBuf::from));
        let usual = || environment("HOME").map(|home| Path::new(&home).join(".pgpass")).filter(|file| file.is_file());
        let Some(file) = named.or_else(usual) else { return Ok(()) };
        let failed = |what: String| StoreError::Storage(format!("the password file `{}` {what}", file.display()));
        let lines = passfile::read(&file).map_err(failed)?;
        let hosts = self.config.get_hosts();
        let ports = self.config.get_ports();
        let (user, database) = (self.config.get_user().unwrap_or_default(), database(&self.config));
        let password = hosts.iter().enumerate().find_map(|(at, host)| {
            let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432).to_string();
            let host = match host {
                Host::Tcp(name) => name.as_str(),
                Host::Unix(_) => "localhost",
            };
            passfile::find(&lines, [host, &port, database, user])
        });
        if let Some(password) = password {
            self.config.password(password);
        }
        Ok(())
    }
}

/// The parameters that this crate reads itself.
#[derive(Default)]
struct Own {
    sslmode: Option<String>,
    sslrootcert: Option<String>,
    sslcert: Option<String>,
    sslkey: Option<String>,
    channel_binding: Option<String>,
    passfile: Option<PathBuf>,
}

impl Own {
    fn trust(&self) -> Result<Trust, String> {
        let file = self.sslrootcert.as_deref().filter(|file| *file != "system").map(PathBuf::from);
        match self.sslmode.as_deref() {
            None | Some("verify-full") => Ok(Trust::VerifyFull(file)),
            Some("verify-ca") => Ok(Trust::VerifyCa(file)),
            // As libpq has it.
            Some("require") if self.sslrootcert.is_some() => Ok(Trust::VerifyCa(file)),
            Some("require") => Ok(Trust::Require),
            Some("disable") => Ok(Trust::Disable),
            Some(mode @ ("prefer" | "allow")) => Err(format!(
                "has sslmode={mode}, with which anybody in between could make the connection one without TLS; say \
                 verify-full, verify-ca or require, or disable for no TLS"
            )),
            Some(_) => Err("has an sslmode that is none of verify-full, verify-ca, require and disable".to_owned()),
        }
    }

    fn identity(&self) -> Result<Option<Identity>, String> {
        match (&self.sslcert, &self.sslkey) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(Identity { certificate: certificate.into(), key: key.into() })),
            _ => Err("has one of sslcert and sslkey without the other".to_owned()),
        }
    }
}

fn channel_binding(text: &str) -> Result<ChannelBinding, String> {
    match text {
        "disable" => Ok(ChannelBinding::Disable),
        "prefer" => Ok(ChannelBinding::Prefer),
        "require" => Ok(ChannelBinding::Require),
        _ => Err("has a channel_binding that is none of disable, prefer and require".to_owned()),
    }
}

/// A password whose special characters are not escaped would be read as a host or a parameter, and then be shown.
fn check_credentials(url: &str) -> Result<(), String> {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let escape = || {
        "has a character in its user or password, or an `@` elsewhere, that must be written as `%` and its \
         hexadecimal code"
            .to_owned()
    };
    match rest.split_once('@') {
        Some((credentials, rest)) if credentials.contains(['/', '?', '#']) || rest.contains('@') => Err(escape()),
        _ => Ok(()),
    }
}

/// The URL without the parameters that this crate reads itself, and those. Parameters that it does not have are of the
/// environment.
fn take_own_parameters(url: &str, environment: &dyn Fn(&str) -> Option<String>) -> (String, Own) {
    let mut own = Own::default();
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let mut others = Vec::new();
    for parameter in query.split('&').filter(|it| !it.is_empty()) {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match key {
            "sslmode" => own.sslmode = Some(decode(value)),
            "sslrootcert" => own.sslrootcert = Some(decode(value)),
            "sslcert" => own.sslcert = Some(decode(value)),
            "sslkey" => own.sslkey = Some(decode(value)),
            "channel_binding" => own.channel_binding = Some(decode(value)),
            "passfile" => own.passfile = Some(decode(value).into()),
            _ => others.push(parameter),
        }
    }
    for (parameter, variable) in [
        (&mut own.sslmode, "PGSSLMODE"),
        (&mut own.sslrootcert, "PGSSLROOTCERT"),
        (&mut own.sslcert, "PGSSLCERT"),
        (&mut own.sslkey, "PGSSLKEY"),
        (&mut own.channel_binding, "PGCHANNELBINDING"),
    ] {
        if parameter.is_none() {
            *parameter = environment(variable).filter(|value| !value.is_empty());
        }
    }
    (if others.is_empty() { address.to_owned() } else { format!("{address}?{}", others.join("&")) }, own)
}

/// Resolves `%` and two hexadecimal digits.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The database's name, which is the user's where none is given.
fn database(config: &Config) -> &str {
    config.get_dbname().or(config.get_user()).unwrap_or_default()
}

/// The database as messages call it: its hosts and its name.
fn name(config: &Config) -> String {
    let ports = config.get_ports();
    let hosts: Vec<_> = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(at, host)| {
            let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                Host::Unix(path) => path.display().to_string(),
            }
        })
        .collect();
    format!("{}/{}", hosts.join(","), database(config))
}

/// An error of tokio-postgres about a URL: it names parameters and says nothing of their values.
fn text(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
        let find = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::read(url, &find).map_err(|error| error.to_string())
    }

    fn password(settings: &Settings) -> Option<&str> {
        settings.config.get_password().map(|password| std::str::from_utf8(password).unwrap())
    }

    #[test]
    fn tls_is_verified_unless_the_url_says_otherwise() {
        let trust = |url| read(url, &[]).unwrap().trust;
        assert_eq!(trust("postgres://a@db/x"), Trust::VerifyFull(None));
        assert_eq!(
            trust("postgres://a@db/x?sslmode=verify-full&sslrootcert=%2Fca.pem"),
            Trust::VerifyFull(Some("/ca.pem".into()))
        );
        assert_eq!(trust("postgresql://a@db/x?sslmode=require"), Trust::Require);
        assert_eq!(trust("postgres://a@db/x?sslmode=disable&application_name=y"), Trust::Disable);
        assert_eq!(trust("postgres://a@%2Frun%2Fpostgresql/x"), Trust::Disable);
        assert_eq!(trust("postgres://a@db/x?sslmode=verify-ca"), Trust::VerifyCa(None));
        assert_eq!(trust("postgres://a@db/x?sslmode=require&sslrootcert=ca"), Trust::VerifyCa(Some("ca".into())));
        assert_eq!(trust("postgres://a@db/x?sslrootcert=system"), Trust::VerifyFull(None));
        for (mode, right) in [
            ("prefer", "say verify-full, verify-ca or require"),
            ("allow", "say verify-full, verify-ca or require"),
            ("full", "verify-full, verify-ca, require and disable"),
            ("", "verify-full, verify-ca, require and disable"),
        ] {
            let error = read(&format!("postgres://a@db/x?sslmode={mode}"), &[]).unwrap_err();
            assert!(error.contains(right), "{error}");
        }
        assert_eq!(read("postgres://a@db/x", &[]).unwrap().config.get_ssl_mode(), SslMode::Require);
    }

    #[test]
    fn the_environment_stands_for_parameters_that_the_url_does_not_have() {
        let variables = [
            ("PGSSLMODE", "verify-ca"),
            ("PGSSLROOTCERT", "/ca"),
            ("PGSSLCERT", "/cert"),
            ("PGSSLKEY", "/key"),
            ("PGCHANNELBINDING", "require"),
        ];
        let settings = read("postgres://a@db/x", &variables).unwrap();
        assert_eq!(settings.trust, Trust::VerifyCa(Some("/ca".into())));
        assert_eq!(settings.identity, Some(Identity { certificate: "/cert".into(), key: "/key".into() }));
        assert_eq!(settings.config.get_channel_binding(), ChannelBinding::Require);
        let url = "postgres://a@db/x?sslmode=require&sslrootcert=system&sslcert=c&sslkey=k&channel_binding=disable";
        let settings = read(url, &variables).unwrap();
        assert_eq!((settings.trust, settings.identity.unwrap().key), (Trust::VerifyCa(None), "k".into()));
        assert_eq!(settings.config.get_channel_binding(), ChannelBinding::Disable);
        for (url, wrong) in [
            ("postgres://a@db/x?sslcert=c", "one of sslcert and sslkey"),
            ("postgres://a@db/x?channel_binding=yes", "none of disable, prefer and require"),
            ("postgres://a@db/x?channel_binding=require&sslmode=disable", "needs TLS"),
        ] {
            assert!(read(url, &[]).unwrap_err().contains(wrong), "{url}");
        }
    }

    #[test]
    fn the_password_is_of_the_url_or_the_environment_or_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "# a comment\nother:*:*:*:wrong\ndb:5433:x:a:of\\:file\n*:*:*:a:any\n").unwrap();
        let file = file.path().to_str().unwrap();
        let both = [("PGPASSWORD", "of environment"), ("PGPASSFILE", file)];
        assert_eq!(password(&read("postgres://a:of%40url@db/x", &both).unwrap()), Some("of@url"));
        assert_eq!(password(&read("postgres://a@db/x", &both).unwrap()), Some("of environment"));
        assert_eq!(password(&read("postgres://a@db:5433/x", &both[1..]).unwrap()), Some("of:file"));
        assert_eq!(password(&read("postgres://a@db/x", &both[1..]).unwrap()), Some("any"));
        assert_eq!(password(&read(&format!("postgres://a@db:5433/x?passfile={file}"), &[]).unwrap()), Some("of:file"));
        assert_eq!(password(&read("postgres://b@db/x", &both[1..]).unwrap()), None);
        let missing = read("postgres://b@db/x", &[("PGPASSFILE", "/not/there")]).unwrap_err();
        assert!(missing.contains("/not/there"), "{missing}");
    }

    #[test]
    fn each_host_is_as_the_url_says() {
        let url =
            "postgres://a:b@db:5433,other,%2Frun%2Fpostgresql:1/x?connect_timeout=3&options=-c%20a%3Db&sslmode=disable";
        let all = read(url, &[]).unwrap().to_write();
        let each = all.each_host();
        let hosts: Vec<_> = each.iter().map(|it| (it.get_hosts().to_vec(), it.get_ports().to_vec())).collect();
        let tcp = |name: &str| Host::Tcp(name.to_owned());
        let expected = [
            (vec![tcp("db")], vec![5433]),
            (vec![tcp("other")], vec![5432]),
            (vec![Host::Unix("/run/postgresql".into())], vec![1]),
        ];
        assert_eq!(hosts, expected);
        for one in each {
            assert_eq!(one.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
            assert_eq!(one.get_connect_timeout(), Some(&Duration::from_secs(3)));
            assert_eq!((one.get_user(), one.get_password()), (Some("a"), Some(b"b".as_slice())));
            assert_eq!((one.get_dbname(), one.get_options()), (Some("x"), Some("-c a=b")));
            assert_eq!(one.get_ssl_mode(), SslMode::Disable);
            assert_eq!(one.get_tcp_user_timeout(), Some(&SILENCE));
            assert_eq!(one.get_application_name(), Some("lanyard"));
        }
    }

    #[test]
    fn no_password_is_shown() {
        let settings = read("postgres://a:hunter2@db,other:5433/x", &[]).unwrap();
        assert!(!format!("{settings:?}{}", settings.place()).contains("hunter2"));
        for url in ["postgres://a:hunter2@db/x?y=z", "postgres://a@db/x?password=hunter2", "postgres://a:hunt@er2@db/x"]
        {
            assert_eq!(Settings::without_password(url), "postgres://a@db/x");
        }
        assert_eq!(settings.place().to_string(), "the database `db:5432,other:5433/x`");
        for url in [
            "postgres://a:hunter2@x@db/y",
            "postgres://a:hun/ter2@db/y",
            "postgres://a:hun?ter2@db/y",
            "postgres://a:hunter2@db/y?hunter2",
            "postgres://a:hunter2@db:port/y",
            "postgres://a:hunter2%ff@/y",
            "mysql://a:hunter2@db/y",
        ] {
            let error = read(url, &[]).unwrap_err();
            assert!(!error.contains("ter2"), "{url}: {error}");
        }
    }
}
