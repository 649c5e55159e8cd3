//! Relays: servers that pass on public statuses of many others, on request. Which ones, and how much of each is taken.

use crate::{
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, Timestamp},
    key::Digest,
    limits, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// How a relay is spoken with. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayKind {
    /// As Mastodon does: known by its inbox; a Follow of everybody; it gets our activities as they are.
    Mastodon,
    /// As Pleroma does: known by its actor; both follow each other; it gets Announces.
    Litepub,
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
}
record!(Relay, 1);

impl Relay {
    /// Whether it agreed and is not paused.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == RelayState::Accepted && self.paused_at.is_none()
    }
}

/// What was taken because of a relay in the hour that began then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// When the hour began.
    pub since: Timestamp,
    /// Statuses asked for.
    pub count: u32,
}
record!(Taken, 1);

/// Number → relay.
pub const RELAYS: Table<RowId, Relay> = Table::new(452, "relay");
/// Digest of a relay's actor → its number.
pub const RELAY_BY_ACTOR: Table<Digest, RowId> = Table::new(453, "relay_by_actor");
/// Number of a relay → what was taken because of it lately.
pub const RELAY_TAKEN: Table<RowId, Taken> = Table::new(454, "relay_taken");

/// All relays, in the order in which they were added.
///
/// # Errors
/// Storage errors.
pub fn all(read: &dyn Read) -> Result<Vec<(RowId, Relay)>> {
    RELAYS.list(read, &(), Bounds::NONE, Direction::Ascending, limits::RELAYS_MAX)
}

/// The relay with this number.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: RowId) -> Result<Option<Relay>> {
    RELAYS.get(read, &id)
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
    RELAYS.put(tx, &id, relay);
    Ok(())
}

/// Removes a relay.
pub fn remove(tx: &mut Tx<'_>, id: RowId, relay: &Relay) {
    RELAYS.delete(tx, &id);
    RELAY_TAKEN.delete(tx, &id);
    if let Some(actor) = &relay.actor {
        RELAY_BY_ACTOR.delete(tx, &Digest::of(actor));
    }
}

/// Statuses asked for because of a relay within the hour that `now` lies in.
///
/// # Errors
/// Storage errors.
pub fn taken(read: &dyn Read, id: RowId, now: Timestamp) -> Result<Taken> {
    let known = RELAY_TAKEN.get(read, &id)?;
    Ok(known.filter(|taken| now.ms_since(taken.since) < HOUR_MS).unwrap_or(Taken { since: now, count: 0 }))
}

/// Counts one more status asked for because of a relay; answers whether its hour had room for it.
///
/// # Errors
/// Storage errors.
pub fn take(tx: &mut Tx<'_>, id: RowId, relay: &Relay) -> Result<bool> {
    let now = tx.now();
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
        of: &[&RELAYS],
        wants: |id, relay| relay.actor.iter().map(|actor| (Digest::of(actor), *id)).collect(),
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &RELAY_TAKEN, to: |id, _| vec![Pointer::to(&RELAYS, id)], unless: always },
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
        }
    }

    #[test]
    fn stored_bytes_stay_readable() {
        let bytes = [1, 1, b'a', 1, 1, 1, 1, b'b', 1, 3, 1, 1, b'c', 1, 2, b'd', b'e', 5, 0, 2, 1, 4];
        assert_eq!(relay().encode(), bytes);
        assert_eq!(Relay::decode(&bytes).expect("readable"), relay());
        let taken = Taken { since: Timestamp(1), count: 3 };
        assert_eq!(taken.encode(), [1, 2, 3]);
        assert_eq!(Taken::decode(&[1, 2, 3]).expect("readable"), taken);
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
