//! Remote accounts as their servers describe them: taking in, taking anew, deleting.

mod fit;

pub use fit::fit;

use super::{handle::is_username, links};
use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, Event, Read, Timestamp, Tx,
    account::{self, ACCOUNTS, Account, ActorKey, ActorKind, Emoji, Endpoints, Field, Image, StatedCounts},
    job::{self, JobKind},
    moderation, peer, relationship,
    status::STATUSES_OF_ACCOUNT,
};

/// Whether webfinger has confirmed the handle (FEDERATION §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandleProof {
    /// Its server says the handle belongs to this actor.
    Confirmed,
    /// Nobody was asked: an account that is known keeps the handle it has, an unknown one is refused.
    Unconfirmed,
}

/// A key of a remote actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteKey {
    /// Its id.
    pub key_id: String,
    /// PEM or Multikey.
    pub material: String,
}

/// A remote actor after parsing and sanitising. Strings are within the bounds of FEDERATION §2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAccount {
    /// The ActivityPub id.
    pub uri: String,
    /// The name as its server shows it.
    pub username: String,
    /// The domain of its handle, as `Account::domain`.
    pub domain: String,
    /// Whether the handle was confirmed.
    pub handle: HandleProof,
    /// The profile page.
    pub url: Option<String>,
    /// What kind of actor.
    pub kind: ActorKind,
    /// Plain text.
    pub display_name: String,
    /// Sanitised HTML.
    pub note: String,
    /// Names plain, values sanitised HTML.
    pub fields: Vec<(String, String)>,
    /// Avatar.
    pub avatar: Option<Image>,
    /// Header picture.
    pub header: Option<Image>,
    /// Custom emoji.
    pub emojis: Vec<Emoji>,
    /// Follows need approval.
    pub locked: bool,
    /// May be shown in directories.
    pub discoverable: Option<bool>,
    /// Public statuses may be searched.
    pub indexable: bool,
    /// Followers and following are not shown.
    pub hide_collections: bool,
    /// Domains whose pages may name it as their author.
    pub attribution_domains: Vec<String>,
    /// Its profile has a tab with its media.
    pub show_media: bool,
    /// That tab has its replies, too.
    pub show_media_replies: bool,
    /// Its profile has a tab with what it recommends.
    pub show_featured: bool,
    /// The account of somebody who died.
    pub memorial: bool,
    /// Suspended by its own server.
    pub suspended: bool,
    /// Other ids it claims.
    pub also_known_as: Vec<String>,
    /// Where it moved.
    pub moved_to: Option<String>,
    /// Inboxes and collections.
    pub endpoints: Endpoints,
    /// Counts as stated.
    pub stated: StatedCounts,
    /// When it was made.
    pub published: Option<Timestamp>,
    /// All its keys, as listed now.
    pub keys: Vec<RemoteKey>,
}

impl RemoteAccount {
    /// A person of whom their server says no more than this: a confirmed handle, an inbox below their id, no keys.
    #[must_use]
    pub fn bare(uri: &str, username: &str, domain: &str) -> Self {
        RemoteAccount {
            uri: uri.to_owned(),
            username: username.to_owned(),
            domain: domain.to_owned(),
            handle: HandleProof::Confirmed,
            url: None,
            kind: ActorKind::Person,
            display_name: String::new(),
            note: String::new(),
            fields: Vec::new(),
            avatar: None,
            header: None,
            emojis: Vec::new(),
            locked: false,
            discoverable: None,
            indexable: false,
            hide_collections: false,
            attribution_domains: Vec::new(),
            show_media: true,
            show_media_replies: true,
            show_featured: true,
            memorial: false,
            suspended: false,
            also_known_as: Vec::new(),
            moved_to: None,
            endpoints: Endpoints { inbox: format!("{uri}/inbox"), ..Endpoints::default() },
            stated: StatedCounts::default(),
            published: None,
            keys: Vec::new(),
        }
    }
}

