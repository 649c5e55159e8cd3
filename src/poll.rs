//! Polls: making, voting, counting the votes of peers, and ending (client API, polls).
//!
//! May use: visibility, notification, the lowest rooms, `storage`. Must never name: status, HTTP, ActivityPub, edges.
//! Invariants: nobody is counted twice; nobody votes in a poll they may not see, in their own, or after its end.

use crate::{
    account::require_acting,
    error::{Error, Result},
    limits,
    text::plain::display_name,
    visibility,
};
use std::{borrow::Cow, collections::BTreeSet};
use storage::{
    AccountId, Bounds, Direction, Event, Read, RowId, StatusId, Timestamp, Tx, account,
    intent::Intent,
    job::{self, JobKind},
    notification::{self, NotificationKind},
    poll::{self, BALLOTS, Ballot},
    retention::{self, Touch},
    status::{self, Poll, PollOption, STATUSES, Status},
};

/// A poll to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPoll {
    /// What can be chosen.
    pub options: Vec<String>,
    /// Several may be chosen.
    pub multiple: bool,
    /// Counts are shown only once it has ended.
    pub hide_totals: bool,
    /// How long it lasts, milliseconds.
    pub lasts_ms: i64,
}

impl NewPoll {
    /// The poll as a status made at `now` holds it.
    ///
    /// # Errors
    /// `Invalid` beyond the bounds, for blank and for repeated options.
    ///
    /// Source: client API, statuses#create (`poll`).
    pub fn make(&self, now: Timestamp) -> Result<Poll> {
        let refuse = |why: String| Err(Error::invalid("poll", why));
        let options: Vec<String> = self.options.iter().map(|title| title.trim().replace('\0', "")).collect();
        let most = limits::OWN_POLL_OPTIONS_MAX;
        if !(2..=most).contains(&options.len()) {
            return refuse(format!("poll has {} options; at least 2, at most {most}", options.len()));
        }
        for title in &options {
            let (chars, most) = (title.chars().count(), limits::OWN_POLL_OPTION_CHARS_MAX);
            if chars == 0 || chars > most {
                return refuse(format!("a poll option has {chars} characters; at least 1, at most {most}"));
            }
        }
        if options.iter().collect::<BTreeSet<_>>().len() < options.len() {
            return refuse("poll options must be different from each other".to_owned());
        }
        let (shortest, longest) = limits::POLL_LASTS_S;
        let seconds = self.lasts_ms / 1_000;
        if seconds < i64::from(shortest) || seconds > i64::from(longest) {
            return refuse(format!("poll lasts {seconds} seconds; at least {shortest}, at most {longest}"));
        }
        Ok(Poll {
            options: options.into_iter().map(|title| PollOption { title, votes: 0 }).collect(),
            multiple: self.multiple,
            expires_at: Some(now.plus_ms(self.lasts_ms)),
            closed_at: None,
            voters: Some(0),
        })
    }
}

/// Whether two states of a poll ask the same: if not, votes cast before count no more.
#[must_use]
pub fn asks_the_same(before: &Poll, after: &Poll) -> bool {
    let titles = |poll: &Poll| poll.options.iter().map(|option| option.title.clone()).collect::<Vec<_>>();
    before.multiple == after.multiple && titles(before) == titles(after)
}

/// Whether two states of a poll from elsewhere have the same options. Versions before this one stored their names as they
/// are shown; such a name is the same as the one that its author wrote.
#[must_use]
pub fn offers_the_same(before: &Poll, after: &Poll) -> bool {
    let same = |(before, after): (&PollOption, &PollOption)| {
        before.title == after.title || before.title == harmless_title(after)
    };
    before.options.len() == after.options.len() && before.options.iter().zip(&after.options).all(same)
}

/// The name of an option of `status` as it is shown and looked through. From elsewhere it is stored as its author wrote it,
/// since a vote must name it so.
#[must_use]
pub fn shown_title<'a>(status: &Status, option: &'a PollOption) -> Cow<'a, str> {
    if status.local { Cow::Borrowed(&option.title) } else { Cow::Owned(harmless_title(option)) }
}

/// The name of an option from elsewhere as it is shown: it cannot deceive (SECURITY C7).
#[must_use]
pub fn harmless_title(option: &PollOption) -> String {
    display_name(&option.title, limits::POLL_OPTION_MAX_CHARS)
}

