//! Whom somebody here might want to follow.
//!
//! May use: directory, visibility, `storage`. Must never name: HTTP, edges, the network. Invariants: nobody is suggested who
//! did not say that they want to be found, nor twice after they were put away; no more than 200 rows are looked at.

use crate::{directory::may_stand, error::Result, limits, visibility::Sight};
use std::{cmp::Reverse, collections::BTreeMap, ops::ControlFlow};
use storage::{
    AccountId, Bounds, Direction, Read, Tx, account,
    directory::{self, Order, SUGGESTIONS_DISMISSED, Scope},
    endorsement::ENDORSEMENT_ROWS,
    moderation::STAFF,
    relationship::{self, FOLLOWING_ROWS},
};

/// Why somebody is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Followed by somebody whom the viewer follows.
    FriendsOfFriends,
    /// Recommended by those who look after the server, on their profiles.
    Featured,
    /// Of those who posted lately one of the most followed.
    MostFollowed,
}

/// Somebody to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Who.
    pub account: AccountId,
    /// Why, the strongest reason first.
    pub sources: Vec<Source>,
}

/// Suggestions for `viewer`, the strongest first: friends of friends, then recommended ones, then popular ones.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, suggestions#v2.
pub fn list(read: &dyn Read, viewer: AccountId, limit: usize) -> Result<Vec<Suggestion>> {
    let mut listing = Listing { read, viewer, sight: Sight::new(read, Some(viewer)), found: Vec::new() };
    for (source, ids) in [
        (Source::FriendsOfFriends, listing.friends_of_friends()?),
        (Source::Featured, listing.featured()?),
        (Source::MostFollowed, listing.popular()?),
    ] {
        for id in ids {
            listing.add(source, id)?;
        }
    }
    listing.found.truncate(limit);
    Ok(listing.found)
}

/// Does not suggest `target` to `account` any more; nothing happens for an account that nobody knows.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, suggestions#remove.
pub fn dismiss(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    if account::find(tx, target)?.is_some() {
        SUGGESTIONS_DISMISSED.put(tx, &(account, target), &());
    }
    Ok(())
}

/// Forgets some of what an account that is gone put away; whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn forget_step(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    let most = limits::SUGGESTIONS_FORGOTTEN_AT_ONCE;
    let rows = SUGGESTIONS_DISMISSED.list(tx, &account, Bounds::NONE, Direction::Ascending, most)?;
    rows.iter().for_each(|(key, ())| SUGGESTIONS_DISMISSED.delete(tx, key));
    Ok(rows.len() == most)
}

struct Listing<'a> {
    read: &'a dyn Read,
    viewer: AccountId,
    sight: Sight<'a>,
    found: Vec<Suggestion>,
}

impl Listing<'_> {
    fn add(&mut self, source: Source, id: AccountId) -> Result<()> {
        if let Some(known) = self.found.iter_mut().find(|known| known.account == id) {
            if !known.sources.contains(&source) {
                known.sources.push(source);
            }
        } else if self.may_be_suggested(id)? {
            self.found.push(Suggestion { account: id, sources: vec![source] });
        }
        Ok(())
    }

    fn may_be_suggested(&self, id: AccountId) -> Result<bool> {
        Ok(id != self.viewer
            && relationship::find(self.read, self.viewer, id)?.is_none()
            && relationship::find_request(self.read, self.viewer, id)?.is_none()
            && !SUGGESTIONS_DISMISSED.contains(self.read, &(self.viewer, id))?
            && may_stand(self.read, &self.sight, id)?.is_some())
    }

    /// Whom those follow whom the viewer followed last; whoever is followed by most of them comes first. Who hides whom
    /// they follow says nothing here either.
    fn friends_of_friends(&self) -> Result<Vec<AccountId>> {
        let mut followed_by: BTreeMap<AccountId, u64> = BTreeMap::new();
        for friend in self.followed(self.viewer, limits::SUGGESTIONS_FRIENDS)? {
            let open = account::find(self.read, friend)?.is_some_and(|friend| !friend.hide_collections);
            if !open {
                continue;
            }
            for other in self.followed(friend, limits::SUGGESTIONS_OF_FRIEND)? {
                *followed_by.entry(other).or_default() += 1;
            }
        }
        self.ranked(followed_by)
    }

    fn followed(&self, by: AccountId, limit: usize) -> Result<Vec<AccountId>> {
        let rows = FOLLOWING_ROWS.list(self.read, &by, Bounds::NONE, Direction::Descending, limit)?;
        Ok(rows.into_iter().map(|(_, id)| id).collect())
    }

    fn featured(&self) -> Result<Vec<AccountId>> {
        let mut picked = Vec::new();
        let staff = STAFF.list(self.read, &(), Bounds::NONE, Direction::Ascending, limits::SUGGESTIONS_STAFF)?;
        for (who, ()) in staff {
            let (bounds, most) = (Bounds::NONE, limits::SUGGESTIONS_PICKS);
            let rows = ENDORSEMENT_ROWS.list(self.read, &who, bounds, Direction::Descending, most)?;
            picked.extend(rows.into_iter().map(|(_, id)| id));
        }
        Ok(picked)
    }

    fn popular(&self) -> Result<Vec<AccountId>> {
        let mut lately = BTreeMap::new();
        directory::walk(self.read, Scope::All, Order::Active, |id| {
            lately.insert(id, 0);
            let full = lately.len() == limits::SUGGESTIONS_POPULAR;
            Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        self.ranked(lately)
    }

    /// By their number, then by followers.
    fn ranked(&self, numbered: BTreeMap<AccountId, u64>) -> Result<Vec<AccountId>> {
        let mut ranked = Vec::with_capacity(numbered.len());
        for (id, number) in numbered {
            ranked.push((Reverse((number, account::stats(self.read, id)?.followers)), id));
        }
        ranked.sort_unstable();
        Ok(ranked.into_iter().map(|(_, id)| id).collect())
    }
}
