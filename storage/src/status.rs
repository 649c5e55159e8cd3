//! Statuses: the row, its counters, its history, and every index over it. What answers what stands in `status/thread.rs`,
//! who marked what in `status/mark.rs`.

pub(crate) mod mark;
pub(crate) mod thread;

pub use mark::{
    BOOKMARK_ROWS, BOOKMARKS, FAVOURITE_BY_URI, FAVOURITE_ROWS, FAVOURITED_BY, FAVOURITES, FavouriteRef, Mark,
    PIN_ROWS, PINS,
};
pub use thread::{join, orphans, part, show_reply};

use crate::{
    account::{self, ACCOUNTS, Emoji},
    backfill, card,
    cause::CAME,
    check::describe::{Beside, Claim, Counter, Counts, Described, Index, Owner, Pointer, Reference, always},
    error::Result,
    id::{AccountId, ApplicationId, StatusId, Timestamp},
    job,
    key::{Digest, Key},
    packed_record,
    reaction::REACTIONS,
    record, reply_stamp, retention,
    silent::SILENT,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    tag,
};
use serde::{Deserialize, Serialize};

/// Who may see a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Visibility {
    /// Everybody, and listed.
    Public,
    /// Everybody, in no public timeline.
    Unlisted,
    /// Followers and whoever is mentioned.
    Private,
    /// Whoever is mentioned.
    Direct,
}

/// A picture, film or sound elsewhere, attached to a remote status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its number, for the client API.
    pub id: u64,
    /// Where it is.
    pub url: String,
    /// MIME type as stated or guessed from the kind of object; may be empty.
    pub media_type: String,
    /// Alternative text; may be empty.
    pub description: String,
    /// Blurhash.
    pub blurhash: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Focal point, in thousandths from -1000 to 1000.
    pub focus: Option<(i32, i32)>,
}

/// A poll as its author states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Titles with the votes counted so far.
    pub options: Vec<PollOption>,
    /// Several options may be chosen.
    pub multiple: bool,
    /// When it ends; `None`: it does not.
    pub expires_at: Option<Timestamp>,
    /// Ended early by its author.
    pub closed_at: Option<Timestamp>,
    /// People who voted, if stated.
    pub voters: Option<u64>,
}

/// An option of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollOption {
    /// Plain text; from elsewhere as its author wrote it (before: as it is shown), to be made harmless where it is shown.
    pub title: String,
    /// Votes.
    pub votes: u64,
}

/// How the text of a status was written. Grows only at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ContentType {
    /// As it is read.
    #[default]
    Plain,
    /// Markdown.
    Markdown,
}

/// What a status answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The uri of the parent; empty when the parent is local or known by id.
    pub uri: String,
    /// The parent, once it is stored here.
    pub status: Option<StatusId>,
    /// The parent's author, once known.
    pub account: Option<AccountId>,
}

/// A status, local or remote; a reblog is a status with `reblog_of` and no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Its number.
    pub id: StatusId,
    /// Its author.
    pub account: AccountId,
    /// Written here.
    pub local: bool,
    /// The ActivityPub id: a URI for remote statuses (of a remote reblog: the Announce's id), a path for local ones.
    pub uri: String,
    /// The page of a remote status.
    pub url: Option<String>,
    /// What the author typed (local); empty for remote statuses.
    pub text: String,
    /// Sanitised HTML.
    pub content: String,
    /// The warning; plain text, may be empty.
    pub spoiler_text: String,
    /// Media should be hidden at first.
    pub sensitive: bool,
    /// BCP 47.
    pub language: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// What it answers.
    pub reply: Option<Reply>,
    /// The status it shares.
    pub reblog_of: Option<StatusId>,
    /// Accounts it mentions, in order.
    pub mentions: Vec<AccountId>,
    /// Hashtags as written, without `#`; compared by `tag::normalise`.
    pub tags: Vec<String>,
    /// Custom emoji in text, warning and poll.
    pub emojis: Vec<Emoji>,
    /// Media.
    pub attachments: Vec<Attachment>,
    /// A poll.
    pub poll: Option<Poll>,
    /// The program it was posted with.
    pub application: Option<ApplicationId>,
    /// The conversation's uri as the origin states it; echoed in replies.
    pub conversation: Option<String>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// It never leaves this server.
    pub local_only: bool,
    /// How `text` was written.
    pub content_type: ContentType,
}

