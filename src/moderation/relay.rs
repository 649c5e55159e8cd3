//! Relays: an operator adds, removes and pauses them; they answer, follow back and tell of statuses. Only what a relay
//! that agreed tells of is heeded, within its hour. Which hashtags a relay of tags is asked for, `tag` decides.

use super::{Power, require};
use crate::{
    error::{Error, Result},
    limits,
    tag::relays,
    text::normalise_hashtag,
};
use storage::{
    AccountId, RowId, Tx, account, instance,
    intent::Intent,
    job::{self, JobKind},
    moderation::{self, AuditAction, Subject, record_deed},
    peer,
    relay::{self, Relay, RelayKind, RelayState, TAG},
};

/// A relay to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelay {
    /// Its inbox (ends in `/inbox`: Mastodon's kind) or its actor (LitePub's); with `{tag}` in it that of one for each
    /// hashtag.
    pub url: String,
    /// Hashtags, in any spelling.
    pub tags: Vec<String>,
    /// Languages.
    pub languages: Vec<String>,
    /// Statuses within an hour.
    pub per_hour: u32,
}

/// What is to become of relays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// One is added, or gets other filters.
    Add(NewRelay),
    /// The one with this address is left.
    Remove(String),
    /// Nothing is taken from it or given to it.
    Pause(String),
    /// And again.
    Resume(String),
}

/// Somebody who may decides about relays; the audit log says so.
///
/// # Errors
/// `Forbidden` without the power; those of the rule.
pub fn decide(tx: &mut Tx<'_>, by: AccountId, decision: &Decision) -> Result<()> {
    require(tx, by, Power::ManageFederation)?;
    let (action, url) = match decision {
        Decision::Add(new) => {
            add(tx, new)?;
            (AuditAction::AddRelay, &new.url)
        }
        Decision::Remove(url) => {
            remove(tx, url)?;
            (AuditAction::RemoveRelay, url)
        }
        Decision::Pause(url) => {
            pause(tx, url)?;
            (AuditAction::PauseRelay, url)
        }
        Decision::Resume(url) => {
            resume(tx, url)?;
            (AuditAction::ResumeRelay, url)
        }
    };
    let host = peer::authority_of(url).unwrap_or_default();
    record_deed(tx, by, action, Subject::Domain(host), url);
    Ok(())
}

/// Adds a relay and asks it; one that is there gets the new filters and, unless it agreed, is asked again. One of tags is
/// asked for the hashtags that people here follow.
///
/// # Errors
/// `Invalid` for an address that is none, one here, one of a suspended domain, and beyond the bounds.
pub fn add(tx: &mut Tx<'_>, new: &NewRelay) -> Result<RowId> {
    check(tx, new)?;
    let (tags, languages) = (filters(&new.tags, normalise_hashtag), filters(&new.languages, first_part));
    let rows = relay::all(tx)?;
    let known = rows.iter().find(|(_, row)| row.url == new.url).cloned();
    if known.is_none() && rows.len() >= storage::limits::RELAYS_MAX {
        let why = format!("there are {} relays; at most {}", rows.len(), storage::limits::RELAYS_MAX);
        return Err(Error::invalid("relay", why));
    }
    let now = tx.now();
    let (id, mut row) = match known {
        Some(known) => known,
        None => {
            let mut fresh = Relay::new(new.url.clone(), RelayKind::of(&new.url), new.per_hour, now);
            // Nobody must agree that there are relays for hashtags.
            if fresh.kind == RelayKind::Tags {
                fresh.state = RelayState::Accepted;
            }
            (tx.next_id(), fresh)
        }
    };
    (row.tags, row.languages, row.per_hour) = (tags, languages, new.per_hour);
    if row.state != RelayState::Accepted {
        row.state = RelayState::Asked;
        relays::ask(tx, id, &row);
    }
    relay::put(tx, id, &row)?;
    if row.kind == RelayKind::Tags {
        add_again(tx, id, &row)?;
    }
    Ok(id)
}

/// The relays for hashtags that a relay of tags has get its filters, and are asked again unless they agreed; and it is
/// asked for those that it has not.
fn add_again(tx: &mut Tx<'_>, template: RowId, row: &Relay) -> Result<()> {
    for (id, known) in relay::of_template(tx, template)? {
        let (languages, per_hour) = (row.languages.clone(), row.per_hour);
        let mut changed = Relay { languages, per_hour, ..known };
        if changed.state != RelayState::Accepted {
            changed.state = RelayState::Asked;
            relays::ask(tx, id, &changed);
        }
        relay::put(tx, id, &changed)?;
    }
    relays::ask(tx, template, row);
    Ok(())
}

