//! Whether the author of a status elsewhere lets another elsewhere answer, like or share it: by its policy, or by
//! something on their own server that the answer, Like or Announce shows (GoToSocial, interaction policies). An answer
//! that they do not let stands by itself.

use super::{Reason, RemoteStatus, find_parent, parent_of, relevance::cause_of};
use crate::{
    error::Result,
    status::{
        interaction::{self, Leave},
        thread,
    },
};
use storage::{
    AccountId, Digest, Event, Read, StatusId, Tx, account,
    interaction::Interaction,
    quote::Groups,
    reply_stamp,
    status::{self, FAVOURITES, REBLOG_BY, Status, TOMBSTONES},
};

/// What a status shows for the leave of who is answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Authorization {
    /// Nothing.
    #[default]
    Nothing,
    /// Something with this uri; not verified.
    Shown(String),
    /// Something with this uri by the author of what is answered that names both statuses.
    Verified(String),
}

/// What is answered, whose author has to vouch for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its uri.
    pub uri: String,
    /// The uri of its author.
    pub author: String,
    /// The status is kept by itself without that, or is here already.
    pub kept_anyway: bool,
}

/// What `remote` answers, if what it shows for the leave to do so has to be looked at: the policy does not let its author
/// anyway, and somebody here would have it then.
///
/// # Errors
/// Storage errors.
pub fn to_verify(read: &dyn Read, remote: &RemoteStatus) -> Result<Option<Answered>> {
    let Authorization::Shown(stamp) = &remote.authorization else { return Ok(None) };
    // What was taken back is not asked for, either.
    if TOMBSTONES.contains(read, &Digest::of(&remote.uri))? || TOMBSTONES.contains(read, &Digest::of(stamp))? {
        return Ok(None);
    }
    let Some(parent) = find_parent(read, remote)? else { return Ok(None) };
    if is_let(read, remote.author, &parent)? {
        return Ok(None);
    }
    let (wanted, kept_anyway) = match status::find_by_uri(read, &remote.uri)? {
        Some(known) => {
            let is_kept = reply_stamp::is_kept(read, known.id, stamp)?;
            (waits(&known) || (stands_below(&known) == Some(parent.id) && !is_kept), true)
        }
        None => {
            let by_itself = is_kept_apart(read, remote)? && cause_of(read, remote, None)?.is_some();
            (cause_of(read, remote, Some(&parent))?.is_some(), by_itself)
        }
    };
    let author = account::find(read, parent.account)?.filter(|_| wanted);
    Ok(author.map(|author| Answered { uri: parent.uri, author: author.uri, kept_anyway }))
}

/// Whether `remote` stands by itself: the author of `parent`, which it answers, has not let it.
pub(super) fn stands_apart(read: &dyn Read, remote: &RemoteStatus, parent: Option<&Status>) -> Result<bool> {
    let Some(parent) = parent else { return Ok(false) };
    Ok(stamp_of(read, remote)?.is_none() && !is_let(read, remote.author, parent)?)
}

/// What vouches for `remote`; nothing if it was taken back since it was looked at.
fn stamp_of<'a>(read: &dyn Read, remote: &'a RemoteStatus) -> Result<Option<&'a str>> {
    let Authorization::Verified(stamp) = &remote.authorization else { return Ok(None) };
    let taken_back = TOMBSTONES.contains(read, &Digest::of(stamp))?;
    Ok((!taken_back).then_some(stamp.as_str()))
}

/// Keeps what vouches for the reply `id`, which goes below what it answers, so that its author can take it back.
pub(super) fn keep(tx: &mut Tx<'_>, id: StatusId, remote: &RemoteStatus) -> Result<()> {
    match stamp_of(tx, remote)? {
        Some(stamp) => Ok(reply_stamp::put(tx, id, stamp)?),
        None => Ok(()),
    }
}

/// What stands below what it answers already shows something else for that now: this is what its author can take back.
fn keep_anew(tx: &mut Tx<'_>, known: &Status, remote: &RemoteStatus) -> Result<()> {
    let Some(stamp) = stamp_of(tx, remote)? else { return Ok(()) };
    let answers = find_parent(tx, remote)?.map(|parent| parent.id);
    if answers.is_some() && answers == stands_below(known) && !reply_stamp::is_kept(tx, known.id, stamp)? {
        reply_stamp::put(tx, known.id, stamp)?;
    }
    Ok(())
}

