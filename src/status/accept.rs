//! Statuses of accounts elsewhere, and what they do with statuses, after `trust`, parsing and sanitising.

mod consent;
mod fit;
mod marks;
mod relevance;
mod wave;

pub(super) use consent::lets;
pub use consent::{Answered, Authorization, to_verify, to_vouch};
pub use fit::fit;

use fit::check;
pub use marks::{
    accept_favourite, accept_pin, accept_reblog, accept_undo_favourite, accept_undo_reblog, accept_unpin,
    forget_in_advance, forget_unmade,
};
pub(super) use marks::{forget_for_good, is_taken_back};
pub use relevance::Reason;
use relevance::cause_of;
use wave::Told;

use super::{
    create::id_at,
    delete, edit, group,
    interaction::{self, Leave},
    quote_answer::{self, Further, RemoteQuote},
    reblog, tell, thread,
};
use crate::{
    error::{Error, Result},
    limits, link,
    origin::check_uri,
    poll,
    text::normalise_hashtag,
};
use storage::{
    AccountId, Digest, Event, Read, RowId, StatusId, Timestamp, Tx,
    account::{self, Account, Emoji},
    backfill::{self, Stated},
    cause::{self, Cause},
    interaction::{Asking, Interaction, InteractionPolicy, InteractionRequest, put_asking, put_policy},
    job::{self, JobClass, JobKind},
    quote::{self, QuotePolicy},
    silent,
    status::{self, Attachment, ContentType, Poll, Reply, Status, TOMBSTONES, Visibility},
};

/// A status of another server as its object describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteStatus {
    /// The ActivityPub id.
    pub uri: String,
    /// Its page.
    pub url: Option<String>,
    /// Its author, stored already; lives elsewhere.
    pub author: AccountId,
    /// Sanitised HTML.
    pub content: String,
    /// The warning, plain text.
    pub spoiler_text: String,
    /// Media hidden at first.
    pub sensitive: bool,
    /// BCP 47.
    pub language: Option<String>,
    /// From the object's own addresses.
    pub visibility: Visibility,
    /// What it answers.
    pub reply: Option<RemoteReply>,
    /// Accounts it is for: those its tags and addresses name, as far as known here; somebody here only if an address
    /// names them (FEDERATION §2).
    pub mentions: Vec<AccountId>,
    /// Those of them whom it addresses among others and does not name: they may see it, and are not told, unless it answers
    /// them (circles of Friendica).
    pub silent: Vec<AccountId>,
    /// Whom of them it came to without standing in any address of it: they are told, and shown to nobody.
    pub blind: Option<AccountId>,
    /// Hashtags without `#`.
    pub tags: Vec<String>,
    /// Custom emoji.
    pub emojis: Vec<Emoji>,
    /// Media.
    pub attachments: Vec<Attachment>,
    /// A poll.
    pub poll: Option<Poll>,
    /// When it was posted, as it says.
    pub published: Timestamp,
    /// When it was last edited, as it says.
    pub updated: Option<Timestamp>,
    /// Its conversation.
    pub conversation: Option<String>,
    /// What it quotes.
    pub quote: Option<RemoteQuote>,
    /// Who may quote it, as it says.
    pub quote_policy: Option<QuotePolicy>,
    /// What it says of its own numbers, and the group that it is for.
    pub stated: Stated,
    /// Who may favourite, answer and reblog it, as it says.
    pub interaction_policy: InteractionPolicy,
    /// How its author is asked for what waits for their word.
    pub asking: Asking,
    /// What it shows for the leave of who it answers elsewhere.
    pub authorization: Authorization,
    /// Why it is offered.
    pub reason: Reason,
}

/// What a remote status answers or quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteReply {
    /// One of ours.
    Local(StatusId),
    /// One with this uri.
    Remote(String),
}

