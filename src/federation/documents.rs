//! The ActivityPub documents of this server over HTTP: actors, statuses, activities, collections (ActivityPub §3.2).
//!
//! `/users/NAME` and what lies below answers ActivityStreams to whoever prefers it and sends browsers to the page.
//! A private status is shown to a follower or mentioned account whose server signs the request as them.

use crate::{
    emoji::own,
    error::{Error, Result},
    federation::{
        activity::{announce, create, interaction, quote},
        collections::{self, People},
        fetch,
        outward::{account_uri, actor, emoji, note, time, with_context},
        signature, signer as signers,
        status_collections::{self, Marks, RepliesPage, Whose},
        synchronization,
    },
    http::{
        auth::{Openness, openness},
        exchange::Client,
        negotiate::{self, Shape},
        params::Params,
        rate::{Bucket, Who},
    },
    origin::Origin,
    server::Server,
    status as rules, visibility,
};
use axum::{
    Router,
    extract::{FromRequestParts, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Read, RowId, StatusId, Timestamp, View, account, instance, moderation, peer, relationship,
    status::{GONE, Status},
};

/// The routes of this file.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/actor", get(instance_actor))
        .route("/actor/outbox", get(instance_outbox))
        .route("/emojis/{shortcode}", get(emoji))
        .route("/users/{name}", get(account_actor))
        .route("/users/{name}/outbox", get(outbox))
        .route(
            "/users/{name}/followers",
            get(|path, state, asker, uri| people(People::Followers, path, state, asker, uri)),
        )
        .route(
            "/users/{name}/following",
            get(|path, state, asker, uri| people(People::Following, path, state, asker, uri)),
        )
        .route("/users/{name}/followers_synchronization", get(followers_synchronization))
        .route("/users/{name}/collections/featured", get(featured))
        .route("/users/{name}/collections/tags", get(featured_tags))
        .route("/users/{name}/quote_authorizations/{id}", get(stamp))
        .route("/users/{name}/authorizations/{id}", get(authorization))
        .route("/users/{name}/statuses/{id}", get(status))
        .route("/users/{name}/statuses/{id}/activity", get(activity))
        .route("/users/{name}/statuses/{id}/replies", get(replies))
        .route(
            "/users/{name}/statuses/{id}/likes",
            get(|path, state, asker, uri| marks(Marks::Likes, path, state, asker, uri)),
        )
        .route(
            "/users/{name}/statuses/{id}/shares",
            get(|path, state, asker, uri| marks(Marks::Shares, path, state, asker, uri)),
        )
        .route("/users/{name}/statuses/{id}/context", get(context))
}

/// Which page of a collection the query asks for; none: the collection itself.
fn page(uri: &Uri) -> Result<Option<Bounds>> {
    let query = Params::of_query(uri)?;
    let id = |name| query.str(name).and_then(|id| id.parse().ok());
    Ok(query.has("page").then(|| Bounds { below: id("max_id"), above: id("min_id") }))
}

/// Who may keep an answer.
#[derive(Clone, Copy)]
enum Keep {
    /// Any cache, for a short while.
    Anybody,
    /// Nobody: it depended on a signature.
    Nobody,
}

fn activity_json(document: Result<Value>, keep: Keep) -> Response {
    written_json(document.map(|document| written(&document)), keep)
}

fn written(document: &Value) -> Bytes {
    Bytes::from(document.to_string())
}

fn written_json(document: Result<Bytes>, keep: Keep) -> Response {
    match document {
        Ok(document) => as_activity_json(document, keep),
        Err(error) => error.into_response(),
    }
}

/// What is left of a thing that is gone, under 410 (ActivityPub §6.4); the bare 410 if nothing is to be said of it.
fn tombstone(left: Result<Option<Value>>, keep: Keep) -> Response {
    match left {
        Ok(Some(left)) => (StatusCode::GONE, as_activity_json(written(&left), keep)).into_response(),
        Ok(None) => Error::Gone.into_response(),
        Err(error) => error.into_response(),
    }
}

