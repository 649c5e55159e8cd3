//! The public and local timelines.

use super::window::{Choice, Filling, Page, Window, scanning};
use crate::{error::Result, visibility::Sight};
use storage::{
    AccountId, Read, StatusId, Table,
    cause::{self, Cause},
    status::{LOCAL_TIMELINE, PUBLIC_TIMELINE, Shape, Status},
};

/// Where the statuses of a timeline were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origins {
    /// Anywhere.
    #[default]
    All,
    /// Here.
    Local,
    /// Elsewhere.
    Remote,
}

/// Whether statuses stand in a timeline that are here because of a relay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Relayed {
    /// Among the others.
    #[default]
    Among,
    /// Not at all; one row more is read of each status that was written elsewhere.
    LeftOut,
}

/// Which listed statuses are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    /// Where they were written.
    pub origins: Origins,
    /// Only those with media.
    pub only_media: bool,
    /// Those that are here because of a relay.
    pub relayed: Relayed,
}

impl Listed {
    pub(super) fn wants(self, shape: &Shape) -> bool {
        shape.media || !self.only_media
    }

    /// Whether where a status was written, and why it is here, let it in.
    pub(super) fn wants_from(self, read: &dyn Read, status: &Status) -> Result<bool> {
        let wanted = match self.origins {
            Origins::All => true,
            Origins::Local => status.local,
            Origins::Remote => !status.local,
        };
        if !wanted || status.local || self.relayed == Relayed::Among {
            return Ok(wanted);
        }
        Ok(!cause::of(read, status.id)?.is_some_and(|came| matches!(came.cause, Cause::Relay { .. })))
    }
}

/// Public statuses of everybody, no reblogs and no answers to others.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, timelines#public.
pub fn public(read: &dyn Read, viewer: Option<AccountId>, listed: Listed, window: Window) -> Result<Page> {
    let table: &Table<StatusId, Shape> = match listed.origins {
        Origins::Local => &LOCAL_TIMELINE,
        Origins::All | Origins::Remote => &PUBLIC_TIMELINE,
    };
    let sight = Sight::new(read, viewer);
    let mut filling = Filling::new(read, &sight, Choice::OfMany, window);
    scanning(
        |visit| table.scan(read, &(), window.bounds, window.direction, visit),
        |id, shape: Shape| {
            if shape.reply_to_other || !listed.wants(&shape) {
                return Ok(filling.skip(id));
            }
            filling.look(id, |status| Ok(listed.wants_from(read, status)? && sight.may_list(status)?))
        },
    )?;
    Ok(filling.finish())
}
