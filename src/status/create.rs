//! Posting by somebody here.

use super::{
    compose::Composed,
    quote::{self, Choice},
    require_original, tell, thread,
};
use crate::{
    account::is_language,
    error::{Error, Result},
    limits,
    media::{self, Wanted},
    poll::{self, NewPoll},
};
use std::ops::ControlFlow;
use storage::{
    AccountId, ApplicationId, Bounds, Digest, Direction, Event, Key, StatusId, Tx, account,
    intent::Intent,
    retention,
    status::{self, IDEMPOTENCY_KEYS, Reply, STATUSES, Status, Visibility},
    user,
};

/// A status to be posted. What is `None` follows the author's preferences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatus {
    /// Who posts.
    pub author: AccountId,
    /// The text, composed.
    pub composed: Composed,
    /// The warning; may be empty.
    pub spoiler_text: String,
    /// Its pictures.
    pub media: Wanted,
    /// Media hidden at first.
    pub sensitive: Option<bool>,
    /// BCP 47; anything that does not look like it counts as none.
    pub language: Option<String>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// What it answers.
    pub in_reply_to: Option<StatusId>,
    /// A poll.
    pub poll: Option<NewPoll>,
    /// What it quotes.
    pub quoted: Option<StatusId>,
    /// Who may quote it; everybody if nothing is said.
    pub quote_policy: Option<Choice>,
    /// The program it is posted with.
    pub application: Option<ApplicationId>,
    /// Posting twice with the same key within an hour posts once.
    pub idempotency_key: Option<String>,
}

/// What posting led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// A new status.
    Fresh(Status),
    /// The status an earlier request with the same key made.
    Repeated(Status),
}

impl Created {
    /// The status, whichever request made it.
    #[must_use]
    pub fn into_status(self) -> Status {
        match self {
            Created::Fresh(status) | Created::Repeated(status) => status,
        }
    }
}

/// Posts a status: its rows, its idempotency key, notifications and what peers are owed, in one commit.
///
/// # Errors
/// `NotFound` if the parent or what is quoted is unknown, not to be seen or not to be quoted; `Invalid` for an empty or
/// overlong text.
///
/// Source: client API, statuses#create.
pub fn create(tx: &mut Tx<'_>, new: &NewStatus) -> Result<Created> {
    if let Some(known) = find_repeated(tx, new)? {
        return Ok(Created::Repeated(known));
    }
    let author = account::find(tx, new.author)?.filter(|author| author.suspended_at.is_none());
    let author = author.ok_or(Error::Forbidden("Your login is currently disabled"))?;
    let parent = match new.in_reply_to {
        Some(id) => Some(require_original(tx, new.author, id)?),
        None => None,
    };
    let quoted = new.quoted.map(|id| quote::require_quotable(tx, new.author, id)).transpose()?;
    let preferences = user::find(tx, new.author)?.map(|user| user.preferences);
    let preferred = preferences.as_ref();
    let (id, now): (StatusId, _) = (tx.next_id(), tx.now());
    if new.poll.is_some() && !new.media.ids.is_empty() {
        return Err(Error::invalid("media_ids", "a poll and pictures cannot be attached to one post"));
    }
    let attachments = media::attach(tx, author.id, id, &new.media)?;
    super::compose::check(&new.composed, &new.spoiler_text, &attachments)?;
    let status = Status {
        id,
        account: author.id,
        local: true,
        uri: format!("{}/statuses/{id}", author.uri),
        url: None,
        text: new.composed.text.clone(),
        content: new.composed.content.clone(),
        spoiler_text: new.spoiler_text.clone(),
        sensitive: !new.spoiler_text.is_empty()
            || new.sensitive.or(preferred.map(|chosen| chosen.sensitive)).unwrap_or(false),
        language: (new.language.clone().filter(|language| is_language(language)))
            .or_else(|| preferred.and_then(|chosen| chosen.language.clone())),
        visibility: narrowed(
            new.visibility.or(preferred.map(|chosen| chosen.visibility)).unwrap_or(Visibility::Public),
            quoted.as_ref(),
        ),
        reply: parent.as_ref().map(|parent| Reply {
            uri: if parent.local { String::new() } else { parent.uri.clone() },
            status: Some(parent.id),
            account: Some(parent.account),
        }),
        reblog_of: None,
        mentions: new.composed.mentions.clone(),
        tags: new.composed.tags.clone(),
        emojis: Vec::new(),
        attachments,
        poll: new.poll.as_ref().map(|asked| asked.make(now)).transpose()?,
        application: new.application,
        conversation: parent.and_then(|parent| parent.conversation),
        created_at: now,
        edited_at: None,
    };
    status::insert(tx, &status)?;
    retention::take_part(tx, status.reply.as_ref().and_then(|reply| reply.status), author.id)?;
    if let Some(quoted) = &quoted {
        quote::attach(tx, &status, quoted)?;
    }
    if let Some(choice) = new.quote_policy {
        quote::choose(tx, &status, choice)?;
    }
    remember_key(tx, new, id)?;
    if let (Some(made), Some(asked)) = (&status.poll, &new.poll) {
        poll::begin(tx, id, made, asked.hide_totals)?;
    }
    thread::enter(tx, &status)?;
    tell::notify_mentioned(tx, &status, |_| true)?;
    tell::notify_followers(tx, &status)?;
    let parent_author = status.reply.as_ref().and_then(|reply| reply.account);
    let concerned = status.mentions.iter().copied().chain(parent_author.filter(|_| status.is_public()));
    if tell::leaves_here(tx, author.id, status.visibility, concerned)? {
        tell::peers(tx, Intent::Create { status: id });
    }
    tx.emit(Event::StatusCreated { status: id, account: author.id });
    if let Some(parent) = status.reply.as_ref().and_then(|reply| reply.status) {
        tx.emit(Event::StatusCounted { status: parent });
    }
    Ok(Created::Fresh(status))
}

