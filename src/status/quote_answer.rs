//! Quotes in what peers send: statuses that quote, requests to quote, and the quoted authors' answers (FEP-044f).

use super::{
    accept::{Accepted, RemoteReply, RemoteStatus, accept},
    find_by_uri,
    quote::{Stance, settle, stamp_path, stance, unquote},
    tell,
};
use crate::{
    error::{Error, Result},
    limits,
    origin::Origin,
    visibility,
};
use storage::{
    AccountId, Digest, StatusId, Tx, account,
    intent::Intent,
    job::{self, JobKind},
    quote::{self, Quote, QuoteState},
    status::{self, Status, TOMBSTONES},
};

/// What a remote status quotes, as it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteQuote {
    /// The quoted status.
    pub of: RemoteReply,
    /// The stamp it shows; not verified.
    pub stamp: Option<String>,
}

/// Whether what a status quotes is read from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Further {
    /// By a job, at once.
    Now,
    /// By a job, within `limits::FETCH_SPREAD_MS`.
    Soon,
    /// Not now: it was itself read because it is quoted, or with a thread or profile while much waits to be read.
    Stop,
}

/// Stores what the remote status `quoting` says it quotes, in place of what it said before. What the quoted author is
/// known to have answered stays; what it merely claims is verified by a job. Whether anything changed.
pub(super) fn take(tx: &mut Tx<'_>, quoting: &Status, named: Option<&RemoteQuote>, further: Further) -> Result<bool> {
    let before = quote::find(tx, quoting.id)?;
    let Some(row) = named.map(|named| stated(tx, quoting, named, before.as_ref())).transpose()?.flatten() else {
        unquote(tx, quoting)?;
        return Ok(before.is_some());
    };
    let changed = before.as_ref() != Some(&row);
    if changed {
        if before.is_some_and(|before| before.uri != row.uri || before.author != row.author) {
            unquote(tx, quoting)?;
        }
        quote::put(tx, quoting, &row)?;
    }
    let open = row.state == QuoteState::Pending && !row.uri.is_empty();
    if open && (row.quoted.is_none() || !row.stamp.is_empty()) {
        let job = JobKind::FetchQuote { status: quoting.id };
        match further {
            Further::Now => {
                job::enqueue(tx, job);
            }
            Further::Soon => {
                job::enqueue_within(tx, job, limits::FETCH_SPREAD_MS);
            }
            Further::Stop => {}
        }
    }
    Ok(changed)
}

/// The row for what `quoting` says; none for what cannot be: itself, or something of ours that is not there.
fn stated(tx: &Tx<'_>, quoting: &Status, named: &RemoteQuote, before: Option<&Quote>) -> Result<Option<Quote>> {
    let (quoted, uri) = match &named.of {
        RemoteReply::Local(id) => match status::find(tx, *id)?.filter(|quoted| quoted.local) {
            Some(quoted) => (Some(quoted), String::new()),
            None => return Ok(None),
        },
        RemoteReply::Remote(uri) if uri.len() > limits::URI_BYTES_MAX => return Ok(None),
        RemoteReply::Remote(uri) => (status::find_by_uri(tx, uri)?, uri.clone()),
    };
    if uri == quoting.uri || quoted.as_ref().is_some_and(|quoted| quoted.reblog_of.is_some()) {
        return Ok(None);
    }
    let ours = uri.is_empty();
    let id = quoted.as_ref().map(|quoted| quoted.id);
    let author = quoted.as_ref().map(|quoted| quoted.account);
    let known = before.filter(|known| known.uri == uri && (!ours || known.quoted == id));
    let stamp = named.stamp.clone().filter(|stamp| !ours && stamp.len() <= limits::URI_BYTES_MAX).unwrap_or_default();
    let state = match known {
        _ if author == Some(quoting.account) => QuoteState::Accepted,
        // What our own people answered stands here and nowhere else.
        Some(known) if ours => return Ok(Some(known.clone())),
        Some(known) if known.stamp == stamp => known.state,
        // Also a stamp that was there and is no longer shown.
        _ => QuoteState::Pending,
    };
    let known = known.cloned();
    Ok(Some(Quote {
        quoted: id.or(known.as_ref().and_then(|known| known.quoted)),
        author: author.or(known.and_then(|known| known.author)),
        uri,
        state,
        stamp,
    }))
}

/// What a job found out about a pending quote: the quoted status, and whether its author vouches for `stamp`.
///
/// # Errors
/// Storage errors.
pub fn verified(tx: &mut Tx<'_>, quoting: StatusId, quoted: StatusId, stamp: Option<&str>) -> Result<()> {
    let (Some(row), Some(quoting)) = (quote::find(tx, quoting)?, status::find(tx, quoting)?) else { return Ok(()) };
    let Some(quoted) = status::find(tx, quoted)?.filter(|quoted| quoted.reblog_of.is_none()) else { return Ok(()) };
    if row.state != QuoteState::Pending || quoted.uri != row.uri || quoted.id == quoting.id {
        return Ok(());
    }
    let vouched = quoted.account == quoting.account || stamp.is_some_and(|stamp| stamp == row.stamp);
    let revoked = TOMBSTONES.contains(tx, &Digest::of(&row.stamp))?;
    let state = match (vouched, revoked) {
        (true, false) => QuoteState::Accepted,
        (true, true) => QuoteState::Revoked,
        (false, _) => QuoteState::Pending,
    };
    settle(tx, &quoting, &Quote { quoted: Some(quoted.id), author: Some(quoted.account), state, ..row })
}

