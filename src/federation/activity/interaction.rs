//! What is done with statuses under an interaction policy (GoToSocial), both ways: asking a remote author, by LikeRequest,
//! ReplyRequest and AnnounceRequest or by the deed itself, the answers, and what shows that somebody here agreed.

use super::{Built, Incoming, Received, announce, built, create, like, object_key, only, quote, require_account};
use crate::{
    error::{Error, Result},
    federation::{
        address::RemoteUri,
        fetch::{self, stamp},
        object::{Activity, Approval, Note, Policy, Thing},
        outward::{account_uri, note, with_context},
    },
    origin::Origin,
    status::{
        self as rules,
        accept::{self, Reason},
        interaction::{self as answers, Deed},
    },
};
use serde_json::{Value, json};
use storage::{
    AccountId, Digest, Read, RowId, StatusId, Tx,
    account::Account,
    delivery::Priority,
    interaction::{self, Asking, Interaction, InteractionPolicy, InteractionRequest, RequestState, Rule},
    status::{self, Status},
};

/// What a reply that waits for the word of a remote author owes to them, and to nobody else; `None` if it is gone.
///
/// # Errors
/// Storage errors.
pub fn build_reply(read: &dyn Read, origin: &Origin, id: StatusId) -> Result<Option<Built>> {
    let Some(reply) = status::find(read, id)? else { return Ok(None) };
    let Some(request) = interaction::pending(read, &reply)? else { return Ok(None) };
    let document = with_context(match interaction::asking(read, request.target)? {
        Asking::ByDeed => create::document(read, origin, &reply)?,
        Asking::ByRequest => {
            let name = format!("{}{REPLY_REQUEST}", reply.uri);
            ask(read, origin, &request, &name, &note::note(read, origin, &reply)?)?
        }
    });
    let object = object_key(origin, &reply.uri);
    built(&document, reply.account, object, Priority::Direct, only(request.author)).map(Some)
}

/// What a reblog that waits for the word of a remote author owes to them, and to nobody else; `None` if it was taken back.
///
/// # Errors
/// Storage errors.
pub fn build_reblog(read: &dyn Read, origin: &Origin, id: RowId) -> Result<Option<Built>> {
    let Some(request) = interaction::find(read, id)? else { return Ok(None) };
    let Some(original) = status::find(read, request.target)? else { return Ok(None) };
    let reblog = rules::asked_for(id, &request, &original);
    let deed = announce::document(read, origin, &reblog)?;
    let document = with_context(match interaction::asking(read, request.target)? {
        Asking::ByDeed => deed,
        Asking::ByRequest => ask(read, origin, &request, &format!("{}{ANNOUNCE_REQUEST}", request.uri), &deed)?,
    });
    built(&document, request.by, object_key(origin, &reblog.uri), Priority::Direct, only(request.author)).map(Some)
}

/// What a favourite that waits for the word of a remote author owes to them; `None` if it was taken back.
///
/// # Errors
/// Storage errors.
pub fn build_favourite(read: &dyn Read, origin: &Origin, id: RowId) -> Result<Option<Built>> {
    let Some(request) = interaction::find(read, id)? else { return Ok(None) };
    let Some(target) = status::find(read, request.target)? else { return Ok(None) };
    let who = require_account(read, request.by)?;
    let deed = like::document(origin, &who, id, &target.uri);
    let name = request.uri.replacen(LIKES, LIKE_REQUESTS, 1);
    let document = with_context(ask(read, origin, &request, &name, &deed)?);
    built(&document, request.by, Digest::of(&request.uri), Priority::Direct, only(request.author)).map(Some)
}

/// What the ids of requests made here add to, or have instead of, those of what they ask for.
const REPLY_REQUEST: &str = "#reply-request";
const ANNOUNCE_REQUEST: &str = "#announce-request";
const LIKES: &str = "#likes/";
const LIKE_REQUESTS: &str = "#like-requests/";

/// The path of what a request made here under `path` asks for; others are none of ours.
fn asked_for(path: &str) -> String {
    let deed = path.strip_suffix(REPLY_REQUEST).or_else(|| path.strip_suffix(ANNOUNCE_REQUEST));
    deed.map_or_else(|| path.replacen(LIKE_REQUESTS, LIKES, 1), str::to_owned)
}

/// A request under the path `name`, without `@context`: its author is asked for the `deed`, which is inside.
fn ask(read: &dyn Read, origin: &Origin, request: &InteractionRequest, name: &str, deed: &Value) -> Result<Value> {
    let target = status::find(read, request.target)?.ok_or(Error::NotFound)?;
    let (by, author) = (require_account(read, request.by)?, require_account(read, request.author)?);
    Ok(json!({
        "id": origin.url(name),
        "type": format!("{}Request", self::name(request.interaction)),
        "actor": account_uri(origin, &by),
        "to": [account_uri(origin, &author)],
        "object": origin.url(&target.uri),
        "instrument": deed,
    }))
}

