//! What of other servers may go again: the order in which statuses arrived, which of them somebody here touched, how
//! far rows of earlier versions have been brought into both, and how the room grew.

mod held;

use crate::{
    account::{ACCOUNTS, LOCAL_ACCOUNTS},
    check::describe::{Described, Pointer, Reference},
    error::{Error, Result},
    filter::FILTER_STATUSES,
    id::{AccountId, HOUR_MS, StatusId, Timestamp},
    job::{self, JobKind},
    key::Key,
    poll::BALLOTS,
    quote::{QUOTES, QUOTES_OF},
    reaction::{self, REACTIONS},
    record, scheduled,
    status::{self, REPLIES, STATUSES, Status},
    store::Tx,
    table::{Bounds, Direction, KeyRange, Read, Table, hex},
};
use held::{Marks, Parts};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Statuses above one that are held by an answer to it; as many as a thread shows.
const HELD_ABOVE_MAX: usize = 40;
/// Statuses that quote one, ballots cast in it, and statuses in somebody's filters, that are looked at for holders.
const HOLDERS_MAX: usize = 100;
/// Holders of a status looked at to see whether any took part below it.
const TAKERS_MAX: usize = 20;
/// Answers to statuses above one that is gone that are looked at, together, to see who else took part.
const ANSWERS_MAX: usize = 200;
/// Scheduled statuses of somebody that are looked at, to see what they are about: as many as may wait.
const SCHEDULED_MAX: usize = 300;

/// The queues a status of another server waits in, the first to go first. Numbers of rows: never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Nobody has looked yet, or nothing holds it.
    Ordinary = 0,
    /// Its author, somebody who shared it, or a hashtag of it is followed here.
    Followed = 1,
    /// It was to be kept when it was looked at last, or old and followed while there was room; the hour is the one of that
    /// look.
    Kept = 2,
}

/// Hours since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(pub u32);

impl Hour {
    /// The hour of a moment; before 1970 the first one.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        Hour(u32::try_from(time.0 / HOUR_MS).unwrap_or(0))
    }

    /// So many hours before this one.
    #[must_use]
    pub fn before(self, hours: u32) -> Self {
        Hour(self.0.saturating_sub(hours))
    }
}

/// Why somebody here holds a status. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Touch {
    /// Favourited, bookmarked, shared, reacted to, voted in, quoted or put into a filter: the status itself stays.
    Marked,
    /// Wrote in its thread below it: what answers it stays as well.
    TookPart,
}
record!(Touch, 1);

/// How far the rows of earlier versions have been brought into the two tables. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Settling {
    /// What people here marked and wrote: the account, which of its lists (0 favourites, 1 bookmarks, 2 statuses), and
    /// the last status looked at.
    Touches {
        /// Whose.
        account: AccountId,
        /// Which list.
        list: u8,
        /// The last one done.
        after: u64,
    },
    /// Statuses of other servers: the last one looked at.
    Arrivals {
        /// The last one done.
        after: StatusId,
    },
    /// What versions that knew of no votes and quotes brought in is in.
    Done,
    /// Votes in and quotes of statuses of other servers: the last one looked at.
    Shares {
        /// The last one done.
        after: StatusId,
    },
    /// All are in.
    Settled,
}
record!(Settling, 1);

/// Ages that are not believed for a while. In the time of the clock that is doubted, so that a restart ends nothing and a
/// clock that is set right ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgesRest {
    /// Until then nothing goes for its age.
    pub until: Timestamp,
    /// How far ahead the clock was found, milliseconds.
    pub ahead_ms: i64,
}
record!(AgesRest, 1);

/// (rank, hour of arrival or of the last look, status): the head of a rank goes first. A row may point to nothing.
pub const ARRIVALS: Table<(u8, u32, StatusId), ()> = Table::new(200, "arrival");
/// (status of another server, somebody here who holds it) → why.
pub const TOUCHED: Table<(StatusId, AccountId), Touch> = Table::new(201, "touched");
/// One row: how far `Settling` is.
pub(crate) const SETTLING: Table<u8, Settling> = Table::new(202, "retention_settling");
/// Hour since 1970 → bytes that counted against the budget then.
pub const ROOM_HOURS: Table<u32, u64> = Table::new(203, "room_hour");