impl Status {
    /// A public status by somebody of another server that says nothing: what it is more than that is for whoever makes it.
    #[must_use]
    pub fn bare(id: StatusId, account: AccountId, uri: String, created_at: Timestamp) -> Self {
        Status {
            id,
            account,
            local: false,
            uri,
            url: None,
            text: String::new(),
            content: String::new(),
            spoiler_text: String::new(),
            sensitive: false,
            language: None,
            visibility: Visibility::Public,
            reply: None,
            reblog_of: None,
            mentions: Vec::new(),
            tags: Vec::new(),
            emojis: Vec::new(),
            attachments: Vec::new(),
            poll: None,
            application: None,
            conversation: None,
            created_at,
            edited_at: None,
            local_only: false,
            content_type: ContentType::Plain,
        }
    }
}
// The second version was not packed; its fields were the same.
packed_record!(Status, 3, { 1 => StatusV1, 2 => Status });

/// A status before it could stay on this server or be Markdown.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct StatusV1 {
    id: StatusId,
    account: AccountId,
    local: bool,
    uri: String,
    url: Option<String>,
    text: String,
    content: String,
    spoiler_text: String,
    sensitive: bool,
    language: Option<String>,
    visibility: Visibility,
    reply: Option<Reply>,
    reblog_of: Option<StatusId>,
    mentions: Vec<AccountId>,
    tags: Vec<String>,
    emojis: Vec<Emoji>,
    attachments: Vec<Attachment>,
    poll: Option<Poll>,
    application: Option<ApplicationId>,
    conversation: Option<String>,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
}

impl From<StatusV1> for Status {
    fn from(old: StatusV1) -> Self {
        Status {
            id: old.id,
            account: old.account,
            local: old.local,
            uri: old.uri,
            url: old.url,
            text: old.text,
            content: old.content,
            spoiler_text: old.spoiler_text,
            sensitive: old.sensitive,
            language: old.language,
            visibility: old.visibility,
            reply: old.reply,
            reblog_of: old.reblog_of,
            mentions: old.mentions,
            tags: old.tags,
            emojis: old.emojis,
            attachments: old.attachments,
            poll: old.poll,
            application: old.application,
            conversation: old.conversation,
            created_at: old.created_at,
            edited_at: old.edited_at,
            local_only: false,
            content_type: ContentType::Plain,
        }
    }
}

impl Status {
    /// Whether everybody may read it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self.visibility, Visibility::Public | Visibility::Unlisted)
    }
}

/// Counters of a status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusStats {
    /// Replies stored here that everybody may read.
    pub replies: u64,
    /// Reblogs stored here.
    pub reblogs: u64,
    /// Favourites stored here.
    pub favourites: u64,
    /// Reactions stored here.
    pub reactions: u64,
}
record!(StatusStats, 2, { 1 => StatusStatsV1 });

/// Counters before there were reactions.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct StatusStatsV1 {
    replies: u64,
    reblogs: u64,
    favourites: u64,
}

impl From<StatusStatsV1> for StatusStats {
    fn from(StatusStatsV1 { replies, reblogs, favourites }: StatusStatsV1) -> Self {
        StatusStats { replies, reblogs, favourites, reactions: 0 }
    }
}

/// An earlier version of a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Sanitised HTML.
    pub content: String,
    /// What the author typed.
    pub text: String,
    /// The warning.
    pub spoiler_text: String,
    /// Media hidden at first.
    pub sensitive: bool,
    /// Media.
    pub attachments: Vec<Attachment>,
    /// Poll options.
    pub poll: Option<Poll>,
    /// Emoji.
    pub emojis: Vec<Emoji>,
    /// When this version was made.
    pub created_at: Timestamp,
}
record!(Edit, 1);

