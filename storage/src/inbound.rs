//! Activities received and not yet processed: durable before the sender hears 202, one in flight per actor, and the
//! memory of what has been received already (DESIGN §3 "Jobs, inbound and deliveries are rows").

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    event::Event,
    id::{DAY_MS, Lsn, Timestamp},
    key::Digest,
    limits,
    octets::Octets,
    record, relationship,
    store::Tx,
    table::{Bounds, Direction, Read, Table, hex},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::ControlFlow};

/// Bytes of a body kept in one row; a value holds 64 KiB.
pub const CHUNK_BYTES: usize = 60 * 1024;
/// Bytes of a received body (FEDERATION §4: 413 above it).
pub const BODY_MAX_BYTES: usize = 1024 * 1024;
/// Days in which a second copy of an activity is recognised; peers retry for up to three days, relays for seven.
pub const SEEN_DAYS: u32 = 8;
/// Tries until an activity goes to the dead letters.
pub const ATTEMPTS_MAX: u32 = 12;
/// Dead letters kept at most: each has a place by its LSN, where it displaces an older one.
const DEAD_MAX: u32 = 1_000;
/// Rows removed by one step of `prune`.
const PRUNE_STEP: usize = 200;
/// Characters kept of an error.
const ERROR_MAX_CHARS: usize = 200;

/// Where an inbound activity lies: its line (see `line`), and the transaction that stored it.
pub type Place = (Digest, Lsn);

/// An activity received from a peer, waiting to be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// The uri of the actor it claims to be by.
    pub actor: String,
    /// The uri of the actor whose key signed the request, or whose proof the activity bears. If it is not `actor`,
    /// nothing in the body is believed before its origin confirmed it.
    pub signer: String,
    /// The name of the account whose own inbox it came to; empty for the shared inbox.
    pub inbox: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Bytes of the whole body.
    pub length: u32,
    /// The first part of the body.
    pub head: Octets,
    /// Not before this time.
    pub due: Timestamp,
    /// How often it has stepped aside.
    pub attempts: u32,
    /// Why it stepped aside last.
    pub last_error: String,
}
record!(Inbound, 1);

/// An activity that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadInbound {
    /// As it was; its body is only the head.
    pub inbound: Inbound,
    /// When it was given up.
    pub died_at: Timestamp,
}
record!(DeadInbound, 1);

/// Activities that one server brought and that were dropped for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The server: the authority of who signed for them.
    pub domain: String,
    /// Their type; empty where it was not read.
    pub kind: String,
    /// Why.
    pub why: String,
    /// How many there were. A crash may have some counted twice.
    pub count: u64,
    /// The uri of the actor of the last one.
    pub actor: String,
    /// When that one was dropped.
    pub at: Timestamp,
}
record!(Dropped, 1);

impl Dropped {
    /// One activity of this kind.
    #[must_use]
    pub fn one(domain: &str, kind: &str, why: &str, actor: &str, at: Timestamp) -> Self {
        Dropped {
            domain: domain.to_owned(),
            kind: kind.chars().filter(char::is_ascii_graphic).take(limits::DROPPED_KIND_CHARS).collect(),
            why: why.chars().take(ERROR_MAX_CHARS).collect(),
            count: 1,
            actor: actor.chars().take(limits::DROPPED_ACTOR_CHARS).collect(),
            at,
        }
    }

    /// Where it stands: one place for each server, type and reason, which another one may have taken.
    fn slot(&self) -> u32 {
        let Digest(name) = Digest::of(&format!("{}\n{}\n{}", self.domain, self.kind, self.why));
        u32::from_be_bytes([name[0], name[1], name[2], name[3]]) % limits::DROPPED_MAX
    }

    /// Counts what was there before, if it was of the same kind; the last one is told.
    fn behind(self, before: &Dropped) -> Self {
        if (&before.domain, &before.kind, &before.why) == (&self.domain, &self.kind, &self.why) {
            return Dropped { count: self.count.saturating_add(before.count), ..self };
        }
        self
    }
}

/// (line, LSN) → activity.
pub const INBOUND: Table<Place, Inbound> = Table::new(120, "inbound");
/// (LSN, number from 1) → a further part of the body.
pub const INBOUND_CHUNKS: Table<(Lsn, u32), Octets> = Table::new(121, "inbound_chunk");
/// (day since 1970, digest of what tells the activity from others): received on that day.
pub const INBOUND_SEEN: Table<(u32, Digest), ()> = Table::new(122, "inbound_seen");
/// LSN modulo `DEAD_MAX` → activity that could not be processed.
pub const INBOUND_DEAD: Table<u32, DeadInbound> = Table::new(123, "inbound_dead");
/// Digest of server, type and reason modulo `limits::DROPPED_MAX` → activities that were dropped so.
pub const INBOUND_DROPPED: Table<u32, Dropped> = Table::new(504, "inbound_dropped");

