//! Posts: Note and Question as they are, other kinds made readable (FEDERATION §2, posts).

use super::{Approval, Policy, Quote, Unusable, attachment, is_public, policy, quote, read, tag};
use crate::{
    clock,
    federation::address::{RemoteUri, Schemes},
    limits,
    text::{escape, plain_text},
};
use serde_json::Value;
use storage::Timestamp;

/// The kinds of post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of ActivityStreams")]
pub enum NoteKind {
    Note,
    Question,
    Article,
    Page,
    Video,
    Audio,
    Image,
    Event,
}

impl NoteKind {
    /// By the name of its type.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Note" => NoteKind::Note,
            "Question" => NoteKind::Question,
            "Article" => NoteKind::Article,
            "Page" => NoteKind::Page,
            "Video" => NoteKind::Video,
            "Audio" => NoteKind::Audio,
            "Image" => NoteKind::Image,
            "Event" => NoteKind::Event,
            _ => return None,
        })
    }
}

/// Who may see a post, as its own `to` and `cc` say (FEDERATION §3, visibility).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, in `to`.
    Public,
    /// Everybody, in `cc`.
    Unlisted,
    /// The author's followers.
    Followers,
    /// Those named.
    Direct,
}

/// A question's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// The options.
    pub options: Vec<PollOption>,
    /// Whether several may be chosen (`anyOf`).
    pub multiple: bool,
    /// When voting ends or ended, the first of `endTime` and of the time that `closed` names; some have no end.
    pub ends: Option<Timestamp>,
    /// Whether it was closed already, nobody says when.
    pub closed: bool,
    /// How many voted.
    pub voters: Option<u64>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOption {
    /// Its text.
    pub title: String,
    /// How many chose it.
    pub votes: u64,
}

/// A post's document. HTML is as sent (or made from it); texts are cut at their bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The id; a vote may have none.
    pub id: Option<String>,
    /// What it was.
    pub kind: NoteKind,
    /// The author.
    pub attributed_to: Option<String>,
    /// Addressees.
    pub to: Vec<String>,
    /// Addressees of `cc` and `audience`.
    pub cc: Vec<String>,
    /// The first of `audience` that is not everybody: the group it is for (FEP-1b12), or whatever its author means.
    pub group: Option<String>,
    /// The title; of a Note without content, the chosen option of a poll.
    pub name: Option<String>,
    /// The content warning: `summary` of Note and Question only.
    pub spoiler_text: String,
    /// The text, HTML not yet sanitised.
    pub content_html: String,
    /// Its language.
    pub language: Option<String>,
    /// Whether media are to be hidden.
    pub sensitive: bool,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// What shows that the author of that agreed: `replyAuthorization`, or `approvedBy`, as it was called before.
    pub reply_authorization: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was edited.
    pub updated: Option<Timestamp>,
    /// The files.
    pub attachments: Vec<attachment::Attachment>,
    /// Whom it names.
    pub mentions: Vec<tag::Mention>,
    /// Its hashtags.
    pub hashtags: Vec<String>,
    /// Its custom emoji.
    pub emojis: Vec<tag::Emoji>,
    /// The answers, of a Question.
    pub poll: Option<Poll>,
    /// `context` or `conversation`.
    pub conversation: Option<String>,
    /// What it quotes.
    pub quote: Option<Quote>,
    /// Who may quote it.
    pub approval: Option<Approval>,
    /// Who may like, answer and announce it.
    pub policy: Policy,
    /// The collection of its replies.
    pub replies: Option<String>,
    /// `replies.totalItems`, as claimed, of a collection that is written out.
    pub replies_total: Option<u64>,
    /// `likes.totalItems`, as claimed.
    pub likes: Option<u64>,
    /// `shares.totalItems`, as claimed.
    pub shares: Option<u64>,
}

