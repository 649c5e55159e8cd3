//! Wakes one program on one device: seals the message and hands it to the push service (RFC 8030 §5).

use super::Outcome;
use crate::{
    clock,
    error::{Error, Result},
    http::auth,
    limits, notification,
    present::Context,
    push::{self, Message, Sealed},
    server::Server,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER},
};
use storage::{
    AccountId, NotificationId, SecretHash, Timestamp, View,
    peer::backoff_ms,
    push::{self as rows, Subscription},
    quiet,
    user::SESSIONS,
};
use url::Url;
use web::zone::Zone;

/// Sends the message about `notification` (`None`: a test) to the subscription of `token`, while this machine may serve
/// and no longer.
pub(super) async fn run(
    server: &Server,
    token: SecretHash,
    notification: Option<NotificationId>,
    attempts: u32,
) -> Outcome {
    match prepared(server, token, notification).await {
        Ok(Some((subscription, message))) => {
            // The runner begins nothing more until this machine may serve again.
            let retry = |why: String| Outcome::Later(server.now(), why);
            let left = match server.fence().left() {
                Ok(left) => left,
                Err(why) => return retry(why),
            };
            let sent = tokio::time::timeout(left, send(server, token, &subscription, &message, attempts)).await;
            sent.unwrap_or_else(|_| retry("the lease of this machine ran out".to_owned()))
        }
        Ok(None) => Outcome::Done,
        Err(error) => Outcome::of(&error, server, attempts),
    }
}

/// The subscription and what to say; `None` if there is nobody to wake any more, or nothing to tell.
async fn prepared(
    server: &Server,
    token: SecretHash,
    notification: Option<NotificationId>,
) -> Result<Option<(Subscription, Message)>> {
    if over(server, token).await? {
        return Ok(None);
    }
    let (origin, now) = (server.origin().clone(), server.now());
    let look = move |view: &View<'_>| {
        let Some(subscription) = rows::find(view, token)? else { return Ok(None) };
        // Whoever could not ask for it with this token, suspended or disabled meanwhile, is not told of it either.
        if auth::look_up(view, token)?.is_none_or(|access| !access.is_good()) {
            return Ok(None);
        }
        let Some(id) = notification else {
            let message = Message::of_test(view, &subscription)?;
            return Ok(Some((subscription, message)));
        };
        let row = match notification::show(view, subscription.account, id) {
            Ok(row) => row,
            // Withdrawn, dismissed or hidden meanwhile.
            Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        if now.ms_since(row.created_at) > limits::PUSH_HOLDS_SECONDS * 1000 {
            return Ok(None);
        }
        // What happened stands among the notifications all the same.
        if is_quiet(view, subscription.account, now)? {
            return Ok(None);
        }
        let mut message = push::message(view, &subscription, id, &row)?;
        message.icon = Context::new(view, &origin, Some(subscription.account)).account(row.from)?.avatar.clone();
        Ok(Some((subscription, message)))
    };
    server.read(look).await
}

/// Whether `account` does not want to be woken now.
fn is_quiet(view: &View<'_>, account: AccountId, now: Timestamp) -> Result<bool> {
    let Some(hours) = quiet::find(view, account)? else { return Ok(false) };
    // A zone that the program does not know any more is taken as universal time.
    let shown = Zone::named(&hours.zone).unwrap_or_default().shows(&clock::iso(now));
    let minute = shown.and_then(|shown| u16::try_from(i32::from(shown.hour) * 60 + i32::from(shown.minute)).ok());
    Ok(minute.is_some_and(|minute| hours.holds(minute)))
}

/// Whether it is for a browser that is signed in no more, which is then forgotten.
async fn over(server: &Server, token: SecretHash) -> Result<bool> {
    let is_over = move |view: &View<'_>| {
        let Some(browser) = rows::BROWSERS.get(view, &token)? else { return Ok(false) };
        Ok(SESSIONS.get(view, &SecretHash(browser.session))?.is_none())
    };
    if !server.read(is_over).await? {
        return Ok(false);
    }
    let outlived = server.write(move |tx| push::outlived(tx, token)).await?;
    server.access_cache().clear();
    Ok(outlived)
}

