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

use crate::{
    config::Certificates,
    error::{Error, Result},
    http::listen,
    server::Server,
};

/// What is there before the first connection: certificates of files, or the last one that an authority gave.
///
/// # Errors
/// `Invalid` for files that hold no usable pair; storage errors.
pub(crate) async fn settle(server: &Server) -> Result<()> {
    match &server.config().tls.certificates {
        Certificates::None => Ok(()),
        Certificates::Files(pair) => files::settle(server, pair).await,
        Certificates::Acme => acme::settle(server).await,
    }
}

/// Asks the authority for a certificate of a name that this server does not have yet, and keeps it: both ports are taken
/// for so long, so whoever has one may take the name.
///
/// # Errors
/// `Invalid` in words for people: a port that cannot be had, or what the authority says.
pub(crate) async fn rehearse(server: &Server, name: &str) -> Result<()> {
    let tls = &server.config().tls;
    let (sealed, plain) = (listen::bind(tls.listen)?, tls.plain.map(listen::bind).transpose()?);
    let gate = Gate::new(server.keeper())?;
    let serving = async {
        let beside = async {
            match plain {
                Some(plain) => plain::serve(server, plain, None).await,
                None => std::future::pending().await,
            }
        };
        tokio::join!(plain::serve(server, sealed, Some(gate)), beside);
    };
    tokio::select! {
        outcome = acme::rehearse(server, name) => outcome.map_err(|why| Error::invalid("domain", why)),
        () = serving => Err(Error::invalid("domain", "the server is stopping")),
    }
}

/// Starts what looks after the certificate while the server runs, and the plain port.
pub(crate) fn start(server: &Server, plain: Option<tokio::net::TcpListener>) {
    match server.config().tls.certificates.clone() {
        Certificates::None => {}
        Certificates::Files(pair) => files::start(server, pair),
        Certificates::Acme => acme::start(server),
    }
    if let Some(listener) = plain {
        plain::start(server, listener);
    }
}
