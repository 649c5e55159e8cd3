//! The inboxes: verify, remember, answer 202 only when the activity is durable (ActivityPub §7.1; FEDERATION §4, §5).
//!
//! What an activity says is looked at later by a job; here it is only decided who said it.

use super::{
    address::RemoteUri,
    fetch::{
        self,
        keys::{self, NoKey},
    },
    forwarded, json,
    json::Unreadable,
    object::{is_public, read},
    repetition, scheme,
    signature::{self, Refusal, RequestParts, Verified, proof},
    signer::{self, Unproved},
    synchronization::{self, Stated},
};
use crate::{
    error::{Error, Result},
    http::{
        body,
        exchange::Client,
        rate::{Bucket, Who},
    },
    limits,
    registrable::registrable,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use http::{StatusCode, header::RETRY_AFTER, request::Parts};
use serde_json::Value;
use storage::{
    Read, Timestamp,
    account::{self, ActorKey},
    inbound::{self, Accepted, Arrival},
    job::{self, JobKind},
    manner::{self, Form},
    moderation, peer, relay,
};

/// The routes of this file.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/inbox", post(shared))
        .route("/actor/inbox", post(shared))
        .route("/users/{name}/inbox", post(personal))
}

async fn shared(State(server): State<Server>, request: Request) -> Result<Response> {
    receive(server, None, request).await
}

async fn personal(State(server): State<Server>, Path(name): Path<String>, request: Request) -> Result<Response> {
    receive(server, Some(name), request).await
}

/// What the store knows about a request before its signature is looked at.
struct Known {
    /// The key it names, and the uri of the actor that owns it.
    key: Option<(ActorKey, String)>,
    /// The activity's actor has an account here.
    actor: bool,
}

/// An activity on its way in.
struct Incoming {
    parts: Parts,
    body: Bytes,
    activity: Value,
    actor: Option<RemoteUri>,
    key_id: String,
    /// Where what the host of its key sends is counted.
    counted: [(Bucket, Who); 2],
    /// The name of the account whose own inbox it is for; empty for the shared inbox.
    inbox: String,
    /// What is to be done about what its sender says of followers.
    followers: Option<JobKind>,
    /// How it was signed, once that is verified.
    form: Option<Form>,
    /// When the request was signed, if by the activity's own actor.
    signed_at: Option<Timestamp>,
}

async fn receive(server: Server, name: Option<String>, request: Request) -> Result<Response> {
    // Neither read nor verified: it could not be made safe, or would take the room of what people here write; its
    // sender keeps it for days (DESIGN §3, §8).
    if server.disk().is_stalled() || server.store().log_overfull() || !server.takes_remote() {
        return Ok(not_now());
    }
    let (parts, body) = request.into_parts();
    let key_id = match signature::key_id(&parts.headers) {
        Ok(id) => id.0,
        Err(refusal) => return Err(refused(&refusal, "")),
    };
    let host = peer::authority_of(&key_id).ok_or(Error::Unauthorized)?;
    if !signer::names_plainly(&server, &key_id, &host) || server.origin().is_own_domain(&host) {
        return Err(Error::Unauthorized);
    }
    let counted = [(Bucket::Inbox, Who::named(&host)), (Bucket::InboxBySite, Who::named(registrable(&host)))];
    for (bucket, who) in counted {
        server.rates().refuse_beyond(bucket, who, server.now())?;
    }
    let body = body::read(body).await?;
    let activity = parse(&server, &body).await?;
    let actor = read::id(activity.get("actor")).and_then(|id| RemoteUri::parse(id, fetch::schemes(&server)).ok());
    let inbox = name.clone().unwrap_or_default();
    let incoming =
        Incoming { parts, body, activity, actor, key_id, counted, inbox, followers: None, form: None, signed_at: None };
    let known = look_up(&server, name, host, &incoming).await?;
    match known.key {
        Some((key, owner)) => {
            let from = incoming.parts.extensions.get::<Client>().copied();
            let proved = signer::verify_known(&server, &signed(&incoming), &key, from).await;
            let (verified, owner) = match proved {
                Ok((verified, None)) => (verified, owner),
                Ok((verified, Some(anew))) => (verified, owner_of(&server, &anew).await?),
                Err(Unproved::Refused(refusal)) => return Err(refused(&refusal, &incoming.key_id)),
                Err(Unproved::Key(NoKey::Gone)) if deletes_itself(&incoming) => {
                    return store_unconfirmed(&server, incoming).await;
                }
                Err(Unproved::Key(why)) => return without_key(why),
            };
            admit(&server, incoming, &owner, &verified).await
        }
        None => receive_unknown(&server, incoming, known.actor).await,
    }
}

