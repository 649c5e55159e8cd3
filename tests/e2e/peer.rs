//! A peer that is whatever a test wants: every host at once, over TLS and in plain, with what it was asked on record;
//! able to hang, drip, redirect, lie about its content and never end.

use crate::certificates::Authority;
use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Limited};
use hyper::{
    body::{Body, Frame, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{
    collections::HashMap,
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    thread::JoinHandle,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

/// What ActivityStreams documents are served as.
pub(crate) const ACTIVITY_JSON: &str = "application/activity+json; charset=utf-8";
/// What webfinger answers are served as.
pub(crate) const JRD_JSON: &str = "application/jrd+json; charset=utf-8";

/// What the peer says.
#[derive(Clone)]
pub(crate) enum Answer {
    /// 200 with a body.
    Body(&'static str, Bytes),
    /// 200 with an encoded body: content type, content encoding, bytes.
    Encoded(&'static str, &'static str, Bytes),
    /// A bare status.
    Status(u16),
    /// A bare status with `Retry-After`.
    Busy(u16, &'static str),
    /// 302 to an address.
    Redirect(String),
    /// The answer never begins.
    Hang,
    /// 200, then one byte of a body each interval.
    Drip(&'static str, Duration),
    /// 200, then this piece again and again; never ends.
    Endless(&'static str, &'static str, Bytes, Bytes),
    /// Whatever this makes of the request.
    Make(Arc<dyn Fn(&Seen) -> Answer + Send + Sync>),
}

impl Answer {
    /// An ActivityStreams document.
    pub(crate) fn document(value: &serde_json::Value) -> Self {
        Answer::Body(ACTIVITY_JSON, value.to_string().into())
    }

    /// A webfinger answer.
    pub(crate) fn jrd(value: &serde_json::Value) -> Self {
        Answer::Body(JRD_JSON, value.to_string().into())
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `GET`, `POST` …
    pub(crate) method: String,
    /// The `Host` it was for.
    pub(crate) authority: String,
    /// Path with query.
    pub(crate) path: String,
    /// Header lines, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Bytes,
}

impl Seen {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

#[derive(Default)]
struct State {
    routes: HashMap<String, Answer>,
    hosts: HashMap<String, Answer>,
    seen: Vec<Seen>,
}

/// The peer; it ends when dropped.
pub(crate) struct Peer {
    /// Where it speaks TLS.
    pub(crate) tls: SocketAddr,
    /// Where it speaks plain HTTP.
    pub(crate) plain: SocketAddr,
    state: Arc<Mutex<State>>,
    changed: watch::Receiver<u64>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Peer {
    /// Listens on two free ports of 127.0.0.1, on a thread of its own.
    pub(crate) fn start(authority: &Arc<Authority>) -> Self {
        let tls = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let plain = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let addresses = [&tls, &plain].map(|listener| {
            listener.set_nonblocking(true).expect("a socket");
            listener.local_addr().expect("an address")
        });
        let state = Arc::new(Mutex::new(State::default()));
        let (count, changed) = watch::channel(0);
        let (stop, stopping) = watch::channel(false);
        let serving = Serving { state: state.clone(), count: Arc::new(count) };
        let acceptor = TlsAcceptor::from(authority.server_config());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(accept(tls, plain, acceptor, serving, stopping));
        });
        Peer { tls: addresses[0], plain: addresses[1], state, changed, stop, thread: Some(thread) }
    }

    /// Answers GET of `url` (of either scheme; a fragment does not count) so.
    pub(crate) fn serve(&self, url: &str, answer: Answer) {
        self.route("GET", url, answer);
    }

    /// Answers `method` of `url` so.
    pub(crate) fn route(&self, method: &str, url: &str, answer: Answer) {
        self.locked(|state| state.routes.insert(format!("{method} {}", key_of(url)), answer));
    }

    /// Answers everything else of a host so; without this, POST is 202 and everything else 404.
    pub(crate) fn host(&self, authority: &str, answer: Answer) {
        self.locked(|state| state.hosts.insert(authority.to_lowercase(), answer));
    }

    /// The requests so far that pass `wanted`, oldest first.
    pub(crate) fn seen(&self, wanted: impl Fn(&Seen) -> bool) -> Vec<Seen> {
        self.locked(|state| state.seen.iter().filter(|seen| wanted(seen)).cloned().collect())
    }

    /// Activities delivered to inboxes of `authority`, oldest first.
    pub(crate) fn delivered(&self, authority: &str) -> Vec<serde_json::Value> {
        self.seen(|seen| seen.method == "POST" && seen.authority == authority).iter().filter_map(Seen::json).collect()
    }

    /// Waits until a request passes `wanted`, at most `limit`.
    pub(crate) async fn wait_for(&self, limit: Duration, wanted: impl Fn(&Seen) -> bool) -> Option<Seen> {
        let mut changed = self.changed.clone();
        let looking = async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = self.seen(&wanted).into_iter().next() {
                    return Some(found);
                }
                if changed.changed().await.is_err() {
                    return None;
                }
            }
        };
        tokio::time::timeout(limit, looking).await.unwrap_or(None)
    }

    fn locked<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic on that thread has been printed; a second one while dropping would abort.
            let _ = thread.join();
        }
    }
}

/// `host/path?query` of a URL: lower-case authority without the scheme's own port, no fragment.
fn key_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let cut = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(cut);
    let path = match path.chars().next() {
        None => "/".to_owned(),
        Some('?') => format!("/{path}"),
        Some(_) => path.to_owned(),
    };
    format!("{}{path}", bare(authority))
}

fn bare(authority: &str) -> String {
    let lower = authority.to_lowercase();
    lower.strip_suffix(":443").or_else(|| lower.strip_suffix(":80")).unwrap_or(&lower).to_owned()
}

#[derive(Clone)]
struct Serving {
    state: Arc<Mutex<State>>,
    count: Arc<watch::Sender<u64>>,
}

async fn accept(
    tls: std::net::TcpListener,
    plain: std::net::TcpListener,
    acceptor: TlsAcceptor,
    serving: Serving,
    mut stopping: watch::Receiver<bool>,
) {
    let tls = TcpListener::from_std(tls).expect("a socket");
    let plain = TcpListener::from_std(plain).expect("a socket");
    let mut open = JoinSet::new();
    loop {
        let (stream, secure) = tokio::select! {
            accepted = tls.accept() => (accepted, true),
            accepted = plain.accept() => (accepted, false),
            Some(_) = open.join_next(), if !open.is_empty() => continue,
            _ = stopping.changed() => return,
        };
        let Ok((stream, _)) = stream else { continue };
        open.spawn(converse(stream, secure.then(|| acceptor.clone()), serving.clone()));
    }
}

/// One connection. Its errors are the other side's business: a test looks at what that side makes of them.
async fn converse(stream: TcpStream, acceptor: Option<TlsAcceptor>, serving: Serving) {
    let service = service_fn(move |request| answer(request, serving.clone()));
    let http = hyper::server::conn::http1::Builder::new();
    match acceptor {
        None => drop(http.serve_connection(TokioIo::new(stream), service).await),
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                drop(http.serve_connection(TokioIo::new(stream), service).await);
            }
        }
    }
}