/// A Tombstone (ActivityStreams vocabulary).
fn remains(id: &str, deleted: Timestamp) -> Value {
    with_context(json!({ "id": id, "type": "Tombstone", "deleted": time(deleted) }))
}

fn as_activity_json(document: Bytes, keep: Keep) -> Response {
    let cache = match keep {
        Keep::Anybody => "public, max-age=180",
        Keep::Nobody => "private, no-store",
    };
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(negotiate::ACTIVITY_JSON)),
            (header::VARY, HeaderValue::from_static("Accept, Signature, Authorization")),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        ],
        document,
    )
        .into_response()
}

/// What everybody may have, as `read` gives it: the same bytes again as long as nothing was stored since. `address` is its
/// name on the shelf.
async fn for_everybody(
    server: &Server,
    address: String,
    read: impl FnOnce(&View<'_>) -> Result<Value> + Send + 'static,
) -> Result<Bytes> {
    if let Some(known) = server.outside().shelf().find(&address, server.store().durable()) {
        return Ok(known);
    }
    let (document, at) = server.read(move |view| Ok((written(&read(view)?), view.lsn()))).await?;
    server.outside().shelf().keep(&address, at, &document);
    Ok(document)
}

async fn instance_actor(State(server): State<Server>) -> Response {
    let origin = server.origin().clone();
    let document = server
        .read(move |view| {
            let keys = instance::keys(view)?.ok_or_else(|| Error::Bug("the instance actor has no keys".to_owned()))?;
            actor::instance_actor(&origin, &instance::settings(view)?.title, &keys)
        })
        .await;
    activity_json(document, Keep::Anybody)
}

async fn instance_outbox(State(server): State<Server>) -> Response {
    let id = server.origin().url("/actor/outbox");
    let document = with_context(json!({ "id": id, "type": "OrderedCollection", "totalItems": 0, "orderedItems": [] }));
    activity_json(Ok(document), Keep::Anybody)
}

/// The document of a local account.
fn actor_of(view: &View<'_>, origin: &Origin, name: &str) -> Result<Value> {
    let account = account::find_by_name(view, name, None)?.ok_or(Error::NotFound)?;
    // Whoever is suspended by moderators is shown as that: their servers verify what we say of it.
    if account.suspended_at.is_some() && moderation::standing(view, account.id)?.suspended_at.is_none() {
        return Err(Error::Gone);
    }
    let keys = account::SIGNING_KEYS
        .get(view, &account.id)?
        .ok_or_else(|| Error::Bug(format!("account {} has no keys", account.id)))?;
    actor::actor(view, origin, &account, &keys)
}

/// Answers `/users/NAME` and `/@NAME` to a peer that asks from somewhere.
pub async fn account_answer(
    server: &Server,
    name: String,
    headers: &HeaderMap,
    uri: &Uri,
    from: Option<Client>,
) -> Response {
    // What stands there is for everybody, but sometimes not everybody may ask.
    match asker(server, headers, uri, from).await {
        Ok(asker) => {
            let (address, origin) = (format!("actor {name}"), server.origin().clone());
            let sought = name.clone();
            match for_everybody(server, address, move |view| actor_of(view, &origin, &sought)).await {
                Err(Error::Gone) => tombstone(of_gone_account(server, name).await, keep_for(asker)),
                document => written_json(document, keep_for(asker)),
            }
        }
        Err(error) => error.into_response(),
    }
}

/// What is left of a deleted account.
async fn of_gone_account(server: &Server, name: String) -> Result<Option<Value>> {
    let origin = server.origin().clone();
    let look = move |view: &View<'_>| -> Result<Option<Value>> {
        let Some(account) = account::find_by_name(view, &name, None)? else { return Ok(None) };
        Ok(account.suspended_at.map(|at| remains(&account_uri(&origin, &account), at)))
    };
    server.read(look).await
}

async fn account_actor(
    State(server): State<Server>,
    Path(name): Path<String>,
    from: Option<Client>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    match negotiate::shape(&headers) {
        Shape::Html => Redirect::to(&server.origin().url(&format!("/@{name}"))).into_response(),
        Shape::Activity | Shape::Json => account_answer(&server, name, &headers, &uri, from).await,
    }
}