/// A request signed with a key that is not known here.
async fn receive_unknown(server: &Server, incoming: Incoming, actor_known: bool) -> Result<Response> {
    let about_itself = is_about_itself(&incoming);
    // Servers tell everybody when an account goes. Whoever never heard of it has nothing to delete or update, and
    // must not ask for a key that is gone, too (FEDERATION §4, delete storms).
    if about_itself && !actor_known {
        return Ok(accepted());
    }
    signer::may_ask(server, &host_of(&incoming.key_id), incoming.parts.extensions.get::<Client>().copied()).await?;
    let key = match keys::key(server, &incoming.key_id).await {
        Ok(key) => key,
        Err(NoKey::Gone) if deletes_itself(&incoming) => return store_unconfirmed(server, incoming).await,
        Err(why) => return without_key(why),
    };
    let owner = owner_of(server, &key).await?;
    let verified = signer::verify(server, &signed(&incoming), &key);
    let verified = verified.map_err(|refusal| refused(&refusal, &incoming.key_id))?;
    admit(server, incoming, &owner, &verified).await
}

/// The key of an account we know is gone: perhaps the account is. Its own id will tell, not whoever sent this.
async fn store_unconfirmed(server: &Server, incoming: Incoming) -> Result<Response> {
    let unconfirmed = incoming.key_id.clone();
    store(server, incoming, unconfirmed).await
}

fn signed(incoming: &Incoming) -> RequestParts<'_> {
    let parts = &incoming.parts;
    let (method, headers, body) = (&parts.method, &parts.headers, &incoming.body);
    RequestParts { method, path_and_query: signer::target_of(&parts.uri), headers, body }
}

/// Decides who vouches for the activity, now that `signer` sent it (FEDERATION §3, inbox forwarding).
async fn admit(server: &Server, mut incoming: Incoming, signer: &str, verified: &Verified) -> Result<Response> {
    count(server, &incoming, signer)?;
    incoming.form = Some(scheme::form(verified.scheme));
    let Some(actor) = &incoming.actor else { return leave(server, &incoming).await };
    if actor.as_str() == signer {
        incoming.followers = stated_followers(server, &incoming, signer, verified).await?;
        incoming.signed_at = Some(verified.signed_at);
        let signer = signer.to_owned();
        return store(server, incoming, signer).await;
    }
    // What a relay tells of passes its filters and its hour, whoever else vouches for it.
    let told = read::first_type(&incoming.activity) == "Create" && is_relay(server, signer).await?;
    let from = incoming.parts.extensions.get::<Client>().copied();
    if !told && has_proof_of(server, &incoming.activity, actor.as_str(), from).await {
        let signer = actor.as_str().to_owned();
        return store(server, incoming, signer).await;
    }
    if forwarded::can_be_confirmed(&incoming.activity) {
        let signer = signer.to_owned();
        return store(server, incoming, signer).await;
    }
    leave(server, &incoming).await
}

/// Takes nothing of an activity. The server whose key signed it is there all the same, whatever it says and of whom: it is
/// tried again if deliveries to it failed. Nothing is written for one that did not.
async fn leave(server: &Server, incoming: &Incoming) -> Result<Response> {
    // What nobody is known to have signed tells nothing of anybody.
    if incoming.form.is_none() {
        return Ok(accepted());
    }
    let host = host_of(&incoming.key_id);
    let of = host.clone();
    if server.read(move |view| Ok(peer::find(view, &of)?.is_some_and(|peer| peer.is_failing()))).await? {
        server.write(move |tx| Ok(peer::heard_from(tx, &host)?)).await?;
    }
    Ok(accepted())
}

/// Counts what `signer` has sent, now that it is known who did: what is only said to come from them uses up
/// nothing of theirs.
fn count(server: &Server, incoming: &Incoming, signer: &str) -> Result<()> {
    let (rates, now) = (server.rates(), server.now());
    rates.take(Bucket::InboxByActor, Who::named(signer), now)?;
    for (bucket, who) in incoming.counted {
        rates.take(bucket, who, now)?;
    }
    Ok(())
}

/// Whether it is a relay that is heeded.
async fn is_relay(server: &Server, signer: &str) -> Result<bool> {
    let signer = signer.to_owned();
    server.read(move |view| Ok(relay::of_actor(view, &signer)?.is_some_and(|(_, row)| row.is_on()))).await
}