fn check(tx: &Tx<'_>, new: &NewRelay) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid("relay", why));
    let identity = instance::identity(tx)?;
    let plain = identity.as_ref().is_some_and(|identity| identity.lab);
    if !(new.url.starts_with("https://") || plain && new.url.starts_with("http://")) {
        return refuse(format!("{:?} does not begin with https://", new.url));
    }
    let Some(host) = peer::authority_of(&new.url).filter(|_| new.url.len() <= limits::URI_BYTES_MAX) else {
        return refuse(format!("{:?} is no address", new.url));
    };
    if identity.is_some_and(|identity| peer::authority_of(&identity.origin).as_ref() == Some(&host)) {
        return refuse(format!("{host} is this server"));
    }
    if moderation::is_suspended(tx, &host)? {
        return refuse(format!("{host} is suspended here"));
    }
    if RelayKind::of(&new.url) == RelayKind::Tags {
        check_template(tx, new, &host)?;
    }
    let (most, filters) = (limits::RELAY_FILTERS_MAX, new.tags.len().max(new.languages.len()));
    if filters > most {
        return refuse(format!("{filters} tags or languages; at most {most}"));
    }
    let (least, most) = limits::RELAY_PER_HOUR_RANGE;
    if !(least..=most).contains(&new.per_hour) {
        return refuse(format!("{} statuses an hour; at least {least} and at most {most}", new.per_hour));
    }
    Ok(())
}

/// One of tags has no hashtag in the name of its server, and no filter of its own; a server has one, and one hour.
fn check_template(tx: &Tx<'_>, new: &NewRelay, host: &str) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid("relay", why));
    if host.contains(TAG) {
        return refuse(format!("{:?} is no address", new.url));
    }
    if !new.tags.is_empty() {
        return refuse("the hashtags of a relay of tags are those that people here follow".to_owned());
    }
    let mut others = relay::all(tx)?.into_iter().map(|(_, row)| row.url).filter(|url| *url != new.url);
    let same = |url: &String| RelayKind::of(url) == RelayKind::Tags && peer::authority_of(url).as_deref() == Some(host);
    match others.find(same) {
        Some(other) => refuse(format!("{host} has a relay of tags here already: {other}")),
        None => Ok(()),
    }
}

fn filters(words: &[String], plainer: impl Fn(&str) -> String) -> Vec<String> {
    let mut found: Vec<String> = words.iter().map(|word| plainer(word.trim().trim_start_matches('#'))).collect();
    found.retain(|word| !word.is_empty() && word.len() <= limits::TAG_BYTES_MAX);
    found.sort_unstable();
    found.dedup();
    found
}

fn first_part(language: &str) -> String {
    language.split('-').next().unwrap_or(language).to_ascii_lowercase()
}

/// The relay with this address.
///
/// # Errors
/// `Invalid` if there is none.
pub fn named(tx: &Tx<'_>, url: &str) -> Result<(RowId, Relay)> {
    let found = relay::all(tx)?.into_iter().find(|(_, row)| row.url == url);
    found.ok_or_else(|| Error::invalid("relay", format!("there is no relay {url}")))
}

/// Leaves a relay: it is told; so are all relays for hashtags of one of tags.
///
/// # Errors
/// `Invalid` if there is none.
pub fn remove(tx: &mut Tx<'_>, url: &str) -> Result<()> {
    let (id, row) = named(tx, url)?;
    let of_tags = relay::of_template(tx, id)?;
    let made_room = !of_tags.is_empty();
    for (id, row) in of_tags {
        relays::leave(tx, id, row);
    }
    relays::leave(tx, id, row);
    if made_room {
        relays::make_use_of_room(tx)?;
    }
    Ok(())
}

/// Takes nothing from a relay and gives it nothing, or does so again. Answers whether that is new.
///
/// # Errors
/// `Invalid` if there is none.
pub fn pause(tx: &mut Tx<'_>, url: &str) -> Result<bool> {
    let now = tx.now();
    set_paused(tx, url, |row| {
        let fresh = row.paused_at.is_none();
        row.paused_at.get_or_insert(now);
        fresh
    })
}

/// The opposite of [`pause`]; one of tags is asked for what people began to follow meanwhile.
///
/// # Errors
/// As [`pause`].
pub fn resume(tx: &mut Tx<'_>, url: &str) -> Result<bool> {
    let fresh = set_paused(tx, url, |row| row.paused_at.take().is_some())?;
    let (id, row) = named(tx, url)?;
    if fresh && row.kind == RelayKind::Tags {
        relays::ask(tx, id, &row);
    }
    Ok(fresh)
}

