//! Federation between two and three real instances in one process, under a clock that only the test moves.

mod lab;
mod local_only;
mod moderation;
#[path = "../e2e/web.rs"]
#[expect(dead_code, reason = "the tests of one instance use more of it")]
mod web;

#[path = "../client/pictures.rs"]
#[expect(dead_code, reason = "the tests of the client API use more of it")]
mod pictures;

mod authorized;
mod emoji;
mod explain;
mod follows;
mod forwarding;
mod groups;
mod keys;
mod limited;
mod media;
mod moves;
mod outages;
mod policies;
mod polls;
mod quotes;
mod reactions;
mod retention;
mod statuses;
mod steering;
mod synchronization;
mod threads;
mod unnamed;
