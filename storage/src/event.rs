//! Events: what the server's streams, rings and planners hear of after a transaction is durable.

use crate::id::{AccountId, ActivityId, JobId, NotificationId, StatusId};
use crate::key::Digest;
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
    /// An inbound activity waits to be processed; its row lies under (actor, LSN of this transaction).
    InboundQueued {
        /// Digest of the actor's uri.
        actor: Digest,
    },
    /// A job was stored.
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
    /// Lists of an account, or who is in them, changed.
    ListChanged {
        /// Whose lists.
        account: AccountId,
    },
}
