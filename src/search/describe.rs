//! What is indexed of a status.

use super::words::words;
use crate::text::plain_text;
use storage::{
    AccountId, Read,
    account::{self, Account},
    search::{Describe, Document, Query, Word},
    status::{self, Status, Visibility},
    tag,
};

/// The number of the way statuses are described below; to be raised with every change of it, or of `words`.
const FORMAT: u32 = 1;
/// Places between two texts of one status, so that no phrase reaches from one into the next.
const BETWEEN_TEXTS: u32 = 8;

/// The mark of public statuses whose author lets them be searched.
pub(super) const OPEN: &str = "open";
/// The mark of public statuses.
pub(super) const PUBLIC: &str = "public";
/// The mark of reblogs.
pub(super) const BOOST: &str = "is:boost";

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
        if status.reblog_of.is_some() {
            marks.push(BOOST.to_owned());
        } else {
            marks.extend(status.mentions.iter().map(|account| mentions(*account)));
            if let Some(reply) = &status.reply {
                marks.push("is:reply".to_owned());
                marks.extend(reply.account.map(to));
            }
            if status.visibility == Visibility::Public {
                marks.push(PUBLIC.to_owned());
                if account::find(read, status.account)?.is_some_and(|author| author.indexable) {
                    marks.push(OPEN.to_owned());
                }
            }
        }
        let (id, author) = (status.id, status.account);
        Ok(Some(Document { id, author, created_at: status.created_at, words: words_of(&original), marks }))
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

pub(super) fn tagged(normalised: &str) -> String {
    format!("tag:{normalised}")
}

pub(super) fn in_language(lower: &str) -> String {
    format!("language:{lower}")
}

fn marks_of_content(status: &Status) -> Vec<String> {
    let mut marks: Vec<String> = status.tags.iter().map(|tag| tagged(&tag::normalise(tag))).collect();
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

fn words_of(status: &Status) -> Vec<Word> {
    let content = plain_text(&status.content);
    let media = status.attachments.iter().map(|attachment| attachment.description.as_str());
    let options = status.poll.iter().flat_map(|poll| &poll.options).map(|option| option.title.as_str());
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
