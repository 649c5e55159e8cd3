//! Quoting: who may, what a new status quotes, what its author takes back (client API, Quote; FEP-044f).

use super::{mark, require, require_original, tell};
use crate::error::{Error, Result};
use storage::{
    AccountId, Event, Read, StatusId, Tx, account,
    habit::{self, Quoters},
    intent::Intent,
    notification::{self, NotificationKind},
    quote::{self, Groups, Quotability, Quote, QuotePolicy, QuoteState},
    relationship, retention,
    status::{self, Status, Visibility},
};

/// What somebody may expect who would quote a status (client API, `QuoteApproval#current_user`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// It will be accepted.
    Automatic,
    /// The author will be asked.
    Manual,
    /// Its policy is not understood here: asking may help.
    Unknown,
    /// No.
    Denied,
}

/// A policy that people here choose (client API, `quote_approval_policy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Everybody.
    Public,
    /// Followers.
    Followers,
    /// Only the author.
    Nobody,
}

impl Choice {
    /// What it means.
    #[must_use]
    pub fn policy(self) -> QuotePolicy {
        let automatic = match self {
            Choice::Public => Groups::PUBLIC,
            Choice::Followers => Groups::FOLLOWERS,
            Choice::Nobody => Groups::NOBODY,
        };
        QuotePolicy { automatic, manual: Groups::NOBODY }
    }

    /// The choice that means this policy.
    #[must_use]
    pub fn of(policy: QuotePolicy) -> Option<Choice> {
        [Choice::Public, Choice::Followers, Choice::Nobody].into_iter().find(|choice| choice.policy() == policy)
    }
}

/// Who may quote a new status of `author`: as is said of it, else as they say of all; none: everybody.
///
/// # Errors
/// Storage errors.
pub(super) fn chosen(read: &dyn Read, author: AccountId, said: Option<Choice>) -> Result<Option<Choice>> {
    if said.is_some() {
        return Ok(said);
    }
    Ok(match habit::of(read, author)?.quoters {
        Quoters::Everybody => None,
        Quoters::Followers => Some(Choice::Followers),
        Quoters::Nobody => Some(Choice::Nobody),
    })
}

/// Who may quote `status`. Only what everybody may read can be quoted by others; of a local status about which nothing
/// was said everybody may, of a remote one nobody.
///
/// # Errors
/// Storage errors.
pub fn policy(read: &dyn Read, status: &Status) -> Result<QuotePolicy> {
    Ok(policy_of(status, &quote::quotability(read, status.id)?))
}

/// The same where what is known of it as something to be quoted is at hand.
#[must_use]
pub fn policy_of(status: &Status, known: &Quotability) -> QuotePolicy {
    if status.reblog_of.is_some() || !status.is_public() {
        return QuotePolicy::default();
    }
    let unsaid = if status.local { Choice::Public.policy() } else { QuotePolicy::default() };
    known.policy.unwrap_or(unsaid)
}

/// What `viewer`, who may see `status`, may expect.
///
/// # Errors
/// Storage errors.
pub fn stance(read: &dyn Read, viewer: Option<AccountId>, status: &Status) -> Result<Stance> {
    stance_under(read, viewer, status, policy(read, status)?)
}

/// The same under a policy that is at hand.
///
/// # Errors
/// Storage errors.
pub fn stance_under(
    read: &dyn Read,
    viewer: Option<AccountId>,
    status: &Status,
    QuotePolicy { automatic, manual }: QuotePolicy,
) -> Result<Stance> {
    let Some(viewer) = viewer else { return Ok(Stance::Denied) };
    if status.reblog_of.is_some() || status.visibility == Visibility::Direct {
        return Ok(Stance::Denied);
    }
    let author = status.account;
    if viewer == author {
        return Ok(Stance::Automatic);
    }
    for (groups, stance) in [(automatic, Stance::Automatic), (manual, Stance::Manual)] {
        if groups.has(Groups::PUBLIC)
            || groups.has(Groups::FOLLOWERS) && relationship::find(read, viewer, author)?.is_some()
            || groups.has(Groups::FOLLOWING) && relationship::find(read, author, viewer)?.is_some()
        {
            return Ok(stance);
        }
    }
    Ok(if automatic.with(manual).has(Groups::OTHER) { Stance::Unknown } else { Stance::Denied })
}

