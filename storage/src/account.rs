//! Accounts, local and remote: the row, its counters, its keys, and how it is found by name, by uri and by key id; in `words`,
//! by the words of its names; in `whereabouts`, what of it decides where to send.

mod whereabouts;
mod words;

pub(crate) use whereabouts::{Whereabouts, rows, with_whereabouts};
pub use words::{ACCOUNT_WORDS, search_by_prefix, searchable, settle_words, words_of};

use crate::{
    backfill::PROFILES,
    check::describe::{Beside, Claim, Counter, Counts, Described, Index, Owner, Pointer, Reference, always},
    directory,
    error::Result,
    id::{AccountId, JobId, Timestamp},
    job::{self, JOBS, JobKind},
    key::Digest,
    moderation::{self, STANDINGS, Severity},
    record,
    relationship::{FOLLOWER_ROWS, FOLLOWING_ROWS},
    retired_key,
    status::STATUSES_OF_ACCOUNT,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    tag::{self, FEATURED_TAG_ROWS, FEATURED_TAGS},
    user,
};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// What kind of actor an account is (Activity Vocabulary §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActorKind {
    /// A person.
    Person,
    /// A bot.
    Service,
    /// A program, such as an instance actor.
    Application,
    /// A group that announces what is sent to it.
    Group,
    /// An organisation.
    Organization,
}

/// A profile field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Plain text.
    pub name: String,
    /// Sanitised HTML (remote) or what the person typed (local).
    pub value: String,
    /// When a `rel=me` link back was seen.
    pub verified_at: Option<Timestamp>,
}

/// A picture elsewhere: avatar or header of a remote account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is.
    pub url: String,
    /// Alternative text; may be empty.
    pub description: String,
}

/// A custom emoji used in a name, a bio or a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emoji {
    /// Without colons.
    pub shortcode: String,
    /// The picture.
    pub url: String,
}

/// Where a remote actor takes and shows things. Empty for local accounts, whose paths follow from their name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// The actor's own inbox.
    pub inbox: String,
    /// The inbox shared by its whole server.
    pub shared_inbox: Option<String>,
    /// The outbox collection.
    pub outbox: Option<String>,
    /// The followers collection: an address in `to` and `cc`.
    pub followers: Option<String>,
    /// The following collection.
    pub following: Option<String>,
    /// The collection of pinned statuses.
    pub featured: Option<String>,
}

/// Counts as a remote origin states them; `None` where it does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedCounts {
    /// Followers.
    pub followers: Option<u64>,
    /// Accounts followed.
    pub following: Option<u64>,
    /// Statuses.
    pub statuses: Option<u64>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// The name as its server shows it; compared in lower case.
    pub username: String,
    /// The peer it lives on (`host` or `host:port`, punycode, lower case); `None`: here.
    pub domain: Option<String>,
    /// The ActivityPub id: a whole URI for remote accounts, a path (`/users/NAME`) for local ones.
    pub uri: String,
    /// The profile page of a remote account.
    pub url: Option<String>,
    /// What kind of actor.
    pub kind: ActorKind,
    /// Plain text; may be empty.
    pub display_name: String,
    /// The bio: sanitised HTML (remote) or what the person typed (local).
    pub note: String,
    /// Profile fields in order.
    pub fields: Vec<Field>,
    /// Remote avatar.
    pub avatar: Option<Image>,
    /// Remote header picture.
    pub header: Option<Image>,
    /// Emoji in name, bio and fields.
    pub emojis: Vec<Emoji>,
    /// Follows need approval.
    pub locked: bool,
    /// May be shown in directories; `None`: not stated.
    pub discoverable: Option<bool>,
    /// Public statuses may be searched.
    pub indexable: bool,
    /// Followers and following are not shown.
    pub hide_collections: bool,
    /// The account of somebody who died.
    pub memorial: bool,
    /// Other ids this account claims.
    pub also_known_as: Vec<String>,
    /// The uri of the account it moved to.
    pub moved_to: Option<String>,
    /// Where to deliver and look (remote only).
    pub endpoints: Endpoints,
    /// Counts stated by the origin (remote only).
    pub stated: StatedCounts,
    /// When it was made, as far as known.
    pub created_at: Timestamp,
    /// When the remote document was last read; equals `created_at` for local accounts.
    pub fetched_at: Timestamp,
    /// Deleted or suspended by its server: nothing of it is shown.
    pub suspended_at: Option<Timestamp>,
    /// Domains whose pages may name it as their author.
    pub attribution_domains: Vec<String>,
    /// Its profile has a tab with its media.
    pub show_media: bool,
    /// That tab has its replies, too.
    pub show_media_replies: bool,
    /// Its profile has a tab with what it recommends.
    pub show_featured: bool,
    /// When a local account moved last, also if that was taken back since; of a remote one, when its followers here were
    /// last let go with it.
    pub moved_at: Option<Timestamp>,
}
record!(Account, 2, { 1 => AccountV1 });

