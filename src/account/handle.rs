//! Handles: `name`, `name@domain`, with or without a leading `@` or `acct:`.

use crate::{limits, registrable};
use std::fmt;
use url::Host;

/// A handle that has been read. Whether anybody has it is another question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle {
    /// As written; compared in lower case.
    pub username: String,
    /// `host` or `host:port`, punycode, lower case; `None`: here.
    pub domain: Option<String>,
}

impl Handle {
    /// Reads `text`; `None` if it is no handle. `is_own` says which domains are this server.
    pub fn parse(text: &str, is_own: impl Fn(&str) -> bool) -> Option<Self> {
        let text = text.trim();
        if text.len() > limits::HANDLE_BYTES_MAX {
            return None;
        }
        let text = text.strip_prefix("acct:").unwrap_or(text);
        let text = text.strip_prefix('@').unwrap_or(text);
        let (username, domain) = match text.split_once('@') {
            Some((username, domain)) => (username, Some(normalise_domain(domain)?)),
            None => (text, None),
        };
        if !is_username(username) {
            return None;
        }
        let domain = domain.filter(|domain| !is_own(domain));
        Some(Handle { username: username.to_owned(), domain })
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.domain {
            Some(domain) => write!(f, "{}@{domain}", self.username),
            None => f.write_str(&self.username),
        }
    }
}

/// Whether `text` can be a name on some server: letters, digits, `_`, and `.` or `-` inside (FEDERATION §1).
#[must_use]
pub fn is_username(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty()
        && text.len() <= limits::USERNAME_BYTES_MAX
        && text.chars().all(|c| word(c) || c == '.' || c == '-')
        && text.starts_with(word)
        && text.ends_with(word)
}

/// The form in which domains are stored: punycode, lower case, no final dot, with a port where one is given.
#[must_use]
pub fn normalise_domain(text: &str) -> Option<String> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
        None => (text, None),
    };
    let Host::Domain(host) = registrable::host(host)? else { return None };
    if host.is_empty() || host.len() > limits::DOMAIN_BYTES_MAX {
        return None;
    }
    Some(match port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<String> {
        Handle::parse(text, |domain| domain == "here.test" || domain == "web.here.test")
            .map(|handle| handle.to_string())
    }

    #[test]
    fn handles_are_read_in_every_spelling() {
        for (text, expected) in [
            ("ann", "ann"),
            ("@ann", "ann"),
            ("@ann@here.test", "ann"),
            ("ann@WEB.Here.Test", "ann"),
            ("acct:Bob@Far.Test", "Bob@far.test"),
            (" @bob.b-c@far.test:8080 ", "bob.b-c@far.test:8080"),
            ("bob@bücher.test.", "bob@xn--bcher-kva.test"),
            ("bob@far.test。", "bob@far.test"),
            ("bob@far.test%2e.:80", "bob@far.test:80"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_handle_is_refused() {
        let long = "a".repeat(600);
        for text in [
            "",
            "@",
            "a b",
            "a@b@c",
            "a@",
            "@@a",
            "a@127.0.0.1",
            "a@127.0.0.1%2e%2e",
            "a@。",
            "a@[::1]",
            "-a",
            "a.",
            "ä",
            "a/b@c.test",
            "a@b.test:x",
            &long,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
