//! Relays: servers that pass on public statuses of many others, on request. Which ones, and how much of each is taken; and
//! relays of tags, which have one relay for each hashtag.

use crate::{
    activity::Day,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, HOUR_MS, RowId, Timestamp},
    job::{self, JobKind},
    key::Digest,
    limits, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// What stands for a hashtag in the address of a relay of tags.
pub const TAG: &str = "{tag}";

/// How a relay is spoken with. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayKind {
    /// As Mastodon does: known by its inbox; a Follow of everybody; it gets our activities as they are.
    Mastodon,
    /// As Pleroma does: known by its actor; both follow each other; it gets Announces.
    Litepub,
    /// None by itself: its address has `TAG` in it, and is that of one relay for each hashtag. Those of the hashtags that
    /// people here follow are asked; they get nothing.
    Tags,
}

impl RelayKind {
    /// How a relay with this address is spoken with.
    #[must_use]
    pub fn of(url: &str) -> Self {
        match url {
            url if url.contains(TAG) => RelayKind::Tags,
            url if url.ends_with("/inbox") => RelayKind::Mastodon,
            _ => RelayKind::Litepub,
        }
    }
}

/// How far things are with a relay. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayState {
    /// It was asked, or is going to be.
    Asked,
    /// It agreed.
    Accepted,
    /// It refused.
    Refused,
}

/// A relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relay {
    /// Its address as the operator gave it: an inbox, or an actor's id.
    pub url: String,
    /// How it is spoken with.
    pub kind: RelayKind,
    /// How far things are.
    pub state: RelayState,
    /// The id of its actor: known from the first, or from its answer on.
    pub actor: Option<String>,
    /// The row of its actor, if that was read.
    pub account: Option<AccountId>,
    /// Only statuses with one of these hashtags are taken, as they are compared; none: all.
    pub tags: Vec<String>,
    /// Only statuses in one of these languages are taken (BCP 47, first part); none: all.
    pub languages: Vec<String>,
    /// Statuses asked for because of it within an hour.
    pub per_hour: u32,
    /// Nothing is taken from it or given to it since then, because an operator said so.
    pub paused_at: Option<Timestamp>,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it agreed.
    pub accepted_at: Option<Timestamp>,
    /// It is for one hashtag, the only one in `tags`.
    pub of_tag: Option<OfTag>,
}
record!(Relay, 2, { 1 => RelayV1 });

/// What there is to know of a relay for one hashtag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfTag {
    /// The relay of tags that it is one of; its hour is this one's, too.
    pub template: RowId,
    /// When somebody here began to follow the hashtag last.
    pub followed_at: Timestamp,
    /// When somebody ceased to, until it is looked at whether others still do.
    pub unfollowed_at: Option<Timestamp>,
    /// Statuses that came because of it on the day that began then.
    pub today: Taken,
}

/// Before there were relays of tags.
#[derive(Deserialize)]
struct RelayV1 {
    url: String,
    kind: RelayKind,
    state: RelayState,
    actor: Option<String>,
    account: Option<AccountId>,
    tags: Vec<String>,
    languages: Vec<String>,
    per_hour: u32,
    paused_at: Option<Timestamp>,
    added_at: Timestamp,
    accepted_at: Option<Timestamp>,
}

impl From<RelayV1> for Relay {
    fn from(old: RelayV1) -> Self {
        Relay {
            url: old.url,
            kind: old.kind,
            state: old.state,
            actor: old.actor,
            account: old.account,
            tags: old.tags,
            languages: old.languages,
            per_hour: old.per_hour,
            paused_at: old.paused_at,
            added_at: old.added_at,
            accepted_at: old.accepted_at,
            of_tag: None,
        }
    }
}

impl Relay {
    /// A relay that is going to be asked, without filters.
    #[must_use]
    pub fn new(url: String, kind: RelayKind, per_hour: u32, added_at: Timestamp) -> Self {
        Relay {
            url,
            kind,
            state: RelayState::Asked,
            actor: None,
            account: None,
            tags: Vec::new(),
            languages: Vec::new(),
            per_hour,
            paused_at: None,
            added_at,
            accepted_at: None,
            of_tag: None,
        }
    }

