//! What somebody typed becoming the content of a status. Done in a read, before the commit: it is slow.

use crate::{
    account::{handle::normalise_domain, render},
    error::{Error, Result},
    limits,
    origin::Origin,
    text::{self, EntityKind, MentionTarget, count_chars, entities, markdown, normalise_hashtag},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use storage::{
    AccountId, Read,
    account::{self, Account},
    interaction::InteractionPolicy,
    status::{Attachment, ContentType},
};

/// A text ready to be posted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed {
    /// As typed.
    pub text: String,
    /// The HTML of it.
    pub content: String,
    /// Accounts it mentions, each once, in order.
    pub mentions: Vec<AccountId>,
    /// Hashtags as written, each once, in order.
    pub tags: Vec<String>,
    /// Its length as its author is shown it.
    pub chars: usize,
    /// How it was written.
    pub content_type: ContentType,
    /// Bytes of the HTML and of whom and what it names as peers get them, each once.
    pub sent: usize,
    /// Bytes of naming whom it mentions once more.
    pub named: usize,
}

/// Bytes of a mention or hashtag in an activity, beside its address and its name.
const NAMED_BYTES: usize = 48;

/// Composes `text`. Handles nobody here knows stay plain text: an edge looks them up before (see [`handles`]).
///
/// # Errors
/// `Invalid` above `limits::STATUS_TEXT_BYTES_MAX`; storage errors.
///
/// Source: client API, statuses#create (content).
pub fn compose(read: &dyn Read, origin: &Origin, text: &str, content_type: ContentType) -> Result<Composed> {
    check_bytes(text)?;
    let mut text = text.replace('\0', "");
    if content_type == ContentType::Markdown {
        text = markdown::without_marks(&text);
    }
    let entities = match content_type {
        ContentType::Plain => entities(&text),
        ContentType::Markdown => markdown::live(&text),
    };
    let mut composed = Composed { chars: count_chars(&text), content_type, ..Composed::default() };
    let mut found: Vec<((&str, Option<&str>), Account)> = Vec::new();
    let mut keys = Vec::new();
    for entity in &entities {
        match &entity.kind {
            EntityKind::Mention { username, domain } => {
                let handle = (username.as_str(), domain.as_deref());
                let Some(account) = mentioned(read, origin, handle)? else { continue };
                if !composed.mentions.contains(&account.id) {
                    composed.mentions.push(account.id);
                    let domain = account.domain.as_deref().unwrap_or_else(|| origin.handle_domain());
                    let address = origin.url(&account.uri).len();
                    composed.sent += address + account.username.len() + domain.len() + NAMED_BYTES;
                    // With its quotes and a comma.
                    composed.named += address + 3;
                }
                found.push((handle, account));
            }
            EntityKind::Hashtag(name) => {
                let key = normalise_hashtag(name);
                if name.len() <= limits::TAG_BYTES_MAX
                    && composed.tags.len() < limits::STATUS_TAGS_MAX
                    && !keys.contains(&key)
                {
                    let tag = super::stored_tag(name);
                    composed.sent += origin.url("/tags/").len() + key.len() + tag.len() + NAMED_BYTES;
                    keys.push(key);
                    composed.tags.push(tag);
                }
            }
            EntityKind::Link => {}
        }
    }
    let target = |username: &str, domain: Option<&str>| {
        let (_, account) = found.iter().find(|(handle, _)| *handle == (username, domain))?;
        Some(MentionTarget { url: render::page(origin, account), username: account.username.clone() })
    };
    let tag_url = |name: &str| tag_page(origin, name);
    composed.content = match content_type {
        ContentType::Plain => text::compose(&text, &entities, target, tag_url),
        ContentType::Markdown => {
            markdown::render(&text, &entities, |entity, written| text::drawn(entity, written, target, tag_url))
        }
    };
    drop(found);
    drop(entities);
    composed.sent += json_bytes(&composed.content);
    composed.text = text;
    Ok(composed)
}

