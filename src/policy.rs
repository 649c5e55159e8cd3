//! The notification policy: what becomes of what somebody does that an account here would be told of (client API,
//! NotificationPolicy).
//!
//! May use: `storage`, the ground. Must never name: rooms, HTTP, the network. Invariant: whoever tells an account of what another
//! did asks here, but for what only the staff is told; what is filtered reaches no list, stream, device or
//! conversation.

use crate::{error::Result, limits, registrable::registrable};
use storage::{
    AccountId, NotificationId, Read, RowId, StatusId, Timestamp, Tx,
    account::{self, Account, ActorKind},
    filtered::{self, Policy, Treatment},
    moderation,
    notification::{self, NotificationKind},
    relationship,
    status::{self, Status, Visibility},
    user::{self, Role},
    wave,
};

/// Tells `to`, who lives here, that `from` did something, as the policy of `to` has it; answers the notification if it is
/// new. Whether `to` may and wants to hear of it at all is asked before (`visibility`).
///
/// # Errors
/// Storage errors.
pub fn notify(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<&Status>,
) -> Result<Option<NotificationId>> {
    let treated = braked(tx, to, kind, from, status)?;
    carry_out(tx, treated, to, kind, from, status.map(|status| status.id))
}

/// As [`notify`], of what `to` has just let: that is not held against the one who was let, however much of it there is.
///
/// # Errors
/// Storage errors.
pub fn notify_let(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<&Status>,
) -> Result<Option<NotificationId>> {
    let treated = treatment(tx, tx.now(), to, kind, from, status)?;
    carry_out(tx, treated, to, kind, from, status.map(|status| status.id))
}

/// Keeps what `from` says to `to` aside although the policy of `to` may let it through; what it drops is dropped, and whom
/// `to` accepted or follows is heard.
///
/// # Errors
/// Storage errors.
pub fn set_aside(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: &Status,
) -> Result<Option<NotificationId>> {
    let mut treated = treatment(tx, tx.now(), to, kind, from, Some(status))?;
    if treated == Treatment::Accept && is_stranger(tx, to, from)? {
        treated = Treatment::Filter;
    }
    carry_out(tx, treated, to, kind, from, Some(status.id))
}

/// Whether `to` neither follows `from` nor accepted it.
///
/// # Errors
/// Storage errors.
pub fn is_stranger(read: &dyn Read, to: AccountId, from: AccountId) -> Result<bool> {
    Ok(relationship::find(read, to, from)?.is_none() && !filtered::is_permitted(read, to, from)?)
}

/// Counts that `author` edits something; whether an author elsewhere has done so more than `limits::EDITS_TOLD_MAX` times
/// within an hour, this time included.
///
/// # Errors
/// Storage errors.
pub fn edits_often(tx: &mut Tx<'_>, author: AccountId) -> Result<bool> {
    if account::LOCAL_ACCOUNTS.contains(tx, &author)? {
        return Ok(false);
    }
    Ok(wave::unasked(tx, author, "all edits")? > limits::EDITS_TOLD_MAX)
}

/// Whether an account elsewhere was made lately, as its server says or, where that says nothing, as it was heard of, and
/// nobody here follows it. A server may lie; then it needs many domains, each of which is heard so often only.
///
/// # Errors
/// Storage errors.
pub fn is_newcomer(read: &dyn Read, account: &Account, now: Timestamp) -> Result<bool> {
    let is_young = now.ms_since(account.created_at) < limits::WAVE_NEW_ACCOUNT_MS;
    Ok(is_young && !relationship::has_followers(read, account.id)?)
}

/// What the policy of `to` says, but that what strangers do without end is kept aside where it would come.
fn braked(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<&Status>,
) -> Result<Treatment> {
    let treated = treatment(tx, tx.now(), to, kind, from, status)?;
    // What it was told of already it is not told again, and that counts for nothing.
    if let Some(status) = status
        && notification::is_told(tx, to, kind, from, status.id)?
    {
        return Ok(treated);
    }
    if treated == Treatment::Accept && is_flooded(tx, to, kind, from, status)? {
        return Ok(Treatment::Filter);
    }
    Ok(treated)
}