/// Quoting one's own status for followers shows it to nobody else.
fn narrowed(visibility: Visibility, quoted: Option<&Status>) -> Visibility {
    match visibility {
        Visibility::Public | Visibility::Unlisted
            if quoted.is_some_and(|quoted| quoted.visibility == Visibility::Private) =>
        {
            Visibility::Private
        }
        other => other,
    }
}

/// The status that the same key made within the last hour and that is still there.
fn find_repeated(tx: &Tx<'_>, new: &NewStatus) -> Result<Option<Status>> {
    let Some(key) = &new.idempotency_key else { return Ok(None) };
    let Some(id) = IDEMPOTENCY_KEYS.get(tx, &(new.author, Digest::of(key)))? else { return Ok(None) };
    if is_old(tx, id) {
        return Ok(None);
    }
    Ok(status::find(tx, id)?)
}

fn is_old(tx: &Tx<'_>, id: StatusId) -> bool {
    tx.now().ms_since(id.time()) > limits::IDEMPOTENCY_MS
}

/// Remembers the key, and forgets old ones: each new key looks at a few rows behind its own random place, so old ones
/// never pile up.
fn remember_key(tx: &mut Tx<'_>, new: &NewStatus, id: StatusId) -> Result<()> {
    let Some(key) = &new.idempotency_key else { return Ok(()) };
    let digest = Digest::of(key);
    let place = digest.to_bytes().first_chunk().map(|first| u64::from_be_bytes(*first));
    let (mut old, mut seen) = (Vec::new(), 0);
    let bounds = Bounds { below: None, above: place };
    IDEMPOTENCY_KEYS.scan(tx, &new.author, bounds, Direction::Ascending, |key, made| {
        seen += 1;
        if is_old(tx, made) {
            old.push(key);
        }
        Ok(if seen < limits::IDEMPOTENCY_KEYS_SWEPT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    for key in old {
        IDEMPOTENCY_KEYS.delete(tx, &key);
    }
    IDEMPOTENCY_KEYS.put(tx, &(new.author, digest), &id);
    Ok(())
}

/// A number no status has yet, at the time `at` says (DESIGN §3, ids).
pub(super) fn id_at(tx: &mut Tx<'_>, at: storage::Timestamp) -> Result<StatusId> {
    Ok(tx.id_at(at, |read, id: StatusId| STATUSES.contains(read, &id))?)
}