/// An account as it was written before profiles had tabs to be chosen, frozen.
#[derive(Serialize, Deserialize)]
struct AccountV1 {
    id: AccountId,
    username: String,
    domain: Option<String>,
    uri: String,
    url: Option<String>,
    kind: ActorKind,
    display_name: String,
    note: String,
    fields: Vec<Field>,
    avatar: Option<Image>,
    header: Option<Image>,
    emojis: Vec<Emoji>,
    locked: bool,
    discoverable: Option<bool>,
    indexable: bool,
    hide_collections: bool,
    memorial: bool,
    also_known_as: Vec<String>,
    moved_to: Option<String>,
    endpoints: Endpoints,
    stated: StatedCounts,
    created_at: Timestamp,
    fetched_at: Timestamp,
    suspended_at: Option<Timestamp>,
}

impl From<AccountV1> for Account {
    fn from(old: AccountV1) -> Self {
        Account {
            id: old.id,
            username: old.username,
            domain: old.domain,
            uri: old.uri,
            url: old.url,
            kind: old.kind,
            display_name: old.display_name,
            note: old.note,
            fields: old.fields,
            avatar: old.avatar,
            header: old.header,
            emojis: old.emojis,
            locked: old.locked,
            discoverable: old.discoverable,
            indexable: old.indexable,
            hide_collections: old.hide_collections,
            memorial: old.memorial,
            also_known_as: old.also_known_as,
            moved_to: old.moved_to,
            endpoints: old.endpoints,
            stated: old.stated,
            created_at: old.created_at,
            fetched_at: old.fetched_at,
            suspended_at: old.suspended_at,
            attribution_domains: Vec::new(),
            show_media: true,
            show_media_replies: true,
            show_featured: true,
            moved_at: None,
        }
    }
}

impl Account {
    /// A person here who says nothing yet: what an account is more than that is for whoever makes it; also where it lives.
    #[must_use]
    pub fn bare(id: AccountId, username: &str, created_at: Timestamp) -> Self {
        Account {
            id,
            username: username.to_owned(),
            domain: None,
            uri: format!("/users/{username}"),
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
            memorial: false,
            also_known_as: Vec::new(),
            moved_to: None,
            endpoints: Endpoints::default(),
            stated: StatedCounts::default(),
            created_at,
            fetched_at: created_at,
            suspended_at: None,
            attribution_domains: Vec::new(),
            show_media: true,
            show_media_replies: true,
            show_featured: true,
            moved_at: None,
        }
    }

    /// Whether it lives here.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.domain.is_none()
    }

    /// Whether it may be shown to people who did not ask for it: it wants to be found, and is neither gone nor moved.
    #[must_use]
    pub fn wants_to_be_found(&self) -> bool {
        self.discoverable == Some(true) && self.suspended_at.is_none() && self.moved_to.is_none()
    }

    /// `name` for local accounts, `name@domain` for remote ones.
    #[must_use]
    pub fn acct(&self) -> String {
        match &self.domain {
            Some(domain) => format!("{}@{domain}", self.username),
            None => self.username.clone(),
        }
    }
}

