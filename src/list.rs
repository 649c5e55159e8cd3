//! Lists: making and changing them, and who is in them (client API, lists). Their timelines are in `timeline`.
//!
//! May use: account, visibility, `storage`. Must never name: HTTP, ActivityPub, edges, `present`.
//! Invariants: only whom one follows (or asked to follow) is in one's lists, and oneself; an exclusive list keeps its
//! members out of home from the commit on.

use crate::{
    account,
    error::{Error, Result},
    limits,
    visibility::Sight,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Event, Read, RowId, Tx,
    job::{self, JobKind},
    list::{self, LIST_MEMBER_ROWS, LISTS, LISTS_MAX, List, RepliesPolicy},
    relationship,
};

/// What is to be changed of a list; `None` leaves it (or takes the default of a new one).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListChange {
    /// Its title.
    pub title: Option<String>,
    /// Which answers it shows.
    pub replies_policy: Option<RepliesPolicy>,
    /// What its members write is not in the home timeline.
    pub exclusive: Option<bool>,
}

/// Every policy with its word in the client API.
const POLICIES: [(RepliesPolicy, &str); 3] =
    [(RepliesPolicy::Followed, "followed"), (RepliesPolicy::List, "list"), (RepliesPolicy::None, "none")];

/// The word of a policy.
#[must_use]
pub fn policy_name(policy: RepliesPolicy) -> &'static str {
    POLICIES.iter().find(|(known, _)| *known == policy).map_or("list", |(_, name)| name)
}

/// The policy a word means.
#[must_use]
pub fn policy_named(name: &str) -> Option<RepliesPolicy> {
    POLICIES.iter().find(|(_, known)| *known == name).map(|(policy, _)| *policy)
}

/// The lists of `owner`, oldest first.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, lists.
pub fn all(read: &dyn Read, owner: AccountId) -> Result<Vec<(RowId, List)>> {
    let rows = LISTS.list(read, &owner, Bounds::NONE, Direction::Ascending, LISTS_MAX)?;
    Ok(rows.into_iter().map(|((_, id), list)| (id, list)).collect())
}

/// One list of `owner`.
///
/// # Errors
/// `NotFound` if it has none with this id.
pub fn require(read: &dyn Read, owner: AccountId, id: RowId) -> Result<List> {
    LISTS.get(read, &(owner, id))?.ok_or(Error::NotFound)
}

/// The lists of `owner` that hold `member`, oldest first.
///
/// # Errors
/// `NotFound` for an unknown member.
///
/// Source: client API, accounts#lists.
pub fn holding(read: &dyn Read, owner: AccountId, member: AccountId) -> Result<Vec<(RowId, List)>> {
    account::require_shown(read, member)?;
    let mut found = Vec::new();
    for id in list::of_member(read, owner, member)? {
        found.extend(LISTS.get(read, &(owner, id))?.map(|list| (id, list)));
    }
    Ok(found)
}

/// Makes a list and answers its id.
///
/// # Errors
/// `Invalid` for a blank or overlong title and above `LISTS_MAX` lists.
///
/// Source: client API, lists#create.
pub fn create(tx: &mut Tx<'_>, owner: AccountId, change: &ListChange) -> Result<RowId> {
    if all(tx, owner)?.len() >= LISTS_MAX {
        return Err(Error::invalid("base", format!("you have {LISTS_MAX} lists; at most {LISTS_MAX}")));
    }
    let mut fresh = List { title: String::new(), replies_policy: RepliesPolicy::List, exclusive: false, members: 0 };
    apply(&mut fresh, change)?;
    let id: RowId = tx.next_id();
    LISTS.put(tx, &(owner, id), &fresh);
    Ok(id)
}

/// Changes a list.
///
/// # Errors
/// `NotFound` for somebody else's; `Invalid` for a blank or overlong title.
///
/// Source: client API, lists#update.
pub fn update(tx: &mut Tx<'_>, owner: AccountId, id: RowId, change: &ListChange) -> Result<()> {
    let mut known = require(tx, owner, id)?;
    apply(&mut known, change)?;
    LISTS.put(tx, &(owner, id), &known);
    tx.emit(Event::ListChanged { account: owner });
    Ok(())
}