/// The remote handles in `text` that nobody here knows yet, as `(username, domain)`, at most
/// `limits::HANDLES_RESOLVED`.
///
/// # Errors
/// As [`compose`].
pub fn handles(read: &dyn Read, origin: &Origin, text: &str) -> Result<Vec<(String, String)>> {
    check_bytes(text)?;
    let mut unknown: Vec<(String, String)> = Vec::new();
    for entity in entities(text) {
        let EntityKind::Mention { username, domain: Some(domain) } = entity.kind else { continue };
        let Some(domain) = normalise_domain(&domain).filter(|domain| !origin.is_own_domain(domain)) else { continue };
        let handle = (username, domain);
        if unknown.len() < limits::HANDLES_RESOLVED
            && !unknown.contains(&handle)
            && account::find_by_name(read, &handle.0, Some(&handle.1))?.is_none()
        {
            unknown.push(handle);
        }
    }
    Ok(unknown)
}

/// The page of a hashtag.
#[must_use]
pub fn tag_page(origin: &Origin, name: &str) -> String {
    let key = normalise_hashtag(name);
    origin.url(&format!("/tags/{}", utf8_percent_encode(&key, NON_ALPHANUMERIC)))
}

/// The text and the warning as they are stored: a warning without a text is the text.
#[must_use]
pub fn text_and_warning(text: &str, spoiler_text: &str) -> (String, String) {
    let spoiler_text = spoiler_text.replace('\0', "");
    match text.trim().is_empty() {
        true => (spoiler_text, String::new()),
        false => (text.to_owned(), spoiler_text),
    }
}

/// Refuses what is empty or too long, also for peers however it is told; `policy` says who may do what with it.
pub(super) fn check(
    composed: &Composed,
    spoiler_text: &str,
    attachments: &[Attachment],
    policy: InteractionPolicy,
) -> Result<()> {
    if composed.text.trim().is_empty() && attachments.is_empty() {
        return Err(Error::invalid("status", "Text can't be blank"));
    }
    let chars = composed.chars + count_chars(spoiler_text);
    if chars > limits::STATUS_CHARS_MAX {
        let why = format!("status text has {chars} characters; at most {}", limits::STATUS_CHARS_MAX);
        return Err(Error::invalid("status", why));
    }
    let described: usize = attachments.iter().map(|attachment| attachment.description.len()).sum();
    let bytes = composed.text.len() + composed.content.len() + spoiler_text.len() + described;
    if bytes > limits::STATUS_BYTES_MAX {
        let why =
            format!("status has {bytes} bytes with its links and descriptions; at most {}", limits::STATUS_BYTES_MAX);
        return Err(Error::invalid("status", why));
    }
    // What would be told twice is left out where there is no room for it; whom it mentions is addressed by the Note and by
    // its activity, and perhaps by each part of a policy.
    let times = if policy == InteractionPolicy::default() { 2 } else { 8 };
    let described: usize = attachments.iter().map(|attachment| json_bytes(&attachment.description)).sum();
    let texts = composed.sent + times * composed.named + json_bytes(spoiler_text) + described;
    let (sent, most) = (texts + limits::ACTIVITY_FRAME_BYTES, limits::ACTIVITY_OUT_MAX);
    if sent > most {
        let why = format!("status has {sent} bytes as peers get it; at most {most}");
        return Err(Error::invalid("status", why));
    }
    if composed.mentions.len() > limits::STATUS_MENTIONS_MAX {
        let count = composed.mentions.len();
        let why = format!("status mentions {count} accounts; at most {}", limits::STATUS_MENTIONS_MAX);
        return Err(Error::invalid("status", why));
    }
    Ok(())
}

/// Bytes of a text inside JSON.
fn json_bytes(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..0x20 => 5,
        _ => 0,
    };
    text.len() + text.bytes().map(escaped).sum::<usize>()
}

fn check_bytes(text: &str) -> Result<()> {
    if text.len() > limits::STATUS_TEXT_BYTES_MAX {
        let why = format!("status text has {} bytes; at most {}", text.len(), limits::STATUS_TEXT_BYTES_MAX);
        return Err(Error::invalid("status", why));
    }
    Ok(())
}

fn mentioned(read: &dyn Read, origin: &Origin, (username, domain): (&str, Option<&str>)) -> Result<Option<Account>> {
    let domain = match domain.map(normalise_domain) {
        Some(None) => return Ok(None),
        Some(Some(domain)) if !origin.is_own_domain(&domain) => Some(domain),
        Some(Some(_)) | None => None,
    };
    let account = account::find_by_name(read, username, domain.as_deref())?;
    Ok(account.filter(|account| account.suspended_at.is_none()))
}
