//! Events: what the server's streams, rings and planners hear of after a transaction is durable.

use crate::id::{AccountId, ActivityId, JobId, MediaId, NotificationId, RowId, StatusId};
use crate::job::JobClass;
use crate::key::Digest;
use crate::status::{Status, Visibility};
use serde::{Deserialize, Serialize};

/// Something happened and is durable. Plain ids; whoever listens reads the rows. Grows only at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A status (or reblog) of `account` was stored.
    StatusCreated {
        /// The status.
        status: StatusId,
        /// Its author.
        account: AccountId,
    },
    /// A status was edited, or its counters or card changed shape.
    StatusUpdated {
        /// The status.
        status: StatusId,
        /// Its author.
        account: AccountId,
    },
    /// A status (or reblog) is gone.
    StatusDeleted {
        /// The status.
        status: StatusId,
        /// Its author.
        account: AccountId,
    },
    /// `follower` follows `target` or no longer does.
    FollowChanged {
        /// Who follows.
        follower: AccountId,
        /// Who is followed.
        target: AccountId,
    },
    /// An account's row changed or the account was deleted.
    AccountChanged {
        /// The account.
        account: AccountId,
    },
    /// A notification was stored.
    NotificationCreated {
        /// The notification.
        notification: NotificationId,
        /// Who gets it.
        account: AccountId,
    },
    /// An inbound activity waits to be processed; its row lies under (its line, LSN of this transaction).
    InboundQueued {
        /// Its line: digest of the actor's uri; of the signer's, too, where somebody else brought it.
        actor: Digest,
    },
    /// A job was stored, in logs of earlier versions.
    JobQueued {
        /// The job.
        job: JobId,
    },
    /// Deliveries are owed: an activity has (more) inboxes to reach, or all of them are known now.
    DeliveryQueued {
        /// The activity.
        activity: ActivityId,
    },
    /// A counter of a status changed (favourites, reblogs, replies).
    StatusCounted {
        /// The status.
        status: StatusId,
    },
    /// A peer that did not answer has sent something: it may be tried again.
    PeerRevived {
        /// The peer.
        domain: String,
    },
    /// A status (or reblog) was taken back: whoever may have it before their eyes should be told. Comes with
    /// `StatusDeleted`, which also says that rows went for other reasons.
    StatusRetracted {
        /// The status, whose row is gone.
        status: StatusId,
        /// Its author.
        account: AccountId,
        /// Who could see it.
        visibility: Visibility,
        /// It was written here.
        local: bool,
        /// Its hashtags as written.
        tags: Vec<String>,
        /// Whom it mentioned.
        mentions: Vec<AccountId>,
    },
    /// An uploaded picture is ready, or could not be read.
    MediaProcessed {
        /// The picture.
        media: MediaId,
    },
    /// Lists of an account, or who is in them, changed.
    ListChanged {
        /// Whose lists.
        account: AccountId,
    },
    /// Filters of an account changed.
    FiltersChanged {
        /// Whose filters.
        account: AccountId,
    },
    /// An announcement is shown from now on.
    AnnouncementPublished {
        /// The announcement.
        announcement: RowId,
    },
    /// Somebody reacted to an announcement, or took that back.
    AnnouncementReacted {
        /// The announcement.
        announcement: RowId,
        /// With what.
        name: String,
    },
    /// An announcement is gone.
    AnnouncementDeleted {
        /// The announcement.
        announcement: RowId,
    },
    /// All notifications of accepted senders have come into the list of an account.
    NotificationsMerged {
        /// Whose list.
        account: AccountId,
    },
    /// An operator decided something about what a peer is owed.
    PeerSteered {
        /// The peer.
        domain: String,
        /// What.
        how: Steering,
    },
    /// A job was stored: only those who do jobs of its class need to look.
    JobWaits {
        /// The job.
        job: JobId,
        /// Its class.
        class: JobClass,
    },
}

/// What an operator decides about what a peer is owed. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Steering {
    /// Nothing is sent to it.
    Pause,
    /// It is sent to again.
    Resume,
    /// It is tried at once.
    Retry,
    /// What it is owed is dropped.
    Purge,
}

impl Event {
    /// That `status` was taken back.
    #[must_use]
    pub fn retracted(status: &Status) -> Event {
        Event::StatusRetracted {
            status: status.id,
            account: status.account,
            visibility: status.visibility,
            local: status.local,
            tags: status.tags.clone(),
            mentions: status.mentions.clone(),
        }
    }
}
