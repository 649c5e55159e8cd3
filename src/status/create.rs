//! Posting by somebody here.

use super::{
    compose::Composed,
    group,
    interaction::{self, Way},
    own_path,
    quote::{self, Choice},
    require_original, scheduled, tell, thread,
};
use crate::{
    account::{is_language, require_acting},
    error::{Error, Result},
    limits, link,
    media::{self, Wanted},
    poll::{self, NewPoll},
};
use std::ops::ControlFlow;
use storage::{
    AccountId, ApplicationId, Bounds, Digest, Direction, Event, Key, Read, RowId, StatusId, Timestamp, Tx,
    account::Account,
    activity,
    intent::Intent,
    interaction::{Interaction, InteractionPolicy, InteractionRequest, default_of, put_policy},
    retention,
    scheduled::Scheduled,
    status::{self, IDEMPOTENCY_KEYS, Reply, STATUSES, Status, Visibility},
    user::{self, Preferences},
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
    /// Who may quote it; as the author says of all if nothing is said.
    pub quote_policy: Option<Choice>,
    /// Who may favourite, answer and reblog it; as the author says of all of that visibility if nothing is said.
    pub interaction_policy: Option<InteractionPolicy>,
    /// The program it is posted with.
    pub application: Option<ApplicationId>,
    /// Posting twice with the same key within an hour posts once.
    pub idempotency_key: Option<String>,
    /// When to post it; now, if that is past.
    pub scheduled_at: Option<Timestamp>,
    /// It never leaves this server; as what it answers or quotes if nothing is said.
    pub local_only: Option<bool>,
}

/// What posting led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// A new status.
    Fresh(Status),
    /// The status an earlier request with the same key made.
    Repeated(Status),
    /// It will be posted later, whichever request said so.
    Scheduled(RowId, Scheduled),
}

impl Created {
    /// The status, whichever request made it; none if it is to be posted later.
    #[must_use]
    pub fn into_status(self) -> Option<Status> {
        match self {
            Created::Fresh(status) | Created::Repeated(status) => Some(status),
            Created::Scheduled(..) => None,
        }
    }
}

/// What must hold before a status is posted, now or later, as it was found.
pub(super) struct Looked {
    author: Account,
    parent: Option<Status>,
    way: Way,
    quoted: Option<Status>,
    preferences: Option<Preferences>,
    /// Who may see it.
    pub(super) visibility: Visibility,
    local_only: bool,
}

/// Posts a status: its rows, its idempotency key, notifications and what peers are owed, in one commit. If its time has
/// not come, it is remembered instead.
///
/// # Errors
/// `NotFound` if the parent or what is quoted is unknown, not to be seen or not to be quoted; `Invalid` for an empty or
/// overlong text; `Forbidden` for who is suspended or has moved away, if the parent's author lets nobody answer, and if
/// they must agree to what is not for them.
///
/// Source: client API, statuses#create.
pub fn create(tx: &mut Tx<'_>, new: &NewStatus) -> Result<Created> {
    if let Some(known) = find_repeated(tx, new)? {
        return Ok(known);
    }
    match new.scheduled_at.filter(|at| *at > tx.now()) {
        Some(at) => scheduled::schedule(tx, new, at).map(|(id, row)| Created::Scheduled(id, row)),
        None => post(tx, new).map(Created::Fresh),
    }
}

/// Finds what a new status is about, and refuses what cannot be posted.
pub(super) fn look(read: &dyn Read, new: &NewStatus) -> Result<Looked> {
    let disabled = Error::Forbidden("Your login is currently disabled");
    let author = match require_acting(read, new.author) {
        Ok(author) if author.suspended_at.is_none() => author,
        Ok(_) | Err(Error::NotFound) => return Err(disabled),
        Err(error) => return Err(error),
    };
    let parent = new.in_reply_to.map(|id| require_original(read, new.author, id)).transpose()?;
    let way = match &parent {
        Some(parent) => interaction::way(read, new.author, parent, Interaction::Reply)?,
        None => Way::Now,
    };
    let quoted = new.quoted.map(|id| quote::require_quotable(read, new.author, id)).transpose()?;
    let preferences = user::find(read, new.author)?.map(|user| user.preferences);
    if new.poll.is_some() && !new.media.ids.is_empty() {
        return Err(Error::invalid("media_ids", "a poll and pictures cannot be attached to one post"));
    }
    let visibility = new.visibility.or(preferences.as_ref().map(|chosen| chosen.visibility));
    let visibility = narrowed(visibility.unwrap_or(Visibility::Public), quoted.as_ref());
    if let (Way::Ask, Some(parent)) = (way, &parent)
        && matches!(visibility, Visibility::Private | Visibility::Direct)
        && !new.composed.mentions.contains(&parent.account)
    {
        // Who is asked is shown it, and it is not for them.
        return Err(Error::Forbidden("The author of this post must agree to replies: mention them"));
    }
    let local_only = stays(read, new, parent.as_ref(), quoted.as_ref())?;
    Ok(Looked { author, parent, way, quoted, preferences, visibility, local_only })
}

/// Whether a new status stays on this server: as its author says, else as what it answers. Who quotes what stays here
/// stays here too; and because an author elsewhere would have to be asked, nothing that stays here quotes them.
fn stays(read: &dyn Read, new: &NewStatus, parent: Option<&Status>, quoted: Option<&Status>) -> Result<bool> {
    let inherited = parent.is_some_and(|parent| parent.local_only);
    let bound = quoted.is_some_and(|quoted| quoted.local_only);
    let local_only = bound || new.local_only.unwrap_or(inherited);
    if let Some(quoted) = quoted.filter(|_| local_only)
        && !tell::is_local(read, quoted.account)?
    {
        let why = "a post that stays on this server cannot quote one of another server";
        return Err(Error::invalid("quoted_status_id", why));
    }
    Ok(local_only)
}