    /// Whether it agreed and is not paused.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == RelayState::Accepted && self.paused_at.is_none()
    }

    /// Statuses that came because of it on the day of `now`, if it is for one hashtag.
    #[must_use]
    pub fn came_today(&self, now: Timestamp) -> u32 {
        let today = self.of_tag.map(|of| of.today).filter(|today| today.since == Day::of(now).start());
        today.map_or(0, |today| today.count)
    }
}

/// What was taken because of a relay in the hour, or on the day, that began then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// When it began.
    pub since: Timestamp,
    /// Statuses asked for in an hour; or that came on a day.
    pub count: u32,
}
record!(Taken, 1);

/// Number → relay.
pub const RELAYS: Table<RowId, Relay> = Table::new(452, "relay");
/// Digest of a relay's actor → its number.
pub const RELAY_BY_ACTOR: Table<Digest, RowId> = Table::new(453, "relay_by_actor");
/// Number of a relay → what was taken because of it lately.
pub const RELAY_TAKEN: Table<RowId, Taken> = Table::new(454, "relay_taken");
/// Number → relay for one hashtag.
pub const TAG_RELAYS: Table<RowId, Relay> = Table::new(494, "tag_relay");
/// (hashtag, number): the relays for a hashtag.
pub const TAG_RELAYS_BY_TAG: Table<(String, RowId), ()> = Table::new(498, "tag_relay_by_tag");

/// All relays that were added, in this order; not those for one hashtag.
///
/// # Errors
/// Storage errors.
pub fn all(read: &dyn Read) -> Result<Vec<(RowId, Relay)>> {
    RELAYS.list(read, &(), Bounds::NONE, Direction::Ascending, limits::RELAYS_MAX)
}

/// The relays of tags that are not paused.
///
/// # Errors
/// Storage errors.
pub fn templates(read: &dyn Read) -> Result<Vec<(RowId, Relay)>> {
    let mut found = all(read)?;
    found.retain(|(_, relay)| relay.kind == RelayKind::Tags && relay.is_on());
    Ok(found)
}

/// All relays for one hashtag, in the order in which they were asked.
///
/// # Errors
/// Storage errors.
pub fn of_tags(read: &dyn Read) -> Result<Vec<(RowId, Relay)>> {
    TAG_RELAYS.list(read, &(), Bounds::NONE, Direction::Ascending, limits::TAG_RELAYS_MAX)
}

/// Those of one relay of tags.
///
/// # Errors
/// Storage errors.
pub fn of_template(read: &dyn Read, template: RowId) -> Result<Vec<(RowId, Relay)>> {
    let mut found = of_tags(read)?;
    found.retain(|(_, relay)| relay.of_tag.is_some_and(|of| of.template == template));
    Ok(found)
}

/// The relays for a hashtag, as it is compared: at most one of each relay of tags.
///
/// # Errors
/// Storage errors.
pub fn for_tag(read: &dyn Read, tag: &str) -> Result<Vec<(RowId, Relay)>> {
    let (most, mut found) = (limits::RELAYS_MAX, Vec::new());
    let named = TAG_RELAYS_BY_TAG.list(read, &tag.to_owned(), Bounds::NONE, Direction::Ascending, most)?;
    for ((_, id), ()) in named {
        found.extend(TAG_RELAYS.get(read, &id)?.map(|relay| (id, relay)));
    }
    Ok(found)
}

/// The relay with this number, also one for a hashtag.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: RowId) -> Result<Option<Relay>> {
    match RELAYS.get(read, &id)? {
        None => TAG_RELAYS.get(read, &id),
        found => Ok(found),
    }
}

/// The relay whose actor this is.
///
/// # Errors
/// Storage errors.
pub fn of_actor(read: &dyn Read, actor: &str) -> Result<Option<(RowId, Relay)>> {
    let Some(id) = RELAY_BY_ACTOR.get(read, &Digest::of(actor))? else { return Ok(None) };
    Ok(find(read, id)?.filter(|relay| relay.actor.as_deref() == Some(actor)).map(|relay| (id, relay)))
}

