//! Automatic deletion of own old statuses: what somebody wants to go and to stay, and how far that has come.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    id::{AccountId, JobId, StatusId, Timestamp},
    record,
    table::Table,
};
use serde::{Deserialize, Serialize};

/// What somebody wants to go, and what stays however old it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanupPolicy {
    /// Anything goes at all.
    pub enabled: bool,
    /// Days after which a status goes.
    pub age_days: u16,
    /// Direct ones stay.
    pub keep_direct: bool,
    /// Pinned ones stay.
    pub keep_pinned: bool,
    /// Polls stay.
    pub keep_polls: bool,
    /// Those with media stay.
    pub keep_media: bool,
    /// What one favourited oneself stays.
    pub keep_favourited: bool,
    /// What one bookmarked oneself stays.
    pub keep_bookmarked: bool,
    /// What has so many favourites stays.
    pub min_favourites: Option<u32>,
    /// What was shared so often stays.
    pub min_reblogs: Option<u32>,
}

impl Default for CleanupPolicy {
    /// As Mastodon begins.
    fn default() -> Self {
        CleanupPolicy {
            enabled: false,
            age_days: 14,
            keep_direct: true,
            keep_pinned: true,
            keep_polls: false,
            keep_media: false,
            keep_favourited: true,
            keep_bookmarked: true,
            min_favourites: None,
            min_reblogs: None,
        }
    }
}

/// A policy and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleanup {
    /// What is wanted.
    pub policy: CleanupPolicy,
    /// When that was said.
    pub changed_at: Timestamp,
    /// The job that takes the next step; another one for the same account does nothing.
    pub job: Option<JobId>,
    /// The last status that the present pass looked at.
    pub behind: Option<StatusId>,
    /// When a pass came to its end last.
    pub passed_at: Option<Timestamp>,
    /// How many statuses have gone.
    pub removed: u64,
}
record!(Cleanup, 1);

/// Whose statuses → what becomes of old ones.
pub const CLEANUPS: Table<AccountId, Cleanup> = Table::new(475, "cleanup");

/// What must hold (`check`). A job that was given up is begun anew.
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &CLEANUPS, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let cleanup = Cleanup {
            policy: CleanupPolicy { min_favourites: Some(5), ..CleanupPolicy::default() },
            changed_at: Timestamp(1),
            job: Some(JobId(7)),
            behind: Some(StatusId(8)),
            passed_at: None,
            removed: 9,
        };
        assert_eq!(cleanup.encode(), [1, 0, 14, 1, 1, 0, 0, 1, 1, 1, 5, 0, 2, 1, 7, 1, 8, 0, 9]);
        assert_eq!(Cleanup::decode(&cleanup.encode()).expect("readable"), cleanup);
    }
}