impl Edit {
    /// A status as it stands.
    #[must_use]
    pub fn of(status: &Status) -> Edit {
        Edit {
            content: status.content.clone(),
            text: status.text.clone(),
            spoiler_text: status.spoiler_text.clone(),
            sensitive: status.sensitive,
            attachments: status.attachments.clone(),
            poll: status.poll.clone(),
            emojis: status.emojis.clone(),
            created_at: status.edited_at.unwrap_or(status.created_at),
        }
    }
}

/// What an index of statuses by author needs to choose without reading each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Who may see it.
    pub visibility: Visibility,
    /// It answers another status.
    pub reply: bool,
    /// It answers a status of another account.
    pub reply_to_other: bool,
    /// It shares another status.
    pub reblog: bool,
    /// It has media.
    pub media: bool,
}
record!(Shape, 1);

/// All statuses.
pub const STATUSES: Table<StatusId, Status> = Table::new(40, "status");
/// Digest of a remote uri → status.
pub const STATUS_BY_URI: Table<Digest, StatusId> = Table::new(41, "status_by_uri");
/// (author, status).
pub const STATUSES_OF_ACCOUNT: Table<(AccountId, StatusId), Shape> = Table::new(42, "status_of_account");
/// (parent, reply).
pub const REPLIES: Table<(StatusId, StatusId), ()> = Table::new(43, "reply");
/// (digest of an unknown parent's uri, reply): joined when the parent arrives.
pub const ORPHANS: Table<(Digest, StatusId), ()> = Table::new(44, "orphan");
/// Counters.
pub const STATUS_STATS: Table<StatusId, StatusStats> = Table::new(45, "status_stats");
/// (status, number from 0): versions before the current one.
pub const EDITS: Table<(StatusId, u32), Edit> = Table::new(46, "status_edit");
/// Public statuses of everybody (no reblogs), newest last.
pub const PUBLIC_TIMELINE: Table<StatusId, Shape> = Table::new(47, "public_timeline");
/// Public statuses written here (no reblogs).
pub const LOCAL_TIMELINE: Table<StatusId, Shape> = Table::new(48, "local_timeline");
/// (normalised tag, status): public statuses with a tag.
pub const TAG_TIMELINE: Table<(String, StatusId), Shape> = Table::new(49, "tag_timeline");
/// (account, original) → the account's reblog of it.
pub const REBLOG_BY: Table<(AccountId, StatusId), StatusId> = Table::new(50, "reblog_by");
/// (original, reblog) → who.
pub const REBLOGS: Table<(StatusId, StatusId), AccountId> = Table::new(51, "reblog");
/// Digest of a remote object's uri → when its Delete arrived: it may not be stored any more.
pub const TOMBSTONES: Table<Digest, Timestamp> = Table::new(59, "tombstone");
/// (account, digest of an Idempotency-Key, or of the key of a form that is kept as a draft) → what it made and when.
pub const IDEMPOTENCY_KEYS: Table<(AccountId, Digest), StatusId> = Table::new(60, "idempotency_key");
/// Local statuses that were public and are deleted → when: their pages answer 410.
pub const GONE: Table<StatusId, Timestamp> = Table::new(62, "gone_status");

/// The status with this id.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: StatusId) -> Result<Option<Status>> {
    STATUSES.get(read, &id)
}

/// The remote status with this ActivityPub id.
///
/// # Errors
/// Storage errors.
pub fn find_by_uri(read: &dyn Read, uri: &str) -> Result<Option<Status>> {
    let Some(id) = STATUS_BY_URI.get(read, &Digest::of(uri))? else { return Ok(None) };
    Ok(find(read, id)?.filter(|status| status.uri == uri))
}