/// Stores a relay.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, id: RowId, relay: &Relay) -> Result<()> {
    let before = find(tx, id)?.and_then(|before| before.actor);
    if before != relay.actor {
        if let Some(before) = before {
            RELAY_BY_ACTOR.delete(tx, &Digest::of(&before));
        }
        if let Some(actor) = &relay.actor {
            RELAY_BY_ACTOR.put(tx, &Digest::of(actor), &id);
        }
    }
    match (&relay.of_tag, relay.tags.first()) {
        (Some(_), Some(tag)) => {
            TAG_RELAYS.put(tx, &id, relay);
            TAG_RELAYS_BY_TAG.put(tx, &(tag.clone(), id), &());
        }
        _ => RELAYS.put(tx, &id, relay),
    }
    Ok(())
}

/// Removes a relay.
pub fn remove(tx: &mut Tx<'_>, id: RowId, relay: &Relay) {
    match (&relay.of_tag, relay.tags.first()) {
        (Some(_), Some(tag)) => {
            TAG_RELAYS.delete(tx, &id);
            TAG_RELAYS_BY_TAG.delete(tx, &(tag.clone(), id));
        }
        _ => {
            RELAYS.delete(tx, &id);
            RELAY_TAKEN.delete(tx, &id);
        }
    }
    if let Some(actor) = &relay.actor {
        RELAY_BY_ACTOR.delete(tx, &Digest::of(actor));
    }
}

/// Somebody here began to follow a hashtag: whoever looks whether anybody does finds that something has changed.
///
/// # Errors
/// Storage errors.
pub fn followed(tx: &mut Tx<'_>, tag: &str) -> Result<()> {
    let followed_at = tx.now();
    for (id, relay) in for_tag(tx, tag)? {
        let of_tag = relay.of_tag.map(|of| OfTag { followed_at, ..of });
        TAG_RELAYS.put(tx, &id, &Relay { of_tag, ..relay });
    }
    Ok(())
}

/// Somebody here ceased to follow a hashtag, as it is compared. Whether others still do is looked at after a rest, once,
/// however often it is followed and unfollowed until then.
///
/// # Errors
/// Storage errors.
pub fn unfollowed(tx: &mut Tx<'_>, tag: &str) -> Result<()> {
    let now = tx.now();
    for (id, relay) in for_tag(tx, tag)? {
        let Some(of) = relay.of_tag else { continue };
        if of.unfollowed_at.is_none() {
            let rested = now.plus_ms(limits::TAG_RELAY_REST_MS);
            job::enqueue_at(tx, JobKind::LookAtTag { relay: id }, rested);
        }
        let of_tag = Some(OfTag { unfollowed_at: Some(now), ..of });
        TAG_RELAYS.put(tx, &id, &Relay { of_tag, ..relay });
    }
    Ok(())
}

/// Counts one more status that came because of a relay, if it is for one hashtag.
///
/// # Errors
/// Storage errors.
pub fn came(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    let now = tx.now();
    let Some(relay) = TAG_RELAYS.get(tx, &id)? else { return Ok(()) };
    let today = Taken { since: Day::of(now).start(), count: relay.came_today(now).saturating_add(1) };
    let of_tag = relay.of_tag.map(|of| OfTag { today, ..of });
    TAG_RELAYS.put(tx, &id, &Relay { of_tag, ..relay });
    Ok(())
}

/// Statuses asked for because of a relay within the hour that `now` lies in.
///
/// # Errors
/// Storage errors.
pub fn taken(read: &dyn Read, id: RowId, now: Timestamp) -> Result<Taken> {
    let known = RELAY_TAKEN.get(read, &id)?;
    Ok(known.filter(|taken| now.ms_since(taken.since) < HOUR_MS).unwrap_or(Taken { since: now, count: 0 }))
}

/// Counts one more status asked for because of a relay; answers whether its hour had room for it. All that are of one
/// relay of tags share its hour.
///
/// # Errors
/// Storage errors.
pub fn take(tx: &mut Tx<'_>, id: RowId, relay: &Relay) -> Result<bool> {
    let now = tx.now();
    let id = relay.of_tag.map_or(id, |of| of.template);
    let taken = taken(tx, id, now)?;
    if taken.count >= relay.per_hour {
        return Ok(false);
    }
    RELAY_TAKEN.put(tx, &id, &Taken { count: taken.count + 1, ..taken });
    Ok(true)
}

