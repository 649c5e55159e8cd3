//! Lives here: follows, requests, blocks, mutes, blocked domains, private notes and endorsements, from both sides.
//! May use: account, the lowest rooms, `storage` with its rows of notifications. Must never name: the rooms status and
//! notification, HTTP, ActivityPub.
//! Invariants: a remote account is followed only after its Accept; a block ends follows and requests in both
//! directions; only whoever is followed answers a request, only the follower takes it back.

pub mod accept;
mod block;
mod domain;
mod endorse;
mod follow;
mod list;
mod moving;
mod mute;
mod purge;
mod request;
mod synchronise;
mod view;

pub use block::{block, remove_from_followers, unblock};
pub use domain::{Severing, block_domain, blocked_domains, sever_domain_step, unblock_domain};
pub use endorse::{endorse, unendorse, write_note};
pub use follow::{FollowOptions, follow, follow_inviter, unfollow};
pub use list::{
    Rows, blocked, endorsements, familiar_followers, followed_by, followers, following, muted, requests,
    servers_of_followers,
};
pub use moving::{accept_move, come_back, move_away, move_step};
pub use mute::{MuteOptions, end_mute, mute, unmute};
pub use purge::{purge_step, sever_step};
pub use request::{authorize, authorize_pending, reject};
pub use synchronise::{drop_unlisted, settle_listed};
pub use view::{Relationship, between};

use crate::error::Result;
use storage::{
    AccountId, Tx,
    intent::Intent,
    job::{self, JobKind},
    notification::{self, NotificationKind},
    relationship,
};

/// Ends the follow and the request from `follower` to `target`, with the notifications about them; says which was there.
fn sever(tx: &mut Tx<'_>, follower: AccountId, target: AccountId) -> Result<Severed> {
    let follow = relationship::remove(tx, follower, target)?;
    let request = relationship::remove_request(tx, follower, target)?;
    notification::withdraw(tx, target, NotificationKind::Follow, follower, None)?;
    notification::withdraw(tx, target, NotificationKind::FollowRequest, follower, None)?;
    Ok(Severed { follow, request })
}

/// What `sever` removed.
struct Severed {
    follow: Option<relationship::Follow>,
    request: Option<relationship::Follow>,
}

impl Severed {
    /// The row under which the follower's server knows it; the request's if there are both.
    fn row(self) -> Option<relationship::Follow> {
        self.request.or(self.follow)
    }
}

fn tell(tx: &mut Tx<'_>, intent: Intent) {
    job::enqueue(tx, JobKind::Distribute(intent));
}

#[cfg(test)]
mod tests;