/// The counters of a status; zeros if it has none yet.
///
/// # Errors
/// Storage errors.
pub fn stats(read: &dyn Read, id: StatusId) -> Result<StatusStats> {
    Ok(STATUS_STATS.get(read, &id)?.unwrap_or_default())
}

/// Changes the counters of a status.
///
/// # Errors
/// Storage errors.
pub fn count(tx: &mut Tx<'_>, id: StatusId, change: impl FnOnce(&mut StatusStats)) -> Result<()> {
    let mut stats = stats(tx, id)?;
    change(&mut stats);
    STATUS_STATS.put(tx, &id, &stats);
    Ok(())
}

/// What the indexes say of `status`.
#[must_use]
pub fn shape(status: &Status) -> Shape {
    Shape {
        visibility: status.visibility,
        reply: status.reply.is_some(),
        reply_to_other: status.reply.as_ref().is_some_and(|reply| reply.account != Some(status.account)),
        reblog: status.reblog_of.is_some(),
        media: !status.attachments.is_empty(),
    }
}

/// Stores a new status with all its indexes and counters. Replies that waited for it are joined, at most 100.
///
/// # Errors
/// Storage errors.
pub fn insert(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    insert_without(tx, status, &[])
}

/// The same, but for these replies, which go on waiting.
///
/// # Errors
/// Storage errors.
pub fn insert_without(tx: &mut Tx<'_>, status: &Status, apart: &[StatusId]) -> Result<()> {
    let shape = shape(status);
    STATUSES.put(tx, &status.id, status);
    STATUSES_OF_ACCOUNT.put(tx, &(status.account, status.id), &shape);
    if !status.local {
        STATUS_BY_URI.put(tx, &Digest::of(&status.uri), &status.id);
        retention::arrive(tx, status.id);
        thread::join_orphans(tx, status, apart)?;
    }
    if let Some(original) = status.reblog_of {
        REBLOG_BY.put(tx, &(status.account, original), &status.id);
        REBLOGS.put(tx, &(original, status.id), &status.account);
        count(tx, original, |stats| stats.reblogs += 1)?;
    } else if is_listed(status) {
        list_publicly(tx, status, &shape)?;
    }
    thread::link_to_parent(tx, status)?;
    count_tags(tx, status, |used, at| {
        used.statuses += 1;
        used.last_status_at = used.last_status_at.max(at);
    })?;
    account::count(tx, status.account, |stats| {
        stats.statuses += 1;
        stats.last_status_at = stats.last_status_at.max(Some(status.created_at));
    })
}

/// Replaces a status after an edit, moving its tag and timeline rows; the author, parent and reblog do not change.
///
/// # Errors
/// Storage errors.
pub fn replace(tx: &mut Tx<'_>, before: &Status, after: &Status) -> Result<()> {
    let shape = shape(after);
    for tag in &before.tags {
        TAG_TIMELINE.delete(tx, &(tag::normalise(tag), before.id));
    }
    count_tags(tx, before, |used, _| used.statuses = used.statuses.saturating_sub(1))?;
    count_tags(tx, after, |used, at| {
        used.statuses += 1;
        used.last_status_at = used.last_status_at.max(at);
    })?;
    STATUSES.put(tx, &after.id, after);
    STATUSES_OF_ACCOUNT.put(tx, &(after.account, after.id), &shape);
    if is_listed(after) {
        list_publicly(tx, after, &shape)?;
    } else if is_listed(before) {
        PUBLIC_TIMELINE.delete(tx, &before.id);
        LOCAL_TIMELINE.delete(tx, &before.id);
    }
    Ok(())
}