/// Whether everybody who is signed in may expect the same of `status`, but for its author.
///
/// # Errors
/// Storage errors.
pub fn is_same_for_all(read: &dyn Read, status: &Status) -> Result<bool> {
    let QuotePolicy { automatic, manual } = policy(read, status)?;
    let groups = automatic.with(manual);
    Ok(automatic.has(Groups::PUBLIC) || !groups.has(Groups::FOLLOWERS) && !groups.has(Groups::FOLLOWING))
}

/// The paragraph that tells readers which know no quotes what is quoted; those that do hide it by its class.
///
/// Source: FEP-044f, compatibility.
#[must_use]
pub fn fallback(url: &str) -> String {
    let url = crate::text::escape(url);
    format!("<p class=\"quote-inline\">RE: <a href=\"{url}\" rel=\"nofollow noopener\" target=\"_blank\">{url}</a></p>")
}

/// The path of a local author's stamp on what `quoting` quotes.
#[must_use]
pub fn stamp_path(author: &account::Account, quoting: StatusId) -> String {
    format!("{}/quote_authorizations/{quoting}", author.uri)
}

/// The accepted quote that the stamp of the local account `author` on `quoting` speaks of: quoting and quoted status.
///
/// # Errors
/// `NotFound` if there is none, or it no longer holds.
pub fn stamped(read: &dyn Read, author: AccountId, quoting: StatusId) -> Result<(Status, Status)> {
    let quote = quote::find(read, quoting)?.filter(|quote| quote.state == QuoteState::Accepted);
    let quote = quote.filter(|quote| quote.author == Some(author) && !quote.stamp.is_empty());
    let quoted = quote.and_then(|quote| quote.quoted).ok_or(Error::NotFound)?;
    let quoted = status::find(read, quoted)?.ok_or(Error::NotFound)?;
    let quoting = status::find(read, quoting)?.filter(|quoting| !quoting.local_only && !quoted.local_only);
    Ok((quoting.ok_or(Error::NotFound)?, quoted))
}

/// The status that `by` wants to quote.
///
/// # Errors
/// `NotFound` if it is unknown, not to be seen, or not to be quoted by `by`, which look alike.
///
/// Source: client API, statuses#create, `quoted_status_id`.
pub(super) fn require_quotable(read: &dyn Read, by: AccountId, id: StatusId) -> Result<Status> {
    let quoted = require_original(read, by, id)?;
    if stance(read, Some(by), &quoted)? == Stance::Denied { Err(Error::NotFound) } else { Ok(quoted) }
}

/// Lets the new local status `quoting` quote `quoted`. An author here agrees at once; elsewhere they are asked.
pub(super) fn attach(tx: &mut Tx<'_>, quoting: &Status, quoted: &Status) -> Result<()> {
    let own = quoted.account == quoting.account;
    let author = account::find(tx, quoted.account)?.ok_or(Error::NotFound)?;
    let row = Quote {
        quoted: Some(quoted.id),
        uri: if quoted.local { String::new() } else { quoted.uri.clone() },
        author: Some(author.id),
        state: if quoted.local { QuoteState::Accepted } else { QuoteState::Pending },
        stamp: if quoted.local && !own { stamp_path(&author, quoting.id) } else { String::new() },
    };
    quote::put(tx, quoting, &row)?;
    mark::hold(tx, quoting.account, quoted)?;
    if quoted.local {
        tell::notify(tx, author.id, NotificationKind::Quote, quoting.account, quoting)?;
        tx.emit(Event::StatusCounted { status: quoted.id });
    } else {
        tell::peers(tx, Intent::QuoteRequest { status: quoting.id });
    }
    Ok(())
}

/// Tells of what the local status `quoting` quotes, once others may see it: an author here by a notification, elsewhere
/// by asking.
pub(super) fn announce(tx: &mut Tx<'_>, quoting: &Status) -> Result<()> {
    let Some(row) = quote::find(tx, quoting.id)? else { return Ok(()) };
    match (row.state, row.author) {
        (QuoteState::Pending, _) => tell::peers_of(tx, quoting, Intent::QuoteRequest { status: quoting.id }),
        (QuoteState::Accepted, Some(author)) => {
            tell::notify(tx, author, NotificationKind::Quote, quoting.account, quoting)?;
        }
        _ => {}
    }
    Ok(())
}

