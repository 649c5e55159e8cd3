//! Update (ActivityPub §6.3, §7.3): an edited status or a changed profile, both ways.

use super::{Built, Incoming, Received, built, create, forward, object_key};
use crate::{
    error::{Error, Result},
    federation::{
        fetch, object,
        outward::{PUBLIC, account_uri, actor, followers_uri, with_context},
    },
    limits,
    origin::Origin,
    status::{
        self as statuses,
        accept::{self, Accepted},
    },
    visibility,
};
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Digest, Direction, JobId, Read, StatusId, Timestamp, account,
    audience::{ACCOUNTS_MAX, Audience},
    delivery::{Priority, Sender},
    instance,
    poll::BALLOTS,
    status::{self, Status},
};

/// What an edited status owes to others; `job` is the one that tells it.
///
/// # Errors
/// Storage errors.
pub fn build_status(read: &dyn Read, origin: &Origin, id: StatusId, job: JobId) -> Result<Option<Built>> {
    let Some(status) = status::find(read, id)? else { return Ok(None) };
    let activity = update_id(&origin.url(&status.uri), job);
    let document = with_context(create::wrap(read, origin, &status, "Update", &activity)?);
    let object = object_key(origin, &status.uri);
    let audience = audience(read, &status, &document, object)?;
    let priority = create::priority(status.visibility, &status.mentions);
    built(&document, status.account, object, priority, audience).map(Some)
}

/// The id of an Update of `object`: the occasion decides it, not what it says. What was undone and done again is told again,
/// and peers take a known id for a repetition; a job that is repeated tells under the same.
fn update_id(object: &str, job: JobId) -> String {
    format!("{object}#updates/{job}")
}

/// Who hears what a status says now: whoever got it, has it anyway and sees it. Of what not everybody may see only the
/// last: whoever is no longer among the followers, or was blocked, gets no new words (SECURITY C10).
fn audience(read: &dyn Read, status: &Status, document: &Value, object: Digest) -> Result<Audience> {
    let mut audience = create::audience(read, status, document)?;
    // The followers of whom it answers are among those who got it.
    audience.followers_of_answered = None;
    audience.prior_of = status.is_public().then_some(object);
    audience.accounts.extend(statuses::holders(read, status)?);
    Ok(audience)
}

/// What new votes, or the end of a poll, owe to whoever hears of an edit and to the servers of those who voted.
///
/// # Errors
/// Storage errors.
pub fn build_poll(read: &dyn Read, origin: &Origin, id: StatusId, at: Timestamp) -> Result<Option<Built>> {
    let Some(status) = status::find(read, id)?.filter(|status| status.poll.is_some()) else { return Ok(None) };
    let activity = format!("{}#updates/poll/{}", origin.url(&status.uri), at.0);
    let document = with_context(create::wrap(read, origin, &status, "Update", &activity)?);
    let object = object_key(origin, &status.uri);
    let mut audience = audience(read, &status, &document, object)?;
    let room = ACCOUNTS_MAX.saturating_sub(audience.accounts.len());
    for ((_, voter), _) in BALLOTS.list(read, &id, Bounds::NONE, Direction::Ascending, room)? {
        if status.is_public() || visibility::can_see(read, Some(voter), &status)? {
            audience.accounts.push(voter);
        }
    }
    built(&document, status.account, object, Priority::Public, audience).map(Some)
}

/// What a changed profile owes to the followers' servers; `job` is the one that tells it.
///
/// # Errors
/// Storage errors.
pub fn build_actor(read: &dyn Read, origin: &Origin, id: AccountId, job: JobId) -> Result<Option<Built>> {
    let Some(account) = account::find(read, id)? else { return Ok(None) };
    let keys = account::SIGNING_KEYS.get(read, &id)?.ok_or_else(|| Error::Bug(format!("account {id} has no keys")))?;
    let mut object = actor::actor(read, origin, &account, &keys)?;
    if let Some(members) = object.as_object_mut() {
        members.remove("@context");
    }
    let uri = account_uri(origin, &account);
    let document = with_context(json!({
        "id": update_id(&uri, job),
        "type": "Update",
        "actor": uri,
        "to": [PUBLIC],
        "cc": followers_uri(origin, &account).into_iter().collect::<Vec<_>>(),
        "object": object,
    }));
    let audience = Audience { followers_of: Some(id), ..Audience::default() };
    built(&document, id, object_key(origin, &account.uri), Priority::Profile, audience).map(Some)
}

/// What changed keys owe to the followers' servers: the profile that shows the new ones, under the signature of the old
/// one, before whatever else they get; `job` is the one that tells it.
///
/// # Errors
/// Storage errors.
pub fn build_new_keys(read: &dyn Read, origin: &Origin, id: AccountId, job: JobId) -> Result<Option<Built>> {
    let made = build_actor(read, origin, id, job)?;
    // Whoever was followed, answered or mentioned may know the key, too, and keep it for days (snac: 36 hours).
    Ok(made.map(|made| {
        let audience = Audience { everybody: true, ..made.audience };
        Built { sender: Sender::Retired(id), priority: Priority::Direct, audience, ..made }
    }))
}