/// Removes a status and every row that exists only for it, but not its reblogs, favourites and replies: their
/// lists are unbounded, so readers skip what points to nothing and a job removes it.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    count_tags(tx, status, |used, _| used.statuses = used.statuses.saturating_sub(1))?;
    STATUSES.delete(tx, &status.id);
    STATUS_STATS.delete(tx, &status.id);
    STATUSES_OF_ACCOUNT.delete(tx, &(status.account, status.id));
    PUBLIC_TIMELINE.delete(tx, &status.id);
    LOCAL_TIMELINE.delete(tx, &status.id);
    for tag in &status.tags {
        TAG_TIMELINE.delete(tx, &(tag::normalise(tag), status.id));
    }
    if !status.local {
        STATUS_BY_URI.delete(tx, &Digest::of(&status.uri));
        retention::forget(tx, status.id)?;
        CAME.delete(tx, &status.id);
        SILENT.delete(tx, &status.id);
        reply_stamp::remove(tx, status.id)?;
    }
    if let Some(pin) = PINS.get(tx, &(status.account, status.id))? {
        PINS.delete(tx, &(status.account, status.id));
        PIN_ROWS.delete(tx, &(status.account, pin.row));
    }
    for ((id, number), _) in EDITS.list(tx, &status.id, Bounds::NONE, Direction::Ascending, 100)? {
        EDITS.delete(tx, &(id, number));
    }
    if let Some(original) = status.reblog_of {
        REBLOG_BY.delete(tx, &(status.account, original));
        REBLOGS.delete(tx, &(original, status.id));
        if STATUSES.contains(tx, &original)? {
            count(tx, original, |stats| stats.reblogs = stats.reblogs.saturating_sub(1))?;
        }
    }
    thread::unlink_from_parent(tx, status)?;
    card::detach(tx, status.id)?;
    backfill::forget_status(tx, status.id);
    account::count(tx, status.account, |stats| stats.statuses = stats.statuses.saturating_sub(1))
}

/// Counts the tags of a status written here that everybody may read.
fn count_tags(tx: &mut Tx<'_>, status: &Status, change: impl Fn(&mut tag::TagUse, Timestamp)) -> Result<()> {
    if !status.local || !status.is_public() || status.reblog_of.is_some() {
        return Ok(());
    }
    for name in &status.tags {
        tag::count_use(tx, status.account, name, |used| change(used, status.created_at))?;
    }
    Ok(())
}

fn list_publicly(tx: &mut Tx<'_>, status: &Status, shape: &Shape) -> Result<()> {
    PUBLIC_TIMELINE.put(tx, &status.id, shape);
    if status.local {
        LOCAL_TIMELINE.put(tx, &status.id, shape);
    }
    for tag in &status.tags {
        tag::remember(tx, tag)?;
        TAG_TIMELINE.put(tx, &(tag::normalise(tag), status.id), shape);
    }
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &STATUS_BY_URI,
        of: &[&STATUSES],
        wants: |id, status| if status.local { Vec::new() } else { vec![(Digest::of(&status.uri), *id)] },
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &STATUSES_OF_ACCOUNT,
        of: &[&STATUSES],
        wants: |id, status| vec![((status.account, *id), shape(status))],
        owner: |(_, id), _| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &PUBLIC_TIMELINE,
        of: &[&STATUSES],
        wants: |id, status| if is_listed(status) { vec![(*id, shape(status))] } else { Vec::new() },
        owner: |id, _| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &LOCAL_TIMELINE,
        of: &[&STATUSES],
        wants: |id, status| {
            if status.local && is_listed(status) { vec![(*id, shape(status))] } else { Vec::new() }
        },
        owner: |id, _| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &TAG_TIMELINE,
        of: &[&STATUSES],
        wants: |id, status| {
            let tags = status.tags.iter().filter(|_| is_listed(status));
            tags.map(|tag| ((tag::normalise(tag), *id), shape(status))).collect()
        },
        owner: |(_, id), _| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &REBLOG_BY,
        of: &[&STATUSES],
        wants: |id, status| status.reblog_of.iter().map(|original| ((status.account, *original), *id)).collect(),
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &REBLOGS,
        of: &[&STATUSES],
        wants: |id, status| status.reblog_of.iter().map(|original| ((*original, *id), status.account)).collect(),
        owner: |(_, id), _| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &STATUSES, to: accounts_of, unless: always },
    &Reference {
        of: &STATUSES,
        to: |_, status| {
            let parent = status.reply.as_ref().and_then(|reply| reply.status);
            parent.iter().chain(&status.reblog_of).map(|other| Pointer::to(&STATUSES, other)).collect()
        },
        unless: is_purged,
    },
    &Reference { of: &EDITS, to: |(status, _), _| vec![Pointer::to(&STATUSES, status)], unless: always },
    &Beside { table: &STATUS_STATS, of: &STATUSES },
    &Counter {
        name: "reblogs",
        table: &STATUS_STATS,
        owners: &[Owner::each(&STATUSES)],
        counts: Counts::Below(REBLOGS.id),
        get: |stats| stats.map_or(0, |stats| stats.reblogs),
        set: |stats, reblogs| Some(StatusStats { reblogs, ..stats.unwrap_or_default() }),
    },
    &Counter {
        name: "favourites",
        table: &STATUS_STATS,
        owners: &[Owner::each(&STATUSES)],
        counts: Counts::Below(FAVOURITED_BY.id),
        get: |stats| stats.map_or(0, |stats| stats.favourites),
        set: |stats, favourites| Some(StatusStats { favourites, ..stats.unwrap_or_default() }),
    },
    &Counter {
        name: "reactions",
        table: &STATUS_STATS,
        owners: &[Owner::each(&STATUSES)],
        counts: Counts::Below(REACTIONS.id),
        get: |stats| stats.map_or(0, |stats| stats.reactions),
        set: |stats, reactions| Some(StatusStats { reactions, ..stats.unwrap_or_default() }),
    },
];