/// Stores a remote account as its server describes it now, found by its uri, with exactly the keys it lists.
///
/// A handle it has proved is its own from now on; the account that had it is read anew. What its server calls suspended is
/// hidden by every read, with all that it left, and lacks nothing once it is described again without that; so is what was
/// deleted shown again, without what it left.
///
/// # Errors
/// `Invalid` for an unreadable handle, one nobody confirmed, or more than `limits` allow.
pub fn accept(tx: &mut Tx<'_>, remote: &RemoteAccount) -> Result<AccountId> {
    check(remote)?;
    let before = account::find_by_uri(tx, &remote.uri)?;
    if before.is_none() && remote.handle == HandleProof::Unconfirmed {
        return Err(Error::invalid("preferredUsername", format!("nobody confirms the handle of {}", remote.uri)));
    }
    let account = described(tx, before.as_ref(), remote)?;
    let holder = account::find_by_name(tx, &account.username, account.domain.as_deref())?;
    account::put(tx, &account)?;
    if let Some(holder) = holder.filter(|holder| holder.id != account.id) {
        match remote.handle {
            HandleProof::Confirmed => {
                job::enqueue_within(tx, JobKind::RefreshAccount { account: holder.id }, limits::FETCH_SPREAD_MS);
            }
            // The handle it had has been proved by another since.
            // The row itself, not what a block of its domain makes of it.
            HandleProof::Unconfirmed => {
                if let Some(row) = ACCOUNTS.get(tx, &holder.id)? {
                    account::put(tx, &row)?;
                }
            }
        }
    }
    let keys: Vec<_> = remote.keys.iter().map(|key| listed(tx, account.id, key)).collect();
    account::replace_keys(tx, account.id, &keys)?;
    links::check_described(tx, before.as_ref(), &account)?;
    tx.emit(Event::AccountChanged { account: account.id });
    Ok(account.id)
}

/// Deletes a remote account: a decision every read obeys at once, and a job that removes what it left.
///
/// Nothing happens a second time, or to an account that is suspended here: what its server says of it counts once that
/// ends.
///
/// # Errors
/// `NotFound` if there is no such account, or it lives here.
pub fn accept_delete(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let mut account = super::require(tx, id)?;
    if account.is_local() {
        return Err(Error::NotFound);
    }
    if moderation::is_suspended_here(tx, &account)? {
        return Ok(());
    }
    // Whom only its own server suspended has kept what is here of it; nor has what was deleted gone before its job is done.
    if account.suspended_at.is_some() && (!has_left_anything(tx, id)? || job::purges_account(tx, id)?) {
        return Ok(());
    }
    account.suspended_at = account.suspended_at.or(Some(tx.now()));
    erase(tx, account)?;
    job::enqueue(tx, JobKind::PurgeAccount { account: id });
    Ok(())
}

/// Whether there is something of a remote account beside its row.
fn has_left_anything(read: &dyn Read, id: AccountId) -> Result<bool> {
    Ok(account::has_keys(read, id)?
        || relationship::is_tied(read, id)?
        || !STATUSES_OF_ACCOUNT.list(read, &id, Bounds::NONE, Direction::Ascending, 1)?.is_empty())
}

/// Clears what a suspended account said of itself: it is gone for good. What it left goes by a job.
///
/// # Errors
/// Storage errors.
pub fn erase(tx: &mut Tx<'_>, mut account: Account) -> Result<()> {
    account.display_name.clear();
    account.note.clear();
    account.fields.clear();
    account.emojis.clear();
    account.also_known_as.clear();
    account.attribution_domains.clear();
    (account.avatar, account.header) = (None, None);
    account::put(tx, &account)?;
    account::replace_keys(tx, account.id, &[])?;
    tx.emit(Event::AccountChanged { account: account.id });
    Ok(())
}

/// Keeps what the server of an account says of its numbers; what it does not say stays as it was said before.
///
/// # Errors
/// Storage errors.
pub fn accept_counts(tx: &mut Tx<'_>, id: AccountId, said: StatedCounts) -> Result<()> {
    // The row itself, not what a block of its domain makes of it.
    let Some(before) = ACCOUNTS.get(tx, &id)?.filter(|account| !account.is_local()) else { return Ok(()) };
    let stated = StatedCounts {
        followers: said.followers.or(before.stated.followers),
        following: said.following.or(before.stated.following),
        statuses: said.statuses.or(before.stated.statuses),
    };
    if stated != before.stated {
        account::put(tx, &Account { stated, ..before })?;
        tx.emit(Event::AccountChanged { account: id });
    }
    Ok(())
}

