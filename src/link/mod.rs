//! Lives here: links in statuses and their previews: which one is shown, what a page says of itself, what is kept of it.
//! May use: account, text, the lowest rooms, `storage`; html5ever, encoding_rs.
//! Must never name: statuses' rules, sockets, HTTP, ActivityPub, edges, the server.
//! Invariants: what is kept of a page is plain text of bounded length and http(s) addresses; reading a page takes time
//! linear in a bounded input; a preview goes with the last status that shows it.

mod charset;
mod choice;
mod head;
mod oembed;
mod page;

pub use charset::decode;
pub use choice::{links, of};
pub use head::{Head, head};
pub use oembed::add;
pub use page::{address, page, vouches};

use crate::{error::Result, limits, origin::Origin};
use storage::{
    Event, StatusId, Timestamp, Tx,
    card::{self, Card, Page},
    job::{self, JobKind},
    quote,
    status::{self, Status},
};

/// Asks for a look at the first link of a status that is new, if it may have one: at once for one written here, within
/// a minute for others, so that servers do not all come to a page at once.
pub fn ask(tx: &mut Tx<'_>, status: &Status) {
    if choice::may_have_one(status) {
        enqueue(tx, status);
    }
}

/// The same for one that was edited.
pub fn ask_again(tx: &mut Tx<'_>, before: &Status, after: &Status) {
    let may = choice::may_have_one(before) || choice::may_have_one(after);
    if before.content != after.content && may {
        enqueue(tx, after);
    }
}

fn enqueue(tx: &mut Tx<'_>, status: &Status) {
    let spread = if status.local { 0 } else { 1 + tx.random() % limits::CARD_SPREAD_MS };
    let due = tx.now().plus_ms(i64::try_from(spread).unwrap_or(0));
    job::enqueue_at(tx, JobKind::LinkCard { status: status.id }, due);
}

/// What the page behind a link said when it was asked just now; `None`: nothing to show.
pub type Answer = Option<Page>;

/// Lets the status `id` show the preview of `link`, its first; `answer` is there if the page was asked. Whoever sees the
/// status is told if its preview came after the status, `asked` being the time of that.
///
/// A page that does not answer any more is shown as it was. Nothing happens if the status has gone or has another link by
/// now.
///
/// # Errors
/// Storage errors.
pub fn settle(
    tx: &mut Tx<'_>,
    origin: &Origin,
    id: StatusId,
    link: &str,
    answer: Option<&Answer>,
    asked: Timestamp,
) -> Result<()> {
    let Some(status) = status::find(tx, id)? else { return Ok(()) };
    let quoted = quote::find(tx, id)?.map(|row| row.uri);
    if of(origin, &status, quoted.as_deref()).as_deref() != Some(link) {
        return Ok(());
    }
    let before = card::find(tx, link)?;
    let (looked_at, known) = before.map_or((Timestamp(0), None), |card| (card.looked_at, card.page));
    let (looked_at, page) = match answer {
        Some(answer) => {
            let page = answer.clone().or_else(|| known.clone());
            let card = Card { link: link.to_owned(), looked_at: tx.now(), page: page.clone() };
            card::put(tx, &card)?;
            (card.looked_at, page)
        }
        None => (looked_at, known.clone()),
    };
    let is_new = card::attach(tx, id, link)?;
    let late = is_new && looked_at >= asked;
    if page.is_some() && (page != known || late) {
        tx.emit(Event::StatusUpdated { status: id, account: status.account });
    }
    Ok(())
}

/// Lets the status `id` show no preview: it has no link any more.
///
/// # Errors
/// Storage errors.
pub fn unsettle(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    Ok(card::detach(tx, id)?)
}