/// Stores who may quote a local status that everybody may read; of another it says nothing.
pub(super) fn choose(tx: &mut Tx<'_>, status: &Status, choice: Choice) -> Result<()> {
    if status.is_public() {
        quote::put_policy(tx, status.id, Some(choice.policy()))?;
    }
    Ok(())
}

/// Changes who may quote a status of `author` from now on.
///
/// # Errors
/// `NotFound` if it is not `author`'s own or a reblog.
///
/// Source: client API, statuses#interaction_policy.
pub fn set_policy(tx: &mut Tx<'_>, author: AccountId, id: StatusId, choice: Choice) -> Result<Status> {
    let status = status::find(tx, id)?.filter(|status| status.account == author && status.reblog_of.is_none());
    let status = status.ok_or(Error::NotFound)?;
    let before = policy(tx, &status)?;
    choose(tx, &status, choice)?;
    if policy(tx, &status)? != before {
        changed(tx, &status);
    }
    Ok(status)
}

/// Takes back that `quoting` quotes the status `id` of `author`; a second time nothing happens. Answers the quoting
/// status, which perhaps is not for `author`.
///
/// # Errors
/// `NotFound` if it does not quote it, or `id` may not be seen; `Forbidden` if `id` is somebody else's.
///
/// Source: client API, statuses#revoke quote.
pub fn revoke(tx: &mut Tx<'_>, author: AccountId, id: StatusId, quoting: StatusId) -> Result<Status> {
    let quoted = require(tx, Some(author), id)?;
    if quoted.account != author {
        return Err(Error::Forbidden("This action is not allowed"));
    }
    let row = quote::find(tx, quoting)?.filter(|row| row.quoted == Some(id)).ok_or(Error::NotFound)?;
    let quoting = status::find(tx, quoting)?.ok_or(Error::NotFound)?;
    if row.state != QuoteState::Accepted || quoting.account == author {
        return Ok(quoting);
    }
    let stamp = row.stamp.clone();
    settle(tx, &quoting, &Quote { state: QuoteState::Revoked, stamp: String::new(), ..row })?;
    tell::peers_of(tx, &quoting, Intent::RevokeQuote { author, stamp, quoter: quoting.account });
    Ok(quoting)
}

/// Stores a new answer of the quoted author, and tells whoever has the quoting status before their eyes.
pub(super) fn settle(tx: &mut Tx<'_>, quoting: &Status, row: &Quote) -> Result<()> {
    quote::put(tx, quoting, row)?;
    changed(tx, quoting);
    if let Some(quoted) = row.quoted {
        tx.emit(Event::StatusCounted { status: quoted });
    }
    let Some(author) = row.author else { return Ok(()) };
    match row.state {
        QuoteState::Accepted => tell::notify(tx, author, NotificationKind::Quote, quoting.account, quoting),
        _ => Ok(notification::withdraw(tx, author, NotificationKind::Quote, quoting.account, Some(quoting.id))?),
    }
}

/// Forgets what the status that goes quotes, and how it was quoted.
pub(super) fn forget(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    quote::QUOTABILITY.delete(tx, &status.id);
    unquote(tx, status)
}

/// The status quotes nothing any more.
pub(super) fn unquote(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let Some(row) = quote::remove(tx, status)? else { return Ok(()) };
    if let Some(quoted) = row.quoted {
        if status.local {
            retention::untouch(tx, quoted, status.account)?;
        }
        tx.emit(Event::StatusCounted { status: quoted });
    }
    if let Some(author) = row.author {
        notification::withdraw(tx, author, NotificationKind::Quote, status.account, Some(status.id))?;
        notification::withdraw(tx, status.account, NotificationKind::QuotedUpdate, author, Some(status.id))?;
    }
    Ok(())
}

/// A status looks different though its author has not edited it.
pub(super) fn changed(tx: &mut Tx<'_>, status: &Status) {
    if status.local {
        tell::peers_of(tx, status, Intent::Update { status: status.id });
    }
    tx.emit(Event::StatusUpdated { status: status.id, account: status.account });
}
