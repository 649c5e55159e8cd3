//! Lives here: the server's own certificate: read from files or got from an authority by ACME, renewed, changed while
//! connections stay open; the handshake of inbound connections.
//! May use: `server`, `config`, `storage`, the outbound client of hosts that the administrator named.
//! Must never name: core rooms, other edges, HTTP beyond the plain port's two answers.
//! Invariants: a certificate that cannot be used never takes the place of one that can; keys stay out of logs; an
//! authority is asked no more often than it bears, also over restarts.

mod acme;
mod authority;
mod challenge;
mod files;
mod gate;
mod held;
mod keeper;
mod plain;
mod report;

pub use gate::Gate;
pub use keeper::Keeper;
pub use report::{Standing, Standings};

use crate::{config::Certificates, error::Result, server::Server};

/// What is there before the first connection: certificates of files, or the last one that an authority gave.
///
/// # Errors
/// `Invalid` for files that hold no usable pair; storage errors.
pub(crate) async fn settle(server: &Server) -> Result<()> {
    match &server.config().tls.certificates {
        Certificates::None => Ok(()),
        Certificates::Files(pair) => files::settle(server, pair).await,
        Certificates::Acme(authority) => acme::settle(server, authority).await,
    }
}

/// Starts what looks after the certificate while the server runs, and the plain port.
pub(crate) fn start(server: &Server, plain: Option<tokio::net::TcpListener>) {
    match server.config().tls.certificates.clone() {
        Certificates::None => {}
        Certificates::Files(pair) => files::start(server, pair),
        Certificates::Acme(authority) => acme::start(server, authority),
    }
    if let Some(listener) = plain {
        plain::start(server, listener);
    }
}
