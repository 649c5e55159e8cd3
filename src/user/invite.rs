//! Invites: who may make them, making, taking back, and which of them still lets somebody in.

use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Read, RowId, Timestamp, Tx, account,
    invite::{self, INVITED, INVITES, Invite, Invited, Inviters},
    job::{self, JobKind},
    user::{self, Role},
};

/// What codes are made of: nothing that reads like something else.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// An invite to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewInvite {
    /// How many may come by it, at most `limits::INVITE_USES_MAX`; `None`: as many as like.
    pub max_uses: Option<u32>,
    /// How long it holds, milliseconds, at most `limits::INVITE_LASTS_MS`; `None`: until it is taken back.
    pub lasts_ms: Option<i64>,
    /// Whoever comes follows who invited them.
    pub autofollow: bool,
    /// For whoever makes it, at most `limits::INVITE_COMMENT_CHARS_MAX` characters.
    pub comment: String,
}

/// A code of 60 random bits.
#[must_use]
pub fn code(random: [u8; 12]) -> String {
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Whether somebody may make invites now.
///
/// # Errors
/// Storage errors.
///
/// Source: Mastodon, `InvitePolicy`, `User#functional?`.
pub fn may_invite(read: &dyn Read, who: AccountId) -> Result<bool> {
    let user = user::find(read, who)?.filter(|user| !user.disabled && !user.is_waiting());
    let stands = account::find(read, who)?.is_some_and(|account| account.suspended_at.is_none());
    let least = match invite::inviters(read)? {
        Inviters::Everybody => Some(Role::User),
        Inviters::Staff => Some(Role::Moderator),
        Inviters::Nobody => None,
    };
    Ok(stands && user.zip(least).is_some_and(|(user, least)| user.role >= least))
}

/// Makes an invite with this code. When somebody has `limits::INVITES_MAX` already, the oldest that holds no more goes.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` for a bound that is passed, or while all of theirs hold.
pub fn create(tx: &mut Tx<'_>, by: AccountId, new: &NewInvite, code: &str) -> Result<RowId> {
    if !may_invite(tx, by)? {
        return Err(Error::Forbidden("Invites are not for you to make here"));
    }
    if new.max_uses.is_some_and(|uses| uses == 0 || uses > limits::INVITE_USES_MAX) {
        let why = format!("max_uses is {}; from 1 to {}", new.max_uses.unwrap_or_default(), limits::INVITE_USES_MAX);
        return Err(Error::invalid("max_uses", why));
    }
    if new.lasts_ms.is_some_and(|lasts| !(1..=limits::INVITE_LASTS_MS).contains(&lasts)) {
        return Err(Error::invalid("expires_in", "an invite lasts at most a year"));
    }
    let comment = new.comment.trim();
    let characters = comment.chars().count();
    if characters > limits::INVITE_COMMENT_CHARS_MAX {
        let why = format!("comment has {characters} characters; at most {}", limits::INVITE_COMMENT_CHARS_MAX);
        return Err(Error::invalid("comment", why));
    }
    let (known, now) = (invite::of_account(tx, by, limits::INVITES_MAX)?, tx.now());
    if known.len() >= limits::INVITES_MAX {
        let idle = known.iter().rev().find(|(_, known)| !known.holds(now));
        let why = || format!("you have {} invites; at most {0}. Take one back first", limits::INVITES_MAX);
        invite::remove(tx, idle.ok_or_else(|| Error::invalid("base", why()))?.0)?;
    }
    let id = tx.next_id();
    let invite = Invite {
        account: by,
        code: code.to_owned(),
        max_uses: new.max_uses,
        uses: 0,
        expires_at: new.lasts_ms.map(|lasts| now.plus_ms(lasts)),
        autofollow: new.autofollow,
        comment: comment.to_owned(),
        created_at: now,
    };
    invite::put(tx, id, &invite);
    Ok(id)
}

/// Takes an invite of `by` back: it holds no more, and stays to be seen.
///
/// # Errors
/// `NotFound` if it is not theirs.
pub fn revoke(tx: &mut Tx<'_>, by: AccountId, id: RowId) -> Result<()> {
    let mut known = INVITES.get(tx, &id)?.filter(|invite| invite.account == by).ok_or(Error::NotFound)?;
    let now = tx.now();
    if known.expires_at.is_none_or(|end| end > now) {
        known.expires_at = Some(now);
        invite::put(tx, id, &known);
    }
    Ok(())
}

/// Invites of `by`, the newest first.
///
/// # Errors
/// Storage errors.
pub fn list(read: &dyn Read, by: AccountId) -> Result<Vec<(RowId, Invite)>> {
    Ok(invite::of_account(read, by, limits::INVITES_MAX)?)
}

/// The invite with this code, if it lets somebody in now: its time is not over, it is not used up, and whoever made it may
/// still invite.
///
/// # Errors
/// Storage errors.
///
/// Source: Mastodon, `Invite#valid_for_use?`.
pub fn valid(read: &dyn Read, code: &str, now: Timestamp) -> Result<Option<(RowId, Invite)>> {
    let code = code.trim();
    if code.is_empty() || code.len() > limits::INVITE_CODE_BYTES {
        return Ok(None);
    }
    let Some((id, invite)) = invite::by_code(read, code)?.filter(|(_, invite)| invite.holds(now)) else {
        return Ok(None);
    };
    Ok(may_invite(read, invite.account)?.then_some((id, invite)))
}

/// Counts that somebody came by an invite, and keeps by whose.
pub(super) fn take(tx: &mut Tx<'_>, id: RowId, mut known: Invite, newcomer: AccountId) {
    known.uses = known.uses.saturating_add(1);
    invite::put(tx, id, &known);
    let invited = Invited { by: known.account, invite: id, autofollow: known.autofollow };
    INVITED.put(tx, &newcomer, &invited);
}

/// What is owed to somebody who was just let in: that they follow who invited them, if the invite says so.
///
/// # Errors
/// Storage errors.
///
/// Source: Mastodon, `BootstrapTimelineService#autofollow_inviter!`.
pub fn let_in(tx: &mut Tx<'_>, newcomer: AccountId) -> Result<()> {
    if INVITED.get(tx, &newcomer)?.is_some_and(|invited| invited.autofollow) {
        job::enqueue(tx, JobKind::FollowInviter { account: newcomer });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_twelve_letters_that_are_not_mistaken_for_others() {
        let made = code([0, 31, 32, 255, 7, 8, 9, 10, 11, 12, 13, 14]);
        assert_eq!(made, "A9A9HJKLMNPQ");
        assert!(made.len() <= limits::INVITE_CODE_BYTES);
    }
}