/// An activity that may be stored: its request's signature (or its own proof) has been verified.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The activity's actor.
    pub actor: &'a str,
    /// Who vouches for it: see `Inbound::signer`.
    pub signer: &'a str,
    /// See `Inbound::inbox`.
    pub inbox: &'a str,
    /// The activity's id; a digest of the body where it has none.
    pub activity: &'a str,
    /// The whole body, at most `BODY_MAX_BYTES`.
    pub body: &'a [u8],
}

/// What a `Word` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Wants to follow.
    Follow,
    /// Blocks.
    Block,
    /// Says yes.
    Accept,
    /// Says no.
    Reject,
    /// Takes one of these back.
    Undo,
    /// Likes, reacts or shares.
    Mark,
    /// Takes that back.
    Unmark,
}

impl Deed {
    /// What its actor said before about the same thing, and what it ends.
    fn ended(self) -> &'static [Deed] {
        match self {
            Deed::Follow | Deed::Block => &[Deed::Undo],
            Deed::Accept => &[Deed::Reject, Deed::Undo],
            Deed::Reject => &[Deed::Accept, Deed::Undo],
            Deed::Undo => &[Deed::Follow, Deed::Block, Deed::Accept, Deed::Reject],
            Deed::Mark => &[],
            Deed::Unmark => &[Deed::Mark],
        }
    }

    /// Whether whoever does it again says so in other words: marks under one id bear their time (snac). The same words are
    /// another try, however late.
    fn has_words_of_its_own(self) -> bool {
        matches!(self, Deed::Mark | Deed::Unmark)
    }

    fn name(self) -> &'static str {
        match self {
            Deed::Follow => "Follow",
            Deed::Block => "Block",
            Deed::Accept => "Accept",
            Deed::Reject => "Reject",
            Deed::Undo => "Undo",
            Deed::Mark => "Mark",
            Deed::Unmark => "Unmark",
        }
    }
}

/// An activity whose id may honestly come again for something else: Misskey and PeerTube have one id for each pair that
/// follows, and one for each Undo of that; Mastodon answers Follows that it keeps no row of with one and the same id; snac
/// has one for all that somebody does with one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// What it does.
    pub deed: Deed,
    /// The id of the Follow, Block or mark that it is or speaks of.
    pub about: &'a str,
    /// What tells the request that brought it, signed by the activity's own actor, from others of theirs.
    pub request: &'a [u8],
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Stored, to be processed.
    Stored,
    /// Received before, within `SEEN_DAYS`.
    Duplicate,
}

/// Stores an arrival unless it was received before.
///
/// What somebody else forwards is remembered apart, under the forwarder's name: otherwise a forged copy would make
/// the true one look like a repetition.
///
/// # Errors
/// Storage errors; `TooLarge` for a body above `BODY_MAX_BYTES`.
pub fn accept(tx: &mut Tx<'_>, arrival: &Arrival<'_>) -> Result<Accepted> {
    check_size(arrival)?;
    let (now, name) = (tx.now(), dedupe_key(arrival));
    if was_seen(tx, name, now)? {
        return Ok(Accepted::Duplicate);
    }
    INBOUND_SEEN.put(tx, &(day(now), name), &());
    put(tx, arrival);
    Ok(Accepted::Stored)
}

/// The same of what came to somebody's own inbox and may be for them alone: others get it in theirs under the same name
/// (blind copies of Friendica). It was received before only if it came to this inbox.
///
/// # Errors
/// As `accept`.
pub fn accept_for_owner(tx: &mut Tx<'_>, arrival: &Arrival<'_>) -> Result<Accepted> {
    check_size(arrival)?;
    let (now, name) = (tx.now(), dedupe_key(arrival));
    let own = Digest::of(&format!("{}\ninbox\n{}", hex(&name.0), arrival.inbox));
    if was_seen(tx, own, now)? {
        return Ok(Accepted::Duplicate);
    }
    for key in [name, own] {
        INBOUND_SEEN.put(tx, &(day(now), key), &());
    }
    put(tx, arrival);
    Ok(Accepted::Stored)
}