/// Whether what is called `uri` is the leave of somebody else than `by` for what is here: only who gave it takes it back.
pub(super) fn is_of_another(read: &dyn Read, by: AccountId, uri: &str) -> Result<bool> {
    for id in reply_stamp::replies(read, uri)? {
        let answered = status::find(read, id)?.and_then(|reply| reply.reply?.account);
        if answered.is_some_and(|answered| answered != by) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `by` takes the leave to answer at `uri` back: what stands below a status of theirs for that alone stands by itself from now
/// on, with what answers it. Whether anything rested on it.
pub(super) fn accept_revocation(tx: &mut Tx<'_>, by: AccountId, uri: &str) -> Result<bool> {
    let mut found = false;
    for id in reply_stamp::replies(tx, uri)? {
        let Some(reply) = status::find(tx, id)? else { continue };
        // Also of what has gone and may come again the author is known.
        if reply.reply.as_ref().and_then(|link| link.account) != Some(by) {
            continue;
        }
        found = true;
        reply_stamp::remove(tx, id)?;
        let parent = parent_of(tx, &reply)?;
        if let Some(parent) = &parent {
            if is_let(tx, reply.account, parent)? {
                continue;
            }
            tx.emit(Event::StatusCounted { status: parent.id });
        }
        thread::keep_muted(tx, &reply)?;
        status::part(tx, &reply)?;
        tx.emit(Event::StatusUpdated { status: id, account: reply.account });
    }
    Ok(found)
}

/// Whether what is not let is taken in by itself: all but what is read for the thread alone, where nothing here waits for it.
pub(super) fn is_kept_apart(read: &dyn Read, remote: &RemoteStatus) -> Result<bool> {
    Ok(!matches!(remote.reason, Reason::Thread(_)) || !status::orphans(read, &remote.uri)?.is_empty())
}

/// Replies from elsewhere that waited for `status`, whose policy is stored already, and that it does not let by itself.
pub(super) fn apart(read: &dyn Read, status: &Status) -> Result<Vec<StatusId>> {
    let mut apart = Vec::new();
    if storage::interaction::policy(read, status.id)?.is_none() {
        return Ok(apart);
    }
    for id in status::orphans(read, &status.uri)? {
        let Some(reply) = status::find(read, id)?.filter(|reply| !reply.local) else { continue };
        // Of what stood below it before it went, the author answered is still known.
        let stood_below = reply.reply.as_ref().is_some_and(|link| link.account == Some(status.account));
        if !stood_below && !is_let(read, reply.account, status)? {
            apart.push(id);
        }
    }
    Ok(apart)
}

/// A status that is here and waits for what it answers goes below that once it is let; as it stands then.
pub(super) fn join(tx: &mut Tx<'_>, known: Status, remote: &RemoteStatus) -> Result<Status> {
    if !waits(&known) {
        keep_anew(tx, &known, remote)?;
        return Ok(known);
    }
    let parent = find_parent(tx, remote)?;
    // Not itself, nor what was shared under that uri.
    let is_it = |parent: &Status| {
        let named = known.reply.as_ref().is_some_and(|reply| reply.uri == parent.uri);
        !parent.local && parent.id != known.id && named
    };
    let Some(parent) = parent.filter(is_it) else { return Ok(known) };
    if stands_apart(tx, remote, Some(&parent))? {
        return Ok(known);
    }
    status::join(tx, &parent, known.id)?;
    keep(tx, known.id, remote)?;
    tx.emit(Event::StatusCounted { status: parent.id });
    Ok(status::find(tx, known.id)?.unwrap_or(known))
}

fn stands_below(known: &Status) -> Option<StatusId> {
    known.reply.as_ref()?.status
}

fn waits(known: &Status) -> bool {
    known.reply.as_ref().is_some_and(|reply| reply.status.is_none() && !reply.uri.is_empty())
}

/// Whether `by` may answer `parent` without more. An author here is asked by `leave_to_answer`.
fn is_let(read: &dyn Read, by: AccountId, parent: &Status) -> Result<bool> {
    lets(read, by, parent, Interaction::Reply)
}

/// Whether `by` may do it with `status` without more. An author here is asked elsewhere; of one elsewhere it is not
/// known here whom they follow, who follows them, and who else is named.
///
/// # Errors
/// Storage errors.
pub(in crate::status) fn lets(read: &dyn Read, by: AccountId, status: &Status, kind: Interaction) -> Result<bool> {
    if status.local || interaction::leave(read, by, status, kind)? == Leave::Given {
        return Ok(true);
    }
    let unsure = Groups::FOLLOWERS.with(Groups::FOLLOWING).with(Groups::OTHER).with(Groups::PUBLIC);
    let automatic = interaction::interaction_policy(read, status.id)?.of(kind).automatic;
    let names = kind == Interaction::Reply || automatic.meets(Groups::MENTIONED);
    Ok(automatic.meets(unsure) || (names && links_to(read, by, status)?))
}

/// The uri of the status `target`, of elsewhere, and that of its author, who has to vouch for what `by` of elsewhere
/// does with it and shows something at `stamp` for; none if its policy lets `by` anyway, that is done already, or what
/// is shown was taken back.
///
/// # Errors
/// Storage errors.
pub fn to_vouch(
    read: &dyn Read,
    by: AccountId,
    target: StatusId,
    kind: Interaction,
    stamp: &str,
) -> Result<Option<(String, String)>> {
    let Some(target) = status::find(read, target)? else { return Ok(None) };
    if TOMBSTONES.contains(read, &Digest::of(stamp))? || lets(read, by, &target, kind)? {
        return Ok(None);
    }
    let is_idle = match kind {
        Interaction::Favourite => FAVOURITES.contains(read, &(by, target.id))?,
        Interaction::Reblog => REBLOG_BY.contains(read, &(by, target.id))?,
        Interaction::Reply => true,
    };
    let author = account::find(read, target.account)?.filter(|_| !is_idle);
    Ok(author.map(|author| (target.uri, author.uri)))
}

/// Whether the text of `status` links to `account`: whom it mentions was perhaps not known when it came.
fn links_to(read: &dyn Read, account: AccountId, status: &Status) -> Result<bool> {
    let Some(account) = account::find(read, account)? else { return Ok(false) };
    let links = |uri: &str| status.content.contains(&format!("href=\"{uri}\""));
    Ok(links(&account.uri) || account.url.as_deref().is_some_and(links))
}
