//! Whether a name leads to this server, and what stands in the way: for the first run and `dassie doctor`.

use crate::{
    config::Certificates,
    error::Error,
    federation::client::chosen::{Bounds, Chosen},
    http::listen,
    limits,
    reach::Reach,
    server::Server,
};
use bytes::Bytes;
use http::{Request, header::DATE};
use http_body_util::Empty;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr, time::Duration};
use storage::Timestamp;
use tokio::time::timeout;

/// The path at which a running server says its word, whatever name it is asked by.
pub const WORD: &str = "/readyz/self";

/// What came of one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// As it should be.
    Fine,
    /// It cannot be told from here, or need not stand in the way.
    Unclear,
    /// Nothing will come of it.
    Wrong,
}

/// One look, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What came of it.
    pub mark: Mark,
    /// In words, with what to do where something is to be done.
    pub words: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.mark {
            Mark::Fine => "fine",
            Mark::Unclear => "look",
            Mark::Wrong => "wrong",
        };
        write!(f, "{mark:>6}  {}", self.words)
    }
}

fn found(mark: Mark, words: impl Into<String>) -> Finding {
    Finding { mark, words: words.into() }
}

/// A server looks at the name it has.
pub async fn look(server: &Server) -> Vec<Finding> {
    let origin = server.origin();
    if origin.is_localhost() {
        return vec![found(Mark::Fine, "a try-out: only this machine can reach it, and nothing is to be looked at")];
    }
    let sealed = server.config().tls.certificates != Certificates::None;
    let mut findings = vec![name(server, origin.host()).await];
    findings.push(reached(server, origin.as_str()).await);
    if sealed {
        findings.push(clock(server).await);
    }
    findings
}

/// A try-out looks at a name that it may take, with TLS of its own or behind a proxy.
pub async fn look_ahead(server: &Server, host: &str, sealed: bool) -> Vec<Finding> {
    let mut findings = vec![name(server, host).await];
    if sealed {
        findings.extend(ports(server));
        findings.push(clock(server).await);
    } else {
        findings.push(reached(server, &format!("https://{host}")).await);
    }
    findings
}

/// Whether the name is known to the system's resolver, or a lab's map.
async fn name(server: &Server, host: &str) -> Finding {
    if let Reach::Lab(lab) = server.reach()
        && let Some(target) = lab.target(host, 443)
    {
        return found(Mark::Fine, format!("{host} leads to {}", target.address.ip()));
    }
    let patience = Duration::from_millis(limits::CONNECT_TIMEOUT_MS);
    let addresses: Vec<IpAddr> = match timeout(patience, tokio::net::lookup_host((host, 443))).await {
        Ok(Ok(addresses)) => addresses.map(|address| address.ip()).collect(),
        Ok(Err(error)) => {
            let words = format!(
                "{host} leads nowhere yet ({error}): where you got the name, set its A record (and AAAA, if you have \
                 IPv6) to the address of this machine or of your router"
            );
            // A lab's peers may have maps of their own.
            return found(if server.reach().is_lab() { Mark::Unclear } else { Mark::Wrong }, words);
        }
        Err(_) => return found(Mark::Unclear, format!("nobody answered within 5 s where {host} leads")),
    };
    let mut texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.dedup();
    match addresses.iter().find(|address| !crate::federation::client::is_global(**address)) {
        Some(address) if !server.reach().is_lab() => {
            let words = format!("{host} leads to {address}, which nobody outside your house can reach");
            found(Mark::Unclear, words)
        }
        _ => found(Mark::Fine, format!("{host} leads to {}", texts.join(", "))),
    }
}

/// Whether the ports of TLS can be had.
fn ports(server: &Server) -> Vec<Finding> {
    let tls = &server.config().tls;
    let wanted = [Some(tls.listen), tls.plain];
    let look = |address| match listen::bind(address) {
        Ok(_) => found(Mark::Fine, format!("port {} is free", address.port())),
        // The name of a field says nothing here.
        Err(Error::Invalid { why, .. }) => found(Mark::Wrong, why),
        Err(error) => found(Mark::Wrong, error.to_string()),
    };
    wanted.into_iter().flatten().map(look).collect()
}

/// Whether the server that answers at `origin` is this one.
async fn reached(server: &Server, origin: &str) -> Finding {
    let address = format!("{origin}{WORD}");
    match asked(server, &address).await {
        Ok(answer) if answer.body() == server.word().as_bytes() => {
            found(Mark::Fine, format!("{origin} is answered by this server"))
        }
        Ok(answer) => {
            let words = format!(
                "{origin} is answered by another server (status {}): have the proxy pass everything on to this one, \
                 with the Host header as it came",
                answer.status().as_u16()
            );
            found(Mark::Wrong, words)
        }
        Err(why) => {
            let words = format!(
                "{origin} cannot be reached from here ({why}). Many routers do not lead home what comes from within: try \
                 {address} with a phone that is not in your network"
            );
            found(Mark::Unclear, words)
        }
    }
}

/// Whether the clock is right, as far as the authority's tells; signatures and certificates need it.
async fn clock(server: &Server) -> Finding {
    let directory = &server.config().tls.authority.directory;
    let answer = match asked(server, directory).await {
        Ok(answer) => answer,
        Err(why) => return found(Mark::Wrong, format!("the certificate authority cannot be reached: {why}")),
    };
    let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
    let Some(date) = date else {
        return found(Mark::Unclear, "the certificate authority does not say what time it is");
    };
    let off_s = server.now().ms_since(Timestamp(date.as_millisecond())) / 1_000;
    if off_s.abs() > limits::CLOCK_OFF_SECONDS {
        let words = format!("the clock of this machine is {off_s} s off: have it set by the network (NTP)");
        return found(Mark::Wrong, words);
    }
    found(Mark::Fine, "the clock is right")
}

/// One unsigned GET of an address that the administrator named.
async fn asked(server: &Server, address: &str) -> Result<http::Response<Bytes>, String> {
    let ca_pem = match server.reach() {
        Reach::Public => None,
        Reach::Lab(lab) => lab.ca_pem().map(str::to_owned),
    };
    let chosen = Chosen::new(ca_pem).map_err(|error| error.to_string())?;
    let request = Request::get(address).body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
    let patience = Duration::from_millis(limits::CONNECT_TIMEOUT_MS);
    let bounds = Bounds { body_max_bytes: limits::DOCTOR_BYTES_MAX, head: patience, whole: patience * 2 };
    chosen.exchange(request, bounds).await.map_err(|error| error.to_string())
}
