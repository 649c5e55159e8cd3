//! Which way of TLS is possible where this server stands, before anybody chose one: what the first page proposes.

use crate::{http::listen, limits, server::Server};
use http::HeaderMap;
use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::{TcpStream, UdpSocket},
    time::{Instant, timeout_at},
};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// The way that works here.
    pub way: Way,
    /// The name under which a proxy was asked, if it says one.
    pub asked_as: Option<String>,
    /// The address of this machine within its network, if nobody outside can reach it.
    pub inside: Option<IpAddr>,
}

/// A way of TLS, and why it is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The ports are free: this server keeps the certificate.
    Own,
    /// Nobody holds this one, but this program may not take it.
    NotAllowed(u16),
    /// Another program holds this one: it has to pass on what comes.
    Held(u16),
    /// A proxy passed this very request on.
    Proxied,
}

/// Headers by which a proxy says whom it speaks for (RFC 7239; what proxies wrote before).
const OF_PROXIES: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"];

/// Looks at the ports, the request that asks, and the machine's own address; waits `limits::WAYS_LOOKED_MS` at most.
pub async fn look(server: &Server, headers: &HeaderMap) -> Ways {
    let way =
        if OF_PROXIES.iter().any(|name| headers.contains_key(*name)) { Way::Proxied } else { by_ports(server).await };
    Ways { way, asked_as: asked_as(headers), inside: inside().await }
}

async fn by_ports(server: &Server) -> Way {
    let tls = &server.config().tls;
    let (mut found, until) = (Way::Own, Instant::now() + Duration::from_millis(limits::WAYS_LOOKED_MS));
    for address in [Some(tls.listen), tls.plain].into_iter().flatten() {
        match listen::look(address).map_err(|error| error.kind()) {
            Ok(()) => {}
            Err(ErrorKind::AddrInUse) => return Way::Held(address.port()),
            // What may not be taken may be held all the same.
            Err(_) if answers(address, until).await => return Way::Held(address.port()),
            Err(_) => found = Way::NotAllowed(address.port()),
        }
    }
    found
}

/// Whether somebody on this machine answers at the port.
async fn answers(address: SocketAddr, until: Instant) -> bool {
    let ip = if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
    let knock = TcpStream::connect(SocketAddr::new(ip, address.port()));
    matches!(timeout_at(until, knock).await, Ok(Ok(_)))
}

/// The name that a proxy was asked for, without a port.
fn asked_as(headers: &HeaderMap) -> Option<String> {
    let name = headers.get("x-forwarded-host")?.to_str().ok()?.split(',').next_back()?.trim().to_lowercase();
    let name = name.split(':').next().unwrap_or_default();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let own = name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok();
    (plain && !own && name.contains('.') && name.len() <= limits::DOMAIN_BYTES_MAX).then(|| name.to_owned())
}

/// From which address this machine would speak to the world; nothing is sent (RFC 5737 §3 keeps the target unused).
async fn inside() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await.ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).await.ok()?;
    let own = socket.local_addr().ok()?.ip();
    (!crate::federation::client::is_global(own) && !own.is_loopback()).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn told(host: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-host", HeaderValue::from_static(host));
        asked_as(&headers)
    }

    #[test]
    fn name_a_proxy_was_asked_for_is_proposed_and_nothing_else() {
        assert_eq!(told("Social.Example.org").as_deref(), Some("social.example.org"));
        assert_eq!(told("cdn.example, social.example:443").as_deref(), Some("social.example"));
        for no in ["localhost:8080", "a.localhost", "192.0.2.1", "hill", "a.b\"><script>", ""] {
            assert_eq!(told(no), None, "{no}");
        }
    }
}
