//! A host that the administrator named, as an object store: certificates are checked, addresses are not filtered, since
//! it may well stand in the same house. One connection an exchange.

use super::{Reach, body, connect};
use crate::{error::Error, limits, reach::Lab};
use bytes::Bytes;
use http::{Request, Response, Uri};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::{fmt, future::Future, net::Ipv4Addr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// No connection, or no TLS.
    Connect,
    /// The connection broke.
    Broken,
    /// It took too long.
    TooSlow,
    /// The answer is larger than its bound.
    TooLarge,
}

/// No answer, and why in words.
#[derive(Debug)]
pub struct Unanswered {
    /// What kind.
    pub kind: NoAnswer,
    why: String,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Unanswered {}

fn no(kind: NoAnswer, why: impl Into<String>) -> Unanswered {
    Unanswered { kind, why: why.into() }
}

/// How much of an answer is taken, and how long it is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of the body.
    pub body_max_bytes: usize,
    /// Until the answer begins, the request sent by then.
    pub head: Duration,
    /// Until it is whole.
    pub whole: Duration,
}

/// Speaks with hosts that the administrator named.
pub struct Chosen {
    tls: TlsConnector,
}

impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chosen")
    }
}

impl Chosen {
    /// Trusts the public certificate authorities, and those of `ca_pem`.
    ///
    /// # Errors
    /// `Invalid` if that holds no certificate.
    pub fn new(ca_pem: Option<String>) -> Result<Self, Error> {
        let reach = ca_pem.map_or(Reach::Public, |pem| Reach::Lab(Arc::new(Lab::with_ca(pem))));
        Ok(Chosen { tls: connect::tls(&reach)? })
    }

    /// One request, whose URI is a whole one, and its answer.
    ///
    /// # Errors
    /// `Unanswered`; an error status is an answer.
    pub async fn exchange<B>(&self, request: Request<B>, bounds: Bounds) -> Result<Response<Bytes>, Unanswered>
    where
        B: hyper::body::Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync + 'static,
    {
        let (host, port) = authority(request.uri())?;
        let work = async {
            let stream = dial(&host, port).await?;
            if request.uri().scheme_str() != Some("https") {
                return converse(stream, request, &host, bounds).await;
            }
            let name = ServerName::try_from(host.clone()).map_err(|error| no(NoAnswer::Connect, error.to_string()))?;
            let failed = |error: std::io::Error| no(NoAnswer::Connect, format!("TLS with {host}: {error}"));
            let tls = timeout(Duration::from_millis(limits::CONNECT_TIMEOUT_MS), self.tls.connect(name, stream)).await;
            converse(tls.map_err(|_| slow(&host))?.map_err(failed)?, request, &host, bounds).await
        };
        timeout(bounds.whole, work).await.unwrap_or_else(|_| Err(slow(&host)))
    }
}

fn slow(host: &str) -> Unanswered {
    no(NoAnswer::TooSlow, format!("{host} did not answer in time"))
}

fn authority(uri: &Uri) -> Result<(String, u16), Unanswered> {
    let host = uri.host().ok_or_else(|| no(NoAnswer::Connect, "the endpoint has no host"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok((host, uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 })))
}

async fn dial(host: &str, port: u16) -> Result<TcpStream, Unanswered> {
    let dialling = async {
        if host == "localhost" || host.ends_with(".localhost") {
            return TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
        }
        TcpStream::connect((host, port)).await
    };
    let stream = timeout(Duration::from_millis(limits::CONNECT_TIMEOUT_MS), dialling).await.map_err(|_| slow(host))?;
    let stream = stream.map_err(|error| no(NoAnswer::Connect, format!("cannot reach {host} port {port}: {error}")))?;
    stream.set_nodelay(true).map_err(|error| no(NoAnswer::Connect, format!("socket option: {error}")))?;
    Ok(stream)
}

async fn converse<S, B>(
    stream: S,
    request: Request<B>,
    host: &str,
    bounds: Bounds,
) -> Result<Response<Bytes>, Unanswered>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let broken = |error: hyper::Error| no(NoAnswer::Broken, format!("the connection broke: {error}"));
    let (mut sender, connection) = http1::Builder::new()
        .max_headers(limits::ANSWER_HEADERS_MAX)
        .max_buf_size(limits::ANSWER_HEADER_MAX_BYTES)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let exchange = async {
        let begun = timeout(bounds.head, sender.send_request(relative(request)?)).await;
        let response = begun.map_err(|_| slow(host))?.map_err(broken)?;
        let (head, incoming) = response.into_parts();
        let kind = |unread: &body::Unread| match unread {
            body::Unread::TooLarge | body::Unread::Bomb => NoAnswer::TooLarge,
            body::Unread::Encoding(_) | body::Unread::Broken(_) => NoAnswer::Broken,
        };
        let body = body::whole(incoming, &head.headers, bounds.body_max_bytes).await;
        Ok(Response::from_parts(head, body.map_err(|unread| no(kind(&unread), unread.to_string()))?))
    };
    drive(connection, exchange).await
}

/// Drives the connection until the exchange has ended.
async fn drive<T>(
    connection: impl Future<Output = Result<(), hyper::Error>>,
    exchange: impl Future<Output = Result<T, Unanswered>>,
) -> Result<T, Unanswered> {
    let (mut connection, mut exchange) = (std::pin::pin!(connection), std::pin::pin!(exchange));
    tokio::select! {
        outcome = &mut exchange => return outcome,
        // It may close once the answer is whole; the exchange says whether it is.
        ended = &mut connection => if let Err(error) = ended {
            return Err(no(NoAnswer::Broken, format!("the connection broke: {error}")));
        },
    }
    exchange.await
}

/// HTTP/1.1 wants the path in the first line and the host in a header (RFC 9112 §3.2.1).
fn relative<B>(mut request: Request<B>) -> Result<Request<B>, Unanswered> {
    let bad = |error: String| no(NoAnswer::Connect, format!("the endpoint cannot be asked: {error}"));
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned()).unwrap_or_default();
    if !request.headers().contains_key(http::header::HOST) {
        let host = authority.parse().map_err(|error: http::header::InvalidHeaderValue| bad(error.to_string()))?;
        request.headers_mut().insert(http::header::HOST, host);
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    *request.uri_mut() = target.parse().map_err(|error: http::uri::InvalidUri| bad(error.to_string()))?;
    Ok(request)
}
