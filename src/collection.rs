//! Collections: accounts recommended to others together (client API, collections). They stay on this server: what
//! peers would be told of them is not part of this version, so nobody elsewhere can be asked whether they agree.
//!
//! May use: account, tag, relationship, notification, visibility, `storage`. Must never name: HTTP, ActivityPub, edges.
//! Invariants: nobody is put in who does not want to be found, or across a block; who took itself out stays out; only
//! its owner changes a collection.

use crate::{
    account::{
        self, is_language, require_acting,
        update::{bounded, one_line},
    },
    error::{Error, Result},
    limits, policy, tag,
    visibility::Sight,
};
use storage::{
    AccountId, Read, RowId, StatusId, Tx,
    account::Account,
    collection::{self, Collection, Item, ItemState},
    notification::{self, NotificationKind},
    relationship::blocks,
};

/// What is to be changed of a collection; `None` leaves it (or takes the default of a new one).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollectionChange {
    /// Its name.
    pub name: Option<String>,
    /// Its description; empty: none.
    pub description: Option<String>,
    /// Its language; empty: none.
    pub language: Option<String>,
    /// Its accounts post what not everybody wants to see unasked.
    pub sensitive: Option<bool>,
    /// Others find it on its owner's profile.
    pub discoverable: Option<bool>,
    /// Its subject, a hashtag; empty: none.
    pub tag: Option<String>,
}