/// Begins the poll of a new status written here: from now it can be voted in, and it will end.
///
/// # Errors
/// Storage errors.
pub fn begin(tx: &mut Tx<'_>, status: StatusId, made: &Poll, hide_totals: bool) -> Result<()> {
    poll::change(tx, status, |state| state.hide_totals = hide_totals)?;
    end_later(tx, status, made)
}

/// Forgets the votes cast in what `status` asked before: its options changed, or it was taken away and comes back. Its
/// author hears of the end of this one, too.
///
/// # Errors
/// Storage errors.
pub fn reset(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    notification::withdraw(tx, status.account, NotificationKind::Poll, status.account, Some(status.id))?;
    Ok(poll::change(tx, status.id, |state| state.generation += 1)?)
}

/// Raises the counts that the poll's server sent to what was voted here: it may have counted before these votes reached
/// it, and whoever just voted would see the vote gone.
///
/// # Errors
/// Storage errors.
pub fn count_what_was_cast_here(read: &dyn Read, status: StatusId, asks: &mut Poll) -> Result<()> {
    let counted = poll::tally(read, status, asks.options.len(), limits::POLL_CAST_HERE_READ)?;
    let Some(here) = counted else { return Ok(()) };
    for (option, votes) in asks.options.iter_mut().zip(here.votes) {
        option.votes = option.votes.max(votes);
    }
    asks.voters = asks.voters.map(|voters| voters.max(here.voters));
    Ok(())
}

/// When a poll ends or ended. Of a remote one that is closed it is only known that it was when it was read, so an earlier
/// end that its author named counts.
#[must_use]
pub fn ends_at(poll: &Poll) -> Option<Timestamp> {
    poll.closed_at.into_iter().chain(poll.expires_at).min()
}

/// `voter` votes in the poll of `id`.
///
/// # Errors
/// `NotFound` for a status that is unknown, hidden or without a poll; `Invalid` for a poll that is over, one's own or
/// voted in already, and for choices that are none.
///
/// Source: client API, polls#vote.
pub fn vote(tx: &mut Tx<'_>, voter: AccountId, id: StatusId, choices: &[u32]) -> Result<()> {
    let (mut status, asked) = require(tx, Some(voter), id)?;
    require_acting(tx, voter)?;
    let refuse = |why: &str| Err(Error::invalid("choices", why));
    let chosen: BTreeSet<u32> = choices.iter().copied().collect();
    if is_over(&asked, tx.now()) {
        return refuse("the poll has already ended");
    }
    if status.account == voter {
        return refuse("you cannot vote in your own polls");
    }
    if poll::ballot(tx, id, voter)?.is_some() || (chosen.len() > 1 && !asked.multiple) {
        return refuse("you have already voted on this poll");
    }
    if chosen.is_empty() || chosen.iter().any(|choice| asked.options.get(*choice as usize).is_none()) {
        return refuse("the chosen vote option does not exist");
    }
    let choices: Vec<u32> = chosen.into_iter().collect();
    // Whoever was told of the end of what it asked before hears of this one, too.
    notification::withdraw(tx, voter, NotificationKind::Poll, status.account, Some(id))?;
    count(tx, &mut status, voter, &choices, Ballots::First)?;
    if status.local {
        return tell_later(tx, id);
    }
    for choice in choices {
        let row: RowId = tx.next_id();
        job::enqueue(tx, JobKind::Distribute(Intent::Vote { account: voter, status: id, choice, row }));
    }
    retention::touch(tx, id, voter, Touch::Marked)?;
    // Whoever voted wants to know how it ended.
    end_later(tx, id, &asked)
}

/// The remote `voter` chose the option called `title`; each option of a poll with several comes by itself. Whether it
/// was counted: a vote that was, a choice too many and one after the end are not.
///
/// # Errors
/// `NotFound` for a status that is unknown, not written here, without a poll, or that `voter` may not see.
///
/// Source: FEDERATION §3 (votes).
pub fn accept_vote(tx: &mut Tx<'_>, voter: AccountId, id: StatusId, title: &str) -> Result<bool> {
    let (mut status, asked) = require(tx, Some(voter), id)?;
    if !status.local {
        return Err(Error::NotFound);
    }
    let place = asked.options.iter().position(|option| option.title == title);
    let Some(choice) = place.and_then(|at| u32::try_from(at).ok()) else { return Ok(false) };
    let cast = poll::ballot(tx, id, voter)?;
    let known = cast.as_ref().is_some_and(|ballot| ballot.choices.contains(&choice) || !asked.multiple);
    if known || is_over(&asked, tx.now()) || status.account == voter {
        return Ok(false);
    }
    let ballots = cast.map_or(Ballots::First, Ballots::Further);
    count(tx, &mut status, voter, &[choice], ballots)?;
    tell_later(tx, id)?;
    Ok(true)
}

