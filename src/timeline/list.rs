//! The timeline of a list: what its members wrote, read from their indexes.

use super::{
    home::Followed,
    merge::Merge,
    window::{Choice, Filling, Page, Window},
};
use crate::{
    error::{Error, Result},
    limits,
    visibility::Sight,
};
use std::collections::HashSet;
use storage::{
    AccountId, Bounds, Direction, Read, RowId,
    list::{LIST_MEMBER_ROWS, LISTS, List, RepliesPolicy},
    status::Status,
};

/// The timeline of a list of `owner`: of each member what a home timeline would show, and the answers its policy allows.
///
/// # Errors
/// `NotFound` for somebody else's list.
///
/// Source: client API, timelines#list.
pub fn list(read: &dyn Read, owner: AccountId, id: RowId, window: Window) -> Result<Page> {
    let list = LISTS.get(read, &(owner, id))?.ok_or(Error::NotFound)?;
    let rows = LIST_MEMBER_ROWS.list(read, &id, Bounds::NONE, Direction::Ascending, limits::LIST_MEMBERS_MAX)?;
    let members: HashSet<AccountId> = rows.into_iter().map(|(_, member)| member).collect();
    let followed = Followed::read(read, owner)?;
    let sight = Sight::new(read, Some(owner));
    let mut filling = Filling::new(read, &sight, Choice::Home, window);
    let belongs = |status: &Status| Ok(followed.shows(owner, status) && allows(&list, owner, &members, status));
    let mut merge = Merge::new(read, members.iter().copied(), window.bounds, window.direction)?;
    while let Some(id) = merge.next()? {
        if filling.look(id, belongs)?.is_break() {
            break;
        }
    }
    Ok(filling.finish())
}

/// Whether the list's policy lets an answer stand; what answers nobody else always does.
fn allows(list: &List, owner: AccountId, members: &HashSet<AccountId>, status: &Status) -> bool {
    let Some(to) = status.reply.as_ref().map(|reply| reply.account) else { return true };
    if to == Some(status.account) || to == Some(owner) {
        return true;
    }
    match list.replies_policy {
        RepliesPolicy::Followed => true,
        RepliesPolicy::List => to.is_some_and(|to| members.contains(&to)),
        RepliesPolicy::None => false,
    }
}
