//! Lives here: the rules of statuses tried on a real store, one file a subject.
//! May use: everything the room may. Must never name: what the room may not.
//! Invariants: each test says one rule; the refusal is tried as well as the success.

mod interact;
mod peers;
mod post;
mod quotes;
mod sight;

use super::{Composed, NewStatus, compose, create};
use crate::{
    account::lab::Lab,
    error::{Error, Result},
    origin::Origin,
    visibility,
};
use storage::{
    AccountId, Bounds, Direction, StatusId,
    notification::{NOTIFICATIONS, NotificationKind},
    relationship::{self, Follow},
    status::{self, ContentType, Status, StatusStats, Visibility},
};

fn origin() -> Origin {
    Origin::parse("https://here.test", None).expect("an origin")
}

fn composed(lab: &Lab, text: &str) -> Composed {
    lab.read(|read| compose(read, &origin(), text, ContentType::Plain))
}

fn new(lab: &Lab, author: AccountId, text: &str) -> NewStatus {
    NewStatus {
        poll: None,
        author,
        composed: composed(lab, text),
        spoiler_text: String::new(),
        media: crate::media::Wanted::default(),
        sensitive: None,
        language: None,
        visibility: None,
        in_reply_to: None,
        quoted: None,
        quote_policy: None,
        interaction_policy: None,
        application: None,
        idempotency_key: None,
        scheduled_at: None,
        local_only: None,
    }
}

fn try_post(lab: &Lab, new: NewStatus) -> Result<Status> {
    lab.write(move |tx| create(tx, &new)).map(|made| made.into_status().expect("posted now"))
}

fn post(lab: &Lab, author: AccountId, text: &str, visibility: Visibility) -> Status {
    try_post(lab, NewStatus { visibility: Some(visibility), ..new(lab, author, text) }).expect("it is posted")
}

fn answer(lab: &Lab, author: AccountId, to: StatusId, visibility: Visibility) -> Result<Status> {
    try_post(lab, NewStatus { visibility: Some(visibility), in_reply_to: Some(to), ..new(lab, author, "yes") })
}

fn follow(lab: &Lab, follower: AccountId, target: AccountId) {
    tell(lab, follower, target, false);
}

fn tell(lab: &Lab, follower: AccountId, target: AccountId, notify: bool) {
    lab.write(move |tx| {
        let follow = Follow { notify, ..Follow::bare(tx.next_id(), String::new(), tx.now()) };
        Ok(relationship::put(tx, follower, target, &follow)?)
    })
    .expect("the follow is stored");
}

fn block(lab: &Lab, by: AccountId, target: AccountId) {
    lab.write(move |tx| {
        let row = relationship::Block { created_at: tx.now(), uri: String::new() };
        relationship::BLOCKS.put(tx, &(by, target), &row);
        Ok(())
    })
    .expect("the block is stored");
}

fn find(lab: &Lab, id: StatusId) -> Option<Status> {
    lab.read(|read| Ok(status::find(read, id)?))
}

fn stats(lab: &Lab, id: StatusId) -> StatusStats {
    lab.read(|read| Ok(status::stats(read, id)?))
}

/// What `owner` was told, oldest first.
fn told(lab: &Lab, owner: AccountId) -> Vec<(NotificationKind, AccountId)> {
    let rows = lab.read(|read| Ok(NOTIFICATIONS.list(read, &owner, Bounds::NONE, Direction::Ascending, 100)?));
    rows.into_iter().map(|(_, row)| (row.kind, row.from)).collect()
}

fn is_not_found<T>(outcome: &Result<T>) -> bool {
    matches!(outcome, Err(Error::NotFound))
}

fn is_invalid<T>(outcome: &Result<T>) -> bool {
    matches!(outcome, Err(Error::Invalid { .. }))
}