/// Stores an arrival whose id may come again (`Word`), unless it was received before: the very same request, whoever sends
/// it once more; or, signed anew, what its actor said last about the same thing, as long as that holds (a Follow no longer
/// if it does not stand here any more); of a mark and its end whatever was said in the same words. Whoever brings it later
/// by its proof alone brings nothing new.
///
/// # Errors
/// As `accept`.
pub fn accept_word(tx: &mut Tx<'_>, arrival: &Arrival<'_>, word: &Word<'_>) -> Result<Accepted> {
    check_size(arrival)?;
    let now = tx.now();
    let (actor, about) = (arrival.actor, word.about);
    let request = Digest::of(&format!("{actor}\nrequest\n{}", hex(word.request)));
    let body = hex(&Digest::of_bytes(arrival.body).0);
    let said = Digest::of(&format!("{actor}\nsaid\n{}\n{about}\n{body}", word.deed.name()));
    let last = |deed: Deed| last_key(actor, deed, about);
    if word.deed.has_words_of_its_own() {
        if was_seen(tx, said, now)? {
            return Ok(Accepted::Duplicate);
        }
    } else if was_seen(tx, request, now)? {
        return Ok(Accepted::Duplicate);
    } else if was_seen(tx, said, now)? && was_seen(tx, last(word.deed), now)? {
        let holds = word.deed != Deed::Follow || relationship::find_by_uri(tx, about)?.is_some();
        if holds {
            return Ok(Accepted::Duplicate);
        }
    }
    for other in word.deed.ended() {
        forget(tx, last(*other), now)?;
    }
    for name in [dedupe_key(arrival), request, said, last(word.deed)] {
        INBOUND_SEEN.put(tx, &(day(now), name), &());
    }
    put(tx, arrival);
    Ok(Accepted::Stored)
}

fn check_size(arrival: &Arrival<'_>) -> Result<()> {
    if arrival.body.len() > BODY_MAX_BYTES {
        return Err(crate::Error::TooLarge { what: "inbound body", size: arrival.body.len(), limit: BODY_MAX_BYTES });
    }
    Ok(())
}

/// Stores an arrival in its line.
fn put(tx: &mut Tx<'_>, arrival: &Arrival<'_>) {
    let (now, lsn) = (tx.now(), tx.lsn());
    let mut chunks = arrival.body.chunks(CHUNK_BYTES);
    let row = Inbound {
        actor: arrival.actor.to_owned(),
        signer: arrival.signer.to_owned(),
        inbox: arrival.inbox.to_owned(),
        received_at: now,
        length: u32::try_from(arrival.body.len()).unwrap_or(u32::MAX),
        head: Octets(chunks.next().unwrap_or_default().to_vec()),
        due: now,
        attempts: 0,
        last_error: String::new(),
    };
    for (number, chunk) in (1..).zip(chunks) {
        INBOUND_CHUNKS.put(tx, &(lsn, number), &Octets(chunk.to_vec()));
    }
    let actor = line(arrival.actor, arrival.signer);
    INBOUND.put(tx, &(actor, lsn), &row);
    tx.emit(Event::InboundQueued { actor });
}

/// In which line an activity waits: one for each actor, and one for each actor and whoever else brings what is said to
/// come from them. What is only said to be theirs holds up nothing that they send themselves.
#[must_use]
pub fn line(actor: &str, signer: &str) -> Digest {
    if signer == actor { Digest::of(actor) } else { Digest::of(&format!("{signer}\n{actor}")) }
}

/// Whether an activity of `actor` was stored as its own word before, within `SEEN_DAYS` of `now`.
///
/// # Errors
/// Storage errors.
pub fn was_received(read: &dyn Read, actor: &str, activity: &str, now: Timestamp) -> Result<bool> {
    was_seen(read, dedupe_key(&Arrival { actor, signer: actor, inbox: "", activity, body: &[] }), now)
}

/// Whether the last that `actor` itself said of its Like, reaction or reblog with the id `about` is that, and not its end;
/// within `SEEN_DAYS` of `now`.
///
/// # Errors
/// Storage errors.
pub fn marks_still(read: &dyn Read, actor: &str, about: &str, now: Timestamp) -> Result<bool> {
    was_seen(read, last_key(actor, Deed::Mark, about), now)
}

/// Forgets that the last that `actor` said of its mark with the id `about` is that: it was overtaken by its end.
///
/// # Errors
/// Storage errors.
pub fn forget_mark(tx: &mut Tx<'_>, actor: &str, about: &str) -> Result<()> {
    let now = tx.now();
    forget(tx, last_key(actor, Deed::Mark, about), now)
}

fn last_key(actor: &str, deed: Deed, about: &str) -> Digest {
    Digest::of(&format!("{actor}\nlast\n{}\n{about}", deed.name()))
}

