//! Lives here: what of other servers may go to make room, and when: the rule, the queue it works through, what of people
//! here grows old.
//! May use: `storage`, `status`, `limits`. Must never name: edges, HTTP, the network, how much room there is.
//! Must never name: a clock of its own; every step is told the time by its transaction.
//! Invariants: what anybody here wrote, touched, takes part in, is mentioned in or is told about never goes; each step
//! is one transaction that looks at some 200 rows at most, and where applications go at all tokens; what went is taken in
//! again when it is met again.

mod accounts;
mod expire;
mod notices;
mod rule;
mod settle;
mod step;
mod tags;

pub use accounts::{Candidates, candidates, forget};
pub use expire::{Expiring, expire};
pub use notices::{filtered_upto, notices_upto, remove_filtered, remove_notices};
pub use rule::{Verdict, judge};
pub use settle::settle;
pub use step::{Done, Goal, step};
pub use tags::{FollowedTags, forget_tags};

#[cfg(test)]
mod tests;