/// Whether a status with these hashtags (as they are compared) and this language passes a relay's filters.
#[must_use]
pub fn passes(relay: &Relay, tags: &[String], language: Option<&str>) -> bool {
    let spoken = language.map(|language| language.split('-').next().unwrap_or(language).to_ascii_lowercase());
    let tagged = relay.tags.is_empty() || tags.iter().any(|tag| relay.tags.contains(tag));
    let understood = relay.languages.is_empty() || spoken.is_some_and(|spoken| relay.languages.contains(&spoken));
    tagged && understood
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &RELAY_BY_ACTOR,
        of: &[&RELAYS, &TAG_RELAYS],
        wants: |id, relay| relay.actor.iter().map(|actor| (Digest::of(actor), *id)).collect(),
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &TAG_RELAYS_BY_TAG,
        of: &[&TAG_RELAYS],
        wants: |id, relay| relay.tags.iter().map(|tag| ((tag.clone(), *id), ())).collect(),
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &RELAY_TAKEN, to: |id, _| vec![Pointer::to(&RELAYS, id)], unless: always },
    &Reference {
        of: &TAG_RELAYS,
        to: |_, relay| relay.of_tag.iter().map(|of| Pointer::to(&RELAYS, &of.template)).collect(),
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn relay() -> Relay {
        Relay {
            url: "a".to_owned(),
            kind: RelayKind::Litepub,
            state: RelayState::Accepted,
            actor: Some("b".to_owned()),
            account: Some(AccountId(3)),
            tags: vec!["c".to_owned()],
            languages: vec!["de".to_owned()],
            per_hour: 5,
            paused_at: None,
            added_at: Timestamp(1),
            accepted_at: Some(Timestamp(2)),
            of_tag: None,
        }
    }

    #[test]
    fn stored_bytes_stay_readable() {
        let body = [1, b'a', 1, 1, 1, 1, b'b', 1, 3, 1, 1, b'c', 1, 2, b'd', b'e', 5, 0, 2, 1, 4];
        assert_eq!(relay().encode(), [&[2][..], &body, &[0]].concat());
        assert_eq!(Relay::decode(&relay().encode()).expect("readable"), relay());
        assert_eq!(Relay::decode(&[&[1][..], &body].concat()).expect("readable"), relay());
        let today = Taken { since: Timestamp(0), count: 3 };
        let (followed_at, unfollowed_at) = (Timestamp(1), Some(Timestamp(2)));
        let of = OfTag { template: RowId(7), followed_at, unfollowed_at, today };
        let one = Relay { of_tag: Some(of), ..relay() };
        assert_eq!(one.encode(), [&[2][..], &body, &[1, 7, 2, 1, 4, 0, 3]].concat());
        assert_eq!(Relay::decode(&one.encode()).expect("readable"), one);
        let taken = Taken { since: Timestamp(1), count: 3 };
        assert_eq!(taken.encode(), [1, 2, 3]);
        assert_eq!(Taken::decode(&[1, 2, 3]).expect("readable"), taken);
    }

    #[test]
    fn what_came_is_counted_by_the_day() {
        let day = 24 * HOUR_MS;
        let today = Taken { since: Timestamp(day), count: 3 };
        let of = OfTag { template: RowId(7), followed_at: Timestamp(1), unfollowed_at: None, today };
        let one = Relay { of_tag: Some(of), ..relay() };
        let came = |at: i64| one.came_today(Timestamp(at));
        assert_eq!([came(day - 1), came(day), came(2 * day - 1), came(2 * day)], [0, 3, 3, 0]);
        assert_eq!(relay().came_today(Timestamp(0)), 0);
    }

    #[test]
    fn filters_want_one_of_their_tags_and_one_of_their_languages() {
        let tag = |tag: &str| vec![tag.to_owned()];
        assert!(passes(&relay(), &tag("c"), Some("de-AT")) && passes(&relay(), &tag("c"), Some("DE")));
        assert!(!passes(&relay(), &tag("d"), Some("de")) && !passes(&relay(), &[], Some("de")));
        assert!(!passes(&relay(), &tag("c"), Some("en")) && !passes(&relay(), &tag("c"), None));
        let open = Relay { tags: Vec::new(), languages: Vec::new(), ..relay() };
        assert!(passes(&open, &[], None));
    }
}
