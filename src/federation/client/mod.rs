//! Lives here: the one outbound client; every byte that leaves for another server passes through it.
//! May use: hyper, tokio, rustls, `limits`, `signature`, `threads`. Must never name: core rooms, storage, other edges.
//! Must never name: environment proxies, or a resolver's answer after it was checked: connections go to the address.
//! Invariants: an address is filtered before it is connected to, on every redirect again; whoever a redirect leads to is
//! asked only if the caller would ask them; every answer is bounded.

mod body;
pub mod chosen;
mod connect;
pub mod letter;
mod pool;
mod reach;

pub use crate::reach::Reach;
pub use reach::is_global;

use super::{
    address::Authority,
    signature::{self, PrivateKey, Scheme},
};
use crate::{error::Error, limits, threads::Threads};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode, Uri,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST, LOCATION, USER_AGENT},
};
use http_body_util::Full;
use pool::Pool;
use std::{
    fmt,
    future::{Future, ready},
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use storage::Timestamp;
use tokio::time::timeout;
use url::Url;

/// A task to be driven by whoever owns tasks (`Server::spawn`).
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;
/// How the client hands over the tasks that drive its connections.
pub type Spawn = Arc<dyn Fn(Task) + Send + Sync>;

/// Who may be asked at all, looked at before a redirect to another server is followed.
pub trait Doorkeeper: Send + Sync {
    /// Whether `authority` may be asked.
    ///
    /// # Errors
    /// `Forbidden` if it may not be; our own.
    fn admit<'a>(&'a self, authority: &'a Authority) -> Admission<'a>;
}

/// What a doorkeeper says, once it has looked.
pub type Admission<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// The doorkeeper of whoever shuns nobody.
#[derive(Debug, Clone, Copy)]
pub struct OpenDoor;

impl Doorkeeper for OpenDoor {
    fn admit<'a>(&'a self, _: &'a Authority) -> Admission<'a> {
        Box::pin(ready(Ok(())))
    }
}

/// The one outbound client; cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    reach: Reach,
    names: reach::Names,
    own: Option<Authority>,
    tls: tokio_rustls::TlsConnector,
    pool: Pool,
    spawn: Spawn,
    signing: Threads,
    user_agent: HeaderValue,
    patience: Patience,
}

/// How long is waited, in real time; tests wait less.
#[derive(Debug, Clone, Copy)]
struct Patience {
    connect: Duration,
    header: Duration,
    total: Duration,
}

const PATIENCE: Patience = Patience {
    connect: Duration::from_millis(limits::CONNECT_TIMEOUT_MS),
    header: Duration::from_millis(limits::HEADER_TIMEOUT_MS),
    total: Duration::from_millis(limits::TOTAL_TIMEOUT_MS),
};

/// Who signs a request, how, and when.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The id of the key.
    pub key_id: &'a str,
    /// The key.
    pub key: &'a PrivateKey,
    /// In which way.
    pub signing: Signing,
    /// The time to sign with.
    pub now: Timestamp,
}

/// How requests are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// In this form.
    By(Scheme),
    /// By draft-cavage and the path alone, while the query is asked for all the same: some servers verify no more
    /// (FEDERATION §4: old Mastodon and GoToSocial).
    ByPath,
}

/// How much of an answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerLimits {
    /// Bytes of the body, after inflation.
    pub body_max_bytes: usize,
    /// What becomes of a longer one.
    pub beyond: Beyond,
    /// Media types of which the body is read, without parameters; of any other none is. Empty: of all.
    pub kinds: &'static [&'static str],
}

/// What becomes of a body that is longer than its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// The answer is a failure.
    Refuse,
    /// What is within the bound is taken, the rest is not read.
    Cut,
}

impl AnswerLimits {
    /// For a document: `limits::DOCUMENT_MAX_BYTES`.
    pub const DOCUMENT: Self = AnswerLimits::bytes(limits::DOCUMENT_MAX_BYTES);

    /// A body of any type within `body_max_bytes`, or a failure.
    #[must_use]
    pub const fn bytes(body_max_bytes: usize) -> Self {
        AnswerLimits { body_max_bytes, beyond: Beyond::Refuse, kinds: &[] }
    }

    /// Whether the body of an answer with these headers is read.
    fn wants(&self, headers: &HeaderMap) -> bool {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        self.kinds.is_empty() || self.kinds.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind))
    }
}

/// What a peer answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status; an error status is an answer, too.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, inflated.
    pub body: Bytes,
    /// The URL that answered, after redirects.
    pub final_url: Url,
}

