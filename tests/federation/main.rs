//! Federation between two and three real instances in one process, under a clock that only the test moves.

mod lab;
mod moderation;
#[path = "../e2e/web.rs"]
#[expect(dead_code, reason = "the tests of one instance use more of it")]
mod web;

#[path = "../client/pictures.rs"]
#[expect(dead_code, reason = "the tests of the client API use more of it")]
mod pictures;

mod follows;
mod media;
mod outages;
mod polls;
mod quotes;
mod statuses;
