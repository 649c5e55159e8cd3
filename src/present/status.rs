//! Statuses as the client API shows them (client API, Status, StatusEdit, StatusSource).

use super::{Context, account::drawn_emoji};
use crate::{
    account::render,
    clock,
    emoji::used,
    error::Result,
    status::{self as rules, Stance, Version, tag_page},
    visibility,
};
use storage::{
    AccountId, StatusId, account, oauth,
    quote::{self, Groups, QuoteState},
    relationship::blocks,
    status::{self, Attachment, BOOKMARKS, FAVOURITES, Poll as PollRecord, REBLOG_BY, Status as Record, Visibility},
    tag,
};
use web::entity::{
    CustomEmoji, MediaAttachment, MediaDetails, MediaFocus, MediaMeta, Poll, PollOption, Quote, QuoteApproval, Status,
    StatusApplication, StatusEdit, StatusEditPoll, StatusEditPollOption, StatusMention, StatusSource, StatusTag,
};

impl Context<'_> {
    /// A status the viewer may see, a reblog with its original inside.
    ///
    /// # Errors
    /// `NotFound` if the author's row is gone.
    pub fn status(&self, record: &Record) -> Result<Status> {
        let original = match record.reblog_of {
            Some(id) => status::find(self.read, id)?,
            None => None,
        };
        let Some(original) = original else { return self.drawn(record, self.marks(record)?) };
        let marks = self.marks(&original)?;
        let mut outer = self.drawn(record, Marks { pinned: None, ..marks })?;
        outer.uri = if record.local { format!("{}/activity", outer.uri) } else { outer.uri };
        outer.reblog = Some(Box::new(self.drawn(&original, marks)?));
        Ok(outer)
    }

    /// Whether the viewer sees the status as every signed-in person does who has done nothing with it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn is_unmarked(&self, record: &Record) -> Result<bool> {
        let original = match record.reblog_of {
            Some(id) => status::find(self.read, id)?,
            None => None,
        };
        let shown = original.as_ref().unwrap_or(record);
        let Some(viewer) = self.viewer else { return Ok(true) };
        if [record.account, shown.account].contains(&viewer) || shown.poll.is_some() {
            return Ok(false);
        }
        // Whether the quoted is seen, and who may quote, depends on the viewer.
        if quote::QUOTES.contains(self.read, &shown.id)? || !rules::is_same_for_all(self.read, shown)? {
            return Ok(false);
        }
        let Marks { favourited, reblogged, bookmarked, muted, pinned } = self.marks(shown)?;
        Ok(![favourited, reblogged, bookmarked, muted, pinned].contains(&Some(true)))
    }

    /// The statuses of a page, in order.
    ///
    /// # Errors
    /// As `status`.
    pub fn statuses(&self, records: &[Record]) -> Result<Vec<Status>> {
        records.iter().map(|record| self.status(record)).collect()
    }

    /// A deleted status with what was typed, for writing it anew.
    ///
    /// # Errors
    /// As `status`.
    pub fn deleted(&self, record: &Record) -> Result<Status> {
        Ok(Status { text: Some(record.text.clone()), ..self.drawn(record, Marks::none(self.viewer))? })
    }

    /// The thread around a status.
    ///
    /// # Errors
    /// As `status`.
    pub fn thread(&self, context: &rules::Context) -> Result<web::entity::Context> {
        Ok(web::entity::Context {
            ancestors: self.statuses(&context.ancestors)?,
            descendants: self.statuses(&context.descendants)?,
        })
    }

    /// The versions of a status by `author`, the oldest first.
    ///
    /// # Errors
    /// `NotFound` if the author's row is gone.
    pub fn versions(&self, author: AccountId, versions: &[Version]) -> Result<Vec<StatusEdit>> {
        versions.iter().map(|version| self.version(author, version)).collect()
    }

    /// What was typed.
    #[must_use]
    pub fn source(&self, record: &Record) -> StatusSource {
        StatusSource { id: record.id.to_string(), text: record.text.clone(), spoiler_text: record.spoiler_text.clone() }
    }

    fn version(&self, author: AccountId, version: &Version) -> Result<StatusEdit> {
        let options = |poll: &PollRecord| {
            poll.options.iter().map(|option| StatusEditPollOption { title: option.title.clone() }).collect()
        };
        Ok(StatusEdit {
            content: version.content.clone(),
            spoiler_text: version.spoiler_text.clone(),
            sensitive: version.sensitive,
            created_at: clock::iso(version.created_at),
            account: self.account(author)?,
            poll: version.poll.as_ref().map(|poll| StatusEditPoll { options: options(poll) }),
            media_attachments: version.attachments.iter().map(medium).collect(),
            emojis: emojis(&version.emojis, &version.content, &version.spoiler_text, version.poll.as_ref()),
        })
    }

    fn drawn(&self, record: &Record, marks: Marks) -> Result<Status> {
        let row = quote::find(self.read, record.id)?;
        let mut drawn = self.drawn_alone(record, marks)?;
        let Some(row) = row else { return Ok(drawn) };
        let (state, quoted) = self.quoted(&row)?;
        if record.local
            && let Some(id) = row.quoted.filter(|_| !matches!(row.state, QuoteState::Rejected | QuoteState::Revoked))
            && let Some(page) = self.page_of(id)?
        {
            drawn.content.insert_str(0, &rules::fallback(&page));
        }
        let inside = |quoted: &Record| -> Result<Status> {
            let mut inner = self.drawn_alone(quoted, self.marks(quoted)?)?;
            if let Some(row) = quote::find(self.read, quoted.id)? {
                let (state, quoted) = self.quoted(&row)?;
                inner.quote =
                    Some(Quote::Shallow { state, quoted_status_id: quoted.map(|quoted| quoted.id.to_string()) });
            }
            Ok(inner)
        };
        let quoted_status = quoted.as_ref().map(inside).transpose()?.map(Box::new);
        drawn.quote = Some(Quote::Whole { state, quoted_status });
        Ok(drawn)
    }

    /// The word for how a quote stands to the viewer, and what it quotes if that is to be shown (client API, Quote).
    fn quoted(&self, row: &quote::Quote) -> Result<(&'static str, Option<Record>)> {
        let word = match row.state {
            QuoteState::Pending => "pending",
            QuoteState::Rejected => "rejected",
            QuoteState::Revoked => "revoked",
            QuoteState::Accepted => "accepted",
        };
        if row.state != QuoteState::Accepted {
            return Ok((word, None));
        }
        let Some(quoted) = row.quoted.map(|id| status::find(self.read, id)).transpose()?.flatten() else {
            return Ok(("deleted", None));
        };
        if visibility::can_see(self.read, self.viewer, &quoted)? {
            return Ok((word, Some(quoted)));
        }
        let blocked = match self.viewer {
            Some(viewer) => blocks(self.read, viewer, quoted.account)?,
            None => false,
        };
        Ok((if blocked { "blocked_account" } else { "unauthorized" }, None))
    }

    /// The page of a status that is there.
    fn page_of(&self, id: StatusId) -> Result<Option<String>> {
        let Some(record) = status::find(self.read, id)? else { return Ok(None) };
        Ok(account::find(self.read, record.account)?.map(|author| self.page(&record, &author.username)))
    }

    fn page(&self, record: &Record, author: &str) -> String {
        match &record.url {
            _ if record.local => self.origin.url(&format!("/@{author}/{}", record.id)),
            Some(url) => url.clone(),
            None => self.origin.url(&record.uri),
        }
    }

    /// Who may quote, and what the viewer may expect (client API, `QuoteApproval`).
    fn quote_approval(&self, record: &Record) -> Result<QuoteApproval> {
        let policy = rules::policy(self.read, record)?;
        let current_user = match rules::stance(self.read, self.viewer, record)? {
            Stance::Automatic => "automatic",
            Stance::Manual => "manual",
            Stance::Unknown => "unknown",
            Stance::Denied => "denied",
        };
        Ok(QuoteApproval { automatic: groups(policy.automatic), manual: groups(policy.manual), current_user })
    }

    /// A status without what it quotes.
    fn drawn_alone(&self, record: &Record, marks: Marks) -> Result<Status> {
        let counts = status::stats(self.read, record.reblog_of.unwrap_or(record.id))?;
        let author = self.account(record.account)?;
        let uri = self.origin.url(&record.uri);
        let url = self.page(record, &author.username);
        // A parent that is not stored here has no number to show.
        let parent = record.reply.as_ref().and_then(|reply| reply.status.zip(reply.account));
        Ok(Status {
            id: record.id.to_string(),
            created_at: clock::iso(record.created_at),
            in_reply_to_id: parent.map(|(status, _)| status.to_string()),
            in_reply_to_account_id: parent.map(|(_, account)| account.to_string()),
            sensitive: record.sensitive,
            spoiler_text: record.spoiler_text.clone(),
            visibility: visibility_name(record.visibility),
            language: record.language.clone(),
            uri,
            url: Some(url),
            replies_count: counts.replies,
            reblogs_count: counts.reblogs,
            favourites_count: counts.favourites,
            quotes_count: quote::quotability(self.read, record.reblog_of.unwrap_or(record.id))?.quotes,
            edited_at: record.edited_at.map(clock::iso),
            favourited: marks.favourited,
            reblogged: marks.reblogged,
            muted: marks.muted,
            bookmarked: marks.bookmarked,
            pinned: marks.pinned,
            filtered: self.viewer.map(|_| Vec::new()),
            content: record.content.clone(),
            text: None,
            reblog: None,
            application: self.application(record)?,
            account: author,
            media_attachments: record.attachments.iter().map(medium).collect(),
            mentions: self.mentions(record)?,
            tags: record.tags.iter().map(|name| self.status_tag(name)).collect(),
            emojis: emojis(&record.emojis, &record.content, &record.spoiler_text, record.poll.as_ref()),
            card: None,
            poll: record.poll.as_ref().map(|poll| self.poll(record, poll)),
            quote: None,
            quote_approval: Some(self.quote_approval(record)?),
        })
    }

    fn marks(&self, record: &Record) -> Result<Marks> {
        let Some(viewer) = self.viewer else { return Ok(Marks::none(None)) };
        let key: (AccountId, StatusId) = (viewer, record.id);
        let pinnable = record.account == viewer && record.visibility != Visibility::Direct;
        Ok(Marks {
            favourited: Some(FAVOURITES.contains(self.read, &key)?),
            reblogged: Some(REBLOG_BY.contains(self.read, &key)?),
            bookmarked: Some(BOOKMARKS.contains(self.read, &key)?),
            muted: Some(false),
            pinned: if pinnable { Some(rules::is_pinned(self.read, record)?) } else { None },
        })
    }

    fn application(&self, record: &Record) -> Result<Option<StatusApplication>> {
        let Some(id) = record.application else { return Ok(None) };
        let found = oauth::APPLICATIONS.get(self.read, &id)?;
        Ok(found.map(|found| StatusApplication { name: found.name, website: found.website }))
    }

    fn mentions(&self, record: &Record) -> Result<Vec<StatusMention>> {
        let mut mentions = Vec::with_capacity(record.mentions.len());
        for id in &record.mentions {
            let Some(account) = account::find(self.read, *id)?.filter(|account| account.suspended_at.is_none()) else {
                continue;
            };
            mentions.push(StatusMention {
                id: id.to_string(),
                acct: account.acct(),
                url: render::page(self.origin, &account),
                username: account.username,
            });
        }
        Ok(mentions)
    }

    fn status_tag(&self, name: &str) -> StatusTag {
        StatusTag { name: tag::normalise(name), url: tag_page(self.origin, name) }
    }

    /// A poll to look at: votes are counted at its origin.
    fn poll(&self, record: &Record, poll: &PollRecord) -> Poll {
        let ended = |end: storage::Timestamp| self.now.is_some_and(|now| end <= now);
        let voted = self.viewer.map(|viewer| viewer == record.account);
        Poll {
            id: record.id.to_string(),
            expires_at: poll.closed_at.or(poll.expires_at).map(clock::iso),
            expired: poll.closed_at.or(poll.expires_at).is_some_and(ended),
            multiple: poll.multiple,
            votes_count: poll.options.iter().fold(0, |sum, option| option.votes.saturating_add(sum)),
            voters_count: poll.voters,
            options: (poll.options.iter())
                .map(|option| PollOption { title: option.title.clone(), votes_count: Some(option.votes) })
                .collect(),
            emojis: emojis(&record.emojis, "", "", Some(poll)),
            voted,
            own_votes: self.viewer.map(|_| Vec::new()),
        }
    }
}

