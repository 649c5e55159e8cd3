//! Direct statuses: of all conversations of somebody in one list, or of one of them.

use super::window::{Choice, Filling, Page, Window, scanning};
use crate::{error::Result, visibility::Sight};
use storage::{AccountId, Read, RowId, StatusId, conversation::CONVERSATION_OF};

/// Direct statuses that `viewer` wrote or is mentioned in.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, timelines#direct, which conversations have replaced.
pub fn direct(read: &dyn Read, viewer: AccountId, window: Window) -> Result<Page> {
    let sight = Sight::new(read, Some(viewer));
    let mut filling = Filling::new(read, &sight, Choice::OfMany, window);
    scanning(
        |visit| CONVERSATION_OF.scan(read, &viewer, window.bounds, window.direction, visit),
        |(_, id): (AccountId, StatusId), _: RowId| filling.look(id, |_| Ok(true)),
    )?;
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
    scanning(
        |visit| CONVERSATION_OF.scan(read, &viewer, window.bounds, window.direction, visit),
        |(_, id): (AccountId, StatusId), of: RowId| match of == conversation {
            true => filling.look(id, |_| Ok(true)),
            false => Ok(filling.skip(id)),
        },
    )?;
    Ok(filling.finish())
}