/// The author of `remote` asks whether it may quote the status at `target`, one of ours. The quoting status is taken
/// in, and the answer is owed to its author. Whether the answer is yes.
///
/// # Errors
/// `NotFound` if the asking author may not even see what it wants to quote, or is to be ignored.
///
/// Source: FEP-044f, QuoteRequest.
pub fn accept_request(
    tx: &mut Tx<'_>,
    origin: &Origin,
    remote: &RemoteStatus,
    target: &str,
    request: &str,
) -> Result<bool> {
    let quoted = find_by_uri(tx, origin, target)?.filter(|quoted| quoted.local).ok_or(Error::NotFound)?;
    if !visibility::can_see(tx, Some(remote.author), &quoted)? {
        return Err(Error::NotFound);
    }
    if stance(tx, Some(remote.author), &quoted)? != Stance::Automatic {
        refuse(tx, remote, &quoted, request);
        return Ok(false);
    }
    let id = match accept(tx, remote)? {
        Accepted::New(id) | Accepted::Known(id) => id,
        Accepted::Deleted | Accepted::Irrelevant | Accepted::Refused | Accepted::Waits => return Err(Error::NotFound),
    };
    let quoting = status::find(tx, id)?.ok_or(Error::NotFound)?;
    // A status that is known may quote only since its last edit.
    take(tx, &quoting, remote.quote.as_ref(), Further::Stop)?;
    let row = quote::find(tx, id)?.filter(|row| row.quoted == Some(quoted.id)).ok_or(Error::NotFound)?;
    match row.state {
        QuoteState::Pending => {
            let author = account::find(tx, quoted.account)?.ok_or(Error::NotFound)?;
            settle(tx, &quoting, &Quote { state: QuoteState::Accepted, stamp: stamp_path(&author, id), ..row })?;
        }
        QuoteState::Accepted => {}
        // Asking again does not undo what the author took back.
        QuoteState::Rejected | QuoteState::Revoked => {
            refuse(tx, remote, &quoted, request);
            return Ok(false);
        }
    }
    tell::peers(tx, Intent::AcceptQuote { status: id, request: request.to_owned() });
    Ok(true)
}

fn refuse(tx: &mut Tx<'_>, remote: &RemoteStatus, quoted: &Status, request: &str) {
    tell::peers(
        tx,
        Intent::RejectQuote {
            author: quoted.account,
            requester: remote.author,
            request: request.to_owned(),
            quoted: quoted.uri.clone(),
            quoting: remote.uri.clone(),
        },
    );
}

/// The author `by` of what the local status `quoting` quotes agrees, with a stamp of their server. Whether that was
/// still open.
///
/// # Errors
/// `Invalid` for a stamp above `limits::URI_BYTES_MAX`; storage errors.
pub fn accepted(tx: &mut Tx<'_>, by: AccountId, quoting: StatusId, stamp: &str) -> Result<bool> {
    if stamp.len() > limits::URI_BYTES_MAX {
        let why = format!("stamp has {} bytes; at most {}", stamp.len(), limits::URI_BYTES_MAX);
        return Err(Error::invalid("result", why));
    }
    // A stamp may be taken back before it arrives.
    let gone = TOMBSTONES.contains(tx, &Digest::of(stamp))?;
    let state = if gone { QuoteState::Revoked } else { QuoteState::Accepted };
    answered(tx, by, quoting, state, stamp)
}

/// The author `by` of what the local status `quoting` quotes refuses. Whether that was still open.
///
/// # Errors
/// Storage errors.
pub fn rejected(tx: &mut Tx<'_>, by: AccountId, quoting: StatusId) -> Result<bool> {
    answered(tx, by, quoting, QuoteState::Rejected, "")
}

fn answered(tx: &mut Tx<'_>, by: AccountId, quoting: StatusId, state: QuoteState, stamp: &str) -> Result<bool> {
    let row = quote::find(tx, quoting)?.filter(|row| row.author == Some(by) && row.state == QuoteState::Pending);
    let (Some(row), Some(quoting)) = (row, status::find(tx, quoting)?.filter(|quoting| quoting.local)) else {
        return Ok(false);
    };
    settle(tx, &quoting, &Quote { state, stamp: stamp.to_owned(), ..row })?;
    Ok(true)
}

/// `by` deletes the stamp at `uri`. Whether a quote rested on it.
pub(super) fn accept_revocation(tx: &mut Tx<'_>, by: AccountId, uri: &str) -> Result<bool> {
    let found = quote::find_by_stamp(tx, uri)?.filter(|(_, row)| row.author == Some(by));
    let Some((id, row)) = found.filter(|(_, row)| row.state == QuoteState::Accepted) else { return Ok(false) };
    let Some(quoting) = status::find(tx, id)? else { return Ok(false) };
    settle(tx, &quoting, &Quote { state: QuoteState::Revoked, ..row })?;
    Ok(true)
}