/// The server of a poll says of it what it says in `after` instead of `before`, each of which may be none: if another end,
/// whoever voted here is told of that one, and the former is waited for no more. Of one that was over they were told; in one
/// that was not there nobody has voted yet, and who does waits for its end.
///
/// # Errors
/// Storage errors.
pub fn end_may_have_moved(
    tx: &mut Tx<'_>,
    status: StatusId,
    before: Option<&Poll>,
    after: Option<&Poll>,
) -> Result<()> {
    let Some(before) = before else { return Ok(()) };
    let (former, end) = (ends_at(before), after.and_then(ends_at));
    if former == end || is_over(before, tx.now()) {
        return Ok(());
    }
    let was_awaited = await_no_more(tx, status, former)?;
    let Some(end) = end else { return Ok(()) };
    // If it was not, nobody voted, or it is open again: then a later one is no news.
    let is_sooner = former.is_none_or(|former| end < former);
    if was_awaited || (is_sooner && !BALLOTS.list(tx, &status, Bounds::NONE, Direction::Ascending, 1)?.is_empty()) {
        wait_for_end(tx, status, end)?;
    }
    Ok(())
}

/// The end of a poll written here may come at another time, or not at all: the one that it said is waited for no more.
///
/// # Errors
/// Storage errors.
pub fn forget_end(tx: &mut Tx<'_>, status: StatusId, poll: &Poll) -> Result<()> {
    await_no_more(tx, status, ends_at(poll))?;
    Ok(())
}

/// Takes a step of ending a poll: tells some of the people here who voted; answers behind which voter to go on. If it ends
/// later by now, that is waited for. Nothing happens if it ended before `awaited`: they were told then.
///
/// # Errors
/// Storage errors.
pub fn end_step(
    tx: &mut Tx<'_>,
    id: StatusId,
    awaited: Option<Timestamp>,
    behind: Option<AccountId>,
) -> Result<Option<AccountId>> {
    let Some(mut status) = status::find(tx, id)? else { return Ok(None) };
    let Some(end) = status.poll.as_ref().and_then(ends_at) else { return Ok(None) };
    if end > tx.now() {
        wait_for_end(tx, id, end)?;
        return Ok(None);
    }
    if awaited.is_some_and(|awaited| end < awaited) {
        return Ok(None);
    }
    if behind.is_none() && status.local {
        if let Some(asked) = status.poll.as_mut() {
            asked.closed_at = Some(end);
        }
        STATUSES.put(tx, &id, &status);
        tx.emit(Event::StatusUpdated { status: id, account: status.account });
        notification::notify(tx, status.account, NotificationKind::Poll, status.account, Some(id))?;
        if !status.local_only {
            job::enqueue(tx, JobKind::Distribute(Intent::UpdatePoll { status: id, at: end }));
        }
    }
    let bounds = Bounds { above: behind.map(|voter| voter.0), below: None };
    let step = limits::POLL_TOLD_AT_ONCE;
    let rows = BALLOTS.list(tx, &id, bounds, Direction::Ascending, step)?;
    let generation = poll::state(tx, id)?.generation;
    for ((_, voter), ballot) in &rows {
        let here = account::LOCAL_ACCOUNTS.contains(tx, voter)?;
        if here && ballot.generation == generation && visibility::can_see(tx, Some(*voter), &status)? {
            notification::notify(tx, *voter, NotificationKind::Poll, status.account, Some(id))?;
        }
    }
    Ok(rows.last().map(|((_, voter), _)| *voter).filter(|_| rows.len() == step))
}

/// Tells peers of the votes since the last time, if the poll is still there.
///
/// # Errors
/// Storage errors.
pub fn tell(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    let Some(status) = status::find(tx, id)? else { return Ok(()) };
    poll::change(tx, id, |state| state.telling = false)?;
    if status.poll.is_some() && !status.local_only {
        let at = tx.now();
        job::enqueue(tx, JobKind::Distribute(Intent::UpdatePoll { status: id, at }));
    }
    Ok(())
}

