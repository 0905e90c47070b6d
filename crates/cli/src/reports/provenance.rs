//! The origin of a plan, for the report: who made it, when and of what.

use lanyard_analysis::{Origin, Provenance, Target};
use lanyard_model::into_shown;
use lanyard_service::SystemEnvironment;

/// The origin of a plan. `aws_profile` names the settings of AWS tools that it was made with.
pub(crate) fn provenance(target: &Target, aws_profile: Option<&str>, desired: String) -> Provenance {
    let now = SystemEnvironment::shared().now();
    let instance = target.instance_arn.clone().unwrap_or_else(|| target.instance_id.to_string());
    Provenance {
        made_at: lanyard_wire::Timestamp::from_millis(now.0).to_iso(),
        made_by: into_shown(made_by(&target.from, aws_profile)),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        instance: into_shown(instance),
        revision: target.revision,
        present: into_shown(in_words(&target.from)),
        desired: into_shown(desired),
        digest: String::new(),
    }
}

/// The user of this computer and, where the present state was read from a service, the access key.
fn made_by(origin: &Origin, aws_profile: Option<&str>) -> String {
    let read = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(read);
    let key = match (origin, aws_profile) {
        (Origin::Files { .. } | Origin::DataDirectory { .. }, _) => None,
        (_, Some(profile)) => Some(format!("the profile {profile} of AWS tools")),
        (Origin::Lanyard { .. }, None) => {
            Some(format!("the access key {}", read(&"AWS_ACCESS_KEY_ID").unwrap_or_else(|| "test".to_owned())))
        }
        (Origin::AmazonConnect { .. }, None) => read(&"AWS_ACCESS_KEY_ID").map(|id| format!("the access key {id}")),
    };
    match (user, key) {
        (Some(user), Some(key)) => format!("{user}, with {key}"),
        (Some(user), None) => user,
        (None, Some(key)) => key,
        (None, None) => String::new(),
    }
}

fn in_words(origin: &Origin) -> String {
    match origin {
        Origin::Lanyard { endpoint } => format!("the Lanyard server at {endpoint}"),
        Origin::AmazonConnect { region, endpoint: None } => format!("Amazon Connect in {region}"),
        Origin::AmazonConnect { region, endpoint: Some(endpoint) } => format!("{endpoint}, region {region}"),
        Origin::DataDirectory { path } => format!("the data directory {path}"),
        Origin::Files { path } => format!("the files {path}"),
    }
}
