//! Custom emoji as the client API shows them (client API, CustomEmoji): this server's own, and those of others.

use super::Context;
use crate::{
    emoji::own::{self, Own},
    error::Result,
    media::Variant,
};
use storage::{account::Emoji, custom_emoji::CustomEmoji as Record};
use web::entity::CustomEmoji;

impl Context<'_> {
    /// An emoji of this server's own, whether it may be used or not.
    #[must_use]
    pub fn own_emoji(&self, shortcode: &str, record: &Record) -> CustomEmoji {
        CustomEmoji {
            shortcode: shortcode.to_owned(),
            url: self.origin.url(&record.file.path()),
            static_url: self.origin.url(&record.still.as_ref().unwrap_or(&record.file).path()),
            visible_in_picker: record.in_picker,
            category: (!record.category.is_empty()).then(|| record.category.clone()),
        }
    }

    /// Those that pickers show.
    ///
    /// # Errors
    /// Storage errors.
    pub fn custom_emojis(&self) -> Result<Vec<CustomEmoji>> {
        Ok(self.drawn_own(&own::listed(self.read)?))
    }

    /// Those that somebody here names in one of `texts`.
    pub(super) fn own_emojis(&self, texts: &[&str]) -> Result<Vec<CustomEmoji>> {
        Ok(self.drawn_own(&own::used(self.read, texts)?))
    }

    fn drawn_own(&self, found: &[Own]) -> Vec<CustomEmoji> {
        found.iter().map(|(shortcode, record)| self.own_emoji(shortcode, record)).collect()
    }

    /// An emoji of another server, whose picture is shown through this one.
    ///
    /// # Errors
    /// Storage errors.
    pub fn emoji(&self, emoji: &Emoji) -> Result<CustomEmoji> {
        Ok(CustomEmoji {
            shortcode: emoji.shortcode.clone(),
            url: self.remote(Variant::Emoji, &emoji.url)?,
            static_url: self.remote(Variant::StillEmoji, &emoji.url)?,
            visible_in_picker: false,
            category: None,
        })
    }

    /// What somebody reacts with, if it is a picture: an emoji of another server, which `url` names, or one of this
    /// server's own that may be used.
    pub(super) fn reacted_with(&self, name: &str, url: Option<&str>) -> Result<Option<CustomEmoji>> {
        match url {
            Some(url) => self.emoji(&Emoji { shortcode: name.to_owned(), url: url.to_owned() }).map(Some),
            None => Ok(own::find(self.read, name)?.map(|record| self.own_emoji(name, &record))),
        }
    }
}
