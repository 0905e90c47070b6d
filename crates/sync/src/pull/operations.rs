//! The operations that a pull calls. A pull can call no other, and the policy lists these.

use lanyard_wire::{Input, Operation, shapes};
use serde::Serialize;
use serde_json::{Value, json};

use super::privacy::{Privacy, Scrub};

/// The input of an operation that a pull calls.
pub trait Pulled: Input<Operation = Operation> {
    /// Removes personal data from an answer.
    fn scrub(output: &mut Self::Output, privacy: &Privacy);
}

/// An operation that a pull calls.
pub struct Read {
    /// The operation.
    pub operation: Operation,
    /// Other actions that a caller needs, by the Service Authorization Reference: a search needs the permission to
    /// describe its results, and instances are entries of a directory of another service.
    pub also: &'static [&'static str],
}

macro_rules! reads {
    ($($input:ident $([$($also:literal),*])?;)*) => {
        /// Every operation that a pull calls.
        pub const READS: &[Read] = &[$(Read {
            operation: <shapes::$input as Input>::OPERATION,
            also: &[$($($also),*)?],
        }),*];

        $(impl Pulled for shapes::$input {
            fn scrub(output: &mut Self::Output, privacy: &Privacy) {
                Scrub::scrub(output, privacy);
            }
        })*
    };
}

reads! {
    DescribeInstanceRequest ["ds:DescribeDirectories"];
    DescribeSecurityProfileRequest;
    DescribeUserHierarchyStructureRequest;
    ListEntitySecurityProfilesRequest;
    ListInstancesRequest ["ds:DescribeDirectories"];
    ListSecurityProfileAIAgentsRequest;
    ListSecurityProfileApplicationsRequest;
    ListSecurityProfileFlowModulesRequest;
    ListSecurityProfilePermissionsRequest;
    ListSecurityProfilesRequest;
    ListUsersRequest;
    SearchContactFlowModulesRequest ["connect:DescribeContactFlowModule"];
    SearchDataTablesRequest ["connect:DescribeDataTable"];
    SearchHoursOfOperationsRequest ["connect:DescribeHoursOfOperation"];
    SearchQueuesRequest ["connect:DescribeQueue"];
    SearchQuickConnectsRequest ["connect:DescribeQuickConnect"];
    SearchRoutingProfilesRequest ["connect:DescribeRoutingProfile"];
    SearchUserHierarchyGroupsRequest ["connect:DescribeUserHierarchyGroup"];
    SearchUsersRequest ["connect:DescribeUser"];
}

/// An IAM policy.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    version: &'static str,
    statement: [Statement; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    action: Vec<String>,
    resource: Value,
}

/// The policy that a pull needs: for one instance where its ARN is given, or for all.
pub fn policy(instance_arn: Option<&str>) -> Policy {
    let mut of_instance: Vec<String> = Vec::new();
    let mut elsewhere: Vec<String> = Vec::new();
    for read in READS {
        // Finding an instance cannot be limited to one.
        let list = if read.operation == Operation::ListInstances { &mut elsewhere } else { &mut of_instance };
        list.push(format!("connect:{}", read.operation.name()));
        for action in read.also {
            let list = if action.starts_with("connect:") { &mut of_instance } else { &mut elsewhere };
            list.push((*action).to_owned());
        }
    }
    for list in [&mut of_instance, &mut elsewhere] {
        list.sort();
        list.dedup();
    }
    let resource = instance_arn.map_or(json!("*"), |arn| json!([arn, format!("{arn}/*")]));
    let statement = |sid, action, resource| Statement { sid, effect: "Allow", action, resource };
    Policy {
        version: "2012-10-17",
        statement: [
            statement("LanyardPullInstance", of_instance, resource),
            statement("LanyardPullFind", elsewhere, json!("*")),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_only_reads() {
        let policy = policy(Some("arn:aws:connect:eu-west-2:123456789012:instance/i"));
        let mut count = 0;
        for action in policy.statement.iter().flat_map(|statement| &statement.action) {
            let (_, name) = action.split_once(':').unwrap();
            assert!(["Describe", "List", "Search"].iter().any(|verb| name.starts_with(verb)), "{name}");
            count += 1;
        }
        assert!(count > READS.len());
        let [of_instance, elsewhere] = policy.statement;
        assert_eq!(of_instance.resource[1], "arn:aws:connect:eu-west-2:123456789012:instance/i/*");
        assert_eq!(elsewhere.action, ["connect:ListInstances", "ds:DescribeDirectories"]);
    }
}