/// What became of an offered status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Stored.
    New(StatusId),
    /// Was there already.
    Known(StatusId),
    /// A reblog that comes into being once the author of the original agrees.
    Waits,
    /// Its author deleted it before.
    Deleted,
    /// Concerns nobody here.
    Irrelevant,
    /// The author of what it answers or shares does not let them.
    Refused,
}

/// Takes in a status. What an author elsewhere does not let answer theirs stands by itself, if it concerns somebody here even
/// so; it is not read for their thread.
///
/// # Errors
/// `Forbidden` if the id belongs to another author's status; `Invalid` beyond the bounds; storage errors.
///
/// Source: ActivityPub §7.2; FEDERATION §3 (Create), §5 (relevance).
pub fn accept(tx: &mut Tx<'_>, remote: &RemoteStatus) -> Result<Accepted> {
    if TOMBSTONES.contains(tx, &Digest::of(&remote.uri))? {
        return Ok(Accepted::Deleted);
    }
    if let Some(known) = status::find_by_uri(tx, &remote.uri)? {
        require_author(&known, remote.author)?;
        let known = consent::join(tx, known, remote)?;
        if remote.reason == Reason::Pushed {
            tell_late(tx, &known, remote)?;
            tell_more(tx, &known, remote)?;
        }
        return Ok(Accepted::Known(known.id));
    }
    check(remote)?;
    require_remote(tx, remote.author)?;
    let answered = find_parent(tx, remote)?;
    let apart = consent::stands_apart(tx, remote, answered.as_ref())?;
    if apart && !consent::is_kept_apart(tx, remote)? {
        return Ok(Accepted::Refused);
    }
    let parent = answered.filter(|_| !apart);
    let Some(cause) = cause_of(tx, remote, parent.as_ref())? else { return Ok(Accepted::Irrelevant) };
    let leave = leave_to_answer(tx, remote, parent.as_ref())?;
    if leave == Leave::Denied {
        return Ok(Accepted::Refused);
    }
    let mut status = row(tx, remote, parent.as_ref())?;
    let id = status.id;
    let told =
        if is_sent(remote.reason, cause) { wave::judge(tx, &mut status, parent.as_ref())? } else { Told::Loudly };
    let request = parent.as_ref().filter(|_| leave != Leave::Given).map(|parent| {
        let began = interaction::request(tx, remote.author, Interaction::Reply, parent);
        InteractionRequest { reply: Some(id), uri: remote.uri.clone(), ..began }
    });
    if let Some(request) = request.as_ref().filter(|_| leave == Leave::OnRequest) {
        let row: RowId = tx.next_id();
        storage::interaction::put(tx, row, request)?;
    }
    put_policies(tx, id, remote);
    if parent.is_some() {
        consent::keep(tx, id, remote)?;
    }
    let others_apart = consent::apart(tx, &status)?;
    status::insert_without(tx, &status, &others_apart)?;
    cause::note(tx, id, cause);
    silent::put(tx, id, unnamed(remote, parent.as_ref().map(|parent| parent.account), &status.mentions))?;
    backfill::state(tx, id, remote.stated.clone())?;
    link::ask(tx, &status);
    quote::put_policy(tx, id, remote.quote_policy)?;
    let further = further(tx, remote.reason)?;
    quote_answer::take(tx, &status, remote.quote.as_ref(), further)?;
    match (request, leave) {
        (Some(request), Leave::OnRequest) => {
            interaction::tell_author(tx, &request)?;
            return Ok(Accepted::New(id));
        }
        (Some(request), _) => interaction::agree(tx, &request)?,
        (None, _) => {}
    }
    let is_named = |account| is_named(remote, parent.as_ref().map(|parent| parent.account), account);
    if is_sent(remote.reason, cause) {
        match told {
            Told::Loudly => announce_to(tx, &status, is_named)?,
            Told::Aside => {
                tell::set_mentioned_aside(tx, &status, is_named)?;
                appear(tx, &status, is_named)?;
            }
        }
        let begins = remote.reply.is_none();
        if parent.is_none() && !apart && (!begins || group::is_unmet(tx, remote.stated.group.as_deref())?) {
            // Who opens the thread has it read at once.
            job::enqueue_within(tx, JobKind::FetchAncestors { status: id }, limits::FETCH_SPREAD_MS);
        }
    } else {
        appear(tx, &status, is_named)?;
    }
    Ok(Accepted::New(id))
}

