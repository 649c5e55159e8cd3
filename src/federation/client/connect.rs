//! Opening a connection: checked addresses, TCP, TLS, HTTP/1.1; all within `limits::CONNECT_TIMEOUT_MS`.

use super::{Failure, FailureKind, Inner, Reach, pool::Connection, reach};
use crate::{error::Error, limits};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        self, ClientConfig, RootCertStore,
        client::Resumption,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};
use url::{Host, Url};

/// TLS 1.2 and 1.3 with the public roots, and the lab's where there is one.
pub(super) fn tls(reach: &Reach) -> Result<TlsConnector, Error> {
    let bug = |error: rustls::Error| Error::Bug(format!("TLS: {error}"));
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Reach::Lab(lab) = reach
        && let Some(pem) = lab.ca_pem()
    {
        for root in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let root = root.map_err(|error| Error::invalid("lab-ca", format!("no PEM certificate: {error}")))?;
            roots.add(root).map_err(bug)?;
        }
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(bug)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::in_memory_sessions(limits::IDLE_TOTAL_MAX);
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Opens a connection to a URL that `reach::check` has passed.
pub(super) async fn open(client: &Arc<Inner>, url: &Url) -> Result<Connection, Failure> {
    let patience = client.patience.connect;
    match timeout(patience, open_slowly(client, url)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::new(url, FailureKind::TimedOut, format!("no connection in time ({patience:?})"))),
    }
}

async fn open_slowly(client: &Arc<Inner>, url: &Url) -> Result<Connection, Failure> {
    let unreachable = |why: String| Failure::new(url, FailureKind::Unreachable, why);
    let stream = dial(client, url).await?;
    let plain = reach::mapped(&client.reach, url).is_some_and(|target| target.plain);
    if url.scheme() != "https" || plain {
        return start(client, url, stream).await;
    }
    let name = match url.host() {
        Some(Host::Domain(name)) => ServerName::try_from(name.strip_suffix('.').unwrap_or(name).to_owned())
            .map_err(|error| unreachable(format!("name for TLS: {error}")))?,
        Some(Host::Ipv4(address)) => ServerName::IpAddress(std::net::IpAddr::from(address).into()),
        Some(Host::Ipv6(address)) => ServerName::IpAddress(std::net::IpAddr::from(address).into()),
        None => return Err(unreachable("URL has no host".to_owned())),
    };
    let stream = client.tls.connect(name, stream).await.map_err(|error| unreachable(format!("TLS: {error}")))?;
    start(client, url, stream).await
}

/// Tries the addresses in turn, each for its share of the time.
async fn dial(client: &Arc<Inner>, url: &Url) -> Result<TcpStream, Failure> {
    let addresses = reach::resolve(&client.reach, &client.names, url).await?;
    let share = client.patience.connect / u32::try_from(addresses.len().max(1)).unwrap_or(1);
    let mut last = String::from("no address");
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // A POST is two small writes; waiting to merge them costs 40 ms.
                stream
                    .set_nodelay(true)
                    .map_err(|error| Failure::new(url, FailureKind::Unreachable, format!("socket option: {error}")))?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error.to_string(),
            Err(_) => "timed out".clone_into(&mut last),
        }
    }
    Err(Failure::new(url, FailureKind::Unreachable, format!("connect: {last}")))
}

async fn start<S>(client: &Arc<Inner>, url: &Url, stream: S) -> Result<Connection, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::Builder::new()
        .max_headers(limits::ANSWER_HEADERS_MAX)
        .max_buf_size(limits::ANSWER_HEADER_MAX_BYTES)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| Failure::new(url, FailureKind::Unreachable, format!("HTTP: {error}")))?;
    let weak: Weak<Inner> = Arc::downgrade(client);
    (client.spawn)(Box::pin(async move {
        let mut connection = std::pin::pin!(connection);
        let tick = Duration::from_millis(limits::IDLE_TIMEOUT_MS);
        loop {
            match timeout(tick, connection.as_mut()).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => {
                    tracing::debug!(%error, "connection to a peer ended");
                    return;
                }
                // Each living connection sweeps the pool now and then, so nothing idle stays for ever.
                Err(_) => match weak.upgrade() {
                    Some(client) => client.pool.sweep(),
                    None => return,
                },
            }
        }
    }));
    Ok(sender)
}