/// Counters of an account, kept beside it because they change often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountStats {
    /// Statuses and reblogs stored here.
    pub statuses: u64,
    /// Followers known here.
    pub followers: u64,
    /// Accounts it follows, as known here.
    pub following: u64,
    /// When its newest status was posted.
    pub last_status_at: Option<Timestamp>,
}
record!(AccountStats, 1);

/// A public key of a remote actor as last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorKey {
    /// The whole key id; the row's key is only its digest.
    pub key_id: String,
    /// Whose key it is.
    pub account: AccountId,
    /// SPKI or PKCS#1 PEM, or a multibase Multikey.
    pub material: String,
    /// When it was read.
    pub fetched_at: Timestamp,
}
record!(ActorKey, 1);

/// The private keys of a local account or the instance actor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKeys {
    /// RSA-2048, PKCS#8 DER.
    pub rsa_private: Vec<u8>,
    /// The same key's public half, SPKI PEM.
    pub rsa_public_pem: String,
    /// Ed25519 seed, 32 bytes.
    pub ed25519_seed: Vec<u8>,
}
record!(SigningKeys, 1);

/// All accounts.
pub const ACCOUNTS: Table<AccountId, Account> = Table::new(10, "account");
/// (domain or empty, lower-case name) → account.
pub const ACCOUNT_BY_NAME: Table<(String, String), AccountId> = Table::new(11, "account_by_name");
/// Digest of a remote uri → account.
pub const ACCOUNT_BY_URI: Table<Digest, AccountId> = Table::new(12, "account_by_uri");
/// Counters.
pub const ACCOUNT_STATS: Table<AccountId, AccountStats> = Table::new(13, "account_stats");
/// Digest of a key id → key of a remote actor.
pub const ACTOR_KEYS: Table<Digest, ActorKey> = Table::new(14, "actor_key");
/// Private keys of local accounts.
pub const SIGNING_KEYS: Table<AccountId, SigningKeys> = Table::new(15, "signing_keys");
/// (account, digest of key id): the keys of an account, to drop those it no longer lists.
pub const KEYS_OF_ACCOUNT: Table<(AccountId, Digest), ()> = Table::new(16, "keys_of_account");
/// Local accounts by id, oldest first.
pub const LOCAL_ACCOUNTS: Table<AccountId, ()> = Table::new(17, "local_account");
/// Account → the job that waits to look whether the links of its profile lead back.
pub const LINK_CHECKS: Table<AccountId, JobId> = Table::new(370, "link_check");

/// Accounts looked at with a word of a handle for who had it before. Beyond that it is found once it is asked for again.
const HOLDERS_LOOKED_AT: usize = 200;
/// Keys of an account, and hashtags on its profile, that go at once: more than there may be.
const OWN_ROWS_MAX: usize = 64;

/// The account with this id. Every account of a suspended domain is suspended: a decision that all reads obey at once,
/// without a change to its row.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: AccountId) -> Result<Option<Account>> {
    let Some(mut account) = ACCOUNTS.get(read, &id)? else { return Ok(None) };
    if account.suspended_at.is_none() {
        let block = moderation::block_of_account(read, &account)?;
        let block = block.filter(|block| block.severity == Severity::Suspend);
        account.suspended_at = block.map(|block| block.created_at);
    }
    Ok(Some(account))
}

/// The account `username` on `domain` (`None`: here); case does not matter. Whoever is not let in yet is not found.
///
/// # Errors
/// Storage errors.
pub fn find_by_name(read: &dyn Read, username: &str, domain: Option<&str>) -> Result<Option<Account>> {
    let key = (domain.unwrap_or_default().to_owned(), username.to_lowercase());
    let Some(id) = ACCOUNT_BY_NAME.get(read, &key)? else { return Ok(None) };
    if domain.is_none() && user::is_waiting(read, id)? {
        return Ok(None);
    }
    find(read, id)
}