/// Changes a relay, and those for hashtags of one of tags with it.
fn set_paused(tx: &mut Tx<'_>, url: &str, change: impl Fn(&mut Relay) -> bool) -> Result<bool> {
    let (id, mut row) = named(tx, url)?;
    let changed = change(&mut row);
    relay::put(tx, id, &row)?;
    for (id, mut row) in relay::of_template(tx, id)? {
        change(&mut row);
        relay::put(tx, id, &row)?;
    }
    Ok(changed)
}

/// The actor of a LitePub relay was read: now it is asked, unless it is another relay's already; that counts as a refusal.
///
/// # Errors
/// Storage errors.
pub fn found(tx: &mut Tx<'_>, id: RowId, actor: AccountId) -> Result<()> {
    let (Some(mut row), Some(account)) = (relay::find(tx, id)?, account::find(tx, actor)?) else { return Ok(()) };
    if is_anothers(tx, id, &account.uri)? {
        row.state = RelayState::Refused;
        return Ok(relay::put(tx, id, &row)?);
    }
    (row.actor, row.account) = (Some(account.uri), Some(actor));
    relay::put(tx, id, &row)?;
    job::enqueue(tx, JobKind::Distribute(Intent::FollowRelay { relay: id }));
    Ok(())
}

/// Whether `actor` is that of another relay than `id`.
fn is_anothers(tx: &Tx<'_>, id: RowId, actor: &str) -> Result<bool> {
    Ok(relay::of_actor(tx, actor)?.is_some_and(|(other, _)| other != id))
}

/// `actor` answers the Follow of the relay `id`. Answers whether it is the one that was asked: the actor itself, or, of
/// a relay known by its inbox alone, an actor of that server that is no other relay's.
///
/// # Errors
/// Storage errors.
pub fn answered(tx: &mut Tx<'_>, id: RowId, actor: &str, account: AccountId, answer: RelayState) -> Result<bool> {
    let Some(mut row) = relay::find(tx, id)? else { return Ok(false) };
    let asked = match &row.actor {
        Some(known) => known == actor,
        None => row.kind == RelayKind::Mastodon && peer::authority_of(&row.url) == peer::authority_of(actor),
    };
    if !asked || is_anothers(tx, id, actor)? {
        return Ok(false);
    }
    if answer == RelayState::Accepted && row.state != RelayState::Accepted {
        row.accepted_at = Some(tx.now());
    }
    (row.state, row.actor, row.account) = (answer, Some(actor.to_owned()), Some(account));
    relay::put(tx, id, &row)?;
    Ok(true)
}

/// A relay for one hashtag, whose actor is known and was asked, tells of something before it answered: then it agreed. Some
/// answer who asks again under the id of their first answer, and that counts once (buzzrelay). Answers whether it is one.
///
/// # Errors
/// Storage errors.
pub fn agrees_by_telling(tx: &mut Tx<'_>, id: RowId) -> Result<bool> {
    let waits = |row: &Relay| row.of_tag.is_some() && row.state == RelayState::Asked && row.paused_at.is_none();
    let Some(row) = relay::find(tx, id)?.filter(waits) else { return Ok(false) };
    let accepted_at = Some(tx.now());
    relay::put(tx, id, &Relay { state: RelayState::Accepted, accepted_at, ..row })?;
    Ok(true)
}

/// `actor` follows this server itself: only a LitePub relay that was added may. Answers whether it is one.
///
/// # Errors
/// Storage errors.
pub fn followed(tx: &mut Tx<'_>, actor: &str, follow_uri: &str) -> Result<bool> {
    let Some((id, row)) = relay::of_actor(tx, actor)? else { return Ok(false) };
    if row.kind != RelayKind::Litepub || row.state == RelayState::Refused {
        return Ok(false);
    }
    let intent = Intent::AcceptRelay { relay: id, follow_uri: follow_uri.to_owned() };
    job::enqueue(tx, JobKind::Distribute(intent));
    Ok(true)
}

/// Counts a status that a relay tells of, before it is asked for. Answers whether there is room in the relay's hour.
///
/// # Errors
/// Storage errors.
pub fn take(tx: &mut Tx<'_>, id: RowId) -> Result<bool> {
    match relay::find(tx, id)?.filter(Relay::is_on) {
        Some(row) => Ok(relay::take(tx, id, &row)?),
        None => Ok(false),
    }
}

/// A status came because of a relay.
///
/// # Errors
/// Storage errors.
pub fn came(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    Ok(relay::came(tx, id)?)
}
