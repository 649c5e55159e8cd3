//! Who is told of what happens to a status: people here by notifications, peers by intents.

use super::thread;
use crate::{error::Result, limits, policy, visibility};
use storage::{
    AccountId, Bounds, Direction, Read, Tx, account,
    intent::Intent,
    interaction,
    job::{self, JobKind},
    notification::{self, NotificationKind},
    quote::{self, QUOTES_OF, QuoteState},
    relationship::{self, FOLLOWERS_TOLD},
    relay::{self, RelayKind},
    status::{self, REBLOGS, Status, Visibility},
};

/// Tells the local account `to` that `from` did something with `status`, if `to` may see it and wants to hear of
/// `from`.
pub(super) fn notify(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: &Status,
) -> Result<()> {
    if hears(tx, to, from, status)? {
        policy::notify(tx, to, kind, from, Some(status))?;
    }
    Ok(())
}

/// The same of what `to` has just let `from` do, before it is done: told once, and however much of it there is.
pub(super) fn notify_let(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: &Status,
) -> Result<()> {
    if hears(tx, to, from, status)? {
        policy::notify_let(tx, to, kind, from, Some(status))?;
    }
    Ok(())
}

/// Whether `to` lives here, may see `status` and wants to hear what `from` does with it.
fn hears(read: &dyn Read, to: AccountId, from: AccountId, status: &Status) -> Result<bool> {
    if to == from || !is_local(read, to)? {
        return Ok(false);
    }
    let sight = visibility::Sight::new(read, Some(to));
    Ok(sight.notifies(from)? && sight.can_see(status)? && !thread::is_thread_muted(read, to, status)?)
}

/// Tells the people here whom `status` mentions and `chosen` names.
pub(super) fn notify_mentioned(tx: &mut Tx<'_>, status: &Status, chosen: impl Fn(AccountId) -> bool) -> Result<()> {
    for account in status.mentions.iter().copied().filter(|account| chosen(*account)) {
        notify(tx, account, NotificationKind::Mention, status.account, status)?;
    }
    Ok(())
}

/// Keeps what people here whom `status` mentions and `chosen` names would be told of it among what is filtered, whatever
/// their policy lets through, but for those who accepted its author.
pub(super) fn set_mentioned_aside(tx: &mut Tx<'_>, status: &Status, chosen: impl Fn(AccountId) -> bool) -> Result<()> {
    for account in status.mentions.iter().copied().filter(|account| chosen(*account)) {
        if hears(tx, account, status.account, status)? {
            policy::set_aside(tx, account, NotificationKind::Mention, status.account, status)?;
        }
    }
    Ok(())
}

/// Tells the followers who asked to hear of every post of this author, at most `limits::FOLLOWERS_TOLD_MAX`.
///
/// A reply to somebody else, a reblog and a direct status ring no bell; whoever is mentioned has been told already.
pub(super) fn notify_followers(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let to_other = status.reply.as_ref().is_some_and(|reply| reply.account != Some(status.account));
    if to_other || status.reblog_of.is_some() || status.visibility == Visibility::Direct {
        return Ok(());
    }
    let rows =
        FOLLOWERS_TOLD.list(tx, &status.account, Bounds::NONE, Direction::Ascending, limits::FOLLOWERS_TOLD_MAX)?;
    for ((_, follower), ()) in rows {
        if !status.mentions.contains(&follower) {
            notify(tx, follower, NotificationKind::Status, status.account, status)?;
        }
    }
    Ok(())
}

/// Tells the people here who reblogged or quote `status` that it was edited. Of an author elsewhere who edits more than
/// `limits::EDITS_TOLD_MAX` times within an hour those who do not follow them hear no further time: the notice that they
/// have leads to what it says now, and whoever has none finds it among what is filtered (SECURITY C8).
pub(super) fn notify_of_edit(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let often = policy::edits_often(tx, status.account)?;
    let pace = if often { Pace::WithoutEnd } else { Pace::NowAndThen };
    notify_rebloggers(tx, status, pace)?;
    notify_quoters(tx, status, pace)
}

/// How somebody edits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    NowAndThen,
    WithoutEnd,
}

/// Tells `to` that `author` edited what a notice of this `kind` about `status` speaks of.
fn tell_again(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    author: AccountId,
    status: &Status,
    pace: Pace,
) -> Result<()> {
    if pace == Pace::WithoutEnd && policy::is_stranger(tx, to, author)? {
        if !notification::is_told(tx, to, kind, author, status.id)? && hears(tx, to, author, status)? {
            policy::set_aside(tx, to, kind, author, status)?;
        }
        return Ok(());
    }
    // A second edit tells again: the first notice is taken back.
    notification::withdraw(tx, to, kind, author, Some(status.id))?;
    notify(tx, to, kind, author, status)
}

