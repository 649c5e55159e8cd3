//! Statuses (client API, Status and what belongs to it).

use super::{CustomEmoji, InteractionPolicy, SharedAccount};
use serde::Serialize;
use std::sync::Arc;

/// A post or a reblog (client API, Status).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Status")]
pub struct Status {
    pub id: String,
    pub created_at: String,
    pub in_reply_to_id: Option<String>,
    pub in_reply_to_account_id: Option<String>,
    pub sensitive: bool,
    pub spoiler_text: String,
    pub visibility: &'static str,
    pub language: Option<String>,
    pub uri: String,
    pub url: Option<String>,
    pub replies_count: u64,
    pub reblogs_count: u64,
    pub favourites_count: u64,
    pub quotes_count: u64,
    pub edited_at: Option<String>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favourited: Option<bool>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reblogged: Option<bool>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bookmarked: Option<bool>,
    /// On the viewer's own statuses only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filtered: Option<Vec<FilterResult>>,
    /// HTML.
    pub content: String,
    /// What was typed; only in the answer to a deletion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How that was written; with it (glitch-soc).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<&'static str>,
    /// It never leaves this server (GoToSocial, glitch-soc).
    pub local_only: bool,
    pub reblog: Option<Box<Status>>,
    pub application: Option<StatusApplication>,
    pub account: Arc<SharedAccount>,
    pub media_attachments: Vec<MediaAttachment>,
    pub mentions: Vec<StatusMention>,
    pub tags: Vec<StatusTag>,
    pub emojis: Vec<CustomEmoji>,
    pub card: Option<PreviewCard>,
    pub poll: Option<Poll>,
    pub quote: Option<Quote>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_approval: Option<QuoteApproval>,
    /// Who may do what else with it (GoToSocial).
    pub interaction_policy: InteractionPolicy,
    /// Where there are reactions only (glitch-soc).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<StatusReaction>,
    /// Where there are reactions only (Pleroma).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pleroma: Option<PleromaStatus>,
    /// Of what is here because of a relay only; the last field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dassie: Option<DassieStatus>,
}

impl Status {
    /// As it stands at home, where nothing says that it is here because of a relay.
    #[must_use]
    pub fn at_home(mut self) -> Self {
        self.dassie = None;
        if let Some(shared) = &mut self.reblog {
            shared.dassie = None;
        }
        self
    }
}

/// What this server adds to a status.
#[derive(Debug, Clone, Serialize)]
pub struct DassieStatus {
    /// The server of the relay that told of it; null if that was left since.
    pub relay: Option<String>,
}

/// An emoji on a status (glitch-soc).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of glitch-soc, Status#reactions")]
pub struct StatusReaction {
    pub name: String,
    pub count: u64,
    pub me: bool,
    /// Of a custom one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of a custom one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub static_url: Option<String>,
}

/// What Pleroma adds to a status.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of Pleroma, Status#pleroma")]
pub struct PleromaStatus {
    pub emoji_reactions: Vec<EmojiReaction>,
}

/// An emoji on a status (Pleroma).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of Pleroma, EmojiReaction")]
pub struct EmojiReaction {
    pub name: String,
    pub count: u64,
    pub me: bool,
    /// Of a custom one.
    pub url: Option<String>,
    /// Where people are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<Arc<SharedAccount>>>,
}

/// The program a status was posted with.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Status#application")]
pub struct StatusApplication {
    pub name: String,
    pub website: Option<String>,
}

/// Somebody a status mentions (client API, Status::Mention).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Status::Mention")]
pub struct StatusMention {
    pub id: String,
    pub username: String,
    pub url: String,
    pub acct: String,
}

/// A hashtag of a status (client API, Status::Tag).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Status::Tag")]
pub struct StatusTag {
    pub name: String,
    pub url: String,
}

/// A filter that matches (client API, FilterResult).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, FilterResult")]
pub struct FilterResult {
    pub filter: super::Filter,
    pub keyword_matches: Option<Vec<String>>,
    pub status_matches: Option<Vec<String>>,
}

/// A picture, film or sound (client API, MediaAttachment).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, MediaAttachment")]
pub struct MediaAttachment {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub url: Option<String>,
    pub preview_url: Option<String>,
    pub remote_url: Option<String>,
    pub text_url: Option<String>,
    pub meta: Option<MediaMeta>,
    pub description: Option<String>,
    pub blurhash: Option<String>,
}

/// Measures of a medium (client API, MediaAttachment#meta).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, MediaAttachment#meta")]
pub struct MediaMeta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus: Option<MediaFocus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<MediaDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub small: Option<MediaDetails>,
}

/// The point of a picture to keep in view, from -1 to 1.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, MediaAttachment#meta")]
pub struct MediaFocus {
    pub x: f64,
    pub y: f64,
}

/// One size of a medium.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, MediaAttachment#meta")]
pub struct MediaDetails {
    pub width: u32,
    pub height: u32,
    pub size: String,
    pub aspect: f64,
    /// For pages alone: how much there is to load.
    #[serde(skip)]
    pub bytes: Option<u64>,
}

