//! Hashtags as the client API shows them (client API, Tag).

use super::Context;
use crate::status::tag_page;
use storage::tag::{Tag as Record, normalise};
use web::entity::Tag;

impl Context<'_> {
    /// A hashtag. Nothing is counted by day yet, so there is no history; nobody follows tags yet.
    #[must_use]
    pub fn tag(&self, record: &Record) -> Tag {
        let signed_in = self.viewer.is_some().then_some(false);
        Tag {
            id: record.id.to_string(),
            name: normalise(&record.name),
            url: tag_page(self.origin, &record.name),
            history: Vec::new(),
            following: signed_in,
            featuring: signed_in,
        }
    }
}
