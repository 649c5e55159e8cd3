//! Where this server is: the origin every path kept in a row is joined to, and the domain of its handles (DESIGN §4);
//! how long an id in a row may be.

use crate::{
    error::{Error, Result},
    limits,
};
use std::sync::Arc;
use url::{Host, Url};

/// Scheme, authority and handle domain of this server. Fixed while it runs; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    base: Arc<str>,
    scheme_end: usize,
    handle_domain: Arc<str>,
    whole: Arc<Url>,
}

impl Origin {
    /// Reads `https://example.org` or, for try-outs and labs, `http://localhost:8080`.
    ///
    /// `handle_domain` is what stands behind the `@`; absent, it is the authority.
    ///
    /// # Errors
    /// `Invalid` if it is not an http(s) URL with a name and nothing behind it.
    pub fn parse(text: &str, handle_domain: Option<&str>) -> Result<Self> {
        let refuse = |why: &str| Error::invalid("origin", format!("origin {text:?} {why}"));
        let url = Url::parse(text).map_err(|error| refuse(&format!("is not a URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("must begin with https:// (or http:// for a try-out or a lab)"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("must end behind the name and port"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("must not hold a user name or password"));
        }
        let Some(Host::Domain(host)) = url.host() else { return Err(refuse("must hold a name, not an address")) };
        let authority = authority_of(host, url.port());
        let base = format!("{}://{authority}", url.scheme());
        let handle_domain = match handle_domain {
            Some(domain) => domain.trim_end_matches('.').to_lowercase(),
            None => authority,
        };
        let whole = Url::parse(&base).map_err(|error| refuse(&format!("is not a URL: {error}")))?;
        Ok(Origin {
            scheme_end: url.scheme().len(),
            base: base.into(),
            handle_domain: handle_domain.into(),
            whole: Arc::new(whole),
        })
    }

    /// `https` or `http`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.base[..self.scheme_end]
    }

    /// `host`, or `host:port` where the port is not the scheme's own: what is compared as "same host".
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.base[self.scheme_end + 3..]
    }

    /// The name without port.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.authority();
        authority.split_once(':').map_or(authority, |(host, _)| host)
    }

    /// Scheme and authority, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.base
    }

    /// The same as a URL.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.whole
    }

    /// What stands behind the `@` of accounts here.
    #[must_use]
    pub fn handle_domain(&self) -> &str {
        &self.handle_domain
    }

    /// The absolute URL of a path kept in a row (`/users/x`); an absolute URL stays as it is.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() }
    }

    /// Whether `url` is an absolute URL of this server.
    #[must_use]
    pub fn is_own(&self, url: &str) -> bool {
        self.path_of(url).is_some()
    }

    /// The path (with query and fragment) of an absolute URL of this server; `None` for any other.
    ///
    /// Ids are compared byte by byte (SECURITY A11), so a differently spelled host is not ours.
    #[must_use]
    pub fn path_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        url.strip_prefix(self.base.as_ref()).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether `domain` (of a handle or a request) is this server: its authority or its handle domain.
    #[must_use]
    pub fn is_own_domain(&self, domain: &str) -> bool {
        domain.eq_ignore_ascii_case(self.authority()) || domain.eq_ignore_ascii_case(&self.handle_domain)
    }

    /// Whether cookies may be `Secure` and HSTS may be sent.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme() == "https"
    }

    /// `localhost` or below it: a try-out, or a lab.
    #[must_use]
    pub fn is_localhost(&self) -> bool {
        self.host() == "localhost" || self.host().ends_with(".localhost")
    }

    /// A name that lab mode accepts: `localhost`, `*.localhost`, `*.test`.
    #[must_use]
    pub fn is_lab_name(&self) -> bool {
        self.is_localhost() || self.host().ends_with(".test")
    }
}

/// Holds the id of an activity or an object of elsewhere against what a row takes.
///
/// # Errors
/// `Invalid` above `limits::URI_BYTES_MAX`.
pub(crate) fn check_uri(uri: &str) -> Result<()> {
    if uri.len() > limits::URI_BYTES_MAX {
        return Err(Error::invalid("id", format!("id has {} bytes; at most {}", uri.len(), limits::URI_BYTES_MAX)));
    }
    Ok(())
}

fn authority_of(host: &str, port: Option<u16>) -> String {
    let host = host.trim_end_matches('.');
    match port {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_keeps_the_port_in_its_authority() {
        let origin = Origin::parse("http://localhost:8080", None).expect("valid");
        assert_eq!((origin.scheme(), origin.authority(), origin.host()), ("http", "localhost:8080", "localhost"));
        assert_eq!(origin.handle_domain(), "localhost:8080");
        assert_eq!(origin.url("/users/a"), "http://localhost:8080/users/a");
    }

    #[test]
    fn default_port_is_dropped_and_names_are_lower_case() {
        let origin = Origin::parse("https://Example.ORG:443/", Some("Example.org")).expect("valid");
        assert_eq!(origin.as_str(), "https://example.org");
        assert_eq!(origin.handle_domain(), "example.org");
    }

    #[test]
    fn own_urls_begin_with_the_whole_origin() {
        let origin = Origin::parse("https://a.test", None).expect("valid");
        assert!(origin.is_own("https://a.test/users/x"));
        for other in ["https://a.test.evil/users/x", "http://a.test/x", "https://a.test:444/x", "https://A.test/x"] {
            assert!(!origin.is_own(other), "{other}");
        }
    }

    #[test]
    fn paths_users_and_addresses_are_refused() {
        for bad in
            ["https://a.test/x", "https://u@a.test", "https://127.0.0.1", "ftp://a.test", "a.test", "https://a.test?x"]
        {
            assert!(Origin::parse(bad, None).is_err(), "{bad}");
        }
    }
}
