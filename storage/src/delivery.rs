//! What is owed to other servers: an activity stored once, the inboxes it goes to, and how far it has come (DESIGN §3
//! "Jobs, inbound and deliveries are rows").
//!
//! Progress is a bitmap over the activity's inboxes, flushed for all activities together. Only what a failing peer is
//! owed becomes rows of its own; the schedule stands on the peer.

mod memory;

pub(crate) use memory::finish;
pub use memory::{Memory, forget_activity, tidy};

use crate::{
    audience::{Audience, EXPANSIONS},
    check::describe::{Claim, Counter, Counts, Described, Index, Named, Owner, Pointer, Reference, always},
    error::Result,
    id::{AccountId, ActivityId, Timestamp},
    key::Digest,
    limits,
    octets::Octets,
    peer::{self, INBOXES, Inbox, InboxId, PEERS, Peer},
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    undelivered::{self, Reason, Undelivered},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::ControlFlow};

/// Bytes of an activity that is delivered; a value holds 64 KiB.
pub const BYTES_MAX: usize = 60 * 1024;
/// Rows owed to one peer; beyond it the oldest is dropped that neither takes something back nor is addressed to people.
pub const OWED_MAX: u32 = 1_000;
/// Rows owed to one peer where all that is old takes something back: what does so, too, and what is addressed to people goes
/// beyond `OWED_MAX`. Here the oldest is dropped whatever it is, since nobody else ever ends what a dead peer is owed.
pub const OWED_MOST: u32 = 2 * OWED_MAX;
/// Rows looked through for one that may be dropped.
const DROP_SCAN: usize = 50;
/// Rows of one step of forgetting.
const FORGET_STEP: usize = 300;

/// Whose key signs. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sender {
    /// A local account.
    Account(AccountId),
    /// The instance actor.
    Instance,
    /// A local account, with the key it had before its last change of keys: it tells of that.
    Retired(AccountId),
    /// The instance actor, with the key that was retired at this time: it tells of that.
    RetiredInstance(Timestamp),
}

/// What a peer gets first. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// Direct and mentioning statuses, with their edits and Deletes; follows and their answers.
    Direct,
    /// Statuses for everybody who follows.
    Public,
    /// Reblogs.
    Reblog,
    /// Changed profiles.
    Profile,
}

/// An activity as `federation` built it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Its id.
    pub uri: String,
    /// Digest of what it is about: peers get activities about one object in order. An Undo names the object of what
    /// it undoes.
    pub object: Digest,
    /// The document, at most `BYTES_MAX`.
    pub bytes: Vec<u8>,
    /// Whose key signs.
    pub sender: Sender,
    /// What goes first.
    pub priority: Priority,
    /// Who gets it.
    pub audience: Audience,
}

/// An activity being delivered, or remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its id, the same at each repetition.
    pub uri: String,
    /// Digest of what it is about.
    pub object: Digest,
    /// Whose key signs.
    pub sender: Sender,
    /// What goes first.
    pub priority: Priority,
    /// What is remembered of it.
    pub memory: Memory,
    /// It reaches everybody whom earlier activities about its object reached: their memory may go.
    pub supersedes: bool,
    /// When it was built.
    pub created_at: Timestamp,
}
record!(Activity, 1);

/// Inboxes of an activity, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxList(pub Vec<InboxId>);
record!(InboxList, 1);

/// A delivery that a failing peer is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Its activity takes something back: dropped to make room only beyond `OWED_MOST`, for another that does.
    pub ends: bool,
    /// How often this delivery itself was refused or timed out.
    pub attempts: u32,
    /// Not before this time.
    pub not_before: Timestamp,
}
record!(Owed, 1);

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Delivery {
    /// The peer.
    pub domain: String,
    /// The activity.
    pub activity: ActivityId,
    /// The inbox.
    pub inbox: InboxId,
}