impl Note {
    /// Reads a post's document. Whether it may be believed, `trust` decides.
    ///
    /// # Errors
    /// `Unusable` without a known type.
    pub fn read(document: &Value) -> Result<Self, Unusable> {
        let kind =
            read::types(document).into_iter().find_map(NoteKind::from_name).ok_or(Unusable("no type of post"))?;
        let id = document.get("id").and_then(|id| read::id(Some(id)));
        let native = matches!(kind, NoteKind::Note | NoteKind::Question);
        let (html, language) = read::text_with_language(document, "content").unzip();
        let name = read::text_with_language(document, "name").map(|(name, _)| read::clip(name, limits::NAME_MAX_CHARS));
        let summary = read::text_with_language(document, "summary").map(|(text, _)| text);
        let mut cc = read::ids(document.get("cc"), limits::RECIPIENTS_MAX);
        let audience = read::ids(document.get("audience"), limits::RECIPIENTS_MAX);
        let group = audience.iter().find(|one| !is_public(one)).cloned();
        cc.extend(audience);
        let url = read::page(document.get("url"));
        let content = read::clip_bytes(html.unwrap_or_default(), limits::CONTENT_MAX_BYTES);
        let total = |name: &str| read::count(document.get(name).and_then(|it| it.get("totalItems")));
        Ok(Note {
            id: id.map(str::to_owned),
            kind,
            attributed_to: author(document, id),
            to: read::ids(document.get("to"), limits::RECIPIENTS_MAX),
            cc,
            group,
            spoiler_text: summary
                .filter(|_| native)
                .map(|text| read::clip(text, limits::SPOILER_MAX_CHARS))
                .unwrap_or_default(),
            content_html: if native { content } else { readable(document, kind, name.as_deref(), &content, url) },
            name,
            language: language
                .flatten()
                .or_else(|| document.get("language")?.get("identifier")?.as_str().filter(|tag| read::is_language(tag)))
                .or_else(|| read::text(document.get("language")).filter(|tag| read::is_language(tag)))
                .map(str::to_owned),
            sensitive: read::boolean(document.get("sensitive")).unwrap_or_default(),
            in_reply_to: read::id(document.get("inReplyTo")).map(str::to_owned),
            reply_authorization: read::id(document.get("replyAuthorization"))
                .or_else(|| read::id(document.get("approvedBy")))
                .map(str::to_owned),
            url: url.map(str::to_owned),
            published: read::time(document.get("published")),
            updated: read::time(document.get("updated")),
            attachments: attachments(document, kind),
            mentions: tag::mentions(document),
            hashtags: tag::hashtags(document),
            emojis: tag::emojis(document),
            poll: (kind == NoteKind::Question).then(|| poll(document)).flatten(),
            conversation: read::id(document.get("context"))
                .or_else(|| read::id(document.get("conversation")))
                .map(str::to_owned),
            quote: quote::read(document),
            approval: quote::approval(document),
            policy: policy::read(document),
            replies: read::id(document.get("replies")).map(str::to_owned),
            replies_total: total("replies"),
            likes: total("likes"),
            shares: total("shares"),
        })
    }

    /// Whether this is a vote: a Note that answers, has a name and says nothing.
    #[must_use]
    pub fn is_vote(&self) -> bool {
        self.kind == NoteKind::Note
            && self.in_reply_to.is_some()
            && says_nothing(&self.content_html)
            && self.attachments.is_empty()
            && self.name.as_ref().is_some_and(|name| !name.is_empty())
    }

    /// Who may see it; `followers` is the author's collection. Nobody named at all is direct, too.
    #[must_use]
    pub fn audience(&self, followers: Option<&str>) -> Audience {
        let named = |list: &[String], it: &dyn Fn(&str) -> bool| list.iter().any(|one| it(one));
        let followers = |one: &str| Some(one) == followers;
        if named(&self.to, &is_public) {
            Audience::Public
        } else if named(&self.cc, &is_public) {
            Audience::Unlisted
        } else if named(&self.to, &followers) || named(&self.cc, &followers) {
            Audience::Followers
        } else {
            Audience::Direct
        }
    }

    /// Whether somebody is addressed by id.
    #[must_use]
    pub fn addresses(&self, id: &str) -> bool {
        self.to.iter().chain(&self.cc).any(|one| one == id)
    }
}

/// Of several authors (PeerTube: person and channel) one on the id's own server, a person before others.
fn author(document: &Value, id: Option<&str>) -> Option<String> {
    let named = document.get("attributedTo").filter(|it| !it.is_null()).or_else(|| document.get("actor"));
    let candidates = read::list(named);
    let here = id.and_then(|id| RemoteUri::parse(id, Schemes::Lab).ok());
    let local = |one: &&Value| match (&here, read::id(Some(one))) {
        (Some(here), Some(other)) => RemoteUri::parse(other, Schemes::Lab).is_ok_and(|other| other.same_origin(here)),
        _ => false,
    };
    let own: Vec<&Value> = candidates.iter().take(16).filter(local).collect();
    let person = own.iter().find(|one| read::types(one).contains(&"Person"));
    let found = person.or_else(|| own.first()).copied().or_else(|| candidates.first());
    read::id(found).map(str::to_owned)
}

/// Whether there is no text: the content of a vote by snac is a break of the line.
fn says_nothing(html: &str) -> bool {
    const BREAKS_BYTES: usize = 64;
    html.is_empty() || (html.len() <= BREAKS_BYTES && plain_text(html).trim().is_empty())
}