/// Who has the name `username` here, let in or not, also after they are gone; case does not matter.
///
/// # Errors
/// Storage errors.
pub fn holder_of(read: &dyn Read, username: &str) -> Result<Option<AccountId>> {
    ACCOUNT_BY_NAME.get(read, &(String::new(), username.to_lowercase()))
}

/// The remote account with this ActivityPub id.
///
/// # Errors
/// Storage errors.
pub fn find_by_uri(read: &dyn Read, uri: &str) -> Result<Option<Account>> {
    let Some(id) = ACCOUNT_BY_URI.get(read, &Digest::of(uri))? else { return Ok(None) };
    Ok(find(read, id)?.filter(|account| account.uri == uri))
}

/// The counters of an account; zeros if it has none yet.
///
/// # Errors
/// Storage errors.
pub fn stats(read: &dyn Read, id: AccountId) -> Result<AccountStats> {
    Ok(ACCOUNT_STATS.get(read, &id)?.unwrap_or_default())
}

/// Stores an account with its indexes; moves the name index if the handle changed (remote only).
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let before = ACCOUNTS.get(tx, &account.id)?;
    words::place(tx, account, before.as_ref())?;
    if let Some(before) = before {
        let old = name_key(&before);
        // Another account may have taken the handle since.
        if old != name_key(account) && ACCOUNT_BY_NAME.get(tx, &old)? == Some(account.id) {
            ACCOUNT_BY_NAME.delete(tx, &old);
        }
    }
    ACCOUNTS.put(tx, &account.id, account);
    ACCOUNT_BY_NAME.put(tx, &name_key(account), &account.id);
    if account.is_local() {
        LOCAL_ACCOUNTS.put(tx, &account.id, &());
    } else {
        ACCOUNT_BY_URI.put(tx, &Digest::of(&account.uri), &account.id);
    }
    directory::place(tx, account)
}

/// Changes the counters of an account.
///
/// # Errors
/// Storage errors.
pub fn count(tx: &mut Tx<'_>, id: AccountId, change: impl FnOnce(&mut AccountStats)) -> Result<()> {
    let mut stats = stats(tx, id)?;
    let posted_at = stats.last_status_at;
    change(&mut stats);
    ACCOUNT_STATS.put(tx, &id, &stats);
    if stats.last_status_at == posted_at { Ok(()) } else { directory::posted(tx, id, stats.last_status_at) }
}

/// Owes a look at the links of a profile, at `due`; one that waits already does for both.
///
/// # Errors
/// Storage errors.
pub fn check_links_at(tx: &mut Tx<'_>, id: AccountId, due: Timestamp) -> Result<()> {
    if !LINK_CHECKS.contains(tx, &id)? {
        let job = job::enqueue_at(tx, JobKind::CheckLinks { account: id }, due);
        LINK_CHECKS.put(tx, &id, &job);
    }
    Ok(())
}

/// The key with this id, if it is cached.
///
/// # Errors
/// Storage errors.
pub fn find_key(read: &dyn Read, key_id: &str) -> Result<Option<ActorKey>> {
    Ok(ACTOR_KEYS.get(read, &Digest::of(key_id))?.filter(|key| key.key_id == key_id))
}

/// Whether a key of this remote account is cached.
///
/// # Errors
/// Storage errors.
pub fn has_keys(read: &dyn Read, account: AccountId) -> Result<bool> {
    Ok(!KEYS_OF_ACCOUNT.list(read, &account, Bounds::NONE, Direction::Ascending, 1)?.is_empty())
}

/// Replaces all keys of a remote account: keys no longer listed by the actor are gone.
///
/// # Errors
/// Storage errors.
pub fn replace_keys(tx: &mut Tx<'_>, account: AccountId, keys: &[ActorKey]) -> Result<()> {
    for ((_, digest), ()) in KEYS_OF_ACCOUNT.list(tx, &account, Bounds::NONE, Direction::Ascending, OWN_ROWS_MAX)? {
        KEYS_OF_ACCOUNT.delete(tx, &(account, digest));
        ACTOR_KEYS.delete(tx, &digest);
    }
    for key in keys {
        let digest = Digest::of(&key.key_id);
        if let Some(before) = ACTOR_KEYS.get(tx, &digest)?.filter(|before| before.account != account) {
            KEYS_OF_ACCOUNT.delete(tx, &(before.account, digest));
        }
        ACTOR_KEYS.put(tx, &digest, key);
        KEYS_OF_ACCOUNT.put(tx, &(account, digest), &());
    }
    Ok(())
}