impl Delivery {
    fn key(&self) -> (String, ActivityId, InboxId) {
        (self.domain.clone(), self.activity, self.inbox)
    }

    /// That it ended without being taken.
    pub(crate) fn undelivered(&self, at: Timestamp, reason: Reason) -> (ActivityId, Undelivered) {
        (self.activity, Undelivered { inbox: self.inbox, at, reason })
    }
}

/// A delivery that is owed, with what decides when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// The activity.
    pub activity: ActivityId,
    /// The inbox.
    pub inbox: InboxId,
    /// The row.
    pub owed: Owed,
    /// What goes first.
    pub priority: Priority,
    /// What the activity is about.
    pub object: Digest,
}

/// Activities being delivered or remembered.
pub const ACTIVITIES: Table<ActivityId, Activity> = Table::new(135, "activity");
/// The documents, until everybody has them.
pub const ACTIVITY_BYTES: Table<ActivityId, Octets> = Table::new(136, "activity_bytes");
/// (activity, position of the first) → inboxes.
pub const ACTIVITY_INBOXES: Table<(ActivityId, u32), InboxList> = Table::new(137, "activity_inboxes");
/// (digest of the object, activity), for activities that are remembered.
pub const ACTIVITIES_OF_OBJECT: Table<(Digest, ActivityId), ()> = Table::new(138, "activity_of_object");
/// Activities not yet handled for each inbox → bitmap over the positions: delivered, given up or owed by a row.
pub const PROGRESS: Table<ActivityId, Octets> = Table::new(139, "activity_progress");
/// (peer, activity, inbox) → delivery owed to a failing peer.
pub const OWED: Table<(String, ActivityId, InboxId), Owed> = Table::new(140, "delivery_owed");
/// Activity → rows of `OWED` that need its bytes.
pub const OWED_COUNT: Table<ActivityId, u64> = Table::new(141, "delivery_owed_count");

/// Part of an activity's deliveries, as the planner takes them into memory.
#[derive(Debug, Clone)]
pub struct Part {
    /// The activity.
    pub activity: Activity,
    /// Its document.
    pub bytes: Vec<u8>,
    /// Positions not handled yet, with their inboxes.
    pub items: Vec<(u32, InboxId, Inbox)>,
    /// The position behind the last one read.
    pub next: u32,
    /// The bitmap as stored.
    pub done: Vec<u8>,
    /// Nothing lies behind `next` now.
    pub at_end: bool,
    /// Nothing will lie behind `next` any more.
    pub complete: bool,
}

