//! One WebSocket for any number of streams (client API, streaming#websocket; RFC 6455).

use super::{
    hub::Seat,
    line::Wire,
    topic::{Asked, Topic},
};
use crate::{
    error::{Error, Result},
    http::{Params, Viewer, answer, auth},
    limits,
    server::Server,
};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::{
    body::Body,
    extract::{FromRequestParts, State},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
    },
    request::Parts,
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, time::Duration};
use storage::SecretHash;
use tokio::sync::mpsc;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, Utf8Bytes,
        protocol::{Role, WebSocketConfig},
    },
};

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Opens a socket, listening to `stream` if the query names one.
pub(super) async fn open(State(server): State<Server>, opening: Opening, params: Params) -> Result<Response> {
    let Opening { key, token, protocol, upgrade } = opening;
    let (Some(key), Some(upgrade)) = (key, upgrade) else {
        let mut refusal = answer::refuse(StatusCode::UPGRADE_REQUIRED, "This is a WebSocket; an upgrade is needed");
        refusal.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
        return Ok(refusal);
    };
    let token = token.ok_or(Error::Unauthorized)?;
    let viewer = auth::viewer(&server, &token).await?;
    let asked = params.str("stream").filter(|stream| !stream.is_empty());
    let asked = asked.map(|stream| Asked { stream, tag: params.str("tag"), list: params.str("list") });
    let topic = asked.map(|asked| Topic::parse(asked, &viewer)).transpose()?;
    let (seat, queue) = server.streams().enter(&viewer, SecretHash::of(&token), Wire::WebSocket)?;
    if let Some(topic) = topic {
        seat.subscribe(topic)?;
    }
    server.spawn("websocket", async move {
        match upgrade.await {
            Ok(upgraded) => converse(TokioIo::new(upgraded), seat, queue, viewer).await,
            Err(error) => tracing::debug!(%error, "a WebSocket was not taken up"),
        }
    });
    Ok(switching(&key, protocol.as_deref()))
}

/// What a request brings that wants to become a WebSocket.
pub(super) struct Opening {
    /// `None`: it does not want to.
    key: Option<String>,
    token: Option<String>,
    protocol: Option<String>,
    /// `None` where a connection cannot be taken over (HTTP/1.0).
    upgrade: Option<OnUpgrade>,
}

impl FromRequestParts<Server> for Opening {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> std::result::Result<Self, Infallible> {
        // Browsers cannot set headers here: web apps send the token as the protocol's name and want it back.
        let protocols = parts.headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
        let protocol = protocols.and_then(|names| names.split(',').next()).map(|name| name.trim().to_owned());
        let token = auth::bearer(&parts.headers, &parts.uri).or_else(|| protocol.clone());
        Ok(Opening { key: key(&parts.headers), token, protocol, upgrade: parts.extensions.remove() })
    }
}

/// The client's key, if the request is a WebSocket's opening handshake (RFC 6455 §4.2.1).
fn key(headers: &HeaderMap) -> Option<String> {
    let has = |name: HeaderName, wanted: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|token| token.trim().eq_ignore_ascii_case(wanted))
    };
    let key = headers.get(SEC_WEBSOCKET_KEY)?.to_str().ok()?.trim();
    let whole = BASE64_STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16);
    let asked = has(CONNECTION, "upgrade") && has(UPGRADE, "websocket") && has(SEC_WEBSOCKET_VERSION, "13");
    (whole && asked).then(|| key.to_owned())
}

fn switching(key: &str, protocol: Option<&str>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    // Both are made of bytes that headers may hold: base64, and what came in a header.
    if let Ok(accept) = HeaderValue::from_str(&accept(key)) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    if let Some(Ok(protocol)) = protocol.map(HeaderValue::from_str) {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    answer::lasts(&mut response);
    response
}

/// `Sec-WebSocket-Accept` (RFC 6455 §4.2.2, step 5.4).
fn accept(key: &str) -> String {
    let text = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    BASE64_STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()))
}

async fn converse(io: TokioIo<Upgraded>, seat: Seat, mut queue: mpsc::Receiver<Bytes>, viewer: Viewer) {
    let config = WebSocketConfig::default()
        .read_buffer_size(limits::STREAM_READ_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(limits::STREAM_WRITE_BYTES)
        .max_message_size(Some(limits::STREAM_COMMAND_BYTES))
        .max_frame_size(Some(limits::STREAM_COMMAND_BYTES));
    let mut socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let every = Duration::from_secs(limits::STREAM_PING_SECONDS);
    let mut ping = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
    let mut heard = true;
    loop {
        let message = tokio::select! {
            biased;
            () = seat.line.ended() => break,
            received = socket.next() => match received {
                Some(Ok(Message::Text(text))) => match obey(&seat, &viewer, &text) {
                    Ok(()) => continue,
                    Err(error) => told(&error),
                },
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {
                    heard = true;
                    continue;
                }
            },
            frame = queue.recv() => match frame.map(Utf8Bytes::try_from) {
                Some(Ok(text)) => Message::Text(text),
                Some(Err(_)) | None => break,
            },
            _ = ping.tick() => {
                // Nothing came back in answer to the last one.
                if !std::mem::replace(&mut heard, false) {
                    break;
                }
                Message::Ping(Bytes::new())
            }
        };
        if !sent(&mut socket, message, &seat).await {
            return;
        }
    }
    // Whoever is cut off because they do not read will not read this either; the connection closes all the same.
    let _ = tokio::time::timeout(Duration::from_secs(limits::STREAM_CLOSE_SECONDS), socket.close(None)).await;
}

/// Sends a message unless the line is cut meanwhile.
async fn sent(socket: &mut Socket, message: Message, seat: &Seat) -> bool {
    tokio::select! {
        () = seat.line.ended() => false,
        sent = socket.send(message) => sent.is_ok(),
    }
}

/// What a client says on its socket.
#[derive(Deserialize)]
struct Command {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    stream: String,
    tag: Option<String>,
    list: Option<String>,
}

/// What a client is told whose command was refused.
#[derive(Serialize)]
struct Refusal<'a> {
    error: &'a str,
}

fn obey(seat: &Seat, viewer: &Viewer, text: &str) -> Result<()> {
    let command: Command =
        serde_json::from_str(text).map_err(|_| Error::invalid("type", "The message is not a command"))?;
    let asked = Asked { stream: &command.stream, tag: command.tag.as_deref(), list: command.list.as_deref() };
    let topic = Topic::parse(asked, viewer)?;
    match command.kind.as_str() {
        "subscribe" => seat.subscribe(topic),
        "unsubscribe" => {
            seat.unsubscribe(&topic);
            Ok(())
        }
        _ => Err(Error::invalid("type", "A command is subscribe or unsubscribe")),
    }
}

fn told(error: &Error) -> Message {
    let why = match error {
        Error::Invalid { why, .. } => why.as_str(),
        Error::Forbidden(why) => why,
        _ => "The command was refused",
    };
    // Text as JSON cannot fail.
    Message::text(serde_json::to_string(&Refusal { error: why }).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::accept;

    #[test]
    fn the_answer_to_a_key_is_that_of_the_standard() {
        // RFC 6455 §1.3.
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
