//! The address of the service, and the certificates that prove its identity.

use std::fmt;
use std::path::PathBuf;

use base64::Engine as _;
use http::Uri;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// The address of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    uri: Uri,
    /// The file of certificates to trust, PEM, instead of those that the machine trusts.
    pub ca: Option<PathBuf>,
    /// The proxy, for an endpoint with encryption; it receives the host's name, and requests only in encrypted form.
    pub proxy: Option<Proxy>,
}

/// Text that names no endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError(String);

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the endpoint `{}` is not of the form http://HOST:PORT or https://HOST", self.0)
    }
}

impl std::error::Error for EndpointError {}

impl Endpoint {
    /// The endpoint at an address of the form `http://HOST:PORT` or `https://HOST`.
    ///
    /// # Errors
    /// For other text, and for an address with a path or a query: every operation has its own.
    pub fn new(address: &str) -> Result<Self, EndpointError> {
        let wrong = || EndpointError(address.to_owned());
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        let is_bare = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none();
        if is_http && is_bare { Ok(Self { uri, ca: None, proxy: None }) } else { Err(wrong()) }
    }

    /// Amazon's own endpoint for a region.
    ///
    /// # Errors
    /// For a region that makes no host name.
    pub fn of_amazon(region: &str) -> Result<Self, EndpointError> {
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let address = format!("https://connect.{region}.{suffix}");
        match !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            true => Self::new(&address),
            false => Err(EndpointError(address)),
        }
    }

    /// Whether this is Amazon's service, whose quota is shared with the contact centre's own work.
    #[must_use]
    pub fn is_amazon(&self) -> bool {
        let host = self.host().to_ascii_lowercase();
        [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"].iter().any(|suffix| host.ends_with(suffix))
    }

    /// Whether it is the same service: scheme, host and port are equal, or both are Amazon's.
    #[must_use]
    pub fn is_same_service(&self, other: &Self) -> bool {
        let parts = |it: &Self| (it.is_tls(), it.host().to_ascii_lowercase(), it.port());
        parts(self) == parts(other) || (self.is_amazon() && other.is_amazon())
    }

    /// The host's name or address, without the brackets of IPv6.
    #[must_use]
    pub fn host(&self) -> &str {
        self.uri.host().unwrap_or_default().trim_matches(['[', ']'])
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_tls() { 443 } else { 80 })
    }

    /// Whether what is sent is encrypted.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// The value of the `host` header.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.uri.scheme_str().unwrap_or_default(), self.authority())
    }
}

/// A proxy that connects to other hosts (`CONNECT`).
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The value of the `proxy-authorization` header.
    pub(crate) authorization: Option<Zeroizing<String>>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Proxy {
    /// The proxy at an address of the form `http://[NAME:PASSWORD@]HOST:PORT`, or `HOST:PORT`.
    ///
    /// # Errors
    /// For other text, and for a proxy that requires TLS.
    pub fn new(address: &str) -> Result<Self, ProxyError> {
        let bare = address.strip_prefix("http://").unwrap_or(address).trim_end_matches('/');
        let (user, place) = bare.rsplit_once('@').map_or((None, bare), |(user, place)| (Some(user), place));
        let place: http::uri::Authority = place.parse().map_err(|_| ProxyError)?;
        let authorization = user.map(|user| {
            // The whole capacity at once: a vector that grows leaves copies of a password behind.
            let mut decoded = Zeroizing::new(Vec::with_capacity(user.len()));
            decoded.extend(percent_decode_str(user));
            Zeroizing::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(decoded.as_slice())))
        });
        match place.host().is_empty() || bare.contains("://") {
            true => Err(ProxyError),
            false => Ok(Self {
                host: place.host().trim_matches(['[', ']']).to_owned(),
                port: place.port_u16().unwrap_or(80),
                authorization,
            }),
        }
    }

    /// Whether a list of hosts (`NO_PROXY`) has one: by name, by the end of the name, or all with `*`.
    #[must_use]
    pub fn is_bypassed(list: &str, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        list.split(',').map(|entry| entry.trim().to_ascii_lowercase()).any(|entry| {
            let end = entry.trim_start_matches('*').trim_start_matches('.');
            entry == "*" || (!end.is_empty() && (host == end || host.ends_with(&format!(".{end}"))))
        })
    }
}

/// Text that names no proxy. The text is not repeated, since it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyError;

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proxy in HTTPS_PROXY is not of the form http://HOST:PORT")
    }
}

impl std::error::Error for ProxyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazon_is_known_by_its_names() {
        let of = |region| Endpoint::of_amazon(region).unwrap();
        assert_eq!(of("eu-west-2").to_string(), "https://connect.eu-west-2.amazonaws.com");
        assert_eq!(of("cn-north-1").to_string(), "https://connect.cn-north-1.amazonaws.com.cn");
        assert!(of("cn-north-1").is_amazon() && of("us-gov-west-1").is_amazon());
        let private = Endpoint::new("https://vpce-1-2.connect.eu-west-2.vpce.amazonaws.com").unwrap();
        assert!(private.is_amazon());
        for address in ["http://127.0.0.1:4510", "https://amazonaws.com.example.org"] {
            assert!(!Endpoint::new(address).unwrap().is_amazon(), "{address}");
        }
        assert!(Endpoint::of_amazon("x/y").is_err() && Endpoint::of_amazon("").is_err());
    }

    #[test]
    fn an_address_is_a_host_and_nothing_else() {
        let local = Endpoint::new("http://[::1]:4510/").unwrap();
        assert_eq!((local.host(), local.port(), local.authority()), ("::1", 4510, "[::1]:4510"));
        assert_eq!(Endpoint::new("https://a.example").unwrap().port(), 443);
        for address in ["", "localhost", "ftp://a", "http://a/b", "http://a?b=c", "http://user:pass@a"] {
            assert!(Endpoint::new(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_proxy_is_a_host_with_or_without_a_password() {
        let proxy = Proxy::new("http://user:p%40ss@proxy.example:3128/").unwrap();
        assert_eq!((&*proxy.host, proxy.port), ("proxy.example", 3128));
        assert_eq!(proxy.authorization.as_deref().map(String::as_str), Some("Basic dXNlcjpwQHNz"));
        assert!(!format!("{proxy:?}").contains("dXNlcjpwQHNz"));
        assert_eq!(Proxy::new("proxy.example:8080").map(|it| it.port), Ok(8080));
        for address in ["", "https://proxy.example", "http://a b"] {
            assert!(Proxy::new(address).is_err(), "{address}");
        }
    }

    #[test]
    fn hosts_that_need_no_proxy() {
        let host = "connect.eu-west-2.amazonaws.com";
        for list in ["*", "localhost, .amazonaws.com", "AMAZONAWS.COM", "*.amazonaws.com", host] {
            assert!(Proxy::is_bypassed(list, host), "{list}");
        }
        for list in ["", ",", "example.org", "ws.com", "connect"] {
            assert!(!Proxy::is_bypassed(list, host), "{list}");
        }
    }
}
