//! Federation between two and three real instances in one process, under a clock that only the test moves.

mod lab;
#[path = "../e2e/web.rs"]
#[expect(dead_code, reason = "the tests of one instance use more of it")]
mod web;

mod follows;
mod outages;
mod quotes;
mod statuses;