/// An emoji of this server's own; browsers see its picture.
async fn emoji(
    State(server): State<Server>,
    Path(shortcode): Path<String>,
    from: Option<Client>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response> {
    let (origin, sought) = (server.origin().clone(), shortcode.clone());
    let find = move |view: &View<'_>| own::find(view, &sought)?.ok_or(Error::NotFound);
    if negotiate::shape(&headers) == Shape::Html {
        let emoji = server.read(find).await?;
        return Ok(Redirect::to(&origin.url(&emoji.file.path())).into_response());
    }
    let asker = asker(&server, &headers, &uri, from).await?;
    let read = move |view: &View<'_>| Ok(with_context(emoji::emoji(&origin, &shortcode, &find(view)?)));
    let document = for_everybody(&server, format!("emoji {}", uri.path()), read).await;
    Ok(written_json(document, keep_for(asker)))
}

async fn outbox(
    State(server): State<Server>,
    Asker(viewer): Asker,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response> {
    let page = page(&uri)?;
    Ok(collection(&server, viewer, name, &uri, move |view, origin, name| collections::outbox(view, origin, name, page))
        .await)
}

async fn people(
    which: People,
    Path(name): Path<String>,
    State(server): State<Server>,
    Asker(viewer): Asker,
    uri: Uri,
) -> Result<Response> {
    let page = page(&uri)?;
    let read = move |view: &dyn Read, origin: &Origin, name: &str| collections::people(view, origin, name, which, page);
    Ok(collection(&server, viewer, name, &uri, read).await)
}

/// The followers on the asking server, for it alone (FEP-8fcf).
async fn followers_synchronization(
    State(server): State<Server>,
    Path(name): Path<String>,
    from: Option<Client>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response> {
    let host = signature::key_id(&headers).ok().and_then(|id| peer::authority_of(&id.0)).ok_or(Error::Unauthorized)?;
    fetch::refuse_suspended(&server, &host).await?;
    let asker = signers::require_of_get(&server, &headers, &uri, from).await?;
    server.rates().take(Bucket::FollowersNamed, Who::named(&host), server.now())?;
    Ok(activity_json(synchronization::of_server(&server, name, asker).await, Keep::Nobody))
}

async fn featured(State(server): State<Server>, Asker(viewer): Asker, Path(name): Path<String>, uri: Uri) -> Response {
    collection(&server, viewer, name, &uri, collections::featured).await
}

async fn featured_tags(
    State(server): State<Server>,
    Asker(viewer): Asker,
    Path(name): Path<String>,
    uri: Uri,
) -> Response {
    collection(&server, viewer, name, &uri, collections::featured_tags).await
}

async fn status(
    State(server): State<Server>,
    Path((name, id)): Path<(String, StatusPath)>,
    from: Option<Client>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if negotiate::shape(&headers) == Shape::Html {
        return Redirect::to(&server.origin().url(&format!("/@{name}/{}", id.0))).into_response();
    }
    status_answer(&server, name, id.0, &headers, &uri, from).await
}

/// Answers a status' uri and its page's address to a peer that asks from somewhere.
pub async fn status_answer(
    server: &Server,
    name: String,
    id: StatusId,
    headers: &HeaderMap,
    uri: &Uri,
    from: Option<Client>,
) -> Response {
    let viewer = match signer(server, headers, uri, from).await {
        Ok(viewer) => viewer,
        Err(error) => return error.into_response(),
    };
    let address = format!("status {name} {id}");
    let sought = name.clone();
    let document = of_status(server, address, sought, id, viewer, |view, origin, status| match status.reblog_of {
        Some(_) => announce::document(view, origin, status),
        None => note::note(view, origin, status),
    });
    match document.await {
        Err(Error::Gone) => tombstone(of_gone_status(server, name, id).await, keep_for(viewer)),
        document => written_json(document, keep_for(viewer)),
    }
}

/// What is left of a deleted status that was for everybody; none if only its author is gone.
async fn of_gone_status(server: &Server, name: String, id: StatusId) -> Result<Option<Value>> {
    let origin = server.origin().clone();
    let look = move |view: &View<'_>| -> Result<Option<Value>> {
        let Some(author) = account::find_by_name(view, &name, None)? else { return Ok(None) };
        let uri = format!("{}/statuses/{id}", account_uri(&origin, &author));
        Ok(GONE.get(view, &id)?.map(|at| remains(&uri, at)))
    };
    server.read(look).await
}

/// What `draw` makes of a status that `viewer` may see. Whoever it is, it looks the same.
async fn of_status(
    server: &Server,
    address: String,
    name: String,
    id: StatusId,
    viewer: Option<AccountId>,
    draw: impl FnOnce(&View<'_>, &Origin, &Status) -> Result<Value> + Send + 'static,
) -> Result<Bytes> {
    let origin = server.origin().clone();
    let Some(viewer) = viewer else {
        let read = move |view: &View<'_>| {
            let (_, status) = collections::visible_status(view, &name, id, None)?;
            draw(view, &origin, &status).map(with_context)
        };
        return for_everybody(server, address, read).await;
    };
    let of_look = server.clone();
    let read = move |view: &View<'_>| {
        let (_, status) = collections::visible_status(view, &name, id, Some(viewer))?;
        let shelf = of_look.outside().shelf();
        if let Some(known) = shelf.find(&address, view.lsn()) {
            return Ok(known);
        }
        let document = written(&with_context(draw(view, &origin, &status)?));
        if visibility::can_see(view, None, &status)? {
            shelf.keep(&address, view.lsn(), &document);
        }
        Ok(document)
    };
    server.read(read).await
}

async fn activity(
    State(server): State<Server>,
    Path((name, id)): Path<(String, StatusPath)>,
    from: Option<Client>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let viewer = match signer(&server, &headers, &uri, from).await {
        Ok(viewer) => viewer,
        Err(error) => return error.into_response(),
    };
    let address = format!("activity {name} {}", id.0);
    let document = of_status(&server, address, name, id.0, viewer, |view, origin, status| match status.reblog_of {
        Some(_) => announce::document(view, origin, status),
        None => create::document(view, origin, status),
    });
    written_json(document.await, keep_for(viewer))
}

async fn replies(
    State(server): State<Server>,
    Asker(viewer): Asker,
    Path((name, id)): Path<(String, StatusPath)>,
    uri: Uri,
) -> Result<Response> {
    let bounds = page(&uri)?;
    let others = Params::of_query(&uri)?.bool("only_other_accounts").unwrap_or(false);
    let whose = if others { Whose::Others } else { Whose::Own };
    let page = bounds.map(|bounds| RepliesPage { whose, above: bounds.above });
    let read =
        move |view: &dyn Read, origin: &Origin, name: &str| status_collections::replies(view, origin, name, id.0, page);
    Ok(collection(&server, viewer, name, &uri, read).await)
}

async fn marks(
    which: Marks,
    Path((name, id)): Path<(String, StatusPath)>,
    State(server): State<Server>,
    Asker(viewer): Asker,
    uri: Uri,
) -> Response {
    collection(&server, viewer, name, &uri, move |view, origin, name| {
        status_collections::marks(view, origin, name, id.0, which)
    })
    .await
}

async fn context(
    State(server): State<Server>,
    Asker(viewer): Asker,
    Path((name, id)): Path<(String, StatusPath)>,
    uri: Uri,
) -> Result<Response> {
    let page = page(&uri)?;
    let read =
        move |view: &dyn Read, origin: &Origin, name: &str| status_collections::context(view, origin, name, id.0, page);
    Ok(collection(&server, viewer, name, &uri, read).await)
}

/// A stamp on a quote. It can be taken back at any time, so nobody keeps it.
async fn stamp(State(server): State<Server>, _: Asker, Path((name, id)): Path<(String, StatusPath)>) -> Response {
    let origin = server.origin().clone();
    let document = server
        .read(move |view| {
            let author = collections::require(view, &name)?;
            let (quoting, quoted) = rules::stamped(view, author.id, id.0)?;
            Ok(quote::stamp(&origin, &author, &quoting, &quoted))
        })
        .await;
    activity_json(document, Keep::Nobody)
}

/// What shows that an author here agreed to something. Nobody keeps it: it ends with what was agreed to.
async fn authorization(
    State(server): State<Server>,
    _: Asker,
    Path((name, id)): Path<(String, StatusPath)>,
) -> Response {
    let origin = server.origin().clone();
    let document = server
        .read(move |view| {
            let (author, id) = (collections::require(view, &name)?, RowId(id.0.0));
            let (request, target) = rules::interaction::authorized(view, author.id, id)?;
            Ok(interaction::authorization(&origin, &author, id, &request, &target))
        })
        .await;
    activity_json(document, Keep::Nobody)
}

fn keep_for(viewer: Option<AccountId>) -> Keep {
    if viewer.is_some() { Keep::Nobody } else { Keep::Anybody }
}

/// A collection of the local account `name`, as `read` gives it, for whoever asks. Whom the account blocks finds none.
async fn collection(
    server: &Server,
    viewer: Option<AccountId>,
    name: String,
    uri: &Uri,
    read: impl FnOnce(&dyn Read, &Origin, &str) -> Result<Value> + Send + 'static,
) -> Response {
    let (origin, address) = (server.origin().clone(), signers::target_of(uri).to_owned());
    let document = match viewer {
        None => for_everybody(server, address, move |view| read(view, &origin, &name)).await,
        Some(viewer) => {
            let of_look = server.clone();
            let look = move |view: &View<'_>| {
                refuse_blocked(view, &name, viewer)?;
                let shelf = of_look.outside().shelf();
                if let Some(known) = shelf.find(&address, view.lsn()) {
                    return Ok(known);
                }
                let document = written(&read(view, &origin, &name)?);
                shelf.keep(&address, view.lsn(), &document);
                Ok(document)
            };
            server.read(look).await
        }
    };
    written_json(document, keep_for(viewer))
}