/// Takes in a status that counts as deleted here, and that its own server gives again: it was restored, and counts so no
/// more. What its author would have to be let to say stays away: nobody is asked twice.
///
/// # Errors
/// As `accept`.
///
/// Source: FEP-1b12, "Undo Delete".
pub fn accept_restored(tx: &mut Tx<'_>, remote: &RemoteStatus) -> Result<Accepted> {
    let parent = find_parent(tx, remote)?;
    if leave_to_answer(tx, remote, parent.as_ref())? == Leave::Given {
        TOMBSTONES.delete(tx, &Digest::of(&remote.uri));
    }
    accept(tx, remote)
}

/// Whether it is told as news: its server sent it, or a relay did so and it concerns somebody here; its own server would
/// find it known.
fn is_sent(reason: Reason, cause: Cause) -> bool {
    let relayed = matches!(reason, Reason::Relayed(_)) && !matches!(cause, Cause::Relay { .. });
    reason == Reason::Pushed || relayed
}

/// The row of a status that is new here.
fn row(tx: &mut Tx<'_>, remote: &RemoteStatus, parent: Option<&Status>) -> Result<Status> {
    let now = tx.now();
    let created_at = remote.published.min(now);
    Ok(Status {
        id: id_at(tx, created_at)?,
        account: remote.author,
        local: false,
        uri: remote.uri.clone(),
        url: remote.url.clone(),
        text: String::new(),
        content: remote.content.clone(),
        spoiler_text: remote.spoiler_text.clone(),
        sensitive: remote.sensitive || !remote.spoiler_text.is_empty(),
        language: remote.language.clone(),
        visibility: remote.visibility,
        reply: remote.reply.as_ref().map(|reply| Reply {
            uri: match reply {
                RemoteReply::Local(_) => String::new(),
                RemoteReply::Remote(uri) => uri.clone(),
            },
            status: parent.map(|parent| parent.id),
            account: parent.map(|parent| parent.account),
        }),
        reblog_of: None,
        mentions: mentioned(remote),
        tags: distinct_tags(&remote.tags),
        emojis: remote.emojis.clone(),
        attachments: numbered(tx, &[], &remote.attachments),
        poll: remote.poll.clone(),
        application: None,
        conversation: remote.conversation.clone(),
        created_at,
        edited_at: remote.updated.filter(|updated| *updated > created_at).map(|updated| updated.min(now)),
        local_only: false,
        content_type: ContentType::Plain,
    })
}

/// Whether what a status quotes is read as well: of a thread or profile that is read not while many fetches wait.
fn further(tx: &Tx<'_>, reason: Reason) -> Result<Further> {
    Ok(match reason {
        Reason::Quoted(_) => Further::Stop,
        Reason::Thread(_) | Reason::Profile(_)
            if job::is_crowded(tx, JobClass::Fetch, limits::BACKFILLS_WAITING_MAX)? =>
        {
            Further::Stop
        }
        reason => in_turn(reason),
    })
}

/// When what a status quotes is read: what was sent came to many servers at once, and somebody waits for the rest.
fn in_turn(reason: Reason) -> Further {
    match reason {
        Reason::Pushed | Reason::Relayed(_) => Further::Soon,
        _ => Further::Now,
    }
}

