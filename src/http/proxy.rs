//! Proxies in front of this server: whose word about where a request comes from is taken, and what is wrong with one that
//! gives none, so that a proxy's own address never stands for everybody who comes through it.
//!
//! Believed are connections from this machine, from `trusted_proxies`, and, where that is not set and this server is
//! reached over https although it listens without TLS, so that there must be a proxy, from addresses that nobody has on
//! the internet (RFC 1918, RFC 4193): containers and other machines of a home. Of several addresses in
//! `X-Forwarded-For` the right-most that is no trusted proxy counts (SECURITY D7).

use crate::{config::Network, limits};
use http::HeaderMap;
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, PoisonError},
};
use storage::Timestamp;

/// What is known of proxies.
pub struct Proxies {
    /// Those an administrator names; `None`: none is named.
    trusted: Option<Vec<Network>>,
    /// A proxy must be there.
    expected: bool,
    seen: Mutex<Seen>,
}

/// Whom a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Their address, or that of the proxy.
    pub address: IpAddr,
    /// Only the proxy is known: the address stands for anybody.
    pub is_anybody: bool,
}

/// How requests came in this stretch of time and in the one before.
#[derive(Default)]
struct Seen {
    now: Stretch,
    before: Stretch,
}

#[derive(Default)]
struct Stretch {
    since: Option<Timestamp>,
    requests: u32,
    /// Through a believed proxy that does not say for whom, and the last of these.
    nameless: (u32, Option<IpAddr>),
    /// With a word that is not believed, by address; at most `limits::PROXIES_WATCHED`.
    unbelieved: HashMap<IpAddr, u32>,
}

impl Proxies {
    /// `trusted` as it is configured; `expected` if this server listens without TLS and is reached with it.
    #[must_use]
    pub fn new(trusted: Option<Vec<Network>>, expected: bool) -> Self {
        Proxies { trusted, expected, seen: Mutex::default() }
    }

    /// Whether connections from `peer` may be those of a proxy, which has many.
    #[must_use]
    pub fn is_believed(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        match &self.trusted {
            _ if peer.is_loopback() => true,
            Some(trusted) => trusted.iter().any(|network| network.contains(peer)),
            None => self.expected && is_of_a_home(peer),
        }
    }

    /// Whom a request on a connection from `peer` comes from.
    #[must_use]
    pub fn caller(&self, headers: &HeaderMap, peer: IpAddr) -> Caller {
        let known = |address| Caller { address, is_anybody: false };
        if !self.is_believed(peer) {
            return known(peer);
        }
        let mut nearest = None;
        // One that is only believed for being near may be somebody at home, or the end of somebody's tunnel.
        let passes_on = |address: IpAddr| self.trusted.iter().flatten().any(|network| network.contains(address));
        for address in said(headers) {
            // What stands left of something that is no address came through what nobody knows.
            let Some(address) = address else { break };
            nearest = Some(address);
            if !passes_on(address) {
                break;
            }
        }
        match nearest {
            Some(address) => known(address),
            None => Caller { address: peer, is_anybody: self.expected },
        }
    }