/// One row: days after which what nothing holds goes, if an administrator set them.
pub(crate) const DAYS: Table<u8, u64> = Table::new(204, "retention_days");

/// One row: until when ages are not believed, if the clock was found far ahead.
pub(crate) const AGES_REST: Table<u8, AgesRest> = Table::new(506, "ages_rest");

const ONLY: u8 = 0;

/// A status of another server was stored.
pub(crate) fn arrive(tx: &mut Tx<'_>, id: StatusId) {
    let hour = Hour::of(tx.now());
    queue(tx, Rank::Ordinary, hour, id);
}

/// Puts a status into a queue.
pub fn queue(tx: &mut Tx<'_>, rank: Rank, hour: Hour, id: StatusId) {
    ARRIVALS.put(tx, &(rank as u8, hour.0, id), &());
}

/// Takes a status out of a queue.
pub fn unqueue(tx: &mut Tx<'_>, rank: Rank, hour: Hour, id: StatusId) {
    ARRIVALS.delete(tx, &(rank as u8, hour.0, id));
}

/// The first statuses of a rank whose hour lies before `before`, oldest first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn head(read: &dyn Read, rank: Rank, before: Hour, limit: usize) -> Result<Vec<(Hour, StatusId)>> {
    let rows = ARRIVALS.list(read, &(rank as u8), Bounds::NONE, Direction::Ascending, limit)?;
    let rows = rows.into_iter().map(|((_, hour, id), ())| (Hour(hour), id));
    Ok(rows.take_while(|(hour, _)| *hour < before).collect())
}

/// Somebody here holds a status of another server; the stronger reason stays.
///
/// # Errors
/// Storage errors.
pub fn touch(tx: &mut Tx<'_>, id: StatusId, who: AccountId, why: Touch) -> Result<()> {
    if TOUCHED.get(tx, &(id, who))?.is_none_or(|known| known < why) {
        TOUCHED.put(tx, &(id, who), &why);
    }
    Ok(())
}

/// `who` took a mark back: unless another one is left or they wrote in the thread, they hold it no more.
///
/// # Errors
/// Storage errors.
pub fn untouch(tx: &mut Tx<'_>, id: StatusId, who: AccountId) -> Result<()> {
    if !is_marked_by(tx, id, who)? && TOUCHED.get(tx, &(id, who))? == Some(Touch::Marked) {
        TOUCHED.delete(tx, &(id, who));
    }
    Ok(())
}

/// `who` took these out of a filter: unless another one has them or a mark is left they hold them no more. Where more statuses
/// are in their filters than are looked at, all stay held.
///
/// # Errors
/// Storage errors.
pub fn unfilter(tx: &mut Tx<'_>, ids: &[StatusId], who: AccountId) -> Result<()> {
    let Some(left) = filtered_by(tx, who)? else { return Ok(()) };
    for id in ids.iter().filter(|id| !left.contains(id)) {
        if TOUCHED.get(tx, &(*id, who))? == Some(Touch::Marked) && !has_mark_of(tx, *id, who)? {
            TOUCHED.delete(tx, &(*id, who));
        }
    }
    Ok(())
}

/// The statuses in the filters of `who`; `None`: more are than are looked at.
fn filtered_by(read: &dyn Read, who: AccountId) -> Result<Option<Vec<StatusId>>> {
    let rows = FILTER_STATUSES.list(read, &who, Bounds::NONE, Direction::Ascending, HOLDERS_MAX + 1)?;
    Ok((rows.len() <= HOLDERS_MAX).then(|| rows.into_iter().map(|(_, id)| id).collect()))
}