/// Its server sends what was only read before: whom it mentions is told now, and followers who want to hear of all that its
/// author posts, unless it is no news any more or waits for somebody's word.
fn tell_late(tx: &mut Tx<'_>, known: &Status, remote: &RemoteStatus) -> Result<()> {
    let was_read = cause::of(tx, known.id)?.is_some_and(|came| came.cause.is_fetched());
    if was_read && is_news(tx, known) && known.reblog_of.is_none() && !storage::interaction::is_pending(tx, known)? {
        let answered = known.reply.as_ref().and_then(|reply| reply.account);
        tell::notify_mentioned(tx, known, |account| is_named(remote, answered, account))?;
        tell::notify_followers(tx, known)?;
        // It was sent now: who dismisses the notice is not told by another copy.
        let parent = parent_of(tx, known)?;
        if let Some(cause) = cause_of(tx, remote, parent.as_ref())? {
            cause::note(tx, known.id, cause);
        }
    }
    Ok(())
}

/// A blind copy comes to each of its people by itself: whoever here it is for, too, sees it from now on, and is told unless
/// it only addresses them.
fn tell_more(tx: &mut Tx<'_>, known: &Status, remote: &RemoteStatus) -> Result<()> {
    let for_few = known.visibility == Visibility::Direct && remote.visibility == Visibility::Direct;
    if !for_few || known.reblog_of.is_some() || storage::interaction::is_pending(tx, known)? {
        return Ok(());
    }
    let mut after = known.clone();
    for account in mentioned(remote) {
        let has_room = after.mentions.len() < limits::MENTIONS_STORED_MAX;
        if has_room && !after.mentions.contains(&account) && tell::is_local(tx, account)? {
            after.mentions.push(account);
        }
    }
    let further = after.mentions.split_off(known.mentions.len());
    if further.is_empty() {
        return Ok(());
    }
    let parent = parent_of(tx, known)?;
    let mut to_them = Status { mentions: further.clone(), ..known.clone() };
    let told = wave::judge(tx, &mut to_them, parent.as_ref())?;
    after.mentions.extend_from_slice(&further);
    status::replace(tx, known, &after)?;
    let answered = after.reply.as_ref().and_then(|reply| reply.account);
    let mut quiet = silent::of(tx, known.id)?;
    quiet.extend(unnamed(remote, answered, &further));
    silent::put(tx, known.id, quiet)?;
    let is_new = |account| further.contains(&account) && is_named(remote, answered, account);
    match told {
        Told::Loudly => tell::notify_mentioned(tx, &after, is_new)?,
        Told::Aside => tell::set_mentioned_aside(tx, &after, is_new)?,
    }
    thread::enter(tx, &after, is_new)?;
    tx.emit(Event::StatusUpdated { status: after.id, account: after.account });
    Ok(())
}

/// Tells of a status of elsewhere that others may see from now on; those who only want to hear of all that its author posts
/// as long as it is news.
pub(super) fn announce(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    announce_to(tx, status, |_| true)
}

/// The same of one that speaks only to those it mentions of whom `is_named` says so.
fn announce_to(tx: &mut Tx<'_>, status: &Status, is_named: impl Fn(AccountId) -> bool) -> Result<()> {
    tell::notify_mentioned(tx, status, &is_named)?;
    if is_news(tx, status) {
        tell::notify_followers(tx, status)?;
    }
    appear(tx, status, is_named)
}

/// Whether a status speaks to somebody whom it mentions: by name, or because it answers them.
fn is_named(remote: &RemoteStatus, answered: Option<AccountId>, account: AccountId) -> bool {
    !remote.silent.contains(&account) || answered == Some(account)
}

/// Those of `people` to whom a status does not speak. Whoever sees an edit that neither names nor addresses them is one.
fn unnamed(remote: &RemoteStatus, answered: Option<AccountId>, people: &[AccountId]) -> Vec<AccountId> {
    let speaks_to = |account| {
        remote.blind != Some(account)
            && is_named(remote, answered, account)
            && (remote.mentions.contains(&account) || answered == Some(account))
    };
    people.iter().copied().filter(|account| !speaks_to(*account)).collect()
}

fn is_news(tx: &Tx<'_>, status: &Status) -> bool {
    tx.now().ms_since(status.created_at) < limits::STREAM_FRESH_MS
}