/// What depends on the viewer: absent without one, never null (client API, responses).
#[derive(Clone, Copy)]
struct Marks {
    favourited: Option<bool>,
    reblogged: Option<bool>,
    bookmarked: Option<bool>,
    muted: Option<bool>,
    pinned: Option<bool>,
}

impl Marks {
    fn none(viewer: Option<AccountId>) -> Self {
        let no = viewer.map(|_| false);
        Marks { favourited: no, reblogged: no, bookmarked: no, muted: no, pinned: None }
    }
}

/// The words of groups who may quote.
fn groups(groups: Groups) -> Vec<&'static str> {
    [
        (Groups::PUBLIC, "public"),
        (Groups::FOLLOWERS, "followers"),
        (Groups::FOLLOWING, "following"),
        (Groups::OTHER, "unsupported_policy"),
    ]
    .into_iter()
    .filter_map(|(group, word)| groups.has(group).then_some(word))
    .collect()
}

/// The word of a visibility in the client API.
fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "private",
        Visibility::Direct => "direct",
    }
}

fn emojis(all: &[account::Emoji], content: &str, spoiler_text: &str, poll: Option<&PollRecord>) -> Vec<CustomEmoji> {
    if all.is_empty() {
        return Vec::new();
    }
    let mut texts = vec![content, spoiler_text];
    texts.extend(poll.iter().flat_map(|poll| &poll.options).map(|option| option.title.as_str()));
    used(all, &texts).into_iter().map(drawn_emoji).collect()
}

