//! Why a status of another server is offered, and whether that is a reason to take it in (FEDERATION §5, relevance).

use super::{RemoteReply, RemoteStatus, distinct_tags};
use crate::{
    error::Result,
    status::{quote_answer::RemoteQuote, tell},
    text::normalise_hashtag,
};
use storage::{
    AccountId, Read, RowId, StatusId, account,
    cause::Cause,
    moderation,
    relationship::has_followers,
    relay,
    status::{self, Status, Visibility},
};

/// Why a status is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A peer sent it: kept only if it concerns somebody here.
    Pushed,
    /// Somebody here asked for it.
    Requested,
    /// This status, which is here, quotes it; what it quotes itself is not read in turn.
    Quoted(StatusId),
    /// It belongs to the thread of this status.
    Thread(StatusId),
    /// This account, followed here, shared it.
    Shared(AccountId),
    /// This account shows it first on its profile.
    Pinned(AccountId),
    /// It stands on the profile of this account.
    Profile(AccountId),
    /// This relay told of it: kept if it passes the relay's filters, or concerns somebody here anyway.
    Relayed(RowId),
}

/// Why it is taken in; none: what was sent concerns nobody here.
pub(super) fn cause_of(read: &dyn Read, remote: &RemoteStatus, parent: Option<&Status>) -> Result<Option<Cause>> {
    Ok(Some(match remote.reason {
        Reason::Pushed => return concern(read, remote, parent),
        Reason::Requested => Cause::Asked,
        Reason::Quoted(status) => Cause::QuotedBy { status },
        Reason::Thread(status) => Cause::ThreadOf { status },
        Reason::Shared(account) => Cause::SharedBy { account },
        Reason::Pinned(account) => Cause::PinnedBy { account },
        Reason::Profile(account) => Cause::ProfileOf { account },
        Reason::Relayed(relay) => {
            return Ok(match concern(read, remote, parent)? {
                None => relay_of(read, remote, relay)?.map(|relay| Cause::Relay { relay }),
                concern => concern,
            });
        }
    }))
}

/// The relay for which what the relay `id` told of is taken in: itself, or the relay of tags that it is one of. None unless
/// it is public, by somebody who is met by everybody, and passes the relay's filters.
fn relay_of(read: &dyn Read, remote: &RemoteStatus, id: RowId) -> Result<Option<RowId>> {
    let Some(row) = relay::find(read, id)?.filter(relay::Relay::is_on) else { return Ok(None) };
    let Some(author) = account::find(read, remote.author)? else { return Ok(None) };
    let tags: Vec<String> = distinct_tags(&remote.tags).iter().map(|tag| normalise_hashtag(tag)).collect();
    let wanted = remote.visibility == Visibility::Public && relay::passes(&row, &tags, remote.language.as_deref());
    let passes = wanted && !moderation::is_silenced(read, &author)?;
    Ok(passes.then_some(row.of_tag.map_or(id, |of| of.template)))
}

/// Whether somebody here wrote the parent or what is quoted, follows the author or whom it answers, or is mentioned
/// (FEDERATION §5; as Mastodon does).
fn concern(read: &dyn Read, remote: &RemoteStatus, parent: Option<&Status>) -> Result<Option<Cause>> {
    if let Some(parent) = parent.filter(|parent| parent.local) {
        return Ok(Some(Cause::Answers { status: parent.id }));
    }
    if has_followers(read, remote.author)? {
        return Ok(Some(Cause::Followed));
    }
    // The answer belongs to a thread that is read here.
    if let Some(parent) = parent
        && has_followers(read, parent.account)?
    {
        return Ok(Some(Cause::Continues { status: parent.id }));
    }
    if let Some(RemoteQuote { of: RemoteReply::Local(quoted), .. }) = &remote.quote
        && status::find(read, *quoted)?.is_some_and(|quoted| quoted.local)
    {
        return Ok(Some(Cause::Quotes { status: *quoted }));
    }
    for account in remote.mentions.iter().copied() {
        if tell::is_local(read, account)? {
            return Ok(Some(Cause::Mentions { account }));
        }
    }
    Ok(None)
}