/// Whether `to` has been told as much within an hour as it is told of strangers, this time included (SECURITY C8): of
/// those of one registered domain who mention it unasked, `limits::UNASKED_MENTIONS_MAX` times; what answers it is not
/// unasked, and has the bounds of everything else.
fn is_flooded(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<&Status>,
) -> Result<bool> {
    if !is_filterable(kind) || !is_stranger(tx, to, from)? {
        return Ok(false);
    }
    let Some(sender) = account::find(tx, from)? else { return Ok(false) };
    let Some(domain) = sender.domain.as_deref() else { return Ok(false) };
    let site = registrable(domain);
    let says = status.filter(|_| kind == NotificationKind::Mention);
    let answers = says.is_some_and(|status| status.reply.as_ref().is_some_and(|reply| reply.account == Some(to)));
    let flooded = if kind == NotificationKind::Mention && !answers {
        wave::unasked(tx, to, site)? > limits::UNASKED_MENTIONS_MAX
    } else {
        does_too_much(tx, to, &sender, site, says)?
    };
    if flooded && matches!(kind, NotificationKind::Mention | NotificationKind::Quote | NotificationKind::PendingReply) {
        wave::hold(tx, site)?;
    }
    Ok(flooded)
}

/// Whether a stranger does more to `to` than `limits::DEEDS_OF_STRANGER_MAX`, the new accounts of its registered domain
/// `site` more than `limits::DEEDS_OF_NEWCOMERS_MAX`, or all strangers there more than
/// `limits::DEEDS_OF_STRANGERS_MAX`. What is kept aside of one is not held against the others. Whoever answers what
/// `to` said to them talks with it: those answers are counted apart, up to `limits::ANSWERS_OF_STRANGER_MAX`. Whoever
/// has followed `to` for some time may do more, up to `limits::DEEDS_OF_FOLLOWER_MAX`, and is no new account.
fn does_too_much(
    tx: &mut Tx<'_>,
    to: AccountId,
    sender: &Account,
    site: &str,
    answer: Option<&Status>,
) -> Result<bool> {
    if let Some(answer) = answer
        && is_asked(tx, to, sender.id, answer)?
    {
        return Ok(wave::unasked(tx, to, &format!("answers {}", sender.id))? > limits::ANSWERS_OF_STRANGER_MAX);
    }
    let follows = has_followed(tx, tx.now(), sender.id, to)?;
    let most = if follows { limits::DEEDS_OF_FOLLOWER_MAX } else { limits::DEEDS_OF_STRANGER_MAX };
    if wave::unasked(tx, to, &format!("by {}", sender.id))? > most {
        return Ok(true);
    }
    if !follows
        && is_newcomer(tx, sender, tx.now())?
        && wave::unasked(tx, to, &format!("new {site}"))? > limits::DEEDS_OF_NEWCOMERS_MAX
    {
        return Ok(true);
    }
    Ok(wave::unasked(tx, to, &format!("all {site}"))? > limits::DEEDS_OF_STRANGERS_MAX)
}

/// Whether `from` has followed `to` for some time.
fn has_followed(read: &dyn Read, now: Timestamp, from: AccountId, to: AccountId) -> Result<bool> {
    let follow = relationship::find(read, from, to)?;
    Ok(follow.is_some_and(|follow| now.ms_since(follow.created_at) >= limits::NEW_FOLLOWER_MS))
}

/// Whether `answer` by `from` answers what `to` said to it.
fn is_asked(read: &dyn Read, to: AccountId, from: AccountId, answer: &Status) -> Result<bool> {
    let Some(above) = answer.reply.as_ref().and_then(|reply| reply.status) else { return Ok(false) };
    let above = status::find(read, above)?;
    Ok(above.is_some_and(|above| above.account == to && above.mentions.contains(&from)))
}

/// As [`notify`], of what is about a collection, whose number stands in the place of the status.
///
/// # Errors
/// Storage errors.
pub fn notify_of_collection(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    collection: RowId,
) -> Result<Option<NotificationId>> {
    let treated = braked(tx, to, kind, from, None)?;
    carry_out(tx, treated, to, kind, from, Some(StatusId(collection.0)))
}

fn carry_out(
    tx: &mut Tx<'_>,
    treated: Treatment,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    about: Option<StatusId>,
) -> Result<Option<NotificationId>> {
    Ok(match treated {
        Treatment::Accept => notification::notify(tx, to, kind, from, about)?,
        Treatment::Filter => notification::set_aside(tx, to, kind, from, about)?,
        Treatment::Drop => None,
    })
}

