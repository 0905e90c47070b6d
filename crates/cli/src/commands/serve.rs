//! `lanyard serve`: the server.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use lanyard_api::{Api, DecisionLogTarget, Freshness, Settings};
use lanyard_authn::{Credential, Credentials, SessionLimits};
use lanyard_server::http::listener::Listener;
use lanyard_server::http::tls::Tls;
use lanyard_service::{Config, Demo, Quotas, Retention, Service, SystemEnvironment, UnknownPermissions, Upkeep};
use tracing_subscriber::filter::LevelFilter;

use crate::failure::Failure;
use crate::instance::args::{CatalogueArg, KeyFileArg};
use crate::output::{LogForm, LogOutput, is_coloured};
use crate::stores;

/// The interval between checks of the file of access keys.
const RELOAD: Duration = Duration::from_secs(1);

/// Serve the Amazon Connect API from a data directory.
///
/// Without access keys the server listens only on a loopback address and accepts the key `test` with the secret `test`,
/// account 123456789012.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  lanyard serve --demo\n  lanyard serve --listen 0.0.0.0:4510 --data /var/lib/lanyard \
                        --credentials keys.ini --tls-certificate cert.pem --tls-key key.pem"
)]
pub(crate) struct Args {
    /// The address and port to listen on; port 0 takes a free one
    #[arg(long, env = "LANYARD_LISTEN", default_value = "127.0.0.1:4510", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,

    /// The directory that holds the data; made when it is not there
    #[arg(long, env = "LANYARD_DATA", default_value = "lanyard-data", value_name = "DIR")]
    data: PathBuf,

    /// A PostgreSQL database instead, as postgres://USER@HOST/DATABASE; its tables are made when they are not there. The
    /// password comes from the URL, PGPASSWORD or a password file
    #[arg(long, env = "LANYARD_DATABASE", hide_env_values = true, conflicts_with = "data", value_name = "URL")]
    database: Option<PathBuf>,

    #[command(flatten)]
    key_file: KeyFileArg,

    /// A file of access keys, in the format of AWS credentials files with `account`, `name` and `mode` added; read again
    /// when it changes
    #[arg(long, env = "LANYARD_CREDENTIALS", value_name = "FILE")]
    credentials: Option<PathBuf>,

    /// An access key, for development: others on this machine can see the command line. Can be repeated
    #[arg(
        long,
        env = "LANYARD_ACCESS_KEY",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "ID:SECRET[:ACCOUNT]"
    )]
    access_key: Vec<String>,

    /// About how much memory instances may take, such as 2GiB: those that were used the longest ago are dropped, and
    /// loaded again when they are asked for
    #[arg(long, env = "LANYARD_MEMORY", value_name = "BYTES", value_parser = bytes)]
    memory: Option<u64>,

    /// The state behind a decision when several nodes share a database, unless the question says it: the newest, for which
    /// the database is asked, or the local one, whose age the answer states
    #[arg(long, env = "LANYARD_READ", value_name = "STATE", default_value = "newest")]
    read: Read,

    /// Make a small contact centre to try things on, if it is not there yet
    #[arg(long, env = "LANYARD_DEMO")]
    demo: bool,

    /// Limit requests as the service does: 2 a second, bursts of 5, per account and region
    #[arg(long, env = "LANYARD_THROTTLE")]
    throttle: bool,

    /// The handling of names in a security profile that do not exist: a well-formed permission outside the catalogue, or a
    /// namespace, tool or flow module that is not registered
    #[arg(long, env = "LANYARD_UNKNOWN_PERMISSIONS", value_name = "ACTION", default_value = "warn")]
    unknown_permissions: OnUnknown,

    #[command(flatten)]
    catalogue: CatalogueArg,

    /// Set a quota, such as security-profiles=500, or lift it: security-profiles=none. Can be repeated
    #[arg(long, env = "LANYARD_QUOTA", value_delimiter = ',', value_name = "NAME=NUMBER")]
    quota: Vec<String>,

    /// The address at which clients reach the server, such as https://access.example.com, for the metadata of decision points
    #[arg(long, env = "LANYARD_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<String>,

    /// After how many minutes without a request a user's session ends, or up to a tenth earlier
    #[arg(long, env = "LANYARD_SESSION_IDLE", value_name = "MINUTES", default_value = "30", value_parser = minutes())]
    session_idle: u32,

    /// After how many minutes a user's session ends in any case
    #[arg(long, env = "LANYARD_SESSION_LIFE", value_name = "MINUTES", default_value = "720", value_parser = minutes())]
    session_life: u32,

    /// Write every decision to a file, or with - to standard output: a JSON object a line
    #[arg(long, env = "LANYARD_DECISION_LOG", value_name = "FILE")]
    decision_log: Option<PathBuf>,

    /// The part of the allows that the decision log keeps, from 0 to 1; refusals are always kept
    #[arg(
        long,
        env = "LANYARD_DECISION_LOG_SAMPLE",
        value_name = "FRACTION",
        default_value = "1",
        value_parser = fraction,
        requires = "decision_log"
    )]
    decision_log_sample: f64,

    /// Set the decision log's file aside as FILE.1, FILE.2 and so on before it is larger than this
    #[arg(long, env = "LANYARD_DECISION_LOG_ROTATE", value_name = "BYTES", requires = "decision_log")]
    decision_log_rotate: Option<u64>,

    /// Archive entries of the log that are older: an age such as 90d, 12h or 30m
    #[arg(long, env = "LANYARD_KEEP_HISTORY", value_name = "AGE", value_parser = age, requires = "archive_to")]
    keep_history: Option<Duration>,

    /// The directory of the archives; made when it is not there
    #[arg(long, env = "LANYARD_ARCHIVE_TO", value_name = "DIR", requires = "keep_history")]
    archive_to: Option<PathBuf>,

    /// The server's certificate and those that lead to it, PEM
    #[arg(long, env = "LANYARD_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,

    /// The certificate's private key, PEM
    #[arg(long, env = "LANYARD_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,

    /// The level of the log, which is written to standard error
    #[arg(long, env = "LANYARD_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: LogLevel,

    /// The format of the log
    #[arg(long, env = "LANYARD_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum Read {
    /// With everything that any node acknowledged before the question
    Newest,
    /// As this node has it in memory, at most 5 seconds old
    Local,
}

