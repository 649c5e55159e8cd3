//! Names on the wire: ids (`RemoteUri`), the authority they belong to, and handles (SECURITY A11, DESIGN §11).

use crate::limits;
use std::fmt;
use url::{Host, Url};

/// Which schemes an id may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schemes {
    /// `https` only.
    Https,
    /// `http` as well: a lab, or try-out mode.
    Lab,
}

/// Why a text is not an id that can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId(pub &'static str);

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotAnId {}

/// The id of a foreign thing: its text exactly as sent, and the authority it belongs to.
///
/// Two ids are the same iff their texts are, byte by byte; nothing in a path is ever normalised (Bridgy Fed has
/// `//` and encoded URIs in ids). Whose id it is, is decided by `authority` alone.
#[derive(Debug, Clone)]
pub struct RemoteUri {
    text: String,
    authority: Authority,
    scheme_is_https: bool,
}

impl RemoteUri {
    /// Reads an id: http(s) with a host, no user info, no control characters, spaces or backslashes.
    ///
    /// # Errors
    /// The reason in a few words.
    pub fn parse(text: &str, schemes: Schemes) -> Result<Self, NotAnId> {
        if text.len() > limits::URI_BYTES_MAX {
            return Err(NotAnId("id is too long"));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(NotAnId("id holds a control character, space or backslash"));
        }
        let Ok(url) = Url::parse(text) else { return Err(NotAnId("id is not a URL")) };
        let scheme_is_https = match (url.scheme(), schemes) {
            ("https", _) => true,
            ("http", Schemes::Lab) => false,
            _ => return Err(NotAnId("id is not https")),
        };
        // `https:host/path` is a URL to a browser, and a trap to whoever compares prefixes.
        let slashes = text.get(url.scheme().len()..).is_some_and(|rest| rest.starts_with("://"));
        let named = authority_part(text);
        if !slashes || named.is_empty() || named.contains('@') || !url.username().is_empty() || url.password().is_some()
        {
            return Err(NotAnId("id has user info, or no plain authority"));
        }
        let authority = Authority::of(&url).ok_or(NotAnId("id has no usable host"))?;
        Ok(RemoteUri { text: text.to_owned(), authority, scheme_is_https })
    }

    /// The id exactly as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whose id this is.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Whether both belong to one server: same scheme and authority.
    #[must_use]
    pub fn same_origin(&self, other: &RemoteUri) -> bool {
        self.authority == other.authority && self.scheme_is_https == other.scheme_is_https
    }

    /// The id without its fragment: what is fetched to read it.
    #[must_use]
    pub fn without_fragment(&self) -> &str {
        self.text.split('#').next().unwrap_or(&self.text)
    }

    /// As a URL to connect to.
    #[must_use]
    pub fn to_url(&self) -> Url {
        Url::parse(&self.text).expect("was parsed when it was made")
    }

    /// The text, given up.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }
}

impl PartialEq for RemoteUri {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for RemoteUri {}

impl std::hash::Hash for RemoteUri {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for RemoteUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn authority_part(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or("")
}

/// A server's name: host in lower-case punycode without trailing dot, and the port where it is not the default.
///
/// `example.org`, `localhost:8080`, `[::1]:80`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Authority(String);

impl Authority {
    /// The authority of a URL; none if it has no host.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        let host = match url.host()? {
            Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                if name.is_empty() || name.ends_with('.') || name.starts_with('.') || name.contains("..") {
                    return None;
                }
                name.to_owned()
            }
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => format!("[{address}]"),
        };
        let text = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        };
        (text.len() <= limits::DOMAIN_BYTES_MAX).then_some(Authority(text))
    }

    /// Reads `host` or `host:port` as people type it: any case, IDN, a trailing dot.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.contains(|c: char| c.is_control() || c.is_whitespace() || "/\\?#@%".contains(c)) {
            return None;
        }
        Authority::of(&Url::parse(&format!("https://{text}/")).ok()?)
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        match self.0.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => &self.0,
        }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A handle `user@authority` of somebody on another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// The name, case as written (compared without case).
    pub username: String,
    /// The server it is registered at.
    pub authority: Authority,
}