impl Answer {
    /// A header as text, if it is there and printable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Retry-After`, seconds or a date, in milliseconds from `now` (RFC 9110 §10.2.3).
    #[must_use]
    pub fn retry_after_ms(&self, now: Timestamp) -> Option<i64> {
        let text = self.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse::<u32>() {
            return Some(i64::from(seconds) * 1_000);
        }
        let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Timestamp(date.as_millisecond()).ms_since(now).max(0))
    }
}

/// What kind of failure, by what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Our own policy forbids it; trying again is of no use.
    Refused,
    /// Its name leads to no public address, as a resolver that is out of order says of anybody: later perhaps.
    Inward,
    /// No name, no connection, no TLS: later perhaps.
    Unreachable,
    /// Too slow: later perhaps.
    TimedOut,
    /// This server cannot do its own part of it, mostly because it has too much to sign: in a moment.
    Busy,
    /// A redirect leads to somebody who is not asked from here.
    Barred,
    /// It answered something that is not acceptable (protocol, size, redirects).
    BadAnswer,
}

/// A request that brought no answer.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The peer.
    pub host: String,
    /// What kind.
    pub kind: FailureKind,
    /// In words, for the log.
    pub why: String,
}

impl Failure {
    fn new(url: &Url, kind: FailureKind, why: impl Into<String>) -> Self {
        let host = Authority::of(url).map_or_else(|| "(no host)".to_owned(), |authority| authority.to_string());
        Failure { host, kind, why: why.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.host, self.why)
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure.kind {
            FailureKind::Barred => Error::Forbidden("This leads to a domain that is suspended here"),
            FailureKind::Busy => Error::not_now(),
            _ => Error::remote(failure.host, failure.why),
        }
    }
}

impl Client {
    /// A client that reaches what `reach` allows, never `origin` itself, and says `Dassie/VERSION (+origin)`.
    ///
    /// # Errors
    /// `Bug` if the TLS library refuses its own defaults or a root certificate.
    pub fn new(reach: Reach, origin: &Url, spawn: Spawn) -> Result<Self, Error> {
        Self::with(reach, reach::Names::System, PATIENCE, origin, spawn)
    }

    fn with(reach: Reach, names: reach::Names, patience: Patience, origin: &Url, spawn: Spawn) -> Result<Self, Error> {
        let agent = format!("Dassie/{} (+{})", env!("CARGO_PKG_VERSION"), origin.as_str().trim_end_matches('/'));
        Ok(Client(Arc::new(Inner {
            tls: connect::tls(&reach)?,
            own: Authority::of(origin),
            reach,
            names,
            pool: Pool::default(),
            spawn,
            signing: Threads::that_sign()?,
            patience,
            user_agent: HeaderValue::from_str(&agent).map_err(|error| Error::Bug(format!("user agent: {error}")))?,
        })))
    }

    /// Fetches without a signature (webfinger, host-meta, nodeinfo). Whether `url` itself may be asked knows the caller; `keeper`
    /// is asked about every other server that a redirect leads to.
    ///
    /// # Errors
    /// `Failure`, by kind; an error status is no failure.
    pub async fn get(
        &self,
        url: &Url,
        accept: &str,
        limits: AnswerLimits,
        keeper: &dyn Doorkeeper,
    ) -> Result<Answer, Failure> {
        self.within(url, self.follow(url, accept, None, limits, keeper)).await
    }

    /// The same with a signature, made anew for each redirect.
    ///
    /// # Errors
    /// `Failure`, by kind; an error status is no failure.
    pub async fn get_signed(
        &self,
        url: &Url,
        accept: &str,
        signer: &Signer<'_>,
        limits: AnswerLimits,
        keeper: &dyn Doorkeeper,
    ) -> Result<Answer, Failure> {
        self.within(url, self.follow(url, accept, Some(signer), limits, keeper)).await
    }

    /// Where `url` redirects to at once; asked without a body and not followed.
    ///
    /// # Errors
    /// `Failure`, by kind; an error status is no failure, and no redirect.
    pub async fn redirect_of(&self, url: &Url) -> Result<Option<Url>, Failure> {
        let limits = AnswerLimits::bytes(0);
        let mut url = url.clone();
        url.set_fragment(None);
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        let asked = self.exchange(&Method::HEAD, &url, &headers, &body, limits);
        Ok(target(&self.within(&url, asked).await?))
    }