/// Whether a status stands in the public timelines and in those of its tags.
fn is_listed(status: &Status) -> bool {
    status.reblog_of.is_none() && status.visibility == Visibility::Public
}

fn accounts_of(_: &StatusId, status: &Status) -> Vec<Pointer> {
    [status.account].iter().chain(&status.mentions).map(|account| Pointer::to(&ACCOUNTS, account)).collect()
}

/// A status may be missing that is named by others as long as its purge has not come to them.
pub(crate) fn is_purged(read: &dyn Read, pointer: &Pointer) -> Result<bool> {
    match StatusId::from_bytes(&pointer.key) {
        Some(id) if pointer.table.id == STATUSES.id => job::purges(read, id),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn status() -> Status {
        Status {
            local: true,
            text: "t".to_owned(),
            content: "c".to_owned(),
            visibility: Visibility::Unlisted,
            mentions: vec![AccountId(3)],
            local_only: true,
            content_type: ContentType::Markdown,
            ..Status::bare(StatusId(1), AccountId(2), "/u".to_owned(), Timestamp(4))
        }
    }

    #[test]
    fn counters_of_the_first_version_stay_readable() {
        let stats = StatusStats { replies: 1, reblogs: 2, favourites: 3, reactions: 4 };
        assert_eq!(stats.encode(), [2, 1, 2, 3, 4]);
        assert_eq!(StatusStats::decode(&stats.encode()).expect("readable"), stats);
        assert_eq!(StatusStats::decode(&[1, 1, 2, 3]).expect("readable"), StatusStats { reactions: 0, ..stats });
    }

    #[test]
    fn stored_bytes_stay_readable_and_those_of_the_first_version_too() {
        let common = [1, 2, 1, 2, b'/', b'u', 0, 1, b't', 1, b'c', 0, 0, 0, 1, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 8, 0];
        let bytes = [&[3, 0][..], &common, &[1, 1]].concat();
        assert_eq!(status().encode(), bytes, "too short to be packed");
        assert_eq!(Status::decode(&bytes).expect("readable"), status());
        let second = [&[2][..], &common, &[1, 1]].concat();
        assert_eq!(Status::decode(&second).expect("readable"), status());
        let first = Status { local_only: false, content_type: ContentType::Plain, ..status() };
        assert_eq!(Status::decode(&[&[1][..], &common].concat()).expect("readable"), first);
    }
}