/// What the sender says of its followers here, to be compared by a job; now and then, however often it is said.
async fn stated_followers(
    server: &Server,
    incoming: &Incoming,
    signer: &str,
    verified: &Verified,
) -> Result<Option<JobKind>> {
    let headers = &incoming.parts.headers;
    let (rates, now) = (server.rates(), server.now());
    if !headers.contains_key(synchronization::HEADER)
        || rates.take(Bucket::FollowersStated, Who::named(signer), now).is_err()
        || rates.take(Bucket::FollowersStatedByHost, Who::named(&host_of(signer)), now).is_err()
    {
        return Ok(None);
    }
    let uri = signer.to_owned();
    let Some(sender) = server.read(move |view| Ok(account::find_by_uri(view, &uri)?)).await? else { return Ok(None) };
    let stated = synchronization::stated(headers, verified, &sender);
    Ok(stated.map(|Stated { url, digest }| JobKind::SynchroniseFollowers { account: sender.id, url, digest }))
}

/// Whether the activity bears a proof by its own actor (FEP-8b32). A key that cannot be had now counts as none.
pub(super) async fn has_proof_of(server: &Server, activity: &Value, actor: &str, from: Option<Client>) -> bool {
    let Some(method) = method_of(server, activity, actor) else { return false };
    let key = match stored_key(server, &method).await {
        Some(key) => key,
        None if signer::may_ask(server, &host_of(&method), from).await.is_err() => return false,
        None => match keys::key(server, &method).await {
            Ok(key) => key,
            Err(_) => return false,
        },
    };
    is_proved_by(server, activity, actor, &key, &method).await
}

/// The same with a key that is here already: no server is asked on the word of another one.
pub(super) async fn has_known_proof_of(server: &Server, activity: &Value, actor: &str) -> bool {
    let Some(method) = method_of(server, activity, actor) else { return false };
    match stored_key(server, &method).await {
        Some(key) => is_proved_by(server, activity, actor, &key, &method).await,
        None => false,
    }
}

/// The key that a proof names, if it is one of its actor's server.
fn method_of(server: &Server, activity: &Value, actor: &str) -> Option<String> {
    let method = proof::verification_method(activity)?;
    let host = host_of(method);
    (host == host_of(actor) && signer::names_plainly(server, method, &host)).then(|| method.to_owned())
}

async fn stored_key(server: &Server, method: &str) -> Option<ActorKey> {
    let wanted = method.to_owned();
    server.read(move |view| Ok(account::find_key(view, &wanted)?)).await.ok().flatten()
}

async fn is_proved_by(server: &Server, activity: &Value, actor: &str, key: &ActorKey, method: &str) -> bool {
    let public = server.outside().read_keys().read(&key.material);
    let (Ok(controller), Ok(public)) = (owner_of(server, key).await, public) else { return false };
    let method = proof::ProofMethod { id: method, controller: &controller, key: &public };
    proof::verify(activity, &method, actor, server.now()).is_ok()
}

/// Makes the activity durable, unless it is a repetition; 202 either way.
async fn store(server: &Server, incoming: Incoming, signer: String) -> Result<Response> {
    let Some(actor) = incoming.actor.as_ref().map(|actor| actor.as_str().to_owned()) else { return Ok(accepted()) };
    let Some(name) = repetition::name_of(&incoming.activity, &incoming.body, incoming.signed_at) else {
        return leave(server, &incoming).await;
    };
    let blind_for = blind_for(server, &incoming);
    let (body, host, inbox, followers) = (incoming.body, host_of(&incoming.key_id), incoming.inbox, incoming.followers);
    let form = incoming.form;
    let outcome = server
        .write(move |tx| {
            peer::heard_from(tx, &host)?;
            if let Some(form) = form {
                manner::signs(tx, &host, form)?;
            }
            let arrival = Arrival { actor: &actor, signer: &signer, inbox: &inbox, activity: name.id(), body: &body };
            let outcome = match name.word() {
                Some(word) => inbound::accept_word(tx, &arrival, &word)?,
                None => match &blind_for {
                    Some(addressed) if !is_for_followers(tx, &actor, addressed)? => {
                        inbound::accept_for_owner(tx, &arrival)?
                    }
                    _ => inbound::accept(tx, &arrival)?,
                },
            };
            if let (Some(compare), true) = (&followers, outcome != Accepted::Duplicate) {
                job::enqueue(tx, compare.clone());
            }
            Ok(outcome)
        })
        .await?;
    if outcome == Accepted::Duplicate {
        tracing::trace!("an activity was received before");
    }
    Ok(accepted())
}

/// Whom a Create is for, if it may be a copy for the owner of the inbox that it came to: it is not for everybody and does
/// not name them. Of whatever else comes to several inboxes one is enough.
fn blind_for(server: &Server, incoming: &Incoming) -> Option<Vec<String>> {
    let activity = &incoming.activity;
    if incoming.inbox.is_empty() || read::first_type(activity) != "Create" {
        return None;
    }
    let addressed = ["to", "cc"].into_iter().flat_map(|member| read::list(activity.get(member)));
    let addressed: Vec<String> = addressed.filter_map(|one| read::id(Some(one)).map(str::to_owned)).collect();
    let owner = format!("/users/{}", incoming.inbox);
    let names_owner = |uri: &str| server.origin().path_of(uri) == Some(owner.as_str());
    addressed.iter().all(|uri| !is_public(uri) && !names_owner(uri)).then_some(addressed)
}

