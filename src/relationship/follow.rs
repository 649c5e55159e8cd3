//! Following and unfollowing by somebody here.

use super::{sever, tell};
use crate::{
    account,
    error::{Error, Result},
    limits, policy,
};
use storage::{
    AccountId, Tx,
    account::{Account, stats},
    domain_block, endorsement,
    intent::Intent,
    list, moderation,
    notification::NotificationKind,
    relationship::{self, Follow, blocks, follow_path},
};

/// What the follower wants to see of the followed; `None` leaves it as it is (at first: reblogs yes, notify no,
/// every language).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FollowOptions {
    /// Show reblogs in the home timeline.
    pub reblogs: Option<bool>,
    /// Notify of new statuses.
    pub notify: Option<bool>,
    /// Only these languages; empty: all.
    pub languages: Option<Vec<String>>,
}

impl FollowOptions {
    fn apply(&self, follow: &mut Follow) {
        follow.reblogs = self.reblogs.unwrap_or(follow.reblogs);
        follow.notify = self.notify.unwrap_or(follow.notify);
        if let Some(languages) = &self.languages {
            follow.languages.clone_from(languages);
        }
    }
}

/// Follows `target`, asks for it, or changes the options of a follow or request that is there.
///
/// A remote account is asked; the follow begins with its Accept. One here is asked if it wants that, and by silenced people
/// always.
///
/// # Errors
/// `NotFound` for an unknown or suspended account; `Forbidden` for oneself, a block in either direction or of the
/// domain, and if either account moved away; `Invalid` above `limits::FOLLOWING_MAX` or for malformed languages.
///
/// Source: client API, accounts#follow.
pub fn follow(tx: &mut Tx<'_>, follower: AccountId, target: AccountId, options: &FollowOptions) -> Result<()> {
    check_languages(options)?;
    let from = account::require_acting(tx, follower)?;
    let to = account::require_shown(tx, target)?;
    let refused = match &to.domain {
        Some(domain) => domain_block::blocks(tx, follower, domain)?,
        None => false,
    };
    let blocked = blocks(tx, target, follower)? || blocks(tx, follower, target)?;
    if follower == target || to.moved_to.is_some() || blocked || refused {
        return Err(Error::Forbidden("This action is not allowed"));
    }
    if let Some(mut known) = relationship::find(tx, follower, target)? {
        options.apply(&mut known);
        return Ok(relationship::put(tx, follower, target, &known)?);
    }
    if let Some(mut known) = relationship::find_request(tx, follower, target)? {
        options.apply(&mut known);
        return Ok(relationship::put_request(tx, follower, target, &known)?);
    }
    if stats(tx, follower)?.following >= limits::FOLLOWING_MAX {
        let why = format!("you follow {} accounts; at most {}", limits::FOLLOWING_MAX, limits::FOLLOWING_MAX);
        return Err(Error::invalid("base", why));
    }
    begin(tx, &from, &to, options)
}

/// Lets somebody who came by an invite follow who invited them.
///
/// # Errors
/// As [`follow`]; nothing happens to whoever was not invited so.
pub fn follow_inviter(tx: &mut Tx<'_>, newcomer: AccountId) -> Result<()> {
    match storage::invite::INVITED.get(tx, &newcomer)?.filter(|invited| invited.autofollow) {
        Some(invited) => follow(tx, newcomer, invited.by, &FollowOptions::default()),
        None => Ok(()),
    }
}

fn begin(tx: &mut Tx<'_>, from: &Account, to: &Account, options: &FollowOptions) -> Result<()> {
    let row = tx.next_id();
    let uri = follow_path(from, row);
    let mut follow = Follow::bare(row, uri, tx.now());
    options.apply(&mut follow);
    if to.is_local() && !to.locked && !moderation::is_silenced(tx, from)? {
        relationship::put(tx, from.id, to.id, &follow)?;
        policy::notify(tx, to.id, NotificationKind::Follow, from.id, None)?;
        return Ok(());
    }
    relationship::put_request(tx, from.id, to.id, &follow)?;
    if to.is_local() {
        policy::notify(tx, to.id, NotificationKind::FollowRequest, from.id, None)?;
    } else {
        tell(tx, Intent::Follow { follower: from.id, target: to.id, row });
        account::backfill::ask(tx, to.id)?;
    }
    Ok(())
}

/// Ends a follow or takes back a request; nothing happens if there is none.
///
/// # Errors
/// `NotFound` for an unknown account.
///
/// Source: client API, accounts#unfollow.
pub fn unfollow(tx: &mut Tx<'_>, follower: AccountId, target: AccountId) -> Result<()> {
    let to = account::require(tx, target)?;
    endorsement::unendorse(tx, follower, target)?;
    list::forget(tx, follower, target)?;
    if let Some(gone) = sever(tx, follower, target)?.row().filter(|_| !to.is_local()) {
        tell(tx, Intent::UndoFollow { follower, target, row: gone.row });
    }
    Ok(())
}

fn check_languages(options: &FollowOptions) -> Result<()> {
    let languages = options.languages.as_deref().unwrap_or_default();
    if languages.len() > limits::FOLLOW_LANGUAGES_MAX {
        let why = format!("{} languages given; at most {}", languages.len(), limits::FOLLOW_LANGUAGES_MAX);
        return Err(Error::invalid("languages", why));
    }
    match languages.iter().find(|language| !account::is_language(language)) {
        Some(bad) => Err(Error::invalid("languages", format!("{:?} is not a language", account::excerpt(bad)))),
        None => Ok(()),
    }
}
