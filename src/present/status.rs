//! Statuses as the client API shows them (client API, Status, StatusEdit, StatusSource).

use super::Context;
use crate::{
    account::render,
    clock,
    emoji::used,
    error::Result,
    poll as polls,
    status::{self as rules, Stance, Version, tag_page},
    visibility,
};
use std::borrow::Borrow;
use storage::{
    AccountId, RowId, StatusId, account,
    backfill::{self, Stated},
    cause::{self, Cause},
    conversation::Conversation as ConversationRecord,
    filter::FilterContext,
    interaction::{self, Interaction, RequestState},
    moderation, oauth, peer,
    quote::{self, Groups, QuoteState},
    relationship::blocks,
    relay, silent,
    status::{self, Attachment, Poll as PollRecord, PollOption as OptionRecord, Status as Record, Visibility},
    tag,
};
use web::entity::{
    Conversation, CustomEmoji, DassieStatus, FilterResult, InteractionPolicy, MediaAttachment, Poll, PollOption, Quote,
    QuoteApproval, QuotedPage, Status, StatusApplication, StatusEdit, StatusEditPoll, StatusEditPollOption,
    StatusMention, StatusSource, StatusTag,
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
        let Some(original) = original else {
            return self.drawn(record, self.marks(record)?, self.filtered(record)?);
        };
        let (marks, filtered) = (self.marks(&original)?, self.filtered(&original)?);
        let mut outer = self.drawn(record, Marks { pinned: None, ..marks }, filtered.clone())?;
        let inner = self.drawn(&original, marks, filtered)?;
        self.shares(&mut outer, record, inner.interaction_policy.clone());
        outer.reblog = Some(Box::new(inner));
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
        if [record.account, shown.account].contains(&viewer) || !self.looks_the_same(shown)? {
            return Ok(false);
        }
        let Marks { favourited, reblogged, bookmarked, muted, pinned } = self.marks(shown)?;
        let marked = [favourited, reblogged, bookmarked, muted, pinned].contains(&Some(true));
        Ok(!marked && self.filtered(shown)?.is_none_or(|filtered| filtered.is_empty()))
    }

    /// The statuses of a list, in order, their rows read many at once.
    ///
    /// # Errors
    /// As `status`.
    pub fn statuses<R: Borrow<Record>>(&self, records: &[R]) -> Result<Vec<Status>> {
        let records: Vec<&Record> = records.iter().map(Borrow::borrow).collect();
        self.look_at_marks(records.iter().map(|record| record.reblog_of.unwrap_or(record.id)))?;
        self.reading_ahead(&records, |context| records.iter().map(|record| context.status(record)).collect())
    }

    /// A status that nobody looks at, to be completed for whoever does; `original`: what it shares.
    pub(super) fn unmarked(&self, record: &Record, original: Option<&Record>) -> Result<Status> {
        let mut drawn = self.drawn(record, Marks::none(None), None)?;
        if let Some(original) = original {
            self.shares(&mut drawn, record, self.interaction_policy(original)?);
        }
        Ok(drawn)
    }

    /// What of a reblog is not as of other statuses: its id is that of its activity, and what may be done is done with the
    /// original.
    fn shares(&self, drawn: &mut Status, record: &Record, policy: InteractionPolicy) {
        if record.local {
            drawn.uri.push_str("/activity");
        }
        drawn.interaction_policy = policy;
    }

    /// A deleted status with what was typed, for writing it anew.
    ///
    /// # Errors
    /// As `status`.
    pub fn deleted(&self, record: &Record) -> Result<Status> {
        Ok(Status {
            text: Some(record.text.clone()),
            content_type: Some(rules::mime(record.content_type)),
            ..self.drawn(record, Marks::none(self.viewer), self.viewer.map(|_| Vec::new()))?
        })
    }

    /// The thread around a status.
    ///
    /// # Errors
    /// As `status`.
    pub fn thread(&self, context: &rules::Context) -> Result<web::entity::Context> {
        Ok(web::entity::Context {
            ancestors: self.statuses_in(FilterContext::Thread, &context.ancestors)?,
            descendants: self.statuses_in(FilterContext::Thread, &context.descendants)?,
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
        StatusSource {
            id: record.id.to_string(),
            text: record.text.clone(),
            spoiler_text: record.spoiler_text.clone(),
            content_type: rules::mime(record.content_type),
        }
    }

    fn version(&self, author: AccountId, version: &Version) -> Result<StatusEdit> {
        let local = account::find(self.read, author)?.is_some_and(|author| author.is_local());
        let title = |option: &OptionRecord| {
            if local { option.title.clone() } else { polls::harmless_title(option) }
        };
        let options = |poll: &PollRecord| {
            poll.options.iter().map(|option| StatusEditPollOption { title: title(option) }).collect()
        };
        Ok(StatusEdit {
            content: version.content.clone(),
            spoiler_text: version.spoiler_text.clone(),
            sensitive: version.sensitive,
            created_at: clock::iso(version.created_at),
            account: self.account(author)?,
            poll: version.poll.as_ref().map(|poll| StatusEditPoll { options: options(poll) }),
            media_attachments: self.attachments(author, &version.attachments)?,
            emojis: self.emojis(Named {
                local,
                emojis: &version.emojis,
                content: &version.content,
                spoiler_text: &version.spoiler_text,
                poll: version.poll.as_ref(),
            })?,
        })
    }

    fn drawn(&self, record: &Record, marks: Marks, filtered: Option<Vec<FilterResult>>) -> Result<Status> {
        let row = quote::find(self.read, record.id)?;
        let mut drawn = self.drawn_alone(record, marks, filtered)?;
        drawn.card = self.card(record, row.as_ref())?;
        drawn.dassie = self.relayed(record)?;
        let Some(row) = row else { return Ok(drawn) };
        let (state, quoted) = self.quoted(&row)?;
        if record.local
            && let Some(id) = row.quoted.filter(|_| !matches!(row.state, QuoteState::Rejected | QuoteState::Revoked))
            && let Some(page) = self.page_of(id)?
        {
            drawn.content.insert_str(0, &rules::fallback(&page));
        }
        let inside = |quoted: &Record| -> Result<Status> {
            let mut inner = self.drawn_alone(quoted, self.marks(quoted)?, self.filtered(quoted)?)?;
            let row = quote::find(self.read, quoted.id)?;
            inner.card = self.card(quoted, row.as_ref())?;
            if let Some(row) = row {
                let (state, quoted) = self.quoted(&row)?;
                inner.quote =
                    Some(Quote::Shallow { state, quoted_status_id: quoted.map(|quoted| quoted.id.to_string()) });
            }
            Ok(inner)
        };
        let quoted_status = quoted.as_ref().map(inside).transpose()?.map(Box::new);
        drawn.quote = Some(Quote::Whole { state, quoted_status, unasked: self.unasked(record, &row)? });
        Ok(drawn)
    }

    /// That a status is here because of a relay, if that is why it came, whatever else would be a reason by now.
    fn relayed(&self, record: &Record) -> Result<Option<DassieStatus>> {
        if record.local || record.reblog_of.is_some() {
            return Ok(None);
        }
        let came = cause::of(self.read, record.id)?;
        let Some(Cause::Relay { relay }) = came.map(|came| came.cause) else { return Ok(None) };
        let relay = relay::find(self.read, relay)?.and_then(|relay| peer::authority_of(&relay.url));
        Ok(Some(DassieStatus { relay }))
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

    /// The way to what a remote status quotes without showing a stamp: by one of the older spellings, or before its
    /// author answered; which of these is not stored. None for a stamp that is claimed and does not hold.
    ///
    /// Source: FEDERATION §2, quotes.
    fn unasked(&self, quoting: &Record, row: &quote::Quote) -> Result<Option<QuotedPage>> {
        if quoting.local || row.state != QuoteState::Pending || !row.stamp.is_empty() {
            return Ok(None);
        }
        let quoted = row.quoted.map(|id| status::find(self.read, id)).transpose()?.flatten();
        if let Some(quoted) = quoted
            && visibility::can_see(self.read, self.viewer, &quoted)?
            && let Some(author) = account::find(self.read, quoted.account)?
        {
            let url = self.page(&quoted, &author.username);
            return Ok(Some(QuotedPage { id: quoted.id.to_string(), acct: author.acct(), url }));
        }
        // Of what is not to be seen here only what the quoting status says itself; what was written here has no uri.
        let elsewhere = || QuotedPage { id: String::new(), acct: String::new(), url: row.uri.clone() };
        Ok((!row.uri.is_empty()).then(elsewhere))
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
    fn quote_approval(&self, record: &Record, quotable: &quote::Quotability) -> Result<QuoteApproval> {
        let policy = rules::policy_of(record, quotable);
        let current_user = match rules::stance_under(self.read, self.viewer, record, policy)? {
            Stance::Automatic => "automatic",
            Stance::Manual => "manual",
            Stance::Unknown => "unknown",
            Stance::Denied => "denied",
        };
        Ok(QuoteApproval { automatic: groups(policy.automatic), manual: groups(policy.manual), current_user })
    }

    /// A status without what it quotes.
    fn drawn_alone(&self, record: &Record, marks: Marks, filtered: Option<Vec<FilterResult>>) -> Result<Status> {
        let counts = status::stats(self.read, record.reblog_of.unwrap_or(record.id))?;
        let stated = match record.local && record.reblog_of.is_none() {
            true => Stated::default(),
            false => backfill::stated(self.read, record.reblog_of.unwrap_or(record.id))?,
        };
        let quotable = quote::quotability(self.read, record.reblog_of.unwrap_or(record.id))?;
        let author = self.account(record.account)?;
        let (reactions, pleroma) = self.reactions(record.reblog_of.unwrap_or(record.id), counts.reactions)?;
        let sensitized = moderation::standing(self.read, record.account)?.sensitized_at.is_some();
        let uri = self.origin.url(&record.uri);
        let url = self.page(record, &author.username);
        // A parent that is not stored here has no number to show.
        let parent = record.reply.as_ref().and_then(|reply| reply.status.zip(reply.account));
        Ok(Status {
            id: record.id.to_string(),
            created_at: clock::iso(record.created_at),
            in_reply_to_id: parent.map(|(status, _)| status.to_string()),
            in_reply_to_account_id: parent.map(|(_, account)| account.to_string()),
            sensitive: record.sensitive || (sensitized && !record.attachments.is_empty()),
            spoiler_text: record.spoiler_text.clone(),
            visibility: visibility_name(record.visibility),
            language: record.language.clone(),
            uri,
            url: Some(url),
            replies_count: counts.replies,
            // The server of a status knows more than ours (Mastodon does likewise).
            reblogs_count: counts.reblogs.max(stated.shares.unwrap_or_default()),
            favourites_count: counts.favourites.max(stated.likes.unwrap_or_default()),
            quotes_count: quotable.quotes,
            edited_at: record.edited_at.map(clock::iso),
            favourited: marks.favourited,
            reblogged: marks.reblogged,
            muted: marks.muted,
            bookmarked: marks.bookmarked,
            pinned: marks.pinned,
            filtered,
            content: record.content.clone(),
            text: None,
            content_type: None,
            local_only: record.local_only,
            reblog: None,
            application: self.application(record)?,
            account: author,
            media_attachments: self.attachments(record.account, &record.attachments)?,
            mentions: self.mentions(record)?,
            tags: record.tags.iter().map(|name| self.status_tag(name)).collect(),
            emojis: self.emojis(Named::of(record))?,
            card: None,
            poll: record.poll.as_ref().map(|poll| self.poll(record, poll)).transpose()?,
            quote: None,
            quote_approval: Some(self.quote_approval(record, &quotable)?),
            interaction_policy: self.interaction_policy(record)?,
            reactions,
            pleroma,
            dassie: None,
        })
    }

    fn marks(&self, record: &Record) -> Result<Marks> {
        let Some(viewer) = self.viewer else { return Ok(Marks::none(None)) };
        // What waits for the author's word looks done to who did it; only under a policy does anything wait.
        let asked = interaction::POLICIES.contains(self.read, &record.id)?;
        let waits = |what| -> Result<bool> {
            let found = if asked { interaction::find_of(self.read, viewer, what, record.id)? } else { None };
            Ok(found.is_some_and(|(_, request)| request.state == RequestState::Pending))
        };
        let pinnable = record.account == viewer && record.visibility != Visibility::Direct;
        Ok(Marks {
            favourited: Some(self.has_favourited(viewer, record.id)? || waits(Interaction::Favourite)?),
            reblogged: Some(self.has_reblogged(viewer, record.id)? || waits(Interaction::Reblog)?),
            bookmarked: Some(self.has_bookmarked(viewer, record.id)?),
            muted: Some(self.mutes_threads(viewer)? && rules::is_thread_muted(self.read, viewer, record)?),
            pinned: if pinnable { Some(rules::is_pinned(self.read, record)?) } else { None },
        })
    }

    /// Whether the viewer muted any thread at all: nearly nobody did, and then no thread is walked.
    pub(super) fn mutes_threads(&self, viewer: AccountId) -> Result<bool> {
        if let Some(known) = self.mutes_threads.get() {
            return Ok(known);
        }
        let some = rules::mutes_any_thread(self.read, viewer)?;
        self.mutes_threads.set(Some(some));
        Ok(some)
    }

    /// A conversation with its newest status. One in which nobody else is names the viewer, as Mastodon's does.
    ///
    /// # Errors
    /// Storage errors.
    pub fn conversation(&self, id: RowId, known: &ConversationRecord, last: Option<&Record>) -> Result<Conversation> {
        let mut accounts = Vec::with_capacity(known.others.len());
        for other in &known.others {
            if account::find(self.read, *other)?.is_some() {
                accounts.push(self.account(*other)?);
            }
        }
        if let Some(own) = self.viewer.filter(|_| accounts.is_empty()) {
            accounts.push(self.account(own)?);
        }
        let last_status = last.map(|last| self.status(last)).transpose()?;
        Ok(Conversation { id: id.to_string(), unread: known.unread, accounts, last_status })
    }

    fn application(&self, record: &Record) -> Result<Option<StatusApplication>> {
        let Some(id) = record.application else { return Ok(None) };
        let found = oauth::APPLICATIONS.get(self.read, &id)?;
        Ok(found.map(|found| StatusApplication { name: found.name, website: found.website }))
    }

    /// Whom a status names; not whom it only addresses.
    fn mentions(&self, record: &Record) -> Result<Vec<StatusMention>> {
        let some_of_elsewhere = !record.local && !record.mentions.is_empty();
        let silent = if some_of_elsewhere { silent::of(self.read, record.id)? } else { Vec::new() };
        let mut mentions = Vec::with_capacity(record.mentions.len());
        for id in record.mentions.iter().filter(|id| !silent.contains(id)) {
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

    /// The poll of a status.
    ///
    /// # Errors
    /// Storage errors.
    pub fn poll(&self, record: &Record, poll: &PollRecord) -> Result<Poll> {
        let ended = |end: storage::Timestamp| self.now.is_some_and(|now| end <= now);
        let expired = polls::ends_at(poll).is_some_and(ended);
        let ballot = match self.viewer {
            Some(viewer) => storage::poll::ballot(self.read, record.id, viewer)?,
            None => None,
        };
        let voted = self.viewer.map(|viewer| viewer == record.account || ballot.is_some());
        let shown = expired || !storage::poll::state(self.read, record.id)?.hide_totals;
        Ok(Poll {
            id: record.id.to_string(),
            expires_at: polls::ends_at(poll).map(clock::iso),
            expired,
            multiple: poll.multiple,
            votes_count: poll.options.iter().fold(0, |sum, option| option.votes.saturating_add(sum)),
            voters_count: poll.voters,
            options: (poll.options.iter())
                .map(|option| PollOption {
                    title: polls::shown_title(record, option).into_owned(),
                    votes_count: shown.then_some(option.votes),
                })
                .collect(),
            emojis: self.emojis(Named { content: "", spoiler_text: "", poll: Some(poll), ..Named::of(record) })?,
            voted,
            own_votes: self.viewer.map(|_| ballot.map(|ballot| ballot.choices).unwrap_or_default()),
        })
    }

    /// Media of `author`; none where their domain's are kept out.
    fn attachments(&self, author: AccountId, attachments: &[Attachment]) -> Result<Vec<MediaAttachment>> {
        if attachments.is_empty() {
            return Ok(Vec::new());
        }
        let rejected = match account::find(self.read, author)? {
            Some(author) => self.rejects_media(&author)?,
            None => true,
        };
        if rejected {
            return Ok(Vec::new());
        }
        attachments.iter().map(|attachment| self.attachment(attachment)).collect()
    }

    /// Emoji that texts name: of whoever wrote here this server's own, of others those that came with the status.
    fn emojis(&self, named: Named<'_>) -> Result<Vec<CustomEmoji>> {
        let Named { local, emojis, content, spoiler_text, poll } = named;
        if !local && emojis.is_empty() {
            return Ok(Vec::new());
        }
        let mut texts = vec![content, spoiler_text];
        texts.extend(poll.iter().flat_map(|poll| &poll.options).map(|option| option.title.as_str()));
        if local {
            return self.own_emojis(&texts);
        }
        used(emojis, &texts).into_iter().map(|emoji| self.emoji(emoji)).collect()
    }
}

/// Texts in which emoji may be named.
#[derive(Clone, Copy)]
struct Named<'a> {
    /// Somebody here wrote them.
    local: bool,
    /// Emoji that came with them.
    emojis: &'a [account::Emoji],
    content: &'a str,
    spoiler_text: &'a str,
    poll: Option<&'a PollRecord>,
}

impl<'a> Named<'a> {
    fn of(record: &'a Record) -> Self {
        Named {
            local: record.local,
            emojis: &record.emojis,
            content: &record.content,
            spoiler_text: &record.spoiler_text,
            poll: record.poll.as_ref(),
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
pub(super) fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "private",
        Visibility::Direct => "direct",
    }
}