/// Whether a mark of `who` stands on `id`, their vote, their quote of it and their filters included.
fn is_marked_by(read: &dyn Read, id: StatusId, who: AccountId) -> Result<bool> {
    Ok(has_mark_of(read, id, who)? || filtered_by(read, who)?.is_none_or(|filtered| filtered.contains(&id)))
}

/// The same without their filters.
fn has_mark_of(read: &dyn Read, id: StatusId, who: AccountId) -> Result<bool> {
    let key = (who, id);
    Ok(status::FAVOURITES.contains(read, &key)?
        || status::BOOKMARKS.contains(read, &key)?
        || status::REBLOG_BY.contains(read, &key)?
        || BALLOTS.contains(read, &(id, who))?
        || is_quoted_by(read, id, who)?
        || (status::stats(read, id)?.reactions > 0 && !reaction::of(read, id, who)?.is_empty()))
}

/// Whether `who` quotes `id`. Of a status that is quoted more often than is looked at it counts as quoted.
fn is_quoted_by(read: &dyn Read, id: StatusId, who: AccountId) -> Result<bool> {
    let quoting = QUOTES_OF.list(read, &id, Bounds::NONE, Direction::Ascending, HOLDERS_MAX)?;
    let many = quoting.len() == HOLDERS_MAX;
    for ((_, quoting), ()) in quoting {
        if status::find(read, quoting)?.is_some_and(|row| row.account == who) {
            return Ok(true);
        }
    }
    Ok(many)
}

/// Those here who voted in the status `id` of another server, or quote it, hold it: of each kind the first 100 are looked at.
/// Answers how many they are.
///
/// # Errors
/// Storage errors.
pub fn hold_shares(tx: &mut Tx<'_>, id: StatusId) -> Result<usize> {
    let ballots = BALLOTS.list(tx, &id, Bounds::NONE, Direction::Ascending, HOLDERS_MAX)?;
    let mut holders: Vec<AccountId> = ballots.into_iter().map(|((_, voter), _)| voter).collect();
    for ((_, quoting), ()) in QUOTES_OF.list(tx, &id, Bounds::NONE, Direction::Ascending, HOLDERS_MAX)? {
        holders.extend(status::find(tx, quoting)?.filter(|row| row.local).map(|row| row.account));
    }
    let mut held = 0;
    for who in holders {
        if LOCAL_ACCOUNTS.contains(tx, &who)? {
            touch(tx, id, who, Touch::Marked)?;
            held += 1;
        }
    }
    Ok(held)
}

/// The first status behind `after` that somebody voted in or quotes, of this server or another.
///
/// # Errors
/// Storage errors.
pub fn next_shared(read: &dyn Read, after: StatusId) -> Result<Option<StatusId>> {
    let bounds = Bounds { above: Some(after.0), below: None };
    let voted = BALLOTS.list(read, &(), bounds, Direction::Ascending, 1)?;
    let quoted = QUOTES_OF.list(read, &(), bounds, Direction::Ascending, 1)?;
    let ids = voted.iter().map(|((id, _), _)| *id).chain(quoted.iter().map(|((id, _), ())| *id));
    Ok(ids.min())
}

/// `who`, who lives here, wrote an answer to `parent`: what stands above it is held, at most 40 statuses. Ends where
/// somebody's part is known already: above that it is, too.
///
/// # Errors
/// Storage errors.
pub fn take_part(tx: &mut Tx<'_>, parent: Option<StatusId>, who: AccountId) -> Result<()> {
    let mut next = parent;
    for _ in 0..HELD_ABOVE_MAX {
        let Some(id) = next else { break };
        let Some(row) = status::find(tx, id)? else { break };
        if !row.local {
            if TOUCHED.get(tx, &(id, who))? == Some(Touch::TookPart) {
                break;
            }
            touch(tx, id, who, Touch::TookPart)?;
        }
        next = row.reply.and_then(|reply| reply.status);
    }
    Ok(())
}

