//! `lanyard seed`: makes a generated instance of any size at a running server.

use std::io::Write;
use std::process::ExitCode;

use lanyard_model::shown;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::instance::args::{ServerArgs, announce};
use crate::output::Json;

/// Make a generated instance with the given numbers of users, profiles and queues at a running server.
///
/// The key comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without them it is `test`, as `lanyard serve` has it.
/// Quotas do not apply, and nobody in the instance has a password.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  lanyard seed --alias large --users 10000 --security-profiles 500 \
                        --hierarchy-groups 500 --queues 1000")]
pub(crate) struct Args {
    #[command(flatten)]
    server: ServerArgs,

    /// The instance's alias
    #[arg(long, value_name = "ALIAS")]
    alias: Option<String>,

    /// The seed of the generator: the same number gives the same instance
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,

    /// The number of users
    #[arg(long, default_value_t = 100, value_name = "NUMBER")]
    users: usize,

    /// The number of security profiles, in addition to the built-in ones
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    security_profiles: usize,

    /// The number of hierarchy groups: regions, sites and teams
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    hierarchy_groups: usize,

    /// The number of queues
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    queues: usize,

    /// The number of routing profiles
    #[arg(long, default_value_t = 10, value_name = "NUMBER")]
    routing_profiles: usize,

    /// The number of quick connects
    #[arg(long, default_value_t = 10, value_name = "NUMBER")]
    quick_connects: usize,

    /// The number of flow modules
    #[arg(long, default_value_t = 5, value_name = "NUMBER")]
    flow_modules: usize,

    /// The number of AI agents
    #[arg(long, default_value_t = 2, value_name = "NUMBER")]
    ai_agents: usize,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

/// Calls the server, and prints the counts of the new instance.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut body = json!({
        "seed": args.seed,
        "users": args.users,
        "security_profiles": args.security_profiles,
        "hierarchy_groups": args.hierarchy_groups,
        "queues": args.queues,
        "routing_profiles": args.routing_profiles,
        "quick_connects": args.quick_connects,
        "flow_modules": args.flow_modules,
        "ai_agents": args.ai_agents,
    });
    if let (Some(alias), Some(members)) = (&args.alias, body.as_object_mut()) {
        members.insert("alias".to_owned(), alias.as_str().into());
    }
    let (remote, words) = args.server.remote()?;
    announce(&format!("making an instance at {words}"));
    let answer: Map<String, Value> = remote.post("/lanyard/v1/seed", &body)?;
    if args.json {
        writeln!(out, "{:#}", Json(&Value::Object(answer)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    writeln!(out, "{}", shown(text("instance_id")))?;
    for (name, count) in answer.get("counts").and_then(Value::as_object).into_iter().flatten() {
        writeln!(out, "{:>8}  {}", count.to_string(), shown(&name.replace('_', " ")))?;
    }
    writeln!(out, "made in {} ms", answer.get("milliseconds").unwrap_or(&Value::Null))?;
    Ok(ExitCode::SUCCESS)
}