async fn send(server: &Server, token: SecretHash, to: &Subscription, message: &Message, attempts: u32) -> Outcome {
    let Ok(url) = Url::parse(&to.endpoint) else { return Outcome::Drop("the endpoint is no URL".to_owned()) };
    let sent = match sealed(server, to, message).and_then(|sealed| Ok((headers(server, &url, &sealed)?, sealed.body))) {
        Ok((headers, body)) => server.client().post(&url, headers, Bytes::from(body)).await,
        Err(error) => return Outcome::of(&error, server, attempts),
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(failure) => return Outcome::of(&failure.into(), server, attempts),
    };
    match answer.status {
        status if status.is_success() => Outcome::Done,
        // The program was removed from the device, or has subscribed anew (RFC 8030 §7.3).
        StatusCode::NOT_FOUND | StatusCode::GONE => forget(server, token, to.id).await,
        StatusCode::TOO_MANY_REQUESTS => later(server, attempts, &answer.headers, "the push service asks to wait"),
        status if status.is_server_error() => {
            later(server, attempts, &answer.headers, &format!("the push service answered {status}"))
        }
        status => Outcome::Drop(format!("the push service answered {status}")),
    }
}

fn sealed(server: &Server, to: &Subscription, message: &Message) -> Result<Sealed> {
    let text = serde_json::to_vec(message).map_err(|error| Error::Bug(format!("a message is no JSON: {error}")))?;
    push::seal(&text, &to.p256dh, &to.auth, to.standard, server.random_bytes())
}

/// What goes with the body (RFC 8030 §5.2, RFC 8291 §4, RFC 8292 §3; the draft's §4 for the older encoding).
fn headers(server: &Server, endpoint: &Url, sealed: &Sealed) -> Result<HeaderMap> {
    let vapid = server.vapid();
    let word = vapid.word(endpoint, server.now())?;
    let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: String| {
        let value = HeaderValue::try_from(value).map_err(|error| Error::Bug(format!("{name}: {error}")))?;
        headers.insert(name, value);
        Ok::<_, Error>(())
    };
    set(CONTENT_TYPE, "application/octet-stream".to_owned())?;
    set(HeaderName::from_static("ttl"), limits::PUSH_HOLDS_SECONDS.to_string())?;
    set(HeaderName::from_static("urgency"), "normal".to_owned())?;
    match &sealed.apart {
        None => {
            set(CONTENT_ENCODING, "aes128gcm".to_owned())?;
            set(AUTHORIZATION, format!("vapid t={word}, k={}", vapid.public()))?;
        }
        Some((salt, public)) => {
            set(CONTENT_ENCODING, "aesgcm".to_owned())?;
            set(AUTHORIZATION, format!("WebPush {word}"))?;
            set(HeaderName::from_static("encryption"), format!("salt={}", encoded(salt)))?;
            let key = format!("dh={};p256ecdsa={}", encoded(public), vapid.public());
            set(HeaderName::from_static("crypto-key"), key)?;
        }
    }
    Ok(headers)
}

/// Removes the subscription, unless the program has made another one meanwhile.
async fn forget(server: &Server, token: SecretHash, id: storage::RowId) -> Outcome {
    let removed = server.write(move |tx| {
        if rows::find(tx, token)?.is_some_and(|found| found.id == id) {
            rows::delete(tx, token)?;
        }
        Ok(())
    });
    match removed.await {
        Ok(()) => Outcome::Drop("the push service does not know the subscription any more".to_owned()),
        Err(error) => Outcome::of(&error, server, 0),
    }
}

fn later(server: &Server, attempts: u32, headers: &HeaderMap, why: &str) -> Outcome {
    let asked = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<i64>().ok());
    let asked = asked.map(|seconds| seconds.clamp(1, limits::PUSH_HOLDS_SECONDS) * 1000);
    let pause = asked.unwrap_or(0).max(backoff_ms(attempts.saturating_add(1), server.random()));
    Outcome::Later(server.now().plus_ms(pause), why.to_owned())
}
