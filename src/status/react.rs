//! Emoji on statuses: putting them there, taking them back, from here and from elsewhere, and showing them.

use super::{
    accept,
    interaction::{self, Leave, Way},
    mark, require, require_original, tell,
};
use crate::{
    account::require_acting,
    emoji::{self, own},
    error::{Error, Result},
    limits,
    origin::check_uri,
    visibility::Sight,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Digest, Direction, Event, Read, RowId, StatusId, Tx,
    account::Account,
    custom_emoji, habit,
    intent::Intent,
    interaction::{Interaction, RequestState, find_of},
    notification::{self, NotificationKind},
    reaction::{self, REACTION_BY_URI, REACTION_KINDS, REACTIONS, Reaction, ReactionKind, ReactionRef},
    retention,
    status::{self, FAVOURITES, Status},
};

/// An emoji on a status, as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Itself, or `shortcode@domain`.
    pub name: String,
    /// How many people put it there, and its picture.
    pub kind: ReactionKind,
    /// The viewer did.
    pub me: bool,
}

/// An emoji of another server, as a peer sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteEmoji {
    /// Itself, or `shortcode@domain`.
    pub name: String,
    /// The picture of a custom one.
    pub picture: Option<String>,
}

/// Puts an emoji on a status (of a reblog: the original); a second time nothing happens. Answers the status. A custom
/// emoji is one of this server's own that is enabled, or is there already.
///
/// # Errors
/// `NotFound` if `by` may not see it; `Forbidden` if its author, who lives here, does not let them, or is to be asked first;
/// `Invalid` for what is no emoji, and above the bounds.
///
/// Source: Pleroma, `PUT /api/v1/pleroma/statuses/:id/reactions/:emoji`.
pub fn react(tx: &mut Tx<'_>, by: AccountId, id: StatusId, typed: &str) -> Result<Status> {
    let status = require_original(tx, by, id)?;
    let named = ReactionRef { account: by, status: status.id, name: name(tx, status.id, typed)? };
    if REACTIONS.contains(tx, &reaction::key_of(&named))? {
        return Ok(status);
    }
    match leave(tx, by, &status)? {
        Leave::Given | Leave::GivenToGroup => {}
        Leave::OnRequest => {
            return Err(Error::Forbidden("The author of this post is asked first: favourite it to do so"));
        }
        Leave::Denied => return Err(Error::Forbidden("The author of this post does not let you react to it")),
    }
    if own::is_shortcode(&named.name) && own::find(tx, &named.name)?.is_none() {
        return Err(no_emoji());
    }
    check_room(tx, &named)?;
    let who = require_acting(tx, by)?;
    let row: RowId = tx.next_id();
    let told = how_told(tx, by, &status)?;
    put(tx, &status, &named, None, row, told.path(&who, row))?;
    if !status.local {
        let (account, status, name) = (by, status.id, named.name);
        let intent = match told {
            Told::Reaction => Intent::React { account, status, row, name },
            Told::Favourite => Intent::LikeWithEmoji { account, status, row, name },
        };
        tell::peers(tx, intent);
    }
    Ok(status)
}

/// What `by` may do with `status` in the way of emoji: what they may with favourites, if its author lives here. Authors
/// elsewhere see to that themselves.
fn leave(read: &dyn Read, by: AccountId, status: &Status) -> Result<Leave> {
    if !status.local {
        return Ok(Leave::Given);
    }
    let asked = find_of(read, by, Interaction::Favourite, status.id)?;
    match asked.map(|(_, request)| request.state) {
        Some(RequestState::Accepted) => Ok(Leave::Given),
        Some(RequestState::Pending) => Ok(Leave::OnRequest),
        Some(RequestState::Rejected) => Ok(Leave::Denied),
        None => interaction::leave(read, by, status, Interaction::Favourite),
    }
}

/// How a reaction made here is told to the author's server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// As what it is, which servers without reactions pass over.
    Reaction,
    /// So that those take it for a favourite.
    Favourite,
}

/// What the path of a reaction ends in that was told as a favourite: by it the way back is found.
const AS_FAVOURITE: &str = "/like";

impl Told {
    /// The path of a reaction of `who` that is told so.
    #[must_use]
    pub fn path(self, who: &Account, row: RowId) -> String {
        let end = match self {
            Told::Reaction => "",
            Told::Favourite => AS_FAVOURITE,
        };
        format!("{}#reactions/{row}{end}", who.uri)
    }

    /// How a reaction made here was told.
    fn of(reaction: &Reaction) -> Self {
        if reaction.uri.ends_with(AS_FAVOURITE) { Told::Favourite } else { Told::Reaction }
    }
}