/// What `who`, who lives here, wrote or was going to write about `parent` is gone: a job looks what is held for them no more.
///
/// # Errors
/// Storage errors.
pub fn leave(tx: &mut Tx<'_>, parent: Option<StatusId>, who: AccountId) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    // Their own words hold what is above themselves, until they are gone, too.
    if status::find(tx, parent)?.is_some_and(|row| row.account != who) {
        job::enqueue(tx, JobKind::LeaveThread { account: who, parent });
    }
    Ok(())
}

/// `who`, who lives here, takes no part any more below `parent` and what stands above it, at most 40 statuses: up to where
/// something else of theirs stands below. Of who else does below what they let go one is known from then on. Where more
/// answers stand than are looked at, all from there on stays held.
///
/// # Errors
/// Storage errors.
pub fn drop_part(tx: &mut Tx<'_>, parent: StatusId, who: AccountId) -> Result<()> {
    let Some(waiting) = waiting(tx, who)? else { return Ok(()) };
    let (mut next, mut left) = (Some(parent), ANSWERS_MAX);
    for _ in 0..HELD_ABOVE_MAX {
        let Some(id) = next else { break };
        let Some(row) = status::find(tx, id)? else { break };
        let ends = if row.local {
            row.account == who
        } else {
            waiting.contains(&id) || !drop_part_in(tx, id, who, &mut left)?
        };
        if ends {
            break;
        }
        next = row.reply.and_then(|reply| reply.status);
    }
    Ok(())
}

/// The same for one status of another server; whether nothing of theirs stands below. Who takes part below an answer to it
/// takes part below it: only its own answers are looked at, at most `left`.
fn drop_part_in(tx: &mut Tx<'_>, id: StatusId, who: AccountId, left: &mut usize) -> Result<bool> {
    if TOUCHED.get(tx, &(id, who))? != Some(Touch::TookPart) {
        return Ok(true);
    }
    let answers = REPLIES.list(tx, &id, Bounds::NONE, Direction::Ascending, *left + 1)?;
    if answers.len() > *left {
        return Ok(false);
    }
    *left -= answers.len();
    let mut other = None;
    for ((_, answer), ()) in answers {
        let Some(row) = status::find(tx, answer)? else { continue };
        let by_them =
            if row.local { row.account == who } else { TOUCHED.get(tx, &(answer, who))? == Some(Touch::TookPart) };
        if by_them {
            return Ok(false);
        }
        if other.is_none() {
            other = if row.local { Some(row.account) } else { taker_of(tx, answer)? };
        }
    }
    if is_marked_by(tx, id, who)? {
        TOUCHED.put(tx, &(id, who), &Touch::Marked);
    } else {
        TOUCHED.delete(tx, &(id, who));
    }
    // Of what turned up above a thread only one is known who took part.
    if let Some(other) = other
        && taker_of(tx, id)?.is_none()
    {
        touch(tx, id, other, Touch::TookPart)?;
    }
    Ok(true)
}

/// What the scheduled statuses of `who` answer or quote; `None`: more wait than are looked at.
fn waiting(read: &dyn Read, who: AccountId) -> Result<Option<Vec<StatusId>>> {
    let rows = scheduled::of_account(read, who, Bounds::NONE, Direction::Ascending, SCHEDULED_MAX + 1)?;
    if rows.len() > SCHEDULED_MAX {
        return Ok(None);
    }
    let mut about = Vec::new();
    for (id, _) in rows {
        let Some(row) = scheduled::find(read, id)? else { continue };
        about.extend(row.in_reply_to.into_iter().chain(row.quoted));
    }
    Ok(Some(about))
}

/// A row of what is held: the status, and who holds it.
pub type Holding = (StatusId, AccountId);

