//! What is indexed of a status.

use super::words::{folded_tag, words};
use crate::{limits, poll, text::plain_text};
use std::{borrow::Cow, collections::BTreeSet};
use storage::{
    AccountId, Bounds, Direction, Read,
    account::{self, Account, LOCAL_ACCOUNTS},
    poll::BALLOTS,
    quote,
    reaction::REACTIONS,
    search::{Describe, Document, Query, Word},
    silent,
    status::{self, FAVOURITED_BY, REBLOGS, REPLIES, Status, StatusStats, Visibility},
    tag,
};

/// The number of the way statuses are described below; to be raised with every change of it, or of `words`.
const FORMAT: u32 = 6;
/// Places between two texts of one status, so that no phrase reaches from one into the next.
const BETWEEN_TEXTS: u32 = 8;

/// The mark of public statuses whose author lets them be searched.
pub(super) const OPEN: &str = "open";
/// The mark of public statuses.
pub(super) const PUBLIC: &str = "public";
/// The mark of reblogs.
pub(super) const REBLOG: &str = "is:boost";

/// How statuses are described for the index.
pub struct Descriptions;

impl Describe for Descriptions {
    fn format(&self) -> u32 {
        FORMAT
    }

    fn describe(&self, read: &dyn Read, status: &Status) -> storage::Result<Option<Document>> {
        let original = match status.reblog_of {
            Some(original) => status::find(read, original)?,
            None => Some(status.clone()),
        };
        let Some(original) = original else { return Ok(None) };
        let mut marks = marks_of_content(&original);
        marks.push(from(status.account));
        let (mut sharers, mut tags) = (Vec::new(), Vec::new());
        if status.reblog_of.is_some() {
            marks.push(REBLOG.to_owned());
        } else {
            let silent = if status.local { Vec::new() } else { silent::of(read, status.id)? };
            let named = status.mentions.iter().filter(|account| !silent.contains(account));
            marks.extend(named.map(|account| mentions(*account)));
            if let Some(reply) = &status.reply {
                marks.push("is:reply".to_owned());
                marks.extend(reply.account.map(to));
            }
            let stats = status::stats(read, status.id)?;
            let shared = if stats.reblogs > 0 { sharers_of(read, status)? } else { Vec::new() };
            marks.extend(seen_by(read, status, &stats, &shared, silent)?.into_iter().map(seen));
            sharers = shared;
            if status.visibility == Visibility::Public {
                tags = status.tags.iter().map(|tag| tag::normalise(tag)).collect();
                marks.push(PUBLIC.to_owned());
                if account::find(read, status.account)?.is_some_and(|author| author.indexable) {
                    marks.push(OPEN.to_owned());
                }
            }
        }
        let (id, author) = (status.id, status.account);
        let (created_at, words) = (status.created_at, words_of(&original));
        Ok(Some(Document { id, author, sharers, tags, created_at, words, marks }))
    }

    fn outdated(&self, account: &Account) -> Query {
        let mark = |mark: &str| Query::Marks(vec![mark.to_owned()]);
        let by = Query::Marks(vec![from(account.id)]);
        let wrong = if account.indexable {
            Query::All(vec![mark(PUBLIC), Query::Not(Box::new(mark(OPEN)))])
        } else {
            mark(OPEN)
        };
        Query::All(vec![by, wrong])
    }
}

pub(super) fn from(account: AccountId) -> String {
    format!("from:{account}")
}

pub(super) fn to(account: AccountId) -> String {
    format!("to:{account}")
}

pub(super) fn mentions(account: AccountId) -> String {
    format!("mentions:{account}")
}

/// The mark of what somebody here favourited, shared, reacted to, voted on or answered, or that quotes them or addresses them
/// without naming them.
pub(super) fn seen(account: AccountId) -> String {
    format!("seen:{account}")
}

pub(super) fn tagged(folded: &str) -> String {
    format!("tag:{folded}")
}

pub(super) fn in_language(lower: &str) -> String {
    format!("language:{lower}")
}

/// Who shared a status, the newest first.
fn sharers_of(read: &dyn Read, status: &Status) -> storage::Result<Vec<AccountId>> {
    let most = limits::SEARCH_SHARERS;
    let rows = REBLOGS.list(read, &status.id, Bounds::NONE, Direction::Descending, most)?;
    Ok(rows.into_iter().map(|(_, account)| account).collect())
}

