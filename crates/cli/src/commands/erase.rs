//! `lanyard erase`: removes deleted people from the entries that have them in clear.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use lanyard_model::{StreamId, Timestamp};
use lanyard_store::erasure::{By, People, erase};
use lanyard_store::{Store, random_name};

use crate::failure::Failure;
use crate::instance::args::{InstanceArg, KeyFileArg};
use crate::instance::choose;
use crate::stores;

/// Remove deleted people from the entries of the log that version 0.1.0 wrote, which have them in clear.
///
/// Later entries need nothing: a person in them is sealed with a key that deletion destroys. Every erasure is an entry of
/// the log, so that `lanyard doctor` and `lanyard history --verify` tell it from a change that nobody recorded. A data
/// directory must not be in use by a server. Backups are not changed.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  lanyard erase lanyard-data --deleted\n  lanyard erase \
                        postgres://lanyard@db.example.com/lanyard --user ana --reason 'request 42'")]
pub(crate) struct Args {
    /// The data directory, as given to `lanyard serve --data`, or the URL of the database, as given to `--database`
    #[arg(value_name = "DIR|URL")]
    directory: PathBuf,

    /// A deleted user, by identifier or by a name that the user had. Can be repeated
    #[arg(long, value_name = "NAME|ID", required_unless_present = "deleted")]
    user: Vec<String>,

    /// All users who are deleted
    #[arg(long, conflicts_with = "user")]
    deleted: bool,

    /// The reason that the log names
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// The actor that the log names
    #[arg(long, env = "USER", default_value = "operator", value_name = "NAME")]
    actor: String,

    #[command(flatten)]
    instance: InstanceArg,

    #[command(flatten)]
    key_file: KeyFileArg,
}

/// Erases, and says from which entries.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.key_file.place(&args.directory);
    // Opening a store to write would make one.
    drop(stores::open_read_only(&place).map_err(Failure::from_error)?);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_err(Failure::from_error)?;
    let by = By {
        actor: args.actor.clone(),
        reason: args.reason.clone(),
        request_id: random_name()?,
        time: Timestamp(i64::try_from(time.as_millis()).map_err(Failure::from_error)?),
    };
    let people = if args.deleted { People::Deleted } else { People::Named(args.user.clone()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = stores::open(&place).await.map_err(Failure::from_error)?;
        let mut any = false;
        for stream in streams(args, store.as_ref()).await? {
            let erased = erase(store.as_ref(), &stream, &people, &by).await?;
            if erased.revisions.is_empty() {
                continue;
            }
            any = true;
            writeln!(
                out,
                "{stream}: {} users were erased from {} entries",
                erased.people.len(),
                erased.revisions.len()
            )?;
            erased.people.iter().try_for_each(|id| writeln!(out, "  {id}"))?;
        }
        if !any {
            writeln!(out, "no entry has a deleted user in clear")?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The instance that is named, or every one that there is or was.
async fn streams(args: &Args, store: &dyn Store) -> Result<Vec<StreamId>, Failure> {
    if let Some(text) = &args.instance.instance {
        let all = choose::in_store(store).await.map_err(Failure::from_error)?;
        return Ok(vec![StreamId::Instance(choose::choose(Some(text), &all, true)?)]);
    }
    let all = store.streams().await.map_err(Failure::from_error)?;
    let all: Vec<_> =
        all.into_iter().map(|(stream, _)| stream).filter(|it| matches!(it, StreamId::Instance(_))).collect();
    if !args.deleted && all.len() > 1 {
        return Err(Failure::Message(format!(
            "there are or were {} instances; name one with --instance, so that nobody else of the name is erased",
            all.len()
        )));
    }
    Ok(all)
}