/// Tells the people here who reblogged `status` that it was edited; among the first `limits::REBLOGGERS_TOLD_MAX`.
///
/// Source: client API, Notification#type `update`.
fn notify_rebloggers(tx: &mut Tx<'_>, status: &Status, pace: Pace) -> Result<()> {
    let rows = REBLOGS.list(tx, &status.id, Bounds::NONE, Direction::Ascending, limits::REBLOGGERS_TOLD_MAX)?;
    for (_, account) in rows {
        tell_again(tx, account, NotificationKind::Update, status.account, status, pace)?;
    }
    Ok(())
}

/// Tells the people here who quote `status` that it was edited; among the first `limits::QUOTERS_TOLD_MAX`. The notice
/// is about their own status.
///
/// Source: client API, Notification#type `quoted_update`.
fn notify_quoters(tx: &mut Tx<'_>, status: &Status, pace: Pace) -> Result<()> {
    let (kind, author) = (NotificationKind::QuotedUpdate, status.account);
    for ((_, id), ()) in QUOTES_OF.list(tx, &status.id, Bounds::NONE, Direction::Ascending, limits::QUOTERS_TOLD_MAX)? {
        let accepted = quote::find(tx, id)?.is_some_and(|row| row.state == QuoteState::Accepted);
        let Some(quoting) = status::find(tx, id)?.filter(|quoting| quoting.local && accepted) else { continue };
        tell_again(tx, quoting.account, kind, author, &quoting, pace)?;
    }
    Ok(())
}

/// Owes `intent` to peers.
pub(super) fn peers(tx: &mut Tx<'_>, intent: Intent) {
    job::enqueue(tx, JobKind::Distribute(intent));
}

/// The same of something about `status`, unless it stays on this server.
pub(super) fn peers_of(tx: &mut Tx<'_>, status: &Status, intent: Intent) {
    if !status.local_only {
        peers(tx, intent);
    }
}

/// Owes a new status to relays if it is for everybody: those of LitePub's kind get an Announce of it. Answers whether
/// any is of Mastodon's kind, which gets its Create.
pub(super) fn to_relays(tx: &mut Tx<'_>, status: &Status) -> Result<bool> {
    if status.visibility != Visibility::Public || status.local_only {
        return Ok(false);
    }
    let on: Vec<_> = relay::all(tx)?.into_iter().map(|(_, relay)| relay).filter(relay::Relay::is_on).collect();
    if on.iter().any(|relay| relay.kind == RelayKind::Litepub) {
        peers(tx, Intent::TellRelays { status: status.id });
    }
    Ok(on.iter().any(|relay| relay.kind == RelayKind::Mastodon))
}

/// Whether somebody elsewhere could get what `author` shows with `visibility`: a follower (whose place is found out
/// later), or one of `accounts`.
pub(super) fn leaves_here(
    read: &dyn Read,
    author: AccountId,
    visibility: Visibility,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<bool> {
    if visibility != Visibility::Direct && account::stats(read, author)?.followers > 0 {
        return Ok(true);
    }
    for account in accounts {
        if !is_local(read, account)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whose followers hear of the answer `status` beside those of its own author: of the author here of the public status that
/// it answers for everybody, because their servers show that thread. Nobody's if the author blocks who answers.
///
/// # Errors
/// Storage errors.
///
/// Source: Mastodon, `StatusReachFinder#followers_inboxes`.
pub fn answered_here(read: &dyn Read, status: &Status) -> Result<Option<AccountId>> {
    let parent = status.reply.as_ref().and_then(|reply| reply.status).filter(|_| status.is_public());
    let Some(parent) = parent.map(|parent| status::find(read, parent)).transpose()?.flatten() else { return Ok(None) };
    let author = parent.account;
    if !parent.local || !parent.is_public() || parent.local_only || author == status.account {
        return Ok(None);
    }
    if interaction::is_pending(read, &parent)? || relationship::blocks(read, author, status.account)? {
        return Ok(None);
    }
    Ok(account::find(read, author)?.filter(|author| author.suspended_at.is_none()).map(|author| author.id))
}

/// Whether the account lives here.
pub(super) fn is_local(read: &dyn Read, id: AccountId) -> Result<bool> {
    Ok(account::LOCAL_ACCOUNTS.contains(read, &id)?)
}
