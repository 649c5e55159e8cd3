//! What was found out of statuses for home timelines, kept until a row it was read from changes: the statuses themselves,
//! and who is shown which.

use crate::{error::Result, limits, visibility::Sight};
use std::sync::Arc;
use storage::{
    AccountId, Kept, Read, StatusId,
    status::{self, STATUSES, Status},
};

/// What is kept for all viewers together.
pub(super) struct Seen {
    statuses: Kept<StatusId, Option<Arc<Status>>>,
    /// (viewer, status) → whether nothing about it or its authors keeps it from their home.
    listed: Kept<(AccountId, StatusId), bool>,
}

impl Default for Seen {
    fn default() -> Self {
        let weigh = |status: &Option<Arc<Status>>| status.as_ref().map_or(0, |status| weight(status));
        Seen {
            statuses: Kept::new(limits::STATUSES_KEPT_BYTES, weigh),
            listed: Kept::new(limits::LISTED_KEPT_BYTES, |_| 1),
        }
    }
}

impl Seen {
    /// The status with this id.
    pub(super) fn status(&self, read: &dyn Read, id: StatusId) -> Result<Option<Arc<Status>>> {
        self.statuses.look(read, &id, |read| Ok(status::find(read, id)?.map(Arc::new)))
    }

    /// Whether nothing needs to be read of this status.
    pub(super) fn knows(&self, read: &dyn Read, id: StatusId) -> bool {
        self.statuses.knows(read, &id)
    }

    /// As `Sight::lists_at_home`.
    pub(super) fn lists_at_home(&self, read: &dyn Read, sight: &Sight<'_>, status: &Status) -> Result<bool> {
        match sight.viewer() {
            // Where nothing is kept, what the page has learnt of its authors is worth more.
            Some(viewer) if read.horizon().is_some() => {
                self.listed.look(read, &(viewer, status.id), |read| {
                    // An edit may mention others.
                    STATUSES.contains(read, &status.id)?;
                    Sight::new(read, Some(viewer)).lists_at_home(status)
                })
            }
            _ => sight.lists_at_home(status),
        }
    }
}

/// Bytes of a status in memory, roughly.
fn weight(status: &Status) -> usize {
    let texts = [&status.uri, &status.text, &status.content, &status.spoiler_text];
    let attached = |attachment: &status::Attachment| {
        size_of::<status::Attachment>() + attachment.url.len() + attachment.description.len()
    };
    size_of::<Status>()
        + texts.iter().map(|text| text.len()).sum::<usize>()
        + status.attachments.iter().map(attached).sum::<usize>()
        + status.mentions.len() * size_of::<AccountId>()
        + status.tags.iter().map(String::len).sum::<usize>()
        + status.emojis.iter().map(|emoji| emoji.shortcode.len() + emoji.url.len()).sum::<usize>()
}
