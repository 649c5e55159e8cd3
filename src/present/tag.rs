//! Hashtags as the client API shows them (client API, Tag, FeaturedTag).

use super::Context;
use crate::{
    clock,
    error::Result,
    status::tag_page,
    tag::{self as rules, Featured},
    trend::{self, DayUse},
};
use storage::tag::{self, FEATURED_TAGS, TAG_FOLLOWS, Tag as Record, normalise};
use web::entity::{FeaturedTag, Tag, TagHistory, TrendsLink};

impl Context<'_> {
    /// A hashtag, with how it was used in the last days.
    ///
    /// # Errors
    /// Storage errors.
    pub fn tag(&self, record: &Record) -> Result<Tag> {
        self.drawn_tag(record.id.to_string(), &record.name)
    }

    /// The hashtag called `name`, also if nobody used it yet: then without a number.
    ///
    /// # Errors
    /// `Invalid` for what is no hashtag.
    pub fn tag_named(&self, name: &str) -> Result<Tag> {
        let key = rules::require_name(name)?;
        match tag::find(self.read, &key)? {
            Some(known) => self.tag(&known),
            None => self.drawn_tag(String::new(), &key),
        }
    }

    /// A hashtag on a profile.
    #[must_use]
    pub fn featured_tag(&self, tag: &Featured) -> FeaturedTag {
        FeaturedTag {
            id: tag.row.to_string(),
            name: tag.name.clone(),
            url: tag_page(self.origin, &tag.name),
            statuses_count: tag.used.statuses.to_string(),
            last_status_at: (tag.used.statuses > 0).then(|| clock::iso_date(tag.used.last_status_at)),
        }
    }

    /// A page that is talked of (client API, Trends::Link).
    ///
    /// # Errors
    /// Storage errors.
    pub fn trending_link(&self, link: &trend::Link) -> Result<TrendsLink> {
        let history = link.history.iter().copied().map(day).collect();
        Ok(TrendsLink { card: self.preview(&link.page)?, history })
    }

    fn history_of(&self, name: &str) -> Vec<TagHistory> {
        let counted = self.trends.zip(self.now).map(|(trends, now)| trends.of_tag(name, now));
        counted.unwrap_or_default().into_iter().map(day).collect()
    }

    fn drawn_tag(&self, id: String, name: &str) -> Result<Tag> {
        let key = normalise(name);
        let listed = |table: &storage::Table<_, _>| match self.viewer {
            Some(viewer) => table.contains(self.read, &(viewer, key.clone())).map(Some),
            None => Ok(None),
        };
        Ok(Tag {
            id,
            url: tag_page(self.origin, name),
            history: self.history_of(&key),
            following: listed(&TAG_FOLLOWS)?,
            featuring: listed(&FEATURED_TAGS)?,
            name: key,
        })
    }
}

fn day(counted: DayUse) -> TagHistory {
    TagHistory {
        day: (counted.day.0 / 1_000).to_string(),
        uses: counted.uses.to_string(),
        accounts: counted.accounts.to_string(),
    }
}
