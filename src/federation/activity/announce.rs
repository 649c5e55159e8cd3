//! Announce (ActivityPub §7.11): a reblog, both ways.

use super::{Built, Incoming, Received, built, create, object_key, relay};
use crate::{
    error::{Error, Result},
    federation::{
        fetch,
        object::{Activity, ActivityKind, Thing, is_public},
        outward::{account_uri, authorize, note::Addressing, time, with_context},
    },
    limits,
    origin::Origin,
    status::{self as statuses, accept},
};
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Direction, Read, StatusId, account,
    audience::Audience,
    delivery::Priority,
    interaction::Interaction,
    relationship::FOLLOWER_ROWS,
    status::{self, Status, Visibility},
};

/// The Announce of a local reblog, without `@context`.
///
/// # Errors
/// Storage errors; `NotFound` if the original is gone.
pub fn document(read: &dyn Read, origin: &Origin, reblog: &Status) -> Result<Value> {
    let original = match reblog.reblog_of {
        Some(id) => status::find(read, id)?,
        None => None,
    };
    let original = original.ok_or(Error::NotFound)?;
    let who = super::require_account(read, reblog.account)?;
    let author = super::require_account(read, original.account)?;
    let Addressing { to, cc } = Addressing::of(origin, &who, reblog.visibility, &[account_uri(origin, &author)]);
    let mut document = json!({
        "id": format!("{}/activity", origin.url(&reblog.uri)),
        "type": "Announce",
        "actor": account_uri(origin, &who),
        "published": time(reblog.created_at),
        "to": to,
        "cc": cc,
        "object": origin.url(&original.uri),
    });
    if let Some(shown) = statuses::authorization(read, who.id, Interaction::Reblog, original.id)? {
        authorize(&mut document, "announceAuthorization", &origin.url(&shown));
    }
    Ok(document)
}

/// What a new reblog owes to others; `None` if it or the original is gone already.
///
/// # Errors
/// Storage errors.
pub fn build(read: &dyn Read, origin: &Origin, id: StatusId) -> Result<Option<Built>> {
    let Some(reblog) = status::find(read, id)? else { return Ok(None) };
    let document = match document(read, origin, &reblog) {
        Ok(document) => with_context(document),
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let author = match reblog.reblog_of {
        Some(original) => status::find(read, original)?.map(|original| original.account),
        None => None,
    };
    let audience =
        Audience { followers_of: Some(reblog.account), accounts: author.into_iter().collect(), ..Audience::default() };
    built(&document, reblog.account, object_key(origin, &reblog.uri), Priority::Reblog, audience).map(Some)
}

/// The sender shares statuses: usually one; a group shares the activities that concern it (FEP-1b12).
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    if let Some(told) = relay::receive_announce(incoming).await? {
        return Ok(told);
    }
    let shared: Vec<String> = incoming.activity.objects.iter().filter_map(shared_id).take(limits::SHARED_MAX).collect();
    if shared.is_empty() {
        return Ok(Received::Dropped("it shares nothing that is a status"));
    }
    let mut outcome = Received::Dropped("concerns nobody here");
    let alone = shared.len() == 1;
    for (at, uri) in shared.iter().enumerate() {
        // Several things under one id: each reblog needs its own.
        let id = match alone {
            true => incoming.id(),
            false => format!("{}#{at}", incoming.id()),
        };
        match share(incoming, uri, id).await {
            Ok(Received::Done) => outcome = Received::Done,
            Ok(Received::Dropped(_)) => {}
            Err(error) if alone => return Err(error),
            Err(error) => tracing::debug!(uri, %error, "one of several shared things cannot be read"),
        }
    }
    Ok(outcome)
}

/// The id of the status a thing is or, for an activity of a group, that it posts or edits.
pub(in crate::federation) fn shared_id(thing: &Thing) -> Option<String> {
    if let Some(activity) = thing.inline().and_then(|inner| Activity::read_inner(inner).ok())
        && let Some(kind) = activity.kind
    {
        let posts = matches!(kind, ActivityKind::Create | ActivityKind::Update);
        return posts.then(|| activity.object().and_then(Thing::id).map(str::to_owned)).flatten();
    }
    thing.id().map(str::to_owned)
}

async fn share(incoming: &Incoming<'_>, uri: &str, id: String) -> Result<Received> {
    let (by, origin, wanted) = (incoming.account, incoming.origin(), uri.to_owned());
    let (known, followed) = incoming
        .server
        .read(move |view| {
            let known = statuses::find_by_uri(view, &origin, &wanted)?.map(|status| status.id);
            let followers = FOLLOWER_ROWS.list(view, &by, Bounds::NONE, Direction::Ascending, 1)?;
            Ok((known, !followers.is_empty()))
        })
        .await?;
    let original = match known {
        Some(known) => known,
        // Whatever is inside an Announce is only a link: read from its own origin (SECURITY A1).
        None if followed => {
            let reason = accept::Reason::Shared(by);
            fetch::status::wanted(incoming.server, uri, &incoming.budget, reason).await?
        }
        None => return Ok(Received::Dropped("concerns nobody here")),
    };
    let published = incoming.activity.published;
    let (to, cc) = (incoming.activity.to.clone(), incoming.activity.cc.clone());
    let outcome = incoming
        .server
        .write(move |tx| {
            let visibility = visibility(tx, by, &to, &cc)?;
            accept::accept_reblog(tx, by, original, &id, published, visibility, accept::Reason::Pushed)
        })
        .await?;
    Ok(match outcome {
        accept::Accepted::New(_) | accept::Accepted::Waits => Received::Done,
        accept::Accepted::Known(_) => Received::Dropped("known already"),
        accept::Accepted::Deleted => Received::Dropped("it was taken back before"),
        accept::Accepted::Irrelevant => Received::Dropped("concerns nobody here"),
        accept::Accepted::Refused => Received::Dropped(create::NOT_LET),
    })
}

/// Who may see the reblog, by its own addresses.
///
/// # Errors
/// Storage errors.
pub(in crate::federation) fn visibility(
    read: &dyn Read,
    by: AccountId,
    to: &[String],
    cc: &[String],
) -> Result<Visibility> {
    let followers = account::find(read, by)?.and_then(|account| account.endpoints.followers);
    let names = |list: &[String], wanted: Option<&String>| wanted.is_some_and(|wanted| list.contains(wanted));
    Ok(if to.iter().any(|to| is_public(to)) {
        Visibility::Public
    } else if cc.iter().any(|cc| is_public(cc)) {
        Visibility::Unlisted
    } else if names(to, followers.as_ref()) || names(cc, followers.as_ref()) {
        Visibility::Private
    } else if to.is_empty() && cc.is_empty() {
        // Some servers address their Announces to nobody; the original decides who sees it.
        Visibility::Public
    } else {
        Visibility::Direct
    })
}