fn described(tx: &mut Tx<'_>, before: Option<&Account>, remote: &RemoteAccount) -> Result<Account> {
    let now = tx.now();
    let (username, domain) = match before {
        Some(before) if remote.handle == HandleProof::Unconfirmed => (before.username.clone(), before.domain.clone()),
        _ => (remote.username.clone(), Some(remote.domain.clone())),
    };
    let verified = |name: &str, value: &str| {
        let fields = before.map(|before| before.fields.as_slice()).unwrap_or_default();
        fields.iter().find(|field| field.name == name && field.value == value).and_then(|field| field.verified_at)
    };
    let id = before.map_or_else(|| tx.next_id(), |before| before.id);
    // What moderators decided here stays, whatever its server says.
    let suspended_here = moderation::standing(tx, id)?.suspended_at;
    // An actor's document does not say them; what its collections said stays.
    let stated = before.map(|before| before.stated).unwrap_or_default();
    let known_since = before.map_or(now, |before| before.created_at);
    peer::named_again(tx, &remote.uri, &remote.endpoints)?;
    Ok(Account {
        id,
        username,
        domain,
        uri: remote.uri.clone(),
        url: remote.url.clone(),
        kind: remote.kind,
        display_name: remote.display_name.clone(),
        note: remote.note.clone(),
        fields: (remote.fields.iter())
            .map(|(name, value)| Field { name: name.clone(), value: value.clone(), verified_at: verified(name, value) })
            .collect(),
        avatar: remote.avatar.clone(),
        header: remote.header.clone(),
        emojis: remote.emojis.clone(),
        locked: remote.locked,
        discoverable: remote.discoverable,
        indexable: remote.indexable,
        hide_collections: remote.hide_collections,
        attribution_domains: remote.attribution_domains.clone(),
        show_media: remote.show_media,
        show_media_replies: remote.show_media_replies,
        show_featured: remote.show_featured,
        // When its followers here went with it is known here alone.
        moved_at: before.and_then(|before| before.moved_at),
        memorial: remote.memorial,
        also_known_as: remote.also_known_as.clone(),
        moved_to: remote.moved_to.clone(),
        endpoints: remote.endpoints.clone(),
        stated: StatedCounts {
            followers: remote.stated.followers.or(stated.followers),
            following: remote.stated.following.or(stated.following),
            statuses: remote.stated.statuses.or(stated.statuses),
        },
        created_at: remote.published.filter(|published| *published <= now).unwrap_or(known_since),
        fetched_at: now,
        suspended_at: match before.and_then(|before| before.suspended_at) {
            Some(since) if remote.suspended => Some(since),
            _ => suspended_here.or_else(|| remote.suspended.then_some(now)),
        },
    })
}

fn listed(tx: &Tx<'_>, account: AccountId, key: &RemoteKey) -> ActorKey {
    ActorKey { key_id: key.key_id.clone(), account, material: key.material.clone(), fetched_at: tx.now() }
}

/// The row must fit into the store; `fit` has cut what it can, so beyond this somebody is playing.
fn check(remote: &RemoteAccount) -> Result<()> {
    if !is_username(&remote.username) {
        return Err(Error::invalid("preferredUsername", "name has characters that no handle may have"));
    }
    if remote.domain.is_empty() || remote.domain.len() > limits::DOMAIN_BYTES_MAX {
        let why = format!("domain has {} bytes; at most {}", remote.domain.len(), limits::DOMAIN_BYTES_MAX);
        return Err(Error::invalid("preferredUsername", why));
    }
    if remote.keys.len() > limits::ACTOR_KEYS_MAX {
        let why = format!("actor lists {} keys; at most {}", remote.keys.len(), limits::ACTOR_KEYS_MAX);
        return Err(Error::invalid("publicKey", why));
    }
    let bytes = fit::bytes(remote);
    if bytes > limits::REMOTE_PROFILE_BYTES_MAX {
        let why = format!("profile has {bytes} bytes; at most {}", limits::REMOTE_PROFILE_BYTES_MAX);
        return Err(Error::invalid("actor", why));
    }
    Ok(())
}