/// Who of this server had to do with a status that was shared by `sharers` and addresses `silent` without naming them; of many
/// those that `limits` say. Who bookmarked it no table says.
fn seen_by(
    read: &dyn Read,
    status: &Status,
    stats: &StatusStats,
    sharers: &[AccountId],
    silent: Vec<AccountId>,
) -> storage::Result<BTreeSet<AccountId>> {
    let (id, most) = (&status.id, limits::SEARCH_SEEN_ROWS);
    let mut all: BTreeSet<AccountId> = sharers.iter().copied().collect();
    if stats.favourites > 0 {
        let rows = FAVOURITED_BY.list(read, id, Bounds::NONE, Direction::Descending, most)?;
        all.extend(rows.into_iter().map(|(_, account)| account));
    }
    if stats.reactions > 0 {
        let rows = REACTIONS.list(read, id, Bounds::NONE, Direction::Ascending, most)?;
        all.extend(rows.into_iter().map(|((_, _, account), _)| account));
    }
    if status.poll.is_some() {
        // Accounts that became known by their vote are newer than most of this server.
        let rows = BALLOTS.list(read, id, Bounds::NONE, Direction::Ascending, most)?;
        all.extend(rows.into_iter().map(|((_, account), _)| account));
    }
    all.extend(quote::find(read, *id)?.and_then(|quote| quote.author));
    all.extend(silent);
    let mut here = BTreeSet::new();
    for account in all {
        if LOCAL_ACCOUNTS.contains(read, &account)? {
            here.insert(account);
        }
    }
    let answers = limits::SEARCH_SEEN_ANSWERS;
    for ((_, reply), ()) in REPLIES.list(read, id, Bounds::NONE, Direction::Descending, answers)? {
        here.extend(status::find(read, reply)?.filter(|reply| reply.local).map(|reply| reply.account));
    }
    Ok(here)
}

fn marks_of_content(status: &Status) -> Vec<String> {
    let mut marks: Vec<String> = status.tags.iter().map(|tag| tagged(&folded_tag(tag))).collect();
    if let Some(language) = &status.language {
        let language = language.to_lowercase();
        if let Some((primary, _)) = language.split_once('-') {
            marks.push(in_language(primary));
        }
        marks.push(in_language(&language));
    }
    for attachment in &status.attachments {
        let kind = attachment.media_type.split('/').next().unwrap_or_default();
        if matches!(kind, "image" | "video" | "audio") {
            marks.push(format!("has:{kind}"));
        }
    }
    for (mark, there) in [
        ("has:media", !status.attachments.is_empty()),
        ("has:poll", status.poll.is_some()),
        ("has:link", has_link(&status.content)),
        ("is:sensitive", status.sensitive),
    ] {
        if there {
            marks.push(mark.to_owned());
        }
    }
    marks
}

/// Whether sanitised HTML leads anywhere but to people and hashtags, whose links have a class or relation that says so.
fn has_link(html: &str) -> bool {
    html.split("<a ").skip(1).any(|behind| {
        let attributes = behind.split('>').next().unwrap_or_default();
        let of_kind = |name: &str, kinds: &[&str]| {
            let value = attributes.split_once(name).and_then(|(_, value)| value.split('"').next());
            value.is_some_and(|value| value.split(' ').any(|kind| kinds.contains(&kind)))
        };
        !of_kind("class=\"", &["mention", "hashtag"]) && !of_kind("rel=\"", &["tag"])
    })
}

/// What a status says, as words.
pub(super) fn words_of(status: &Status) -> Vec<Word> {
    let content = plain_text(&status.content);
    let media = status.attachments.iter().map(|attachment| attachment.description.as_str());
    let options = status.poll.iter().flat_map(|asked| &asked.options);
    let options: Vec<Cow<'_, str>> = options.map(|option| poll::shown_title(status, option)).collect();
    let options = options.iter().map(|title| &**title);
    let texts = [status.spoiler_text.as_str(), content.as_str()].into_iter().chain(media).chain(options);
    let mut all: Vec<Word> = Vec::new();
    for text in texts {
        let start = all.last().map_or(0, |last| last.place + BETWEEN_TEXTS);
        all.extend(words(text).into_iter().map(|word| Word { place: start + word.place, ..word }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_people_and_tags_are_none() {
        assert!(has_link("<p>see <a href=\"https://a.example/hashtag\" rel=\"nofollow\">a</a></p>"));
        assert!(!has_link("<p><a href=\"https://a.example/@b\" class=\"u-url mention\">@b</a> no <b>link</b></p>"));
        assert!(!has_link("<a class=\"mention hashtag\" rel=\"tag\" href=\"https://a.example/tags/x\">#x</a>"));
        assert!(!has_link("<a rel=\"tag nofollow\" href=\"https://a.example/tags/x\">#x</a>"));
    }
}