/// What letting a remote account do something owes to it; `None` if it was taken back.
///
/// # Errors
/// Storage errors.
pub fn build_accept(read: &dyn Read, origin: &Origin, id: RowId) -> Result<Option<Built>> {
    let request = interaction::find(read, id)?.filter(|request| request.state == RequestState::Accepted);
    let Some(request) = request else { return Ok(None) };
    let Some(target) = status::find(read, request.target)?.filter(|target| !target.local_only) else { return Ok(None) };
    let (author, by) = (require_account(read, request.author)?, require_account(read, request.by)?);
    let said = Said { interaction: request.interaction, target: &target.uri, uri: &request.uri, asked: &request.asked };
    let mut document = said.answer(origin, "Accept", "accepts", &author, &by);
    let path = answers::authorization_path(&author, id);
    if !request.uri.is_empty() {
        document["result"] = json!(origin.url(&path));
    }
    built(&with_context(document), author.id, object_key(origin, &path), Priority::Direct, only(by.id)).map(Some)
}

/// What not letting a remote account do something owes to it.
///
/// # Errors
/// Storage errors.
pub fn build_reject(
    read: &dyn Read,
    origin: &Origin,
    (author, by): (AccountId, AccountId),
    said: &Said<'_>,
) -> Result<Option<Built>> {
    let (author, by) = (require_account(read, author)?, require_account(read, by)?);
    let document = with_context(said.answer(origin, "Reject", "rejects", &author, &by));
    built(&document, author.id, Digest::of(said.uri), Priority::Direct, only(by.id)).map(Some)
}

/// What was done, as its answers name it.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// What it is.
    pub interaction: Interaction,
    /// The path of what it was done with.
    pub target: &'a str,
    /// The id of the Like, Announce or Note; may be empty.
    pub uri: &'a str,
    /// The id of the activity that asked for it; empty if the deed itself came.
    pub asked: &'a str,
}

impl Said<'_> {
    /// The request inlined as it came, else the deed by its id (or written out, if it has none).
    fn answer(self, origin: &Origin, kind: &str, word: &str, author: &Account, by: &Account) -> Value {
        let (actor, from, target) = (account_uri(origin, author), account_uri(origin, by), origin.url(self.target));
        let name = name(self.interaction);
        let object = match (self.asked, self.uri) {
            ("", "") => json!({ "type": name, "actor": from, "object": target }),
            ("", uri) => json!(uri),
            (asked, uri) => json!({
                "id": asked,
                "type": format!("{name}Request"),
                "actor": from,
                "object": target,
                "instrument": uri,
            }),
        };
        // What it answers decides the id: answering it twice is the same activity.
        let number = storage::table::hex(&Digest::of(&format!("{from} {target} {} {}", self.uri, self.asked)).0);
        json!({
            "id": format!("{actor}#{word}/interactions/{number}"),
            "type": kind,
            "actor": actor,
            "to": [from],
            "object": object,
            "target": target,
        })
    }
}

/// What shows that a local author agreed (`LikeAuthorization` and its like), for whoever asks.
#[must_use]
pub fn authorization(
    origin: &Origin,
    author: &Account,
    id: RowId,
    request: &InteractionRequest,
    target: &Status,
) -> Value {
    with_context(json!({
        "id": origin.url(&answers::authorization_path(author, id)),
        "type": format!("{}Authorization", name(request.interaction)),
        "attributedTo": account_uri(origin, author),
        "interactingObject": origin.url(&request.uri),
        "interactionTarget": origin.url(&target.uri),
    }))
}

fn name(interaction: Interaction) -> &'static str {
    match interaction {
        Interaction::Favourite => "Like",
        Interaction::Reply => "Reply",
        Interaction::Reblog => "Announce",
    }
}

/// The sender asks whether it may do something with one of our statuses.
pub(super) async fn receive(incoming: &Incoming<'_>, kind: Interaction) -> Result<Received> {
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let Some(instrument) = &incoming.activity.instrument else {
        return Ok(Received::Dropped("it does not say what it asks for"));
    };
    let uri = instrument.id().unwrap_or_default().to_owned();
    match RemoteUri::parse(&uri, fetch::schemes(incoming.server)) {
        Ok(uri) if uri.same_origin(&incoming.actor) => {}
        _ => return Ok(Received::Dropped("what it asks for is not its sender's")),
    }
    let inner = instrument.inline().and_then(|inner| Activity::read_inner(inner).ok());
    let other = |inner: &Activity| inner.object().and_then(Thing::id).is_some_and(|object| object != target);
    if kind != Interaction::Reply && inner.as_ref().is_some_and(other) {
        return Ok(Received::Dropped("what it asks for is about something else"));
    }
    let reply = match kind {
        Interaction::Reply => match create::authoritative(incoming, instrument).await? {
            create::Authority::IsNot(why) => return Ok(Received::Dropped(why)),
            create::Authority::Is(id, document) => {
                let Ok(note) = Note::read(&document) else {
                    return Ok(Received::Dropped("its status cannot be read"));
                };
                if note.attributed_to.as_deref() != Some(incoming.actor.as_str()) || note.is_vote() {
                    return Ok(Received::Dropped("its author is not the sender"));
                }
                if note.in_reply_to.as_deref() != Some(&*target) {
                    return Ok(Received::Dropped("its status answers something else"));
                }
                Some(create::describe(incoming.server, &id, note, &incoming.sender, Reason::Pushed).await?)
            }
        },
        Interaction::Favourite | Interaction::Reblog => None,
    };
    let (origin, by, asked) = (incoming.origin(), incoming.account, incoming.id());
    let (to, cc) = inner.map_or_else(Default::default, |inner| (inner.to, inner.cc));
    let rule = move |tx: &mut Tx<'_>| {
        let deed = match (&reply, kind) {
            (Some(reply), _) => Deed::Reply(reply),
            (None, Interaction::Reblog) => Deed::Reblog(announce::visibility(tx, by, &to, &cc)?),
            (None, _) => Deed::Favourite,
        };
        answers::accept_request(tx, &origin, by, &target, deed, (&uri, &asked))
    };
    let let_in = incoming.server.write(rule).await?;
    Ok(if let_in { Received::Done } else { Received::Dropped("its policy does not allow it") })
}