#[derive(Clone, Copy, ValueEnum)]
enum OnUnknown {
    /// Store it, log it, and suggest the nearest names in a header of the answer
    Warn,
    /// Refuse the request
    Reject,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// A line for people
    Text,
    /// A JSON object a line
    Json,
}

/// Serves until a signal stops the process.
pub(crate) fn run(args: Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    start_log(args.log_level, args.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args, out))
}

async fn serve(args: Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let credentials = Arc::new(credentials(&args)?);
    if !args.listen.ip().is_loopback() && credentials.has_default_key() {
        return Err(Failure::Message(format!(
            "the key `test` with the secret `test` is only for loopback addresses, and {} is none; \
             give keys of your own with --credentials FILE",
            args.listen.ip()
        )));
    }
    let tls = match (&args.tls_certificate, &args.tls_key) {
        (Some(certificate), Some(key)) => Some(Tls::load(certificate, key)?),
        _ => None,
    };
    let config = config(&args)?;
    let place = args.database.as_ref().unwrap_or(&args.data);
    if args.database.is_some() && !stores::is_database(place) {
        return Err(Failure::Message("--database takes a URL that begins with postgres://".to_owned()));
    }
    let store = stores::open(&args.key_file.place(place)).await.map_err(|error| error.to_string())?;
    let service = Service::start(Arc::from(store), SystemEnvironment::shared(), config);
    let api = Api::new(Arc::clone(&service), Arc::clone(&credentials), &settings(&args))
        .map_err(|error| error.to_string())?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let listener =
        Listener::bind(args.listen, tls).await.map_err(|error| format!("cannot listen on {}: {error}", args.listen))?;
    let endpoint = format!("{scheme}://{}", listener.address()?);
    if args.demo {
        let key = credentials.first_writer().ok_or("the demo needs an access key that may write".to_owned())?;
        let demo = Demo::make(&service, &key)
            .await
            .map_err(|error| format!("the demo could not be made: {}", error.detail().unwrap_or(error.message())))?;
        let data = match &args.database {
            Some(url) => PathBuf::from(stores::shown(url)),
            None => std::path::absolute(&args.data)?,
        };
        write!(out, "{}", demo.text(&endpoint, &data, &this_command()))?;
        out.flush()?;
    }
    tracing::info!(endpoint, data = stores::shown(place), "serving");
    let upkeep = Upkeep::new(Arc::clone(&service.node.store), retention(&args)?);
    let upkeep = tokio::spawn(upkeep.run(Arc::clone(&service.node.environment), Arc::clone(&service.heavy)));
    if args.credentials.is_some() {
        tokio::spawn(keep_current(credentials, args.listen.ip().is_loopback()));
    }
    listener.serve(api, stop_signal()).await;
    upkeep.abort();
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The command line that runs this program: its name where a shell finds it, else its path.
fn this_command() -> String {
    let typed = std::env::args().next().filter(|name| !name.is_empty() && !name.contains('/'));
    let place = || std::env::current_exe().ok().map(|path| path.display().to_string());
    typed.or_else(place).unwrap_or_else(|| "lanyard".to_owned())
}

fn start_log(level: LogLevel, format: LogFormat) {
    let level = match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let coloured = is_coloured(&std::io::stderr());
    let form = match (format, coloured) {
        (LogFormat::Json, _) => LogForm::Json,
        (LogFormat::Text, true) => LogForm::ColouredText,
        (LogFormat::Text, false) => LogForm::Text,
    };
    let writer = move || LogOutput { inner: std::io::stderr(), form };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(writer).with_ansi(coloured);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

/// The access keys: those of the file and of the command line, or the development key when there are none.
fn credentials(args: &Args) -> Result<Credentials, Failure> {
    let given = args.access_key.iter().map(|text| Credential::from_argument(text)).collect::<Result<Vec<_>, _>>();
    let given = given.map_err(|error| error.to_string())?;
    Credentials::new(args.credentials.clone(), given).map_err(Failure::from_error)
}

fn config(args: &Args) -> Result<Config, Failure> {
    let mut quotas = Quotas::default();
    for setting in &args.quota {
        quotas.set(setting)?;
    }
    let unknown_permissions = match args.unknown_permissions {
        OnUnknown::Warn => UnknownPermissions::Warn,
        OnUnknown::Reject => UnknownPermissions::Reject,
    };
    let catalogue = Some(args.catalogue.catalogue()?);
    Ok(Config {
        quotas,
        unknown_permissions,
        catalogue,
        memory: args.memory,
        sessions: SessionLimits { idle_minutes: args.session_idle, life_minutes: args.session_life },
    })
}

fn settings(args: &Args) -> Settings {
    let decision_log = args.decision_log.as_ref().map(|file| DecisionLogTarget {
        file: (file != Path::new("-")).then(|| file.clone()),
        sample: args.decision_log_sample,
        rotate: args.decision_log_rotate,
    });
    Settings {
        throttle: args.throttle,
        loopback: args.listen.ip().is_loopback(),
        tls: args.tls_certificate.is_some(),
        public_url: args.public_url.clone(),
        decision_log,
        freshness: match args.read {
            Read::Newest => Freshness::Newest,
            Read::Local => Freshness::local(),
        },
    }
}

/// A number of bytes, with a suffix such as MB or GiB or without one.
fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || "must be a number of bytes, such as 512MiB or 2GB".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.trim_end().parse().map_err(|_| wrong())?;
    number.checked_mul(unit).ok_or_else(wrong)
}

/// How long entries are kept; the directory of the archives is made.
fn retention(args: &Args) -> Result<Option<Retention>, Failure> {
    let (Some(age), Some(directory)) = (args.keep_history, &args.archive_to) else { return Ok(None) };
    let failed = |error: std::io::Error| format!("the directory of archives `{}`: {error}", directory.display());
    std::fs::create_dir_all(directory).map_err(failed)?;
    Ok(Some(Retention { age, directory: directory.clone() }))
}

/// An age: a number and a unit.
fn age(text: &str) -> Result<Duration, String> {
    let seconds = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)].iter().find_map(|(unit, seconds)| {
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(*seconds)
    });
    let seconds = seconds.filter(|it| (1..=86_400 * 36_500).contains(it));
    seconds.map(Duration::from_secs).ok_or_else(|| "must be a number and d, h, m or s, such as 90d".to_owned())
}

