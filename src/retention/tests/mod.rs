//! Lives here: the rule and its steps on a real store with a clock set by hand.
//! May use: everything the room may, `status`, `filter` and the lab of `account`. Must never name: what the room may not.
//! Invariants: what stays and what goes are both said; a property holds the rule against a model of touches.

mod accounts;
mod model;
mod parts;
mod rules;
mod shares;

use super::{Done, FollowedTags, Goal, settle, step};
use crate::{
    account::lab::Lab,
    clock::{DAY_MS, HOUR_MS},
    status::accept::{self, Accepted, Reason, RemoteReply, RemoteStatus},
};
use storage::{
    AccountId, StatusId, Timestamp,
    backfill::Stated,
    relationship::{self, Follow},
    status::{self, Status, Visibility},
};

const AGED: Goal = Goal { days: 90, pressed: false };
const PRESSED: Goal = Goal { days: 90, pressed: true };

/// A lab whose rows need no settling.
fn lab() -> Lab {
    let lab = Lab::new();
    while lab.write(settle).expect("settled") {}
    lab
}

fn remote(author: AccountId, number: u64, published: Timestamp) -> RemoteStatus {
    RemoteStatus {
        uri: format!("https://far.test/statuses/{number}"),
        url: None,
        author,
        content: "<p>from afar</p>".to_owned(),
        spoiler_text: String::new(),
        sensitive: false,
        language: None,
        visibility: Visibility::Public,
        reply: None,
        mentions: Vec::new(),
        silent: Vec::new(),
        blind: None,
        tags: vec!["afar".to_owned()],
        emojis: Vec::new(),
        attachments: Vec::new(),
        poll: None,
        published,
        updated: None,
        conversation: None,
        quote: None,
        quote_policy: None,
        stated: Stated::default(),
        interaction_policy: Default::default(),
        asking: Default::default(),
        authorization: Default::default(),
        reason: Reason::Requested,
    }
}

fn take(lab: &Lab, remote: &RemoteStatus) -> StatusId {
    let remote = remote.clone();
    match lab.write(move |tx| accept::accept(tx, &remote)).expect("accepted") {
        Accepted::New(id) => id,
        other => panic!("it is new: {other:?}"),
    }
}

/// A status of `author` that answers `parent`.
fn arrives(lab: &Lab, author: AccountId, number: u64, parent: Option<u64>) -> StatusId {
    let now = lab.store.write(|tx| Ok::<_, storage::Error>(tx.now())).expect("the time");
    let reply = parent.map(|parent| RemoteReply::Remote(format!("https://far.test/statuses/{parent}")));
    take(lab, &RemoteStatus { reply, ..remote(author, number, now) })
}

fn follow(lab: &Lab, follower: AccountId, target: AccountId) {
    lab.write(move |tx| {
        let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
        Ok(relationship::put(tx, follower, target, &follow)?)
    })
    .expect("followed");
}

fn find(lab: &Lab, id: StatusId) -> Option<Status> {
    lab.read(|read| Ok(status::find(read, id)?))
}

/// Steps until nothing more is due; how many went.
fn run(lab: &Lab, goal: Goal) -> usize {
    let mut removed = 0;
    for _ in 0..10_000 {
        let stepped = lab.write(move |tx| {
            let tags = FollowedTags::read(tx)?;
            step(tx, goal, &tags)
        });
        let Done { removed: now, more, .. } = stepped.expect("a step");
        removed += now;
        if !more {
            return removed;
        }
    }
    panic!("it comes to an end");
}
