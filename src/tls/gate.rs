//! The handshake of inbound connections (RFC 8446), within `limits::HANDSHAKE_MS`.

use super::keeper::{Keeper, PROOF, Resolver};
use crate::{
    error::{Error, Result},
    limits,
};
use std::{io, sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{self, ServerConfig, crypto::aws_lc_rs},
    server::TlsStream,
};

/// Lets connections in that speak TLS 1.2 or 1.3. Cheap to clone.
#[derive(Clone)]
pub struct Gate(TlsAcceptor);

impl Gate {
    /// A gate that shows what `keeper` has.
    ///
    /// # Errors
    /// `Bug` if the library refuses its own defaults.
    pub fn new(keeper: &Keeper) -> Result<Self> {
        let bug = |error: rustls::Error| Error::Bug(format!("TLS: {error}"));
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(bug)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Resolver(keeper.clone())));
        config.alpn_protocols = vec![b"http/1.1".to_vec(), PROOF.to_vec()];
        Ok(Gate(TlsAcceptor::from(Arc::new(config))))
    }

    /// The connection behind the handshake; `None` if an authority came for a proof and has seen it.
    ///
    /// # Errors
    /// No handshake, or none in time.
    pub(crate) async fn enter(&self, socket: TcpStream) -> io::Result<Option<TlsStream<TcpStream>>> {
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no TLS handshake in time");
        let stream =
            timeout(Duration::from_millis(limits::HANDSHAKE_MS), self.0.accept(socket)).await.map_err(late)??;
        Ok(Some(stream).filter(|stream| stream.get_ref().1.alpn_protocol() != Some(PROOF)))
    }
}
