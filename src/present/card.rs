//! Previews of links as the client API shows them (client API, PreviewCard). Their pictures are shown through this server.

use super::Context;
use crate::{account::render, clock, error::Result, link, media::Variant};
use storage::{
    account,
    card::{self, Page, PageKind},
    quote::Quote,
    status::Status as Record,
};
use web::entity::{PreviewCard, PreviewCardAuthor};

impl Context<'_> {
    /// The preview of the first link of a status, if its page has been read. One row is read for a status with a link, none
    /// for others.
    pub(super) fn card(&self, record: &Record, quote: Option<&Quote>) -> Result<Option<PreviewCard>> {
        let quoted = quote.map(|row| row.uri.as_str());
        let Some(link) = link::of(self.origin, record, quoted) else { return Ok(None) };
        let page = card::find(self.read, &link)?.and_then(|card| card.page);
        page.map(|page| self.preview(&page)).transpose()
    }

    /// What is known of a page.
    ///
    /// # Errors
    /// Storage errors.
    pub fn preview(&self, page: &Page) -> Result<PreviewCard> {
        let picture = page.picture.as_ref();
        let (width, height) = picture.and_then(|picture| picture.size).unwrap_or_default();
        Ok(PreviewCard {
            url: page.url.clone(),
            title: page.title.clone(),
            description: page.description.clone(),
            kind: match page.kind {
                PageKind::Link => "link",
                PageKind::Photo => "photo",
            },
            author_name: page.author_name.clone(),
            author_url: page.author_url.clone(),
            provider_name: page.provider_name.clone(),
            provider_url: page.provider_url.clone(),
            authors: self.authors(page)?,
            html: String::new(),
            width,
            height,
            image: picture.map(|picture| self.remote(Variant::Small, &picture.url)).transpose()?,
            image_description: picture.map(|picture| picture.description.clone()).unwrap_or_default(),
            embed_url: match page.embed_url.as_str() {
                "" => String::new(),
                url => self.remote(Variant::Whole, url)?,
            },
            blurhash: None,
            language: page.language.clone(),
            published_at: page.published_at.map(clock::iso),
        })
    }

    /// The account that is the author, or who the page says it is.
    fn authors(&self, page: &Page) -> Result<Vec<PreviewCardAuthor>> {
        let creator = page.creator.map(|id| account::find(self.read, id)).transpose()?.flatten();
        if let Some(creator) = creator.filter(|creator| creator.suspended_at.is_none()) {
            let name = if creator.display_name.is_empty() { &creator.username } else { &creator.display_name };
            return Ok(vec![PreviewCardAuthor {
                name: name.clone(),
                url: render::page(self.origin, &creator),
                account: Some(self.account(creator.id)?),
            }]);
        }
        if page.author_name.is_empty() && page.author_url.is_empty() {
            return Ok(Vec::new());
        }
        let (name, url) = (page.author_name.clone(), page.author_url.clone());
        Ok(vec![PreviewCardAuthor { name, url, account: None }])
    }
}