/// As a favourite, if `by` chose that, its author lets everybody like it, and nothing else of `by` is a favourite there
/// already, which its end would take along.
fn how_told(read: &dyn Read, by: AccountId, status: &Status) -> Result<Told> {
    if status.local || !habit::of(read, by)?.likes_with_emoji {
        return Ok(Told::Reaction);
    }
    let is_let = match interaction::way(read, by, status, Interaction::Favourite) {
        Err(Error::Forbidden(_)) => false,
        way => way? == Way::Now,
    };
    let is_one = FAVOURITES.contains(read, &(by, status.id))? || told_as_favourite(read, by, status.id)?.is_some();
    Ok(if is_let && !is_one { Told::Favourite } else { Told::Reaction })
}

/// The reaction of `by` that stands for a favourite elsewhere, and its emoji.
///
/// # Errors
/// Storage errors.
pub(super) fn told_as_favourite(read: &dyn Read, by: AccountId, id: StatusId) -> Result<Option<(String, Reaction)>> {
    Ok(reaction::of(read, id, by)?.into_iter().find(|(_, reaction)| Told::of(reaction) == Told::Favourite))
}

/// Takes an emoji back; nothing happens if it is not there. Answers the status, which `by` perhaps may not see any more.
///
/// # Errors
/// `NotFound` if the status is unknown, or the emoji is not there and `by` may not see the status.
///
/// Source: Pleroma, `DELETE /api/v1/pleroma/statuses/:id/reactions/:emoji`.
pub fn unreact(tx: &mut Tx<'_>, by: AccountId, id: StatusId, typed: &str) -> Result<Status> {
    let row = status::find(tx, id)?.ok_or(Error::NotFound)?;
    let original = row.reblog_of.unwrap_or(id);
    let named = ReactionRef { account: by, status: original, name: name(tx, original, typed)? };
    if !REACTIONS.contains(tx, &reaction::key_of(&named))? {
        return require_original(tx, by, id);
    }
    let status = status::find(tx, original)?.ok_or(Error::NotFound)?;
    let picture = match REACTION_KINDS.get(tx, &(original, named.name.clone()))?.and_then(|kind| kind.picture) {
        None => custom_emoji::find(tx, &named.name)?.map(|emoji| emoji.file.path()),
        picture => picture,
    };
    if let Some(reaction) = take_back(tx, &status, &named)?
        && !status.local
    {
        let (status_uri, author, name) = (status.uri.clone(), status.account, named.name);
        let (account, row) = (by, reaction.row);
        match Told::of(&reaction) {
            Told::Reaction => {
                tell::peers(tx, Intent::UndoReact { account, row, status_uri, author, name, picture });
            }
            Told::Favourite => {
                tell::peers(tx, Intent::UndoLikeWithEmoji { account, row, status_uri, author, name, picture });
                // Where the two are one it is gone with the reaction.
                if let Some(favourite) = FAVOURITES.get(tx, &(by, status.id))? {
                    tell::peers(tx, Intent::Like { account, status: status.id, row: favourite.row });
                }
            }
        }
    }
    Ok(status)
}

/// `by`, of elsewhere, puts an emoji on a status; `uri` is the activity's id, perhaps empty. Whether it was new, and let.
/// It needs the leave of an author here as a favourite does. Where they are to be asked it is a favourite that waits for
/// their word, without the emoji; what they do not let is refused as one.
///
/// # Errors
/// `NotFound` for a status that is unknown or that `by` may not see; `Invalid` above the bounds.
///
/// Source: FEDERATION §3 (EmojiReact, Like with an emoji).
pub fn accept_reaction(tx: &mut Tx<'_>, by: AccountId, id: StatusId, emoji: &RemoteEmoji, uri: &str) -> Result<bool> {
    check_uri(uri)?;
    accept::require_remote(tx, by)?;
    if accept::is_taken_back(tx, by, uri)? {
        return Ok(false);
    }
    let status = require_original(tx, by, id)?;
    let named = ReactionRef { account: by, status: status.id, name: emoji.name.clone() };
    if REACTIONS.contains(tx, &reaction::key_of(&named))? {
        return Ok(false);
    }
    match leave(tx, by, &status)? {
        Leave::Given | Leave::GivenToGroup => {}
        Leave::OnRequest | Leave::Denied => return accept::accept_favourite(tx, by, id, uri),
    }
    check_room(tx, &named)?;
    let row: RowId = tx.next_id();
    put(tx, &status, &named, emoji.picture.as_deref(), row, uri.to_owned())?;
    Ok(true)
}

