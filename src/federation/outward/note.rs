//! Local statuses as Note objects (Activity Vocabulary §3.3; FEDERATION.md §2, "Posts").

use super::{PUBLIC, account_uri, followers_uri, full_handle, time};
use crate::{
    error::{Error, Result},
    origin::Origin,
};
use serde_json::{Map, Value, json};
use storage::{
    Read,
    account::{self, Account},
    status::{self, Poll, PollOption, Status, Visibility},
    tag,
};

/// Whom an object is addressed to (ActivityPub §5.6; FEDERATION.md §3, "Visibility").
pub struct Addressing {
    /// Primary recipients.
    pub to: Vec<String>,
    /// Further recipients.
    pub cc: Vec<String>,
}

impl Addressing {
    /// The recipients of something `author` shows with `visibility` and which mentions `mentions`.
    #[must_use]
    pub fn of(origin: &Origin, author: &Account, visibility: Visibility, mentions: &[String]) -> Self {
        let followers: Vec<String> = followers_uri(origin, author).into_iter().collect();
        let public = || vec![PUBLIC.to_owned()];
        let with_mentions = |mut list: Vec<String>| {
            list.extend(mentions.iter().cloned());
            list
        };
        match visibility {
            Visibility::Public => Addressing { to: public(), cc: with_mentions(followers) },
            Visibility::Unlisted => Addressing { to: followers, cc: with_mentions(public()) },
            Visibility::Private => Addressing { to: followers, cc: mentions.to_vec() },
            Visibility::Direct => Addressing { to: mentions.to_vec(), cc: Vec::new() },
        }
    }
}

/// A local status as a Note, without `@context`.
///
/// # Errors
/// Storage errors; `Bug` if the author's row is missing.
pub fn note(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Value> {
    let author = account::find(read, status.account)?
        .ok_or_else(|| Error::Bug(format!("status {} has no author row", status.id)))?;
    let mentioned = mentioned(read, status)?;
    let uris: Vec<String> = mentioned.iter().map(|account| account_uri(origin, account)).collect();
    let Addressing { to, cc } = Addressing::of(origin, &author, status.visibility, &uris);
    let id = origin.url(&status.uri);
    let summary = (!status.spoiler_text.is_empty()).then_some(status.spoiler_text.as_str());
    let mut document = json!({
        "id": id,
        "type": "Note",
        "summary": summary,
        "inReplyTo": parent_uri(read, origin, status)?,
        "published": time(status.created_at),
        "url": page(origin, &author, status),
        "attributedTo": account_uri(origin, &author),
        "to": to,
        "cc": cc,
        "sensitive": status.sensitive,
        "content": status.content,
        "attachment": [],
        "tag": tags(origin, status, &mentioned),
        "replies": {
            "id": format!("{id}/replies"),
            "type": "Collection",
            "first": { "type": "CollectionPage", "partOf": format!("{id}/replies"), "items": own_replies(read, origin, status)? },
        },
    });
    if let Some(language) = &status.language {
        let mut map = Map::new();
        map.insert(language.clone(), json!(status.content));
        document["contentMap"] = Value::Object(map);
    }
    if let Some(conversation) = &status.conversation {
        document["conversation"] = json!(conversation);
    }
    if let Some(poll) = &status.poll {
        ask(&mut document, poll, storage::poll::state(read, status.id)?.hide_totals);
    }
    if let Some(edited_at) = status.edited_at {
        document["updated"] = json!(time(edited_at));
    }
    Ok(document)
}

/// Makes a Note a Question (FEDERATION.md §2, "Polls"). Counts that are hidden until the end are told as zero.
fn ask(document: &mut Value, poll: &Poll, hide_totals: bool) {
    let hidden = hide_totals && poll.closed_at.is_none();
    let option = |option: &PollOption| {
        let votes = if hidden { 0 } else { option.votes };
        json!({
            "type": "Note",
            "name": option.title,
            "replies": { "type": "Collection", "totalItems": votes },
        })
    };
    document["type"] = json!("Question");
    document[if poll.multiple { "anyOf" } else { "oneOf" }] = poll.options.iter().map(option).collect();
    if let Some(end) = poll.expires_at {
        document["endTime"] = json!(time(end));
    }
    if let Some(closed) = poll.closed_at {
        document["closed"] = json!(time(closed));
    }
    if let Some(voters) = poll.voters {
        document["votersCount"] = json!(voters);
    }
}

/// The page of a local status.
#[must_use]
pub fn page(origin: &Origin, author: &Account, status: &Status) -> String {
    origin.url(&format!("/@{}/{}", author.username, status.id))
}

/// The accounts a status mentions, those still known.
///
/// # Errors
/// Storage errors.
pub fn mentioned(read: &dyn Read, status: &Status) -> Result<Vec<Account>> {
    let mut accounts = Vec::with_capacity(status.mentions.len());
    for id in &status.mentions {
        accounts.extend(account::find(read, *id)?);
    }
    Ok(accounts)
}

fn parent_uri(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Option<String>> {
    let Some(reply) = &status.reply else { return Ok(None) };
    let parent = match reply.status {
        Some(id) => status::find(read, id)?,
        None => None,
    };
    Ok(match parent {
        Some(parent) => Some(origin.url(&parent.uri)),
        None => (!reply.uri.is_empty()).then(|| reply.uri.clone()),
    })
}

/// The author's own public replies: what makes a thread readable elsewhere; at most five, as peers show inline.
fn own_replies(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Vec<String>> {
    const INLINE: usize = 5;
    let rows =
        status::REPLIES.list(read, &status.id, storage::Bounds::NONE, storage::Direction::Ascending, INLINE * 4)?;
    let mut items = Vec::new();
    for ((_, id), ()) in rows {
        let Some(reply) = status::find(read, id)? else { continue };
        if reply.account == status.account && reply.is_public() && items.len() < INLINE {
            items.push(origin.url(&reply.uri));
        }
    }
    Ok(items)
}

fn tags(origin: &Origin, status: &Status, mentioned: &[Account]) -> Vec<Value> {
    let mentions = mentioned.iter().map(|account| {
        json!({
            "type": "Mention",
            "href": account_uri(origin, account),
            "name": full_handle(origin, account),
        })
    });
    let hashtags = status.tags.iter().map(|name| {
        json!({
            "type": "Hashtag",
            "href": origin.url(&format!("/tags/{}", tag::normalise(name))),
            "name": format!("#{name}"),
        })
    });
    mentions.chain(hashtags).collect()
}