/// What the policy of `to` says of a notification by `from`.
///
/// Only what strangers can do unasked is held against it, nothing of those whom `to` has accepted, and no mention by
/// those who look after the server and stand above `to`. If several rules apply, the strictest counts.
///
/// # Errors
/// Storage errors.
pub fn treatment(
    read: &dyn Read,
    now: Timestamp,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<&Status>,
) -> Result<Treatment> {
    if !is_filterable(kind) || filtered::is_permitted(read, to, from)? {
        return Ok(Treatment::Accept);
    }
    let Some(sender) = account::find(read, from)? else { return Ok(Treatment::Accept) };
    if kind == NotificationKind::Mention && stands_above(read, from, to)? {
        return Ok(Treatment::Accept);
    }
    let case = Case { read, now, to, sender: &sender, status: status.filter(|_| kind == NotificationKind::Mention) };
    case.judge(&filtered::policy(read, to)?)
}

/// Kinds that somebody can cause who has nothing to do with the account.
fn is_filterable(kind: NotificationKind) -> bool {
    match kind {
        NotificationKind::Mention
        | NotificationKind::Reblog
        | NotificationKind::Follow
        | NotificationKind::FollowRequest
        | NotificationKind::Favourite
        | NotificationKind::Reaction
        | NotificationKind::AddedToCollection
        | NotificationKind::PendingFavourite
        | NotificationKind::PendingReply
        | NotificationKind::PendingReblog
        | NotificationKind::Quote => true,
        NotificationKind::Status
        | NotificationKind::Update
        | NotificationKind::Poll
        | NotificationKind::AdminReport
        | NotificationKind::AdminSignUp
        | NotificationKind::ModerationWarning
        | NotificationKind::CollectionUpdate
        | NotificationKind::QuotedUpdate => false,
    }
}

/// Whether `from` looks after the server and has more to say in it than `to`.
fn stands_above(read: &dyn Read, from: AccountId, to: AccountId) -> Result<bool> {
    let Some(role) = user::find(read, from)?.map(|user| user.role).filter(|role| *role > Role::User) else {
        return Ok(false);
    };
    Ok(user::find(read, to)?.is_some_and(|user| user.role < role))
}

/// One sender before one account.
struct Case<'a> {
    read: &'a dyn Read,
    now: Timestamp,
    to: AccountId,
    sender: &'a Account,
    /// What mentions the account.
    status: Option<&'a Status>,
}

impl Case<'_> {
    fn judge(&self, policy: &Policy) -> Result<Treatment> {
        let followed = relationship::find(self.read, self.to, self.sender.id)?.is_some();
        let bot = matches!(self.sender.kind, ActorKind::Service | ActorKind::Application);
        let new = self.now.ms_since(self.sender.created_at) < limits::NEW_ACCOUNT_MS;
        let mut found = if followed { Treatment::Accept } else { policy.not_following };
        let mut apply = |rule: Treatment| found = stricter(found, rule);
        if policy.not_followers != Treatment::Accept && !has_followed(self.read, self.now, self.sender.id, self.to)? {
            apply(policy.not_followers);
        }
        if followed {
            return Ok(found);
        }
        if new {
            apply(policy.new_accounts);
        }
        if bot {
            apply(policy.bots);
        }
        if policy.limited_accounts != Treatment::Accept && moderation::is_silenced(self.read, self.sender)? {
            apply(policy.limited_accounts);
        }
        if policy.private_mentions != Treatment::Accept && self.speaks_unasked()? {
            apply(policy.private_mentions);
        }
        Ok(found)
    }

    /// Whether a direct status answers, over however many steps, nothing that the account said directly to the sender.
    fn speaks_unasked(&self) -> Result<bool> {
        let Some(status) = self.status.filter(|status| status.visibility == Visibility::Direct) else {
            return Ok(false);
        };
        let mut next = status.reply.as_ref().and_then(|reply| reply.status);
        for _ in 0..limits::PRIVATE_THREAD_ABOVE_MAX {
            let Some(above) = next else { break };
            let Some(above) = status::find(self.read, above)? else { break };
            let asked = above.account == self.to && above.visibility == Visibility::Direct;
            if asked && above.mentions.contains(&self.sender.id) {
                return Ok(false);
            }
            next = above.reply.and_then(|reply| reply.status);
        }
        Ok(true)
    }
}

fn stricter(one: Treatment, other: Treatment) -> Treatment {
    match (one, other) {
        (Treatment::Drop, _) | (_, Treatment::Drop) => Treatment::Drop,
        (Treatment::Filter, _) | (_, Treatment::Filter) => Treatment::Filter,
        (Treatment::Accept, Treatment::Accept) => Treatment::Accept,
    }
}