/// `by`, of elsewhere, likes a status with an emoji: it is put there, and where there is no more room for it the Like is a
/// favourite. Whether it was new, and let.
///
/// # Errors
/// As [`accept_reaction`], but for the bounds of emoji.
pub fn accept_like(tx: &mut Tx<'_>, by: AccountId, id: StatusId, emoji: &RemoteEmoji, uri: &str) -> Result<bool> {
    match accept_reaction(tx, by, id, emoji, uri) {
        // It is refused before anything is written.
        Err(Error::Invalid { .. }) => accept::accept_favourite(tx, by, id, uri),
        outcome => outcome,
    }
}

/// `by` takes a reaction back, named by the activity's id, or by what the Undo may mean by its words, the likeliest first.
/// Several may have one id, so what the words name goes before what the id names. Whether there was one.
///
/// # Errors
/// `Forbidden` if the id belongs to somebody else's.
pub fn accept_undo_reaction(tx: &mut Tx<'_>, by: AccountId, uri: Option<&str>, said: &[ReactionRef]) -> Result<bool> {
    let known = match uri.filter(|uri| !uri.is_empty()) {
        Some(uri) => REACTION_BY_URI.get(tx, &Digest::of(uri))?,
        None => None,
    };
    if known.as_ref().is_some_and(|known| known.account != by) {
        return Err(Error::Forbidden("only who reacted takes it back"));
    }
    let named = match known {
        Some(known) if said.contains(&known) => Some(known),
        known => first_there(tx, said)?.or(known),
    };
    let gone = match &named {
        Some(named) => match status::find(tx, named.status)? {
            Some(status) => take_back(tx, &status, named)?,
            None => forget(tx, named)?,
        },
        None => None,
    };
    if let Some(gone) = &gone {
        accept::forget_for_good(tx, &gone.uri);
    }
    Ok(gone.is_some())
}

/// The first of these reactions that is there.
fn first_there(read: &dyn Read, said: &[ReactionRef]) -> Result<Option<ReactionRef>> {
    for named in said {
        if REACTIONS.contains(read, &reaction::key_of(named))? {
            return Ok(Some(named.clone()));
        }
    }
    Ok(None)
}

/// The emoji on a status, in the order in which they came; nothing is read of one that has none.
///
/// # Errors
/// Storage errors.
pub fn shown(read: &dyn Read, viewer: Option<AccountId>, id: StatusId, reactions: u64) -> Result<Vec<Shown>> {
    if reactions == 0 {
        return Ok(Vec::new());
    }
    let mut shown = Vec::new();
    for (name, kind) in reaction::kinds(read, id)? {
        let me = match viewer {
            Some(viewer) => REACTIONS.contains(read, &(id, name.clone(), viewer))?,
            None => false,
        };
        shown.push(Shown { name, kind, me });
    }
    Ok(shown)
}

/// The emoji on a status that `viewer` may see, each with people who put it there and whom `viewer` may meet: of
/// `limits::REACTION_PEOPLE_SCANNED` looked at, at most `limits::REACTION_PEOPLE_SHOWN`.
///
/// # Errors
/// `NotFound` if `viewer` may not see it.
///
/// Source: Pleroma, `GET /api/v1/pleroma/statuses/:id/reactions`.
pub fn people(
    read: &dyn Read,
    viewer: Option<AccountId>,
    id: StatusId,
    only: Option<&str>,
) -> Result<Vec<(Shown, Vec<AccountId>)>> {
    let status = require(read, viewer, id)?;
    let id = status.reblog_of.unwrap_or(id);
    let only = only.map(|typed| emoji::unicode(typed).unwrap_or_else(|| bare(typed).to_owned()));
    let sight = Sight::new(read, viewer);
    let (mut found, mut left) = (Vec::new(), limits::REACTION_PEOPLE_SCANNED);
    for shown in shown(read, viewer, id, status::stats(read, id)?.reactions)? {
        if only.as_ref().is_some_and(|only| *only != shown.name) {
            continue;
        }
        // One budget for all kinds: whoever looks costs a bounded number of rows.
        let mut who = Vec::new();
        REACTIONS.scan(read, &(id, shown.name.clone()), Bounds::NONE, Direction::Ascending, |(_, _, account), _| {
            if left == 0 {
                return Ok(ControlFlow::Break(()));
            }
            who.push(account);
            left -= 1;
            Ok(ControlFlow::Continue(()))
        })?;
        let mut accounts = Vec::new();
        for account in who {
            if accounts.len() < limits::REACTION_PEOPLE_SHOWN && sight.lists_account(account)? {
                accounts.push(account);
            }
        }
        found.push((shown, accounts));
    }
    Ok(found)
}