/// Makes a collection with these accounts and answers its number. Who is put in is told.
///
/// # Errors
/// `Invalid` for a blank or overlong name, what is no language or hashtag, and beyond the bounds; `NotFound` for an
/// unknown account; `Forbidden` for one that may not be put in.
///
/// Source: client API, collections#create.
pub fn create(tx: &mut Tx<'_>, owner: AccountId, change: &CollectionChange, accounts: &[AccountId]) -> Result<RowId> {
    require_acting(tx, owner)?;
    if collection::of_owner(tx, owner, limits::COLLECTIONS_MAX)?.len() >= limits::COLLECTIONS_MAX {
        let most = limits::COLLECTIONS_MAX;
        return Err(Error::invalid("base", format!("you have {most} collections; at most {most}")));
    }
    let (id, now): (RowId, _) = (tx.next_id(), tx.now());
    let mut made = Collection {
        owner,
        name: String::new(),
        description: String::new(),
        language: None,
        sensitive: false,
        discoverable: false,
        tag: None,
        items: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    apply(&mut made, change)?;
    if made.name.is_empty() {
        return Err(Error::invalid("name", "name can't be blank"));
    }
    for who in accounts {
        add_to(tx, &mut made, *who)?;
    }
    collection::put(tx, id, &made)?;
    for item in &made.items {
        tell(tx, id, owner, item.account, NotificationKind::AddedToCollection)?;
    }
    Ok(id)
}

/// Changes a collection; who is in it is told.
///
/// # Errors
/// `NotFound` for an unknown collection; `Forbidden` for somebody else's; `Invalid` as [`create`].
///
/// Source: client API, collections#update.
pub fn update(tx: &mut Tx<'_>, by: AccountId, id: RowId, change: &CollectionChange) -> Result<()> {
    let before = require_own(tx, by, id)?;
    let mut after = before.clone();
    apply(&mut after, change)?;
    if after == before {
        return Ok(());
    }
    after.updated_at = tx.now();
    collection::put(tx, id, &after)?;
    // Many small changes are told of once.
    if after.updated_at.ms_since(before.updated_at) < limits::COLLECTION_QUIET_MS
        && before.updated_at > before.created_at
    {
        return Ok(());
    }
    for item in after.members() {
        // A second change tells again: the first notice is taken back.
        notification::withdraw(tx, item.account, NotificationKind::CollectionUpdate, by, Some(StatusId(id.0)))?;
        tell(tx, id, by, item.account, NotificationKind::CollectionUpdate)?;
    }
    Ok(())
}

/// Removes a collection, and what its accounts were told of it.
///
/// # Errors
/// `NotFound` for an unknown collection; `Forbidden` for somebody else's.
///
/// Source: client API, collections#delete.
pub fn delete(tx: &mut Tx<'_>, by: AccountId, id: RowId) -> Result<()> {
    require_own(tx, by, id)?;
    forget(tx, id)
}

fn forget(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    let Some(gone) = collection::remove(tx, id)? else { return Ok(()) };
    for item in &gone.items {
        collection::unsay(tx, id, gone.owner, item.account)?;
    }
    Ok(())
}

/// Puts an account into a collection; it is told.
///
/// # Errors
/// `NotFound` for an unknown collection or account; `Forbidden` for somebody else's collection and for an account that
/// may not be put in; `Invalid` for one that is in it, or was, and beyond `limits::COLLECTION_MEMBERS_MAX`.
///
/// Source: client API, collections#add_item.
pub fn add(tx: &mut Tx<'_>, by: AccountId, id: RowId, who: AccountId) -> Result<Item> {
    let mut changed = require_own(tx, by, id)?;
    require_acting(tx, by)?;
    let item = add_to(tx, &mut changed, who)?;
    changed.updated_at = tx.now();
    collection::put(tx, id, &changed)?;
    tell(tx, id, by, who, NotificationKind::AddedToCollection)?;
    Ok(item)
}

/// Takes an item out of one's own collection.
///
/// # Errors
/// `NotFound` for an unknown collection or item; `Forbidden` for somebody else's.
///
/// Source: client API, collections#delete_item.
pub fn take_out(tx: &mut Tx<'_>, by: AccountId, id: RowId, item: RowId) -> Result<()> {
    let mut changed = require_own(tx, by, id)?;
    let who = changed.members().find(|known| known.id == item).ok_or(Error::NotFound)?.account;
    changed.items.retain(|known| known.id != item);
    changed.updated_at = tx.now();
    collection::put(tx, id, &changed)?;
    Ok(collection::unsay(tx, id, by, who)?)
}

/// Takes oneself out of somebody's collection, for good.
///
/// # Errors
/// `NotFound` for an unknown collection or item; `Forbidden` for the item of another account.
///
/// Source: client API, collections#revoke.
pub fn revoke(tx: &mut Tx<'_>, by: AccountId, id: RowId, item: RowId) -> Result<()> {
    let mut changed = collection::find(tx, id)?.ok_or(Error::NotFound)?;
    let known = changed.items.iter_mut().find(|known| known.id == item).ok_or(Error::NotFound)?;
    if known.account != by {
        return Err(Error::Forbidden("This action is not allowed"));
    }
    known.state = ItemState::Revoked;
    collection::put(tx, id, &changed)?;
    Ok(collection::unsay(tx, id, changed.owner, by)?)
}

/// A collection as `viewer` may see it.
///
/// # Errors
/// `NotFound` for an unknown one, of a suspended account, or of one that blocks the viewer.
///
/// Source: client API, collections#show.
pub fn require(read: &dyn Read, viewer: Option<AccountId>, id: RowId) -> Result<Collection> {
    let found = collection::find(read, id)?.ok_or(Error::NotFound)?;
    let owner = account::require_shown(read, found.owner)?;
    if is_refused(read, &owner, viewer)? { Err(Error::NotFound) } else { Ok(found) }
}

/// The collections of `owner`, newest first: to others only the discoverable ones, and none to whom `owner` blocks.
///
/// # Errors
/// `NotFound` for an unknown or suspended account.
///
/// Source: client API, accounts#collections.
pub fn of_owner(read: &dyn Read, viewer: Option<AccountId>, owner: AccountId) -> Result<Vec<(RowId, Collection)>> {
    let account = account::require_shown(read, owner)?;
    if is_refused(read, &account, viewer)? {
        return Ok(Vec::new());
    }
    let found = rows(read, collection::of_owner(read, owner, limits::COLLECTIONS_MAX)?)?;
    Ok(found.into_iter().filter(|(_, one)| one.discoverable || viewer == Some(owner)).collect())
}

/// The collections that `member` is in, newest first; nobody else is told.
///
/// # Errors
/// `NotFound` for an unknown account; `Forbidden` for another than the viewer's own.
///
/// Source: client API, accounts#in_collections.
pub fn of_member(read: &dyn Read, viewer: AccountId, member: AccountId) -> Result<Vec<(RowId, Collection)>> {
    account::require_shown(read, member)?;
    if viewer != member {
        return Err(Error::Forbidden("This action is not allowed"));
    }
    let found = rows(read, collection::of_member(read, member, limits::IN_COLLECTIONS_SHOWN)?)?;
    let mut shown = Vec::new();
    for (id, one) in found {
        // Also of somebody that a block stands between: whoever is in it may take themselves out.
        let is_here = account::require(read, one.owner)?.suspended_at.is_none();
        shown.extend(is_here.then_some((id, one)));
    }
    Ok(shown)
}

/// Who of a collection is shown to `viewer`: nobody suspended, and nobody across a block.
///
/// # Errors
/// Storage errors.
pub fn shown<'a>(read: &dyn Read, viewer: Option<AccountId>, of: &'a Collection) -> Result<Vec<&'a Item>> {
    let sight = Sight::new(read, viewer);
    let mut found = Vec::new();
    for item in of.members() {
        found.extend(sight.shows(item.account)?.then_some(item));
    }
    Ok(found)
}