/// Whom the local account `name` blocks finds nothing of it.
fn refuse_blocked(read: &dyn Read, name: &str, viewer: AccountId) -> Result<()> {
    let Some(account) = account::find_by_name(read, name, None)? else { return Ok(()) };
    if relationship::blocks(read, account.id, viewer)? { Err(Error::NotFound) } else { Ok(()) }
}

/// Whoever asks for what everybody may have but whom its owner blocks; where documents are given only to servers that
/// sign, such a one.
struct Asker(Option<AccountId>);

impl FromRequestParts<Server> for Asker {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self> {
        let from = parts.extensions.get::<Client>().copied();
        signer(server, &parts.headers, &parts.uri, from).await.map(Asker)
    }
}

/// Whoever asks for what everybody may have, blocked or not: not looked at, unless only servers that sign are answered.
async fn asker(server: &Server, headers: &HeaderMap, uri: &Uri, from: Option<Client>) -> Result<Option<AccountId>> {
    if openness(server).await? == Openness::Everybody {
        return Ok(None);
    }
    signer(server, headers, uri, from).await
}

/// The account that signed this GET, if its key is known here and the signature holds; anything else is nobody. Under
/// authorized fetch and while federation is limited such nobody is refused, and keys that are not known are fetched.
///
/// # Errors
/// `Forbidden` if it comes from a suspended domain, whether the signature holds or not; where nobody is refused as
/// `signers::require_of_get`.
async fn signer(server: &Server, headers: &HeaderMap, uri: &Uri, from: Option<Client>) -> Result<Option<AccountId>> {
    let open = openness(server).await? == Openness::Everybody;
    if !headers.contains_key("signature") {
        return if open { Ok(None) } else { Err(Error::Unauthorized) };
    }
    if open {
        return signers::of_get(server, headers, uri).await;
    }
    signers::require_of_get(server, headers, uri, from).await.map(Some)
}

/// A status id in a path.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct StatusPath(StatusId);

impl TryFrom<String> for StatusPath {
    type Error = std::num::ParseIntError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(StatusPath)
    }
}