/// The same without notifications: it was not sent, but read.
fn appear(tx: &mut Tx<'_>, status: &Status, is_named: impl Fn(AccountId) -> bool) -> Result<()> {
    thread::enter(tx, status, is_named)?;
    tx.emit(Event::StatusCreated { status: status.id, account: status.account });
    if let Some(parent) = status.reply.as_ref().and_then(|reply| reply.status) {
        tx.emit(Event::StatusCounted { status: parent });
    }
    Ok(())
}

/// Whether what `remote` answers, if it is of this server, lets its author; a Reject is owed to them if not. What answers
/// something that waits itself is not let, either, nor what its author would have to agree to and is not for them.
fn leave_to_answer(tx: &mut Tx<'_>, remote: &RemoteStatus, parent: Option<&Status>) -> Result<Leave> {
    let Some(parent) = parent else { return Ok(Leave::Given) };
    if !parent.local {
        let waits = storage::interaction::is_pending(tx, parent)?;
        return Ok(if waits { Leave::Denied } else { Leave::Given });
    }
    let for_few = matches!(remote.visibility, Visibility::Private | Visibility::Direct);
    let leave = match interaction::leave(tx, remote.author, parent, Interaction::Reply)? {
        Leave::OnRequest if for_few && !remote.mentions.contains(&parent.account) => Leave::Denied,
        leave => leave,
    };
    if leave == Leave::Denied && remote.reason == Reason::Pushed {
        let began = interaction::request(tx, remote.author, Interaction::Reply, parent);
        interaction::refuse(tx, parent, &InteractionRequest { uri: remote.uri.clone(), ..began });
    }
    Ok(leave)
}

/// Takes in the new content of a known status. Who may see it, what it answers and when it was posted do not change;
/// but what belongs to a wave from now on is public no more.
///
/// An object that says an older edit than the one stored is passed over. Changed vote counts are no edit, nor is what was
/// only read anew and says no newer one: some servers write the same text differently each time.
///
/// # Errors
/// As `accept`. `Irrelevant` for an unknown status: the caller may offer it to `accept`.
///
/// Source: ActivityPub §7.3; FEDERATION §3 (Update).
pub fn accept_update(tx: &mut Tx<'_>, remote: &RemoteStatus) -> Result<Accepted> {
    if TOMBSTONES.contains(tx, &Digest::of(&remote.uri))? {
        return Ok(Accepted::Deleted);
    }
    let Some(before) = status::find_by_uri(tx, &remote.uri)? else { return Ok(Accepted::Irrelevant) };
    require_author(&before, remote.author)?;
    check(remote)?;
    let before = consent::join(tx, before, remote)?;
    if before.reblog_of.is_none() && backfill::state(tx, before.id, remote.stated.clone())? {
        tx.emit(Event::StatusCounted { status: before.id });
    }
    let now = tx.now();
    let since = before.edited_at.unwrap_or(before.created_at);
    let said = remote.updated.map(|updated| updated.min(now));
    if before.reblog_of.is_some() || said.is_some_and(|said| said < since) {
        return Ok(Accepted::Known(before.id));
    }
    let mut after = before.clone();
    after.url.clone_from(&remote.url);
    after.content.clone_from(&remote.content);
    after.spoiler_text.clone_from(&remote.spoiler_text);
    after.sensitive = remote.sensitive || !remote.spoiler_text.is_empty();
    after.language.clone_from(&remote.language);
    after.mentions = mentioned(remote);
    keep_sight(tx, &before, &mut after)?;
    after.tags = distinct_tags(&remote.tags);
    after.emojis.clone_from(&remote.emojis);
    after.attachments = numbered(tx, &before.attachments, &remote.attachments);
    after.poll.clone_from(&remote.poll);
    let asks_anew = match (&before.poll, &mut after.poll) {
        (Some(asked), Some(asks)) if asked.multiple == asks.multiple && poll::offers_the_same(asked, asks) => {
            poll::count_what_was_cast_here(tx, before.id, asks)?;
            false
        }
        // What comes back is another one: with the former its server has dropped the votes (Mastodon).
        (_, asks) => asks.is_some(),
    };
    let policy_before = quote::quotability(tx, before.id)?.policy;
    quote::put_policy(tx, before.id, remote.quote_policy)?;
    let interaction_before = interaction::interaction_policy(tx, before.id)?;
    put_policies(tx, before.id, remote);
    let quoting = quote_answer::take(tx, &before, remote.quote.as_ref(), in_turn(remote.reason))?;
    let answered = after.reply.as_ref().and_then(|reply| reply.account);
    let others_named = silent::put(tx, before.id, unnamed(remote, answered, &after.mentions))?;
    if after == before {
        let policies = policy_before != remote.quote_policy || interaction_before != remote.interaction_policy;
        if quoting || policies || others_named {
            tx.emit(Event::StatusUpdated { status: before.id, account: before.account });
        }
        return Ok(Accepted::Known(before.id));
    }
    if asks_anew {
        poll::reset(tx, &before)?;
    }
    poll::end_may_have_moved(tx, before.id, before.poll.as_ref(), after.poll.as_ref())?;
    let says_so = remote.reason == Reason::Pushed || said.is_some_and(|said| said > since);
    let mut told = Told::Loudly;
    if says_so && is_edit(&before, &after) {
        // A full history keeps its first versions; the newest text is shown all the same.
        edit::keep_version(tx, &before)?;
        after.edited_at = Some(said.unwrap_or(now).max(since.plus_ms(1)));
        told = wave::judge_edit(tx, &before, &mut after)?;
    }
    status::replace(tx, &before, &after)?;
    link::ask_again(tx, &before, &after);
    if after.edited_at != before.edited_at {
        let is_new = |account| !before.mentions.contains(&account) && is_named(remote, answered, account);
        match told {
            Told::Loudly => tell::notify_mentioned(tx, &after, is_new)?,
            Told::Aside => tell::set_mentioned_aside(tx, &after, is_new)?,
        }
        tell::notify_of_edit(tx, &after)?;
    }
    tx.emit(Event::StatusUpdated { status: after.id, account: after.account });
    Ok(Accepted::Known(after.id))
}