/// Reads deliveries of `id` from position `from` on, one list of inboxes at a time; none if the activity is finished.
///
/// # Errors
/// Storage errors; `Corrupt` if the activity lacks a part.
pub fn part(read: &dyn Read, id: ActivityId, from: u32) -> Result<Option<Part>> {
    let Some(done) = PROGRESS.get(read, &id)? else { return Ok(None) };
    let Some((activity, bytes)) = document(read, id)? else { return Ok(None) };
    let mut lists = Vec::new();
    let range = crate::table::KeyRange {
        from: crate::Key::to_bytes(&(id, from)),
        until: crate::table::KeyRange::prefix(&crate::Key::to_bytes(&id)).until,
    };
    read.scan_bytes(ACTIVITY_INBOXES.id, &range, Direction::Ascending, &mut |key, value| {
        let key = <(ActivityId, u32) as crate::Key>::from_bytes(key)
            .ok_or_else(|| crate::Error::corrupt(ACTIVITY_INBOXES.name, crate::table::hex(key), "unreadable key"))?;
        lists.push((key.1, <InboxList as record::Record>::decode(value)?));
        Ok(if lists.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    let mut part = Part {
        activity,
        bytes,
        items: Vec::new(),
        next: from,
        done: done.0,
        at_end: lists.len() < 2,
        complete: lists.len() < 2 && !EXPANSIONS.contains(read, &id)?,
    };
    if let Some((first, InboxList(list))) = lists.into_iter().next() {
        let mut left = Vec::with_capacity(list.len());
        for (position, inbox) in (first..).zip(list) {
            part.next = position + 1;
            if !bit(&part.done, position) {
                left.push((position, inbox));
            }
        }
        let ids: Vec<InboxId> = left.iter().map(|(_, inbox)| *inbox).collect();
        for ((position, inbox), row) in left.into_iter().zip(peer::inboxes(read, &ids)?) {
            let Some(row) = row else {
                return Err(crate::Error::corrupt(INBOXES.name, inbox.0.to_string(), "an activity names it"));
            };
            part.items.push((position, inbox, row));
        }
    }
    Ok(Some(part))
}

/// An activity and its bytes; none if it is finished.
///
/// # Errors
/// Storage errors.
pub fn document(read: &dyn Read, id: ActivityId) -> Result<Option<(Activity, Vec<u8>)>> {
    let Some(activity) = ACTIVITIES.get(read, &id)? else { return Ok(None) };
    Ok(ACTIVITY_BYTES.get(read, &id)?.map(|bytes| (activity, bytes.0)))
}

/// Activities not yet handled for everybody, behind `after`, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn unfinished(read: &dyn Read, after: Option<ActivityId>, limit: usize) -> Result<Vec<ActivityId>> {
    let bounds = Bounds { above: after.map(|id| id.0), below: None };
    Ok(PROGRESS.list(read, &(), bounds, Direction::Ascending, limit)?.into_iter().map(|(id, _)| id).collect())
}

/// What `domain` is owed, in order, behind `after`; at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn owed(
    read: &dyn Read,
    domain: &str,
    after: Option<(ActivityId, InboxId)>,
    limit: usize,
) -> Result<Vec<(ActivityId, InboxId, Owed)>> {
    let prefix = crate::Key::to_bytes(&domain.to_owned());
    let mut range = crate::table::KeyRange::prefix(&prefix);
    if let Some((activity, inbox)) = after {
        range.from = crate::Key::to_bytes(&(domain.to_owned(), activity, inbox));
        range.from.push(0);
    }
    let mut found = Vec::new();
    read.scan_bytes(OWED.id, &range, Direction::Ascending, &mut |key, value| {
        let (_, activity, inbox) = <(String, ActivityId, InboxId) as crate::Key>::from_bytes(key)
            .ok_or_else(|| crate::Error::corrupt(OWED.name, crate::table::hex(key), "unreadable key"))?;
        found.push((activity, inbox, <Owed as record::Record>::decode(value)?));
        Ok(if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(found)
}

/// The same with the priority and the object of each, which its activity knows.
///
/// # Errors
/// Storage errors; `Corrupt` for a row without its activity.
pub fn pending(
    read: &dyn Read,
    domain: &str,
    after: Option<(ActivityId, InboxId)>,
    limit: usize,
) -> Result<Vec<Pending>> {
    let mut found: Vec<Pending> = Vec::new();
    for (activity, inbox, row) in owed(read, domain, after, limit)? {
        // Inboxes of one activity lie side by side.
        let known = found.last().filter(|last| last.activity == activity).map(|last| (last.priority, last.object));
        let (priority, object) = match known {
            Some(known) => known,
            None => match ACTIVITIES.get(read, &activity)? {
                Some(activity) => (activity.priority, activity.object),
                None => return Err(crate::Error::corrupt(OWED.name, activity.to_string(), "it has no activity")),
            },
        };
        found.push(Pending { activity, inbox, owed: row, priority, object });
    }
    Ok(found)
}

/// Stores how far an activity has come; if every position is handled and nothing more will come, it leaves the list
/// of unfinished ones, and its bytes go unless a peer is still owed them.
///
/// # Errors
/// Storage errors.
pub fn note_progress(tx: &mut Tx<'_>, id: ActivityId, done: &[u8], all: bool) -> Result<()> {
    if !PROGRESS.contains(tx, &id)? {
        return Ok(());
    }
    if !all || EXPANSIONS.contains(tx, &id)? {
        PROGRESS.put(tx, &id, &Octets(done.to_vec()));
        return Ok(());
    }
    PROGRESS.delete(tx, &id);
    if OWED_COUNT.contains(tx, &id)? {
        return Ok(());
    }
    finish(tx, id)
}

/// Makes rows of deliveries that failing peers are owed. Safe to repeat. Answers how many of them it took, the first ones:
/// where many make room for others the rest is for another transaction.
///
/// A peer that is unreachable is owed nothing new but what takes something back, and one delivery to probe it with;
/// a peer owed `OWED_MAX` loses the oldest that may be lost, one owed `OWED_MOST` the oldest. What was lost while it was on
/// its way, and failed, is owed again.
///
/// # Errors
/// Storage errors.
pub fn spill(tx: &mut Tx<'_>, deliveries: &[(Delivery, Owed)]) -> Result<usize> {
    let mut peers: BTreeMap<&str, Peer> = BTreeMap::new();
    let mut counts: BTreeMap<ActivityId, u64> = BTreeMap::new();
    let (now, mut lost, mut displaced, mut taken) = (tx.now(), Vec::new(), 0_usize, 0);
    for (delivery, owed) in deliveries {
        if displaced >= limits::DISPLACED_STEP {
            break;
        }
        taken += 1;
        let key = delivery.key();
        if OWED.contains(tx, &key)? {
            OWED.put(tx, &key, owed);
            continue;
        }
        if !peers.contains_key(delivery.domain.as_str()) {
            let peer = peer::find(tx, &delivery.domain)?.unwrap_or_else(|| Peer::new(now));
            peers.insert(&delivery.domain, peer);
        }
        let Some(peer) = peers.get_mut(delivery.domain.as_str()) else { continue };
        // Dropped by an operator while it was on its way.
        if !ACTIVITY_BYTES.contains(tx, &delivery.activity)? {
            continue;
        }
        if peer.unreachable && peer.owed > 0 && !owed.ends {
            lost.push(delivery.undelivered(now, Reason::Unreachable));
            continue;
        }
        if peer.owed >= OWED_MAX {
            displaced += 1;
            match room(tx, delivery, owed, peer.owed)? {
                Room::Of(old) => {
                    OWED.delete(tx, &old.key());
                    release(tx, old.activity, &mut counts)?;
                    peer.owed -= 1;
                    lost.push(old.undelivered(now, Reason::Displaced));
                }
                Room::Beyond => {}
                Room::None => {
                    lost.push(delivery.undelivered(now, Reason::Displaced));
                    continue;
                }
            }
        }
        OWED.put(tx, &key, owed);
        peer.owed += 1;
        *count_of(tx, delivery.activity, &mut counts)? += 1;
        // It made room for others while it was on its way.
        lost.retain(|(activity, one)| (*activity, one.inbox) != (delivery.activity, delivery.inbox));
        displaced += usize::from(undelivered::owe_again(tx, delivery.activity, delivery.inbox)?);
    }
    for (domain, peer) in peers {
        PEERS.put(tx, &domain.to_owned(), &peer);
    }
    undelivered::note(tx, &lost)?;
    store_counts(tx, counts)?;
    Ok(taken)
}

/// Removes rows of deliveries that succeeded or were given up. One that was dropped while it was on its way has no row any
/// more, but it is noted as lost: that it was dropped is taken back, while why a peer did not take it stays (`undelivered`).
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>, deliveries: &[Delivery]) -> Result<()> {
    let mut counts: BTreeMap<ActivityId, u64> = BTreeMap::new();
    let mut settled: BTreeMap<&str, u32> = BTreeMap::new();
    for delivery in deliveries {
        let key = delivery.key();
        if !OWED.contains(tx, &key)? {
            undelivered::end(tx, delivery.activity, delivery.inbox)?;
            continue;
        }
        OWED.delete(tx, &key);
        release(tx, delivery.activity, &mut counts)?;
        *settled.entry(&delivery.domain).or_default() += 1;
    }
    for (domain, number) in settled {
        let Some(mut peer) = peer::find(tx, domain)? else { continue };
        peer.owed = peer.owed.saturating_sub(number);
        PEERS.put(tx, &domain.to_owned(), &peer);
    }
    store_counts(tx, counts)
}

/// Stores what the planner knows of a peer's schedule; what others write (contact, what is owed) stays as stored.
///
/// # Errors
/// Storage errors.
pub fn note_peer(tx: &mut Tx<'_>, domain: &str, known: &Peer) -> Result<()> {
    let mut row = known.clone();
    if let Some(stored) = peer::find(tx, domain)? {
        row.first_seen = stored.first_seen;
        row.last_inbound = stored.last_inbound.max(known.last_inbound);
        row.owed = stored.owed;
    }
    PEERS.put(tx, &domain.to_owned(), &row);
    Ok(())
}

pub(crate) fn is_finished(read: &dyn Read, id: ActivityId) -> Result<bool> {
    Ok(!PROGRESS.contains(read, &id)? && !OWED_COUNT.contains(read, &id)? && !EXPANSIONS.contains(read, &id)?)
}

/// Where a delivery finds its place with a peer that is owed all it may be.
enum Room {
    /// Where this one was, which goes.
    Of(Delivery),
    /// Beyond the bound.
    Beyond,
    /// Nowhere.
    None,
}

/// Where one more delivery finds its place with a peer that is owed `count` already, `OWED_MAX` or more.
///
/// What takes something back goes for another that does only as the oldest of all: whatever it takes back is older, so that
/// nothing of it is owed any more, and nothing arrives of which the end was dropped.
fn room(read: &dyn Read, delivery: &Delivery, row: &Owed, count: u32) -> Result<Room> {
    let of = ACTIVITIES.get(read, &delivery.activity)?;
    let is_direct = of.is_some_and(|activity| activity.priority == Priority::Direct);
    let oldest = owed(read, &delivery.domain, None, DROP_SCAN)?;
    let found = match oldest_to_drop(read, &delivery.domain, &oldest)? {
        Some((old, priority)) if is_direct || priority > Priority::Direct || row.ends => Room::Of(old),
        None if (row.ends || is_direct) && count < OWED_MOST => Room::Beyond,
        None if row.ends => oldest.first().map_or(Room::Beyond, |(activity, inbox, _)| {
            Room::Of(Delivery { domain: delivery.domain.clone(), activity: *activity, inbox: *inbox })
        }),
        Some(_) | None => Room::None,
    };
    Ok(found)
}

/// The delivery that makes room: of the `oldest` that take nothing back the first, one addressed to people only where there
/// is no other; and its priority.
fn oldest_to_drop(
    read: &dyn Read,
    domain: &str,
    oldest: &[(ActivityId, InboxId, Owed)],
) -> Result<Option<(Delivery, Priority)>> {
    let mut first = None;
    for &(activity, inbox, _) in oldest.iter().filter(|(_, _, row)| !row.ends) {
        let old = Delivery { domain: domain.to_owned(), activity, inbox };
        let priority = ACTIVITIES.get(read, &activity)?.map_or(Priority::Profile, |activity| activity.priority);
        if priority > Priority::Direct {
            return Ok(Some((old, priority)));
        }
        first.get_or_insert((old, priority));
    }
    Ok(first)
}

fn count_of<'a>(tx: &Tx<'_>, id: ActivityId, counts: &'a mut BTreeMap<ActivityId, u64>) -> Result<&'a mut u64> {
    use std::collections::btree_map::Entry;
    Ok(match counts.entry(id) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => place.insert(OWED_COUNT.get(tx, &id)?.unwrap_or(0)),
    })
}

fn release(tx: &Tx<'_>, id: ActivityId, counts: &mut BTreeMap<ActivityId, u64>) -> Result<()> {
    let count = count_of(tx, id, counts)?;
    *count = count.saturating_sub(1);
    Ok(())
}

fn store_counts(tx: &mut Tx<'_>, counts: BTreeMap<ActivityId, u64>) -> Result<()> {
    for (id, count) in counts {
        if count > 0 {
            OWED_COUNT.put(tx, &id, &count);
            continue;
        }
        OWED_COUNT.delete(tx, &id);
        if !PROGRESS.contains(tx, &id)? {
            finish(tx, id)?;
        }
    }
    Ok(())
}

/// Whether `position` is set in a bitmap.
#[must_use]
pub fn bit(bitmap: &[u8], position: u32) -> bool {
    bitmap.get(position as usize / 8).is_some_and(|byte| byte & (1 << (position % 8)) != 0)
}

/// Sets `position` in a bitmap, which grows as needed.
pub fn set_bit(bitmap: &mut Vec<u8>, position: u32) {
    let index = position as usize / 8;
    if bitmap.len() <= index {
        bitmap.resize(index + 1, 0);
    }
    bitmap[index] |= 1 << (position % 8);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &ACTIVITIES_OF_OBJECT,
        of: &[&ACTIVITIES],
        wants: |id, activity| {
            if activity.memory == Memory::Nothing { Vec::new() } else { vec![((activity.object, *id), ())] }
        },
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &ACTIVITY_BYTES, to: |id, _| vec![Pointer::to(&ACTIVITIES, id)], unless: always },
    &Reference {
        of: &ACTIVITY_INBOXES,
        to: |(id, _), list| {
            let inboxes = list.0.iter().map(|inbox| Pointer::to(&INBOXES, inbox));
            inboxes.chain([Pointer::to(&ACTIVITIES, id)]).collect()
        },
        unless: always,
    },
    &Reference { of: &PROGRESS, to: |id, _| whole(*id), unless: always },
    &Reference {
        of: &OWED,
        to: |(domain, id, inbox), _| {
            let place = [Pointer::to(&PEERS, domain), Pointer::to(&INBOXES, inbox)];
            place.into_iter().chain(whole(*id)).collect()
        },
        unless: always,
    },
    &Counter {
        name: "rows of delivery_owed",
        table: &OWED_COUNT,
        owners: &[
            Owner::each(&OWED_COUNT),
            Owner {
                table: Named::of(&OWED),
                key: |key| <(String, ActivityId, InboxId) as crate::Key>::from_bytes(key).map(|(_, id, _)| id),
            },
        ],
        counts: Counts::Found(owed_of),
        get: |count| count.copied().unwrap_or(0),
        set: |_, count| (count > 0).then_some(count),
    },
];

fn whole(id: ActivityId) -> Vec<Pointer> {
    vec![Pointer::to(&ACTIVITIES, &id), Pointer::to(&ACTIVITY_BYTES, &id)]
}

/// Rows of `OWED` for an activity, found by its inboxes; none if it has more than one view should look at.
fn owed_of(read: &dyn Read, id: &ActivityId) -> Result<Option<u64>> {
    let lists = ACTIVITY_INBOXES.list(read, id, Bounds::NONE, Direction::Ascending, FORGET_STEP)?;
    let inboxes: Vec<InboxId> = lists.into_iter().flat_map(|(_, list)| list.0).collect();
    if inboxes.len() > limits::CHECK_READS {
        return Ok(None);
    }
    let mut owed = 0;
    for inbox in inboxes {
        if let Some(row) = INBOXES.get(read, &inbox)?
            && OWED.contains(read, &(row.domain, *id, inbox))?
        {
            owed += 1;
        }
    }
    Ok(Some(owed))
}
