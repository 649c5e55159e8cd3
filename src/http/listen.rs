//! The accept loop: hyper over bounded connections, and a stop that lets open requests end (SECURITY E1).

use crate::{
    error::{Error, Result},
    http::{
        connection::{Patient, Place, Register},
        exchange::{Client, OnConnection, Service},
        kind::Kind,
    },
    limits,
    server::Server,
    tls::Gate,
};
use axum::Router;
use http::Method;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
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

/// Takes the address; port 0 takes any free port. `[::]` stands for all addresses, also where there is no IPv6.
///
/// # Errors
/// `Invalid` naming the address and what the system says.
pub fn bind(address: SocketAddr) -> Result<TcpListener> {
    if address == SocketAddr::from((Ipv6Addr::UNSPECIFIED, address.port())) {
        return bind_one(address).or_else(|error| {
            let every = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
            bind_one(every).map_err(|_| error)
        });
    }
    bind_one(address)
}

/// Whether the address could be taken now, as [`bind`] would; nothing is kept.
///
/// # Errors
/// What the system says of it.
pub(crate) fn look(address: SocketAddr) -> std::io::Result<()> {
    let every = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
    let looked = open(address).map(drop);
    if address.ip() == Ipv6Addr::UNSPECIFIED {
        return looked.or_else(|error| open(every).map(drop).map_err(|_| error));
    }
    looked
}

fn open(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(limits::LISTEN_BACKLOG)
}

fn bind_one(address: SocketAddr) -> Result<TcpListener> {
    open(address).map_err(|error| {
        let low = error.kind() == std::io::ErrorKind::PermissionDenied && address.port() < 1024;
        let hint =
            if low { "; ports below 1024 need the right to, which docs/OPERATING.md says how to give" } else { "" };
        Error::invalid("listen", format!("cannot listen on {address}: {error}{hint}"))
    })
}

/// Serves until `stop` turns true, behind `gate` if there is one, then gives open requests `limits::DRAIN_SECONDS` to end.
pub async fn serve(
    listener: TcpListener,
    gate: Option<Gate>,
    site: Site,
    server: Server,
    mut stop: watch::Receiver<bool>,
) {
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
                Ok((socket, peer)) => {
                    if let Some(arrived) = admit(&register, socket, peer, &service) {
                        connections.spawn(arrived.converse(gate.clone(), stop.clone()));
                    }
                }
                Err(error) => not_accepted(&error).await,
            },
        }
    }
    drop(listener);
    let drain = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(Duration::from_secs(limits::DRAIN_SECONDS), drain).await.is_err() {
        tracing::warn!(open = register.count(), "stopping although requests are still open");
    }
}

/// Out of file handles, or the client left already: neither may stop a loop that accepts nor spin it.
pub(super) async fn not_accepted(error: &std::io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// A connection that has a place.
struct Arrived {
    socket: TcpStream,
    place: Place,
    service: OnConnection,
}

fn admit(register: &Arc<Register>, socket: TcpStream, peer: SocketAddr, service: &Service) -> Option<Arrived> {
    // Closing at once is the answer: writing one would cost what there is too little of.
    let Some(place) = register.enter(peer.ip(), service.connections_of(peer.ip())) else {
        tracing::debug!("too many connections");
        return None;
    };
    // Small answers must not wait for more to say; a socket that refuses the option works all the same.
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    let service = service.for_connection(Client(peer.ip()), Arc::clone(&place.state));
    Some(Arrived { socket, place, service })
}

impl Arrived {
    /// Shakes hands where there is a gate, then answers requests until either side has enough.
    async fn converse(self, gate: Option<Gate>, mut stop: watch::Receiver<bool>) {
        let Arrived { socket, place, service } = self;
        let Some(gate) = gate else { return converse(socket, &place, service, stop).await };
        let entered = tokio::select! {
            entered = gate.enter(socket) => entered,
            _ = stop.changed() => return,
            () = place.state.leave.notified() => return,
        };
        match entered {
            Ok(Some(stream)) => converse(stream, &place, service, stop).await,
            Ok(None) => tracing::debug!("an authority has seen its proof"),
            Err(error) => tracing::debug!(%error, "no handshake"),
        }
    }
}

async fn converse<S>(stream: S, place: &Place, service: OnConnection, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(Patient::new(stream, Arc::clone(&place.state)));
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
}