    /// Sends a body with headers that are complete and signed already. Follows nothing.
    ///
    /// # Errors
    /// `Failure`, by kind. An answer's body beyond `limits::IGNORED_BODY_MAX_BYTES` is dropped without a word.
    pub async fn post(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<Answer, Failure> {
        let limits = AnswerLimits::bytes(limits::IGNORED_BODY_MAX_BYTES);
        self.within(url, self.exchange(&Method::POST, url, &headers, &body, limits)).await
    }

    /// Signs and sends a body; a 307 or 308 to the same authority is followed once, signed anew.
    ///
    /// Signing costs 0.25–0.6 ms of CPU, on a thread for that.
    ///
    /// # Errors
    /// As `post`.
    pub async fn post_signed(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
        signer: &Signer<'_>,
    ) -> Result<Answer, Failure> {
        let limits = AnswerLimits::bytes(limits::IGNORED_BODY_MAX_BYTES);
        let send = async {
            let mut url = url.clone();
            for last in [false, true] {
                let signed = self.sign(&Method::POST, &url, headers.clone(), Some(&body), signer).await?;
                let answer = self.exchange(&Method::POST, &url, &signed, &body, limits).await?;
                let again = matches!(answer.status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
                match target(&answer) {
                    Some(next) if again && !last && same_authority(&url, &next) => url = next,
                    _ => return Ok(answer),
                }
            }
            Err(Failure::new(&url, FailureKind::BadAnswer, "redirected twice"))
        };
        self.within(url, send).await
    }

    /// Idle connections that are kept at the moment.
    #[must_use]
    pub fn idle_connections(&self) -> usize {
        self.0.pool.len()
    }

    async fn follow(
        &self,
        url: &Url,
        accept: &str,
        signer: Option<&Signer<'_>>,
        limits: AnswerLimits,
        keeper: &dyn Doorkeeper,
    ) -> Result<Answer, Failure> {
        let mut url = url.clone();
        for _ in 0..=limits::REDIRECTS_MAX {
            url.set_fragment(None);
            let mut headers = HeaderMap::new();
            let value = HeaderValue::from_str(accept)
                .map_err(|_| Failure::new(&url, FailureKind::Refused, "accept is not printable"))?;
            headers.insert(ACCEPT, value);
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
            if let Some(signer) = signer {
                headers = self.sign(&Method::GET, &url, headers, None, signer).await?;
            }
            let answer = self.exchange(&Method::GET, &url, &headers, &Bytes::new(), limits).await?;
            let Some(next) = target(&answer) else { return Ok(answer) };
            if !same_authority(&url, &next) {
                admit(keeper, &next).await?;
            }
            url = next;
        }
        let why = format!("more than {} redirects", limits::REDIRECTS_MAX);
        Err(Failure::new(&url, FailureKind::BadAnswer, why))
    }

    /// `headers` with a signature, made on a thread for that: a post that goes to thousands must not stand before what
    /// somebody waits for.
    async fn sign(
        &self,
        method: &Method,
        url: &Url,
        mut headers: HeaderMap,
        body: Option<&Bytes>,
        signer: &Signer<'_>,
    ) -> Result<HeaderMap, Failure> {
        let (method, at, body) = (method.clone(), url.clone(), body.cloned());
        let (key_id, key, now) = (signer.key_id.to_owned(), signer.key.clone(), signer.now);
        let sign = match signer.signing {
            Signing::By(Scheme::Cavage) => signature::cavage::sign,
            Signing::By(Scheme::Rfc9421) => signature::rfc9421::sign,
            Signing::ByPath => signature::cavage::sign_by_path,
        };
        let signed = self.0.signing.run(move || {
            sign(&method, &at, &mut headers, body.as_deref(), &key_id, &key, now)?;
            Ok(headers)
        });
        signed.await.map_err(|error| {
            let busy = matches!(error, Error::Storage(storage::Error::Overloaded { .. }));
            let kind = if busy { FailureKind::Busy } else { FailureKind::Refused };
            Failure::new(url, kind, format!("cannot sign: {error}"))
        })
    }

    /// One request and its answer, on a kept connection if there is a living one.
    async fn exchange(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        body: &Bytes,
        limits: AnswerLimits,
    ) -> Result<Answer, Failure> {
        reach::check(&self.0.reach, self.0.own.as_ref(), url)?;
        let origin = url[..url::Position::BeforePath].to_owned();
        if let Some(mut kept) = self.0.pool.take(&origin)
            && timeout(self.0.patience.connect, kept.ready()).await.is_ok_and(|it| it.is_ok())
        {
            match self.send(kept, &origin, method, url, headers, body, limits).await {
                // The peer closed it under us: once more on a new one. A repeat carries the same activity id.
                Err((failure, true)) if failure.kind == FailureKind::Unreachable => {}
                outcome => return outcome.map_err(|(failure, _)| failure),
            }
        }
        let fresh = connect::open(&self.0, url).await?;
        self.send(fresh, &origin, method, url, headers, body, limits).await.map_err(|(failure, _)| failure)
    }

    /// Sends on one connection; the flag of a failure says that no byte of an answer came.
    #[expect(clippy::too_many_arguments, reason = "one request in its parts")]
    async fn send(
        &self,
        mut connection: pool::Connection,
        origin: &str,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        body: &Bytes,
        limits: AnswerLimits,
    ) -> Result<Answer, (Failure, bool)> {
        let fail = |kind, why: String| (Failure::new(url, kind, why), false);
        let request = self.request(method, url, headers, body).map_err(|failure| (failure, false))?;
        let patience = self.0.patience.header;
        let response = match timeout(patience, connection.send_request(request)).await {
            Err(_) => return Err(fail(FailureKind::TimedOut, format!("no answer in time ({patience:?})"))),
            Ok(Err(error)) if error.is_parse() || error.is_parse_too_large() => {
                return Err(fail(FailureKind::BadAnswer, format!("not an HTTP answer within bounds: {error}")));
            }
            Ok(Err(error)) => {
                let failure = Failure::new(url, FailureKind::Unreachable, format!("connection lost: {error}"));
                return Err((failure, true));
            }
            Ok(Ok(response)) => response,
        };
        let (head, incoming) = response.into_parts();
        let size: usize = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        if size > limits::ANSWER_HEADER_MAX_BYTES {
            let why = format!("headers have {size} bytes; at most {}", limits::ANSWER_HEADER_MAX_BYTES);
            return Err(fail(FailureKind::BadAnswer, why));
        }
        if !limits.wants(&head.headers) {
            // The connection goes with what was not read.
            let (status, headers, body) = (head.status, head.headers, Bytes::new());
            return Ok(Answer { status, headers, body, final_url: url.clone() });
        }
        let taken = match body::read(incoming, &head.headers, limits.body_max_bytes, limits.beyond).await {
            Ok(body::Read::Whole(body)) => {
                self.0.pool.put(origin, connection);
                body
            }
            Ok(body::Read::Cut(body)) => body,
            // Nobody reads what an inbox says at length, or in a coding that is not known here: its status is its answer.
            Err(_) if *method == Method::POST => Bytes::new(),
            Err(why) => return Err(fail(FailureKind::BadAnswer, why.to_string())),
        };
        Ok(Answer { status: head.status, headers: head.headers, body: taken, final_url: url.clone() })
    }

    async fn within<T>(&self, url: &Url, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let patience = self.0.patience.total;
        match timeout(patience, work).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::new(url, FailureKind::TimedOut, format!("not finished in time ({patience:?})"))),
        }
    }

