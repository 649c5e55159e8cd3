//! Editing by the author, and what a status said before.

use super::{
    compose::Composed,
    interaction,
    quote::{self, Choice},
    tell,
};
use crate::{
    account::is_language,
    error::{Error, Result},
    limits, link,
    media::{self, Wanted},
    poll::{self, NewPoll},
};
use storage::{
    AccountId, Bounds, Direction, Event, Read, StatusId, Tx,
    intent::Intent,
    interaction::{InteractionPolicy, put_policy},
    status::{self, EDITS, Edit, Poll, Status},
};

/// The whole new content of a status; what an edit leaves out is gone (client API, statuses#update).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The text, composed.
    pub composed: Composed,
    /// The warning; may be empty.
    pub spoiler_text: String,
    /// Its pictures.
    pub media: Wanted,
    /// Media hidden at first; `None` leaves it.
    pub sensitive: Option<bool>,
    /// BCP 47; `None` leaves it.
    pub language: Option<String>,
    /// The poll; an edit without one takes it away.
    pub poll: Option<NewPoll>,
    /// Who may quote it; `None` leaves it.
    pub quote_policy: Option<Choice>,
    /// Who may favourite, answer and reblog it; `None` leaves it.
    pub interaction_policy: Option<InteractionPolicy>,
}

/// A version of a status, as the history shows it.
pub type Version = Edit;

/// Edits a status of `author`. An edit that changes nothing is none.
///
/// # Errors
/// `NotFound` if it is not `author`'s own or a reblog; `Invalid` for an empty or overlong text or after
/// `limits::EDITS_MAX` edits.
///
/// Source: client API, statuses#update.
pub fn edit(tx: &mut Tx<'_>, author: AccountId, id: StatusId, change: &Change) -> Result<Status> {
    let before = status::find(tx, id)?.filter(|status| status.account == author && status.reblog_of.is_none());
    let before = before.ok_or(Error::NotFound)?;
    if change.poll.is_some() && !change.media.ids.is_empty() {
        return Err(Error::invalid("media_ids", "a poll and pictures cannot be attached to one post"));
    }
    let mut after = before.clone();
    after.attachments = media::attach(tx, author, id, &change.media)?;
    let policy = change.interaction_policy.map_or_else(|| interaction::interaction_policy(tx, id), Ok)?;
    super::compose::check(&change.composed, &change.spoiler_text, &after.attachments, policy)?;
    after.text.clone_from(&change.composed.text);
    after.content.clone_from(&change.composed.content);
    after.content_type = change.composed.content_type;
    after.mentions.clone_from(&change.composed.mentions);
    after.tags.clone_from(&change.composed.tags);
    after.spoiler_text.clone_from(&change.spoiler_text);
    after.sensitive = !after.spoiler_text.is_empty() || change.sensitive.unwrap_or(before.sensitive);
    after.language = change.language.clone().filter(|language| is_language(language)).or(after.language);
    after.poll = edited_poll(tx, &before, change.poll.as_ref())?;
    if after == before {
        if let Some(choice) = change.quote_policy {
            quote::set_policy(tx, author, id, choice)?;
        }
        if let Some(policy) = change.interaction_policy {
            interaction::set_interaction_policy(tx, &before, policy)?;
        }
        return Ok(before);
    }
    if let Some(choice) = change.quote_policy {
        quote::choose(tx, &before, choice)?;
    }
    if let Some(policy) = change.interaction_policy {
        put_policy(tx, id, policy);
    }
    // Versions are told apart by their time.
    let now = tx.now();
    after.edited_at = Some(now.max(before.edited_at.unwrap_or(before.created_at).plus_ms(1)));
    if !keep_version(tx, &before)? {
        let why = format!("status has been edited {} times; at most {}", limits::EDITS_MAX, limits::EDITS_MAX);
        return Err(Error::invalid("status", why));
    }
    status::replace(tx, &before, &after)?;
    link::ask_again(tx, &before, &after);
    if let Some(asked) = before.poll.as_ref().filter(|_| after.poll != before.poll) {
        poll::forget_end(tx, id, asked)?;
    }
    if let (Some(asks), Some(new)) = (&after.poll, &change.poll)
        && after.poll != before.poll
    {
        if before.poll.as_ref().is_none_or(|asked| !poll::asks_the_same(asked, asks)) {
            poll::reset(tx, &before)?;
        }
        poll::begin(tx, id, asks, new.hide_totals)?;
    }
    tell::notify_mentioned(tx, &after, |account| !before.mentions.contains(&account))?;
    tell::notify_of_edit(tx, &after)?;
    tell::peers_of(tx, &after, Intent::Update { status: id });
    tx.emit(Event::StatusUpdated { status: id, account: author });
    Ok(after)
}

/// The poll after an edit: one that asks the same keeps its votes, and how long it lasts counts from the edit
/// (Mastodon). One that is over stays as it ended: who voted was told.
fn edited_poll(tx: &Tx<'_>, before: &Status, new: Option<&NewPoll>) -> Result<Option<Poll>> {
    let Some(new) = new else { return Ok(None) };
    let made = new.make(tx.now())?;
    Ok(Some(match before.poll.as_ref().filter(|asked| poll::asks_the_same(asked, &made)) {
        Some(asked) if poll::is_over(asked, tx.now()) => asked.clone(),
        Some(asked) => Poll { expires_at: made.expires_at, ..asked.clone() },
        None => made,
    }))
}

/// Keeps `before` in the history; says no when the history is full.
pub(super) fn keep_version(tx: &mut Tx<'_>, before: &Status) -> Result<bool> {
    let last = EDITS.list(tx, &before.id, Bounds::NONE, Direction::Descending, 1)?;
    let number = last.first().map_or(0, |((_, number), _)| number + 1);
    if usize::try_from(number).map_or(true, |number| number >= limits::EDITS_MAX) {
        return Ok(false);
    }
    EDITS.put(tx, &(before.id, number), &Edit::of(before));
    Ok(true)
}

/// The versions of a status, the oldest first, the current one last.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, statuses#history.
pub fn history(read: &dyn Read, status: &Status) -> Result<Vec<Version>> {
    let rows = EDITS.list(read, &status.id, Bounds::NONE, Direction::Ascending, limits::EDITS_MAX)?;
    let mut versions: Vec<_> = rows.into_iter().map(|(_, edit)| edit).collect();
    versions.push(Edit::of(status));
    Ok(versions)
}