/// Posts a status now, whatever its key has made before.
pub(super) fn post(tx: &mut Tx<'_>, new: &NewStatus) -> Result<Status> {
    let Looked { author, parent, way, quoted, preferences, visibility, local_only } = look(tx, new)?;
    let preferred = preferences.as_ref();
    let (id, now): (StatusId, _) = (tx.next_id(), tx.now());
    let attachments = media::attach(tx, author.id, id, &new.media)?;
    let policy = new.interaction_policy.map_or_else(|| default_of(tx, author.id, visibility), Ok)?;
    super::compose::check(&new.composed, &new.spoiler_text, &attachments, policy)?;
    let status = Status {
        id,
        account: author.id,
        local: true,
        uri: own_path(&author, id),
        url: None,
        text: new.composed.text.clone(),
        content: new.composed.content.clone(),
        spoiler_text: new.spoiler_text.clone(),
        sensitive: !new.spoiler_text.is_empty()
            || new.sensitive.or(preferred.map(|chosen| chosen.sensitive)).unwrap_or(false),
        language: (new.language.clone().filter(|language| is_language(language)))
            .or_else(|| preferred.and_then(|chosen| chosen.language.clone())),
        visibility,
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
        conversation: parent.as_ref().and_then(|parent| parent.conversation.clone()),
        created_at: now,
        edited_at: None,
        local_only,
        content_type: new.composed.content_type,
    };
    let request = match &parent {
        Some(parent) if way == Way::Ask => {
            let began = interaction::request(tx, author.id, Interaction::Reply, parent);
            let request = InteractionRequest { reply: Some(id), uri: status.uri.clone(), ..began };
            let row: RowId = tx.next_id();
            storage::interaction::put(tx, row, &request)?;
            Some(request)
        }
        _ => None,
    };
    status::insert(tx, &status)?;
    put_policy(tx, id, policy);
    retention::take_part(tx, status.reply.as_ref().and_then(|reply| reply.status), author.id)?;
    if let Some(quoted) = &quoted {
        quote::attach(tx, &status, quoted)?;
    }
    if let Some(choice) = quote::chosen(tx, author.id, new.quote_policy)? {
        quote::choose(tx, &status, choice)?;
    }
    let answers = status.reply.as_ref().is_some_and(|reply| reply.account != Some(author.id));
    activity::count(tx, author.id, activity::Deed::Posted { answers })?;
    remember_key(tx, new, id)?;
    if let (Some(made), Some(asked)) = (&status.poll, &new.poll) {
        poll::begin(tx, id, made, asked.hide_totals)?;
    }
    link::ask(tx, &status);
    match request {
        Some(request) => {
            interaction::tell_author(tx, &request)?;
            if parent.is_some_and(|parent| !parent.local) {
                tell::peers_of(tx, &status, Intent::AskReply { status: id });
            }
        }
        None => announce(tx, &status)?,
    }
    Ok(status)
}

/// Tells of a status by somebody here that others may see from now on.
pub(super) fn announce(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let (id, author) = (status.id, status.account);
    thread::enter(tx, status, |_| true)?;
    tell::notify_mentioned(tx, status, |_| true)?;
    tell::notify_followers(tx, status)?;
    let parent_author = status.reply.as_ref().and_then(|reply| reply.account);
    let concerned = status.mentions.iter().copied().chain(parent_author.filter(|_| status.is_public()));
    let relayed = tell::to_relays(tx, status)?;
    let followed = match tell::answered_here(tx, status)? {
        Some(answered) => tell::leaves_here(tx, answered, status.visibility, [])?,
        None => false,
    };
    // The thread is looked through for a group only where that decides it.
    let leaves = relayed || followed || tell::leaves_here(tx, author, status.visibility, concerned)?;
    if leaves || group::group_answered(tx, status)?.is_some() {
        tell::peers_of(tx, status, Intent::Create { status: id });
    }
    tx.emit(Event::StatusCreated { status: id, account: author });
    if let Some(parent) = status.reply.as_ref().and_then(|reply| reply.status) {
        tx.emit(Event::StatusCounted { status: parent });
    }
    Ok(())
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

/// What the same key made within the last hour and that is still there. Numbers are given once, so that the one of a
/// scheduled status is no status'.
fn find_repeated(tx: &Tx<'_>, new: &NewStatus) -> Result<Option<Created>> {
    let Some(key) = &new.idempotency_key else { return Ok(None) };
    let Some(id) = IDEMPOTENCY_KEYS.get(tx, &(new.author, Digest::of(key)))? else { return Ok(None) };
    if is_old(tx, id) {
        return Ok(None);
    }
    if let Some(status) = status::find(tx, id)?.filter(|status| status.account == new.author) {
        return Ok(Some(Created::Repeated(status)));
    }
    let waiting = storage::scheduled::find(tx, id.0.into())?.filter(|row| row.account == new.author);
    Ok(waiting.map(|row| Created::Scheduled(id.0.into(), row)))
}

fn is_old(tx: &Tx<'_>, id: StatusId) -> bool {
    tx.now().ms_since(id.time()) > limits::IDEMPOTENCY_MS
}

/// Remembers the key, and forgets old ones: each new key looks at a few rows behind its own random place, so old ones
/// never pile up.
pub(super) fn remember_key(tx: &mut Tx<'_>, new: &NewStatus, id: StatusId) -> Result<()> {
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
pub(super) fn id_at(tx: &mut Tx<'_>, at: Timestamp) -> Result<StatusId> {
    Ok(tx.id_at(at, |read, id: StatusId| STATUSES.contains(read, &id))?)
}