/// What `who` holds among the last `looks` rows before `before`, the last first, at most `most`; and before which row to go
/// on, if there may be more.
///
/// # Errors
/// Storage errors.
pub fn held_by(
    read: &dyn Read,
    who: AccountId,
    before: Option<Holding>,
    (looks, most): (usize, usize),
) -> Result<(Vec<StatusId>, Option<Holding>)> {
    let range = KeyRange { from: Vec::new(), until: before.map(|row| row.to_bytes()) };
    let (mut held, mut seen, mut last) = (Vec::new(), 0, None);
    read.scan_bytes(TOUCHED.id, &range, Direction::Descending, &mut |key, _| {
        let unreadable = || Error::corrupt(TOUCHED.name, hex(key), "unreadable key");
        let (id, holder) = Holding::from_bytes(key).ok_or_else(unreadable)?;
        if holder == who {
            held.push(id);
        }
        (seen, last) = (seen + 1, Some((id, holder)));
        Ok(if seen < looks && held.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    let more = seen >= looks || held.len() >= most;
    Ok((held, last.filter(|_| more)))
}

/// `who` is gone, with all they wrote and marked: they hold `id` no more, nor what stands above it, as `drop_part` says.
///
/// # Errors
/// Storage errors.
pub fn release(tx: &mut Tx<'_>, id: StatusId, who: AccountId) -> Result<()> {
    drop_part(tx, id, who)?;
    if TOUCHED.get(tx, &(id, who))? == Some(Touch::Marked) {
        TOUCHED.delete(tx, &(id, who));
    }
    Ok(())
}

/// `parent` turned up above `child`, which was there before: what somebody wrote below holds what is above. One of them
/// says so; more would say it again.
pub(crate) fn join(tx: &mut Tx<'_>, parent: &Status, child: &Status) -> Result<()> {
    let taker = if child.local { Some(child.account) } else { taker_of(tx, child.id)? };
    let Some(who) = taker else { return Ok(()) };
    if taker_of(tx, parent.id)?.is_some() {
        return Ok(());
    }
    touch(tx, parent.id, who, Touch::TookPart)?;
    take_part(tx, parent.reply.as_ref().and_then(|reply| reply.status), who)
}

/// `child` stands below `parent` no more: a job looks what those who took part below it hold no more, among the first
/// 20 who hold it. What further ones hold stays held.
pub(crate) fn part(tx: &mut Tx<'_>, parent: StatusId, child: StatusId) -> Result<()> {
    for ((_, who), why) in TOUCHED.list(tx, &child, Bounds::NONE, Direction::Ascending, TAKERS_MAX)? {
        if why == Touch::TookPart {
            leave(tx, Some(parent), who)?;
        }
    }
    Ok(())
}

/// Somebody who took part below `id`, among the first 20 who hold it.
///
/// # Errors
/// Storage errors.
pub fn taker_of(read: &dyn Read, id: StatusId) -> Result<Option<AccountId>> {
    let holders = TOUCHED.list(read, &id, Bounds::NONE, Direction::Ascending, TAKERS_MAX)?;
    Ok(holders.into_iter().find(|(_, why)| *why == Touch::TookPart).map(|((_, who), _)| who))
}

/// Forgets who held a status that is removed, at most 100 people; if there are more, whoever removes what points to it
/// goes on.
pub(crate) fn forget(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    for (key, _) in TOUCHED.list(tx, &id, Bounds::NONE, Direction::Ascending, 100)? {
        TOUCHED.delete(tx, &key);
    }
    Ok(())
}

/// How far rows of earlier versions are.
///
/// # Errors
/// Storage errors.
pub fn settling(read: &dyn Read) -> Result<Settling> {
    let begin = Settling::Touches { account: AccountId(0), list: 0, after: 0 };
    Ok(SETTLING.get(read, &ONLY)?.unwrap_or(begin))
}

/// Notes how far they are.
pub fn put_settling(tx: &mut Tx<'_>, settling: Settling) {
    SETTLING.put(tx, &ONLY, &settling);
}

/// Until when ages were last not believed.
///
/// # Errors
/// Storage errors.
pub fn ages_rest(read: &dyn Read) -> Result<Option<AgesRest>> {
    AGES_REST.get(read, &ONLY)
}

/// Notes it.
pub fn put_ages_rest(tx: &mut Tx<'_>, rest: AgesRest) {
    AGES_REST.put(tx, &ONLY, &rest);
}

/// Days after which what nothing holds goes; `None`: nobody set them.
///
/// # Errors
/// Storage errors.
pub fn days(read: &dyn Read) -> Result<Option<u32>> {
    Ok(DAYS.get(read, &ONLY)?.map(|days| u32::try_from(days).unwrap_or(u32::MAX)))
}

/// Sets them.
pub fn put_days(tx: &mut Tx<'_>, days: u32) {
    DAYS.put(tx, &ONLY, &days.into());
}

/// Notes the bytes of this hour and forgets those from `keep_from` back, at most 200 at a time.
///
/// # Errors
/// Storage errors.
pub fn note_room(tx: &mut Tx<'_>, bytes: u64, keep_hours: u32) -> Result<()> {
    let now = Hour::of(tx.now());
    for (hour, _) in ROOM_HOURS.list(tx, &(), Bounds::NONE, Direction::Ascending, 200)? {
        if hour >= now.before(keep_hours).0 {
            break;
        }
        ROOM_HOURS.delete(tx, &hour);
    }
    ROOM_HOURS.put(tx, &now.0, &bytes);
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference {
        of: &TOUCHED,
        to: |(status, who), _| vec![Pointer::to(&STATUSES, status), Pointer::to(&ACCOUNTS, who)],
        unless: status::is_purged,
    },
    &Marks { of: &status::FAVOURITES, held: |_, (who, status), _| Ok(Some((*status, *who))) },
    &Marks { of: &status::BOOKMARKS, held: |_, (who, status), _| Ok(Some((*status, *who))) },
    &Marks { of: &status::REBLOG_BY, held: |_, (who, original), _| Ok(Some((*original, *who))) },
    &Marks { of: &REACTIONS, held: |_, (status, _, who), _| Ok(Some((*status, *who))) },
    &Marks { of: &FILTER_STATUSES, held: |_, (who, _, _), status| Ok(Some((*status, *who))) },
    &Marks { of: &BALLOTS, held: |_, (status, voter), _| Ok(Some((*status, *voter))) },
    &Marks {
        of: &QUOTES,
        held: |read, quoting, quote| {
            let Some(quoted) = quote.quoted else { return Ok(None) };
            Ok(status::find(read, *quoting)?.filter(|row| row.local).map(|row| (quoted, row.account)))
        },
    },
    &Parts,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn the_bytes_of_records_stay() {
        assert_eq!(Touch::Marked.encode(), [1, 0]);
        assert_eq!(Touch::TookPart.encode(), [1, 1]);
        let part = Settling::Touches { account: AccountId(300), list: 2, after: 5 };
        assert_eq!(part.encode(), [1, 0, 172, 2, 2, 5]);
        assert_eq!(Settling::Arrivals { after: StatusId(7) }.encode(), [1, 1, 7]);
        assert_eq!(Settling::Done.encode(), [1, 2]);
        assert_eq!(Settling::Shares { after: StatusId(7) }.encode(), [1, 3, 7]);
        assert_eq!(Settling::Settled.encode(), [1, 4]);
        for row in [part, Settling::Done, Settling::Settled] {
            assert_eq!(Settling::decode(&row.encode()).expect("its own bytes"), row);
        }
        assert!(Touch::decode(&[1, 2]).is_err(), "a reason of a later version is no guess");
    }

    #[test]
    fn hours_are_counted_from_1970() {
        assert_eq!(Hour::of(Timestamp(HOUR_MS - 1)), Hour(0));
        assert_eq!(Hour::of(Timestamp(HOUR_MS)), Hour(1));
        assert_eq!(Hour::of(Timestamp(-5)), Hour(0));
        assert_eq!(Hour(3).before(5), Hour(0));
    }
}