/// The path under which somebody here did what an Accept or Reject answers, if that is what it answers: the object is the
/// Like, Announce or Note, or a request with it as its instrument.
pub(super) async fn answered(incoming: &Incoming<'_>) -> Result<Option<String>> {
    let Some(thing) = incoming.activity.object() else { return Ok(None) };
    let instrument = thing.inline().and_then(|inner| Thing::list(inner.get("instrument"), 1).pop());
    let named = instrument.as_ref().and_then(Thing::id).or_else(|| thing.id());
    let origin = incoming.server.origin();
    let Some(path) = named.and_then(|uri| origin.path_of(uri)).map(asked_for) else { return Ok(None) };
    incoming
        .server
        .read(move |view| {
            // Of a reply they may name the Create.
            for path in [path.as_str(), path.strip_suffix("/activity").unwrap_or(&path)] {
                if interaction::find_by_uri(view, path)?.is_some() {
                    return Ok(Some(path.to_owned()));
                }
            }
            Ok(None)
        })
        .await
}

/// A remote author agrees to what somebody here did, perhaps with something on their own server that shows it.
pub(super) async fn receive_accept(incoming: &Incoming<'_>, path: String) -> Result<Received> {
    let shows = incoming.activity.result.clone().filter(|result| {
        RemoteUri::parse(result, fetch::schemes(incoming.server)).is_ok_and(|uri| uri.same_origin(&incoming.actor))
    });
    let by = incoming.account;
    let rule = move |tx: &mut Tx<'_>| answers::accepted(tx, by, &path, shows.as_deref().unwrap_or_default());
    let open = incoming.server.write(rule).await?;
    Ok(if open { Received::Done } else { Received::Dropped("nothing was asked") })
}

/// A remote author refuses it.
pub(super) async fn receive_reject(incoming: &Incoming<'_>, path: String) -> Result<Received> {
    let by = incoming.account;
    let open = incoming.server.write(move |tx| answers::rejected(tx, by, &path)).await?;
    Ok(if open { Received::Done } else { Received::Dropped("nothing was asked") })
}

/// What shows that the author of `target` lets the sender like or share it under the id `uri`, all of elsewhere. None
/// where that is not needed, and where it is not so, or not looked at: then the rule refuses it. Looked at within what
/// the sender's site may have asked of others (`announce::may_ask`).
///
/// # Errors
/// Of an Announce what passes: the author's server does not answer. Storage errors.
pub(super) async fn shown_leave(
    incoming: &Incoming<'_>,
    target: StatusId,
    kind: Interaction,
    uri: &str,
) -> Result<Option<String>> {
    let Some(shown) = incoming.activity.authorization.clone() else { return Ok(None) };
    let (server, by) = (incoming.server, incoming.account);
    let looked = shown.clone();
    let guarded = server.read(move |view| accept::to_vouch(view, by, target, kind, &looked)).await?;
    let Some((target, author)) = guarded else { return Ok(None) };
    if !announce::may_ask(incoming, &shown) {
        return Ok(None);
    }
    let claim = stamp::Claim { stamp: &shown, author: &author, interacting: uri, target: &target };
    match stamp::lets(server, kind, &claim, &incoming.budget).await {
        Ok(true) => Ok(Some(shown)),
        Ok(false) => Ok(None),
        // A number less is no reason to let all else of its sender wait.
        Err(error) if kind == Interaction::Favourite && !matches!(error, Error::Storage(_) | Error::Bug(_)) => {
            tracing::debug!(%error, uri, "the leave for a like is not looked at");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Who may do what, as groups around `author` and those it mentions. What is not said is the default.
pub(super) fn policy(stated: &Policy, author: &Account, mentioned: &[String]) -> InteractionPolicy {
    let rule = |part: &Option<Approval>| match part {
        Some(part) => Rule {
            automatic: quote::groups(&part.automatic, author, mentioned),
            manual: quote::groups(&part.manual, author, mentioned),
        },
        None => Rule::default(),
    };
    InteractionPolicy { favourite: rule(&stated.like), reply: rule(&stated.reply), reblog: rule(&stated.announce) }
}
