//! Region, endpoint and credentials, found where AWS tools find them.
//!
//! Arguments count first, then the environment, then the profile in the shared files (`~/.aws/config`,
//! `~/.aws/credentials`). The environment is passed in.

use std::fmt;
use std::path::PathBuf;

use lanyard_local_file::{LARGEST_OF_KEYS, read_text};
use lanyard_wire::sigv4::Secret;
use zeroize::Zeroizing;

use crate::ini::{Ini, Section};
use crate::{Credentials, Endpoint, EndpointError, Proxy, Source};

/// The address of the service, and the caller's credentials.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address of the service.
    pub endpoint: Endpoint,
    /// The region that calls are for.
    pub region: String,
    /// The source of credentials.
    pub source: Source,
}

/// Arguments; settings that are absent here come from the environment and the files.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The profile in the shared files.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The address of the service.
    pub endpoint: Option<String>,
    /// The file of certificates to trust, PEM.
    pub ca: Option<PathBuf>,
}

/// Region, endpoint or credentials that cannot be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError(String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SettingsError {}

impl From<EndpointError> for SettingsError {
    fn from(error: EndpointError) -> Self {
        Self(error.to_string())
    }
}

/// The region of a server that is not Amazon's where none is set, and the key that `lanyard serve` has.
const LOCAL_REGION: &str = "us-east-1";
const LOCAL_KEY: &str = "test";

/// Members of a profile whose credentials only a service can give.
const FROM_SERVICES: [(&str, &str); 6] = [
    ("role_arn", "assumes a role"),
    ("web_identity_token_file", "uses a web identity"),
    ("sso_session", "uses single sign-on"),
    ("sso_start_url", "uses single sign-on"),
    ("sso_account_id", "uses single sign-on"),
    ("login_session", "uses a console login"),
];

/// Variables of machines that get their credentials from a service.
const MACHINES: [&str; 3] =
    ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];

/// Finds region, endpoint and credentials. `variable` is the environment.
///
/// # Errors
/// A file cannot be read, a profile or region is missing, or credentials are such that only a service can give them and
/// the feature `aws-credentials` is not built in; the message names the remedy.
pub fn find(wanted: &Wanted, variable: &dyn Fn(&str) -> Option<String>) -> Result<Settings, SettingsError> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let named = wanted.profile.clone().or_else(|| variable("AWS_PROFILE"));
    let profile = Profile::read(named.as_deref().unwrap_or("default"), &variable)?;
    if !profile.exists
        && let Some(name) = &named
        && (wanted.profile.is_some() || key_of_environment(&variable)?.is_none())
    {
        let known = profile.known.join("`, `");
        return Err(SettingsError(match known.is_empty() {
            true => format!("there is no profile `{name}`, and no file of profiles"),
            false => format!("there is no profile `{name}`; there are `{known}`"),
        }));
    }
    let region = wanted
        .region
        .clone()
        .or_else(|| variable("AWS_REGION"))
        .or_else(|| variable("AWS_DEFAULT_REGION"))
        .or_else(|| profile.get("region"));
    let mut endpoint = endpoint(wanted, &profile, region.as_deref(), &variable)?;
    endpoint.ca = wanted.ca.clone().or_else(|| variable("AWS_CA_BUNDLE").map(PathBuf::from));
    if endpoint.ca.is_none() {
        endpoint.ca = profile.get("ca_bundle").map(PathBuf::from);
    }
    endpoint.proxy = proxy(&endpoint, &variable)?;
    let region = region.unwrap_or_else(|| LOCAL_REGION.to_owned());
    let from_environment = if wanted.profile.is_none() { key_of_environment(&variable)? } else { None };
    let source = match from_environment {
        Some(credentials) => Source::Fixed(credentials),
        None => source(&profile, named.as_deref(), &region, endpoint.is_amazon(), &variable)?,
    };
    Ok(Settings { endpoint, region, source })
}