fn name_key(account: &Account) -> (String, String) {
    (account.domain.clone().unwrap_or_default(), account.username.to_lowercase())
}

/// Removes the keys of a local account that is gone: from now its documents are gone, too, and no longer those of somebody
/// suspended.
pub fn forget_signer(tx: &mut Tx<'_>, account: AccountId) {
    SIGNING_KEYS.delete(tx, &account);
    retired_key::forget(tx, account);
    STANDINGS.delete(tx, &account);
}

/// Removes an account of another server that nothing names (`unnamed`), with all that belongs to it alone. When it is met
/// again it is taken in anew.
///
/// # Errors
/// Storage errors.
pub fn forget(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let id = account.id;
    words::forget(tx, account)?;
    // Another account may have taken the handle since.
    let name = name_key(account);
    if ACCOUNT_BY_NAME.get(tx, &name)? == Some(id) {
        match other_holder(tx, id, &name)? {
            Some(other) => ACCOUNT_BY_NAME.put(tx, &name, &other),
            None => ACCOUNT_BY_NAME.delete(tx, &name),
        }
    }
    ACCOUNT_BY_URI.delete(tx, &Digest::of(&account.uri));
    replace_keys(tx, id, &[])?;
    directory::leave(tx, id)?;
    for ((_, name), _) in FEATURED_TAGS.list(tx, &id, Bounds::NONE, Direction::Ascending, OWN_ROWS_MAX)? {
        tag::delist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), id, &name)?;
    }
    PROFILES.delete(tx, &id);
    ACCOUNT_STATS.delete(tx, &id);
    ACCOUNTS.delete(tx, &id);
    Ok(())
}

