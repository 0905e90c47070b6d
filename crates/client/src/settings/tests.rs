//! Region, endpoint and credentials in the order that AWS tools have.

use std::collections::BTreeMap;

use super::*;

const CONFIG: &str = "
[default]
region = eu-west-2
[profile dev]
region = eu-central-1
services = local
credential_process = \"/opt/my tool/keys\" --for 'dev team'
[profile plain]
aws_access_key_id = IN-CONFIG
aws_secret_access_key = s
[profile role]
role_arn = arn:aws:iam::123456789012:role/auditor
source_profile = default
[profile half]
aws_access_key_id = ONLY
[services local]
connect =
  endpoint_url = http://127.0.0.1:4510
";

const CREDENTIALS: &str = "
[default]
aws_access_key_id = DEFAULT
aws_secret_access_key = s
[plain]
aws_access_key_id = IN-CREDENTIALS
aws_secret_access_key = s
aws_session_token = t
";

fn find_with(wanted: &Wanted, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), CONFIG).unwrap();
    std::fs::write(home.path().join(".aws/credentials"), CREDENTIALS).unwrap();
    let mut variables: BTreeMap<&str, String> =
        variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    variables.insert("HOME", home.path().display().to_string());
    find(wanted, &|name| variables.get(name).cloned()).map_err(|error| error.to_string())
}

fn profile(name: &str) -> Wanted {
    Wanted { profile: Some(name.into()), ..Wanted::default() }
}

fn key(settings: &Settings) -> &str {
    match &settings.source {
        Source::Fixed(credentials) => &credentials.access_key_id,
        _ => "",
    }
}

#[test]
fn the_default_profile() {
    let settings = find_with(&Wanted::default(), &[]).unwrap();
    assert_eq!((key(&settings), &*settings.region), ("DEFAULT", "eu-west-2"));
    assert_eq!(settings.endpoint.to_string(), "https://connect.eu-west-2.amazonaws.com");
}

#[test]
fn the_environment_counts_before_the_profile_and_what_is_asked_for_before_both() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "ENV"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_REGION", "us-west-2"),
        ("AWS_DEFAULT_REGION", "us-east-2"),
        ("AWS_ENDPOINT_URL", "https://general.example"),
        ("AWS_ENDPOINT_URL_CONNECT", "https://connect.example"),
    ];
    let settings = find_with(&Wanted::default(), &variables).unwrap();
    assert_eq!((key(&settings), &*settings.region), ("ENV", "us-west-2"));
    assert_eq!(settings.endpoint.to_string(), "https://connect.example");
    let wanted = Wanted { region: Some("eu-west-1".into()), endpoint: Some("http://a:1".into()), ..profile("plain") };
    let settings = find_with(&wanted, &variables).unwrap();
    assert_eq!((key(&settings), &*settings.region), ("IN-CREDENTIALS", "eu-west-1"));
    assert_eq!(settings.endpoint.to_string(), "http://a:1");
    // A profile that is only in the environment yields to a key there.
    let mut named = variables.to_vec();
    named.push(("AWS_PROFILE", "plain"));
    assert_eq!(key(&find_with(&Wanted::default(), &named).unwrap()), "ENV");
    named.push(("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"));
    let settings = find_with(&Wanted::default(), &named).unwrap();
    assert_eq!(settings.endpoint.to_string(), "https://connect.us-west-2.amazonaws.com");
    named.push(("LANYARD_ENDPOINT", "http://127.0.0.1:4511"));
    assert_eq!(find_with(&Wanted::default(), &named).unwrap().endpoint.to_string(), "http://127.0.0.1:4511");
}

#[test]
fn the_variables_of_aws_tools_count_before_lanyards() {
    let of = |variables: &[(&str, &str)]| {
        let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
        endpoint_of_environment(&|name| variables.get(name).map(|text| (*text).to_owned()))
    };
    let all = [("LANYARD_ENDPOINT", "c"), ("AWS_ENDPOINT_URL", "b"), ("AWS_ENDPOINT_URL_CONNECT", "a")];
    assert_eq!(of(&all), Some(("AWS_ENDPOINT_URL_CONNECT", "a".to_owned())));
    assert_eq!(of(&all[..2]), Some(("AWS_ENDPOINT_URL", "b".to_owned())));
    assert_eq!(of(&all[..1]), Some(("LANYARD_ENDPOINT", "c".to_owned())));
    assert_eq!(of(&[("AWS_ENDPOINT_URL", "")]), None);
    let ignored = [all[0], all[1], ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
    assert_eq!(of(&ignored), Some(("LANYARD_ENDPOINT", "c".to_owned())));
}

#[test]
fn a_proxy_is_for_what_is_encrypted_and_not_excepted() {
    let proxied = |endpoint: &str, excepted: &str| {
        let wanted = Wanted { endpoint: Some(endpoint.into()), ..Wanted::default() };
        let variables = [("HTTPS_PROXY", "http://proxy.example:3128"), ("NO_PROXY", excepted)];
        find_with(&wanted, &variables).unwrap().endpoint.proxy.is_some()
    };
    assert!(proxied("https://connect.example", ""));
    assert!(!proxied("https://connect.example", "localhost,.example"));
    assert!(!proxied("http://connect.example", ""));
}

#[test]
fn a_program_and_the_endpoint_of_a_service() {
    let settings = find_with(&profile("dev"), &[]).unwrap();
    let Source::Process(words) = &settings.source else { panic!("{:?}", settings.source) };
    assert_eq!(*words, ["/opt/my tool/keys", "--for", "dev team"]);
    assert_eq!(settings.endpoint.to_string(), "http://127.0.0.1:4510");
    assert_eq!(settings.region, "eu-central-1");
}

#[test]
fn a_server_of_ones_own_needs_neither_key_nor_region() {
    let wanted = Wanted { endpoint: Some("http://127.0.0.1:4510".into()), ..Wanted::default() };
    let settings = find(&wanted, &|_| None).unwrap();
    assert_eq!((key(&settings), &*settings.region), ("test", "us-east-1"));
    let error = find(&Wanted::default(), &|_| None).unwrap_err();
    assert!(error.to_string().contains("--region"), "{error}");
}

#[test]
fn what_is_wrong_is_named() {
    let error = find_with(&profile("nobody"), &[]).unwrap_err();
    assert_eq!(error, "there is no profile `nobody`; there are `default`, `dev`, `half`, `plain`, `role`");
    assert!(find_with(&profile("half"), &[("AWS_REGION", "x")]).unwrap_err().contains("aws_secret_access_key"));
    assert!(find_with(&Wanted::default(), &[("AWS_ACCESS_KEY_ID", "x")]).unwrap_err().contains("both, or neither"));
    assert!(split("a 'b").is_none());
    assert_eq!(split(r#"a\ b "c \" d" '' e"#).unwrap(), ["a b", "c \" d", "", "e"]);
}

#[cfg(not(feature = "aws-credentials"))]
#[test]
fn credentials_of_a_service_are_left_to_the_aws_cli() {
    let error = find_with(&profile("role"), &[("AWS_REGION", "eu-west-2")]).unwrap_err();
    for part in ["assumes a role", "export-credentials --profile role --format env", "--features aws-credentials"] {
        assert!(error.contains(part), "{error}");
    }
    let variables = [("AWS_REGION", "eu-west-2"), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.2/")];
    let error = find(&Wanted::default(), &|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    });
    assert!(error.unwrap_err().to_string().starts_with("AWS_CONTAINER_CREDENTIALS_FULL_URI is set"));
}