/// A time of at least a minute and at most thirty days.
fn minutes() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=30 * 24 * 60)
}

/// An address that paths can be put behind.
fn public_url(text: &str) -> Result<String, String> {
    let wrong = || "must be an http or https address without a query or fragment".to_owned();
    let uri: http::Uri = text.parse().map_err(|_| wrong())?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    if !is_web || uri.host().is_none_or(str::is_empty) || uri.query().is_some() || text.contains('#') {
        return Err(wrong());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn fraction(text: &str) -> Result<f64, String> {
    let fraction = text.parse().ok().filter(|fraction| (0.0..=1.0).contains(fraction));
    fraction.ok_or_else(|| "must be a number from 0 to 1".to_owned())
}

/// Reads the file of access keys again whenever it changes. One that cannot be read leaves the keys as they are.
async fn keep_current(credentials: Arc<Credentials>, is_loopback: bool) {
    loop {
        tokio::time::sleep(RELOAD).await;
        match credentials.reload_if_changed(is_loopback) {
            Ok(true) => tracing::info!("the access keys were read again"),
            Ok(false) => {}
            Err(error) => tracing::error!("the access keys stay as they were: {error}"),
        }
    }
}

/// Waits for the signal that stops the process.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        _ => std::future::pending().await,
    }
}
