//! Which servers may be talked to, and at which addresses (SECURITY B1, DESIGN §11).

use super::{Failure, FailureKind};
use crate::{
    federation::address::Authority,
    limits,
    reach::{Reach, Target},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Who answers what a name's addresses are.
pub(super) enum Names {
    /// The system's resolver.
    System,
    /// Answers of a test, one set after another.
    #[cfg(test)]
    Script(std::sync::Mutex<std::collections::VecDeque<Vec<IpAddr>>>),
}

/// Refuses a URL by what it says, before any name is looked up.
pub(super) fn check(reach: &Reach, own: Option<&Authority>, url: &Url) -> Result<(), Failure> {
    let refuse = |why| Err(Failure::new(url, FailureKind::Refused, why));
    let Some(authority) = Authority::of(url) else { return refuse("URL has no host") };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("URL has user info");
    }
    if own == Some(&authority) {
        return refuse("that is this server itself");
    }
    match reach {
        Reach::Lab(_) if matches!(url.scheme(), "http" | "https") => Ok(()),
        Reach::Lab(_) => refuse("scheme is neither http nor https"),
        Reach::Public if url.scheme() != "https" => refuse("scheme is not https"),
        Reach::Public if url.port_or_known_default() != Some(443) => refuse("port is not 443"),
        Reach::Public => match url.host() {
            Some(Host::Domain(name)) if is_localhost(name) => refuse("localhost is not a peer"),
            Some(Host::Domain(_)) => match own.is_some_and(|own| own.host() == authority.host()) {
                true => refuse("that is this server itself"),
                false => Ok(()),
            },
            Some(Host::Ipv4(address)) if is_global(address.into()) => Ok(()),
            Some(Host::Ipv6(address)) if is_global(address.into()) => Ok(()),
            _ => refuse("address is not a public one"),
        },
    }
}

/// The addresses to connect to, checked: whoever connects uses these and asks no resolver again.
///
/// Addresses of our own are not compared: behind a proxy that many peers share, that would lock them all out.
pub(super) async fn resolve(reach: &Reach, names: &Names, url: &Url) -> Result<Vec<SocketAddr>, Failure> {
    let unreachable = |why: String| Failure::new(url, FailureKind::Unreachable, why);
    let port = url.port_or_known_default().unwrap_or(443);
    if let Some(target) = mapped(reach, url) {
        return Ok(vec![target.address]);
    }
    let found: Vec<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![address.into()],
        Some(Host::Ipv6(address)) => vec![address.into()],
        Some(Host::Domain(name)) if is_localhost(name) => vec![Ipv4Addr::LOCALHOST.into()],
        Some(Host::Domain(name)) => {
            names.look_up(name, port).await.map_err(|error| unreachable(format!("no address: {error}")))?
        }
        None => Vec::new(),
    };
    let lab = matches!(reach, Reach::Lab(_));
    let allowed: Vec<SocketAddr> = found
        .iter()
        .filter(|address| lab || is_global(**address))
        .take(limits::ADDRESSES_MAX)
        .map(|address| SocketAddr::new(*address, port))
        .collect();
    match (found.is_empty(), allowed.is_empty()) {
        (true, _) => Err(unreachable("name has no address".to_owned())),
        // A resolver that is out of order says so of anybody, for a while.
        (false, true) => Err(Failure::new(url, FailureKind::Inward, "name has no public address")),
        _ => Ok(allowed),
    }
}

/// Where the lab's host map leads a URL.
pub(super) fn mapped(reach: &Reach, url: &Url) -> Option<Target> {
    let Reach::Lab(lab) = reach else { return None };
    lab.target(url.host_str()?, url.port_or_known_default()?)
}

impl Names {
    async fn look_up(&self, name: &str, port: u16) -> std::io::Result<Vec<IpAddr>> {
        match self {
            Names::System => Ok(tokio::net::lookup_host((name, port)).await?.map(|address| address.ip()).collect()),
            #[cfg(test)]
            Names::Script(answers) => Ok(answers.lock().expect("no test panics here").pop_front().unwrap_or_default()),
        }
    }
}

/// `localhost`, `*.localhost`, with or without a trailing dot (RFC 6761 §6.3).
fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address is one of a public host: global unicast, by allow-list thinking (SECURITY B1).
#[must_use]
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_global_v4(address),
        IpAddr::V6(address) => is_global_v6(address),
    }
}

fn is_global_v4(address: Ipv4Addr) -> bool {
    const DENIED: [(Ipv4Addr, u32); 15] = [
        (Ipv4Addr::new(0, 0, 0, 0), 8),
        (Ipv4Addr::new(10, 0, 0, 0), 8),
        (Ipv4Addr::new(100, 64, 0, 0), 10),
        (Ipv4Addr::new(127, 0, 0, 0), 8),
        (Ipv4Addr::new(169, 254, 0, 0), 16),
        (Ipv4Addr::new(172, 16, 0, 0), 12),
        (Ipv4Addr::new(192, 0, 0, 0), 24),
        (Ipv4Addr::new(192, 0, 2, 0), 24),
        (Ipv4Addr::new(192, 88, 99, 0), 24),
        (Ipv4Addr::new(192, 168, 0, 0), 16),
        (Ipv4Addr::new(198, 18, 0, 0), 15),
        (Ipv4Addr::new(198, 51, 100, 0), 24),
        (Ipv4Addr::new(203, 0, 113, 0), 24),
        (Ipv4Addr::new(224, 0, 0, 0), 4),
        (Ipv4Addr::new(240, 0, 0, 0), 4),
    ];
    DENIED.iter().all(|(network, bits)| (address.to_bits() ^ network.to_bits()) >> (32 - bits) != 0)
}

/// 2000::/3 is all that is given out; of it, what is special is denied. Everything that embeds an IPv4 address
/// (::ffff:0:0/96, ::/96, 64:ff9b::/96, 2002::/16, 2001::/32) is outside or denied as a whole.
fn is_global_v6(address: Ipv6Addr) -> bool {
    const DENIED: [(Ipv6Addr, u32); 4] = [
        (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
        (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
        (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
        (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    ];
    let bits = address.to_bits();
    bits >> 125 == 1 && DENIED.iter().all(|(network, length)| (bits ^ network.to_bits()) >> (128 - length) != 0)
}
