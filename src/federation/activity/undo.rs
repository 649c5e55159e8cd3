//! Undo (ActivityPub §6.10, §7.14) of Follow, Like, EmojiReact, Announce and Block, both ways, and of the Accept of a
//! Follow made here.

use super::{
    Built, Incoming, Received, author_and_group, block, built, follow, known_account, like, object_key, only, react,
    require_account, row_uri,
};
use crate::{
    error::{Error, Result},
    federation::{
        address::RemoteUri,
        fetch, json,
        object::{Activity, ActivityKind, Thing, read},
        outward::{account_uri, address_group, note::Addressing, with_context},
    },
    limits,
    origin::Origin,
    relationship::accept as relationships,
    status::{
        self as statuses, accept,
        react::{Told, accept_undo_reaction},
    },
};
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Digest, Direction, Lsn, Read, RowId, Tx,
    account::Account,
    audience::Audience,
    delivery::Priority,
    inbound::{self, INBOUND, Inbound, Place},
    list,
    reaction::ReactionRef,
    relationship,
    status::Visibility,
};

/// Takes a Follow back.
///
/// # Errors
/// Storage errors.
pub fn build_follow(
    read: &dyn Read,
    origin: &Origin,
    follower: AccountId,
    target: AccountId,
    row: RowId,
) -> Result<Option<Built>> {
    let (who, whom) = (require_account(read, follower)?, require_account(read, target)?);
    let inner = follow::document(origin, &who, &whom, row);
    let document = wrap(&account_uri(origin, &who), &inner, &[account_uri(origin, &whom)], &[]);
    built(&document, follower, follow::key(follower, target), Priority::Direct, only(target)).map(Some)
}

/// Takes a Block back.
///
/// # Errors
/// Storage errors.
pub fn build_block(
    read: &dyn Read,
    origin: &Origin,
    blocker: AccountId,
    target: AccountId,
    row: RowId,
) -> Result<Option<Built>> {
    let (who, whom) = (require_account(read, blocker)?, require_account(read, target)?);
    let inner = block::document(origin, &who, &whom, row);
    let document = wrap(&account_uri(origin, &who), &inner, &[account_uri(origin, &whom)], &[]);
    built(&document, blocker, block::key(blocker, target), Priority::Direct, only(target)).map(Some)
}

/// Who hears that a Like is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Its status' author, and the group in whose thread that stands.
    ByGroupToo,
    /// The author, for whose word it waited: nobody else has heard of it.
    ByAuthorAlone,
}

/// Takes a Like back.
///
/// # Errors
/// Storage errors.
pub fn build_like(
    read: &dyn Read,
    origin: &Origin,
    (account, row): (AccountId, RowId),
    (status_uri, author): (&str, AccountId),
    heard: Heard,
) -> Result<Option<Built>> {
    let group = match heard {
        Heard::ByGroupToo => group_of(read, origin, account, status_uri)?,
        Heard::ByAuthorAlone => None,
    };
    let who = require_account(read, account)?;
    let inner = like::document(origin, &who, row, status_uri);
    let document = wrap_for(group.as_ref(), &account_uri(origin, &who), inner, &[]);
    let (object, audience) = (Digest::of(&like::path(&who, row)), author_and_group(author, group.as_ref()));
    built(&document, account, object, Priority::Public, audience).map(Some)
}

/// A reaction that is taken back.
pub struct Taken<'a> {
    /// How it was told.
    pub told: Told,
    /// Its row.
    pub row: RowId,
    /// The status' uri.
    pub status_uri: &'a str,
    /// Its author.
    pub author: AccountId,
    /// Which emoji.
    pub name: &'a str,
    /// The picture of a custom one.
    pub picture: Option<&'a str>,
}

/// Takes a reaction back.
///
/// # Errors
/// Storage errors.
pub fn build_reaction(
    read: &dyn Read,
    origin: &Origin,
    account: AccountId,
    taken: &Taken<'_>,
) -> Result<Option<Built>> {
    let (who, author) = (require_account(read, account)?, require_account(read, taken.author)?);
    let Taken { told, row, status_uri, name, picture, .. } = *taken;
    let inner = react::document(origin, &who, &react::Said { told, name, picture, row, status_uri, author: &author });
    let group = if told == Told::Favourite { group_of(read, origin, account, status_uri)? } else { None };
    let document = wrap_for(group.as_ref(), &account_uri(origin, &who), inner, &[account_uri(origin, &author)]);
    let audience = author_and_group(author.id, group.as_ref());
    built(&document, account, Digest::of(&told.path(&who, row)), Priority::Public, audience).map(Some)
}

/// The group in whose thread the status with this uri or path stands, as far as it is still here.
fn group_of(read: &dyn Read, origin: &Origin, by: AccountId, status_uri: &str) -> Result<Option<Account>> {
    match statuses::find_by_uri(read, origin, &origin.url(status_uri))? {
        Some(status) => statuses::group_of(read, by, &status),
        None => Ok(None),
    }
}

