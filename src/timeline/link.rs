//! Public statuses that show the preview of one page.

use super::window::{Choice, Filling, Page, Window};
use crate::{error::Result, limits, visibility::Sight};
use std::collections::BTreeSet;
use storage::{
    AccountId, Bounds, Digest, Direction, Read, StatusId, account,
    card::{LINKS_OF_PAGE, STATUSES_OF_CARD},
    status::Visibility,
};

/// Public statuses with a link to the page at `url`, by accounts that want to be found.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, timelines#link.
pub fn link(read: &dyn Read, viewer: Option<AccountId>, url: &str, window: Window) -> Result<Page> {
    let rows =
        LINKS_OF_PAGE.list(read, &Digest::of(url), Bounds::NONE, Direction::Ascending, limits::LINKS_OF_PAGE_MAX)?;
    // A page that nobody links to looks like one that is linked to where the viewer may not look.
    let sight = Sight::new(read, viewer);
    let mut filling = Filling::new(read, &sight, Choice::OfMany, window);
    for id in candidates(read, rows.into_iter().map(|((_, link), ())| link), window)? {
        let flow = filling.look(id, |status| {
            let wants_to_be_found = || -> Result<bool> {
                Ok(account::find(read, status.account)?.is_some_and(|author| author.discoverable == Some(true)))
            };
            Ok(status.visibility == Visibility::Public && sight.may_list(status)? && wants_to_be_found()?)
        })?;
        if flow.is_break() {
            break;
        }
    }
    Ok(filling.finish())
}

/// The first `limits::SCAN_MAX` statuses with one of `links`, in the window's direction.
fn candidates(read: &dyn Read, links: impl Iterator<Item = Digest>, window: Window) -> Result<Vec<StatusId>> {
    let mut merged = BTreeSet::new();
    let links: Vec<Digest> = links.collect();
    // One budget for all links of a page.
    let most = limits::SCAN_MAX / links.len().max(1);
    for link in links {
        let rows = STATUSES_OF_CARD.list(read, &link, window.bounds, window.direction, most)?;
        merged.extend(rows.into_iter().map(|((_, id), ())| id));
    }
    let rows = merged.into_iter();
    Ok(match window.direction {
        Direction::Ascending => rows.take(limits::SCAN_MAX).collect(),
        Direction::Descending => rows.rev().take(limits::SCAN_MAX).collect(),
    })
}