/// What changed keys of the server's own actor owe to relays and all servers that are known: the actor with the new ones,
/// under the signature of the old one.
///
/// # Errors
/// Storage errors; `Bug` if there are no keys.
pub fn build_new_instance_keys(read: &dyn Read, origin: &Origin, at: Timestamp) -> Result<Option<Built>> {
    let keys = instance::keys(read)?.ok_or_else(|| Error::Bug("the instance actor has no keys".to_owned()))?;
    let mut object = actor::instance_actor(origin, &instance::settings(read)?.title, &keys)?;
    if let Some(members) = object.as_object_mut() {
        members.remove("@context");
    }
    let uri = origin.url(actor::INSTANCE_PATH);
    let document = with_context(json!({
        "id": format!("{uri}#updates/keys/{}", at.0),
        "type": "Update",
        "actor": uri,
        "to": [PUBLIC],
        "object": object,
    }));
    let audience = Audience { everybody: true, ..Audience::default() };
    let made = built(&document, AccountId(0), object_key(origin, actor::INSTANCE_PATH), Priority::Direct, audience)?;
    Ok(Some(Built { sender: Sender::RetiredInstance(at), ..made }))
}

/// The sender changed its profile or edited a status.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let thing = match incoming.object() {
        Ok(thing) => thing,
        Err(dropped) => return Ok(dropped),
    };
    let (id, document) = match create::authoritative(incoming, thing).await? {
        create::Authority::Is(id, document) => (id, document),
        create::Authority::IsNot(why) => return Ok(Received::Dropped(why)),
    };
    match object::kind(&document) {
        object::Kind::Actor if id.as_str() == incoming.actor.as_str() => {
            fetch::actor::take_inner(incoming.server, &id, &document, &incoming.budget).await?;
            Ok(Received::Done)
        }
        object::Kind::Actor => Ok(Received::Dropped("somebody else's profile")),
        object::Kind::Note => edit(incoming, &id, &document).await,
        _ => {
            let kind = object::read::types(&document).first().copied().unwrap_or("nothing");
            incoming.server.unheeded().count(&format!("Update of {kind}"));
            Ok(Received::Dropped("a kind of object that is not stored here"))
        }
    }
}

/// An edit of a known status; an unknown one is offered as new, because an Update may overtake its Create, unless it is so
/// old that its Create came and concerned nobody. What changes nothing is not passed on.
async fn edit(
    incoming: &Incoming<'_>,
    id: &crate::federation::address::RemoteUri,
    document: &Value,
) -> Result<Received> {
    let note = match object::Note::read(document) {
        Ok(note) if note.attributed_to.as_deref().is_some_and(|author| author != incoming.actor.as_str()) => {
            return Ok(Received::Dropped("its author is not the sender"));
        }
        Ok(note) if note.is_vote() => return Ok(Received::Dropped("a vote is not edited")),
        Ok(note) => note,
        Err(_) => return Ok(Received::Dropped("its object cannot be read")),
    };
    let described = create::describe_sent(incoming, id, note).await?;
    let remote = fetch::stamp::verify_answer(incoming.server, described, &incoming.budget).await?;
    let passable = if forward::answers_us(&remote) { forward::passable(incoming).await } else { None };
    let outcome = incoming
        .server
        .write(move |tx| {
            let before = status::find_by_uri(tx, &remote.uri)?;
            let is_old = tx.now().ms_since(remote.published) > limits::OVERTAKEN_MS;
            let outcome = match accept::accept_update(tx, &remote)? {
                Accepted::Irrelevant if !is_old => accept::accept(tx, &remote)?,
                other => other,
            };
            if let Some(passable) = &passable
                && status::find_by_uri(tx, &remote.uri)? != before
                && let Some(author) = forward::author_to_tell(tx, &remote.uri)?
            {
                forward::owe(tx, author, &remote.uri, passable);
            }
            Ok(outcome)
        })
        .await?;
    Ok(match outcome {
        Accepted::New(_) | Accepted::Known(_) | Accepted::Waits => Received::Done,
        Accepted::Deleted => Received::Dropped("what it speaks of is gone"),
        Accepted::Irrelevant => Received::Dropped("concerns nobody here"),
        Accepted::Refused => Received::Dropped(create::NOT_LET),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::lab::{Lab, plain},
        federation::activity::delete,
    };
    use storage::status::Visibility::{self, Direct, Private, Public};

    #[test]
    fn an_edit_and_a_delete_go_as_fast_as_the_post_they_are_about() {
        let lab = Lab::new();
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
        let priorities = |visibility: Visibility, mentions: Vec<AccountId>| {
            let named = mentions.clone();
            let stored = lab.write(move |tx| {
                let (id, now) = (tx.next_id(), tx.now());
                let row = Status { visibility, mentions: named.clone(), ..plain(id, ann, now) };
                status::insert(tx, &row)?;
                Ok(row)
            });
            let row = stored.expect("stored");
            lab.read(|read| {
                let told = [
                    create::build(read, &origin, row.id)?,
                    build_status(read, &origin, row.id, JobId(1))?,
                    delete::build(read, &origin, ann, &row.uri, visibility, &mentions, &[])?,
                ];
                Ok(told.map(|built| built.map(|built| built.priority)))
            })
        };
        let (first, later) = ([Some(Priority::Direct); 3], [Some(Priority::Public); 3]);
        assert_eq!(priorities(Direct, vec![dan]), first);
        assert_eq!(priorities(Direct, Vec::new()), first);
        assert_eq!(priorities(Private, vec![dan]), first);
        assert_eq!(priorities(Public, vec![dan]), first);
        assert_eq!(priorities(Private, Vec::new()), later);
        assert_eq!(priorities(Public, Vec::new()), later);
    }
}