/// The author deletes a status, or takes a reblog or the leave to do something (its stamp) back by its id. Remembered
/// also if it is not known, because a Delete may overtake its Create. Whether anything was there. Whom their own server
/// suspended may do so, too: what they had is here still.
///
/// # Errors
/// `Forbidden` if it is not `by`'s own.
///
/// Source: ActivityPub §7.4; FEDERATION §3 (Delete).
pub fn accept_delete(tx: &mut Tx<'_>, by: AccountId, uri: &str) -> Result<bool> {
    check_uri(uri)?;
    require_elsewhere(tx, by)?;
    let known = status::find_by_uri(tx, uri)?;
    if let Some(known) = &known {
        require_author(known, by)?;
    } else if consent::is_of_another(tx, by, uri)? || interaction::is_of_another(tx, by, uri)? {
        return Err(Error::Forbidden("only who gave the leave may take it back"));
    }
    let now = tx.now();
    TOMBSTONES.put(tx, &Digest::of(uri), &now);
    let Some(known) = known else {
        let answered = consent::accept_revocation(tx, by, uri)?;
        let done_here = interaction::revoked(tx, by, uri)?;
        return Ok(quote_answer::accept_revocation(tx, by, uri)? || answered || done_here);
    };
    match known.reblog_of {
        Some(_) => reblog::take_back(tx, &known)?,
        None => delete::remove(tx, &known)?,
    }
    Ok(true)
}

fn require_author(status: &Status, author: AccountId) -> Result<()> {
    if status.account == author { Ok(()) } else { Err(Error::Forbidden("only the author may do this")) }
}

/// What peers send is never by somebody here, nor by somebody suspended.
pub(super) fn require_remote(read: &dyn Read, id: AccountId) -> Result<()> {
    if require_elsewhere(read, id)?.suspended_at.is_some() { Err(NOT_FROM_ELSEWHERE) } else { Ok(()) }
}