/// Who has this handle beside `id`: it had it before, and its server has not said another one since.
fn other_holder(read: &dyn Read, id: AccountId, name: &(String, String)) -> Result<Option<AccountId>> {
    let word = searchable(&name.1);
    let (mut found, mut looked) = (None, 0);
    ACCOUNT_WORDS.scan(read, &word, Bounds::NONE, Direction::Ascending, |(_, other), ()| {
        let row = if other == id { None } else { ACCOUNTS.get(read, &other)? };
        found = row.filter(|row| name_key(row) == *name).map(|row| row.id);
        looked += 1;
        Ok(if found.is_none() && looked < HOLDERS_LOOKED_AT {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        })
    })?;
    Ok(found)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &ACCOUNT_BY_NAME,
        of: &[&ACCOUNTS],
        wants: |id, account| vec![(name_key(account), *id)],
        owner: |_, id| *id,
        // A handle that another account has proved since is that one's.
        claim: Claim::Contested,
    },
    &Index {
        table: &ACCOUNT_BY_URI,
        of: &[&ACCOUNTS],
        wants: |id, account| {
            if account.is_local() { Vec::new() } else { vec![(Digest::of(&account.uri), *id)] }
        },
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &LOCAL_ACCOUNTS,
        of: &[&ACCOUNTS],
        wants: |id, account| if account.is_local() { vec![(*id, ())] } else { Vec::new() },
        owner: |id, ()| *id,
        claim: Claim::Sole,
    },
    words::CHECKED,
    &Index {
        table: &KEYS_OF_ACCOUNT,
        of: &[&ACTOR_KEYS],
        wants: |digest, key| vec![((key.account, *digest), ())],
        owner: |(_, digest), ()| *digest,
        claim: Claim::Sole,
    },
    &Reference { of: &ACTOR_KEYS, to: |_, key| vec![Pointer::to(&ACCOUNTS, &key.account)], unless: always },
    &Reference { of: &SIGNING_KEYS, to: |id, _| vec![Pointer::to(&ACCOUNTS, id)], unless: always },
    &Reference {
        of: &LINK_CHECKS,
        to: |id, job| vec![Pointer::to(&ACCOUNTS, id), Pointer::to(&JOBS, job)],
        unless: always,
    },
    &Beside { table: &ACCOUNT_STATS, of: &ACCOUNTS },
    &Counter {
        name: "statuses",
        table: &ACCOUNT_STATS,
        owners: &[Owner::each(&ACCOUNTS)],
        counts: Counts::Below(STATUSES_OF_ACCOUNT.id),
        get: |stats| stats.map_or(0, |stats| stats.statuses),
        set: |stats, statuses| Some(AccountStats { statuses, ..stats.unwrap_or_default() }),
    },
    &Counter {
        name: "followers",
        table: &ACCOUNT_STATS,
        owners: &[Owner::each(&ACCOUNTS)],
        counts: Counts::Below(FOLLOWER_ROWS.id),
        get: |stats| stats.map_or(0, |stats| stats.followers),
        set: |stats, followers| Some(AccountStats { followers, ..stats.unwrap_or_default() }),
    },
    &Counter {
        name: "following",
        table: &ACCOUNT_STATS,
        owners: &[Owner::each(&ACCOUNTS)],
        counts: Counts::Below(FOLLOWING_ROWS.id),
        get: |stats| stats.map_or(0, |stats| stats.following),
        set: |stats, following| Some(AccountStats { following, ..stats.unwrap_or_default() }),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Error, record::Record};

    fn account() -> Account {
        Account {
            id: AccountId(7),
            username: "ann".to_owned(),
            domain: None,
            uri: "/users/ann".to_owned(),
            url: None,
            kind: ActorKind::Service,
            display_name: "A".to_owned(),
            note: String::new(),
            fields: vec![Field { name: "n".to_owned(), value: "v".to_owned(), verified_at: Some(Timestamp(1)) }],
            avatar: None,
            header: Some(Image { url: "h".to_owned(), description: "d".to_owned() }),
            emojis: Vec::new(),
            locked: true,
            discoverable: Some(false),
            indexable: true,
            hide_collections: true,
            memorial: false,
            also_known_as: vec!["u".to_owned()],
            moved_to: None,
            endpoints: Endpoints::default(),
            stated: StatedCounts { followers: Some(3), ..StatedCounts::default() },
            created_at: Timestamp(2),
            fetched_at: Timestamp(3),
            suspended_at: None,
            attribution_domains: Vec::new(),
            show_media: true,
            show_media_replies: true,
            show_featured: true,
            moved_at: None,
        }
    }

    /// What the first version wrote of [`account`].
    const FIRST: &[u8] = &[
        1, 7, 3, b'a', b'n', b'n', 0, 10, b'/', b'u', b's', b'e', b'r', b's', b'/', b'a', b'n', b'n', 0, 1, 1, b'A', 0,
        1, 1, b'n', 1, b'v', 1, 2, 0, 1, 1, b'h', 1, b'd', 0, 1, 1, 0, 1, 1, 0, 1, 1, b'u', 0, 0, 0, 0, 0, 0, 0, 1, 3,
        0, 0, 4, 6, 0,
    ];

    #[test]
    fn stored_bytes_stay_readable() {
        assert_eq!(Account::decode(FIRST).expect("readable"), account(), "the first version is upgraded");
        let changed = Account {
            attribution_domains: vec!["a.b".to_owned()],
            show_media_replies: false,
            moved_at: Some(Timestamp(5)),
            ..account()
        };
        let mut bytes = FIRST.to_vec();
        bytes[0] = 2;
        bytes.extend([1, 3, b'a', b'.', b'b', 1, 0, 1, 1, 10]);
        assert_eq!(changed.encode(), bytes);
        assert_eq!(Account::decode(&bytes).expect("readable"), changed);
        assert!(matches!(Account::decode(&[3, 0]), Err(Error::Format { found: 3, known: 2 })));
    }
}