/// Removes some of the reactions to the deleted status `id` of `author`; answers how many.
pub(super) fn purge_status(tx: &mut Tx<'_>, author: AccountId, id: StatusId, limit: usize) -> Result<usize> {
    let rows = REACTIONS.list(tx, &id, Bounds::NONE, Direction::Ascending, limit)?;
    for ((status, name, account), _) in &rows {
        let named = ReactionRef { account: *account, status: *status, name: name.clone() };
        forget(tx, &named)?;
        notification::withdraw(tx, author, NotificationKind::Reaction, *account, Some(id))?;
    }
    Ok(rows.len())
}

/// Removes some of the reactions of the deleted account `who`; answers how many.
pub(super) fn purge_account(tx: &mut Tx<'_>, who: AccountId, limit: usize) -> Result<usize> {
    let rows = reaction::REACTIONS_OF_ACCOUNT.list(tx, &who, Bounds::NONE, Direction::Ascending, limit)?;
    for (key, named) in &rows {
        match status::find(tx, named.status)? {
            Some(status) => take_back(tx, &status, named)?,
            None => forget(tx, named)?,
        };
        reaction::REACTIONS_OF_ACCOUNT.delete(tx, key);
    }
    Ok(rows.len())
}

fn put(
    tx: &mut Tx<'_>,
    status: &Status,
    named: &ReactionRef,
    picture: Option<&str>,
    row: RowId,
    uri: String,
) -> Result<()> {
    // An id that names another reaction already does not name this one.
    let taken = !uri.is_empty() && REACTION_BY_URI.contains(tx, &Digest::of(&uri))?;
    let uri = if taken { String::new() } else { uri };
    let created_at = tx.now();
    reaction::put(tx, named, picture, &Reaction { row, created_at, uri })?;
    mark::hold(tx, named.account, status)?;
    tell::notify(tx, status.account, NotificationKind::Reaction, named.account, status)?;
    tx.emit(Event::StatusCounted { status: status.id });
    Ok(())
}

fn take_back(tx: &mut Tx<'_>, status: &Status, named: &ReactionRef) -> Result<Option<Reaction>> {
    let Some(gone) = forget(tx, named)? else { return Ok(None) };
    if reaction::of(tx, status.id, named.account)?.is_empty() {
        let (kind, from) = (NotificationKind::Reaction, named.account);
        notification::withdraw(tx, status.account, kind, from, Some(status.id))?;
    }
    tx.emit(Event::StatusCounted { status: status.id });
    Ok(Some(gone))
}

fn forget(tx: &mut Tx<'_>, named: &ReactionRef) -> Result<Option<Reaction>> {
    let gone = reaction::remove(tx, named)?;
    if gone.is_some() {
        retention::untouch(tx, named.status, named.account)?;
    }
    Ok(gone)
}

/// Refuses one kind too many on the status or by the person.
fn check_room(read: &dyn Read, named: &ReactionRef) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid("emoji", why));
    let new = !REACTION_KINDS.contains(read, &(named.status, named.name.clone()))?;
    if new && reaction::kinds(read, named.status)?.len() >= storage::limits::REACTION_KINDS_MAX {
        return refuse(format!("post has {} different reactions; no more", storage::limits::REACTION_KINDS_MAX));
    }
    if reaction::of(read, named.status, named.account)?.len() >= limits::REACTIONS_PER_PERSON_MAX {
        return refuse(format!("you have reacted {} times to this post; no more", limits::REACTIONS_PER_PERSON_MAX));
    }
    Ok(())
}

/// The name of what somebody here typed: an emoji, a custom one that is on the status, or one of this server's own.
fn name(read: &dyn Read, status: StatusId, typed: &str) -> Result<String> {
    if let Some(name) = emoji::unicode(typed) {
        return Ok(name);
    }
    let custom = bare(typed).to_owned();
    let known = custom.len() <= limits::REACTION_NAME_BYTES_MAX
        && !custom.contains('\0')
        && REACTION_KINDS.contains(read, &(status, custom.clone()))?;
    if known || own::find(read, &custom)?.is_some() { Ok(custom) } else { Err(no_emoji()) }
}

fn no_emoji() -> Error {
    Error::invalid("emoji", "this is no emoji that can be used here")
}

/// Without the colons around it.
fn bare(typed: &str) -> &str {
    let typed = typed.strip_prefix(':').unwrap_or(typed);
    typed.strip_suffix(':').unwrap_or(typed)
}