impl Handle {
    /// Reads `user@host`, `@user@host` or `acct:user@host`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("acct:").unwrap_or(text);
        let (username, host) = text.strip_prefix('@').unwrap_or(text).split_once('@')?;
        if !is_username(username) {
            return None;
        }
        Some(Handle { username: username.to_owned(), authority: Authority::parse(host)? })
    }

    /// Whether both name one account: names without regard to case.
    #[must_use]
    pub fn same(&self, other: &Handle) -> bool {
        self.authority == other.authority && self.username.eq_ignore_ascii_case(&other.username)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.username, self.authority)
    }
}

/// Mastodon's grammar of remote usernames: `[a-z0-9_]+([.-]+[a-z0-9_]+)*`, any case.
#[must_use]
pub fn is_username(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    text.len() <= limits::USERNAME_BYTES_MAX
        && word(*first)
        && word(*last)
        && bytes.iter().all(|b| word(*b) || *b == b'.' || *b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(text: &str) -> Option<String> {
        RemoteUri::parse(text, Schemes::Https).ok().map(|uri| uri.authority().as_str().to_owned())
    }

    #[test]
    fn disguised_hosts_are_refused_or_seen_through() {
        for bad in [
            "https://victim.test@evil.test/",
            "https://victim.test\\@evil.test/",
            "http://victim.test/",
            "https:victim.test/a",
            "https:/victim.test/",
            "https:///victim.test/",
            "ftp://victim.test/",
            "javascript:alert(1)",
            "https://",
            "https://./",
            "https://victim.test/\u{0}",
            "https://victim.test/a b",
            "https://@victim.test/",
            "https://a..b/",
            "https://:443/",
        ] {
            assert_eq!(authority(bad), None, "{bad}");
        }
        for same in [
            "https://VICTIM.test./",
            "https://victim%2etest/",
            "https://victim。test/",
            "https://ｖictim.test/",
            "https://victim.test:443/",
            "HTTPS://victim.test/",
        ] {
            assert_eq!(authority(same).as_deref(), Some("victim.test"), "{same}");
        }
        assert_eq!(authority("https://victim.test:8443/").as_deref(), Some("victim.test:8443"));
        assert_eq!(authority("https://bücher.test/").as_deref(), Some("xn--bcher-kva.test"));
    }

    #[test]
    fn ids_are_compared_byte_by_byte() {
        let of = |text| RemoteUri::parse(text, Schemes::Https).expect("an id");
        assert_ne!(of("https://a.test/x"), of("https://A.test/x"));
        assert!(of("https://a.test/x").same_origin(&of("https://A.test./y")));
        let bridged = "https://fed.brid.gy/convert/ap/at://did:plc:x/app.bsky.feed.post/%33k";
        assert_eq!(of(bridged).as_str(), bridged);
        assert_eq!(of("https://a.test/u#main-key").without_fragment(), "https://a.test/u");
    }

    #[test]
    fn a_lab_admits_plain_http_and_keeps_origins_apart() {
        let of = |text| RemoteUri::parse(text, Schemes::Lab).expect("an id");
        assert_eq!(of("http://localhost:8080/u").authority().as_str(), "localhost:8080");
        assert!(!of("http://a.test/u").same_origin(&of("https://a.test/u")));
    }

    #[test]
    fn handles_of_every_spelling() {
        for text in ["a.b@Example.org", "@a.b@example.org.", "acct:a.b@example.org", "A.B@example.org"] {
            let handle = Handle::parse(text).expect(text);
            assert!(handle.same(&Handle::parse("a.b@example.org").expect("plain")));
        }
        for bad in ["a", "@a", "a@", "@", "a@b@c", "a b@c.d", ".a@b.c", "a@b/c", "a.@b.c"] {
            assert_eq!(Handle::parse(bad), None, "{bad}");
        }
        assert_eq!(Handle::parse("bob@localhost:8080").expect("port").authority.host(), "localhost");
    }
}