/// Whether the followers of an actor are among those `addressed`: whoever of them lives here has what came first.
fn is_for_followers(read: &dyn Read, actor: &str, addressed: &[String]) -> storage::Result<bool> {
    let followers = account::find_by_uri(read, actor)?.and_then(|actor| actor.endpoints.followers);
    Ok(followers.is_some_and(|followers| addressed.contains(&followers)))
}

/// Parses the body; a long one beside the async workers.
async fn parse(server: &Server, body: &Bytes) -> Result<Value> {
    let parsed = if body.len() > limits::PARSED_INLINE_BYTES {
        let body = body.clone();
        server.compute(move || Ok(json::parse(&body))).await?
    } else {
        json::parse(body)
    };
    match parsed {
        Ok(activity) if activity.is_object() => Ok(activity),
        Ok(_) => Err(Error::invalid("body", "activity is not a JSON object")),
        Err(Unreadable::TooLarge(what)) => Err(Error::invalid("body", format!("activity is beyond {what}"))),
        Err(why @ Unreadable::Malformed(_)) => Err(Error::invalid("body", why.to_string())),
    }
}

/// Everything the store must say about a request that is signed with a key on `host`, in one look.
async fn look_up(server: &Server, name: Option<String>, host: String, incoming: &Incoming) -> Result<Known> {
    let key_id = incoming.key_id.clone();
    let actor = incoming.actor.as_ref().map(|actor| actor.as_str().to_owned());
    // Whoever passes on what a suspended domain says is refused like it.
    let home = incoming.actor.as_ref().map(|actor| actor.authority().as_str().to_owned());
    server
        .read(move |view| {
            let others = home.as_ref().filter(|home| **home != host);
            for domain in [Some(&host), others].into_iter().flatten() {
                if moderation::is_suspended(view, domain)? {
                    return Err(Error::Forbidden(fetch::SUSPENDED));
                }
            }
            if let Some(name) = name {
                let owner = account::find_by_name(view, &name, None)?.ok_or(Error::NotFound)?;
                if owner.suspended_at.is_some() {
                    return Err(Error::Gone);
                }
            }
            let key = match account::find_key(view, &key_id)? {
                Some(key) => account::find(view, key.account)?.map(|owner| (key, owner.uri)),
                None => None,
            };
            let actor = match (&actor, &key) {
                (Some(actor), None) => account::find_by_uri(view, actor)?.is_some(),
                _ => true,
            };
            Ok(Known { key, actor })
        })
        .await
}

async fn owner_of(server: &Server, key: &ActorKey) -> Result<String> {
    let id = key.account;
    let owner = server.read(move |view| Ok(account::find(view, id)?)).await?;
    owner.map(|owner| owner.uri).ok_or(Error::Unauthorized)
}

/// Why nothing is taken from whoever has no key; never a 4xx for what passes: senders drop on those.
fn without_key(why: NoKey) -> Result<Response> {
    match why {
        NoKey::Pending | NoKey::Failed => {
            let wait = [(RETRY_AFTER, limits::KEY_RETRY_SECONDS.to_string())];
            Ok((StatusCode::SERVICE_UNAVAILABLE, wait, "the key could not be fetched yet").into_response())
        }
        NoKey::Gone | NoKey::Refused => Err(Error::Unauthorized),
    }
}

/// A Delete or Update of the actor itself.
fn is_about_itself(incoming: &Incoming) -> bool {
    let object = read::id(incoming.activity.get("object"));
    matches!(read::first_type(&incoming.activity), "Delete" | "Update")
        && object.is_some()
        && object == incoming.actor.as_ref().map(RemoteUri::as_str)
}

/// A Delete of the actor itself.
fn deletes_itself(incoming: &Incoming) -> bool {
    read::first_type(&incoming.activity) == "Delete" && is_about_itself(incoming)
}

fn host_of(uri: &str) -> String {
    peer::authority_of(uri).unwrap_or_default()
}

fn refused(refusal: &Refusal, key: &str) -> Error {
    tracing::debug!(key, %refusal, "a signature was refused");
    Error::Unauthorized
}

fn not_now() -> Response {
    let wait = [(RETRY_AFTER, limits::STALLED_RETRY_SECONDS.to_string())];
    (StatusCode::SERVICE_UNAVAILABLE, wait, "nothing can be stored at present").into_response()
}

fn accepted() -> Response {
    StatusCode::ACCEPTED.into_response()
}