    fn request(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Request<Full<Bytes>>, Failure> {
        let refused = |_| Failure::new(url, FailureKind::Refused, "URL cannot be sent");
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = method.clone();
        *request.uri_mut() = Uri::try_from(target).map_err(refused)?;
        *request.headers_mut() = headers.clone();
        if !headers.contains_key(HOST) {
            let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
            let host = HeaderValue::from_str(host)
                .map_err(|_| Failure::new(url, FailureKind::Refused, "host is not printable"))?;
            request.headers_mut().insert(HOST, host);
        }
        request.headers_mut().insert(USER_AGENT, self.0.user_agent.clone());
        Ok(request)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("reach", &self.0.reach).finish_non_exhaustive()
    }
}

/// Where a redirect leads; none if it is not one, or leads nowhere.
fn target(answer: &Answer) -> Option<Url> {
    let redirects = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = answer.headers.get(LOCATION).filter(|_| redirects)?;
    answer.final_url.join(location.to_str().ok()?).ok()
}

/// Asks `keeper` about whom a redirect leads to. What names nobody is no address to be reached anyway.
async fn admit(keeper: &dyn Doorkeeper, to: &Url) -> Result<(), Failure> {
    let Some(authority) = Authority::of(to) else { return Ok(()) };
    keeper.admit(&authority).await.map_err(|error| {
        let kind = if matches!(error, Error::Forbidden(_)) { FailureKind::Barred } else { FailureKind::Busy };
        Failure::new(to, kind, error.to_string())
    })
}

fn same_authority(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && Authority::of(a).is_some_and(|authority| Authority::of(b) == Some(authority))
}

#[cfg(test)]
mod tests;
