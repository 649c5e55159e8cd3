//! The statuses of one account.

use super::window::{Choice, Filling, Page, Window, scanning};
use crate::{error::Result, limits, tag as rules, visibility::Sight};
use storage::{
    AccountId, Bounds, Direction, Read, StatusId,
    status::{PIN_ROWS, STATUSES_OF_ACCOUNT, Shape},
    tag,
};

/// Which statuses of an account are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// No answers to others; threads stay.
    pub exclude_replies: bool,
    /// No reblogs.
    pub exclude_reblogs: bool,
    /// Only with media.
    pub only_media: bool,
    /// Only with this tag.
    pub tagged: Option<String>,
}

/// The statuses of `author` that `viewer` may see.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#statuses.
pub fn account(
    read: &dyn Read,
    viewer: Option<AccountId>,
    author: AccountId,
    wanted: &Wanted,
    window: Window,
) -> Result<Page> {
    let sight = Sight::new(read, viewer);
    let tagged = wanted.tagged.as_deref().map(rules::key);
    let mut filling = Filling::new(read, &sight, Choice::OfAuthor, window);
    scanning(
        |visit| STATUSES_OF_ACCOUNT.scan(read, &author, window.bounds, window.direction, visit),
        |(_, id): (AccountId, StatusId), shape: Shape| {
            if (wanted.exclude_replies && shape.reply_to_other)
                || (wanted.exclude_reblogs && shape.reblog)
                || (wanted.only_media && !shape.media)
            {
                return Ok(filling.skip(id));
            }
            filling.look(id, |status| {
                Ok(tagged.as_ref().is_none_or(|wanted| status.tags.iter().any(|name| tag::normalise(name) == *wanted)))
            })
        },
    )?;
    Ok(filling.finish())
}

/// The pinned statuses of `author` that `viewer` may see, the last pinned first; those within the window's bounds.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#statuses (`pinned`).
pub fn pinned(read: &dyn Read, viewer: Option<AccountId>, author: AccountId, window: Window) -> Result<Page> {
    let sight = Sight::new(read, viewer);
    let mut filling =
        Filling::new(read, &sight, Choice::OfAuthor, Window { direction: Direction::Descending, ..window });
    let rows = PIN_ROWS.list(read, &author, Bounds::NONE, Direction::Descending, limits::PINNED_STATUSES_MAX)?;
    for (_, id) in rows {
        if window.holds(id.0) && filling.look(id, |_| Ok(true))?.is_break() {
            break;
        }
    }
    Ok(filling.finish())
}
