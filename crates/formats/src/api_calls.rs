//! Mentions of Amazon Connect in code, commands and definitions of other services.

use crate::tree::Node;

/// The starts of the names of operations, as the AWS CLI has them.
const VERBS: &[&str] = &[
    "associate",
    "batch",
    "claim",
    "create",
    "delete",
    "disassociate",
    "import",
    "put",
    "release",
    "replicate",
    "start",
    "tag",
    "untag",
    "update",
];

/// Whether a text calls the API of Amazon Connect: a client of an SDK, a command of the AWS CLI, an integration of a state
/// machine or scheduler, an endpoint, or the name of an operation on security profiles.
pub(crate) fn calls_connect(text: &str) -> bool {
    let text = text.to_lowercase();
    if !text.contains("connect") && !text.contains("security") {
        return false;
    }
    let letters: String = text.chars().filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace()).collect();
    let is_named = ["securityprofile", "awssdk:connect:", "clientconnect", "connectclient", "aws.connect("];
    if is_named.iter().any(|name| letters.contains(name)) || text.split("connect.").skip(1).any(is_endpoint) {
        return true;
    }
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| match pair {
        ["client" | "resource" | "service_name" | "servicename" | "service", "connect"] => true,
        ["connect", operation] => operation.split_once('-').is_some_and(|(verb, _)| VERBS.contains(&verb)),
        _ => false,
    })
}

/// Whether a host goes on as one of a region: `us-east-1.amazonaws.com`.
fn is_endpoint(rest: &str) -> bool {
    rest.split_once(".amazonaws.com").is_some_and(|(region, _)| {
        !region.is_empty()
            && region.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '$' | '{' | '}' | ':' | '.'))
    })
}

/// Whether any text in a value calls the API, or all of them together, as the parts of a `Join` do.
pub(crate) fn any_calls_connect(node: &Node) -> bool {
    let mut texts = Vec::new();
    collect(node, &mut texts);
    texts.iter().any(|text| calls_connect(text)) || calls_connect(&texts.concat())
}

fn collect<'a>(node: &'a Node, into: &mut Vec<&'a str>) {
    into.extend(node.text());
    node.items().iter().for_each(|item| collect(item, into));
    for entry in node.entries() {
        into.push(&entry.name);
        collect(&entry.node, into);
    }
}

/// Whether any text names the service or one of its resources.
pub(crate) fn mentions_connect(node: &Node) -> bool {
    let names = |text: &str| {
        let text = text.to_lowercase();
        ["connect", "securityprofile", "security-profile", "security_profile"].iter().any(|word| text.contains(word))
    };
    node.text().is_some_and(names)
        || node.items().iter().any(mentions_connect)
        || node.entries().iter().any(|entry| names(&entry.name) || mentions_connect(&entry.node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_those_of_sdks_commands_and_integrations() {
        for text in [
            "boto3.client('connect').list_users()",
            "boto3.client(service_name=\"connect\")",
            "c.update_security_profile(x)",
            "aws --region x connect create-user --username y",
            "[\"aws\", \"connect\", \"create-user\"]",
            "arn:aws:states:::aws-sdk:connect:createUser",
            "arn:aws:scheduler:::aws-sdk:connect:updateUserSecurityProfiles",
            "require('@aws-sdk/client-connect')",
            "new AWS.Connect({})",
            "https://connect.us-east-1.amazonaws.com/users",
            "{\"service\": \"Connect\", \"action\": \"createUser\"}",
        ] {
            assert!(calls_connect(text), "{text}");
        }
        for text in
            ["Function for AWS Connect", "connect.amazonaws.com", "db.connect()", "amazon-connect-recordings", ""]
        {
            assert!(!calls_connect(text), "{text}");
        }
    }
}