/// Whether `who` wants to be found and may be put into collections of `by`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, FeatureApproval.
fn may_feature(read: &dyn Read, by: AccountId, who: &Account) -> Result<bool> {
    Ok(who.is_local() && who.wants_to_be_found() && !blocks(read, by, who.id)? && !blocks(read, who.id, by)?)
}

/// Removes a suspended account's place in the collections of others and its own collections, some each commit; whether
/// there may be more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    let step = limits::COLLECTIONS_PURGED_AT_ONCE;
    let own = collection::of_owner(tx, account, step)?;
    let others = collection::of_member(tx, account, step)?;
    for id in &own {
        forget(tx, *id)?;
    }
    for (id, mut changed) in rows(tx, others.clone())? {
        changed.items.retain(|item| item.account != account);
        collection::put(tx, id, &changed)?;
    }
    Ok(own.len() == step || others.len() == step)
}

fn rows(read: &dyn Read, ids: Vec<RowId>) -> Result<Vec<(RowId, Collection)>> {
    let mut found = Vec::new();
    for id in ids {
        found.extend(collection::find(read, id)?.map(|row| (id, row)));
    }
    Ok(found)
}

/// Whether `owner` blocks the viewer.
fn is_refused(read: &dyn Read, owner: &Account, viewer: Option<AccountId>) -> Result<bool> {
    let Some(viewer) = viewer else { return Ok(false) };
    Ok(blocks(read, owner.id, viewer)?)
}

fn require_own(read: &dyn Read, by: AccountId, id: RowId) -> Result<Collection> {
    let found = require(read, Some(by), id)?;
    if found.owner == by { Ok(found) } else { Err(Error::Forbidden("This action is not allowed")) }
}

fn add_to(tx: &mut Tx<'_>, to: &mut Collection, who: AccountId) -> Result<Item> {
    let account = account::require_shown(tx, who)?;
    if !may_feature(tx, to.owner, &account)? {
        return Err(Error::Forbidden("This account cannot be added to collections"));
    }
    if to.items.iter().any(|item| item.account == who) {
        return Err(Error::invalid("account", format!("{} is or was in this collection", account.acct())));
    }
    let most = limits::COLLECTION_MEMBERS_MAX;
    if to.members().count() >= most || to.items.len() >= limits::COLLECTION_ITEMS_MAX {
        return Err(Error::invalid("collection_items", format!("this collection has {most} accounts; at most {most}")));
    }
    let item = Item { id: tx.next_id(), account: who, state: ItemState::Accepted, created_at: tx.now() };
    to.items.push(item.clone());
    Ok(item)
}

fn apply(to: &mut Collection, change: &CollectionChange) -> Result<()> {
    if let Some(name) = &change.name {
        to.name = one_line(name);
        if to.name.is_empty() {
            return Err(Error::invalid("name", "name can't be blank"));
        }
        bounded("name", &to.name, limits::COLLECTION_NAME_CHARS_MAX)?;
    }
    if let Some(description) = &change.description {
        to.description = description.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>();
        to.description = to.description.trim().to_owned();
        bounded("description", &to.description, limits::COLLECTION_DESCRIPTION_CHARS_MAX)?;
    }
    if let Some(language) = &change.language {
        if !language.is_empty() && !is_language(language) {
            let why = format!("{:?} is not a language", account::excerpt(language));
            return Err(Error::invalid("language", why));
        }
        to.language = Some(language.clone()).filter(|language| !language.is_empty());
    }
    if let Some(name) = &change.tag {
        let name = name.trim().trim_start_matches('#');
        if !name.is_empty() {
            tag::require_name(name)?;
        }
        to.tag = Some(name.to_owned()).filter(|name| !name.is_empty());
    }
    to.sensitive = change.sensitive.unwrap_or(to.sensitive);
    to.discoverable = change.discoverable.unwrap_or(to.discoverable);
    Ok(())
}

fn tell(tx: &mut Tx<'_>, id: RowId, owner: AccountId, who: AccountId, kind: NotificationKind) -> Result<()> {
    if who != owner && Sight::new(tx, Some(who)).notifies(owner)? {
        policy::notify_of_collection(tx, who, kind, owner, id)?;
    }
    Ok(())
}