fn was_seen(read: &dyn Read, name: Digest, now: Timestamp) -> Result<bool> {
    let today = day(now);
    for back in 0..SEEN_DAYS {
        if INBOUND_SEEN.contains(read, &(today.saturating_sub(back), name))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn forget(tx: &mut Tx<'_>, name: Digest, now: Timestamp) -> Result<()> {
    let today = day(now);
    for key in (0..SEEN_DAYS).map(|back| (today.saturating_sub(back), name)) {
        if INBOUND_SEEN.contains(tx, &key)? {
            INBOUND_SEEN.delete(tx, &key);
        }
    }
    Ok(())
}

/// The activity at `place` with its whole body; none if it has been processed.
///
/// # Errors
/// Storage errors; `Corrupt` if a part of the body is missing.
pub fn find(read: &dyn Read, place: Place) -> Result<Option<(Inbound, Vec<u8>)>> {
    let Some(mut row) = INBOUND.get(read, &place)? else { return Ok(None) };
    let mut body = std::mem::take(&mut row.head.0);
    if body.len() < row.length as usize {
        INBOUND_CHUNKS.scan(read, &place.1, Bounds::NONE, Direction::Ascending, |_, chunk| {
            body.extend_from_slice(&chunk);
            Ok(ControlFlow::Continue(()))
        })?;
    }
    if body.len() != row.length as usize {
        let why = format!("body has {} bytes of {}", body.len(), row.length);
        return Err(crate::Error::corrupt(INBOUND.name, place.1.to_string(), why));
    }
    Ok(Some((row, body)))
}

/// Waiting activities behind `after`, in key order, with the time each is due; at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn waiting(read: &dyn Read, after: Option<Place>, limit: usize) -> Result<Vec<(Place, Timestamp)>> {
    let from = after.map_or_else(Vec::new, |place| {
        let mut key = crate::Key::to_bytes(&place);
        key.push(0);
        key
    });
    let range = crate::table::KeyRange { from, until: None };
    let mut found = Vec::new();
    read.scan_bytes(INBOUND.id, &range, Direction::Ascending, &mut |key, value| {
        let row = <Inbound as record::Record>::decode(value)?;
        let place = <Place as crate::Key>::from_bytes(key)
            .ok_or_else(|| crate::Error::corrupt(INBOUND.name, hex(key), "unreadable key"))?;
        found.push((place, row.due));
        Ok(if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(found)
}

/// Removes processed activities.
///
/// # Errors
/// Storage errors.
pub fn finish(tx: &mut Tx<'_>, places: &[Place]) -> Result<()> {
    for place in places {
        let Some(row) = INBOUND.get(tx, place)? else { continue };
        remove(tx, *place, &row)?;
    }
    Ok(())
}

/// Puts an activity off until `due`; after `ATTEMPTS_MAX` tries it goes to the dead letters, so that it holds up
/// nobody for ever. Answers whether it will be tried again.
///
/// # Errors
/// Storage errors.
pub fn postpone(tx: &mut Tx<'_>, place: Place, due: Timestamp, why: &str) -> Result<bool> {
    let Some(mut row) = INBOUND.get(tx, &place)? else { return Ok(false) };
    row.attempts += 1;
    row.due = due;
    row.last_error = why.chars().take(ERROR_MAX_CHARS).collect();
    if row.attempts < ATTEMPTS_MAX {
        INBOUND.put(tx, &place, &row);
        return Ok(true);
    }
    remove(tx, place, &row)?;
    let died_at = tx.now();
    let slot = u32::try_from(place.1.0 % u64::from(DEAD_MAX)).unwrap_or(0);
    INBOUND_DEAD.put(tx, &slot, &DeadInbound { inbound: row, died_at });
    Ok(false)
}

/// Notes what was dropped: a row for each server, type and reason, one operation for each of those.
///
/// # Errors
/// Storage errors.
pub fn note_dropped(tx: &mut Tx<'_>, dropped: &[Dropped]) -> Result<()> {
    let mut rows: BTreeMap<u32, Dropped> = BTreeMap::new();
    for one in dropped {
        let slot = one.slot();
        let before = match rows.remove(&slot) {
            Some(before) => Some(before),
            None => INBOUND_DROPPED.get(tx, &slot)?,
        };
        rows.insert(slot, before.map_or_else(|| one.clone(), |before| one.clone().behind(&before)));
    }
    for (slot, row) in rows {
        INBOUND_DROPPED.put(tx, &slot, &row);
    }
    Ok(())
}

/// What was dropped of what `domain` brought, the latest first, as far as it is kept.
///
/// # Errors
/// Storage errors.
pub fn dropped_of(read: &dyn Read, domain: &str) -> Result<Vec<Dropped>> {
    let mut found = Vec::new();
    INBOUND_DROPPED.scan(read, &(), Bounds::NONE, Direction::Ascending, |_, row| {
        found.extend(Some(row).filter(|row| row.domain == domain));
        Ok(ControlFlow::Continue(()))
    })?;
    found.sort_by_key(|row| std::cmp::Reverse(row.at));
    Ok(found)
}

/// The activities that were given up and whose actor lives on `domain`: how many are kept, and the last `most` of them, the
/// latest first.
///
/// # Errors
/// Storage errors.
pub fn dead_of(read: &dyn Read, domain: &str, most: usize) -> Result<(usize, Vec<DeadInbound>)> {
    let (mut count, mut last) = (0, Vec::new());
    INBOUND_DEAD.scan(read, &(), Bounds::NONE, Direction::Ascending, |_, row| {
        if crate::peer::authority_of(&row.inbound.actor).as_deref() == Some(domain) {
            count += 1;
            last.push(row);
            last.sort_by_key(|row: &DeadInbound| std::cmp::Reverse(row.died_at));
            last.truncate(most);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((count, last))
}

/// Removes one step of the days of received ids behind `SEEN_DAYS`. Answers whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn prune(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let keep_from = day(now).saturating_sub(SEEN_DAYS - 1);
    let mut old = Vec::new();
    INBOUND_SEEN.scan(tx, &(), Bounds::NONE, Direction::Ascending, |key, ()| {
        let expired = key.0 < keep_from;
        if expired {
            old.push(key);
        }
        Ok(if expired && old.len() < PRUNE_STEP { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    for key in &old {
        INBOUND_SEEN.delete(tx, key);
    }
    Ok(old.len() == PRUNE_STEP)
}

/// How many activities wait, and how many lie dead, counting at most `limit` of each.
///
/// # Errors
/// Storage errors.
pub fn depth(read: &dyn Read, limit: usize) -> Result<(usize, usize)> {
    let waiting = waiting(read, None, limit)?.len();
    let dead = INBOUND_DEAD.list(read, &(), Bounds::NONE, Direction::Ascending, limit)?.len();
    Ok((waiting, dead))
}

fn remove(tx: &mut Tx<'_>, place: Place, row: &Inbound) -> Result<()> {
    INBOUND.delete(tx, &place);
    if row.length as usize > row.head.len() {
        let most = BODY_MAX_BYTES / CHUNK_BYTES + 1;
        for (key, _) in INBOUND_CHUNKS.list(tx, &place.1, Bounds::NONE, Direction::Ascending, most)? {
            INBOUND_CHUNKS.delete(tx, &key);
        }
    }
    Ok(())
}

fn dedupe_key(arrival: &Arrival<'_>) -> Digest {
    let name = if arrival.signer == arrival.actor {
        format!("{}\n{}", arrival.actor, arrival.activity)
    } else {
        format!("{}\n{}\n{}", arrival.signer, arrival.actor, arrival.activity)
    };
    Digest::of(&name)
}

fn day(now: Timestamp) -> u32 {
    u32::try_from(now.0 / DAY_MS).unwrap_or(0)
}

/// What must hold (`check`). A chunk names no actor, so nothing leads from it to its activity.
pub(crate) static CHECKED: &[&dyn Described] = &[&Reference {
    of: &INBOUND,
    to: |(_, lsn), row| {
        let chunks = (row.length as usize).div_ceil(CHUNK_BYTES).min(BODY_MAX_BYTES / CHUNK_BYTES + 1);
        (1..u32::try_from(chunks).unwrap_or(0)).map(|number| Pointer::to(&INBOUND_CHUNKS, &(*lsn, number))).collect()
    },
    unless: always,
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let dropped = Dropped::one("a", "b", "c", "d", Timestamp(1));
        assert_eq!(dropped.encode(), [1, 1, b'a', 1, b'b', 1, b'c', 1, 1, b'd', 2]);
        assert_eq!(Dropped::decode(&dropped.encode()).expect("readable"), dropped);
    }

    #[test]
    fn what_is_told_of_one_that_was_dropped_has_a_bound() {
        let long = "x".repeat(1_000);
        let one = Dropped::one("a.test", &long, &long, &long, Timestamp(0));
        let chars = [one.kind.len(), one.why.len(), one.actor.len()];
        assert_eq!(chars, [limits::DROPPED_KIND_CHARS, ERROR_MAX_CHARS, limits::DROPPED_ACTOR_CHARS]);
        assert!(one.slot() < limits::DROPPED_MAX);
    }
}