/// As `wrap`, both addressed to `group`, too.
fn wrap_for(group: Option<&Account>, actor: &str, mut inner: Value, to: &[String]) -> Value {
    if let Some(group) = group {
        address_group(&mut inner, group);
    }
    let mut document = wrap(actor, &inner, to, &[]);
    if let Some(group) = group {
        address_group(&mut document, group);
    }
    document
}

/// Takes an Announce back.
///
/// # Errors
/// Storage errors.
pub fn build_announce(
    read: &dyn Read,
    origin: &Origin,
    account: AccountId,
    path: &str,
    original_uri: &str,
    author: AccountId,
    visibility: Visibility,
) -> Result<Option<Built>> {
    let who = require_account(read, account)?;
    let whom = require_account(read, author)?;
    let Addressing { to, cc } = Addressing::of(origin, &who, visibility, &[account_uri(origin, &whom)]);
    let inner = json!({
        "id": format!("{}/activity", origin.url(path)),
        "type": "Announce",
        "actor": account_uri(origin, &who),
        "to": to,
        "cc": cc,
        "object": origin.url(original_uri),
    });
    let document = wrap(&account_uri(origin, &who), &inner, &to, &cc);
    let object = object_key(origin, path);
    let audience =
        Audience { followers_of: Some(account), accounts: vec![author], prior_of: Some(object), ..Audience::default() };
    built(&document, account, object, Priority::Reblog, audience).map(Some)
}

/// An Undo around the inlined activity, its id that of the inner one and `/undo`.
fn wrap(actor: &str, inner: &Value, to: &[String], cc: &[String]) -> Value {
    let id = format!("{}/undo", inner["id"].as_str().unwrap_or_default());
    let mut document = json!({ "id": id, "type": "Undo", "actor": actor, "object": inner });
    if !to.is_empty() {
        document["to"] = json!(to);
    }
    if !cc.is_empty() {
        document["cc"] = json!(cc);
    }
    with_context(document)
}

/// The sender takes something back. What was undone may be written out or only named.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let thing = match incoming.object() {
        Ok(thing) => thing.clone(),
        Err(dropped) => return Ok(dropped),
    };
    let inner = thing.inline().and_then(|inner| Activity::read_inner(inner).ok());
    if inner.as_ref().is_some_and(|inner| inner.actor != incoming.actor.as_str()) {
        return Ok(Received::Dropped("what it undoes is somebody else's"));
    }
    // What is undone before it came is remembered by its id: only its own server says that (SECURITY A8).
    let foreign =
        |id| !RemoteUri::parse(id, fetch::schemes(incoming.server)).is_ok_and(|id| id.same_origin(&incoming.actor));
    if thing.id().is_some_and(foreign) {
        return Ok(Received::Dropped("what it undoes is of another server"));
    }
    if let Some(inner) = inner.as_ref().filter(|inner| inner.kind.is_none()) {
        incoming.server.unheeded().count(&format!("Undo of {}", inner.type_name));
    }
    let (origin, by, place) = (incoming.origin(), incoming.account, incoming.place);
    let rule = move |tx: &mut Tx<'_>| take_back(tx, &origin, by, &thing, inner.as_ref(), place);
    let changed = incoming.server.write(rule).await?;
    Ok(if changed { Received::Done } else { Received::Dropped("nothing to undo") })
}

fn take_back(
    tx: &mut Tx<'_>,
    origin: &Origin,
    by: AccountId,
    thing: &Thing,
    inner: Option<&Activity>,
    place: Option<Lsn>,
) -> Result<bool> {
    let uri = thing.id().map(|id| row_uri(origin, id));
    let Some(inner) = inner else {
        // Only an id: it is one of the things that are found by theirs.
        let named = relationships::Named { uri: uri.clone(), pair: None };
        return Ok(relationships::undone(tx, by, &named)?
            || relationships::unblocked(tx, by, uri.as_deref(), None)?
            || accept_undo_reaction(tx, by, uri.as_deref(), &[])?
            || accept::accept_undo_favourite(tx, by, uri.as_deref(), None)?
            || accept::accept_undo_reblog(tx, by, uri.as_deref(), None)?
            || forget_what_is_to_come(tx, by, uri.as_deref(), place)?);
    };
    let object = inner.object().and_then(Thing::id);
    match inner.kind {
        Some(ActivityKind::Follow) => {
            let named = follow::named(tx, origin, thing)?;
            Ok(relationships::undone(tx, by, &named)? || forget_what_is_to_come(tx, by, uri.as_deref(), place)?)
        }
        Some(ActivityKind::Accept) => undo_accept(tx, origin, by, inner),
        Some(kind @ (ActivityKind::EmojiReact | ActivityKind::Like))
            if kind == ActivityKind::EmojiReact || inner.content.is_some() =>
        {
            // Where its emoji could not be used, or its author was to be asked, it is a favourite (`react::accept_like`,
            // `react::accept_reaction`).
            Ok(undo_reaction(tx, origin, by, uri.as_deref(), inner)?
                || accept::accept_undo_favourite(tx, by, uri.as_deref(), None)?
                || forget_what_is_to_come(tx, by, uri.as_deref(), place)?)
        }
        Some(ActivityKind::Like) => {
            if accept_undo_reaction(tx, by, uri.as_deref(), &[])? {
                return Ok(true);
            }
            let status = object.map(|uri| statuses::find_by_uri(tx, origin, uri)).transpose()?.flatten();
            Ok(accept::accept_undo_favourite(tx, by, uri.as_deref(), status.map(|status| status.id))?
                || forget_what_is_to_come(tx, by, uri.as_deref(), place)?)
        }
        Some(ActivityKind::Announce) => {
            let status = object.map(|uri| statuses::find_by_uri(tx, origin, uri)).transpose()?.flatten();
            Ok(accept::accept_undo_reblog(tx, by, uri.as_deref(), status.map(|status| status.id))?
                || forget_what_is_to_come(tx, by, uri.as_deref(), place)?)
        }
        // The end of a ban from a community or a server, which changed nothing, either (`block::receive`).
        Some(ActivityKind::Block) if inner.target.is_some() => Ok(false),
        Some(ActivityKind::Block) => {
            let target = object.map(|uri| known_account(tx, origin, uri)).transpose()?.flatten();
            let target = target.map(|target| target.id);
            Ok(relationships::unblocked(tx, by, uri.as_deref(), target)?
                || forget_what_is_to_come(tx, by, uri.as_deref(), place)?)
        }
        _ => Ok(false),
    }
}