async fn answer(request: Request<Incoming>, serving: Serving) -> Result<Response<Flow>, Infallible> {
    let (parts, body) = request.into_parts();
    let text = |name: &header::HeaderName| {
        parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let body = Limited::new(body, 4 << 20).collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let seen = Seen {
        method: parts.method.as_str().to_owned(),
        authority: bare(&text(&header::HOST)),
        path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body,
    };
    let mut chosen = {
        let mut state = serving.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{} {}{}", seen.method, seen.authority, seen.path);
        // An address with a query is another document, unless only the one without is served.
        let without_query = key.split('?').next().unwrap_or_default();
        let found = state.routes.get(&key).or_else(|| state.routes.get(without_query));
        let chosen = found.or_else(|| state.hosts.get(&seen.authority)).cloned();
        state.seen.push(seen.clone());
        chosen.unwrap_or(Answer::Status(if seen.method == "POST" { 202 } else { 404 }))
    };
    serving.count.send_modify(|count| *count += 1);
    for _ in 0..4 {
        let Answer::Make(make) = &chosen else { break };
        chosen = make(&seen);
    }
    Ok(respond(chosen).await)
}

async fn respond(answer: Answer) -> Response<Flow> {
    let (status, headers, flow): (u16, Vec<(&str, String)>, Flow) = match answer {
        Answer::Body(kind, body) => (200, vec![("content-type", kind.to_owned())], Flow::Whole(Some(body))),
        Answer::Encoded(kind, encoding, body) => {
            let headers = vec![("content-type", kind.to_owned()), ("content-encoding", encoding.to_owned())];
            (200, headers, Flow::Whole(Some(body)))
        }
        Answer::Status(status) => (status, Vec::new(), Flow::Whole(None)),
        Answer::Busy(status, after) => (status, vec![("retry-after", after.to_owned())], Flow::Whole(None)),
        Answer::Redirect(to) => (302, vec![("location", to)], Flow::Whole(None)),
        Answer::Hang | Answer::Make(_) => std::future::pending().await,
        Answer::Drip(kind, every) => {
            (200, vec![("content-type", kind.to_owned())], Flow::Drip(tokio::time::interval(every)))
        }
        Answer::Endless(kind, encoding, first, piece) => {
            let mut headers = vec![("content-type", kind.to_owned())];
            if !encoding.is_empty() {
                headers.push(("content-encoding", encoding.to_owned()));
            }
            (200, headers, Flow::Endless(Some(first), piece))
        }
    };
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(flow).expect("a test writes proper headers")
}

/// The body of an answer.
enum Flow {
    Whole(Option<Bytes>),
    Drip(tokio::time::Interval),
    Endless(Option<Bytes>, Bytes),
}

impl Body for Flow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Flow::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Flow::Drip(interval) => {
                interval.poll_tick(context).map(|_| Some(Ok(Frame::data(Bytes::from_static(b" ")))))
            }
            Flow::Endless(first, piece) => {
                Poll::Ready(Some(Ok(Frame::data(first.take().unwrap_or_else(|| piece.clone())))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Web;
    use serde_json::json;

    #[test]
    fn addresses_are_compared_without_scheme_own_port_and_fragment() {
        assert_eq!(key_of("https://A.test/x#main-key"), "a.test/x");
        assert_eq!(key_of("http://a.test:80?c=1"), "a.test/?c=1");
        assert_eq!(key_of("http://localhost:18101/alice"), "localhost:18101/alice");
        assert_eq!(key_of("https://a.test"), "a.test/");
    }

    #[tokio::test]
    async fn peer_answers_as_told_and_remembers() {
        let peer = Peer::start(&Authority::new());
        peer.serve("http://a.test/n/1#x", Answer::document(&json!({"id": "x"})));
        peer.host("gone.test", Answer::Status(410));
        let web = Web::at(peer.plain);
        let document = web.get("/n/1", &[("Host", "a.test")]).await;
        assert_eq!((document.status, document.json()["id"].as_str()), (200, Some("x")));
        assert_eq!(web.get("/n/2", &[("Host", "a.test")]).await.status, 404);
        assert_eq!(web.get("/n/1", &[("Host", "gone.test")]).await.status, 410);
        let posted = web.send("POST", "/inbox", &[("Host", "a.test")], b"{\"type\":\"Follow\"}").await;
        assert_eq!(posted.status, 202);
        assert_eq!(peer.delivered("a.test")[0]["type"], "Follow");
        let seen = peer.wait_for(Duration::from_secs(5), |seen| seen.authority == "gone.test").await;
        assert_eq!(seen.expect("it was asked").path, "/n/1");
    }
}