fn require_elsewhere(read: &dyn Read, id: AccountId) -> Result<Account> {
    let account = account::find(read, id)?.ok_or(Error::NotFound)?;
    if account.is_local() { Err(NOT_FROM_ELSEWHERE) } else { Ok(account) }
}

const NOT_FROM_ELSEWHERE: Error = Error::Forbidden("this account may not do this from elsewhere");

/// Stores who may do what with a remote status, and how its author is asked where not everybody may.
fn put_policies(tx: &mut Tx<'_>, id: StatusId, remote: &RemoteStatus) {
    let open = remote.interaction_policy == InteractionPolicy::default();
    put_policy(tx, id, remote.interaction_policy);
    put_asking(tx, id, if open { Asking::ByDeed } else { remote.asking });
}

fn find_parent(read: &dyn Read, remote: &RemoteStatus) -> Result<Option<Status>> {
    let parent = match &remote.reply {
        None => None,
        Some(RemoteReply::Local(id)) => status::find(read, *id)?.filter(|parent| parent.local),
        Some(RemoteReply::Remote(uri)) => status::find_by_uri(read, uri)?,
    };
    match parent.as_ref().and_then(|parent| parent.reblog_of) {
        Some(original) => Ok(status::find(read, original)?),
        None => Ok(parent),
    }
}

/// What a status that is here stands below: nothing if it stands by itself, whatever it answers.
fn parent_of(read: &dyn Read, known: &Status) -> Result<Option<Status>> {
    match known.reply.as_ref().and_then(|reply| reply.status) {
        Some(parent) => Ok(status::find(read, parent)?),
        None => Ok(None),
    }
}

/// Whom the row names, each once.
fn mentioned(remote: &RemoteStatus) -> Vec<AccountId> {
    let mut found: Vec<AccountId> = Vec::new();
    for id in &remote.mentions {
        if !found.contains(id) && found.len() < limits::MENTIONS_STORED_MAX {
            found.push(*id);
        }
    }
    found
}

/// Whoever here has seen what is for few goes on seeing it, whomever its edit names.
fn keep_sight(read: &dyn Read, before: &Status, after: &mut Status) -> Result<()> {
    if before.is_public() {
        return Ok(());
    }
    for account in &before.mentions {
        let is_left_out = !after.mentions.contains(account) && after.mentions.len() < limits::MENTIONS_STORED_MAX;
        if is_left_out && tell::is_local(read, *account)? {
            after.mentions.push(*account);
        }
    }
    Ok(())
}

/// Tags, each once, in order, at most `limits::STATUS_TAGS_MAX`.
fn distinct_tags(tags: &[String]) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for name in tags {
        let key = normalise_hashtag(name);
        if found.len() < limits::STATUS_TAGS_MAX
            && name.len() <= limits::TAG_BYTES_MAX
            && !name.is_empty()
            && !seen.contains(&key)
        {
            seen.push(key);
            found.push(super::stored_tag(name));
        }
    }
    found
}

/// Media with numbers; what stays keeps its own, so that clients see the same one.
fn numbered(tx: &mut Tx<'_>, before: &[Attachment], after: &[Attachment]) -> Vec<Attachment> {
    let mut number = |new: &Attachment| match before.iter().find(|old| old.url == new.url) {
        Some(old) => old.id,
        None => tx.next_id(),
    };
    after.iter().map(|new| Attachment { id: number(new), ..new.clone() }).collect()
}

/// Whether a reader would call it an edit: text, warning, media or options; not counts or emoji pictures.
fn is_edit(before: &Status, after: &Status) -> bool {
    let offers_other = match (&before.poll, &after.poll) {
        (Some(before), Some(after)) => !poll::offers_the_same(before, after),
        (before, after) => before.is_some() != after.is_some(),
    };
    before.content != after.content
        || before.spoiler_text != after.spoiler_text
        || before.attachments != after.attachments
        || offers_other
}