/// A poll (client API, Poll).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Poll")]
pub struct Poll {
    pub id: String,
    pub expires_at: Option<String>,
    pub expired: bool,
    pub multiple: bool,
    pub votes_count: u64,
    pub voters_count: Option<u64>,
    pub options: Vec<PollOption>,
    pub emojis: Vec<CustomEmoji>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voted: Option<bool>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_votes: Option<Vec<u32>>,
}

/// An answer of a poll (client API, Poll::Option).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Poll::Option")]
pub struct PollOption {
    pub title: String,
    pub votes_count: Option<u64>,
}

/// The preview of a link (client API, PreviewCard).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, PreviewCard")]
pub struct PreviewCard {
    pub url: String,
    pub title: String,
    pub description: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub author_name: String,
    pub author_url: String,
    pub provider_name: String,
    pub provider_url: String,
    pub authors: Vec<PreviewCardAuthor>,
    pub html: String,
    pub width: u32,
    pub height: u32,
    pub image: Option<String>,
    pub image_description: String,
    pub embed_url: String,
    pub blurhash: Option<String>,
    pub language: Option<String>,
    pub published_at: Option<String>,
}

/// Who wrote a page (client API, PreviewCard::Author).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, PreviewCard::Author")]
pub struct PreviewCardAuthor {
    pub name: String,
    pub url: String,
    pub account: Option<Arc<SharedAccount>>,
}

/// What a status quotes: whole, or inside of what is itself quoted by its number (client API, Quote, ShallowQuote).
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the field names of the client API, Quote and ShallowQuote")]
pub enum Quote {
    Whole {
        state: &'static str,
        quoted_status: Option<Box<Status>>,
        /// For pages alone: the way to what is not shown because nothing says that its author agreed.
        #[serde(skip)]
        unasked: Option<QuotedPage>,
    },
    Shallow {
        state: &'static str,
        quoted_status_id: Option<String>,
    },
}

impl Quote {
    /// The quoted status, where it is shown.
    #[must_use]
    pub fn shown(&self) -> Option<&Status> {
        match self {
            Quote::Whole { quoted_status, .. } => quoted_status.as_deref(),
            Quote::Shallow { .. } => None,
        }
    }

    /// The way to a quoted status that is not shown because nothing says that its author agreed.
    #[must_use]
    pub fn unasked(&self) -> Option<&QuotedPage> {
        match self {
            Quote::Whole { unasked, .. } => unasked.as_ref(),
            Quote::Shallow { .. } => None,
        }
    }

    /// Whether it is not shown because its author has not agreed yet, and no way there is known beside.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self, Quote::Whole { state: "pending", unasked: None, .. })
    }
}

/// Where a quoted status is to be read.
#[derive(Debug, Clone)]
pub struct QuotedPage {
    /// Its number here; empty if whoever looks sees nothing of it here.
    pub id: String,
    /// Its author as `Account#acct`; empty as well then.
    pub acct: String,
    /// Its page at its origin, as its server or the quoting status says; perhaps no web address at all.
    pub url: String,
}

/// Who may quote (client API, QuoteApproval).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, QuoteApproval")]
pub struct QuoteApproval {
    pub automatic: Vec<&'static str>,
    pub manual: Vec<&'static str>,
    pub current_user: &'static str,
}

/// What stands around a status (client API, Context).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Context")]
pub struct Context {
    pub ancestors: Vec<Status>,
    pub descendants: Vec<Status>,
}

/// Work that an answer set going (client API, AsyncRefresh).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, AsyncRefresh")]
pub struct AsyncRefresh {
    pub id: String,
    pub status: &'static str,
    pub result_count: u32,
}

/// How such work is told of (client API, async_refreshes).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, AsyncRefresh")]
pub struct AsyncRefreshAnswer {
    pub async_refresh: AsyncRefresh,
}

/// What was typed (client API, StatusSource).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, StatusSource")]
pub struct StatusSource {
    pub id: String,
    pub text: String,
    pub spoiler_text: String,
    /// How the text was written (glitch-soc, Pleroma).
    pub content_type: &'static str,
}

/// One version of a status (client API, StatusEdit).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, StatusEdit")]
pub struct StatusEdit {
    pub content: String,
    pub spoiler_text: String,
    pub sensitive: bool,
    pub created_at: String,
    pub account: Arc<SharedAccount>,
    pub poll: Option<StatusEditPoll>,
    pub media_attachments: Vec<MediaAttachment>,
    pub emojis: Vec<CustomEmoji>,
}

/// The poll of one version.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, StatusEdit#poll")]
pub struct StatusEditPoll {
    pub options: Vec<StatusEditPollOption>,
}

/// An answer of the poll of one version.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, StatusEdit#poll")]
pub struct StatusEditPollOption {
    pub title: String,
}

/// A thread of direct statuses (client API, Conversation).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Conversation")]
pub struct Conversation {
    pub id: String,
    pub unread: bool,
    pub accounts: Vec<Arc<SharedAccount>>,
    pub last_status: Option<Status>,
}