/// Title, text and what belongs to it, as HTML for those who know only notes.
fn readable(document: &Value, kind: NoteKind, name: Option<&str>, content: &str, url: Option<&str>) -> String {
    let mut out = String::with_capacity(content.len() + 256);
    let mut line = |html: String| {
        out.push_str("<p>");
        out.push_str(&html);
        out.push_str("</p>");
    };
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        line(format!("<strong>{}</strong>", escape(name)));
    }
    if kind == NoteKind::Event {
        let facts: Vec<String> = when(document).into_iter().chain(place(document)).map(|fact| escape(&fact)).collect();
        if !facts.is_empty() {
            line(facts.join("<br />"));
        }
    }
    let link = match kind {
        // Lemmy: what the page is about.
        NoteKind::Page => read::list(document.get("attachment"))
            .first()
            .filter(|one| read::types(one).contains(&"Link"))
            .and_then(|one| read::links(Some(one)).first().map(|link| link.href))
            // A picture that is shown needs no link to itself.
            .filter(|href| !attachment::read(document).iter().any(|file| file.url == *href)),
        NoteKind::Note | NoteKind::Question => None,
        _ => url,
    };
    if let Some(link) = link {
        let text = escape(link);
        line(format!("<a href=\"{text}\">{text}</a>"));
    }
    // Markdown (PeerTube) is text to us: paragraphs at empty lines.
    if document.get("mediaType").and_then(Value::as_str) == Some("text/markdown") {
        for paragraph in content.split("\n\n").filter(|it| !it.trim().is_empty()) {
            line(escape(paragraph.trim()).replace('\n', "<br />"));
        }
    } else {
        out.push_str(content);
    }
    out
}

/// When an event is: its beginning, and its end if that is said.
fn when(document: &Value) -> Option<String> {
    let moment = |name: &str| match read::time(document.get(name)) {
        Some(at) => Some(clock::minute(at)),
        None => read::text(document.get(name)).map(|text| read::clip(text, 64)),
    };
    let start = moment("startTime")?;
    Some(match moment("endTime") {
        Some(end) => format!("{start} – {end}"),
        None => start,
    })
}

/// Where an event is: the name of the place, and its street and town (Mobilizon).
fn place(document: &Value) -> Option<String> {
    let place = read::list(document.get("location")).first()?;
    let name = read::text(place.get("name")).or_else(|| read::text(Some(place)));
    let address = place.get("address");
    let part = |name: &str| address.and_then(|address| read::text(address.get(name)));
    let address = match address {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let parts = [name, address, part("streetAddress"), part("postalCode"), part("addressLocality")];
    let parts: Vec<String> =
        parts.into_iter().flatten().filter(|part| !part.is_empty()).map(|part| read::clip(part, 200)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The files; of a video its film (or its picture), of an image or sound the thing itself.
fn attachments(document: &Value, kind: NoteKind) -> Vec<attachment::Attachment> {
    let mut out = attachment::read(document);
    if matches!(kind, NoteKind::Article | NoteKind::Event) && out.is_empty() {
        // The picture above an article (Ghost).
        out.extend(attachment::picture(document.get("image")));
    }
    let wanted = match kind {
        NoteKind::Video => attachment::AttachmentKind::Video,
        NoteKind::Audio => attachment::AttachmentKind::Audio,
        NoteKind::Image => attachment::AttachmentKind::Image,
        _ => return out,
    };
    let preview = read::links(document.get("icon")).first().map(|link| link.href.to_owned());
    let links = read::links(document.get("url"));
    let file = links.iter().find(|link| attachment::kind(link.media_type, &[], link.href) == wanted);
    let (url, kind, media_type) = match (file, &preview) {
        (Some(file), _) => (file.href.to_owned(), wanted, file.media_type.map(|kind| read::clip(kind, 100))),
        (None, Some(picture)) => (picture.clone(), attachment::AttachmentKind::Image, None),
        (None, None) => return out,
    };
    if out.len() < limits::ATTACHMENTS_MAX && !out.iter().any(|known| known.url == url) {
        out.push(attachment::Attachment {
            preview_url: preview.filter(|picture| *picture != url),
            url,
            kind,
            media_type,
            description: None,
            blurhash: None,
            focus: None,
            width: None,
            height: None,
        });
    }
    out
}

fn poll(document: &Value) -> Option<Poll> {
    let multiple = !read::list(document.get("anyOf")).is_empty();
    let options = read::list(document.get(if multiple { "anyOf" } else { "oneOf" }));
    let options: Vec<PollOption> = options
        .iter()
        .take(limits::POLL_OPTIONS_MAX)
        .filter_map(|option| {
            let title = read::clip(read::text(option.get("name"))?, limits::POLL_OPTION_MAX_CHARS);
            let votes = option.get("replies").and_then(|replies| read::count(replies.get("totalItems")));
            Some(PollOption { title, votes: votes.unwrap_or_default() })
        })
        .collect();
    let closed = document.get("closed").filter(|it| !it.is_null());
    // It may lie ahead: Pleroma and Akkoma say the end of a poll in no other way.
    let closed_at = read::time(closed);
    (!options.is_empty()).then(|| Poll {
        options,
        multiple,
        ends: read::time(document.get("endTime")).into_iter().chain(closed_at).min(),
        closed: closed_at.is_none() && closed.is_some() && read::boolean(closed) != Some(false),
        voters: read::count(document.get("votersCount")),
    })
}
