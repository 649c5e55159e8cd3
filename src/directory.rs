//! The directory: who here, and elsewhere as far as known, wants to be found.
//!
//! May use: visibility, `storage`. Must never name: HTTP, edges, the network. Invariants: whoever did not say that they
//! want to be found is not; no list is longer than what one view may look at.

use crate::{error::Result, visibility::Sight};
use std::ops::ControlFlow;
use storage::{
    AccountId, Read,
    account::{self, Account},
    directory::{self, Order, Scope},
    moderation,
};

/// Which part of the directory is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Whose accounts.
    pub scope: Scope,
    /// In which order.
    pub order: Order,
    /// How many to pass over.
    pub offset: usize,
    /// How many to answer.
    pub limit: usize,
    /// How many accounts to look at, those passed over included.
    pub examined: usize,
}

/// A page of the directory as `viewer` sees it. Looks at no more accounts than it says.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, directory#get.
pub fn list(read: &dyn Read, viewer: Option<AccountId>, wanted: Wanted) -> Result<Vec<AccountId>> {
    let sight = Sight::new(read, viewer);
    let (mut passed, mut examined, mut found) = (0, 0, Vec::new());
    let mut failed = None;
    let walked = directory::walk(read, wanted.scope, wanted.order, |id| {
        if examined == wanted.examined || found.len() >= wanted.limit {
            return Ok(ControlFlow::Break(()));
        }
        examined += 1;
        match may_stand(read, &sight, id) {
            Ok(None) => {}
            Ok(Some(_)) if passed < wanted.offset => passed += 1,
            Ok(Some(_)) => found.push(id),
            Err(error) => {
                failed = Some(error);
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    });
    walked?;
    failed.map_or(Ok(found), Err)
}

/// The account, if it may be shown to whoever looks without being asked for: it wants to be found, is neither gone,
/// moved nor silenced, and neither side hides from the other.
///
/// # Errors
/// Storage errors.
pub(crate) fn may_stand(read: &dyn Read, sight: &Sight<'_>, id: AccountId) -> Result<Option<Account>> {
    let Some(account) = account::find(read, id)? else { return Ok(None) };
    let shown = account.wants_to_be_found() && !moderation::is_silenced(read, &account)? && sight.lists_account(id)?;
    Ok(shown.then_some(account))
}
