//! The public and local timelines.

use super::window::{Choice, Filling, Page, Window, scanning};
use crate::{error::Result, visibility::Sight};
use storage::{
    AccountId, Read, StatusId, Table,
    status::{LOCAL_TIMELINE, PUBLIC_TIMELINE, Shape},
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

/// Which listed statuses are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    /// Where they were written.
    pub origins: Origins,
    /// Only those with media.
    pub only_media: bool,
}

impl Listed {
    pub(super) fn wants(self, shape: &Shape) -> bool {
        shape.media || !self.only_media
    }

    pub(super) fn wants_from(self, local: bool) -> bool {
        match self.origins {
            Origins::All => true,
            Origins::Local => local,
            Origins::Remote => !local,
        }
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
            filling.look(id, |status| Ok(listed.wants_from(status.local) && sight.may_list(status)?))
        },
    )?;
    Ok(filling.finish())
}
