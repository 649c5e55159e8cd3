//! Server-sent events: one stream a request (client API, streaming; HTML standard §9.2).

use super::{
    hub::Seat,
    line::Wire,
    topic::{Asked, Topic},
};
use crate::{
    error::Result,
    http::{Params, Viewer, answer, auth, session::Browser},
    limits,
    server::Server,
};
use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use futures_util::stream;
use http::{
    HeaderMap, HeaderValue, Uri,
    header::{CONNECTION, CONTENT_TYPE},
};
use std::{convert::Infallible, time::Duration};
use storage::SecretHash;
use tokio::sync::mpsc;

/// Path below `/api/v1/streaming/` → the stream's name.
pub const SSE: [(&str, &str); 9] = [
    ("user", "user"),
    ("user/notification", "user:notification"),
    ("public", "public"),
    ("public/local", "public:local"),
    ("public/remote", "public:remote"),
    ("hashtag", "hashtag"),
    ("hashtag/local", "hashtag:local"),
    ("list", "list"),
    ("direct", "direct"),
];

pub(super) fn routes() -> Router<Server> {
    let pages = Router::new().route("/live", get(live));
    SSE.into_iter().fold(pages, |router, (path, name)| {
        let handler = move |State(server): State<Server>,
                            viewer: Viewer,
                            headers: HeaderMap,
                            uri: Uri,
                            params: Params| async move {
            open(&server, &viewer, name, auth::bearer(&headers, &uri).as_deref().unwrap_or_default(), &params)
        };
        router.route(&format!("/api/v1/streaming/{path}"), get(handler))
    })
}

/// `GET /live`: the stream `user` for the pages of this server, whose session stands in for a token; with `stream=direct`
/// conversations, too.
async fn live(State(server): State<Server>, browser: Browser, params: Params) -> Result<Response> {
    let viewer = browser.reader();
    let mut topics = vec![Topic::User(viewer.account)];
    topics.extend((params.str("stream") == Some("direct")).then_some(Topic::Direct(viewer.account)));
    begin(&server, &viewer, browser.hash(), topics)
}

fn open(server: &Server, viewer: &Viewer, name: &str, token: &str, params: &Params) -> Result<Response> {
    // `only_media` narrows the public streams, as it does their timelines.
    let media = name.starts_with("public") && params.bool("only_media").unwrap_or(false);
    let stream = if media { format!("{name}:media") } else { name.to_owned() };
    let topic = Topic::parse(Asked { stream: &stream, tag: params.str("tag"), list: params.str("list") }, viewer)?;
    begin(server, viewer, SecretHash::of(token), vec![topic])
}

fn begin(server: &Server, viewer: &Viewer, held: SecretHash, topics: Vec<Topic>) -> Result<Response> {
    let (seat, queue) = server.streams().enter(viewer, held, Wire::Sse)?;
    for topic in topics {
        seat.subscribe(topic)?;
    }
    let mut response =
        Body::from_stream(stream::unfold(Some(Talk { seat, queue, greeted: false }), next)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // It ends with the stream, and then nobody waits for another request on it.
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    answer::uncached(headers);
    // A proxy in front must not gather what is meant for now.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    answer::lasts(&mut response);
    Ok(response)
}

struct Talk {
    seat: Seat,
    queue: mpsc::Receiver<Bytes>,
    greeted: bool,
}

/// The next piece: a frame, or a comment that keeps the line alive.
async fn next(talk: Option<Talk>) -> Option<(std::result::Result<Bytes, Infallible>, Option<Talk>)> {
    let mut talk = talk?;
    if !talk.greeted {
        talk.greeted = true;
        return Some((Ok(Bytes::from_static(b":)\n")), Some(talk)));
    }
    let silence = tokio::time::sleep(Duration::from_secs(limits::STREAM_THUMP_SECONDS));
    let piece = tokio::select! {
        biased;
        () = talk.seat.line.ended() => return None,
        frame = talk.queue.recv() => frame?,
        () = silence => Bytes::from_static(b":thump\n"),
    };
    Some((Ok(piece), Some(talk)))
}