fn endpoint(
    wanted: &Wanted,
    profile: &Profile,
    region: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Endpoint, SettingsError> {
    if let Some(address) = &wanted.endpoint {
        return Ok(Endpoint::new(address)?);
    }
    let ignored = is_ignoring(variable, profile.get("ignore_configured_endpoint_urls"));
    let of_profile = || profile.service_endpoint.clone().or_else(|| profile.get("endpoint_url"));
    let of_variable = endpoint_variable(ignored, variable).map(|(_, address)| address);
    match (of_variable.or_else(|| if ignored { None } else { of_profile() }), region) {
        (Some(address), _) => Ok(Endpoint::new(&address)?),
        (None, Some(region)) => Ok(Endpoint::of_amazon(region)?),
        (None, None) => Err(SettingsError(
            "no region: say --region REGION, or set AWS_REGION or the profile's `region`; a Lanyard server is named with \
             --endpoint URL"
                .to_owned(),
        )),
    }
}

/// Whether AWS tools are to ignore configured endpoints: by the variable, or else by the profile.
fn is_ignoring(variable: &dyn Fn(&str) -> Option<String>, of_profile: Option<String>) -> bool {
    let text = variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").or(of_profile);
    text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// The endpoint that the environment names, and the variable: those of AWS tools first, then `LANYARD_ENDPOINT`.
fn endpoint_variable(ignored: bool, variable: &dyn Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    let of_aws = if ignored { &[][..] } else { &["AWS_ENDPOINT_URL_CONNECT", "AWS_ENDPOINT_URL"] };
    of_aws.iter().chain(&["LANYARD_ENDPOINT"]).find_map(|name| Some((*name, variable(name)?)))
}

/// The endpoint that the environment names, and the variable: `AWS_ENDPOINT_URL_CONNECT`, `AWS_ENDPOINT_URL` (unless
/// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is true), `LANYARD_ENDPOINT`. An empty variable names none.
#[must_use]
pub fn endpoint_of_environment(variable: &dyn Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
    endpoint_variable(is_ignoring(&variable, None), &variable)
}

/// The proxy of the environment, for an endpoint with encryption that is not excepted.
fn proxy(endpoint: &Endpoint, variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<Proxy>, SettingsError> {
    let either = |lower: &str, upper: &str| variable(lower).or_else(|| variable(upper));
    let excepted = either("no_proxy", "NO_PROXY").is_some_and(|list| Proxy::is_bypassed(&list, endpoint.host()));
    if !endpoint.is_tls() || excepted {
        return Ok(None);
    }
    let address = either("https_proxy", "HTTPS_PROXY").map(Zeroizing::new);
    address.map(|address| Proxy::new(&address)).transpose().map_err(|error| SettingsError(error.to_string()))
}

/// The key in the environment, if there is one.
fn key_of_environment(variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<Credentials>, SettingsError> {
    match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY").map(Secret::new)) {
        (Some(access_key_id), Some(secret)) => {
            let session_token = variable("AWS_SESSION_TOKEN").map(Zeroizing::new);
            Ok(Some(Credentials { access_key_id, secret, session_token, expires: None }))
        }
        (None, None) => Ok(None),
        _ => Err(SettingsError("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set both, or neither".to_owned())),
    }
}

fn source(
    profile: &Profile,
    named: Option<&str>,
    region: &str,
    is_amazon: bool,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Source, SettingsError> {
    let is_set = |name: &str| profile.get(name).is_some();
    if let Some((_, how)) = FROM_SERVICES.iter().find(|(name, _)| is_set(name)) {
        return of_a_service(named, region, &format!("the profile `{}` {how}", named.unwrap_or("default")));
    }
    if let Some(credentials) = profile.key()? {
        return Ok(Source::Fixed(credentials));
    }
    if let Some(command) = profile.get("credential_process") {
        let words = split(&command)
            .ok_or_else(|| SettingsError(format!("`credential_process` of `{}` has an open quote", profile.name)))?;
        return Ok(Source::Process(words));
    }
    if !is_amazon {
        let secret = Secret::new(LOCAL_KEY.to_owned());
        let (access_key_id, session_token) = (LOCAL_KEY.to_owned(), None);
        return Ok(Source::Fixed(Credentials { access_key_id, secret, session_token, expires: None }));
    }
    let how = match MACHINES.iter().find(|name| variable(name).is_some()) {
        Some(name) => format!("{name} is set, so credentials come from a service"),
        None => "neither the environment nor the profile has credentials".to_owned(),
    };
    of_a_service(named, region, &how)
}

#[cfg(feature = "aws-credentials")]
fn of_a_service(named: Option<&str>, region: &str, _: &str) -> Result<Source, SettingsError> {
    Ok(Source::Amazon { profile: named.map(str::to_owned), region: region.to_owned() })
}

#[cfg(not(feature = "aws-credentials"))]
fn of_a_service(named: Option<&str>, _: &str, how: &str) -> Result<Source, SettingsError> {
    let profile = named.map(|name| format!(" --profile {name}")).unwrap_or_default();
    Err(SettingsError(format!(
        "{how}, which this build leaves to the AWS CLI: run `eval \"$(aws configure export-credentials{profile} --format \
         env)\"` first, or give a profile the line `credential_process = aws configure export-credentials{profile}`, or \
         build Lanyard with `--features aws-credentials`"
    )))
}

/// A profile of the shared files.
struct Profile {
    name: String,
    exists: bool,
    /// The profile's members; the credentials file counts before the other.
    sections: Vec<Section>,
    /// The endpoint in the section of services that the profile names.
    service_endpoint: Option<String>,
    /// The profiles that there are.
    known: Vec<String>,
}

impl Profile {
    fn read(name: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let home = variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
        let file = |set: &str, usual: &str| {
            let named = variable(set).map(|path| match (path.strip_prefix("~/"), &home) {
                (Some(rest), Some(home)) => home.join(rest),
                _ => PathBuf::from(path),
            });
            named.or_else(|| home.as_ref().map(|home| home.join(".aws").join(usual)))
        };
        let mut config = read(file("AWS_CONFIG_FILE", "config"))?;
        let mut credentials = read(file("AWS_SHARED_CREDENTIALS_FILE", "credentials"))?;
        let mut known: Vec<String> = credentials.names().map(str::to_owned).collect();
        known.extend(config.names().filter_map(|name| match name {
            "default" => Some(name.to_owned()),
            name => name.strip_prefix("profile ").map(str::to_owned),
        }));
        known.sort();
        known.dedup();
        let mut sections = Vec::new();
        sections.extend(credentials.take(name));
        sections.extend(config.take(&format!("profile {name}")));
        if name == "default" {
            sections.extend(config.take(name));
        }
        let services = sections.iter().find_map(|section| section.get("services"));
        let services = services.and_then(|services| config.section(&format!("services {}", services.as_str())));
        let service_endpoint = services.and_then(|section| section.get("connect.endpoint_url"));
        let service_endpoint = service_endpoint.map(|address| address.to_string());
        Ok(Self { name: name.to_owned(), exists: !sections.is_empty(), sections, service_endpoint, known })
    }

    fn find(&self, name: &str) -> Option<&Zeroizing<String>> {
        self.sections.iter().filter_map(|section| section.get(name)).find(|value| !value.is_empty())
    }

    /// A value that is no secret.
    fn get(&self, name: &str) -> Option<String> {
        self.find(name).map(|value| value.to_string())
    }

    /// The key in the files; both its parts are in the same one.
    fn key(&self) -> Result<Option<Credentials>, SettingsError> {
        let names = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];
        for section in &self.sections {
            let [id, secret, token] = names.map(|name| section.get(name).filter(|value| !value.is_empty()));
            match (id, secret) {
                (Some(id), Some(secret)) => {
                    return Ok(Some(Credentials {
                        access_key_id: id.to_string(),
                        secret: Secret::new(secret.to_string()),
                        session_token: token.cloned(),
                        expires: None,
                    }));
                }
                (None, None) => {}
                _ => {
                    return Err(SettingsError(format!(
                        "the profile `{}` has one of `aws_access_key_id` and `aws_secret_access_key` without the other",
                        self.name
                    )));
                }
            }
        }
        Ok(None)
    }
}

/// Reads a file of profiles; one that does not exist has none.
fn read(file: Option<PathBuf>) -> Result<Ini, SettingsError> {
    let Some(file) = file else { return Ok(Ini::default()) };
    match read_text(&file, LARGEST_OF_KEYS).map(Zeroizing::new) {
        Ok(text) => Ok(Ini::parse(&text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Ini::default()),
        Err(error) => Err(SettingsError(format!("`{}`: {error}", file.display()))),
    }
}

/// The words of a command as a shell splits them, without anything else that a shell does; nothing for an open quote.
fn split(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = command.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (_, Some(open)) if character == open => quote = None,
            ('\\', Some('"') | None) => word.get_or_insert_default().extend(characters.next()),
            (_, Some(_)) => word.get_or_insert_default().push(character),
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, None) if character.is_whitespace() => words.extend(word.take()),
            (_, None) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests;
