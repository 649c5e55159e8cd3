//! Previews of links: what a page said of itself, which status points to which link, and the other way round.

use crate::{
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, StatusId, Timestamp},
    key::Digest,
    record,
    status::STATUSES,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// What a page is (client API, PreviewCard#type). Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageKind {
    /// A page to read.
    Link,
    /// A picture.
    Photo,
}

/// The picture of a page, at its own server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where it is.
    pub url: String,
    /// Alternative text; may be empty.
    pub description: String,
    /// Width and height in pixels, if the page says both.
    pub size: Option<(u32, u32)>,
}

/// What a page said of itself: plain texts of one line, http(s) addresses; what it did not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its own address as it gives it, else where the link led.
    pub url: String,
    /// What it is.
    pub kind: PageKind,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Who wrote it.
    pub author_name: String,
    /// Their page.
    pub author_url: String,
    /// The account that it names as its author and that agrees (client API, PreviewCard::Author).
    pub creator: Option<AccountId>,
    /// Whose page it is.
    pub provider_name: String,
    /// Their address.
    pub provider_url: String,
    /// Its picture.
    pub picture: Option<Picture>,
    /// The picture that is the page itself.
    pub embed_url: String,
    /// BCP 47.
    pub language: Option<String>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
}

/// A link that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The link.
    pub link: String,
    /// When its page was asked for last.
    pub looked_at: Timestamp,
    /// What the page said; `None`: there is nothing to show.
    pub page: Option<Page>,
}
record!(Card, 1);

/// Digest of a link → what its page said.
pub const CARDS: Table<Digest, Card> = Table::new(330, "card");
/// Status → digest of the link whose preview it shows.
pub const CARD_OF_STATUS: Table<StatusId, Digest> = Table::new(331, "card_of_status");
/// (digest of a link, status that shows its preview).
pub const STATUSES_OF_CARD: Table<(Digest, StatusId), ()> = Table::new(332, "status_of_card");
/// (digest of a page's own address, digest of a link that leads there).
pub const LINKS_OF_PAGE: Table<(Digest, Digest), ()> = Table::new(333, "link_of_page");

/// What is known of the page behind `link`.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, link: &str) -> Result<Option<Card>> {
    Ok(CARDS.get(read, &Digest::of(link))?.filter(|card| card.link == link))
}

/// Stores what is known of a page in place of what was.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, card: &Card) -> Result<()> {
    let link = Digest::of(&card.link);
    if let Some(before) = CARDS.get(tx, &link)? {
        unlist(tx, link, &before);
    }
    if let Some(page) = &card.page {
        LINKS_OF_PAGE.put(tx, &(Digest::of(&page.url), link), &());
    }
    CARDS.put(tx, &link, card);
    Ok(())
}

/// `status` shows the preview of `link`, which is stored, and of no other; whether that is new.
///
/// # Errors
/// Storage errors.
pub fn attach(tx: &mut Tx<'_>, status: StatusId, link: &str) -> Result<bool> {
    let link = Digest::of(link);
    if CARD_OF_STATUS.get(tx, &status)? == Some(link) {
        return Ok(false);
    }
    detach(tx, status)?;
    CARD_OF_STATUS.put(tx, &status, &link);
    STATUSES_OF_CARD.put(tx, &(link, status), &());
    Ok(true)
}

/// `status` shows no preview any more; one that nobody shows goes.
///
/// # Errors
/// Storage errors.
pub fn detach(tx: &mut Tx<'_>, status: StatusId) -> Result<()> {
    let Some(link) = CARD_OF_STATUS.get(tx, &status)? else { return Ok(()) };
    CARD_OF_STATUS.delete(tx, &status);
    STATUSES_OF_CARD.delete(tx, &(link, status));
    let shown = !STATUSES_OF_CARD.list(tx, &link, Bounds::NONE, Direction::Ascending, 1)?.is_empty();
    if let Some(card) = CARDS.get(tx, &link)?.filter(|_| !shown) {
        unlist(tx, link, &card);
        CARDS.delete(tx, &link);
    }
    Ok(())
}

fn unlist(tx: &mut Tx<'_>, link: Digest, card: &Card) {
    if let Some(page) = &card.page {
        LINKS_OF_PAGE.delete(tx, &(Digest::of(&page.url), link));
    }
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &STATUSES_OF_CARD,
        of: &[&CARD_OF_STATUS],
        wants: |status, link| vec![((*link, *status), ())],
        owner: |(_, status), ()| *status,
        claim: Claim::Sole,
    },
    &Index {
        table: &LINKS_OF_PAGE,
        of: &[&CARDS],
        wants: |link, card| card.page.iter().map(|page| ((Digest::of(&page.url), *link), ())).collect(),
        owner: |(_, link), ()| *link,
        claim: Claim::Sole,
    },
    &Reference {
        of: &CARD_OF_STATUS,
        to: |status, link| vec![Pointer::to(&STATUSES, status), Pointer::to(&CARDS, link)],
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn rows_of_version_one_stay_readable() {
        let page = Page {
            url: "u".to_owned(),
            kind: PageKind::Photo,
            title: "t".to_owned(),
            description: String::new(),
            author_name: "a".to_owned(),
            author_url: "b".to_owned(),
            creator: Some(AccountId(300)),
            provider_name: "p".to_owned(),
            provider_url: "q".to_owned(),
            picture: Some(Picture { url: "i".to_owned(), description: "d".to_owned(), size: Some((2, 3)) }),
            embed_url: "e".to_owned(),
            language: Some("en".to_owned()),
            published_at: Some(Timestamp(1)),
        };
        let card = Card { link: "l".to_owned(), looked_at: Timestamp(1), page: Some(page) };
        let bytes = b"\x01\x01l\x02\x01\x01u\x01\x01t\x00\x01a\x01b\x01\xac\x02\x01p\x01q\x01\x01i\x01d\x01\x02\x03\x01e\x01\x02en\x01\x02";
        assert_eq!(card.encode(), bytes);
        assert_eq!(Card::decode(bytes).expect("a row"), card);
        assert_eq!(Digest([7; 16]).encode(), [7; 16]);
    }
}
