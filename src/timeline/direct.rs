//! Direct statuses: of all conversations of somebody in one list, or of one of them.

use super::window::{Choice, Filling, Page, Window};
use crate::{error::Result, limits, visibility::Sight};
use storage::{AccountId, Read, RowId, conversation::CONVERSATION_OF};

/// Direct statuses that `viewer` wrote or is mentioned in.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, timelines#direct, which conversations have replaced.
pub fn direct(read: &dyn Read, viewer: AccountId, window: Window) -> Result<Page> {
    let sight = Sight::new(read, Some(viewer));
    let mut filling = Filling::new(read, &sight, Choice::OfMany, window);
    for ((_, id), _) in CONVERSATION_OF.list(read, &viewer, window.bounds, window.direction, limits::SCAN_MAX)? {
        if filling.look(id, |_| Ok(true))?.is_break() {
            break;
        }
    }
    Ok(filling.finish())
}

/// The statuses of one conversation of `viewer`. Looks at `limits::SCAN_MAX` rows of all conversations: between the statuses
/// of an old one there may be pages without any.
///
/// # Errors
/// Storage errors.
pub fn conversation(read: &dyn Read, viewer: AccountId, conversation: RowId, window: Window) -> Result<Page> {
    let sight = Sight::new(read, Some(viewer));
    let mut filling = Filling::new(read, &sight, Choice::OfMany, window);
    for ((_, id), of) in CONVERSATION_OF.list(read, &viewer, window.bounds, window.direction, limits::SCAN_MAX)? {
        let flow = if of == conversation { filling.look(id, |_| Ok(true))? } else { filling.skip(id) };
        if flow.is_break() {
            break;
        }
    }
    Ok(filling.finish())
}