/// A medium elsewhere, linked to where it is.
fn medium(attachment: &Attachment) -> MediaAttachment {
    let kind = match attachment.media_type.split('/').next().unwrap_or_default() {
        "image" => "image",
        "video" => "video",
        "audio" => "audio",
        _ => "unknown",
    };
    let size = attachment.width.zip(attachment.height).filter(|(width, height)| *width > 0 && *height > 0);
    let original = size.map(|(width, height)| MediaDetails {
        width,
        height,
        size: format!("{width}x{height}"),
        aspect: f64::from(width) / f64::from(height),
    });
    let part = |thousandths: i32| f64::from(thousandths) / 1000.0;
    let focus = attachment.focus.map(|(x, y)| MediaFocus { x: part(x), y: part(y) });
    MediaAttachment {
        id: attachment.id.to_string(),
        kind,
        url: Some(attachment.url.clone()),
        // Only a picture is its own preview.
        preview_url: (kind == "image").then(|| attachment.url.clone()),
        remote_url: Some(attachment.url.clone()),
        text_url: None,
        meta: (original.is_some() || focus.is_some()).then_some(MediaMeta { focus, original, small: None }),
        description: (!attachment.description.is_empty()).then(|| attachment.description.clone()),
        blurhash: attachment.blurhash.clone(),
    }
}