/// Remembers that something is taken back that has not come yet. What has come and stepped aside goes instead. What was
/// carried out, or concerned nobody, is not on its way any more: that it is taken back once more says nothing of the next
/// one under its id.
fn forget_what_is_to_come(tx: &mut Tx<'_>, by: AccountId, uri: Option<&str>, place: Option<Lsn>) -> Result<bool> {
    if let Some(uri) = uri {
        let actor = require_account(tx, by)?.uri;
        if inbound::was_received(tx, &actor, uri, tx.now())? {
            return forget_waiting(tx, &actor, uri, place);
        }
    }
    accept::forget_in_advance(tx, by, uri)
}

/// Removes the activities `uri` of `actor` that came before `place` and have stepped aside; whether there was one. What came
/// behind the Undo under the same id is another.
fn forget_waiting(tx: &mut Tx<'_>, actor: &str, uri: &str, place: Option<Lsn>) -> Result<bool> {
    let bounds = Bounds { below: place.map(|place| place.0), above: None };
    let line = inbound::line(actor, actor);
    let rows = INBOUND.list(tx, &line, bounds, Direction::Ascending, limits::UNDONE_WAITING_SCANNED)?;
    let is_it = |row: &Inbound| {
        row.head.len() <= limits::UNDONE_WAITING_BYTES
            && json::parse(&row.head.0).is_ok_and(|waiting| read::id(Some(&waiting)) == Some(uri))
    };
    let waiting: Vec<Place> = rows.iter().filter(|(_, row)| is_it(row)).map(|(place, _)| *place).collect();
    if waiting.is_empty() {
        return Ok(false);
    }
    inbound::finish(tx, &waiting)?;
    accept::forget_unmade(tx, uri)?;
    Ok(true)
}

/// The sender takes back that somebody here may follow it: they wait for its word again, as at Mastodon.
fn undo_accept(tx: &mut Tx<'_>, origin: &Origin, by: AccountId, inner: &Activity) -> Result<bool> {
    let Some(thing) = inner.object() else { return Ok(false) };
    let named = follow::named(tx, origin, thing)?;
    let uri = named.uri.as_deref().filter(|uri| !uri.is_empty());
    let known = uri.map(|uri| relationship::find_by_uri(tx, uri)).transpose()?.flatten();
    let Some(pair) = known.or(named.pair) else { return Ok(false) };
    if pair.to != by {
        return Err(Error::Forbidden("only the followed account takes an Accept back"));
    }
    let Some(follow) = relationship::remove(tx, pair.from, pair.to)? else { return Ok(false) };
    list::forget(tx, pair.from, pair.to)?;
    relationship::put_request(tx, pair.from, pair.to, &follow)?;
    Ok(true)
}

fn undo_reaction(tx: &mut Tx<'_>, origin: &Origin, by: AccountId, uri: Option<&str>, inner: &Activity) -> Result<bool> {
    let object = inner.object().and_then(Thing::id);
    let status = object.map(|uri| statuses::find_by_uri(tx, origin, uri)).transpose()?.flatten();
    let domain = require_account(tx, by)?.domain.unwrap_or_default();
    let mut said = Vec::new();
    if let (Some(status), Some(emoji)) = (status, react::emoji_of(inner, &domain)) {
        let names = react::names_of(origin, &emoji).into_iter();
        said.extend(names.map(|name| ReactionRef { account: by, status: status.id, name }));
    }
    accept_undo_reaction(tx, by, uri, &said)
}
