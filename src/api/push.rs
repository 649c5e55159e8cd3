//! Push subscriptions, one a token (client API, push).

use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, auth, value::Map},
    push::{self, ALERTS, Wanted},
    server::Server,
};
use axum::{Router, extract::State, response::Response, routing::get};
use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::{HeaderMap, Uri};
use storage::{
    SecretHash,
    push::{self as rows, Policy, Subscription},
};
use web::entity::WebPushSubscription;

const POLICIES: [(Policy, &str); 4] =
    [(Policy::All, "all"), (Policy::Followed, "followed"), (Policy::Follower, "follower"), (Policy::None, "none")];

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/push/subscription", get(show).post(create).put(change).delete(remove))
}

/// The token of a request that was let through with one.
fn token(headers: &HeaderMap, uri: &Uri) -> Result<String> {
    auth::bearer(headers, uri).ok_or(Error::Unauthorized)
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Json<WebPushSubscription>> {
    viewer.require("push")?;
    let hash = SecretHash::of(&token(&headers, &uri)?);
    let found = server.read(move |view| Ok(rows::find(view, hash)?)).await?;
    Ok(Json(drawn(&server, found.ok_or(Error::NotFound)?)))
}

async fn create(
    State(server): State<Server>,
    viewer: Viewer,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Json<WebPushSubscription>> {
    viewer.require("push")?;
    let token = token(&headers, &uri)?;
    let wanted = wanted(&params)?;
    wanted.check(server.reach().is_lab())?;
    let own = viewer.account;
    let made = server.write(move |tx| push::subscribe(tx, own, &token, &wanted)).await?;
    Ok(Json(drawn(&server, made)))
}

async fn change(
    State(server): State<Server>,
    viewer: Viewer,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Json<WebPushSubscription>> {
    viewer.require("push")?;
    let hash = SecretHash::of(&token(&headers, &uri)?);
    let (alerts, policy) = asked(&params)?;
    let changed = server.write(move |tx| push::change(tx, hash, alerts, policy)).await?;
    Ok(Json(drawn(&server, changed)))
}

async fn remove(State(server): State<Server>, viewer: Viewer, headers: HeaderMap, uri: Uri) -> Result<Response> {
    viewer.require("push")?;
    let hash = SecretHash::of(&token(&headers, &uri)?);
    server.write(move |tx| Ok(rows::delete(tx, hash)?)).await?;
    Ok(answer::empty())
}

fn wanted(params: &Map) -> Result<Wanted> {
    let missing = |what: &str| Error::invalid("subscription", format!("{what} can't be blank"));
    let subscription = params.map("subscription").ok_or_else(|| missing("Subscription"))?;
    let keys = subscription.map("keys").ok_or_else(|| missing("Keys"))?;
    let (alerts, policy) = asked(params)?;
    Ok(Wanted {
        endpoint: subscription.str("endpoint").ok_or_else(|| missing("Endpoint"))?.to_owned(),
        p256dh: decoded(keys.str("p256dh").unwrap_or_default()),
        auth: decoded(keys.str("auth").unwrap_or_default()),
        standard: subscription.bool("standard").unwrap_or(false),
        alerts: alerts.unwrap_or(0),
        policy: policy.unwrap_or(Policy::All),
    })
}

/// Bits of the alerts asked for, and the policy, which apps send in `data` or beside it.
fn asked(params: &Map) -> Result<(Option<u32>, Option<Policy>)> {
    let data = params.map("data");
    let alerts = data.and_then(|data| data.map("alerts")).map(|alerts| {
        let named = ALERTS.iter().filter(|(_, name)| alerts.bool(name) == Some(true));
        named.fold(0, |bits, (alert, _)| bits | alert.bit())
    });
    let policy = data.and_then(|data| data.str("policy")).or_else(|| params.str("policy"));
    let policy = policy.filter(|policy| !policy.is_empty()).map(|asked| {
        let known = POLICIES.iter().find(|(_, name)| *name == asked);
        known.map(|(policy, _)| *policy).ok_or_else(|| Error::invalid("policy", "Policy is not included in the list"))
    });
    Ok((alerts, policy.transpose()?))
}

/// Bytes in either alphabet, with or without padding: apps send all four. What is none of them is empty, and refused
/// for its length.
fn decoded(text: &str) -> Vec<u8> {
    let any = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let read = |alphabet| GeneralPurpose::new(alphabet, any).decode(text.trim());
    read(&URL_SAFE).or_else(|_| read(&STANDARD)).unwrap_or_default()
}

fn drawn(server: &Server, subscription: Subscription) -> WebPushSubscription {
    let asked = |alert: &rows::Alert| subscription.alerts & alert.bit() != 0;
    let policy = POLICIES.iter().find(|(policy, _)| *policy == subscription.policy);
    WebPushSubscription {
        id: subscription.id.to_string(),
        alerts: ALERTS.iter().map(|(alert, name)| (*name, asked(alert))).collect(),
        policy: policy.map_or("all", |(_, name)| name),
        standard: subscription.standard,
        endpoint: subscription.endpoint,
        server_key: server.vapid().public().to_owned(),
    }
}