/// Whether a remote poll shall be read anew because somebody looks at it: the last time is over a minute ago, and it had
/// not ended then. Notes that it will be, with the job that does it.
///
/// # Errors
/// Storage errors.
pub fn refresh(tx: &mut Tx<'_>, id: StatusId) -> Result<bool> {
    let Some(asked) = status::find(tx, id)?.filter(|status| !status.local).and_then(|status| status.poll) else {
        return Ok(false);
    };
    if !is_stale(tx, id, &asked, tx.now())? {
        return Ok(false);
    }
    let now = tx.now();
    poll::change(tx, id, |state| state.fetched_at = Some(now))?;
    job::enqueue(tx, JobKind::RefreshPoll { status: id });
    Ok(true)
}

/// Whether the counts of a remote poll may be old.
///
/// # Errors
/// Storage errors.
pub fn is_stale(read: &dyn Read, id: StatusId, asked: &Poll, now: Timestamp) -> Result<bool> {
    let Some(last) = poll::state(read, id)?.fetched_at else { return Ok(true) };
    let settled = ends_at(asked).is_some_and(|end| end < last);
    Ok(!settled && now.ms_since(last) >= limits::POLL_FRESH_MS)
}

/// Whether a poll is over at `now`.
#[must_use]
pub fn is_over(poll: &Poll, now: Timestamp) -> bool {
    ends_at(poll).is_some_and(|end| end <= now)
}

/// The status with a poll that `viewer` may see.
///
/// # Errors
/// `NotFound` otherwise.
pub fn require(read: &dyn Read, viewer: Option<AccountId>, id: StatusId) -> Result<(Status, Poll)> {
    let status = status::find(read, id)?.ok_or(Error::NotFound)?;
    let poll = status.poll.clone().ok_or(Error::NotFound)?;
    if visibility::can_see(read, viewer, &status)? { Ok((status, poll)) } else { Err(Error::NotFound) }
}

/// The ballots of a voter before this one.
enum Ballots {
    First,
    Further(Ballot),
}

fn count(tx: &mut Tx<'_>, status: &mut Status, voter: AccountId, choices: &[u32], before: Ballots) -> Result<()> {
    let Some(poll) = status.poll.as_mut() else { return Err(Error::NotFound) };
    for choice in choices {
        if let Some(option) = poll.options.get_mut(*choice as usize) {
            option.votes = option.votes.saturating_add(1);
        }
    }
    let generation = poll::state(tx, status.id)?.generation;
    let mut ballot = match before {
        Ballots::First => {
            poll.voters = poll.voters.map(|voters| voters.saturating_add(1));
            Ballot { generation, choices: Vec::new(), created_at: tx.now() }
        }
        Ballots::Further(ballot) => ballot,
    };
    ballot.choices.extend_from_slice(choices);
    BALLOTS.put(tx, &(status.id, voter), &ballot);
    STATUSES.put(tx, &status.id, status);
    tx.emit(Event::StatusUpdated { status: status.id, account: status.account });
    Ok(())
}

/// Peers hear of votes at most every `limits::POLL_TOLD_EVERY_MS`; of hidden ones only at the end.
fn tell_later(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    let state = poll::state(tx, id)?;
    if state.telling || state.hide_totals {
        return Ok(());
    }
    poll::change(tx, id, |state| state.telling = true)?;
    let at = tx.now().plus_ms(limits::POLL_TOLD_EVERY_MS);
    job::enqueue_at(tx, JobKind::TellPoll { status: id }, at);
    Ok(())
}

fn end_later(tx: &mut Tx<'_>, status: StatusId, poll: &Poll) -> Result<()> {
    if let Some(end) = ends_at(poll) { wait_for_end(tx, status, end) } else { Ok(()) }
}

/// However often it is said, one job waits for one end.
fn wait_for_end(tx: &mut Tx<'_>, status: StatusId, end: Timestamp) -> Result<()> {
    let kind = JobKind::EndPoll { status };
    if job::find_at(tx, &kind, end)?.is_none() {
        job::enqueue_at(tx, kind, end);
    }
    Ok(())
}

/// Removes the job that waits for an end; whether there was one.
fn await_no_more(tx: &mut Tx<'_>, status: StatusId, end: Option<Timestamp>) -> Result<bool> {
    let Some(end) = end else { return Ok(false) };
    let Some(waiting) = job::find_at(tx, &JobKind::EndPoll { status }, end)? else { return Ok(false) };
    job::finish(tx, waiting)?;
    Ok(true)
}
