//! Who may do what: the one place that says so.

use crate::error::{Error, Result};
use storage::{
    AccountId, Read,
    user::{self, Role, User},
};

/// Something that only some may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// Read how much happens here.
    ViewDashboard,
    /// Read who decided what.
    ViewAuditLog,
    /// Read and close reports.
    ManageReports,
    /// Read of accounts what is not public, and act on them.
    ManageUsers,
    /// Block domains.
    ManageFederation,
    /// Block e-mail addresses and networks.
    ManageBlocks,
    /// Remove what a suspended account left, for good.
    DeleteUserData,
    /// Decide what people say against decisions of moderators.
    ManageAppeals,
    /// Make emoji of this server's own.
    ManageCustomEmoji,
}

const ALL: [Power; 9] = [
    Power::ViewDashboard,
    Power::ViewAuditLog,
    Power::ManageReports,
    Power::ManageUsers,
    Power::ManageFederation,
    Power::ManageBlocks,
    Power::DeleteUserData,
    Power::ManageAppeals,
    Power::ManageCustomEmoji,
];

/// Mastodon's bit of whoever may do everything.
const ADMINISTRATOR: u64 = 1;

impl Power {
    /// The lowest role that has it.
    fn least(self) -> Role {
        match self {
            Power::ViewDashboard | Power::ViewAuditLog | Power::ManageReports | Power::ManageUsers => Role::Moderator,
            Power::ManageFederation
            | Power::ManageBlocks
            | Power::DeleteUserData
            | Power::ManageAppeals
            | Power::ManageCustomEmoji => Role::Admin,
        }
    }

    /// Its bit in `Role#permissions` (client API, Role, permission flags).
    fn bit(self) -> u64 {
        match self {
            Power::ViewAuditLog => 1 << 2,
            Power::ViewDashboard => 1 << 3,
            Power::ManageReports => 1 << 4,
            Power::ManageFederation => 1 << 5,
            Power::ManageBlocks => 1 << 7,
            Power::ManageAppeals => 1 << 9,
            Power::ManageUsers => 1 << 10,
            Power::ManageCustomEmoji => 1 << 14,
            Power::DeleteUserData => 1 << 19,
        }
    }
}

/// What a role may do, in Mastodon's bits; only what exists here.
#[must_use]
pub fn permissions(role: Role) -> u64 {
    let held = ALL.into_iter().filter(|power| role >= power.least()).map(Power::bit);
    held.fold(if role == Role::Owner { ADMINISTRATOR } else { 0 }, |bits, bit| bits | bit)
}

/// The user, if they may do this now: not disabled, not suspended.
///
/// # Errors
/// `Forbidden` if they may not.
pub fn require(read: &dyn Read, who: AccountId, power: Power) -> Result<User> {
    let user = user::find(read, who)?.filter(|user| !user.disabled && user.role >= power.least());
    let stands = storage::account::find(read, who)?.is_some_and(|account| account.suspended_at.is_none());
    user.filter(|_| stands).ok_or(REFUSED)
}

/// Mastodon's words.
pub(super) const REFUSED: Error = Error::Forbidden("This action is not allowed");

/// Refuses to act on oneself, on equals and on betters.
///
/// # Errors
/// `Forbidden`.
pub(super) fn require_above(read: &dyn Read, by: &User, target: AccountId) -> Result<()> {
    let role = user::find(read, target)?.map(|user| user.role);
    if by.account == target || role.is_some_and(|role| role > Role::User && role >= by.role) {
        return Err(REFUSED);
    }
    Ok(())
}