/// Removes a list: it is gone at once, its members' rows by a job.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, lists#delete.
pub fn delete(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<()> {
    require(tx, owner, id)?;
    LISTS.delete(tx, &(owner, id));
    job::enqueue(tx, JobKind::PurgeList { account: owner, list: id });
    tx.emit(Event::ListChanged { account: owner });
    Ok(())
}

/// Removes some of the members' rows of a deleted list; whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<bool> {
    let step = limits::LIST_MEMBERS_AT_ONCE;
    let rows = LIST_MEMBER_ROWS.list(tx, &id, Bounds::NONE, Direction::Ascending, step)?;
    for (_, member) in &rows {
        list::take_out(tx, owner, id, *member)?;
    }
    Ok(rows.len() == step)
}

/// Puts accounts into a list.
///
/// # Errors
/// `NotFound` for somebody else's list, an unknown account, and one that `owner` neither follows nor asked to;
/// `Invalid` for one that is in it already, and beyond the bounds.
///
/// Source: client API, lists#accounts-add.
pub fn add(tx: &mut Tx<'_>, owner: AccountId, id: RowId, members: &[AccountId]) -> Result<()> {
    let there = require(tx, owner, id)?.members as usize;
    check_count(members)?;
    let most = limits::LIST_MEMBERS_MAX;
    if there + members.len() > most {
        return Err(Error::invalid("account_ids", format!("a list has at most {most} accounts")));
    }
    for member in members {
        account::require_shown(tx, *member)?;
        let followed = relationship::find(tx, owner, *member)?.is_some();
        if *member != owner && !followed && relationship::find_request(tx, owner, *member)?.is_none() {
            return Err(Error::NotFound);
        }
        if !list::add(tx, owner, id, *member)? {
            return Err(Error::invalid("account_ids", "account has already been taken"));
        }
    }
    Ok(())
}

/// Takes accounts out of a list; those that are not in it are passed over.
///
/// # Errors
/// `NotFound` for somebody else's list.
///
/// Source: client API, lists#accounts-remove.
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: RowId, members: &[AccountId]) -> Result<()> {
    require(tx, owner, id)?;
    check_count(members)?;
    for member in members {
        list::take_out(tx, owner, id, *member)?;
    }
    Ok(())
}

/// Who is in a list, the last added first, and the newest and oldest row looked at.
pub type Members = (Vec<AccountId>, Option<(u64, u64)>);

/// Who is in a list of `owner`.
///
/// # Errors
/// `NotFound` for somebody else's list.
///
/// Source: client API, lists#accounts.
pub fn members(
    read: &dyn Read,
    owner: AccountId,
    id: RowId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Members> {
    require(read, owner, id)?;
    let mut rows: Vec<(u64, AccountId)> = Vec::new();
    LIST_MEMBER_ROWS.scan(read, &id, bounds, direction, |(_, row), member| {
        rows.push((row.0, member));
        Ok(if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    if direction == Direction::Ascending {
        rows.reverse();
    }
    let ends = rows.first().zip(rows.last()).map(|(newest, oldest)| (newest.0, oldest.0));
    let sight = Sight::new(read, Some(owner));
    let mut found = Vec::with_capacity(rows.len());
    for (_, member) in rows {
        if sight.shows(member)? {
            found.push(member);
        }
    }
    Ok((found, ends))
}

fn apply(list: &mut List, change: &ListChange) -> Result<()> {
    if let Some(title) = &change.title {
        title.trim().clone_into(&mut list.title);
    }
    list.replies_policy = change.replies_policy.unwrap_or(list.replies_policy);
    list.exclusive = change.exclusive.unwrap_or(list.exclusive);
    let (chars, most) = (list.title.chars().count(), limits::LIST_TITLE_CHARS_MAX);
    if chars == 0 {
        return Err(Error::invalid("title", "title can't be blank"));
    }
    if chars > most {
        return Err(Error::invalid("title", format!("title has {chars} characters; at most {most}")));
    }
    Ok(())
}

fn check_count(members: &[AccountId]) -> Result<()> {
    let most = limits::LIST_MEMBERS_AT_ONCE;
    if members.len() > most {
        return Err(Error::invalid("account_ids", format!("{} accounts given; at most {most}", members.len())));
    }
    Ok(())
}
