//! Names of servers: how one is written, and who stands behind it: the domain that somebody registered. Whatever they put
//! below it costs them nothing, so that bounds for strangers go by this and not by the host alone (SECURITY B5, C8).
//!
//! May use: the public suffix list, `url` for hosts. Must never name: rooms, HTTP, the network, `storage`. Invariant: every name below one
//! registered domain has the same answer.

use std::net::Ipv4Addr;
use url::Host;

/// The host that `text` means, in its one spelling: lower case, punycode, no dot at its end. `None`: it can be none.
#[must_use]
pub fn host(text: &str) -> Option<Host> {
    let named = |text: &str| Host::parse(text.trim_end_matches('.')).ok();
    match named(text)? {
        // What was a full stop of another script, or written with `%`, is a dot only now.
        Host::Domain(host) if host.ends_with('.') => named(&host),
        host => Some(host),
    }
}

/// The domain that was registered to have a server at `authority` (`host` or `host:port`, lower case, punycode), without
/// its port. What has none (an address, a single label, a public suffix itself) stands for itself, with its port.
///
/// Source: the public suffix list, its private part included: below `github.io` each name is somebody else's.
#[must_use]
pub fn registrable(authority: &str) -> &str {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    if authority.starts_with('[') || host.parse::<Ipv4Addr>().is_ok() {
        return authority;
    }
    psl::domain_str(host.trim_end_matches('.')).unwrap_or(authority)
}

/// Whether a name (lower case, punycode, without a port) is one below which names are sold: `com`, `co.uk`. Below those of
/// the list's private part, as `ngrok.io`, one owner answers for all, so they are none.
#[must_use]
pub fn is_ending(host: &str) -> bool {
    let whole = psl::suffix(host.as_bytes()).filter(|suffix| suffix.as_bytes() == host.as_bytes());
    !host.contains('.') || whole.is_some_and(|suffix| suffix.typ() == Some(psl::Type::Icann))
}

#[cfg(test)]
mod tests {
    use super::{host, is_ending, registrable};

    #[test]
    fn hosts_have_one_spelling() {
        let spelled = |text: &str| host(text).map(|host| host.to_string());
        for (text, expected) in [
            ("Far.Test", Some("far.test")),
            ("bücher.test.", Some("xn--bcher-kva.test")),
            ("far.test。", Some("far.test")),
            ("far.test%2e.", Some("far.test")),
            ("127.0.0.1.", Some("127.0.0.1")),
            ("[::1]", Some("[::1]")),
            ("。", None),
            ("b c", None),
            ("", None),
        ] {
            assert_eq!(spelled(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn endings_are_told_from_names() {
        for ending in ["com", "co.uk", "test"] {
            assert!(is_ending(ending), "{ending}");
        }
        for name in ["evil.com", "evil.co.uk", "ngrok.io", "far.test"] {
            assert!(!is_ending(name), "{name}");
        }
    }

    #[test]
    fn whatever_stands_below_a_registered_domain_is_its_owners() {
        for (authority, owner) in [
            ("evil.com", "evil.com"),
            ("a.evil.com", "evil.com"),
            ("b.a.evil.com:8443", "evil.com"),
            ("a.evil.co.uk", "evil.co.uk"),
            ("ann.github.io", "ann.github.io"),
            ("x.ann.github.io", "ann.github.io"),
            ("a.xn--bcher-kva.ch", "xn--bcher-kva.ch"),
            ("a.b.unknown-ending", "b.unknown-ending"),
            ("co.uk", "co.uk"),
            ("localhost:8001", "localhost:8001"),
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:3000", "192.0.2.1:3000"),
            ("[2001:db8::1]:443", "[2001:db8::1]:443"),
            ("", ""),
        ] {
            assert_eq!(registrable(authority), owner, "{authority}");
        }
    }
}