    /// Notes how a request came.
    pub fn note(&self, headers: &HeaderMap, peer: IpAddr, caller: Caller, now: Timestamp) {
        if !self.expected {
            return;
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let since = *seen.now.since.get_or_insert(now);
        if now >= since.plus_ms(limits::PROXIES_WATCHED_MS) {
            seen.before = std::mem::take(&mut seen.now);
            seen.now.since = Some(now);
        }
        let stretch = &mut seen.now;
        stretch.requests = stretch.requests.saturating_add(1);
        let peer = peer.to_canonical();
        if caller.is_anybody {
            stretch.nameless = (stretch.nameless.0.saturating_add(1), Some(peer));
        } else if caller.address == peer && said(headers).next().is_some() && !self.is_believed(peer) {
            let room = stretch.unbelieved.len() < limits::PROXIES_WATCHED;
            if room || stretch.unbelieved.contains_key(&peer) {
                let count = stretch.unbelieved.entry(peer).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    /// What is wrong with the proxy, in words; of the last hour or two.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        [&seen.now, &seen.before].into_iter().find_map(Stretch::problem)
    }
}

impl Stretch {
    fn problem(&self) -> Option<String> {
        if self.requests < limits::PROXY_JUDGED_REQUESTS {
            return None;
        }
        // Some come from this machine itself, past the proxy.
        if let (count, Some(peer)) = self.nameless
            && count > self.requests / 2
        {
            return Some(format!(
                "the proxy at {peer} does not say for whom it asks: but for what other servers send, which counts by who signs \
                 it, everybody counts as one address and is soon told to wait; have it send X-Forwarded-For (docs/OPERATING.md, \"Behind a reverse proxy\")"
            ));
        }
        let nearly_all = |count: u32| u64::from(count) * 10 >= u64::from(self.requests) * 9;
        let (peer, _) = self.unbelieved.iter().find(|(_, count)| nearly_all(**count))?;
        Some(format!(
            "nearly all requests come from {peer} on behalf of others, and count as its own: if that is your proxy, say so \
             in dassie.toml with trusted_proxies = \"{peer}\"; if you do not know it, bar it"
        ))
    }
}

/// What `X-Forwarded-For` says, the right-most first; `None` for what is no address.
fn said(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all("x-forwarded-for").iter().collect::<Vec<_>>().into_iter().rev();
    // Part by part: a caller may send any bytes, and the proxy writes its word behind them on the same line.
    let parts = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    parts
        .map(|part| std::str::from_utf8(part).ok().and_then(|part| address(part.trim())))
        .take(limits::PROXIES_IN_A_ROW)
}

/// An address, also with a port and in brackets, as some proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let parsed = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|both| both.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

/// An address that nobody has on the internet, and that is not shared with a provider's other customers.
fn is_of_a_home(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn at(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn headers(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| {
                let value = HeaderValue::from_bytes(line.as_bytes()).expect("a value");
                (http::HeaderName::from_static("x-forwarded-for"), value)
            })
            .collect()
    }

    fn named(text: &str) -> Option<Vec<Network>> {
        Some(text.split(' ').map(|network| network.parse().expect("a network")).collect())
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_counts() {
        for (proxies, peer, lines, from) in [
            (Proxies::new(None, false), "127.0.0.1", &["192.0.2.1, 192.0.2.2"][..], "192.0.2.2"),
            (Proxies::new(None, false), "::ffff:127.0.0.1", &["192.0.2.1", "192.0.2.2"], "192.0.2.2"),
            (Proxies::new(None, false), "127.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            (Proxies::new(None, false), "127.0.0.1", &["192.0.2.9:80"], "192.0.2.9"),
            // Whatever bytes a caller sends, the proxy's word behind them counts.
            (Proxies::new(None, true), "127.0.0.1", &["\u{e9}, 203.0.113.9"], "203.0.113.9"),
            (Proxies::new(None, true), "127.0.0.1", &["\u{e9}\t\u{1F9AB}", "203.0.113.9"], "203.0.113.9"),
            // Nobody else is believed, but where there must be a proxy, and then nobody from the internet.
            (Proxies::new(None, false), "172.17.0.1", &["192.0.2.2"], "172.17.0.1"),
            (Proxies::new(None, true), "172.17.0.1", &["192.0.2.1, 192.0.2.2"], "192.0.2.2"),
            (Proxies::new(None, true), "fd00::2", &["192.0.2.2"], "192.0.2.2"),
            (Proxies::new(None, true), "203.0.113.5", &["192.0.2.2"], "203.0.113.5"),
            // Somebody at home through a proxy at home is no proxy, nor is whoever comes through a tunnel to this machine.
            (Proxies::new(None, false), "127.0.0.1", &["192.0.2.1, 127.0.0.1"], "127.0.0.1"),
            (Proxies::new(None, true), "172.17.0.1", &["192.0.2.1, 192.168.0.9"], "192.168.0.9"),
            // Those named are passed over; whoever is not named is not believed any more.
            (
                Proxies::new(named("203.0.113.0/24 10.0.0.1"), true),
                "203.0.113.5",
                &["192.0.2.2, 10.0.0.1"],
                "192.0.2.2",
            ),
            (Proxies::new(named("203.0.113.0/24"), true), "172.17.0.1", &["192.0.2.2"], "172.17.0.1"),
            (
                Proxies::new(named("203.0.113.5"), true),
                "203.0.113.5",
                &["192.0.2.1, nobody, 203.0.113.5"],
                "203.0.113.5",
            ),
        ] {
            let caller = proxies.caller(&headers(lines), at(peer));
            assert_eq!(caller, Caller { address: at(from), is_anybody: false }, "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_proxy_that_does_not_say_for_whom_is_found_out() {
        let now = Timestamp(1_700_000_000_000);
        let proxies = Proxies::new(None, true);
        let silent = proxies.caller(&headers(&[]), at("172.17.0.1"));
        assert_eq!(silent, Caller { address: at("172.17.0.1"), is_anybody: true });
        assert!(proxies.caller(&headers(&["unknown"]), at("127.0.0.1")).is_anybody);
        for number in 0..limits::PROXY_JUDGED_REQUESTS {
            assert_eq!(proxies.problem(), None, "{number}");
            proxies.note(&headers(&[]), at("172.17.0.1"), silent, now);
        }
        assert!(proxies.problem().is_some_and(|why| why.contains("172.17.0.1") && why.contains("X-Forwarded-For")));
        // It is mended, and two hours later nobody speaks of it.
        let said = headers(&["192.0.2.2"]);
        for hours in [1, 2] {
            let then = now.plus_ms(hours * limits::PROXIES_WATCHED_MS);
            proxies.note(&said, at("172.17.0.1"), proxies.caller(&said, at("172.17.0.1")), then);
        }
        assert_eq!(proxies.problem(), None);
    }

    #[test]
    fn a_proxy_that_is_not_believed_is_named_if_nearly_all_comes_through_it() {
        let now = Timestamp(1_700_000_000_000);
        let (proxies, said) = (Proxies::new(None, true), headers(&["192.0.2.2"]));
        let far = at("203.0.113.5");
        let one = |address| proxies.note(&said, address, proxies.caller(&said, address), now);
        (0..limits::PROXY_JUDGED_REQUESTS).for_each(|_| one(far));
        assert!(proxies.problem().is_some_and(|why| why.contains("trusted_proxies = \"203.0.113.5\"")));
        (0..limits::PROXY_JUDGED_REQUESTS).for_each(|_| one(at("127.0.0.1")));
        assert_eq!(proxies.problem(), None, "one of many who sends it");
    }
}
