//! The accept loop: hyper over bounded connections, and a stop that lets open requests end (SECURITY E1).

use crate::{
    error::{Error, Result},
    http::{
        connection::{Patient, Register},
        exchange::{Client, Service},
        kind::Kind,
    },
    limits,
    server::Server,
};
use axum::Router;
use http::Method;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::JoinSet,
};

/// What the loop serves.
pub struct Site {
    /// The routes.
    pub router: Router,
    /// Which kind a route is; also asked for unknown routes.
    pub kind_of: fn(&Method, &str) -> Kind,
}

/// Takes the address; port 0 takes any free port.
///
/// # Errors
/// `Invalid` naming the address and what the system says.
pub fn bind(address: SocketAddr) -> Result<TcpListener> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(limits::LISTEN_BACKLOG)
    };
    open().map_err(|error| Error::invalid("listen", format!("cannot listen on {address}: {error}")))
}

/// Serves until `stop` turns true, then gives open requests `limits::DRAIN_SECONDS` to end.
pub async fn serve(listener: TcpListener, site: Site, server: Server, mut stop: watch::Receiver<bool>) {
    let service = Service::new(site, server);
    let register = Arc::new(Register::default());
    let mut connections = JoinSet::new();
    loop {
        let room = register.has_room();
        tokio::select! {
            // `changed` fails only when the sender is gone, which means stop as well.
            _ = stop.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            // Whoever comes to a full house waits in the system's queue, which costs nothing; a crowd is through in moments.
            () = tokio::time::sleep(Duration::from_millis(limits::CONNECTION_LOOK_MS)), if !room => {}
            accepted = listener.accept(), if room => match accepted {
                Ok((socket, peer)) => admit(&mut connections, &register, socket, peer, &service, &stop),
                // Out of file handles, or the client left already: neither may stop the loop nor spin it.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    let drain = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(Duration::from_secs(limits::DRAIN_SECONDS), drain).await.is_err() {
        tracing::warn!(open = register.count(), "stopping although requests are still open");
    }
}

fn admit(
    connections: &mut JoinSet<()>,
    register: &Arc<Register>,
    socket: TcpStream,
    peer: SocketAddr,
    service: &Service,
    stop: &watch::Receiver<bool>,
) {
    // Closing at once is the answer: writing one would cost what there is too little of.
    let Some(place) = register.enter(peer.ip()) else {
        tracing::debug!("too many connections");
        return;
    };
    // Small answers must not wait for more to say; a socket that refuses the option works all the same.
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    let service = service.for_connection(Client(peer.ip()), Arc::clone(&place.state));
    let mut stop = stop.clone();
    connections.spawn(async move {
        let io = TokioIo::new(Patient::new(socket, Arc::clone(&place.state)));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // `Patient` tells an unfinished head from an idle connection, which hyper's one timer does not.
            .header_read_timeout(None)
            .max_headers(limits::HEADERS)
            .max_header_size(limits::HEAD_BYTES)
            .serve_connection(io, service)
            .with_upgrades();
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stop.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = place.state.leave.notified() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
    });
}
